"""Linked flags that are not in use for a type of search: what they say there is no record of anything.

South Yorkshire links none of 617 actions after searches for stolen property to the object of the search, and a third
of those after searches for drugs. That is a form in which nobody fills the flag in, not 617 searches that missed.
"""

from dataclasses import replace

import polars as pl

from disparity.records.cell_counts import ARREST, OTHER_ACTION
from disparity.records.counts import AGE_KEYS, PROFILE_KEYS, Counts
from disparity.vocabulary.codes import ALL, DRUG_TYPES, SELF_DEFINED

# If only one action in ten were linked, 30 in a row without one would come up 4 times in 100.
FLAG_UNUSED_ACTIONS = 30
# Where actions are not counted by type: of so many searches without a find, the flag is not in use either.
FLAG_UNUSED_SEARCHES = 200
SPAN = ["force", "period_from", "period_to"]
TOTALS = ("drugs", ALL)


def find_unused_flags(everyone: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Find the types of search after which many actions are taken and none is linked to the object.

    A type's flag is not in use where it has no find and FLAG_UNUSED_ACTIONS actions or more, or all of drugs, or all
    of the force, has none. Where actions are not counted by type, FLAG_UNUSED_SEARCHES searches that say whether the
    item was found stand for them, in a force that has finds.

    Args:
        everyone: found, known, actions, unknown_after_action by `keys` and search_type, totals included, of all
            ethnic groups together. Null: not published.

    Returns:
        `keys` and search_type; of totals, those that are not in use as a whole.
    """
    found, actions = pl.col("found"), pl.col("actions")
    is_all, is_drugs = pl.col("search_type") == ALL, pl.col("search_type").is_in(["drugs", *DRUG_TYPES])
    of_force = found.filter(is_all).max().over(keys)
    flagged = pl.when(is_all).then(actions - pl.col("unknown_after_action")).otherwise(actions)
    is_many = pl.coalesce(
        flagged >= FLAG_UNUSED_ACTIONS,
        (pl.col("known") >= FLAG_UNUSED_SEARCHES) & (of_force > 0).fill_null(True),
    )
    marked = everyone.with_columns(is_unused=((found == 0) & is_many).fill_null(False))
    whole, drugs = (
        (pl.col("is_unused") & (pl.col("search_type") == total)).any().over(keys) for total in (ALL, "drugs")
    )
    return marked.filter(pl.col("is_unused") | whole | (drugs & is_drugs)).select(*keys, "search_type")


def find_unused_types(cells: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Find them from counts that have no totals yet: `keys` and search_type."""
    counted = ["found", "not_found", "actions", "unknown_after_action"]
    leaves = cells.group_by(*keys, "search_type").agg(pl.col(counted).sum())
    drugs = leaves.filter(pl.col("search_type").is_in(DRUG_TYPES)).with_columns(search_type=pl.lit("drugs"))
    sums = pl.concat([drugs, leaves.with_columns(search_type=pl.lit(ALL))])
    totals = sums.group_by(*keys, "search_type").agg(pl.col(counted).sum())
    everyone = pl.concat([leaves, totals]).with_columns(known=pl.col("found") + pl.col("not_found"))
    return find_unused_flags(everyone, keys).filter(~pl.col("search_type").is_in(TOTALS))


def set_unused_flags_aside(counts: Counts, periods: pl.DataFrame) -> Counts:
    """Count the flag as not recorded after every action of a type, in a period, in which it is not in use.

    Args:
        periods: month, period_from, period_to.

    Returns:
        Counts of the same searches. No further action stays what it is: never a find, flag or none.
    """
    own = counts.cells.filter(ethnicity_basis=SELF_DEFINED).join(periods, on="month")
    unused = find_unused_types(own, SPAN).join(periods, on=SPAN[1:]).select("force", "month", "search_type")
    if unused.is_empty():
        return counts
    return replace(
        counts,
        **{name: _forget_flag(getattr(counts, name), unused) for name in ("cells", "areas", "origins")},
        profiles=_forget_status(counts.profiles, unused, PROFILE_KEYS),
        ages=_forget_status(counts.ages, unused, AGE_KEYS),
    )


def _forget_flag(rows: pl.DataFrame, unused: pl.DataFrame) -> pl.DataFrame:
    marked = _mark(rows, unused)
    flagged = pl.when("is_unused").then("not_found_after_action").otherwise(0)
    return marked.with_columns(
        not_found=pl.col("not_found") - flagged,
        not_found_after_action=pl.col("not_found_after_action") - flagged,
        unknown_after_action=pl.col("unknown_after_action") + flagged,
    ).drop("is_unused")


def _forget_status(profiles: pl.DataFrame, unused: pl.DataFrame, keys: tuple[str, ...]) -> pl.DataFrame:
    is_action = pl.col("outcome_kind").is_in([ARREST, OTHER_ACTION])
    status = pl.when(pl.col("is_unused") & is_action).then(pl.lit("unknown")).otherwise("find_status")
    marked = _mark(profiles, unused).with_columns(find_status=status)
    return marked.group_by(keys).agg(pl.col("searches").sum()).sort(keys)


def _mark(rows: pl.DataFrame, unused: pl.DataFrame) -> pl.DataFrame:
    marked = rows.join(
        unused.with_columns(is_unused=pl.lit(True)),
        on=["force", "month", "search_type"],
        how="left",
        maintain_order="left",
    )
    return marked.with_columns(pl.col("is_unused").fill_null(False))
