"""Find rates by ethnicity and type of search: the question that the inspectorate asks."""

from disparity.analysis.comparisons import HIGHER, LOWER, UNCLEAR
from disparity.analysis.measures.entries import FIND_RATE, OTHER_RESULTS
from disparity.site.charts.by_group import FACET_GROUPS, FIND_RATES_BY_TYPE, chart_by_group, chart_by_type, pick_drawn
from disparity.site.charts.specification import sketch
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.site.pages.page import (
    Cell,
    Chart,
    Edition,
    Page,
    Table,
    interval_cell,
    mark_cell,
    period_name,
    rate_cell,
    text_cell,
    types_in_use,
)
from disparity.site.published_figures import Row, Sentence, percentage, signed_points
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, EVERY_GROUP, SEARCH_TYPES
from disparity.vocabulary.statuses import NOT_APPLICABLE, NOT_MEASURABLE, PARTIAL

MOST_PANELS = 8
UNMEASURED_HEADLINES: dict[str, Sentence] = {
    NOT_MEASURABLE: ("The find rate cannot be measured: this is where it could lie",),
    PARTIAL: ("The find rate can only be estimated: the bars show where it could lie",),
}


def build_page(edition: Edition, force: str) -> Page:
    """Build the find-rates page of a force."""
    periods = edition.evidence[force]
    latest = periods[0]
    total = latest.estimate(FIND_RATE.name)
    status = total.values["status"] if total else NOT_MEASURABLE
    return Page(
        template="find_rates.html",
        title="Find rates by ethnicity and type of search",
        context={
            "answers": edition.answers_of(force, FIND_RATE.name, *(measure.name for measure in OTHER_RESULTS)),
            "period": period_name(latest.period),
            "status": status,
            "headline": edition.findings_of(force, "find_rate"),
            "findings": edition.findings_of(
                force,
                "find_rate_stated",
                "find_rate_unclear",
                "find_rate_range",
                "find_rate_type_stated",
                "find_rate_type_unclear",
            ),
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
    found = edition.findings_of(force, "find_rate")
    measured = any(row.values["lower"] is not None for row in rows)
    status = rows[0].values["status"]
    headline: Sentence = UNMEASURED_HEADLINES.get(status, ())
    if not headline:
        headline = found[0].sentence if found else ("Find rates by ethnic group",)
    drawn = "with 95% confidence intervals" if measured else "the range each could lie in"
    return Chart(
        name="find-rates",
        headline=headline,
        subtitle=f"Find rate by self-defined ethnicity, {drawn}, {evidence.name}, {period_name(evidence.period)}",
        sketch=sketch(chart_by_group(rows), name="find-rates"),
        table=_tabulate_groups(evidence),
    )


def _tabulate_groups(evidence: Evidence) -> Table:
    return Table(
        caption=f"Find rate by self-defined ethnicity, {period_name(evidence.period)}",
        head=("Ethnic group", "Find rate", "Difference from White, percentage points"),
        rows=tuple(
            (
                text_cell("All searches" if group == ALL else group),
                rate_cell(evidence.estimate(FIND_RATE.name, group), percentage, with_count="searches"),
                _difference_cell(evidence.row("comparisons", FIND_RATE.name, group, ALL)),
            )
            for group in EVERY_GROUP
        ),
        name="find-rates-by-group",
    )


def _difference_cell(row: Row | None) -> Cell:
    if row is None:
        return mark_cell(NOT_APPLICABLE)
    return interval_cell(row, "difference", signed_points)


def _draw_types(evidence: Evidence) -> Chart | None:
    types = [ALL, *types_in_use(evidence)][:MOST_PANELS]
    rows = [row for kind in types for group in FACET_GROUPS if (row := evidence.estimate(FIND_RATE.name, group, kind))]
    drawn = pick_drawn(rows)
    if not drawn:
        return None
    return Chart(
        name="find-rates-by-type",
        headline=("Find rates by ethnic group, for each type of search",),
        subtitle=f"{FIND_RATES_BY_TYPE} {evidence.name}, {period_name(evidence.period)}",
        sketch=sketch(chart_by_type(drawn), name="find-rates-by-type"),
        table=_tabulate_matrix(evidence),
    )


def _tabulate_matrix(evidence: Evidence) -> Table:
    return Table(
        caption=f"Find rate by type of search and self-defined ethnicity, {period_name(evidence.period)}",
        head=("Type of search", "All", *ETHNIC_GROUPS),
        rows=tuple(
            (
                text_cell(SEARCH_TYPES.get(kind, "All searches")),
                *(
                    rate_cell(evidence.estimate(FIND_RATE.name, group, kind), percentage, with_count="searches")
                    for group in FACET_GROUPS
                ),
            )
            for kind in [ALL, *types_in_use(evidence)]
        ),
        name=f"find-rate-matrix-{evidence.period[1]:%Y-%m}",
    )


def _tabulate_differences(evidence: Evidence) -> Table | None:
    """The comparisons by type that could be tested, with their verdict in words."""
    rows = [
        row
        for kind in [ALL, *types_in_use(evidence)]
        for group in COMPARED_GROUPS
        if (row := evidence.row("comparisons", FIND_RATE.name, group, kind))
        and row.values["verdict"] in {HIGHER, LOWER, UNCLEAR}
    ]
    if not rows:
        return None
    return Table(
        caption=f"Find rates compared with searches of White people, {period_name(evidence.period)}",
        head=(
            "Type of search",
            "Ethnic group",
            "Find rate",
            "Find rate, White",
            "Difference, percentage points",
            "Verdict",
        ),
        rows=tuple(
            (
                text_cell(SEARCH_TYPES.get(row.values["search_type"], "All searches")),
                text_cell(row.values["ethnic_group"]),
                rate_cell(
                    evidence.estimate(FIND_RATE.name, row.values["ethnic_group"], row.values["search_type"]),
                    percentage,
                ),
                rate_cell(evidence.estimate(FIND_RATE.name, "White", row.values["search_type"]), percentage),
                interval_cell(row, "difference", signed_points),
                text_cell(row.values["verdict"].capitalize()),
            )
            for row in rows
        ),
        name="find-rate-differences",
    )


def _tabulate_results(evidence: Evidence) -> Table:
    return Table(
        caption=f"Other results of searches by self-defined ethnicity, {period_name(evidence.period)}",
        head=("Ethnic group", *(measure.title for measure in OTHER_RESULTS)),
        rows=tuple(
            (
                text_cell("All searches" if group == ALL else group),
                *(rate_cell(evidence.estimate(measure.name, group), percentage) for measure in OTHER_RESULTS),
            )
            for group in EVERY_GROUP
        ),
        name="other-results",
    )
