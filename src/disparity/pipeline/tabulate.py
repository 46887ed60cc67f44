"""Counts → every published table: of all counts, or of what their protection leaves."""

import polars as pl

from disparity.analysis.actions.answers import list_disparities
from disparity.analysis.actions.effects import measure_effects
from disparity.analysis.actions.register import Action, list_actions, read_register
from disparity.analysis.annual_statement import answer_inspectorate
from disparity.analysis.calibration.calibrate import read_calibration_summary
from disparity.analysis.control_charts import control_months, list_breaks
from disparity.analysis.history import join_history, rate_officially
from disparity.analysis.measures.alignment import align_published
from disparity.analysis.measures.area_rates import estimate_areas
from disparity.analysis.measures.breakdowns import Whole, break_down
from disparity.analysis.measures.clusters import gather_clusters
from disparity.analysis.measures.estimates import estimate
from disparity.analysis.measures.gates import log_gates, withhold_few_events
from disparity.analysis.measures.monthly import estimate_quarterly
from disparity.analysis.measures.neighbourhood_rates import smooth_neighbourhoods
from disparity.analysis.measures.official import reconcile_official
from disparity.analysis.offences import compare_offences
from disparity.analysis.peers.compare import compare_peers
from disparity.analysis.peers.nearest import list_nearest_groups, rate_nearest, withhold_rates
from disparity.analysis.peers.pooled import pool_sets
from disparity.analysis.peers.rates import gather_rates
from disparity.analysis.peers.sets import list_sets
from disparity.analysis.reasons.age_rates import rate_by_age
from disparity.analysis.reasons.area_comparisons import compare_areas
from disparity.analysis.reasons.benchmarks import set_against
from disparity.analysis.reasons.deprivation import compare_fifths
from disparity.analysis.reasons.selection import bound_selection
from disparity.analysis.repeats import rate_repeats
from disparity.analysis.sensitivity.tipping import find_tipping
from disparity.analysis.told import rate_told
from disparity.disclosure.design_effects import summarise_design_effect
from disparity.disclosure.ledger import list_earlier
from disparity.disclosure.open import open_counts
from disparity.disclosure.portal import list_rows
from disparity.disclosure.profiles import Profile, choose_plan, choose_profile
from disparity.disclosure.release import release_counts
from disparity.disclosure.tallies import (
    PERIOD_KEYS,
    is_of_quarter,
    list_spans,
    tally_periods,
    tally_submissions,
)
from disparity.disclosure.told import set_out_told
from disparity.pipeline.comparisons import SEED, compare_openly, compare_without_doubt, tabulate_children
from disparity.pipeline.reasons import estimate_months, gather_material, give_reasons, list_age_ranges
from disparity.project.declarations import Priority, choose_lists, choose_priorities, list_priorities, refuse_unmatched
from disparity.project.events import list_events
from disparity.project.settings import Settings
from disparity.records.audit.doubt_list import (
    SPAN,
    flag_doubts,
    list_doubts,
    list_periods_in_doubt,
    name_kinds,
)
from disparity.records.audit.months import list_submitted, log_decisions, summarise_quality
from disparity.records.expectations import Validation
from disparity.records.ingest import Ingested
from disparity.sources.benchmarks import read_benchmarks
from disparity.sources.official import (
    read_official,
    read_official_years,
    read_recorded_offences,
    recount_residents,
)
from disparity.sources.population import (
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
    frames["events"] = list_events(settings.events, ingested.forces, settings.months())
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
    told = rate_told(set_out_told(counts.detail, submitted, periods), population, periods)
    comparisons, sensitivity, treatments = compare_openly(
        estimates, counts.detail, bases, periods, (clusters, doubts, without, told)
    )
    made = estimates, comparisons, treatments
    material = gather_material(settings, counts.detail, residents, submissions, made)
    monthly = estimate_months(counts.months, residents, submitted, periods, (estimates, doubts))
    of_quarters = choose_residents(residents, list_spans(submitted.filter(is_of_quarter())))
    quarterly = estimate_quarterly(counts.quarters, of_quarters, submitted, periods, estimates)
    rates = gather_rates(estimates, comparisons)
    groups = *choose_lists(settings.similar_forces, ingested.forces), *list_nearest_groups(ingested.forces)
    sets = list_sets(groups, ingested.forces, periods)
    pooled = pool_sets(rates, sets)
    breaks = list_breaks(settings.all_recording_changes)
    official_years = rate_officially(read_official_years()), rate_officially(recount_residents(read_official_years()))
    whole = Whole(counts.detail, counts.years, submitted, periods)
    reasons = give_reasons(material, monthly, periods)
    benchmarks = read_benchmarks(settings.benchmarks, settings.known_forces)
    compared, counted = (comparisons, reasons, bases), (counts.detail.people, periods)
    published = pl.concat([estimates, *(rates.estimates for rates in told)])
    tables = {
        "estimates": published,
        "comparisons": comparisons,
        "benchmarks": set_against(estimates, compared, benchmarks, counted, clusters),
        "sensitivity": sensitivity,
        "tipping": find_tipping(comparisons, estimates, population),
        "reasons": pl.concat([reasons, bound_selection(published)]),
        **tabulate_children(counts.detail, submissions, bases, doubts, settings),
        "areas": compare_areas(estimate_areas(whole, material.residents_by_area), counts.detail, periods),
        "breakdowns": _break_down(settings, whole, _list_priorities(settings, ingested)),
        "age_rates": rate_by_age(whole, list_age_ranges(settings, residents, bases)),
        "deprivation": compare_fifths(whole, material.residents_by_neighbourhood),
        "neighbourhoods": smooth_neighbourhoods(whole, material.residents_by_neighbourhood),
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
        "calibration": read_calibration_summary(),
        "history": join_history(*official_years, flag_doubts(estimates, doubts), comparisons),
        "nearest": rate_nearest(official_years[1], ingested.forces),
        "offences": compare_offences(estimates, read_recorded_offences()),
        "decisions": pl.concat([ingested.decisions, log_decisions(submissions), log_gates(estimates)]),
        "doubts": doubts,
    }
    return _leave_empty() | {
        name: flag_doubts(rows, doubts) if name in FLAGGED else rows for name, rows in tables.items()
    }


def _break_down(settings: Settings, whole: Whole, priorities: tuple[Priority, ...]) -> pl.DataFrame:
    """Break down shares; how often the same people are searched is for the force alone."""
    rows = break_down(whole, priorities)
    if not settings.is_internal:
        return rows
    return pl.concat([rows, rate_repeats(whole.detail, whole.periods)]).sort(SPAN, maintain_order=True)


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
        "calibration": read_calibration_summary(),
        "nearest": withhold_rates(rate_nearest(rate_officially(read_official_years()), ingested.forces)),
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
