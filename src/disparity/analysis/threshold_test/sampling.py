"""Draws from the posterior of the threshold model, by Hamiltonian Monte Carlo.

The sampler is the plainest there is: a jittered number of leapfrog steps, accepted or not as Metropolis does, in units
in which the posterior is near to a standard normal one. All chains move together as one array: a sampler that takes
them one by one spends its time between numpy's calls, and took ten times as long for as much.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from disparity.analysis.threshold_test.model import FloatArray, Model, log_density

# Share of proposals accepted that the step is made for; the higher, the shorter it is and the fewer draws diverge.
ACCEPTANCE = 0.92
# Of a trajectory, in standard deviations: some of the posterior is wider than its mode says.
LONGEST = 4.0
MOST_STEPS = 128
# A rise in energy that no step of a stable trajectory makes (Betancourt 2017).
DIVERGENT = 1_000.0
MOST_SEARCH_STEPS = 2_000
NUDGE = 1e-4
# A prior alone bends the density by 1: what is much flatter is rounding, or not the mode.
FLATTEST = 0.1
# Shares of the warm-up after which units are measured anew.
WINDOWS = (0.3, 0.4)
BEGIN = 2.0
# Starts of the search for modes, and how far behind the heaviest, as a logarithm, one has no weight.
SEARCHES = 12
MOST_BEHIND = 20.0


class Effort(NamedTuple):
    """How long to draw."""

    chains: int
    warm_up: int
    draws: int


class Draws(NamedTuple):
    """Points by chain and draw, and how many draws diverged: where the steps could not follow the density."""

    points: FloatArray
    divergences: int


class Pace(NamedTuple):
    """Dual averaging of the logarithm of the step (Hoffman and Gelman 2014, with their constants)."""

    now: float
    average: float
    lag: float


class _State(NamedTuple):
    """Where each chain is, in units of the mode's spread, with log density and gradient there."""

    place: FloatArray
    density: FloatArray
    gradient: FloatArray


FIRST_STEP = float(np.log(0.1))
Measure = Callable[[FloatArray], _State]


