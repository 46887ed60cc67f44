"""Two groups compared within strata (types of search, months, areas), and the strata put together.

Array-likes in, arrays out, like `intervals`: the last axis is the strata, and results have the shape of the axes
before it. NaN means undefined. A stratum takes part only if it is informative; the rest drop out and the number
left is part of every answer.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from disparity.statistics.intervals import BoolArray, FloatArray, as_floats, normal_quantile

# Of the cells' correlations: below it a cell follows from the others, but for rounding.
SMALLEST_EIGENVALUE = 1e-9


class StratifiedRatio(NamedTuple):
    """A common ratio with its limits, and the number of strata it rests on, each an array."""

    estimate: FloatArray
    lower: FloatArray
    upper: FloatArray
    informative_strata: FloatArray


class StratifiedTest(NamedTuple):
    """A statistic, its degrees of freedom and its p, each an array."""

    statistic: FloatArray
    degrees_of_freedom: FloatArray
    p: FloatArray


class _Strata(NamedTuple):
    """Informative strata, zero elsewhere: successes and trials (or events and exposure) of both groups.

    `total` is of the trials, and 1 where a stratum is left out, so that it can be divided by.
    """

    x1: FloatArray
    n1: FloatArray
    x2: FloatArray
    n2: FloatArray
    total: FloatArray
    is_informative: BoolArray
    is_possible: BoolArray


def mantel_haenszel_odds_ratio(
    x1: npt.ArrayLike, n1: npt.ArrayLike, x2: npt.ArrayLike, n2: npt.ArrayLike, *, confidence: float = 0.95
) -> StratifiedRatio:
    """Give the odds ratio of two groups within strata: like with like, then put together.

    With successes a of group 1 and c of group 2, failures b and d, N = a + b + c + d in each stratum:
    odds ratio = R / S, R = Σ ad/N, S = Σ bc/N; limits = estimate x exp(± z √V),
    V = Σ PR_k / (2R²) + Σ (P S_k + Q R_k) / (2RS) + Σ Q S_k / (2S²), P = (a + d)/N, Q = (b + c)/N

    Returns:
        Estimate and limits without unit; 1 is the same odds within strata. `informative_strata` counts the
        strata in which both groups have trials and there are successes and failures: the others say nothing about
        an odds ratio. Without one, and where a count is impossible, the estimate is NaN. It is 0 or infinite where
        in no stratum group 1 has a success while group 2 has a failure, or the other way about: the limits, which
        rest on the logarithm, are NaN there, as R and statsmodels have it (metafor gives no estimate either,
        though 0 is what was seen).

    Source: Mantel and Haenszel (1959); Robins, Breslow and Greenland (1986).

    >>> ratio = mantel_haenszel_odds_ratio([10, 10], [30, 30], [15, 15], [30, 30])
    >>> [round(float(value), 4) for value in ratio]
    [0.5, 0.2391, 1.0456, 2.0]
    """
    z = normal_quantile(confidence)
    strata = _keep_informative(x1, n1, x2, n2)
    a, b, c, d = strata.x1, strata.n1 - strata.x1, strata.x2, strata.n2 - strata.x2
    with np.errstate(divide="ignore", invalid="ignore"):
        r, s = a * d / strata.total, b * c / strata.total
        p, q = (a + d) / strata.total, (b + c) / strata.total
        sum_r, sum_s = r.sum(-1), s.sum(-1)
        variance = (
            (p * r).sum(-1) / (2 * sum_r**2)
            + (p * s + q * r).sum(-1) / (2 * sum_r * sum_s)
            + (q * s).sum(-1) / (2 * sum_s**2)
        )
    return _ratio(sum_r, sum_s, variance, z, strata)


def mantel_haenszel_rate_ratio(
    events1: npt.ArrayLike,
    exposure1: npt.ArrayLike,
    events2: npt.ArrayLike,
    exposure2: npt.ArrayLike,
    *,
    confidence: float = 0.95,
) -> StratifiedRatio:
    """Give the ratio of two rates within strata: searches per resident of the same force or area, put together.

    With events x and exposure E of the groups, E = E1 + E2 and m = x1 + x2 in each stratum:
    rate ratio = R / S, R = Σ x1 E2/E, S = Σ x2 E1/E; limits = estimate x exp(± z √V),
    V = Σ m E1 E2/E² / (R S)

    Returns:
        Estimate and limits without unit; 1 is the same rate within strata. `informative_strata` counts the
        strata with an event in which both groups have an exposure. A stratum where a group has events and no
        exposure has no rate to compare and drops out too. NaN and 0 as in `mantel_haenszel_odds_ratio`.

    Source: Rothman and Boice (1979); Greenland and Robins (1985).

    >>> ratio = mantel_haenszel_rate_ratio([32, 104], [52_407, 43_248], [2, 12], [18_790, 10_673])
    >>> [round(float(value), 3) for value in ratio]
    [2.616, 1.515, 4.517, 2.0]
    """
    z = normal_quantile(confidence)
    x1, t1, x2, t2 = _as_strata(events1, exposure1, events2, exposure2)
    is_possible = (x1 >= 0) & (t1 >= 0) & (x2 >= 0) & (t2 >= 0) & np.isfinite(x1 + t1 + x2 + t2)
    strata = _keep((x1, t1, x2, t2), is_possible & (t1 > 0) & (t2 > 0) & (x1 + x2 > 0), is_possible)
    share1, share2 = strata.n1 / strata.total, strata.n2 / strata.total
    sum_r, sum_s = (strata.x1 * share2).sum(-1), (strata.x2 * share1).sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = ((strata.x1 + strata.x2) * share1 * share2).sum(-1) / (sum_r * sum_s)
    return _ratio(sum_r, sum_s, variance, z, strata)


def cochran_mantel_haenszel_test(
    x1: npt.ArrayLike, n1: npt.ArrayLike, x2: npt.ArrayLike, n2: npt.ArrayLike
) -> StratifiedTest:
    """Give the probability of a difference at least this large within strata, if there were none in any.

    chi-square = (Σ (x1 - n1 m/N))² / Σ n1 n2 m (N - m) / (N² (N - 1)), m = x1 + x2 and N = n1 + n2 in each
    stratum, one degree of freedom. No continuity correction: with it the test keeps below its level (and R
    corrects unless told not to), while the tests beside it on a page, chi-square of one table and Fisher's, are not
    corrected; one stratum gives Pearson's chi-square but for the factor (N - 1)/N.

    Returns:
        Statistic and p; `degrees_of_freedom` is 1. NaN where no stratum is informative or a count is impossible.

    Source: Cochran (1954); Mantel and Haenszel (1959).

    >>> test = cochran_mantel_haenszel_test([10, 10], [30, 30], [15, 15], [30, 30])
    >>> round(float(test.statistic), 4), round(float(test.p), 4)
    (3.3714, 0.0663)
    """
    strata = _keep_informative(x1, n1, x2, n2)
    total, successes = strata.total, strata.x1 + strata.x2
    share1, share2 = strata.n1 / total, strata.n2 / total
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = (strata.x1 - share1 * successes).sum(-1)
        spread = share1 * share2 * successes * ((strata.n1 + strata.n2 - successes) / (total - 1))
        statistic = gap**2 / np.where(strata.is_informative, spread, 0.0).sum(-1)
    statistic = np.where(strata.is_possible.all(-1) & strata.is_informative.any(-1), statistic, np.nan)
    return _chi_square_test(statistic, np.where(np.isnan(statistic), np.nan, 1.0))


def generalised_cmh(tables: npt.ArrayLike) -> StratifiedTest:
    """Give the probability of groups at least this unlike in several outcomes within strata, if none differed.

    chi-square = g' V⁻ g, with g the sum over strata of counts - row total x column total / N, and V that of their
    covariances, N²/(N - 1) (r_i (δ_ii' - r_i')) (c_j (δ_jj' - c_j')) with r, c the shares of rows and columns;
    degrees of freedom = rank of V, (rows - 1)(columns - 1) where the strata connect all rows and columns

    Args:
        tables: the last three axes are strata, rows (groups) and columns (outcomes, in no order).

    Returns:
        Statistic, degrees of freedom and p; two groups and two outcomes give `cochran_mantel_haenszel_test`. Strata
        with fewer than two searches and empty rows and columns drop out (R fails on them). NaN where nothing is
        left to test or a count is impossible.

    Source: Mantel and Haenszel (1959); Landis, Heyman and Koch (1978), general association; R's `mantelhaen.test`.

    >>> test = generalised_cmh([[[10, 15, 5], [20, 15, 25]], [[6, 15, 9], [9, 15, 6]]])
    >>> round(float(test.statistic), 4), float(test.degrees_of_freedom), round(float(test.p), 4)
    (3.1987, 2.0, 0.202)
    """
    counts = np.asarray(tables, dtype=np.float64)
    is_possible = np.asarray(((counts >= 0) & np.isfinite(counts)).all((-3, -2, -1)))
    counts = np.where(is_possible[..., np.newaxis, np.newaxis, np.newaxis], counts, 0.0)
    total = counts.sum((-2, -1))
    size = np.maximum(total, 2.0)[..., np.newaxis]
    rows, columns = counts.sum(-1) / size, counts.sum(-2) / size
    gap = np.where(total > 1, 1.0, 0.0)[..., np.newaxis, np.newaxis] * (
        counts - size[..., np.newaxis] * rows[..., :, np.newaxis] * columns[..., np.newaxis, :]
    )
    weights = np.where(total > 1, size[..., 0] ** 2 / (size[..., 0] - 1), 0.0)
    spread = np.einsum("...k,...kij,...klm->...iljm", weights, _vary(rows), _vary(columns))
    cells = counts.shape[-2] * counts.shape[-1]
    statistic, rank = _weigh_gap(
        gap.sum(-3).reshape(*gap.shape[:-3], cells), spread.reshape(*gap.shape[:-3], cells, cells)
    )
    is_defined = is_possible & (rank > 0)
    return _chi_square_test(*(np.where(is_defined, value, np.nan) for value in (statistic, rank)))


def breslow_day_test(x1: npt.ArrayLike, n1: npt.ArrayLike, x2: npt.ArrayLike, n2: npt.ArrayLike) -> StratifiedTest:
    """Give the probability of odds ratios at least this unlike across strata, if there were one for all.

    chi-square = Σ (x1 - A)²/v - (Σ (x1 - A))² / Σ v (Tarone's correction is the second term), where A is the
    expected x1 of the stratum under the Mantel-Haenszel odds ratio and 1/v = 1/A + 1/(m - A) + 1/(n1 - A) +
    1/(n2 - m + A); informative strata - 1 degrees of freedom

    Returns:
        Statistic, degrees of freedom and p; a small p says that one common odds ratio does not tell the whole
        story. It is an approximation for strata with several searches in every cell. NaN with fewer than two
        informative strata and where the common odds ratio is 0 or infinite: nothing varies then. Strata
        that are not informative drop out, as in metafor; statsmodels gives NaN and DescTools fails there.

    Source: Breslow and Day (1980), section 4.4; Tarone (1985).

    >>> test = breslow_day_test([10, 16], [30, 30], [15, 15], [30, 30])
    >>> round(float(test.statistic), 4), float(test.degrees_of_freedom), round(float(test.p), 4)
    (1.2458, 1.0, 0.2644)
    """
    estimate = mantel_haenszel_odds_ratio(x1, n1, x2, n2).estimate
    odds_ratio = np.where((estimate > 0) & np.isfinite(estimate), estimate, np.nan)
    strata = _keep_informative(x1, n1, x2, n2)
    successes = strata.x1 + strata.x2
    expected = _expect_successes(odds_ratio[..., np.newaxis], strata)
    cells = (expected, successes - expected, strata.n1 - expected, strata.n2 - successes + expected)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.where(strata.is_informative, 1 / sum(1 / cell for cell in cells), 0.0)
        gap = np.where(strata.is_informative, strata.x1 - expected, 0.0)
        uncorrected = np.where(strata.is_informative, gap**2 / spread, 0.0).sum(-1)
        statistic = uncorrected - gap.sum(-1) ** 2 / spread.sum(-1)
    count = strata.is_informative.sum(-1)
    is_defined = (count > 1) & ~np.isnan(odds_ratio)
    # Not below 0: rounding alone can take equal strata there.
    statistic = np.where(is_defined, np.maximum(statistic, 0.0), np.nan)
    return _chi_square_test(statistic, np.where(is_defined, count - 1.0, np.nan))


def find_informative(x1: npt.ArrayLike, n1: npt.ArrayLike, x2: npt.ArrayLike, n2: npt.ArrayLike) -> BoolArray:
    """Say which strata a common odds ratio rests on: both groups have trials, with successes and failures among them.

    >>> find_informative([10, 0, 5], [30, 30, 5], [15, 0, 0], [30, 30, 0]).tolist()
    [True, False, False]
    """
    return _keep_informative(x1, n1, x2, n2).is_informative


def _keep_informative(x1: npt.ArrayLike, n1: npt.ArrayLike, x2: npt.ArrayLike, n2: npt.ArrayLike) -> _Strata:
    """Keep the tables with four margins above zero; an impossible count spoils all strata of its row."""
    x1, n1, x2, n2 = _as_strata(x1, n1, x2, n2)
    is_possible = (x1 >= 0) & (x1 <= n1) & (x2 >= 0) & (x2 <= n2) & np.isfinite(n1 + n2)
    has_both = (n1 > 0) & (n2 > 0) & (x1 + x2 > 0) & (n1 + n2 > x1 + x2)
    return _keep((x1, n1, x2, n2), is_possible & has_both, is_possible)


def _as_strata(*values: npt.ArrayLike) -> tuple[FloatArray, ...]:
    """Give arrays of one shape; single values are one stratum."""
    return tuple(np.atleast_1d(value) for value in as_floats(*values))


def _keep(values: tuple[FloatArray, ...], is_informative: BoolArray, is_possible: BoolArray) -> _Strata:
    x1, n1, x2, n2 = (np.where(is_informative, value, 0.0) for value in values)
    return _Strata(x1, n1, x2, n2, np.where(is_informative, n1 + n2, 1.0), is_informative, is_possible)


def _ratio(above: FloatArray, below: FloatArray, variance: FloatArray, z: float, strata: _Strata) -> StratifiedRatio:
    """Divide the sums over strata and set limits on the log scale, where both sums are above zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = np.where(strata.is_possible.all(-1), above / below, np.nan)
        factor = np.exp(z * np.sqrt(np.where((above > 0) & (below > 0), variance, np.nan)))
    return StratifiedRatio(estimate, estimate / factor, estimate * factor, strata.is_informative.sum(-1).astype(float))


def _expect_successes(odds_ratio: FloatArray, strata: _Strata) -> FloatArray:
    """Give the successes of group 1 that the margins and the odds ratio imply: the root of a quadratic."""
    successes = strata.x1 + strata.x2
    rest = strata.n2 - successes
    middle = rest + odds_ratio * (strata.n1 + successes)
    with np.errstate(divide="ignore", invalid="ignore"):
        # The discriminant as a sum of terms above zero, and the root by whichever form does not cancel.
        root = np.sqrt((odds_ratio * (strata.n1 - successes) - rest) ** 2 + 4 * odds_ratio * strata.n1 * strata.n2)
        return np.where(
            middle >= 0,
            2 * odds_ratio * strata.n1 * successes / (middle + root),
            (root - middle) / (2 * (1 - odds_ratio)),
        )


def _vary(shares: FloatArray) -> FloatArray:
    """Give the covariances of one draw from the shares."""
    return np.asarray(shares[..., np.newaxis] * (np.eye(shares.shape[-1]) - shares[..., np.newaxis, :]))


def _weigh_gap(gap: FloatArray, spread: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Give gap' spread⁻ gap and the rank of the spread, by the correlations: cells differ a millionfold in size."""
    deviations = np.sqrt(np.diagonal(spread, axis1=-2, axis2=-1))
    scale = 1 / np.where(deviations > 0, deviations, np.inf)
    values, vectors = np.linalg.eigh(spread * scale[..., :, np.newaxis] * scale[..., np.newaxis, :])
    is_free = values > SMALLEST_EIGENVALUE
    along = np.einsum("...ij,...i->...j", vectors, gap * scale)
    return np.where(is_free, along**2 / np.where(is_free, values, 1.0), 0.0).sum(-1), is_free.sum(-1).astype(float)


def _chi_square_test(statistic: FloatArray, degrees_of_freedom: FloatArray) -> StratifiedTest:
    """Add p: the chance of a chi-square this large."""
    return StratifiedTest(statistic, degrees_of_freedom, special.gammaincc(degrees_of_freedom / 2, statistic / 2))
