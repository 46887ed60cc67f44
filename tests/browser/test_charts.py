"""Charts in a real browser: no text meets another, the width fits the place, and each mark says its line."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from disparity.site.charts.funnel import chart_funnel
from disparity.site.charts.interval_dots import Dot, chart_dots
from disparity.site.charts.month_strip import HELD, IN_DOUBT, MISSING, Month, chart_strip
from disparity.site.charts.specification import Layout, sketch
from disparity.site.published_figures import Row
from disparity.site.rendering.svg import draw
from support import real_sites
from support.browsing import open_page
from support.chart_boxes import find_collisions

LONG = "Police and Crime Board of Upper Fellside"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
CHARTED = "fellshire/searches.html"
TEXTS = """() => [...document.querySelectorAll('.plot > svg.wide text')].map(text => getComputedStyle(text).fill)"""
# Of every mark that says a line, the better of its inside and its edge against the ground: WCAG 2.2, non-text contrast.
MARKS = """() => {
  const light = text => {
    const [r, g, b] = text.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255)
      .map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ratio = (one, other) => (Math.max(light(one), light(other)) + .05) / (Math.min(light(one), light(other)) + .05);
  return [...document.querySelectorAll('.plot > svg.wide [data-tip]')].map(mark => {
    const style = getComputedStyle(mark), ground = getComputedStyle(mark.closest('figure')).backgroundColor;
    const paints = [style.fill, style.stroke].filter(paint => paint !== 'none');
    return {says: mark.dataset.tip, contrast: Math.max(...paints.map(paint => ratio(paint, ground)))};
  });
}"""


def make_dots() -> list[Dot]:
    """Rows of every kind, under names of forty letters."""
    given = {"lower": 2.0, "upper": 2.7, "range_lower": 1.8, "range_upper": 2.8, "printed": "2.30", "tip": "2.30"}
    names = [f"{letter}{LONG[1:]}" for letter in "ABCD"]
    return [
        Dot(names[0], 2.3, **given),
        Dot(names[1], 0.4, printed="0.40"),
        Dot(names[2], why="not measured: ethnicity is recorded in too few groups"),
        Dot(names[3], 3.1, **given | {"upper": 3.4}),
    ]


def make_funnel(size: float, value: float) -> Layout:
    """Eight forces, of which the one with the long name has any size and value."""
    shared = {"measure": "search_rate_ratio", "target": 2.0, "tau": 0.05, "lower_95": 1.0}
    others = [(40.0 * 1.9**place, 1.4 + 0.2 * place) for place in range(7)]
    rows = [
        Row("peers", place, shared | {"force": f"force-{place}", "precision": size_of, "value": value_of})
        for place, (size_of, value_of) in enumerate([*others, (size, value)], start=1)
    ]
    return chart_funnel(rows, force="force-8", name=LONG)


def make_months(states: str) -> list[Month]:
    kinds = {"h": HELD, "m": MISSING, "d": IN_DOUBT}
    return [
        Month(date(2018 + (3 + place) // 12, (3 + place) % 12 + 1, 1), kinds[state])
        for place, state in enumerate(states)
    ]


LAID_OUT = {
    "dots": chart_dots(make_dots(), title="Times the rate", reference=1, reference_name="same rate", shaded=(1.8, 2.8)),
    "large": chart_dots(
        [*make_dots(), Dot("All", 123.4, printed="123.4")], title="Ratio", reference=1, reference_name="same rate"
    ),
    "points": chart_dots(
        [Dot("Asian", 0.02, -0.01, 0.05, printed="+2.0"), Dot("Black", -0.3, -0.4, -0.02, printed="\u221230.0")],
        title="Points",
        reference=0,
        reference_name="same rate",
        form="points",
    ),
    "strip": chart_strip(make_months("hhhmdh" * 4)),
    **{
        f"funnel-{place}": make_funnel(size, value)
        for place, (size, value) in enumerate([(30, 1.5), (300, 2.0), (1_800, 2.6), (1_900, 1.2), (90, 3.0)])
    },
}


@pytest.fixture(scope="module")
def phone(browser: Browser, address: str) -> Page:
    """A page with charts on a telephone with a touch screen."""
    opened, faults = open_page(browser, address, CHARTED, viewport=PHONE, has_touch=True, is_mobile=True)
    assert faults == []
    return opened


@pytest.mark.slow
def test_texts_of_charts_under_names_of_forty_letters_meet_nowhere(browser: Browser) -> None:
    opened = browser.new_page(viewport=DESK)
    for name, chart in LAID_OUT.items():
        drawing = draw(sketch(chart, name=name))
        opened.set_content(f"<body>{drawing.wide}{drawing.narrow}</body>")
        assert find_collisions(opened) == [], name
    opened.close()


def test_texts_that_meet_leave_the_drawing_or_are_too_small_are_seen(browser: Browser) -> None:
    opened = browser.new_page()
    texts = (
        '<text x="10" y="20">one</text><text x="14" y="24">two</text><text x="190" y="60" font-size="9">three</text>'
    )
    opened.set_content(f'<body><svg class="marks" width="200" height="80">{texts}</svg></body>')
    found = "\n".join(find_collisions(opened))
    assert all(words in found for words in ("one meets two", "outside: three", "small: three"))
    opened.close()


@pytest.mark.slow
def test_texts_of_charts_of_real_forces_meet_nowhere(browser: Browser, records: Path) -> None:
    """The eight together: each force's pages are those of its own publication, and more."""
    site = real_sites.eight(records)
    opened, drawn, found = browser.new_page(viewport=DESK), 0, []
    for path in sorted(site.rglob("*.html")):
        if 'class="plot"' in path.read_text(encoding="utf-8"):
            opened.goto(path.as_uri())
            drawn += opened.locator(".plot > svg").count()
            found += [f"{path.relative_to(site)}: {what}" for what in find_collisions(opened)]
    opened.close()
    assert drawn > 100
    assert found == []


