"""Partial pooling: the baseball players, hand-worked ratios, and how often the intervals hold the truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from disparity.statistics.pooling import pool_rates, pool_shares

# Efron and Morris (1977), Stein's paradox in statistics: hits in the first 45 times at bat of 18 players, and the
# James-Stein estimates printed beside them.
HITS = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]
STEIN = [*(0.294, 0.289, 0.284, 0.279, 0.275, 0.275, 0.270, 0.265, 0.261, 0.261), *[0.256] * 5, 0.251, 0.247, 0.242]


def test_the_baseball_players_come_out_as_in_efron_and_morris():
    pooled = pool_shares(HITS, [45] * 18)
    assert pooled.centre == pytest.approx(0.265, abs=0.0005)
    # They print three decimals, and shrink by 0.212; the beta model differs from theirs in the fourth.
    assert pooled.value == pytest.approx(STEIN, abs=0.0015)
    assert (pooled.value[0] - pooled.centre) / (0.4 - pooled.centre) == pytest.approx(0.212, abs=0.005)


def test_ratios_worked_by_hand():
    # Five ratios of 20 expected: 0.5, 0.75, 1, 1.25, 1.5. m = 1, Σ e d² = 20 x 0.625 = 12.5,
    # A = (12.5 - 4) / (100 - 20) = 0.10625, V = 0.05, B = 2/4 x 0.05 / 0.15625 = 0.16
    pooled = pool_rates([10, 15, 20, 25, 30], [20] * 5)
    assert pooled.value == pytest.approx([0.58, 0.79, 1.0, 1.21, 1.42])
    # Variance of the middle one: 1 x 0.84 / 20 + 0.16² x 0.15625 / 5 = 0.0428; gamma with mean 1 is near normal.
    assert (pooled.upper[2] - pooled.lower[2]) / (2 * 1.96) == pytest.approx(0.0428**0.5, rel=0.02)


def test_fewer_searches_are_drawn_further():
    pooled = pool_rates([4, 40, 400, 30, 60], [2, 20, 200, 30, 60])
    assert list(pooled.value[:3]) == sorted(pooled.value[:3])
    assert pooled.centre < pooled.value[0] < 2


@pytest.mark.parametrize("count", [0, 1, 3])
def test_three_values_are_not_pooled(count):
    for pooled in (pool_rates([5] * count, [4] * count), pool_shares([2] * count, [9] * count)):
        assert np.isnan(pooled.value).all()
        assert np.isnan([*pooled.lower, *pooled.upper, pooled.centre]).all()


def test_four_values_are():
    assert np.isfinite(pool_rates([5, 1, 9, 4], [4, 4, 4, 4]).value).all()
    assert np.isfinite(pool_shares([5, 1, 9, 4], [14, 14, 14, 14]).upper).all()


def test_no_event_at_all_gives_zero():
    assert (pool_rates([0] * 5, [3] * 5).value == 0).all()
    assert (pool_shares([0] * 5, [3] * 5).value == 0).all()


CELLS = st.lists(st.tuples(st.integers(1, 400), st.integers(1, 400)), min_size=4, max_size=12)


@given(CELLS)
def test_a_pooled_value_lies_between_the_own_one_and_the_centre_and_inside_its_interval(cells):
    x, other = (np.array(column, dtype=float) for column in zip(*cells, strict=True))
    for pooled, raw in ((pool_rates(x, other), x / other), (pool_shares(x, x + other), x / (x + other))):
        low, high = np.minimum(raw, pooled.centre), np.maximum(raw, pooled.centre)
        assert (low - 1e-12 <= pooled.value).all()
        assert (pooled.value <= high + 1e-12).all()
        assert (pooled.lower <= pooled.upper).all()
        assert (pooled.lower >= 0).all()


@pytest.mark.parametrize("count", [4, 8, 43])
def test_intervals_of_pooled_ratios_hold_the_truth_19_times_in_20(count):
    rng = np.random.default_rng(7)
    held = []
    for _ in range(12_000 // count):
        expected = rng.lognormal(3.5, 1, count)
        truth = rng.gamma(40, 2 / 40, count)
        pooled = pool_rates(rng.poisson(truth * expected), expected)
        held += list((pooled.lower <= truth) & (truth <= pooled.upper))
    assert np.mean(held) == pytest.approx(0.955, abs=0.015)


@pytest.mark.parametrize("count", [4, 8, 43])
def test_intervals_of_pooled_shares_hold_the_truth_19_times_in_20(count):
    rng = np.random.default_rng(8)
    held = []
    for _ in range(12_000 // count):
        trials = rng.lognormal(5, 1, count).astype(int) + 5
        truth = rng.beta(20, 80, count)
        pooled = pool_shares(rng.binomial(trials, truth), trials)
        held += list((pooled.lower <= truth) & (truth <= pooled.upper))
    assert np.mean(held) == pytest.approx(0.955, abs=0.015)


def test_pooled_values_are_nearer_the_truth_than_the_own_ones():
    rng = np.random.default_rng(9)
    own, drawn = 0.0, 0.0
    for _ in range(300):
        expected = rng.lognormal(2.5, 1, 10)
        truth = rng.gamma(40, 1 / 40, 10)
        events = rng.poisson(truth * expected)
        own += float(((events / expected - truth) ** 2).sum())
        drawn += float(((pool_rates(events, expected).value - truth) ** 2).sum())
    assert drawn < 0.6 * own
