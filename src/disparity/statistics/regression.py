"""Logistic and Poisson models of grouped counts, with errors that allow for clusters.

Newton's method on the few columns, not on the many rows: statsmodels gives the same and takes twenty times as
long, in a thousand models a build.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special
from scipy.interpolate import CubicSpline

FloatArray = npt.NDArray[np.float64]

# A coefficient that far from its start (odds of 1 to 22,000) means that a column separates the outcomes: no estimate.
SEPARATED = 10.0
# Of the columns' correlations: below it a column follows from the others, but for rounding.
SMALLEST_EIGENVALUE = 1e-9
# Newton's method doubles the digits at each step: a step this small ends it.
SMALLEST_STEP = 1e-9
MOST_STEPS = 30
# R's start for Poisson models: a tenth of an event more, so that no event has a logarithm.
STARTING_EVENTS = 0.1


class Regression(NamedTuple):
    """A fitted model: its coefficients, one per column of the design, its deviance, the coefficients' standard errors
    by the model and by clusters, the residual degrees of freedom and Pearson's dispersion (1 where counts vary by
    chance alone).
    """

    coefficients: FloatArray
    deviance: float
    model_errors: FloatArray
    cluster_errors: FloatArray
    residual_freedom: int
    dispersion: float


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
) -> Regression | None:
    """Fit log odds(success) = design x coefficients to counts, by maximum likelihood.

    dispersion = Σ (successes - fitted)² / (fitted (1 - fitted / trials)) / residual degrees of freedom

    Errors by clusters are the jackknife's: each cluster is left out in turn, to first order. With few clusters
    (the twelve months of a year) the usual sandwich is too small.

    Returns:
        Coefficients and errors as log odds (0 is no difference), the rest without unit. None where there is no one
        answer: columns that repeat each other, a column that separates success from failure, no convergence, or
        no more rows than columns.

    Source: Nelder and Wedderburn (1972); MacKinnon, Nielsen and Webb (2025), CV3L.

    >>> design = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> fit = fit_logistic([4, 16, 6, 14], [20, 30, 20, 30], design, clusters=[0, 0, 1, 1])
    >>> float(np.exp(fit.coefficients[1]).round(6)), float(fit.model_errors[1].round(6))
    (3.0, 0.447214)
    """
    x, n = np.asarray(successes, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    if len(x) <= design.shape[1] or _repeats_itself(design):
        return None
    coefficients = _climb(
        x,
        design,
        np.zeros(design.shape[1]),
        predict=lambda linear: n * special.expit(linear),
        weigh=lambda fitted: fitted * (1 - fitted / n),
    )
    if coefficients is None:
        return None
    fitted = n * special.expit(design @ coefficients)
    deviance = 2 * (special.xlogy(x, x / fitted) + special.xlogy(n - x, (n - x) / (n - fitted))).sum()
    weights = fitted * (1 - fitted / n)
    return Regression(coefficients, float(deviance), *_judge(x - fitted, weights, design, clusters))


def poisson_regression(
    events: npt.ArrayLike, exposure: npt.ArrayLike, design: FloatArray, clusters: npt.ArrayLike
) -> Regression | None:
    """Fit log(events / exposure) = design x coefficients to counts, by maximum likelihood.

    dispersion = Σ (events - fitted)² / fitted / residual degrees of freedom

    Counts of people vary more than chance alone has them: quasi-Poisson errors are √dispersion x `model_errors`.
    Errors by clusters are those of `fit_logistic`.

    Returns:
        Coefficients and errors as logs of rate ratios (0 is the same rate), the rest without unit. None where there
        is no one answer, as in `fit_logistic` (here a column separates events from none), and where an exposure is
        not above zero or events are negative.

    Source: Nelder and Wedderburn (1972); Wedderburn (1974) on quasi-likelihood.

    >>> design = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> fit = poisson_regression([4, 16, 6, 14], [200, 500, 300, 500], design, clusters=[0, 0, 1, 1])
    >>> float(np.exp(fit.coefficients[1]).round(6)), float(fit.model_errors[1].round(6))
    (1.5, 0.365148)
    """
    x, t = np.asarray(events, dtype=np.float64), np.asarray(exposure, dtype=np.float64)
    if len(x) <= design.shape[1] or not ((x >= 0) & (t > 0)).all() or _repeats_itself(design):
        return None
    near = x + STARTING_EVENTS
    start = np.asarray(np.linalg.solve(_inform(near, design), design.T @ (near * np.log(near / t))), dtype=np.float64)
    coefficients = _climb(x, design, start, predict=lambda linear: t * np.exp(linear), weigh=lambda fitted: fitted)
    if coefficients is None:
        return None
    fitted = t * np.exp(design @ coefficients)
    deviance = 2 * (special.xlogy(x, x / fitted) - (x - fitted)).sum()
    return Regression(coefficients, float(deviance), *_judge(x - fitted, fitted, design, clusters))


def _climb(
    x: FloatArray,
    design: FloatArray,
    start: FloatArray,
    *,
    predict: Callable[[FloatArray], FloatArray],
    weigh: Callable[[FloatArray], FloatArray],
) -> FloatArray | None:
    """Newton's method; None where it leads ever further out."""
    coefficients = start
    for _ in range(MOST_STEPS):
        fitted = predict(design @ coefficients)
        step = np.linalg.solve(_inform(weigh(fitted), design), design.T @ (x - fitted))
        coefficients = coefficients + step
        if np.abs(coefficients - start).max() > SEPARATED:
            return None
        if np.abs(step).max() < SMALLEST_STEP:
            return coefficients
    return None


def _inform(weights: FloatArray, design: FloatArray) -> FloatArray:
    return np.asarray(design.T @ (design * weights[:, None]))


def _judge(
    residuals: FloatArray, weights: FloatArray, design: FloatArray, clusters: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, int, float]:
    """Give both errors, the freedom left and the dispersion; with these links the weights are the counts' variances."""
    freedom = len(residuals) - design.shape[1]
    model_errors = np.sqrt(np.diag(np.linalg.inv(_inform(weights, design))))
    cluster_errors = _jackknife_errors(design * residuals[:, None], design, weights, np.asarray(clusters))
    return model_errors, cluster_errors, freedom, float((residuals**2 / weights).sum() / freedom)


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
    # A cluster that alone distinguishes two columns leaves no unique answer: the pseudo-inverse takes the
    # shortest.
    without = np.linalg.pinv(within.sum(axis=0) - within, hermitian=True)
    shifts = np.einsum("cij,cj->ci", without, belongs @ scores)
    return np.asarray(np.sqrt((len(names) - 1) / len(names) * np.square(shifts).sum(axis=0)))