@pytest.mark.parametrize(
    ("window", "shown"), [(DESK, "wide"), (PHONE, "narrow"), ({"width": 320, "height": 600}, "narrow")]
)
def test_the_drawing_that_fits_its_place_is_shown_and_no_other(
    browser: Browser, address: str, window: dict[str, int], shown: str
) -> None:
    opened, _ = open_page(browser, address, CHARTED, viewport=window, java_script_enabled=False)
    drawings = opened.locator(".plot").first.locator("svg")
    seen = [one.get_attribute("class") for one in drawings.all() if one.is_visible()]
    assert seen == [f"marks {shown}"]
    opened.context.close()


def test_a_touch_shows_the_line_of_the_mark_and_one_elsewhere_puts_it_away(phone: Page) -> None:
    mark = phone.locator(".plot svg.narrow [data-tip]").nth(1)
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box
    phone.touchscreen.tap(box["x"] + box["width"] / 2 + 5, box["y"] + box["height"] / 2 + 8)  # a finger is not exact
    assert phone.locator(".chart-tooltip").inner_text() == mark.get_attribute("data-tip")
    line = phone.locator(".chart-tooltip").bounding_box()
    assert line
    assert line["x"] >= 0
    assert line["x"] + line["width"] <= PHONE["width"]
    phone.touchscreen.tap(5, 5)
    assert phone.locator(".chart-tooltip").is_hidden()


def test_a_pointer_close_by_shows_the_line_and_escape_puts_it_away(browser: Browser, address: str) -> None:
    opened, faults = open_page(browser, address, CHARTED, viewport=DESK)
    mark = opened.locator(".plot svg.wide [data-tip]").first
    mark.hover()
    assert opened.locator(".chart-tooltip").inner_text() == mark.get_attribute("data-tip")
    opened.keyboard.press("Escape")
    assert opened.locator(".chart-tooltip").is_hidden()
    assert faults == []
    opened.context.close()


def test_the_keys_walk_every_mark_and_leave_at_the_next_stop(browser: Browser, address: str) -> None:
    opened, _ = open_page(browser, address, CHARTED, viewport=DESK)
    plot = opened.locator(".plot").first
    plot.focus()
    tips = [mark.get_attribute("data-tip") for mark in plot.locator("svg.wide [data-tip]").all()]
    walked = []
    for _ in tips:
        opened.keyboard.press("ArrowDown")
        walked.append(opened.locator(".chart-tooltip").inner_text())
    assert walked == tips
    opened.keyboard.press("Home")
    assert opened.locator(".chart-tooltip").inner_text() == tips[0]
    opened.keyboard.press("Tab")
    assert opened.locator(".chart-tooltip").is_hidden()
    opened.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("forced", ["none", "active"])
def test_pictures_follow_the_light_of_their_page(browser: Browser, address: str, scheme: str, forced: str) -> None:
    """Texts, marks and ground change together, and are not painted over by a reader's forced colours."""
    opened, _ = open_page(browser, address, CHARTED, viewport=DESK, color_scheme=scheme, forced_colors=forced)
    is_dark = scheme == "dark"
    ground = opened.evaluate("getComputedStyle(document.querySelector('figure.chart')).backgroundColor")
    assert ground == ("rgb(20, 24, 28)" if is_dark else "rgb(255, 255, 255)")
    inks = [(232, 234, 236), (143, 193, 240)] if is_dark else [(0, 0, 0), (34, 34, 34), (18, 67, 109)]
    assert set(opened.evaluate(TEXTS)) <= {f"rgb{ink}" for ink in inks}
    marks = opened.evaluate(MARKS)
    assert len(marks) > 10
    assert [mark for mark in marks if mark["contrast"] < 3] == []
    opened.context.close()


def test_a_chart_for_pages_of_others_keeps_the_ground_that_its_picture_is_drawn_on(
    browser: Browser, address: str, site: Path
) -> None:
    (embedded, *_) = sorted((site / "fellshire" / "embed").glob("*.html"))
    opened, _ = open_page(browser, address, embedded.relative_to(site).as_posix(), color_scheme="dark")
    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert opened.evaluate("getComputedStyle(document.querySelector('.source')).color") == "rgb(27, 31, 35)"
    opened.context.close()
