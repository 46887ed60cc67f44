"""A force's front page: what the figures show, in plain sentences, each linked to its evidence."""

from disparity.analysis.measures.entries import OTHER_RESULTS
from disparity.site.findings.evidence import Evidence
from disparity.site.pages.page import (
    Cell,
    Edition,
    Page,
    Table,
    figure_cell,
    interval_cell,
    mark_cell,
    period_name,
    rate_cell,
    text_cell,
)
from disparity.site.pages.search_rates import draw_rates
from disparity.site.published_figures import count, percentage, rate, ratio
from disparity.vocabulary.codes import ALL, EVERY_GROUP, UNKNOWN_GROUPS
from disparity.vocabulary.statuses import MEASURED, NOT_APPLICABLE

# Findings on the front page, in this order, and how many of each kind at most.
FRONT_PAGE = {
    "searches": 1,
    "search_rate_stated": 4,
    "search_rate_unclear": 4,
    "combined_verdict": 2,
    "official_warning": 2,
    "find_rate": 1,
    "find_rate_stated": 4,
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
        template="overview.html",
        title=f"Stop and search: {edition.name_of(force)}",
        context={
            "period": period_name(latest.period),
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
    rows = tuple(_summarise_group(evidence, group) for group in EVERY_GROUP)
    return Table(
        caption=f"Searches by self-defined ethnicity, {period_name(evidence.period)}",
        head=(
            "Ethnic group",
            "Searches",
            "Searches per 1,000 residents a year",
            "Ratio to White",
            "Find rate",
            "Arrest rate",
        ),
        rows=rows,
        name="summary",
    )


def _summarise_group(evidence: Evidence, group: str) -> tuple[Cell, ...]:
    searches = evidence.estimate("unknown_ethnicity_share" if group in UNKNOWN_GROUPS else "search_rate", group)
    comparison = evidence.row("comparisons", "search_rate", group, ALL)
    no_residents = group in UNKNOWN_GROUPS
    return (
        text_cell("All searches" if group == ALL else group),
        figure_cell(searches, "numerator", count),
        mark_cell(NOT_APPLICABLE) if no_residents else rate_cell(evidence.estimate("search_rate", group), rate),
        interval_cell(comparison, "ratio", ratio) if comparison else mark_cell(NOT_APPLICABLE),
        rate_cell(evidence.estimate("find_rate", group), percentage),
        rate_cell(evidence.estimate("arrest_rate", group), percentage),
    )
