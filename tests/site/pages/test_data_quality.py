"""Data quality: what a check found is said with its months."""

from datetime import date
from types import SimpleNamespace

from disparity.site.pages.data_quality import _list_failed
from disparity.site.published_figures import Row

MONTHS = [date(2024, month, 1) for month in (4, 5, 6)]
CHECK = {
    **{"table": "columns", "severity": "warning", "is_met": False, "force": "kent"},
    **{"limits": "", "why": "w", "what_now": "n"},
}


def fail(month: str, found: str | None, **values: object) -> Row:
    return Row("checks", 1, CHECK | {"month": month, "observed": found} | values)


def list_failed(*rows: Row) -> list[dict]:
    submissions = [Row("submissions", 1, {"month": month, "months": 1}) for month in MONTHS]
    edition = SimpleNamespace(tables={"checks": rows}, rows_of=lambda _table, _force: submissions)
    return _list_failed(edition, "kent")


def test_each_thing_that_was_found_has_its_own_months():
    (check,) = list_failed(
        fail("2024-04", "gender is Other"), fail("2024-05", "gender is Other"), fail("2024-06", "age is 18-24")
    )
    assert check["sentences"] == ["April 2024 to May 2024: gender is Other", "June 2024: age is 18-24"]


def test_what_was_found_of_a_period_names_the_period():
    (check,) = list_failed(fail("2024-04/2025-03", "no search is of unknown ethnicity", table="years"))
    assert check["sentences"] == ["Year ending March 2025: no search is of unknown ethnicity"]


def test_a_check_that_says_no_more_has_its_months_alone():
    (check,) = list_failed(fail("2024-04", None), fail("2024-06", "0.4"), fail("2024-04", None, force="essex"))
    assert (check["sentences"], check["when"]) == ([], "April 2024, June 2024")


def test_a_number_said_in_words_stands_beside_its_limits_and_is_no_sentence():
    (check,) = list_failed(fail("2024-04", "under 0.0001", limits="at least 0.0001"))
    assert (check["sentences"], check["when"]) == ([], "April 2024")
    assert (check["observed"], check["limits"]) == (["under 0.0001"], "at least 0.0001")
