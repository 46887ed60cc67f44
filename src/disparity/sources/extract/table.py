"""Read a CSV, XLSX or Parquet file to text: the same table whichever of the three it came in.

Only the columns asked for are kept. No message of a parser is passed on: it may quote rows, which are
about people.
"""

import codecs
import csv
import hashlib
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl

from disparity.sources.confined import Workbook, open_workbook, read_parquet
from disparity.sources.extent import Dialect, check_columns, read_table_bytes
from disparity.sources.extract.bounds import (
    FIRST_LINES,
    cut_titles,
    cut_totals,
    find_header,
    find_totals,
    widen_header,
)
from disparity.sources.neighbours import refuse_neighbours_header
from disparity.sources.preflight import UTF_8, check_bytes, read_rows, recode
from disparity.vocabulary.errors import DataError, RequestError

TEXT_FILES = (".csv", ".txt", ".tsv")
SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
PARQUET = ".parquet"
LONGEST_VALUE = 100_000  # bytes; an extract may hold grounds, in free text
MOST_VALUES = 30_000_000  # a million searches in thirty columns
ROW = "source_row"

# How a date that the file holds as a date, not as text, is written here.
TYPED_DATE = "%Y-%m-%d %H:%M:%S"
TYPED_ZONED = "%Y-%m-%d %H:%M:%S%z"


@dataclass(frozen=True)
class Layout:
    """What a file does not say of itself."""

    sheet: str = ""
    encoding: str = "utf-8"
    separator: str = ","


@dataclass(frozen=True)
class Table:
    """`rows` has `source_row` (1 is the first below the header) and the columns asked for, all text.

    A row without a value in any column, asked for or not, is no row, nor is a total or a note below the rows:
    `blank_rows` and `total_rows` count them. `titles` counts the lines above the header.
    """

    name: str
    sha256: str
    bytes: int
    rows: pl.DataFrame
    headers: tuple[str, ...]  # all that the file has, in order
    has_typed_dates: bool  # the kind of file that can hold a date as a date
    blank_rows: int
    total_rows: int = 0
    titles: int = 0
    sheets: tuple[str, ...] = ()  # of a workbook
    sheet: str = ""


def read_table(
    path: Path,
    layout: Layout,
    *,
    is_wanted: Callable[[str], bool],
    is_looked_at: Callable[[str], bool] = lambda header: False,
) -> Table:
    """Read the columns whose header `is_wanted`; the header is the line that holds them.

    Args:
        is_looked_at: columns that are read too, if there is one of the name.

    Raises:
        RequestError: the file is not there, of another kind, or the sheet is not in it.
        DataError: it cannot be read, or a wanted header is there twice.
    """
    kind = path.suffix.lower()
    if not path.is_file():
        raise RequestError(f"there is no {path.name!r}", where=str(path), what_now="check the path", code="E129")
    if kind not in (*TEXT_FILES, *SPREADSHEETS, PARQUET):
        raise RequestError(
            "an extract is a CSV, XLSX or Parquet file",
            found=f"a name that ends in {kind!r}" if kind else "a name without an ending",
            what_now="export it as one of them, or correct the end of its name",
            code="E132",
        )
    content = read_table_bytes(path)
    titles = below = 0
    sheets: tuple[str, ...] = ()
    if kind in TEXT_FILES:
        header, body, titles, below = _read_csv(content, layout, is_wanted)
    elif kind in SPREADSHEETS:
        header, body, titles, sheets = _read_sheet(content, layout.sheet, is_wanted)
    else:
        header, body = _read_parquet(content)
    refuse_neighbours_header(header, path.name, titles + 1)
    check_columns(sum(bool(label.strip()) for label in header))
    seen = Counter(label.strip() for label in header)
    places = _choose(header, lambda label: is_wanted(label) or (is_looked_at(label) and seen[label.strip()] == 1))
    is_filled = body.select(pl.any_horizontal(pl.all().str.strip_chars().fill_null("") != "")).to_series()
    is_total = find_totals(body)
    rows = body.select(
        pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).alias(ROW),
        *(pl.col(body.columns[place]).str.strip_chars().replace("", None).alias(n) for n, place in places.items()),
    ).filter(is_filled & ~is_total)
    return Table(
        name=path.name,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        rows=rows,
        headers=tuple(label.strip() for label in header if label.strip()),
        has_typed_dates=kind not in TEXT_FILES,
        blank_rows=body.height - int(is_filled.sum()),
        total_rows=int(is_total.sum()) + below,
        titles=titles,
        sheets=sheets,
        sheet=layout.sheet or next(iter(sheets), ""),
    )


