"""Propose the mapping of a force's extract, so that nobody starts from an empty page.

The text is a ready `[[extracts]]` block of a project file. What is unsure carries `# CHECK`. Nothing of
free-text or personal columns is written out: only values of columns that are coded.
"""

import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from disparity.project.extract_mapping import FORCE, TIME_COLUMNS
from disparity.project.personal_columns import looks_personal
from disparity.sources.extent import read_table_bytes
from disparity.sources.extract.ages import read_years
from disparity.sources.extract.bounds import FIRST_LINES, find_hint, score_headers
from disparity.sources.extract.date_forms import choose_forms, fit_clock_form, fit_forms, read_in_turn, read_moments
from disparity.sources.extract.files import find_files
from disparity.sources.extract.forces import count_forces
from disparity.sources.extract.guesses import ColumnGuess
from disparity.sources.extract.header_seen import show_seen
from disparity.sources.extract.known_columns import guess_mapping, looks_private, name_unused, names_area
from disparity.sources.extract.table import PARQUET, ROW, TEXT_FILES, Layout, Table, list_sheets, read_table
from disparity.sources.extract.times import LONDON, TYPED, name_rows, read_typed, to_utc
from disparity.sources.extract.value_guesses import ValueGuess
from disparity.sources.naming import naming
from disparity.vocabulary.codes import force_names
from disparity.vocabulary.errors import DataError

SEPARATORS = ",;\t|"
MOST_SHEETS = 20  # that are looked into
MOST_CHARACTERS = 100_000


def propose_mapping(*patterns: Path, force: str = "", home: Path | None = None, sheet: str = "") -> str:
    """Give the `[[extracts]]` block that reads these files, all alike, as far as it can be guessed.

    Args:
        sheet: of a workbook, where it is not to be guessed.
        home: the folder that paths are written from; none: they are written as given.

    Raises:
        RequestError, DataError: as `read_table`; or no column looks like the date of a search.
    """
    paths = find_files(patterns)
    with naming(paths[0].name):
        layout, doubts = (Layout(sheet=sheet), {"sheet": ""}) if sheet else _guess_layout(paths[0])
    table = _join([_read_apart(path, layout) for path in paths])
    with naming(table.name):
        found = guess_mapping(table.rows, force)
        dated = [found[ours].theirs for ours in TIME_COLUMNS[:2] if ours in found]
        if not dated or not _has_dates(table, dated[0]):
            raise DataError(
                "no column looks like the date of a search",
                found=f"{len(table.rows.columns) - 1} columns that are not personal{show_seen(table)}",
                what_now="check that the first line is the header and that it is one row for each search"
                + (", and name another sheet with --sheet" if table.sheets[1:] else ""),
                code="E111",
            )
    lines = [
        # The header first: a table that somebody puts above it does not part it from what is said of it.
        "[[extracts]]",
        f"# Proposed by `disparity map` for {quote(table.name)}: {table.rows.height} rows.",
        *_write_bounds(table),
        "# Read every line. CHECK marks a guess that is not sure: correct it or delete the mark.",
        "# Each says which words it comes from. A line that begins with # counts for nothing until you remove the #.",
        f"file = {_write_paths(patterns, home)}",
        *_write_force(paths[0], force, _count_forces(table, found, force)),
        *_write_dates(table, found),
        *(f"{key} = {quote(value)}{mark(doubts[key])}" for key, value in vars(layout).items() if key in doubts),
        "# overrides = true  # this file wins over monthly files of the same force and month; false: they win",
        "",
        "[extracts.columns]",
        *(f"{ours} = {quote(guess.theirs)}{mark(guess.doubt)}" for ours, guess in found.items()),
        *_write_leftovers(table, found),
    ]
    for ours, guess in found.items():
        lines += _write_values(ours, guess, table.rows[guess.theirs])
    return "\n".join(lines) + "\n"


def write_value(value: str, meaning: ValueGuess, rows: int, *, is_new: bool = False) -> str:
    """Write the line of one of their values, with the words that decided; what nobody can tell is left in a comment.

    That is a value that nothing is known of, and one that a negation leaves open: a wrong guess would count it as its
    opposite. What is added to a mapping that is in use counts at the next build: there, every doubt is left so.
    """
    if meaning.code is None:
        doubt = "; ".join(filter(None, (f"{rows} rows, no guess", meaning.doubt)))
        return f'# {quote(value)} = ""{mark(doubt, meaning.why)}'
    is_left = meaning.is_held or (is_new and bool(meaning.doubt))
    held = f"{rows} rows" if meaning.is_held else ""
    doubt = "; ".join(filter(None, (f"new, {rows} rows" if is_new else held, meaning.doubt)))
    return f"{'# ' if is_left else ''}{quote(value)} = {quote(meaning.code)}{mark(doubt, meaning.why)}"


