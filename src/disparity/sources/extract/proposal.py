"""Propose the mapping of a force's extract, so that nobody starts from an empty page.

The text is a ready `[[extracts]]` block of a project file. What is unsure carries `# CHECK`. Nothing of
free-text or personal columns is written out: only values of columns that are coded.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from disparity.project.extract_mapping import TIME_COLUMNS, looks_personal
from disparity.sources.extract.guesses import ColumnGuess, fit_date_formats, guess_columns
from disparity.sources.extract.table import PARQUET, TEXT_FILES, Layout, Table, list_sheets, read_table
from disparity.sources.naming import naming
from disparity.vocabulary.codes import force_names
from disparity.vocabulary.errors import DataError

SEPARATORS = ",;\t|"


def propose_mapping(path: Path, *, force: str = "") -> str:
    """Give the `[[extracts]]` block that reads this file, as far as it can be guessed.

    Raises:
        RequestError, DataError: as `read_table`; or no column looks like the date of a search.
    """
    with naming(path.name):
        layout, doubts = _guess_layout(path)
        table = read_table(path, layout, is_wanted=lambda header: not looks_personal(header))
        found = guess_columns(table.rows)
        dated = [found[ours].theirs for ours in TIME_COLUMNS[:2] if ours in found]
        if not dated or not fit_date_formats(table.rows[dated[0]]):
            raise DataError(
                "no column looks like the date of a search",
                found=f"{len(table.rows.columns) - 1} columns that are not personal",
                what_now="check that the first line is the header and that it is one row for each search",
                code="E111",
            )
    lines = [
        f"# Proposed by `disparity map` for {_quote(path.name)}: {table.rows.height} rows.",
        "# Read every line. CHECK marks a guess that is not sure: correct it or delete the mark.",
        "[[extracts]]",
        f"file = {_quote(str(path))}",
        *_write_force(path, force),
        *_write_dates(table, found),
        *(f"{key} = {_quote(value)}{_mark(doubts[key])}" for key, value in vars(layout).items() if key in doubts),
        "# overrides = true  # this file wins over monthly files of the same force and month; false: they win",
        "",
        "[extracts.columns]",
        *(f"{ours} = {_quote(guess.theirs)}{_mark(guess.doubt)}" for ours, guess in found.items()),
        *_write_leftovers(table, found),
    ]
    for ours, guess in found.items():
        lines += _write_values(ours, guess, table.rows[guess.theirs])
    return "\n".join(lines) + "\n"


def _guess_layout(path: Path) -> tuple[Layout, dict[str, str]]:
    """Guess sheet, encoding and separator; `doubts` has those that are not the default."""
    sheets = list_sheets(path) if path.is_file() else []
    if len(sheets) > 1:
        return Layout(sheet=sheets[0]), {"sheet": f"or {', '.join(map(_quote, sheets[1:]))}"}
    if path.suffix.lower() not in TEXT_FILES or not path.is_file():
        return Layout(), {}
    content = path.read_bytes()
    doubts: dict[str, str] = {}
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        encoding, text = "cp1252", content.decode("cp1252", errors="replace")
    first = text.lstrip().split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    if encoding != "utf-8":
        doubts["encoding"] = "the file is not UTF-8" if encoding == "cp1252" else ""
    if separator != ",":
        doubts["separator"] = ""
    return Layout(encoding=encoding, separator=separator), doubts


def _write_force(path: Path, force: str) -> list[str]:
    if force:
        return [f"force = {_quote(force)}"]
    stem = re.sub(r"[^a-z0-9]+", "-", path.stem.lower())
    known = [name for name in force_names() if name in stem]
    words = [word for word in stem.split("-") if word.isalpha() and word not in {"stop", "search", "extract", "export"}]
    guess = known[0] if known else words[0] if words else "my-force"
    return [f"force = {_quote(guess)}{_mark('the id of the force, as in the names of monthly files')}"]


def _write_dates(table: Table, found: dict[str, ColumnGuess]) -> Iterator[str]:
    ours = "searched_at" if "searched_at" in found else "search_date"
    dates = table.rows[found[ours].theirs].drop_nulls()
    if table.has_typed_dates and dates.str.contains(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d").all():
        yield "# The file holds dates as dates: no date_format is needed."
    else:
        forms = fit_date_formats(dates)
        best, share = forms[0]
        rivals = [form for form, of_form in forms[1:] if of_form == share]
        doubt = f"or {', '.join(rivals)}: no date distinguishes them" if rivals else ""
        if share < 1:
            doubt = f"{round((1 - share) * dates.len())} of {dates.len()} dates do not read so"
        yield f"date_format = {_quote(best)}{_mark(doubt)}"
    if "search_time" in found:
        clock = table.rows[found["search_time"].theirs].drop_nulls().str.replace(r"^1899-12-31 ", "")
        form = max(("%H:%M", "%H:%M:%S", "%H%M"), key=lambda form: clock.str.to_time(form, strict=False).count())
        yield f"time_format = {_quote(form)}"
    may_be_utc = table.name.lower().endswith(PARQUET)
    yield 'time_zone = "Europe/London"' + _mark("is it the clock on the wall, or UTC?" if may_be_utc else "")


def _write_leftovers(table: Table, found: dict[str, ColumnGuess]) -> Iterator[str]:
    mapped = {guess.theirs for guess in found.values()}
    personal = [header for header in table.headers if looks_personal(header)]
    left = [header for header in table.headers if header not in mapped and header not in personal]
    if left:
        yield f"# Not mapped, so not read: {', '.join(map(_quote, left))}"
    if personal:
        yield f"# Personal by name, never read: {', '.join(map(_quote, personal))}"
    if "grounds" in found:
        yield "# Grounds are free text: carried with the record and shown nowhere. Leave them out if you can."


def _write_values(ours: str, guess: ColumnGuess, values: pl.Series) -> Iterator[str]:
    if not guess.values:
        return
    counts = dict(values.value_counts(name="rows").iter_rows())
    yield from ("", f"[extracts.values.{ours}]")
    for value, meaning in guess.values.items():
        if meaning.code is None:
            yield f'# {_quote(value)} = ""  # CHECK: {counts[value]} rows, no guess'
        else:
            yield f"{_quote(value)} = {_quote(meaning.code)}{_mark(meaning.doubt)}"


def _mark(doubt: str) -> str:
    return f"  # CHECK: {doubt}" if doubt else ""


def _quote(text: str) -> str:
    """Write a TOML string; control characters are escaped, so none reaches a terminal."""
    written = json.dumps(text, ensure_ascii=False)
    return re.sub(r"[\x7f-\x9f\u2028-\u202e\u2066-\u2069]", lambda odd: f"\\u{ord(odd[0]):04x}", written)
