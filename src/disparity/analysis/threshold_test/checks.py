"""Posterior predictive checks: are the counts observed such as the model makes?"""

from typing import NamedTuple

import numpy as np
import polars as pl

from disparity.analysis.threshold_test.model import Cells, FloatArray, Stops, rates_of
from disparity.vocabulary.codes import ALL

SEARCH_RATE, FIND_RATE = "search_rate", "find_rate"
TAILS = (0.025, 0.975)


class Fit(NamedTuple):
    """Rows of results, and the two p of all cells together: of searches and of finds."""

    rows: pl.DataFrame
    predictive: tuple[float, float]


class Counts(NamedTuple):
    """What one kind of rate is made of, by draw and cell, or by cell alone."""

    events: FloatArray
    trials: FloatArray


def check_fit(table: pl.DataFrame, stops: Stops, cells: Cells, *, seed: int) -> Fit:
    """Draw counts anew from every draw of the posterior, and set those observed beside them.

    The distance of counts from the model is the sum over cells of (events - expected)^2 / variance; p is the share of
    draws in which new counts lie further off than those observed (Gelman, Meng and Stern 1996).

    Args:
        table: area and ethnic_group of each cell of `stops`. cells: by draw.

    Returns:
        quantity, area, ethnic_group, value, lower, upper (new rates), observed, predictive_p.
    """
    random = np.random.default_rng([seed, 1])
    rates = rates_of(cells)
    chance_searched = rates.found + rates.not_found
    chance_found = rates.found / chance_searched
    searched = random.binomial(stops.stops.astype(np.int64), chance_searched).astype(np.float64)
    found = random.binomial(searched.astype(np.int64), chance_found).astype(np.float64)
    found_of_observed = random.binomial(stops.searches.astype(np.int64), chance_found).astype(np.float64)
    searches, finds = Counts(stops.searches, stops.stops), Counts(stops.finds, stops.searches)
    # Of the searches observed: how many there are is the first check, what they found the second.
    p_searched = _share_further(chance_searched, searches, searched)
    p_found = _share_further(chance_found, finds, found_of_observed)
    rows = [
        _compare(SEARCH_RATE, table, chance_searched, searches, Counts(searched, stops.stops)),
        _compare(FIND_RATE, table, chance_found, finds, Counts(found, searched)),
        _summarise(SEARCH_RATE, chance_searched, searches, p_searched),
        _summarise(FIND_RATE, chance_found, finds, p_found),
    ]
    return Fit(pl.concat(rows, how="diagonal"), (p_searched, p_found))


def _share_further(chance: FloatArray, observed: Counts, drawn: FloatArray) -> float:
    expected, variance = observed.trials * chance, observed.trials * chance * (1 - chance)
    with np.errstate(invalid="ignore", divide="ignore"):
        seen = np.nansum(np.square(observed.events - expected) / variance, axis=-1)
        new = np.nansum(np.square(drawn - expected) / variance, axis=-1)
    return float(np.mean(new >= seen))


def _compare(quantity: str, table: pl.DataFrame, chance: FloatArray, observed: Counts, drawn: Counts) -> pl.DataFrame:
    """Each cell's rate as predicted and as observed; cells without a trial have none."""
    with np.errstate(invalid="ignore", divide="ignore"):
        rates, seen = drawn.events / drawn.trials, observed.events / observed.trials
    known = np.isfinite(seen)
    lower, upper = np.nanquantile(rates[:, known], TAILS, axis=0)
    columns = {"value": chance.mean(axis=0)[known], "lower": lower, "upper": upper, "observed": seen[known]}
    named = table.select("area", "ethnic_group", quantity=pl.lit(quantity)).filter(pl.Series(known))
    return named.with_columns(pl.Series(name, values) for name, values in columns.items())


def _summarise(quantity: str, chance: FloatArray, observed: Counts, p: float) -> pl.DataFrame:
    has_trials = observed.trials > 0
    trials = observed.trials[has_trials]
    off = chance.mean(axis=0)[has_trials] - observed.events[has_trials] / trials
    error = float(np.sqrt(np.average(np.square(off), weights=trials)))
    named = {"quantity": f"{quantity}_error", "area": ALL, "ethnic_group": ALL}
    return pl.DataFrame([named | {"value": error, "predictive_p": p}])
