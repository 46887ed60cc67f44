"""Made-up surfaces of rates, and what smoothing does to counts drawn from them."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from disparity.statistics.smoothing import find_neighbours, measure_dispersion, smooth_rates

AREAS, DRAWS, MONTHS = 150, 20, 12
BINS = ((0.05, 0.35), (0.35, 0.65), (0.65, 0.95))
FEW = 100  # areas in a bin, that its share says anything
TIMES = 4  # rates above so many times the whole's are looked at apart


def _correlate(rng, points, reach=0.3):
    distance = np.linalg.norm(points[:, None] - points[None], axis=2)
    return np.linalg.cholesky(np.exp(-distance / reach) + 1e-9 * np.eye(AREAS)) @ rng.normal(size=AREAS)


def _slope(rng, points):
    angle = rng.uniform(0, 2 * np.pi)
    return 2 * points @ np.array([np.cos(angle), np.sin(angle)])


# Log rates at points of a square, up to their mean.
SURFACES: dict[str, Callable] = {
    "the same everywhere": lambda _rng, points: np.zeros(len(points)),
    "a slope": _slope,
    "two halves": lambda _rng, points: 1.5 * (points[:, 0] > 0.5),
    "neighbours alike": _correlate,
    "neighbours unrelated": lambda rng, points: rng.normal(size=len(points)),
    "town centres": lambda rng, points: 0.5 * _correlate(rng, points) + 2.5 * (rng.uniform(size=len(points)) < 0.06),
}


class Case(NamedTuple):
    """A surface, how many searches an area has on average, and their dispersion."""

    surface: str
    searches: int
    dispersion: int
    lost: float = 0  # share of searches in no place
    where: str = "everywhere alike"

    def __str__(self) -> str:
        return ", ".join(map(str, self))


class Found(NamedTuple):
    """Shares of areas, but for `failed` (fits) and `error_left` (mean squared error over that of raw rates).

    `uncalled`: of the areas whose probability is in each of BINS, the mean of it and the share that lie above.
    """

    covered: float
    covered_high: float
    called: float
    called_wrongly: float
    error_left: float
    failed: int
    uncalled: tuple[tuple[float, float], ...]


CASES = (
    *(Case(name, 20, 1) for name in SURFACES),
    *(Case(name, 4, 1) for name in ("the same everywhere", "neighbours alike", "town centres")),
    *(Case(name, 20, 3) for name in ("the same everywhere", "neighbours alike", "town centres")),
    *(Case(name, 10, 3) for name in ("neighbours alike", "town centres")),
)
# Searches in no place: as many everywhere, or nearly all of them (MOST_LOST) in the busiest areas or on one side.
LOST_CASES = tuple(
    Case(name, 20, 3, lost, where)
    for name in ("neighbours alike", "town centres")
    for lost in (0.1, 0.2, 0.4)
    for where in ("everywhere alike", "the busiest areas", "one side")
)
MOST_LOST = 0.9


def _keep(case, expected, points):
    """The part of each area's searches that is placed."""
    if case.where == "everywhere alike":
        return np.full(AREAS, 1 - case.lost)
    order = np.argsort(points[:, 0] if case.where == "one side" else -expected)
    gone = np.diff(np.minimum(np.cumsum(MOST_LOST * expected[order]), case.lost * expected.sum()), prepend=0)
    kept = np.ones(AREAS)
    kept[order] -= gone / expected[order]
    return kept


@cache
def check_surface(case: Case) -> Found:
    """Draw points, a surface and counts, smooth them, and hold the result against the surface; DRAWS times."""
    rng = np.random.default_rng([(*CASES, *LOST_CASES).index(case), 7])
    covered, high, called, wrongly, errors, failed = [], [], [], [], np.zeros(2), 0
    above, is_true = [], []
    for _ in range(DRAWS):
        centres = rng.uniform(size=(6, 2))[rng.integers(6, size=AREAS)] + rng.normal(scale=0.05, size=(AREAS, 2))
        points = np.where(rng.uniform(size=(AREAS, 1)) < 0.6, centres, rng.uniform(size=(AREAS, 2)))
        residents, rates = rng.uniform(6, 10, AREAS), np.exp(SURFACES[case.surface](rng, points))
        rates *= case.searches / np.mean(rates * residents)
        expected = rates * residents
        placed = expected * _keep(case, expected, points)
        months = _draw(rng, np.repeat((placed / MONTHS)[:, None], MONTHS, axis=1), case.dispersion)
        counts = months.sum(axis=1)
        # Those in no place are taken to lie as the others do.
        residents = residents * placed.sum() / expected.sum()
        pairs = find_neighbours(*points.T)
        made = smooth_rates(counts, residents, pairs, dispersion=measure_dispersion(months))
        if made.failure:
            failed += 1
            continue
        whole = expected.sum() / (residents.sum() * expected.sum() / placed.sum())
        inside = (made.lower <= rates) & (rates <= made.upper)
        covered += list(inside)
        high += list(inside[rates > TIMES * whole])
        is_above, is_below = made.above > 0.95, made.above < 0.05
        called += list(is_above | is_below)
        wrongly += list((is_above & ~(rates > whole)) | (is_below & ~(rates < whole)))
        above += list(made.above)
        is_true += list(rates > whole)
        errors += [((counts / residents - rates) ** 2).mean(), ((made.value - rates) ** 2).mean()]
    shares = (float(np.mean(held)) if held else np.nan for held in (covered, high, called, wrongly))
    probability, held = np.array(above), np.array(is_true)
    parts = [(probability > low) & (probability <= high) for low, high in BINS]
    uncalled = tuple((float(probability[part].mean()), float(held[part].mean())) for part in parts if part.sum() > FEW)
    return Found(*shares, float(errors[1] / errors[0]), failed, uncalled)


def tabulate_surfaces() -> list[list[str]]:
    """Every case as the documentation has it, in per cent."""
    rows = []
    for case in CASES:
        found = check_surface(case)
        shares = [found.covered, found.covered_high, found.called, found.called_wrongly, found.error_left]
        texts = ["–" if np.isnan(share) else f"{share:.0%}" for share in shares]
        texts[3] = f"{found.called_wrongly:.1%}"
        rows.append([*map(str, case[:3]), *texts])
    return rows


def tabulate_lost() -> list[list[str]]:
    """Every case with searches in no place, in per cent."""
    rows = []
    for case in LOST_CASES:
        found = check_surface(case)
        shares = f"{found.covered:.0%}", f"{found.called:.0%}", f"{found.called_wrongly:.1%}"
        rows.append([case.surface, f"{case.lost:.0%}", case.where, *shares])
    return rows


def _draw(rng, expected, dispersion):
    if dispersion == 1:
        return rng.poisson(expected)
    return rng.negative_binomial(expected / (dispersion - 1), 1 / dispersion)


if __name__ == "__main__":
    for row in (*tabulate_surfaces(), *tabulate_lost()):
        print(f"| {' | '.join(row)} |")
