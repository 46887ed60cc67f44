"""The reader of spreadsheets and Parquet files, in the process that `sources.confined` starts for it."""

import io
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import fastexcel
import polars as pl

from disparity.sources.extent import MAX_TABLE_BYTES
from disparity.sources.extract.table import MOST_VALUES, TYPED_DATE, TYPED_ZONED
from disparity.vocabulary.helper_process import answer_all

if sys.platform != "win32":
    import resource

MOST_BYTES = 2_000_000_000


def serve() -> None:
    """Read whatever is asked for, within the limit on memory where the system has one."""
    if sys.platform != "win32":
        with suppress(ValueError, OSError):  # one that is lower is set already
            resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
    answer_all(_answer)


def _answer(kind: str, *question: Any) -> object:
    """Give the names of the sheets or the cells; None where there is no reading it; words where it is too large."""
    try:
        return KINDS[kind](*question)
    except MemoryError:
        return "it takes more than 2 GB of memory to open"
    except Exception:  # its messages may quote cells, which are about people
        return None
    except BaseException as error:
        # What the readers panic with, on a damaged file, is no Exception.
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        return None


def _read_workbook(content: bytes, sheet: str | None, how: dict[str, Any]) -> object:
    workbook = fastexcel.read_excel(content)
    return list(workbook.sheet_names) if sheet is None else _pack(pl.DataFrame(workbook.load_sheet(sheet, **how)))


def _read_parquet(content: bytes) -> object:
    frame = pl.read_parquet(io.BytesIO(content))
    return _pack(frame.select(_as_text(column) for column in frame.iter_columns()))


def _as_text(column: pl.Series) -> pl.Series:
    kind = column.dtype
    if isinstance(kind, pl.Datetime) and kind.time_zone:
        return column.dt.convert_time_zone("UTC").dt.strftime(TYPED_ZONED)
    if kind in (pl.Date, pl.Datetime):
        return column.cast(pl.Datetime).dt.strftime(TYPED_DATE)
    if kind.is_nested() or kind == pl.Binary:
        return pl.Series(column.name, [None] * column.len(), dtype=pl.String)
    text = column.cast(pl.String)
    return text.str.strip_suffix(".0") if kind.is_float() else text


def _pack(cells: pl.DataFrame) -> bytes | str:
    """Give the cells as bytes; equal texts that are held once are as many again once anything is made of them."""
    if cells.width * cells.height > MOST_VALUES:
        return f"{cells.height:,} rows of {cells.width:,} columns; at most {MOST_VALUES:,} values are read"
    size = sum(int(column.str.len_bytes().sum()) for column in cells.iter_columns() if column.dtype == pl.String)
    if size > MAX_TABLE_BYTES:
        return f"{size:,} bytes of text; at most {MAX_TABLE_BYTES:,} are read"
    packed = io.BytesIO()
    cells.write_ipc(packed)
    return packed.getvalue()


KINDS: dict[str, Callable[..., object]] = {"workbook": _read_workbook, "parquet": _read_parquet}
