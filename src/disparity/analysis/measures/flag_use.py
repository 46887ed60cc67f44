"""Which types of search use the linked flag, and what that leaves of find rates (`records.unused_flags`)."""

import polars as pl

from disparity.analysis.measures.entries import ACTION_RATE, FIND_RATE
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.records.unused_flags import TOTALS, find_unused_flags
from disparity.vocabulary.codes import ALL, DRUG_TYPES
from disparity.vocabulary.thresholds import COVERAGE_MEASURED

# All types of search that use the linked flag, as one: a gate, and no row of any table.
IN_USE = "types that use the flag"
FLAG_IN_USE = {"is_flag_unused": pl.lit(False), "unlinked": pl.lit(0, pl.Int64)}


def list_unused_flags(estimates: pl.DataFrame) -> pl.DataFrame:
    """List the types of search that do not use the linked flag, from what is published of them.

    Returns:
        PERIOD_KEYS, search_type; none of a force without a find, which has no flag, or nothing linked by it.
    """
    keys = [*PERIOD_KEYS, "search_type"]
    everyone = estimates.filter(pl.col("ethnic_group") == ALL)
    finds = everyone.filter(measure=FIND_RATE.name).select(*keys, found="numerator", known="denominator")
    actions = everyone.filter(measure=ACTION_RATE.name).select(*keys, actions="numerator")
    blank = pl.lit(None, pl.Int64)
    cells = finds.join(actions, on=keys, how="left").with_columns(unknown_after_action=blank)
    some = cells.filter((pl.col("found") > 0).fill_null(True), search_type=ALL).select(PERIOD_KEYS)
    unused = find_unused_flags(cells.join(some, on=PERIOD_KEYS, how="semi"), PERIOD_KEYS)
    # Of drugs that are not in use as one, no part is named beside them.
    is_rest = pl.col("search_type") == "drugs_unspecified"
    has_drugs = (pl.col("search_type") == "drugs").any().over(PERIOD_KEYS)
    is_named = pl.col("search_type").is_in(DRUG_TYPES) & (has_drugs | is_rest)
    return unused.filter(pl.col("search_type") != ALL, ~is_named).sort(keys)


def add_flag_use(cells: pl.DataFrame) -> pl.DataFrame:
    """Say of each cell whether its type of search uses the linked flag, and total the types that do.

    Of drugs and of all types, more than a twentieth of the actions in types that do not use it cannot be resolved:
    no action of the same type says how. Then the total is as little known as those types.

    Args:
        cells: by TALLY_KEYS, totals included; their counts as in `Tallies`.

    Returns:
        `cells` with `is_flag_unused` and `unlinked` (actions that are recorded as not linked and may be finds: none
        where actions are counted by type, as they are not recorded there; null where nobody can say), and rows of
        search_type IN_USE.
    """
    everyone = cells.filter(pl.col("ethnic_group") == ALL)
    unused = find_unused_flags(everyone, PERIOD_KEYS).with_columns(is_unused=pl.lit(True))
    keys = [*PERIOD_KEYS, "search_type"]
    marked = everyone.join(unused, on=keys, how="left").with_columns(pl.col("is_unused").fill_null(False))
    is_drug, is_leaf = pl.col("search_type").is_in(DRUG_TYPES), ~pl.col("search_type").is_in(TOTALS)
    is_part = pl.col("is_unused") & is_leaf
    is_uncounted = (is_part & pl.col("actions").is_null()).any()
    use = marked.with_columns(
        is_uncounted.over(PERIOD_KEYS).alias("is_uncounted"),
        *(
            _is_mostly_unused(is_part & within, total).over(PERIOD_KEYS).alias(f"is_{total}_unused")
            for total, within in (("drugs", is_drug), (ALL, pl.lit(True)))
        ),
    ).with_columns(
        is_flag_unused=pl.col("is_unused")
        | ((pl.col("search_type") == "drugs") & pl.col("is_drugs_unused"))
        | ((pl.col("search_type") == ALL) & pl.col(f"is_{ALL}_unused"))
    )
    joined = cells.join(
        use.select(*keys, "is_unused", "is_flag_unused", "is_uncounted"), on=keys, how="left", maintain_order="left"
    )
    most = pl.col("actions") - pl.col("unknown_after_action") - pl.col("found")
    is_all = pl.col("search_type") == ALL
    unlinked = pl.when(~(pl.col("is_uncounted") & pl.col("is_flag_unused"))).then(0).when(is_all).then(most)
    both = joined.with_columns(unlinked=unlinked.cast(pl.Int64))
    return pl.concat([both, _total_in_use(both)]).drop("is_unused", "is_uncounted")


def _is_mostly_unused(is_part: pl.Expr, total: str) -> pl.Expr:
    """Whether more of a total's actions than a measured rate may lack are in parts that do not use the flag."""
    actions = pl.col("actions")
    share = actions.filter(is_part).sum() / actions.filter(pl.col("search_type") == total).max()
    # Without an action there is nothing to resolve, and no share.
    is_much = (share.fill_nan(0).round(9) > 1 - COVERAGE_MEASURED).fill_null(False)
    return (is_part & actions.is_null()).any() | is_much


def _total_in_use(cells: pl.DataFrame) -> pl.DataFrame:
    """Total the types that use the flag: all types but the others, as far as their actions are counted."""
    keys = [*PERIOD_KEYS, "ethnic_group"]
    counted = ["searches", "found", "known", "actions", "unknown_after_action"]
    is_leaf = ~pl.col("search_type").is_in(TOTALS)
    others = (
        cells.filter(is_leaf, "is_unused", pl.col("actions").is_not_null()).group_by(keys).agg(pl.col(counted).sum())
    )
    total = cells.filter(pl.col("search_type") == ALL).with_columns(search_type=pl.lit(IN_USE))
    left = total.join(others, on=keys, how="left", suffix="_unused", maintain_order="left")
    return left.with_columns(pl.col(name) - pl.col(f"{name}_unused").fill_null(0) for name in counted).select(
        cells.columns
    )
