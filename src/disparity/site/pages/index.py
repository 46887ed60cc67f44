"""The front page of a publication of several forces: one line a force, into its folder."""

from datetime import date

from disparity.analysis.reasons.decomposition import EVERY_FORCE, RATIO_OVER_FORCES
from disparity.site.charts.places import chart_places
from disparity.site.charts.specification import sketch
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.site.pages.page import (
    Cell,
    Chart,
    Edition,
    Page,
    Table,
    figure_cell,
    interval_cell,
    mark_cell,
    period_name,
    rate_cell,
    text_cell,
)
from disparity.site.published_figures import count, percentage, rate, ratio, say
from disparity.vocabulary.codes import ALL
from disparity.vocabulary.statuses import NOT_AVAILABLE


def build_page(edition: Edition) -> Page:
    """Build the list of forces."""
    settings = edition.settings
    last = settings.periods().row(-1, named=True)
    period = last["period_from"], last["period_to"]
    rows = []
    for force in edition.forces:
        evidence = next((found for found in edition.evidence[force] if found.period == period), None)
        name = Cell((edition.name_of(force),), mark=f"link:{edition.folder(force)}index.html")
        rows.append((name, *_summarise(evidence)))
    table = Table(
        caption=f"Searches, search rates and find rates by force, {period_name(period)}",
        head=(
            "Force",
            "Searches",
            "Searches per 1,000 residents a year",
            "Searches per 1,000 Black residents a year",
            "Searches per 1,000 White residents a year",
            "Ratio, Black to White",
            "Find rate",
            "Unknown ethnicity",
        ),
        rows=tuple(rows),
        name="forces",
    )
    context = {
        "table": table,
        "period": period_name(period),
        "map": _draw_map(edition, period, table),
        "places": _tabulate_places(edition, period),
    }
    return Page("index.html", edition.settings.title, context, path="index.html")


def _draw_map(edition: Edition, period: tuple[date, date], table: Table) -> Chart | None:
    """The search rate of each force on the map of their areas, where there are areas to shade."""
    found = {
        force: row
        for force in edition.forces
        for evidence in edition.evidence[force]
        if evidence.period == period and (row := evidence.estimate("search_rate")) and row.values["value"] is not None
    }
    chart = chart_places(found, {force: edition.name_of(force) for force in edition.forces})
    if chart is None:
        return None
    lowest, *_, highest = sorted(found.values(), key=lambda row: (row.values["value"], row.number))
    return Chart(
        name="map",
        headline=say(
            "From {} to {} searches a year for every 1,000 residents", rate(lowest, "value"), rate(highest, "value")
        ),
        subtitle=f"Searches per 1,000 residents a year by police force area, {period_name(period)}. "
        "The table above has each force’s rate and its interval.",
        sketch=sketch(chart, name="map"),
        table=table,
    )


def _tabulate_places(edition: Edition, period: tuple[date, date]) -> Table | None:
    """How much of each ratio over all forces lies within them, and how much between."""
    rows = {
        (row.values["ethnic_group"], row.values["component"]): row
        for row in edition.rows_of("reasons", EVERY_FORCE)
        if row.values["analysis"] == RATIO_OVER_FORCES
        and (row.values["period_from"], row.values["period_to"]) == period
    }
    groups = [group for group in COMPARED_GROUPS if (group, "crude") in rows]
    columns = {
        "crude": "Ratio to White, all forces together",
        "within": "of which: within forces",
        "between": "of which: between forces",
    }
    if not groups:
        return None
    return Table(
        caption=f"Ratios of search rates by where people live, {period_name(period)}",
        head=("Ethnic group", *columns.values()),
        rows=tuple(
            (text_cell(group), *(figure_cell(rows.get((group, part)), "value", ratio) for part in columns))
            for group in groups
        ),
        name="places",
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
        interval_cell(evidence.row("comparisons", "search_rate", "Black", ALL), "ratio", ratio),
        rate_cell(evidence.estimate("find_rate"), percentage),
        figure_cell(evidence.estimate("unknown_ethnicity_share"), "value", percentage),
    )
