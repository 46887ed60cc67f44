"""The charts: what is drawn, where, and that nothing in them runs or loads."""

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import altair as alt
import pytest
from jsonschema import ValidationError
from lxml import etree

from disparity.site.cells import rate_cell
from disparity.site.charts import by_group
from disparity.site.charts.by_group import chart_by_group, chart_by_type, pick_drawn
from disparity.site.charts.months import chart_months
from disparity.site.charts.specification import (
    BLUE,
    GREY,
    LINE_COLOURS,
    NAME_COLOURS,
    NARROW,
    WIDE,
    Layout,
    hold_rows,
    overlay,
    sketch,
)
from disparity.site.published_figures import Row, percentage, plain, rate
from disparity.site.rendering.svg import draw
from support import example
from support.drawings import height, look, place
from support.vega_lite import hold_schema

WHITE_FILL = "#ffffff"
# The last reads like what is taken out of drawings, and what is not allowed in them.
HOSTILE = (
    *("</script><script>alert(1)", '"><img src=x onerror=alert(1)>', "' onload='alert(1)", "]]><!--"),
    'an "x" class="y" opacity="1" href="z',
)


def make_row(group: str = "White", **values: object) -> Row:
    """A measured find rate: 20 of 100, 13% to 29%."""
    full = {
        **{"measure": "find_rate", "force": "fellshire", "ethnic_group": group, "search_type": "All"},
        **{"numerator": 20, "denominator": 100.0, "value": 0.2, "lower": 0.13, "upper": 0.29},
        **{"lower_bound": 0.2, "upper_bound": 0.2, "status": "measured"},
    }
    return Row("estimates", 1, full | values)


MEASURED = make_row("All")
SMALL = make_row("Mixed", status="small", denominator=40.0, value=0.25, lower=0.14, upper=0.4)
UNMEASURED = make_row(
    "White", status="not_measurable", value=None, lower=None, upper=None, lower_bound=0.05, upper_bound=0.6
)
PARTIAL = make_row("Black", status="partial", value=0.3, lower=None, upper=None, lower_bound=0.1, upper_bound=0.4)
BLANK = make_row(
    "Other", status="not_measurable", value=None, lower=None, upper=None, lower_bound=None, upper_bound=None
)


def month_row(month: int, value: float | None, group: str = "Black", status: str = "measured") -> Row:
    numerator = None if value is None else round(10 * value)
    shared = {"force": "fellshire", "measure": "find_rate", "denominator": 10, "status": status}
    values = {
        "month": date(2020, month, 1),
        "span": f"month {month}",
        "ethnic_group": group,
        "numerator": numerator,
        "value": value,
    }
    return Row("monthly", month, shared | values)


def draw_months(
    rows: list[Row],
    measure: str = "find_rate",
    title: str = "Find rate",
    stretches: dict[date, str] | None = None,
) -> Layout:
    return chart_months(rows, measure=measure, title=title, stretches=stretches or {})


def drawn(chart: Layout, kind: str) -> list[etree._Element]:
    """The marks of a kind that show data, in the picture."""
    svg = etree.fromstring(draw(sketch(chart, name="test")).wide)
    return svg.xpath(f"//*[starts-with(@class, 'mark-{kind} role-mark')]/*")


def bar_ends(bar: etree._Element) -> tuple[float, float]:
    start, width = re.match(r"M([-\d.]+),[-\d.]+h([-\d.]+)", bar.get("d")).groups()
    return float(start), float(start) + float(width)


def layers_of(chart: Layout) -> dict[str, dict]:
    """Each layer by its mark."""
    hold_schema(chart)
    spec = chart(WIDE)
    return {layer["mark"]["type"]: layer for layer in spec.get("spec", spec)["layer"]}


def data_of(chart: Layout) -> list[dict]:
    return list(max(chart(WIDE)["datasets"].values(), key=len))


def test_a_chart_by_group_is_a_bar_a_rule_a_point_and_a_label():
    layers = layers_of(chart_by_group([MEASURED]))
    assert list(layers) == ["bar", "rule", "point", "text"]
    assert {layer["encoding"]["y"]["field"] for layer in layers.values()} == {"name"}
    for name in ("bar", "rule"):
        encoding = layers[name]["encoding"]
        assert (encoding["x"]["field"], encoding["x2"]["field"]) == ("lower", "upper")
    assert layers["point"]["encoding"]["x"]["field"] == "value"
    texts = [layer for layer in chart_by_group([MEASURED])(WIDE)["layer"] if layer["mark"]["type"] == "text"]
    assert [layer["encoding"]["text"]["field"] for layer in texts] == ["label", "why"]


