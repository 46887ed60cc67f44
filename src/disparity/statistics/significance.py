"""Tests of a difference between two rates or two proportions, and their adjustment for many comparisons.

Array-likes in, arrays out, like `intervals`; NaN means that there is nothing to test.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from disparity.statistics.intervals import (
    FloatArray,
    are_comparable_rates,
    are_whole_tables,
    as_floats,
    log_table_weights,
)

CHI_SQUARE = "chi_square"
FISHER = "fisher"
# Cochran (1954); R warns below it.
SMALLEST_EXPECTED_COUNT = 5
# R's fisher.test: tables this close to the observed one's probability count as equally probable.
RELATIVE_TIE = 1e-7


class TwoByTwoTest(NamedTuple):
    """Which test was made ('chi_square', 'fisher' or ''), its statistic and its p, each an array."""

    test: npt.NDArray[np.str_]
    statistic: FloatArray
    p: FloatArray


def rate_ratio_test(
    events1: npt.ArrayLike, exposure1: npt.ArrayLike, events2: npt.ArrayLike, exposure2: npt.ArrayLike
) -> FloatArray:
    """Give the probability of rates at least this far apart, in either direction, if they were the same.

    p = 2 x the smaller of P(X <= events1) and P(X >= events1), at most 1, where X is binomial with
    n = events1 + events2 and share exposure1 / (exposure1 + exposure2)

    Twice the smaller tail ("central"), not the sum of all results that are as improbable ("minlike",
    R's `poisson.test`): only the former agrees with the Clopper-Pearson limits of `rate_ratio_exact`, so that
    p is under 0.05 exactly where the 95% interval leaves out 1, and test and interval never contradict
    each other on a page.

    Returns:
        p between 0 and 1; NaN where neither group has an event or an exposure is not above zero.

    Source: Przyborowski and Wilenski (1940); Fay (2010) on the two ways to make it two-sided.

    >>> rate_ratio_test([41, 0], [28_010, 10], [15, 0], [19_017, 10]).round(5).tolist()
    [0.04766, nan]
    """
    x1, t1, x2, t2 = as_floats(events1, exposure1, events2, exposure2)
    with np.errstate(divide="ignore", invalid="ignore"):
        share1, share2 = t1 / (t1 + t2), t2 / (t1 + t2)
        at_least = np.where(x1 == 0, 1.0, special.betainc(x1, x2 + 1, share1))
        at_most = np.where(x2 == 0, 1.0, special.betainc(x2, x1 + 1, share2))
        p = np.minimum(2 * np.minimum(at_least, at_most), 1.0)
    return np.where(are_comparable_rates(x1, t1, x2, t2), p, np.nan)


def two_by_two_test(x1: npt.ArrayLike, n1: npt.ArrayLike, x2: npt.ArrayLike, n2: npt.ArrayLike) -> TwoByTwoTest:
    """Give the probability of proportions at least this far apart if the groups were the same.

    chi-square = N (x1 (n2 - x2) - x2 (n1 - x1))² / (n1 n2 m (N - m)), N = n1 + n2, m = x1 + x2, one degree
    of freedom, no continuity correction, where every expected count is 5 or more; otherwise Fisher's
    exact test: the sum over all tables with these margins that are no more probable than the one observed

    Returns:
        test: 'chi_square' or 'fisher'; '' where there is nothing to test: a group without trials, nobody
        or everybody successful, or counts that are not whole.
        statistic: chi-square, no unit; NaN for Fisher's test, which has none.
        p: between 0 and 1; NaN where there is nothing to test.

    Source: Pearson (1900); Fisher (1935); Cochran (1954) for the choice.

    >>> two_by_two_test([75, 3], [310, 8], [2159, 1], [11614, 9]).test.tolist()
    ['chi_square', 'fisher']
    """
    x1, n1, x2, n2 = as_floats(x1, n1, x2, n2)
    total, successes = n1 + n2, x1 + x2
    failures = total - successes
    is_table = are_whole_tables(x1, n1, x2, n2) & (successes > 0) & (failures > 0)
    # Smallest expected count = smaller row x smaller column / N; as a product it is exact at 5.
    is_large = np.minimum(n1, n2) * np.minimum(successes, failures) >= SMALLEST_EXPECTED_COUNT * total
    with np.errstate(divide="ignore", invalid="ignore"):
        cross = x1 * (n2 - x2) - x2 * (n1 - x1)
        chi_square = total * (cross / n1 / n2) * (cross / successes / failures)
    statistic = np.where(is_table & is_large, chi_square, np.nan)
    p = np.asarray(special.erfc(np.sqrt(statistic / 2)))
    is_fisher = is_table & ~is_large
    cells = np.stack([x1, n1 - x1, x2, n2 - x2], axis=-1)[is_fisher]
    p[is_fisher] = [_fisher_p(table) for table in cells]
    test = np.where(is_fisher, FISHER, np.where(is_table, CHI_SQUARE, ""))
    return TwoByTwoTest(test, statistic, p)


def adjust_benjamini_hochberg(p: npt.ArrayLike) -> FloatArray:
    """Give each p as the smallest false discovery rate at which it would still count as a discovery.

    adjusted p of rank i = the smallest of m p(j) / j over the ranks j from i to m, at most 1

    Returns:
        Adjusted p, each at least as large as its p. NaN stays NaN and is not counted in m.

    Source: Benjamini and Hochberg (1995).

    >>> adjust_benjamini_hochberg([0.01, float("nan"), 0.04, 0.03]).round(4).tolist()
    [0.03, nan, 0.04, 0.04]
    """
    raw = np.asarray(p, dtype=np.float64)
    adjusted = np.full(raw.shape, np.nan)
    known = ~np.isnan(raw)
    values = raw[known]
    order = np.argsort(values)[::-1]
    ranks = np.arange(values.size, 0, -1)
    stepped = np.empty_like(values)
    stepped[order] = np.minimum(np.minimum.accumulate(values[order] * (values.size / ranks)), 1.0)
    adjusted[known] = stepped
    return adjusted


def error_of_p(estimate: npt.ArrayLike, p: npt.ArrayLike) -> FloatArray:
    """Give the standard error that makes a two-sided normal test of the estimate give p.

    Returns:
        In the unit of the estimate. NaN where the estimate is 0 or infinite, or p is 1: any error, or none, would do.

    >>> round(float(error_of_p(0.2, 0.05)), 4)
    0.102
    """
    value, chance = as_floats(estimate, p)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.abs(value) / -special.ndtri(chance / 2)
    return np.where((error > 0) & np.isfinite(error), error, np.nan)


def _fisher_p(cells: FloatArray) -> float:
    """Give Fisher's two-sided p for successes and failures of group 1, then of group 2."""
    _, log_weights = log_table_weights(cells)
    weights = np.exp(log_weights - log_weights.max())
    return min(float(weights[log_weights <= RELATIVE_TIE].sum() / weights.sum()), 1.0)
