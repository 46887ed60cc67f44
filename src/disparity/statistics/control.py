"""Control charts: which months of a series stand out from what it does anyway.

One series at a time, in order, without gaps unless said. Arrays in, arrays out.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from disparity.statistics.intervals import BoolArray, FloatArray, as_floats

SIGMAS = 3.0
TAILS = tuple(float(special.ndtr(side * SIGMAS)) for side in (-1, 1))
# The mean range of two normal values is 1.128 standard deviations (Tippett, 1925).
MEAN_RANGE_OF_TWO = 2 / np.sqrt(np.pi)
# And the median range: √2 x the upper quartile of the normal distribution.
MEDIAN_RANGE_OF_TWO = float(np.sqrt(2) * special.ndtri(0.75))
FAR_OUT = 5.0
FEWEST_TO_LEAVE_OUT = 6
# Below this many events expected, centre - 3 sigma would lie under zero: exact limits from there.
EXACT_BELOW = SIGMAS**2
RUN, TREND = 9, 6
BEYOND, RUN_CODE, TREND_CODE, WARNING = "beyond_3_sigma", "9_on_one_side", "6_up_or_down", "2_of_3_beyond_2_sigma"


class Control(NamedTuple):
    """A control chart: the centre line, limits and z of each point, and how much chance was widened."""

    centre: float
    lower: FloatArray
    upper: FloatArray
    z: FloatArray
    sigma_z: float


def control_shares(successes: npt.ArrayLike, trials: npt.ArrayLike) -> Control:
    """Give the limits within which shares stay while nothing changes: a p-chart with Laney's correction.

    centre p = Σx / Σn; sigma = √(p (1 - p) / n) for a month of n; limits p ± 3 sigma Z, within 0 and 1,
    with Z = mean |z - z of the month before| / 1.128, z = (x/n - p) / sigma, and 1 if that is less.
    Where fewer than 9 successes, or 9 failures, are expected: the exact binomial limits, beyond which lies no
    more than 0.135% on either side, their distance from p times Z; z by the mid-p of the count.

    Z lets months differ by more than chance makes them, as searches in operations do; it is never let
    below 1, where the limits would be narrower than chance alone. Σ and mean leave out a month that is far out
    (`_fit_without_odd`): a month of 15 among 500 would else widen its own limits.

    Returns:
        centre and limits: shares of 1. z: standard deviations from the centre, after Z. sigma_z: no unit,
        as estimated, 1 is chance alone. NaN where a month has no trials.

    Source: Montgomery (2013), p-charts; Laney (2002), p'-charts.

    >>> chart = control_shares([12, 15, 8, 10], [50, 50, 50, 50])
    >>> chart.centre, chart.lower.round(4).tolist()[0], chart.upper.round(4).tolist()[0]
    (0.225, 0.0123, 0.4377)
    """
    return _fit_without_odd(_limit_shares, *as_floats(successes, trials))


def _limit_shares(x: FloatArray, n: FloatArray, is_usual: BoolArray) -> Control:
    centre = float(x[is_usual].sum() / n[is_usual].sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        sigma = np.sqrt(centre * (1 - centre) / n)
        is_small = n * min(centre, 1 - centre) < EXACT_BELOW
        low, high = (special.bdtrik(tail, n, centre) for tail in TAILS)
        middle = special.ndtri((_binomial_up_to(x, n, centre) + _binomial_up_to(x - 1, n, centre)) / 2)
        z = np.where(is_small, middle, (x / n - centre) / sigma)
        exact = centre - _whole(low) / n, _whole(high) / n - centre
    control = _widen(centre, np.where(is_small, exact, SIGMAS * sigma), np.where(n > 0, z, np.nan), is_usual)
    return control._replace(upper=np.minimum(control.upper, 1.0))


def control_rates(events: npt.ArrayLike, exposure: npt.ArrayLike) -> Control:
    """Give the limits within which rates stay while nothing changes: a u-chart with Laney's correction.

    centre u = Σx / Σt; sigma = √(u / t) for a month of exposure t; limits u ± 3 sigma Z, not below 0, with Z
    as in `control_shares`, z = (x/t - u) / sigma. Where fewer than 9 events are expected: the exact Poisson
    limits, in the same way.

    Returns:
        As `control_shares`; centre and limits in events per unit of exposure.

    Source: Montgomery (2013), u-charts; Laney (2002), u'-charts.

    >>> chart = control_rates([14, 12, 20, 11, 7, 10, 21, 16, 19, 23], [10, 8, 13, 10, 9.5, 10, 12, 10.5, 12, 12.5])
    >>> round(chart.centre, 3), chart.lower[:2].round(2).tolist(), chart.upper[:2].round(2).tolist()
    (1.423, [0.29, 0.16], [2.56, 2.69])
    """
    return _fit_without_odd(_limit_rates, *as_floats(events, exposure))


def _limit_rates(x: FloatArray, t: FloatArray, is_usual: BoolArray) -> Control:
    centre = float(x[is_usual].sum() / t[is_usual].sum())
    expected = centre * t
    with np.errstate(divide="ignore", invalid="ignore"):
        sigma = np.sqrt(centre / t)
        is_small = expected < EXACT_BELOW
        low, high = (special.pdtrik(tail, expected) for tail in TAILS)
        middle = special.ndtri((special.pdtr(x, expected) + np.where(x > 0, special.pdtr(x - 1, expected), 0)) / 2)
        z = np.where(is_small, middle, (x / t - centre) / sigma)
        exact = centre - _whole(low) / t, _whole(high) / t - centre
    return _widen(centre, np.where(is_small, exact, SIGMAS * sigma), np.where(t > 0, z, np.nan), is_usual)


def _fit_without_odd(
    limit: Callable[[FloatArray, FloatArray, BoolArray], Control], x: FloatArray, n: FloatArray
) -> Control:
    """Fit a chart, and fit it again without the months that are far out: they would widen their own limits.

    Far out is over 5 robust standard deviations from the median z, one being the median moving range / 0.954, at least
    1. Where more than one month in six is, the series has changed, and every month stays.
    """
    control = limit(x, n, np.ones(x.shape, dtype=np.bool_))
    z = control.z * _factor(control.sigma_z)
    known = z[np.isfinite(z)]
    if known.size < FEWEST_TO_LEAVE_OUT:
        return control
    scale = max(float(np.median(np.abs(np.diff(known)))) / MEDIAN_RANGE_OF_TWO, 1.0)
    is_odd = np.nan_to_num(np.abs(z - np.median(known))) > FAR_OUT * scale
    if not 0 < is_odd.sum() <= known.size / FEWEST_TO_LEAVE_OUT:
        return control
    return limit(x, n, ~is_odd)


def is_beyond_chance(events: float, expected: float) -> bool:
    """Whether so few, or so many, events are beyond 3 sigma: less probable than 0.135% on their side (Poisson).

    >>> is_beyond_chance(15, 500), is_beyond_chance(4, 2), is_beyond_chance(0, 7)
    (True, False, True)
    """
    below, above = special.pdtr(events, expected), special.pdtrc(events - 1, expected) if events else 1.0
    return bool(below < TAILS[0] or above < TAILS[0])


def find_signals(z: npt.ArrayLike, is_beyond: npt.ArrayLike, month: npt.ArrayLike) -> list[str]:
    """Say of each point which rules it completes: codes with commas between, "" for none.

    beyond_3_sigma: outside the limits. 9_on_one_side: the ninth month in a row, or a later one, above the
    centre or below it. 6_up_or_down: the sixth month in a row, or a later one, each above, or each below, the
    one before. 2_of_3_beyond_2_sigma: beyond two sigma, as was one of the two months before, on the same side.
    A month without a point ends every row of months.

    Nine on one side, not eight: in 24 months of a series that does not change, eight in a row come up in 3.2%
    of series, nine in 1.1% (simulated, about the series' own average).

    Args:
        month: whole numbers; points whose numbers follow each other are months in a row.

    Source: Nelson (1984), tests 1, 2, 3 and 5; Western Electric (1956).

    >>> find_signals([0.5, 2.1, 2.3, -3.2], [False, False, False, True], [1, 2, 3, 4])
    ['', '', '2_of_3_beyond_2_sigma', 'beyond_3_sigma']
    """
    scores, months = as_floats(z, month)
    follows = np.concatenate([[False], np.diff(months) == 1])
    step = np.concatenate([[0.0], np.sign(np.diff(scores))])
    rules = {
        BEYOND: np.asarray(is_beyond, dtype=np.bool_),
        RUN_CODE: _count_alike(np.sign(scores), follows) >= RUN,
        TREND_CODE: _count_alike(step, follows & np.concatenate([[False], follows[:-1]])) >= TREND - 1,
        WARNING: _two_of_three(np.where(np.abs(scores) > 2, np.sign(scores), 0), months),
    }
    return [",".join(code for code, hits in rules.items() if hits[place]) for place in range(scores.size)]


def _binomial_up_to(k: FloatArray, n: FloatArray, p: float) -> FloatArray:
    """Give P(X <= k); `special.bdtr` takes no arrays of float trials."""
    inside = special.betainc(np.maximum(n - k, 0), np.maximum(k + 1, 0), 1 - p)
    return np.asarray(np.where(k < 0, 0.0, np.where(k >= n, 1.0, inside)))


def _whole(quantile: FloatArray) -> FloatArray:
    """Give the count at a quantile; where already none is likelier than that, it is zero."""
    return np.asarray(np.maximum(np.nan_to_num(np.ceil(quantile)), 0.0))


def _factor(sigma_z: float) -> float:
    return max(sigma_z, 1.0) if np.isfinite(sigma_z) else 1.0


def _widen(centre: float, reaches: FloatArray, z: FloatArray, is_usual: BoolArray) -> Control:
    known = z[np.isfinite(z) & is_usual]
    sigma_z = float(np.abs(np.diff(known)).mean() / MEAN_RANGE_OF_TWO) if known.size > 1 else np.nan
    factor = _factor(sigma_z)
    below, above = (np.where(np.isnan(z), np.nan, reach * factor) for reach in np.broadcast_to(reaches, (2, z.size)))
    return Control(centre, np.maximum(centre - below, 0.0), centre + above, z / factor, sigma_z)


def _count_alike(signs: FloatArray, follows: BoolArray) -> FloatArray:
    """Give the length of the run of equal signs up to each point; a zero, or a gap, ends it."""
    lengths = np.zeros(signs.size)
    for place, sign in enumerate(signs):
        goes_on = place > 0 and follows[place] and sign == signs[place - 1]
        lengths[place] = 0 if sign == 0 else lengths[place - 1] + 1 if goes_on else 1
    return lengths


def _two_of_three(sides: FloatArray, months: FloatArray) -> BoolArray:
    hits = np.zeros(sides.size, dtype=np.bool_)
    for back in (1, 2):
        near = (sides[back:] == sides[:-back]) & (sides[back:] != 0) & (months[back:] - months[:-back] <= 2)
        hits[back:] |= near
    return hits
