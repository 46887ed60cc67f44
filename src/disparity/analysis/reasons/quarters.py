"""How the last three months of a year compare with its first three: a plain question.

A control chart says whether a month stands out. In a steady rise none does, and it is a change all the same.
"""

import polars as pl

from disparity.analysis.measures.entries import FIND_RATE, SEARCH_RATE
from disparity.analysis.reasons.rows import list_reasons
from disparity.vocabulary.calendar import MONTHS_IN_QUARTER, MONTHS_IN_YEAR
from disparity.vocabulary.codes import ALL
from disparity.vocabulary.statuses import MEASURED, SMALL

SEARCHES_BY_QUARTER = "searches_first_and_last_quarter"
FIND_RATE_BY_QUARTER = "find_rate_first_and_last_quarter"
FIRST, LAST = "first_quarter", "last_quarter"
RISE, FALL = "rise", "fall"
ENDS = (FIRST, LAST)
_SPAN = ["force", "period_from", "period_to"]


def compare_quarters(monthly: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Set the last three months of each force's latest year beside its first three.

    rise = searches of the last three months / searches of the first three - 1; fall = the same with its sign turned

    Args:
        monthly: the published months (`tables.schema.rates.MONTHLY`).
        periods: `month`, `period_from`, `period_to`, of every month.

    Returns:
        REASON_COLUMNS for all searches. searches_first_and_last_quarter: searches of first_quarter and last_quarter,
        and their rise or fall, a share of the first; neither where they are alike. find_rate_first_and_last_quarter:
        the find rate of each, of the searches whose result is known. Only of a whole year, and where none of the six
        months is missing, in doubt or (of find rates) without a measured rate: others would not be like with like.
    """
    latest = periods.filter(pl.col("period_to") == pl.col("period_to").max())
    is_year = latest.height == MONTHS_IN_YEAR
    months = latest.sort("month") if is_year else latest.clear()
    ends = pl.concat(
        [
            months.head(MONTHS_IN_QUARTER).with_columns(component=pl.lit(FIRST)),
            months.tail(MONTHS_IN_QUARTER).with_columns(component=pl.lit(LAST)),
        ]
    )
    rows = monthly.filter(~pl.col("in_doubt"), ethnic_group=ALL).join(ends, on="month")
    searches = rows.filter(pl.col("measure") == SEARCH_RATE.name).drop_nulls("numerator")
    finds = rows.filter(pl.col("measure") == FIND_RATE.name, pl.col("status").is_in([MEASURED, SMALL]))
    return pl.concat([_name(_count(searches), SEARCHES_BY_QUARTER), _name(_find(finds), FIND_RATE_BY_QUARTER)]).pipe(
        list_reasons
    )


def _total(rows: pl.DataFrame) -> pl.DataFrame:
    """Give a row for each end of a force all of whose six months are there."""
    totals = rows.group_by(*_SPAN, "component").agg(
        pl.len().alias("months"), pl.col("numerator", "denominator").sum(), pl.col("month").min().alias("first")
    )
    whole = totals.filter(pl.col("months") == MONTHS_IN_QUARTER)
    return whole.filter(pl.len().over(_SPAN) == len(ENDS))


def _count(rows: pl.DataFrame) -> pl.DataFrame:
    ends = _total(rows).with_columns(value=pl.col("numerator").cast(pl.Float64))
    both = ends.filter(component=FIRST).join(ends.filter(component=LAST).select(*_SPAN, later="value"), on=_SPAN)
    change = both.filter(pl.col("value") > 0, pl.col("later") != pl.col("value")).with_columns(
        value=(pl.col("later") / pl.col("value") - 1).abs(),
        component=pl.when(pl.col("later") > pl.col("value")).then(pl.lit(RISE)).otherwise(pl.lit(FALL)),
    )
    return pl.concat([ends, change.select(ends.columns)])


def _find(rows: pl.DataFrame) -> pl.DataFrame:
    totals = _total(rows).filter(pl.col("denominator") > 0)
    return totals.with_columns(value=pl.col("numerator") / pl.col("denominator"))


def _name(rows: pl.DataFrame, analysis: str) -> pl.DataFrame:
    return rows.select(
        *_SPAN,
        "component",
        "value",
        ethnic_group=pl.lit(ALL),
        analysis=pl.lit(analysis),
        note=pl.when(pl.col("component").is_in([RISE, FALL]))
        .then(pl.lit("of the searches of the first three months"))
        .otherwise(pl.format("three months from {}", pl.col("first").dt.strftime("%Y-%m"))),
    )
