"""How often the threshold test is right on draws from known truths. By hand; docs/threshold-test.md says what it gave.

    python benchmarks/threshold_calibration.py supposed 50
    python benchmarks/threshold_calibration.py beta 20

`supposed` draws truth and counts from the model itself, priors and all (simulation-based calibration: Talts and others
2018): the truth's place among the draws is as likely to be one as another, and 95% intervals hold it 95 times in 100.
`beta` draws them from another model, the beta signals of Simoiu, Corbett-Davies and Goel (2017).
"""

import sys
from time import process_time

import numpy as np
from numpy.random import Generator
from scipy import special

from disparity.analysis.threshold_test.estimates import weigh_groups
from disparity.analysis.threshold_test.model import PUBLISHED, Stops, cells_of, lay_out, rates_of, threshold_chances
from disparity.analysis.threshold_test.sampling import Effort, draw_points
from disparity.statistics.convergence import effective_draws, rank_r_hat

GROUPS, AREAS, STOPS = 3, 6, 3_000
FEWEST_SEARCHES = 50
EFFORT = Effort(chains=8, warm_up=250, draws=250)


def main() -> None:
    """Draw, fit and say how often the differences of groups to the first were inside."""
    world, count = sys.argv[1], int(sys.argv[2])
    tallies = []
    for seed in range(count):
        stops, true = WORLDS[world](np.random.default_rng([seed, 7]))
        started = process_time()
        model = lay_out(stops, PUBLISHED)
        drawn = draw_points(model, EFFORT, seed=seed)
        groups = weigh_groups(threshold_chances(cells_of(drawn.points, model)), stops)
        for group in range(1, GROUPS):
            draws = groups[..., group] - groups[..., 0]
            truth = true[group] - true[0]
            lower, upper = np.quantile(draws, (0.025, 0.975))
            told = int(lower > 0) - int(upper < 0)
            tallies.append(
                (
                    float(np.mean(draws < truth)),
                    bool(lower <= truth <= upper),
                    bool(told != 0),
                    bool(told * truth < 0),
                    rank_r_hat(draws),
                    effective_draws(draws),
                    drawn.divergences,
                    upper - lower,
                )
            )
            print(
                seed,
                group,
                *(f"{value:.3f}" for value in (truth, draws.mean(), lower, upper, *tallies[-1])),
                flush=True,
            )
        print(f"{process_time() - started:.0f} s of processor time", file=sys.stderr)
    places, inside, told, wrong, *_ = (np.array(column) for column in zip(*tallies, strict=True))
    print(
        f"{len(inside)} differences: {inside.mean():.1%} inside, {told.mean():.1%} told, {wrong.mean():.1%} the wrong "
        "way"
    )
    print("places by fifths:", np.histogram(places, bins=5, range=(0, 1))[0].tolist())


def draw_supposed(random: Generator) -> tuple[Stops, np.ndarray]:
    """Truth from the priors; counts that the command would refuse are drawn again, truth and all."""
    while True:
        empty = lay_cells(np.zeros(GROUPS * AREAS), np.zeros(GROUPS * AREAS))
        model = lay_out(empty, PUBLISHED)
        spread = abs(random.normal(0, PUBLISHED.thresholds))
        point = np.concatenate(
            [random.normal(size=model.common), [np.log(spread)], spread * random.normal(size=GROUPS * AREAS)]
        )
        cells = cells_of(point, model)
        rates = rates_of(cells)
        stops = draw_counts(rates.found, rates.not_found, random)
        if is_accepted(stops):
            return stops, weigh_groups(threshold_chances(cells), stops)


def draw_beta(random: Generator) -> tuple[Stops, np.ndarray]:
    """Truth of the order seen in stops of vehicles, with beta signals."""
    while True:
        empty = lay_cells(np.zeros(GROUPS * AREAS), np.zeros(GROUPS * AREAS))
        carrying = special.expit(
            random.normal(-2.5, 0.4, GROUPS)[empty.group] + random.normal(0, 0.2, AREAS)[empty.area]
        )
        certainty = np.exp(random.normal(1.5, 0.3, GROUPS)[empty.group] + random.normal(0, 0.2, AREAS)[empty.area])
        threshold = special.expit(
            random.normal(-1.5, 0.4, GROUPS)[empty.group] + random.normal(0, 0.15, len(empty.group))
        )
        a, b = carrying * certainty, (1 - carrying) * certainty
        found = carrying * special.betaincc(a + 1, b, threshold)
        stops = draw_counts(found, (1 - carrying) * special.betaincc(a, b + 1, threshold), random)
        if is_accepted(stops):
            return stops, weigh_groups(threshold, stops)


def lay_cells(searches: np.ndarray, finds: np.ndarray) -> Stops:
    """Every group in every area, with as many stops each."""
    area, group = (part.ravel() for part in np.indices((AREAS, GROUPS)))
    return Stops(group, area, np.full(GROUPS * AREAS, float(STOPS)), searches, finds)


def draw_counts(found: np.ndarray, not_found: np.ndarray, random: Generator) -> Stops:
    """Searches and finds of so many stops."""
    drawn = random.multinomial(STOPS, np.column_stack([found, not_found, np.maximum(1 - found - not_found, 0)]))
    return lay_cells(drawn[:, :2].sum(axis=1).astype(float), drawn[:, 0].astype(float))


def is_accepted(stops: Stops) -> bool:
    """Whether the command would take these counts."""
    enough = np.bincount(stops.group, stops.searches).min() >= FEWEST_SEARCHES
    return bool(enough and stops.searches.sum() < stops.stops.sum())


WORLDS = {"supposed": draw_supposed, "beta": draw_beta}

if __name__ == "__main__":
    main()
