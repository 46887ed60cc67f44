"""The doubts of months and years in one list, with what was observed and what was expected; and what rests on them."""

import polars as pl

from disparity.records.audit.doubt import MOST_ALIKE
from disparity.records.audit.files import Audit
from disparity.vocabulary.doubts import (
    CAPPED,
    DOUBTS,
    EARLIER_TOTAL,
    FAR_FROM_USUAL,
    OF_A_YEAR,
    OFFICIAL_TOTAL,
    ONE_DATE,
    PART_OF_MONTH,
    REPEATED,
)
from disparity.vocabulary.thresholds import (
    FAR_ABOVE,
    FAR_BELOW,
    IMPROBABLE_GAP,
    OFFICIAL_ABOVE,
    OFFICIAL_BELOW,
    ONE_DATE_SHARE,
    REPEATED_SHARE,
)

SPAN = ["force", "period_from", "period_to"]
# Doubt → column of the audit that shows it, the least and the most that is expected of it.
OBSERVED: dict[str, tuple[str, float | None, float | None]] = {
    PART_OF_MONTH: ("gap_chance", IMPROBABLE_GAP, None),
    ONE_DATE: ("busiest_day_share", None, ONE_DATE_SHARE),
    FAR_FROM_USUAL: ("rows_against_median", FAR_BELOW, FAR_ABOVE),
    CAPPED: ("same_count_months", None, MOST_ALIKE),
    REPEATED: ("repeated_rows_share", None, REPEATED_SHARE),
    **dict.fromkeys((OFFICIAL_TOTAL, EARLIER_TOTAL), ("records_against_official", OFFICIAL_BELOW, OFFICIAL_ABOVE)),
}
DOUBT_LIST = {
    "force": pl.String,
    **dict.fromkeys(("period_from", "period_to", "month"), pl.Date),
    **dict.fromkeys(("doubt", "meaning"), pl.String),
    **dict.fromkeys(("observed", "at_least", "at_most"), pl.Float64),
    **dict.fromkeys(("days", "days_covered"), pl.Int64),
}
# What a publication of protected counts says: neither of which month, nor how far.
KIND_ALONE = ("force", "period_from", "period_to", "doubt", "meaning")


def list_doubts(audit: Audit, periods: pl.DataFrame) -> pl.DataFrame:
    """List what is in doubt about each month, and about each year.

    Args:
        audit: complete. periods: month, period_from, period_to.

    Returns:
        DOUBT_LIST, a row for each doubt; `month` is null where it is of the year.
    """
    months = audit.submissions.join(periods, on="month")
    years = audit.years.with_columns(month=pl.lit(None, pl.Date))
    listed = [
        table.filter(pl.col("doubts").str.split(",").list.contains(doubt)).select(
            *(*SPAN, "month"),
            doubt=pl.lit(doubt),
            meaning=pl.lit((DOUBTS | OF_A_YEAR)[doubt]),
            observed=pl.col(column).cast(pl.Float64),
            at_least=pl.lit(low, pl.Float64),
            at_most=pl.lit(high, pl.Float64),
            days=pl.col("days").cast(pl.Int64),
            days_covered=pl.col("days_covered").cast(pl.Int64),
        )
        for doubt, (column, low, high) in OBSERVED.items()
        for table in [years if doubt in OF_A_YEAR else months]
    ]
    order = pl.col("doubt").cast(pl.Enum(list(OBSERVED)))
    return pl.concat(listed).sort(*SPAN, "month", order, nulls_last=True).select(list(DOUBT_LIST))


def name_kinds(doubts: pl.DataFrame) -> pl.DataFrame:
    """Say of each period what kinds of doubt there are, and neither of which month nor how far: of protected counts."""
    hidden = [pl.lit(None, kind).alias(name) for name, kind in DOUBT_LIST.items() if name not in KIND_ALONE]
    return doubts.with_columns(hidden).unique(maintain_order=True)


def list_periods_in_doubt(doubts: pl.DataFrame) -> pl.DataFrame:
    """List the periods whose comparisons rest on something in doubt: force, period_from, period_to.

    Records far from the official total of an earlier year may be a change of policing: they are warned of, and no
    month is left out for it.
    """
    return doubts.filter(pl.col("doubt") != EARLIER_TOTAL).select(SPAN).unique(maintain_order=True)


def list_months_in_doubt(doubts: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """List the force-months to leave out: of a year far from its own official total, which they are is not known."""
    whole = doubts.filter(pl.col("doubt") == OFFICIAL_TOTAL).select(SPAN).join(periods, on=SPAN[1:])
    return pl.concat([_list_single(doubts), whole.select("force", "month")]).unique()


def flag_doubts(rows: pl.DataFrame, doubts: pl.DataFrame) -> pl.DataFrame:
    """Add `in_doubt` to figures: whether their month, or a month of their period, or the period itself is in doubt."""
    of_month = _list_single(doubts)
    if "month" in rows.columns:
        return _flag(rows, [of_month])
    # A quarter is under its first month; of a longer period the first month is one of its months.
    flagged = _flag(rows, [doubts.select(SPAN), of_month.rename({"month": "period_from"})])
    if "breakdown" not in rows.columns:
        return flagged
    # Of a share by month, that month alone.
    by_month = _flag(
        rows, [of_month.with_columns(pl.col("month").dt.strftime("%Y-%m-%d")).rename({"month": "category"})]
    )
    is_month = pl.col("breakdown") == "month"
    return flagged.with_columns(in_doubt=pl.when(is_month).then(by_month["in_doubt"]).otherwise("in_doubt"))


def _list_single(doubts: pl.DataFrame) -> pl.DataFrame:
    """List the force-months that are in doubt by themselves."""
    return doubts.filter(pl.col("month").is_not_null()).select("force", "month")


def _flag(rows: pl.DataFrame, doubted: list[pl.DataFrame]) -> pl.DataFrame:
    flags = []
    for place, keys in enumerate(doubted):
        flags.append(f"in_doubt_{place}")
        flagged = keys.unique().with_columns(pl.lit(True).alias(flags[-1]))
        rows = rows.join(flagged, on=keys.columns, how="left", maintain_order="left")
    return rows.with_columns(in_doubt=pl.any_horizontal(pl.col(flags).fill_null(False))).drop(flags)
