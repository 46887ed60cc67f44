"""How far an assumption would have to be wrong to make the difference vanish."""

import numpy as np
import polars as pl

from disparity.analysis.measures.entries import SEARCH_RATE
from disparity.analysis.sensitivity.specifications import KEYS
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.statistics.tipping import e_value
from disparity.vocabulary.codes import ALL, REFERENCE_GROUP, UNKNOWN_GROUPS

TIPPING_COLUMNS = [
    *KEYS,
    *("unknown_needed", "unknown_there", "residents_counted", "residents_needed", "e_value", "e_value_limit"),
]
_CELL = ["measure", *PERIOD_KEYS, "search_type"]


def find_tipping(comparisons: pl.DataFrame, estimates: pl.DataFrame, population: pl.DataFrame) -> pl.DataFrame:
    """Give what would make the rates of a tested comparison equal, one assumption at a time.

    unknown_needed: how many searches of unknown ethnicity would have to be of one group, and no other be of the
    group compared. Search rates, N searches and E exposure of the group c and of the reference group r: where the
    rate is higher, Nc Er / Ec - Nr of the reference group; where lower, Nr Ec / Er - Nc of the group. Shares, x of n
    searches: where the share is higher, xc / pr - nc searches without the result of the group; where lower,
    (pr nc - xc) / (1 - pr) with it. Rounded up; `unknown_there` is how many of that kind there are. More needed than
    there are: unknown ethnicity alone cannot make the rates equal.
    residents_needed = residents counted x ratio: how many people of the group would have to live in the force, at the
    reference group's as counted. Search rates alone.
    e_value: of the ratio; e_value_limit: of the end of the 95% interval of the ratio that is nearer to 1, and 1
    where the interval holds 1 (`statistics.tipping`).

    Args:
        comparisons: with a p_value where tested; estimates: of the same cells, unknown ethnicity among them.
        population: force, period_from, period_to, ethnic_group, population: what the rates are divided by.

    Returns:
        TIPPING_COLUMNS; null where it does not apply, or a count is not published.

    Source: VanderWeele and Ding (2017) for the E-value.
    """
    tested = comparisons.filter(pl.col("p_value").is_not_null(), pl.col("ratio") > 0)
    counted = estimates.select(*_CELL, "ethnic_group", x="numerator", n="denominator")
    reference = counted.filter(ethnic_group=REFERENCE_GROUP).drop("ethnic_group")
    rows = tested.join(counted, on=[*_CELL, "ethnic_group"], how="left", maintain_order="left").join(
        reference, on=_CELL, how="left", suffix="_r", maintain_order="left"
    )
    rows = rows.join(_count_unknown(estimates), on=_CELL, how="left", maintain_order="left")
    residents = population.select("force", "period_from", "period_to", "ethnic_group", residents_counted="population")
    rows = rows.join(residents, on=["force", "period_from", "period_to", "ethnic_group"], how="left")
    is_rate = pl.col("measure") == SEARCH_RATE.name
    is_higher = pl.col("ratio") > 1
    x, n, other, of = (pl.col(name) for name in ("x", "n", "x_r", "n_r"))
    share = other / of
    of_rates = pl.when(is_higher).then(x * of / n - other).otherwise(other * n / of - x)
    of_shares = pl.when(is_higher).then(x / share - n).otherwise((share * n - x) / (1 - share))
    needed = pl.when(is_rate).then(of_rates).otherwise(of_shares)
    there = pl.when(is_rate).then("unknown").when(is_higher).then("without").otherwise("with")
    nearer = (
        pl.when(pl.col("ratio_lower") > 1).then("ratio_lower").when(pl.col("ratio_upper") < 1).then("ratio_upper")
    ).otherwise(1.0)
    # A little less than a whole number, for want of digits, is that number.
    whole = (needed - 1e-9).ceil().clip(0)
    return rows.with_columns(
        pl.when(whole.is_finite()).then(whole).cast(pl.Int64).alias("unknown_needed"),
        there.cast(pl.Int64).alias("unknown_there"),
        pl.when(is_rate).then("residents_counted"),
        pl.when(is_rate).then(pl.col("residents_counted") * pl.col("ratio")).alias("residents_needed"),
        pl.Series("e_value", _strength(rows["ratio"])).fill_nan(None),
        pl.Series("e_value_limit", _strength(rows.select(nearer).to_series())).fill_nan(None),
    ).select(TIPPING_COLUMNS)


def _count_unknown(estimates: pl.DataFrame) -> pl.DataFrame:
    """Count the searches of unknown ethnicity of each cell: all, and with and without the result; null: not known."""
    unknown = estimates.filter(
        pl.col("ethnic_group").is_in(list(UNKNOWN_GROUPS)), pl.col("measure") != SEARCH_RATE.name
    )
    has_all = pl.col("numerator").count() == pl.len()
    shares = unknown.group_by(_CELL).agg(
        pl.when(has_all).then(pl.col("numerator").sum()).alias("with"),
        pl.when(has_all).then((pl.col("denominator") - pl.col("numerator")).sum()).alias("without"),
    )
    everyone = estimates.filter(measure="unknown_ethnicity_share", ethnic_group=ALL)
    searches = everyone.select(
        pl.lit(SEARCH_RATE.name).alias("measure"), *_CELL[1:], unknown=pl.col("numerator").cast(pl.Int64)
    )
    return pl.concat([shares, searches], how="diagonal")


def _strength(ratios: pl.Series) -> np.ndarray:
    strength = e_value(ratios.fill_null(float("nan")).to_numpy())
    return np.where(np.isfinite(strength), strength, np.nan)
