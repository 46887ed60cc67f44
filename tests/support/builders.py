"""Made records for tests: monthly files as the portal writes them, and the searches coded from them."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl
from hypothesis import settings

from disparity.records.coding import code_searches
from disparity.sources.monthly import read_files
from disparity.sources.police_uk import MonthlyFile
from disparity.sources.preflight import UTF_8
from disparity.sources.raw import RAW_COLUMNS, RawFile
from disparity.vocabulary.errors import DataError

NOTHING = "A no further action disposal"
DRUGS_ACT = "Misuse of Drugs Act 1971 (section 23)"
PACE_1 = "Police and Criminal Evidence Act 1984 (section 1)"
WHITE = "White - English/Welsh/Scottish/Northern Irish/British"
BLACK = "Black/African/Caribbean/Black British - African"
ASIAN = "Asian/Asian British - Pakistani"
NOT_STATED = "Other ethnic group - Not stated"

# The portal's fifteen columns, in its order; None: a column we know and do not read.
PORTAL = (
    ("Type", "subject"),
    ("Date", "searched_at"),
    ("Part of a policing operation", None),
    ("Policing operation", None),
    ("Latitude", "latitude"),
    ("Longitude", "longitude"),
    ("Gender", "gender"),
    ("Age range", "age_group"),
    ("Self-defined ethnicity", "self_defined_ethnicity"),
    ("Officer-defined ethnicity", "officer_defined_ethnicity"),
    ("Legislation", "legislation"),
    ("Object of search", "object_of_search"),
    ("Outcome", "outcome"),
    ("Outcome linked to object of search", "is_outcome_linked"),
    ("Removal of more than just outer clothing", "is_clothing_removed"),
)
HEADER = tuple(label for label, _ in PORTAL)
Row = Mapping[str, str | None]


def make_row(row: Row, month: str) -> dict[str, str | None]:
    """Fill in what the test does not name: a person, at noon, nothing found."""
    return {
        "subject": "Person search",
        "searched_at": f"{month}-15T12:00:00+00:00",
        "latitude": "53.76",
        "longitude": "-2.70",
        "gender": "Male",
        "age_group": "18-24",
        "self_defined_ethnicity": WHITE,
        "officer_defined_ethnicity": "White",
        "legislation": PACE_1,
        "object_of_search": "Offensive weapons",
        "outcome": NOTHING,
        "is_outcome_linked": "False",
        "is_clothing_removed": "False",
        **row,
    }


def monthly_text(rows: Iterable[Row], *, month: str = "2019-04", header: Sequence[str] = HEADER) -> str:
    """Write rows as the portal does: `header` renames its columns, in its order; blank is nothing."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        filled = make_row(row, month)
        writer.writerow([(filled[column] or "") if column else "" for _, column in PORTAL])
    return text.getvalue()


def make_raw(rows: Sequence[Row], *, force: str = "fellshire", month: str = "2019-04") -> RawFile:
    """The file that a source would have given, without the file."""
    filled = [make_row(row, month) for row in rows]
    columns = {column: [row.get(column) for row in filled] for column in RAW_COLUMNS}
    numbers = pl.Series("source_row", range(1, len(rows) + 1), dtype=pl.UInt32)
    return RawFile(
        source_file=f"{month}/{month}-{force}-stop-and-search.csv",
        force=force,
        month=date.fromisoformat(f"{month}-01"),
        sha256="0" * 64,
        rows=pl.DataFrame(columns, schema=dict.fromkeys(RAW_COLUMNS, pl.String)).select(numbers, pl.all()),
    )


def code(rows: Sequence[Row], *, force: str = "fellshire", month: str = "2019-04") -> pl.DataFrame:
    """Coded searches of a few rows."""
    return code_searches(make_raw(rows, force=force, month=month))


def code_column(column: str, labels: Sequence[str | None], *, coded: str = "") -> list[object]:
    """What the labels of one column become, in order."""
    return code([{column: label} for label in labels])[coded or column].to_list()


def write_monthly(folder: Path, content: str | bytes, *, force: str = "fellshire", month: str = "2019-04") -> Path:
    """Write a file under the portal's name, in the month's folder."""
    path = folder / month / f"{month}-{force}-stop-and-search.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def few(test: Callable[..., None]) -> Callable[..., None]:
    """A quarter of the usual number of examples: laws over frames take some 20 ms each."""
    return settings(max_examples=settings.default.max_examples // 4)(test)


def read_file(file: MonthlyFile, *, encoding: str = UTF_8) -> RawFile:
    """Read one monthly file, and raise what is wrong with it."""
    (read,) = read_files([file], encoding=encoding)
    if isinstance(read, DataError):
        raise read
    return read