def list_sheets(path: Path) -> list[str]:
    """Name the sheets of a spreadsheet; none for other files."""
    if path.suffix.lower() not in SPREADSHEETS:
        return []
    return list(_open_workbook(read_table_bytes(path)).sheet_names)


def _read_csv(
    content: bytes, layout: Layout, is_wanted: Callable[[str], bool]
) -> tuple[list[str], pl.DataFrame, int, int]:
    """Give the header, the rows, and how many lines were above and below them."""
    if codecs.lookup(layout.encoding).name != UTF_8:
        content = recode(content, layout.encoding)
    content, titles = cut_titles(content, layout.separator, is_wanted)
    check_bytes(content)
    # No more of the file than the header takes is made text: line by line, for a label may hold an end of line.
    lines = (line.decode("utf-8-sig" if not place else UTF_8) for place, line in enumerate(io.BytesIO(content)))
    header = next(csv.reader(lines, delimiter=layout.separator))
    content, below = cut_totals(content, layout.separator, len(header))
    try:
        body = read_rows(widen_header(content, layout.separator), Dialect(layout.separator, LONGEST_VALUE, MOST_VALUES))
    except DataError as error:
        if titles:
            error.found += f" (counted from the header, which is line {titles + 1} of the file)"
        raise
    return header, body, titles, below


def _open_workbook(content: bytes) -> Workbook:
    try:
        return open_workbook(content)
    except fastexcel.FastExcelError:
        raise _unreadable() from None


def _unreadable() -> DataError:
    return DataError(
        "the spreadsheet cannot be read",
        found="not a workbook, a damaged one, or one with a password",
        what_now="save it again, as XLSX and without a password",
        code="E133",
    )


def _read_sheet(
    content: bytes, sheet: str, is_wanted: Callable[[str], bool]
) -> tuple[list[str], pl.DataFrame, int, tuple[str, ...]]:
    """Give the header, the rows, how many lines were above them, and the sheets that there are."""
    workbook = _open_workbook(content)
    sheets = list(workbook.sheet_names)
    if (sheet and sheet not in sheets) or (not sheet and len(sheets) > 1):
        raise RequestError(
            f"there is no sheet {sheet!r}" if sheet else "the workbook has more than one sheet",
            found=", ".join(map(repr, sheets)),
            what_now='name the one with the searches: sheet = "..." in the project file, --sheet for `disparity map`',
            code="E134",
        )
    # Asked for text, it writes whole numbers without ".0" and dates as TYPED_DATE.
    try:
        cells = workbook.load_sheet(sheet or sheets[0], header_row=None, dtypes="string")
    except fastexcel.FastExcelError:
        raise _unreadable() from None
    if cells.is_empty():
        raise DataError(
            "the sheet is empty",
            found=f"sheet {sheet or sheets[0]!r} of {', '.join(map(repr, sheets))}",
            what_now='name the sheet that holds the searches: sheet = "..." in the project file, --sheet for '
            "`disparity map`",
            code="E101",
        )
    place = find_header(cells.head(FIRST_LINES).rows(), is_wanted)
    return [value or "" for value in cells.row(place)], cells[place + 1 :], place, tuple(sheets)


def _read_parquet(content: bytes) -> tuple[list[str], pl.DataFrame]:
    frame = read_parquet(content)
    if frame is None:
        raise DataError(
            "the file is not a Parquet file",
            found="another kind of file, a damaged one, or one that is cut off",
            what_now="export it again, whole and as Parquet",
            code="E133",
        )
    return frame.columns, frame


def _choose(header: list[str], is_wanted: Callable[[str], bool]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, label in enumerate(header):
        if not label.strip() or not is_wanted(label):
            continue
        if label.strip() in places:
            # Not the name: where a header is lost, it is the first row, which may be of a person.
            raise DataError(
                "two columns have one name",
                found=f"columns {places[label.strip()] + 1} and {place + 1}",
                what_now="rename one in the export",
                code="E109",
            )
        places[label.strip()] = place
    return places
