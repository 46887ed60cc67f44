"""What rounding can have done to the figures of a restricted publication: limits, tests and statuses allow for it.

Every count lies in a known range (`disclosure.protect.range_of`), and a rate between that of the fewest events out of
the most searches and that of the most out of the fewest.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl
from scipy import special

from disparity.analysis.measures.clusters import floats, look_up_effects
from disparity.analysis.measures.entries import FIND_RATE, MEASURES, TYPE_SHARE
from disparity.disclosure.attack import ProtectedCounts
from disparity.disclosure.plan import Plan
from disparity.disclosure.protect import THRESHOLD
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.statistics.intervals import poisson_exact, wilson
from disparity.vocabulary.codes import ALL, SEARCH_TYPES
from disparity.vocabulary.statuses import INCOMPLETE, MEASURED, SMALL
from disparity.vocabulary.thresholds import COARSEST_ROUNDING, SMALL_NUMERATOR

RATES = [measure.name for measure in MEASURES if measure.is_per_residents]
# After the name of an interval: its ends are those of the counts that can lie behind the rounded ones.
WITH_ROUNDING = ", with rounding"
LEAST, MOST = "least", "most"
_IS_RATE = pl.col("measure").is_in(RATES)


def bound_rates(rows: pl.DataFrame, edition: ProtectedCounts) -> pl.DataFrame:
    """Add the ranges of the counts behind a rate, and of the rate: every count that is shown so is between.

    Args:
        rows: measure, search_type, numerator, denominator.

    Returns:
        `rows` with events_least, events_most, trials_least, trials_most (residents are not rounded), and least and most
        of numerator / denominator; null where it is not known.
    """
    events, trials = pl.col("numerator").cast(pl.Float64), pl.col("denominator")
    rounded_events = ~_is_public(edition.plan, of_numerator=True)
    rounded_trials = ~_is_public(edition.plan, of_numerator=False) & ~_IS_RATE
    counted = rows.with_columns(
        *_range("events", events, rounded_events, edition.base), *_range("trials", trials, rounded_trials, edition.base)
    )
    # No more finds than searches.
    most = (pl.col("events_most") / pl.col("trials_least")).clip(upper_bound=pl.when(~_IS_RATE).then(1.0))
    least = (pl.col("events_least") / pl.col("trials_most")).clip(upper_bound=pl.when(~_IS_RATE).then(1.0))
    return counted.with_columns(
        pl.when(pl.col("trials_most") > 0).then(least).alias(LEAST),
        pl.when(pl.col("trials_least") > 0).then(most).alias(MOST),
    )


def _range(name: str, shown: pl.Expr, is_rounded: pl.Expr, base: int) -> list[pl.Expr]:
    """Give the least and the most that is shown so; what is zero is zero."""
    moves = is_rounded & (shown > 0)
    least = pl.when(moves).then((shown - base // 2).clip(lower_bound=THRESHOLD)).otherwise(shown)
    most = pl.when(moves).then(shown + (base - 1) // 2).otherwise(shown)
    return [least.alias(f"{name}_least"), most.alias(f"{name}_most")]


def _is_public(plan: Plan, *, of_numerator: bool) -> pl.Expr:
    """Whether the numerator, or the denominator, of a rate is a public count, which is not rounded."""
    types = [name for name in (ALL, *SEARCH_TYPES) if plan.is_public(name, "searches")]
    counted = pl.col("search_type").is_in(types)
    if of_numerator:
        return counted & ((pl.col("measure") != FIND_RATE.name) | pl.lit(plan.is_public(ALL, "found")))
    of_all = (pl.col("measure") == TYPE_SHARE.name) & pl.lit(plan.is_public(ALL, "searches"))
    return counted | of_all


def mark_coarse(rows: pl.DataFrame, edition: ProtectedCounts) -> pl.DataFrame:
    """Mark as small what rounding makes too coarse to be compared, and leave it untested.

    A share that rounding could have moved by more than COARSEST_ROUNDING; a search rate whose searches could be fewer
    than SMALL_NUMERATOR, as where they are exact.

    Args:
        rows: of estimates, or of months.
    """
    share = pl.col("numerator") / pl.col("denominator")
    moved = pl.max_horizontal(pl.col(MOST) - share, share - pl.col(LEAST))
    is_coarse = pl.when(_IS_RATE).then(pl.col("events_least") < SMALL_NUMERATOR).otherwise(moved > COARSEST_ROUNDING)
    is_marked = is_coarse.fill_null(False) & pl.col("status").is_in([MEASURED, INCOMPLETE])
    marked = bound_rates(_with_type(rows), edition).with_columns(
        pl.when(is_marked).then(pl.lit(SMALL)).otherwise("status").alias("status")
    )
    return marked.select(rows.columns)


def _with_type(rows: pl.DataFrame) -> pl.DataFrame:
    """Months are of all types of search together."""
    return rows if "search_type" in rows.columns else rows.with_columns(search_type=pl.lit(ALL))


def widen_rates(estimates: pl.DataFrame, edition: ProtectedCounts, design_effects: pl.DataFrame) -> pl.DataFrame:
    """Make the limits of every rate those of the counts that can lie behind the rounded ones.

    The lower limit is that of the fewest events out of the most searches, the upper that of the most out of the
    fewest: whatever the counts are, the interval that they would have had lies within. Bounds of what is not recorded
    move by as much as rounding can have moved each of the three counts that they are made of.

    Args:
        design_effects: force, design_effect, as published: limits are of so much smaller a sample.
    """
    rows = bound_rates(estimates, edition)
    part = np.fmin(1, 1 / look_up_effects(rows, design_effects))
    ends: Mapping[str, np.ndarray] = {
        name: part * floats(rows, name) for name in ("events_least", "events_most", "trials_least", "trials_most")
    }
    is_rate = rows["measure"].is_in(RATES).to_numpy()
    events_most = np.where(is_rate, ends["events_most"], np.fmin(ends["events_most"], ends["trials_least"]))
    events_least = np.where(is_rate, ends["events_least"], np.fmin(ends["events_least"], ends["trials_most"]))
    lows = (of(events_least, ends["trials_most"]).lower for of in (poisson_exact, wilson))
    highs = (of(events_most, ends["trials_least"]).upper for of in (poisson_exact, wilson))
    lower, upper = (pl.Series(np.where(is_rate, *both)).fill_nan(None) for both in (lows, highs))
    has_limits = pl.col("lower").is_not_null()
    is_rounded = (pl.col("events_least") != pl.col("events_most")) | (pl.col("trials_least") != pl.col("trials_most"))
    return rows.with_columns(
        pl.when(has_limits).then(lower).alias("lower"),
        pl.when(has_limits).then(upper).alias("upper"),
        pl.when(is_rounded)
        .then(pl.col("interval_method") + WITH_ROUNDING)
        .otherwise("interval_method")
        .alias("interval_method"),
        *_widen_bounds(edition.base // 2, is_rounded),
    ).select(estimates.columns)


def _widen_bounds(half: int, is_rounded: pl.Expr) -> list[pl.Expr]:
    """Move the bounds x / n and (x + u) / n, with u a difference of up to three rounded counts, n = x / lower bound."""
    lower, upper = pl.col("lower_bound"), pl.col("upper_bound")
    # All searches of the cell: where the lower bound is 0 they are those that are recorded and those that are not.
    whole = pl.col("denominator") + pl.col("unknown")
    left = pl.when(whole > half).then(whole - half)
    return [
        pl.when(is_rounded).then((lower - (1 + lower) * half / left).clip(0)).otherwise(lower).alias("lower_bound"),
        pl.when(is_rounded)
        .then((upper + (4 + upper) * half / left).clip(upper_bound=1))
        .otherwise(upper)
        .alias("upper_bound"),
    ]


def allow_for_rounding(compared: pl.DataFrame, estimates: pl.DataFrame, edition: ProtectedCounts) -> pl.DataFrame:
    """Move every limit outwards, and every p up, by what rounding of both counts of both rates can have done.

    `margin` is how far the value can have been moved, on the scale of the standard error, which is that of the fewest
    searches that can be: p is that of a value so much nearer to equality, since a difference that rounding could have
    made must not be stated.

    Args:
        estimates: of the same cells; compared: of `compare`.
    """
    rows = _pair(compared, bound_rates(estimates, edition))
    low, high = pl.col(LEAST) / pl.col("share"), pl.col(MOST) / pl.col("share")
    other_low, other_high = pl.col("least_r") / pl.col("share_r"), pl.col("most_r") / pl.col("share_r")
    # Of a share of nothing there is no telling by which part it is off.
    ratio_low, ratio_high = (pl.when(part.is_finite()).then(part) for part in (low / other_high, high / other_low))
    down = (pl.col("share") - pl.col(LEAST)) + (pl.col("most_r") - pl.col("share_r"))
    up = (pl.col(MOST) - pl.col("share")) + (pl.col("share_r") - pl.col("least_r"))
    of_logs = pl.max_horizontal(ratio_high.log(), -ratio_low.log())
    moved = rows.with_columns(
        pl.col("ratio_lower") * ratio_low,
        pl.col("ratio_upper") * ratio_high,
        pl.col("difference_lower") - down,
        pl.col("difference_upper") + up,
        pl.col("standard_error") * _stretch_error(),
        # Where there is no telling, anything could have been.
        margin=pl.when(_IS_RATE)
        .then(of_logs)
        .otherwise(pl.max_horizontal(down, up))
        .fill_nan(None)
        .fill_null(float("inf")),
    )
    distance = pl.when(_IS_RATE).then(pl.col("ratio").log()).otherwise("difference").abs() - pl.col("margin")
    scores = moved.select((distance.clip(0) / pl.col("standard_error")).fill_null(float("nan"))).to_series().to_numpy()
    freedom = moved["degrees_of_freedom"].fill_null(float("inf")).to_numpy()
    p = pl.Series(2 * special.stdtr(freedom, -scores)).fill_nan(None)
    is_moved = pl.col("p_value").is_not_null() & (pl.col("margin") > 0)
    return moved.with_columns(
        pl.when(is_moved).then(pl.max_horizontal(p, "p_value")).otherwise("p_value").alias("p_value")
    ).select(compared.columns)


def _pair(compared: pl.DataFrame, bounded: pl.DataFrame) -> pl.DataFrame:
    """Set beside each comparison the shares of both groups, their ranges and the fewest they can be out of."""
    keys = ["measure", *PERIOD_KEYS, "search_type"]
    share = (pl.col("numerator") / pl.col("denominator")).alias("share")
    ends = ("events_least", "trials_least", "numerator", "denominator", LEAST, MOST)
    counts = bounded.select(*keys, "ethnic_group", *ends, share)
    reference = counts.rename({"ethnic_group": "reference_group"})
    rows = compared.join(counts, on=[*keys, "ethnic_group"], how="left", maintain_order="left")
    return rows.join(reference, on=[*keys, "reference_group"], how="left", suffix="_r", maintain_order="left")


def _stretch_error() -> pl.Expr:
    """How many times as large a standard error can be: of the fewest events, and of the share of the largest variance.

    Search rates: sqrt(sum of 1 / fewest searches / sum of 1 / searches). Shares: sqrt(sum of the largest p (1 - p) /
    fewest n / sum of p (1 - p) / n), with p the possible share that is nearest to a half.
    """
    shown = {True: pl.lit(0.0), False: pl.lit(0.0)}
    most = dict(shown)
    for end in ("", "_r"):
        share, trials = pl.col(f"share{end}"), pl.col(f"denominator{end}")
        nearest = pl.lit(0.5).clip(pl.col(f"least{end}"), pl.col(f"most{end}"))
        shown[True] += 1 / pl.col(f"numerator{end}")
        most[True] += 1 / pl.col(f"events_least{end}")
        shown[False] += share * (1 - share) / trials
        most[False] += nearest * (1 - nearest) / pl.col(f"trials_least{end}")
    stretched = pl.when(_IS_RATE).then(most[True] / shown[True]).otherwise(most[False] / shown[False]).sqrt()
    return stretched.fill_nan(None).fill_null(1).clip(lower_bound=1)
