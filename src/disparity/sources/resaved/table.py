"""The bytes of a merged or re-saved file → its rows: CSV of any separator, packed or not, or the API's JSON."""

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from disparity.sources.header import (
    BOM,
    COLUMNS,
    LONGEST_HEADER,
    REQUIRED,
    find_separator,
    first_line,
    join_words,
    place_columns,
    split_header,
)
from disparity.sources.police_uk import MONTHLY_NAME
from disparity.sources.portal_columns import take_columns
from disparity.sources.preflight import UTF_8, check_bytes, is_utf_8, recode
from disparity.sources.separators import read_parted
from disparity.vocabulary.errors import DataError

# Unpacked: some two million searches, ten times the largest force's year.
MAX_BYTES = 1_000_000_000
GZIP = b"\x1f\x8b"
JSON_STARTS = (b"[", b"{")
API_KEYS = (b'"self_defined_ethnicity"', b'"object_of_search"')
# Our columns that a header must have to be taken for the portal's, whatever else it lacks.
ENOUGH_TO_BE_THE_PORTALS = 6
# Where the answer of the API was flattened with its object alone: the outcome's name. Header → the portal's.
INSTEAD = {"outcome_object_name": "outcome"}
FORCE_LABELS = {
    *("force", "force_name", "force_id", "police_force", "police_force_name", "force_area", "police_force_area"),
    *("constabulary", "reported_by", "falls_within"),
}
# As MONTHLY_NAME, for what knows no looking ahead.
ONE_MONTHLY_NAME = r"(?i:\d{4}-\d\d-[a-z0-9-]{1,64}-stop-and-search\.csv)"
DEEPEST = 3  # objects within objects of the API: location, street, name


@dataclass(frozen=True)
class Resaved:
    """`rows` has the columns of RAW_COLUMNS, all that the file has lines for; of each line its force, its month's file.

    `forces` and `files` are null throughout where the file has no such column.
    """

    rows: pl.DataFrame
    forces: pl.Series
    files: pl.Series
    blank_rows: int
    headers_again: int
    encoding: str


def peek(start: bytes) -> int:
    """Count the portal's columns that a file has, by its first bytes: 0 where it is something else, REQUIRED all."""
    start = (_unpack_start(start) if start.startswith(GZIP) else start).removeprefix(BOM)
    if start.lstrip()[:1] in JSON_STARTS:
        return len(REQUIRED) if all(key in start for key in API_KEYS) else 0
    keys = {join_words(label) for label in split_header(start[:LONGEST_HEADER], find_separator(start))}
    columns = {COLUMNS.get(INSTEAD.get(key, key)) for key in keys}
    return sum(column in columns for column in REQUIRED)


def read_resaved(content: bytes, encoding: str) -> Resaved:
    """Read a file whose header is the portal's.

    Raises:
        DataError: it is damaged, no text, lacks a column or has personal ones, or its rows are not of its header.
    """
    content = _unpack(content) if content.startswith(GZIP) else content
    again = 0
    if content.removeprefix(BOM).lstrip()[:1] in JSON_STARTS:
        labels, read = _read_json(content)
        encoding = UTF_8
    else:
        encoding = UTF_8 if encoding == UTF_8 or is_utf_8(content) else encoding
        content = content if encoding == UTF_8 else recode(content, encoding)
        check_bytes(content)
        separator = find_separator(content)
        content, again = _drop_headers(content)
        content = _head_row_names(content, separator)
        labels = split_header(content, separator)
        read = read_parted(content, separator)
    labels = _respell(labels)
    rows, is_filled = take_columns(read, place_columns(labels))
    forces, files = _find_forces(labels, read), _find_files(labels, read)
    return Resaved(
        rows=rows,
        forces=forces if is_filled is None else forces.filter(is_filled),
        files=files if is_filled is None else files.filter(is_filled),
        blank_rows=read.height - rows.height,
        headers_again=again,
        encoding=encoding,
    )


def _unpack_start(start: bytes) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(start, LONGEST_HEADER)
    except zlib.error:
        return b""


