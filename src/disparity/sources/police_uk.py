"""Monthly files of data.police.uk, from folders, loose CSVs and the portal's zip archives, in any mix.

Force and month come from the file name (`2019-04-lancashire-stop-and-search.csv`): the file itself has
neither. Archives are read member by member and never unpacked to disk.
"""

import csv
import hashlib
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

import numpy as np
import polars as pl

from disparity.errors import DataError, RequestError
from disparity.sources.raw import RAW_COLUMNS, RawFile

MONTHLY_NAME = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])-([a-z0-9-]{1,64})-stop-and-search\.csv$", re.IGNORECASE)

# Header, as letters and digits joined by "_" → our column. The portal's own CSV, snake_case re-exports of
# it and the API's field names; None is known and not read.
COLUMNS: dict[str, str | None] = {
    "type": "subject",
    "date": "searched_at",
    "datetime": "searched_at",
    "latitude": "latitude",
    "location_latitude": "latitude",
    "longitude": "longitude",
    "location_longitude": "longitude",
    "gender": "gender",
    "age_range": "age_group",
    "self_defined_ethnicity": "self_defined_ethnicity",
    "officer_defined_ethnicity": "officer_defined_ethnicity",
    "legislation": "legislation",
    "object_of_search": "object_of_search",
    "outcome": "outcome",
    "outcome_linked_to_object_of_search": "is_outcome_linked",
    "removal_of_more_than_just_outer_clothing": "is_clothing_removed",
    "removal_of_more_than_outer_clothing": "is_clothing_removed",
    "part_of_a_policing_operation": "is_part_of_operation",
    "operation": "is_part_of_operation",
    "policing_operation": "operation",
    "operation_name": "operation",
    "involved_person": None,
}
OPTIONAL = {
    "latitude",
    "longitude",
    "gender",
    "age_group",
    "is_clothing_removed",
    "is_part_of_operation",
    "operation",
}
REQUIRED = tuple(column for column in dict.fromkeys(COLUMNS.values()) if column and column not in OPTIONAL)


@dataclass(frozen=True)
class MonthlyFile:
    """Where one force-month lies: a CSV, or a member of an archive."""

    path: Path
    member: str | None
    force: str
    month: date

    @property
    def name(self) -> str:
        """The file as a reader would name it: archive or month folder, then file."""
        if self.member:
            return f"{self.path.name}/{self.member}"
        return str(PurePosixPath(self.path.parent.name, self.path.name))


def find_files(paths: Iterable[Path]) -> tuple[list[MonthlyFile], list[str]]:
    """Find the stop-and-search files under `paths`; also name the CSVs that are something else.

    Raises:
        RequestError: a path is not there, or a CSV given by itself does not carry force and month in its name.
    """
    found: list[MonthlyFile] = []
    ignored: list[str] = []
    for path in paths:
        if not path.exists():
            raise RequestError(f"there is no {path.name!r}", where=str(path), what_now="check the path")
        files = _walk(path) if path.is_dir() else iter([path])
        for file in files:
            candidates = _archive_members(file) if file.suffix.lower() == ".zip" else [(file, None)]
            for csv_path, member in candidates:
                monthly = _read_name(csv_path, member)
                if monthly:
                    found.append(monthly)
                elif path == file and member is None:
                    raise _unnamed(file)
                else:
                    ignored.append(member or csv_path.name)
    return sorted(found, key=lambda file: (file.force, file.month, file.name)), sorted(ignored)


def _walk(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in {".csv", ".zip"} and path.is_file())


def _archive_members(path: Path) -> list[tuple[Path, str | None]]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise DataError(
            "the archive cannot be read",
            where=path.name,
            found=str(error) or "not a zip file",
            what_now="download it again; compare its size with the portal's",
        ) from error
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    if twice:
        raise DataError(
            "the archive holds a file twice",
            where=path.name,
            found=", ".join(twice[:3]),
            what_now="download it again; which of the two is right cannot be told",
        )
    return [(path, name) for name in names if name.lower().endswith(".csv")]


def _read_name(path: Path, member: str | None) -> MonthlyFile | None:
    match = MONTHLY_NAME.match(PurePosixPath(member).name if member else path.name)
    if not match:
        return None
    year, month, force = match.groups()
    return MonthlyFile(path, member, force.lower(), date(int(year), int(month), 1))


def _unnamed(path: Path) -> RequestError:
    return RequestError(
        "the file name does not say which force and month it is",
        where=path.name,
        what_now="keep the portal's name, such as 2019-04-lancashire-stop-and-search.csv",
    )


def read_file(file: MonthlyFile) -> RawFile:
    """Read one force-month; every value stays text.

    Raises:
        DataError: the file is not a stop-and-search CSV.
    """
    content = _read_bytes(file)
    header = _read_header(content, file.name)
    _check_widths(content, file.name)
    rows = _parse(content, file.name)
    columns = {column: rows.columns[place] for place, column in header.items()}
    return RawFile(
        source_file=file.name,
        force=file.force,
        month=file.month,
        sha256=hashlib.sha256(content).hexdigest(),
        # A blank line is no row. Blank is blank, however it is written: nothing, "" or white space.
        rows=rows.filter(~pl.all_horizontal(pl.all().is_null())).select(
            pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).alias("source_row"),
            *(
                pl.col(columns[name]).str.strip_chars().replace("", None).alias(name)
                if name in columns
                else pl.lit(None, pl.String).alias(name)
                for name in RAW_COLUMNS
            ),
        ),
    )


