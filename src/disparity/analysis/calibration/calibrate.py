"""How often the toolkit is right: draws from known truths, and what it says of them.

Coverage of intervals, statements of differences that are not there, power, and the error of every way of
treating unknown ethnicity. The result is a published table, and the method page shows it.
"""

from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl

from disparity.analysis.calibration.draws import Draw, draw_publications
from disparity.analysis.calibration.scores import (
    ANY,
    COVERAGE,
    FEWEST_EXPECTED,
    RANGE_COVERAGE,
    RATIO_ERROR,
    TALLY_KEYS,
    score_comparisons,
    score_ranges,
    score_rates,
    score_reasons,
    score_statements,
    score_verdicts,
)
from disparity.analysis.calibration.worlds import WORLDS, World
from disparity.analysis.comparisons import compare
from disparity.analysis.measures.clusters import gather_clusters
from disparity.analysis.measures.estimates import estimate
from disparity.analysis.reasons.bounds import bound_unknown_ethnicity
from disparity.analysis.reasons.coverage import shift_coverage
from disparity.analysis.reasons.decomposition import decompose_over_areas
from disparity.analysis.reasons.scenarios import treat_unknown_ethnicity
from disparity.analysis.reasons.strata import stratify_find_rates
from disparity.analysis.reasons.verdicts import combine_tests
from disparity.analysis.sensitivity.specifications import NO_TREATMENTS, Assumptions
from disparity.analysis.sensitivity.statements import decide
from disparity.disclosure.open import open_counts
from disparity.statistics.intervals import normal_quantile, wilson
from disparity.vocabulary.codes import read_reference

# The published table: when it was drawn, and from what.
DRAWN_ON, DRAWN_SEED = date(2026, 11, 30), 1
BATCH = 100  # publications drawn at once: what fits in half a gigabyte
TALLY = [*TALLY_KEYS, "publications", "total", "squares", "expected_count"]
CALIBRATION_COLUMNS = ["world", *TALLY_KEYS, "expected_count", "publications", "value", "lower", "upper"]


def calibrate(*, publications: int, seed: int, report: Callable[[str], object] = lambda world: None) -> pl.DataFrame:
    """Draw so many publications of every world and score what is said of them.

    Returns:
        CALIBRATION_COLUMNS. `value` is the share of publications (coverage, false statement, power, stated on
        the wrong side: 0 to 1) or, for `ratio error`, the estimated ratio / the true ratio (geometric mean;
        1 is no error); `lower` and `upper` are the 95% interval of `value` over the draws.
    """
    tables = []
    for place, world in enumerate(WORLDS):
        report(world.name)
        tallies = []
        for batch, size in enumerate(_split(publications)):
            generator = np.random.default_rng([seed, place, batch])
            drawn = draw_publications(world, publications=size, generator=generator)
            tallies.append(_score(world, drawn, seed=batch))
        tables.append(_add_up(pl.concat(tallies)).select(pl.lit(world.name).alias("world"), pl.all()))
    return pl.concat(tables).select(CALIBRATION_COLUMNS)


def read_calibration() -> pl.DataFrame:
    """Give what 1,000 draws of every world gave, on DRAWN_ON with DRAWN_SEED: as `calibrate` does."""
    text = pl.DataFrame(read_reference("calibration"), schema=dict.fromkeys(CALIBRATION_COLUMNS, pl.String))
    numbers = ("expected_count", "value", "lower", "upper")
    return text.with_columns(pl.col(numbers).replace("", None).cast(pl.Float64), pl.col("publications").cast(pl.Int64))


def read_calibration_summary() -> pl.DataFrame:
    """Give what a publication carries of `read_calibration`: the lowest and highest coverage, and all else.

    How often an interval or a range holds the truth is kept for two groups and types of each world and subject: where
    it is least and where it is most often, of those with FEWEST_EXPECTED or more expected in the smaller group.
    """
    rows = read_calibration().with_row_index("place")
    is_of_many = pl.col("check").is_in([COVERAGE, RANGE_COVERAGE]) & (pl.col("subject") != ANY)
    compared = rows.filter(is_of_many, pl.col("expected_count") >= FEWEST_EXPECTED)
    ends = compared.group_by("world", "check", "subject").agg(
        pl.col("place").sort_by("value", "place").first().alias("lowest"),
        pl.col("place").sort_by("value", "place", descending=[True, False]).first().alias("highest"),
    )
    kept = [*ends["lowest"], *ends["highest"]]
    return rows.filter(~is_of_many | pl.col("place").is_in(kept)).drop("place")


def _split(publications: int) -> list[int]:
    whole, rest = divmod(publications, BATCH)
    return [BATCH] * whole + ([rest] if rest else [])


def _score(world: World, draw: Draw, seed: int) -> pl.DataFrame:
    periods = draw.periods
    drawn = open_counts(draw.counts, draw.submitted, periods)
    counts, clusters = drawn.detail, gather_clusters(drawn.detail, periods)
    estimates = estimate(drawn.years, draw.population, draw.submitted, periods, clusters)
    compared = compare(estimates, clusters=clusters)
    # Without unknown ethnicity every way of filling in is the same.
    filled = (
        [treat_unknown_ethnicity(counts, periods, estimates, compared, seed=seed)]
        if world.has_unknown_ethnicity
        else []
    )
    treatments = pl.concat([NO_TREATMENTS, *(treated.treatments for treated in filled)], how="diagonal")
    bounds, recording = bound_unknown_ethnicity(estimates, compared), shift_coverage(estimates, compared)
    comparisons, _ = decide(compared, Assumptions(draw.bases, treatments, bounds, recording))
    reasons = pl.concat(
        [
            *(treated.reasons for treated in filled),
            decompose_over_areas(counts.areas, draw.areas, estimates),
            stratify_find_rates(counts, periods, comparisons),
            combine_tests(comparisons, estimates),
        ]
    )
    tables = [score_statements(world, comparisons), score_verdicts(world, reasons), score_reasons(world, reasons)]
    tables.append(score_ranges(world, comparisons))
    if world.is_wholly_recorded:
        tables += [score_rates(world, estimates), score_comparisons(world, comparisons)]
    return pl.concat(table.select(TALLY) for table in tables)


def _add_up(tallies: pl.DataFrame) -> pl.DataFrame:
    sums = (
        tallies.group_by(TALLY_KEYS)
        .agg(pl.col("publications", "total", "squares").sum(), pl.col("expected_count").first())
        .sort(TALLY_KEYS)
    )
    n, total, squares = (sums[name].to_numpy() for name in ("publications", "total", "squares"))
    lower, upper = wilson(np.clip(total, 0, n), n)
    mean = total / n
    error = normal_quantile(0.95) * np.sqrt(np.maximum(squares / n - mean**2, 0) / n)
    is_error = pl.col("check") == RATIO_ERROR
    return sums.with_columns(
        pl.when(is_error).then(np.exp(mean)).otherwise(mean).alias("value"),
        pl.when(is_error).then(np.exp(mean - error)).otherwise(lower).alias("lower"),
        pl.when(is_error).then(np.exp(mean + error)).otherwise(upper).alias("upper"),
    )
