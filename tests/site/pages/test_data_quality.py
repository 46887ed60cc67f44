"""Data quality: what a check found is said with its months."""

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from disparity.site.pages.data_quality import _list_failed, _say_meaning
from disparity.site.published_figures import Row
from support import example, protected_site

SUITES = Path(__file__).parents[3] / "expectations"
MONTHS = [date(2024, month, 1) for month in (4, 5, 6)]
CHECK = {
    **{"table": "columns", "column": "gender", "severity": "warning", "is_met": False, "force": "kent"},
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


def test_a_number_said_in_words_is_no_sentence():
    (check,) = list_failed(fail("2024-04", "under 0.0001", limits="at least 0.0001"))
    assert (check["sentences"], check["when"]) == ([], "April 2024")


@pytest.mark.parametrize(
    ("column", "means"),
    [
        ("outcome_not_recorded_share", "Those searches are in no find, arrest or action rate."),
        ("link_false_share", "Read the find rate as the share of searches with an action."),
        ("link_not_recorded_jump", "The find rate is then an estimate, or only its limits are given."),
        ("rows_against_median", "A difference between groups is stated only if it holds without these records."),
        ("finding", ""),
    ],
)
def test_a_reader_is_told_what_a_check_means_for_the_figures(column, means):
    (check,) = list_failed(fail("2024-04", None, column=column))
    assert check["means"] == means


def test_every_column_that_is_checked_says_what_it_means_or_says_it_itself():
    checked = {
        expectation["kwargs"].get("column", "")
        for suite in SUITES.glob("*.json")
        for expectation in json.loads(suite.read_text(encoding="utf-8"))["expectations"]
    }
    # What these find is said in their own words.
    silent = {"finding", "status", "rows_rejected", "filtering", "official_difference_share", ""}
    assert {column for column in checked if not _say_meaning(column)} == silent


def test_nothing_on_the_page_is_addressed_to_the_publisher():
    for path, page in example.pages().items():
        if path.endswith("data-quality.html"):
            words = page.text_content()
            assert "What now" not in words
            assert "sk the force" not in words


def test_the_months_are_a_strip_of_what_is_here_in_doubt_and_missing():
    states = {
        (path, item.xpath("string(@class)"))
        for path, page in example.pages().items()
        for item in page.xpath("//ol[@class='month-list']/li")
    }
    assert {state for _, state in states} >= {"here", "missing"}
    page = example.pages()["mereside/data-quality.html"]
    named = [item.xpath("string(b)") for item in page.xpath("//ol[@class='month-list']/li")]
    assert len(named) == len(set(named)) == len(list(example.settings().months()))


def test_every_big_table_is_folded_under_an_answer():
    for page in (example.pages()["fellshire/data-quality.html"], *_restricted()):
        assert page.xpath("//table")
        assert not page.xpath("//main//table[not(ancestor::details)]")


def _restricted():
    return [example.read_pages(protected_site.site())["data-quality.html"]]
