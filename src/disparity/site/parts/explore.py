"""Explore: one table and chart of the reader's choice, out of every rate of the force.

The page holds each rate as it is printed; the script beside it only picks. Without scripts it shows one view.
"""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from disparity.analysis.measures.entries import BY_NAME, FIND_RATE, MEASURES, SEARCH_RATE
from disparity.site.cells import GROUPS, TYPES, figure_cell, rate_cell, tabulate
from disparity.site.charts.by_group import chart_by_group, point_of
from disparity.site.charts.specification import sketch
from disparity.site.findings.evidence import Evidence
from disparity.site.findings.residents import name_residents
from disparity.site.page import Chart, Edition, Part
from disparity.site.published_figures import Row, count, plain, style_of
from disparity.vocabulary.calendar import name_period
from disparity.vocabulary.codes import ALL, EVERY_GROUP, OFFICER_DEFINED, SELF_DEFINED
from disparity.vocabulary.text import script_text

BASES = {SELF_DEFINED: "Self-defined by the person searched", OFFICER_DEFINED: "As the officer saw it"}
COLUMNS = ("Ethnic group", "Counted", "Rate")
NAME = "explored"


def build_part(edition: Edition, force: str) -> Part:
    """Build the page; its first view is the search rate by group in the latest period."""
    rows = [row for row in edition.rows_of("estimates", force) if BY_NAME[row.values["measure"]].is_explored]
    periods = sorted({row.period for row in rows}, reverse=True)
    first = _choose_first(rows, periods[:1])
    context = {
        "choices": _list_choices(rows, periods),
        "chart": _draw(first, edition.evidence[force][0]) if first else None,
        "columns": COLUMNS,
        "views": _write_script(_list_views(rows)),
        "words": _write_script(_list_words(edition.evidence[force])),
    }
    return Part("parts/explore.html", context)


def _key(period: tuple[date, date]) -> str:
    return f"{period[0]:%Y-%m}_{period[1]:%Y-%m}"


def _choose_first(rows: list[Row], latest: list[tuple[date, date]]) -> list[Row]:
    """The search rate of each group, where the force has one; else the find rate."""
    for measure in (SEARCH_RATE, FIND_RATE):
        chosen = {
            row.values["ethnic_group"]: row
            for row in rows
            if row.values["measure"] == measure.name
            and row.period in latest
            and (row.values["ethnicity_basis"], row.values["search_type"]) == (SELF_DEFINED, ALL)
        }
        if any(row.values["value"] is not None for row in chosen.values()):
            return [chosen[group] for group in EVERY_GROUP if group in chosen]
    return []


def _list_choices(rows: list[Row], periods: list[tuple[date, date]]) -> list[dict[str, Any]]:
    """What can be chosen, in the order of the form: only what the force has rows of."""
    used = {name: {row.values[name] for row in rows} for name in ("measure", "ethnicity_basis", "search_type")}
    measures = {measure.name: measure.title for measure in MEASURES if measure.name in used["measure"]}
    bases = {key: title for key, title in BASES.items() if key in used["ethnicity_basis"]}
    types = {key: title for key, title in TYPES.items() if key in used["search_type"]}
    options = {
        "measure": ("Measure", measures),
        "period": ("Period", {_key(period): name_period(*period) for period in periods}),
        "basis": ("Ethnicity", bases),
        "by": ("A row for each", {"group": "ethnic group", "type": "type of search"}),
        "type": ("Type of search", types),
        "group": ("Ethnic group", GROUPS),
    }
    return [{"name": name, "label": label, "options": values} for name, (label, values) in options.items()]


def _draw(rows: list[Row], evidence: Evidence) -> Chart:
    measure, when, name = BY_NAME[rows[0].values["measure"]], evidence.period_name, evidence.name
    style = style_of(measure.name)
    return Chart(
        headline=(measure.title,),
        subtitle=f"Self-defined ethnicity, all searches, {name}, {when}, with 95% confidence intervals",
        sketch=sketch(chart_by_group([row for row in rows if row.values["value"] is not None]), name=NAME),
        table=tabulate(
            NAME,
            f"{measure.title}, {when}",
            COLUMNS,
            (
                (GROUPS[row.values["ethnic_group"]], figure_cell(row, "numerator", count), rate_cell(row, style))
                for row in rows
            ),
        ),
        residents=name_residents(evidence) if measure.is_per_residents else "",
    )


def _list_views(rows: list[Row]) -> dict[str, Any]:
    """Every rate as printed: measure, period, basis, type, group."""
    views: dict[str, Any] = {}
    for row in rows:
        values = row.values
        place = views.setdefault(values["measure"], {}).setdefault(_key(row.period), {})
        place = place.setdefault(values["ethnicity_basis"], {}).setdefault(values["search_type"], {})
        place[values["ethnic_group"]] = _print(row)
    return views


def _print(row: Row) -> list[Any]:
    """Number of the row, what is counted, rate, interval or bounds, mark; then what the chart is drawn from."""
    cell = rate_cell(row, style_of(row.values["measure"]))
    counted = figure_cell(row, "numerator", count)
    point = point_of(row)
    drawn = [_shorten(getattr(point, name)) for name in ("value", "lower", "upper")]
    return [
        *(row.number, plain(counted.main), plain(cell.main), plain(cell.detail), cell.mark),
        *(*drawn, "bounds" if point.is_bounds else "interval", not point.is_hollow),
    ]


def _shorten(value: float | None) -> float | None:
    """More digits than a pixel shows would only make the page heavier."""
    return None if value is None else float(f"{value:.4g}")


def _list_words(evidences: Sequence[Evidence]) -> dict[str, Any]:
    """What the script says and draws with, so that no word or unit is in two places."""
    return {
        "titles": {measure.name: measure.title for measure in MEASURES},
        "counted": {measure.name: measure.counted for measure in MEASURES if measure.is_explored},
        "is_share": {measure.name: not measure.is_per_residents for measure in MEASURES},
        "residents": {_key(evidence.period): name_residents(evidence) for evidence in evidences},
        "bases": BASES,
        "types": TYPES,
        "groups": GROUPS,
    }


def _write_script(data: object) -> str:
    return script_text(json.dumps(data, separators=(",", ":"), ensure_ascii=False))
