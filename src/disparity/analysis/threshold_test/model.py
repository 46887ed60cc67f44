"""The model of the threshold test: search and find rates from what officers see and where they draw the line.

Everyone stopped gives a signal that the officer sees, with standard deviation 1: around 0 for people without anything
to find, around delta for those with. A share phi of those stopped has something. The officer searches when the signal
is above a threshold t. With Phi the normal distribution function:

    searched and found     = phi (1 - Phi(t - delta))
    searched and not found = (1 - phi) (1 - Phi(t))

For each group r and area d: log odds(phi) = phi_r + phi_d, log(delta) = delta_r + delta_d; t has a number of its own
for each. phi_d and delta_d of the area with the most stops are 0. This is the fast form of the threshold test:
Pierson, Corbett-Davies and Goel (2018), with the priors of their own code (model_mixture.stan).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

ROOT_TWO_PI = np.sqrt(2 * np.pi)


class Priors(NamedTuple):
    """Standard deviations of the normal priors, all around 0.

    `means`: of the mean of the groups' log odds of carrying, and of their log signal. `groups`: of the groups around
    these. `areas`: of phi_d and delta_d. `thresholds`: of the spread of thresholds, which is half-normal.
    """

    means: float
    groups: float
    areas: float
    thresholds: float


PUBLISHED = Priors(means=1.0, groups=1.0, areas=0.1, thresholds=1.0)
# The same, half as sure of everything: does the answer rest on them?
WIDER = Priors(*(2 * spread for spread in PUBLISHED))


class Stops(NamedTuple):
    """Counts by group and area, a place in each array per cell; groups and areas are numbered from 0.

    Area 0 has the most stops.
    """

    group: IntArray
    area: IntArray
    stops: FloatArray
    searches: FloatArray
    finds: FloatArray


class Model(NamedTuple):
    """Counts and priors. A point is `common` (log odds and log signals), log spread, and a threshold for each cell.

    `common` is in standard deviations of its priors: mean, groups and areas of the log odds, then of the log signals.
    `carrying` and `signal` make of it what is true of each cell.
    """

    stops: Stops
    carrying: FloatArray
    signal: FloatArray
    spread: float

    @property
    def common(self) -> int:
        """How many numbers are common to cells."""
        return int(self.carrying.shape[1])

    @property
    def size(self) -> int:
        """How many numbers make a point."""
        return self.common + 1 + len(self.stops.group)


class Cells(NamedTuple):
    """What a point says of each cell: log odds of carrying, the signal of those who do, the threshold."""

    carrying: FloatArray
    signal: FloatArray
    threshold: FloatArray


class Rates(NamedTuple):
    """Shares of all stops of a cell: searched and found, searched and not found."""

    found: FloatArray
    not_found: FloatArray


def lay_out(stops: Stops, priors: Priors) -> Model:
    """Lay out the model of these counts under these priors."""
    groups, areas = int(stops.group.max()) + 1, int(stops.area.max()) + 1
    own = np.hstack(
        [
            np.full((len(stops.group), 1), priors.means),
            priors.groups * (stops.group[:, None] == np.arange(groups)),
            priors.areas * (stops.area[:, None] == np.arange(1, areas)),
        ]
    )
    none = np.zeros_like(own)
    return Model(stops, np.hstack([own, none]), np.hstack([none, own]), priors.thresholds)


def cells_of(point: FloatArray, model: Model) -> Cells:
    """Give what a point (or points, in rows) says of each cell."""
    common = point[..., : model.common]
    return Cells(common @ model.carrying.T, np.exp(common @ model.signal.T), point[..., model.common + 1 :])


def rates_of(cells: Cells) -> Rates:
    """Give the rates that follow from thresholds and signals."""
    return Rates(
        special.expit(cells.carrying) * special.ndtr(cells.signal - cells.threshold),
        special.expit(-cells.carrying) * special.ndtr(-cells.threshold),
    )


def threshold_chances(cells: Cells) -> FloatArray:
    """Give each threshold as the chance, 0 to 1, of finding something on a person whose signal is just at it.

    chance = phi n(t - delta) / (phi n(t - delta) + (1 - phi) n(t)), n the normal density
    """
    return np.asarray(special.expit(cells.carrying + cells.signal * cells.threshold - np.square(cells.signal) / 2))


def log_density(point: FloatArray, model: Model) -> tuple[FloatArray, FloatArray]:
    """Give the log of the posterior density, up to a constant, and its gradient, at a point or at points in rows.

    Far out, where numbers overflow, the density is taken to be zero: its log is minus infinity.
    """
    with np.errstate(all="ignore"):
        density, gradient = _log_density(point, model)
    known = np.isfinite(density) & np.isfinite(gradient).all(axis=-1)
    return np.where(known, density, -np.inf), np.where(known[..., None], gradient, 0.0)


def _log_density(point: FloatArray, model: Model) -> tuple[FloatArray, FloatArray]:
    likelihood, slopes = _log_likelihood(cells_of(point, model), model.stops)
    common, log_spread = point[..., : model.common], point[..., model.common : model.common + 1]
    # Thresholds lie around 0; their spread is half-normal, and its logarithm is what moves.
    off = point[..., model.common + 1 :] * np.exp(-log_spread)
    wide = np.exp(2 * log_spread) / model.spread**2
    square, free = np.square(off).sum(axis=-1, keepdims=True), off.shape[-1] - 1
    gradient = np.concatenate(
        [
            slopes.carrying @ model.carrying + slopes.signal @ model.signal - common,
            square - free - wide,
            slopes.threshold - off * np.exp(-log_spread),
        ],
        axis=-1,
    )
    prior = (square + wide + np.square(common).sum(axis=-1, keepdims=True)) / 2 + free * log_spread
    return likelihood - prior[..., 0], gradient


def _log_likelihood(cells: Cells, stops: Stops) -> tuple[FloatArray, Cells]:
    """Multinomial: found, not found, not searched; with its slopes in log odds(phi), log(delta) and t."""
    carrying, signal, threshold = special.expit(cells.carrying), cells.signal, cells.threshold
    below_with, below_without = special.ndtr(threshold - signal), special.ndtr(threshold)
    above_with, above_without = special.ndtr(signal - threshold), special.ndtr(-threshold)
    found, not_found = carrying * above_with, (1 - carrying) * above_without
    passed = carrying * below_with + (1 - carrying) * below_without
    not_found_searches, not_searched = stops.searches - stops.finds, stops.stops - stops.searches
    density = (
        special.xlogy(stops.finds, found)
        + special.xlogy(not_found_searches, not_found)
        + special.xlogy(not_searched, passed)
    ).sum(axis=-1)
    # Each outcome's count, less what the stops not searched take from it.
    lost = not_searched / passed
    pull_found, pull_not_found = stops.finds - lost * found, not_found_searches - lost * not_found
    hazard = pull_found * np.exp(-np.square(threshold - signal) / 2) / (ROOT_TWO_PI * above_with)
    hazard_without = pull_not_found * np.exp(-np.square(threshold) / 2) / (ROOT_TWO_PI * above_without)
    return density, Cells(
        pull_found * (1 - carrying) - pull_not_found * carrying, hazard * signal, -hazard - hazard_without
    )
