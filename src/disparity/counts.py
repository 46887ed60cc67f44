"""The additive counts: all that the later stages ever see of the records.

Counts of two months add up to the counts of both, so parts can be counted apart, on one machine or many.
"""

from dataclasses import dataclass

import polars as pl

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

GROUP_COLUMN = {SELF_DEFINED: "self_defined_group", OFFICER_DEFINED: "officer_defined_group"}


@dataclass(frozen=True)
class Counts:
    """`cells`: CELL_COUNTS by CELL_KEYS. `ethnicities`: searches by ETHNICITY_KEYS (null: not recorded)."""

    cells: pl.DataFrame
    ethnicities: pl.DataFrame


def count_searches(searches: pl.DataFrame) -> Counts:
    """Count the kept searches once per ethnicity basis.

    Returns:
        Sorted counts; a cell without searches has no row.
    """
    kept = searches.lazy().filter(pl.col("disposition") == KEPT)
    return Counts(
        cells=pl.concat([_count_cells(kept, basis) for basis in ETHNICITY_BASES]).sort(CELL_KEYS),
        ethnicities=kept.group_by(
            "force",
            pl.col("submission_month").alias("month"),
            pl.col("self_defined_ethnicity", "officer_defined_group").cast(pl.String),
        )
        .agg(pl.len().cast(pl.Int64).alias("searches"))
        .sort(ETHNICITY_KEYS)
        .collect(),
    )


def add_counts(parts: list[Counts]) -> Counts:
    """Add up the counts of parts."""
    cells = pl.concat([part.cells for part in parts])
    ethnicities = pl.concat([part.ethnicities for part in parts])
    return Counts(
        cells=cells.group_by(CELL_KEYS).agg(pl.col(*CELL_COUNTS).sum()).sort(CELL_KEYS),
        ethnicities=ethnicities.group_by(ETHNICITY_KEYS).agg(pl.col("searches").sum()).sort(ETHNICITY_KEYS),
    )


def _count_cells(kept: pl.LazyFrame, basis: str) -> pl.DataFrame:
    action = pl.col("outcome").is_not_null() & (pl.col("outcome").cast(pl.String) != "no_further_action")
    status = pl.col("find_status").cast(pl.String)
    conditions = {
        "searches": pl.lit(True),
        "found": status == "found",
        "not_found": status == "not_found",
        "not_found_after_action": (status == "not_found") & action,
        "unknown_after_action": (status == "unknown") & action,
        "outcomes": pl.col("outcome").is_not_null(),
        "actions": action,
        "arrests": pl.col("outcome").cast(pl.String) == "arrest",
        "clothing_recorded": pl.col("is_clothing_removed").is_not_null(),
        "clothing_removed": pl.col("is_clothing_removed"),
    }
    group = pl.col(GROUP_COLUMN[basis]).cast(pl.String).fill_null(NOT_RECORDED)
    return (
        kept.with_columns(condition.alias(name) for name, condition in conditions.items())
        .group_by(
            "force",
            pl.col("submission_month").alias("month"),
            pl.lit(basis).alias("ethnicity_basis"),
            group.alias("ethnic_group"),
            pl.col("search_type").cast(pl.String),
        )
        .agg(pl.col(*CELL_COUNTS).sum().cast(pl.Int64))
        .collect()
    )
