"""What could lie behind a disparity, or make it look like one.

Scenario ranges and sampling intervals answer different questions and are never merged.
Definitions, section 4.
"""

from dataclasses import dataclass

import polars as pl

from disparity.disclosure import Detail
from disparity.reasons.areas import compare_areas
from disparity.reasons.bounds import MISSING_ETHNICITY, TIPPING_SHARE, bound_missing_ethnicity
from disparity.reasons.census import OTHER_CENSUS, recount_residents
from disparity.reasons.darkness import VEIL_OF_DARKNESS, compare_darkness
from disparity.reasons.decomposition import (
    EVERY_FORCE,
    RATIO_CHANGE_OVER_FORCES,
    RATIO_OVER_AREAS,
    RATIO_OVER_FORCES,
    decompose_change_over_forces,
    decompose_over_areas,
    decompose_over_forces,
)
from disparity.reasons.dispersion import OVERDISPERSION, widen_for_dispersion
from disparity.reasons.find_scenarios import FIND_DIFFERENCE
from disparity.reasons.groups import compare_all_groups
from disparity.reasons.odds import ODDS_RATIO, compare_odds
from disparity.reasons.rate_gaps import (
    FIND_RATE_CHANGE,
    FIND_RATE_GAP,
    decompose_find_rate_changes,
    decompose_find_rate_gaps,
)
from disparity.reasons.rows import REASON_COLUMNS
from disparity.reasons.scenario_rows import (
    ALL_GROUP,
    ALL_REFERENCE,
    FRACTION_MISSING,
    IMPUTED,
    LEFT_OUT,
    OFFICER_INFORMED,
    PROPORTIONAL,
    PROPORTIONAL_BY_TYPE,
)
from disparity.reasons.scenarios import SCENARIO, fill_missing_ethnicity
from disparity.reasons.standardised import AGE_SEX_STANDARDISED, standardise_by_age_and_sex
from disparity.reasons.strata import FIND_RATE_GIVEN, stratify_find_rates
from disparity.reasons.verdicts import (
    ASSUMPTION,
    COMBINED_VERDICT,
    HIGHER_THRESHOLD,
    INCONCLUSIVE,
    LOWER_THRESHOLD,
    combine_tests,
)

__all__ = [
    "AGE_SEX_STANDARDISED",
    "ALL_GROUP",
    "ALL_REFERENCE",
    "ASSUMPTION",
    "COMBINED_VERDICT",
    "EVERY_FORCE",
    "FIND_DIFFERENCE",
    "FIND_RATE_CHANGE",
    "FIND_RATE_GAP",
    "FIND_RATE_GIVEN",
    "FRACTION_MISSING",
    "HIGHER_THRESHOLD",
    "IMPUTED",
    "INCONCLUSIVE",
    "LEFT_OUT",
    "LOWER_THRESHOLD",
    "MISSING_ETHNICITY",
    "ODDS_RATIO",
    "OFFICER_INFORMED",
    "OTHER_CENSUS",
    "OVERDISPERSION",
    "PROPORTIONAL",
    "PROPORTIONAL_BY_TYPE",
    "RATIO_CHANGE_OVER_FORCES",
    "RATIO_OVER_AREAS",
    "RATIO_OVER_FORCES",
    "REASON_COLUMNS",
    "SCENARIO",
    "TIPPING_SHARE",
    "VEIL_OF_DARKNESS",
    "Material",
    "bound_missing_ethnicity",
    "compare_areas",
    "explain",
    "recount_residents",
]


@dataclass(frozen=True)
class Material:
    """What the analyses are made from: counts and their periods, residents, and what was made of them."""

    counts: Detail
    periods: pl.DataFrame
    population: pl.DataFrame
    residents_by_age: pl.DataFrame  # force, ethnic_group, age_group, gender, population; without rows if unknown
    residents_by_area: pl.DataFrame  # force, ethnic_group, area, population; without rows if unknown
    censuses: pl.DataFrame
    dispersion: pl.DataFrame  # as `measure_dispersion` gives it
    estimates: pl.DataFrame
    comparisons: pl.DataFrame
    submissions: pl.DataFrame  # of the audit: which months record times reliably


def explain(material: Material, *, seed: int) -> pl.DataFrame:
    """Give every analysis of reasons in one table: REASON_COLUMNS.

    `analysis` names the function that made the row (its docstring says what `component`, `value`, `lower` and
    `upper` are); the basis of ethnicity is self-defined unless the analysis ends in `_officer_defined`.

    Args:
        seed: of imputation and of the tests that draw tables.
    """
    counts, periods, estimates, comparisons = (
        material.counts,
        material.periods,
        material.estimates,
        material.comparisons,
    )
    ratios = comparisons.filter(pl.col("measure") == "search_rate", pl.col("ratio").is_not_null())
    return pl.concat(
        [
            bound_missing_ethnicity(estimates, ratios),
            fill_missing_ethnicity(counts, periods, estimates, comparisons, seed=seed),
            recount_residents(estimates, ratios, material.population, material.censuses),
            widen_for_dispersion(material.dispersion, comparisons),
            standardise_by_age_and_sex(counts.people, material.residents_by_age, estimates),
            decompose_over_areas(counts.areas, material.residents_by_area, estimates),
            decompose_over_forces(estimates),
            decompose_change_over_forces(estimates, material.population),
            compare_odds(estimates, comparisons),
            stratify_find_rates(counts, periods, comparisons),
            decompose_find_rate_gaps(estimates, comparisons),
            decompose_find_rate_changes(estimates),
            compare_all_groups(estimates, comparisons, seed=seed),
            combine_tests(comparisons),
            compare_darkness(counts.twilight, material.submissions, periods, estimates),
        ]
    ).sort("force", "period_from", "analysis", "component", "ethnic_group")
