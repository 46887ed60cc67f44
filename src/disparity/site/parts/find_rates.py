"""Find rates by ethnicity and type of search: the question that the inspectorate asks."""

from disparity.analysis.measures.entries import FIND_RATE, OTHER_RESULTS
from disparity.site.cells import (
    GROUPS,
    TYPES,
    Cell,
    Table,
    compared_cell,
    cross,
    rate_cell,
    tabulate,
)
from disparity.site.charts.by_group import FACET_GROUPS, FIND_RATES_BY_TYPE, chart_by_group, chart_by_type, pick_drawn
from disparity.site.charts.specification import sketch
from disparity.site.findings.evidence import Evidence
from disparity.site.findings.ranges import name_verdict
from disparity.site.page import Chart, Edition, Part, types_in_use
from disparity.site.published_figures import Sentence, percentage, signed_points
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, REFERENCE_GROUP
from disparity.vocabulary.statuses import NOT_MEASURABLE, PARTIAL

MOST_PANELS = 8
STATED = tuple(f"find_rate_{kind}" for kind in ("stated", "depends", "unclear", "range", "type_stated", "type_unclear"))
UNMEASURED_HEADLINES: dict[str, Sentence] = {
    NOT_MEASURABLE: ("The find rate cannot be measured: this is where it could lie",),
    PARTIAL: ("The find rate can only be estimated: the bars show where it could lie",),
}


def build_part(edition: Edition, force: str) -> Part:
    """Build the find-rates page of a force."""
    periods = edition.evidence[force]
    latest = periods[0]
    total = latest.estimate(FIND_RATE.name)
    return Part(
        "parts/find_rates.html",
        {
            "answers": edition.answers_of(force, FIND_RATE.name, *(measure.name for measure in OTHER_RESULTS)),
            "status": total.values["status"] if total else NOT_MEASURABLE,
            "headline": edition.findings_of(force, "find_rate"),
            "findings": edition.findings_of(force, *STATED),
            "warnings": edition.findings_of(force, "flag_warning"),
            "other_findings": edition.findings_of(force, *(f"{measure.name}_stated" for measure in OTHER_RESULTS)),
            "drugs": edition.findings_of(force, "drugs"),
            "by_group": _draw_groups(edition, force, latest),
            "by_type": _draw_types(latest),
            "differences": _tabulate_differences(latest),
            "results": _tabulate_results(latest),
            "earlier": [_tabulate_matrix(evidence) for evidence in periods[1:]],
        },
    )


def _draw_groups(edition: Edition, force: str, evidence: Evidence) -> Chart | None:
    rows = [row for group in FACET_GROUPS if (row := evidence.estimate(FIND_RATE.name, group))]
    if not any(row.values["upper_bound"] is not None for row in rows):
        return None
    found = [finding.sentence for finding in edition.findings_of(force, "find_rate")]
    is_measured = any(row.values["lower"] is not None for row in rows)
    drawn = "with 95% confidence intervals" if is_measured else "the range each could lie in"
    return Chart(
        headline=UNMEASURED_HEADLINES.get(rows[0].values["status"]) or (*found, ("Find rates by ethnic group",))[0],
        subtitle=f"Find rate by self-defined ethnicity, {drawn}, {evidence.name}, {evidence.period_name}",
        sketch=sketch(chart_by_group(rows), name="find-rates"),
        table=_tabulate_groups(evidence),
    )


def _tabulate_groups(evidence: Evidence) -> Table:
    return tabulate(
        "find-rates-by-group",
        f"Find rate by self-defined ethnicity, {evidence.period_name}",
        ("Ethnic group", "Find rate", "Difference from White, percentage points"),
        (
            (
                title,
                rate_cell(evidence.estimate(FIND_RATE.name, group), percentage, with_count="searches"),
                compared_cell(evidence.row("comparisons", FIND_RATE.name, group, ALL), "difference", signed_points),
            )
            for group, title in GROUPS.items()
        ),
    )


def _draw_types(evidence: Evidence) -> Chart | None:
    types = [ALL, *types_in_use(evidence)][:MOST_PANELS]
    rows = [row for kind in types for group in FACET_GROUPS if (row := evidence.estimate(FIND_RATE.name, group, kind))]
    drawn = pick_drawn(rows)
    if not drawn:
        return None
    return Chart(
        headline=("Find rates by ethnic group, for each type of search",),
        subtitle=f"{FIND_RATES_BY_TYPE} {evidence.name}, {evidence.period_name}",
        sketch=sketch(chart_by_type(drawn), name="find-rates-by-type"),
        table=_tabulate_matrix(evidence),
    )


def _tabulate_matrix(evidence: Evidence) -> Table:
    def fill(kind: str, group: str) -> Cell:
        return rate_cell(evidence.estimate(FIND_RATE.name, group, kind), percentage, with_count="searches")

    return tabulate(
        f"find-rate-matrix-{evidence.period[1]:%Y-%m}",
        f"Find rate by type of search and self-defined ethnicity, {evidence.period_name}",
        ("Type of search", "All", *ETHNIC_GROUPS),
        cross({kind: TYPES[kind] for kind in [ALL, *types_in_use(evidence)]}, FACET_GROUPS, fill),
    )


def _tabulate_differences(evidence: Evidence) -> Table:
    """The comparisons by type that could be tested, with their verdict in words."""

    def find(kind: str, group: str) -> Cell:
        return rate_cell(evidence.estimate(FIND_RATE.name, group, kind), percentage)

    return tabulate(
        "find-rate-differences",
        f"Find rates compared with searches of White people, {evidence.period_name}",
        (
            *("Type of search", "Ethnic group", "Find rate", "Find rate, White", "Difference, percentage points"),
            "Verdict",
        ),
        (
            (
                *(TYPES[kind], group, find(kind, group), find(kind, REFERENCE_GROUP)),
                *(compared_cell(row, "difference", signed_points), name_verdict(row)),
            )
            for kind in [ALL, *types_in_use(evidence)]
            for group, row, _ in evidence.tested(FIND_RATE.name, kind)
        ),
    )


def _tabulate_results(evidence: Evidence) -> Table:
    return tabulate(
        "other-results",
        f"Other results of searches by self-defined ethnicity, {evidence.period_name}",
        ("Ethnic group", *(measure.title for measure in OTHER_RESULTS)),
        cross(
            GROUPS, OTHER_RESULTS, lambda group, measure: rate_cell(evidence.estimate(measure.name, group), percentage)
        ),
    )
