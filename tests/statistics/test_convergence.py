"""Convergence of chains, against arviz-stats and by laws."""

import numpy as np
import pytest

from disparity.statistics.convergence import effective_draws, rank_r_hat

# Autocorrelation, shift between chains, seed → rank R-hat and bulk effective sample size of arviz-stats 0.8.0.
ARVIZ = [
    (0.0, 0.0, 1, 1.0105933121465092, 842.4144674597111),
    (0.6, 0.0, 2, 1.0119930031994582, 258.63208687768685),
    (0.95, 0.0, 3, 1.2090982723047312, 14.16354634500402),
    (0.0, 0.5, 4, 1.1484010752384493, 19.86005029382663),
    (-0.4, 0.0, 5, 1.0002149583548419, 1670.061572207709),
]


def draw_chains(correlation, shift, seed):
    noise = np.random.default_rng(seed).normal(size=(4, 200))
    chains = np.zeros_like(noise)
    for place in range(1, 200):
        chains[:, place] = correlation * chains[:, place - 1] + noise[:, place]
    return chains + shift * np.arange(4)[:, None]


@pytest.mark.parametrize(("correlation", "shift", "seed", "r_hat", "effective"), ARVIZ)
def test_r_hat_and_effective_draws_are_those_of_arviz(correlation, shift, seed, r_hat, effective):
    chains = draw_chains(correlation, shift, seed)
    assert rank_r_hat(chains) == pytest.approx(r_hat, rel=1e-9)
    # arviz smooths the last pair of autocorrelations: up to 5% of the number.
    assert effective_draws(chains) == pytest.approx(effective, rel=0.05)


def test_neither_depends_on_the_order_of_chains_or_the_unit():
    chains = draw_chains(0.5, 0.1, 7)
    for other in (chains[::-1], 1_000 * chains + 3, np.exp(chains)):
        assert effective_draws(other) == pytest.approx(effective_draws(chains))
    assert rank_r_hat(1_000 * chains[::-1] + 3) == pytest.approx(rank_r_hat(chains))


def test_chains_that_never_move_have_neither():
    assert np.isnan(rank_r_hat(np.ones((4, 100))))
    assert np.isnan(effective_draws(np.ones((4, 100))))
