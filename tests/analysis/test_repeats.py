"""Searches of people searched before: counted from the keys by hand, and left out where numbers do not add up."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from disparity.analysis.repeats import rate_repeats
from disparity.disclosure.open import Detail
from disparity.project.extract_mapping import ExtractSettings
from disparity.records.coding import code_searches
from disparity.records.counts import Counts, add_counts, count_searches
from disparity.sources.extract.rows import read_extract
from disparity.vocabulary.calendar import cut_periods

YEAR = cut_periods(date(2024, 4, 1), date(2025, 3, 1))
MONTHS = [f"{month:02}/{2024 if month > 3 else 2025}" for month in (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)]


def count(folder: Path, keys: list[str], periods: pl.DataFrame = YEAR, *, kinds: str = "person") -> Counts:
    """Count an extract of a search a day in turn of the months: a key each, blank for none."""
    lines = [f"{place // 12 % 28 + 1:02}/{MONTHS[place % 12]},W1,{kinds},{key}" for place, key in enumerate(keys)]
    path = folder / "x.csv"
    path.write_text("\n".join(["Date,SDE,Kind,Nominal ref", *lines]) + "\n", encoding="utf-8")
    columns = {"search_date": "Date", "self_defined_ethnicity": "SDE", "subject": "Kind", "person_key": "Nominal ref"}
    settings = ExtractSettings.model_validate(
        {"file": path, "force": "fellshire", "columns": columns, "date_format": "%d/%m/%Y"}
    )
    return count_searches(code_searches(*read_extract(settings, periods).files))


def shares(counts: Counts, periods: pl.DataFrame = YEAR) -> dict[str, tuple[int, int, float | None]]:
    rows = rate_repeats(Detail(counts), periods).filter(ethnic_group="All")
    return {
        name: (n, of, value)
        for name, n, of, value in rows.select("measure", "numerator", "denominator", "value").rows()
    }


def test_both_shares_are_those_of_the_keys(tmp_path: Path) -> None:
    keys = [f"N{place * place % 37}" for place in range(240)]
    searched = Counter(keys)
    often = sum(number >= 5 for number in searched.values())
    assert shares(count(tmp_path, keys)) == {
        "repeat_search_share": (240 - len(searched), 240, (240 - len(searched)) / 240),
        "searched_five_times_share": (often, len(searched), often / len(searched)),
    }


def test_a_key_is_one_whatever_its_case_and_another_year_begins_anew(tmp_path: Path) -> None:
    two = cut_periods(date(2024, 10, 1), date(2025, 3, 1)).vstack(cut_periods(date(2024, 4, 1), date(2024, 9, 1)))
    rows = rate_repeats(Detail(count(tmp_path, ["n1", "N1"] * 12, two)), two).filter(measure="repeat_search_share")
    assert rows.filter(ethnic_group="All").select("numerator", "denominator").rows() == [(11, 12), (11, 12)]


def test_where_too_few_rows_have_a_key_there_are_bounds_alone(tmp_path: Path) -> None:
    keys = ["A", "A", "B", "", ""] * 24
    row = rate_repeats(Detail(count(tmp_path, keys)), YEAR).filter(ethnic_group="All").row(0, named=True)
    assert (row["value"], row["status"]) == (None, "not_measurable")
    assert (row["lower_bound"], row["upper_bound"]) == (70 / 120, (70 + 48) / 120)


def test_vehicles_are_of_nobody(tmp_path: Path) -> None:
    assert count(tmp_path, ["A"] * 24, kinds="vehicle").repeats.is_empty()


def test_numbers_of_two_readings_do_not_add_up(tmp_path: Path) -> None:
    one, other = (count(tmp_path, keys) for keys in (["A", "B"] * 24, ["A", "C", "D"] * 16))
    both = add_counts([one, other])
    assert both.repeats["searches"].sum() == 96
    assert shares(both) == {}
    assert len(shares(one)) == 2


def test_numbers_of_other_months_are_left_out(tmp_path: Path) -> None:
    half = cut_periods(date(2024, 4, 1), date(2024, 9, 1))
    assert shares(count(tmp_path, ["A", "B"] * 24, half)) == {}


def test_nothing_that_leaves_the_reading_tells_a_key_or_one_person_from_another(tmp_path: Path) -> None:
    counts = count(tmp_path, [f"NOM{place % 9}" for place in range(60)])
    assert counts.repeats.columns == ["force", "month", "reading", "self_defined_group", "search_of_person", "searches"]
    assert set(counts.repeats["search_of_person"]) == {1, 2, 3, 4, 5, 6}
    assert counts.repeats["reading"].n_unique() == 1


def test_a_force_that_tells_no_person_has_no_row(tmp_path: Path) -> None:
    counts = count(tmp_path, ["A"] * 24)
    assert shares(replace(counts, repeats=counts.repeats.clear())) == {}
