"""Dots on their intervals, a row each, on one axis."""

import re

import pytest
from lxml import etree

from disparity.site.charts.interval_dots import Dot, chart_dots, dot_of
from disparity.site.charts.specification import sketch
from disparity.site.published_figures import Row, ratio
from disparity.site.rendering.svg import draw

DOTS = [
    Dot("As published", value=2.0, lower=1.5, upper=2.6, printed="2.00"),
    Dot("Residents as counted in 2011", value=4.0, lower=3.0, upper=5.2, printed="4.00"),
    Dot("Within the same areas", why="not known from these records"),
]


def draw_marks(dots, kind, **options):
    chart = chart_dots(dots, title="Times the rate", reference=1, reference_name="same rate", **options)
    svg = etree.fromstring(draw(sketch(chart, name="test")).svg)
    return svg.xpath(f"//*[starts-with(@class, 'mark-{kind} role-mark')]/*")


def across(mark):
    """How far from the left a mark starts."""
    return float(re.search(r"translate\(([-\d.]+)", mark.get("transform"))[1])


def test_a_row_is_a_dot_at_its_value_with_its_label_and_one_without_a_value_says_why():
    first, second = draw_marks(DOTS, "symbol")
    assert across(second) == pytest.approx(2 * across(first), rel=1e-3)
    texts = {mark.text for mark in draw_marks(DOTS, "text")}
    assert {"As published", "2.00", "4.00", "same rate", "Within the same areas"} <= texts
    assert "not known from these records" in texts


def test_the_range_is_shaded_behind_every_row():
    (band,) = draw_marks(DOTS, "rect", shaded=(1.4, 2.8))
    start, width = (float(number) for number in re.match(r"M([-\d.]+),[-\d.]+h([-\d.]+)", band.get("d")).groups())
    unit = across(draw_marks(DOTS, "symbol")[0]) / 2.0
    assert (start, start + width) == pytest.approx((1.4 * unit, 2.8 * unit), rel=1e-3)


def test_a_published_row_gives_its_dot_value_interval_and_what_is_printed():
    row = Row("sensitivity", 3, {"ratio": 2.437, "ratio_lower": 1.917, "ratio_upper": 3.097, "role": "headline"})
    dot = dot_of(row, "As published", style=ratio, column="ratio")
    assert (dot.value, dot.lower, dot.upper, dot.printed) == (2.437, 1.917, 3.097, "2.44")
    assert dot_of(None, "Areas", style=ratio, why="no places").why == "no places"