def _unpack(content: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            unpacked = packed.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise DataError(
            "the file cannot be unpacked", found="not all of a gzip file", what_now="download it again", code="E118"
        ) from None
    if len(unpacked) > MAX_BYTES:
        raise DataError(
            "the file is not safe to unpack",
            found=f"more than {MAX_BYTES:,} bytes unpacked",
            what_now="unpack it yourself, and split it by force or year",
            code="E118",
        )
    return unpacked


def _drop_headers(content: bytes) -> tuple[bytes, int]:
    """Take out the headers of files that were put one after the other; give how many."""
    header = first_line(content.removeprefix(BOM)).rstrip(b"\r")
    if content.count(header) == 1:
        return content, 0
    first, *lines = content.split(b"\n")
    kept = [line for line in lines if line.removeprefix(BOM).rstrip(b"\r") != header]
    return b"\n".join([first, *kept]), len(lines) - len(kept)


def _head_row_names(content: bytes, separator: str) -> bytes:
    """Give the column of row names a blank header, where R's write.table gives it none."""
    start = content.find(b"\n") + 1
    values = split_header(content[start : start + LONGEST_HEADER], separator)
    if len(values) != len(split_header(content, separator)) + 1 or not values[0].isdigit():
        return content
    return separator.encode() + content.removeprefix(BOM)


def _respell(labels: list[str]) -> list[str]:
    """Name as the portal does what stands in for a column that is not there."""
    keys = {join_words(label) for label in labels}
    return [other if (other := INSTEAD.get(join_words(label))) and other not in keys else label for label in labels]


def _find_forces(labels: list[str], read: pl.DataFrame) -> pl.Series:
    for place, label in enumerate(labels):
        if join_words(label) in FORCE_LABELS:
            return read.to_series(place).str.strip_chars()
    return pl.repeat(None, read.height, dtype=pl.String, eager=True)


def _find_files(labels: list[str], read: pl.DataFrame) -> pl.Series:
    """Give the column that names the monthly file of each row, as those who merge them often add."""
    for place, label in enumerate(labels):
        values = read.to_series(place)
        if join_words(label) not in COLUMNS and MONTHLY_NAME.search(str(values.first())):
            names = values.str.extract(f"({ONE_MONTHLY_NAME})$")
            if not names.has_nulls():
                return names
    return pl.repeat(None, read.height, dtype=pl.String, eager=True)


def _read_json(content: bytes) -> tuple[list[str], pl.DataFrame]:
    try:
        text = content.decode("utf-8-sig")
        given = json.loads(text) if text.lstrip().startswith("[") else _read_lines(text)
    except (ValueError, RecursionError):
        raise _no_rows("no JSON, or not all of it") from None
    if not given or not all(isinstance(row, dict) for row in given):
        raise _no_rows("no list of searches")
    rows = [dict(_flatten(row)) for row in given]
    labels = list(dict.fromkeys(key for row in rows for key in row))
    return labels, pl.DataFrame(
        [[row.get(label) for row in rows] for label in labels], schema=dict.fromkeys(labels, pl.String), orient="col"
    )


def _read_lines(text: str) -> list[Any]:
    """One search to a line; or one object, whose only list they are."""
    first, _, rest = text.strip().partition("\n")
    if rest.lstrip().startswith("{") and first.rstrip().endswith("}"):
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    given = json.loads(text)
    lists = [value for value in given.values() if isinstance(value, list)]
    return lists[0] if len(lists) == 1 else [given]


def _flatten(row: dict[str, Any], prefix: str = "", depth: int = 1) -> Iterator[tuple[str, str | None]]:
    for key, value in row.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and depth < DEEPEST:
            yield from _flatten(value, f"{name}.", depth + 1)
        elif isinstance(value, dict | list) or value is None or (key == "outcome" and value is False):
            # `false` has meant "nothing found" and for "not given": neither is a recorded outcome.
            yield name, None
        else:
            yield name, str(value)


def _no_rows(found: str) -> DataError:
    return DataError(
        "the file is JSON, and not as the API gives it",
        found=found,
        what_now="save the answer of https://data.police.uk/api/stops-force whole, or use the monthly CSV",
        code="E112",
    )
