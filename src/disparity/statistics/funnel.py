"""Funnel limits: how far from a common target chance, and differences beyond chance, would carry a value.

Values are judged on a scale on which chance spreads them alike whatever the target: shares on the
arcsine-square-root scale, ratios of rates on the log scale. Array-likes in, arrays out; NaN is undefined.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from disparity.statistics.intervals import FloatArray, Interval, as_floats

# Share of the z-scores at either end that is pulled in before their spread is measured.
WINSORISED = 0.1
_CUT = float(special.ndtri(1 - WINSORISED))
# What z² averages after winsorising, z standard normal: what is left inside, and both ends at the cut.
WINSORISED_SQUARE = (
    1 - 2 * WINSORISED - 2 * _CUT * float(np.exp(-(_CUT**2) / 2) / np.sqrt(2 * np.pi)) + 2 * WINSORISED * _CUT**2
)
Z_95, Z_998 = (float(special.ndtri(tail)) for tail in (0.975, 0.999))


@dataclass(frozen=True)
class Scale:
    """The scale on which values are judged; `variance` is that of chance there, at a precision."""

    to: Callable[[FloatArray], FloatArray]
    back: Callable[[FloatArray], FloatArray]
    variance: Callable[[FloatArray], FloatArray]


# Freeman and Tukey (1950): the precision of a share is its number of trials.
SHARES = Scale(
    lambda share: np.asarray(np.arcsin(np.sqrt(share))),
    lambda angle: np.asarray(np.sin(np.clip(angle, 0, np.pi / 2)) ** 2),
    lambda trials: 1 / (4 * trials),
)
# The precision of a ratio is the number of events that it rests on, `count_effective_events`.
RATIOS = Scale(lambda ratio: np.asarray(np.log(ratio)), lambda y: np.asarray(np.exp(y)), lambda events: 1 / events)


class Dispersion(NamedTuple):
    """How much more the values differ than chance alone would make them."""

    phi: float
    tau: float


def count_effective_events(
    events: npt.ArrayLike, exposure1: npt.ArrayLike, exposure2: npt.ArrayLike, ratio: npt.ArrayLike
) -> FloatArray:
    """Give the number of events that a ratio of two rates rests on, if the true ratio were `ratio`.

    precision = 1 / (1 / e1 + 1 / e2), where e1 = M s and e2 = M (1 - s) are the events expected of either
    group, M = `events` of both together and s = ratio x exposure1 / (ratio x exposure1 + exposure2)

    1 / precision is the variance of the log of the ratio, given M. Where the reference group is much the
    larger, precision is close to the events expected of the group. By the expected, not the observed
    events, so that a force does not move sideways in the funnel because its value is high or low.

    Returns:
        Events; NaN where an exposure, the ratio or the events are not above zero.

    Source: Spiegelhalter (2005), ratios of rates; Przyborowski and Wilenski (1940) for the condition on M.

    >>> count_effective_events(300, 1_000, 2_000, 4).round(2).tolist()
    66.67
    """
    total, t1, t2, r = as_floats(events, exposure1, exposure2, ratio)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = r * t1 / (r * t1 + t2)
        precision = total * share * (1 - share)
    return np.where((total > 0) & (t1 > 0) & (t2 > 0) & (r > 0), precision, np.nan)


def score_deviations(
    values: npt.ArrayLike, precision: npt.ArrayLike, target: float, scale: Scale, tau: float = 0.0
) -> FloatArray:
    """Give how many standard errors each value lies above the target.

    z = (y - y0) / √(v + τ²), where y and y0 are value and target on the scale, v the variance of chance
    there (1 / (4n) for a share of n trials, 1 / precision for a ratio) and τ what `measure_dispersion` found

    Returns:
        z, no unit; 0 at the target. NaN where the precision is not above zero.

    Source: Spiegelhalter (2005a), Funnel plots; Spiegelhalter (2005b), Handling over-dispersion.

    >>> score_deviations([0.3, 0.2], [400, 100], 0.2, SHARES).round(4).tolist()
    [4.6397, 0.0]
    """
    value, size = as_floats(values, precision)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (scale.to(value) - scale.to(np.asarray(target))) / np.sqrt(scale.variance(size) + tau**2)
    return np.where(size > 0, z, np.nan)


def measure_dispersion(z: npt.ArrayLike, variance: npt.ArrayLike) -> Dispersion:
    """Give how much more a set of values differs than chance alone would make it.

    φ = Σ z² / I / 0.679 over the I values, the lowest and highest tenth of the z-scores first pulled in to the
    tenth and the nine-tenth quantile (winsorised), so that a few outlying values do not make room for
    themselves. τ as in `between_variance`

    0.679 is what the square of a normal deviate averages after winsorising. The formula is usually printed
    without it; limits named 95% then hold 88% of forces that differ normally.

    φ is the multiplicative model: limits √φ times as wide as chance makes them, as if every search counted
    for less. τ is the additive one: true values differ by a standard deviation of τ, however many searches
    they rest on.

    Returns:
        phi: no unit; 1 is chance alone. tau: on the scale of the z-scores; 0 is chance alone.

    Source: Spiegelhalter (2005b).

    >>> phi, tau = measure_dispersion([-2, 2, -2, 2, -2, 2], [0.01] * 6)
    >>> round(phi, 4), round(tau, 4)
    (5.894, 0.2464)
    """
    scores, variances = as_floats(z, variance)
    low, high = np.quantile(scores, [WINSORISED, 1 - WINSORISED])
    phi = float(np.mean(np.clip(scores, low, high) ** 2)) / WINSORISED_SQUARE
    return Dispersion(phi, float(np.sqrt(between_variance(phi, variances))))


def between_variance(phi: float, variance: npt.ArrayLike) -> float:
    """Give the variance of true values that makes their z² average φ, where the variances of chance are these.

    τ² = (I φ - (I - 1)) / (Σw - Σw² / Σw), w = 1 / variance, and 0 where that is negative

    Returns:
        τ², on the scale of the values, squared.

    Source: DerSimonian and Laird (1986), with I φ for their Q; Spiegelhalter (2005b).

    >>> round(between_variance(4, [0.01] * 6), 4)
    0.038
    """
    (variances,) = as_floats(variance)
    weight = 1 / variances
    room = float(weight.sum() - (weight**2).sum() / weight.sum())
    return max((variances.size * phi - (variances.size - 1)) / room, 0.0)


def funnel_limits(precision: npt.ArrayLike, target: float, scale: Scale, *, z: float, tau: float = 0.0) -> Interval:
    """Give the limits within which a value of this precision lies, were its true value like the others'.

    limits = the values whose place on the scale is y0 ± z √(v + τ²); see `score_deviations`

    Returns:
        Limits in the unit of the target; z 1.96 gives 95%, 3.09 gives 99.8% limits. NaN where the precision
        is not above zero.

    Source: Spiegelhalter (2005a).

    >>> lower, upper = funnel_limits([100, 400], 0.2, SHARES, z=Z_95)
    >>> lower.round(4).tolist(), upper.round(4).tolist()
    ([0.1278, 0.1623], [0.2836, 0.2406])
    """
    (size,) = as_floats(precision)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = z * np.sqrt(scale.variance(size) + tau**2)
    centre = scale.to(np.asarray(target, dtype=np.float64))
    limits = (np.where(size > 0, scale.back(centre + side * reach), np.nan) for side in (-1, 1))
    return Interval(*limits)
