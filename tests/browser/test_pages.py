"""Every kind of page in a real browser: rules of access, policy, widths, keyboard, scripts off."""

import json
from pathlib import Path

import axe_playwright_python
import html5lib
import pytest
from lxml import html

from disparity.site.pages.listing import PAGES as LISTED
from disparity.site.pages.listing import ForcePage
from support import example
from support.browsing import open_page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Pictures are hidden from assistive technology, and their colours are held by tests/site/pages/test_rules.py: looking
# into each of their thousands of parts takes most of the time.
# Of the rules that hold only their number comes back: their places would take as long to send as to look up.
RUN_AXE = """async rules => {
  const found = await axe.run({exclude: [['.plot svg']]}, {runOnly: rules, resultTypes: ['violations']});
  const broken = found.violations.flatMap(rule => rule.nodes.map(node => [rule.id, node.html.slice(0, 90)]));
  return {passes: found.passes.length, broken};
}"""
WIDTHS, SCHEMES = (1280, 390), ("light", "dark")
OVERVIEW_BYTES, SITE_BYTES = 300_000, 15_000_000

# Remembers what has the focus; whether it shows, or the focus has left the page.
LOOK_AT_FOCUS = """() => {
  const at = document.activeElement;
  if (at === document.body) return true;
  window.reached.add(at);
  const style = getComputedStyle(at);
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
}"""


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
# One of words, one of tables and charts, one of controls: what a change of the templates, styles or scripts breaks.
FEW = ("method.html", "fellshire/finds.html", "fellshire/compare.html")


def test_every_kind_of_page_is_looked_at(site):
    pages = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    assert set(PAGES) <= set(pages)
    assert {page.rpartition("/")[2] for page in pages} == {page.rpartition("/")[2] for page in PAGES}


def list_breaches(browser, address, pages, width, scheme):
    opened, _ = open_page(
        browser, address, "", viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    broken = []
    for page in pages:
        opened.goto(address + page)
        opened.evaluate(AXE)
        found = opened.evaluate(RUN_AXE, RULES)
        assert found["passes"] > 15
        broken += [(page, *breach) for breach in found["broken"]]
    opened.context.close()
    return broken


@pytest.mark.slow
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_keeps_the_rules_of_access(browser, address, width, scheme):
    assert list_breaches(browser, address, PAGES, width, scheme) == []


@pytest.mark.parametrize("page", FEW)
def test_a_few_pages_keep_the_rules_of_access(browser, address, page):
    assert list_breaches(browser, address, [page], 390, "light") == []


def test_a_breach_of_the_rules_of_access_is_seen(browser, address):
    opened, _ = open_page(browser, address, "glossary.html", bypass_csp=True)
    opened.evaluate("document.querySelector('h1').style.color = '#ccc'")
    opened.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"x.png\">')")
    opened.evaluate(AXE)
    found = opened.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert {"color-contrast", "image-alt"} <= {rule["id"] for rule in found["violations"]}
    opened.context.close()


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 1280, 2560])
def test_no_page_is_wider_than_its_window(browser, address, width):
    check_width(browser, address, PAGES, width)


def test_few_pages_are_wider_than_a_phone(browser, address):
    check_width(browser, address, FEW, 320)


def check_width(browser, address, pages, width):
    opened, _ = open_page(browser, address, "", viewport={"width": width, "height": 800})
    for page in pages:
        opened.goto(address + page)
        assert opened.evaluate("document.documentElement.scrollWidth") <= width, page
    opened.context.close()


def check_policy(browser, address, page):
    opened, faults = open_page(browser, address, page)
    for mark in opened.locator("[data-tip]").filter(visible=True).all()[:2]:
        mark.hover(force=True)
    assert faults == [], page
    opened.context.close()


@pytest.mark.slow
def test_no_page_breaks_its_policy_errs_or_asks_another_host(browser, address):
    for page in PAGES:
        check_policy(browser, address, page)


@pytest.mark.parametrize("page", FEW)
def test_a_few_pages_break_no_policy_nor_err_nor_ask_another_host(browser, address, page):
    check_policy(browser, address, page)


def test_the_policy_stops_what_it_should(browser, address):
    """Were the policy missing, the test above would prove nothing."""
    opened, faults = open_page(browser, address, "glossary.html")
    opened.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    )
    assert opened.evaluate("window.ran") is None
    assert any("Content Security Policy" in fault for fault in faults)
    opened.context.close()


