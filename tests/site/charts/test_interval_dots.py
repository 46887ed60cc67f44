"""Dots on their intervals: range, interval and dot in their places, why there is none, and what each row says."""

import re

import pytest
from lxml import etree

from disparity.site.charts.interval_dots import POINTS, RATIO, Dot, chart_dots, dot_of
from disparity.site.charts.specification import GREY, NARROW, RANGE_FILL, WIDE, Layout, sketch
from disparity.site.charts.tips import TOO_FEW
from disparity.site.published_figures import Row, percentage, ratio, signed_points
from disparity.site.rendering.svg import draw
from support.drawings import look, place
from support.vega_lite import hold_schema

ASSUMPTION = "Within the same neighbourhoods, as far as they are known"


def compared(group: str = "Black", measure: str = "search_rate", number: int = 7, **values: object) -> Row:
    """A ratio of 2.9 (2.5 to 3.3) in a range of 1.9 to 3.8."""
    full = {
        **{"measure": measure, "ethnic_group": group, "reference_group": "White", "status": "measured"},
        **{"ratio": 2.9, "ratio_lower": 2.5, "ratio_upper": 3.3, "range_lower": 1.9, "range_upper": 3.8},
        **{"difference": -0.056, "difference_lower": -0.08, "difference_upper": -0.02},
    }
    return Row("comparisons", number, full | values)


def chart_compared(row: Row) -> Layout:
    """A ratio, or a difference of shares."""
    is_ratio = row.values["measure"] == "search_rate"
    column, style, form = ("ratio", ratio, RATIO) if is_ratio else ("difference", signed_points, POINTS)
    why = TOO_FEW if row.values["status"] == "small" else ""
    dot = dot_of(row, row.values["ethnic_group"], style=style, column=column, why=why)
    return chart_dots([dot], title="Beside White", reference=int(is_ratio), reference_name="same rate", form=form)


def picture(chart: Layout, width: int = WIDE) -> etree._Element:
    hold_schema(chart)
    drawing = draw(sketch(chart, name="dots"))
    return etree.fromstring(drawing.wide if width == WIDE else drawing.narrow)


def marks(chart: Layout, kind: str) -> list[etree._Element]:
    return list(picture(chart).xpath(f"//*[starts-with(@class, 'mark-{kind} role-mark')]/*"))


def texts(svg: etree._Element) -> list[str]:
    return [text for text in svg.xpath("//text//text()") if text.strip()]


def ends(bar: etree._Element) -> tuple[float, float]:
    start, length = map(float, re.match(r"M([-\d.]+),[-\d.]+h([-\d.]+)", bar.get("d", "")).groups())
    return start, start + length


def test_the_range_is_a_light_bar_behind_the_dark_interval_and_the_dot_on_both() -> None:
    chart = chart_compared(compared())
    (bar,), (dot,) = marks(chart, "rect"), marks(chart, "symbol")
    (interval,) = [rule for rule in marks(chart, "rule") if look(rule, "stroke") == GREY]
    unit = place(dot) / 2.9
    assert ends(bar) == pytest.approx((1.9 * unit, 3.8 * unit), rel=1e-3)
    assert (place(interval), place(interval) + float(interval.get("x2"))) == pytest.approx(
        (2.5 * unit, 3.3 * unit), rel=1e-3
    )
    assert (look(bar, "fill"), look(bar, "stroke")) == (RANGE_FILL, GREY)


@pytest.mark.slow
def test_a_line_marks_the_same_rate_at_one_for_ratios_and_at_nothing_for_differences() -> None:
    for measure, same, value in (("search_rate", 1, 2.9), ("find_rate", 0, -0.056)):
        chart = chart_compared(compared(measure=measure, range_lower=None, range_upper=None))
        (line,) = [rule for rule in marks(chart, "rule") if look(rule, "stroke") != GREY]
        (layer,) = [layer for layer in chart(WIDE)["layer"] if layer["mark"]["type"] == "point"]
        low, high = layer["encoding"]["x"]["scale"]["domain"]
        (dot,) = marks(chart, "symbol")
        unit = (place(dot) - place(line)) / (value - same)
        assert place(line) == pytest.approx((same - low) * unit, rel=1e-2)
        assert high > same
        assert "same rate" in texts(picture(chart))


def test_each_row_says_its_group_value_range_interval_and_counts_as_they_are_printed() -> None:
    assert dot_of(compared(), "Black", style=ratio, column="ratio").tip == (
        "Black: 2.90; range 1.90 to 3.80; 95% interval 2.50 to 3.30"
    )
    values = {"measure": "find_rate", "value": 0.2, "lower": 0.13, "upper": 0.29, "numerator": 20, "denominator": 100}
    row = Row("estimates", 3, values | {"status": "measured"})
    dot = dot_of(row, "Black", style=percentage)
    assert dot.tip == "Black: 20.0%; 95% interval 13.0% to 29.0%; 20 of 100 searches"
    svg = picture(chart_dots([dot], title="Find rate", form="share"))
    assert svg.xpath("//@data-tip") == [dot.tip]


def test_a_row_without_a_value_says_why_and_where_it_is_pointed_at_too() -> None:
    chart = chart_compared(compared("Other", ratio=None, ratio_lower=None, ratio_upper=None, status="small"))
    assert "not measured: too few searches" in texts(picture(chart))
    assert "Other: not measured: too few searches" in picture(chart).xpath("//@data-tip")
    assert not marks(chart, "symbol")


def test_a_long_name_lies_above_its_row_on_a_telephone_in_lines_that_fit() -> None:
    chart = chart_dots([Dot(ASSUMPTION, 2.0, printed="2.00"), Dot("As counted", 2.5, printed="2.50")], title="Ratio")
    svg = picture(chart, NARROW)
    (name,) = [text for text in svg.xpath("//text[not(@stroke)]") if "".join(text.itertext()).startswith("Within")]
    assert len(name) > 1
    assert float(svg.get("width")) == NARROW


def test_what_a_row_says_names_the_published_rows_of_its_numbers() -> None:
    datasets = chart_compared(compared())(WIDE)["datasets"].values()
    told = [value for values in datasets for value in values if "tip" in value]
    assert {value["of"] for value in told if value["tip"].startswith("Black")} == {"comparisons:7"}


def test_the_shade_lies_behind_every_row() -> None:
    chart = chart_dots([Dot("One", 2.0, printed="2.00")], title="Ratio", shaded=(1.8, 2.8))
    first, *_ = marks(chart, "rect")
    (dot,) = marks(chart, "symbol")
    assert ends(first) == pytest.approx((1.8 * place(dot) / 2, 2.8 * place(dot) / 2), rel=1e-2)
