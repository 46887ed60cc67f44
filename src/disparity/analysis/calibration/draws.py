"""Counts of records drawn from a known truth, many publications at once.

Counts are drawn, not records: a Poisson number of searches split by multinomial draws has the same
distribution as the counts of records drawn one by one, and two thousand publications take a minute.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from disparity.analysis.calibration.worlds import RESULTS, SEEN_RIGHT, TYPES, World
from disparity.records.clusters import GROUP_COLUMN, NO_CLUSTERS
from disparity.records.counts import (
    AREA_KEYS,
    CELL_COUNTS,
    CELL_KEYS,
    ETHNICITY_KEYS,
    ITEM_KEYS,
    ORIGIN_KEYS,
    PROFILE_KEYS,
    TWILIGHT_KEYS,
    Counts,
)
from disparity.statistics.intervals import FloatArray
from disparity.vocabulary.calendar import financial_year
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, FIND_COUNTS, NOT_RECORDED, group_of_ethnicity

IntArray = npt.NDArray[np.int64]
MONTHS = financial_year(2024)
FLAG_LEFT_BLANK = "unknown"


@dataclass(frozen=True)
class Draw:
    """Counts of many publications, each a force of its own, with what else the estimates need."""

    counts: Counts
    population: pl.DataFrame
    areas: pl.DataFrame  # force, period_from, period_to, area, ethnic_group, population
    submitted: pl.DataFrame
    periods: pl.DataFrame


def draw_publications(world: World, *, publications: int, generator: np.random.Generator) -> Draw:
    """Draw the counts of so many publications of one force and year each."""
    forces = [f"draw-{number:04}" for number in range(publications)]
    drawn = _name_axes(_draw_searches(world, publications, generator), world, forces)
    months = pl.DataFrame({"month": MONTHS})
    return Draw(
        counts=_count(drawn),
        population=_populate(world, forces),
        areas=_populate_areas(world, forces),
        submitted=pl.DataFrame({"force": forces}).join(months.with_columns(submission="month"), how="cross"),
        periods=months.with_columns(period_from=pl.lit(MONTHS[0]), period_to=pl.lit(MONTHS[-1])),
    )


def _draw_searches(world: World, publications: int, generator: np.random.Generator) -> IntArray:
    """Searches by publication, area, group, month, type, result, known, flagged and officer-defined group."""
    monthly = world.expected_searches() / len(MONTHS)
    shape = (publications, 1, len(ETHNIC_GROUPS), len(MONTHS))
    # A gamma factor of mean 1: the months of a group vary together in all its areas.
    factor = generator.gamma(1 / world.clustering, world.clustering, shape) if world.clustering else np.ones(shape)
    searches = generator.poisson(monthly[None, :, :, None] * factor)
    by_type = generator.multinomial(searches, np.asarray(world.mixes)[:, None, :])
    by_result = generator.multinomial(by_type, world.result_shares()[:, None, :, :])
    known = _split(by_result, np.asarray(world.known)[:, None, None, :], generator)
    flagged = _split(known, np.asarray(world.flagged)[:, None], generator)
    return np.asarray(generator.multinomial(flagged, _seen()[:, None, None, None, None, None, :]))


def _split(counts: IntArray, share: FloatArray, generator: np.random.Generator) -> IntArray:
    """Split each count in two, the share first, along a new last axis."""
    first = generator.binomial(counts, share)
    return np.stack([first, counts - first], axis=-1)


def _seen() -> FloatArray:
    """Probability of each officer-defined group given the true one."""
    right = np.asarray(SEEN_RIGHT)
    others = (1 - right) / (len(ETHNIC_GROUPS) - 1)
    return np.where(np.eye(len(ETHNIC_GROUPS), dtype=bool), right[:, None], others[:, None])


def _name_axes(searches: IntArray, world: World, forces: list[str]) -> pl.DataFrame:
    """Give one row for every combination that was drawn at all."""
    places = np.nonzero(searches)
    labels: dict[str, list[Any]] = {
        "force": forces,
        "area": list(world.areas),
        "group": list(ETHNIC_GROUPS),
        "month": MONTHS,
        "search_type": list(TYPES),
        "outcome_kind": [kind for kind, _ in RESULTS],
        "is_known": [True, False],
        "is_flagged": [True, False],
        "seen": list(ETHNIC_GROUPS),
    }
    columns = {
        name: pl.Series(values).gather(place) for (name, values), place in zip(labels.items(), places, strict=True)
    }
    columns["status"] = pl.Series([status for _, status in RESULTS]).gather(places[list(labels).index("outcome_kind")])
    frame = pl.DataFrame(columns).with_columns(searches=pl.Series(searches[places], dtype=pl.Int64))
    is_action = pl.col("outcome_kind") != "no_further_action"
    return frame.select(
        *("force", "area", "month", "search_type", "outcome_kind", "searches"),
        pl.when("is_known").then("group").alias("self_defined_group"),
        pl.col("seen").alias("officer_defined_group"),
        # A blank flag hides only actions: no further action is never a find, flag or none.
        pl.when(~pl.col("is_flagged") & is_action)
        .then(pl.lit(FLAG_LEFT_BLANK))
        .otherwise("status")
        .alias("find_status"),
    )


def _count(drawn: pl.DataFrame) -> Counts:
    searches, status = pl.col("searches"), pl.col("find_status")
    is_action = pl.col("outcome_kind") != "no_further_action"
    conditions = {
        "searches": pl.lit(True),
        "found": status == "found",
        "not_found": status == "not_found",
        "not_found_after_action": (status == "not_found") & is_action,
        "unknown_after_action": status == FLAG_LEFT_BLANK,
        "outcomes": pl.lit(True),
        "actions": is_action,
        "arrests": pl.col("outcome_kind") == "arrest",
        "clothing_recorded": pl.lit(False),
        "clothing_removed": pl.lit(False),
    }
    counted = drawn.with_columns((searches * condition).alias(name) for name, condition in conditions.items())
    cells = pl.concat(
        counted.with_columns(ethnicity_basis=pl.lit(basis), ethnic_group=pl.col(column).fill_null(NOT_RECORDED))
        for basis, column in GROUP_COLUMN.items()
    )
    profiles = counted.with_columns(is_clothing_removed=pl.lit(None, pl.Boolean))
    people = counted.with_columns(gender=pl.lit(None, pl.String), age_group=pl.lit(None, pl.String))
    return Counts(
        cells=cells.group_by(CELL_KEYS).agg(pl.col(*CELL_COUNTS).sum()).sort(CELL_KEYS),
        ethnicities=_label(counted),
        profiles=profiles.group_by(PROFILE_KEYS).agg(searches.sum()).sort(PROFILE_KEYS),
        people=people.group_by("force", "month", "self_defined_group", "gender", "age_group").agg(searches.sum()),
        twilight=pl.DataFrame(schema=dict.fromkeys(TWILIGHT_KEYS, pl.String)),
        areas=counted.group_by(AREA_KEYS).agg(pl.col(*FIND_COUNTS).sum()).sort(AREA_KEYS),
        origins=pl.DataFrame(schema=dict.fromkeys(ORIGIN_KEYS, pl.String)),
        items=pl.DataFrame(schema=dict.fromkeys(ITEM_KEYS, pl.String)),
        clusters=NO_CLUSTERS,
    )


def _label(counted: pl.DataFrame) -> pl.DataFrame:
    """Self-defined codes of the groups; the other codes with no search, so that no label gate closes."""
    codes = pl.DataFrame({"self_defined_ethnicity": group_of_ethnicity().keys()})
    first = {group: code for code, group in reversed(group_of_ethnicity().items())}
    code = pl.col("self_defined_group").replace_strict(first, default=None).alias("self_defined_ethnicity")
    used = counted.select("force", "month", code, "officer_defined_group", "searches")
    unused = used.select("force", "month").unique().join(codes, how="cross")
    without = unused.with_columns(officer_defined_group=pl.lit("White"), searches=pl.lit(0, pl.Int64))
    both = pl.concat([used, without])
    return both.group_by(ETHNICITY_KEYS).agg(pl.col("searches").sum()).sort(ETHNICITY_KEYS)


def _populate(world: World, forces: list[str]) -> pl.DataFrame:
    residents = np.asarray(world.residents).sum(axis=0).tolist()
    table = pl.DataFrame(
        {"ethnic_group": [*ETHNIC_GROUPS, ALL], "population": [*residents, sum(residents)]},
        schema_overrides={"population": pl.Int64},
    )
    return _list_places(forces).with_columns(population_base=pl.lit("known")).join(table, how="cross")


def _populate_areas(world: World, forces: list[str]) -> pl.DataFrame:
    rows = [
        (area, group, residents)
        for area, by_group in zip(world.areas, world.residents, strict=True)
        for group, residents in zip(ETHNIC_GROUPS, by_group, strict=True)
    ]
    table = pl.DataFrame(
        rows, schema={"area": pl.String, "ethnic_group": pl.String, "population": pl.Int64}, orient="row"
    )
    return _list_places(forces).join(table, how="cross")


def _list_places(forces: list[str]) -> pl.DataFrame:
    span = {"period_from": pl.lit(MONTHS[0]), "period_to": pl.lit(MONTHS[-1])}
    return pl.DataFrame({"force": forces}).with_columns(**span)
