"""The additive counts: all that the later stages ever see of the records.

Counts of two months add up to the counts of both, so parts can be counted apart, on one machine or many.
"""

from dataclasses import dataclass

import polars as pl

from disparity.darkness import LIGHT_COLUMNS
from disparity.searches import KEPT
from disparity.vocabulary import ETHNICITY_BASES, NOT_RECORDED, OFFICER_DEFINED, SELF_DEFINED

CELL_KEYS = ("force", "month", "ethnicity_basis", "ethnic_group", "search_type")
# Column → what is counted.
CELL_COUNTS = {
    "searches": "searches of a person",
    "found": "find status found",
    "not_found": "find status not found",
    "not_found_after_action": "find status not found although an action was taken",
    "unknown_after_action": "find status unknown although an action was taken: the flag is blank",
    "outcomes": "an outcome is recorded",
    "actions": "an outcome other than no further action",
    "arrests": "outcome arrest",
    "clothing_recorded": "the clothing flag is recorded",
    "clothing_removed": "more than outer clothing was removed",
}
ETHNICITY_KEYS = ("force", "month", "self_defined_ethnicity", "officer_defined_group")
# What an unknown ethnicity can be told from.
PROFILE_KEYS = (
    *("force", "month", "self_defined_group", "officer_defined_group"),
    *("search_type", "outcome_kind", "find_status"),
)
PEOPLE_KEYS = ("force", "month", "self_defined_group", "gender", "age_group")
AREA_KEYS = ("force", "month", "area", "self_defined_group", "search_type")
ORIGIN_KEYS = ("force", "month", "search_origin", "self_defined_group", "search_type")
ITEM_KEYS = ("force", "month", "search_type", "item_found")
# What a find rate and its gate are made of.
FIND_COUNTS = ("searches", "found", "not_found", "not_found_after_action", "unknown_after_action")
TWILIGHT_KEYS = ("force", "month", "ethnicity_basis", "ethnic_group", *LIGHT_COLUMNS)
LIGHT_TYPES = {
    "light": pl.String(),
    "clock_band": pl.Int32(),
    "clock_change": pl.Date(),
    "is_after_change": pl.Boolean(),
    "is_vehicle_involved": pl.Boolean(),
}
CODED = (
    *("self_defined_ethnicity", "officer_defined_group", "search_type", "gender", "age_group"),
    *("find_status", "search_origin", "item_found"),
)
# Table of counts → the column that its file must say something in.
TOLD_BY = {"areas": "area", "origins": "search_origin", "items": "item_found"}
ARREST, OTHER_ACTION, NO_ACTION = "arrest", "other_action", "no_further_action"

GROUP_COLUMN = {SELF_DEFINED: "self_defined_group", OFFICER_DEFINED: "officer_defined_group"}


@dataclass(frozen=True)
class Counts:
    """Tables of counts; in all but `cells`, null means not recorded.

    `cells`: CELL_COUNTS by CELL_KEYS. `ethnicities`: searches by ETHNICITY_KEYS. `profiles`: searches by
    PROFILE_KEYS (`outcome_kind`: arrest, other_action or no_further_action). `people`: searches by PEOPLE_KEYS.
    `areas`: FIND_COUNTS by AREA_KEYS, of files whose records name areas; `origins` by ORIGIN_KEYS and `items`
    (searches by ITEM_KEYS), of files that say what led to a search and what was found. `twilight`: searches by
    TWILIGHT_KEYS, of searches that say whether it was light (`darkness`).
    """

    cells: pl.DataFrame
    ethnicities: pl.DataFrame
    profiles: pl.DataFrame
    people: pl.DataFrame
    areas: pl.DataFrame
    origins: pl.DataFrame
    items: pl.DataFrame
    twilight: pl.DataFrame


COUNT_TABLES = {
    "cells": (CELL_KEYS, tuple(CELL_COUNTS)),
    "ethnicities": (ETHNICITY_KEYS, ("searches",)),
    "profiles": (PROFILE_KEYS, ("searches",)),
    "people": (PEOPLE_KEYS, ("searches",)),
    "areas": (AREA_KEYS, FIND_COUNTS),
    "origins": (ORIGIN_KEYS, FIND_COUNTS),
    "items": (ITEM_KEYS, ("searches",)),
    "twilight": (TWILIGHT_KEYS, ("searches",)),
}


