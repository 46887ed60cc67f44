"""What readers of official statistics expect, as rules that every page of the example keeps."""

import itertools
import json
import re
from functools import cache

import pytest

from disparity.project.brand import DARK
from disparity.site.charts.control_charts import ORANGE
from disparity.site.charts.places import SHADES
from disparity.site.charts.specification import BLUE, GREY, LINE_COLOURS, NAME_COLOURS
from disparity.vocabulary.codes import EVERY_GROUP
from support import example

GROUPS = [group for group in EVERY_GROUP if group != "All"]
SHORTHAND = re.compile(r"\[[a-z]+\]")
# The Analysis Function's palette: categories, sequence.
OFFICIAL = {"#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1", "#2073BC", "#6BACE6"}


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def on_each_page():
    return [(name, page) for name, page in example.pages().items()]


def words_of(element) -> str:
    return " ".join(element.text_content().split())


def test_contrast_is_that_of_the_published_figures():
    """The Analysis Function's palette against white, as measured by others."""
    measured = {"#12436D": 10.25, "#28A197": 3.17, "#801650": 9.77, "#F46A25": 3.03, "#3D3D3D": 10.86, "#A285D1": 3.08}
    assert {colour: round(contrast(colour, "#ffffff"), 2) for colour in measured} == measured


def test_a_chart_for_pages_of_others_keeps_every_colour_of_a_light_screen():
    """The ribbon of a draft was dark on dark there: its ground alone followed the screen."""
    style = (example.site() / "static" / "style.css").read_text(encoding="utf-8")
    light, dark, embedded = (
        dict(re.findall(r"(--[\w-]+): ([^;]+);", re.search(rf"{rule} {{([^}}]+)}}", style)[1]))
        for rule in (":root", r"\(prefers-color-scheme: dark\) {\s+:root", r"\.embed")
    )
    assert embedded == {name: light[name] for name in dark}


@pytest.mark.parametrize("colour", sorted({*LINE_COLOURS.values(), BLUE, ORANGE, SHADES[1], SHADES[2]}))
def test_colours_of_data_are_official_and_stand_out_from_the_card(colour):
    assert colour.upper() in OFFICIAL
    assert contrast(colour, "#ffffff") >= 3


def test_the_grey_of_intervals_stands_out_from_the_card():
    assert contrast(GREY, "#ffffff") >= 3


@cache
def in_the_dark() -> dict[str, str]:
    """What the style sheet makes of each colour of a picture on a dark screen, as a fill and as a stroke alike."""
    style = (example.site() / "static" / "style.css").read_text(encoding="utf-8")
    paints = {
        look: dict(re.findall(rf'\.plot \[{look}="(#\w+)" i\] {{ {look}: ([^;]+); }}', style))
        for look in ("fill", "stroke")
    }
    assert paints["fill"] == paints["stroke"]
    return paints["fill"]


def test_every_colour_of_a_picture_has_its_counterpart_on_a_dark_screen():
    script = (example.site() / "static" / "compare.js").read_text(encoding="utf-8")
    drawn = set(re.findall(r"'(#[0-9a-f]{6})'", script))
    for _, page in on_each_page():
        for look in ("fill", "stroke"):
            drawn |= {colour.lower() for colour in page.xpath(f"//*[@class='plot']//@{look}")}
    assert len(drawn) > 15
    assert drawn - {"none", "transparent"} <= set(in_the_dark())


@pytest.mark.parametrize("colour", sorted({*LINE_COLOURS.values(), BLUE, ORANGE, GREY, *SHADES}))
def test_colours_of_data_stand_out_on_a_dark_screen(colour):
    assert contrast(in_the_dark()[colour.lower()], DARK[0]) >= 3


@pytest.mark.parametrize("colour", sorted(set(NAME_COLOURS.values())))
def test_names_of_lines_can_be_read_on_a_dark_screen(colour):
    assert contrast(in_the_dark()[colour.lower()], DARK[0]) >= 4.5


def test_shades_of_a_map_keep_their_order_on_a_dark_screen():
    """The most stands out most, from the page and from an area without a figure."""
    found = [contrast(in_the_dark()[shade.lower()], DARK[0]) for shade in SHADES]
    assert found == sorted(found)
    assert all(after / before > 1.4 for before, after in itertools.pairwise(found))