def test_the_rule_is_drawn_from_the_lower_limit_to_the_upper_and_the_point_at_the_rate():
    chart = chart_by_group([MEASURED])
    (rule,), (point,) = drawn(chart, "rule"), drawn(chart, "symbol")
    unit = place(point) / 0.2
    assert place(rule) == pytest.approx(0.13 * unit, rel=1e-3)
    assert place(rule) + float(rule.get("x2")) == pytest.approx(0.29 * unit, rel=1e-3)


def test_every_chart_starts_at_zero_and_holds_its_largest_limit():
    for rows in ([MEASURED], [UNMEASURED], [make_row(measure="search_rate", value=80.0, lower=70.0, upper=91.0)]):
        first, last = layers_of(chart_by_group(rows))["point"]["encoding"]["x"]["scale"]["domain"]
        assert first == 0
        assert last > max(value["upper"] for value in data_of(chart_by_group(rows)))


def test_a_rate_that_is_not_measurable_is_a_bar_between_its_bounds_without_a_point():
    chart = chart_by_group([MEASURED, UNMEASURED])
    (bar,), (point,), (rule,) = (drawn(chart, kind) for kind in ("rect", "symbol", "rule"))
    unit = place(point) / 0.2
    assert bar_ends(bar) == pytest.approx((0.05 * unit, 0.6 * unit), rel=1e-3)
    assert height(point) < float(bar.get("d").split(",")[1].split("h")[0])
    assert place(rule) == pytest.approx(0.13 * unit, rel=1e-3)


def test_a_partial_rate_is_a_point_on_a_bar_of_its_bounds_without_an_interval():
    chart = chart_by_group([PARTIAL])
    (bar,), (point,) = drawn(chart, "rect"), drawn(chart, "symbol")
    unit = place(point) / 0.3
    assert bar_ends(bar) == pytest.approx((0.1 * unit, 0.4 * unit), rel=1e-3)
    assert not drawn(chart, "rule")


def test_a_bar_of_bounds_is_outlined_by_dashes_so_that_it_needs_no_colour():
    for row in (PARTIAL, UNMEASURED):
        (bar,) = drawn(chart_by_group([row]), "rect")
        looks = [look(bar, name) for name in ("fill", "stroke", "stroke-dasharray", "stroke-width")]
        assert looks == [WHITE_FILL, GREY, "4,3", "1.5"]


def test_a_row_without_value_and_bounds_says_why_in_place_of_a_mark():
    chart = chart_by_group([MEASURED, BLANK])
    assert [len(drawn(chart, kind)) for kind in ("rect", "rule", "symbol")] == [0, 1, 1]
    assert [text.text for text in drawn(chart, "text")] == ["20.0%", "not measured: too little is recorded"]


def test_a_small_number_is_hollow_and_a_measured_one_is_filled():
    points = {status: drawn(chart_by_group([row]), "symbol")[0] for status, row in (("m", MEASURED), ("s", SMALL))}
    assert look(points["s"], "fill") == WHITE_FILL
    assert look(points["m"], "fill") == look(points["m"], "stroke") == look(points["s"], "stroke") == BLUE


def test_a_label_is_what_the_table_prints_for_the_same_row():
    labels = [value["label"] for value in data_of(chart_by_group([MEASURED, SMALL, UNMEASURED, PARTIAL, BLANK]))]
    assert labels == ["20.0%", "30.0%", "25.0%", "5.0% to 60.0%", ""]
    search_rate = make_row(measure="search_rate", value=1234.56, lower=1200.0, upper=1300.0)
    assert data_of(chart_by_group([search_rate]))[0]["label"] == "1,234.6"


@pytest.mark.slow
def test_every_label_of_the_example_is_the_text_of_its_table_cell():
    compared = 0
    for row in example.edition().tables["estimates"]:
        measure = row.values["measure"]
        if measure in {"find_rate", "search_rate"} and row.values["search_type"] == "All":
            style = rate if measure == "search_rate" else percentage
            printed = plain(rate_cell(row, style).main).replace("[x]", "").replace("[c]", "")
            assert data_of(chart_by_group([row]))[0]["label"] == printed
            compared += bool(printed)
    assert compared > 50


