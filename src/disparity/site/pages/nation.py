"""The front page of a publication of several forces: all together, who is missing, then force by force."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from disparity.analysis.measures.entries import FIND_RATE, SEARCH_RATE
from disparity.analysis.peers.rates import SEARCH_RATE_RATIO
from disparity.analysis.peers.sets import EVERY_FORCE
from disparity.analysis.reasons import decomposition
from disparity.site.cells import Cell, Table, compared_cell, cross, figure_cell, mark_cell, rate_cell, tabulate
from disparity.site.charts.places import chart_places
from disparity.site.charts.specification import sketch
from disparity.site.comparisons_file import describe, list_views
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.site.findings.residents import name_residents
from disparity.site.page import Chart, Edition, Page
from disparity.site.parts.compare_view import draw_forces, say_between
from disparity.site.published_figures import Row, Sentence, count, index_rows, percentage, rate, ratio, say, times
from disparity.vocabulary.calendar import name_period
from disparity.vocabulary.codes import ALL, REFERENCE_GROUP, SELF_DEFINED, force_names, read_reference
from disparity.vocabulary.force_ids import ELSEWHERE, is_invented, list_places
from disparity.vocabulary.statuses import NOT_AVAILABLE
from disparity.vocabulary.text import script_text

GROUP = "Black"
MEASURES = (SEARCH_RATE.name, FIND_RATE.name, "unknown_ethnicity_share")
# More names than these are folded, the largest forces before the fold.
MOST_NAMED, NAMED_BEFORE = 6, 3
Period = tuple[date, date]


def build_page(edition: Edition) -> Page:
    """Build the page of all forces."""
    period = edition.settings.periods().select("period_from", "period_to").row(-1)
    found = [each for force in edition.forces for each in edition.evidence[force] if each.period == period]
    evidences = {evidence.force: evidence for evidence in found}
    ratios = {force: row for force, each in evidences.items() if (row := _ratio_of(each))}
    beside = {force: evidences[force] for force in ratios}
    missing = list_missing(edition, evidences)
    context = {
        "period": name_period(*period),
        "together": _say_together(edition, period, ratios),
        "doubted": [edition.name_of(force) for force, each in evidences.items() if each.rows("doubts")],
        "missing": missing,
        "missing_first": missing[:NAMED_BEFORE] if len(missing) > MOST_NAMED else [],
        "table": _tabulate(edition, evidences, name_period(*period)),
        "map": _draw_map(edition, ratios, evidences),
        "dots": draw_forces(edition, beside, GROUP) if beside else None,
        "within": _tabulate_within(edition, period),
        "places": _list_places(edition),
        "measure": SEARCH_RATE_RATIO if ratios else FIND_RATE.name,
        "group": GROUP if ratios else ALL,
        "comparisons": _write_views(edition, evidences),
    }
    return Page("nation.html", edition.settings.title, context, path="index.html")


def _ratio_of(evidence: Evidence) -> Row | None:
    row = evidence.row("comparisons", SEARCH_RATE.name, GROUP, ALL)
    return row if row and row.values["ratio"] is not None else None


def list_missing(edition: Edition, evidences: dict[str, Evidence]) -> list[str]:
    """Name the forces without records in the period, the largest first: those asked for, else of England and Wales."""
    settings = edition.settings
    if all(is_invented(force) for force in edition.forces):
        return []
    asked = settings.forces_read or [force for force in force_names() if force not in ELSEWHERE]
    residents: dict[str, int] = {}
    for row in read_reference("census2021_force_ethnicity5"):
        residents[row["force"]] = residents.get(row["force"], 0) + int(row["population"])
    absent = {force for force in asked if force not in evidences}
    return [settings.name_of(force) for force in sorted(absent, key=lambda force: (-residents.get(force, 0), force))]


def _say_together(edition: Edition, period: Period, ratios: dict[str, Row]) -> dict[str, Sentence]:
    """All forces as one: both rates, their ratio, and from where to where the forces lie."""
    rows = [row for row in edition.tables["pooled"] if row.values["compared_with"] == EVERY_FORCE]
    pooled = index_rows((row for row in rows if row.period == period), "measure", "ethnic_group")
    together = pooled.get((SEARCH_RATE_RATIO, GROUP))
    rates = [pooled.get((SEARCH_RATE.name, group)) for group in (GROUP, REFERENCE_GROUP)]
    own, other = rates
    if not (own and other and together) or together.values["value"] is None:
        return {}
    ordered = sorted(ratios.values(), key=lambda row: (row.values["ratio"], row.number))
    ends = (times(ordered[0], "ratio"), times(ordered[-1], "ratio")) if len(ordered) > 1 else ()
    everywhere = "England and Wales" if _is_whole(edition) else "the {} forces here"
    where = () if _is_whole(edition) else (count(together, "counted_forces"),)
    return {
        "headline": say(
            f"Black people were searched {{}} times as often as White people in {everywhere}",
            rate(together, "value"),
            *where,
        ),
        "rates": say(
            "There were {} searches a year for every 1,000 Black residents and {} for every 1,000 White residents.",
            rate(own, "value"),
            rate(other, "value"),
        ),
        "range": say("Force by force, it goes from {} to {} times.", *ends) if ends else (),
    }


def _is_whole(edition: Edition) -> bool:
    """Whether every force of England and Wales with residents is here."""
    return {row["force"] for row in read_reference("census2021_force_ethnicity5")} <= set(edition.forces)


def _tabulate(edition: Edition, evidences: dict[str, Evidence], period: str) -> Table:
    return tabulate(
        "forces",
        f"Searches, search rates and find rates by force, {period}",
        (
            *("Force", "Searches"),
            *(f"Searches per 1,000 {group} residents a year" for group in (GROUP, REFERENCE_GROUP)),
            *("Times the rate, with its range", "Searches that found the item"),
        ),
        (
            (
                Cell((edition.name_of(force),), mark=f"link:{edition.folder(force)}index.html"),
                *_summarise(evidences.get(force)),
            )
            for force in sorted(edition.forces, key=edition.name_of)
        ),
    )


def _summarise(evidence: Evidence | None) -> tuple[Cell, ...]:
    """A force that submitted nothing in the period has [x] throughout."""
    if evidence is None:
        return (mark_cell(NOT_AVAILABLE),) * 5
    return (
        figure_cell(evidence.estimate(SEARCH_RATE.name), "numerator", count),
        *(rate_cell(evidence.estimate(SEARCH_RATE.name, group), rate) for group in (GROUP, REFERENCE_GROUP)),
        compared_cell(evidence.row("comparisons", SEARCH_RATE.name, GROUP, ALL), "ratio", ratio),
        rate_cell(evidence.estimate(FIND_RATE.name), percentage),
    )


def _draw_map(edition: Edition, ratios: dict[str, Row], evidences: dict[str, Evidence]) -> Chart | None:
    """The ratio of each force on the map of their areas, where there are areas to shade."""
    names = {force: edition.name_of(force) for force in edition.forces}
    chart = chart_places(ratios, names, column="ratio", style=ratio, title=["Times the rate", "of White people"])
    if chart is None:
        return None
    used = {names[force]: row for force, row in ratios.items()}
    period = name_period(*next(iter(used.values())).period)
    return Chart(
        headline=say_between(used, GROUP),
        subtitle=f"Search rate of Black people as times that of White people, {period}",
        sketch=sketch(chart, name="map"),
        table=_tabulate(edition, evidences, period),
        residents=name_residents(*(evidences[force] for force in ratios)),
    )


def _tabulate_within(edition: Edition, period: Period) -> Table:
    """How much of each ratio over all forces lies within them, and how much between."""
    over_forces = [row for row in edition.rows_of("reasons", decomposition.EVERY_FORCE) if row.period == period]
    rows = index_rows(over_forces, "analysis", "ethnic_group", "component")
    over = decomposition.RATIO_OVER_FORCES
    columns = {
        "crude": "Times the rate of White people, all forces together",
        "within": "of which: within forces",
        "between": "of which: between forces",
    }

    def fill(group: str, part: str) -> Cell:
        return figure_cell(rows.get((over, group, part)), "value", ratio)

    return tabulate(
        "within",
        f"Ratios of search rates by where people live, {name_period(*period)}",
        ("Ethnic group", *columns.values()),
        cross({group: group for group in COMPARED_GROUPS if (over, group, "crude") in rows}, columns, fill),
    )


def _list_places(edition: Edition) -> list[dict[str, str]]:
    """Name each force with what it is called for short and the places that it polices; those without records too."""
    places = {} if all(is_invented(force) for force in edition.forces) else list_places()
    named = {force: edition.name_of(force) for force in dict.fromkeys([*edition.forces, *places])}
    return [
        {
            "force": force,
            "name": name,
            "names": ", ".join(places.get(force, [])),
            "href": f"{edition.folder(force)}index.html" if force in edition.forces else "",
        }
        for force, name in sorted(named.items(), key=lambda pair: pair[1])
    ]


def _write_views(edition: Edition, evidences: dict[str, Evidence]) -> str:
    """What the script of the page picks from: the rates over all searches."""
    views: dict[str, Any] = describe(edition, list_views(edition, _list_rows(evidences)))
    return script_text(json.dumps(views, separators=(",", ":"), ensure_ascii=False))


def _list_rows(evidences: dict[str, Evidence]) -> Iterator[Row]:
    for evidence in evidences.values():
        for table, measures in (("comparisons", (SEARCH_RATE.name,)), ("estimates", MEASURES)):
            for (measure, _, kind), row in evidence.rows(table).items():
                if measure in measures and kind == ALL and row.values["ethnicity_basis"] == SELF_DEFINED:
                    yield row
