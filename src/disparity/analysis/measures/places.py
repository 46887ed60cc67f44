"""Searches by neighbourhood and fifth of deprivation, laid out as searches by area are."""

from collections.abc import Sequence

import polars as pl

from disparity.disclosure.open import Detail
from disparity.vocabulary.codes import ALL, FIND_COUNTS, NOT_RECORDED, SELF_DEFINED

MONTH = ["force", "month"]
KEYS = [*MONTH, "area", "self_defined_group", "search_type"]


def list_placed(counts: Detail, residents: pl.DataFrame, place: str) -> pl.DataFrame:
    """Count searches by a place that neighbourhoods make up: `area` of the answer.

    Args:
        residents: force, neighbourhood and the place, of each force's own area: a search in another is in none here.
        place: "fifth" or "neighbourhood".

    Returns:
        KEYS and FIND_COUNTS of forces and months with a search in any: all types of search in one, no finds; area
        (text) is null for the searches of the month that lie in no such place.
    """
    own = residents.select("force", "neighbourhood", pl.col(place).cast(pl.String).alias("area")).unique()
    keys = [*MONTH, "area", "self_defined_group"]
    unasked = [pl.lit(0, pl.Int64).alias(name) for name in FIND_COUNTS if name != "searches"]
    rows = place_searches(counts, own, ("area",))
    return (
        rows.join(rows.drop_nulls("area").select(MONTH).unique(), on=MONTH, how="semi")
        .group_by(keys)
        .agg(pl.col("searches").sum())
        .with_columns(*unasked, search_type=pl.lit(ALL))
        .select(*KEYS, *FIND_COUNTS)
        .sort(*KEYS)
    )


def place_searches(counts: Detail, own: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Count searches by type and by what neighbourhoods are of: columns of `own`, beside force and neighbourhood.

    Returns:
        MONTH, `by`, self_defined_group, search_type and searches of forces with a search in any neighbourhood of
        `own`; null in `by` for the searches that lie in none.
    """
    keys = [*MONTH, "self_defined_group", "search_type"]
    placed = counts.neighbourhoods.join(own, on=["force", "neighbourhood"])
    placed = placed.group_by(*keys, *by).agg(pl.col("searches").sum())
    # Null means not recorded in every table of counts but `cells`.
    group = pl.col("ethnic_group").replace(NOT_RECORDED, None).alias("self_defined_group")
    every = counts.cells.filter(ethnicity_basis=SELF_DEFINED).select(*MONTH, group, "search_type", "searches")
    rest = (
        every.join(placed.select("force").unique(), on="force", how="semi")
        .join(placed.group_by(keys).agg(placed=pl.col("searches").sum()), on=keys, how="left", nulls_equal=True)
        .with_columns(pl.col("searches") - pl.col("placed").fill_null(0))
        .filter(pl.col("searches") > 0)
        .select(*keys, *(pl.lit(None, placed.schema[name]).alias(name) for name in by), "searches")
    )
    return pl.concat([placed.select(rest.columns), rest])
