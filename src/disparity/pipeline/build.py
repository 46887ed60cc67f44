"""The whole run, one function that reads like the flow: records → counts → estimates → pages."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

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
from disparity.analysis.measures.dispersion import measure_dispersion
from disparity.analysis.measures.estimates import estimate
from disparity.analysis.measures.gates import log_gates, withhold_few_events
from disparity.analysis.measures.monthly import estimate_monthly, estimate_quarterly
from disparity.analysis.measures.official import reconcile_official
from disparity.analysis.peers.compare import compare_peers
from disparity.analysis.peers.pooled import pool_sets
from disparity.analysis.peers.rates import gather_rates
from disparity.analysis.peers.sets import list_sets
from disparity.analysis.reasons.area_comparisons import compare_areas
from disparity.analysis.reasons.explain import Material, explain
from disparity.disclosure.attack import ProtectedCounts
from disparity.disclosure.ladder import release_counts
from disparity.disclosure.ledger import add_edition, read_ledger
from disparity.disclosure.open import open_counts
from disparity.disclosure.plan import CELL_COLUMNS
from disparity.disclosure.profiles import Profile, choose_profile
from disparity.disclosure.tallies import PERIOD_KEYS, is_of_quarter, tally_periods, tally_submissions
from disparity.project.declarations import Priority, choose_lists, choose_priorities, list_priorities, refuse_unmatched
from disparity.project.settings import Settings
from disparity.records.area_outlines import read_areas, refuse_misspelt
from disparity.records.audit.months import list_submitted, log_decisions, summarise_quality
from disparity.records.cluster import spread_on_cluster
from disparity.records.completeness import list_caveats
from disparity.records.expectations import Validation, validate
from disparity.records.ingest import Ingested, count_records, read_records, recall
from disparity.records.partial_counts import refuse_other_folder, write_part
from disparity.site.findings.evidence import Evidence, Finding, gather_evidence
from disparity.site.findings.find import find
from disparity.site.intruder.audit import audit_site, refuse_weaknesses
from disparity.site.pages import (
    action,
    annual_statement,
    areas,
    data_quality,
    downloads,
    drugs,
    explore,
    find_rates,
    glossary,
    grounds_review,
    index,
    method,
    origins,
    over_time,
    overview,
    priorities,
    provenance,
    scrutiny_pack,
    search_rates,
    similar_forces,
    what_changed,
    why,
)
from disparity.site.pages.page import Edition, Page
from disparity.site.published_figures import Tables
from disparity.site.scrutiny_pack import write_pack
from disparity.site.writing import Site, lock_site, write_site
from disparity.sources.official import read_official
from disparity.sources.population import BY_AGE_AND_GENDER, BY_AREA, read_breakdown, read_censuses, read_population
from disparity.tables.editions import list_editions
from disparity.tables.grounds_review import publish_review, read_review
from disparity.tables.previous_edition import Previous, read_previous
from disparity.tables.provenance import list_inputs
from disparity.tables.restricted import (
    MONTHS_MISSING,
    describe_protection,
    make_tables,
    publish_cells,
    publish_decisions,
    publish_submissions,
)
from disparity.tables.revisions import compare_editions
from disparity.tables.schema import TABLES, empty_table
from disparity.vocabulary.errors import DataError

FORCE_PAGES = (
    *(
        overview,
        search_rates,
        find_rates,
        drugs,
        origins,
        priorities,
        grounds_review,
        why,
        areas,
        similar_forces,
        over_time,
        action,
    ),
    *(annual_statement, explore, data_quality),
)
SITE_PAGES = (method, glossary, downloads, what_changed, provenance)
# Of the draws behind the ranks of forces: the same records give the same site.
SEED = 2_019

Progress = Callable[[str], AbstractContextManager[None]]


@contextmanager
def no_progress(_stage: str) -> Iterator[None]:
    """Say nothing."""
    yield


def build(settings: Settings, *, is_anew: bool = False, progress: Progress = no_progress) -> Site:
    """Build the site of a publication.

    Args:
        is_anew: count every file and draw every chart again: the project's `reuse` folder is let alone.

    Raises:
        RequestError: the request is wrong. DataError: the data is, or a critical expectation fails.
    """
    if is_anew:
        settings = settings.model_copy(update={"reuse": None})
    with lock_site(settings.out):
        previous = read_previous(settings.previous) if settings.previous else None
        with progress("reading, coding and counting the records"):
            ingested = read_records(settings)
        with progress("checking the submissions"):
            validation = validate(ingested.audit, settings.folder("expectations"))
            _stop_on_critical(validation)
        with progress("estimating and comparing"):
            frames = tabulate(settings, ingested, validation, previous=previous)
            edition = make_edition(settings, ingested.forces, frames)
            history = list_editions(settings, previous, what_changed.summarise_changes(edition))
            edition = replace(edition, history=history)
        with progress("drawing and writing the pages"):
            return write_site(edition, build_pages(edition), frames, inspect=partial(inspect_site, settings, frames))


def count(
    settings: Settings,
    out: Path,
    *,
    cluster: str = "",
    is_anew: bool = False,
    progress: Progress = no_progress,
) -> Path:
    """Count the records into a part, which adds up with others; files that a part there holds are not counted again.

    Args:
        cluster: address of a Dask scheduler; none counts on this machine.
        is_anew: count every file, whatever is there.

    Raises:
        RequestError, DataError: as `build`.
    """
    refuse_other_folder(out)
    known = None if is_anew else recall(out)
    with progress("reading, coding and counting the records"):
        if cluster:
            with spread_on_cluster(cluster) as spread:
                part = count_records(settings, known, spread)
        else:
            part = count_records(settings, known)
        write_part(part, out)
    return out


def make_pack(
    settings: Settings, out: Path, sample: Sequence[tuple[str, str]] = (), *, progress: Progress = no_progress
) -> list[Path]:
    """Make the printable pack for a scrutiny panel: a page for each force, of the same figures as the site.

    Args:
        sample: id and month of records that were drawn for the panel to ask for.

    Raises:
        RequestError, DataError: as `build`.
    """
    with progress("reading, coding and counting the records"):
        ingested = read_records(settings)
    with progress("checking the submissions"):
        validation = validate(ingested.audit, settings.folder("expectations"))
        _stop_on_critical(validation)
    with progress("estimating and comparing"):
        edition = make_edition(settings, ingested.forces, tabulate(settings, ingested, validation))
    with progress("writing the pack"):
        return write_pack(edition, [scrutiny_pack.build_page(edition, force, sample) for force in edition.forces], out)


def inspect_site(settings: Settings, frames: dict[str, pl.DataFrame], folder: Path) -> None:
    """Attack what is about to be published as an outsider would, and keep its protected counts for the next time.

    Raises:
        DisclosureError: something in the folder tells more than the protected counts do.
    """
    if frames["cells"].is_empty():
        return
    refuse_weaknesses(audit_site(folder, read_ledger(settings.ledger), settings.folder("reports")))
    cells, base = frames["cells"].select(CELL_COLUMNS), frames["disclosure"]["base"][0]
    add_edition(settings.ledger, ProtectedCounts(cells, base))


def check(settings: Settings, *, data_docs: Path | None = None, progress: Progress = no_progress) -> Validation:
    """Read the records and check the submissions; build nothing."""
    with progress("reading, coding and counting the records"):
        ingested = read_records(settings)
    with progress("checking the submissions"):
        validation = validate(ingested.audit, settings.folder("expectations"), data_docs=data_docs)
        return replace(validation, caveats=list_caveats(ingested.decisions["action"]))


def _stop_on_critical(validation: Validation) -> None:
    if validation.has_critical_failure:
        first = validation.results.filter(~pl.col("is_met"), pl.col("severity") == "critical").row(0, named=True)
        places = ", ".join(f"{place['force']} {place['month']}" for place in first["where"][:5])
        raise DataError(
            "a critical expectation of the submissions is not met",
            where=places or first["table"],
            found=first["why"],
            what_now=first["what_now"],
        )


def tabulate(
    settings: Settings, ingested: Ingested, validation: Validation, *, previous: Previous | None = None
) -> dict[str, pl.DataFrame]:
    """Make every published table; those on what changed are empty without an edition before.

    Raises:
        RequestError: the project asks for a profile that its records do not allow, or states a priority that no
            search falls under.
        DisclosureError: somebody could be singled out, however the counts are protected.
    """
    refuse_unmatched(_list_priorities(settings, ingested), ingested.counts.cells, ingested.counts.areas)
    register = read_register(settings, ingested.forces)
    profile = choose_profile(settings, ingested.audit.submissions)
    if profile.is_restricted:
        frames = _tabulate_restricted(settings, ingested, profile)
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
    frames["inputs"] = list_inputs(settings, frames["submissions"])
    return frames | compare_editions(frames, previous, settings)


def _tabulate_open(
    settings: Settings, ingested: Ingested, validation: Validation, register: dict[str, Action]
) -> dict[str, pl.DataFrame]:
    submissions, periods = ingested.audit.submissions, settings.periods()
    submitted = list_submitted(submissions)
    counts = open_counts(ingested.counts, submitted, periods)
    population = read_population(settings.population, periods)
    estimates = withhold_few_events(estimate(counts.years, population, submitted, periods))
    dispersion = measure_dispersion(counts.detail, periods)
    comparisons = compare(estimates, dispersion=dispersion)
    own = settings.population
    material = Material(
        *(counts.detail, periods, population, read_breakdown(own, BY_AGE_AND_GENDER), read_breakdown(own, BY_AREA)),
        *(read_censuses(), dispersion, estimates, comparisons, submissions),
    )
    if settings.areas:
        refuse_misspelt(read_areas(settings.areas), material.residents_by_area, counts.detail.areas)
    monthly = estimate_monthly(counts.months, population, submitted, periods, estimates)
    quarterly = estimate_quarterly(counts.quarters, population, submitted, periods, estimates)
    rates = gather_rates(estimates, comparisons)
    sets = list_sets(choose_lists(settings.similar_forces, ingested.forces), ingested.forces, periods)
    pooled = pool_sets(rates, sets)
    breaks = list_breaks(settings.recording_changes, population)
    whole = Whole(counts.detail, counts.years, submitted, periods)
    return _leave_empty() | {
        "estimates": estimates,
        "comparisons": comparisons,
        "reasons": explain(material, seed=SEED),
        "areas": compare_areas(estimate_areas(whole, material.residents_by_area), counts.detail, periods),
        "breakdowns": break_down(whole, _list_priorities(settings, ingested)),
        "monthly": withhold_few_events(monthly),
        "quarterly": withhold_few_events(quarterly),
        "peers": compare_peers(rates, pooled, sets, seed=SEED),
        "pooled": pooled,
        # Limits rest on every month: leaving out those of few events would lift them.
        "control": withhold_few_events(control_months(monthly, breaks)),
        "effects": measure_effects(register, monthly, breaks),
        "population": population.filter(pl.col("force").is_in(ingested.forces)),
        "submissions": submissions,
        "years": ingested.audit.years,
        "quality": summarise_quality(submissions, periods),
        "labels": ingested.audit.labels,
        "checks": validation.list_checks(),
        "official": reconcile_official(estimates, ingested.audit.years, read_official()),
        "calibration": read_calibration(),
        "decisions": pl.concat([ingested.decisions, log_decisions(submissions), log_gates(estimates)]),
    }


def _tabulate_restricted(settings: Settings, ingested: Ingested, profile: Profile) -> dict[str, pl.DataFrame]:
    """Protect the counts, prove it, and make tables of what is left; whatever else was counted is left out."""
    periods = settings.periods()
    submissions = publish_submissions(ingested.audit.submissions)
    submitted = list_submitted(submissions)
    years = tally_periods(ingested.counts, submitted, periods)
    months = tally_submissions(ingested.counts, submitted.filter(~is_of_quarter()))
    release = release_counts(years, months, read_ledger(settings.ledger))
    population = read_population(settings.population, periods)
    population = population.filter(pl.col("force").is_in(ingested.forces))
    labels = years.labels.select(*PERIOD_KEYS, "is_restricted")
    tables = make_tables(release.edition, release.plan, labels, population, submissions)
    quality = summarise_quality(ingested.audit.submissions, periods)
    return _leave_empty() | {
        **tables,
        "breakdowns": align_published(tables["estimates"], _list_priorities(settings, ingested)),
        "cells": publish_cells(release.edition),
        "disclosure": describe_protection(profile, release),
        "population": population,
        "submissions": submissions,
        "quality": quality.filter(pl.col("item") == MONTHS_MISSING),
        "calibration": read_calibration(),
        "decisions": publish_decisions(pl.concat([ingested.decisions, log_gates(tables["estimates"])])),
    }


def _list_priorities(settings: Settings, ingested: Ingested) -> tuple[Priority, ...]:
    return choose_priorities(settings.priorities, ingested.forces, settings.months())


def _leave_empty() -> dict[str, pl.DataFrame]:
    return {table.name: empty_table(table) for table in TABLES}


def make_edition(settings: Settings, forces: tuple[str, ...], frames: dict[str, pl.DataFrame]) -> Edition:
    """Number the published rows and state the findings."""
    tables = Tables(frames)
    evidence: dict[str, tuple[Evidence, ...]] = {}
    findings: list[Finding] = []
    for force in forces:
        own = tables.of_force(force)
        rows = [row.values for row in own["estimates"]]
        periods = sorted({(row["period_from"], row["period_to"]) for row in rows}, reverse=True)
        name = settings.name_of(force)
        evidence[force] = tuple(gather_evidence(force, name, period, own) for period in periods)
        findings += find(evidence[force][0], evidence[force][1] if len(periods) > 1 else None)
    return Edition(settings, tables, forces, tuple(findings), evidence)


def build_pages(edition: Edition) -> Iterator[Page]:
    """Build every page, one after the other: a folder per force where there are several."""
    if len(edition.forces) > 1:
        yield index.build_page(edition)
    yield from (page.build_page(edition, force) for force in edition.forces for page in FORCE_PAGES)
    yield from (page.build_page(edition) for page in SITE_PAGES)
