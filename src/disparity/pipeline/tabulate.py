"""Counts → every published table: of all counts, or of what their protection leaves."""

import polars as pl

from disparity.analysis.actions.answers import list_disparities
from disparity.analysis.actions.effects import measure_effects
from disparity.analysis.actions.register import Action, list_actions, read_register
from disparity.analysis.annual_statement import answer_inspectorate
from disparity.analysis.calibration.calibrate import read_calibration
from disparity.analysis.comparisons import compare
from disparity.analysis.control_charts import control_months, list_breaks
from disparity.analysis.measures.alignment import align_published
from disparity.analysis.measures.area_rates import estimate_areas
from disparity.analysis.measures.breakdowns import Whole, break_down
from disparity.analysis.measures.clusters import Clusters, gather_clusters
from disparity.analysis.measures.estimates import estimate
from disparity.analysis.measures.gates import log_gates, withhold_few_events
from disparity.analysis.measures.monthly import estimate_monthly, estimate_quarterly
from disparity.analysis.measures.neighbourhood_rates import smooth_neighbourhoods
from disparity.analysis.measures.official import reconcile_official
from disparity.analysis.peers.compare import compare_peers
from disparity.analysis.peers.pooled import pool_sets
from disparity.analysis.peers.rates import gather_rates
from disparity.analysis.peers.sets import list_sets
from disparity.analysis.reasons.area_comparisons import compare_areas
from disparity.analysis.reasons.coverage import shift_coverage
from disparity.analysis.reasons.deprivation import compare_fifths
from disparity.analysis.reasons.explain import Material, explain
from disparity.analysis.reasons.quarters import compare_quarters
from disparity.analysis.reasons.rows import REASON_ORDER
from disparity.analysis.reasons.scenarios import Treatments, treat_unknown_ethnicity
from disparity.analysis.sensitivity.specifications import Assumptions
from disparity.analysis.sensitivity.statements import decide
from disparity.analysis.sensitivity.tipping import find_tipping
from disparity.disclosure.design_effects import summarise_design_effect
from disparity.disclosure.ledger import list_earlier
from disparity.disclosure.open import Detail, open_counts
from disparity.disclosure.portal import list_rows
from disparity.disclosure.profiles import Profile, choose_plan, choose_profile
from disparity.disclosure.release import release_counts
from disparity.disclosure.tallies import (
    PERIOD_KEYS,
    Tallies,
    is_of_quarter,
    list_spans,
    tally_periods,
    tally_submissions,
)
from disparity.project.declarations import Priority, choose_lists, choose_priorities, list_priorities, refuse_unmatched
from disparity.project.settings import Settings
from disparity.records.area_outlines import read_areas, refuse_misspelt
from disparity.records.audit.doubt_list import (
    SPAN,
    flag_doubts,
    list_doubts,
    list_months_in_doubt,
    list_periods_in_doubt,
    name_kinds,
)
from disparity.records.audit.months import list_submitted, log_decisions, summarise_quality
from disparity.records.counts import keep_months
from disparity.records.expectations import Validation
from disparity.records.ingest import Ingested
from disparity.sources.census_ages import read_census_ages, spread_over_ages
from disparity.sources.census_places import add_up_places, read_census_places, spread_over_neighbourhoods
from disparity.sources.official import read_official
from disparity.sources.own_population import BY_AGE_AND_GENDER, BY_AREA
from disparity.sources.population import (
    break_down_residents,
    choose_headline,
    choose_official,
    choose_residents,
    list_bases,
    read_residents,
)
from disparity.tables.grounds_review import publish_review, read_review
from disparity.tables.previous_edition import Previous
from disparity.tables.provenance import list_inputs
from disparity.tables.restricted import (
    MONTHS_MISSING,
    describe_protection,
    flag_periods,
    make_tables,
    publish_cells,
    publish_checks,
    publish_decisions,
    publish_submissions,
    read_cells,
)
from disparity.tables.revisions import compare_editions
from disparity.tables.schema.columns import IN_DOUBT
from disparity.tables.schema.derived import complete
from disparity.tables.schema.printing import empty_table
from disparity.tables.schema.tables import BY_NAME, TABLES
from disparity.vocabulary.codes import OWN_EXTRACT
from disparity.vocabulary.neighbourhoods import read_authorities
from disparity.vocabulary.statuses import INCOMPLETE, MEASURED

# Of the draws behind the ranks of forces: the same records give the same site.
SEED = 2_019
# Tables of figures whose rows say whether they rest on a month in doubt.
FLAGGED = tuple(table.name for table in TABLES if IN_DOUBT in table.columns)