def test_a_rate_of_a_restricted_group_is_not_drawn_not_even_as_bounds():
    row = make_row("Black", status="restricted_labels", value=None, lower=None, upper=None)
    assert not drawn(chart_by_group([MEASURED, row]), "rect")
    assert data_of(chart_by_group([row]))[0]["label"] == ""
    assert data_of(chart_by_group([row]))[0]["why"] == "not measured: ethnicity is recorded in too few groups"


def test_groups_stand_in_the_one_order_whatever_the_order_of_the_rows():
    rows = [make_row(group) for group in ("Other", "White", "All", "Black", "Mixed", "Asian")]
    order = layers_of(chart_by_group(rows))["point"]["encoding"]["y"]["sort"]
    assert order == ["All searches", "Asian", "Black", "Mixed", "White", "Other"]


def test_a_chart_by_type_leaves_out_rates_of_fewer_than_ten_searches():
    rows = [make_row(group, denominator=count) for group, count in (("Asian", 9.0), ("Black", 10.0), ("White", 11.0))]
    assert [row.values["ethnic_group"] for row in pick_drawn(rows)] == ["Black", "White"]


def test_a_chart_by_type_has_no_panel_of_rates_that_are_not_shown():
    hidden = make_row("Black", search_type="drugs", status="suppressed", value=None, lower=None, upper=None)
    assert pick_drawn([hidden, BLANK, UNMEASURED]) == [UNMEASURED]


def test_a_chart_by_type_has_a_panel_a_type_in_the_order_of_the_rows():
    rows = [make_row(search_type=kind) for kind in ("All", "stolen_property", "drugs")]
    facet = chart_by_type(rows)(WIDE)["facet"]
    assert (facet["field"], facet["sort"]) == ("type", ["All searches", "Stolen property", "Drugs"])


def test_a_month_without_a_value_stays_a_gap_in_the_line():
    chart = draw_months([month_row(month, None if month == 3 else 0.5) for month in range(1, 7)])
    assert [value["value"] for value in data_of(chart)] == [0.5, 0.5, None, 0.5, 0.5, 0.5]
    (line,) = drawn(chart, "line")
    assert line.get("d").count("M") == 2
    assert len(drawn(chart, "symbol")) == 5


def test_a_month_whose_rate_is_only_an_estimate_is_a_gap_in_the_line():
    rows = [month_row(month, 0.5, status="partial" if month == 3 else "measured") for month in range(1, 7)]
    chart = draw_months(rows)
    assert [value["value"] for value in data_of(chart)] == [0.5, 0.5, None, 0.5, 0.5, 0.5]
    (line,) = drawn(chart, "line")
    assert line.get("d").count("M") == 2
    assert len(drawn(chart, "symbol")) == 5


@pytest.mark.parametrize("status", ["measured", "small", "incomplete"])
def test_a_month_of_any_other_status_is_drawn(status):
    chart = draw_months([month_row(1, 0.3), month_row(2, 0.7, status=status)])
    assert [value["value"] for value in data_of(chart)] == [0.3, 0.7]


def test_the_number_of_searches_of_a_month_is_no_estimate_whatever_its_status():
    chart = draw_months([month_row(1, 0.3), month_row(2, 0.7, status="partial")], measure="searches")
    assert [value["value"] for value in data_of(chart)] == [3, 7]


def test_a_line_whose_last_month_is_an_estimate_is_named_at_the_month_before():
    rows = [month_row(1, 0.3), month_row(2, 0.7), month_row(3, 0.5, status="partial")]
    chart = draw_months(rows)
    assert [value["is_last"] for value in data_of(chart)] == [False, True, False]
    assert [name.text for name in drawn(chart, "text")] == ["Black"]


def test_another_stretch_breaks_the_line_of_each_group_and_keeps_its_colour_and_its_one_name():
    rows = [month_row(month, 0.1 * month, group) for month in (2, 3, 4, 5) for group in ("Asian", "Black")]
    spans = {date(2020, month, 1): "month" if month <= 3 else "quarter" for month in (2, 3, 4, 5)}
    chart = draw_months(rows, measure="search_rate", stretches=spans)
    assert layers_of(chart)["line"]["encoding"]["detail"]["field"] == "stretch"
    assert [value["stretch"] for value in data_of(chart)] == ["month"] * 4 + ["quarter"] * 4
    lines = drawn(chart, "line")
    assert [line.get("d").count("L") for line in lines] == [1] * 4
    assert sorted(look(line, "stroke") for line in lines) == sorted([*LINE_COLOURS.values()][:2] * 2)
    assert [name.text for name in drawn(chart, "text")] == ["Asian", "Black"]


