"""Estimates by month."""

from dataclasses import replace

import polars as pl

from disparity.counts import Counts
from disparity.measures.entries import INCOMPLETE, MEASURES, NOT_MEASURABLE, PARTIAL, RESTRICTED_LABELS
from disparity.measures.estimates import estimate
from disparity.vocabulary import ALL, EVERY_GROUP, SELF_DEFINED


def estimate_monthly(
    counts: Counts,
    population: pl.DataFrame,
    submitted: pl.DataFrame,
    periods: pl.DataFrame,
    estimates: pl.DataFrame,
) -> pl.DataFrame:
    """Estimate every measure by month, for all types of search together and self-defined ethnicity.

    A month is never better evidenced than its period: the worse of the two statuses stands.

    Returns:
        month, force, ethnic_group, measure, numerator, denominator, value, status; a month without a file
        has rows with nulls and status incomplete.
    """
    months = periods.select("month", pl.col("month").alias("period_from"), pl.col("month").alias("period_to"))
    people = (
        population.join(periods, on=["period_from", "period_to"])
        .drop("period_from", "period_to")
        .join(months, on="month")
    )
    own = replace(
        counts,
        cells=counts.cells.filter(pl.col("ethnicity_basis") == SELF_DEFINED).with_columns(search_type=pl.lit("other")),
    )
    keys = ["measure", "force", "ethnic_group"]
    ceiling = (
        estimates.filter(
            pl.col("search_type") == ALL,
            pl.col("ethnicity_basis") == SELF_DEFINED,
            pl.col("status").is_in([NOT_MEASURABLE, RESTRICTED_LABELS, PARTIAL]),
        )
        .join(periods, on=["period_from", "period_to"])
        .select(*keys, pl.col("month").alias("period_from"), pl.col("status").alias("ceiling"))
    )
    rows = (
        estimate(own, people, submitted, months, ceiling)
        .filter(
            pl.col("search_type") == ALL,
            pl.col("measure") != "type_share",
            pl.col("ethnicity_basis") == SELF_DEFINED,
        )
        .rename({"period_from": "month"})
    )
    asked = estimates.select("force").unique().join(months.select("month"), how="cross")
    missing = asked.join(submitted, on=["force", "month"], how="anti").join(rows.select(keys).unique(), on="force")
    gaps = missing.with_columns(status=pl.lit(INCOMPLETE))
    measures = pl.Enum([measure.name for measure in MEASURES])
    return (
        pl.concat([rows, gaps], how="diagonal")
        .select("month", "force", "ethnic_group", "measure", "numerator", "denominator", "value", "status")
        .sort(
            "force",
            pl.col("measure").cast(measures),
            "month",
            pl.col("ethnic_group").cast(pl.Enum(EVERY_GROUP)),
        )
    )
