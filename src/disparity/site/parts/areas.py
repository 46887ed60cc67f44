"""Areas: search rates by where searches took place, and each group in the same area."""

from disparity.records.area_outlines import draw_outlines, read_areas
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
from disparity.site.findings.areas import can_show_areas
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.site.findings.residents import name_residents
from disparity.site.page import Chart, Edition, Part
from disparity.site.published_figures import Row, Sentence, count, percentage, rate, ratio, say
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, NOT_RECORDED


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on a force's areas; where there is none, it says why."""
    latest = edition.evidence[force][0]
    every = list(dict.fromkeys(area for area, _ in latest.rows("areas")))
    # Where residents are known, an area without any is another force's: a search beyond the border, or a slip.
    lived_in = [area for area in every if latest.rows("areas")[area, ALL].values["denominator"] is not None]
    areas, has_residents = lived_in or every, bool(lived_in)
    is_placed = can_show_areas(latest)
    has_rates = any(row.values["value"] is not None for row in latest.rows("areas").values())
    rates = _tabulate_rates(latest, areas)
    return Part(
        "parts/areas.html",
        {
            "has_areas": bool(every),
            "is_placed": is_placed and (has_rates or not has_residents),
            "has_residents": has_residents,
            "by_coordinates": edition.settings.areas is not None,
            "no_place": say_no_place(latest),
            "highest": edition.findings_of(force, "area_rates"),
            "findings": edition.findings_of(force, "area_ratios"),
            "unplaced": edition.findings_of(force, "unplaced"),
            "map": _draw_map(edition, latest, rates) if has_rates else None,
            "rates": rates if is_placed else None,
            "ratios": _tabulate_ratios(latest, areas) if has_rates else None,
            "others": _tabulate_others(latest, [area for area in every if area not in areas]) if is_placed else None,
            "finds": _tabulate_finds(latest, areas),
        },
    )


def say_no_place(evidence: Evidence) -> Sentence:
    """How many records give no coordinates, where any does not."""
    row = evidence.row("quality", "coordinates_not_recorded")
    return (
        say("The place is missing from {} of records.", percentage(row, "share")) if row and row.values["rows"] else ()
    )


def _draw_map(edition: Edition, evidence: Evidence, table: Table) -> Chart | None:
    """The areas whose residents are known, where the project gives their outlines."""
    rows = {area: row for (area, group), row in evidence.rows("areas").items() if group == ALL}
    rows = {area: row for area, row in rows.items() if row.values["denominator"] is not None}
    if edition.settings.areas is None:
        return None
    chart = chart_outlines(rows, draw_outlines(read_areas(edition.settings.areas), rows.keys()))
    if chart is None:
        return None
    shown = [row for row in rows.values() if row.values["value"] is not None]
    low, *_, high = sorted(shown, key=lambda row: (row.values["value"], row.number))
    return Chart(
        headline=say(
            "Searches per thousand residents: {} in {}, {} in {}",
            *(part for row in (low, high) for part in (rate(row, "value"), row.values["area"])),
        ),
        subtitle=f"Searches per 1,000 residents a year by area, all ethnic groups, {evidence.name}, "
        f"{evidence.period_name}. The darker, the more; outlines are simplified",
        sketch=sketch(chart, name="areas"),
        table=table,
        residents=name_residents(evidence),
    )


def _tabulate_rates(evidence: Evidence, areas: list[str]) -> Table:
    return tabulate(
        "area-rates",
        f"Searches for every 1,000 residents a year, by area and self-defined ethnicity, {evidence.period_name}",
        ("Area", "Searches", "All residents", *ETHNIC_GROUPS),
        (
            (
                area,
                figure_cell(evidence.row("areas", area, ALL), "numerator", count),
                *(rate_cell(evidence.row("areas", area, group), rate) for group in KNOWN_GROUPS),
            )
            for area in areas
        ),
    )


def _tabulate_ratios(evidence: Evidence, areas: list[str]) -> Table:
    def fill(area: str, group: str) -> Cell:
        """The worse status of both rates marks their ratio."""
        row = evidence.row("areas", area, group)
        marked = Row(row.table, row.number, row.values | {"status": row.values["ratio_status"]}) if row else None
        return interval_cell(marked, "ratio", ratio)

    return tabulate(
        "area-ratios",
        f"Ratio of search rates to White residents of the same area, {evidence.period_name}",
        ("Area", *COMPARED_GROUPS),
        cross({area: area for area in areas}, COMPARED_GROUPS, fill),
    )


def _tabulate_others(evidence: Evidence, areas: list[str]) -> Table:
    return tabulate(
        "area-others",
        f"Searches in areas of which no residents are given, {evidence.period_name}",
        ("Area", "Searches"),
        ((area, figure_cell(evidence.row("areas", area, ALL), "numerator", count)) for area in areas),
    )


def _tabulate_finds(evidence: Evidence, areas: list[str]) -> Table:
    """Find rates by area, and those of searches in no area."""
    told = evidence.categories("find_rate", "area")
    titles = {area: area for area in areas} | {NOT_RECORDED: "In no area"}

    def fill(area: str, group: str) -> Cell:
        return rate_cell(evidence.part("find_rate", "area", area, group), percentage, with_count="searches")

    return tabulate(
        "area-finds",
        f"Find rate by area and self-defined ethnicity, {evidence.period_name}",
        ("Area", "All searches", *ETHNIC_GROUPS),
        cross({area: title for area, title in titles.items() if area in told}, KNOWN_GROUPS, fill),
    )
