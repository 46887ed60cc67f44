"""What is wrong with a CSV's bytes, found before the parser sees them: a monthly file's or an extract's.

polars alone reads UTF-16, NUL bytes, rows cut short, web pages saved as .csv and a header in the middle
without a word; each would change a published figure. Every check names a page of `docs/errors/`, gives lines
and counts, and never shows what a row holds. Files run to 10 MB and 1,500 of them make a publication: the
checks are vectorised, and only a file with odd quotation marks goes through Python's csv module.
"""

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from disparity.sources.extent import Dialect, check_extent, check_oddly_quoted, count_lines, count_sign
from disparity.sources.header import BOM, LONGEST_HEADER, first_line
from disparity.sources.raw import LABELS, list_labels
from disparity.vocabulary.errors import DataError

UTF_8 = "utf-8"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# First bytes of what is sometimes saved, or renamed, as .csv.
MAGIC = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"PK\x05\x06": "an empty zip archive",
    b"PAR1": "Parquet",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "PDF",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"7z\xbc\xaf": "7-Zip",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"SQLite format 3": "SQLite",
}
# The status a server's message names, in its title or its JSON; not any number, for styles have many.
STATUS = re.compile(rb'(?:<(?:title|h1)[^>]*>[^<]*?|"(?:status|code)"\s*:\s*)\b([45]\d\d)\b', re.IGNORECASE)
SHARE_OF_NULS_IN_UTF_16 = 0.2
SHORT_HEADER = 100  # bytes; that of a monthly file has more
QUOTE, CR, LF = b'"\r\n'
END = "the end of the file\x00"  # no value of the file can be it: NUL bytes are refused before

Places = npt.NDArray[np.intp]


PORTAL = Dialect()


def check_bytes(content: bytes) -> None:
    """Refuse what is no text of a CSV at all.

    Raises:
        DataError: empty, not UTF-8, NUL bytes, a web page, JSON, or a file of another kind.
    """
    # As much as `read_header` looks at.
    start = content[: LONGEST_HEADER + len(BOM)].removeprefix(BOM)
    header = first_line(start)
    if not header.strip():
        raise DataError(
            "the file is empty",
            found="" if not start.strip() else "a first line without a header",
            what_now="a month without searches has a header line",
            code="E101",
        )
    check_kind(content)
    _check_encoding(content)
    if b"\r" in header.rstrip(b"\r"):
        raise _cr_only(1)
    opening = start.lstrip()[:1]
    if opening in {b"<", b"{", b"["}:
        kind = "a web page" if opening == b"<" else "JSON"
        status = STATUS.search(content[:2_000])
        raise DataError(
            f"the file is {kind}, not a CSV",
            found=f"the status {status[1].decode()}" if status else "",
            what_now="download it again: the server answered with a message instead of the file",
            code="E112",
        )


def check_kind(content: bytes) -> None:
    """Refuse, by its first bytes, a file of another kind.

    Raises:
        DataError: it is packed, a workbook, a database or the like.
    """
    kind = next((words for magic, words in MAGIC.items() if content.startswith(magic)), "")
    if kind:
        raise DataError(
            f"the file is {kind}, not a CSV",
            found="its first bytes are of that kind",
            what_now="unpack it, or save it as CSV UTF-8",
            code="E117",
        )


def _check_encoding(content: bytes) -> None:
    nuls = content.count(b"\0") if b"\0" in content else 0
    if content.startswith(UTF_16_MARKS) or nuls > SHARE_OF_NULS_IN_UTF_16 * len(content):
        raise DataError(
            "the file is UTF-16, not UTF-8",
            found="the mark of UTF-16 at its start" if content.startswith(UTF_16_MARKS) else f"{nuls:,} NUL bytes",
            what_now="save it as CSV UTF-8, not as Excel's 'Unicode text'; an extract may say encoding = \"utf-16\"",
            code="E102",
        )
    if nuls:
        raise DataError(
            f"the file holds {nuls} NUL {'byte' if nuls == 1 else 'bytes'}",
            found=f"line {_line_of(content, content.index(0))}",
            what_now="download the file again: it is damaged",
            code="E104",
        )
    if content.isascii():
        return
    try:
        content.decode()
    except UnicodeDecodeError as error:
        raise DataError(
            "the file is not UTF-8 text",
            found=f"line {_line_of(content, error.start)}, byte {error.start + 1}",
            what_now='save it as CSV UTF-8, or say what it is: encoding = "cp1252"; it is never guessed',
            code="E103",
        ) from None


