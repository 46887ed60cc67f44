"""Where the table of an extract begins and ends: titles, Excel's hint, totals, notes, ghosts, sheets."""

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

import polars as pl
import pytest

from disparity.project.extract_mapping import ExtractSettings
from disparity.records.completeness import find_losses
from disparity.sources.choice import log_supplies
from disparity.sources.extract.proposal import propose_mapping
from disparity.sources.extract.rows import BLANK, TOTALS, read_extract
from disparity.sources.raw import Supply
from disparity.vocabulary.errors import DataError, RequestError
from support.extracts import read_as_proposed
from support.workbook import write_workbook

HEADER = ("Ref", "Date of search", "Ethnic appearance", "Outcome", "Item found")
ROWS = tuple(
    (
        f"S{number}",
        f"{number % 28 + 1:02}/04/2026 10:05",
        ("IC1", "IC3")[number % 2],
        ("NFA", "Arrest")[number % 2],
        "N",
    )
    for number in range(40)
)
TITLES = ("Stop and search extract", "Force: Fellshire Police, April 2026", "")
COLUMNS = {"record_id": "Ref", "searched_at": "Date of search", "outcome": "Outcome"}


def write(path: Path, *lines: Sequence[str], gap: str = ",", above: str = "", below: str = "") -> Path:
    text = "\n".join(gap.join(line) for line in (lines or (HEADER, *ROWS)))
    path.write_text(f"{above}{text}\n{below}", encoding="utf-8")
    return path


def read(path: Path, **more: object) -> Supply:
    given = {"columns": COLUMNS, "date_format": "%d/%m/%Y %H:%M", **more}
    return read_extract(ExtractSettings.model_validate({"file": path, "force": "fellshire", **given}))


def rows_of(supply: Supply) -> pl.DataFrame:
    return pl.concat([raw.rows for raw in supply.files])


def pad(*lines: Sequence[str]) -> list[list[str]]:
    return [[*line, *[""] * (len(HEADER) - len(line))] for line in lines]


@pytest.mark.parametrize("is_padded", [True, False])
def test_titles_above_the_header_of_a_csv_are_no_rows(tmp_path: Path, is_padded: bool) -> None:
    titles = [(title,) for title in TITLES]
    path = write(tmp_path / "a.csv", *(pad(*titles) if is_padded else titles), HEADER, *ROWS)
    assert rows_of(read(path)).equals(rows_of(read(write(tmp_path / "plain.csv"))))
    proposed = propose_mapping(path, force="fellshire")
    assert "# Lines above the header, which are no rows: 3." in proposed
    assert read_as_proposed(path).height == 40


def test_lines_of_a_fault_are_counted_from_a_header_that_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", ("Extract",), HEADER, ROWS[0], ROWS[1][:-2], ROWS[2])
    with pytest.raises(DataError, match="E107") as error:
        read(path)
    assert error.value.found == "line 3 (counted from the header, which is line 2 of the file)"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_titles_are_seen_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    plain = write(tmp_path / "plain.csv", ("Séarch extract",), ("Printed 1 May 2026",), HEADER, *ROWS)
    path = tmp_path / "a.csv"
    path.write_text(plain.read_text(encoding="utf-8"), encoding=encoding)
    assert read_as_proposed(path).height == 40


def test_a_header_of_two_lines_is_the_lower_one(tmp_path: Path) -> None:
    """Groups of columns stand above it, in merged cells."""
    groups = ("Search", "", "Person", "Result", "")
    path = write_workbook(tmp_path / "a.xlsx", {"Data": [("Extract",), groups, HEADER, *map(in_cells, range(40))]})
    assert read_as_proposed(path).height == 40


@pytest.mark.parametrize("gap", [";", "\t", ","])
@pytest.mark.parametrize("hint", ["sep={}\n", '"sep={}"\n', "SEP={}\r\n"])
def test_excels_hint_of_a_separator_is_no_row_and_is_taken(tmp_path: Path, gap: str, hint: str) -> None:
    path = write(tmp_path / "a.csv", gap=gap, above=hint.format(gap))
    assert read(path, separator=gap).rows_read == 40
    assert read_as_proposed(path).height == 40


@pytest.mark.parametrize(
    "below",
    [
        "Total,40,,,\n",
        "Grand Total:,,,,40\n",
        ",,,,40\n",
        "Total\n",
        "Total searches: 40\n",
        "\n\nEnd of report\nPrinted 01/05/2026\n",
        ",,,,\nOFFICIAL,,,,\n",
        "Subtotal,20,,,\nTotal,40,,,\nSource: records system,,,,\n",
    ],
)
def test_totals_and_notes_below_the_rows_are_no_searches_and_no_loss(tmp_path: Path, below: str) -> None:
    supply = read(write(tmp_path / "a.csv", below=below))
    assert rows_of(supply).height == 40
    assert set(supply.set_aside) <= {TOTALS, BLANK}
    assert supply.set_aside[TOTALS] == sum(bool(line.strip(", ")) for line in below.splitlines())
    assert supply.rows_read == 40 + sum(supply.set_aside.values())
    counts = {"rows_read": 40, "rows_rejected": 0, "searched_at_not_a_date": 0, "before_2014": 0, "after_month": 0}
    audit = pl.DataFrame({"force": "fellshire", **counts})
    assert find_losses(audit, log_supplies([supply])).is_empty()