def test_one_stretch_throughout_leaves_the_line_whole():
    rows = [month_row(month, 0.1 * month) for month in range(1, 5)]
    for stretches in ({}, {date(2020, month, 1): "month" for month in range(1, 5)}):
        (line,) = drawn(draw_months(rows, stretches=stretches), "line")
        assert (line.get("d").count("M"), line.get("d").count("L")) == (1, 3)


def test_a_line_is_named_where_it_ends():
    rows = [month_row(month, 0.1 * month, group) for month in (1, 2) for group in ("Asian", "Black")]
    chart = draw_months(rows)
    names, lines = drawn(chart, "text"), drawn(chart, "line")
    assert [name.text for name in names] == ["Asian", "Black"]
    # In the colour of its line, or the darker one that a text needs.
    assert [look(line, "stroke") for line in lines] == [LINE_COLOURS[group] for group in ("Asian", "Black")]
    assert [look(name, "fill") for name in names] == [NAME_COLOURS[group] for group in ("Asian", "Black")]
    assert len({look(line, "stroke") for line in lines}) == 2
    ends = [float(line.get("d").split("L")[-1].split(",")[0]) for line in lines]
    assert all(place(name) > end for name, end in zip(names, ends, strict=True))


def test_names_of_lines_that_end_together_stand_apart_in_the_order_of_their_ends():
    ends = {"Asian": 7.2, "Black": 16.0, "White": 7.0}
    rows = [month_row(month, value, group) for month in (1, 2) for group, value in ends.items()]
    names = {name.text: height(name) for name in drawn(draw_months(rows), "text")}
    assert names["White"] - names["Asian"] > 13  # the letters are 13 high; y runs downwards
    assert names["Asian"] - names["Black"] > 13


def test_a_line_that_ends_early_is_named_where_it_ends():
    rows = [
        month_row(1, 0.3, "Black"),
        month_row(1, 0.2, "White"),
        month_row(2, None, "Black"),
        month_row(2, 0.2, "White"),
    ]
    named = {value["group"]: value["month"] for value in data_of(draw_months(rows)) if value["name_at"] is not None}
    assert named == {"Black": "2020-01-01", "White": "2020-02-01"}


def test_a_chart_of_months_without_any_value_is_no_error():
    chart = draw_months([month_row(1, None), month_row(2, None)])
    assert not drawn(chart, "symbol")


def test_the_chart_of_searches_draws_their_number():
    chart = draw_months([month_row(1, 0.3), month_row(2, 0.7)], measure="searches", title="Searches")
    assert [value["value"] for value in data_of(chart)] == [3, 7]


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_months_are_drawn_as_themselves_in_every_time_zone(zone, monkeypatch):
    chart = draw_months([month_row(1, 0.3), month_row(2, 0.7)])
    load = "import sys; from disparity.site.rendering.svg import Sketch, draw"
    code = f"{load}; print(draw(Sketch('m', sys.argv[1], sys.argv[1])).wide)"
    monkeypatch.setenv("TZ", zone)
    command = [sys.executable, "-c", code, sketch(chart, name="m").spec]
    svg = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert re.findall(r">(\w+ 20\d\d)<", svg) == ["Jan 2020", "Feb 2020"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: chart_by_group([MEASURED, SMALL, UNMEASURED]),
        lambda: chart_by_type([MEASURED, SMALL, UNMEASURED, PARTIAL, BLANK]),
        lambda: draw_months([month_row(1, 0.3), month_row(2, None)]),
    ],
)
def test_charts_hold_the_schema_that_drawing_no_longer_asks_for(make):
    hold_schema(make())


def test_a_chart_against_the_schema_is_seen():
    chart = chart_by_group([MEASURED])(WIDE)
    chart["layer"][0]["mark"]["height"] = "high"
    with pytest.raises(ValidationError):
        hold_schema(lambda _: chart)


