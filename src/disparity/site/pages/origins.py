"""What led to searches: officers' own observation, calls, intelligence, or a planned operation."""

from disparity.site.charts.by_group import FACET_GROUPS, chart_by_group
from disparity.site.charts.specification import sketch
from disparity.site.findings.evidence import Evidence
from disparity.site.pages.page import Chart, Edition, Page, Table, figure_cell, period_name, rate_cell, text_cell
from disparity.site.published_figures import count, percentage
from disparity.vocabulary.codes import ALL, ORIGINS, SEARCH_TYPES

SHARE, BY = "origin_share", "search_origin"


def build_page(edition: Edition, force: str) -> Page:
    """Build the page of what led to a force's searches."""
    latest = edition.evidence[force][0]
    is_told = bool(latest.categories(SHARE, BY))
    return Page(
        template="origins.html",
        title="Self-generated or led by intelligence",
        context={
            "period": period_name(latest.period),
            "is_told": is_told,
            "origins": ORIGINS,
            "findings": edition.findings_of(force, "origins", "origins_group", "origins_finds"),
            "chart": _draw_groups(latest) if is_told else None,
            "types": _tabulate(latest, [(kind, ALL) for kind in (ALL, *SEARCH_TYPES)]) if is_told else None,
            "finds": _tabulate_finds(latest) if is_told else None,
        },
    )


def _draw_groups(evidence: Evidence) -> Chart | None:
    rows = [row for group in FACET_GROUPS if (row := evidence.part(SHARE, BY, "self_generated", group))]
    if not any(row.values["value"] is not None for row in rows):
        return None
    return Chart(
        name="origins",
        headline=("Self-generated searches, as a share of the searches of each group",),
        subtitle="Share of searches that an officer’s own observation led to, of those that say, with 95% confidence "
        f"intervals, by self-defined ethnicity, {evidence.name}, {period_name(evidence.period)}",
        sketch=sketch(chart_by_group(rows), name="origins"),
        table=_tabulate(evidence, [(ALL, group) for group in FACET_GROUPS]),
    )


def _tabulate(evidence: Evidence, parts: list[tuple[str, str]]) -> Table:
    """Origins as shares of searches, a row for each type of search and group."""
    is_by_type = len({kind for kind, _ in parts}) > 1
    shown = [(kind, group) for kind, group in parts if evidence.part(SHARE, BY, "self_generated", group, kind)]
    return Table(
        caption="What led to searches, by "
        + ("type of search" if is_by_type else "self-defined ethnicity")
        + f", {period_name(evidence.period)}",
        head=("Type of search" if is_by_type else "Ethnic group", "Searches that say", *ORIGINS.values()),
        rows=tuple(
            (
                text_cell("All searches" if {kind, group} == {ALL} else SEARCH_TYPES.get(kind, group)),
                figure_cell(evidence.part(SHARE, BY, "self_generated", group, kind), "denominator", count),
                *(rate_cell(evidence.part(SHARE, BY, origin, group, kind), percentage) for origin in ORIGINS),
            )
            for kind, group in shown
        ),
        name="origins-by-type" if is_by_type else "origins-by-group",
    )


def _tabulate_finds(evidence: Evidence) -> Table:
    origins = ORIGINS | {"not_recorded": "Not recorded"}
    return Table(
        caption=f"Find rate by what led to the search and self-defined ethnicity, {period_name(evidence.period)}",
        head=("What led to the search", "All", *FACET_GROUPS[1:]),
        rows=tuple(
            (
                text_cell(title),
                *(
                    rate_cell(evidence.part("find_rate", BY, origin, group), percentage, with_count="searches")
                    for group in FACET_GROUPS
                ),
            )
            for origin, title in origins.items()
            if evidence.part("find_rate", BY, origin)
        ),
        name="origin-find-rates",
    )
