"""Searches that are alike: what is asked of one kind of search is asked once, and counting is of whole numbers.

Some 70,000 searches of a batch are of 15,000 kinds, and of a thousand in what most tables are counted by.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

Numbers = npt.NDArray[np.int64]

# A table is laid out if it has at most so many places for each row: to sort the rows is faster than to look at more.
MOST_PLACES = 4
# Numbers under that are not made fewer: that they are none too many together matters only of labels.
FEW = 32


@dataclass(frozen=True)
class Kinds:
    """Kinds of searches: a row for each in `rows`, and of each search the place of its kind in them (`of`)."""

    rows: pl.DataFrame
    of: Numbers

    @classmethod
    def find(cls, searches: pl.DataFrame) -> "Kinds":
        """Find the searches that are alike in all columns."""
        of, a_row = number_alike(list(number_values(searches).values()), searches.height)
        return cls(searches[a_row], of)

    def split(self, more: pl.DataFrame) -> "Kinds":
        """Tell them apart by what more is said of each search."""
        of_more, _ = number_alike(list(number_values(more).values()), more.height)
        of, a_row = number_alike([self.of, of_more], more.height)
        return Kinds(self.rows[self.of[a_row]].hstack(more[a_row]), of)

    def ask(self, condition: pl.Expr) -> npt.NDArray[np.bool_]:
        """Ask of each search what is true of its kind; null is no."""
        return self.rows.select(condition.fill_null(False)).to_series().to_numpy()[self.of]


@dataclass(frozen=True)
class Alike:
    """Where rows lie in a table of blocks (such as force and month) by kinds, and what each counts for.

    `blocks` and `kinds`: a row for each, of what its searches have in common. `block` and `kind`: of each row of
    searches its place in those. `counts`: what each counts for, by name. `numbers`: columns of `kinds` as whole
    numbers, made when they are first asked for.
    """

    blocks: pl.DataFrame
    kinds: pl.DataFrame
    block: Numbers
    kind: Numbers
    counts: Mapping[str, Numbers]
    numbers: dict[str, Numbers] = field(default_factory=dict, repr=False, compare=False)

    def keep(self, rows: npt.NDArray[np.bool_]) -> "Alike":
        """Keep some of the rows."""
        counts = {name: count[rows] for name, count in self.counts.items()}
        return replace(self, block=self.block[rows], kind=self.kind[rows], counts=counts)

    def tell(self, *columns: pl.Expr) -> "Alike":
        """Say more of each kind."""
        told = self.kinds.select(*columns)
        numbers = {name: number for name, number in self.numbers.items() if name not in told.columns}
        return replace(self, kinds=self.kinds.with_columns(told), numbers=numbers)

    def ask(self, condition: pl.Expr) -> npt.NDArray[np.bool_]:
        """Ask of each row what is true of its kind; null is no."""
        return self.kinds.select(condition.fill_null(False)).to_series().to_numpy()[self.kind]

    def add_up(self) -> "Alike":
        """Add up the rows of one block and kind, in order of blocks."""
        place, size = self.block * self.kinds.height + self.kind, self.blocks.height * self.kinds.height
        if size <= MOST_PLACES * len(place):
            # A row of a table may stand for no search: its kind is met all the same.
            rows = np.bincount(place)
            met = at = np.flatnonzero(rows)
        else:
            met, place, rows = np.unique(place, return_inverse=True, return_counts=True)
            at = np.arange(len(met))
        counts = {
            # Of records, where every row is one search, the rows are counted already.
            name: rows[at] if is_one(count) else np.bincount(place, weights=count)[at].astype(np.int64)
            for name, count in self.counts.items()
        }
        block, kind = np.divmod(met, max(self.kinds.height, 1))
        return replace(self, block=block, kind=kind, counts=counts)

    def by(self, keys: Collection[str]) -> "Alike":
        """Tell kinds apart by the keys alone."""
        missing = [key for key in keys if key not in self.numbers]
        self.numbers.update(number_values(self.kinds.select(missing)) if missing else {})
        number, a_row = number_alike([self.numbers[key] for key in keys], self.kinds.height)
        numbers = {key: self.numbers[key][a_row] for key in keys}
        return replace(self, kinds=self.kinds.select(keys)[a_row], kind=number[self.kind], numbers=numbers)

    def merge(self, keys: Collection[str]) -> "Alike":
        """Add up the rows of one block that are alike in the keys, in order of blocks."""
        return self.by(keys).add_up()

    def lay_out(self) -> pl.DataFrame:
        """Give the rows with what is said of their block and kind, and their counts.

        What was merged is so in order of blocks, and of the keys as texts, null first.
        """
        return self.blocks[self.block].hstack(self.kinds[self.kind]).with_columns(**self.counts)


def is_one(count: Numbers) -> bool:
    """Say whether every row counts for one."""
    return bool(len(count)) and int(count[0]) == 1 and bool((count == 1).all())


def number_values(rows: pl.DataFrame) -> dict[str, Numbers]:
    """Give the values of each column as whole numbers in their order, codes as texts: from 1, and null as 0."""
    said = [column for column in rows.iter_columns() if column.null_count() < rows.height]
    coded = pl.DataFrame([_code_texts(column) if column.dtype == pl.String else column for column in said])
    whole = coded.select((pl.all().to_physical().cast(pl.Int64) + 1).fill_null(0)) if said else coded
    numbers = dict.fromkeys(rows.columns, np.zeros(rows.height, dtype=np.int64))
    for column, number in zip(coded.iter_columns(), whole.iter_columns(), strict=True):
        kind, values = column.dtype, number.to_numpy()
        numbers[column.name] = _place_codes(kind)[values] if isinstance(kind, pl.Enum) else values
    return numbers


def number_alike(columns: Sequence[Numbers], height: int) -> tuple[Numbers, Numbers]:
    """Number the combinations of values that rows have: that of each row, and a row of each combination."""
    place, size = np.zeros(height, dtype=np.int64), 1
    for column in columns:
        most = int(column.max(initial=0)) + 1
        number = column
        if FEW < most <= height:
            met, number = number_met(column, most)
            most = len(met)
        if most > 1:
            if size * most >= 2**62:
                place, size = np.unique(place, return_inverse=True)[1], height
            place, size = place * most + number if size > 1 else number, size * most
    met, of_row = number_met(place, size)
    a_row = np.zeros(len(met), dtype=np.int64)
    a_row[of_row] = np.arange(height)
    return of_row, a_row


def number_met(numbers: Numbers, size: int) -> tuple[Numbers, Numbers]:
    """Give the numbers that are met, in order, and the place of each among them; numbers are from 0 and under size."""
    if size > MOST_PLACES * len(numbers):
        return np.unique(numbers, return_inverse=True)
    is_met = np.zeros(size, dtype=np.bool_)
    is_met[numbers] = True
    return np.flatnonzero(is_met), (np.cumsum(is_met) - 1)[numbers]


def find_shared(numbers: Numbers) -> Numbers:
    """Find the rows whose number is that of another row too, in order."""
    order = np.argsort(numbers)
    is_same = np.zeros(len(numbers) + 1, dtype=bool)
    is_same[1:-1] = np.diff(numbers[order]) == 0
    return np.sort(order[is_same[1:] | is_same[:-1]])


def _code_texts(texts: pl.Series) -> pl.Series:
    return texts.cast(pl.Enum(texts.unique().drop_nulls().sort()))


@lru_cache(maxsize=256)
def _place_codes(kind: pl.Enum) -> Numbers:
    """Give the place of each code in the order of their texts, from 1; of none, 0."""
    return np.append(0, kind.categories.rank("ordinal").cast(pl.Int64).to_numpy())
