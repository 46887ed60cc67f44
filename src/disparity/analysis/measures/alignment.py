"""Which searches fall under which stated priority."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

import polars as pl

from disparity.analysis.measures.entries import ALIGNED_SHARE, TYPE_SHARE
from disparity.disclosure.protect import MOST_SUPPRESSED
from disparity.project.declarations import ANY, NONE, Priority
from disparity.statistics.intervals import wilson
from disparity.vocabulary.codes import ALL, DRUG_TYPES, ETHNIC_GROUPS, SELF_DEFINED
from disparity.vocabulary.statuses import MEASURED, NOT_MEASURABLE, SMALL, SUPPRESSED
from disparity.vocabulary.thresholds import COVERAGE_MEASURED, SMALL_SEARCHES

SPAN = ["force", "period_from", "period_to"]
# Types that do not say what was searched for, or not which kind of drug search it was.
UNSAID = "not_recorded"
# More of a share than that could go either way: the share is not given. As for a rate whose evidence is incomplete.
MOST_UNDECIDED = 1 - COVERAGE_MEASURED
ALIGNED = {
    **{"force": pl.String, "period_from": pl.Date, "period_to": pl.Date, "category": pl.String},
    **{"ethnic_group": pl.String, "numerator": pl.Int64, "denominator": pl.Float64, "status": pl.String},
}
UNSEPARATED, SEPARATED = "drugs_unspecified", {"drugs_possession", "drugs_supply"}


def align(leaves: pl.DataFrame, priorities: Sequence[Priority]) -> tuple[pl.DataFrame, list[str]]:
    """Give each search to every stated priority that it falls under, and to `any` or `none` of them once.

    A search falls under a priority if it is of one of its types, in one of its months and, where it names areas, in
    one of them. One that does not say its type or area may fall under it: it is undecided, unless it falls under
    another anyway.

    Args:
        leaves: SPAN, month, area (null: not recorded), search_type, searches, and whatever else.

    Returns:
        `leaves` once for each category of its force (a priority's name, `any`, `none`), of periods in which one of
        them holds, with `category`, `aligned` and `undecided` (searches); and the categories in order.
    """
    parts = []
    for force in sorted({priority.force for priority in priorities}):
        own = [priority for priority in priorities if priority.force == force]
        rows = leaves.filter(pl.col("force") == force)
        sure = {priority.name: _is_under(priority) for priority in own}
        open_ = {priority.name: _may_be_under(priority) & ~sure[priority.name] for priority in own}
        sure[ANY] = reduce(or_, sure.values())
        open_[ANY] = reduce(or_, open_.values()) & ~sure[ANY]
        sure[NONE], open_[NONE] = ~sure[ANY] & ~open_[ANY], open_[ANY]
        holding = {priority.name: priority.holds() for priority in own}
        holding |= dict.fromkeys((ANY, NONE), reduce(or_, holding.values()))
        parts += [_count(rows.filter(holding[name].any().over(SPAN)), name, sure[name], open_[name]) for name in sure]
    empty = _count(leaves.clear(), "", pl.lit(False), pl.lit(False))
    return pl.concat([empty, *parts]), [*dict.fromkeys(priority.name for priority in priorities), ANY, NONE]


def _is_under(priority: Priority) -> pl.Expr:
    here = pl.col("area").is_in(priority.areas).fill_null(False) if priority.areas else pl.lit(True)
    return priority.holds() & pl.col("search_type").is_in(priority.kinds()) & here


def _may_be_under(priority: Priority) -> pl.Expr:
    kinds = [*priority.kinds(), UNSAID, *([UNSEPARATED] if SEPARATED & set(priority.kinds()) else [])]
    here = pl.col("area").is_in(priority.areas) | pl.col("area").is_null() if priority.areas else pl.lit(True)
    return priority.holds() & pl.col("search_type").is_in(kinds) & here.fill_null(True)


def align_published(estimates: pl.DataFrame, priorities: Sequence[Priority]) -> pl.DataFrame:
    """Add published counts by type up to the share of searches under each stated priority, and under any or none.

    share = sum of the published searches of the priority's types / published searches of the group, to a whole
    percent: in a restricted publication each count of the sum may be off by half its base.

    Months and areas are not in the plan of such a publication: a priority of some areas, or of a part of the period,
    has no row. Where one of a force's priorities has none, neither has any of them together.

    Args:
        estimates: as published.

    Returns:
        The columns of `breakdowns`, for all types together, and `places` (0: no decimals). A sum that needs a
        suppressed count is suppressed; one of which more than a twentieth could go either way is not measurable.
    """
    own = estimates.filter(measure=TYPE_SHARE.name, ethnicity_basis=SELF_DEFINED)
    rows = []
    for (force, first, last), part in own.group_by(SPAN, maintain_order=True):
        named = _list_types(priorities, str(force), (first, last))
        for group in (ALL, *ETHNIC_GROUPS):
            of_group = part.filter(ethnic_group=group)
            counts = dict(of_group.select("search_type", "numerator").iter_rows())
            searches = of_group["denominator"].to_list()[0] if of_group.height else None
            for name, types in named.items():
                met, status = _add_up(counts, types, searches, is_none=name == NONE)
                rows.append((force, first, last, name, group, met, searches, status))
    return _share(pl.DataFrame(rows, ALIGNED, orient="row"))


def _list_types(priorities: Sequence[Priority], force: str, span: tuple[Any, Any]) -> dict[str, set[str]]:
    """The types of each priority that holds everywhere and throughout, of any and, to be taken away, of none."""
    holding = [each for each in priorities if each.force == force and each.overlaps(*span)]
    whole = [each for each in holding if not each.areas and each.covers(*span)]
    named = {each.name: set(each.search_types) for each in whole}
    if holding and len(whole) == len(holding):
        named[ANY] = named[NONE] = set().union(*(each.search_types for each in whole))
    return named


def _add_up(
    counts: dict[str, int | None], types: set[str], searches: float | None, *, is_none: bool
) -> tuple[int | None, str]:
    # The published sum of drug searches is nearer than the sum of its published parts.
    named = types - set(DRUG_TYPES) if "drugs" in types else types
    under = [counts.get(kind, 0) for kind in named]
    could = [UNSAID, *([UNSEPARATED] if SEPARATED & types and "drugs" not in types else [])]
    undecided = sum(MOST_SUPPRESSED if counts.get(kind, 0) is None else counts.get(kind, 0) or 0 for kind in could)
    if None in under or not searches:
        return None, SUPPRESSED
    if undecided > MOST_UNDECIDED * searches:
        return None, NOT_MEASURABLE
    met = min(sum(each or 0 for each in under), int(searches))
    return int(searches) - met if is_none else met, SMALL if searches < SMALL_SEARCHES else MEASURED


def _share(rows: pl.DataFrame) -> pl.DataFrame:
    n = rows["denominator"].fill_null(1).to_numpy()
    lower, upper = wilson(rows["numerator"].fill_null(0).to_numpy(), n)
    shares = {"value": pl.col("numerator") / pl.col("denominator"), "lower": pl.lit(lower), "upper": pl.lit(upper)}
    blank = {"unknown": pl.Int64(), "lower_bound": pl.Float64(), "upper_bound": pl.Float64()}
    said = {"measure": ALIGNED_SHARE.name, "breakdown": "priority", "search_type": ALL}
    return rows.with_columns(
        *(
            pl.when(pl.col("numerator").is_not_null()).then(share.round(2)).alias(name)
            for name, share in shares.items()
        ),
        *(pl.lit(None, kind).alias(name) for name, kind in blank.items()),
        *(pl.lit(text).alias(name) for name, text in said.items()),
        pl.lit(0).alias("places"),
    )


def _count(rows: pl.DataFrame, name: str, sure: pl.Expr, undecided: pl.Expr) -> pl.DataFrame:
    searches = pl.col("searches")
    return rows.with_columns(
        pl.lit(name).alias("category"),
        (sure.cast(pl.Int64) * searches).alias("aligned"),
        (undecided.cast(pl.Int64) * searches).alias("undecided"),
    )
