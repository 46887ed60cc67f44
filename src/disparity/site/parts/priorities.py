"""Priorities: how much of searching falls under what the force says it searches for."""

from datetime import date

from disparity.project.declarations import ANY, NONE, Priority, choose_priorities
from disparity.site.cells import KNOWN_GROUPS, Cell, Table, figure_cell, rate_cell, tabulate
from disparity.site.charts.by_group import FACET_GROUPS, chart_by_group
from disparity.site.charts.specification import sketch
from disparity.site.findings.evidence import Evidence
from disparity.site.page import Chart, Edition, Part
from disparity.site.parts.deprivation import FIFTHS
from disparity.site.published_figures import count, percentage
from disparity.vocabulary.calendar import name_month
from disparity.vocabulary.codes import ALL, SEARCH_TYPES

SHARE = "aligned_share"
FIFTH_TITLES: dict[str | int, str] = {str(fifth): title for fifth, title in FIFTHS.items()}
SUMS = {ANY: "Under any stated priority", NONE: "Under none"}


def has_content(edition: Edition, force: str) -> bool:
    """Whether a priority is stated for the force and its months."""
    return bool(choose_priorities(edition.settings.priorities, [force], edition.settings.months()))


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on a force's stated priorities."""
    latest = edition.evidence[force][0]
    settings = edition.settings
    stated = choose_priorities(settings.priorities, [force], settings.months())
    names = latest.categories(SHARE, "priority")
    return Part(
        "parts/priorities.html",
        {
            "stated": [_describe(priority) for priority in stated],
            "is_held_back": edition.protection is not None,
            "answers": edition.findings_of(force, "priorities"),
            "possession": edition.findings_of(force, "priorities_possession"),
            "by_group": edition.findings_of(force, "priorities_group"),
            "chart": _draw_groups(latest, names) if ANY in names else None,
            "groups": _tabulate_groups(latest, names) if names and ANY not in names else None,
            "types": _tabulate_types(latest, names),
            "by_place": edition.findings_of(force, "priorities_place"),
            "areas": _tabulate_places(latest, "area", "Area", {}),
            "fifths": _tabulate_places(latest, "fifth", "Fifth of deprivation", FIFTH_TITLES),
        },
    )


def _describe(priority: Priority) -> dict[str, str]:
    return {
        "name": priority.name,
        "months": _name_span(priority.first_month, priority.last_month),
        "types": ", ".join(SEARCH_TYPES[kind].lower() for kind in priority.search_types),
        "areas": ", ".join(priority.areas) or "everywhere",
        "source": priority.source,
    }


def _name_span(first: date, last: date | None) -> str:
    return f"{name_month(first)} to {name_month(last)}" if last else f"from {name_month(first)}"


def _draw_groups(evidence: Evidence, names: list[str]) -> Chart:
    rows = [row for group in FACET_GROUPS if (row := evidence.part(SHARE, "priority", ANY, group))]
    return Chart(
        headline=("Searches under a stated priority, by ethnic group",),
        subtitle="Share of searches that fell under one stated priority or more, with 95% confidence intervals, by "
        f"self-defined ethnicity, {evidence.name}, {evidence.period_name}",
        sketch=sketch(chart_by_group(rows), name="priorities"),
        table=_tabulate_groups(evidence, names),
    )


def _tabulate_groups(evidence: Evidence, names: list[str]) -> Table:
    return tabulate(
        "priorities-by-group",
        f"Share of searches under each stated priority, by self-defined ethnicity, {evidence.period_name}",
        ("Ethnic group", "Searches", *(SUMS.get(name, name) for name in names)),
        (
            (
                title,
                figure_cell(evidence.part(SHARE, "priority", names[0], group), "denominator", count),
                *(rate_cell(evidence.part(SHARE, "priority", name, group), percentage) for name in names),
            )
            for group, title in KNOWN_GROUPS.items()
        ),
    )


def _tabulate_types(evidence: Evidence, names: list[str]) -> Table:
    """Without intervals: whether a type falls under a priority is the priority's own word, not chance."""

    def fill(kind: str, name: str) -> Cell:
        return figure_cell(evidence.part(SHARE, "priority", name, ALL, kind), "value", percentage)

    return tabulate(
        "priorities-by-type",
        f"Share of searches under each stated priority, by type of search, {evidence.period_name}",
        ("Type of search", "Searches", *(SUMS.get(name, name) for name in names)),
        (
            (title, figure_cell(row, "denominator", count), *(fill(kind, name) for name in names))
            for kind, title in SEARCH_TYPES.items()
            if (row := evidence.part(SHARE, "priority", ANY, ALL, kind))
        ),
    )


def _tabulate_places(evidence: Evidence, breakdown: str, head: str, titles: dict[str | int, str]) -> Table:
    return tabulate(
        f"priorities-by-{breakdown}",
        f"Share of searches under any stated priority, by {head.lower()}, {evidence.period_name}",
        (head, "Searches", SUMS[ANY]),
        (
            (titles.get(place, place), figure_cell(row, "denominator", count), rate_cell(row, percentage))
            for place in evidence.categories(SHARE, breakdown)
            for row in [evidence.part(SHARE, breakdown, place)]
        ),
    )
