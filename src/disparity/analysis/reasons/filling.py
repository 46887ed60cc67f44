"""Searches of unknown ethnicity laid out by what else is recorded of them, and shared out among the groups."""

import functools
from collections.abc import Sequence

import polars as pl

from disparity.disclosure.open import Detail
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.vocabulary.codes import ALL, DRUG_TYPES, ETHNIC_GROUPS, OFFICER_DEFINED, SELF_DEFINED

SPANS = ("force", "period_from", "period_to")
# Where ethnicity is unknown on one basis, the other informs of it.
OTHER_BASIS = {SELF_DEFINED: OFFICER_DEFINED, OFFICER_DEFINED: SELF_DEFINED}
GROUPS_ON = {SELF_DEFINED: "self_defined_group", OFFICER_DEFINED: "officer_defined_group"}
# What a search of unknown ethnicity is recognised by.
TRAITS = ("informant_group", "outcome_kind", "find_status", "is_clothing_removed", "search_type", "quarter", "month")
UNKNOWN = "unknown"
# Searches, where their type is what a rate tells of.
SEARCHES_OF_TYPE = "searches_of_type"
# What is counted of each group, by the traits that are the result, if there is one: a search whose result is not
# recorded is in none of these counts, as in the rates that are made of them.
_IS_ACTION = pl.col("outcome_kind").is_in(["arrest", "other_action"])
_IS_FOUND = pl.col("find_status") == "found"
COUNTED_BY: dict[tuple[str, ...], dict[str, pl.Expr]] = {
    (): {"searches": pl.lit(True)},
    ("search_type",): {SEARCHES_OF_TYPE: pl.lit(True)},
    ("find_status",): {
        "found": _IS_FOUND,
        "known": pl.col("find_status").is_in(["found", "not_found"]),
    },
    ("outcome_kind",): {
        "arrests": pl.col("outcome_kind") == "arrest",
        "actions": _IS_ACTION,
        "outcomes": pl.col("outcome_kind").is_not_null(),
    },
    ("is_clothing_removed",): {
        "clothing_removed": pl.col("is_clothing_removed"),
        "clothing_recorded": pl.col("is_clothing_removed").is_not_null(),
    },
    ("find_status", "outcome_kind"): {
        "found_arrests": _IS_FOUND & (pl.col("outcome_kind") == "arrest"),
        "found_actions": _IS_FOUND & _IS_ACTION,
        "found_outcomes": _IS_FOUND & pl.col("outcome_kind").is_not_null(),
    },
}
FILLED_COUNTS = tuple(name for counted in COUNTED_BY.values() for name in counted)
# The same over all types of search: what shares of types are out of.
OF_GROUP = "searches_of_group"


def lay_out(counts: Detail, periods: pl.DataFrame) -> pl.DataFrame:
    """Count searches by PERIOD_KEYS and TRAITS: a column for each group, and `unknown` for no known ethnicity.

    `informant_group` is the group on the other basis; null where that is unknown too.
    """
    searches = pl.col("searches")
    rows = counts.profiles.join(periods, on="month").with_columns(pl.col("month").dt.truncate("1q").alias("quarter"))
    tables = []
    for basis, informant in OTHER_BASIS.items():
        own, seen = pl.col(GROUPS_ON[basis]), pl.col(GROUPS_ON[informant])
        named = rows.with_columns(
            pl.lit(basis).alias("ethnicity_basis"),
            pl.when(seen.is_in(ETHNIC_GROUPS)).then(seen).alias("informant_group"),
        )
        groups = [searches.filter(own == group).sum().alias(group) for group in ETHNIC_GROUPS]
        unknown = searches.filter(~own.is_in(ETHNIC_GROUPS).fill_null(False)).sum().alias(UNKNOWN)
        tables.append(named.group_by(*PERIOD_KEYS, *TRAITS).agg(*groups, unknown))
    return pl.concat(tables).sort(*PERIOD_KEYS, *TRAITS)


def share_out(cells: pl.DataFrame, strata: Sequence[Sequence[str]]) -> pl.DataFrame:
    """Add to each group its share of the searches of unknown ethnicity, cell by cell.

    filled = known + unknown x (known of the group / known of all groups), shares within the first of `strata`
    that has a search of known ethnicity, at last within the force and period. A stratum that is blank is none.
    """
    unknown = cells.filter(pl.col(UNKNOWN) > 0)
    levels = []
    for keys in (*strata, ()):
        on = [*PERIOD_KEYS, *keys]
        known = cells.drop_nulls(keys).group_by(on).agg(pl.col(ETHNIC_GROUPS).sum())
        total = pl.sum_horizontal(ETHNIC_GROUPS)
        shares = known.filter(total > 0).with_columns(pl.col(ETHNIC_GROUPS) / total)
        levels.append(unknown.select(on).join(shares, on=on, how="left", maintain_order="left"))
    added = [
        (pl.col(group) + pl.col(UNKNOWN) * functools.reduce(pl.Series.fill_null, (level[group] for level in levels)))
        for group in ETHNIC_GROUPS
    ]
    known = cells.filter(pl.col(UNKNOWN) <= 0).with_columns(pl.col(ETHNIC_GROUPS).cast(pl.Float64))
    return pl.concat([known, unknown.with_columns(added)])


def fill(cells: pl.DataFrame, strata: Sequence[Sequence[str]]) -> pl.DataFrame:
    """Share out the searches of unknown ethnicity, those of each result among the searches with the same result.

    Shared out over all results, the groups would be made alike.

    Returns:
        PERIOD_KEYS, search_type (each type, drugs, all types), ethnic_group, FILLED_COUNTS and OF_GROUP, which need
        not be whole.
    """
    keys = [*PERIOD_KEYS, "search_type", "ethnic_group"]
    sums = []
    for result, counted in COUNTED_BY.items():
        within = [list(dict.fromkeys([*keys_of, *result])) for keys_of in strata] + [list(result)]
        shared = share_out(cells, within).with_columns(
            condition.fill_null(False).alias(name) for name, condition in counted.items()
        )
        index = [*PERIOD_KEYS, "search_type", *counted]
        long = shared.unpivot(ETHNIC_GROUPS, index=index, variable_name="ethnic_group", value_name="n")
        sums.append(long.group_by(keys).agg(pl.col("n").filter(pl.col(name)).sum().alias(name) for name in counted))
    filled = sums[0]
    for more in sums[1:]:
        filled = filled.join(more, on=keys)
    return add_whole_types(filled, keys)


def add_whole_types(leaves: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Add the rows of drugs and of all types to FILLED_COUNTS by type, and OF_GROUP to every row."""
    # In one order: sums of parts of searches differ by it in their last digit, and so would two builds.
    leaves = leaves.sort(keys)
    drugs = leaves.filter(pl.col("search_type").is_in(DRUG_TYPES)).with_columns(search_type=pl.lit("drugs"))
    everything = pl.concat([leaves, drugs, leaves.with_columns(search_type=pl.lit(ALL))])
    sums = everything.group_by(keys).agg(pl.col(FILLED_COUNTS).sum()).sort(keys)
    others = [key for key in keys if key != "search_type"]
    of_group = pl.col(SEARCHES_OF_TYPE).filter(pl.col("search_type") == ALL).sum().over(others)
    return sums.with_columns(of_group.alias(OF_GROUP))
