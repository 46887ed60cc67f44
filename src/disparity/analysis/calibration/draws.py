"""Searches drawn from a known truth, many publications at once, and counted as records are.

Every search is drawn with its day, as clusters are of days, and goes through `tally_searches`: nothing is counted in a
second way.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from disparity.analysis.calibration.worlds import RESULTS, SEEN_RIGHT, TYPES, World
from disparity.records.coding import KEPT
from disparity.records.counts import Counts, count_searches
from disparity.sources.population import HEADLINE, choose_headline
from disparity.statistics.intervals import FloatArray
from disparity.vocabulary.calendar import financial_year
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, group_of_ethnicity

IntArray = npt.NDArray[np.int64]
CENSUS_DAYS = date(2011, 3, 27), date(2021, 3, 21)
OUTCOMES = {"arrest": "arrest", "other_action": "community_resolution", "no_further_action": "no_further_action"}
STATUSES = ("found", "not_found", "unknown")
# Of which no world says anything.
FLAGS = (
    *("is_item_found", "is_clothing_removed"),
    *("is_force_used", "is_handcuffed", "is_video_on", "is_detained"),
)
# A blank flag hides only actions: no further action is never a find, flag or none.
UNKNOWN_STATUS = STATUSES.index("unknown")


@dataclass(frozen=True)
class Draw:
    """Counts of many publications, each a force of its own, with what else the estimates need.

    `bases`: force, period_from, period_to, ethnic_group, population, base, population_base, role (headline: what rates
    are divided by; plausible and bracketing: what a statement must hold on too); `population` has the headline rows.
    """

    counts: Counts
    population: pl.DataFrame
    bases: pl.DataFrame
    areas: pl.DataFrame  # force, area, ethnic_group, population
    submitted: pl.DataFrame
    periods: pl.DataFrame


def draw_publications(world: World, *, publications: int, generator: np.random.Generator) -> Draw:
    """Draw the searches of so many publications of one force and period each, and count them."""
    forces = [f"draw-{number:04}" for number in range(publications)]
    listed = list_months(world)
    months = pl.DataFrame({"month": listed})
    bases = _list_bases(world, forces)
    return Draw(
        counts=count_searches(draw_searches(world, forces, generator)),
        population=choose_headline(bases),
        bases=bases,
        areas=_populate_areas(world, forces),
        submitted=pl.DataFrame({"force": forces}).join(months.with_columns(submission="month"), how="cross"),
        periods=months.with_columns(period_from=pl.lit(listed[0]), period_to=pl.lit(listed[-1])),
    )


def list_months(world: World) -> list[date]:
    """List the months that there are records of."""
    return financial_year(world.year)[: world.months]


def draw_searches(world: World, forces: list[str], generator: np.random.Generator) -> pl.DataFrame:
    """Draw every search as a row of coded records, of those columns that are counted.

    The number of searches is a Poisson number for each group, month and type, with a gamma factor where months vary; of
    a share that is made in operations, the number of operations is one, and each has its day.
    """
    months = list_months(world)
    first = np.array([month.toordinal() for month in months])
    lengths = np.diff([*first, _next_month(months[-1]).toordinal()])
    places, time = _draw_places(world, len(forces), lengths / lengths.sum(), generator)
    force, area, group, month, kind = places
    day = np.floor(time * lengths[month]).astype(np.int64) + first[month]
    result = _draw_from(world.result_shares()[group, kind], generator)
    is_known = generator.random(result.size) < np.asarray(world.known)[group, result]
    is_flagged = generator.random(result.size) < np.asarray(world.flagged)[group, result]
    seen = _draw_from(_seen()[group], generator)
    kinds = [outcome for outcome, _ in RESULTS]
    status = np.array([STATUSES.index(status) for _, status in RESULTS])[result]
    is_action = np.array([outcome != "no_further_action" for outcome in kinds])[result]
    status = np.where(is_flagged | ~is_action, status, UNKNOWN_STATUS)
    noon = pl.Series((day - date(1970, 1, 1).toordinal()) * 24 + 12).cast(pl.Int64) * 3_600_000_000
    blank = pl.lit(None, pl.String)
    return pl.DataFrame(
        {
            "force": _name(forces, force),
            "submission_month": pl.Series(months).gather(month),
            "searched_at": noon.cast(pl.Datetime("us", "UTC")),
            "area": _name(world.areas, area),
            "self_defined_group": _name(ETHNIC_GROUPS, group),
            "self_defined_ethnicity": _code_groups(group, generator),
            "officer_defined_group": _name(ETHNIC_GROUPS, seen),
            "search_type": _name(TYPES, kind),
            "outcome": pl.Series([OUTCOMES[outcome] for outcome in kinds]).gather(result),
            "find_status": _name(STATUSES, status),
            "is_known": is_known,
        }
    ).select(
        pl.exclude("is_known", "self_defined_group", "self_defined_ethnicity"),
        *(pl.when("is_known").then(name).alias(name) for name in ("self_defined_group", "self_defined_ethnicity")),
        *(blank.alias(name) for name in ("gender", "age_group", "search_origin", "item_found", "force_kind")),
        blank.alias("clothing_extent"),
        *(pl.lit(None, pl.Float64).alias(name) for name in ("latitude", "longitude")),
        **dict.fromkeys(FLAGS, pl.lit(None, pl.Boolean)),
        disposition=pl.lit(KEPT),
        searches=pl.lit(1, pl.Int64),
    )


def _draw_places(
    world: World, publications: int, months: FloatArray, generator: np.random.Generator
) -> tuple[IntArray, FloatArray]:
    """Draw force, area, group, month and type (a row each) and time in the month (0 to 1) of every search.

    Args:
        months: each month's share of the period's days.
    """
    operations = world.operations
    expected = world.expected_searches()[:, :, None, None] * np.asarray(world.mixes)[:, None, :] * months[:, None]
    together = np.asarray(operations.shares() if operations else (0.0,) * len(TYPES))
    # Publications, areas, groups, months, types; a gamma factor of mean 1: a group's months vary in all areas alike.
    shape = (publications, 1, len(ETHNIC_GROUPS), len(months), 1)
    factor = generator.gamma(1 / world.clustering, world.clustering, shape) if world.clustering else np.ones(shape)
    alone = generator.poisson(expected * (1 - together) * factor)
    places, times = _list_places(alone), generator.random(alone.sum())
    if operations:
        led = _list_places(generator.poisson(expected * together * factor / operations.size))
        sizes = 1 + generator.poisson(operations.size - 1, led.shape[1])
        many = np.repeat(led, sizes, axis=1)
        if operations.search_type is None:
            many[4] = _draw_from(np.asarray(world.mixes)[many[2]], generator)
        times = np.concatenate([times, np.repeat(generator.random(led.shape[1]), sizes)])
        places = np.concatenate([places, many], axis=1)
    return places, times


def _list_places(counts: IntArray) -> IntArray:
    """Give the indexes of every one that is counted, an axis a row."""
    drawn = np.nonzero(counts)
    return np.repeat(np.stack(drawn), counts[drawn], axis=1)


def _draw_from(shares: FloatArray, generator: np.random.Generator) -> IntArray:
    """Draw one of the last axis for each row, by its shares."""
    ends = shares.cumsum(axis=-1)[:, :-1]
    return np.asarray((generator.random(len(shares))[:, None] > ends).sum(axis=-1))


def _seen() -> FloatArray:
    """Probability of each officer-defined group given the true one."""
    right = np.asarray(SEEN_RIGHT)
    others = (1 - right) / (len(ETHNIC_GROUPS) - 1)
    return np.where(np.eye(len(ETHNIC_GROUPS), dtype=bool), right[:, None], others[:, None])


def _name(names: tuple[str, ...] | list[str], places: IntArray) -> pl.Series:
    return pl.Series(names, dtype=pl.Enum(names)).gather(places)


def _code_groups(group: IntArray, generator: np.random.Generator) -> pl.Series:
    """Give each search one of its group's self-defined codes: all are used, so that no label gate closes."""
    codes = [[code for code, of in group_of_ethnicity().items() if of == name] for name in ETHNIC_GROUPS]
    many, start = np.array([len(own) for own in codes]), np.cumsum([0, *map(len, codes[:-1])])
    return _name([code for own in codes for code in own], start[group] + generator.integers(0, many[group]))