def _read_bytes(file: MonthlyFile) -> bytes:
    if file.member is None:
        return file.path.read_bytes()
    try:
        with zipfile.ZipFile(file.path) as archive:
            return archive.read(file.member)
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError, zlib.error) as error:  # damaged, encrypted, odd
        raise DataError(
            "the file cannot be read from its archive",
            where=file.name,
            found=type(error).__name__,
            what_now="download the archive again",
        ) from error


def _read_header(content: bytes, name: str) -> dict[int, str]:
    """Give place → our column; names are compared by their letters and digits alone."""
    first_line = content.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0][:10_000]
    if not first_line.strip():
        raise DataError("the file is empty", where=name, what_now="a month without searches has a header line")
    if b"\r" in first_line.rstrip(b"\r"):
        raise DataError(
            "the file is not a well-formed CSV",
            where=name,
            found="lines that end in CR only",
            what_now="save it as CSV UTF-8, with the line ends of Windows or Unix",
        )
    labels = next(csv.reader(io.StringIO(first_line.decode("utf-8", errors="replace").rstrip("\r"))))
    header: dict[int, str] = {}
    for place, label in enumerate(labels):
        column = COLUMNS.get(re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_"))
        if column in header.values():
            raise DataError(f"two columns are both {label!r}", where=name, what_now="download the file again")
        if column:
            header[place] = column
    missing = [column for column in REQUIRED if column not in header.values()]
    if missing:
        raise DataError(
            "the file is not a stop-and-search file of data.police.uk",
            where=name,
            found=f"no column for {', '.join(missing)}",
            what_now="check that it was saved as CSV, with commas, and with its header line",
        )
    return header


def _check_widths(content: bytes, name: str) -> None:
    """Refuse rows with fewer or more values than the header: the parser pads a cut-off row without a word.

    Raises:
        DataError: names the lines. Rows with quotes are counted by the csv module, all others at once.
    """
    if b'"' in content:
        text = content.decode("utf-8-sig", errors="replace")
        widths = [(number, len(row)) for number, row in enumerate(csv.reader(io.StringIO(text)), start=1) if row]
        wrong = [number for number, width in widths if width != widths[0][1]]
    else:
        characters = np.frombuffer(content.rstrip(b"\r\n") + b"\n", dtype=np.uint8)
        ends = np.flatnonzero(characters == ord("\n"))
        commas = np.diff(np.cumsum(characters == ord(","))[ends], prepend=0)
        is_blank = np.diff(ends, prepend=-1) <= len("\r\n")
        wrong = (np.flatnonzero((commas != commas[0]) & ~is_blank) + 1).tolist()
    if wrong:
        raise DataError(
            f"{len(wrong)} {'row does' if len(wrong) == 1 else 'rows do'} not have as many values as the header",
            where=name,
            found=f"line {', '.join(map(str, wrong[:5]))}{' and more' if len(wrong) > 5 else ''}",
            what_now="download the file again: it may have been cut off",
        )


def _parse(content: bytes, name: str) -> pl.DataFrame:
    try:
        return pl.read_csv(content, infer_schema=False)
    except pl.exceptions.PolarsError as error:
        # The message of the parser may quote rows, which are about people: only its first words are safe.
        reason = "bytes that are not UTF-8" if "utf" in str(error).lower() else "a row that does not fit the header"
        raise DataError(
            "the file is not a well-formed CSV", where=name, found=reason, what_now="download the file again"
        ) from None


def choose_files(files: list[MonthlyFile], *, forces: list[str], months: list[date]) -> list[MonthlyFile]:
    """Keep the force-months asked for, each once.

    Args:
        forces: force ids; none means every force that has a file.

    Raises:
        RequestError: nothing is left, or a force asked for has no file at all in those months.
        DataError: two files of one force and month differ. Byte-equal copies are read once.
    """
    asked = [file for file in files if file.month in months and (not forces or file.force in forces)]
    held = sorted({file.force for file in files})
    absent = [force for force in forces if force not in {file.force for file in asked}]
    if not asked or absent:
        raise RequestError(
            f"there are no files of {', '.join(absent) or 'any force'} from {months[0]:%Y-%m} to {months[-1]:%Y-%m}",
            found=f"files of {', '.join(held)}" if held else "no stop-and-search file",
            what_now="check the force's id, the months and the folder",
        )
    chosen: dict[tuple[str, date], MonthlyFile] = {}
    for file in asked:
        other = chosen.setdefault((file.force, file.month), file)
        if other != file and _read_bytes(other) != _read_bytes(file):
            raise DataError(
                f"two different files hold {file.force}, {file.month:%Y-%m}",
                where=f"{other.name} and {file.name}",
                what_now="keep one of them: counting both would double the searches",
            )
    return list(chosen.values())
