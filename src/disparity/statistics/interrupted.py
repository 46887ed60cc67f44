"""Interrupted time series: a rate by month before and after something started.

The usual errors for short series are too small. In simulation with 24 to 48 months and months that resemble their
neighbours, Newey and West's intervals cover 76% to 86%, not 95%; these cover 95% and more up to a correlation of
0.5 (see tests).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from disparity.statistics.intervals import FloatArray
from disparity.statistics.regression import poisson_regression
from disparity.vocabulary.calendar import MONTHS_IN_YEAR

# Correlations of a month with the next that are weighed against each other; monthly rates do not swing to and fro.
CORRELATIONS = np.linspace(0, 0.95, 39)
LEVEL, TREND = 2, 3  # columns of the design


class Change(NamedTuple):
    """A change as a factor (1: no change), with the limits of its interval."""

    value: float
    lower: float
    upper: float


class Interruption(NamedTuple):
    """Logs of two changes, their standard errors, and the residual degrees of freedom.

    `level`: by how much the rate jumps at the start; `trend`: by how much its yearly growth changes.
    """

    level: float
    level_error: float
    trend: float
    trend_error: float
    freedom: int


def interrupt(
    events: npt.ArrayLike, exposure: npt.ArrayLike, months: npt.ArrayLike, *, start: int
) -> Interruption | None:
    """Fit a rate by month as a line, and another line from `start` on (segmented Poisson regression).

    log rate = a + b t + c [t >= start] + d (t - start) [t >= start], t in years

    Errors allow for months that vary by more than chance (never by less) and that resemble their neighbours:
    corr(t, t + k months) = r^k. The restricted likelihood of r weighs the answers for every r between 0 and 0.95,
    as a dozen months cannot tell which it is.

    Args:
        events, exposure: by month. months: when, in whole months from any one; months may be missing.
        start: the first month after the start, counted alike.

    Returns:
        Logs (0: no change; level without unit, trend a year); None where a line cannot be fitted.

    Source: Bernal, Cummins and Gasparrini (2017); Turner et al. (2021) on restricted likelihood in short series.

    >>> found = interrupt([20] * 12 + [10] * 12, [1.0] * 24, range(24), start=12)
    >>> round(float(np.exp(found.level)), 6), round(abs(found.trend), 6)
    (0.5, 0.0)
    """
    x, n = np.asarray(events, dtype=np.float64), np.asarray(exposure, dtype=np.float64)
    when = np.asarray(months, dtype=np.float64)
    since = (when - start) / MONTHS_IN_YEAR
    after = (when >= start).astype(np.float64)
    design = np.column_stack([np.ones(len(x)), (when - when[0]) / MONTHS_IN_YEAR, after, after * since])
    fit = poisson_regression(x, n, design, clusters=np.arange(len(x)))
    if fit is None:
        return None
    fitted = n * np.exp(design @ fit.coefficients)
    weights = np.sqrt(fitted)
    residuals, columns = (x - fitted) / weights, design * weights[:, None]
    shifts, variances = _weigh_correlations(residuals, columns, when)
    coefficients, errors = fit.coefficients + shifts, np.sqrt(variances)
    level, trend = ((float(coefficients[place]), float(errors[place])) for place in (LEVEL, TREND))
    return Interruption(*level, *trend, fit.residual_freedom)


def as_factor(log: float, error: float, freedom: int, *, confidence: float = 0.95) -> Change:
    """Turn a log and its error into a factor with its interval (Student's t).

    Source: as `interrupt`.

    >>> as_factor(0.0, 0.1, 20).value
    1.0
    """
    reach = float(stdtrit(freedom, (1 + confidence) / 2)) * error
    return Change(*(float(np.exp(value)) for value in (log, log - reach, log + reach)))


def contrast(group: Interruption, reference: Interruption) -> Interruption:
    """Set the changes of a group against those of the reference group over the same months.

    Logs are subtracted, variances added: as if the two varied apart. Where both rise and fall together, as
    searches do, the intervals are too wide rather than too narrow.

    Source: as `interrupt` (a controlled interrupted time series).

    >>> one = Interruption(0.5, 0.3, 0.0, 0.1, 20)
    >>> contrast(one, Interruption(0.2, 0.4, 0.0, 0.1, 20)).level_error
    0.5
    """
    return Interruption(
        group.level - reference.level,
        float(np.hypot(group.level_error, reference.level_error)),
        group.trend - reference.trend,
        float(np.hypot(group.trend_error, reference.trend_error)),
        min(group.freedom, reference.freedom),
    )


def _weigh_correlations(residuals: FloatArray, columns: FloatArray, when: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Give the mean shift of the coefficients over all correlations, and their variance: within and between them."""
    freedom = len(residuals) - columns.shape[1]
    white, log_sizes = _whiten(np.column_stack([columns, residuals]), when)
    x, y = white[..., :-1], white[..., -1:]
    inner = x.mT @ x
    shifts = np.linalg.solve(inner, x.mT @ y)
    squares = np.square(y - x @ shifts).sum(axis=(1, 2))
    variances = np.maximum(squares / freedom, 1.0)[:, None] * np.diagonal(np.linalg.inv(inner), axis1=1, axis2=2)
    smallest = np.finfo(np.float64).tiny
    likelihoods = -(log_sizes + np.linalg.slogdet(inner)[1] + freedom * np.log(np.maximum(squares, smallest))) / 2
    weights = np.exp(likelihoods - likelihoods.max())
    weights /= weights.sum()
    mean = weights @ shifts[..., 0]
    return mean, weights @ variances + weights @ np.square(shifts[..., 0] - mean)


def _whiten(rows: FloatArray, when: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Take out of each month what the month before it foretells, for every correlation; and log |correlations|."""
    foretold = CORRELATIONS[:, None] ** np.diff(when)
    left = 1 - np.square(foretold)
    later = (rows[1:] - foretold[..., None] * rows[:-1]) / np.sqrt(left)[..., None]
    first = np.broadcast_to(rows[:1], (len(CORRELATIONS), 1, rows.shape[1]))
    return np.concatenate([first, later], axis=1), np.log(left).sum(axis=1)
