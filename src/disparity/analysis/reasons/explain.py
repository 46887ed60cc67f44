"""What could lie behind a disparity, or make it look like one.

Scenario ranges and sampling intervals answer different questions and are never merged.
Definitions, section 4.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from disparity.analysis.measures.places import list_placed
from disparity.analysis.reasons.bounds import bound_missing_ethnicity
from disparity.analysis.reasons.decomposition import (
    RATIO_OVER_FIFTHS,
    RATIO_OVER_NEIGHBOURHOODS,
    decompose_change_over_forces,
    decompose_over_areas,
    decompose_over_forces,
)
from disparity.analysis.reasons.groups import compare_all_groups
from disparity.analysis.reasons.odds import compare_odds
from disparity.analysis.reasons.rate_gaps import decompose_find_rate_changes, decompose_find_rate_gaps
from disparity.analysis.reasons.residents import recount_residents
from disparity.analysis.reasons.rows import REASON_ORDER
from disparity.analysis.reasons.scenarios import Treatments
from disparity.analysis.reasons.standardised import standardise_by_age_and_sex
from disparity.analysis.reasons.strata import stratify_find_rates
from disparity.analysis.reasons.veil_of_darkness import compare_darkness
from disparity.analysis.reasons.verdicts import combine_tests
from disparity.disclosure.open import Detail
from disparity.sources.census_places import add_up_places


@dataclass(frozen=True)
class Material:
    """What the analyses are made from: counts and their periods, residents, and what was made of them."""

    counts: Detail
    periods: pl.DataFrame
    bases: pl.DataFrame  # residents, as `list_bases` gives them
    residents_by_age: pl.DataFrame  # of `break_down_residents` and `spread_over_ages`; without rows if unknown
    residents_by_area: pl.DataFrame
    residents_by_neighbourhood: pl.DataFrame  # of `spread_over_neighbourhoods`; without rows where none is placed
    estimates: pl.DataFrame
    comparisons: pl.DataFrame
    treatments: Treatments  # as `treat_unknown_ethnicity` gives them
    submissions: pl.DataFrame  # of the audit: which months record times reliably


def explain(material: Material, *, seed: int) -> pl.DataFrame:
    """Give every analysis of reasons in one table: REASON_COLUMNS.

    `analysis` names the function that made the row (its docstring says what `component`, `value`, `lower` and
    `upper` are); the basis of ethnicity is self-defined unless the analysis ends in `_officer_defined`.

    Args:
        seed: of the tests that draw tables.
    """
    counts, periods = material.counts, material.periods
    estimates, comparisons = material.estimates, material.comparisons
    ratios = comparisons.filter(measure="search_rate").drop_nulls("ratio")
    return pl.concat(
        [
            bound_missing_ethnicity(estimates, ratios),
            material.treatments.reasons,
            recount_residents(estimates, ratios, material.bases),
            standardise_by_age_and_sex(counts.people, material.residents_by_age, estimates, ratios),
            decompose_over_areas(counts.areas, material.residents_by_area, estimates, ratios),
            *_compare_within_places(material, ratios),
            decompose_over_forces(estimates),
            decompose_change_over_forces(estimates),
            compare_odds(estimates, comparisons),
            stratify_find_rates(counts, periods, comparisons),
            decompose_find_rate_gaps(estimates, comparisons),
            decompose_find_rate_changes(estimates),
            compare_all_groups(estimates, comparisons, seed=seed),
            combine_tests(comparisons, estimates),
            compare_darkness(counts.twilight, material.submissions, periods, estimates),
        ]
    ).sort(REASON_ORDER)


def _compare_within_places(material: Material, ratios: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Compare residents of the same fifth of deprivation, and of the same neighbourhood."""
    residents = material.residents_by_neighbourhood
    for place, analysis in (("fifth", RATIO_OVER_FIFTHS), ("neighbourhood", RATIO_OVER_NEIGHBOURHOODS)):
        searches = list_placed(material.counts, residents, place)
        people = add_up_places(residents, place).rename({place: "area"}).with_columns(pl.col("area").cast(pl.String))
        yield decompose_over_areas(searches, people, material.estimates, ratios, analysis=analysis)
