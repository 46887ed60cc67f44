"""Counts and residents → what could lie behind a difference, and how months changed."""

import polars as pl

from disparity.analysis.measures.monthly import estimate_monthly
from disparity.analysis.reasons.explain import Material, explain
from disparity.analysis.reasons.quarters import compare_quarters
from disparity.analysis.reasons.rows import REASON_ORDER
from disparity.analysis.reasons.scenarios import Treatments
from disparity.disclosure.open import Detail
from disparity.disclosure.tallies import (
    Tallies,
    is_of_quarter,
    list_spans,
)
from disparity.pipeline.comparisons import SEED
from disparity.project.settings import Settings
from disparity.records.area_outlines import read_areas, refuse_misspelt
from disparity.records.audit.doubt_list import (
    flag_doubts,
)
from disparity.sources.census_ages import (
    COUNTED,
    name_basis,
    read_age_ranges,
    read_census_ages,
    spread_over_ages,
)
from disparity.sources.census_places import add_up_places, read_census_places, spread_over_neighbourhoods
from disparity.sources.own_population import BY_AGE_AND_GENDER, BY_AREA
from disparity.sources.population import (
    break_down_residents,
    choose_residents,
    list_bases,
)
from disparity.vocabulary.neighbourhoods import read_authorities


def gather_material(
    settings: Settings,
    counts: Detail,
    residents: pl.DataFrame,
    submissions: pl.DataFrame,
    made: tuple[pl.DataFrame, pl.DataFrame, Treatments],
) -> Material:
    """Gather what the analyses of reasons are made from.

    Args:
        residents: as `read_residents` gives them.
        made: of the counts: estimates, comparisons and treatments of unknown ethnicity.

    Raises:
        RequestError: residents name areas that the project's outlines do not.
    """
    periods = settings.periods()
    bases = list_bases(residents, periods)
    own_ages, by_area = (break_down_residents(residents, by, periods) for by in (BY_AGE_AND_GENDER, BY_AREA))
    by_age = pl.concat([own_ages, spread_over_ages(bases, read_census_ages(settings.mergers))], how="diagonal_relaxed")
    if settings.areas:
        refuse_misspelt(read_areas(settings.areas), by_area, counts.areas)
    places = read_census_places(settings.mergers)
    by_neighbourhood = spread_over_neighbourhoods(bases, places, counts.neighbourhoods["force"].unique().to_list())
    by_area = pl.concat([by_area, _count_in_authorities(settings, counts, by_neighbourhood, by_area)], how="diagonal")
    return Material(counts, periods, bases, by_age, by_area, by_neighbourhood, *made, submissions)


def _count_in_authorities(
    settings: Settings, counts: Detail, residents: pl.DataFrame, own: pl.DataFrame
) -> pl.DataFrame:
    """Give the residents of each local authority of the forces whose areas are authorities, and not of their own."""
    by_authority = add_up_places(residents, "area")
    if settings.areas:
        return by_authority.clear()
    is_known = pl.col("area").is_in(read_authorities()["name"].implode())
    named = counts.areas.drop_nulls("area").group_by("force").agg(is_known.all())
    others = [*own["force"], *(extract.force for extract in settings.extracts if "area" in extract.columns)]
    placed = named.filter("area", ~pl.col("force").is_in(others))
    return by_authority.join(placed, on="force", how="semi")


def list_age_ranges(settings: Settings, residents: pl.DataFrame, bases: pl.DataFrame) -> pl.DataFrame:
    """List residents by the portal's age ranges and sex, of a publisher's own file or the censuses.

    Returns:
        force, period_from, period_to, ethnic_group, age_group, gender, population, residents_basis.
    """
    own = break_down_residents(residents, BY_AGE_AND_GENDER, settings.periods()).with_columns(
        residents_basis=pl.lit(COUNTED)
    )
    spread = name_basis(spread_over_ages(bases, read_age_ranges(settings.mergers)))
    return pl.concat([own, spread.select(own.columns)], how="vertical_relaxed")


def estimate_months(
    months: Tallies,
    residents: pl.DataFrame,
    submitted: pl.DataFrame,
    periods: pl.DataFrame,
    made: tuple[pl.DataFrame, pl.DataFrame],
) -> pl.DataFrame:
    """Estimate by month, out of the residents of each month; `made`: the estimates of periods, and the doubts."""
    estimates, doubts = made
    people = choose_residents(residents, list_spans(submitted.filter(~is_of_quarter())))
    return flag_doubts(estimate_monthly(months, people, submitted, periods, estimates), doubts)


def give_reasons(material: Material, monthly: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Give the rows of `reasons.csv`: what periods are explained by, and how their months changed."""
    return pl.concat([explain(material, seed=SEED), compare_quarters(monthly, periods)]).sort(REASON_ORDER)
