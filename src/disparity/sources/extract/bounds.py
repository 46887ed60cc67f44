"""Where the table begins and ends in a file: titles above the header, totals and notes below the rows."""

import csv
import io
import re
from collections.abc import Callable, Sequence

import polars as pl

FIRST_LINES = 40  # among which a header is looked for
FIRST_BYTES = 100_000
# A title may have a few words of its own; a line with most of a header's is the header.
MOST_OF_IT, TITLE_AT_MOST = 0.8, 0.6
# Excel's own first line, which says what separates the values.
HINT = re.compile(r'\ufeff?"?sep=([,;\t|])', re.IGNORECASE)
TOTAL = r"^(?i:(?:grand|sub|overall)?[ -]?totals?\b)"
NOTE = (
    r"^(?i:(?:count|(?:number|no\.?) of (?:records|rows|searches)|(?:records|rows|searches)\s*[:=]|end of "
    r"|generated|printed|exported|extracted|produced|source\b|notes?\b|official\b|data (?:as at|correct)|report\b"
    r"|page \d|©|confidential|\*))"
)
A_NUMBER = r"^[\d,.\s%]+$"
WORDS_OF_A_HEADER = re.compile(r"[^\W\d_]")
LINE_ENDS = b"\r\n"
MOST_OF_A_NOTE = 2  # values
MOST_NOTES, LONGEST_NOTE = 20, 1_000  # lines, characters
NARROW = 4  # columns; in a table with fewer, a short row is no note


def find_header(lines: Sequence[Sequence[str | None]], is_wanted: Callable[[str], bool]) -> int:
    """Give the place of the line that is the header: the first with most of the names that are asked for.

    >>> find_header([["Stop and search", ""], ["Ref", "Date"], ["1", "04/01/2026"]], lambda _: True)
    1
    """
    scores = [_score(line, is_wanted) for line in lines[:FIRST_LINES]]
    best = max(scores, default=0)
    place = next(place for place, score in enumerate([*scores, best]) if score >= MOST_OF_IT * best)
    is_sure = best > 1 and all(score <= TITLE_AT_MOST * best for score in scores[:place])
    return place if is_sure else 0


def _score(line: Sequence[str | None], is_wanted: Callable[[str], bool]) -> int:
    return len({text.strip() for text in line if text and WORDS_OF_A_HEADER.search(text) and is_wanted(text)})


def score_headers(lines: Sequence[str], separator: str) -> int:
    """Say how many names the best header among these lines would have, were this what separates values."""
    rows = list(csv.reader(lines, delimiter=separator))
    return _score(rows[find_header(rows, lambda _: True)], lambda _: True) if rows else 0


def find_hint(lines: Sequence[str]) -> str:
    """Give the separator that Excel's first line names; nothing where there is no such line."""
    hint = HINT.match(lines[0].strip()) if lines else None
    return hint[1] if hint else ""


def cut_titles(content: bytes, separator: str, is_wanted: Callable[[str], bool]) -> tuple[bytes, int]:
    """Give a CSV from its header on, and how many lines are above it; Excel's hint of a separator is one."""
    start = content[:FIRST_BYTES].decode("utf-8-sig", errors="replace")
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=separator)
    lines: list[list[str]] = []
    ends: list[int] = []
    try:
        for line in reader:
            lines.append(line)
            ends.append(reader.line_num)
            if len(lines) == FIRST_LINES:
                break
    except csv.Error:  # a value longer than Python's module reads: what is above it has been seen
        pass
    place = find_header(lines, is_wanted)
    above = ends[place - 1] if place else 0
    if content.count(b"\n", 0, FIRST_BYTES) < above:  # lines that end in CR only are refused where bytes are checked
        return content, 0
    begin = 0
    for _ in range(above):
        begin = content.index(b"\n", begin) + 1
    return content[begin:] if begin else content, above


def cut_totals(content: bytes, separator: str, width: int) -> tuple[bytes, int]:
    """Give a CSV without the totals and notes below its rows that are shorter than these, and how many there were.

    Only what says that it is one: a last row that was cut off is no note.
    """
    # Tabs at the end of a row may be its separators.
    end, cut = len(content.rstrip(LINE_ENDS)), 0
    for _ in range(MOST_NOTES):
        begin = content.rfind(b"\n", 0, end) + 1
        line = content[begin:end].decode("utf-8", errors="replace")
        try:
            cells = next(csv.reader([line[:LONGEST_NOTE]], delimiter=separator), [])
        except csv.Error:  # a carriage return inside: a row that is refused or read elsewhere, and no note
            break
        filled = [cell.strip() for cell in cells if cell.strip()]
        # An odd mark is the end of a value that has several lines.
        is_short = (
            begin and len(cells) < width and line.count('"') % 2 == 0 and len(filled) <= max(MOST_OF_A_NOTE, width // 2)
        )
        if not (is_short and filled and re.match(f"{TOTAL}|{NOTE}", filled[0])):
            break
        cut += 1
        end = len(content[:begin].rstrip(LINE_ENDS))
    return (content[:end] + b"\n", cut) if cut else (content, 0)


def widen_header(content: bytes, separator: str) -> bytes:
    """Give the header a blank name for each column that the first row has beyond it, if they hold nothing there."""
    gap = separator.encode()
    end = content.find(b"\n")
    header, first = content[:end].rstrip(b"\r"), content[end + 1 :].partition(b"\n")[0].rstrip(b"\r")
    more = first.count(gap) - header.count(gap)
    is_plain = end > 0 and b'"' not in header + first
    if more <= 0 or not is_plain or not first.endswith(more * gap):
        return content
    return header + more * gap + content[len(header) :]


def find_totals(body: pl.DataFrame) -> pl.Series:
    """Say of each row whether it is a total, or a note below the last of the rows."""
    most = max(MOST_OF_A_NOTE, body.width // 2)
    # Most rows hold more: few are looked into.
    is_short = body.select(pl.sum_horizontal(pl.all().is_not_null()) <= most).to_series()
    places = is_short.arg_true()
    texts = pl.all().str.strip_chars().replace("", None)
    short = body.filter(is_short).select(filled=pl.sum_horizontal(texts.is_not_null()), first=pl.coalesce(texts))
    is_note = (pl.col("filled") <= MOST_OF_A_NOTE) & pl.col("first").str.contains(NOTE)
    is_note |= (pl.col("filled") == 1) & pl.col("first").str.contains(A_NUMBER)
    marks = short.select(
        is_blank=pl.col("first").is_null(),
        is_total=pl.col("first").str.contains(TOTAL).fill_null(False),
        is_note=is_note.fill_null(False) & (body.width >= NARROW),
    )
    is_row = pl.repeat(True, body.height, dtype=pl.Boolean, eager=True).scatter(
        places, ~(marks["is_blank"] | marks["is_total"] | marks["is_note"])
    )
    last = is_row.arg_true().max()
    is_below = places > (last if isinstance(last, int) else body.height)
    return pl.repeat(False, body.height, dtype=pl.Boolean, eager=True).scatter(
        places, marks["is_total"] | (marks["is_note"] & is_below)
    )
