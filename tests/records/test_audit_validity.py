"""Powers with dates: who used one that was not in force, in which month, and how often."""

import polars as pl
import pytest

from disparity.records.audit.files import audit_files
from disparity.records.audit.validity import audit_validity, read_powers
from disparity.records.coding import code_searches
from disparity.vocabulary.codes import codes_by_column
from support.builders import Row, make_raw

ORDERS, PROTEST = "Sentencing Act 2020 (section 342E)", "Public Order Act 2023 (section 11)"


def find(power: str, *days: str | None, month: str) -> list[tuple[int, str | None]]:
    """Rows and finding, of a month with a search on each of these days."""
    rows: list[Row] = [{"legislation": power, "searched_at": day and f"{day}T12:00:00+00:00"} for day in days]
    raw = make_raw(rows, force="fellshire", month=month)
    audit = audit_files(code_searches(raw), raw)
    return audit_validity(audit.submissions, audit.labels).select("rows", "finding").rows()


def test_an_order_that_had_ended_is_named_with_its_count_and_its_dates():
    assert find(ORDERS, "2025-11-03", "2025-11-04", month="2025-11") == [
        (2, f'"{ORDERS}" in 2 searches; it was in force from 19 April 2023 to 17 October 2025 only')
    ]


@pytest.mark.parametrize(
    ("power", "month", "days", "rows"),
    [
        (ORDERS, "2025-10", ["2025-10-16", "2025-10-17", "2025-10-18"], 1),
        (ORDERS, "2023-04", ["2023-04-18", "2023-04-19", "2023-04-20"], 1),
        (ORDERS, "2024-06", ["2024-06-01"], 0),
        (PROTEST, "2023-12", ["2023-12-19", "2023-12-20", "2023-12-21"], 1),
        (PROTEST, "2023-11", ["2023-11-30"], 1),
        (PROTEST, "2035-01", ["2035-01-01"], 0),
        # Without a day, any of the month may have been it.
        (PROTEST, "2023-12", [None], 0),
        (PROTEST, "2023-11", [None], 1),
    ],
)
def test_the_first_and_the_last_day_are_in_force_and_those_beside_them_are_not(power, month, days, rows):
    ((found, words),) = find(power, *days, month=month)
    assert (found, words is not None) == (rows, rows > 0)


def test_a_power_without_dates_is_not_asked():
    assert not find("Misuse of Drugs Act 1971 (section 23)", "2014-12-01", month="2014-12")


def test_every_power_of_the_table_is_a_code_and_its_days_are_in_order():
    powers = read_powers()
    assert set(powers["legislation"]) <= set(codes_by_column()["legislation"])
    assert powers.filter(pl.col("to") < pl.col("from")).is_empty()