DRAW = """
import sys
sys.path[:0] = sys.argv[2:]
from test_charts import MEASURED, SMALL, UNMEASURED, chart_by_type, draw, sketch
for _ in range(int(sys.argv[1])):
    drawing = draw(sketch(chart_by_type([MEASURED, SMALL, UNMEASURED]), name="find-rates"))
print(drawing.wide, drawing.narrow)
"""


@pytest.mark.slow
def test_the_same_chart_gives_the_same_bytes_in_two_processes_and_at_the_second_time(monkeypatch):
    texts = []
    for times, seed in (("1", "1"), ("3", "2")):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        command = [sys.executable, "-c", DRAW, times, str(Path(__file__).parent), str(Path(__file__).parents[2])]
        texts.append(subprocess.run(command, capture_output=True, check=True).stdout)
    assert texts[0] == texts[1]
    assert texts[0].count(b"<svg ") == 2
    assert texts[0].count(b"20.0%") == 4  # said at the mark, and by it, at both widths


def test_ids_in_a_picture_carry_the_name_of_the_chart_so_that_two_never_clash():
    faded = alt.Gradient(
        gradient="linear",
        stops=[alt.GradientStop(color=color, offset=end) for end, color in enumerate(("red", "blue"))],
    )

    def chart(width):
        return overlay(alt.Chart(hold_rows([{}])).mark_bar(color=faded, clip=True), width=width)

    ids = {name: re.findall(r' id="([^"]+)"', draw(sketch(chart, name=name)).wide) for name in ("one", "two")}
    assert ids["one"]
    assert ids["one"] == [made.replace("two", "one") for made in ids["two"]]
    assert not set(ids["one"]) & set(ids["two"])
    svg = draw(sketch(chart, name="one")).wide
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) == set(ids["one"])


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("column", ["ethnic_group", "search_type"])
def test_a_hostile_text_in_the_data_stays_text(text, column, monkeypatch):
    monkeypatch.setattr(by_group, "FACET_GROUPS", (*by_group.FACET_GROUPS, text))
    monkeypatch.setitem(by_group.SEARCH_TYPES, text, text)
    drawing = draw(sketch(chart_by_type([make_row(**{column: text})]), name="hostile"))
    svg = etree.fromstring(drawing.wide)
    assert not [
        node.tag
        for node in svg.iter()
        if node.tag.split("}")[-1] not in {"svg", "g", "path", "rect", "line", "circle", "text"}
    ]
    assert not [
        name for node in svg.iter() for name in node.attrib if name.startswith("on") or name in {"style", "href"}
    ]
    assert text in "".join(svg.itertext())
    assert any(text in tip for tip in svg.xpath("//@data-tip"))


def test_a_hostile_line_name_stays_text():
    chart = draw_months([month_row(1, 0.5, HOSTILE[0])], title=HOSTILE[1], stretches={date(2020, 1, 1): HOSTILE[2]})
    drawing = draw(sketch(chart, name="hostile"))
    svg = etree.fromstring(drawing.wide)
    assert {HOSTILE[0], HOSTILE[1]} <= set(svg.itertext())


def test_a_drawing_holds_no_style_script_or_address_and_no_label_of_the_renderer():
    drawing = draw(sketch(chart_by_type([MEASURED, SMALL, UNMEASURED, PARTIAL]), name="plain"))
    for svg in (drawing.wide, drawing.narrow):
        assert not re.search(r'style=|<style|<script|href|://(?!www.w3.org/2000/svg")|aria-label|role="', svg)
        assert etree.fromstring(svg).get("aria-hidden") == "true"


@pytest.mark.parametrize("mark", ["image", "href"])
def test_a_picture_with_an_address_is_refused(mark):
    one = alt.Chart(hold_rows([{"at": "https://example.org/x.png"}]))
    chart = one.mark_image().encode(url="at:N") if mark == "image" else one.mark_point().encode(href="at:N")
    with pytest.raises(ValueError, match=r"page policy|base URL|example\.org"):
        draw(sketch(lambda width: overlay(chart, width=width), name="bad"))


def test_the_specification_keeps_no_number_that_json_lacks():
    drawing = sketch(chart_by_group([MEASURED, BLANK]), name="plain")
    for spec, width in ((drawing.spec, WIDE), (drawing.narrow, NARROW)):
        assert json.loads(spec, parse_constant=pytest.fail)["width"] == width
