"""Areas: search rates by where searches took place, and each group in the same area."""

from collections.abc import Mapping
from dataclasses import replace

from disparity.analysis.comparisons import UNCLEAR
from disparity.records.area_outlines import draw_outlines, read_areas
from disparity.records.neighbourhoods import outline_authorities
from disparity.site.cells import (
    KNOWN_GROUPS,
    Cell,
    Table,
    cross,
    figure_cell,
    interval_cell,
    rate_cell,
    tabulate,
)
from disparity.site.charts.places import chart_outlines
from disparity.site.charts.specification import sketch
from disparity.site.findings.areas import are_by_coordinates, can_show_areas
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.site.findings.residents import name_residents
from disparity.site.page import Chart, Edition, Part
from disparity.site.published_figures import Row, Sentence, count, percentage, rate, ratio, say
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS
from disparity.vocabulary.statuses import PARTIAL
from disparity.vocabulary.text import start_sentence


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on a force's areas; where there is none, it says why."""
    latest = edition.evidence[force][0]
    every = list(dict.fromkeys(area for area, _ in latest.rows("areas")))
    # Where residents are known, an area without any is another force's: a search beyond the border, or a slip.
    lived_in = [area for area in every if latest.rows("areas")[area, ALL].values["denominator"] is not None]
    areas, has_residents = lived_in or every, bool(lived_in)
    is_placed = can_show_areas(latest)
    has_rates = any(row.values["value"] is not None for row in latest.rows("areas").values())
    titles: dict[str | int, str] = {area: area for area in areas}
    rates = tabulate_rates(latest, "areas", titles)
    return Part(
        "parts/areas.html",
        {
            "has_areas": bool(every),
            "is_placed": is_placed and (has_rates or not has_residents),
            "has_residents": has_residents,
            "by_coordinates": are_by_coordinates(latest),
            "no_place": say_no_place(latest),
            "highest": edition.findings_of(force, "area_rates"),
            "findings": edition.findings_of(force, "area_ratios"),
            "unplaced": edition.findings_of(force, "unplaced"),
            "map": _draw_map(edition, latest, rates) if has_rates else None,
            "rates": rates if is_placed else None,
            "ratios": tabulate_ratios(latest, "areas", titles) if has_rates else None,
            "others": _tabulate_others(latest, [area for area in every if area not in areas]) if is_placed else None,
            "has_finds": bool(latest.categories("find_rate", "area")),
        },
    )


def say_no_place(evidence: Evidence) -> Sentence:
    """How many records give no coordinates, where any does not."""
    row = evidence.row("quality", "coordinates_not_recorded")
    return (
        say("The place is missing from {} of records.", percentage(row, "share")) if row and row.values["rows"] else ()
    )


def _draw_map(edition: Edition, evidence: Evidence, table: Table) -> Chart | None:
    """The areas whose residents are known: by the project's outlines, or those of local authorities."""
    rows = {area: row for (area, group), row in evidence.rows("areas").items() if group == ALL}
    rows = {area: row for area, row in rows.items() if row.values["denominator"] is not None}
    given = edition.settings.areas
    areas = read_areas(given) if given else outline_authorities(rows.keys())
    chart = chart_outlines(rows, draw_outlines(areas, rows.keys()))
    if chart is None:
        return None
    shown = [row for row in rows.values() if row.values["value"] is not None]
    low, *_, high = sorted(shown, key=lambda row: (row.values["value"], row.number))
    named = say(
        "Searches per thousand residents: {} in {}, {} in {}",
        *(part for row in (low, high) for part in (rate(row, "value"), row.values["area"])),
    )
    is_known = all(row.values["status"] != PARTIAL for row in shown)
    return Chart(
        headline=named if is_known else ("Estimates of searches per thousand residents",),
        subtitle=f"Searches per 1,000 residents a year by area, all ethnic groups, {evidence.name}, "
        f"{evidence.period_name}. The stronger the colour, the more; outlines are simplified",
        sketch=sketch(chart, name="areas"),
        table=table,
        residents=name_residents(evidence),
    )


def tabulate_rates(evidence: Evidence, table: str, places: Mapping[str | int, str], what: str = "area") -> Table:
    """Search rates of a table of places, by self-defined ethnicity; `places` has the title of each."""
    rows = evidence.rows(table)
    return tabulate(
        f"{what.split(maxsplit=1)[0]}-rates",
        f"Searches for every 1,000 residents a year, by {what} and self-defined ethnicity, {evidence.period_name}",
        (start_sentence(what), "Searches", "All residents", *ETHNIC_GROUPS),
        (
            (
                title,
                figure_cell(rows.get((place, ALL)), "numerator", count),
                *(rate_cell(rows.get((place, group)), rate) for group in KNOWN_GROUPS),
            )
            for place, title in places.items()
        ),
    )


def tabulate_ratios(evidence: Evidence, table: str, places: Mapping[str | int, str], what: str = "area") -> Table:
    """Each group's ratio to White residents of the same place."""

    def fill(place: str | int, group: str) -> Cell:
        """The worse status of both rates marks their ratio; where its limits leave out 1, the verdict may not."""
        row = evidence.rows(table).get((place, group))
        marked = Row(row.table, row.number, row.values | {"status": row.values["ratio_status"]}) if row else None
        cell = interval_cell(marked, "ratio", ratio)
        if row is None or row.values["verdict"] != UNCLEAR or _holds_equality(row):
            return cell
        return replace(cell, detail=(*cell.detail, ", no clear difference"))

    return tabulate(
        f"{what.split(maxsplit=1)[0]}-ratios",
        f"Ratio of search rates to White residents of the same {what}, {evidence.period_name}",
        (start_sentence(what), *COMPARED_GROUPS),
        cross(dict(places), COMPARED_GROUPS, fill),
    )


def _holds_equality(row: Row) -> bool:
    lower, upper = row.values["ratio_lower"], row.values["ratio_upper"]
    return bool((lower is None or lower <= 1) and (upper is None or upper >= 1))


def _tabulate_others(evidence: Evidence, areas: list[str]) -> Table:
    return tabulate(
        "area-others",
        f"Searches in areas of which no residents are given, {evidence.period_name}",
        ("Area", "Searches"),
        ((area, figure_cell(evidence.row("areas", area, ALL), "numerator", count)) for area in areas),
    )
