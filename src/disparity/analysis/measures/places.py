"""Searches by neighbourhood and fifth of deprivation, laid out as searches by area are."""

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
    placed = counts.neighbourhoods.join(own, on=["force", "neighbourhood"]).group_by(keys).agg(pl.col("searches").sum())
    group = pl.col("ethnic_group").alias("self_defined_group")
    every = counts.cells.filter(ethnicity_basis=SELF_DEFINED).group_by(*MONTH, group).agg(pl.col("searches").sum())
    of_group = pl.col("self_defined_group").fill_null(NOT_RECORDED)
    in_any = placed.group_by(*MONTH, of_group).agg(placed=pl.col("searches").sum())
    rest = (
        every.join(placed.select(MONTH).unique(), on=MONTH, how="semi")
        .join(in_any, on=[*MONTH, "self_defined_group"], how="left")
        .select(
            *MONTH,
            pl.lit(None, pl.String).alias("area"),
            # Null means not recorded in every table of counts but `cells`.
            pl.col("self_defined_group").replace(NOT_RECORDED, None),
            pl.col("searches") - pl.col("placed").fill_null(0),
        )
        .filter(pl.col("searches") > 0)
    )
    unasked = [pl.lit(0, pl.Int64).alias(name) for name in FIND_COUNTS if name != "searches"]
    return (
        pl.concat([placed.select(rest.columns), rest])
        .with_columns(*unasked, search_type=pl.lit(ALL))
        .select(*KEYS, *FIND_COUNTS)
        .sort(*KEYS)
    )
