"""Linearised variances of rates and shares whose searches come in clusters, from sums over the clusters.

Array-likes in, arrays out, like `intervals`; NaN means undefined. A count of cluster k is x_k or n_k; the sums of
products (`nn` is Σ n_k²) are all that is needed of the clusters, and add up over parts of a period.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from disparity.statistics.intervals import FloatArray, Interval, as_floats, normal_quantile, tail_probability

FEWEST_DEGREES = 1.0


class Products(NamedTuple):
    """Sums of products over clusters: of numerator x and denominator n of one group."""

    xx: FloatArray
    xn: FloatArray
    nn: FloatArray


class CrossProducts(NamedTuple):
    """Sums of products over clusters: of a group (first) and the reference group (second)."""

    xx: FloatArray
    xn: FloatArray
    nx: FloatArray
    nn: FloatArray


class Linearised(NamedTuple):
    """A variance that allows for clusters, the one of independent events, and degrees of freedom."""

    variance: FloatArray
    independent: FloatArray
    degrees_of_freedom: FloatArray


def linearise_rate_ratio(
    n1: npt.ArrayLike, nn1: npt.ArrayLike, n2: npt.ArrayLike, nn2: npt.ArrayLike, cross: npt.ArrayLike
) -> Linearised:
    """Give the variance of the log of a ratio of two rates.

    variance = Σ (n1k / N1 - n2k / N2)²: what both groups have in common, a busy day, cancels.
    Of independent events it is 1 / N1 + 1 / N2

    Args:
        n1: events of the group. nn1: Σ n1k². cross: Σ n1k n2k.

    Returns:
        Without unit (log scale), small samples not yet allowed for (`correct`). NaN where a group has no event.

    Source: Binder (1983); degrees of freedom as Satterthwaite (1946), with the variance of independent events of each
    cluster, n1k / N1² + n2k / N2², as what is expected of it.

    >>> round(float(linearise_rate_ratio(4, 8, 10, 34, 14).variance), 4)
    0.14
    """
    n1, nn1, n2, nn2, cross = as_floats(n1, nn1, n2, nn2, cross)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = nn1 / n1**2 + nn2 / n2**2 - 2 * cross / (n1 * n2)
        freedom = _satterthwaite((1 / n1**2, n1, nn1), (1 / n2**2, n2, nn2), cross)
        return _blank(Linearised(variance, 1 / n1 + 1 / n2, freedom), (n1 > 0) & (n2 > 0))


def linearise_share(x: npt.ArrayLike, n: npt.ArrayLike, products: Products) -> Linearised:
    """Give the variance of a share p = X / N.

    variance = Σ (x_k - p n_k)² / N². Of independent trials it is p (1 - p) / N

    Returns:
        As `linearise_rate_ratio`, as shares of 1. NaN without trials, or where none or all of them succeeded.

    Source: Binder (1983).

    >>> round(float(linearise_share(3, 10, Products(*map(np.array, (5.0, 11.0, 30.0)))).variance), 4)
    0.011
    """
    x, n = as_floats(x, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = x / n
        variance = _residual(p, products) / n**2
        freedom = n**2 / products.nn - 1
        return _blank(Linearised(variance, p * (1 - p) / n, freedom), (x > 0) & (x < n))


def linearise_shares(
    counts: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
    first: Products,
    second: Products,
    cross: CrossProducts,
) -> tuple[Linearised, Linearised]:
    """Give the variance of the difference of two shares, and that of the log of their ratio.

    variance = Σ ((x1k - p1 n1k) / N1 - (x2k - p2 n2k) / N2)²; of the log ratio with X in the place of N

    Args:
        counts: x1, n1, x2, n2.

    Returns:
        As `linearise_share`; the log ratio's is NaN where a group has no success.

    Source: Binder (1983); as `svyratio` and `svycontrast` of R's survey have it, clusters drawn with replacement.
    """
    x1, n1, x2, n2 = as_floats(*counts)
    with np.errstate(divide="ignore", invalid="ignore"):
        p1, p2 = x1 / n1, x2 / n2
        own1, own2 = _residual(p1, first), _residual(p2, second)
        both = cross.xx - p2 * cross.xn - p1 * cross.nx + p1 * p2 * cross.nn
        spread1, spread2 = p1 * (1 - p1), p2 * (1 - p2)
        difference = Linearised(
            own1 / n1**2 + own2 / n2**2 - 2 * both / (n1 * n2),
            spread1 / n1 + spread2 / n2,
            _satterthwaite((spread1 / n1**2, n1, first.nn), (spread2 / n2**2, n2, second.nn), cross.nn),
        )
        ratio = Linearised(
            own1 / x1**2 + own2 / x2**2 - 2 * both / (x1 * x2),
            (1 - p1) / x1 + (1 - p2) / x2,
            _satterthwaite((spread1 / x1**2, n1, first.nn), (spread2 / x2**2, n2, second.nn), cross.nn),
        )
    is_defined = (n1 > 0) & (n2 > 0) & (spread1 + spread2 > 0)
    return _blank(difference, is_defined), _blank(ratio, is_defined & (x1 > 0) & (x2 > 0))


def linearise_count(n: npt.ArrayLike, nn: npt.ArrayLike, clusters: npt.ArrayLike) -> Linearised:
    """Give the variance of a number of events in so many clusters of equal length, those without an event too.

    variance = Σ (n_k - N / K)², K clusters: N² / K of Σ n_k² is no chance. Infinitely many clusters, such as minutes
    at map points, take nothing off. Of independent events it is N

    Returns:
        In squared events. NaN without events, or with a single cluster.
    """
    n, nn, clusters = as_floats(n, nn, clusters)
    with np.errstate(divide="ignore", invalid="ignore"):
        freedom = np.where(np.isfinite(clusters), clusters - 1, n**2 / nn - 1)
        return _blank(Linearised(nn - n**2 / clusters, n, freedom), (n > 0) & (clusters > 1))


def correct(linearised: Linearised, degrees_of_freedom: npt.ArrayLike = np.nan) -> Linearised:
    """Allow for how few clusters there are: variance x (df + 1) / df.

    With m clusters of equal size this is m / (m - 1).

    Args:
        degrees_of_freedom: in the place of Satterthwaite's, where not NaN.
    """
    given = np.asarray(degrees_of_freedom, dtype=np.float64)
    freedom = np.where(np.isnan(given), linearised.degrees_of_freedom, given)
    freedom = np.where(np.isnan(linearised.variance), np.nan, np.maximum(freedom, FEWEST_DEGREES))
    # What cancels to nothing leaves a rounding error, on either side of 0.
    variance = np.maximum(linearised.variance, 0) * (freedom + 1) / freedom
    return Linearised(variance, linearised.independent, freedom)


def p_of_estimate(estimate: npt.ArrayLike, variance: npt.ArrayLike, degrees_of_freedom: npt.ArrayLike) -> FloatArray:
    """Give the two-sided p of an estimate whose value would be 0: t = estimate / √variance.

    Returns:
        NaN where the variance is not above 0.
    """
    value, spread, freedom = as_floats(estimate, variance, degrees_of_freedom)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(spread > 0, np.abs(value) / np.sqrt(spread), np.nan)
    is_normal = np.isinf(freedom)
    of_t = special.stdtr(np.where(is_normal, 1, freedom), -t)
    return np.asarray(2 * np.where(is_normal, special.ndtr(-t), of_t))


def limit_estimate(
    estimate: npt.ArrayLike,
    variance: npt.ArrayLike,
    degrees_of_freedom: npt.ArrayLike,
    *,
    confidence: float = 0.95,
) -> Interval:
    """Give estimate ± t √variance; NaN where the variance is not known."""
    value, spread, freedom = as_floats(estimate, variance, degrees_of_freedom)
    reach = t_quantile(freedom, confidence=confidence) * np.sqrt(spread)
    return Interval(value - reach, value + reach)


def t_quantile(degrees_of_freedom: npt.ArrayLike, *, confidence: float = 0.95) -> FloatArray:
    """Give the number of standard errors either side; with infinitely many degrees, the normal distribution's."""
    freedom = np.asarray(degrees_of_freedom, dtype=np.float64)
    is_normal = np.isinf(freedom)
    quantile = -special.stdtrit(np.where(is_normal, 1, freedom), tail_probability(confidence))
    return np.where(is_normal, normal_quantile(confidence), quantile)


