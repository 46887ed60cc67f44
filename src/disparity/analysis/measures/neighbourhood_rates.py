"""Search rates by neighbourhood of about 8,000 people, smoothed towards those around, with their uncertainty."""

from dataclasses import replace

import numpy as np
import polars as pl

from disparity.analysis.measures.area_rates import estimate_areas
from disparity.analysis.measures.breakdowns import SPAN, Whole
from disparity.analysis.measures.places import list_placed
from disparity.disclosure.open import Detail
from disparity.sources.census_places import add_up_places
from disparity.statistics.intervals import FloatArray
from disparity.statistics.smoothing import (
    TOO_FEW_EVENTS,
    Smoothed,
    find_neighbours,
    measure_dispersion,
    smooth_rates,
)
from disparity.vocabulary.codes import ALL
from disparity.vocabulary.msoas import read_msoas
from disparity.vocabulary.neighbourhoods import read_neighbourhoods
from disparity.vocabulary.statuses import NOT_MEASURABLE, PARTIAL, TOO_FEW_MONTHS
from disparity.vocabulary.thresholds import FEWEST_CLUSTERED_MONTHS

SMOOTHED = ("smoothed_value", "smoothed_lower", "smoothed_upper", "probability_above")
NEIGHBOURHOOD_COLUMNS = [
    *(*SPAN, "neighbourhood", "name", "numerator", "denominator", "unknown", "value"),
    *(*SMOOTHED, "whole_value", "dispersion", "status", "fit"),
]
# Whether rates were smoothed, or why not; other reasons are those of `smooth_rates`.
FITTED = "fitted"
# Probabilities of lying above the force's rate beyond which a rate is told from it.
SURELY_BELOW, SURELY_ABOVE = 0.05, 0.95
# A smoothed rate is an approximation: more would claim more than there is.
DECIMALS = 4


def smooth_neighbourhoods(whole: Whole, residents: pl.DataFrame) -> pl.DataFrame:
    """Estimate the search rate of every neighbourhood in a force's latest period, all ethnic groups together.

    A neighbourhood is a middle layer super output area, about 8,000 people. As counted: `estimate_areas`, with its
    gates. Smoothed: `smooth_rates`, its neighbours those of `find_neighbours` between the middles of residents, its
    dispersion that of the counts by month: six months have to be there.

    Args:
        residents: force, period_from, period_to, ethnic_group, neighbourhood (LSOA), population.

    Returns:
        NEIGHBOURHOOD_COLUMNS: a row for each neighbourhood of a force that has at least nine in ten of its searches in
        them; rates in searches per 1,000 residents a year. probability_above: that the rate is above whole_value, the
        rate of all searches so placed. What is smoothed is null where `fit` is not `fitted`, and says why. Groups have
        no rows: their numbers are too small.

    Source: `smooth_rates`.
    """
    of_msoa = read_neighbourhoods().select("neighbourhood", "msoa")
    people = residents.join(of_msoa, on="neighbourhood")
    placed = list_placed(whole.detail, people, "msoa")
    counted = replace(whole, detail=Detail(replace(whole.detail, areas=placed)))
    by_msoa = add_up_places(people, "msoa").rename({"msoa": "area"})
    rates = estimate_areas(counted, by_msoa).filter(ethnic_group=ALL).rename({"area": "neighbourhood"})
    is_latest = pl.col("period_to") == pl.col("period_to").max().over("force")
    is_gated = pl.col("status").is_in([PARTIAL, NOT_MEASURABLE]).any().over("force")
    rows = (
        rates.filter(is_latest)
        .filter(~is_gated)
        .join(read_msoas().rename({"msoa": "neighbourhood"}), on="neighbourhood", maintain_order="left")
    )
    months = placed.join(whole.periods, on="month").group_by(*SPAN, "month", "area").agg(pl.col("searches").sum())
    parts = rows.partition_by(SPAN, maintain_order=True) or [rows]
    return pl.concat([_smooth(part, months).select(NEIGHBOURHOOD_COLUMNS) for part in parts])


def _smooth(rows: pl.DataFrame, months: pl.DataFrame) -> pl.DataFrame:
    """Smooth the rates of one force and period."""
    counts = _cross(rows, months.join(rows.select(SPAN).unique(), on=SPAN))
    dispersion = measure_dispersion(counts)
    made, fit = _fit(rows, counts.shape[1], dispersion)
    return rows.with_columns(
        *(pl.Series(f"smoothed_{name}", getattr(made, name)).round(DECIMALS) for name in ("value", "lower", "upper")),
        pl.Series("probability_above", made.above).round(DECIMALS),
        whole_value=pl.col("numerator").sum() / pl.col("denominator").sum(),
        dispersion=pl.lit(dispersion).round(DECIMALS),
        fit=pl.lit(fit),
    ).with_columns(pl.col(SMOOTHED).fill_nan(None))


def _fit(rows: pl.DataFrame, months: int, dispersion: float) -> tuple[Smoothed, str]:
    blank = np.full(rows.height, np.nan)
    nothing = Smoothed(blank, blank, blank, blank)
    if months < FEWEST_CLUSTERED_MONTHS:
        return nothing, TOO_FEW_MONTHS
    if not np.isfinite(dispersion):
        return nothing, TOO_FEW_EVENTS
    north = rows["latitude"].to_numpy()
    # Over a force, degrees are lengths once those of longitude are made as long as those of latitude.
    east = rows["longitude"].to_numpy() * np.cos(np.radians(north.mean()))
    pairs = find_neighbours(east, north)
    made = smooth_rates(rows["numerator"].to_numpy(), rows["denominator"].to_numpy(), pairs, dispersion=dispersion)
    return made, made.failure or FITTED


def _cross(rows: pl.DataFrame, months: pl.DataFrame) -> FloatArray:
    """Searches by neighbourhood, in the order of the rows, and month with a search."""
    wide = months.drop_nulls("area").pivot("month", index="area", values="searches", sort_columns=True)
    counts = rows.select(area="neighbourhood").join(wide, on="area", how="left", maintain_order="left").drop("area")
    return counts.fill_null(0).to_numpy().astype(np.float64)
