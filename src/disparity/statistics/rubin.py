"""Pooling of what multiple imputations of the same data give."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from disparity.statistics.intervals import FloatArray, as_floats

TAIL = 0.025


class Pooled(NamedTuple):
    """A pooled estimate, its limits, the share of its information that is missing and the error filling in adds."""

    estimate: FloatArray
    lower: FloatArray
    upper: FloatArray
    fraction_missing: FloatArray
    added_error: FloatArray


def pool_rubin(estimates: npt.ArrayLike, variances: npt.ArrayLike, complete_freedom: npt.ArrayLike) -> Pooled:
    """Make one estimate and one 95% interval out of those of m completed data sets.

    estimate = mean of the estimates; total variance T = W + (1 + 1/m) B, with W the mean of their variances
    and B the variance between them; limits = estimate ± t √T, with t of f degrees of freedom,
    1/f = 1/f_m + 1/f_obs, f_m = (m - 1) / λ², f_obs = (f_com + 1) / (f_com + 3) f_com (1 - λ),
    λ = (1 + 1/m) B / T; fraction of missing information = (r + 2 / (f_m + 3)) / (r + 1), r = λ / (1 - λ);
    added error = √((1 + 1/m) B)

    Args:
        estimates: one row for each imputation (two at least), in a unit in which they are about normal.
        variances: of the same shape: what chance alone does to each estimate.
        complete_freedom: f_com, the degrees of freedom if nothing were missing.

    Returns:
        Estimate and limits in the unit of the estimates; the fraction as a share of 1, where 0 means that
        nothing is lost by what is missing; the added error, the part of the standard error that is from filling in
        alone, in the unit of the estimates. NaN where an estimate is not finite or a variance is not above zero.

    Source: Rubin (1987), 3.1; Barnard and Rubin (1999).

    >>> pooled = pool_rubin([0.9, 1.0, 1.1], [0.04, 0.04, 0.04], 100)
    >>> [round(float(value), 4) for value in pooled]
    [1.0, 0.5214, 1.4786, 0.2929, 0.1155]
    """
    each, variance = as_floats(estimates, variances)
    m = len(each)
    complete = np.asarray(complete_freedom, dtype=np.float64)
    is_defined = np.isfinite(each).all(axis=0) & (variance > 0).all(axis=0)
    each, variance = np.where(is_defined, each, 0.0), np.where(is_defined, variance, 1.0)
    estimate, within = each.mean(axis=0), variance.mean(axis=0)
    between = (each - each[0]).var(axis=0, ddof=1)  # exactly none where all agree
    total = within + (1 + 1 / m) * between
    missing = (1 + 1 / m) * between / total
    increase = (1 + 1 / m) * between / within
    with np.errstate(divide="ignore", over="ignore"):
        imputed = (m - 1) / missing**2  # infinite where the imputations agree, or all but
        observed = (complete + 1) / (complete + 3) * complete * (1 - missing)
        freedom = 1 / (1 / imputed + 1 / observed)
    reach = -special.stdtrit(freedom, TAIL) * np.sqrt(total)
    fraction = (increase + 2 / (imputed + 3)) / (increase + 1)
    return Pooled(
        *(
            np.where(is_defined & (complete > 0), value, np.nan)
            for value in (estimate, estimate - reach, estimate + reach, fraction, np.sqrt((1 + 1 / m) * between))
        )
    )
