"""How searches were carried out, as only a force's own extract tells: force, handcuffs, video, clothing, custody."""

from disparity.analysis.measures.entries import REPEAT_SHARE, TOLD_MEASURES
from disparity.analysis.reasons.selection import FORCE_GIVEN_SEARCH, TRIED
from disparity.site.cells import GROUPS, Cell, Table, cross, figure_cell, rate_cell, tabulate
from disparity.site.charts.by_group import FACET_GROUPS, chart_by_group
from disparity.site.charts.specification import sketch
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.site.findings.ranges import say_verdicts
from disparity.site.page import Chart, Edition, Part
from disparity.site.published_figures import count, percentage, signed_points
from disparity.vocabulary.codes import ETHNIC_GROUPS, FORCE_KINDS
from disparity.vocabulary.text import start_sentence

KINDS, BY = "force_kind_share", "force_kind"
# What the chart and the comparison are of: the first of them that is measured.
SAID = {
    "force_used_rate": ("How often force was used, by ethnic group", "The share in which force was used"),
    "handcuffed_rate": ("How often handcuffs were used, by ethnic group", "The share in which handcuffs were used"),
    "intimate_parts_rate": (
        *("How often intimate parts were exposed, by ethnic group", "The share in which intimate parts were exposed"),
    ),
    "video_on_rate": ("How often body-worn video was on, by ethnic group", "The share that was filmed"),
}


def has_content(edition: Edition, force: str) -> bool:
    """Whether any record tells: none of the portal does, and nothing of it is in a restricted publication."""
    latest = edition.evidence[force][0]
    return any(latest.estimate(measure.name) for measure in TOLD_MEASURES) or bool(_list_repeats(latest))


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on how a force's searches were carried out."""
    latest = edition.evidence[force][0]
    drawn = next((name for name in SAID if (row := latest.estimate(name)) and row.values["value"] is not None), "")
    return Part(
        "parts/handling.html",
        {
            "said": edition.findings_of(force, "handling"),
            "stated": edition.findings_of(force, "handling_stated"),
            "verdicts": say_verdicts(latest.tested(drawn), SAID[drawn][1]) if drawn else (),
            "chart": _draw(latest, drawn) if drawn else None,
            "results": tabulate_handling(latest),
            "kinds": _tabulate_kinds(latest),
            "what_if": _tabulate_selection(latest),
            "repeats": edition.findings_of(force, "repeats"),
            "by_person": _tabulate_repeats(latest),
        },
    )


def tabulate_handling(evidence: Evidence) -> Table:
    """Every rate of what is told, by group; without a row where nothing is."""
    told = [measure for measure in TOLD_MEASURES if evidence.estimate(measure.name)]
    return tabulate(
        "handling",
        f"How searches were carried out, by self-defined ethnicity, {evidence.period_name}",
        ("Ethnic group", *(measure.counted for measure in told)),
        cross(
            GROUPS if told else {},
            told,
            lambda group, measure: rate_cell(
                evidence.estimate(measure.name, group),
                percentage,
                with_count="arrests" if measure.name == "detained_rate" else "searches",
            ),
        ),
    )


def _draw(evidence: Evidence, name: str) -> Chart:
    rows = [row for group in FACET_GROUPS if (row := evidence.estimate(name, group))]
    return Chart(
        headline=(SAID[name][0],),
        subtitle="Share of the searches of each ethnic group whose records say, with 95% confidence intervals, "
        f"{evidence.name}, {evidence.period_name}",
        sketch=sketch(chart_by_group(rows), name="handling"),
        table=tabulate_handling(evidence),
    )


def _tabulate_kinds(evidence: Evidence) -> Table:
    """The kind of force, by group; the force's own rules say which of several is put down."""
    told = {
        kind: title
        for kind, title in FORCE_KINDS.items()
        if (row := evidence.part(KINDS, BY, kind)) and row.values["numerator"]
    }

    def fill(kind: str, group: str) -> Cell:
        return rate_cell(evidence.part(KINDS, BY, kind, group), percentage)

    return tabulate(
        "force-kinds",
        f"Kind of force in searches that record it, by self-defined ethnicity, {evidence.period_name}",
        ("Kind of force", "All", *ETHNIC_GROUPS),
        cross(told, FACET_GROUPS, fill),
    )


def _tabulate_selection(evidence: Evidence) -> Table:
    """How much more often force would be used, for each share of a group's searches that hangs on ethnicity."""
    rows = {
        group: [evidence.row("reasons", FORCE_GIVEN_SEARCH, group, component) for component in TRIED]
        for group in COMPARED_GROUPS
    }
    return tabulate(
        "force-what-if",
        "What if? Percentage points by which force would be used more often than of White people, by how many of the "
        f"searches would not have been made of a White person, {evidence.period_name}",
        ("Ethnic group", *(start_sentence(component.replace("_", " ")) for component in TRIED)),
        (
            (group, *(figure_cell(row, "value", signed_points) for row in found))
            for group, found in rows.items()
            if all(found)
        ),
    )


def _list_repeats(evidence: Evidence) -> list[str]:
    return evidence.categories(REPEAT_SHARE.name, "person")


def _tabulate_repeats(evidence: Evidence) -> Table:
    return tabulate(
        "repeats",
        f"Searches of people searched before, by self-defined ethnicity, {evidence.period_name}",
        ("Ethnic group", "Searches that tell the person", "Of people searched before"),
        (
            (GROUPS[group], figure_cell(row, "denominator", count), rate_cell(row, percentage))
            for group in FACET_GROUPS
            if (row := evidence.part(REPEAT_SHARE.name, "person", "searched_before", group))
        ),
    )