def _has_dates(table: Table, header: str) -> bool:
    dates = table.rows[header].drop_nulls()
    is_typed = table.has_typed_dates and dates.len() and dates.str.contains(TYPED).all()
    return bool(is_typed or fit_forms(dates))


def _read_apart(path: Path, layout: Layout) -> Table:
    with naming(path.name):
        return read_table(path, layout, is_wanted=lambda header: not looks_personal(header))


def _join(tables: Sequence[Table]) -> Table:
    """One table of all the rows: what a column is, is best seen in all its values."""
    first, *others = tables
    if not others:
        return first
    return replace(
        first,
        name=f"{first.name} and {len(others)} other files" if others[1:] else f"{first.name} and {others[0].name}",
        rows=pl.concat([table.rows for table in tables], how="diagonal"),
        headers=tuple(dict.fromkeys(header for table in tables for header in table.headers)),
    )


def _write_bounds(table: Table) -> Iterator[str]:
    if table.titles:
        yield f"# Lines above the header, which are no rows: {table.titles}."
    if table.total_rows:
        yield f"# Totals and notes below the rows, which are no rows: {table.total_rows}."


def _write_paths(patterns: Sequence[Path], home: Path | None) -> str:
    written = [quote(str(path) if home is None else _write_from(path, home)) for path in patterns]
    return written[0] if len(written) == 1 else f"[{', '.join(written)}]"


def _write_from(path: Path, home: Path) -> str:
    try:
        return Path(os.path.relpath(path, home)).as_posix()
    except ValueError:  # another drive
        return path.absolute().as_posix()


def _guess_layout(path: Path) -> tuple[Layout, dict[str, str]]:
    """Guess sheet, encoding and separator; `doubts` has those that are not the default."""
    sheets = list_sheets(path) if path.is_file() else []
    if len(sheets) > 1:
        best = max(sheets[:MOST_SHEETS], key=lambda sheet: _count_known(path, sheet))
        others = [sheet for sheet in sheets if sheet != best]
        return Layout(sheet=best), {"sheet": f"or {', '.join(map(quote, others))}"}
    if path.suffix.lower() not in TEXT_FILES or not path.is_file():
        return Layout(), {}
    content = read_table_bytes(path)
    doubts: dict[str, str] = {}
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        encoding, text = "cp1252", content.decode("cp1252", errors="replace")
    lines = text[:MOST_CHARACTERS].splitlines()[:FIRST_LINES]
    separator = find_hint(lines) or max(SEPARATORS, key=lambda gap: score_headers(lines, gap))
    if encoding != "utf-8":
        doubts["encoding"] = "the file is not UTF-8" if encoding == "cp1252" else ""
    if separator != ",":
        doubts["separator"] = ""
    return Layout(encoding=encoding, separator=separator), doubts


def _count_known(path: Path, sheet: str) -> int:
    """How many of our columns a sheet may hold: a cover has none, a summary few."""
    try:
        found = guess_mapping(_read_apart(path, Layout(sheet=sheet)).rows)
    except DataError:
        return 0
    return len(found) if any(ours in found for ours in TIME_COLUMNS[:2]) else 0


def _count_forces(table: Table, found: dict[str, ColumnGuess], force: str) -> dict[str, int]:
    """Rows of each force that is known, most first; none where no column says."""
    return dict(count_forces(table.rows[found[FORCE].theirs], force)) if FORCE in found else {}


def _write_force(path: Path, force: str, held: dict[str, int]) -> list[str]:
    own = force or next(iter(held), "")
    others = {other: rows for other, rows in held.items() if other != own}
    if own and (others or not force):
        named = ", ".join(f"{other} ({rows} rows)" for other, rows in others.items())
        set_aside = mark(f"so {named} are not read; another [[extracts]] with that force reads them")
        return [
            f"force = {quote(own)}{mark('' if force else 'as a column of the file names it')}",
            *([f'other_forces = "set aside"{set_aside}'] if others and own in held else []),
        ]
    if force:
        return [f"force = {quote(force)}"]
    stem = re.sub(r"[^a-z0-9]+", "-", path.stem.lower())
    known = [name for name in force_names() if name in stem]
    words = [word for word in stem.split("-") if word.isalpha() and word not in {"stop", "search", "extract", "export"}]
    guess = known[0] if known else words[0] if words else "my-force"
    return [f"force = {quote(guess)}{mark('the id of the force, as in the names of monthly files')}"]


