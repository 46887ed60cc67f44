"""Search rates by fifth of deprivation, and each group's against that of White residents of the same fifth."""

from dataclasses import replace

import polars as pl

from disparity.analysis.measures.area_rates import estimate_areas
from disparity.analysis.measures.breakdowns import Whole
from disparity.analysis.measures.places import list_placed
from disparity.analysis.reasons.area_comparisons import AREA_COLUMNS, compare_areas
from disparity.disclosure.open import Detail
from disparity.sources.census_places import add_up_places

FIFTH_COLUMNS = [name if name != "area" else "fifth" for name in AREA_COLUMNS]


def compare_fifths(whole: Whole, residents: pl.DataFrame) -> pl.DataFrame:
    """Estimate and compare search rates by fifth of deprivation, as they are by area.

    The fifths are of the neighbourhood in which a search lies, among all neighbourhoods of its country; 1 is the most
    deprived. Gates, intervals, ratios and tests: `estimate_areas`, `compare_areas`.

    Args:
        residents: force, period_from, period_to, ethnic_group, neighbourhood, fifth, population.

    Returns:
        AREA_COLUMNS, with `fifth` (1 to 5) in the place of `area`.

    Source: as `compare_areas`; `vocabulary.neighbourhoods.read_neighbourhoods` for the fifths.
    """
    counts = Detail(replace(whole.detail, areas=list_placed(whole.detail, residents, "fifth")))
    by_fifth = add_up_places(residents, "fifth").rename({"fifth": "area"}).with_columns(pl.col("area").cast(pl.String))
    rates = estimate_areas(replace(whole, detail=counts), by_fifth)
    compared = compare_areas(rates, counts, whole.periods)
    return compared.rename({"area": "fifth"}).with_columns(pl.col("fifth").cast(pl.Int64)).select(FIFTH_COLUMNS)
