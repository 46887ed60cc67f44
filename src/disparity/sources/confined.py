"""Spreadsheets and Parquet files, read in a process that may take so much memory and time and no more.

A cell in the far corner of a sheet, in a file of 1.5 kB, has the reader ask for half a terabyte, which ends the process
that it is in; twenty million equal rows of Parquet are 300 kB. No look at such a file tells how large it will be.
"""

import io
import pickle
import threading
import zipfile
from functools import cache
from typing import Any, NamedTuple

import fastexcel
import polars as pl

from disparity.sources.archives import DAMAGE
from disparity.vocabulary.errors import DataError
from disparity.vocabulary.helper_process import ask, start_process

MAX_UNPACKED = 1_000_000_000  # bytes; a million searches take some 600 MB as sheets
MOST_ROWS = 1_048_576  # of a sheet of Excel
MOST_SECONDS = 60.0
ZIP = b"PK"
ROW_STARTS = (b"<row", b"<table:table-row")  # of XLSX and of ODS
CHUNK = 1_000_000
ASKING = threading.Lock()


class Workbook(NamedTuple):
    """An opened spreadsheet; its sheets are read when they are asked for."""

    content: bytes
    sheet_names: tuple[str, ...]

    def load_sheet(self, name: str, **how: Any) -> pl.DataFrame:
        """Read a sheet as `fastexcel` does.

        Raises:
            FastExcelError: it cannot be read. DataError: it takes more memory or time than any sheet of records.
        """
        return pl.read_ipc(io.BytesIO(_ask_of_workbook(self.content, name, how)))


def open_workbook(content: bytes) -> Workbook:
    """Open a spreadsheet of whatever kind.

    Raises:
        FastExcelError: it is none, is damaged or has a password. DataError: it takes too much memory or time.
    """
    if content.startswith(ZIP) and not _unpacks(content):
        raise fastexcel.FastExcelError("it does not unpack to what it says, or to more than is read")
    return Workbook(content, tuple(_ask_of_workbook(content, None, {})))


def _unpacks(content: bytes) -> bool:
    """Whether it unpacks to as much as it says, and no more than any extract: the reader would unpack it all."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED:
                return False
            for part in parts.infolist():
                _check_rows(parts, part)
    except (*DAMAGE, OSError):
        return False
    return True


def _check_rows(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack a part to its end, and refuse more rows than a sheet can have: to read them would take minutes."""
    rows = 0
    with parts.open(part) as unpacked:
        while chunk := unpacked.read(CHUNK):
            rows += max(chunk.count(start) for start in ROW_STARTS)
    if rows > MOST_ROWS:
        raise _too_large("the spreadsheet", f"more than the {MOST_ROWS:,} rows of any sheet")


def read_parquet(content: bytes) -> pl.DataFrame | None:
    """Read a Parquet file, every value as text; None where it is none.

    Raises:
        DataError: it takes too much memory or time.
    """
    answer = _ask("the Parquet file", "parquet", content)
    return None if answer is None else pl.read_ipc(io.BytesIO(answer))


def _ask_of_workbook(content: bytes, sheet: str | None, how: dict[str, Any]) -> Any:
    answer = _ask("the spreadsheet", "workbook", content, sheet, how)
    if answer is None:
        raise fastexcel.FastExcelError("the reader of spreadsheets cannot read it")
    return answer


@cache
def _start_reader() -> Any:
    return start_process("disparity.sources.confined_reader", is_quiet=True)


def _ask(what: str, *question: object) -> Any:
    with ASKING:
        clock = threading.Timer(MOST_SECONDS, _start_reader().kill)
        clock.daemon = True
        clock.start()
        try:
            answer = ask(_start_reader, *question)
        except (EOFError, OSError, pickle.UnpicklingError):
            raise _too_large(what, "it takes more than 2 GB of memory, or a minute, to open") from None
        finally:
            clock.cancel()
    if isinstance(answer, str):
        raise _too_large(what, answer)
    return answer


def _too_large(what: str, found: str) -> DataError:
    return DataError(
        f"{what} is too large to be read",
        found=found,
        what_now="delete rows and columns beyond the table (one cell far away makes a sheet as large), or export each "
        "year as a CSV",
        code="E116",
    )
