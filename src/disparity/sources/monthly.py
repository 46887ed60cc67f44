"""Monthly files → rows of text. Files of one header are parsed together: one by one, 1,500 of them are slow."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from disparity.sources.contents import check_values, has_doubts
from disparity.sources.header import first_line, read_header
from disparity.sources.naming import naming
from disparity.sources.police_uk import MonthlyFile, read_bytes
from disparity.sources.preflight import UTF_8, check_bytes, count_lines, is_utf_8, join_files, read_rows, recode
from disparity.sources.raw import LABELS, RAW_COLUMNS, RAW_TYPES, RawFile, list_labels
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
        rows = None if joined is None else read_rows(joined, lines=sum(lines) + 1)
        return _give_rows(rows, lines, files) if rows is not None and rows.height == sum(lines) else None
    except DataError:
        return None


def _read_alone(file: Loaded) -> RawFile | DataError:
    try:
        with naming(file.file.name):
            rows = read_rows(file.content)
            return _give_rows(rows, [rows.height], [file])[0]
    except DataError as error:
        return error


def _give_rows(read: pl.DataFrame, lines: list[int], files: list[Loaded]) -> list[RawFile]:
    """Give each file its rows of those that were read, without blank lines and blanks."""
    places = {column: read.columns[place] for place, column in files[0].places.items()}
    labels = {theirs for column, theirs in places.items() if RAW_TYPES[column] == LABELS}
    plain = pl.DataFrame([_blank_out(values, is_label=values.name in labels) for values in read])
    of_row = np.repeat(np.arange(len(files)), lines)
    if plain[places["subject"]].has_nulls():
        is_filled = plain.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
        plain, of_row = plain.filter(is_filled), of_row[is_filled.to_numpy()]
    heights = np.bincount(of_row, minlength=len(files))
    starts = np.cumsum(heights) - heights
    rows = plain.select(
        pl.Series("source_row", np.arange(1, len(of_row) + 1) - starts[of_row], dtype=pl.UInt32),
        *(
            (pl.col(places[name]) if name in places else pl.lit(None, RAW_TYPES[name])).alias(name)
            for name in RAW_COLUMNS
        ),
    )
    doubted = has_doubts(rows)
    return [
        _give_file(file, rows.slice(start, height), line_count - height, is_doubted=doubted)
        for file, start, height, line_count in zip(files, starts.tolist(), heights.tolist(), lines, strict=True)
    ]


def _blank_out(values: pl.Series, *, is_label: bool) -> pl.Series:
    """Blank is blank, however it is written: nothing, "" or white space."""
    if not is_label:
        stripped = values.str.strip_chars()
        return stripped.replace("", None) if (stripped == "").any() else stripped
    labels = values.cast(LABELS)
    distinct = pl.Series(list(list_labels(labels)), dtype=pl.String)
    if ((distinct == "") | (distinct != distinct.str.strip_chars())).any():
        return values.str.strip_chars().replace("", None).cast(LABELS)
    return labels


def _give_file(loaded: Loaded, rows: pl.DataFrame, blank: int, *, is_doubted: bool) -> RawFile:
    if is_doubted:
        check_values(rows)
    file = loaded.file
    return RawFile(
        *(file.name, file.force, file.month, hashlib.sha256(loaded.lying).hexdigest(), rows),
        blank_rows=blank,
        encoding=loaded.encoding,
        bytes=len(loaded.lying),
    )
