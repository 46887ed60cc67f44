"""Neighbourhoods: a map of smoothed rates, and the highest and lowest of them."""

from dataclasses import replace

from disparity.site.cells import Cell, Table, figure_cell, tabulate
from disparity.site.charts.neighbourhoods import chart_neighbourhoods
from disparity.site.charts.specification import sketch
from disparity.site.findings.evidence import Evidence
from disparity.site.findings.neighbourhoods import ABOVE, BELOW, UNCERTAIN, list_smoothed, place_beside_whole
from disparity.site.findings.residents import name_residents
from disparity.site.page import Chart, Edition, Part
from disparity.site.parts.areas import say_no_place
from disparity.site.published_figures import Row, count, rate, say
from disparity.vocabulary.statuses import mark_of

MOST_LISTED = 10
BESIDE = {BELOW: "clearly below", ABOVE: "clearly above", UNCERTAIN: "cannot be told"}


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on a force's neighbourhoods; where there is none, it says why."""
    latest = edition.evidence[force][0]
    rows, every = list_smoothed(latest), latest.rows("neighbourhoods")
    ends = rows[:MOST_LISTED], rows[: MOST_LISTED - 1 : -1][:MOST_LISTED]
    return Part(
        "parts/neighbourhoods.html",
        {
            "findings": edition.findings_of(force, "neighbourhoods"),
            "no_place": say_no_place(latest),
            "fit": next(iter(every.values())).values["fit"] if every else "",
            "neighbourhood_map": _draw_map(latest, rows) if rows else None,
            "highest": _tabulate(latest, ends[0], "highest"),
            "lowest": _tabulate(latest, ends[1], "lowest"),
        },
    )


def _draw_map(evidence: Evidence, rows: list[Row]) -> Chart:
    return Chart(
        headline=say(
            "Searches per thousand residents: {} in {}, {} overall",
            rate(rows[0], "smoothed_value"),
            rows[0].values["name"],
            rate(rows[0], "whole_value"),
        ),
        subtitle=f"Searches per 1,000 residents a year by neighbourhood, smoothed, all ethnic groups, {evidence.name}, "
        f"{evidence.period_name}. The larger a dot, the more searches; hollow: a rate that cannot be told from the "
        "force’s",
        sketch=sketch(chart_neighbourhoods(rows, evidence.force), name="neighbourhoods"),
        # Every row that is drawn: the page lists the ends, as all would weigh more than the map.
        table=_tabulate(evidence, rows, "all"),
        residents=name_residents(evidence),
    )


def _tabulate(evidence: Evidence, rows: list[Row], which: str) -> Table:
    return tabulate(
        f"neighbourhoods-{which}",
        f"The {which} smoothed rates: searches for every 1,000 residents a year, {evidence.period_name}",
        ("Neighbourhood", "Searches", "As counted", "Smoothed, with its 95% range", "Beside the force’s rate"),
        (
            (
                row.values["name"],
                figure_cell(row, "numerator", count),
                _counted_cell(row),
                _smoothed_cell(row),
                BESIDE[place_beside_whole(row)],
            )
            for row in rows
        ),
    )


def _counted_cell(row: Row) -> Cell:
    """The rate as counted, with the mark of few searches; why there is none where fewer still."""
    return replace(figure_cell(row, "value", rate), mark=mark_of(row.values["status"]))


def _smoothed_cell(row: Row) -> Cell:
    return Cell(
        (rate(row, "smoothed_value"),),
        (rate(row, "smoothed_lower"), " to ", rate(row, "smoothed_upper")),
        is_in_doubt=row.is_in_doubt,
    )
