"""Thin lines of dated events in pictures of months: each at its month, no letter on another, none beyond the months."""

from datetime import date

import pytest

from disparity.site.charts.months import LETTER, MARGIN, _place_rules, chart_months
from disparity.site.charts.specification import NARROW, WIDE
from disparity.site.published_figures import Row
from disparity.vocabulary.calendar import month_range, number_month
from support.vega_lite import hold_schema

MONTHS = month_range(date(2015, 1, 1), date(2023, 12, 1))
# As many as begin in these years in the Metropolitan Police, some of them in the same month or the next.
RULES = {
    **{date(2015, 3, 1): "a", date(2019, 4, 1): "b c", date(2019, 8, 1): "d", date(2020, 3, 1): "e"},
    **{date(2020, 11, 1): "f", date(2020, 12, 1): "g", date(2021, 1, 1): "h", date(2021, 7, 1): "i"},
    **{date(2021, 12, 1): "j", date(2022, 5, 1): "k", date(2023, 1, 1): "l", date(2023, 12, 1): "m"},
}


def rows():
    return [
        Row("monthly", place, {"month": month, "ethnic_group": "All", "numerator": 100 + place, "span": "a month"})
        for place, month in enumerate(MONTHS, start=1)
    ]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_no_name_lies_on_another(width):
    ends = MONTHS[0], MONTHS[-1]
    step = (width - MARGIN) / (number_month(ends[1]) - number_month(ends[0]))
    spans = []
    for rule in _place_rules(RULES, ends, width):
        at, long = step * (number_month(rule.month) - number_month(ends[0])), LETTER * (len(rule.name) + 1)
        spans.append((rule.line, at, at + long) if rule.side == "left" else (rule.line, at - long, at))
    assert len(spans) == len(RULES)
    for place, (line, first, last) in enumerate(spans):
        for other, start, end in spans[place + 1 :]:
            assert line != other or last <= start or end <= first
    assert max(last for *_, last in spans) <= width - MARGIN + 1


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_every_event_within_the_months_has_its_line_and_no_other(width):
    beyond = RULES | {date(2014, 12, 1): "x", date(2024, 1, 1): "y"}
    layout = chart_months(rows(), measure="searches", title="Searches", stretches={}, rules=beyond)
    hold_schema(layout)
    chart = layout(width)
    named = [row for data in chart["datasets"].values() for row in data if "name" in row]
    assert {row["month"]: row["name"] for row in named} == {each.isoformat(): name for each, name in RULES.items()}
    # What says nothing when it is pointed at has no description.
    lines = [layer for layer in chart["layer"] if layer["mark"]["type"] == "rule"]
    assert lines
    assert not any("description" in layer["encoding"] for layer in lines)


def test_without_events_a_picture_is_as_it_was():
    layout = chart_months(rows(), measure="searches", title="Searches", stretches={})
    assert [layer["mark"]["type"] for layer in layout(WIDE)["layer"]] == ["line", "point", "point", "text"]
