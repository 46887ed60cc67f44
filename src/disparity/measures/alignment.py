"""Which searches fall under which stated priority."""

from collections.abc import Sequence
from functools import reduce
from operator import or_

import polars as pl

from disparity.declared import ANY, NONE, Priority

SPAN = ["force", "period_from", "period_to"]
# Types that do not say what was searched for, or not which kind of drug search it was.
UNSAID = "not_recorded"
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


def _count(rows: pl.DataFrame, name: str, sure: pl.Expr, undecided: pl.Expr) -> pl.DataFrame:
    searches = pl.col("searches")
    return rows.with_columns(
        pl.lit(name).alias("category"),
        (sure.cast(pl.Int64) * searches).alias("aligned"),
        (undecided.cast(pl.Int64) * searches).alias("undecided"),
    )
