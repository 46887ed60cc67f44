"""Rates of what only an extract tells of how searches were carried out, estimated and compared as all others are."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from disparity.analysis.comparisons import compare
from disparity.analysis.measures.clusters import gather_clusters
from disparity.analysis.measures.entries import TOLD_MEASURES
from disparity.analysis.measures.estimates import estimate_cells, lay_out_cells
from disparity.analysis.measures.flag_use import add_flag_use
from disparity.analysis.measures.gates import withhold_few_events
from disparity.disclosure.open import Detail
from disparity.disclosure.told import ToldCounts


@dataclass(frozen=True)
class ToldRates:
    """The estimates of one measure of TOLD_MEASURES, their comparisons, and the counts behind them."""

    counts: Detail
    estimates: pl.DataFrame
    comparisons: pl.DataFrame


def rate_told(told: Mapping[str, ToldCounts], population: pl.DataFrame, periods: pl.DataFrame) -> list[ToldRates]:
    """Estimate and compare each of TOLD_MEASURES, of the forces and periods with a search that tells it.

    rate = searches that tell so / searches that tell so or the opposite; of custody, arrests in the place of searches.
    The gates are those of all shares: 95% of the searches must tell for a measured rate, 50% for an estimate.

    Args:
        told: as `set_out_told` gives them. population, periods: as `estimate` takes them.

    Returns:
        A row for each force, period, basis, group and type, as `estimate` and `compare` give them: from 0 to 1, null
        where `status` says why; a difference of 0 is the same rate. Nothing of what no record tells.
    """
    rates = []
    for measure in TOLD_MEASURES:
        own = told.get(measure.name.removesuffix("_rate"))
        if own is None:
            continue
        clusters = gather_clusters(own.detail, periods)
        cells = add_flag_use(lay_out_cells(own.years, population, own.submitted, periods))
        estimates = withhold_few_events(estimate_cells(cells, clusters=clusters, measures=(measure,)))
        compared = compare(estimates, clusters=clusters, measures=(measure,))
        rates.append(ToldRates(own.detail, estimates, compared))
    return rates
