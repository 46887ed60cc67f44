"""Monthly files → rows of text. Files of one header are parsed together: one by one, 1,500 of them are slow."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from disparity.sources.contents import check_values, has_doubts
from disparity.sources.extent import count_lines
from disparity.sources.header import first_line, read_header
from disparity.sources.naming import naming
from disparity.sources.police_uk import MonthlyFile, read_bytes
from disparity.sources.portal_columns import list_label_places, take_columns
from disparity.sources.preflight import UTF_8, check_bytes, is_utf_8, join_files, read_rows, recode
from disparity.sources.raw import Batch, RawFile
from disparity.sources.separators import part_with_commas
from disparity.vocabulary.errors import DataError


@dataclass(frozen=True)
class Loaded:
    """A monthly file's bytes as they lie and as UTF-8, and the place of each of our columns."""

    file: MonthlyFile
    lying: bytes
    content: bytes
    header: bytes
    places: dict[int, str]
    encoding: str


def read_files(files: Sequence[MonthlyFile], *, encoding: str = UTF_8) -> list[RawFile | DataError]:
    """Read force-months, in their order; the reason in the place of one that cannot be read. Every value stays text.

    Args:
        encoding: what files that are not UTF-8 are in; one that is UTF-8 is read as such.
    """
    read: dict[int, RawFile | DataError] = {}
    alike: dict[bytes, dict[int, Loaded]] = {}
    for place, file in enumerate(files):
        loaded = _load(file, encoding)
        if isinstance(loaded, DataError):
            read[place] = loaded
        else:
            alike.setdefault(loaded.header, {})[place] = loaded
    for some in alike.values():
        loads = list(some.values())
        # Where anything is odd, one by one, to say in which and where.
        given: Sequence[RawFile | DataError] = _read_together(loads) or [_read_alone(load) for load in loads]
        read |= zip(some, given, strict=True)
    return [read[place] for place in range(len(files))]


def _load(file: MonthlyFile, encoding: str) -> Loaded | DataError:
    try:
        with naming(file.name):
            lying = read_bytes(file)
            encoding = UTF_8 if encoding == UTF_8 or is_utf_8(lying) else encoding
            content = lying if encoding == UTF_8 else recode(lying, encoding)
            check_bytes(content)
            content = part_with_commas(content)
            places = read_header(content)
            return Loaded(file, lying, content, first_line(content), places, encoding)
    except DataError as error:
        return error


def _read_together(files: list[Loaded]) -> list[RawFile] | None:
    if len(files) == 1:
        return None
    joined = join_files([file.content for file in files])
    lines = [count_lines(file.content) - 1 for file in files]
    try:
        labels = list_label_places(files[0].places)
        rows = None if joined is None else read_rows(joined, lines=sum(lines) + 1, labels=labels)
        return _give_rows(rows, lines, files) if rows is not None and rows.height == sum(lines) else None
    except DataError:
        return None


def _read_alone(file: Loaded) -> RawFile | DataError:
    try:
        with naming(file.file.name):
            rows = read_rows(file.content, labels=list_label_places(file.places))
            return _give_rows(rows, [rows.height], [file])[0]
    except DataError as error:
        return error


def _give_rows(read: pl.DataFrame, lines: list[int], files: list[Loaded]) -> list[RawFile]:
    """Give each file its rows of those that were read, without blank lines and blanks."""
    taken, is_filled = take_columns(read, files[0].places)
    of_row = np.repeat(np.arange(len(files)), lines)
    of_row = of_row if is_filled is None else of_row[is_filled.to_numpy()]
    heights = np.bincount(of_row, minlength=len(files))
    starts = np.cumsum(heights) - heights
    numbers = pl.Series("source_row", np.arange(1, len(of_row) + 1) - starts[of_row], dtype=pl.UInt32)
    rows = taken.select(numbers, pl.all())
    parts = tuple(rows.slice(*place) for place in zip(starts.tolist(), heights.tolist(), strict=True))
    if has_doubts(rows):
        for part in parts:
            check_values(part)
    batch = Batch(rows, parts)
    return [
        _give_file(file, part, line_count - part.height, batch)
        for file, part, line_count in zip(files, parts, lines, strict=True)
    ]


def _give_file(loaded: Loaded, rows: pl.DataFrame, blank: int, batch: Batch) -> RawFile:
    file = loaded.file
    return RawFile(
        *(file.name, file.force, file.month, hashlib.sha256(loaded.lying).hexdigest(), rows),
        blank_rows=blank,
        encoding=loaded.encoding,
        bytes=len(loaded.lying),
        batch=batch,
    )
