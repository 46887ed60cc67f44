"""Every kind of page in a real browser: rules of access, policy, widths, keyboard, paper, scripts off."""

import re
from itertools import pairwise
from pathlib import Path

import html5lib
import pytest
from lxml import html

from disparity.site.pages.listing import PAGES as LISTED
from disparity.site.pages.listing import ForcePage
from support import looks
from support.browsing import open_page

# Every kind of page: those of the site, and those of one force; what only an own extract tells, of another.
OWN = ("searches.html", "why.html", "action.html")
PAGES = sorted(
    [
        "index.html",
        *(
            f"{'thornmoor' if page.address in OWN else 'fellshire'}/{page.address}"
            if isinstance(page, ForcePage)
            else page.address
            for page in LISTED
        ),
    ]
)
# The front, and one of tables and charts: what a change of the templates, styles or scripts breaks. A change of one
# page alone is seen by `make test-all`.
FEW = ("fellshire/index.html", "fellshire/finds.html")
each_page = pytest.mark.parametrize(
    "page", [page if page in FEW else pytest.param(page, marks=pytest.mark.slow) for page in PAGES]
)
SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
PHONE = {"width": 390, "height": 844}
LANDMARK = re.compile(r"^- (banner|navigation|main|contentinfo)\b|^  - (navigation)\b", re.MULTILINE)
HEADING = re.compile(r"^ *- '?heading\b.*\[level=(\d)\]", re.MULTILINE)


def test_every_kind_of_page_is_looked_at(site):
    pages = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html") if path.parent.name != "embed")
    assert set(PAGES) <= set(pages)
    assert {page.rpartition("/")[2] for page in pages} == {page.rpartition("/")[2] for page in PAGES}


@each_page
def test_a_page_keeps_the_rules_of_access_in_every_light(browser, address, page):
    """With contrast resolved: what axe cannot decide is a breach too."""
    seen = looks.look(browser, address, page)
    assert seen.passes > 15
    assert seen.breaches == []


@each_page
def test_a_page_s_pictures_can_be_read_in_every_light(browser, address, page):
    """Every text in them has the contrast of WCAG, in the forced colours of a reader too, and none is blank then."""
    seen = looks.look(browser, address, page)
    assert (seen.dim, seen.blank) == ([], [])


@each_page
def test_a_page_s_controls_are_seen_in_forced_colours(browser, address, page):
    assert looks.look(browser, address, page).edgeless == []


@each_page
def test_a_page_is_no_wider_than_its_window(browser, address, page):
    assert looks.look(browser, address, page).wide == {}


@each_page
def test_a_page_s_title_is_on_the_first_screen(browser, address, page):
    """Of a phone, well up; and at 400% zoom, which leaves 320 by 256 of 1,280 by 1,024."""
    seen = looks.look(browser, address, page)
    assert seen.title < 200
    assert seen.title_zoomed < 256


@each_page
def test_a_page_s_tables_stay_tables_on_a_phone_and_keep_the_names_of_their_rows(browser, address, page):
    assert looks.look(browser, address, page).lost_names == []


@each_page
def test_every_cell_of_a_page_s_tables_is_within_reach_on_a_phone(browser, address, page):
    assert looks.look(browser, address, page).out_of_reach == []


def test_a_cell_that_no_box_scrolls_to_is_seen(browser, address):
    opened, _ = open_page(browser, address, "fellshire/searches.html", viewport=PHONE, bypass_csp=True)
    assert opened.evaluate(looks.OUT_OF_REACH) == []
    opened.add_style_tag(content=".table { overflow-x: clip !important }")
    assert opened.evaluate(looks.OUT_OF_REACH) != []
    opened.context.close()


@each_page
def test_a_page_on_paper_is_whole_and_has_no_menu(browser, address, page):
    assert looks.look(browser, address, page).cut == []


@each_page
def test_a_screen_reader_meets_title_and_headings_in_order(browser, address, page):
    """The accessibility tree: landmarks in their order, one title, and no level of headings left out."""
    tree = looks.look(browser, address, page).tree
    landmarks = [next(filter(None, found)) for found in LANDMARK.findall(tree)]
    assert [each for each in landmarks if each != "navigation"] == ["banner", "main", "contentinfo"], landmarks
    levels = [int(found) for found in HEADING.findall(tree)]
    assert levels[0] == 1, levels
    assert levels.count(1) == 1, levels
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


def test_a_chart_for_pages_of_others_is_shown_whole_and_breaks_no_policy(browser, address, site):
    (embedded, *_) = sorted((site / "fellshire" / "embed").glob("*.html"))
    opened, faults = open_page(browser, address, embedded.relative_to(site).as_posix(), viewport=PHONE)
    assert opened.locator("img").evaluate("picture => picture.complete && picture.naturalWidth > 200")
    assert opened.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    opened.evaluate(looks.AXE)
    assert opened.evaluate(looks.RUN_AXE, ["color-contrast", "image-alt", "link-name", "target-size"])["broken"] == []
    assert faults == []
    opened.context.close()


