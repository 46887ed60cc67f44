"""The Home Office's open data tables, read: from the file to raw rows, coded searches and counts."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from disparity.records.audit.files import Audit, audit_files
from disparity.records.coding import code_searches
from disparity.records.counts import Counts, add_counts, count_searches
from disparity.sources.choice import choose_sources, log_supplies
from disparity.sources.home_office.rows import _count_searches, read_home_office
from disparity.sources.home_office.table import ROW, find_tables
from disparity.sources.police_uk import find_files
from disparity.sources.raw import RawFile, Supply
from disparity.vocabulary.codes import SELF_DEFINED, read_reference
from disparity.vocabulary.errors import DataError, RequestError
from support.builders import few, monthly_text, write_monthly
from support.home_office import BRITISH, HEADER, NAME, Row, write_ods, write_table

BLACK = "Black or Black British - African"
APRIL, JULY, JANUARY = date(2024, 4, 1), date(2024, 7, 1), date(2025, 1, 1)
YEAR = list(pl.date_range(APRIL, date(2025, 3, 1), "1mo", eager=True))


def read(folder: Path, rows: list[Row], *, overrides: bool | None = None) -> list[Supply]:
    return read_home_office([write_table(folder / "table.csv", rows)], overrides=overrides)


def read_raws(folder: Path, rows: list[Row]) -> list[RawFile]:
    return [raw for supply in read(folder, rows) for raw in supply.files]


def count(folder: Path, rows: list[Row]) -> Counts:
    return add_counts([count_searches(code_searches(raw)) for raw in read_raws(folder, rows)])


def audit(folder: Path, row: Row) -> Audit:
    (raw,) = read_raws(folder, [row])
    return audit_files(code_searches(raw), raw)


def code(folder: Path, row: Row, *columns: str) -> tuple[object, ...]:
    (raw,) = read_raws(folder, [row])
    return code_searches(raw).select(columns).row(0)


def refuse(paths: list[Path]) -> DataError:
    with pytest.raises(DataError) as error:
        read_home_office(paths, overrides=None)
    return error.value


# Which files


def test_a_table_is_known_by_its_ending_or_by_its_header_and_not_by_the_rest_of_its_name(tmp_path: Path) -> None:
    ods, csv = write_ods(tmp_path / "any.ods", [{}]), write_table(tmp_path / "other.csv", [{}])
    monthly = write_monthly(tmp_path / "portal", monthly_text([{}]))
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    assert find_tables([ods, csv, monthly]) == ([ods, csv], [monthly])
    assert find_tables([tmp_path]) == ([ods, csv], [tmp_path])


def test_the_spreadsheet_and_its_csv_give_the_same_rows(tmp_path: Path) -> None:
    rows: list[Row] = [{"number_of_searches": 12}, {"police_force_area": "Kent", "financial_year_quarter": "Q4"}]
    read = [
        read_home_office([path], overrides=None)
        for path in (write_ods(tmp_path / NAME, rows), write_table(tmp_path / "x.csv", rows))
    ]
    ods, csv = ([raw for supply in supplies for raw in supply.files] for supplies in read)
    assert [(raw.force, raw.month) for raw in ods] == [("kent", JANUARY), ("lancashire", APRIL)]
    assert all(one.rows.equals(other.rows) for one, other in zip(ods, csv, strict=True))
    assert ods[1].rows.select("number_of_searches", "source_row").row(0) == ("12", 1)


def test_columns_by_their_other_names_are_read(tmp_path: Path) -> None:
    header = [{"pfa code": "Geocode", "gender": "sex"}.get(name, name.replace("_", " ")) for name in HEADER]
    path = write_table(tmp_path / "x.csv", [{"gender": "Female", "pfa code": "E23000003"}], header=header)
    (supply,) = read_home_office([path], overrides=None)
    assert supply.files[0].rows["gender"].item() == "Female"


# Forces and quarters

NAMES = ["Avon & Somerset", "Devon & Cornwall", "London, City of", "Metropolitan Police", "British Transport Police"]
IDS = ["avon-and-somerset", "devon-and-cornwall", "city-of-london", "metropolitan", "btp"]


@pytest.mark.parametrize(("name", "force"), list(zip(NAMES, IDS, strict=True)))
def test_a_force_by_the_name_that_the_home_office_gives_it(tmp_path: Path, name: str, force: str) -> None:
    assert [supply.force for supply in read(tmp_path, [{"police_force_area": name, "pfa code": "0"}])] == [force]


def test_every_force_by_its_area_code_alone(tmp_path: Path) -> None:
    codes = {
        row["force_code"]: row["force"] for row in read_reference("forces") if row["country"] in {"england", "wales"}
    }
    rows: list[Row] = [{"police_force_area": "?", "pfa code": code} for code in codes]
    assert sorted(supply.force for supply in read(tmp_path, rows)) == sorted(codes.values())
    assert len(codes) == 43


@pytest.mark.parametrize(
    ("year", "quarter", "month"),
    [
        ("2024/25", "Q1", APRIL),
        ("2024-25", "2", JULY),
        ("2024/2025", "Quarter 3", date(2024, 10, 1)),
        ("2024/25", "Q4 (January to March)", JANUARY),
        ("1999/00", "Q4", date(2000, 1, 1)),
    ],
)
def test_a_quarter_begins_with_its_first_month(tmp_path: Path, year: str, quarter: str, month: date) -> None:
    (raw,) = read_raws(tmp_path, [{"financial_year": year, "financial_year_quarter": quarter}])
    assert (raw.month, raw.months) == (month, 3)
    assert raw.covers()[0] == month
    assert len(raw.covers()) == 3


@pytest.mark.parametrize(("year", "quarter"), [("2024/26", "Q1"), ("2024", "Q1"), ("2024/25", "Q5"), ("2024/25", "")])
def test_a_few_rows_without_a_quarter_are_set_aside_and_counted_by_their_searches(
    tmp_path: Path, year: str, quarter: str
) -> None:
    odd: Row = {"financial_year": year, "financial_year_quarter": quarter, "number_of_searches": 5}
    (supply,) = read(tmp_path, [*[{"number_of_searches": 2}] * 30, odd])
    assert (supply.rows_read, list(supply.set_aside.values())) == (65, [5])
    assert log_supplies([supply]).select("rows_before", "rows_after").row(0) == (65, 60)
    error = refuse([write_table(tmp_path / "all.csv", [odd])])
    assert (error.code, "1 of 1 rows" in error.what) == ("E148", True)


# Labels

TYPES = {
    "Drugs": "drugs_unspecified",
    "Offensive Weapons": "offensive_weapons",
    "Going Equipped": "going_equipped",
    "Stolen Property": "stolen_property",
    "Criminal Damage": "criminal_damage",
    "Firearms": "firearms",
    "Anticipation of Violence": "anticipation_of_violence",
    "Other": "other",
    "Terrorism Act 2000 section 43": "terrorism",
    "Serious Violence Reduction Order": "serious_violence_reduction_order",
    "Items in connection with protest related offences: suspicion-led": "protest",
    "Items in connection with protest related offences: suspicion-less": "protest",
    "Drone or Unmanned Aircraft": "other",
    "Looking suspicious": "not_recorded",
}


@pytest.mark.parametrize(("reason", "kind"), TYPES.items())
def test_the_reason_for_search_is_the_search_type(tmp_path: Path, reason: str, kind: str) -> None:
    assert code(tmp_path, {"reason_for_search": reason}, "search_type") == (kind,)


def test_the_reason_stands_where_the_legislation_says_another_and_is_counted(tmp_path: Path) -> None:
    rows: list[Row] = [
        {"legislation": "Section 60", "reason_for_search": "Drugs", "number_of_searches": 4},
        {"legislation": "Section 60", "reason_for_search": "Anticipation of Violence"},
    ]
    (supply,) = read(tmp_path, rows)
    assert list(supply.notes.values()) == [4]
    assert set(code_searches(supply.files[0])["search_type"]) == {"drugs_unspecified", "anticipation_of_violence"}


ACTIONS = {
    "Arrest": "arrest",
    "Caution": "caution",
    "Community Resolution": "community_resolution",
    "Guardian Intervention": "other_action",
    "Khat or Cannabis Warning": "drug_warning",
    "Other Action": "other_action",
    "Penalty Notice for Disorder": "penalty_notice",
    "Seizure of Property": "other_action",
    "Summons": "summons",
    "Verbal Warning or Words of Advice": "other_action",
    "Voluntary Attendance": "other_action",
}


@pytest.mark.parametrize(("outcome", "kind"), ACTIONS.items())
@pytest.mark.parametrize(("link", "status"), [("Linked", "found"), ("Not linked", "not_found"), ("Unknown", "unknown")])
def test_an_action_is_a_find_where_it_is_linked(
    tmp_path: Path, outcome: str, kind: str, link: str, status: str
) -> None:
    assert code(tmp_path, {"outcome": outcome, "link": link}, "outcome", "find_status") == (kind, status)


@pytest.mark.parametrize("link", ["Linked", "Not linked", "Nothing found", ""])
def test_no_further_action_is_never_a_find(tmp_path: Path, link: str) -> None:
    assert code(tmp_path, {"outcome": "No Further Action", "link": link}, "find_status") == ("not_found",)


def test_an_arrest_after_which_nothing_was_found_is_no_find(tmp_path: Path) -> None:
    assert code(tmp_path, {"outcome": "Arrest", "link": "Nothing found"}, "find_status") == ("not_found",)


ETHNICITIES = {
    BRITISH: ("W1", "White"),
    "White - Irish": ("W2", "White"),
    "White – Gypsy or Irish Traveller": ("W3", "White"),
    "Any other White background": ("W9", "White"),
    "Mixed - White and Black Caribbean": ("M1", "Mixed"),
    "Asian or Asian British - Any other Asian background": ("A9", "Asian"),
    "Other Ethnic Group - Chinese": ("A4", "Asian"),
    BLACK: ("B2", "Black"),
    "Other Ethnic Group - Arab": ("O1", "Other"),
    "Other Ethnic Group - Any other ethnic group": ("O9", "Other"),
    "Not stated": ("NS", "Not stated"),
    "Unknown": (None, None),
    "Martian": (None, None),
}


@pytest.mark.parametrize(("label", "coded"), ETHNICITIES.items())
def test_self_defined_ethnicity_is_coded(tmp_path: Path, label: str, coded: tuple[str | None, str | None]) -> None:
    columns = ("self_defined_ethnicity", "self_defined_group")
    assert code(tmp_path, {"self_defined_ethnicity": label}, *columns) == coded


def test_an_ethnicity_that_is_not_of_the_group_beside_it_stands_and_is_counted(tmp_path: Path) -> None:
    odd: Row = {"self_defined_ethnicity_group": "Black or Black British", "number_of_searches": 3}
    (supply,) = read(tmp_path, [odd, {"self_defined_ethnicity_group": "White"}])
    assert list(supply.notes.values()) == [3]
    assert set(code_searches(supply.files[0])["self_defined_group"]) == {"White"}


def test_an_unknown_label_is_counted_as_not_recorded_and_listed_with_its_searches(tmp_path: Path) -> None:
    labels = audit(tmp_path, {"outcome": "Sent home", "number_of_searches": 7}).labels
    assert labels.filter(~pl.col("is_known")).select("column", "label", "code", "rows").rows() == [
        ("outcome", "Sent home", None, 7)
    ]
    words = ("gender", "age_group", "officer_defined_ethnicity", "outcome", "link")
    assert audit(tmp_path, dict.fromkeys(words, "Unknown")).labels["is_known"].all()


@pytest.mark.parametrize("label", ["N/A - vehicle search", "Vehicle only"])
@pytest.mark.parametrize("columns", [("self_defined_ethnicity",), ("self_defined_ethnicity_group",)])
def test_a_search_of_a_vehicle_alone_is_excluded_and_counted(
    tmp_path: Path, label: str, columns: tuple[str, ...]
) -> None:
    row: Row = {**dict.fromkeys((*columns, "gender", "age_group"), label), "number_of_searches": 9}
    counted = audit(tmp_path, row)
    names = ("rows_read", "rows_kept", "rows_excluded", "rows_rejected", "unknown_labels")
    assert counted.submissions.select(names).row(0) == (9, 0, 9, 0, 0)
    assert count(tmp_path, [row]).cells.is_empty()


AGES = ["Under 10", "10-17", "18-24", "25-29", "30 or over"]


def test_ages_keep_the_home_offices_bands(tmp_path: Path) -> None:
    people = count(tmp_path, [{"age_group": age, "number_of_searches": 2} for age in AGES]).people
    assert sorted(people["age_group"]) == sorted(age.lower() for age in AGES)
    assert not {"25-34", "over 34"} & set(people["age_group"])


# Counts


def test_a_row_counts_for_all_its_searches_in_every_table(tmp_path: Path) -> None:
    rows: list[Row] = [
        {"number_of_searches": 40},
        {"number_of_searches": 10, "outcome": "Arrest", "link": "Linked"},
        {"number_of_searches": 3, "outcome": "Summons", "link": "Not linked"},
        {"number_of_searches": 2, "outcome": "Caution", "link": ""},
        {"number_of_searches": 1, "outcome": "", "link": ""},
    ]
    counts = count(tmp_path, rows)
    cell = counts.cells.filter(ethnicity_basis=SELF_DEFINED).row(0, named=True)
    assert (cell["force"], cell["month"], cell["ethnic_group"]) == ("lancashire", APRIL, "White")
    assert {name: cell[name] for name in ("searches", "found", "not_found", "outcomes", "actions", "arrests")} == {
        "searches": 56,
        "found": 10,
        "not_found": 43,
        "outcomes": 55,
        "actions": 15,
        "arrests": 10,
    }
    assert (cell["not_found_after_action"], cell["unknown_after_action"]) == (3, 2)
    assert (cell["clothing_recorded"], cell["clothing_removed"]) == (0, 0)
    assert [counts.ethnicities["searches"].sum(), counts.people["searches"].sum()] == [56, 56]
    assert counts.profiles["searches"].sum() == 56
    assert counts.areas.is_empty()


@few
@given(st.lists(st.integers(1, 5), min_size=1, max_size=8))
def test_a_row_of_n_searches_counts_as_n_rows_of_one(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    outcomes = ("Arrest", "No Further Action", "Caution")
    kinds: list[Row] = [{"outcome": outcomes[place % 3], "age_group": AGES[place % 5]} for place in range(len(sizes))]
    whole = count(folder, [kind | {"number_of_searches": size} for kind, size in zip(kinds, sizes, strict=True)])
    single = count(folder, [kind for kind, size in zip(kinds, sizes, strict=True) for _ in range(size)])
    assert whole.cells.equals(single.cells)
    assert whole.people.equals(single.people)
    assert whole.cells.filter(ethnicity_basis=SELF_DEFINED)["searches"].sum() == sum(sizes)


ABSENT_ITEMS = ["object_of_search_not_recorded", "searched_at_not_recorded", "coordinates_not_recorded"]


@pytest.mark.parametrize("item", [*ABSENT_ITEMS, "is_clothing_removed_not_recorded", "midnight_utc", "out_of_month"])
def test_what_the_tables_never_hold_is_not_applicable_rather_than_blank(tmp_path: Path, item: str) -> None:
    assert audit(tmp_path, {}).submissions.select(item, f"{item}_of").row(0) == (0, 0)


def test_duplicates_cannot_be_told_in_a_table_of_counts(tmp_path: Path) -> None:
    assert audit(tmp_path, {"number_of_searches": 5}).submissions["duplicate_rows"].to_list() == [None]


# Files that are refused


@pytest.mark.parametrize("number", ["", "-", "*", "1.5", "-3", "1,23", "many"])
def test_a_number_of_searches_that_is_not_a_whole_number_is_refused_with_its_line(tmp_path: Path, number: str) -> None:
    error = refuse([write_table(tmp_path / "x.csv", [{}, {"number_of_searches": number}])])
    assert (error.code, error.where, error.found) == ("E144", "x.csv", "line 3")


@pytest.mark.parametrize(
    "row",
    [
        {"police_force_area": "Fellshire"},
        {"police_force_area": "England and Wales"},
        {"police_force_area": ""},
        {"police_force_area": "Kent", "pfa code": "E23000003"},
    ],
)
def test_a_force_that_is_not_known_or_is_two_is_refused_by_name(tmp_path: Path, row: Row) -> None:
    error = refuse([write_table(tmp_path / "x.csv", [{}, row])])
    assert (error.code, error.found) == ("E145", repr(row["police_force_area"]))


def test_a_missing_column_is_named_with_the_nearest(tmp_path: Path) -> None:
    header = [{"link": "region 2", "reason_for_search": "reason_for_the_search"}.get(name, name) for name in HEADER]
    error = refuse([write_table(tmp_path / "x.csv", [{}], header=header)])
    assert error.code == "E111"
    assert error.found.startswith(
        "no column 'reason_for_search' (nearest: 'reason_for_the_search'), 'link'; line 1 has "
    )
    assert "'police_force_area'" in error.found  # a known label of the header; others are counted
    assert "region 2" not in error.found


def test_a_column_under_two_names_is_refused(tmp_path: Path) -> None:
    header = ["sex" if name == "region" else name for name in HEADER]
    assert refuse([write_table(tmp_path / "x.csv", [{}], header=header)]).code == "E109"


def test_a_workbook_without_the_sheet_names_those_it_has(tmp_path: Path) -> None:
    error = refuse([write_ods(tmp_path / NAME, [{}], sheet="SS_20")])
    assert (error.code, error.found) == ("E146", "sheets 'Cover_sheet', 'SS_20'")


@pytest.mark.parametrize("content", [b"", b"<!DOCTYPE html><html></html>", b"PK\x03\x04 cut short"])
def test_what_is_no_spreadsheet_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    assert refuse([tmp_path / NAME]).code == "E147"


def test_a_table_without_rows_is_refused_as_empty(tmp_path: Path) -> None:
    assert refuse([write_table(tmp_path / "x.csv", [])]).code == "E101"
    assert refuse([write_ods(tmp_path / NAME, [])]).code == "E101"


def test_a_csv_that_is_cut_short_is_refused_as_any_other(tmp_path: Path) -> None:
    path = write_table(tmp_path / "x.csv", [{"self_defined_ethnicity": "White - Irish"}] * 2)
    path.write_bytes(path.read_bytes()[:-30])
    assert refuse([path]).code == "E106"


# Together


def test_several_years_files_are_read_together(tmp_path: Path) -> None:
    files = [
        write_table(tmp_path / f"{year}.csv", [{"financial_year": year, "number_of_searches": size}])
        for year, size in (("2023/24", 3), ("2024/25", 4))
    ]
    supplies = read_home_office(files, overrides=None)
    assert [(supply.files[0].month.year, supply.rows_read) for supply in supplies] == [(2023, 3), (2024, 4)]


@pytest.mark.parametrize("name", ["a.csv", "b.csv"])
def test_one_quarter_in_two_tables_names_both_and_so_does_one_table_given_twice(tmp_path: Path, name: str) -> None:
    one, other = write_table(tmp_path / "a.csv", [{}]), write_table(tmp_path / name, [{}])
    error = refuse([one, other])
    assert (error.code, error.where) == ("E143", f"a.csv and {name}")
    assert "lancashire, the quarter from 2024-04" in error.what


@pytest.mark.parametrize(("overrides", "sources"), [(True, [3]), (False, [])])
def test_the_project_file_says_whether_tables_or_monthly_files_win(
    tmp_path: Path, overrides: bool, sources: list[int]
) -> None:
    write_monthly(tmp_path / "m", monthly_text([{}], month="2024-05"), force="lancashire", month="2024-05")
    monthly = find_files([tmp_path / "m"])[0]
    supplies = read(tmp_path, [{}, {"police_force_area": "Kent"}], overrides=overrides)
    files, raws = choose_sources(monthly, supplies, forces=["lancashire"], months=YEAR)
    assert [raw.months for raw in raws] == sources
    assert len(files) == 1 - len(sources)


def test_without_a_choice_a_month_within_the_quarter_is_an_error_that_names_both_files(tmp_path: Path) -> None:
    write_monthly(tmp_path / "m", monthly_text([{}], month="2024-05"), force="lancashire", month="2024-05")
    with pytest.raises(RequestError) as error:
        choose_sources(find_files([tmp_path / "m"])[0], read(tmp_path, [{}]), forces=[], months=YEAR)
    assert (error.value.code, error.value.what) == ("E142", "two sources hold lancashire, 2024-05")
    assert error.value.where == "table.csv and 2024-05/2024-05-lancashire-stop-and-search.csv"
    assert "home_office_overrides = true" in error.value.what_now


@pytest.mark.parametrize(("first", "last"), [(1, 12), (0, 11), (0, 2)])
def test_months_that_cut_a_quarter_are_refused(tmp_path: Path, first: int, last: int) -> None:
    rows: list[Row] = [{"financial_year_quarter": quarter} for quarter in ("Q1", "Q4")]
    with pytest.raises(RequestError) as error:
        choose_sources([], read(tmp_path, rows), forces=[], months=YEAR[first:last])
    assert (error.value.code, error.value.where) == ("E141", "table.csv")


def test_quarters_outside_the_months_and_forces_asked_for_are_left_alone(tmp_path: Path) -> None:
    rows: list[Row] = [{"financial_year_quarter": quarter} for quarter in ("Q1", "Q2", "Q4")]
    _, raws = choose_sources(
        [], read(tmp_path, [*rows, {"police_force_area": "Kent"}]), forces=["lancashire"], months=YEAR[3:6]
    )
    assert [(raw.force, raw.month) for raw in raws] == [("lancashire", JULY)]


def test_thousands_that_a_spreadsheet_separated_are_numbers() -> None:
    written = pl.DataFrame({ROW: [1, 2, 3], "number_of_searches": ["1,204", "12", "1,234,567.0"]})
    assert _count_searches(written).to_list() == [1_204, 12, 1_234_567]
    for wrong in ("1,20", "12,34", ",204", "1,2045"):
        with pytest.raises(DataError, match="E144"):
            _count_searches(pl.DataFrame({ROW: [1], "number_of_searches": [wrong]}))
