"""Both groups of every comparison, stratum by stratum, as arrays for `statistics`."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.statistics.intervals import FloatArray


def spread_pairs(
    cells: pl.DataFrame, compared: pl.DataFrame, stratum: str, counted: Sequence[str]
) -> tuple[FloatArray, ...]:
    """Give the group's counts and then the reference group's, each an array of comparisons by strata.

    Args:
        cells: `counted` by PERIOD_KEYS, ethnic_group and whatever else; 0 where there is no cell.
        compared: PERIOD_KEYS, ethnic_group, reference_group; its order is that of the arrays.
    """
    keys = [*PERIOD_KEYS, stratum]
    sums = cells.group_by(*keys, "ethnic_group").agg(pl.col(counted).sum())
    reference = sums.rename({"ethnic_group": "reference_group"})
    long = (
        compared.with_row_index("row")
        .join(sums.select(keys).unique(), on=PERIOD_KEYS)
        .join(sums, on=[*keys, "ethnic_group"], how="left")
        .join(reference, on=[*keys, "reference_group"], how="left", suffix="_reference")
        .fill_null(0)
    )
    return spread(long, compared.height, stratum, [*counted, *(f"{name}_reference" for name in counted)])


def spread(long: pl.DataFrame, rows: int, column: str, names: Sequence[str]) -> tuple[FloatArray, ...]:
    """Give each named column as an array of `rows` by the values of `column`, 0 where there is no cell."""
    row = long["row"].to_numpy()
    rank = long.select(pl.col(column).rank("dense").over("row")).to_series().to_numpy()
    arrays = tuple(np.zeros((rows, int(rank.max(initial=0)))) for _ in names)
    for array, name in zip(arrays, names, strict=True):
        array[row, rank - 1] = long[name].to_numpy()
    return arrays
