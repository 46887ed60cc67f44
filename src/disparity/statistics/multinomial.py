"""Joint intervals of the shares that several outcomes have of one total: all hold at once, at the confidence given.

Array-likes in, arrays out, like `intervals`: the last axis is the outcomes, all of them, those without a count too.
"""

import numpy as np
import numpy.typing as npt
from scipy import special

from disparity.statistics.intervals import BoolArray, FloatArray, Interval, tail_probability, wilson


def multinomial_intervals(counts: npt.ArrayLike, *, confidence: float = 0.95) -> Interval:
    """Give ranges of the shares of all outcomes that together are compatible with the counts seen.

    Wilson's limits of each of k outcomes, with 1 - (1 - confidence) / k for their confidence (Goodman's second form):
    (2x + b ± √(b² + 4bx(1 - x/n))) / (2(n + b)), b the quantile of chi-square with one degree of freedom

    Returns:
        Limits as shares of 1, wider than one share's alone. Exactly 0 below no count. NaN where there are fewer
        than two outcomes or no counts, or a count is impossible.

    Source: Goodman (1965).

    >>> lower, upper = multinomial_intervals([3, 2, 1])
    >>> lower.round(4).tolist(), upper.round(4).tolist()
    ([0.1505, 0.0754, 0.0223], [0.8495, 0.7542, 0.6367])
    """
    tail = tail_probability(confidence)
    x = np.atleast_1d(np.asarray(counts, dtype=np.float64))
    total = np.where(_can_share(x), x.sum(-1), 0.0)[..., np.newaxis]
    return wilson(x, total, confidence=1 - 2 * tail / x.shape[-1])


def multinomial_sison_glaz(counts: npt.ArrayLike, *, confidence: float = 0.95) -> Interval:
    """Give ranges of the shares of all outcomes, of one width for all: narrower than Goodman's for many outcomes.

    lower = (x - c) / n, upper = (x + c + 2g) / n, not beyond 0 and 1, where c is the largest whole number for which
    the chance v(c) that no count strays further than c is at most `confidence`, g = (confidence - v(c)) /
    (v(c + 1) - v(c)), and v(c) is that of independent Poisson counts given their sum, by Edgeworth's expansion

    Returns:
        Limits as shares of 1. NaN as in `multinomial_intervals`, where a count is not whole, and where the counts
        are so few, or so nearly all of one outcome, that a stray of 1 is already surer than `confidence` (packages
        take v(0) as 0 there, and give 50% to 100% for one search of two). Moments are summed, not taken from
        factorial moments as packages do: those cancel, and above some thousand counts statsmodels fails.

    Source: Sison and Glaz (1995).

    >>> lower, upper = multinomial_sison_glaz([3, 2, 1])
    >>> lower.round(4).tolist(), upper.round(4).tolist()
    ([0.1667, 0.0, 0.0], [0.8411, 0.6744, 0.5077])
    """
    sure = 1 - 2 * tail_probability(confidence)
    x = np.atleast_1d(np.asarray(counts, dtype=np.float64))
    limits = np.full((2, *x.shape), np.nan)
    for place in np.argwhere(_can_share(x) & (x == np.floor(x)).all(-1)):
        row = x[tuple(place)]
        limits[(slice(None), *place)] = _stray_as_one(row, row.sum(), sure)
    return Interval(limits[0], limits[1])


def _can_share(x: FloatArray) -> BoolArray:
    """Say which rows are counts of several outcomes of one total."""
    return np.asarray(((x >= 0) & np.isfinite(x)).all(-1) & (x.sum(-1) > 0) & (x.shape[-1] > 1))


def _stray_as_one(x: FloatArray, n: float, sure: float) -> tuple[FloatArray, FloatArray] | float:
    """Find the width by doubling and halving: v grows with c."""
    low, high = 0, 1
    while _hold(x, n, high) <= sure:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _hold(x, n, middle) <= sure else (low, middle)
    if low == 0:
        return np.nan
    held = _hold(x, n, low)
    rest = (sure - held) / (_hold(x, n, high) - held)
    return np.maximum(x / n - low / n, 0), np.minimum(x / n + (low + 2 * rest) / n, 1)


def _hold(x: FloatArray, n: float, stray: int) -> float:
    """Give the chance that no count strays further: 1 from n on, where the expansion would stay below."""
    if stray >= n:
        return 1.0
    steps = np.arange(-stray, stray + 1.0)
    at = x[:, np.newaxis] + steps
    is_inside = (at >= 0) & (at <= n)
    inside = np.where(is_inside, at, 0.0)
    log_chances = special.xlogy(inside, x[:, np.newaxis]) - x[:, np.newaxis] - special.gammaln(inside + 1)
    chances = np.where(is_inside, np.exp(log_chances), 0.0)
    within = chances.sum(-1)
    log_sum = special.xlogy(n, n) - n - special.gammaln(n + 1)
    return float(np.exp(np.log(within).sum() - log_sum) * _expand(steps, chances / within[:, np.newaxis]))


def _expand(steps: FloatArray, chances: FloatArray) -> float:
    """Give the chance that truncated Poisson counts add up to n, by Edgeworth's expansion to the fourth moment."""
    means = chances @ steps
    second, third, fourth = ((chances * (steps - means[:, np.newaxis]) ** power).sum(-1) for power in (2, 3, 4))
    variance = second.sum()
    skew, excess = third.sum() / variance**1.5, (fourth - 3 * second**2).sum() / variance**2
    z = -means.sum() / np.sqrt(variance)
    hermite3, hermite4 = z**3 - 3 * z, z**4 - 6 * z**2 + 3
    hermite6 = z**6 - 15 * z**4 + 45 * z**2 - 15
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi * variance)
    return float(density * (1 + skew * hermite3 / 6 + excess * hermite4 / 24 + skew**2 * hermite6 / 72))
