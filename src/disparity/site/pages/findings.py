"""A force's front page: what the figures show, in plain sentences, each linked to its evidence."""

from disparity.analysis.measures.entries import OTHER_RESULTS
from disparity.site.cells import (
    GROUPS,
    Cell,
    Table,
    compared_cell,
    figure_cell,
    mark_cell,
    rate_cell,
    tabulate,
)
from disparity.site.findings.evidence import Evidence
from disparity.site.page import Edition, Page
from disparity.site.parts.search_rates import draw_rates
from disparity.site.published_figures import count, percentage, rate, ratio
from disparity.vocabulary.codes import ALL, UNKNOWN_GROUPS
from disparity.vocabulary.statuses import MEASURED, NOT_APPLICABLE

# Findings on the front page, in this order, and how many of each kind at most.
FRONT_PAGE = {
    "in_doubt": 2,
    "in_doubt_why": 1,
    "searches": 1,
    "search_rate_stated": 4,
    "search_rate_depends": 4,
    "search_rate_unclear": 4,
    "combined_verdict": 2,
    "official_warning": 2,
    "find_rate": 1,
    "find_rate_stated": 4,
    "find_rate_depends": 2,
    "flag_warning": 3,
    "find_rate_type_stated": 3,
    **{f"{measure.name}_stated": 2 for measure in reversed(OTHER_RESULTS)},
    "drugs": 1,
}


def build_page(edition: Edition, force: str) -> Page:
    """Build the front page of a force."""
    latest = edition.evidence[force][0]
    findings = [finding for kind, most in FRONT_PAGE.items() for finding in edition.findings_of(force, kind)[:most]]
    return Page(
        template="findings.html",
        title=f"Stop and search: {edition.name_of(force)}",
        context={
            "findings": findings,
            "has_stated_find_rate": bool(edition.findings_of(force, "find_rate_stated", "find_rate_type_stated")),
            "is_find_rate_compared": _is_measured(latest) and not edition.findings_of(force, "flag_warning"),
            "chart": draw_rates(edition, force, latest),
            "summary": _summarise(latest),
        },
    )


def _is_measured(evidence: Evidence) -> bool:
    row = evidence.estimate("find_rate")
    return row is not None and row.values["status"] == MEASURED


def _summarise(evidence: Evidence) -> Table:
    return tabulate(
        "summary",
        f"Searches by self-defined ethnicity, {evidence.period_name}",
        (
            *("Ethnic group", "Searches", "Searches per 1,000 residents a year"),
            *("Ratio to White", "Find rate", "Arrest rate"),
        ),
        ((title, *_summarise_group(evidence, group)) for group, title in GROUPS.items()),
    )


def _summarise_group(evidence: Evidence, group: str) -> tuple[Cell, ...]:
    no_residents = group in UNKNOWN_GROUPS
    searches = evidence.estimate("unknown_ethnicity_share" if no_residents else "search_rate", group)
    return (
        figure_cell(searches, "numerator", count),
        mark_cell(NOT_APPLICABLE) if no_residents else rate_cell(searches, rate),
        compared_cell(evidence.row("comparisons", "search_rate", group, ALL), "ratio", ratio),
        *(rate_cell(evidence.estimate(measure, group), percentage) for measure in ("find_rate", "arrest_rate")),
    )
