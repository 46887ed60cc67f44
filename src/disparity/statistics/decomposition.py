"""What part of a ratio of rates, or of a gap between shares, lies inside the strata and what between them.

Strata (forces, areas, types of search) lie on the last axis of every array; a stratum of zeros adds nothing,
so rows with fewer strata are padded with zeros. NaN means that a figure is undefined.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from disparity.statistics.intervals import FloatArray, as_floats, newcombe_difference, rate_ratio_exact
from disparity.statistics.stratified import mantel_haenszel_rate_ratio

Z_95 = -float(special.ndtri(0.025))


class Estimate(NamedTuple):
    """A value with its 95% limits, each an array."""

    value: FloatArray
    lower: FloatArray
    upper: FloatArray


class RateStrata(NamedTuple):
    """Events and exposure of a group and of the reference group, stratum by stratum."""

    events: npt.ArrayLike
    exposure: npt.ArrayLike
    reference_events: npt.ArrayLike
    reference_exposure: npt.ArrayLike


class ShareStrata(NamedTuple):
    """Successes and trials of a group and of the reference group, stratum by stratum."""

    successes: npt.ArrayLike
    trials: npt.ArrayLike
    reference_successes: npt.ArrayLike
    reference_trials: npt.ArrayLike


class RatioParts(NamedTuple):
    """A ratio of rates, its two parts, and the ratio common to all strata."""

    crude: Estimate
    within: Estimate
    between: Estimate
    mantel_haenszel: Estimate


class GapParts(NamedTuple):
    """A gap between two shares, its two parts, and the first of them stratum by stratum."""

    gap: Estimate
    rate_effect: Estimate
    mix_effect: Estimate
    rate_effects: Estimate


def split_rate_ratio(strata: RateStrata) -> RatioParts:
    """Split a ratio of rates into what lies within the strata and what lies between them.

    With N events and P exposure of group c and reference r in stratum f:
    expected = sum of P_cf N_rf / P_rf, what the group's events would be at the reference's rates;
    within = N_c / expected; between = expected / (P_c N_r / P_r); crude = within x between, exactly.
    Mantel-Haenszel ratio = sum of N_cf P_rf / P_f over sum of N_rf P_cf / P_f, P_f = P_cf + P_rf.

    Limits: crude, exact on the total; within and between, delta method on the log with Poisson counts:
    1 / N_c + sum of (P_cf / P_rf)² N_rf / expected², and sum of N_rf (P_cf / (P_rf expected) - 1 / N_r)²;
    Mantel-Haenszel, Greenland and Robins.

    Returns:
        Ratios without unit; 1 is the same rate, no part. A stratum without exposure of the reference has
        no expected value: it is left out, of the crude ratio too. NaN where nothing is expected or the
        reference has no event (the crude ratio keeps its exact lower limit); 0 has no limits but the crude one's.

    Source: Kitagawa (1955) and Das Gupta (1978) on products of components; Mantel and Haenszel (1959);
    Greenland and Robins (1985).

    >>> strata = RateStrata([30, 20], [1_000, 3_000], [100, 50], [10_000, 20_000])
    >>> parts = split_rate_ratio(strata)
    >>> [round(float(part.value), 4) for part in parts]
    [2.5, 2.8571, 0.875, 2.8608]
    >>> [round(float(limit), 4) for limit in parts.within[1:]]
    [2.0712, 3.9413]
    """
    kept = _keep_reference(strata)
    crude, within, between, common = _measure_parts(kept)
    exact = rate_ratio_exact(*(values.sum(axis=-1) for values in kept))
    return RatioParts(
        Estimate(crude.value, *(_finite(limit) for limit in exact)),
        *(_limit_on_log(part) for part in (within, between, common)),
    )


def split_ratio_change(earlier: RateStrata, later: RateStrata) -> RatioParts:
    """Split the change of a ratio of rates between two periods into the changes of its parts.

    later crude / earlier crude = (later within / earlier within) x (later between / earlier between), exactly.
    Limits: delta method on the log; counts of the two periods are independent, so variances add up.

    Returns:
        Ratios of ratios without unit; 1 is no change. NaN where either period's part is NaN or 0.

    Source: as `split_rate_ratio`.

    >>> first = RateStrata([30, 20], [1_000, 3_000], [100, 50], [10_000, 20_000])
    >>> second = RateStrata([60, 20], [1_000, 3_000], [100, 50], [10_000, 20_000])
    >>> [round(float(part.value), 4) for part in split_ratio_change(first, second)[:3]]
    [1.6, 1.6, 1.0]
    """
    parts = zip(_measure_parts(_keep_reference(earlier)), _measure_parts(_keep_reference(later)), strict=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        changes = [_Spread(_finite(new.value / old.value), old.variance + new.variance) for old, new in parts]
    return RatioParts(*map(_limit_on_log, changes))


def split_share_gap(strata: ShareStrata) -> GapParts:
    """Split the gap between two shares into different rates in the same strata, and different strata.

    With h the share of successes in stratum k and s the stratum's share of the trials, of group 1 and 2:
    rate effect = sum of (s1 + s2) / 2 x (h1 - h2); mix effect = sum of (h1 + h2) / 2 x (s1 - s2);
    gap = rate effect + mix effect, exactly. In a stratum that one group has no trial in, its h is taken to be
    the other's: all of that stratum is mix.

    Limits: gap, Newcombe; the parts, delta method with multinomial strata and binomial successes.

    Returns:
        Shares of 1 (0.05 is five percentage points); 0 is no gap. `rate_effects` is the rate effect stratum by
        stratum, without limits where a group has no trial. NaN where a group has no trials.

    Source: Kitagawa (1955).

    >>> parts = split_share_gap(ShareStrata([30, 10], [100, 100], [50, 60], [100, 300]))
    >>> [round(float(part.value), 4) for part in parts[:3]]
    [-0.075, -0.1375, 0.0625]
    """
    x1, n1, x2, n2 = as_floats(*strata)
    one, two = _mix(x1, n1, x2, n2), _mix(x2, n2, x1, n1)
    half_gap, middle = (one.rate - two.rate) / 2, (one.rate + two.rate) / 2
    weight, shift = (one.share + two.share) / 2, one.share - two.share
    is_shared = (n1 > 0) & (n2 > 0)
    # How far each part follows the rates. Where one group's rate stands for both, only the mix does, and twice.
    rate_slope, mix_slope = np.where(is_shared, weight, 0.0), np.where(is_shared, shift / 2, shift)
    of_rates = rate_slope**2 * (one.variance + two.variance)
    rate_variance = of_rates.sum(axis=-1) + _vary(one, half_gap) + _vary(two, half_gap)
    of_mixes = mix_slope**2 * (one.variance + two.variance)
    mix_variance = of_mixes.sum(axis=-1) + _vary(one, middle) + _vary(two, middle)
    in_stratum = of_rates + half_gap**2 * sum(side.share * (1 - side.share) / side.total for side in (one, two))
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = (x1.sum(axis=-1) / n1.sum(axis=-1)) - (x2.sum(axis=-1) / n2.sum(axis=-1))
    return GapParts(
        Estimate(gap, *newcombe_difference(*(values.sum(axis=-1) for values in (x1, n1, x2, n2)))),
        _limit((2 * weight * half_gap).sum(axis=-1), rate_variance),
        _limit((middle * shift).sum(axis=-1), mix_variance),
        _limit(2 * weight * half_gap, np.where(is_shared, in_stratum, np.nan)),
    )


class _Spread(NamedTuple):
    """A positive value and the variance of its log."""

    value: FloatArray
    variance: FloatArray


class _Mix(NamedTuple):
    """Rates and shares of one group's strata, the variance of each rate, and the group's trials."""

    rate: FloatArray
    share: FloatArray
    variance: FloatArray
    total: FloatArray


def _mix(successes: FloatArray, trials: FloatArray, other_successes: FloatArray, other_trials: FloatArray) -> _Mix:
    total = trials.sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        other = np.where(other_trials > 0, other_successes / other_trials, 0.0)
        rate = np.where(trials > 0, successes / trials, other)
        variance = np.where(trials > 0, rate * (1 - rate) / trials, 0.0)
        return _Mix(rate, trials / total, variance, np.where(total > 0, total, np.nan))


def _vary(side: _Mix, slopes: FloatArray) -> FloatArray:
    """Give the variance of the sum of slopes x shares, the shares being of a multinomial."""
    spread = (side.share * slopes**2).sum(axis=-1) - (side.share * slopes).sum(axis=-1) ** 2
    return np.asarray(spread / side.total[..., 0])


def _keep_reference(strata: RateStrata) -> tuple[FloatArray, ...]:
    """Make zeros of the strata in which the reference has no exposure."""
    arrays = as_floats(*strata)
    return tuple(np.where(arrays[3] > 0, values, 0.0) for values in arrays)


def _measure_parts(strata: tuple[FloatArray, ...]) -> tuple[_Spread, _Spread, _Spread, _Spread]:
    """Give crude, within, between and the Mantel-Haenszel ratio."""
    n1, t1, n2, t2 = strata
    events, exposure, others, other_exposure = (values.sum(axis=-1) for values in strata)
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(t2 > 0, t1 / t2, 0.0)
        expected = (weight * n2).sum(axis=-1)
        at_one_rate = exposure * others / other_exposure
        within_variance = 1 / events + (weight**2 * n2).sum(axis=-1) / expected**2
        between_variance = (n2 * (weight / expected[..., None] - 1 / others[..., None]) ** 2).sum(axis=-1)
        common = mantel_haenszel_rate_ratio(n1, t1, n2, t2)
        common_variance = (np.log(common.upper / common.estimate) / Z_95) ** 2
        return (
            _Spread(_finite(events / at_one_rate), 1 / events + 1 / others),
            _Spread(_finite(events / expected), within_variance),
            _Spread(_finite(expected / at_one_rate), between_variance),
            _Spread(_finite(common.estimate), common_variance),
        )


def _limit(value: FloatArray, variance: FloatArray) -> Estimate:
    # What is left of a variance of nothing can be a rounding error below zero.
    reach = Z_95 * np.sqrt(np.maximum(variance, 0.0))
    return Estimate(value, value - reach, value + reach)


def _limit_on_log(part: _Spread) -> Estimate:
    has_limits = np.isfinite(part.variance) & (part.value > 0)
    reach = np.exp(Z_95 * np.sqrt(np.where(has_limits, part.variance, np.nan)))
    return Estimate(part.value, part.value / reach, part.value * reach)


def _finite(values: FloatArray) -> FloatArray:
    return np.where(np.isfinite(values), values, np.nan)
