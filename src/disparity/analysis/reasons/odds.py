"""The odds of a find, group against reference."""

import polars as pl

from disparity.analysis.reasons.rows import BASIS_SUFFIX, REASON_COLUMNS
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.statistics.intervals import odds_ratio_conditional
from disparity.vocabulary.codes import REFERENCE_GROUP
from disparity.vocabulary.statuses import MEASURED

ODDS_RATIO = "find_rate_odds_ratio"


def compare_odds(estimates: pl.DataFrame, comparisons: pl.DataFrame) -> pl.DataFrame:
    """Give the conditional odds ratio of a find for every tested comparison: REASON_COLUMNS."""
    keys = [*PERIOD_KEYS, "search_type"]
    tested = comparisons.filter(
        pl.col("measure") == "find_rate", pl.col("status") == MEASURED, pl.col("p_value").is_not_null()
    )
    finds = estimates.filter(pl.col("measure") == "find_rate").select(
        *keys, "ethnic_group", x=pl.col("numerator"), n=pl.col("denominator")
    )
    reference = finds.filter(pl.col("ethnic_group") == REFERENCE_GROUP).drop("ethnic_group")
    cells = tested.join(finds, on=[*keys, "ethnic_group"]).join(reference, on=keys)
    odds, lower, upper = odds_ratio_conditional(
        *(cells[name].cast(pl.Float64).to_numpy() for name in ("x", "n", "x_right", "n_right"))
    )
    suffix = pl.col("ethnicity_basis").replace_strict(BASIS_SUFFIX, return_dtype=pl.String)
    columns = {"value": odds, "lower": lower, "upper": upper}
    return cells.with_columns(
        *(pl.when(pl.Series(limit).is_finite()).then(pl.Series(limit)).alias(name) for name, limit in columns.items()),
        pl.concat_str(pl.lit(ODDS_RATIO), suffix).alias("analysis"),
        pl.col("search_type").alias("component"),
        pl.lit("conditional odds ratio of a find, exact interval").alias("note"),
    ).select(REASON_COLUMNS)