@each_page
def test_a_page_says_its_language_and_is_html_without_an_error(site, page):
    text = (site / page).read_text(encoding="utf-8")
    html5lib.HTMLParser(strict=True).parse(text)
    assert html.fromstring(text.encode()).get("lang") == "en-GB"


@each_page
def test_a_reader_with_a_keyboard_reaches_every_control_sees_where_it_is_and_breaks_no_policy(browser, address, page):
    opened, faults = open_page(browser, address, page)
    opened.evaluate(looks.WATCH)
    wanted = opened.locator(looks.CONTROLS).filter(visible=True).count()
    for _ in range(wanted + 5):
        opened.keyboard.press("Tab")
    assert opened.evaluate("window.reached.size") >= wanted
    assert opened.evaluate("window.unseen") == []
    assert faults == []
    opened.context.close()


@each_page
def test_a_page_says_the_same_without_scripts(browser, address, site, page):
    """The words of the page as it lies, but for what only scripts can do."""
    still, _ = open_page(browser, address, page, java_script_enabled=False)
    words = still.locator("main").inner_text()
    assert len(words) > 300
    written = html.fromstring((site / page).read_bytes())
    for heading in written.xpath("//main//h2"):
        assert " ".join(heading.text_content().split()) in " ".join(words.split())
    assert still.locator("main table").count() == len(written.xpath("//main//table"))
    for picture in still.locator("figure.chart").all():
        (shown,) = [box for svg in picture.locator("svg").all() if (box := svg.bounding_box())]
        assert shown["width"] > 200
    assert still.locator("main button:visible, main select:visible, main input:visible").count() == 0
    still.context.close()


def test_a_breach_of_the_rules_of_access_is_seen(browser, address):
    opened, _ = open_page(browser, address, "fellshire/finds.html", bypass_csp=True)
    opened.evaluate("document.querySelector('h1').style.color = '#ccc'")
    opened.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"x.png\">')")
    opened.evaluate(looks.AXE)
    found = opened.evaluate(looks.RUN_AXE, looks.RULES)
    assert {"color-contrast", "image-alt"} <= {rule for rule, *_ in found["broken"]}
    opened.evaluate("document.querySelectorAll('.plot text').forEach(text => { text.style.fill = '#bbb' })")
    assert opened.evaluate(looks.CONTRAST)["dim"] != []
    opened.context.close()


def test_the_policy_stops_what_it_should(browser, address):
    """Were the policy missing, the test above would prove nothing."""
    opened, faults = open_page(browser, address, "glossary.html")
    opened.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    )
    assert opened.evaluate("window.ran") is None
    assert any("Content Security Policy" in fault for fault in faults)
    opened.context.close()


def test_the_first_stop_of_the_keyboard_skips_to_the_content(browser, address):
    opened, _ = open_page(browser, address, "fellshire/index.html")
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.textContent") == "Skip to the content"
    opened.keyboard.press("Enter")
    assert opened.evaluate("location.hash") == "#main"
    assert opened.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor") == "rgba(0, 0, 0, 0)"
    opened.context.close()


@each_page
def test_a_finger_on_a_mark_gives_its_line(browser, address, site, page):
    """Of every picture, the first mark and the last."""
    if not html.fromstring((site / page).read_bytes()).xpath("//figure//*[@data-tip]"):
        pytest.skip("no picture with marks")
    opened, faults = open_page(browser, address, page, viewport=PHONE, has_touch=True, is_mobile=True)
    for picture in opened.locator("figure.chart:visible").all():
        marks = picture.locator("[data-tip]").filter(visible=True)
        for mark in {marks.first, marks.last} if marks.count() else ():
            mark.scroll_into_view_if_needed()
            opened.evaluate(SETTLED)  # a line goes as the page scrolls
            box = mark.bounding_box()
            opened.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            tip = opened.locator(".chart-tooltip").filter(visible=True)
            tip.wait_for(timeout=2_000)
            assert " ".join(tip.inner_text().split()) in {
                " ".join(each.split()) for each in marks.evaluate_all("all => all.map(mark => mark.dataset.tip)")
            }
    assert faults == []
    opened.context.close()


def test_what_can_be_downloaded_arrives_as_it_lies(browser, address, site):
    opened, _ = open_page(browser, address, "fellshire/searches.html")
    for link in opened.locator("figure.chart a[download]").all()[:2]:
        with opened.expect_download() as started:
            link.click()
        lies = site / "fellshire" / link.get_attribute("href")
        assert Path(started.value.path()).read_bytes() == lies.read_bytes()
    opened.context.close()
