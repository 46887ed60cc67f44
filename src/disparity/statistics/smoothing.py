"""Rates of small areas, drawn towards those around them: what is left of each when chance is allowed for.

Empirical Bayes with neighbours. The two numbers of the model (how much areas differ, and how far neighbours are alike)
are not put at one best value but averaged over, so that limits hold as often as they say where areas are few. Nothing
is drawn at random: the same counts give the same figures.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import linalg, optimize, special
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import reverse_cuthill_mckee
from scipy.spatial import Delaunay, QhullError, cKDTree

from disparity.statistics.intervals import FloatArray, as_floats

IntArray = npt.NDArray[np.int_]

# With fewer areas nobody can say how much they differ.
FEWEST_SMOOTHED = 10
# Events an area on average, clusters as one: with fewer, limits hold the truth too seldom (`docs/areas.md`).
FEWEST_AN_AREA = 2
# Why a fit failed.
TOO_FEW_AREAS, TOO_FEW_EVENTS = "too_few_areas", "too_few_events"
NO_CONVERGENCE, AT_THE_EDGE = "no_convergence", "at_the_edge"
# Log of the spread: from areas that are all but one (2%) to 150-fold differences between neighbours.
SPREADS = (-4.0, 1.6)
# Log odds of the spatial share, 0.05 to 0.99.
SHARES = (-3.0, -1.5, 0.0, 1.5, 3.0, 4.5)
# Steps from the best spread, in its standard deviations.
NODES = (-2.4, -1.2, 0.0, 1.2, 2.4)
MOST_STEPS, SMALL_STEP, FEWEST_HALVINGS = 60, 1e-8, 12
# Points of the scale on which marginals are put together, and how far they reach in standard deviations.
POINTS, REACH = 241, 7.0
SHOWN = (0.5, 0.025, 0.975)
NEGLIGIBLE = 1e-4  # weight of a node
MOST_DISPERSED = 100.0


class Smoothed(NamedTuple):
    """Smoothed rates with their 95% limits and the probability of lying above the whole's; each an array.

    `failure` says why there is nothing: all is NaN then. Empty: the fit stands.
    """

    value: FloatArray
    lower: FloatArray
    upper: FloatArray
    above: FloatArray
    failure: str = ""


@dataclass(frozen=True)
class _Field:
    """The areas in an order that puts neighbours close: counts, and the diagonals of degree less neighbour."""

    events: FloatArray
    exposure: FloatArray
    laplacian: FloatArray  # lower bands, as LAPACK has them


class _Fit(NamedTuple):
    """The model at one spread and one spatial share: log rates, how well it explains the counts, and the variances."""

    mode: FloatArray
    evidence: float
    vary: Callable[[], FloatArray]


def smooth_rates(
    events: npt.ArrayLike, exposure: npt.ArrayLike, pairs: IntArray, *, dispersion: float = 1.0
) -> Smoothed:
    """Smooth the rates of areas towards those of their neighbours: the fewer events, the more.

    events y ~ Poisson(rate x exposure), log rate = m + u, and u given all others is normal with
    mean = s x (sum of u of the neighbours) / (1 - s + s x neighbours) and
    variance = spread² / (1 - s + s x neighbours).
    s, the spatial share, is 0 where areas are unrelated and 1 where each is like its neighbours. m has a flat prior, s
    a uniform one, the spread an exponential one of mean 1. Both are averaged over by their posterior on a grid, with
    the posterior of the log rates at each taken as normal round its mode, and that of each area corrected by its own
    count. Where events come in clusters, y and the exposure are divided by their dispersion, as quasi-Poisson errors
    are widened.

    Args:
        events, exposure: of each area; an exposure above zero.
        pairs: numbers of areas that are neighbours, one pair a row, each pair once (`find_neighbours`).
        dispersion: variance of the events over what chance alone makes it (`measure_dispersion`); 1 is chance alone.

    Returns:
        value: posterior median of each rate, per unit of exposure. lower, upper: 95% credible limits. above: the
        probability that it exceeds the sum of events over the sum of exposure, which is taken as known. All NaN with
        `failure` where there are under 10 areas, under 2 events an area over their dispersion, no convergence, or a
        spread at the end of what is allowed.

    Source: Clayton and Kaldor (1987) for empirical Bayes with neighbours on the log scale; Leroux, Lei and Breslow
    (2000) for the spatial share; Rue, Martino and Chopin (2009) for the posterior, Cseke and Heskes (2011) for its
    correction; Marshall (1991) on why limits at one best value are too narrow.

    >>> row = np.array([[place, place + 1] for place in range(11)])
    >>> made = smooth_rates([4, 3, 5, 2, 4, 3, 21, 18, 24, 2, 4, 3], [10] * 12, row)
    >>> made.value.round(2).tolist()[5:10], made.above.round(2).tolist()[5:10]
    ([0.41, 1.89, 1.73, 2.15, 0.35], [0.05, 1.0, 1.0, 1.0, 0.02])
    """
    y, e = as_floats(events, exposure)
    if y.size < FEWEST_SMOOTHED:
        return _fail(y.size, TOO_FEW_AREAS)
    if y.sum() < FEWEST_AN_AREA * dispersion * y.size:
        return _fail(y.size, TOO_FEW_EVENTS)
    whole = np.log(y.sum() / e.sum())
    order, laplacian = _band(y.size, pairs)
    field = _Field(y[order] / dispersion, e[order] / dispersion, laplacian)
    try:
        made = _average(field, whole)
    except (FloatingPointError, linalg.LinAlgError):
        return _fail(y.size, NO_CONVERGENCE)
    if made is None:
        return _fail(y.size, AT_THE_EDGE)
    back = np.argsort(order)
    value, lower, upper, above = (column[back] for column in made)
    return Smoothed(value, lower, upper, above)


def find_neighbours(x: npt.ArrayLike, y: npt.ArrayLike) -> IntArray:
    """Pair the points between which no other lies: no point is in the circle that has both at its ends.

    Every point has a neighbour, and all hang together; there is no distance or number to choose.

    Args:
        x, y: in one unit of length.

    Returns:
        Two columns, the lower number first; no row where the points lie on a line, or are fewer than four.

    Source: Gabriel and Sokal (1969).

    >>> find_neighbours([0, 2, 1, 1, 5], [0, 0, 1.5, 0.2, 0]).tolist()
    [[0, 3], [1, 3], [1, 4], [2, 3]]
    """
    points = np.column_stack(as_floats(x, y))
    try:
        corners = Delaunay(points).simplices
    except (QhullError, ValueError):
        return np.empty((0, 2), dtype=int)
    sides = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    pairs = np.unique(np.sort(sides, axis=1), axis=0)
    ends = points[pairs]
    nearest, _ = cKDTree(points).query(ends.mean(axis=1))
    half = np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1) / 2
    # The ends themselves are at half the distance: a hair less is another point.
    kept: IntArray = pairs[nearest >= half * (1 - 1e-9)]
    return kept


def measure_dispersion(counts: npt.ArrayLike) -> float:
    """Measure by how much counts of areas and months vary beyond chance, a steady place and a common season given.

    dispersion φ: Σ (y - ŷ)² / ŷ = (months - 1) Σ N φ / (N + φ - 1), ŷ = N x sum of the month / sum of all, N the sum
    of the area. On the right is what gamma rates that differ by month make of the left: an area with one event can say
    nothing of φ, one with many N says all of it.

    Args:
        counts: areas by months.

    Returns:
        At least 1, which is chance alone; 100 at most. A sixth too high where areas have about ten events, less where
        they have more. NaN where no area has two events, or no two months have any.

    Source: Wedderburn (1974) for quasi-likelihood; Mosimann (1962) for counts of a given sum.

    >>> round(measure_dispersion([[90, 10, 20], [10, 90, 20], [20, 20, 80]]), 1)
    63.3
    """
    (y,) = as_floats(counts)
    y = y[np.ix_(y.sum(axis=1) > 0, y.sum(axis=0) > 0)]
    sums, months = y.sum(axis=1), y.shape[1]
    if months < 2 or sums.max(initial=0) < 2:
        return float("nan")
    expected = sums[:, None] * y.sum(axis=0) / y.sum()
    pearson = float(((y - expected) ** 2 / expected).sum())

    def exceed(dispersion: float) -> float:
        return float((months - 1) * (sums * dispersion / (sums + dispersion - 1)).sum()) - pearson

    if exceed(1.0) >= 0:
        return 1.0
    return MOST_DISPERSED if exceed(MOST_DISPERSED) <= 0 else float(optimize.brentq(exceed, 1.0, MOST_DISPERSED))


def _fail(areas: int, failure: str) -> Smoothed:
    blank = np.full(areas, np.nan)
    return Smoothed(blank, blank, blank, blank, failure)


def _band(areas: int, pairs: IntArray) -> tuple[IntArray, FloatArray]:
    """Order the areas so that neighbours are near each other, and give degree less neighbour in that order, banded."""
    first, second = pairs.reshape(-1, 2).T
    ends = np.concatenate([first, second]), np.concatenate([second, first])
    graph = csr_array(coo_array((np.ones(ends[0].size), ends), shape=(areas, areas)))
    order = np.asarray(reverse_cuthill_mckee(graph, symmetric_mode=True))
    place = np.argsort(order)
    low, high = np.minimum(place[first], place[second]), np.maximum(place[first], place[second])
    bands = np.zeros((int((high - low).max(initial=0)) + 1, areas))
    bands[0] = np.bincount(np.concatenate([low, high]), minlength=areas)
    bands[high - low, low] = -1
    return order, bands


def _average(field: _Field, whole: float) -> list[FloatArray] | None:
    """Put the marginals at every node of the grid together; None where the best spread is at the end of its range."""
    nodes = [node for share in SHARES for node in _walk(field, special.expit(share))]
    weights = np.array([weight for weight, _ in nodes])
    weights = np.exp(weights - weights.max())
    kept = [(weight, fit) for weight, (_, (spread, fit)) in zip(weights, nodes, strict=True) if weight > NEGLIGIBLE]
    best = max(nodes, key=lambda node: node[0])[1][0]
    if best > SPREADS[1] - 0.05:
        return None
    total = sum(weight for weight, _ in kept)
    parts = [(weight / total, fit.mode, fit.vary()) for weight, fit in kept]
    centre = np.sum([weight * mode for weight, mode, _ in parts], axis=0)
    square = np.sum([weight * (variance + (mode - centre) ** 2) for weight, mode, variance in parts], axis=0)
    scale = centre[:, None] + np.sqrt(square)[:, None] * np.linspace(-REACH, REACH, POINTS)
    density = np.sum([weight * _correct(field, mode, variance, scale) for weight, mode, variance in parts], axis=0)
    return _summarise(scale, density, whole)


def _walk(field: _Field, share: float) -> Iterator[tuple[float, tuple[float, _Fit]]]:
    """Fit the model at the best spread for a spatial share, and around it: log weight, then the log spread and fit."""
    start = np.log((field.events + field.events.sum() / field.exposure.sum()) / (field.exposure + 1))

    def fit(spread: float) -> _Fit:
        nonlocal start
        made = _fit(field, share, float(np.exp(-2 * spread)), start)
        start = made.mode
        return made

    def weigh(spread: float, made: _Fit) -> float:
        # Priors of both on the scales of the grid: exponential of mean 1, and uniform.
        return made.evidence + spread - float(np.exp(spread)) + float(np.log(share * (1 - share)))

    found = optimize.minimize_scalar(
        lambda spread: -weigh(spread, fit(spread)), bounds=SPREADS, method="bounded", options={"xatol": 0.02}
    )
    best, step = float(found.x), 0.1
    around = [weigh(spread, fit(spread)) for spread in (best - step, best, best + step)]
    curvature = (2 * around[1] - around[0] - around[2]) / step**2
    deviation = 1 / np.sqrt(max(curvature, 1.0))
    for node in NODES:
        spread = float(np.clip(best + node * deviation, *SPREADS))
        made = fit(spread)
        yield weigh(spread, made) + float(np.log(deviation)), (spread, made)


def _fit(field: _Field, share: float, precision: float, start: FloatArray) -> _Fit:
    """Find the mode of the log rates at one spread and spatial share by Newton's method; m is integrated out."""
    prior = precision * share * field.laplacian
    prior[0] += precision * (1 - share)
    # A flat prior of m takes from the precision what all areas have in common: a matrix of this number everywhere.
    common = precision * (1 - share) / field.events.size

    def penalise(log_rate: FloatArray) -> tuple[float, FloatArray]:
        pulled = _multiply(prior, log_rate) - common * log_rate.sum()
        fitted = float(field.events @ log_rate - field.exposure @ np.exp(log_rate))
        return fitted - 0.5 * float(log_rate @ pulled), pulled

    mode = start
    height, pulled = penalise(mode)
    for _ in range(MOST_STEPS):
        expected = field.exposure * np.exp(mode)
        factor, ones, leverage = _factorise(prior, expected, common)
        step = linalg.cho_solve_banded((factor, True), field.events - expected - pulled)
        step = step + ones * (common * step.sum() / leverage)
        for halving in range(FEWEST_HALVINGS):
            tried = mode + step / 2**halving
            new, pulled_there = penalise(tried)
            if np.isfinite(new) and new >= height - 1e-9 * abs(height):
                break
        else:
            raise FloatingPointError
        mode, height, pulled = tried, new, pulled_there
        if np.abs(step).max() < SMALL_STEP**0.5:
            break
    else:
        raise FloatingPointError
    factor, ones, leverage = _factorise(prior, field.exposure * np.exp(mode), common)
    log_prior = np.log(linalg.cholesky_banded(prior, lower=True)[0]).sum() - 0.5 * np.log(precision * (1 - share))
    evidence = height + log_prior - np.log(factor[0]).sum() - 0.5 * np.log(leverage)
    return _Fit(mode, float(evidence), partial(_vary, factor, common * ones**2 / leverage))


