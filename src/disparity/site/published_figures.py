"""A figure: a number as the pages print it, with the place in the published data where it is.

Pages and sentences are made of figures, never of loose numbers, so that every number a reader sees can be
looked up in a download, and a test does so.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import polars as pl

from disparity.analysis.measures.entries import BY_NAME

KEPT_PARTS = 100  # tables of a force, or whole ones, whose rows are kept: those of two or three forces


@dataclass(frozen=True)
class Row:
    """One row of a published table; `number` is its line in the CSV, 1 after the header."""

    table: str
    number: int
    values: dict[str, Any]

    @property
    def period(self) -> tuple[date, date]:
        """First and last month of the period that the row is of."""
        return self.values["period_from"], self.values["period_to"]

    @property
    def is_in_doubt(self) -> bool:
        """Whether it rests on a month or a year that is in doubt."""
        return bool(self.values.get("in_doubt"))


@dataclass(frozen=True)
class Figure:
    """`text` is what is printed; the rest is where it comes from."""

    text: str
    table: str
    row: int
    column: str
    value: float

    def __str__(self) -> str:
        return self.text


Sentence = tuple[str | Figure, ...]
Style = Callable[[Row, str], Figure]  # how the figure in a column is printed


def number_rows(table: str, frame: pl.DataFrame) -> list[Row]:
    """Give every row of a published table its line in the file."""
    return [Row(table, number, values) for number, values in enumerate(frame.iter_rows(named=True), start=1)]


class Tables(Mapping[str, list[Row]]):
    """The published tables by name, their rows made when they are asked for: a nation's are half a million."""

    def __init__(self, frames: Mapping[str, pl.DataFrame]) -> None:
        self._frames = dict(frames)
        self._numbered = lru_cache(KEPT_PARTS)(self._number)

    def __getitem__(self, name: str) -> list[Row]:
        """Every row of a table."""
        return self._numbered(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)

    def has_rows(self, name: str) -> bool:
        """Whether the table has a row."""
        return not self._frames[name].is_empty()

    def of_force(self, force: str, name: str) -> list[Row]:
        """A force's rows of a table; of one that knows no forces, every row."""
        return self._numbered(name, force if "force" in self._frames[name].columns else None)

    def _number(self, name: str, force: str | None) -> list[Row]:
        frame = self._frames[name]
        if force is None:
            return number_rows(name, frame)
        places = self._places[name].get(force)
        if places is None:
            return []
        rows = zip(places, frame[places].iter_rows(named=True), strict=True)
        return [Row(name, place + 1, values) for place, values in rows]

    @cached_property
    def _places(self) -> dict[str, dict[str, list[int]]]:
        """Where in each table the rows of each force are: to look through all of them for each would take minutes."""
        return {
            name: dict(frame.select("force", pl.row_index("row")).group_by("force").agg("row").iter_rows())
            for name, frame in self._frames.items()
            if "force" in frame.columns
        }


def index_rows(rows: Iterable[Row], *keys: str) -> dict[tuple[Any, ...], Row]:
    """Look rows up by the values of `keys`."""
    return {tuple(row.values[key] for key in keys): row for row in rows}


def count(row: Row, column: str) -> Figure:
    """A whole number with thousands commas: 8,446."""
    return _figure(row, column, f"{round(row.values[column]):,}")


def style_of(measure: str) -> Style:
    """How the values of a measure are printed."""
    return rate if BY_NAME[measure].is_per_residents else percentage


def rate(row: Row, column: str) -> Figure:
    """A rate per 1,000, one decimal: 17.1; two below one: 0.42."""
    value = row.values[column]
    places = row.values.get("places", 1 if round(value, 2) >= 1 else 2)
    return _figure(row, column, f"{value:,.{places}f}")


def percentage(row: Row, column: str) -> Figure:
    """A share as a percentage, one decimal: 24.2%."""
    return _figure(row, column, f"{100 * row.values[column]:.{_places(row)}f}%")


def probability(row: Row, column: str) -> Figure:
    """A p or what it is held against, four decimals: 0.0125; under 0.0001 is all that is said of less."""
    value = row.values[column]
    return _figure(row, column, f"{value:.4f}" if value >= 0.0001 else "under 0.0001")


def points(row: Row, column: str) -> Figure:
    """A difference of shares in percentage points, its sign left to the words around it: 5.6."""
    return _figure(row, column, f"{abs(100 * row.values[column]):.{_places(row)}f}")


def signed_points(row: Row, column: str) -> Figure:
    """A difference of shares in percentage points, with its sign: +5.6 or −5.6."""
    value, places = 100 * row.values[column], _places(row)
    sign = "\u2212" if round(value, places) < 0 else "+" if round(value, places) > 0 else ""
    return _figure(row, column, f"{sign}{abs(value):.{places}f}")


def ratio(row: Row, column: str) -> Figure:
    """A ratio of rates, two decimals: 2.90; from 20 up one decimal, as more would claim more than there is."""
    value = row.values[column]
    return _figure(row, column, f"{value:,.1f}" if round(value, 2) >= 20 else f"{value:.2f}")


def size(row: Row, column: str) -> Figure:
    """A ratio in a sentence: 18; under ten one decimal, 4.3; under one two, 0.42, as one would say too little."""
    value = row.values[column]
    places = 0 if round(value, 1) >= 10 else 1 if round(value, 2) >= 1 else 2
    return _figure(row, column, f"{value:,.{places}f}")


def times(row: Row, column: str) -> Figure:
    """An end of the range of a ratio: one decimal, 3.4; both have two where one would say nothing, 0.76 to 0.83."""
    lower, upper = row.values["range_lower"], row.values["range_upper"]
    ends = [end for end in (lower, upper, row.values[column]) if end is not None]
    is_one_point = None not in (lower, upper) and round(lower, 1) == round(upper, 1)
    places = 2 if is_one_point or any(round(end, 1) in (0.0, 1.0) for end in ends) else 1
    return _figure(row, column, f"{row.values[column]:,.{places}f}")


def _places(row: Row) -> int:
    """One decimal, unless the row says how many its counts allow."""
    places: int = row.values.get("places", 1)
    return places


def _figure(row: Row, column: str, text: str) -> Figure:
    return Figure(text, row.table, row.number, column, row.values[column])


def say(template: str, *figures: Figure | str) -> Sentence:
    """Put figures into a sentence, one at each {}.

    >>> "".join(map(str, say("{} of {} searches", "3", "10")))
    '3 of 10 searches'
    """
    pieces = template.split("{}")
    if len(pieces) != len(figures) + 1:
        raise ValueError(f"{len(figures)} figures for {len(pieces) - 1} places in {template!r}")
    parts: list[str | Figure] = [pieces[0]]
    for figure, piece in zip(figures, pieces[1:], strict=True):
        parts += [figure, piece]
    return tuple(part for part in parts if not (isinstance(part, str) and not part))


def join(*sentences: Sentence) -> Sentence:
    """Set sentences one after the other, a space between."""
    parts: list[str | Figure] = []
    for sentence in sentences:
        if parts and sentence:
            parts.append(" ")
        parts += sentence
    return tuple(parts)


def plain(sentence: Sentence) -> str:
    """The sentence as a reader sees it."""
    return "".join(map(str, sentence))
