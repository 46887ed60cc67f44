"""The additive counts: all that the later stages ever see of the records.

Counts of two months add up to the counts of both, so parts can be counted apart, on one machine or many.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import polars as pl

from disparity.records.ages import list_hours, name_band
from disparity.records.alike import Alike, Kinds, number_alike, number_values
from disparity.records.cell_counts import CELL_COUNTS, list_conditions, name_outcome_kind
from disparity.records.cluster_sums import sum_clusters
from disparity.records.clusters import (
    CLUSTER_COUNTS,
    CLUSTER_KEYS,
    CLUSTER_SUMS,
    GROUP_COLUMN,
    number_blocks,
)
from disparity.records.coding import KEPT
from disparity.records.daylight import LIGHT_COLUMNS
from disparity.records.incidents import list_clustered
from disparity.records.told import FLAG, IS_TOLD, TOLD, extend, find_told
from disparity.records.uk_clock import tell_local
from disparity.vocabulary.codes import (
    ADULTS,
    CHILDREN,
    ETHNIC_GROUPS,
    ETHNICITY_BASES,
    FIND_COUNTS,
    NOT_RECORDED,
    UNKNOWN_GROUPS,
)

CELL_KEYS = ("force", "month", "ethnicity_basis", "ethnic_group", "search_type")
ETHNICITY_KEYS = ("force", "month", "self_defined_ethnicity", "officer_defined_group")
# What an unknown ethnicity can be inferred from.
PROFILE_KEYS = (
    *("force", "month", "self_defined_group", "officer_defined_group"),
    *("search_type", "outcome_kind", "find_status", "is_clothing_removed"),
)
# Of everybody but adults, who are the rest.
AGE_KEYS = (*PROFILE_KEYS[:2], "age_band", *PROFILE_KEYS[2:])
HOUR_KEYS = ("force", "month", "age_band", "hours")
PEOPLE_KEYS = ("force", "month", "self_defined_group", "gender", "age_group")
AREA_KEYS = ("force", "month", "area", "self_defined_group", "search_type")
ORIGIN_KEYS = ("force", "month", "search_origin", "self_defined_group", "search_type")
FORCE_KIND_KEYS = ("force", "month", "force_kind", "self_defined_group", "search_type")
ITEM_KEYS = ("force", "month", "search_type", "item_found")
NEIGHBOURHOOD_KEYS = ("force", "month", "neighbourhood", "self_defined_group", "search_type")
# What a find rate and its gate are made of.
TWILIGHT_KEYS = ("force", "month", "ethnicity_basis", "ethnic_group", *LIGHT_COLUMNS)
LIGHT_TYPES = {
    "light": pl.String(),
    "clock_band": pl.Int32(),
    "clock_change": pl.Date(),
    "is_after_change": pl.Boolean(),
    "is_vehicle_involved": pl.Boolean(),
}
# What searches are counted by, and what tells all tables but `people`, `ages` and `hours`.
COUNTED_BY = (
    *("self_defined_ethnicity", "officer_defined_group", "self_defined_group", "search_type", "find_status"),
    *("is_item_found", "is_clothing_removed", "outcome", "gender", "age_group"),
)
ALIKE = (*COUNTED_BY[:7], "outcome_kind")
# What else is counted by, or tells which searches come together.
PLACES = ("searched_at", "latitude", "longitude")
# What an extract tells of how searches were carried out (`told`), by what unknown ethnicity can be inferred from.
TOLD_KEYS = (TOLD, *(IS_TOLD if key == FLAG else key for key in PROFILE_KEYS))
TOLD_CLUSTER_KEYS = (TOLD, *CLUSTER_KEYS)
EVERYBODY = ""  # beside what is told
# Searches of persons that an extract tells apart: of one reading alone do they add up.
REPEAT_KEYS = ("force", "month", "reading", "self_defined_group", "search_of_person")
REPEAT_TYPES = {"search_of_person": pl.Int64(), "reading": pl.String()}
# Table of counts → the column that its file must say something in.
RECORDED_IN = {"areas": "area", "origins": "search_origin", "items": "item_found", "force_kinds": "force_kind"}
GROUPS = pl.Enum([*ETHNIC_GROUPS, *UNKNOWN_GROUPS])


@dataclass(frozen=True)
class Counts:
    """Tables of counts, each in order of its keys as texts, null first; in all but `cells`, null means not recorded.

    `cells`: CELL_COUNTS by CELL_KEYS. `ethnicities`: searches by ETHNICITY_KEYS. `profiles`: searches by
    PROFILE_KEYS (`outcome_kind`: arrest, other_action or no_further_action). `people`: searches by PEOPLE_KEYS.
    `areas`: FIND_COUNTS by AREA_KEYS, of files whose records name areas; `origins` by ORIGIN_KEYS and `items`
    (searches by ITEM_KEYS), of files that say what led to a search and what was found; `force_kinds`: searches by
    FORCE_KIND_KEYS, likewise. `twilight`: searches by
    TWILIGHT_KEYS, of searches that say whether it was light (`daylight`). `clusters`: CLUSTER_SUMS by CLUSTER_KEYS
    (`clusters.sum_clusters`). `ages`: searches by AGE_KEYS, of everybody but adults (`ages.AGE_BANDS`). `hours`:
    searches by HOUR_KEYS. `told`: searches by TOLD_KEYS, for each of `told.TOLD_OF` of which any search tells;
    `told_clusters`: CLUSTER_SUMS by TOLD_CLUSTER_KEYS, with what is told in the place of the clothing flag; and of
    children (`told`: their age band), with that flag itself. `repeats`:
    searches by REPEAT_KEYS, of extracts that tell persons apart (`search_of_person`: 1 is the first of its person in
    the period, 6 the sixth or a later one).
    `neighbourhoods`: searches by NEIGHBOURHOOD_KEYS, of those whose coordinates lie in one
    (`neighbourhoods.place_in_neighbourhoods`).
    """

    cells: pl.DataFrame
    ethnicities: pl.DataFrame
    profiles: pl.DataFrame
    people: pl.DataFrame
    areas: pl.DataFrame
    origins: pl.DataFrame
    items: pl.DataFrame
    force_kinds: pl.DataFrame
    twilight: pl.DataFrame
    neighbourhoods: pl.DataFrame
    clusters: pl.DataFrame
    ages: pl.DataFrame
    hours: pl.DataFrame
    told: pl.DataFrame
    told_clusters: pl.DataFrame
    repeats: pl.DataFrame


COUNT_TABLES = {
    "cells": (CELL_KEYS, tuple(CELL_COUNTS)),
    "ethnicities": (ETHNICITY_KEYS, ("searches",)),
    "profiles": (PROFILE_KEYS, ("searches",)),
    "people": (PEOPLE_KEYS, ("searches",)),
    "areas": (AREA_KEYS, FIND_COUNTS),
    "origins": (ORIGIN_KEYS, FIND_COUNTS),
    "items": (ITEM_KEYS, ("searches",)),
    "force_kinds": (FORCE_KIND_KEYS, ("searches",)),
    "twilight": (TWILIGHT_KEYS, ("searches",)),
    "neighbourhoods": (NEIGHBOURHOOD_KEYS, ("searches",)),
    "clusters": (CLUSTER_KEYS, CLUSTER_SUMS),
    "ages": (AGE_KEYS, ("searches",)),
    "hours": (HOUR_KEYS, ("searches",)),
    "told": (TOLD_KEYS, ("searches",)),
    "told_clusters": (TOLD_CLUSTER_KEYS, CLUSTER_SUMS),
    "repeats": (REPEAT_KEYS, ("searches",)),
}


def count_searches(searches: pl.DataFrame) -> Counts:
    """Count the kept searches once per ethnicity basis.

    Returns:
        Sorted counts; a cell without searches has no row.
    """
    return add_counts([tally_searches(searches)])


def tally_searches(searches: pl.DataFrame, kinds: Kinds | None = None) -> Counts:
    """Count as `count_searches` does, without texts for codes: to be added up with others.

    Args:
        kinds: of the searches, where they are known (`code_kinds`).
    """
    kept = searches.lazy().filter(pl.col("disposition") == KEPT).rename({"submission_month": "month"})
    told = dict(find_told(kept, searches))
    # Only an own extract says these: of other files there would be a row of nulls for every cell.
    held = {name for name, column in RECORDED_IN.items() if searches[column].count()}
    recorded = [RECORDED_IN[name] for name in RECORDED_IN if name in held]
    extended = extend(kept, searches)
    if kinds is None or extended is not kept:
        every = _find_alike(extended, recorded)
    else:
        every = _set_by_kinds(searches, kinds, recorded)
    rows, where = every
    aged = rows.by([*ALIKE, "age_band", *recorded])
    alike = aged.merge([*ALIKE, *recorded])
    counted = _count_conditions(alike)
    tables = {
        "cells": _count_cells(counted),
        "people": rows.merge(PEOPLE_KEYS[2:]).lay_out(),
        "ages": _count_ages(aged),
        "hours": _count_hours(aged, where["searched_at"]),
        **{name: alike.merge(COUNT_TABLES[name][0][2:]).lay_out() for name in ("ethnicities", "profiles")},
        **{name: _count_recorded(counted, searches, name, held) for name in RECORDED_IN},
        **{
            name: _sort(_add_up(found, name), name)
            for name, found in {
                "twilight": _find_light(kept, searches.columns),
                "neighbourhoods": _find_placed(kept, searches.columns),
                "told": pl.concat(
                    [_name_told(_lay_out_none(alike), ""), *(_count_told(rows, name) for name, rows in told.items())]
                ),
                "repeats": _find_repeats(kept, searches.columns),
            }.items()
        },
    }
    # Children are compared with children: which of them were searched together is a part of no other sum.
    are_children = aged.ask(pl.col("age_band") == CHILDREN)
    clustered = _count_for_clusters(aged)
    of_told = {name: _find_alike(some) for name, some in told.items()}
    apart = {
        EVERYBODY: list_clustered(clustered, where),
        **{name: list_clustered(_count_for_clusters(some), at) for name, (some, at) in of_told.items()},
        CHILDREN: list_clustered(clustered.keep(are_children), where.filter(pl.Series(are_children))),
    }
    clusters = sum_clusters(apart)
    told_clusters = [
        clusters[name].with_columns(pl.lit(name).alias(TOLD)) for name in sorted(apart) if name != EVERYBODY
    ]
    return Counts(
        **{name: rows.select(*COUNT_TABLES[name][0], *COUNT_TABLES[name][1]) for name, rows in tables.items()},
        clusters=clusters[EVERYBODY],
        told_clusters=pl.concat(told_clusters).select(*TOLD_CLUSTER_KEYS, *CLUSTER_SUMS),
    )


def add_counts(parts: list[Counts]) -> Counts:
    """Add up the counts of parts, which have texts throughout or codes throughout."""
    are_in_order = _are_in_order(parts)
    sums = {}
    for name in COUNT_TABLES:
        # A part without a date has no clusters, and its empty table says nothing of texts or codes.
        filled = [rows for part in parts if not (rows := getattr(part, name)).is_empty()]
        rows = _follow(filled or [getattr(parts[0], name)], name)
        # A force-month is mostly in one part, and in that it is added up and in its place.
        rows = rows if are_in_order else _sort(_add_up(rows, name), name)
        sums[name] = rows.with_columns(pl.col(pl.Enum).cast(pl.String))
    return Counts(**sums)


def keep_months(counts: Counts, months: pl.DataFrame) -> Counts:
    """Keep the counts of some force-months: force, month of the submission."""
    return Counts(
        **{
            name: getattr(counts, name).join(months, on=["force", "month"], how="semi", maintain_order="left")
            for name in COUNT_TABLES
        }
    )


def _are_in_order(parts: list[Counts]) -> bool:
    """Say whether the forces and months of each part come after those of the part before."""
    ends = [part.cells.select("force", "month").row(end) for part in parts if part.cells.height for end in (0, -1)]
    return all(before < after for before, after in zip(ends[1:-1:2], ends[2::2], strict=True))


def _follow(tables: list[pl.DataFrame], name: str) -> pl.DataFrame:
    """Put tables of parts one after the other; of what is told, all of one name together."""
    if COUNT_TABLES[name][0][0] != TOLD:
        return pl.concat(tables)
    names = sorted({told for rows in tables for told in rows[TOLD].unique()})
    return pl.concat([rows.filter(pl.col(TOLD) == told) for told in names for rows in tables] or tables)


def _add_up(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    keys, counted = COUNT_TABLES[name]
    return rows.group_by(keys).agg(pl.col(counted).sum()) if rows.height else rows.select(*keys, *counted)


def _sort(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Sort by the keys as texts, nulls first: by one number for each row, which is faster than by many columns."""
    numbers = number_values(rows.select(COUNT_TABLES[name][0]))
    return rows[np.argsort(number_alike(list(numbers.values()), rows.height)[0], kind="stable")]