def _line_of(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1


def is_utf_8(content: bytes) -> bool:
    """Whether the bytes are UTF-8 as they are."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def recode(content: bytes, encoding: str) -> bytes:
    """Give the file as UTF-8, from the encoding that was declared.

    Raises:
        DataError: some bytes are not of it, or it is no text at all.
    """
    check_kind(content)
    try:
        return content.decode(encoding).encode()
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        raise DataError(
            f"the file is not {encoding} text",
            found=f"line {_line_of(content, start)}, byte {start + 1}",
            what_now="say which encoding it has, or save it as CSV UTF-8",
            code="E103",
        ) from None


def read_rows(
    content: bytes, dialect: Dialect = PORTAL, *, lines: int | None = None, labels: Collection[int] = ()
) -> pl.DataFrame:
    """Parse a checked file into rows of text, each with as many values as the header.

    Args:
        lines: how many it has, where they have been counted.
        labels: places of columns with few values: they may be LABELS, which is faster than to make them of texts.

    Raises:
        DataError: an unclosed quotation mark, a row too short or too long, a second header, CR-only line
            ends, a value too long.
    """
    content = content.removeprefix(BOM)
    lines = lines or count_lines(content)
    check_extent(content, dialect, lines)
    _check_header_once(content)
    quotes = _quotes(content)
    if quotes.size and not _is_well_quoted(content, quotes, dialect):
        return _read_oddly_quoted(content, dialect)
    if quotes.size % 2:
        raise _unclosed(_line_of(content, int(quotes[-1])))
    _check_line_ends(content, quotes)
    rows = None if quotes.size else _read_full_rows(content, dialect, lines, labels)
    if rows is not None:
        return rows
    _check_widths(content, quotes, dialect)
    try:
        return pl.read_csv(content, infer_schema=False, separator=dialect.separator)
    except pl.exceptions.PolarsError:
        # The message of the parser may quote rows, which are about people: none of it is shown.
        raise DataError(
            "the file is not a well-formed CSV",
            found=f"a value that cannot be parsed, in one of {lines:,} lines",
            what_now="download the file again; of your own file, save it again as CSV UTF-8",
            code="E105",
        ) from None


def _read_full_rows(content: bytes, dialect: Dialect, lines: int, labels: Collection[int]) -> pl.DataFrame | None:
    """Parse a file in which, as in most, every row has its values and none is too long; of others, give nothing.

    As many separators as full rows have in all, and no row with more, for the parser refuses those: no row has less.
    """
    width = first_line(content).count(dialect.separator.encode()) + 1
    if count_sign(content, dialect.separator) != lines * (width - 1):
        return None
    # At the end of a file the parser takes a row with one value too many, if that is empty: not at the end of a line.
    ended = content if content.endswith(b"\n") else content + b"\n"
    kinds = [LABELS if place in labels else pl.String() for place in range(width)]
    try:
        rows = pl.read_csv(ended, infer_schema=False, schema_overrides=kinds, separator=dialect.separator).rechunk()
    except pl.exceptions.PolarsError:
        return None
    longest = max(map(_measure_longest, [pl.Series(rows.columns), *rows.iter_columns()]))
    return rows if rows.height == lines - 1 and longest <= dialect.longest else None


def _measure_longest(values: pl.Series) -> int:
    """Give the bytes of the longest value; of labels, each is looked at once."""
    texts = values if values.dtype == pl.String else pl.Series(list(list_labels(values)), dtype=pl.String)
    return int(texts.str.len_bytes().fill_null(0).to_numpy().max(initial=0))


def join_files(contents: Sequence[bytes]) -> bytes | None:
    """Put files that have one header line one after the other, to be parsed at once.

    None where one has quotation marks: a line break within them would leave unknown where a file ends.
    """
    if any(b'"' in content for content in contents):
        return None
    parts: list[bytes | memoryview] = [first_line(contents[0]).removeprefix(BOM), b"\n"]
    for content in contents:
        start = content.find(b"\n") + 1
        if start:
            parts += [memoryview(content)[start:], b"" if content.endswith(b"\n") else b"\n"]
    return b"".join(parts)


def _check_header_once(content: bytes) -> None:
    header = first_line(content).rstrip(b"\r")
    # A short one, of an extract, may be words of a value: it is a header where it is a line.
    is_short = len(header) < SHORT_HEADER
    again = re.search(rb"\n" + re.escape(header) + rb"\r?(\n|$)", content) if is_short else None
    place = again.start() + 1 if again else -1 if is_short else content.find(header, len(header))
    if place > 0:
        raise DataError(
            "the header is in the file twice",
            found=f"line {_line_of(content, place)}",
            what_now="these are two files in one: give each force and month its own",
            code="E115",
        )


def _quotes(content: bytes) -> Places:
    if b'"' not in content:
        return np.empty(0, dtype=np.intp)
    return np.flatnonzero(np.frombuffer(content, dtype=np.uint8) == QUOTE)


def _is_well_quoted(content: bytes, quotes: Places, dialect: Dialect) -> bool:
    """Whether each quote opens at the start of a value, closes at its end or is doubled inside."""
    padded = np.frombuffer(b"\n" + content + b"\n", dtype=np.uint8)
    opens, closes = quotes[0::2], quotes[1::2]
    is_doubled = closes[: len(opens) - 1] + 1 == opens[1:]
    before, after = padded[opens], padded[closes + 2]
    gap = ord(dialect.separator)
    is_start = (before == gap) | (before == LF)
    is_start[1:] |= is_doubled
    is_end = (after == gap) | (after == LF) | (after == CR)
    is_end[: len(is_doubled)] |= is_doubled
    return bool(is_start.all() and is_end.all())


def _find_separators(content: bytes, quotes: Places, gap: int) -> tuple[npt.NDArray[np.uint8], Places]:
    """Give the characters, and where among them separators and line ends outside quotes are."""
    characters = np.frombuffer(content if content.endswith(b"\n") else content + b"\n", dtype=np.uint8)
    places = np.flatnonzero((characters == gap) | (characters == LF))
    return characters, places[np.searchsorted(quotes, places) % 2 == 0] if quotes.size else places


def _check_line_ends(content: bytes, quotes: Places) -> None:
    if b"\r" not in content or content.count(b"\r") == content.count(b"\r\n"):
        return
    characters = np.frombuffer(content + b" ", dtype=np.uint8)
    lone = np.flatnonzero((characters[:-1] == CR) & (characters[1:] != LF))
    lone = lone[np.searchsorted(quotes, lone) % 2 == 0]
    if lone.size:
        raise _cr_only(_line_of(content, int(lone[0])))


def _cr_only(line: int) -> DataError:
    return DataError(
        "the file has lines that end in CR only",
        found=f"line {line}",
        what_now="save it as CSV UTF-8, with the line ends of Windows or Unix",
        code="E114",
    )


def _check_widths(content: bytes, quotes: Places, dialect: Dialect) -> None:
    """Refuse rows with fewer or more values than the header: the parser pads a cut-off row without a word."""
    characters, places = _find_separators(content, quotes, ord(dialect.separator))
    ends = np.flatnonzero(characters[places] == LF)
    widths, lengths = np.diff(ends, prepend=-1), np.diff(places[ends], prepend=-1)
    if lengths.max() > dialect.longest + 1:
        _check_lengths(content, places, dialect)
    if (widths == widths[0]).all():
        return
    # A line of nothing, or of the CR of CRLF, is blank and no row.
    is_blank = (lengths == 1) | ((lengths == 2) & (characters[places[ends] - 1] == CR))
    wrong = np.flatnonzero((widths != widths[0]) & ~is_blank)
    if wrong.size:
        is_last = wrong[0] == np.flatnonzero(~is_blank)[-1]
        code = "E108" if widths[wrong[0]] > widths[0] else "E106" if is_last else "E107"
        starts = [int(places[ends[row - 1]]) + 1 for row in wrong[:5]]
        raise _wrong_width(code, [_line_of(content, start) for start in starts], len(wrong))


def _check_lengths(content: bytes, places: Places, dialect: Dialect) -> None:
    lengths = np.diff(places, prepend=-1) - 1
    longest = int(lengths.argmax())
    if lengths[longest] > dialect.longest:
        raise _too_long(dialect, _line_of(content, int(places[longest] - lengths[longest])))


def _wrong_width(code: str, lines: list[int], count: int) -> DataError:
    what_now = {
        "E106": "download the file again: it was cut off",
        "E107": "download the file again: it may have been damaged",
        "E108": "put quotation marks round values with commas, or download the file again",
    }
    return DataError(
        f"{count} {'row does' if count == 1 else 'rows do'} not have as many values as the header",
        found=f"line {', '.join(map(str, lines[:5]))}{' and more' if count > len(lines[:5]) else ''}",
        what_now=what_now[code],
        code=code,
    )


def _too_long(dialect: Dialect, line: int) -> DataError:
    return DataError(
        f"a value is longer than {dialect.longest:,} bytes",
        found=f"line {line}",
        what_now="get the file again: no column of searches holds such texts",
        code="E116",
    )


def _unclosed(line: int) -> DataError:
    return DataError(
        "a quotation mark is not closed",
        found=f"line {line}",
        what_now="look at that line; download the file again if it was cut off",
        code="E105",
    )


def _read_oddly_quoted(content: bytes, dialect: Dialect) -> pl.DataFrame:
    """Read quotes in the middle of values as RFC 4180's lax readers do; polars misreads them (2.1)."""
    check_oddly_quoted(content)
    _check_line_ends(content, np.empty(0, dtype=np.intp))
    (_, end_of_header, header), *rows = _number_rows(content.decode(), dialect)
    if end_of_header > 1:
        raise _unclosed(1)
    filled = [row for row in rows if row[2]]
    wrong = [row for row in filled if len(row[2]) != len(header)]
    suspect = [row for row in rows if row[1] > row[0]] + [row for row in wrong if '"' in "".join(row[2])]
    if wrong and suspect:
        raise _unclosed(suspect[0][0])
    if wrong:
        is_last = wrong[0] is filled[-1]
        code = "E108" if len(wrong[0][2]) > len(header) else "E106" if is_last else "E107"
        raise _wrong_width(code, [first for first, _, _ in wrong], len(wrong))
    values = [[value or None for value in row or [""] * len(header)] for _, _, row in rows]
    return pl.DataFrame(values, schema=[(str(place), pl.String) for place in range(len(header))], orient="row")


def _number_rows(text: str, dialect: Dialect) -> Iterator[tuple[int, int, list[str]]]:
    """Give each row with its first and last line; a blank line is a row of no values."""
    whole = io.StringIO(f"{text}{'' if text.endswith(chr(LF)) else chr(LF)}{END}", newline="\n")
    reader = csv.reader(whole, delimiter=dialect.separator)
    last = 0
    row: list[str] = []
    try:
        for row in reader:
            first, last = last + 1, reader.line_num
            if row != [END]:
                if max(map(len, row), default=0) > dialect.longest:
                    raise _too_long(dialect, first)
                yield first, last, row
    except csv.Error:
        raise _unclosed(last + 1) from None
    if row != [END]:
        raise _unclosed(first)
