"""Find rates by ethnicity and type of search: the question that the inspectorate asks."""

from disparity.analysis.measures.entries import FIND_RATE
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
from disparity.site.charts.by_group import (
    FACET_GROUPS,
    chart_by_group,
    chart_by_type,
    name_find_rates,
    name_limits,
    pick_drawn,
)
from disparity.site.charts.specification import sketch
from disparity.site.findings.evidence import Evidence
from disparity.site.findings.find_rates import TYPES_PAGE
from disparity.site.findings.ranges import name_verdict, say_verdicts
from disparity.site.page import Chart, Edition, Part, types_in_use
from disparity.site.published_figures import Row, Sentence, percentage, say, signed_points
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS
from disparity.vocabulary.statuses import NOT_MEASURABLE, PARTIAL

MOST_PANELS = 6
HEADLINES: dict[str, Sentence] = {
    NOT_MEASURABLE: ("Not measured: where the find rate could lie",),
    PARTIAL: ("An estimate: where the find rate could lie",),
}


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on find rates, by ethnic group and by type of search."""
    periods = edition.evidence[force]
    latest = periods[0]
    total = latest.estimate(FIND_RATE.name)
    return Part(
        "parts/find_rates.html",
        {
            "status": total.values["status"] if total else NOT_MEASURABLE,
            "verdicts": say_verdicts(latest.tested(FIND_RATE.name), "The find rate"),
            "findings": edition.findings_of(force, "find_rate_stated", "find_rate_depends"),
            "unclear": edition.findings_of(force, "find_rate_unclear"),
            "warnings": edition.findings_of(force, "flag_warning"),
            "by_group": _draw_groups(latest),
            "types": edition.findings_of(force, "find_rate_range"),
            "of_types": [
                finding
                for finding in edition.findings_of(force, "find_rate_type_stated")
                if finding.topic == TYPES_PAGE
            ],
            "by_type": _draw_types(latest),
            "differences": _tabulate_differences(latest),
            "has_earlier": len(periods) > 1,
        },
    )


def _draw_groups(evidence: Evidence) -> Chart | None:
    rows = [row for group in FACET_GROUPS if (row := evidence.estimate(FIND_RATE.name, group))]
    if not any(row.values["upper_bound"] is not None for row in rows):
        return None
    return Chart(
        headline=HEADLINES.get(rows[0].values["status"]) or _name_rate(rows[0]),
        subtitle=f"Share of the searches of each ethnic group, {name_limits(rows)}, {evidence.name}, "
        f"{evidence.period_name}",
        sketch=sketch(chart_by_group(rows), name="find-rates"),
        table=_tabulate_groups(evidence),
    )


def _name_rate(row: Row) -> Sentence:
    """The find rate of all searches, as a title."""
    if row.values["value"] is None:
        return ("How often the item was found, by ethnic group",)
    return say("The item was found in {} of searches", percentage(row, "value"))


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
        headline=("How often the item was found, by type of search",),
        subtitle=f"{name_find_rates(drawn)} {evidence.name}, {evidence.period_name}",
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
    """The comparisons by type that could be tested, with their verdict in words; the rates are in the table above."""
    return tabulate(
        "find-rate-differences",
        f"Find rates compared with searches of White people, {evidence.period_name}",
        ("Type of search", "Ethnic group", "Difference, percentage points", "Verdict"),
        (
            (TYPES[kind], group, compared_cell(row, "difference", signed_points), name_verdict(row))
            for kind in [ALL, *types_in_use(evidence)]
            for group, row, _ in evidence.tested(FIND_RATE.name, kind)
        ),
    )
