"""Searches that are alike: what is asked of one kind of search is asked once, and counting is of whole numbers.

Some 70,000 searches of a batch are of 15,000 kinds, and of a thousand in what most tables are counted by.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

Numbers = npt.NDArray[np.int64]

# A table with more places than that is not laid out for what few of them hold.
MOST_PLACES = 4_000_000


@dataclass(frozen=True)
class Kinds:
    """Kinds of searches: a row for each in `rows`, and of each search the place of its kind in them (`of`)."""

    rows: pl.DataFrame
    of: Numbers

    @classmethod
    def find(cls, searches: pl.DataFrame) -> "Kinds":
        """Find the searches that are alike in all columns."""
        of, a_row = number_alike(searches)
        return cls(searches[a_row], of)

    def split(self, more: pl.DataFrame) -> "Kinds":
        """Tell them apart by what more is said of each search."""
        of, a_row = number_alike(more.with_columns(pl.Series("kind", self.of)))
        return Kinds(self.rows[self.of[a_row]].hstack(more[a_row]), of)

    def ask(self, condition: pl.Expr) -> npt.NDArray[np.bool_]:
        """Ask of each search what is true of its kind; null is no."""
        return self.rows.select(condition.fill_null(False)).to_series().to_numpy()[self.of]


@dataclass(frozen=True)
class Alike:
    """Where rows lie in a table of blocks (such as force and month) by kinds, and what each counts for.

    `blocks` and `kinds`: a row for each, of what its searches have in common. `block` and `kind`: of each row of
    searches its place in those. `counts`: what each counts for, by name.
    """

    blocks: pl.DataFrame
    kinds: pl.DataFrame
    block: Numbers
    kind: Numbers
    counts: Mapping[str, Numbers]

    def keep(self, rows: npt.NDArray[np.bool_]) -> "Alike":
        """Keep some of the rows."""
        counts = {name: count[rows] for name, count in self.counts.items()}
        return replace(self, block=self.block[rows], kind=self.kind[rows], counts=counts)

    def merge(self, keys: Collection[str]) -> "Alike":
        """Add up the rows of one block that are alike in the keys, in order of blocks."""
        number, a_row = number_alike(self.kinds.select(keys))
        place = self.block * len(a_row) + number[self.kind]
        if self.blocks.height * len(a_row) <= MOST_PLACES:
            # A row of a table may stand for no search: its kind is met all the same.
            met = at = np.flatnonzero(np.bincount(place))
        else:
            met, place = np.unique(place, return_inverse=True)
            at = np.arange(len(met))
        counts = {name: np.bincount(place, weights=count)[at].astype(np.int64) for name, count in self.counts.items()}
        return Alike(self.blocks, self.kinds.select(keys)[a_row], *np.divmod(met, max(len(a_row), 1)), counts)

    def lay_out(self) -> pl.DataFrame:
        """Give the rows with what is said of their block and kind, and their counts."""
        return self.blocks[self.block].hstack(self.kinds[self.kind]).with_columns(**self.counts)


def number_alike(rows: pl.DataFrame) -> tuple[Numbers, Numbers]:
    """Number the combinations of values that rows have: that of each row, and a row of each combination."""
    said = [column for column in rows.iter_columns() if column.null_count() < rows.height]
    whole = rows.select(_as_numbers(column.name, column.dtype).cast(pl.Int64).fill_null(-1) for column in said)
    place, size = np.zeros(rows.height, dtype=np.int64), 1
    for column in whole.iter_columns():
        number = column.to_numpy() + 1
        most = int(number.max(initial=0)) + 1
        if size * most >= 2**62:
            place, size = np.unique(place, return_inverse=True)[1], rows.height
        place, size = place * most + number, size * most
    combinations, of_row = np.unique(place, return_inverse=True)
    a_row = np.zeros(len(combinations), dtype=np.int64)
    a_row[of_row] = np.arange(rows.height)
    return of_row, a_row


def find_shared(numbers: Numbers) -> Numbers:
    """Find the rows whose number is that of another row too, in order."""
    order = np.argsort(numbers)
    is_same = np.zeros(len(numbers) + 1, dtype=bool)
    is_same[1:-1] = np.diff(numbers[order]) == 0
    return np.sort(order[is_same[1:] | is_same[:-1]])


def _as_numbers(name: str, kind: pl.DataType) -> pl.Expr:
    """Give the values of a column as whole numbers from 0; null stays."""
    column = pl.col(name)
    return column.rank("dense") if kind == pl.String else column if kind == pl.Boolean else column.to_physical()