def _set_by_kinds(searches: pl.DataFrame, kinds: Kinds, recorded: list[str]) -> tuple[Alike, pl.DataFrame]:
    """Set kept searches by force and month and by kind, and give PLACES of each."""
    is_kept = kinds.ask(pl.col("disposition") == KEPT)
    rows = searches.select("force", "searches", *PLACES, *recorded, month="submission_month")
    if not is_kept.all():
        rows, kinds = rows.filter(pl.Series(is_kept)), replace(kinds, of=kinds.of[is_kept])
    return _set(rows, kinds, recorded)


def _find_alike(kept: pl.LazyFrame, recorded: Sequence[str] = ()) -> tuple[Alike, pl.DataFrame]:
    """Do the same where kinds are not known."""
    rows = kept.collect()
    return _set(rows, Kinds.find(rows.select(COUNTED_BY)), recorded)


def _set(rows: pl.DataFrame, kinds: Kinds, recorded: Sequence[str]) -> tuple[Alike, pl.DataFrame]:
    block, blocks = number_blocks(rows.select("force", "month"))
    coded = replace(kinds, rows=kinds.rows.select(COUNTED_BY))
    coded = coded.split(rows.select(recorded)) if recorded else coded
    said = coded.rows.with_columns(name_outcome_kind().alias("outcome_kind"), name_band().alias("age_band"))
    return Alike(blocks, said, block, coded.of, {"searches": rows["searches"].to_numpy()}), rows.select(PLACES)