def _factorise(prior: FloatArray, expected: FloatArray, common: float) -> tuple[FloatArray, FloatArray, float]:
    """Factorise the precision of the log rates, what all have in common apart (Sherman and Morrison, 1950)."""
    precision = prior.copy()
    precision[0] += expected
    factor = linalg.cholesky_banded(precision, lower=True)
    ones = linalg.cho_solve_banded((factor, True), np.ones(expected.size))
    return factor, ones, 1 - common * float(ones.sum())


def _multiply(bands: FloatArray, vector: FloatArray) -> FloatArray:
    """A symmetric banded matrix times a vector."""
    made: FloatArray = bands[0] * vector
    for offset in np.flatnonzero(np.any(bands[1:] != 0, axis=1)) + 1:
        band = bands[offset, : vector.size - offset]
        made[offset:] += band * vector[:-offset]
        made[:-offset] += band * vector[offset:]
    return made


def _vary(factor: FloatArray, of_common: FloatArray) -> FloatArray:
    """The variance of each log rate: the diagonal of the inverse, from the last area to the first.

    Args:
        factor: of the precision, banded.
        of_common: what not knowing the level that all areas have in common adds.

    Source: Takahashi, Fagan and Chen (1973).
    """
    width, areas = factor.shape[0] - 1, factor.shape[1]
    inverse = np.zeros((width, width))  # of the areas after this one
    diagonal = np.empty(areas)
    for place in range(areas - 1, -1, -1):
        column = factor[1:, place] / factor[0, place]
        beside = -inverse @ column
        diagonal[place] = 1 / factor[0, place] ** 2 - column @ beside
        if width:
            inverse[1:, 1:] = inverse[:-1, :-1].copy()
            inverse[0, 0] = diagonal[place]
            inverse[0, 1:] = inverse[1:, 0] = beside[:-1]
    return diagonal + of_common


