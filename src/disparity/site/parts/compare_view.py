"""This force beside others, or its groups and types of search: one view, and by the script any other.

Without scripts the page shows the first view: the force and its like, by the ratio of search rates.
"""

from disparity.analysis.measures.entries import BY_NAME, FIND_RATE, SEARCH_RATE
from disparity.analysis.peers.rates import SEARCH_RATE_RATIO
from disparity.site.cells import GROUPS, Cell, Table, compared_cell, figure_cell, mark_cell, rate_cell, tabulate
from disparity.site.charts.by_group import chart_by_group
from disparity.site.charts.forces import chart_forces
from disparity.site.charts.specification import sketch
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.site.findings.peers import choose_set
from disparity.site.findings.ranges import name_verdict
from disparity.site.findings.residents import find_residents, name_residents
from disparity.site.page import Chart, Edition, Part
from disparity.site.published_figures import Row, Sentence, count, rate, ratio, say, style_of, times
from disparity.vocabulary.codes import ALL, EVERY_GROUP, PEOPLE, REFERENCE_GROUP
from disparity.vocabulary.statuses import NOT_AVAILABLE

NAME = "comparison"
MOST_FORCES = 6
FIRST_GROUP = "Black"


def has_content(edition: Edition, force: str) -> bool:
    """Whether the force has a rate: of one without any there is nothing to compare."""
    rows = edition.evidence[force][0].rows("estimates").values()
    return any(row.values["value"] is not None and BY_NAME[row.values["measure"]].is_explored for row in rows)


def build_part(edition: Edition, force: str) -> Part:
    """Build the part; its first view is that of the page without scripts."""
    latest = edition.evidence[force][0]
    forces = choose_neighbours(edition, latest)
    group = _choose_group(edition, latest, forces)
    beside = {other: latest if other == force else _of_period(edition, other, latest) for other in forces}
    chart = draw_forces(edition, beside, group) if group else None
    measure = SEARCH_RATE_RATIO
    if chart is None:
        chart, measure = _draw_groups(latest), SEARCH_RATE.name
    context = {
        "has_others": len(forces) > 1,
        "chart": chart,
        "chosen": ",".join(forces),
        "measure": measure if chart else "",
        "group": group or ALL,
        "group_name": PEOPLE.get(group, ""),
    }
    return Part("parts/compare_view.html", context)


def choose_neighbours(edition: Edition, evidence: Evidence) -> list[str]:
    """Choose the forces that one is first set beside: of its set those nearest in residents, itself first."""
    compared_with = choose_set(evidence)
    of_set = {
        row.values["force"]
        for row in edition.tables["peers"]
        if row.values["compared_with"] == compared_with and row.period == evidence.period
    }
    members = [force for force in edition.forces if force in of_set or force == evidence.force]
    sizes = {force: _measure_size(_of_period(edition, force, evidence)) for force in members}
    own = _measure_size(evidence)
    others = [force for force in members if force != evidence.force]
    nearest = sorted(others, key=lambda force: (abs(sizes[force] - own), force))
    return [evidence.force, *sorted(nearest[: MOST_FORCES - 1], key=edition.name_of)]


def _of_period(edition: Edition, force: str, like: Evidence) -> Evidence:
    """A force's evidence of the same period; where it has none, that of a force without rows in it."""
    found = [evidence for evidence in edition.evidence[force] if evidence.period == like.period]
    return found[0] if found else Evidence(force, edition.name_of(force), like.period, like.published, like.basis)


def _measure_size(evidence: Evidence) -> float:
    residents, searches = find_residents(evidence), evidence.estimate("search_rate")
    if residents and residents.values["population"]:
        return float(residents.values["population"])
    return float(searches.values["numerator"] or 0) if searches else 0.0


def _ratio_of(evidence: Evidence, group: str) -> Row | None:
    row = evidence.row("comparisons", "search_rate", group, ALL)
    return row if row and row.values["ratio"] is not None else None


