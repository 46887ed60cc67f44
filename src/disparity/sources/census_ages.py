"""Residents of the censuses by age and sex: what both censuses counted, shared out over the residents of a period.

Only shares are taken from these tables: their cells are perturbed, and totals are those of the five-group tables.
Definitions, section 7.
"""

from collections.abc import Sequence

import polars as pl

from disparity.project.merged_forces import MergedForce
from disparity.sources.population import CENSUS_DAYS, HEADLINE, OWN, SPAN, add_merged, put_on_lines
from disparity.vocabulary.codes import YOUNG, YOUNG_AGE_GROUPS, read_reference

PARTS = ["ethnic_group", "age_group", "gender"]
TABLE = "census_force_ethnicity5_age_sex"
# Of the census of 2021; a test holds the table to it.
ESTIMATED_AGE_GROUPS = YOUNG_AGE_GROUPS
COUNTED, ESTIMATED = "counted", "estimated"


def read_census_ages(mergers: Sequence[MergedForce] = ()) -> pl.DataFrame:
    """Give the residents of both censuses by age group and sex.

    Under 25 is one band: the census of 2021 has no age group that ends at 10 or at 18, and its parts are estimated.

    Returns:
        base (census_2011, census_2021), date, force, PARTS, population (usual residents).

    Source: Census 2011, table DC2101EW; Census 2021, ethnic group by age and sex (Office for National Statistics).
    """
    band = pl.when(pl.col("age_group").is_in(YOUNG_AGE_GROUPS)).then(pl.lit(YOUNG)).otherwise("age_group")
    ranges = read_age_ranges(mergers).with_columns(band.alias("age_group"))
    return ranges.group_by("base", "date", "force", *PARTS).agg(pl.col("population").sum())


def read_age_ranges(mergers: Sequence[MergedForce] = ()) -> pl.DataFrame:
    """Give the residents of both censuses by the portal's own age ranges and sex.

    Returns:
        As `read_census_ages`, with under 10, 10-17 and 18-24 apart: in 2021 estimated (`ESTIMATED_AGE_GROUPS`), as the
        census's own ages end at 15 and 19; its parts were split as the single years of each authority are.
    """
    days = pl.col("base").replace_strict(CENSUS_DAYS, return_dtype=pl.Date)
    counted = pl.DataFrame(read_reference(TABLE)).with_columns(pl.col("population").cast(pl.Int64), date=days)
    return add_merged(counted.select("base", "date", "force", *PARTS, "population"), mergers)


def spread_over_ages(bases: pl.DataFrame, ages: pl.DataFrame) -> pl.DataFrame:
    """Share the residents that rates are out of over ages and sexes, for forces whose residents are of a census.

    population = residents of the group x its part / the sum of its parts; each part runs on a straight line between
    the censuses, and stays as it was counted before the first and after the last.

    Args:
        bases: as `list_bases` gives them.
        ages: as `read_census_ages` gives them.

    Returns:
        force, period_from, period_to, PARTS, population.
    """
    people = bases.filter(pl.col("role") == HEADLINE, pl.col("base") != OWN).select(
        "force", *SPAN, "ethnic_group", residents="population"
    )
    part = put_on_lines(ages.select("force", "date", *PARTS, "population"), bases, PARTS)
    share = pl.col("population") / pl.col("population").sum().over("force", *SPAN, "ethnic_group")
    keys = ["force", *SPAN, *PARTS]
    return (
        part.join(people, on=["force", *SPAN, "ethnic_group"])
        .select(*keys, population=(share * pl.col("residents")).fill_nan(0))
        .sort(keys)
    )


def name_basis(spread: pl.DataFrame) -> pl.DataFrame:
    """Add `residents_basis` to residents by the portal's age ranges: what of them the census of 2021 estimates.

    Args:
        spread: of `spread_over_ages`. Before the census of 2011 nothing of them is estimated.
    """
    is_split = pl.col("age_group").is_in(ESTIMATED_AGE_GROUPS) & (pl.col("period_to") >= CENSUS_DAYS["census_2011"])
    basis = pl.when(is_split).then(pl.lit(ESTIMATED)).otherwise(pl.lit(COUNTED))
    return spread.with_columns(residents_basis=basis)
