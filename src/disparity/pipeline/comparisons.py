"""Exact rates → what is stated: every group beside the reference group, under every assumption; children apart."""

from collections.abc import Sequence

import polars as pl

from disparity.analysis.comparisons import compare
from disparity.analysis.measures.children import estimate_band, keep_shown, list_by_age, share_hours
from disparity.analysis.measures.clusters import Clusters, gather_clusters
from disparity.analysis.measures.estimates import estimate
from disparity.analysis.measures.gates import withhold_few_events
from disparity.analysis.reasons.coverage import shift_coverage
from disparity.analysis.reasons.scenarios import Treatments, treat_unknown_ethnicity
from disparity.analysis.sensitivity.specifications import Assumptions
from disparity.analysis.sensitivity.statements import decide
from disparity.analysis.told import ToldRates, rate_told
from disparity.disclosure.age_bands import Band, open_band
from disparity.disclosure.open import Detail
from disparity.disclosure.tallies import (
    tally_periods,
)
from disparity.disclosure.told import set_out_told
from disparity.project.settings import Settings
from disparity.records.audit.doubt_list import (
    SPAN,
    list_months_in_doubt,
    list_periods_in_doubt,
)
from disparity.records.audit.months import list_submitted
from disparity.records.counts import keep_months
from disparity.sources.census_ages import (
    list_age_bases,
    read_census_bands,
)
from disparity.sources.official import (
    read_official_children,
)
from disparity.sources.population import (
    choose_headline,
)
from disparity.vocabulary.codes import AGE_BANDS, CHILDREN
from disparity.vocabulary.statuses import INCOMPLETE, MEASURED

# Of the draws behind the ranks of forces: the same records give the same site.
SEED = 2_019


def compare_openly(
    estimates: pl.DataFrame,
    counts: Detail,
    bases: pl.DataFrame,
    periods: pl.DataFrame,
    known: tuple[Clusters, pl.DataFrame, pl.DataFrame | None, Sequence[ToldRates]],
) -> tuple[pl.DataFrame, pl.DataFrame, Treatments]:
    """Compare exact rates, and decide what is stated: comparisons, sensitivity, treatments of unknown ethnicity.

    Args:
        known: clusters, doubts (`list_doubts`), what `compare_without_doubt` gave, and what an extract alone tells:
            of one family with all other comparisons of the force.
    """
    clusters, doubts, without, told = known
    compared = compare(estimates, clusters=clusters)
    treatments = treat_unknown_ethnicity(counts, periods, estimates, compared, seed=SEED)
    every = [treatments]
    for rates in told:
        both = pl.concat([estimates, rates.estimates])
        every.append(treat_unknown_ethnicity(rates.counts, periods, both, rates.comparisons, seed=SEED))
    compared = pl.concat([compared, *(rates.comparisons for rates in told)])
    recording = shift_coverage(pl.concat([estimates, *(rates.estimates for rates in told)]), compared)
    filled, bounds = (pl.concat(getattr(each, name) for each in every) for name in ("treatments", "bounds"))
    assumed = filled, bounds, recording, list_periods_in_doubt(doubts), without
    comparisons, sensitivity = decide(compared, Assumptions(bases, *assumed))
    return comparisons, sensitivity, treatments


def compare_without_doubt(
    counts: Detail, submitted: pl.DataFrame, periods: pl.DataFrame, population: pl.DataFrame, doubts: pl.DataFrame
) -> pl.DataFrame | None:
    """Compare rates of the months that are not in doubt, of the periods that have others; none where nothing is.

    The rest stands for the year: a search rate is annualised by its months, and tested as if none were missing.
    """
    kept = leave_months_out(counts, submitted, periods, doubts)
    if kept is None:
        return None
    rest, left = kept
    clusters = gather_clusters(rest, periods)
    years = tally_periods(rest, left, periods)
    estimates = withhold_few_events(estimate(years, population, left, periods, clusters))
    whole = estimates.with_columns(pl.col("status").replace({INCOMPLETE: MEASURED}))
    told = rate_told(set_out_told(rest, left, periods), population, periods)
    return pl.concat([compare(whole, clusters=clusters), *(rates.comparisons for rates in told)])


def leave_months_out(
    counts: Detail, submitted: pl.DataFrame, periods: pl.DataFrame, doubts: pl.DataFrame
) -> tuple[Detail, pl.DataFrame] | None:
    """Leave the months in doubt out of the periods that have others: counts and what was submitted; none of none."""
    out = list_months_in_doubt(doubts, periods)
    on = ["force", "month"]
    left = submitted.join(periods, on="month").join(list_periods_in_doubt(doubts), on=SPAN, how="semi")
    left = left.select(submitted.columns).join(out, on=on, how="anti")
    # A quarter is under its first month, and is in doubt or not as one.
    left = left.join(out, left_on=["force", "submission"], right_on=on, how="anti")
    if left.is_empty():
        return None
    return Detail(keep_months(counts, left.select("force", month="submission").unique())), left


def tabulate_children(
    counts: Detail,
    submissions: pl.DataFrame,
    bases: pl.DataFrame,
    doubts: pl.DataFrame,
    settings: Settings,
) -> dict[str, pl.DataFrame]:
    """Estimate every age band, and compare children by ethnic group as everybody is compared."""
    periods, submitted, census = settings.periods(), list_submitted(submissions), read_census_bands(settings.mergers)
    of_band = {band: list_age_bases(bases, census, band) for band in AGE_BANDS}

    def estimate_one(band: Band, name: str, months: pl.DataFrame) -> pl.DataFrame:
        return estimate_band(band, choose_headline(of_band[name]), months, periods)

    bands = {name: open_band(counts, name, submitted, periods) for name in AGE_BANDS}
    made = {name: estimate_one(band, name, submitted) for name, band in bands.items()}
    without, left = None, leave_months_out(counts, submitted, periods, doubts)
    if left is not None:
        rest = open_band(left[0], CHILDREN, left[1], periods)
        whole = estimate_one(rest, CHILDREN, left[1]).with_columns(pl.col("status").replace({INCOMPLETE: MEASURED}))
        without = compare(whole, clusters=gather_clusters(rest.detail, periods))
    own = bands[CHILDREN].detail
    known = gather_clusters(own, periods), doubts, without, ()
    compared, _, _ = compare_openly(made[CHILDREN], own, of_band[CHILDREN], periods, known)
    rows = list_by_age(made, share_hours(counts.hours, submissions, periods), of_band)
    return {
        "children": rows,
        "children_comparisons": keep_shown(compared, rows),
        "children_official": read_official_children(counts.cells["force"].unique().sort().to_list()),
    }