def _choose_group(edition: Edition, evidence: Evidence, forces: list[str]) -> str:
    """Choose the group of the first view: the first that this force has a ratio of, Black before the others."""
    if len(forces) < 2:
        return ""
    groups = (FIRST_GROUP, *(group for group in COMPARED_GROUPS if group != FIRST_GROUP))
    every = [evidence, *(_of_period(edition, force, evidence) for force in forces[1:])]
    own = [group for group in groups if _ratio_of(evidence, group)]
    return next(iter([*own, *(group for group in groups if any(_ratio_of(each, group) for each in every))]), "")


def draw_forces(edition: Edition, beside: dict[str, Evidence], group: str) -> Chart | None:
    """Draw the ratio of search rates of some forces; nothing where none has one."""
    named = {edition.name_of(force): evidence for force, evidence in beside.items()}
    rows = {name: row for name, evidence in named.items() if (row := _ratio_of(evidence, group))}
    if not rows:
        return None
    latest = next(iter(beside.values()))
    return Chart(
        headline=say_between(rows, group),
        subtitle=f"Search rate of {PEOPLE[group]} as times that of White people, {latest.period_name}. Thin bars: 95% "
        "confidence intervals; broad bars: the range",
        sketch=sketch(chart_forces(rows), name=NAME),
        table=_tabulate_forces(named, group, latest.period_name),
        residents=name_residents(*beside.values()),
    )


def say_between(rows: dict[str, Row], group: str) -> Sentence:
    """The lowest and the highest ratio, as the headline of their chart."""
    ordered = sorted(rows.values(), key=lambda row: (row.values["ratio"], row.number))
    people = "Black people" if group == "Black" else f"{group} group"
    if len(ordered) < 2:
        return say(f"{people}: {{}} times White people’s rate", times(ordered[0], "ratio"))
    ends = times(ordered[0], "ratio"), times(ordered[-1], "ratio")
    return say(f"{people}: {{}} to {{}} times White people’s rate", *ends)


def _tabulate_forces(named: dict[str, Evidence], group: str, period: str) -> Table:
    def verdict(row: Row | None) -> Cell | str:
        return name_verdict(row) if row and row.values["verdict"] else mark_cell(NOT_AVAILABLE)

    return tabulate(
        NAME,
        f"Search rates of {PEOPLE[group]} and of White people, {period}",
        (
            "Force",
            f"Searches per 1,000 {group} residents a year",
            "Searches per 1,000 White residents a year",
            "Times the rate, with its range",
            "Clear difference?",
        ),
        (
            (
                name,
                *(rate_cell(evidence.estimate("search_rate", of), rate) for of in (group, REFERENCE_GROUP)),
                compared_cell(row, "ratio", ratio),
                verdict(row),
            )
            for name, evidence in named.items()
            for row in [evidence.row("comparisons", "search_rate", group, ALL)]
        ),
    )


def _draw_groups(evidence: Evidence) -> Chart | None:
    """The rate of each group, where there is nothing else to compare: search rates, else find rates."""
    for measure in (SEARCH_RATE, FIND_RATE):
        found = [(group, evidence.estimate(measure.name, group)) for group in EVERY_GROUP]
        rows = {group: row for group, row in found if row}
        if any(row.values["value"] is not None for row in rows.values()):
            break
    else:
        return None
    style = style_of(measure.name)
    return Chart(
        headline=(f"{measure.title} by ethnic group",),
        subtitle=f"Self-defined ethnicity, all searches, {evidence.name}, {evidence.period_name}, with 95% confidence "
        "intervals",
        sketch=sketch(chart_by_group([row for row in rows.values() if row.values["value"] is not None]), name=NAME),
        table=tabulate(
            NAME,
            f"{measure.title}, {evidence.period_name}",
            ("Ethnic group", measure.counted, "Rate"),
            (
                (GROUPS[group], figure_cell(row, "numerator", count), rate_cell(row, style))
                for group, row in rows.items()
            ),
        ),
        residents=name_residents(evidence) if measure.is_per_residents else "",
    )
