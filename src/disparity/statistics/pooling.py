"""Partial pooling: a value that rests on little, drawn towards those of its like, and by how much.

Empirical Bayes in closed form, by the method of moments: no iteration, so none that fails to converge. Arrays
in, arrays out, one set of like values at a time.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from disparity.statistics.intervals import FloatArray, as_floats

# Of fewer values nobody can say how much they differ: the correction divides by their number less three.
FEWEST_POOLED = 4
TAILS = (0.025, 0.975)


class Pooled(NamedTuple):
    """Pooled values with their 95% interval, each an array; `centre` is the value they are drawn towards."""

    value: FloatArray
    lower: FloatArray
    upper: FloatArray
    centre: float


def pool_rates(events: npt.ArrayLike, expected: npt.ArrayLike) -> Pooled:
    """Draw ratios of observed to expected events towards their common mean: the fewer expected, the further.

    Each true ratio is taken to come from a gamma distribution with mean m and variance A, the events to be
    Poisson. With x events of e expected, m = Σx / Σe and
    A = (Σ e (x/e - m)² - (k - 1) m) / (Σe - Σe² / Σe), 0 if negative, over the k ratios:
    pooled value = m + (1 - B) (x/e - m), B = (k - 3) / (k - 1) x V / (V + A), V = m / e.
    The interval is that of the gamma distribution with the pooled mean and the variance
    pooled value (1 - B) / e + B² Var(m) + 2 / (k - 3) B² (V̄ + A) / (V + A) (x/e - m)²:
    what is left of chance, then what m and A, being estimates, add. V̄ is the mean of V weighted by 1/(V + A).

    Returns:
        value, lower, upper: ratios without unit; centre: m. All NaN where k is under 4.

    Source: Clayton and Kaldor (1987) for the model; Marshall (1991) and DerSimonian and Laird (1986) for A;
    Morris (1983) for (k - 3) / (k - 1) and the variance.

    >>> pool_rates([2, 30, 55, 8, 60], [10, 20, 50, 10, 40]).value.round(3).tolist()
    [0.432, 1.453, 1.107, 0.892, 1.472]
    """
    x, e = as_floats(events, expected)
    if x.size < FEWEST_POOLED:
        return _nothing(x)
    raw, centre = x / e, float(x.sum() / e.sum())
    spread = _moment(raw, e, centre, centre)
    chance = np.full(x.shape, centre) / e
    kept = 1 - _shrink(chance, spread)
    value = centre + kept * (raw - centre)
    variance = value * kept / e + _estimation_variance(raw, e, centre, chance, spread)
    with np.errstate(divide="ignore", invalid="ignore"):
        shape = value**2 / variance
        lower, upper = (special.gammaincinv(shape, tail) * variance / value for tail in TAILS)
    return Pooled(value, lower, upper, centre)


def pool_shares(successes: npt.ArrayLike, trials: npt.ArrayLike) -> Pooled:
    """Draw shares towards their common mean: the fewer trials, the further.

    Each true share is taken to come from a beta distribution with mean m and variance A, the successes to be
    binomial. With x successes of n, m = Σx / Σn and
    A = (Σ n (x/n - m)² - (k - 1) m (1 - m)) / (Σn - Σn² / Σn - (k - 1)), 0 if negative, over the k shares:
    pooled value = m + (1 - B) (x/n - m), B = (k - 3) / (k - 1) x V / (V + A), V = (m (1 - m) - A) / n.
    The interval is that of the beta distribution with the pooled mean and the variance
    pooled value (1 - pooled value) (1 - B) / n + the two terms of `pool_rates` for m and A.

    Returns:
        value, lower, upper: shares of 1; centre: m. All NaN where k is under 4.

    Source: Kleinman (1973) for A; Morris (1983) for (k - 3) / (k - 1) and the variance.

    >>> pool_shares([2, 30, 55, 8, 60], [10, 100, 150, 40, 300]).value.round(3).tolist()
    [0.222, 0.295, 0.357, 0.213, 0.203]
    """
    x, n = as_floats(successes, trials)
    if x.size < FEWEST_POOLED:
        return _nothing(x)
    raw, centre = x / n, float(x.sum() / n.sum())
    uncertain = centre * (1 - centre)
    spread = min(_moment(raw, n, centre, uncertain, lost=x.size - 1), uncertain)
    chance = np.full(x.shape, uncertain - spread) / n
    kept = 1 - _shrink(chance, spread)
    value = centre + kept * (raw - centre)
    variance = value * (1 - value) * kept / n + _estimation_variance(raw, n, centre, chance, spread)
    with np.errstate(divide="ignore", invalid="ignore"):
        size = value * (1 - value) / variance - 1
        lower, upper = (special.betaincinv(value * size, (1 - value) * size, tail) for tail in TAILS)
    return Pooled(value, lower, upper, centre)


def _nothing(x: FloatArray) -> Pooled:
    blank = np.full(x.shape, np.nan)
    return Pooled(blank, blank, blank, np.nan)


def _moment(raw: FloatArray, weight: FloatArray, centre: float, unit_variance: float, lost: int = 0) -> float:
    """Give the variance of the true values: what the weighted squares hold beyond chance."""
    squares = float((weight * (raw - centre) ** 2).sum())
    room = float(weight.sum() - (weight**2).sum() / weight.sum()) - lost
    return max((squares - (raw.size - 1) * unit_variance) / room, 0.0) if room > 0 else 0.0


def _shrink(chance: FloatArray, spread: float) -> FloatArray:
    """Give the share of the way to the centre; the factor makes up for the spread being an estimate."""
    count = chance.size
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(chance > 0, chance / (chance + spread), 0.0)
    return np.asarray((count - 3) / (count - 1) * share)


def _estimation_variance(
    raw: FloatArray, weight: FloatArray, centre: float, chance: FloatArray, spread: float
) -> FloatArray:
    """Give what the estimated mean and spread add to the variance of a pooled value."""
    total, shrunk = chance + spread, _shrink(chance, spread)
    with np.errstate(divide="ignore", invalid="ignore"):
        of_centre = float((weight**2 * total).sum() / weight.sum() ** 2)
        typical = float((chance / total).sum() / (1 / total).sum())
        of_spread = 2 / (raw.size - 3) * (typical + spread) / total * (raw - centre) ** 2
    return np.nan_to_num(shrunk**2 * (of_centre + of_spread))
