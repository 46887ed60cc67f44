"""The last three months beside the first three, worked out by hand."""

from datetime import date

import polars as pl
import pytest

from disparity.analysis.reasons.quarters import compare_quarters
from disparity.vocabulary.calendar import cut_periods, months_from

APRIL = date(2019, 4, 1)
SEARCHES = [100, 110, 90, 120, 120, 120, 120, 120, 120, 150, 200, 157]
SEARCHED, FOUND = "searches_first_and_last_quarter", "find_rate_first_and_last_quarter"


def month_rows(searches=SEARCHES, start=APRIL, **changed):
    """Searches of each month, of which one in ten found something; `changed` by the number of the month."""
    rows = []
    for place, (month, n) in enumerate(zip(months_from(start, len(searches)), searches, strict=True)):
        shared = {"month": month, "force": "kent", "ethnic_group": "All", "in_doubt": False, "status": "measured"}
        shared |= changed.get(f"at_{place}", {})
        numerator = shared.pop("numerator", n)
        rows.append({**shared, "measure": "search_rate", "numerator": numerator, "denominator": 900.0})
        rows.append({**shared, "measure": "find_rate", "numerator": n // 10, "denominator": float(n)})
    return pl.DataFrame(rows)


def compared(monthly, first=APRIL, last=date(2020, 3, 1)):
    rows = compare_quarters(monthly, cut_periods(first, last))
    return {(row["analysis"], row["component"]): row["value"] for row in rows.iter_rows(named=True)}


def test_searches_of_the_first_and_last_three_months_and_their_rise():
    """100 + 110 + 90 = 300; 150 + 200 + 157 = 507; 507 / 300 - 1 = 0.69. Finds: 30 of 300; 15 + 20 + 15 = 50 of 507."""
    values = compared(month_rows())
    assert values[SEARCHED, "first_quarter"] == 300
    assert values[SEARCHED, "last_quarter"] == 507
    assert values[SEARCHED, "rise"] == pytest.approx(0.69)
    assert values[FOUND, "first_quarter"] == pytest.approx(0.1)
    assert values[FOUND, "last_quarter"] == pytest.approx(50 / 507)


def test_fewer_searches_are_a_fall_and_as_many_are_neither():
    assert compared(month_rows(SEARCHES[::-1]))[SEARCHED, "fall"] == pytest.approx(1 - 300 / 507)
    assert set(compared(month_rows([100] * 12))) & {(SEARCHED, "rise"), (SEARCHED, "fall")} == set()


@pytest.mark.parametrize("at", ["at_0", "at_2", "at_9", "at_11"])
@pytest.mark.parametrize("changed", [{"in_doubt": True}, {"numerator": None}])
def test_a_month_missing_or_in_doubt_at_either_end_leaves_no_comparison_of_searches(at, changed):
    assert not [key for key in compared(month_rows(**{at: changed})) if key[0] == SEARCHED]


def test_a_month_in_doubt_in_the_middle_changes_nothing():
    assert compared(month_rows(at_5={"in_doubt": True})) == compared(month_rows())


def test_find_rates_are_compared_only_where_each_month_has_one():
    values = compared(month_rows(at_1={"status": "partial"}))
    assert (SEARCHED, "rise") in values
    assert not [key for key in values if key[0] == FOUND]


def test_only_the_latest_whole_year_is_compared():
    two_years = month_rows([500] * 12 + SEARCHES, start=date(2018, 4, 1))
    assert compared(two_years, first=date(2018, 4, 1)) == compared(month_rows())
    assert compared(month_rows(SEARCHES[:11]), last=date(2020, 2, 1)) == {}
