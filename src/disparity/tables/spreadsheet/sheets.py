"""What is on which sheet: cover, contents, notes, and the tables that a person would open."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import polars as pl

from disparity.analysis.measures.entries import BY_NAME
from disparity.project.settings import Settings
from disparity.tables.schema.table import FLAG, MONTH, TEXT, WHOLE, Column, TableFile
from disparity.tables.schema.tables import TABLES
from disparity.tables.schema.units import IN_HEADERS
from disparity.tables.spreadsheet.document import (
    Sheet,
    SheetColumn,
    link_cell,
    month_cell,
    number_cell,
    text_cell,
    write_document,
)
from disparity.vocabulary.calendar import name_day, name_period
from disparity.vocabulary.codes import SEARCH_TYPES
from disparity.vocabulary.statuses import CONFIDENTIAL, MARKS, NOT_APPLICABLE, NOT_AVAILABLE, SUPPRESSED, name_status
from disparity.vocabulary.text import start_sentence

SPREADSHEET_FILE = "stop-and-search.ods"
# More is slow to open, and nobody reads it: about thirty forces' estimates of two years.
MOST_CELLS = 1_500_000
NO_ROW = "it has no row in this publication"
TOO_LARGE = "it is too large to open with ease"
P_PLACES, PLACES = 4, 3
NARROW, WIDE = 3.2, 9.0  # centimetres
PER_LETTER = 0.24  # centimetres of 12 point text


def write_spreadsheet(settings: Settings, frames: Mapping[str, pl.DataFrame]) -> bytes:
    """Write the tables that a person would open as an ODS file."""
    left_out = list_csv_only(frames)
    tables = [table for table in TABLES if table.name not in left_out]
    sheets = [_fill_sheet(settings, table, frames[table.name]) for table in tables]
    front = [_write_cover(settings), _write_contents(tables, left_out), _write_notes(), _list_columns(tables)]
    made = [*front, *sheets]
    if settings.is_internal:
        made = [replace(sheet, title=f"{settings.marking}. {sheet.title}") for sheet in made]
    return write_document(settings.title, settings.published, made)


def list_csv_only(frames: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Tables that have no sheet → why."""
    reasons = {table.name: table.csv_only for table in TABLES if table.csv_only}
    for table in TABLES:
        frame = frames[table.name]
        if frame.is_empty():
            reasons[table.name] = NO_ROW
        elif frame.height * len(table.columns) > MOST_CELLS:
            reasons.setdefault(table.name, TOO_LARGE)
    return reasons


def _write_cover(settings: Settings) -> Sheet:
    period = start_sentence(name_period(settings.first_month, settings.last_month))
    day, following = settings.published, settings.next_edition
    told = {
        "Publisher": settings.publisher,
        "Period": period,
        "Edition": settings.edition,
        "Published": name_day(day) if day else "",
        "Next edition": name_day(following),
        "Contact": settings.contact,
        "Address": settings.base_url,
    }
    invented = "Invented records: no figure here describes a real force or a real search."
    licence = "Contains public sector information licensed under the Open Government Licence v3.0."
    return Sheet(
        "Cover",
        settings.title,
        (
            *([invented] if settings.is_synthetic else []),
            *([f"{settings.marking}."] if settings.marking else []),
            f"{settings.status}.",
            *(f"{name}: {text}" for name, text in told.items() if text),
            "A difference between groups is shown, not its cause.",
            "The sheet Contents lists the tables; the sheet Notes explains the shorthand in square brackets; the "
            "sheet Columns explains every column.",
            "Numbers are shown rounded; each cell holds ten figures.",
            *([] if settings.is_synthetic else [licence]),
        ),
    )


