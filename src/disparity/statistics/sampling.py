"""How many records to draw, and what a sample says of all the records it was drawn from.

A part of a whole that is counted is known exactly: every formula here allows for the share that was drawn.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from disparity.statistics.intervals import FloatArray, as_floats, normal_quantile, wilson

IntArray = npt.NDArray[np.int64]


class Share(NamedTuple):
    """A share of all records, as a sample estimates it, with its limits and the effective size of the sample."""

    estimate: FloatArray
    lower: FloatArray
    upper: FloatArray
    effective_size: FloatArray


def sample_size(
    half_width: npt.ArrayLike, records: npt.ArrayLike, *, share: float = 0.5, confidence: float = 0.95
) -> FloatArray:
    """Say how many records to draw so that the interval of a share reaches no further than wanted to either side.

    n = n0 / (1 + (n0 - 1) / N), rounded up, with n0 = z² p (1 - p) / h²: h the half-width, N the records there are,
    p the share that is expected

    Args:
        half_width: as a share of 1; 0.05 is five percentage points.
        share: expected share; 0.5 asks for the most records, and is enough whatever the share turns out to be.

    Returns:
        Whole numbers of records, at most N. NaN where the half-width is not above 0, or there are no records.

    Source: Cochran (1977), Sampling Techniques, 4.4.

    >>> sample_size([0.05, 0.05], [1000, 8446]).tolist()
    [278.0, 368.0]
    """
    z = normal_quantile(confidence)
    h, population = as_floats(half_width, records)
    with np.errstate(divide="ignore", invalid="ignore"):
        endless = z**2 * share * (1 - share) / h**2
        # A hair off, so that a size that is whole is not rounded up to the next.
        size = np.ceil(endless / (1 + (endless - 1) / population) * (1 - 1e-12))
    return np.where((h > 0) & (population >= 1), np.clip(size, 1, population), np.nan)


def allocate_sample(records: npt.ArrayLike, size: int, *, minimum: int) -> IntArray:
    """Say how many records to draw of each stratum: in proportion, and of none fewer than the minimum.

    A stratum's part of the size, rounded by largest remainders (a tie goes to the stratum that comes first), then
    raised to the minimum; a stratum that has no more records than that is taken whole. So the sample is larger than
    `size` by what the minimum adds.

    Returns:
        Whole numbers of records, at most those of the stratum.

    Source: Cochran (1977), 5.5, for allocation in proportion; Hamilton's method of largest remainders.

    >>> allocate_sample([900, 90, 8], 100, minimum=10).tolist()
    [90, 10, 8]
    """
    sizes = np.asarray(records, dtype=np.int64)
    total = int(sizes.sum())
    if total == 0:
        return sizes
    wanted = min(size, total)
    parts, left = np.divmod(sizes * wanted, total)
    late = np.argsort(-left, kind="stable")
    parts[late[: wanted - int(parts.sum())]] += 1
    return np.asarray(np.minimum(np.maximum(parts, minimum), sizes))


def expected_half_width(
    records: npt.ArrayLike, drawn: npt.ArrayLike, *, share: float = 0.5, confidence: float = 0.95
) -> float:
    """Say how far the interval of a share of all records will reach to either side, about.

    z √(Σ W² p (1 - p) / n x (N - n) / (N - 1)) over the strata, W the stratum's part of all records, N its records,
    n those drawn of it

    Returns:
        A share of 1; 0 where every record is drawn. NaN where a stratum has records and none is drawn.

    Source: Cochran (1977), 5.6 and 4.4.

    >>> round(expected_half_width([1000], [278]), 4)
    0.05
    """
    total, n = as_floats(records, drawn)
    with np.errstate(divide="ignore", invalid="ignore"):
        of_stratum = share * (1 - share) / n * np.where(total > n, (total - n) / (total - 1), 0.0)
        variance = np.where(total > 0, (total / total.sum()) ** 2 * of_stratum, 0.0)
    width = normal_quantile(confidence) * float(np.sqrt(variance.sum()))
    return width if np.isfinite(width) else float("nan")


def stratified_share(
    records: npt.ArrayLike,
    drawn: npt.ArrayLike,
    members: npt.ArrayLike,
    met: npt.ArrayLike,
    *,
    confidence: float = 0.95,
) -> Share:
    """Give the share of a group's records that meet a condition, from a sample drawn by strata.

    Every record drawn stands for w = N / n of its stratum: share R = Σ w met / Σ w members.

    limits: Wilson's, for R and an effective size: R (1 - R) / V or, where it is less, (Σ w members)² / Σ w² (1 - f)
    members; f = n / N, V = Σ N² (1 - f) s² / n / (Σ w members)², s² = (Σ z² - (Σ z)² / n) / n
    of z = met - R within the group, 0 outside it

    V holds what the answers show; the other size what the weights alone cost, so that answers which happen to be alike
    do not pretend to certainty. A simple random sample of the group gives members / (1 - f), and without end of records
    Wilson's own interval.

    Args:
        records: N, all records of each stratum, (..., strata).
        drawn: n, those drawn of it.
        members: those drawn that are of the group; all of them, for the share of all records.
        met: those of the members that meet the condition.

    Returns:
        Shares of 1. Limits that are the share itself where every record of the group's strata is drawn. NaN where no
        member is drawn.

    Source: Cochran (1977), 5.10 and 6.11 (ratio); Kish (1965) and Korn and Graubard (1998) for the effective size;
    Wilson (1927).

    >>> share = stratified_share([9000, 1000], [90, 90], [90, 90], [81, 45])
    >>> [round(float(value), 4) for value in share]
    [0.86, 0.7834, 0.9126, 110.9741]
    """
    total, n, size, x = (np.asarray(value, dtype=np.float64) for value in (records, drawn, members, met))
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(n > 0, total / n, 0.0)
        left_out = np.where(n > 0, 1 - n / total, 0.0)
        whole = (weight * size).sum(axis=-1)
        ratio = (weight * x).sum(axis=-1) / whole
        share = ratio[..., None]
        residual = x - share * size
        squares = x * (1 - share) ** 2 + (size - x) * share**2
        spread = np.where(n > 0, (squares - residual**2 / n) / n, 0.0)
        variance = (weight**2 * n * left_out * spread).sum(axis=-1) / whole**2
        by_answers = np.where(variance > 0, ratio * (1 - ratio) / variance, np.inf)
        by_weights = whole**2 / (weight**2 * left_out * size).sum(axis=-1)
    effective = np.fmin(by_answers, by_weights)
    is_open = np.isfinite(effective)
    at = np.where(is_open, effective, 1.0)
    lower, upper = wilson(np.clip(ratio, 0, 1) * at, at, confidence=confidence)
    return Share(ratio, np.where(is_open, lower, ratio), np.where(is_open, upper, ratio), effective)
