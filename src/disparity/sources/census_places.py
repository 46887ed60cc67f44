"""Residents of the census by neighbourhood, shared out over the residents of a period.

Only shares are taken from the table: its cells are perturbed, and totals are those of the five-group tables.
"""

from collections.abc import Collection, Sequence

import polars as pl

from disparity.project.merged_forces import MergedForce
from disparity.sources.population import CENSUS_2021, CENSUS_DAYS, HEADLINE, OWN, SPAN, add_merged
from disparity.vocabulary.codes import ETHNIC_GROUPS
from disparity.vocabulary.neighbourhoods import read_authorities, read_neighbourhoods

PLACES = ["neighbourhood", "area", "fifth"]


def read_census_places(mergers: Sequence[MergedForce] = ()) -> pl.DataFrame:
    """Give the residents of 2021: force, PLACES (`area` is the local authority), ethnic_group, population.

    Source: Census 2021, table TS021 (Office for National Statistics).
    """
    named = read_neighbourhoods().join(read_authorities().select("authority", area="name"), on="authority")
    long = named.unpivot(
        ETHNIC_GROUPS, index=["force", *PLACES], variable_name="ethnic_group", value_name="population"
    ).with_columns(base=pl.lit(CENSUS_2021), date=pl.lit(CENSUS_DAYS[CENSUS_2021]))
    return add_merged(long, mergers).drop("base", "date")


def spread_over_neighbourhoods(bases: pl.DataFrame, places: pl.DataFrame, forces: Collection[str]) -> pl.DataFrame:
    """Share the residents that rates are out of over neighbourhoods, for forces whose residents are of a census.

    population = residents of the group x its residents here in 2021 / its residents in the force in 2021: where people
    live in the force is as in 2021, how many there are is as everywhere else.

    Args:
        bases: as `list_bases` gives them.
        places: as `read_census_places` gives them.
        forces: whose searches are placed; others are left out.

    Returns:
        force, period_from, period_to, ethnic_group, PLACES, population.
    """
    people = bases.filter(
        pl.col("role") == HEADLINE, pl.col("base") != OWN, pl.col("force").is_in(list(forces))
    ).select("force", *SPAN, "ethnic_group", residents="population")
    share = pl.col("population") / pl.col("population").sum().over("force", *SPAN, "ethnic_group")
    keys = ["force", *SPAN, "ethnic_group", *PLACES]
    return (
        places.join(people, on=["force", "ethnic_group"])
        .select(*keys, population=(share * pl.col("residents")).fill_nan(0))
        .sort("force", *SPAN, "neighbourhood", "ethnic_group")
    )


def add_up_places(residents: pl.DataFrame, place: str) -> pl.DataFrame:
    """Give the residents by one of PLACES: force, period_from, period_to, ethnic_group, the place, population."""
    keys = ["force", *SPAN, "ethnic_group", place]
    return residents.group_by(keys).agg(pl.col("population").sum()).sort("force", *SPAN, place, "ethnic_group")
