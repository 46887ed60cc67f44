"""Whether the chains of a sampler agree, and how many independent draws theirs are worth."""

import numpy as np
import numpy.typing as npt
from scipy import fft, special, stats

FloatArray = npt.NDArray[np.float64]


def rank_r_hat(draws: FloatArray) -> float:
    """Give the rank-normalised split R-hat: how much more draws differ between chains than within.

    Each chain is cut in two and draws are replaced by normal scores of their ranks; R-hat is the root of (all
    variance / variance within). The larger of it and that of the distances from the median is given.

    Args:
        draws: one row per chain.

    Returns:
        1 where all chains say the same; above 1.01 they do not yet. NaN where nothing varies.

    Source: Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021).

    >>> chains = np.random.default_rng(1).normal(size=(4, 500))
    >>> bool(rank_r_hat(chains) < 1.01), bool(rank_r_hat(chains + np.arange(4)[:, None]) > 1.1)
    (True, True)
    """
    split = _split(draws)
    return max(_r_hat(_score(split)), _r_hat(_score(np.abs(split - np.median(split)))))


def effective_draws(draws: FloatArray) -> float:
    """Give the bulk effective sample size: how many independent draws show the middle as well as these.

    all draws / (1 + 2 x sum of autocorrelations), the sum cut where pairs of them fall below zero

    Returns:
        A number of draws; fewer than 400 are too few. NaN where nothing varies.

    Source: Geyer (1992); Vehtari et al. (2021).

    >>> bool(1500 < effective_draws(np.random.default_rng(1).normal(size=(4, 500))) < 2500)
    True
    """
    scores = _score(_split(draws))
    chains, count = scores.shape
    within = scores.var(axis=1, ddof=1).mean()
    if not within > 0:
        return float("nan")
    total = within * (count - 1) / count + scores.mean(axis=1).var(ddof=1)
    lagged = _autocovariance(scores).mean(axis=0) * count / (count - 1)
    correlation = 1 - (within - lagged) / total
    correlation[0] = 1.0
    pairs = correlation[: count // 2 * 2].reshape(-1, 2).sum(axis=1)
    positive = int(np.argmax(pairs < 0)) if np.any(pairs < 0) else len(pairs)
    time = -1 + 2 * np.minimum.accumulate(pairs[:positive]).sum()
    return float(chains * count / max(time, 1 / np.log10(chains * count)))


def _split(draws: FloatArray) -> FloatArray:
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, -half:]])


def _score(draws: FloatArray) -> FloatArray:
    ranks = stats.rankdata(draws).reshape(draws.shape)
    return np.asarray(special.ndtri((ranks - 0.375) / (draws.size + 0.25)))


def _r_hat(scores: FloatArray) -> float:
    count = scores.shape[1]
    within = scores.var(axis=1, ddof=1).mean()
    if not within > 0:
        return float("nan")
    between = scores.mean(axis=1).var(ddof=1)
    return float(np.sqrt((within * (count - 1) / count + between) / within))


def _autocovariance(scores: FloatArray) -> FloatArray:
    count = scores.shape[1]
    centred = scores - scores.mean(axis=1, keepdims=True)
    spectrum = fft.rfft(centred, n=fft.next_fast_len(2 * count), axis=1)
    return np.asarray(fft.irfft(np.abs(spectrum) ** 2, n=fft.next_fast_len(2 * count), axis=1)[:, :count] / count)
