"""Tables of figures, as pages show them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from disparity.site.published_figures import Row, Sentence, Style, count
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, EVERY_GROUP, SEARCH_TYPES
from disparity.vocabulary.statuses import (
    BOUNDS,
    CONFIDENTIAL,
    IN_DOUBT,
    INCOMPLETE,
    MEASURED,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    PARTIAL,
    SMALL,
    SUPPRESSED,
    mark_of,
)

# Headers of rows: ethnic group → its name, type of search → its title.
GROUPS = {group: "All searches" if group == ALL else group for group in EVERY_GROUP}
KNOWN_GROUPS = {group: GROUPS[group] for group in (ALL, *ETHNIC_GROUPS)}
TYPES = {ALL: "All searches"} | SEARCH_TYPES

Header = TypeVar("Header")
Column = TypeVar("Column")


@dataclass(frozen=True)
class Cell:
    """A table cell: what it says, smaller lines below it, and a mark that the legend explains."""

    main: Sentence
    detail: Sentence = ()
    mark: str = ""
    base: Sentence = ()
    is_in_doubt: bool = False


@dataclass(frozen=True)
class Table:
    """Every table has a caption, one header row, and a row header in its first column; without a row it is false."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    name: str = ""

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks in use, for the legend."""
        cells = [cell for row in self.rows for cell in row]
        marks = {cell.mark for cell in cells if cell.mark}
        return tuple(sorted(marks | {IN_DOUBT for cell in cells if cell.is_in_doubt}))


def tabulate(name: str, caption: str, head: Iterable[str], rows: Iterable[Iterable[Cell | str]]) -> Table:
    """Make a table; its cells of words are given as words."""
    cells = (tuple(cell if isinstance(cell, Cell) else text_cell(cell) for cell in row) for row in rows)
    return Table(caption, tuple(head), tuple(cells), name)


def cross(
    rows: Mapping[Header, str], columns: Iterable[Column], fill: Callable[[Header, Column], Cell]
) -> Iterator[tuple[Cell | str, ...]]:
    """Give a row of cells, with its header first, for each of `rows`: one for each of `columns`."""
    every = tuple(columns)
    return ((header, *(fill(row, column) for column in every)) for row, header in rows.items())


def text_cell(text: str) -> Cell:
    """A cell of words."""
    return Cell((text,) if text else ())


def mark_cell(mark: str) -> Cell:
    """A cell that says why there is no figure."""
    return Cell((mark,), mark=mark)


def figure_cell(row: Row | None, column: str, style: Style) -> Cell:
    """A cell with one figure; [x] where there is none."""
    if row is None or row.values[column] is None:
        return _blank(row)
    return Cell((style(row, column),), is_in_doubt=row.is_in_doubt)


def _blank(row: Row | None) -> Cell:
    """Why there is no figure: too few to show without identifying people, or none to be had."""
    return mark_cell(CONFIDENTIAL if row is not None and row.values.get("status") == SUPPRESSED else NOT_AVAILABLE)


def rate_cell(row: Row | None, style: Style, *, with_count: str = "") -> Cell:
    """A rate with its interval below it, or its bounds where the evidence allows no value.

    Args:
        with_count: words after the denominator, such as "searches"; empty for none.
    """
    if row is None or row.values["status"] == SUPPRESSED:
        return _blank(row)
    values = row.values
    # The denominator of a partial rate or of bounds is another: it would be read as theirs.
    is_out_of = with_count and values["denominator"] and values["status"] in {MEASURED, SMALL, INCOMPLETE}
    noun = with_count.removesuffix("es") if values["denominator"] == 1 else with_count
    base: Sentence = (count(row, "denominator"), f" {noun}") if is_out_of else ()
    if values["value"] is None:
        if values["lower_bound"] is None:
            return mark_cell(NOT_AVAILABLE)
        return Cell(_limits(row, "lower_bound", "upper_bound", style), (BOUNDS,), BOUNDS, base, row.is_in_doubt)
    limits = _limits(row, "lower", "upper", style)
    if values["status"] == PARTIAL:
        limits = ("bounds ", *_limits(row, "lower_bound", "upper_bound", style))
    return Cell((style(row, "value"),), limits, mark_of(values["status"]), base, row.is_in_doubt)


def interval_cell(row: Row | None, name: str, style: Style) -> Cell:
    """A ratio or difference with its interval below it."""
    if row is None or row.values[name] is None:
        return _blank(row)
    limits = _limits(row, f"{name}_lower", f"{name}_upper", style)
    return Cell((style(row, name),), limits, mark_of(row.values["status"]), is_in_doubt=row.is_in_doubt)


def compared_cell(row: Row | None, name: str, style: Style) -> Cell:
    """The ratio or difference of a comparison with its range below it; [z] of what is not compared."""
    if row is None:
        return mark_cell(NOT_APPLICABLE)
    if row.values[name] is None:
        return _blank(row)
    limits = _limits(row, "range_lower", "range_upper", style)
    return Cell((style(row, name),), limits, mark_of(row.values["status"]), is_in_doubt=row.is_in_doubt)


def value_cell(row: Row | None, style: Style, *, prefix: str = "") -> Cell:
    """A value that has no status, with its interval below it where there is one; [x] where there is no value."""
    if row is None or row.values[f"{prefix}value"] is None:
        return mark_cell(NOT_AVAILABLE)
    limits = _limits(row, f"{prefix}lower", f"{prefix}upper", style)
    return Cell((style(row, f"{prefix}value"),), limits, is_in_doubt=row.is_in_doubt)


def _limits(row: Row, lower: str, upper: str, style: Style) -> Sentence:
    if row.values[lower] is None or row.values[upper] is None:
        return ()
    return (style(row, lower), " to ", style(row, upper))