def test_every_chart_has_a_headline_and_says_what_where_and_when():
    charts = 0
    for name, page in on_each_page():
        for figure in page.xpath("//figure[contains(@class, 'chart')]"):
            headline, subtitle = figure.xpath("./figcaption/strong"), figure.xpath("./figcaption/span")
            assert len(words_of(headline[0])) > 8, name
            assert re.search(r"(?i)\b20\d\d\b|month|quarter", words_of(subtitle[0])), name
            charts += 1
    assert charts > 15


def test_every_chart_is_named_by_its_words_and_its_picture_is_no_riddle_to_a_screen_reader():
    for name, page in on_each_page():
        for figure in page.xpath("//figure[contains(@class, 'chart')]"):
            drawings = figure.xpath(".//*[local-name() = 'svg']")
            # A chart beside another may be as wide on a desk as on a telephone.
            may_be_small = bool(figure.xpath("ancestor::div[@class='charts']"))
            kinds = [svg.get("class").removeprefix("marks ") for svg in drawings]
            assert kinds == ["wide", "narrow"] or (may_be_small and kinds == ["narrow"]), name
            assert {svg.get("aria-hidden") for svg in drawings} == {"true"}, name
            after = figure.xpath("./following::table | ./preceding::table")
            assert after, name


def test_no_colour_carries_a_meaning_alone():
    """Every series and shade of a chart is named by a text in the picture, or there is one colour only."""
    for name, page in on_each_page():
        for figure in page.xpath("//figure[contains(@class, 'chart')]"):
            fills = {fill.lower() for fill in figure.xpath(".//*[local-name() = 'path']/@stroke")}
            texts = {" ".join(text.split()) for text in figure.xpath(".//*[local-name() = 'text']/text()")}
            groups = {group for group, colour in LINE_COLOURS.items() if colour.lower() in fills}
            if len(groups) > 1:
                assert groups <= texts, name


def test_no_cell_is_empty_and_every_shorthand_is_explained_on_its_page():
    cells = 0
    for name, page in on_each_page():
        explained = " ".join(words_of(legend) for legend in page.xpath("//*[contains(@class, 'legend')]"))
        for cell in page.xpath("//table//td | //table//th"):
            text = words_of(cell)
            assert text, f"{name}: {words_of(cell.getparent())}"
            for mark in SHORTHAND.findall(text):
                assert mark in explained, f"{name}: {mark}"
            cells += 1
    assert cells > 2_000


def test_ethnic_groups_stand_in_one_order_after_the_total():
    tables = 0
    for name, page in on_each_page():
        for table in page.xpath("//table"):
            heads = [words_of(head) for head in table.xpath("./tbody/tr/*[1]")]
            for run in (
                list(run) for is_group, run in itertools.groupby(heads, lambda head: head in GROUPS) if is_group
            ):
                places = [GROUPS.index(head) for head in run]
                starts = [0, *(place for place in range(1, len(places)) if places[place] <= places[place - 1])]
                assert all(places[start] <= places[start - 1] for start in starts[1:]), name
                assert len(starts) == 1 or len(set(places)) < len(places), f"{name}: {heads}"
                tables += 1
    assert tables > 20


def test_both_rates_stand_before_a_ratio():
    """In every finding that says so many times the rate, or as high."""
    sentences = 0
    for finding in json.loads((example.site() / "data" / "findings.json").read_text(encoding="utf-8")):
        before, told, _ = re.sub("times the rate for", "times as high", finding["sentence"]).partition("times as high")
        if told and finding["kind"].startswith("search_rate"):
            assert len(re.findall(r"for every thousand", before)) == 2, finding["sentence"]
            sentences += 1
    assert sentences > 5


def test_axes_of_rates_start_at_zero():
    charts = 0
    for path in sorted(example.site().rglob("*.vl.json")):
        spec = json.loads(path.read_text(encoding="utf-8"))
        for layer in spec.get("spec", spec)["layer"]:
            for channel in ("x", "y"):
                scale = layer.get("encoding", {}).get(channel, {}).get("scale") or {}
                if scale.get("type", "linear") == "linear" and "domain" in scale and scale.get("nice") is False:
                    assert scale["domain"][0] == 0, path
                    charts += 1
    assert charts > 5