def count_searches(searches: pl.DataFrame) -> Counts:
    """Count the kept searches once per ethnicity basis.

    Returns:
        Sorted counts; a cell without searches has no row.
    """
    kept = searches.lazy().filter(pl.col("disposition") == KEPT).rename({"submission_month": "month"})
    coded = kept.select(
        *("force", "month", "self_defined_group", "area"),
        *(pl.col(name).cast(pl.String) for name in CODED),
        _outcome_kind().alias("outcome_kind"),
        "searches",
        *(_count(condition).alias(name) for name, condition in _find_conditions().items()),
    ).collect()
    # Only an own extract says these: of other files there would be a row of nulls for every cell.
    told = {name: coded if coded[column].count() else coded.clear() for name, column in TOLD_BY.items()}
    tables = {name: _add_up(told.get(name, coded), name) for name in COUNT_TABLES if name not in ("cells", "twilight")}
    cells = pl.concat([_count_cells(kept, basis) for basis in ETHNICITY_BASES]).sort(CELL_KEYS)
    return Counts(cells=cells, twilight=_count_light(kept, searches.columns), **tables)


def add_counts(parts: list[Counts]) -> Counts:
    """Add up the counts of parts."""
    return Counts(**{name: _add_up(pl.concat([getattr(part, name) for part in parts]), name) for name in COUNT_TABLES})


def _add_up(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    keys, counted = COUNT_TABLES[name]
    return rows.group_by(keys).agg(pl.col(counted).sum()).sort(keys)


def _count(condition: pl.Expr) -> pl.Expr:
    """Searches of the row for which it holds: a row of records stands for one, a row of a table for many."""
    return condition.fill_null(False).cast(pl.Int64) * pl.col("searches")


def _outcome_kind() -> pl.Expr:
    outcome = pl.col("outcome").cast(pl.String)
    return (
        pl.when(outcome.is_in([ARREST, NO_ACTION])).then(outcome).when(outcome.is_not_null()).then(pl.lit(OTHER_ACTION))
    )


def _is_action() -> pl.Expr:
    return pl.col("outcome").is_not_null() & (pl.col("outcome").cast(pl.String) != NO_ACTION)


def _find_conditions() -> dict[str, pl.Expr]:
    """FIND_COUNTS but `searches`, as conditions."""
    status = pl.col("find_status").cast(pl.String)
    return {
        "found": status == "found",
        "not_found": status == "not_found",
        "not_found_after_action": (status == "not_found") & _is_action(),
        "unknown_after_action": (status == "unknown") & _is_action(),
    }


def _count_cells(kept: pl.LazyFrame, basis: str) -> pl.DataFrame:
    conditions = _find_conditions() | {
        "outcomes": pl.col("outcome").is_not_null(),
        "actions": _is_action(),
        "arrests": pl.col("outcome").cast(pl.String) == ARREST,
        "clothing_recorded": pl.col("is_clothing_removed").is_not_null(),
        "clothing_removed": pl.col("is_clothing_removed"),
    }
    group = pl.col(GROUP_COLUMN[basis]).cast(pl.String).fill_null(NOT_RECORDED)
    return (
        kept.with_columns(_count(condition).alias(name) for name, condition in conditions.items())
        .group_by(
            "force",
            "month",
            pl.lit(basis).alias("ethnicity_basis"),
            group.alias("ethnic_group"),
            pl.col("search_type").cast(pl.String),
        )
        .agg(pl.col(*CELL_COUNTS).sum())
        .collect()
    )


def _count_light(kept: pl.LazyFrame, columns: list[str]) -> pl.DataFrame:
    """Count the searches of each basis by light; none where nobody asked whether it was light."""
    if "light" not in columns:
        kept = kept.head(0).with_columns(pl.lit(None, kind).alias(name) for name, kind in LIGHT_TYPES.items())
    rows = [
        kept.select(
            "force",
            "month",
            pl.lit(basis).alias("ethnicity_basis"),
            pl.col(GROUP_COLUMN[basis]).cast(pl.String).fill_null(NOT_RECORDED).alias("ethnic_group"),
            *LIGHT_COLUMNS,
            pl.lit(1, pl.Int64).alias("searches"),
        )
        for basis in ETHNICITY_BASES
    ]
    return _add_up(pl.concat(rows).collect(), "twilight")
