"""Rates as they would be if groups were made up alike, by age and sex or other strata.

Strata lie on the last axis of every array; a stratum of zeros adds nothing. NaN means that a figure is
undefined. Limits are 95%.
"""

import numpy as np
import numpy.typing as npt
from scipy import special

from disparity.statistics.decomposition import Z_95, Estimate
from disparity.statistics.intervals import FloatArray, as_floats, poisson_exact

TAIL = 0.025


def standardised_rate_fay_feuer(events: npt.ArrayLike, exposure: npt.ArrayLike, standard: npt.ArrayLike) -> Estimate:
    """Give the rate that a group would have if its strata were those of the standard population.

    y = sum of w x, w = standard / (sum of standard) / exposure, x events; v = sum of w² x, m the largest w.
    lower = G(0.025; y² / v) v / y, upper = G(0.975; (y + m)² / (v + m²)) (v + m²) / (y + m), where
    G(p; k) is the quantile of the gamma distribution with shape k

    Returns:
        Rate and limits per unit of exposure. No event at all gives 0 with a lower limit of exactly 0.
        NaN where a stratum of the standard has no exposure, or there is no stratum.

    Source: Fay and Feuer (1997): never narrower than it should be, and defined without events.

    >>> rate = standardised_rate_fay_feuer([2, 3, 4], [500, 900, 1_200], [3, 4, 5])
    >>> [round(1_000 * float(value), 4) for value in rate]
    [3.5, 1.5826, 6.8769]
    """
    rate, variance, largest = _weigh(events, exposure, standard)
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = np.where(rate == 0, 0.0, special.gammaincinv(rate**2 / variance, TAIL) * variance / rate)
        wider_rate, wider_variance = rate + largest, variance + largest**2
        upper = special.gammainccinv(wider_rate**2 / wider_variance, TAIL) * wider_variance / wider_rate
    return Estimate(rate, np.where(np.isnan(rate), np.nan, lower), upper)


def standardised_rate_dobson(events: npt.ArrayLike, exposure: npt.ArrayLike, standard: npt.ArrayLike) -> Estimate:
    """Give the same rate with limits that follow the exact Poisson limits of the number of events.

    limits = y + √(v / n) (L - n), L the exact limits of the n events; y and v as for Fay and Feuer

    Returns:
        Rate and limits per unit of exposure. Limits are NaN without events: v / n is 0 / 0 there, and
        packages that print a number do so by a rule of their own.

    Source: Dobson, Kuulasmaa, Eberle and Scherer (1991).

    >>> rate = standardised_rate_dobson([2, 3, 4], [500, 900, 1_200], [3, 4, 5])
    >>> [round(1_000 * float(value), 4) for value in rate]
    [3.5, 1.5778, 6.6816]
    """
    rate, variance, _ = _weigh(events, exposure, standard)
    total = as_floats(events)[0].sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.sqrt(variance / total)
    return Estimate(rate, *(rate + scale * (limit - total) for limit in poisson_exact(total, 1.0)))


def standardised_rate_ratio(
    events: npt.ArrayLike,
    exposure: npt.ArrayLike,
    reference_events: npt.ArrayLike,
    reference_exposure: npt.ArrayLike,
    standard: npt.ArrayLike,
) -> Estimate:
    """Give the ratio of two standardised rates.

    ratio = y1 / y2, limits = ratio x exp(± 1.96 √(v1 / y1² + v2 / y2²)), y and v as for Fay and Feuer

    Returns:
        Ratio without unit; 1 is the same rate. NaN where the reference has no event or either rate is
        undefined; a ratio of 0 has no limits.

    Source: Breslow and Day (1987), section 2.3.

    >>> ratio = standardised_rate_ratio([4, 6], [500, 900], [20, 40], [5_000, 12_000], [3, 4])
    >>> [round(float(value), 4) for value in ratio]
    [2.0, 1.0131, 3.9481]
    """
    rate, variance, _ = _weigh(events, exposure, standard)
    other, other_variance, _ = _weigh(reference_events, reference_exposure, standard)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(other > 0, rate / other, np.nan)
        reach = np.where(value > 0, np.exp(Z_95 * np.sqrt(variance / rate**2 + other_variance / other**2)), np.nan)
    return Estimate(value, value / reach, value * reach)


def indirect_ratio(events: npt.ArrayLike, expected: npt.ArrayLike) -> Estimate:
    """Give the ratio of the events there were to those expected at the reference's rates.

    ratio = events / expected; limits = exact Poisson limits of the events / expected, expected taken as known

    Returns:
        Ratio without unit; 1 is as many as expected. NaN where nothing is expected.

    Source: Ulm (1990); Breslow and Day (1987), section 2.3.

    >>> [round(float(value), 4) for value in indirect_ratio(203, 187.3)]
    [1.0838, 0.9398, 1.2436]
    """
    observed, awaited = as_floats(events, expected)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(awaited > 0, observed / awaited, np.nan)
    return Estimate(value, *poisson_exact(observed, awaited))


def _weigh(
    events: npt.ArrayLike, exposure: npt.ArrayLike, standard: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Give the standardised rate, its variance with Poisson counts, and the largest weight."""
    x, t, s = as_floats(events, exposure, standard)
    with np.errstate(divide="ignore", invalid="ignore"):
        # 0 / 0 is a stratum that is not there; a standard without exposure stays infinite and makes NaN.
        weight = np.where(s > 0, s / s.sum(axis=-1, keepdims=True) / t, 0.0)
        is_defined = (s.sum(axis=-1) > 0) & np.isfinite(weight).all(axis=-1)
        rate, variance = (weight * x).sum(axis=-1), (weight**2 * x).sum(axis=-1)
    largest = weight.max(axis=-1, initial=0.0)
    rate, variance, largest = (np.where(is_defined, value, np.nan) for value in (rate, variance, largest))
    return rate, variance, largest
