"""The forces whose residents are most alike, by official rates: every force has them, whatever records are held."""

from disparity.analysis.peers.rates import SEARCH_RATE_RATIO
from disparity.site.cells import Table, figure_cell, interval_cell, tabulate
from disparity.site.charts.forces import chart_forces
from disparity.site.charts.specification import sketch
from disparity.site.findings.nearest import GROUP, say_names, say_rates
from disparity.site.findings.peers import choose_nearest, choose_set
from disparity.site.page import Chart, Edition, Part
from disparity.site.parts.similar_forces import draw_funnel, tabulate_pooled
from disparity.site.published_figures import Figure, Row, rate, ratio
from disparity.vocabulary.calendar import name_period
from disparity.vocabulary.codes import PEOPLE, REFERENCE_GROUP


def has_content(edition: Edition, force: str) -> bool:
    """Whether enough people live in the force's area to say which forces are like it."""
    return bool(edition.rows_of("nearest", force))


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on the forces nearest by residents."""
    rows = edition.rows_of("nearest", force)
    latest = edition.evidence[force][0]
    of_group = [row for row in rows if row.values["ethnic_group"] == GROUP]
    named = of_group or rows
    compared_with = choose_nearest(latest)
    return Part(
        "parts/nearest.html",
        {
            "names": say_names(named, edition.name_of),
            "rates": say_rates(of_group),
            "far": [edition.name_of(row.values["nearest_force"]) for row in named if not row.values["is_near"]],
            "is_alone": not any(row.values["is_near"] for row in named if row.values["place"]),
            "left_out": [edition.name_of(row.values["nearest_force"]) for row in of_group if not row.values["rate"]],
            "chart": _draw(edition, force, of_group),
            "table": None if of_group else _tabulate(edition, rows),
            "has_declared": choose_set(latest) not in (None, "all"),
            "funnel": draw_funnel(edition, latest, (SEARCH_RATE_RATIO, GROUP, compared_with))
            if compared_with
            else None,
            "pooled": tabulate_pooled(latest, compared_with) if compared_with else None,
        },
    )


def _draw(edition: Edition, force: str, of_group: list[Row]) -> Chart | None:
    """Each force's official ratio, itself first and the nearest below it."""
    if not any(row.values["ratio"] is not None for row in of_group):
        return None
    period = next(row.period for row in of_group if row.values["ratio"] is not None)
    named = {edition.name_of(row.values["nearest_force"]): row for row in of_group}
    return Chart(
        headline=("Official search rates, Black over White, by force",),
        subtitle=f"Times the rate of {PEOPLE[REFERENCE_GROUP]}, official figures, {edition.name_of(force)} and the "
        f"seven forces with the most similar residents, {name_period(*period)}. Bars are 95% "
        "confidence intervals of chance alone",
        sketch=sketch(chart_forces(named), name="nearest"),
        table=_tabulate(edition, edition.rows_of("nearest", force)),
        residents="Residents: censuses of 2011 and 2021, interpolated to the middle of the year",
    )


def _distance(row: Row, column: str) -> Figure:
    return Figure(f"{row.values[column]:.2f}", row.table, row.number, column, row.values[column])


def _tabulate(edition: Edition, rows: list[Row]) -> Table:
    """A row for each force, the force itself first; the other groups are in nearest.csv."""
    found = {(row.values["place"], row.values["ethnic_group"]): row for row in rows}
    places = {row.values["place"]: row for row in reversed(rows)}
    return tabulate(
        "nearest",
        "The seven forces with the most similar residents, and official search rates",
        ("Force", "Distance", "Per 1,000 Black residents", "Per 1,000 White residents", "Black to White, as a ratio"),
        (
            (
                edition.name_of(row.values["nearest_force"]),
                figure_cell(row, "distance", _distance),
                *(figure_cell(found.get((place, group)), "rate", rate) for group in (GROUP, REFERENCE_GROUP)),
                interval_cell(found.get((place, GROUP)), "ratio", ratio),
            )
            for place, row in sorted(places.items())
        ),
    )
