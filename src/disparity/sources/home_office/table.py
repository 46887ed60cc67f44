"""Find and read the Home Office's `stop-search-open-data-tables-*.ods`, or the same table saved as CSV."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl

from disparity.sources.confined import open_workbook
from disparity.sources.extent import read_table_bytes
from disparity.sources.header import LONGEST_HEADER, join_words, name_nearest, show_header, split_header
from disparity.sources.police_uk import MONTHLY_NAME
from disparity.sources.preflight import UTF_16_MARKS, check_bytes, read_rows
from disparity.vocabulary.errors import DataError, printable

SHEET = "open_data"
# Header, as words joined by "_" → our column. The publisher has changed its mind about a few.
COLUMNS = {
    "financial_year": "financial_year",
    "financial_year_quarter": "quarter",
    "pfa_code": "force_code",
    "geocode": "force_code",
    "police_force_area": "force_area",
    "legislation": "legislation",
    "reason_for_search": "reason_for_search",
    "outcome": "outcome",
    "link": "is_outcome_linked",
    "self_defined_ethnicity": "self_defined_ethnicity",
    "self_defined_ethnicity_group": "self_defined_group",
    "officer_defined_ethnicity": "officer_defined_ethnicity",
    "gender": "gender",
    "sex": "gender",
    "age_group": "age_group",
    "number_of_searches": "number_of_searches",
}
OPTIONAL = {"force_code"}
ENOUGH_TO_KNOW_A_HEADER = 6
ROW = "source_row"


@dataclass(frozen=True)
class HomeOfficeTable:
    """`rows` has `source_row` (1 is the first below the header) and every column of COLUMNS, all text."""

    name: str
    sha256: str
    bytes: int
    rows: pl.DataFrame


def find_tables(paths: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """Separate the Home Office's tables from what is left for the reader of monthly files; folders are for both."""
    tables: list[Path] = []
    others: list[Path] = []
    for path in paths:
        if path.is_dir():
            tables += [file for file in sorted(path.rglob("*")) if _is_table(file)]
        if _is_table(path):
            tables.append(path)
        else:
            others.append(path)
    return tables, others


def _is_table(path: Path) -> bool:
    kind = path.suffix.lower()
    if kind == ".ods":
        return path.is_file()
    if kind != ".csv" or MONTHLY_NAME.fullmatch(path.name) or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            start = file.read(LONGEST_HEADER)
    except OSError:
        return False  # the reader of monthly files says why
    if start.startswith(UTF_16_MARKS):  # to be refused as what it is
        start = start.decode("utf-16", errors="ignore").encode()
    header = split_header(start)
    return sum(join_words(label) in COLUMNS for label in header) >= ENOUGH_TO_KNOW_A_HEADER


def read_table(path: Path) -> HomeOfficeTable:
    """Read a table; every value is text, blank is null.

    Raises:
        DataError: it is no spreadsheet or CSV, has no sheet of that name, or lacks a column.
    """
    content = read_table_bytes(path)
    header, body, sheets = _read_sheet(content) if path.suffix.lower() == ".ods" else _read_csv(content)
    places = _place_columns(header, sheets)
    rows = body.select(
        pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).alias(ROW),
        *(pl.col(body.columns[place]).str.strip_chars().replace("", None).alias(n) for n, place in places.items()),
    )
    absent = [pl.lit(None, pl.String).alias(column) for column in OPTIONAL - set(places)]
    rows = rows.filter(~pl.all_horizontal(pl.exclude(ROW).is_null())).with_columns(absent)
    if rows.is_empty():
        raise DataError(
            "the file is empty",
            found="a header and no row below it",
            what_now="download it again (`disparity fetch open-data`)",
            code="E101",
        )
    return HomeOfficeTable(printable(path.name), hashlib.sha256(content).hexdigest(), len(content), rows)


def _read_csv(content: bytes) -> tuple[list[str], pl.DataFrame, list[str]]:
    check_bytes(content)
    return split_header(content), read_rows(content), []


def _read_sheet(content: bytes) -> tuple[list[str], pl.DataFrame, list[str]]:
    """Give the header, the rows and the sheets that there are."""
    try:
        workbook = open_workbook(content)
        sheets = list(workbook.sheet_names)
        sheet = next((sheet for sheet in sheets if join_words(sheet) == SHEET), None)
        # Asked for text, it writes whole numbers without ".0".
        cells = workbook.load_sheet(sheet, header_row=None, dtypes="string") if sheet else None
    except fastexcel.FastExcelError:
        raise DataError(
            "the spreadsheet cannot be read",
            found="not a workbook, a damaged one, or one with a password",
            what_now="download it again; if you saved it yourself, save it as ODS",
            code="E147",
        ) from None
    if cells is None:
        raise DataError(
            f"the spreadsheet has no sheet {SHEET!r}",
            found=f"sheets {', '.join(map(repr, sheets))}",
            what_now="take the file of open data tables, not the summary tables",
            code="E146",
        )
    if cells.is_empty():
        raise DataError(
            "the file is empty",
            found=f"sheet {sheet!r} of {', '.join(map(repr, sheets))}",
            what_now="download it again (`disparity fetch open-data`)",
            code="E101",
        )
    return [value or "" for value in cells.row(0)], cells[1:], sheets


def _place_columns(header: list[str], sheets: list[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, label in enumerate(header):
        column = COLUMNS.get(join_words(label))
        if column in places:
            raise DataError(
                f"two columns are both {column!r}",
                found=f"columns {places[column] + 1} and {place + 1}",
                what_now="take the file as published",
                code="E109",
            )
        if column:
            places[column] = place
    missing = [column for column in dict.fromkeys(COLUMNS.values()) if column not in places and column not in OPTIONAL]
    if missing:
        theirs = {ours: label for label, ours in COLUMNS.items()}
        names = [f"{theirs[column]!r}{name_nearest(column, header, COLUMNS)}" for column in missing]
        raise DataError(
            "the file is not a table of the Home Office's open data on stop and search",
            found=f"no column {', '.join(names)}"
            + show_header(header, lambda label: join_words(label) in COLUMNS)
            + (f" (sheet {SHEET!r} of {', '.join(map(repr, sheets))})" if sheets else ""),
            what_now="take the file as published, with its header in the first line of the sheet",
            code="E111",
        )
    return places