def _write_dates(table: Table, found: dict[str, ColumnGuess]) -> Iterator[str]:
    ours = "searched_at" if "searched_at" in found else "search_date"
    rows = table.rows.select(ROW, found[ours].theirs).drop_nulls()
    dates = rows[found[ours].theirs]
    is_zoned = False
    if table.has_typed_dates and dates.str.contains(TYPED).all():
        yield "# The file holds dates as dates: no date_format is needed."
        naive, aware = read_typed(dates)
        is_zoned = aware.count() > 0
    else:
        forms, rivals = choose_forms(dates)
        naive, aware = read_in_turn(dates, forms)
        written = quote(forms[0]) if len(forms) == 1 else f"[{', '.join(map(quote, forms))}]"
        yield f"date_format = {written}{mark('; '.join(_doubt_dates(rows, forms, rivals)))}"
        is_zoned = any("%z" in form for form in forms)
    clock = None
    if "search_time" in found:
        clock = table.rows[found["search_time"].theirs].drop_nulls()
        form, share = fit_clock_form(clock)
        unread = round((1 - share) * clock.len())
        doubt = f"{unread} of {clock.len()} times do not read so" if unread else ""
        yield f"time_format = {quote(form)}{mark(doubt)}"
        is_zoned = "%z" in form
    if is_zoned and not naive.count():
        yield "# Every date says its own zone, and is read so: no time_zone is asked."
    elif clock is None or not is_zoned:
        yield f'time_zone = "Europe/London"{mark(_doubt_zone(table, naive, is_zoned))}'


def _doubt_dates(rows: pl.DataFrame, forms: Sequence[str], rivals: Sequence[str]) -> Iterator[str]:
    numbers, dates = rows[ROW], rows[rows.columns[1]]
    if rivals:
        yield f"or {', '.join(rivals)}: no date distinguishes them"
    left = dates.is_not_null()
    others: list[str] = []
    for form in forms:
        read = left & read_moments(dates, form).is_not_null()
        others += [f"{name_rows(numbers.filter(read).to_list())} as {form}"]
        left &= ~read
    if len(forms) > 1:
        yield f"{', '.join(others[1:])}: has a program rewritten them?"
    if unread := int(left.sum()):
        yield f"{unread} of {dates.len()} dates do not read so"


def _doubt_zone(table: Table, naive: pl.Series, is_zoned: bool) -> str:
    """What speaks against the clock on the wall: the kind of file, or a time that clock never showed."""
    if is_zoned:
        return "of the dates that do not say their zone"
    never = int((naive.is_not_null() & to_utc(naive, LONDON).is_null()).sum())
    if never:
        times = "1 time is" if never == 1 else f"{never} times are"
        return f"{times} in the hour that clocks skip in March: is it UTC?"
    return "is it the clock on the wall, or UTC?" if table.name.lower().endswith(PARQUET) else ""


def _write_leftovers(table: Table, found: dict[str, ColumnGuess]) -> Iterator[str]:
    mapped = {guess.theirs for guess in found.values()}
    personal = [header for header in table.headers if looks_personal(header)]
    inside = [header for header in table.rows.columns if header not in {*mapped, ROW}]
    inside = [header for header in inside if looks_private(table.rows, header)]
    free = [header for header in table.headers if header not in {*mapped, *personal, *inside}]
    unused = {header: name_unused(header) for header in free if name_unused(header)}
    left = [f"{quote(header)}{' (could be area)' * names_area(header)}" for header in free if header not in unused]
    if left:
        yield f"# Not mapped, so not read: {', '.join(left)}"
    if unused:
        yield f"# Known, and used for nothing here: {', '.join(f'{quote(h)} ({what})' for h, what in unused.items())}"
    if personal:
        yield f"# Personal by name, never read: {', '.join(map(quote, personal))}"
    if inside:
        yield f"# Personal by their values, never read: {', '.join(map(quote, inside))}"
    if "age_group" in found and read_years(table.rows[found["age_group"].theirs]).count():
        yield "# Ages in whole years need no lines: they are read as under 10, 10-17, 18-24, 25-34 or over 34;"
        yield '# with age_bands = "Home Office" above, as under 10, 10-17, 18-24, 25-29 or 30 or over.'
    if "grounds" in found:
        yield "# Grounds are free text: carried with the record and shown nowhere. Leave them out if you can."


def _write_values(ours: str, guess: ColumnGuess, values: pl.Series) -> Iterator[str]:
    if not guess.values:
        return
    counts = dict(values.value_counts(name="rows").iter_rows())
    yield from ("", f"[extracts.values.{ours}]")
    for value, meaning in guess.values.items():
        yield write_value(value, meaning, counts[value])


def mark(doubt: str, why: str = "") -> str:
    """Mark what an analyst is to look at, and say what a guess comes from."""
    if not doubt:
        return f"  # from: {why}" if why else ""
    return f"  # CHECK: {doubt}{f' (from: {why})' if why else ''}"


def quote(text: str) -> str:
    """Write a TOML string; control characters are escaped, so none reaches a terminal."""
    written = json.dumps(text, ensure_ascii=False)
    return re.sub(r"[\x7f-\x9f\u2028-\u202e\u2066-\u2069]", lambda odd: f"\\u{ord(odd[0]):04x}", written)
