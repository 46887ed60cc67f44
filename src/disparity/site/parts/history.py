"""The years before the records: official rates from 2006/07, and the records' own beside them, never as one line."""

from collections.abc import Sequence
from datetime import date

from disparity.analysis.history import BREAKS, RECORDS
from disparity.analysis.measures.entries import SEARCH_RATE
from disparity.site.cells import Cell, Table, figure_cell, tabulate
from disparity.site.charts.months import chart_months, name_hollow
from disparity.site.charts.specification import sketch
from disparity.site.findings.history import has_official, say_ends, say_overlap
from disparity.site.page import Chart, Edition, Part
from disparity.site.published_figures import Row, count, index_rows, rate
from disparity.tables.schema.derived import RESIDENT_YEARS
from disparity.vocabulary.calendar import month_range, name_period
from disparity.vocabulary.codes import ALL

LINES = ("Black", "White")
SERIES = {
    "official_2001": "official",
    "official_2011": "official, Chinese people in Asian",
    RECORDS: "these records",
}
BREAK = "counted otherwise"


def has_content(edition: Edition, force: str) -> bool:
    """Whether there are official figures of the force, and they are published."""
    return has_official(edition.rows_of("history", force))


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on the years before the records."""
    rows = edition.rows_of("history", force)
    return Part(
        "parts/history.html",
        {
            "ends": say_ends(rows),
            "overlap": say_overlap(rows),
            "chart": _draw(rows, edition.name_of(force)),
            "table": _tabulate(rows),
            "left_out": [name_period(*row.period) for row in _list(rows, ALL) if row.values["searches"] is None],
            "without_arrests": _name_without_arrests(rows),
        },
    )


def _list(rows: Sequence[Row], group: str) -> list[Row]:
    return [row for row in rows if row.values["ethnic_group"] == group]


def _name_without_arrests(rows: Sequence[Row]) -> list[str]:
    """Years among those with arrests that have none."""
    years = {row.period: row.values["arrests"] for row in _list(rows, ALL) if row.values["series"] == "official_2001"}
    last = max((period for period, arrests in years.items() if arrests is not None), default=None)
    # Of every force arrests end a year before these searches do.
    gone = [period for period, arrests in years.items() if arrests is None and period != max(years)]
    return [name_period(*period) for period in sorted(gone)] if last else []


def _draw(rows: Sequence[Row], name: str) -> Chart | None:
    """Lines of both groups by year, broken wherever another series begins."""
    drawn = [_as_month(row) for group in LINES for row in _list(rows, group)]
    if not any(row.values["value"] is not None for row in drawn):
        return None
    periods = sorted({row.period for row in rows})
    where = f"{name}, {name_period(*periods[0])} to {name_period(*periods[-1])}"
    has_records = any(row.values["is_apart"] and row.values["value"] is not None for row in drawn)
    apart = ". Large points are these records, small ones official figures" if has_records else ""
    rules = {_find_middle(row.period): BREAK for row in rows if row.values["break_before"]}
    # Two breaks in one year are one line of the picture; both are named below it.
    layout = chart_months(drawn, measure=SEARCH_RATE.name, title=AXIS, stretches={}, rules=rules)
    return Chart(
        headline=("Search rates by year, and where counting changed",),
        subtitle=f"{AXIS}, by year and ethnicity, {where}{apart}{name_hollow(drawn).replace('month', 'year')}",
        sketch=sketch(layout, name="history"),
        table=_tabulate(rows),
        residents="Residents: those of each year; before 2011, those of Census 2011",
    )


AXIS = "Searches per 1,000 residents a year"


def _as_month(row: Row) -> Row:
    """A year as a row of the chart of months, under its last month."""
    values = row.values | {
        "measure": SEARCH_RATE.name,
        "month": row.period[1],
        "span": f"{name_period(*row.period)}, {SERIES[row.values['series']]}",
        "value": row.values["rate_of_year"],
        "numerator": row.values["searches"],
        "denominator": row.values["residents"],
        "denominator_unit": RESIDENT_YEARS,
        "stretch": row.values["series"],
        "is_apart": row.values["series"] == RECORDS,
    }
    return Row(row.table, row.number, values)


def _find_middle(period: tuple[date, date]) -> date:
    """Between the end of a year and that of the year before."""
    months = month_range(*period)
    return months[(len(months) - 1) // 2]


def _tabulate(rows: Sequence[Row]) -> Table:
    """A row for each year and series, rates out of the residents of the year; the other groups are in history.csv."""
    found = index_rows(rows, "period_to", "series", "ethnic_group")
    years = sorted(
        {(row.period[1], row.values["series"]): row.period for row in rows}.items(),
        key=lambda each: (list(BREAKS).index(each[0][1]), each[0][0]),
    )

    def fill(year: tuple[date, str], group: str) -> Cell:
        return figure_cell(found.get((*year, group)), "rate_of_year", rate)

    return tabulate(
        "history",
        "Searches and arrests by year, official figures and these records",
        (
            *("Year", "Counted in", "Searches", "Per 1,000 Black residents", "Per 1,000 White residents"),
            *("Arrests of Black people", "All arrests"),
        ),
        (
            (
                name_period(*period),
                SERIES[year[1]],
                figure_cell(found.get((*year, ALL)), "searches", count),
                *(fill(year, group) for group in LINES),
                *(figure_cell(found.get((*year, group)), "arrests", count) for group in ("Black", ALL)),
            )
            for year, period in years
        ),
    )