def check_without_scripts(browser, address, site, page):
    """The words of the page as it lies, but for what only scripts can do."""
    still, _ = open_page(browser, address, page, java_script_enabled=False)
    live, _ = open_page(browser, address, page)
    words = still.locator("main").inner_text()
    assert len(words) > 300
    for heading in html.fromstring((site / page).read_bytes()).xpath("//main//h2"):
        assert heading.text_content() in words
    assert still.locator("main table").count() == live.locator("main table").count()
    pictures = still.locator("figure.chart svg").filter(visible=True)
    assert pictures.count() == still.locator("figure.chart").filter(visible=True).count()
    for picture in pictures.all():
        assert picture.bounding_box()["width"] > 200
    assert still.locator("main button:visible, main select:visible, main input:visible").count() == 0
    still.context.close()
    live.context.close()


@pytest.mark.slow
def test_every_page_says_the_same_without_scripts(browser, address, site):
    for page in PAGES:
        check_without_scripts(browser, address, site, page)


@pytest.mark.parametrize("page", FEW)
def test_a_few_pages_say_the_same_without_scripts(browser, address, site, page):
    check_without_scripts(browser, address, site, page)


def check_with_a_keyboard(browser, address, page):
    opened, _ = open_page(browser, address, page)
    wanted = opened.locator("a[href], button, select, input, summary, [tabindex='0']").filter(visible=True).count()
    opened.evaluate("window.reached = new Set()")
    seen = []
    for _ in range(wanted + 5):
        opened.keyboard.press("Tab")
        seen.append(opened.evaluate(LOOK_AT_FOCUS))
    assert opened.evaluate("window.reached.size") >= wanted, page
    assert all(seen), page
    opened.context.close()


@pytest.mark.slow
def test_a_reader_with_a_keyboard_reaches_every_control_and_sees_where_it_is(browser, address):
    for page in PAGES:
        check_with_a_keyboard(browser, address, page)


@pytest.mark.parametrize("page", FEW)
def test_a_reader_with_a_keyboard_reaches_every_control_of_a_few_pages(browser, address, page):
    check_with_a_keyboard(browser, address, page)


def test_the_first_stop_of_the_keyboard_skips_to_the_content(browser, address):
    opened, _ = open_page(browser, address, "method.html")
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.textContent") == "Skip to the content"
    opened.keyboard.press("Enter")
    assert opened.evaluate("location.hash") == "#main"
    opened.context.close()


def test_a_reader_finds_a_force_by_a_part_of_its_name(browser, address):
    opened, faults = open_page(browser, address, "index.html")
    rows = opened.locator(".findable tbody tr")
    everything = rows.filter(visible=True).count()
    opened.get_by_label("Find a force").fill("MERE")
    assert rows.filter(visible=True).locator("th").all_inner_texts() == ["Mereside Constabulary (synthetic)"]
    assert opened.get_by_role("status").filter(visible=True).all_inner_texts() == [f"1 of {everything}"]
    opened.get_by_label("Find a force").fill("")
    assert rows.filter(visible=True).count() == everything == 4
    assert faults == []
    opened.context.close()


def test_what_can_be_downloaded_arrives_as_it_lies(browser, address, site):
    opened, _ = open_page(browser, address, "fellshire/searches.html")
    names = ("charts/search-rates.svg", "charts/search-rates.vl.json", "charts/search-rates-estimates.csv")
    for name in names:
        with opened.expect_download() as started:
            opened.locator(f"a[download][href='{name}']").click()
        assert Path(started.value.path()).read_bytes() == (site / "fellshire" / name).read_bytes()
    opened.context.close()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_html_without_an_error(site, page):
    html5lib.HTMLParser(strict=True).parse((site / page).read_text(encoding="utf-8"))


def test_pages_are_light_enough_for_a_slow_line(site):
    overview = site / "fellshire" / "index.html"
    shared = [site / "static" / name for name in ("style.css", "site.js")]
    assert sum(path.stat().st_size for path in (overview, *shared)) < OVERVIEW_BYTES
    others = {
        force for force in json.loads(example.TRUTH.read_text(encoding="utf-8"))["forces"] if force != "fellshire"
    }
    of_one = [path for path in site.rglob("*") if path.is_file() and not others & set(path.relative_to(site).parts)]
    assert sum(path.stat().st_size for path in of_one) < SITE_BYTES