def test_the_end_of_a_value_of_several_lines_is_no_note(tmp_path: Path) -> None:
    grounds = ("S40", "30/04/2026 10:05", "IC1", "NFA", '"Seen.\nTotal loss of control"')
    assert rows_of(read(write(tmp_path / "a.csv", HEADER, *ROWS, grounds))).height == 41


def test_blank_values_at_the_end_of_a_row_above_a_note_stay(tmp_path: Path) -> None:
    last = ("S40", "30/04/2026 10:05", "IC1", "", "")
    path = write(tmp_path / "a.tsv", HEADER, *ROWS, last, gap="\t", below="Total\t41\n")
    assert rows_of(read(path, separator="\t")).height == 41


@pytest.mark.parametrize("last", ["S40,30/04/2026 10:05", "S40", "S40,30/04/2026 10:05,IC1,NF"])
def test_a_last_row_that_was_cut_off_is_no_total(tmp_path: Path, last: str) -> None:
    with pytest.raises(DataError, match="E106"):
        read(write(tmp_path / "a.csv", below=last))


def test_a_row_that_holds_little_is_a_row_all_the_same(tmp_path: Path) -> None:
    little = ("", "30/04/2026 10:05", "", "", "")
    assert rows_of(read(write(tmp_path / "a.csv", HEADER, *ROWS, little))).height == 41


def test_empty_columns_at_the_end_are_none(tmp_path: Path) -> None:
    blank = ["", "", ""]
    for name, header in (("a.csv", [*HEADER, *blank]), ("b.csv", list(HEADER))):
        path = write(tmp_path / name, header, *([*row, *blank] for row in ROWS))
        assert rows_of(read(path)).height == 40
        assert read_as_proposed(path).height == 40


def test_a_value_beyond_the_header_is_still_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", HEADER, *([*row, "x"] for row in ROWS))
    with pytest.raises(DataError, match="E108"):
        read(path)


def test_a_data_row_is_never_taken_for_the_header_of_a_table_that_has_a_short_one(tmp_path: Path) -> None:
    header = ("Ref", "Date of search", "", "Outcome", "")
    rows = [(*row[:2], "some words", row[3], "other words") for row in ROWS]
    assert rows_of(read(write(tmp_path / "a.csv", header, *rows))).height == 40


def in_cells(number: int) -> tuple[object, ...]:
    return (f"S{number}", datetime(2026, 4, number % 28 + 1, 10, 5), ("IC1", "IC3")[number % 2], "NFA", "N")


def test_a_workbook_with_a_cover_titles_and_ghosts_reads_as_its_rows(tmp_path: Path) -> None:
    data = [("Stop and search",), ("April 2026",), (), HEADER, *map(in_cells, range(40)), ("Total", 40)]
    cover = [("Stop and search data",), ("Owner", "Records team"), ("Date", date(2026, 5, 1))]
    path = write_workbook(
        tmp_path / "a.xlsx", {"Cover": cover, "Data": data, "Lists": [("NFA",), ("Arrest",)]}, ghosts=30, merged=5
    )
    supply = read(path, sheet="Data")
    assert rows_of(supply).height == 40
    assert supply.set_aside == {TOTALS: 1}
    assert rows_of(supply)["searched_at"][0] == "2026-04-01T09:05:00+00:00"
    proposed = propose_mapping(path, force="fellshire")
    assert 'sheet = "Data"  # CHECK: or "Cover", "Lists"' in proposed
    assert read_as_proposed(path).height == 40


def test_a_sheet_that_is_named_is_the_one_proposed(tmp_path: Path) -> None:
    sheets = {"2025": [HEADER, *map(in_cells, range(40))], "2026": [HEADER, *map(in_cells, range(30))]}
    path = write_workbook(tmp_path / "a.xlsx", sheets)
    assert 'sheet = "2026"\n' in propose_mapping(path, force="fellshire", sheet="2026")
    assert read_as_proposed(path, sheet="2026").height == 30
    with pytest.raises(RequestError, match="E134") as error:
        propose_mapping(path, force="fellshire", sheet="2024")
    assert error.value.found == "'2025', '2026'"


def test_date_cells_and_time_cells_in_two_columns_are_put_together(tmp_path: Path) -> None:
    header = ("Search date", "Search time", "Outcome")
    rows = [(date(2026, 1, number % 28 + 1), time(number % 24, 20), "NFA") for number in range(40)]
    path = write_workbook(tmp_path / "a.xlsx", {"Data": [("Extract of January",), header, *rows]}, ghosts=3)
    assert read_as_proposed(path)["searched_at"].dt.strftime("%d %H:%M").to_list() == [
        f"{day:%d} {clock:%H:%M}" for day, clock, _ in rows
    ]
