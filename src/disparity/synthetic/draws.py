"""Seeded draws of whole columns, and the small steps from a draw to a column of text."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from disparity.synthetic.tables import SharesByGroup
from disparity.vocabulary.codes import ETHNIC_GROUPS, read_reference

Index = NDArray[np.intp]

UK_TIME = "Europe/London"


def draw(rng: np.random.Generator, shares: NDArray[np.float64], rows: Index) -> Index:
    """Draw one column per row, by the shares in the line of `shares` that `rows` names."""
    # Rounded, so that a sum of 0.9999999 cannot let a column of share 0 through.
    limits = np.round(np.cumsum(shares, axis=1), 12)[:, :-1]
    drawn, chosen = rng.random(rows.size), np.zeros(rows.size, dtype=np.intp)
    for limit in limits.T:
        chosen += drawn >= limit[rows]
    return chosen


def draw_one(rng: np.random.Generator, shares: Sequence[float], rows: int) -> Index:
    """Draw one column per row, all rows by the same shares."""
    line = np.array([shares], dtype=np.float64)
    return draw(rng, line / line.sum(), np.zeros(rows, dtype=np.intp))


def chance(rng: np.random.Generator, share: float | NDArray[np.float64], rows: int) -> NDArray[np.bool_]:
    """Draw true for this share of the rows."""
    return np.asarray(rng.random(rows) < share)


def table(shares: SharesByGroup, columns: Sequence[str]) -> NDArray[np.float64]:
    """Give nested shares as an array, a line per ethnic group."""
    return np.array([[shares[group].get(column, 0.0) for column in columns] for group in ETHNIC_GROUPS])


def text(values: Sequence[str], index: Index) -> pl.Series:
    """Give the value each index points to."""
    return pl.Series(values, dtype=pl.String).gather(index)


def truth_text(is_true: NDArray[np.bool_]) -> pl.Series:
    """Give True and False as the portal spells them."""
    return text(["False", "True"], is_true.astype(np.intp))


def blank(values: pl.Series, is_blank: NDArray[np.bool_]) -> pl.Series:
    """Make values null where the mask says so."""
    return values.set(pl.Series(is_blank, dtype=pl.Boolean), None)


def place_of(values: pl.Series, order: Sequence[str]) -> Index:
    """Give each value's place in `order`."""
    return values.cast(pl.Enum(order)).to_physical().to_numpy().astype(np.intp)


def labels(name: str, column: str) -> Mapping[str, str]:
    """Give code → label, the first label a reference table has for the code."""
    return {row[column]: row["label"] for row in reversed(read_reference(name))}


def to_utc(local: pl.Expr) -> pl.Expr:
    """Give a time of the UK clock in UTC; the hour that spring skips is read an hour later."""
    skipped = local + pl.duration(hours=1)
    zoned = [
        clock.dt.replace_time_zone(UK_TIME, ambiguous="earliest", non_existent="null") for clock in (local, skipped)
    ]
    return pl.coalesce(zoned).dt.convert_time_zone("UTC")


def portal_time(utc: pl.Expr) -> pl.Expr:
    """Give the portal's spelling of a time."""
    return utc.dt.strftime("%Y-%m-%dT%H:%M:%S+00:00")