def shrink_sample(corrected: Linearised, *, confidence: float = 0.95) -> FloatArray:
    """Give the part of a sample that holds as much as independent events would: for exact intervals of few events.

    part = (independent variance / variance) x (z / t)², at most 1

    An interval made of part x events, of part x exposure or trials, has the width that clusters and their number call
    for, and stays within what is possible. NaN where the variance is not known.

    Source: Korn and Graubard (1998), effective sample size with degrees of freedom.

    >>> round(float(shrink_sample(Linearised(np.array(2.0), np.array(1.0), np.array(np.inf)))), 4)
    0.5
    """
    t = t_quantile(corrected.degrees_of_freedom, confidence=confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = corrected.independent / corrected.variance * (normal_quantile(confidence) / t) ** 2
    return np.minimum(part, 1.0)


def _residual(p: FloatArray, products: Products) -> FloatArray:
    """Σ (x_k - p n_k)²."""
    return np.asarray(products.xx - 2 * p * products.xn + p**2 * products.nn)


def _satterthwaite(
    first: tuple[FloatArray, FloatArray, FloatArray],
    second: tuple[FloatArray, FloatArray, FloatArray],
    cross: FloatArray,
) -> FloatArray:
    """(Σ v_k)² / Σ v_k² - 1, with v_k = w1 n1k + w2 n2k: so many clusters of equal weight, less one.

    Args:
        first: w1, Σ n1k, Σ n1k². cross: Σ n1k n2k.
    """
    (w1, n1, nn1), (w2, n2, nn2) = first, second
    squares = w1**2 * nn1 + w2**2 * nn2 + 2 * w1 * w2 * cross
    return np.asarray((w1 * n1 + w2 * n2) ** 2 / squares - 1)


def _blank(linearised: Linearised, is_defined: npt.NDArray[np.bool_]) -> Linearised:
    return Linearised(*(np.where(is_defined, value, np.nan) for value in linearised))
