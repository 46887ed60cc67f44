"""The list of doubts: what was observed and expected of each, what rests on it, and what protected counts say."""

from datetime import date

import polars as pl

from disparity.records.audit.doubt_list import (
    OBSERVED,
    flag_doubts,
    list_doubts,
    list_months_in_doubt,
    list_periods_in_doubt,
    name_kinds,
)
from disparity.records.audit.files import YEAR_COLUMNS, Audit
from disparity.vocabulary.calendar import cut_periods
from disparity.vocabulary.doubts import DOUBTS, OF_A_YEAR

FIRST, LAST = date(2022, 4, 1), date(2024, 3, 1)
PERIODS = cut_periods(FIRST, LAST)
EARLIER, LATER = (date(2022, 4, 1), date(2023, 3, 1)), (date(2023, 4, 1), date(2024, 3, 1))


def audit(months: dict[date, str], years: dict[tuple[date, date], str] | None = None) -> Audit:
    """Months and years of Kent, with their doubts."""
    seen = {column: 9.0 for column, _, _ in OBSERVED.values() if column != "records_against_official"}
    listed = [
        {"force": "kent", "month": month, "days": 30, "days_covered": 10, "doubts": months.get(month), **seen}
        for month in PERIODS["month"]
    ]
    of_years = [
        {"force": "kent", "period_from": span[0], "period_to": span[1], "doubts": why, "records_against_official": 2.2}
        for span, why in (years or {}).items()
    ]
    table = pl.DataFrame([dict.fromkeys(YEAR_COLUMNS) | row for row in of_years], schema=YEAR_COLUMNS)
    submissions = pl.DataFrame(listed, infer_schema_length=None).cast({"doubts": pl.String})
    return Audit(submissions, pl.DataFrame(), table)


SEPTEMBER, MAY = date(2022, 9, 1), date(2023, 5, 1)
SINGLE = list_doubts(audit({SEPTEMBER: "part_of_month,far_from_usual", MAY: "capped"}), PERIODS)


def test_every_doubt_has_words_and_what_shows_it():
    assert list(OBSERVED) == [*DOUBTS, *OF_A_YEAR]


def test_each_doubt_is_a_row_with_what_was_observed_and_expected():
    rows = SINGLE.select("month", "doubt", "observed", "at_least", "at_most", "days", "days_covered").rows()
    assert rows == [
        (SEPTEMBER, "part_of_month", 9.0, 0.0001, None, 30, 10),
        (SEPTEMBER, "far_from_usual", 9.0, 0.55, 1.8, 30, 10),
        (MAY, "capped", 9.0, None, 2.0, 30, 10),
    ]
    assert SINGLE.select("period_from", "period_to").unique(maintain_order=True).rows() == [EARLIER, LATER]


def test_months_in_doubt_are_left_out_and_no_other():
    assert sorted(list_months_in_doubt(SINGLE, PERIODS).rows()) == [("kent", SEPTEMBER), ("kent", MAY)]
    assert list_periods_in_doubt(SINGLE).rows() == [("kent", *EARLIER), ("kent", *LATER)]


def test_of_a_year_far_from_its_own_total_no_month_is_left():
    doubts = list_doubts(audit({}, {EARLIER: "official_total"}), PERIODS)
    assert doubts.select("month", "observed", "at_least", "at_most").rows() == [(None, 2.2, 0.8, 1.25)]
    assert list_months_in_doubt(doubts, PERIODS)["month"].sort().to_list() == PERIODS["month"].to_list()[:12]


def test_an_earlier_total_is_told_and_leaves_no_month_out():
    doubts = list_doubts(audit({}, {LATER: "earlier_official_total"}), PERIODS)
    assert doubts.height == 1
    assert list_months_in_doubt(doubts, PERIODS).is_empty()
    assert list_periods_in_doubt(doubts).is_empty()


def flags(rows: list[dict[str, object]]) -> list[bool]:
    return flag_doubts(pl.DataFrame([{"force": "kent", **row} for row in rows]), SINGLE)["in_doubt"].to_list()


def test_figures_are_marked_by_their_month_their_quarter_or_their_period():
    assert flags([{"month": SEPTEMBER}, {"month": date(2022, 10, 1)}]) == [True, False]
    spans = [EARLIER, LATER, (date(2021, 4, 1), date(2022, 3, 1)), (MAY, date(2023, 7, 1))]
    assert flags([{"period_from": first, "period_to": last} for first, last in spans]) == [True, True, False, True]


def test_a_share_by_month_is_marked_by_its_own_month():
    year = {"period_from": EARLIER[0], "period_to": EARLIER[1]}
    rows = [("month", "2022-09-01"), ("month", "2022-10-01"), ("area", "Harbour")]
    assert flags([{**year, "breakdown": of, "category": name} for of, name in rows]) == [True, False, True]


def test_of_protected_counts_the_kinds_of_a_period_are_told_alone():
    """Neither which month, nor how many, nor how far."""
    twice = list_doubts(audit({SEPTEMBER: "capped", date(2022, 11, 1): "capped,one_date"}), PERIODS)
    kinds = name_kinds(twice)
    assert kinds["doubt"].to_list() == ["capped", "one_date"]
    for name in ("month", "observed", "at_least", "at_most", "days", "days_covered"):
        assert kinds[name].null_count() == kinds.height
