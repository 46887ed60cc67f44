"""Decompositions against hand-worked tables, resampling and the laws they obey."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from disparity.statistics.decomposition import (
    RateStrata,
    ShareStrata,
    split_rate_ratio,
    split_ratio_change,
    split_share_gap,
)

# Home Office, year ending March 2025 and Census 2021: Lancashire; Nottinghamshire with South Yorkshire.
# The three together are 1,112 of 86,222 Black and 21,008 of 3,512,253 White residents: ratio 2.1562.
THREE_FORCES = RateStrata([314, 798], [10_096, 76_126], [13_093, 7_915], [1_325_538, 2_186_715])


def value_of(estimate):
    return float(estimate.value)


def exactly(strata):
    """Within and between in fractions."""
    rows = [tuple(map(Fraction, row)) for row in zip(*strata, strict=True)]
    expected = sum(p * other / q for _, p, other, q in rows)
    events, exposure, others, reference = (sum(column) for column in zip(*rows, strict=True))
    return float(events / expected), float(expected / (exposure * others / reference))


# Ratios of rates


def test_a_ratio_over_three_forces_is_split_as_worked_by_hand():
    """Expected 10,096 x 13,093 / 1,325,538 + 76,126 x 7,915 / 2,186,715 = 99.7238 + 275.5460."""
    parts = split_rate_ratio(THREE_FORCES)
    assert f"{value_of(parts.crude):.4f}" == "2.1562"
    assert value_of(parts.within) == pytest.approx(1_112 / 375.2692, rel=1e-5)
    assert [value_of(parts.within), value_of(parts.between)] == pytest.approx(exactly(THREE_FORCES), rel=1e-12)


def test_where_the_reference_is_searched_more_the_group_lives_there():
    """Rates 2 and 8 per 1,000 in both groups: no difference within, all of 1.625 between.

    Group: 1,000 and 3,000 residents, 26 searches; reference: 10,000 and 5,000 residents, 60 searches.
    """
    parts = split_rate_ratio(RateStrata([2, 24], [1_000, 3_000], [20, 40], [10_000, 5_000]))
    assert value_of(parts.within) == pytest.approx(1)
    assert value_of(parts.between) == pytest.approx(26 / 4_000 / (60 / 15_000))
    assert value_of(parts.mantel_haenszel) == pytest.approx(1)


def test_limits_of_the_parts_are_worked_by_hand():
    """within: 1 / 50 + (0.1² x 100 + 0.15² x 50) / 17.5² = 0.0269388.

    between: 100 (0.1 / 17.5 - 1 / 150)² + 50 (0.15 / 17.5 - 1 / 150)² = 0.00027211.
    Mantel-Haenszel: (1e7 x 130 / 11,000² + 6e7 x 70 / 23,000²) / (44.664032 x 15.612648) = 0.0267935.
    """
    parts = split_rate_ratio(RateStrata([30, 20], [1_000, 3_000], [100, 50], [10_000, 20_000]))
    for part, variance in [
        (parts.within, 0.0269388),
        (parts.between, 0.00027211),
        (parts.mantel_haenszel, 0.0267935),
    ]:
        reach = 1.959964 * variance**0.5
        assert np.log(part.upper / part.value) == pytest.approx(reach, rel=1e-4)
        assert np.log(part.value / part.lower) == pytest.approx(reach, rel=1e-4)


def test_a_stratum_without_reference_is_left_out_of_every_part():
    plain = split_rate_ratio(THREE_FORCES)
    more = split_rate_ratio(
        RateStrata(*([*values, extra] for values, extra in zip(THREE_FORCES, (9, 50, 0, 0), strict=True)))
    )
    assert np.array_equal(plain, more)


def test_a_stratum_in_which_nobody_of_the_reference_is_searched_stays():
    """Expected 10 there is none, and 4 x 50 / 200 = 1: within 6 / 1, crude (6 / 14) / (50 / 300)."""
    parts = split_rate_ratio(RateStrata([2, 4], [10, 4], [0, 50], [100, 200]))
    assert value_of(parts.within) == pytest.approx(6)
    assert value_of(parts.crude) == pytest.approx(6 / 14 / (50 / 300))


def test_one_stratum_has_nothing_between():
    parts = split_rate_ratio(RateStrata([20], [1_000], [60], [6_000]))
    assert [float(limit) for limit in parts.between] == pytest.approx([1, 1, 1])
    assert value_of(parts.within) == value_of(parts.crude) == pytest.approx(2)


@pytest.mark.parametrize(
    "strata",
    [([3], [10], [0], [10]), ([3], [10], [5], [0]), ([], [], [], [])],
    ids=["no event of the reference", "no exposure of the reference", "no stratum"],
)
def test_parts_without_a_reference_are_undefined(strata):
    assert np.isnan([part.value for part in split_rate_ratio(RateStrata(*strata))]).all()


def test_no_event_of_the_group_is_a_ratio_of_zero_and_only_the_exact_limits_are_defined():
    parts = split_rate_ratio(RateStrata([0, 0], [10, 10], [4, 5], [10, 10]))
    assert [value_of(part) for part in parts] == [0, 0, 1, 0]
    assert float(parts.crude.lower) == 0
    assert parts.crude.upper > 0
    assert np.isnan([parts.within[1:], parts.mantel_haenszel[1:]]).all()


counts = st.integers(1, 2_000)
rate_strata = st.lists(st.tuples(counts, counts, counts, counts), min_size=1, max_size=6).map(
    lambda rows: RateStrata(*np.array(rows, float).T)
)


@given(rate_strata)
def test_crude_is_within_times_between_and_limits_hold_their_value(strata):
    parts = split_rate_ratio(strata)
    assert parts.crude.value == pytest.approx(parts.within.value * parts.between.value, rel=1e-12)
    assert [value_of(parts.within), value_of(parts.between)] == pytest.approx(exactly(strata), rel=1e-9)
    for part in parts:
        assert part.lower <= part.value * (1 + 1e-12)
        assert part.value <= part.upper * (1 + 1e-12)


@given(rate_strata)
def test_swapping_group_and_reference_inverts_the_mantel_haenszel_ratio(strata):
    own, other = (
        split_rate_ratio(strata).mantel_haenszel,
        split_rate_ratio(RateStrata(strata[2], strata[3], strata[0], strata[1])).mantel_haenszel,
    )
    assert [float(own.value), float(own.lower)] == pytest.approx([1 / other.value, 1 / other.upper])


@given(rate_strata, rate_strata)
def test_the_change_of_a_ratio_is_the_product_of_the_changes_of_its_parts(earlier, later):
    changes = split_ratio_change(earlier, later)
    assert changes.crude.value == pytest.approx(changes.within.value * changes.between.value, rel=1e-12)


def test_the_change_of_a_ratio_has_the_uncertainty_of_both_years():
    """Crude: √(1 / 60 + 1 / 30 + 1 / 100 + 1 / 100) x 1.959964 on the log."""
    first, second = RateStrata([30], [10], [100], [50]), RateStrata([60], [10], [100], [50])
    change = split_ratio_change(first, second).crude
    assert value_of(change) == pytest.approx(2)
    assert np.log(change.upper / 2) == pytest.approx(1.959964 * (1 / 60 + 1 / 30 + 2 / 100) ** 0.5, rel=1e-6)


def test_rows_of_strata_are_split_apart_from_each_other():
    both = RateStrata(*(np.stack([values, values[::-1]]) for values in map(np.array, THREE_FORCES)))
    assert split_rate_ratio(both).within.value == pytest.approx([2.963205] * 2, rel=1e-5)


def test_limits_are_those_of_a_bootstrap_of_months():
    """600 months of Poisson counts in three areas, drawn 2,000 times by month with replacement."""
    random = np.random.default_rng(20_241)
    exposure, reference_exposure = np.array([3_600.0, 10_000, 1_600]), np.array([160_000.0, 120_000, 360_000])
    months = random.poisson(exposure * [0.06, 0.03, 0.05] / 600, (600, 3)).astype(float)
    others = random.poisson(reference_exposure * [0.010, 0.012, 0.004] / 600, (600, 3)).astype(float)
    # Independent draws of the two groups: the formula takes their counts to be independent.
    drawn, drawn_others = (series[random.integers(0, 600, (2_000, 600))].sum(axis=1) for series in (months, others))
    again = split_rate_ratio(RateStrata(drawn, exposure, drawn_others, reference_exposure))
    parts = split_rate_ratio(RateStrata(months.sum(axis=0), exposure, others.sum(axis=0), reference_exposure))
    for part, resampled in [(parts.within, again.within), (parts.between, again.between)]:
        lower, upper = np.quantile(resampled.value, [0.025, 0.975])
        assert np.log(part.upper / part.lower) == pytest.approx(np.log(upper / lower), rel=0.1)


# Gaps between shares


def test_a_gap_is_split_into_rates_and_mix_as_worked_by_hand():
    """Shares of the trials 1/2, 1/2 and 1/4, 3/4; successes 30%, 10% and 50%, 20%: 20% - 27.5%.

    Rates: 3/8 (-0.2) + 5/8 (-0.1) = -0.1375; mix: 0.4 x 1/4 - 0.15 x 1/4 = 0.0625.
    """
    parts = split_share_gap(ShareStrata([30, 10], [100, 100], [50, 60], [100, 300]))
    assert [value_of(part) for part in parts[:3]] == pytest.approx([-0.075, -0.1375, 0.0625])
    assert parts.rate_effects.value == pytest.approx([-0.075, -0.0625])


def test_a_stratum_that_one_group_has_no_trial_in_is_all_mix():
    """Successes 30% in the stratum of both; the reference alone has a second one, half of its trials, at 50%.

    Mix: 0.3 x 1/2 - 0.5 x 1/2 = -0.1, the whole gap of 30% - 40%.
    """
    parts = split_share_gap(ShareStrata([30, 0], [100, 0], [30, 50], [100, 100]))
    assert value_of(parts.rate_effect) == 0
    assert value_of(parts.mix_effect) == pytest.approx(-0.1)
    assert np.isnan(parts.rate_effects.lower).tolist() == [False, True]


def test_one_stratum_is_all_rate_with_the_variance_of_two_proportions():
    """0.3 x 0.7 / 100 + 0.2 x 0.8 / 50 = 0.0053."""
    parts = split_share_gap(ShareStrata([30], [100], [10], [50]))
    assert [float(value) for value in parts.mix_effect] == pytest.approx([0, 0, 0], abs=1e-12)
    assert float(parts.rate_effect.upper - parts.rate_effect.value) == pytest.approx(1.959964 * 0.0053**0.5, rel=1e-6)


def test_a_gap_without_trials_is_undefined():
    assert np.isnan(split_share_gap(ShareStrata([0, 0], [0, 0], [1, 2], [5, 5])).gap).all()


share_strata = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=6
).map(lambda rows: np.array([(a, a + b, c, c + d) for a, b, c, d in rows], float).T)


@given(share_strata)
def test_the_gap_is_the_rate_effect_plus_the_mix_effect(arrays):
    found, searches, others, reference = (values.sum() for values in arrays)
    parts = split_share_gap(ShareStrata(*arrays))
    if searches and reference:
        gap = found / searches - others / reference
        assert value_of(parts.rate_effect) + value_of(parts.mix_effect) == pytest.approx(gap, abs=1e-12)
        assert parts.rate_effects.value.sum() == pytest.approx(value_of(parts.rate_effect), abs=1e-12)
    else:
        assert np.isnan(parts.gap.value)


@given(share_strata)
def test_swapping_group_and_reference_turns_the_parts_round(arrays):
    own, other = split_share_gap(ShareStrata(*arrays)), split_share_gap(ShareStrata(*arrays[[2, 3, 0, 1]]))
    for part, turned in zip(own[:3], other[:3], strict=True):
        assert np.allclose(part, [-turned.value, -turned.upper, -turned.lower], atol=1e-12, equal_nan=True)


def test_limits_of_the_effects_are_those_of_a_bootstrap_of_searches():
    """2,000 searches and 5,000 of the reference over three types, drawn anew 4,000 times."""
    random = np.random.default_rng(7)
    found, missed = np.array([120, 60, 12]), np.array([880, 540, 388])
    others, others_missed = np.array([700, 200, 80]), np.array([2_300, 800, 920])
    cells, other_cells = np.concatenate([found, missed]), np.concatenate([others, others_missed])
    drawn, drawn_others = (
        random.multinomial(values.sum(), values / values.sum(), 4_000).astype(float) for values in (cells, other_cells)
    )
    again = split_share_gap(
        ShareStrata(
            drawn[:, :3], drawn[:, :3] + drawn[:, 3:], drawn_others[:, :3], drawn_others[:, :3] + drawn_others[:, 3:]
        )
    )
    parts = split_share_gap(ShareStrata(found, found + missed, others, others + others_missed))
    for part, resampled in [(parts.rate_effect, again.rate_effect), (parts.mix_effect, again.mix_effect)]:
        lower, upper = np.quantile(resampled.value, [0.025, 0.975])
        assert float(part.upper - part.lower) == pytest.approx(upper - lower, rel=0.06)
    lower, upper = np.quantile(again.rate_effects.value, [0.025, 0.975], axis=0)
    assert parts.rate_effects.upper - parts.rate_effects.lower == pytest.approx(upper - lower, rel=0.06)
