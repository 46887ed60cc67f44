"""The records beside official counts."""

import polars as pl

from disparity.analysis.measures.entries import SEARCH_RATE, UNKNOWN_ETHNICITY_SHARE
from disparity.vocabulary.codes import ALL, EVERY_GROUP, SELF_DEFINED


def reconcile_official(
    estimates: pl.DataFrame, years: pl.DataFrame, official: pl.DataFrame, residents: pl.DataFrame
) -> pl.DataFrame:
    """Set the records beside the official counts of the same force and period, where there are any.

    Args:
        years: the audit by force and period, for its `vehicle_searches`: in no rate, but in some official counts.
        residents: those that the Home Office divides by, as `choose_official` gives them.

    Returns:
        force, period_from, period_to, ethnic_group, official_searches, record_searches (searches of persons,
        with `vehicle_searches`), vehicle_searches (vehicle-only searches; 0 where the official count leaves
        them out), difference (records - official, searches), difference_share (of the official count),
        residents, official_rate (official searches for every 1,000 of them, as the Home Office publishes it), source.
    """
    own = estimates.filter(ethnicity_basis=SELF_DEFINED, search_type=ALL)
    searched = own.filter(measure=SEARCH_RATE.name)
    unknown = own.filter(measure=UNKNOWN_ETHNICITY_SHARE.name, ethnic_group=ALL)
    spans = ["force", "period_from", "period_to"]
    keys = [*spans, "ethnic_group"]
    records = pl.concat([searched, unknown.with_columns(ethnic_group=pl.lit("Unknown"))]).select(
        *keys, record_searches="numerator"
    )
    vehicles = pl.col("vehicle_searches").fill_null(0)
    order = pl.Enum([*EVERY_GROUP, "Unknown"])
    return (
        official.join(records, on=keys)
        .join(years.select(*spans, "vehicle_searches"), on=spans, how="left")
        .with_columns(pl.when("counts_vehicles").then(vehicles).otherwise(0).alias("vehicle_searches"))
        .with_columns(pl.col("record_searches") + pl.col("vehicle_searches"))
        .with_columns((pl.col("record_searches") - pl.col("official_searches")).alias("difference"))
        .with_columns((pl.col("difference") / pl.col("official_searches")).alias("difference_share"))
        .join(residents.select(*keys, residents="population"), on=keys, how="left")
        .with_columns((1_000 * pl.col("official_searches") / pl.col("residents")).alias("official_rate"))
        .select(
            *keys,
            *("official_searches", "record_searches", "vehicle_searches", "difference", "difference_share"),
            *("residents", "official_rate", "source"),
        )
        .sort("force", "period_from", pl.col("ethnic_group").cast(order))
    )
