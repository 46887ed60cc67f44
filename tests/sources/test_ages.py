"""Ages in whole years are read into the portal's bands without a line in the project file."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from disparity.project.extract_mapping import ExtractSettings
from disparity.records.coding import code_searches
from disparity.sources.extract.ages import band_ages
from disparity.sources.extract.proposal import propose_mapping
from disparity.sources.extract.rows import read_extract
from disparity.vocabulary.codes import AGE_GROUPS, HOME_OFFICE_AGE_GROUPS

MAPPING = {"search_date": "Search Date", "age_group": "Age At Stop"}


@pytest.mark.parametrize(
    ("years", "band"),
    [
        *(("1", "under 10"), ("9", "under 10"), ("10", "10-17"), ("17", "10-17"), ("18", "18-24"), ("24", "18-24")),
        *(
            ("25", "25-34"),
            ("34", "25-34"),
            ("35", "over 34"),
            ("36", "over 34"),
            ("119", "over 34"),
            ("09", "under 10"),
        ),
        ("17.0", "10-17"),
    ],
)
def test_a_band_begins_with_its_first_year(years: str, band: str) -> None:
    assert band_ages(pl.Series([years]), "data.police.uk").to_list() == [band]
    assert band in AGE_GROUPS


@pytest.mark.parametrize("value", ["0", "120", "999", "-1", "17.5", "17 years", "10-17", "35+", "", "unknown"])
def test_what_is_no_age_in_whole_years_stays_for_the_mapping_and_the_audit(value: str) -> None:
    assert band_ages(pl.Series([value]), "data.police.uk").to_list() == [value]


@pytest.mark.parametrize(
    ("years", "band"), [("9", "under 10"), ("24", "18-24"), ("25", "25-29"), ("29", "25-29"), ("30", "30 or over")]
)
def test_the_home_offices_bands_are_its_own(years: str, band: str) -> None:
    assert band_ages(pl.Series([years]), "Home Office").to_list() == [band]
    assert band in HOME_OFFICE_AGE_GROUPS


def test_blank_stays_blank() -> None:
    assert band_ages(pl.Series([None, "17"], dtype=pl.String), "data.police.uk").to_list() == [None, "10-17"]


def write(folder: Path, *ages: str) -> Path:
    path = folder / "a.csv"
    rows = "".join(f"{number % 28 + 1:02}/04/2026,{age},NFA\n" for number, age in enumerate(ages))
    path.write_text(f"Search Date,Age At Stop,Disposal\n{rows}", encoding="utf-8")
    return path


def read(path: Path, **more: Any) -> list[str | None]:
    settings = ExtractSettings(file=(path,), force="fellshire", columns=MAPPING, date_format="%d/%m/%Y", **more)
    return code_searches(*read_extract(settings).files)["age_group"].to_list()


def test_an_extract_of_ages_needs_no_lines(tmp_path: Path) -> None:
    assert read(write(tmp_path, "9", "17", "35", "")) == ["under 10", "10-17", "over 34", None]


def test_a_line_of_the_project_file_wins_over_the_rule(tmp_path: Path) -> None:
    path = write(tmp_path, "17", "99", "0")
    assert read(path, values={"age_group": {"99": "", "0": ""}}) == ["10-17", None, None]


def test_the_project_file_says_whose_bands(tmp_path: Path) -> None:
    assert read(write(tmp_path, "17", "29", "35"), age_bands="Home Office") == ["10-17", "25-29", "30 or over"]


def test_the_proposal_maps_ages_and_lists_none_however_many_there_are(tmp_path: Path) -> None:
    path = write(tmp_path, *map(str, range(1, 100)), "Unknown", "0")
    proposed = propose_mapping(path, force="fellshire")
    assert 'age_group = "Age At Stop"\n' in proposed
    assert "# Ages in whole years need no lines" in proposed
    lines = proposed.partition("[extracts.values.age_group]\n")[2].partition("\n\n")[0].splitlines()
    assert lines == ['"Unknown" = ""  # from: unknown', '"0" = ""  # CHECK: is it? (from: 0)']


def test_the_proposal_has_no_table_of_ages_where_all_are_in_years(tmp_path: Path) -> None:
    assert "values.age_group" not in propose_mapping(write(tmp_path, "17", "35"), force="fellshire")