def tabulate(
    settings: Settings, ingested: Ingested, validation: Validation, *, previous: Previous | None = None
) -> dict[str, pl.DataFrame]:
    """Make every published table; those on what changed are empty without an edition before.

    Raises:
        RequestError: the project asks for a profile that its records do not allow, or states a priority that no
            search falls under.
        DisclosureError: somebody could be singled out; the edition before is not in the ledger.
    """
    refuse_unmatched(_list_priorities(settings, ingested), ingested.counts.cells, ingested.counts.areas)
    register = read_register(settings, ingested.forces)
    profile = choose_profile(settings, ingested.audit.files, list_own(ingested.audit.files))
    if profile.is_restricted:
        frames = _tabulate_restricted(settings, ingested, profile, previous)
        frames["checks"] = publish_checks(validation.list_checks())
    else:
        frames = _tabulate_open(settings, ingested, validation, register) | {
            "disclosure": describe_protection(profile, None)
        }
    if settings.review_table:
        review = read_review(settings.review_table, ingested.forces, settings.known_forces)
        frames["grounds"] = publish_review(review, base=frames["disclosure"]["base"][0])
    frames["priorities"] = list_priorities(_list_priorities(settings, ingested))
    frames["actions"] = list_actions(register, settings)
    frames["disparities"] = list_disparities(frames["comparisons"], register)
    frames["statement"] = answer_inspectorate(frames, settings)
    # Of the submissions as they are published: what they withhold, the list of files does not tell.
    joined = publish_submissions(ingested.audit.joined) if profile.is_restricted else ingested.audit.joined
    frames["inputs"] = list_inputs(settings, pl.concat([frames["submissions"], joined], how="diagonal"))
    frames = {name: complete(frame, BY_NAME[name]) for name, frame in frames.items()}
    return frames | compare_editions(frames, previous, settings)


def _tabulate_open(
    settings: Settings, ingested: Ingested, validation: Validation, register: dict[str, Action]
) -> dict[str, pl.DataFrame]:
    submissions, periods = ingested.audit.submissions, settings.periods()
    submitted = list_submitted(submissions)
    counts = open_counts(ingested.counts, submitted, periods)
    residents = read_residents(settings.population, settings.population_source, settings.mergers)
    bases = list_bases(residents, periods)
    population = choose_headline(bases)
    clusters = gather_clusters(counts.detail, periods)
    estimates = withhold_few_events(estimate(counts.years, population, submitted, periods, clusters))
    doubts = list_doubts(ingested.audit, periods)
    without = compare_without_doubt(counts.detail, submitted, periods, population, doubts)
    comparisons, sensitivity, treatments = compare_openly(
        estimates, counts.detail, bases, periods, (clusters, doubts, without)
    )
    made = estimates, comparisons, treatments
    material = gather_material(settings, counts.detail, residents, submissions, made)
    monthly = estimate_months(counts.months, residents, submitted, periods, (estimates, doubts))
    of_quarters = choose_residents(residents, list_spans(submitted.filter(is_of_quarter())))
    quarterly = estimate_quarterly(counts.quarters, of_quarters, submitted, periods, estimates)
    rates = gather_rates(estimates, comparisons)
    sets = list_sets(choose_lists(settings.similar_forces, ingested.forces), ingested.forces, periods)
    pooled = pool_sets(rates, sets)
    breaks = list_breaks(settings.all_recording_changes)
    whole = Whole(counts.detail, counts.years, submitted, periods)
    tables = {
        "estimates": estimates,
        "comparisons": comparisons,
        "sensitivity": sensitivity,
        "tipping": find_tipping(comparisons, estimates, population),
        "reasons": give_reasons(material, monthly, periods),
        "areas": compare_areas(estimate_areas(whole, material.residents_by_area), counts.detail, periods),
        "deprivation": compare_fifths(whole, material.residents_by_neighbourhood),
        "neighbourhoods": smooth_neighbourhoods(whole, material.residents_by_neighbourhood),
        "breakdowns": break_down(whole, _list_priorities(settings, ingested)),
        "monthly": withhold_few_events(monthly),
        "quarterly": withhold_few_events(quarterly),
        "peers": compare_peers(rates, pooled, sets, seed=SEED),
        "pooled": pooled,
        # Limits rest on every month: leaving out those of few events would lift them.
        "control": withhold_few_events(control_months(monthly, breaks)),
        "effects": measure_effects(register, monthly.filter(~pl.col("in_doubt")), breaks),
        "population": bases.filter(pl.col("force").is_in(ingested.forces)),
        "submissions": submissions,
        "years": ingested.audit.years,
        "quality": summarise_quality(submissions, periods),
        "labels": ingested.audit.labels,
        "checks": validation.list_checks(),
        "official": reconcile_official(
            estimates, ingested.audit.years, read_official(), choose_official(residents, periods)
        ),
        "calibration": read_calibration(),
        "decisions": pl.concat([ingested.decisions, log_decisions(submissions), log_gates(estimates)]),
        "doubts": doubts,
    }
    return _leave_empty() | {
        name: flag_doubts(rows, doubts) if name in FLAGGED else rows for name, rows in tables.items()
    }


