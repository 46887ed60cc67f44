"""Search rates of each area against those of White residents of the same area."""

from dataclasses import replace

import polars as pl

from disparity.analysis.comparisons import compare
from disparity.analysis.measures.clusters import gather_clusters
from disparity.analysis.sensitivity.statements import state_by_chance
from disparity.disclosure.open import Detail
from disparity.records.clusters import NO_CLUSTERS
from disparity.vocabulary.codes import NOT_RECORDED, SELF_DEFINED

AREA_COLUMNS = [
    *("force", "period_from", "period_to", "area", "ethnic_group"),
    *("numerator", "denominator", "unknown", "value", "lower", "upper", "lower_bound", "upper_bound", "status"),
    *("ratio", "ratio_lower", "ratio_upper", "p_value", "p_adjusted", "ratio_status", "verdict"),
]
# Ids of forces have no such character: force and area together name a place, which is compared as a force is.
BETWEEN = "/"


def compare_areas(rates: pl.DataFrame, counts: Detail, periods: pl.DataFrame) -> pl.DataFrame:
    """Set each group's search rate in an area against the reference group's in the same area.

    ratio = rate of the group / rate of the reference group, both of one area. Interval and test are those of every
    ratio of search rates: exact, given the sum of both, or over months as clusters where that is wider (days and
    incidents are not counted by area); the verdict also allows for all the comparisons by area of the force, and for no
    assumption beyond chance: of an area neither other residents nor unknown ethnicity can be tried.

    Args:
        rates: as `estimate_areas` gives them.

    Returns:
        AREA_COLUMNS: a row for each of `rates`. What follows `status` is null for the total and the reference group;
        ratios have no unit, neutral value 1, and are null where `ratio_status`, the worse of both, says why.

    Source: as `comparisons.compare`.
    """
    place = pl.concat_str("force", pl.lit(BETWEEN), "area")
    cells = counts.areas.drop_nulls("area").with_columns(
        force=place,
        ethnic_group=pl.col("self_defined_group").fill_null(NOT_RECORDED),
        ethnicity_basis=pl.lit(SELF_DEFINED),
    )
    clusters = gather_clusters(replace(counts, cells=cells, clusters=NO_CLUSTERS), periods)
    keys = ["place", "period_from", "period_to", "ethnic_group"]
    compared_columns = ["ratio", "ratio_lower", "ratio_upper", "p_value", "p_adjusted", "verdict"]
    compared = compare(rates.with_columns(force=place), clusters=clusters)
    # A force's areas are compared beside each other, so they are adjusted for together.
    compared = state_by_chance(compared, family=pl.col("force").str.split(BETWEEN).list.first()).rename(
        {"force": "place"}
    )
    ratios = compared.select(*keys, *compared_columns, ratio_status="status")
    placed = rates.with_columns(place=place).join(ratios, on=keys, how="left", maintain_order="left")
    return placed.select(AREA_COLUMNS)
