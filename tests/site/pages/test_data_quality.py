"""Data quality: what a check found is said with its months."""

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from disparity.site.pages.data_quality import _are_months_doubted, _list_failed, _say_meaning, _tabulate_doubts
from disparity.site.published_figures import Row, plain
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
    tables = {"checks": rows, "submissions": submissions}
    edition = SimpleNamespace(tables=tables, rows_of=lambda table, _force: tables[table])
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


def test_an_object_that_the_power_contradicts_is_named_and_the_type_follows_the_power():
    named = 'object of search is "Fireworks" in 10,918 of 17,395 searches that say. That is 62.8%'
    other = fail("2024-04", "0.99", column="drug_power_other_object_share", why="the object is wrong")
    check = next(each for each in list_failed(other, fail("2024-04", named)) if each["why"] == "the object is wrong")
    assert check["means"] == (
        "Types here follow the power: they count as searches for drugs, whatever object is recorded. The object "
        "recorded most is “Fireworks”."
    )
    (check,) = list_failed(other)
    assert check["means"].endswith("whatever object is recorded.")


def test_part_of_a_month_is_told_in_days():
    """ "Under 0.0001" was printed as what was observed of a month that ends early."""
    part = {"month": MONTHS[0], "doubt": "part_of_month", "meaning": "part of the month", "observed": 1e-9}
    row = Row("doubts", 1, part | {"days_covered": 29, "days": 30, "at_least": 0.0001, "at_most": None})
    (cells,) = _tabulate_doubts(SimpleNamespace(protection=None, rows_of=lambda *_: [row]), "kent").rows
    assert [plain(cell.main) for cell in cells[2:]] == ["29 of 30 days", "every day"]


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


@pytest.mark.parametrize(
    ("doubts", "of_months"),
    [(["earlier_official_total"], False), (["official_total", "capped"], True), (["one_date"], True), ([], False)],
)
def test_a_year_that_is_in_doubt_is_not_called_months(doubts, of_months):
    """Protected counts name no month."""
    assert _are_months_doubted([Row("doubts", 1, {"doubt": doubt, "month": None}) for doubt in doubts]) == of_months


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
    return [protected_site.pages()["data-quality.html"]]
