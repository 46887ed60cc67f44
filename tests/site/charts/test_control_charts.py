"""The control chart: months between limits, signals named, new starts seen, gaps left open."""

from datetime import date

import pytest
from lxml import etree

from disparity.site.charts.control_charts import chart_control
from disparity.site.charts.specification import NARROW, WIDE, sketch
from disparity.site.published_figures import Row
from disparity.site.rendering.svg import draw
from support.drawings import look
from support.vega_lite import hold_schema

LIMITS = {"centre": 10.0, "lower": 4.0, "upper": 16.0}


def month(number, value=10.0, **changed):
    values = {
        "month": date(2020 + (number - 1) // 12, (number - 1) % 12 + 1, 1),
        **{"measure": "search_rate", "value": value, "signals": None, "status": "measured"},
        **{"baseline": date(2020, 1, 1), "baseline_reason": None},
    }
    return Row("control", number, values | LIMITS | changed)


def series(changes=None, size=12):
    changes = changes or {}
    return [month(number, **changes.get(number, {})) for number in range(1, size + 1)]


def restarted():
    new = {"baseline": date(2020, 7, 1), "baseline_reason": "New form.", "centre": 12.0, "lower": 6.0, "upper": 18.0}
    return [Row("control", row.number, row.values | (new if row.number >= 7 else {})) for row in series()]


def make(rows):
    chart = chart_control(rows, title="Searches per 1,000 residents a year")
    hold_schema(chart)
    return chart


def marks(rows, kind):
    svg = etree.fromstring(draw(sketch(make(rows), name="control")).wide)
    return svg.xpath(f"//*[starts-with(@class, 'mark-{kind} role-mark')]/*")


def words(rows):
    return [text.text for text in marks(rows, "text") if text.text and look(text, "stroke") != "#ffffff"]


def data(rows, holding):
    return next(values for values in make(rows)(WIDE)["datasets"].values() if holding in values[0])


def diamonds(rows):
    return [symbol for symbol in marks(rows, "symbol") if look(symbol, "fill") == "#F46A25"]


def test_centre_and_limits_are_lines_with_names():
    assert sorted(words(series())) == ["average", "limit", "limit"]
    assert {step["value"] for step in data(series(), "line")} == {10.0, 4.0, 16.0}


@pytest.mark.slow
def test_a_month_that_stands_out_is_a_diamond_with_a_name():
    rows = series({6: {"value": 17.0, "signals": "beyond_3_sigma"}})
    assert len(diamonds(rows)) == 1
    assert "outside limits" in words(rows)
    assert not diamonds(series())


def test_a_month_with_two_signals_is_named_by_the_weightier():
    rows = series({6: {"value": 17.0, "signals": "beyond_3_sigma,2_of_3_beyond_2_sigma"}})
    assert "near a limit" not in words(rows)
    assert "outside limits" in words(rows)


def test_months_in_a_row_are_all_marked_and_named_once():
    rows = series({number: {"value": 9.0, "signals": "9_on_one_side"} for number in (9, 10, 11)})
    assert len(diamonds(rows)) == 3
    assert words(rows).count("long on one side") == 1


def test_a_name_stands_away_from_the_line():
    rows = series({6: {"value": 17.0, "signals": "beyond_3_sigma"}, 9: {"value": 3.0, "signals": "beyond_3_sigma"}})
    sides = {value["month"][:7]: value["side"] for value in data(rows, "starts") if "side" in value}
    assert sides == {"2020-06": "center above", "2020-09": "right below"}


def test_names_of_signals_near_each_other_are_on_lines_of_their_own():
    """On a telephone "near a limit" lay on "long on one side", four months later."""
    low = {"value": 4.5, "signals": "2_of_3_beyond_2_sigma"}
    rows = series({5: low, 6: low, 9: {"value": 4.6, "signals": "9_on_one_side"}}, size=24)
    held = make(rows)(NARROW)["datasets"].values()
    first, second = (value["dy"] for values in held for value in values if "dy" in value)
    assert second - first >= 14
    alone = [
        value["dy"]
        for values in make(series({9: low}, size=24))(NARROW)["datasets"].values()
        for value in values
        if "dy" in value
    ]
    assert alone == [first]


@pytest.mark.slow
def test_a_new_start_is_a_step_of_the_limits_and_a_named_line():
    rows = restarted()
    centres = {step["line"]: step["value"] for step in data(rows, "line") if step["label"] == "average"}
    assert centres == {"centre 2020-01-01": 10.0, "centre 2020-07-01": 12.0}
    assert "starts anew" in words(rows)
    old = [step["month"] for step in data(rows, "line") if step["line"] == "centre 2020-01-01"]
    new = [step["month"] for step in data(rows, "line") if step["line"] == "centre 2020-07-01"]
    assert max(old) == min(new) == "2020-07-01"
    assert "starts anew" not in words(series())


def test_a_month_without_a_value_is_a_gap():
    lines = [line.get("d") for line in marks(series({6: {"value": None}}), "line")]
    assert sorted(line.count("M") for line in lines) == [1, 1, 1, 2]


def test_a_partial_month_carries_no_point():
    rows = series({6: {"status": "partial"}})
    assert [value["value"] for value in data(rows, "starts")][5] is None


def test_a_series_without_limits_is_a_line_alone():
    rows = [Row("control", row.number, row.values | dict.fromkeys(LIMITS)) for row in series(size=5)]
    assert words(rows) == []
    assert len(marks(rows, "symbol")) == 5


def test_the_scale_starts_at_zero_and_holds_every_point_and_limit():
    rows = series({6: {"value": 40.0}})
    first, last = make(rows)(WIDE)["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert first == 0
    assert last > 40
