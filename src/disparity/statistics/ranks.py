"""Ranks with their uncertainty: what a league table hides."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from disparity.statistics.intervals import FloatArray, as_floats

DRAWS = 2_000
TAILS = (0.025, 0.975)
LOT = 1e-12


class Ranks(NamedTuple):
    """Rank of each value, 1 the highest, and the limits of its 95% interval: whole numbers, as arrays."""

    rank: FloatArray
    lower: FloatArray
    upper: FloatArray


def draw_shares(successes: npt.ArrayLike, trials: npt.ArrayLike, rng: np.random.Generator) -> FloatArray:
    """Draw shares as often as DRAWS says, were the observed shares the true ones: one row a draw.

    x* ~ binomial(n, x/n), share* = x* / n
    """
    x, n = as_floats(successes, trials)
    return np.asarray(rng.binomial(n.astype(np.int64), x / n, size=(DRAWS, x.size)) / n)


def draw_ratios(
    events1: npt.ArrayLike,
    exposure1: npt.ArrayLike,
    events2: npt.ArrayLike,
    exposure2: npt.ArrayLike,
    rng: np.random.Generator,
) -> FloatArray:
    """Draw ratios of rates as often as DRAWS says, were the observed rates the true ones: one row a draw.

    x1* ~ Poisson(x1), x2* ~ Poisson(x2), ratio* = (x1* / t1) / (x2* / t2); infinite where x2* is 0
    """
    x1, t1, x2, t2 = as_floats(events1, exposure1, events2, exposure2)
    first, second = (rng.poisson(events, size=(DRAWS, events.size)) for events in (x1, x2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.nan_to_num(first / t1 / (second / t2), nan=0.0, posinf=np.inf))


def rank_values(values: npt.ArrayLike, draws: FloatArray, rng: np.random.Generator) -> Ranks:
    """Give each value's rank among all, and how far up and down chance alone could have moved it.

    rank = 1 + the values that are higher; its interval: the 2.5% and 97.5% quantiles (each a rank that
    occurred) of its rank over the draws, a tie broken by lot, and widened to the rank itself where need be

    With true values that are alike, the order is chance; the intervals then overlap nearly all others, and
    that is what to read off them. They do not say which force is truly the highest.

    Args:
        draws: what else the values could have been, one row a draw.

    Returns:
        rank, lower, upper: from 1, the highest, to the number of values. Tied values share the better rank.

    Source: Goldstein and Spiegelhalter (1996); Marshall and Spiegelhalter (1998).

    >>> rng = np.random.default_rng(1)
    >>> ranks = rank_values([0.5, 0.1, 0.11], draw_shares([500, 10, 11], [1_000, 100, 100], rng), rng)
    >>> ranks.rank.tolist(), ranks.lower.tolist(), ranks.upper.tolist()
    ([1.0, 3.0, 2.0], [1.0, 2.0, 2.0], [1.0, 3.0, 3.0])
    """
    (own,) = as_floats(values)
    rank = 1.0 + (own[None, :] > own[:, None]).sum(axis=1)
    # Ties are broken by less than any two draws that differ: draws are quotients of counts.
    apart = draws + LOT * rng.random(draws.shape)
    places = 1 + (apart[:, None, :] > apart[:, :, None]).sum(axis=2, dtype=np.int16)
    lower, upper = np.quantile(places, TAILS, axis=0, method="inverted_cdf")
    return Ranks(rank, np.minimum(lower, rank), np.maximum(upper, rank))