def _write_contents(tables: Sequence[TableFile], left_out: Mapping[str, str]) -> Sheet:
    front = {"Notes": "What the shorthand in square brackets means", "Columns": "What every column holds"}
    sheets = front | {_name_sheet(table): table.title for table in tables}
    others = [(table, left_out[table.name]) for table in TABLES if table.name in left_out]
    places = [link_cell(name, name) for name in sheets] + [text_cell(table.file) for table, _ in others]
    titles = [*sheets.values(), *(table.title for table, _ in others)]
    notes = ["A sheet of this file"] * len(sheets) + [f"Only as CSV: {reason}" for _, reason in others]
    return Sheet(
        "Contents",
        "Contents",
        ("This sheet has one table: the sheets of this file, and the tables that are published as CSV only.",),
        (
            SheetColumn("Sheet or file", places, 5.0),
            SheetColumn("What it holds", [text_cell(title) for title in titles], 16.0),
            SheetColumn("Where", [text_cell(note) for note in notes], 16.0),
        ),
    )


def _name_sheet(table: TableFile) -> str:
    return start_sentence(table.name)


def _write_notes() -> Sheet:
    shorthand = {mark: meaning.on_sheet for mark, meaning in MARKS.items() if meaning.on_sheet}
    return Sheet(
        "Notes",
        "Notes",
        ("This sheet has one table: the shorthand of this file.",),
        (
            SheetColumn("Shorthand", [text_cell(mark) for mark in shorthand], NARROW),
            SheetColumn("Meaning", [text_cell(start_sentence(text)) for text in shorthand.values()], 20.0),
        ),
    )


def _list_columns(tables: Sequence[TableFile]) -> Sheet:
    listed = [(table, column) for table in tables for column in table.columns]
    return Sheet(
        "Columns",
        "What every column holds",
        ("This sheet has one table.",),
        (
            SheetColumn("Sheet", [text_cell(_name_sheet(table)) for table, _ in listed], 4.0),
            SheetColumn("Column", [text_cell(_name_column(column)) for _, column in listed], 9.0),
            SheetColumn("Name in the CSV", [text_cell(column.name) for _, column in listed], 5.0),
            SheetColumn("What it holds", [text_cell(start_sentence(column.description)) for _, column in listed], 20.0),
        ),
    )


def _name_column(column: Column) -> str:
    """A header in words, its unit in brackets."""
    name = start_sentence(column.name.replace("_", " "))
    return f"{name} ({column.unit})" if column.unit in IN_HEADERS else name


def _fill_sheet(settings: Settings, table: TableFile, frame: pl.DataFrame) -> Sheet:
    withheld = frame["status"].eq(SUPPRESSED).to_list() if "status" in frame.columns else [False] * frame.height
    missing = [text_cell(CONFIDENTIAL if is_withheld else NOT_AVAILABLE) for is_withheld in withheld]
    words: dict[str, Callable[[str], str | None]] = {
        "force": settings.name_of,
        "measure": {name: measure.title for name, measure in BY_NAME.items()}.get,
        "search_type": SEARCH_TYPES.get,
        "status": name_status,
    }
    columns = tuple(
        _fill_column(_name_column(column), column, frame[column.name].to_list(), missing, words.get(column.name))
        for column in table.columns
    )
    lines = ("This sheet has one table. Shorthand is explained on the sheet Notes, columns on the sheet Columns.",)
    return Sheet(_name_sheet(table), table.title, lines, columns)


def _fill_column(
    header: str,
    column: Column,
    values: Sequence[Any],
    missing: Sequence[str],
    words: Callable[[str], str | None] | None,
) -> SheetColumn:
    """No cell is blank: a number that is not there is not available, a word that is not there not applicable."""
    if column.kind in {TEXT, FLAG}:
        texts = [NOT_APPLICABLE if value in {None, ""} else _say(value, words) for value in values]
        longest = max(map(len, texts), default=0)
        width = round(min(max(NARROW, PER_LETTER * longest), WIDE), 1)
        return SheetColumn(header, list(map(cache(text_cell), texts)), width)
    if column.kind == MONTH:
        print_month = cache(month_cell)
        return SheetColumn(header, [text_cell(NOT_APPLICABLE) if it is None else print_month(it) for it in values], 4.0)
    places = 0 if column.kind == WHOLE else P_PLACES if column.name.startswith("p_") else PLACES
    pairs = zip(values, missing, strict=True)
    return SheetColumn(header, [mark if it is None else number_cell(it, places) for it, mark in pairs], 4.0)


def _say(value: Any, words: Callable[[str], str | None] | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (words(value) if words else None) or str(value)
