"""What led to searches: officers' own observation, calls, intelligence, or a planned operation."""

from disparity.site.cells import TYPES, Cell, Table, cross, figure_cell, rate_cell, tabulate
from disparity.site.charts.by_group import FACET_GROUPS
from disparity.site.findings.evidence import Evidence
from disparity.site.page import Chart, Edition, Part
from disparity.site.parts.by_group import draw_groups
from disparity.site.published_figures import count, percentage
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, ORIGINS, SEARCH_TYPES

SHARE, BY = "origin_share", "search_origin"


def has_content(edition: Edition, force: str) -> bool:
    """Whether anything says what led to searches: no public record does, and no restricted publication."""
    return bool(edition.evidence[force][0].categories(SHARE, BY))


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on what led to a force's searches."""
    latest = edition.evidence[force][0]
    return Part(
        "parts/origins.html",
        {
            "findings": edition.findings_of(force, "origins", "origins_group", "origins_finds"),
            "chart": _draw_groups(latest),
            "types": _tabulate(latest, [(kind, ALL) for kind in (ALL, *SEARCH_TYPES)]),
            "finds": _tabulate_finds(latest),
        },
    )


def _draw_groups(evidence: Evidence) -> Chart | None:
    rows = [row for group in FACET_GROUPS if (row := evidence.part(SHARE, BY, "self_generated", group))]
    return draw_groups(
        "origins",
        rows,
        ("Searches that came from what the officer saw",),
        "Share of the searches of each ethnic group whose records say what led to them, with 95% confidence "
        f"intervals, {evidence.name}, {evidence.period_name}",
        _tabulate(evidence, [(ALL, group) for group in FACET_GROUPS]),
    )


def _tabulate(evidence: Evidence, parts: list[tuple[str, str]]) -> Table:
    """Origins as shares of searches, a row for each type of search and group."""
    is_by_type = len({kind for kind, _ in parts}) > 1
    return tabulate(
        "origins-by-type" if is_by_type else "origins-by-group",
        f"What led to searches, by {'type of search' if is_by_type else 'self-defined ethnicity'}, "
        f"{evidence.period_name}",
        ("Type of search" if is_by_type else "Ethnic group", "Searches that say", *ORIGINS.values()),
        (
            (
                TYPES[kind] if group == ALL else group,
                figure_cell(row, "denominator", count),
                *(rate_cell(evidence.part(SHARE, BY, origin, group, kind), percentage) for origin in ORIGINS),
            )
            for kind, group in parts
            if (row := evidence.part(SHARE, BY, "self_generated", group, kind))
        ),
    )


def _tabulate_finds(evidence: Evidence) -> Table:
    origins = ORIGINS | {"not_recorded": "Not recorded"}

    def fill(origin: str, group: str) -> Cell:
        return rate_cell(evidence.part("find_rate", BY, origin, group), percentage, with_count="searches")

    return tabulate(
        "origin-find-rates",
        f"Find rate by what led to the search and self-defined ethnicity, {evidence.period_name}",
        ("What led to the search", "All", *ETHNIC_GROUPS),
        cross(
            {origin: title for origin, title in origins.items() if evidence.part("find_rate", BY, origin)},
            FACET_GROUPS,
            fill,
        ),
    )
