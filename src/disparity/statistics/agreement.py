"""How far classifications of the same cases agree beyond chance: of two, for many tables at once; of more."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from disparity.statistics.intervals import FloatArray, normal_quantile


class Kappa(NamedTuple):
    """A kappa with its standard error and limits, each an array of the tables' leading shape."""

    estimate: FloatArray
    standard_error: FloatArray
    lower: FloatArray
    upper: FloatArray


def cohen_kappa(table: npt.ArrayLike, *, confidence: float = 0.95) -> Kappa:
    """Give the agreement of two classifications of the same cases, as a share of the agreement that chance leaves open.

    kappa = (observed - expected) / (1 - expected), observed the share of cases on the diagonal, expected the sum
    over the categories i of row_i x column_i, the shares of cases that the first and the second put there

    standard error = √(Σ p_ij (w_ij - w̄)² / N) / (1 - expected), p_ij the share of cases in cell ij,
    w_ij = [i = j] - (1 - kappa) (column_i + row_j), w̄ = Σ p_ij w_ij; limits = kappa ± z standard errors

    This is the large-sample error of any kappa, not the smaller one that holds if the two are independent.

    Args:
        table: counts of cases, (..., k, k): rows the first classification, columns the second, in the same order.

    Returns:
        No unit: 1 is full agreement, 0 the agreement of chance, below 0 less than chance. Limits beyond -1 and 1
        are cut there: kappa has no such values. NaN where there are no cases, where both put every case in
        one category (chance is certain), or a count is negative or missing.

    Source: Cohen (1960); Fleiss, Cohen and Everitt (1969) for the standard error.

    >>> [round(float(value), 4) for value in cohen_kappa([[20, 5], [10, 15]])]
    [0.4, 0.127, 0.1511, 0.6489]
    """
    z = normal_quantile(confidence)
    counts = np.asarray(table, dtype=np.float64)
    cases, rows, columns = counts.sum(axis=(-2, -1)), counts.sum(axis=-1), counts.sum(axis=-2)
    with np.errstate(divide="ignore", invalid="ignore"):
        met = (rows * columns).sum(axis=-1)
        # In counts, where both sides are whole: 1 - expected would miss certainty by a rounding.
        is_defined = (counts >= 0).all(axis=(-2, -1)) & (met < cases**2)
        observed, expected = np.trace(counts, axis1=-2, axis2=-1) / cases, met / cases**2
        kappa = np.where(is_defined, (observed - expected) / (1 - expected), np.nan)
        margins = (columns[..., :, None] + rows[..., None, :]) / cases[..., None, None]
        weights = np.eye(counts.shape[-1]) - (1 - kappa)[..., None, None] * margins
        error = np.sqrt(_variance(counts / cases[..., None, None], weights) / cases) / (1 - expected)
    return Kappa(kappa, error, np.maximum(kappa - z * error, -1.0), np.minimum(kappa + z * error, 1.0))


def fleiss_kappa(counts: npt.ArrayLike, *, confidence: float = 0.95) -> Kappa:
    """Give the agreement of three or more readers of the same cases, as a share of what chance leaves open.

    kappa = (observed - expected) / (1 - expected), observed the mean over cases of the share of pairs of readers that
    agree, Σ x (x - 1) / (m (m - 1)), expected Σ p², p the share of all answers that a category has, m readers of
    each case

    standard error = √(Σ (k_i - kappa)² / (N (N - 1))), with
    k_i = ((o_i - expected) - 2 (1 - kappa) (e_i - expected)) / (1 - expected), o_i the case's share of pairs that agree
    and e_i = Σ p x / m; limits = kappa ± z standard errors

    Args:
        counts: how many readers put each case into each category, (cases, categories); the same number for every case.

    Returns:
        No unit: 1 is full agreement, 0 the agreement of chance, below 0 less than chance; limits are cut at -1 and 1.
        NaN where there are no cases or fewer than two readers, their number differs from case to case, or every answer
        is the same (chance is certain). One case gives no standard error.

    Source: Fleiss (1971); Gwet (2008, 2021) for the standard error.

    >>> [round(float(value), 4) for value in fleiss_kappa([[3, 0], [3, 0], [0, 3], [2, 1], [3, 0], [0, 3]])]
    [0.7662, 0.2402, 0.2954, 1.0]
    """
    answers = np.asarray(counts, dtype=np.float64)
    readers = answers.sum(axis=1)
    is_sound = len(answers) > 0 and bool((readers == readers[0]).all()) and readers[0] >= 2
    if not is_sound or int((answers.sum(axis=0) > 0).sum()) < 2:
        return Kappa(*(np.asarray(np.nan) for _ in Kappa._fields))
    cases, m = len(answers), readers[0]
    share = answers.sum(axis=0) / answers.sum()
    agreed = (answers * (answers - 1)).sum(axis=1) / (m * (m - 1))
    met = answers @ share / m
    expected = (share**2).sum()
    kappa = (agreed.mean() - expected) / (1 - expected)
    of_case = ((agreed - expected) - 2 * (1 - kappa) * (met - expected)) / (1 - expected)
    error = np.sqrt(((of_case - kappa) ** 2).sum() / (cases * (cases - 1))) if cases > 1 else np.asarray(np.nan)
    z = normal_quantile(confidence)
    return Kappa(kappa, error, np.maximum(kappa - z * error, -1.0), np.minimum(kappa + z * error, 1.0))


def _variance(shares: FloatArray, weights: FloatArray) -> FloatArray:
    """Around the mean, not as difference of squares: full agreement has an error of exactly zero."""
    mean = (shares * weights).sum(axis=(-2, -1), keepdims=True)
    return np.asarray((shares * (weights - mean) ** 2).sum(axis=(-2, -1)))
