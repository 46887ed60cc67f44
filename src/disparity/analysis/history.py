"""The years before the records: official searches and arrests of each force, and the records' own years after them.

Official years and years of records are counted in other ways, and are never one series.
"""

import numpy as np
import polars as pl

from disparity.analysis.comparisons import finite
from disparity.analysis.measures.entries import SEARCH_RATE
from disparity.statistics.intervals import rate_ratio_exact
from disparity.vocabulary.codes import ALL, EVERY_GROUP, REFERENCE_GROUP, SELF_DEFINED
from disparity.vocabulary.statuses import MEASURED, NOT_MEASURABLE, SMALL
from disparity.vocabulary.thresholds import SMALL_NUMERATOR, SMALL_RESIDENTS

RECORDS = "records"
# Series → what differs from the series before it. Rates of two series are never one line, nor one trend.
BREAKS = {
    "official_2001": None,
    "official_2011": "classification: Chinese people are in Asian, and were in Other",
    RECORDS: "source: search records, not official counts; residents: at the time, not those of 2011",
}
OFFICIAL = "Ethnicity facts and figures; Home Office"
GROUPS = (*EVERY_GROUP, "Unknown")
SPAN = ["force", "period_from", "period_to"]
HISTORY_COLUMNS = [
    *(*SPAN, "series", "ethnic_group", "searches", "residents", "rate", "ratio", "ratio_lower", "ratio_upper"),
    *("rate_of_year", "arrests", "status", "in_doubt", "break_before", "source"),
]
ADDED = ("rate_of_year", "break_before")
RATED_COLUMNS = [name for name in HISTORY_COLUMNS if name not in ADDED]


def rate_officially(official: pl.DataFrame) -> pl.DataFrame:
    """Divide official searches by the residents that come with them, and by the rate of the reference group.

    rate = 1,000 x searches / residents; ratio = rate of the group / rate of the reference group

    Args:
        official: as `read_official_years` gives it.

    Returns:
        RATED_COLUMNS, `in_doubt` false. `rate` per 1,000 residents a year, null where
        searches or residents are not given; `ratio` without unit (1: the same rate), with the exact interval given the
        total: of chance alone, as official counts say nothing of operations. `status` is small below the thresholds
        of search rates, and not_measurable without a rate.

    Source: Clopper and Pearson (1934), for the interval.
    """
    keys = [*SPAN, "classification"]
    reference = official.filter(ethnic_group=REFERENCE_GROUP).select(
        *keys, other_searches="searches", other_residents="residents"
    )
    pairs = official.join(reference, on=keys, how="left", maintain_order="left")
    counts = (pairs[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for name in _COUNTED)
    limits = rate_ratio_exact(*counts)
    is_group = pl.col("ethnic_group").is_in([*EVERY_GROUP]) & ~pl.col("ethnic_group").is_in([ALL, REFERENCE_GROUP])
    rate, other = (1_000 * pl.col(f"{of}searches") / pl.col(f"{of}residents") for of in ("", "other_"))
    is_compared = is_group & (pl.col("other_searches") > 0) & pl.col("searches").is_not_null()
    few = [pl.min_horizontal(of, f"other_{of}") for of in ("searches", "residents")]
    is_small = (few[0] < SMALL_NUMERATOR) | (few[1] < SMALL_RESIDENTS)
    return pairs.with_columns(
        rate.alias("rate"),
        pl.when(is_compared).then(rate / other).alias("ratio"),
        *(pl.when(is_compared).then(finite(limit)).alias(f"ratio_{end}") for end, limit in limits._asdict().items()),
        pl.when(rate.is_null())
        .then(pl.lit(NOT_MEASURABLE))
        .when(is_small)
        .then(pl.lit(SMALL))
        .otherwise(pl.lit(MEASURED))
        .alias("status"),
        series=pl.format("official_{}", "classification"),
        in_doubt=pl.lit(False),
        source=pl.lit(OFFICIAL),
    ).select(RATED_COLUMNS)


_COUNTED = ("searches", "residents", "other_searches", "other_residents")


def join_history(
    rated: pl.DataFrame, of_year: pl.DataFrame, estimates: pl.DataFrame, comparisons: pl.DataFrame
) -> pl.DataFrame:
    """Set the years of the records after the official ones of the same forces, each series apart.

    Args:
        rated: as `rate_officially` gives it.
        of_year: the same years out of the residents of the year (`recount_residents`), row by row.
        estimates: with `in_doubt`; denominators are thousands of resident-years.

    Returns:
        HISTORY_COLUMNS, by force, group and year. `rate_of_year` is the rate out of the residents of the year, of both
        sources: they can be set beside each other where the groups are the same. Of a year that both have, each has
        its row. `break_before` says, in the first year of a series, what differs from the series before; null
        otherwise. Ratios of records are those of `comparisons`, with limits that allow for clusters. Arrests are those
        of official counts alone.
    """
    forces = estimates["force"].unique().implode()
    official = rated.with_columns(rate_of_year=of_year["rate"]).filter(pl.col("force").is_in(forces))
    both = pl.concat([official, _list_records(estimates, comparisons)], how="diagonal")
    order = pl.col("series").cast(pl.Enum(list(BREAKS)))
    ordered = both.sort("force", pl.col("ethnic_group").cast(pl.Enum(GROUPS)), order, "period_to")
    before = pl.col("series").shift().over("force", "ethnic_group")
    reason = pl.col("series").replace_strict(BREAKS, return_dtype=pl.String)
    return ordered.with_columns(pl.when(before != pl.col("series")).then(reason).alias("break_before")).select(
        HISTORY_COLUMNS
    )


def _list_records(estimates: pl.DataFrame, comparisons: pl.DataFrame) -> pl.DataFrame:
    whole = {"measure": SEARCH_RATE.name, "search_type": ALL, "ethnicity_basis": SELF_DEFINED}
    keys = [*SPAN, "ethnic_group"]
    ratios = comparisons.filter(**whole).select(*keys, "ratio", "ratio_lower", "ratio_upper")
    rates = estimates.filter(**whole).filter(pl.col("ethnic_group").is_in(EVERY_GROUP))
    return rates.join(ratios, on=keys, how="left").select(
        *SPAN,
        pl.lit(RECORDS).alias("series"),
        "ethnic_group",
        pl.col("numerator").alias("searches"),
        (1_000 * pl.col("denominator")).round(0).cast(pl.Int64).alias("residents"),
        pl.col("value").alias("rate"),
        *("ratio", "ratio_lower", "ratio_upper"),
        pl.col("value").alias("rate_of_year"),
        pl.lit(None, pl.Int64).alias("arrests"),
        *("status", "in_doubt"),
        pl.lit("these records").alias("source"),
    )
