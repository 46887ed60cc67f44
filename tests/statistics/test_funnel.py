"""Funnel limits: formulas by hand, published meta-analyses, and what they do where nothing differs."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from disparity.statistics.funnel import (
    RATIOS,
    SHARES,
    Z_95,
    Z_998,
    between_variance,
    count_effective_events,
    funnel_limits,
    measure_dispersion,
    score_deviations,
)

# Borenstein, Hedges, Higgins and Rothstein (2009), Introduction to Meta-Analysis, table 14.1: mean, standard
# deviation and size of the treated, then of the control group, of six studies.
STUDIES = [
    (94, 22, 60, 92, 20, 60),
    (98, 21, 65, 92, 22, 65),
    (98, 28, 40, 88, 26, 40),
    (94, 19, 200, 82, 17, 200),
    (98, 21, 50, 88, 22, 45),
    (96, 21, 85, 92, 22, 85),
]


def test_a_share_is_judged_on_the_arcsine_scale_as_worked_by_hand():
    # 30 of 100 against 20%: (asin √0.3 - asin √0.2) / (1 / (2 √100)) = (0.579640 - 0.463648) x 20
    (z,) = score_deviations([0.3], [100], 0.2, SHARES)
    assert z == pytest.approx(2.31984, abs=1e-5)


def test_a_ratio_is_judged_on_the_log_scale_as_worked_by_hand():
    # log(3 / 2) x √25 = 0.405465 x 5
    (z,) = score_deviations([3], [25], 2, RATIOS)
    assert z == pytest.approx(2.027326, abs=1e-6)


def test_over_dispersion_of_true_values_lowers_z():
    # log(3 / 2) / √(0.04 + 0.0225) = 0.405465 / 0.25
    (z,) = score_deviations([3], [25], 2, RATIOS, tau=0.15)
    assert z == pytest.approx(1.621860, abs=1e-6)


def test_precision_is_the_harmonic_sum_of_the_events_expected_of_either_group():
    # Ratio 3 at equal exposures: of 400 events 300 and 100 expected; 1 / (1/300 + 1/100) = 75.
    assert count_effective_events(400, 1, 1, 3) == pytest.approx(75)
    assert np.isnan(count_effective_events([0, 5, 5], [1, 0, 1], [1, 1, 1], [1, 1, 0])).all()


def test_precision_is_the_variance_of_the_log_ratio_that_is_seen_in_draws():
    rng = np.random.default_rng(4)
    own = rng.binomial(2_000, 0.1, size=20_000)
    ratios = own / (2_000 - own)
    precision = count_effective_events(2_000, 1, 9, 1)
    assert np.var(np.log(ratios)) == pytest.approx(1 / precision, rel=0.03)


def test_limits_of_a_share_worked_by_hand():
    # 20% of 100: sin²(0.463648 ± 1.959964 / 20)
    lower, upper = funnel_limits([100], 0.2, SHARES, z=Z_95)
    assert lower[0] == pytest.approx(math.sin(0.463648 - 0.097998) ** 2, abs=1e-6)
    assert upper[0] == pytest.approx(math.sin(0.463648 + 0.097998) ** 2, abs=1e-6)


def test_limits_of_a_ratio_are_a_factor_either_side():
    lower, upper = funnel_limits([64], 2.0, RATIOS, z=Z_998)
    # exp(3.090232 / 8)
    assert upper[0] == pytest.approx(2 * 1.471503, rel=1e-5)
    assert lower[0] * upper[0] == pytest.approx(4)


def test_limits_of_a_share_stay_between_none_and_all():
    lower, upper = funnel_limits([3, 3], 0.02, SHARES, z=Z_998)
    assert (lower == 0).all()
    assert (upper < 1).all()
    assert funnel_limits([2], 0.9, SHARES, z=Z_998).upper[0] == 1


@given(st.floats(0.05, 0.95), st.integers(20, 10_000), st.floats(0, 0.2))
def test_a_value_on_a_limit_has_the_z_of_that_limit(target, trials, tau):
    lower, upper = funnel_limits([trials], target, SHARES, z=1.0, tau=tau)
    if lower[0] > 0 and upper[0] < 1:
        z = score_deviations([lower[0], upper[0]], [trials] * 2, target, SHARES, tau)
        assert z == pytest.approx([-1, 1], abs=1e-6)


def test_the_variance_between_studies_is_that_of_dersimonian_and_laird_as_published():
    m1, s1, n1, m2, s2, n2 = np.array(STUDIES).T
    # Hedges' g and its variance, as the book gives them.
    d = (m1 - m2) / np.sqrt(((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2))
    j = 1 - 3 / (4 * (n1 + n2 - 2) - 1)
    effects, variances = j * d, j**2 * ((n1 + n2) / (n1 * n2) + d**2 / (2 * (n1 + n2)))
    weights = 1 / variances
    mean = float((weights * effects).sum() / weights.sum())
    heterogeneity = float(((effects - mean) ** 2 / variances).sum())
    assert (mean, heterogeneity) == pytest.approx((0.414, 12.003), abs=0.0006)
    assert between_variance(heterogeneity / 6, variances) == pytest.approx(0.0373, abs=5e-5)


def test_outlying_values_do_not_make_room_for_themselves():
    z = np.array([-1.0, 1, -1, 1, -1, 1, -1, 1, -1, 1, 50])
    # The nine-tenth quantile of these eleven is 1, the one-tenth -1.
    phi, _ = measure_dispersion(z, np.full(11, 0.01))
    assert phi == pytest.approx(1 / 0.679, rel=1e-3)


def test_winsorising_is_made_up_for_where_values_are_normal():
    z = np.random.default_rng(6).standard_normal(100_000)
    assert measure_dispersion(z, np.ones(100_000)).phi == pytest.approx(1, abs=0.01)
    assert measure_dispersion(3 * z, np.ones(100_000)).tau == pytest.approx(8**0.5, abs=0.02)


def test_under_dispersion_is_no_difference_between_forces():
    phi, tau = measure_dispersion([0.1, -0.1, 0.1, -0.1], [0.01] * 4)
    assert phi == pytest.approx(0.01 / 0.679, rel=1e-3)
    assert tau == 0


def test_where_nothing_differs_one_force_in_twenty_is_outside_the_95_limits():
    rng = np.random.default_rng(1)
    outside, far_outside = [], []
    for _ in range(400):
        trials = rng.integers(60, 3_000, size=43)
        shares = rng.binomial(trials, 0.22) / trials
        target = float((shares * trials).sum() / trials.sum())
        z = score_deviations(shares, trials, target, SHARES)
        tau = measure_dispersion(z, SHARES.variance(trials.astype(float))).tau
        for z_limit, found in ((Z_95, outside), (Z_998, far_outside)):
            lower, upper = funnel_limits(trials, target, SHARES, z=z_limit, tau=tau)
            found.append(((shares < lower) | (shares > upper)).mean())
    assert 0.03 < np.mean(outside) < 0.05  # a little under: chance makes some room where there is no difference
    assert 0.0005 < np.mean(far_outside) < 0.004


def test_where_forces_differ_limits_without_over_dispersion_name_most_of_them_and_those_with_it_few():
    rng = np.random.default_rng(2)
    chance, adjusted = [], []
    for _ in range(200):
        expected = rng.integers(50, 2_000, size=43)
        ratios = rng.poisson(expected * rng.lognormal(0, 0.4, size=43)) / expected
        z = score_deviations(ratios, expected, 1.0, RATIOS)
        tau = measure_dispersion(z, 1 / expected).tau
        chance.append((abs(z) > Z_95).mean())
        adjusted.append((abs(score_deviations(ratios, expected, 1.0, RATIOS, tau)) > Z_95).mean())
    assert np.mean(chance) > 0.6
    assert np.mean(adjusted) == pytest.approx(0.05, abs=0.01)
