"""Control charts: whether a month stands out of what the force's months differ by anyway."""

from dataclasses import replace
from datetime import date

from disparity.analysis.measures.entries import ARREST_RATE, FIND_RATE, SEARCH_RATE
from disparity.site.cells import Cell, Table, cross, figure_cell, tabulate
from disparity.site.charts.control_charts import SIGNAL_NAMES, chart_control
from disparity.site.charts.months import name_hollow
from disparity.site.charts.specification import sketch
from disparity.site.findings.actions import name_disparity
from disparity.site.page import Chart, Edition
from disparity.site.parts.months import name_gaps
from disparity.site.published_figures import Row, index_rows, style_of
from disparity.vocabulary.calendar import name_day, name_month, name_months
from disparity.vocabulary.codes import ALL, PEOPLE

# Series that are followed between limits: measure, group → title.
FOLLOWED = {
    (SEARCH_RATE.name, ALL): "Searches per 1,000 residents a year",
    (SEARCH_RATE.name, "Black"): "Searches per 1,000 Black residents a year",
    (FIND_RATE.name, ALL): FIND_RATE.title,
    (ARREST_RATE.name, ALL): ARREST_RATE.title,
}
# What a headline calls them, of which it has ten words.
NAMES = {(SEARCH_RATE.name, ALL): "Search rate", (SEARCH_RATE.name, "Black"): "Black people’s search rate"}
MOST_WORDS = 10


def draw_controls(edition: Edition, force: str, residents: str) -> list[Chart]:
    """Draw the series that have limits; a headline says which months are outside them, or that none is."""
    charts = []
    for (measure, group), title in FOLLOWED.items():
        rows = [
            row
            for row in edition.rows_of("control", force)
            if row.values["measure"] == measure and row.values["ethnic_group"] == group
        ]
        if not any(row.values["centre"] is not None for row in rows):
            continue
        name = f"control-{measure.replace('_', '-')}-{group.lower()}"
        of = "all searches" if group == ALL else f"searches of {PEOPLE[group]}"
        what = ", each month as a yearly rate" if measure == SEARCH_RATE.name else f" by month, {of}"
        charts.append(
            Chart(
                headline=(_name_signals(rows, NAMES.get((measure, group), title)),),
                subtitle=f"{title}{what}, {edition.name_of(force)}{name_gaps(rows, measure)}{name_hollow(rows)}",
                sketch=sketch(chart_control(rows, title=title), name=name),
                table=_tabulate(rows, title, name),
                residents=residents if measure == SEARCH_RATE.name else "",
            )
        )
    return charts


def has_controls(edition: Edition, force: str) -> bool:
    """Whether any series of the force has limits."""
    return any(row.values["centre"] is not None for row in _list_rows(edition, force))


def has_signals(edition: Edition, force: str) -> bool:
    """Whether a month of the force signals a change."""
    return any(row.values["signals"] for row in edition.rows_of("control", force))


def _name_signals(rows: list[Row], name: str) -> str:
    """Say which months signal a change; of many, that some do. Those in doubt signal nothing."""
    months = [row.values["month"] for row in rows if row.values["signals"]]
    doubted = [row.values["month"] for row in rows if row.is_in_doubt]
    if months:
        said = f"{name}: {name_months(months)} {'signals' if len(months) == 1 else 'signal'} a change"
        return said if len(said.split()) <= MOST_WORDS else f"{name}: some months signal a change"
    if doubted:
        said = f"{name}: no signal, {name_months(doubted)} in doubt"
        return said if len(said.split()) <= MOST_WORDS else f"{name}: no signal, some months in doubt"
    return f"{name}: no month signals a change"


def _tabulate(rows: list[Row], title: str, name: str) -> Table:
    """The months; average and limits of each are in control.csv, row by row."""
    style = style_of(rows[0].values["measure"])
    return tabulate(
        f"table-{name}",
        f"{title} by month, and what signals a change",
        ("Month", title, "Signal"),
        (
            (
                name_month(row.values["month"]),
                figure_cell(row, "value", style),
                _say_signals(row) or "–",
            )
            for row in rows
        ),
    )


def tabulate_controls(edition: Edition, force: str) -> Table:
    """Every series that has limits in one table of months, with what signals a change below its value."""
    series = {
        (row.values["measure"], row.values["ethnic_group"])
        for row in _list_rows(edition, force)
        if row.values["centre"] is not None
    }
    shown = {key: title for key, title in FOLLOWED.items() if key in series}
    found = index_rows(_list_rows(edition, force), "measure", "ethnic_group", "month")
    months = {month: name_month(month) for month in sorted({key[2] for key in found if key[:2] in shown})}

    def fill(month: date, key: tuple[str, str]) -> Cell:
        row = found.get((*key, month))
        cell = figure_cell(row, "value", style_of(key[0]))
        return replace(cell, detail=(_say_signals(row),) if row and row.values["signals"] else ())

    return tabulate(
        "signals",
        "The months of these charts, and what signals a change",
        ("Month", *shown.values()),
        cross(months, shown, fill),
    )


def _list_rows(edition: Edition, force: str) -> list[Row]:
    return [
        row
        for row in edition.rows_of("control", force)
        if (row.values["measure"], row.values["ethnic_group"]) in FOLLOWED
    ]


def _say_signals(row: Row) -> str:
    return ", ".join(SIGNAL_NAMES[code] for code in (row.values["signals"] or "").split(",") if code)


def list_declared(edition: Edition, force: str) -> list[tuple[str, str]]:
    """What the project declares, in order: when a recording changed, and when an action of the force started."""
    events = {
        (row.values["baseline"], name_month(row.values["baseline"]), str(row.values["baseline_reason"]))
        for row in edition.rows_of("control", force)
        if row.values["baseline_reason"]
    }
    for row in edition.rows_of("actions", force) if edition.settings.own else []:
        start, values = row.values["start"], row.values
        if start and values["status"] != "planned":
            day = date.fromisoformat(start)
            events.add((day, name_day(day), f"an action started on this difference: {name_disparity(values)}"))
    return [(when, what) for _, when, what in sorted(events)]
