"""Ranks: the order, its uncertainty, and how often the interval holds the true rank."""

import numpy as np
import pytest

from disparity.statistics.ranks import DRAWS, draw_ratios, draw_shares, rank_values


def rng():
    return np.random.default_rng(20)


def test_the_highest_value_has_rank_one_and_equal_values_share_the_better_rank():
    values = [0.2, 0.5, 0.5, 0.1]
    draws = np.tile(values, (DRAWS, 1))
    assert rank_values(values, draws, rng()).rank.tolist() == [3, 1, 1, 4]


def test_values_far_apart_have_no_other_rank():
    x, n = [100, 500, 900], [1_000] * 3
    ranks = rank_values(np.divide(x, n), draw_shares(x, n, rng()), rng())
    assert ranks.lower.tolist() == ranks.upper.tolist() == ranks.rank.tolist() == [3, 2, 1]


def test_values_that_are_alike_could_have_any_rank():
    x, n = [20, 20, 20, 20, 20], [100] * 5
    ranks = rank_values(np.divide(x, n), draw_shares(x, n, rng()), rng())
    assert (ranks.lower.tolist(), ranks.upper.tolist()) == ([1] * 5, [5] * 5)


def test_drawn_ratios_scatter_as_poisson_counts_do():
    draws = draw_ratios([400], [2], [10_000], [100], rng())
    assert draws.shape == (DRAWS, 1)
    # ratio 2; relative variance 1/400 + 1/10,000
    assert draws.mean() == pytest.approx(2, rel=0.01)
    assert draws.std() / 2 == pytest.approx((1 / 400 + 1 / 10_000) ** 0.5, rel=0.06)


def test_drawn_shares_scatter_as_binomial_counts_do():
    draws = draw_shares([200], [1_000], rng())
    assert draws.std() == pytest.approx((0.2 * 0.8 / 1_000) ** 0.5, rel=0.06)


def test_the_same_seed_gives_the_same_ranks():
    x, n = [30, 32, 29, 35], [100, 110, 90, 120]
    one, two = (rank_values(np.divide(x, n), draw_shares(x, n, made), made) for made in (rng(), rng()))
    assert all(np.array_equal(first, second) for first, second in zip(one, two, strict=True))


def test_intervals_hold_the_true_rank_at_least_19_times_in_20():
    made = rng()
    held = []
    for _ in range(150):
        truth = made.beta(8, 32, 8)
        trials = made.integers(60, 2_000, 8)
        found = made.binomial(trials, truth)
        ranks = rank_values(found / trials, draw_shares(found, trials, made), made)
        true_rank = 1 + (truth[None, :] > truth[:, None]).sum(axis=1)
        held += list((ranks.lower <= true_rank) & (true_rank <= ranks.upper))
    assert np.mean(held) >= 0.95
    assert np.mean(held) < 1