def _count_for_clusters(rows: Alike) -> Alike:
    """Tell kinds by what clusters are counted by."""
    conditions = list_conditions() | {"known": pl.col("find_status") != "unknown"}
    counts = [conditions[name].fill_null(False).cast(pl.Int64).alias(name) for name in CLUSTER_COUNTS[1:]]
    counted = rows.tell(pl.lit(1, pl.Int64).alias("searches"), *counts)
    return counted.by([*GROUP_COLUMN.values(), "search_type", *CLUSTER_COUNTS])


def _count_conditions(alike: Alike) -> Alike:
    """Count what CELL_COUNTS counts; a row of records stands for one search, a row of a table for many."""
    are_met = alike.kinds.select(**{name: condition.fill_null(False) for name, condition in list_conditions().items()})
    searches = alike.counts["searches"]
    counts = {column.name: np.where(column.to_numpy()[alike.kind], searches, 0) for column in are_met.iter_columns()}
    return replace(alike, counts={**alike.counts, **counts})


def _count_cells(counted: Alike) -> pl.DataFrame:
    """Count once per ethnicity basis."""
    kinds = [counted.kinds.with_columns(*_name_group(basis)) for basis in ETHNICITY_BASES]
    number = np.arange(len(kinds))[:, None] * counted.kinds.height
    every = Alike(
        counted.blocks,
        pl.concat(kinds),
        np.tile(counted.block, len(kinds)),
        (number + counted.kind).ravel(),
        {name: np.tile(count, len(kinds)) for name, count in counted.counts.items()},
    )
    return every.merge(CELL_KEYS[2:]).lay_out()


