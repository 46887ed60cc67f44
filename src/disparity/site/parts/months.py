"""Months: searches and their results month by month, and which months the records hold.

Where the source gives quarters, a quarter is one row and one point; no month in it is shown.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from disparity.analysis.measures.entries import FIND_RATE, MEASURES, SEARCH_RATE
from disparity.site.cells import Cell, Table, cross, figure_cell, mark_cell, tabulate
from disparity.site.charts.by_group import print_rate
from disparity.site.charts.month_strip import HELD, IN_DOUBT, MISSING, Month, chart_strip
from disparity.site.charts.months import chart_months, name_hollow, read_month
from disparity.site.charts.specification import sketch
from disparity.site.page import Chart, Edition, months_of
from disparity.site.published_figures import Row, count, index_rows
from disparity.vocabulary.calendar import name_month, name_months, name_period
from disparity.vocabulary.codes import ALL
from disparity.vocabulary.statuses import NOT_AVAILABLE, mark_of
from disparity.vocabulary.text import start_sentence

# Lines that a reader can distinguish; the other groups are in the download.
LINES = ("Asian", "Black", "White")
# Beside the number of searches, which says more of a month than its rate.
BY_MONTH = tuple(measure for measure in MEASURES if measure.is_by_month and measure is not SEARCH_RATE)
SEARCHES = "searches"
AXES = {
    SEARCHES: "Searches",
    SEARCH_RATE.name: "Searches per 1,000 residents a year",
    FIND_RATE.name: FIND_RATE.title,
}
GAPS = ". Gaps: too uncertain, or not shown"
EVENTS_DRAWN = ". Dotted lines are the events with the same letters"
Months = dict[tuple[object, ...], Row]
SPANS = {1: "month", 3: "quarter"}


def list_rows(edition: Edition, force: str) -> list[Row]:
    """Rows of months and of quarters, with the first month and the number of months of each."""
    monthly = [
        Row(row.table, row.number, row.values | {"months": 1, "span": name_month(row.values["month"])})
        for row in edition.rows_of("monthly", force)
    ]
    quarterly = [
        Row(row.table, row.number, row.values | {"month": row.period[0], "months": 3, "span": name_period(*row.period)})
        for row in edition.rows_of("quarterly", force)
    ]
    return [*monthly, *quarterly]


def _is_gap(row: Row) -> bool:
    return row.values["numerator"] is None and row.values["denominator"] is None


def list_spans(rows: list[Row]) -> dict[date, str]:
    """First month → month or quarter; a month without a file is a gap in what goes before it."""
    known = {row.values["month"]: SPANS[row.values["months"]] for row in rows if not _is_gap(row)}
    spans: dict[date, str] = {}
    before = known[min(known)] if known else "month"
    for month in sorted({row.values["month"] for row in rows}):
        before = spans[month] = known.get(month, before)
    return spans


def name_spans(rows: list[Row]) -> str:
    """What a row is of: "month", "quarter", or "month and quarter"."""
    return " and ".join(sorted(set(list_spans(rows).values()))) or "month"


def draw_months(
    rows: list[Row], spans: dict[date, str], name: str, residents: str, events: Mapping[date, str]
) -> dict[str, Chart]:
    """Draw searches, search rates and find rates by month; a chart without anything to draw is not there.

    Args:
        events: month → the letters of the events that begin in it.
    """
    if not rows:
        return {}
    both = sorted(set(spans.values()))
    span = " and ".join(both)
    # A month's count and a quarter's do not go on one scale; their rates do.
    counts = [row for row in rows if spans[row.values["month"]] == both[0]]
    where = f"{name}, {name_period(min(spans), max(spans))}"
    by_group = f"Searches per 1,000 residents, each {span} as a yearly rate, by self-defined ethnicity, {where}"
    found = f"Share of searches in which the item was found, by {span}, {where}"
    rates = _draw(rows, SEARCH_RATE.name, by_group, f"Search rates of three ethnic groups by {span}", (spans, events))
    charts = {
        SEARCHES: _draw(
            counts, SEARCHES, f"Searches of people a {both[0]}, {where}", f"Searches by {both[0]}", ({}, events)
        ),
        SEARCH_RATE.name: rates and replace(rates, residents=residents),
        FIND_RATE.name: _draw(rows, FIND_RATE.name, found, f"Find rate by {span}", (spans, events)),
    }
    return {measure: chart for measure, chart in charts.items() if chart}


def _draw(
    rows: list[Row], measure: str, subtitle: str, headline: str, along: tuple[dict[date, str], Mapping[date, str]]
) -> Chart | None:
    """Draw a measure; `along` the months lie stretches and events."""
    stretches, events = along
    source = SEARCH_RATE.name if measure == SEARCHES else measure
    groups = LINES if measure == SEARCH_RATE.name else (ALL,)
    drawn = [row for row in rows if row.values["measure"] == source and row.values["ethnic_group"] in groups]
    if not any(read_month(row, measure) is not None for row in drawn):
        return None
    months, title = index_rows(rows, "measure", "ethnic_group", "month"), AXES[measure]
    span = " and ".join(sorted({SPANS[row.values["months"]] for row in months.values() if not _is_gap(row)}))
    name = measure.replace("_", "-")

    def fill(month: date, group: str) -> Cell:
        return _cell(months.get((source, group, month)), measure)

    return Chart(
        headline=(headline,),
        subtitle=subtitle + name_gaps(drawn, measure) + name_hollow(drawn) + (EVENTS_DRAWN if events else ""),
        sketch=sketch(
            chart_months(drawn, measure=measure, title=title, stretches=stretches, rules=events), name=f"months-{name}"
        ),
        table=tabulate(
            f"table-{name}",
            f"{title} by {span}",
            (span.capitalize(), *(groups if len(groups) > 1 else [title])),
            cross(_name_rows(months), groups, fill),
        ),
    )


def name_gaps(rows: list[Row], measure: str) -> str:
    """Say what a gap is, where a month that has a file has one: too few searches, or too little recorded of them."""
    return GAPS if any(read_month(row, measure) is None and not _is_gap(row) for row in rows) else ""


def _cell(row: Row | None, measure: str) -> Cell:
    if measure == SEARCHES:
        return figure_cell(row, "numerator", count)
    text = print_rate(row) if row else ""
    if not row or not text:
        return mark_cell(NOT_AVAILABLE)
    return Cell((text,), mark=mark_of(row.values["status"]), is_in_doubt=row.is_in_doubt)


def _name_rows(months: Months) -> dict[date, str]:
    """First month → name of the month or quarter, in order."""
    return dict(sorted({row.values["month"]: row.values["span"] for row in months.values()}.items()))


def tabulate_months(rows: list[Row], span: str) -> Table:
    """Searches and every measure by month, in one table for the charts of them and for what no chart draws."""
    months = index_rows(rows, "measure", "ethnic_group", "month")
    measures = {SEARCHES: AXES[SEARCHES]} | {measure.name: measure.title for measure in BY_MONTH}

    def fill(month: date, measure: str) -> Cell:
        return _cell(months.get((SEARCH_RATE.name if measure == SEARCHES else measure, ALL, month)), measure)

    return tabulate(
        "months",
        f"Searches and what came of them, by {span}",
        (span.capitalize(), *measures.values()),
        cross(_name_rows(months) if measures else {}, measures, fill),
    )


def draw_coverage(edition: Edition, force: str) -> Chart:
    """A square for each month: held, missing or in doubt."""
    by_month = {month: row for row in edition.rows_of("submissions", force) for month in months_of(row)}
    states = {month: _read_state(by_month.get(month)) for month in edition.settings.months()}
    period = name_period(min(states), max(states))
    return Chart(
        headline=(say_coverage(states),),
        subtitle=f"Months of records, {edition.name_of(force)}, {period}. A cross is a missing month; a question mark "
        "is a month in doubt",
        sketch=sketch(chart_strip([Month(month, state) for month, state in states.items()]), name="months-held"),
        table=tabulate(
            "months-held",
            f"Months of records, {period}",
            ("Month", "Rows read", "Records"),
            (
                (
                    name_months(months_of(row)),
                    figure_cell(row, "rows_read", count),
                    start_sentence(_read_state(row)),
                )
                for row in edition.rows_of("submissions", force)
            ),
        ),
    )


def _read_state(row: Row | None) -> str:
    if row is None or row.values["status"] == MISSING:
        return MISSING
    return IN_DOUBT if row.values["doubts"] else HELD


def say_coverage(states: dict[date, str]) -> str:
    """Say which months are missing or in doubt, in ten words or fewer where there are few."""
    missing, doubted = ([month for month in states if states[month] == state] for state in (MISSING, IN_DOUBT))
    if not missing and not doubted:
        return "Every month is there, and no single one in doubt"
    told = [f"{name_months(months)} {what}" for months, what in ((missing, "missing"), (doubted, "in doubt")) if months]
    return "; ".join(told)
