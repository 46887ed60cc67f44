"""Monthly files → rows of text. Files of one header are parsed together: one by one, 1,500 of them are slow."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from operator import itemgetter

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

# The bytes of so many files are held at once: what is parsed of them is less.
PIECE_BYTES = 16_000_000


@dataclass(frozen=True)
class Loaded:
    """A monthly file's bytes as UTF-8, the place of each of our columns, and the hash and size of it as it lies."""

    file: MonthlyFile
    content: bytes
    header: bytes
    places: dict[int, str]
    encoding: str
    sha256: str
    size: int
    lines: int  # below the header


def read_files(files: Sequence[MonthlyFile], *, encoding: str = UTF_8) -> list[RawFile | DataError]:
    """Read force-months, in their order; the reason in the place of one that cannot be read. Every value stays text.

    Args:
        encoding: what files that are not UTF-8 are in; one that is UTF-8 is read as such.
    """
    read: dict[int, RawFile | DataError] = {}
    parsed: dict[bytes, tuple[dict[int, Loaded], list[pl.DataFrame]]] = {}
    for piece in _cut(files):
        alike: dict[bytes, dict[int, Loaded]] = {}
        for place in piece:
            loaded = _load(files[place], encoding)
            if isinstance(loaded, DataError):
                read[place] = loaded
            else:
                alike.setdefault(loaded.header, {})[place] = loaded
        for header, some in alike.items():
            rows = _parse_together(list(some.values()))
            if rows is None:
                # Where anything is odd, one by one, to say in which and where.
                read |= {place: _read_alone(load) for place, load in some.items()}
                continue
            loads, frames = parsed.setdefault(header, ({}, []))
            loads |= {place: replace(load, content=b"") for place, load in some.items()}
            frames.append(rows)
    for loads, frames in parsed.values():
        rows = pl.concat(frames, rechunk=True) if len(frames) > 1 else frames[0]
        frames.clear()
        read |= zip(loads, _give_rows(rows, list(loads.values())), strict=True)
    return [read[place] for place in range(len(files))]


def _cut(files: Sequence[MonthlyFile]) -> Iterator[list[int]]:
    """Give the places of files that are few enough for their bytes to be held."""
    piece = [end // PIECE_BYTES for end in accumulate(file.size for file in files)]
    for _, some in groupby(enumerate(piece), itemgetter(1)):
        yield [place for place, _ in some]


def _load(file: MonthlyFile, encoding: str) -> Loaded | DataError:
    try:
        with naming(file.name):
            lying = read_bytes(file)
            encoding = UTF_8 if encoding == UTF_8 or is_utf_8(lying) else encoding
            content = lying if encoding == UTF_8 else recode(lying, encoding)
            check_bytes(content)
            content = part_with_commas(content)
            places, sha256 = read_header(content), hashlib.sha256(lying).hexdigest()
            lines = count_lines(content) - 1
            return Loaded(file, content, first_line(content), places, encoding, sha256, len(lying), lines)
    except DataError as error:
        return error


def _parse_together(files: list[Loaded]) -> pl.DataFrame | None:
    """Parse files of one header, of which every line is a row; give nothing of others."""
    joined = join_files([file.content for file in files]) if len(files) > 1 else None
    lines = sum(file.lines for file in files)
    try:
        rows = joined and read_rows(joined, lines=lines + 1, labels=list_label_places(files[0].places))
    except DataError:
        return None
    return rows if isinstance(rows, pl.DataFrame) and rows.height == lines else None


def _read_alone(load: Loaded) -> RawFile | DataError:
    try:
        with naming(load.file.name):
            rows = read_rows(load.content, labels=list_label_places(load.places))
    except DataError as error:
        return error
    return _give_rows(rows, [replace(load, content=b"", lines=rows.height)])[0]


def _give_rows(read: pl.DataFrame, files: list[Loaded]) -> list[RawFile | DataError]:
    """Give each file its rows of those that were read, without blank lines and blanks."""
    taken, is_filled = take_columns(read, files[0].places)
    of_row = np.repeat(np.arange(len(files)), [file.lines for file in files])
    of_row = of_row if is_filled is None else of_row[is_filled.to_numpy()]
    heights = np.bincount(of_row, minlength=len(files))
    starts = np.cumsum(heights) - heights
    numbers = pl.Series("source_row", np.arange(1, len(of_row) + 1) - starts[of_row], dtype=pl.UInt32)
    rows = taken.select(numbers, pl.all())
    parts = tuple(rows.slice(*place) for place in zip(starts.tolist(), heights.tolist(), strict=True))
    batch, is_doubtful = Batch(rows, parts), has_doubts(rows)
    return [_give_file(file, part, batch, is_doubtful=is_doubtful) for file, part in zip(files, parts, strict=True)]


def _give_file(load: Loaded, rows: pl.DataFrame, batch: Batch, *, is_doubtful: bool) -> RawFile | DataError:
    file = load.file
    try:
        with naming(file.name):
            if is_doubtful:
                check_values(rows)
    except DataError as error:
        return error
    return RawFile(
        *(file.name, file.force, file.month, load.sha256, rows),
        blank_rows=load.lines - rows.height,
        encoding=load.encoding,
        bytes=load.size,
        batch=batch,
    )