def _count_recorded(counted: Alike, searches: pl.DataFrame, name: str, held: set[str]) -> pl.DataFrame:
    """Count in the force-months of which any search tells it: a month counted apart then gives the same rows."""
    column = RECORDED_IN[name]
    if name not in held:
        return _lay_out_none(counted).with_columns(pl.lit(None, searches.schema[column]).alias(column))
    is_telling = np.zeros(counted.blocks.height, dtype=np.bool_)
    is_telling[counted.block[counted.ask(pl.col(column).is_not_null())]] = True
    return counted.keep(is_telling[counted.block]).merge(COUNT_TABLES[name][0][2:]).lay_out()


def _lay_out_none(alike: Alike) -> pl.DataFrame:
    return alike.keep(np.zeros(len(alike.block), dtype=bool)).lay_out()


def _count_ages(every: Alike) -> pl.DataFrame:
    """Count the searches of everybody but adults; of no age recorded, nobody knows."""
    is_other = every.ask((pl.col("age_band") != ADULTS).fill_null(True))
    return every.keep(is_other).merge(AGE_KEYS[2:]).lay_out()


def _count_hours(every: Alike, searched_at: pl.Series) -> pl.DataFrame:
    """Count by hours of the UK clock."""
    hours = list_hours()
    hour = tell_local(searched_at).dt.hour().fill_null(hours.height - 1).to_numpy()
    aged = every.by(["age_band"])
    kinds = aged.kinds.join(hours, how="cross", maintain_order="left_right")
    return replace(aged, kinds=kinds, kind=aged.kind * hours.height + hour, numbers={}).merge(HOUR_KEYS[2:]).lay_out()