def _next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _list_bases(world: World, forces: list[str]) -> pl.DataFrame:
    """List the residents of every base: of a population that grew, what the censuses and the lines between them say."""
    after = np.asarray(world.residents, dtype=np.float64).sum(axis=0)
    if world.growth is None:
        bases = {"known": (HEADLINE, after)}
    else:
        before = np.asarray(world.growth.before, dtype=np.float64).sum(axis=0)
        passed = _measure_passed(world)
        bases = {
            "interpolated": (HEADLINE, before + passed * (after - before)),
            "constant_growth": ("plausible", before * (after / before) ** passed),
            "census_2021": ("plausible", after),
            "census_2011": ("bracketing", before),
        }
    listed = list_months(world)
    rows = [
        (listed[0], listed[-1], group, float(number), base, base, role)
        for base, (role, residents) in bases.items()
        for group, number in zip((*ETHNIC_GROUPS, ALL), (*residents, residents.sum()), strict=True)
    ]
    spans = ("period_from", "period_to")
    schema = (*spans, "ethnic_group", "population", "base", "population_base", "role")
    return pl.DataFrame({"force": forces}).join(pl.DataFrame(rows, schema, orient="row"), how="cross")


def _measure_passed(world: World) -> float:
    """How much of the time between the censuses had passed in the middle of the period."""
    listed = list_months(world)
    middle = (listed[0].toordinal() + _next_month(listed[-1]).toordinal()) / 2
    first, last = (day.toordinal() for day in CENSUS_DAYS)
    return (middle - first) / (last - first)


def _populate_areas(world: World, forces: list[str]) -> pl.DataFrame:
    rows = [
        (area, group, residents)
        for area, by_group in zip(world.areas, world.residents, strict=True)
        for group, residents in zip(ETHNIC_GROUPS, by_group, strict=True)
    ]
    table = pl.DataFrame(
        rows, schema={"area": pl.String, "ethnic_group": pl.String, "population": pl.Int64}, orient="row"
    )
    listed = list_months(world)
    span = {"period_from": pl.lit(listed[0]), "period_to": pl.lit(listed[-1])}
    return pl.DataFrame({"force": forces}).with_columns(**span).join(table, how="cross")