def _correct(field: _Field, mode: FloatArray, variance: FloatArray, scale: FloatArray) -> FloatArray:
    """The density of each log rate: what the other areas say of it, as a normal one, times what its own count says."""
    expected = field.exposure * np.exp(mode)
    precision = np.maximum(1 / variance - expected, 1e-9)
    centre = (mode / variance - (field.events - expected + expected * mode)) / precision
    log_density = (
        field.events[:, None] * scale
        - field.exposure[:, None] * np.exp(scale)
        - 0.5 * precision[:, None] * (scale - centre[:, None]) ** 2
    )
    density = np.exp(log_density - log_density.max(axis=1, keepdims=True))
    return np.asarray(density / density.sum(axis=1, keepdims=True))


def _summarise(scale: FloatArray, density: FloatArray, whole: float) -> list[FloatArray]:
    """Median, limits, and the probability of lying above the whole.

    Of no events among many the mean can lie beyond the upper limit: the median never does.
    """
    below = np.cumsum(density, axis=1) - density / 2
    value, lower, upper = (
        np.exp([np.interp(share, shares, at) for shares, at in zip(below, scale, strict=True)]) for share in SHOWN
    )
    above = 1 - np.array([np.interp(whole, at, shares) for shares, at in zip(below, scale, strict=True)])
    return [value, lower, upper, np.clip(above, 0, 1)]
