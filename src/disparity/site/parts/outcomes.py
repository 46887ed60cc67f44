"""What happens after a search: action, arrest, and searches beyond outer clothing, by ethnic group."""

from disparity.analysis.measures.entries import ARREST_RATE, OTHER_RESULTS
from disparity.site.cells import GROUPS, Table, cross, rate_cell, tabulate
from disparity.site.charts.by_group import FACET_GROUPS, name_limits
from disparity.site.findings.evidence import Evidence
from disparity.site.findings.ranges import say_verdicts
from disparity.site.page import Chart, Edition, Part
from disparity.site.parts.by_group import draw_groups
from disparity.site.published_figures import percentage
from disparity.vocabulary.codes import ALL


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on what followed a force's searches."""
    latest = edition.evidence[force][0]
    return Part(
        "parts/outcomes.html",
        {
            "outcomes": edition.findings_of(force, "outcomes"),
            "verdicts": say_verdicts(latest.tested(ARREST_RATE.name), "The share followed by arrest"),
            "stated": edition.findings_of(force, *(f"{measure.name}_stated" for measure in OTHER_RESULTS)),
            "chart": _draw_arrests(latest),
            "results": _tabulate_results(latest),
        },
    )


def _draw_arrests(evidence: Evidence) -> Chart | None:
    rows = [row for group in FACET_GROUPS if (row := evidence.estimate(ARREST_RATE.name, group))]
    return draw_groups(
        "arrests",
        rows,
        ("How often arrest followed, by ethnic group",),
        f"Share of the searches of each ethnic group, {name_limits(rows)}, {evidence.name}, {evidence.period_name}",
        _tabulate_results(evidence),
    )


def _tabulate_results(evidence: Evidence) -> Table:
    titles = GROUPS if evidence.estimate(ARREST_RATE.name, ALL) else {}
    return tabulate(
        "other-results",
        f"What followed searches, by self-defined ethnicity, {evidence.period_name}",
        ("Ethnic group", *(measure.title for measure in OTHER_RESULTS)),
        cross(
            titles, OTHER_RESULTS, lambda group, measure: rate_cell(evidence.estimate(measure.name, group), percentage)
        ),
    )