@cache
def _name_group(basis: str) -> tuple[pl.Expr, pl.Expr]:
    """The basis, and the group on it."""
    group = pl.col(GROUP_COLUMN[basis]).cast(GROUPS).fill_null(pl.lit(NOT_RECORDED, GROUPS))
    return pl.lit(basis).alias("ethnicity_basis"), group.alias("ethnic_group")


def _count_told(rows: pl.LazyFrame, name: str) -> pl.DataFrame:
    keys = [name_outcome_kind().alias(key) if key == "outcome_kind" else key for key in PROFILE_KEYS]
    return _name_told(rows.group_by(keys).agg(pl.col("searches").sum()).collect(), name)


def _name_told(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    return rows.rename({FLAG: IS_TOLD}).with_columns(pl.lit(name).alias(TOLD)).select(*TOLD_KEYS, "searches")


def _find_repeats(kept: pl.LazyFrame, columns: list[str]) -> pl.DataFrame:
    """Give the searches of files that tell persons apart; none where no file does."""
    if "reading" not in columns:
        kept = kept.head(0).with_columns(pl.lit(None, kind).alias(name) for name, kind in REPEAT_TYPES.items())
    rows = kept.filter(pl.col("reading").is_not_null()).select(*REPEAT_KEYS, "searches")
    return rows.with_columns(pl.col(name).cast(kind) for name, kind in REPEAT_TYPES.items()).collect()


def _find_light(kept: pl.LazyFrame, columns: list[str]) -> pl.DataFrame:
    """Give the searches of each basis by light; none where nobody asked whether it was light."""
    if "light" not in columns:
        kept = kept.head(0).with_columns(pl.lit(None, kind).alias(name) for name, kind in LIGHT_TYPES.items())
    rows = [
        kept.select("force", "month", *_name_group(basis), *LIGHT_COLUMNS, searches=pl.lit(1, pl.Int64))
        for basis in ETHNICITY_BASES
    ]
    return pl.concat(rows).collect()


def _find_placed(kept: pl.LazyFrame, columns: list[str]) -> pl.DataFrame:
    """Give the searches that lie in a neighbourhood; none where nobody asked."""
    if "neighbourhood" not in columns:
        kept = kept.head(0).with_columns(pl.lit(None, pl.String).alias("neighbourhood"))
    return kept.filter(pl.col("neighbourhood").is_not_null()).select(*NEIGHBOURHOOD_KEYS, "searches").collect()