def draw_points(model: Model, effort: Effort, *, seed: int) -> Draws:
    """Draw points of the model, after a warm-up that is thrown away.

    Source: Neal (2011), MCMC using Hamiltonian dynamics.
    """
    random = np.random.default_rng(seed)
    modes = find_modes(model, random)
    # Chains begin at different modes, and further apart than these are wide: those that do not come together show it.
    points = np.array(
        [modes[chain % len(modes)].points(BEGIN * random.normal(size=model.size)) for chain in range(effort.chains)]
    )
    units = modes[0]
    for share in WINDOWS:
        run = _draw(model, units, points, random, _Lengths(int(share * effort.warm_up), 0))
        points = run.points[-1]
        # What the chains found out of the posterior's width is the unit of the next window.
        units = _measure_units(run.points[len(run.points) // 2 :])
    run = _draw(model, units, points, random, _Lengths(int((1 - sum(WINDOWS)) * effort.warm_up), effort.draws))
    return Draws(np.swapaxes(run.points, 0, 1)[:, -effort.draws :], run.divergences)


class _Units(NamedTuple):
    """A middle of the posterior and the root of its covariance."""

    middle: FloatArray
    root: FloatArray

    def points(self, place: FloatArray) -> FloatArray:
        return np.asarray(self.middle + place @ self.root.T)


class _Lengths(NamedTuple):
    """Moves while the step is still found, and after."""

    finding: int
    found: int


def _draw(model: Model, units: _Units, points: FloatArray, random: np.random.Generator, lengths: _Lengths) -> Draws:
    """Move all chains: points by move and chain, and the draws that diverged after the step was found."""

    def measure(place: FloatArray) -> _State:
        density, gradient = log_density(units.points(place), model)
        return _State(place, density, gradient @ units.root)

    state = measure(np.asarray(np.linalg.solve(units.root, (points - units.middle).T).T, np.float64))
    pace, diverged, places = Pace(FIRST_STEP, FIRST_STEP, 0.0), 0, []
    for turn in range(1, lengths.finding + lengths.found + 1):
        is_finding = turn <= lengths.finding
        step = float(np.exp(pace.now if is_finding else pace.average))
        state, accepted, off = _move(state, step, random, measure)
        places.append(state.place)
        if is_finding:
            pace = _adapt(pace, float(accepted.mean()), turn)
        else:
            diverged += int(off.sum())
    return Draws(units.points(np.array(places)), diverged)


def _measure_units(points: FloatArray) -> _Units:
    rows = points.reshape(-1, points.shape[-1])
    covariance, count = np.cov(rows.T), len(rows)
    # Drawn towards its own diagonal, as far as there are few draws to estimate the rest.
    weight = count / (count + 5 * rows.shape[1])
    drawn = weight * covariance + (1 - weight) * np.diag(np.diag(covariance))
    return _Units(np.asarray(rows.mean(axis=0), np.float64), np.asarray(np.linalg.cholesky(drawn), np.float64))


def find_modes(model: Model, random: np.random.Generator) -> list[_Units]:
    """Give the modes of the posterior that may hold a part of it, the heaviest first.

    Counts can be such that two accounts of them fit: few carry something and it shows, or many and it does not. Chains
    from one mode would agree and never see the other. A mode's weight is by Laplace's approximation.
    """
    starts = [np.zeros(model.size), *random.normal(size=(SEARCHES - 1, model.size))]
    for start in starts:
        start[model.common] = 0.0
        start[model.common + 1 :] += 1.0
    found = [_find_mode(model, start) for start in starts]
    weights = [float(log_density(units.middle, model)[0]) + float(np.linalg.slogdet(units.root)[1]) for units in found]
    order = np.argsort(weights)[::-1]
    return [found[place] for place in order if weights[place] > weights[order[0]] - MOST_BEHIND]


def _find_mode(model: Model, start: FloatArray) -> _Units:
    """Climb to a mode, the spread of thresholds held at 1; give it with the root of the covariance there.

    (Let go where counts say little, the spread runs to nothing: there the density is highest, and next to none of the
    posterior.) In these units the posterior is near to a standard normal one: thresholds, shares and signals pull on
    each other, and far fewer steps do.
    """
    is_free = np.arange(model.size) != model.common

    def lose(point: FloatArray) -> tuple[float, FloatArray]:
        density, gradient = log_density(point, model)
        return -float(density), -gradient * is_free

    mode = minimize(lose, start, jac=True, method="BFGS", options={"maxiter": MOST_SEARCH_STEPS}).x
    nudges = NUDGE * np.eye(len(mode))
    slopes = [-log_density(mode + sign * nudges, model)[1] for sign in (1, -1)]
    curvature = (slopes[0] - slopes[1]) / (2 * NUDGE) * is_free * is_free[:, None]
    curvature[model.common, model.common] = 2.0 * len(model.stops.group)
    values, vectors = np.linalg.eigh((curvature + curvature.T) / 2)
    return _Units(mode, vectors / np.sqrt(np.maximum(values, FLATTEST)))


def _move(
    state: _State, step: float, random: np.random.Generator, measure: Measure
) -> tuple[_State, FloatArray, npt.NDArray[np.bool_]]:
    """Move every chain along one trajectory; give where they are, how likely each was accepted, which diverged."""
    # One length for all: it may depend on nothing but chance, or the draws would not be of the posterior.
    steps = min(int(np.ceil(random.uniform(0, LONGEST) / step)), MOST_STEPS)
    pushed = random.normal(size=state.place.shape)
    moved, push = state, pushed + step / 2 * state.gradient
    for turn in range(steps):
        moved = measure(moved.place + step * push)
        push = push + (step if turn < steps - 1 else step / 2) * moved.gradient
    with np.errstate(invalid="ignore", over="ignore"):
        gain = moved.density - state.density - (np.square(push) - np.square(pushed)).sum(axis=-1) / 2
    gain = np.where(np.isfinite(gain), gain, -np.inf)
    accepted = np.exp(np.minimum(gain, 0))
    is_moved = random.random(len(gain)) < accepted
    parts = (
        np.where(is_moved.reshape(-1, *[1] * (new.ndim - 1)), new, old) for new, old in zip(moved, state, strict=True)
    )
    return _State(*parts), accepted, -gain > DIVERGENT


def _adapt(pace: Pace, accepted: float, turn: int) -> Pace:
    lag = pace.lag + (ACCEPTANCE - accepted - pace.lag) / (turn + 10)
    now = np.log(10) + FIRST_STEP - np.sqrt(turn) / 0.05 * lag
    weight = turn**-0.75
    return Pace(float(now), float(weight * now + (1 - weight) * pace.average), float(lag))
