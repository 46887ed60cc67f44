"""The front page of a publication of several forces: one line a force, into its folder."""

from datetime import date

from disparity.analysis.reasons.decomposition import EVERY_FORCE, RATIO_OVER_FORCES
from disparity.site.cells import (
    Cell,
    Table,
    compared_cell,
    cross,
    figure_cell,
    mark_cell,
    rate_cell,
    tabulate,
)
from disparity.site.charts.places import chart_places
from disparity.site.charts.specification import sketch
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.site.findings.residents import name_residents
from disparity.site.page import Chart, Edition, Page
from disparity.site.published_figures import count, index_rows, percentage, rate, ratio, say
from disparity.vocabulary.calendar import name_period
from disparity.vocabulary.codes import ALL
from disparity.vocabulary.statuses import NOT_AVAILABLE


def build_page(edition: Edition) -> Page:
    """Build the list of forces."""
    period = edition.settings.periods().select("period_from", "period_to").row(-1)
    found = [each for force in edition.forces for each in edition.evidence[force] if each.period == period]
    evidences = {evidence.force: evidence for evidence in found}
    table = tabulate(
        "forces",
        f"Searches, search rates and find rates by force, {name_period(*period)}",
        (
            "Force",
            "Searches",
            "Searches per 1,000 residents a year",
            *(f"Searches per 1,000 {group} residents a year" for group in ("Black", "White")),
            "Ratio, Black to White",
            "Find rate",
            "Unknown ethnicity",
        ),
        (
            (
                Cell((edition.name_of(force),), mark=f"link:{edition.folder(force)}index.html"),
                *_summarise(evidences.get(force)),
            )
            for force in edition.forces
        ),
    )
    context = {
        "table": table,
        "period": name_period(*period),
        "map": _draw_map(edition, evidences, table),
        "places": _tabulate_places(edition, period),
    }
    return Page("nation.html", edition.settings.title, context, path="index.html")


def _draw_map(edition: Edition, evidences: dict[str, Evidence], table: Table) -> Chart | None:
    """The search rate of each force on the map of their areas, where there are areas to shade."""
    rates = {force: evidence.estimate("search_rate") for force, evidence in evidences.items()}
    found = {force: row for force, row in rates.items() if row and row.values["value"] is not None}
    chart = chart_places(found, {force: edition.name_of(force) for force in edition.forces})
    if chart is None:
        return None
    lowest, *_, highest = sorted(found.values(), key=lambda row: (row.values["value"], row.number))
    return Chart(
        headline=say(
            "From {} to {} searches a year for every 1,000 residents", rate(lowest, "value"), rate(highest, "value")
        ),
        subtitle=f"Searches per 1,000 residents a year by police force area, {name_period(*lowest.period)}. "
        "The table above has each force’s rate and its interval.",
        sketch=sketch(chart, name="map"),
        table=table,
        residents=name_residents(*(evidences[force] for force in found)),
    )


def _tabulate_places(edition: Edition, period: tuple[date, date]) -> Table:
    """How much of each ratio over all forces lies within them, and how much between."""
    over_forces = [row for row in edition.rows_of("reasons", EVERY_FORCE) if row.period == period]
    rows = index_rows(over_forces, "analysis", "ethnic_group", "component")
    columns = {
        "crude": "Ratio to White, all forces together",
        "within": "of which: within forces",
        "between": "of which: between forces",
    }

    def fill(group: str, part: str) -> Cell:
        return figure_cell(rows.get((RATIO_OVER_FORCES, group, part)), "value", ratio)

    return tabulate(
        "places",
        f"Ratios of search rates by where people live, {name_period(*period)}",
        ("Ethnic group", *columns.values()),
        cross(
            {group: group for group in COMPARED_GROUPS if (RATIO_OVER_FORCES, group, "crude") in rows}, columns, fill
        ),
    )


def _summarise(evidence: Evidence | None) -> tuple[Cell, ...]:
    """A force that submitted nothing in the period has [x] throughout."""
    if evidence is None:
        return (mark_cell(NOT_AVAILABLE),) * 7
    searches = evidence.estimate("search_rate")
    return (
        figure_cell(searches, "numerator", count),
        rate_cell(searches, rate),
        rate_cell(evidence.estimate("search_rate", "Black"), rate),
        rate_cell(evidence.estimate("search_rate", "White"), rate),
        compared_cell(evidence.row("comparisons", "search_rate", "Black", ALL), "ratio", ratio),
        rate_cell(evidence.estimate("find_rate"), percentage),
        figure_cell(evidence.estimate("unknown_ethnicity_share"), "value", percentage),
    )