def compare_without_doubt(
    counts: Detail, submitted: pl.DataFrame, periods: pl.DataFrame, population: pl.DataFrame, doubts: pl.DataFrame
) -> pl.DataFrame | None:
    """Compare rates of the months that are not in doubt, of the periods that have others; none where nothing is.

    The rest stands for the year: a search rate is annualised by its months, and tested as if none were missing.
    """
    out = list_months_in_doubt(doubts, periods)
    on = ["force", "month"]
    left = submitted.join(periods, on="month").join(list_periods_in_doubt(doubts), on=SPAN, how="semi")
    left = left.select(submitted.columns).join(out, on=on, how="anti")
    # A quarter is under its first month, and is in doubt or not as one.
    left = left.join(out, left_on=["force", "submission"], right_on=on, how="anti")
    if left.is_empty():
        return None
    rest = Detail(keep_months(counts, left.select("force", month="submission").unique()))
    clusters = gather_clusters(rest, periods)
    years = tally_periods(rest, left, periods)
    estimates = withhold_few_events(estimate(years, population, left, periods, clusters))
    whole = estimates.with_columns(pl.col("status").replace({INCOMPLETE: MEASURED}))
    return compare(whole, clusters=clusters)


def compare_openly(
    estimates: pl.DataFrame,
    counts: Detail,
    bases: pl.DataFrame,
    periods: pl.DataFrame,
    known: tuple[Clusters, pl.DataFrame, pl.DataFrame | None],
) -> tuple[pl.DataFrame, pl.DataFrame, Treatments]:
    """Compare exact rates, and decide what is stated: comparisons, sensitivity, treatments of unknown ethnicity.

    Args:
        known: clusters, doubts (`list_doubts`) and what `compare_without_doubt` gave.
    """
    clusters, doubts, without = known
    compared = compare(estimates, clusters=clusters)
    treatments = treat_unknown_ethnicity(counts, periods, estimates, compared, seed=SEED)
    recording = shift_coverage(estimates, compared)
    assumed = treatments.treatments, treatments.bounds, recording, list_periods_in_doubt(doubts), without
    comparisons, sensitivity = decide(compared, Assumptions(bases, *assumed))
    return comparisons, sensitivity, treatments


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


def _tabulate_restricted(
    settings: Settings, ingested: Ingested, profile: Profile, previous: Previous | None
) -> dict[str, pl.DataFrame]:
    """Protect the counts, prove it, and make tables of what is left; whatever else was counted is left out."""
    periods = settings.periods()
    submissions = publish_submissions(ingested.audit.submissions)
    submitted = list_submitted(submissions)
    years = tally_periods(ingested.counts, submitted, periods)
    months = tally_submissions(ingested.counts, submitted.filter(~is_of_quarter()))
    listed = ingested.audit.files
    own = listed.filter(pl.col("source") == OWN_EXTRACT)["force"].unique().to_list()
    plan = choose_plan(settings, listed["force"].unique().to_list(), own)
    rows = list_rows(ingested.counts.profiles, periods, plan) if plan.has_rows else None
    release = release_counts(years, months, list_earlier(settings.ledger, read_cells(previous)), plan, rows)
    bases = list_bases(read_residents(settings.population, settings.population_source, settings.mergers), periods)
    population = bases.filter(pl.col("force").is_in(ingested.forces))
    doubts = name_kinds(list_doubts(ingested.audit, periods))
    spans = list_periods_in_doubt(doubts).with_columns(in_doubt=pl.lit(True))
    labels = (
        years.labels.select(*PERIOD_KEYS, "is_restricted")
        .join(spans, on=SPAN, how="left", maintain_order="left")
        .with_columns(pl.col("in_doubt").fill_null(False))
    )
    effects = summarise_design_effect(ingested.counts)
    tables = make_tables(release.edition, labels, population, submissions, effects)
    quality = summarise_quality(ingested.audit.submissions, periods)
    return _leave_empty() | {
        **tables,
        "breakdowns": flag_periods(align_published(tables["estimates"], _list_priorities(settings, ingested)), labels),
        "cells": publish_cells(release.edition),
        "clusters": effects,
        "disclosure": describe_protection(profile, release),
        "population": population,
        "submissions": submissions,
        "quality": quality.filter(pl.col("item") == MONTHS_MISSING),
        "calibration": read_calibration(),
        "decisions": publish_decisions(pl.concat([ingested.decisions, log_gates(tables["estimates"])])),
        "doubts": doubts,
    }


def list_own(submissions: pl.DataFrame) -> set[str]:
    """List the extracts among the files that were read, by their SHA-256."""
    return set(submissions.filter(pl.col("source") == OWN_EXTRACT)["sha256"])


def _list_priorities(settings: Settings, ingested: Ingested) -> tuple[Priority, ...]:
    return choose_priorities(settings.priorities, ingested.forces, settings.months())


def _leave_empty() -> dict[str, pl.DataFrame]:
    return {table.name: empty_table(table) for table in TABLES}
