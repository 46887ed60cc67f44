"""What is counted of searches in each cell, as conditions on what is coded of them."""

from functools import cache

import polars as pl

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
    "found_outcomes": "find status found, and an outcome is recorded",
    "found_arrests": "find status found, and outcome arrest",
    "stated_outcomes": "the record itself says that the item was found, and an outcome is recorded",
    "stated_actions": "the record itself says that the item was found, and an outcome other than no further action",
}
ARREST, OTHER_ACTION, NO_ACTION = "arrest", "other_action", "no_further_action"
OUTCOME_KINDS = pl.Enum([ARREST, OTHER_ACTION, NO_ACTION])


@cache
def name_outcome_kind() -> pl.Expr:
    outcome = pl.col("outcome")
    arrest, other, none = (pl.lit(kind, OUTCOME_KINDS) for kind in (ARREST, OTHER_ACTION, NO_ACTION))
    return (
        pl.when(outcome == ARREST)
        .then(arrest)
        .when(outcome == NO_ACTION)
        .then(none)
        .when(outcome.is_not_null())
        .then(other)
    )


@cache
def list_conditions() -> dict[str, pl.Expr]:
    """CELL_COUNTS but `searches`, as conditions on kept searches."""
    kind, status, clothing = pl.col("outcome_kind"), pl.col("find_status"), pl.col("is_clothing_removed")
    is_action, is_found = kind.is_in([ARREST, OTHER_ACTION]), status == "found"
    # Where only the outcome tells of a find, every find has an action by definition.
    is_stated = is_found & pl.col("is_item_found").is_not_null()
    return {
        "found": is_found,
        "not_found": status == "not_found",
        "not_found_after_action": (status == "not_found") & is_action,
        "unknown_after_action": (status == "unknown") & is_action,
        "outcomes": kind.is_not_null(),
        "actions": is_action,
        "arrests": kind == ARREST,
        "clothing_recorded": clothing.is_not_null(),
        "clothing_removed": clothing,
        "found_outcomes": is_found & kind.is_not_null(),
        "found_arrests": is_found & (kind == ARREST),
        "stated_outcomes": is_stated & kind.is_not_null(),
        "stated_actions": is_stated & is_action,
    }
