"""Logistic models of grouped counts, with errors that allow for clusters.

Newton's method on the few columns, not on the many rows: statsmodels gives the same and takes twenty times as
long, in a thousand models a build.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special
from scipy.interpolate import CubicSpline

FloatArray = npt.NDArray[np.float64]

# A coefficient beyond it (odds of 1 to 22,000) means that a column separates the outcomes: no estimate.
SEPARATED = 10.0
# Of the columns' correlations: below it a column follows from the others, but for rounding.
SMALLEST_EIGENVALUE = 1e-9
# Newton's method doubles the digits at each step: a step this small ends it.
SMALLEST_STEP = 1e-9
MOST_STEPS = 30


class Logistic(NamedTuple):
    """A fitted model: its coefficients, one per column of the design, their standard errors by the model and by
    clusters, its deviance and the residual degrees of freedom.
    """

    coefficients: FloatArray
    model_errors: FloatArray
    cluster_errors: FloatArray
    deviance: float
    residual_freedom: int


def spline(values: npt.ArrayLike, knots: npt.ArrayLike) -> FloatArray:
    """Give the columns of a natural cubic spline: a smooth curve, straight beyond its outer knots.

    Returns:
        One row per value and one column per knot; the columns add up to 1, so a design that holds them needs
        no constant. They span what `ns(values, knots = ...)` and a constant span in R.

    Source: Hastie, Tibshirani and Friedman (2009), section 5.2.

    >>> spline([0, 1, 2, 4], [0, 2, 4]).sum(axis=1).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    at = np.asarray(knots, dtype=np.float64)
    return np.asarray(CubicSpline(at, np.eye(len(at)), bc_type="natural")(np.asarray(values, dtype=np.float64)))


def fit_logistic(
    successes: npt.ArrayLike, trials: npt.ArrayLike, design: FloatArray, clusters: npt.ArrayLike
) -> Logistic | None:
    """Fit log odds(success) = design x coefficients to counts, by maximum likelihood.

    Errors by clusters are the jackknife's: each cluster is left out in turn, to first order. With few clusters
    (the twelve months of a year) the usual sandwich is too small.

    Returns:
        None where there is no one answer: columns that repeat each other, a column that separates success from
        failure, no convergence, or no more rows than columns.

    Source: Nelder and Wedderburn (1972); MacKinnon, Nielsen and Webb (2025), CV3L.

    >>> design = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> fit = fit_logistic([4, 16, 6, 14], [20, 30, 20, 30], design, clusters=[0, 0, 1, 1])
    >>> float(np.exp(fit.coefficients[1]).round(6)), float(fit.model_errors[1].round(6))
    (3.0, 0.447214)
    """
    x, n = np.asarray(successes, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    if len(x) <= design.shape[1] or _repeats_itself(design):
        return None
    coefficients = _climb(x, n, design)
    if coefficients is None:
        return None
    fitted = n * special.expit(design @ coefficients)
    deviance = 2 * (special.xlogy(x, x / fitted) + special.xlogy(n - x, (n - x) / (n - fitted))).sum()
    information = _inform(n, fitted, design)
    return Logistic(
        coefficients,
        np.sqrt(np.diag(np.linalg.inv(information))),
        _jackknife_errors(design * (x - fitted)[:, None], design, fitted * (1 - fitted / n), np.asarray(clusters)),
        float(deviance),
        len(x) - design.shape[1],
    )


def _climb(x: FloatArray, n: FloatArray, design: FloatArray) -> FloatArray | None:
    """Newton's method, from no effect of anything; None where it leads ever further out."""
    coefficients = np.zeros(design.shape[1])
    for _ in range(MOST_STEPS):
        fitted = n * special.expit(design @ coefficients)
        step = np.linalg.solve(_inform(n, fitted, design), design.T @ (x - fitted))
        coefficients = coefficients + step
        if np.abs(coefficients).max() > SEPARATED:
            return None
        if np.abs(step).max() < SMALLEST_STEP:
            return coefficients
    return None


def _inform(n: FloatArray, fitted: FloatArray, design: FloatArray) -> FloatArray:
    return np.asarray(design.T @ (design * (fitted * (1 - fitted / n))[:, None]))


def _repeats_itself(design: FloatArray) -> bool:
    """Whether a column follows from the others."""
    lengths = np.linalg.norm(design, axis=0)
    if not np.all(lengths > 0):
        return True
    crossed = (design / lengths).T @ (design / lengths)
    return bool(np.linalg.eigvalsh(crossed)[0] < SMALLEST_EIGENVALUE)


def _jackknife_errors(
    scores: FloatArray, design: FloatArray, weights: FloatArray, clusters: npt.NDArray[np.generic]
) -> FloatArray:
    """Leave out each cluster in turn: what the coefficients would be, to first order, and how far they spread."""
    names, of_row = np.unique(clusters, return_inverse=True)
    belongs = (of_row == np.arange(len(names))[:, None]).astype(np.float64)
    within = np.einsum("cr,ri,rj->cij", belongs * weights, design, design, optimize=True)
    # A cluster that alone tells one column from another leaves no unique answer: the pseudo-inverse takes the
    # shortest.
    without = np.linalg.pinv(within.sum(axis=0) - within, hermitian=True)
    shifts = np.einsum("cij,cj->ci", without, belongs @ scores)
    return np.asarray(np.sqrt((len(names) - 1) / len(names) * np.square(shifts).sum(axis=0)))
