"""Whatever a restricted publication states, the exact figures of the same records state too, or at least bear out."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from disparity.analysis.calibration.draws import draw_publications
from disparity.analysis.calibration.worlds import UNEQUAL, Operations
from disparity.analysis.comparisons import HIGHER, LOWER, compare
from disparity.analysis.measures.clusters import gather_clusters
from disparity.analysis.measures.estimates import estimate
from disparity.analysis.reasons.coverage import shift_coverage
from disparity.analysis.reasons.scenarios import treat_unknown_ethnicity
from disparity.analysis.sensitivity.specifications import KEYS, Assumptions
from disparity.analysis.sensitivity.statements import decide
from disparity.disclosure.attack import ProtectedCounts
from disparity.disclosure.design_effects import summarise_design_effect
from disparity.disclosure.open import open_counts
from disparity.disclosure.plan import PLAN, list_cells
from disparity.disclosure.protect import BASE, protect_cells
from disparity.disclosure.tallies import PERIOD_KEYS, tally_periods, tally_submissions
from disparity.tables.restricted import make_tables

PUBLICATIONS = 60
RARE = (0.10, 0.06, 0.05)
# Small and middling forces, where rounding matters most: with differences, and with operations that look like some.
WORLDS = {
    "differences": replace(
        UNEQUAL,
        residents=((40_000, 30_000, 15_000, 400_000, 10_000),),
        find_rates=(RARE, (0.25, 0.20, 0.20), *UNEQUAL.find_rates[2:]),
    ),
    "operations": replace(
        UNEQUAL,
        residents=((60_000, 40_000, 20_000, 300_000, 20_000),),
        operations=Operations(share=0.2, size=10),
    ),
}


def state_exactly(draw):
    """The force's own edition: exact counts, clusters of every measure, unknown ethnicity filled in."""
    drawn = open_counts(draw.counts, draw.submitted, draw.periods)
    clusters = gather_clusters(drawn.detail, draw.periods)
    estimates = estimate(drawn.years, draw.population, draw.submitted, draw.periods, clusters)
    compared = compare(estimates, clusters=clusters)
    treated = treat_unknown_ethnicity(drawn.detail, draw.periods, estimates, compared, seed=1)
    recording = shift_coverage(estimates, compared)
    return decide(compared, Assumptions(draw.bases, treated.treatments, treated.bounds, recording))[0], estimates


def publish(draw):
    """The restricted edition of the same searches, without its proof."""
    years = tally_periods(draw.counts, draw.submitted, draw.periods)
    cells = list_cells(years, tally_submissions(draw.counts, draw.submitted), PLAN)
    submissions = draw.submitted.select("force", "month", months=pl.lit(1), status=pl.lit("submitted"))
    labels = years.labels.select(*PERIOD_KEYS, "is_restricted").with_columns(in_doubt=pl.lit(False))
    effects = summarise_design_effect(draw.counts)
    return make_tables(ProtectedCounts(protect_cells(cells, BASE), BASE), labels, draw.bases, submissions, effects)


@pytest.mark.slow
@pytest.mark.parametrize("world", WORLDS)
def test_what_a_restricted_publication_states_the_exact_figures_bear_out(world):
    draw = draw_publications(WORLDS[world], publications=PUBLICATIONS, generator=np.random.default_rng(7))
    exact, estimates = state_exactly(draw)
    tables = publish(draw)
    both = tables["comparisons"].join(exact, on=KEYS, suffix="_exact")
    is_rate = pl.col("measure") == "search_rate"
    above = pl.when(is_rate).then(pl.col("ratio_exact") > 1).otherwise(pl.col("difference_exact") > 0)
    stated = both.filter(pl.col("verdict").is_in([HIGHER, LOWER])).with_columns(
        is_same=pl.col("verdict") == pl.col("verdict_exact"),
        is_borne_out=(above == (pl.col("verdict") == HIGHER)) & (pl.col("p_value_exact") < 0.05),
    )
    assert stated.filter(is_rate).height > PUBLICATIONS / 2
    assert stated["is_same"].mean() > 0.9
    failed = stated.filter(~(pl.col("is_same") | pl.col("is_borne_out")).fill_null(False))
    assert failed.is_empty()
    # And every exact rate lies within the limits that are published of it.
    keys = ["measure", *PERIOD_KEYS, "ethnic_group", "search_type"]
    rates = tables["estimates"].join(
        estimates.select(*keys, exact=pl.col("numerator") / pl.col("denominator")), on=keys
    )
    shown = rates.filter(pl.col("lower").is_not_null())
    assert shown.height > 1_000
    assert shown.filter(~pl.col("exact").is_between("lower", "upper")).is_empty()
