"""How often the toolkit is right: draws from known truths, and what it says of them.

Coverage of intervals, statements of differences that are not there, power, and the error of every way of
treating unknown ethnicity. The result is a published table, and the method page shows it.
"""

from collections.abc import Callable

import numpy as np
import polars as pl

from disparity.calibration.draws import Draw, draw_publications
from disparity.calibration.scores import TALLY_KEYS, score_comparisons, score_rates, score_statements
from disparity.calibration.worlds import WORLDS, World
from disparity.inference import compare
from disparity.measures import estimate, measure_dispersion
from disparity.statistics.intervals import wilson

__all__ = ["CALIBRATION_COLUMNS", "WORLDS", "calibrate"]

BATCH = 100  # publications drawn at once: what fits in half a gigabyte
CALIBRATION_COLUMNS = ["world", *TALLY_KEYS, "expected_count", "publications", "value", "lower", "upper"]


def calibrate(*, publications: int, seed: int, tell: Callable[[str], object] = lambda world: None) -> pl.DataFrame:
    """Draw so many publications of every world and score what is said of them.

    Returns:
        CALIBRATION_COLUMNS. `value` is the share of publications (coverage, false statement, power, stated on
        the wrong side: 0 to 1) or, for `ratio error`, the estimated ratio / the true ratio (geometric mean;
        1 is no error); `lower` and `upper` are the 95% interval of `value` over the draws.
    """
    tables = []
    for place, world in enumerate(WORLDS):
        tell(world.name)
        tallies = [
            _score(
                world,
                draw_publications(world, publications=size, generator=np.random.default_rng([seed, place, batch])),
            )
            for batch, size in enumerate(_split(publications))
        ]
        tables.append(_add_up(pl.concat(tallies)).select(pl.lit(world.name).alias("world"), pl.all()))
    return pl.concat(tables).select(CALIBRATION_COLUMNS)


def _split(publications: int) -> list[int]:
    whole, rest = divmod(publications, BATCH)
    return [BATCH] * whole + ([rest] if rest else [])


def _score(world: World, draw: Draw) -> pl.DataFrame:
    estimates = estimate(draw.counts, draw.population, draw.submitted, draw.periods)
    comparisons = compare(estimates, dispersion=measure_dispersion(draw.counts, draw.periods), publication="force")
    return pl.concat(
        [
            score_rates(world, estimates),
            score_comparisons(world, comparisons),
            score_statements(world, comparisons),
        ]
    )


def _add_up(tallies: pl.DataFrame) -> pl.DataFrame:
    sums = (
        tallies.group_by(TALLY_KEYS)
        .agg(pl.col("publications", "total", "squares").sum(), pl.col("expected_count").first())
        .sort(TALLY_KEYS)
    )
    lower, upper = wilson(sums["total"].to_numpy(), sums["publications"].to_numpy())
    return sums.with_columns(
        (pl.col("total") / pl.col("publications")).alias("value"), pl.Series("lower", lower), pl.Series("upper", upper)
    )
