"""How much a file may hold: what would fill the memory, or take minutes, is refused before anything is made of it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from disparity.sources.header import first_line
from disparity.vocabulary.errors import DataError

# What a table that is no monthly file may have, in bytes: a million searches with their grounds.
MAX_TABLE_BYTES = 500_000_000
# The parser needs a thousandth of a second for a column, whatever it holds; records systems have some 200.
MOST_COLUMNS = 2_000
PIECE = 250_000
# Python's own reader, for odd quotation marks, holds a file some ten times over.
MOST_ODDLY_QUOTED = 50_000_000


@dataclass(frozen=True)
class Dialect:
    """What separates values, how many bytes the longest may have, and how many values there may be.

    A line is as many values as the header has, be it blank: that is what the parser makes of it, 16 bytes each.
    """

    separator: str = ","
    longest: int = 10_000  # no value that the portal has published has 200
    most_values: int = 15_000_000  # a million searches: ten years of the largest force-month's


def read_table_bytes(path: Path) -> bytes:
    """Read a file that is no monthly one, if it is of a size that can be held.

    Raises:
        DataError: it is larger.
    """
    size = path.stat().st_size
    if size > MAX_TABLE_BYTES:
        raise DataError(
            "the file is too large to be read at once",
            found=f"{size:,} bytes; at most {MAX_TABLE_BYTES:,} are read",
            what_now="export each year as a file of its own, without columns that nobody asked for",
            code="E116",
        )
    return path.read_bytes()


def check_extent(content: bytes, dialect: Dialect, lines: int) -> None:
    """Refuse more columns, lines or quotation marks than are read.

    Args:
        lines: how many it has (`count_lines`).

    Raises:
        DataError: there are more.
    """
    columns = first_line(content).count(dialect.separator.encode()) + 1
    check_columns(columns)
    quotes = content.count(b'"') if b'"' in content else 0
    if max(lines * columns, quotes // 2) > dialect.most_values:
        is_blank = 2 * max(content.count(b"\n\n"), content.count(b"\n\r\n")) > lines // 2
        raise DataError(
            "the file is too large for what it is",
            found=f"{lines:,} lines of {columns:,} columns{', most of them blank' if is_blank else ''}; "
            f"at most {dialect.most_values:,} values are read",
            what_now="get the file again; take out blank lines, and columns that nobody asked for; an extract may be "
            "several files",
            code="E116",
        )


def check_columns(count: int) -> None:
    """Refuse more columns than are read.

    Raises:
        DataError: there are more.
    """
    if count > MOST_COLUMNS:
        raise DataError(
            "the file has more columns than any table of searches",
            found=f"line 1: {count:,} columns; at most {MOST_COLUMNS:,} are read",
            what_now="get the file again, or export it without the columns that nobody asked for",
            code="E116",
        )


def check_oddly_quoted(content: bytes) -> None:
    """Refuse what Python's own reader, the one for odd quotation marks, cannot hold.

    Raises:
        DataError: it is too large.
    """
    if len(content) > MOST_ODDLY_QUOTED:
        raise DataError(
            "a quotation mark stands within a value, or is not closed",
            found=f"{len(content):,} bytes; in a file of under {MOST_ODDLY_QUOTED:,}, the line is named",
            what_now='double the marks that belong to a value (""), or give each year a file of its own',
            code="E105",
        )


def count_lines(content: bytes) -> int:
    """Count the lines, the header among them; the last may lack its end."""
    return count_sign(content, "\n") + (not content.endswith(b"\n"))


def count_sign(content: bytes, sign: str) -> int:
    """Count a sign of one byte that is in every line: `bytes.count` would stop at each.

    >>> count_sign(b"a,b,c", ",")
    2
    """
    characters = np.frombuffer(content, dtype=np.uint8)
    # In pieces that stay near the processor.
    pieces = (characters[start : start + PIECE] for start in range(0, len(characters), PIECE))
    return sum(int(np.count_nonzero(piece == ord(sign))) for piece in pieces)
