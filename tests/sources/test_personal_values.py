"""Columns that hold details of a person whatever their header says, by the shape of their values."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from disparity.project.extract_mapping import ExtractSettings
from disparity.sources.extract.personal_values import look_like_births, name_personal
from disparity.sources.extract.proposal import propose_mapping
from disparity.sources.extract.rows import read_extract
from disparity.vocabulary.errors import DataError

RANKED = ("PC Brown", "PC Khan", "PS 1234 Jones")


def look(*values: str, ours: str = "area") -> str:
    return name_personal(pl.Series("Column", values), ours)


@pytest.mark.parametrize(
    ("values", "shape"),
    [
        (RANKED, "a rank and a name"),
        (("pcso o’neill", "DC Smith-Jones", "Sgt. Lee"), "a rank and a name"),
        (("PC 1234", "PC4321", "DC 555"), "a rank and a name"),
        (("1234 PC Brown", "4321 Sgt Khan", "Brown, PC 1234"), "a rank and a name"),
        (("T/Sgt Brown", "A/Insp Khan", "Special Constable Lee", "Chief Inspector Mary Ann Lee"), "a rank and a name"),
        (("17/01/2009", "26/09/2007", "01/06/99"), "dates of birth"),
        (("2009-01-17 00:00:00", "2007-09-26", "1999-06-01"), "dates of birth"),
        (("17-Jan-2009", "26 September 2007", "1 Jun 99"), "dates of birth"),
        (("07700 900123", "+44 7700 900124", "01772-900125"), "telephone numbers"),
        (("PR1 2AB", "pr12ac", "M1 1AE"), "postcodes"),
        (("1 High Street, Preston PR1 2AB", "2 Low Street, PR1 2AC", "PR1 2AD"), "postcodes"),
        (("a@example.org", "b@example.org", "c.d@example.org"), "e-mail addresses"),
        (("AB12 CDE", "ab12cdf", "YX71 ZZZ"), "vehicle registrations"),
        (("AB 12 34 56 C", "ab123457d", "JG 10 37 59 A"), "National Insurance numbers"),
        (("Mr John Smith", "Ms Khan", "MRS O’Neill"), "a title and a name"),
    ],
)
def test_several_values_of_a_persons_details_are_told(values: tuple[str, ...], shape: str) -> None:
    assert look(*values, *("North",) * 900) == shape


@pytest.mark.parametrize(
    "values",
    [
        ("North", "South", "PR1", "PR2", "B7"),
        ("PS North", "PS South", "PS East", "DC Team", "PC Unit"),
        ("W1 White British", "NS Not stated", "A2 Pakistani", "O9 Any other"),
        ("S.23 Misuse of Drugs Act 1971", "s47 Firearms Act 1968", "PSA 2016 s36", "PACE s1"),
        ("NFA", "PND", "Caution (simple/conditional)", "PC", "Sgt"),
        ("10-17", "18-24", "25-34", "over 34", "39", "17.0"),
        ("Postal Requisition / Summons", "Insp of premises and of cars at the roadside"),
        ("St James", "St Martin's", "St John's", "Taylor Street", "Harris Park", "Grant Ward"),
        ("Op Taylor", "Operation Lewis", "Op Harrison"),
        ("Darwen", "Preston City", "Burnley", "Lewisham", "Mitcham", "Harrow", "Kensington and Chelsea"),
        ("Arrest", "Khat warning", "Other", "Nothing found"),
    ],
)
def test_labels_are_no_details_of_a_person(values: tuple[str, ...]) -> None:
    assert look(*values) == ""


def test_one_slip_among_labels_is_none_and_one_value_in_every_row_is() -> None:
    assert look("North", "South", "PC Brown") == ""
    assert look("North", "South", "PC Brown", "PC Khan", *("East",) * 9) == ""
    assert look("PR1 2AB", "PR1 2AB", "North") == "postcodes"


def test_columns_of_time_and_grounds_and_long_record_numbers_are_what_they_are() -> None:
    assert look("17/01/2009", "26/09/2007", "01/06/1999", ours="search_date") == ""
    assert look(*RANKED, ours="grounds") == ""
    assert look("07700900123", "07700900124", "07700900125", ours="record_id") == ""
    assert look(*RANKED, ours="record_id") == "a rank and a name"


@pytest.mark.parametrize(
    "values",
    [
        ("Smith", "Jones", "Khan", "Trelawney"),
        ("John", "Mohammed", "Aisha", "Kirsty", "Zed"),
        ("SMITH, John", "Khan Ali", "Zebedee", "Aisha Begum"),
    ],
)
def test_names_are_told_by_the_commonest_of_them(values: tuple[str, ...]) -> None:
    assert look(*values) == look(*values, ours="record_id") == look(*values, ours="") == "names of persons"


def test_a_column_of_free_text_is_no_area() -> None:
    text = "Seen by the officer in the alley behind the shops, walking away at speed from a group, and then stopped"
    assert look("North", "South", text) == "free text"
    assert look("North", "South", text, ours="outcome") == ""


def test_dates_of_birth_are_told_from_dates_of_search_by_the_years_they_are_spread_over() -> None:
    years = [1950 + number for number in range(60)]
    for form in ("{:02}/04/{}", "{:02}-Apr-{}"):
        assert look_like_births(pl.Series("Date", [form.format(year % 28 + 1, year) for year in years]))
        assert not look_like_births(pl.Series("Date", [form.format(year % 28 + 1, 2014 + year % 12) for year in years]))
    short = [f"01/02/{year % 100:02}" for year in years if year >= 1970]
    assert look_like_births(pl.Series("Date", short))
    assert look_like_births(pl.Series("Date", [f"{year}-04-01 00:00:00" for year in years]))
    assert not look_like_births(pl.Series("Date", ["01/02/1990"] * 3))


def test_a_column_without_values_is_none() -> None:
    assert name_personal(pl.Series("Column", [None, None], dtype=pl.String), "area") == ""


def write(folder: Path, header: str, values: tuple[str, ...]) -> Path:
    path = folder / "a.csv"
    rows = "".join(f"{day:02}/04/2026,{value},NFA\n" for day, value in enumerate(values, start=1))
    path.write_text(f"Search Date,{header},Disposal\n{rows}", encoding="utf-8")
    return path


def test_a_mapped_column_of_names_stops_and_no_name_is_said(tmp_path: Path) -> None:
    path = write(tmp_path, "Sector", RANKED)
    mapping: dict[str, Any] = {"search_date": "Search Date", "area": "Sector"}
    settings = ExtractSettings(file=(path,), force="fellshire", columns=mapping, date_format="%d/%m/%Y")
    with pytest.raises(DataError) as error:
        read_extract(settings)
    assert str(error.value).splitlines() == [
        "the column 'Sector', mapped as area, looks like personal data (E127)",
        "  where:    a.csv",
        "  found:    several of its values look like a rank and a name",
        "  what now: delete the line `area = ...`, or give it a column that tells of no person; "
        "leave this one out of the export",
    ]


def test_the_proposal_neither_maps_nor_lists_them(tmp_path: Path) -> None:
    proposed = propose_mapping(write(tmp_path, "Area", RANKED), force="fellshire")
    assert "area =" not in proposed
    assert "Brown" not in proposed
    assert '# Personal by their values, never read: "Area"' in proposed


MANY = range(40)
DETAILS = {
    "telephone numbers": [f"07700 900{number:03}" for number in MANY],
    "postcodes": [f"PR{number % 9 + 1} {number % 9}AB" for number in MANY],
    "e-mail addresses": [f"p{number}@example.org" for number in MANY],
    "vehicle registrations": [f"AB{number + 10} CDE" for number in MANY],
    "National Insurance numbers": [f"AB1234{number + 10}C" for number in MANY],
    "a rank and a name": [f"PC {4000 + number}" for number in MANY],
    "names of persons": [("Smith", "Khan", "Jones", "Zebedee")[number % 4] for number in MANY],
    "dates of birth": [f"{number % 28 + 1:02}/02/{1960 + number}" for number in MANY],
}


@pytest.mark.parametrize("header", ["Ref2", "Ref No", "Area", "Ward", "Start date", "Operation name"])
@pytest.mark.parametrize("shape", DETAILS)
def test_no_header_hides_the_details_of_a_person(shape: str, header: str, tmp_path: Path) -> None:
    """Neither proposed as anything, nor listed, nor read where somebody maps it."""
    path = write_days(tmp_path, header, DETAILS[shape])
    proposed = propose_mapping(path, force="fellshire")
    assert f'# Personal by their values, never read: "{header}"' in proposed
    assert not [value for value in DETAILS[shape] if value in proposed]
    ours = {"Ref": "record_id", "Sta": "search_date", "Ope": "operation"}.get(header[:3], "area")
    if (ours, shape) == ("record_id", "telephone numbers"):
        return  # a number that an analyst has named as the record's, and that is shown nowhere
    columns = {"search_date": "Search Date", ours: header}
    settings = ExtractSettings(file=(path,), force="fellshire", columns=columns, date_format="%d/%m/%Y")
    if ours == "search_date" and shape != "dates of birth":
        return  # no date of it reads
    with pytest.raises(DataError, match="E127") as error:
        read_extract(settings)
    assert error.value.found == f"several of its values look like {shape}"
    assert not [value for value in DETAILS[shape] if value in str(error.value)]


def write_days(folder: Path, header: str, values: list[str]) -> Path:
    path = folder / "a.csv"
    rows = "".join(f"{day % 28 + 1:02}/04/2026,{value},NFA\n" for day, value in enumerate(values))
    path.write_text(f"Search Date,{header},Disposal\n{rows}", encoding="utf-8")
    return path


def test_the_proposal_lists_officers_and_occurrences_as_personal_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "Search Date,Occurrence No,Searching Officer,Disposal\n30/04/2026,1,PC Brown,NFA\n", encoding="utf-8"
    )
    proposed = propose_mapping(path, force="fellshire")
    assert '# Personal by name, never read: "Occurrence No", "Searching Officer"' in proposed
    assert "Not mapped, so not read" not in proposed
