"""Children: every figure on searches of children, beside those of adults, with the official figures there are."""

from disparity.site.cells import KNOWN_GROUPS, Cell, Table, compared_cell, cross, figure_cell, rate_cell, tabulate
from disparity.site.charts.interval_dots import SHARE, chart_dots, dot_of
from disparity.site.charts.specification import sketch
from disparity.site.findings.children import (
    BESIDE_ADULTS,
    HOURS,
    find_child,
    has_children,
    list_compared,
    say_children_compared,
)
from disparity.site.findings.evidence import Evidence
from disparity.site.findings.ranges import name_verdict
from disparity.site.page import Chart, Edition, Page
from disparity.site.parts.children import draw_rates, has_estimates
from disparity.site.published_figures import count, percentage, rate, ratio, signed_points
from disparity.vocabulary.codes import ADULTS, ALL, CHILDREN, EVERY_GROUP

NAMES = {
    "find_rate": "Item found",
    "arrest_rate": "Arrest",
    "clothing_removed_rate": "Beyond outer clothing",
    "type_share": "For drugs",
    "after_school_share": "From 15:00 to 18:00",
    "night_share": "From 22:00 to 06:00",
}
SHARES = {measure: search_type for measure, search_type, _ in BESIDE_ADULTS}
BANDS = {CHILDREN: "Children", ADULTS: "Adults"}


def has_content(edition: Edition, force: str) -> bool:
    """Whether anything is published of searches of children."""
    return has_children(edition.evidence[force][0])


def build_page(edition: Edition, force: str) -> Page:
    """Build the page of a force's figures on children."""
    latest = edition.evidence[force][0]
    return Page(
        "children.html",
        "Searches of children",
        {
            "findings": edition.findings_of(force, "children", "children_under_10"),
            "verdicts": say_children_compared(latest),
            "stated": edition.findings_of(force, "children_stated", "children_depends"),
            "rates": draw_rates(latest),
            "has_estimates": has_estimates(latest),
            "compared": _tabulate_compared(latest),
            "results": edition.findings_of(force, "children_results"),
            "beside": _draw_beside_adults(latest),
            "by_group": _tabulate_groups(latest),
            "hours": edition.findings_of(force, "children_hours"),
            "hours_table": _tabulate_hours(latest),
            "official": _tabulate_official(latest),
            "covers": _name_covered(latest),
        },
    )


def _draw_beside_adults(evidence: Evidence) -> Chart | None:
    """Draw each share of searches of children above that of searches of adults."""
    dots = [
        dot_of(
            evidence.row("children", measure, band, ALL, kind), f"{NAMES[measure]}: {name.lower()}", style=percentage
        )
        for measure, kind in SHARES.items()
        # A share that nobody records enough of is in the table: two bars from end to end would tell nothing.
        if find_child(evidence, measure, search_type=kind)
        for band, name in BANDS.items()
    ]
    if all(dot.why for dot in dots):
        return None
    return Chart(
        headline=("What searches of children were for, and what followed",),
        subtitle="Share of searches of children aged 10 to 17 and of searches of adults, with 95% confidence "
        f"intervals or the range each could lie in (dashed), {evidence.name}, {evidence.period_name}",
        sketch=sketch(chart_dots(dots, title="Share of searches", form=SHARE), name="children-beside-adults"),
        table=_tabulate_beside_adults(evidence),
    )


def _tabulate_beside_adults(evidence: Evidence) -> Table:
    return tabulate(
        "children-beside-adults",
        f"Searches of children aged 10 to 17 beside searches of adults, {evidence.period_name}",
        ("Share of searches", *BANDS.values()),
        (
            (
                NAMES[measure],
                *(
                    rate_cell(evidence.row("children", measure, band, ALL, kind), percentage, with_count="searches")
                    for band in BANDS
                ),
            )
            for measure, kind in SHARES.items()
        ),
    )


def _tabulate_groups(evidence: Evidence) -> Table:
    def fill(group: str, measure: str) -> Cell:
        row = evidence.row("children", measure, CHILDREN, group, SHARES[measure])
        return rate_cell(row, percentage, with_count="searches")

    return tabulate(
        "children-by-group",
        f"Searches of children aged 10 to 17, by self-defined ethnicity, {evidence.period_name}",
        ("Ethnic group", *(NAMES[measure] for measure in SHARES)),
        cross({group: "All children" if group == ALL else group for group in EVERY_GROUP}, SHARES, fill),
    )


def _tabulate_compared(evidence: Evidence) -> Table:
    """Every comparison with White children that could be tested, with its verdict in words."""
    measures = {"search_rate": (ALL, "Search rate", "ratio", ratio)} | {
        measure: (kind, NAMES[measure], "difference", signed_points) for measure, kind in SHARES.items()
    }
    return tabulate(
        "children-compared",
        f"Children of each ethnic group compared with White children, {evidence.period_name}",
        ("What is compared", "Ethnic group", "Ratio, or difference in percentage points", "Verdict"),
        (
            (
                name,
                group,
                compared_cell(row, column, style),
                name_verdict(row),
            )
            for measure, (kind, name, column, style) in measures.items()
            for group, row, _ in list_compared(evidence, measure, kind)
        ),
    )


def _tabulate_hours(evidence: Evidence) -> Table:
    rows = {measure: [evidence.row("children", measure, band, ALL, ALL) for band in BANDS] for measure, _ in HOURS}
    return tabulate(
        "children-hours",
        f"Searches by time of day, in months that record times, {evidence.period_name}",
        ("Share of searches", *BANDS.values()),
        (
            (NAMES[measure], *(rate_cell(row, percentage, with_count="searches") for row in found))
            for measure, found in rows.items()
            if any(row and row.values["value"] is not None for row in found)
        ),
    )


def _tabulate_official(evidence: Evidence) -> Table:
    rows = {group: evidence.row("children_official", group) for group in KNOWN_GROUPS}
    return tabulate(
        "children-official",
        "Official searches and arrests of children aged 10 to 17, year ending March 2025",
        ("Ethnic group", "Searches for every 1,000 children", "Arrests"),
        (
            (
                "All children" if group == ALL else title,
                figure_cell(rows[group], "official_rate", rate),
                figure_cell(rows[group], "arrests", count),
            )
            for group, title in KNOWN_GROUPS.items()
            if rows[group]
        ),
    )


def _name_covered(evidence: Evidence) -> str:
    row = evidence.row("children_official", ALL)
    return str(row.values["covers"] or "") if row else ""
