"""What the other census makes of a ratio."""

import polars as pl

from disparity.analysis.reasons.rows import REASON_COLUMNS
from disparity.vocabulary.codes import ALL, REFERENCE_GROUP, SELF_DEFINED

OTHER_CENSUS = "other_census"


def recount_residents(
    estimates: pl.DataFrame, ratios: pl.DataFrame, population: pl.DataFrame, censuses: pl.DataFrame
) -> pl.DataFrame:
    """Set each ratio of search rates on the other census: populations can move more than searches do.

    ratio = (Nc / Pc) / (Nr / Pr), with N searches in the period and P residents of the other census.

    Returns:
        REASON_COLUMNS with `value` only, for all types of search and self-defined ethnicity; no row where
        the publisher's own population is used.
    """
    spans = ["force", "period_from", "period_to"]
    searches = estimates.filter(
        pl.col("measure") == "search_rate", pl.col("search_type") == ALL, pl.col("ethnicity_basis") == SELF_DEFINED
    ).select(*spans, "ethnic_group", N=pl.col("numerator"))
    base = population.select(*spans, "population_base").unique()
    others = base.join(censuses.rename({"population_base": "other"}), on="force").filter(
        pl.col("population_base").is_in(censuses["population_base"].unique().to_list()),
        pl.col("population_base") != pl.col("other"),
    )
    rates = searches.join(others, on=[*spans, "ethnic_group"]).with_columns(rate=pl.col("N") / pl.col("population"))
    reference = rates.filter(pl.col("ethnic_group") == REFERENCE_GROUP).select(*spans, reference=pl.col("rate"))
    wanted = ratios.filter(pl.col("search_type") == ALL, pl.col("ethnicity_basis") == SELF_DEFINED)
    return (
        wanted.join(rates, on=[*spans, "ethnic_group"])
        .join(reference, on=spans)
        .with_columns(
            pl.lit(OTHER_CENSUS).alias("analysis"),
            pl.col("search_type").alias("component"),
            pl.when(pl.col("reference") > 0).then(pl.col("rate") / pl.col("reference")).alias("value"),
            pl.lit(None, pl.Float64).alias("lower"),
            pl.lit(None, pl.Float64).alias("upper"),
            pl.concat_str("other", pl.lit(" instead of "), "population_base").alias("note"),
        )
        .filter(pl.col("value").is_not_null())
        .select(REASON_COLUMNS)
    )
