"""The chart of the front page: a row for each group, the missing with the reason."""

import re

import pytest
from lxml import etree

from disparity.site.charts.front import chart_front
from disparity.site.charts.specification import WIDE, sketch
from disparity.site.published_figures import Row
from disparity.site.rendering.svg import draw
from support.drawings import place
from support.findings import estimate_row, ratio_row
from support.vega_lite import hold_schema

RATES = {
    "Black": Row("estimates", 1, estimate_row("search_rate", 10.85, "Black", numerator=102)),
    "Mixed": Row("estimates", 2, estimate_row("search_rate", None, "Mixed", status="suppressed")),
    "White": Row("estimates", 3, estimate_row("search_rate", 4.45, "White", numerator=5_898)),
}
COMPARED = {
    "Black": Row("comparisons", 1, ratio_row("higher", 2.44, 1.76, 4.04, ratio_lower=1.9, ratio_upper=3.1)),
}


def rows_of(chart):
    datasets = chart(WIDE)["datasets"]
    return {row["group"]: row for rows in datasets.values() for row in rows if "group" in row}


def pictures_of(rates, comparisons):
    drawing = draw(sketch(chart_front(rates, comparisons), name="front"))
    return [etree.fromstring(svg) for svg in (drawing.wide, drawing.narrow)]


def words_of(svg):
    return {text for text in svg.itertext() if text.strip()}


def test_the_range_is_drawn_beside_the_interval_that_it_holds():
    row = rows_of(chart_front(RATES, COMPARED))["Black"]
    assert [row[name] for name in ("range_lower", "lower", "upper", "range_upper")] == [1.76, 1.9, 3.1, 4.04]
    assert (row["label"], row["tip"]) == (
        "10.8",
        "Black: 10.8 searches for every 1,000 residents; 102 searches; 1.76 to 4.04 times the rate of White people",
    )
    assert row["of"] == "estimates:1 comparisons:1"
    for svg in pictures_of(RATES, COMPARED):
        (wide,), (dark,) = (
            svg.xpath(f"//*[starts-with(@class, 'mark-{kind} ')]/*[contains(@data-tip, 'Black')]")
            for kind in ("rect", "rule")
        )
        start, length = map(float, re.match(r"M([-\d.]+),[-\d.]+h([-\d.]+)", wide.get("d")).groups())
        unit = length / (4.04 - 1.76)
        assert start == pytest.approx(1.76 * unit, rel=1e-2)
        assert (place(dark), float(dark.get("x2"))) == pytest.approx((1.9 * unit, 1.2 * unit), rel=1e-2)
        assert wide.get("data-tip") == dark.get("data-tip") == row["tip"]


def test_no_row_is_empty():
    rows = rows_of(chart_front(RATES, COMPARED))
    assert list(rows) == ["Asian", "Black", "Mixed", "White", "Other"]
    assert {group: row["words"] for group, row in rows.items() if row["words"]} == {
        **{"Asian": "not known", "Mixed": "withheld: too few", "Other": "not known"}
    }
    for svg in pictures_of(RATES, COMPARED):
        assert {"10.8", "withheld: too few", "4.5"} <= words_of(svg)


def test_a_rate_of_white_people_that_is_missing_leaves_the_others_drawn():
    rates = {"Black": RATES["Black"]}
    for svg in pictures_of(rates, {}):
        assert "10.8" in words_of(svg)


def test_the_chart_keeps_the_schema():
    hold_schema(chart_front(RATES, COMPARED))
