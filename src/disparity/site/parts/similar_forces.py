"""Compared with similar forces: where a force lies among its like, and what would have shown."""

from disparity.analysis.peers.rates import SEARCH_RATE_RATIO
from disparity.site.cells import (
    KNOWN_GROUPS,
    Cell,
    Table,
    compared_cell,
    figure_cell,
    mark_cell,
    rate_cell,
    tabulate,
    value_cell,
)
from disparity.site.charts.funnel import chart_funnel
from disparity.site.charts.specification import sketch
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.site.findings.peers import choose_nearest, choose_set, name_set
from disparity.site.findings.residents import name_residents
from disparity.site.page import Chart, Edition, Part
from disparity.site.published_figures import Row, percentage, rate, ratio
from disparity.vocabulary.codes import ALL, PEOPLE
from disparity.vocabulary.statuses import NOT_APPLICABLE

FIRST_GROUP = "Black"
POSITIONS = {
    "within": "not set apart",
    "above_95": "higher than 95% of such forces would be",
    "above_998": "higher than 99.8% of such forces would be",
    "below_95": "lower than 95% of such forces would be",
    "below_998": "lower than 99.8% of such forces would be",
}
TITLES = {
    SEARCH_RATE_RATIO: "Search rate of {group} as times that of White people",
    "find_rate": "Find rate, all searches",
}
# The same in ten words.
HEADLINES = {
    SEARCH_RATE_RATIO: "{group} search rate over White people’s, by {force}",
    "find_rate": "Find rate of all searches, by {force}",
}


def has_content(edition: Edition, force: str) -> bool:
    """Whether there is a set of forces to compare with, and records of one other at least."""
    latest = edition.evidence[force][0]
    compared_with = choose_set(latest)
    of_set = [row.values for (*_, name), row in latest.rows("pooled").items() if name == compared_with]
    return any(values["value"] is not None and (values["counted_forces"] or 0) > 1 for values in of_set)


def build_part(edition: Edition, force: str) -> Part:
    """Build the page that sets a force beside others."""
    latest = edition.evidence[force][0]
    compared_with = choose_set(latest)
    shown = _choose_figures(latest, compared_with)
    return Part(
        "parts/similar_forces.html",
        {
            "findings": edition.findings_of(force, "peers_outside", "peers_within"),
            "set_name": name_set(compared_with) if compared_with else "",
            "pooled": tabulate_pooled(latest, compared_with) if compared_with else None,
            "charts": [chart for key in shown if (chart := draw_funnel(edition, latest, key))],
            "tables": [
                _tabulate_forces(edition, latest, key) for key in shown if latest.rows("peers")[key].values["position"]
            ],
        },
    )


def _choose_figures(evidence: Evidence, compared_with: str | None) -> list[tuple[str, str, str]]:
    """Give the measures and groups that the set has a value of for this force."""
    groups = sorted(COMPARED_GROUPS, key=lambda group: group != FIRST_GROUP)  # the others fold under its picture
    keys = [(SEARCH_RATE_RATIO, group) for group in groups] + [("find_rate", ALL)]
    return [
        (*key, compared_with)
        for key in keys
        if compared_with and (row := evidence.row("peers", *key, compared_with)) and row.values["value"] is not None
    ]


def _list_set(edition: Edition, evidence: Evidence, key: tuple[str, str, str]) -> list[Row]:
    return [
        row
        for row in edition.tables["peers"]
        if (row.values["measure"], row.values["ethnic_group"], row.values["compared_with"]) == key
        and row.period == evidence.period
    ]


def draw_funnel(edition: Edition, evidence: Evidence, key: tuple[str, str, str]) -> Chart | None:
    """Draw a set's values of a measure and group between the limits; nothing where there are none.

    Args:
        key: measure, ethnic group and the set, as `peers.csv` names it.
    """
    rows = _list_set(edition, evidence, key)
    own = evidence.rows("peers").get(key)
    if own is None or own.values["lower_95"] is None:
        return None
    measure, group, compared_with = key
    whose = f"{PEOPLE[group]}’s" if PEOPLE[group].endswith(" people") else f"{group} group’s"
    near = "-nearest" if compared_with == choose_nearest(evidence) else ""
    name = f"funnel-{measure.replace('_', '-')}-{group.lower()}{near}"
    return Chart(
        headline=(HEADLINES[measure].format(group=whose, force="nearest force" if near else "force"),),
        subtitle=f"{evidence.name} among {name_set(compared_with)}, {evidence.period_name}. Each point is a force; the "
        "lines hold 95% and 99.8% of forces that differ as these do",
        sketch=sketch(chart_funnel(rows, force=evidence.force, name=evidence.name), name=name),
        table=_tabulate_forces(edition, evidence, key),
        residents=name_residents(evidence) if measure == SEARCH_RATE_RATIO else "",
    )


def tabulate_pooled(evidence: Evidence, compared_with: str) -> Table:
    """Set a force's rates and ratios beside those of a set taken together."""

    def pool(measure: str, group: str) -> Cell:
        row = evidence.row("pooled", measure, group, compared_with)
        return value_cell(row, rate if measure == "search_rate" else ratio)

    def compare(group: str) -> tuple[Cell, Cell]:
        if group not in COMPARED_GROUPS:
            return mark_cell(NOT_APPLICABLE), mark_cell(NOT_APPLICABLE)
        own = compared_cell(evidence.row("comparisons", "search_rate", group, ALL), "ratio", ratio)
        return own, pool(SEARCH_RATE_RATIO, group)

    return tabulate(
        "pooled-nearest" if compared_with == choose_nearest(evidence) else "pooled",
        f"{evidence.name} and {name_set(compared_with)} taken together, {evidence.period_name}",
        (
            *("Ethnic group", "Searches per 1,000 residents a year, this force", "the set"),
            *("Ratio to White, this force", "the set"),
        ),
        (
            (
                title,
                rate_cell(evidence.estimate("search_rate", group), rate),
                pool("search_rate", group),
                *compare(group),
            )
            for group, title in KNOWN_GROUPS.items()
        ),
    )


def _tabulate_forces(edition: Edition, evidence: Evidence, key: tuple[str, str, str]) -> Table:
    """Forces in order of their names: chance alone would change a list by their values."""
    measure, group, compared_with = key
    near = "-nearest" if compared_with == choose_nearest(evidence) else ""
    style = ratio if measure == SEARCH_RATE_RATIO else percentage
    rows = sorted(_list_set(edition, evidence, key), key=lambda row: edition.name_of(row.values["force"]))
    return tabulate(
        f"forces-{measure.replace('_', '-')}-{group.lower()}{near}",
        f"{TITLES[measure].format(group=PEOPLE[group])}, {evidence.period_name}",
        ("Force", "Value", "Among the others", "Estimate drawn to the others"),
        (
            (
                edition.name_of(row.values["force"]),
                figure_cell(row, "value", style),
                POSITIONS.get(row.values["position"], "not compared"),
                value_cell(row, style, prefix="pooled_"),
            )
            for row in rows
        ),
    )
