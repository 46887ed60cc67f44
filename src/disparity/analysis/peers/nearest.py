"""The forces whose residents are most like those of a force: computed from published shares, never the official group.

Nearest by residents: age, ethnicity, deprivation, density, and how many live in towns. The table is carried with the
package; `tests/support/open_reference.py` works it out.
"""

from collections.abc import Collection

import polars as pl

from disparity.analysis.peers.compare import FEWEST_COMPARED
from disparity.project.declarations import SimilarForces
from disparity.vocabulary.codes import ALL, read_reference

PREFIX = "nearest by residents: "
# Half of all pairs of forces are nearer to each other than this: a force beyond it is not near.
TYPICAL_DISTANCE = 1.141
NEAREST_COLUMNS = [
    *("force", "place", "nearest_force", "distance", "is_near", "period_from", "period_to"),
    *("ethnic_group", "searches", "residents", "rate", "ratio", "ratio_lower", "ratio_upper", "status", "source"),
]
KEPT = ("force", "place", "nearest_force", "distance", "is_near", "ethnic_group")


def read_nearest() -> pl.DataFrame:
    """Give the seven forces nearest to each force, the nearest first.

    distance = square root of the mean, over the five topics, of the mean squared difference of the topic's
    standardised shares; a topic counts once, whatever the number of its shares

    Returns:
        force, place (1 is the nearest), nearest_force, distance (standard deviations; 0: the same residents), is_near
        (nearer than half of all pairs of forces). The City of London has none and is none: too few people live there.

    Source: Census 2021; English Indices of Deprivation 2025 and Welsh Index of Multiple Deprivation 2019, as fifths
    of each country by itself; ONS Rural Urban Classification 2021.
    """
    table = pl.DataFrame(read_reference("nearest_forces"))
    typed = table.with_columns(pl.col("place").cast(pl.Int64), pl.col("distance").cast(pl.Float64))
    return typed.with_columns(is_near=pl.col("distance") < TYPICAL_DISTANCE)


def list_nearest_groups(forces: Collection[str]) -> tuple[SimilarForces, ...]:
    """Make a set of each force and its nearest, where this publication has records of enough of them to set limits.

    It holds in any month: it is by residents of 2021, whatever the year of the searches.
    """
    nearest = read_nearest().filter(pl.col("force").is_in(list(forces)))
    groups = [
        SimilarForces.model_validate(
            {"force": force, "name": PREFIX + force, "from": "1986-01", "forces": others, "source": "computed"}
        )
        for force, others in nearest.group_by("force", maintain_order=True).agg("nearest_force").iter_rows()
    ]
    return tuple(group for group in groups if len({*group.members()} & {*forces}) >= FEWEST_COMPARED)


def rate_nearest(rated: pl.DataFrame, forces: Collection[str]) -> pl.DataFrame:
    """Set each force beside its nearest by official rates of the latest year that there are: NEAREST_COLUMNS.

    Args:
        rated: official years out of the residents of the year, as `history.rate_officially` rates them.

    Returns:
        A row for each force, place (0: the force itself, at distance 0) and ethnic group. `searches`, `rate` and
        `ratio` are null where the official figures of a force are not of the whole year.
    """
    near = read_nearest().filter(pl.col("force").is_in(list(forces)))
    selves = (
        near.select("force")
        .unique()
        .with_columns(place=pl.lit(0, pl.Int64), nearest_force="force", distance=pl.lit(0.0), is_near=pl.lit(True))
    )
    latest = rated.filter(pl.col("period_to") == pl.col("period_to").max(), pl.col("ethnic_group") != "Unknown")
    both = pl.concat([selves.select(near.columns), near])
    return (
        both.join(latest, left_on="nearest_force", right_on="force", how="left", maintain_order="left_right")
        .sort("force", "place", maintain_order=True)
        .select(NEAREST_COLUMNS)
    )


def withhold_rates(nearest: pl.DataFrame) -> pl.DataFrame:
    """Keep which forces are nearest, and how near, and no count of searches: one row for each, only KEPT filled."""
    named = nearest.filter(pl.col("ethnic_group") == ALL)
    return named.with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in named.schema.items() if name not in KEPT
    )
