"""Months in doubt: whose count is not what it seems, with what was observed (definitions, section 6).

The one place that says so. The expectations, the statement rule, the pages and the charts read the column `doubts`.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from statistics import median

import numpy as np
import polars as pl

from disparity.statistics.control import is_beyond_chance
from disparity.vocabulary.calendar import MONTHS_IN_YEAR, months_from, number_month
from disparity.vocabulary.doubts import CAPPED, FAR_FROM_USUAL, ONE_DATE, PART_OF_MONTH, REPEATED
from disparity.vocabulary.thresholds import (
    CAP_NEEDS,
    CAPPED_MONTHS,
    FAR_ABOVE,
    FAR_BELOW,
    FEWEST_AROUND,
    IMPROBABLE_GAP,
    ONE_DATE_NEEDS,
    ONE_DATE_SHARE,
    REPEATED_NEEDS,
    REPEATED_SHARE,
)

# A count comes back by chance: it is called a cap where chance would bring it back so often less than once.
EXPECTED_ALIKE = 0.05
MOST_ALIKE = CAPPED_MONTHS - 1
SPREAD_OF_MEDIAN_DISTANCE = 1.4826  # of a normal distribution
FEWEST_DAYS_MISSING = 2  # a single day is a quiet Sunday, or the clock of a night shift
# A force may stop a few days before the end of every month, and is then usual; one that stops earlier sends parts.
MOST_USUAL_DAYS = 7
# What is added to each force-month.
DOUBT_COLUMNS = {
    **dict.fromkeys(("days", "days_covered", "days_without_search"), pl.Int64),
    "gap_chance": pl.Float64,
    "busiest_day_share": pl.Float64,
    "median_around": pl.Float64,
    "rows_against_median": pl.Float64,
    "same_count_months": pl.Int64,
    "repeated_rows_share": pl.Float64,
    "doubts": pl.String,
}

_filled = pl.col("rows_read") - pl.col("rows_blank")


@dataclass(frozen=True, eq=False)
class _Month:
    """What is known of one month, or quarter, that was submitted."""

    place: int  # in the table
    month: date
    months: int
    searches: int
    rows: int
    days_with_search: int | None
    first_day: int | None
    last_day: int | None

    @cached_property
    def number(self) -> int:
        return number_month(self.month)

    @cached_property
    def days(self) -> int:
        return (months_from(self.month, self.months + 1)[-1] - self.month).days

    @cached_property
    def gaps(self) -> tuple[int, int]:
        """Days without a search at its start and at its end."""
        if self.first_day is None or self.last_day is None:
            return 0, 0
        return self.first_day - 1, self.days - self.last_day


def add_doubts(submissions: pl.DataFrame) -> pl.DataFrame:
    """Add what is in doubt about the count of each force-month, and what was observed.

    A quarter is one month here, held against quarters. A month that is missing is in no doubt.

    Returns:
        `submissions` and DOUBT_COLUMNS. days: of the month. days_covered: those less the run at an end of it that is
        improbable; null where no date is known. days_without_search: at the end where they are the least probable.
        gap_chance: (share of days without a search)^(days of the run beyond the force's median at that end of the
        month, which is allowed up to a week); the share is the greater of the one inside the force's months, from their
        first search to their last, and of the one that its usual searches a day give by chance (e^-searches a day); 1
        where the run is under two days longer than usual; null where most searches have one date. busiest_day_share:
        of the searches with a date, the share of the busiest day; null under 20. median_around: the median searches of
        the twelve months around it, itself left out; rows_against_median: its searches / that median, or those of two
        months running; null where fewer than three months are there, or where it is far from 1 and chance alone does
        that to so few. same_count_months: months with exactly as many rows, itself among them, where that many can be a
        cap: at least 20 rows, more often than chance would bring it back, and either no month between the first and the
        last of them has more, or they are half of the months between. repeated_rows_share: rows that stand more than
        once / rows; null under 10. doubts: codes of `vocabulary.doubts`, with commas between; null for none.
    """
    known = [
        _Month(place, *values)
        for place, (is_there, *values) in enumerate(
            submissions.select(
                pl.col("rows_kept").is_not_null().alias("is_there"),
                *("month", "months", "rows_kept"),
                _filled,
                *("days_with_search", "first_day", "last_day"),
            ).iter_rows()
        )
        if is_there
    ]
    found: dict[str, list[int | float | None]] = {
        name: [None] * submissions.height for name in DOUBT_COLUMNS if name not in _BY_COLUMN
    }
    forces = submissions["force"].to_list()
    alike: dict[tuple[str, int], list[_Month]] = {}
    for month in known:
        alike.setdefault((forces[month.place], month.months), []).append(month)
    for months in alike.values():
        in_order = sorted(months, key=lambda month: month.month)
        for measure in (_measure_gaps, _measure_usual, _count_same):
            for name, values in measure(in_order).items():
                for month, value in zip(in_order, values, strict=True):
                    found[name][month.place] = value
    columns = [pl.Series(name, values, DOUBT_COLUMNS[name]) for name, values in found.items()]
    measured = submissions.with_columns(*columns, **_BY_COLUMN).with_columns(
        # Where one date holds most searches, the days without one say no more than that.
        pl.when(~_is_one_date.fill_null(False)).then("gap_chance").alias("gap_chance")
    )
    doubts = [pl.when(condition).then(pl.lit(name)) for name, condition in _CONDITIONS.items()]
    joined = pl.concat_str(doubts, separator=",", ignore_nulls=True).replace("", None).alias("doubts")
    return measured.with_columns(joined).with_columns(
        pl.when(pl.col("doubts").str.contains(PART_OF_MONTH))
        .then(pl.col("days") - pl.col("days_without_search"))
        .when(pl.col("doubts").str.contains(ONE_DATE))
        .then(1)
        .when(pl.col("days_with_search").is_not_null() & (pl.col("days_with_search") > 0))
        .then("days")
        .alias("days_covered")
    )


_BY_COLUMN = {
    "busiest_day_share": pl.when(pl.col("dated_searches") >= ONE_DATE_NEEDS).then(
        pl.col("busiest_day_searches") / pl.col("dated_searches")
    ),
    "repeated_rows_share": pl.when(_filled >= REPEATED_NEEDS).then(pl.col("duplicate_rows") / _filled),
    "days_covered": pl.lit(None, pl.Int64),
    "doubts": pl.lit(None, pl.String),
}
_is_one_date = pl.col("busiest_day_share") > ONE_DATE_SHARE
_CONDITIONS = {
    PART_OF_MONTH: pl.col("gap_chance") < IMPROBABLE_GAP,
    ONE_DATE: _is_one_date,
    FAR_FROM_USUAL: (pl.col("rows_against_median") > FAR_ABOVE) | (pl.col("rows_against_median") < FAR_BELOW),
    CAPPED: pl.col("same_count_months") > MOST_ALIKE,
    REPEATED: pl.col("repeated_rows_share") >= REPEATED_SHARE,
}


def _measure_gaps(months: Sequence[_Month]) -> dict[str, Sequence[int | float | None]]:
    dated = [month for month in months if month.days_with_search]
    inside = sum(month.days - sum(month.gaps) for month in dated)
    empty = inside - sum(month.days_with_search or 0 for month in dated)
    a_day = float(np.median([month.searches / month.days for month in months]))
    # Half a day is added: that a day without a search was never seen does not say that there is none.
    share = max((empty + 0.5) / (inside + 1), float(np.exp(-a_day)))
    least = [_find_least_probable(months, month, share) if month.days_with_search else (None, None) for month in months]
    return {
        "days": [month.days for month in months],
        "days_without_search": [days for days, _ in least],
        "gap_chance": [chance for _, chance in least],
    }


def _find_least_probable(months: Sequence[_Month], month: _Month, share: float) -> tuple[int, float]:
    """Give the run of days without a search, at the start or at the end, that is the least probable."""
    found = []
    for end, days in enumerate(month.gaps):
        if days < FEWEST_DAYS_MISSING:
            found.append((1.0, -days))
            continue
        others = [other.gaps[end] for other in months if other is not month and other.days_with_search]
        usual = min(median(others), MOST_USUAL_DAYS) if len(others) >= FEWEST_AROUND else 0.0
        beyond = days - usual
        found.append((share**beyond if beyond >= FEWEST_DAYS_MISSING else 1.0, -days))
    chance, days = min(found)
    return -days, chance


def _measure_usual(months: Sequence[_Month]) -> dict[str, list[float | None]]:
    """Hold each month against those around it, and each two running, together, against those around both.

    What went wrong for two months may be a little under the limit in one of them. A month counts with its neighbour
    only where it is half of the way to the limit itself: an ordinary month beside a great one stays ordinary.
    """
    medians, quotients = [], []
    for place, month in enumerate(months):
        around, quotient = _hold_against(months, [month])
        for other in (*months[max(place - 1, 0) : place], *months[place + 1 : place + 2]):
            if _is_far(quotient) or abs(other.number - month.number) != month.months:
                continue
            around_both, both = _hold_against(months, [month, other])
            if around_both and _is_far(both) and _is_half_way(month.searches / around_both, both):
                around, quotient = around_both, both
        medians.append(around)
        quotients.append(quotient)
    return {"median_around": medians, "rows_against_median": quotients}


def _hold_against(months: Sequence[_Month], held: Sequence[_Month]) -> tuple[float | None, float | None]:
    """Give the median around one month or two, and the searches of a month of them / that median."""
    at = sum(month.number for month in held) / len(held)
    near = sorted(
        (other for other in months if other not in held and abs(other.number - at) <= MONTHS_IN_YEAR),
        key=lambda other: (abs(other.number - at), other.number),
    )[: MONTHS_IN_YEAR // held[0].months]
    if len(near) < FEWEST_AROUND * len(held):
        return None, None
    around = float(median(other.searches for other in near))
    searches = sum(month.searches for month in held)
    quotient = searches / len(held) / around if around else None
    is_chance = _is_far(quotient) and not is_beyond_chance(searches, len(held) * around)
    return around, None if is_chance else quotient


def _is_half_way(quotient: float, far: float | None) -> bool:
    """Whether a quotient is on the same side of 1 as another, and half of the way to the limit, on the log scale."""
    return quotient**2 > FAR_ABOVE if far and far > 1 else quotient**2 < FAR_BELOW


def _is_far(quotient: float | None) -> bool:
    return quotient is not None and (quotient > FAR_ABOVE or quotient < FAR_BELOW)


def _count_same(months: Sequence[_Month]) -> dict[str, list[int | None]]:
    """Count the months with exactly as many rows, where that can be a cap."""
    counts = Counter(month.rows for month in months)
    return {"same_count_months": [counts[month.rows] if _can_be_cap(months, month.rows) else None for month in months]}


def _can_be_cap(months: Sequence[_Month], rows: int) -> bool:
    places = [place for place, month in enumerate(months) if month.rows == rows]
    between = months[places[0] : places[-1] + 1]
    is_top = all(month.rows <= rows for month in between)
    is_there = is_top or 2 * len(places) >= len(between)
    others = [month.rows for month in months if month.rows != rows]
    return rows >= CAP_NEEDS and is_there and _expect_alike(rows, len(places), others) < EXPECTED_ALIKE


def _expect_alike(rows: int, times: int, others: Sequence[int]) -> float:
    """How often so many months would have one count by chance: C(n, k) / ((s√2π)^(k - 1) √k), for normal counts.

    s is the spread of the other months (median distance from their median), and no less than chance gives: √rows.
    """
    apart = np.abs(np.asarray(others) - np.median(others)) if others else np.zeros(1)
    spread = max(math.sqrt(rows), float(np.median(apart)) * SPREAD_OF_MEDIAN_DISTANCE)
    ways = math.comb(len(others) + times, times)
    return ways / (spread * math.sqrt(2 * math.pi)) ** (times - 1) / math.sqrt(times)
