"""Over time: how searches and their results ran, which months stand out, and what a year changed.

Where the source gives quarters, a quarter is one row and one point; no month in it is shown.
"""

from dataclasses import replace
from datetime import date

from disparity.analysis.measures.entries import ARREST_RATE, FIND_RATE, MEASURES, SEARCH_RATE
from disparity.analysis.reasons.rate_gaps import FIND_RATE_CHANGE
from disparity.site.cells import (
    KNOWN_GROUPS,
    Cell,
    Table,
    cross,
    figure_cell,
    mark_cell,
    tabulate,
    value_cell,
)
from disparity.site.charts.by_group import print_rate
from disparity.site.charts.control_charts import SIGNAL_NAMES, chart_control
from disparity.site.charts.months import chart_months, name_hollow, read_month
from disparity.site.charts.specification import sketch
from disparity.site.findings.evidence import Evidence
from disparity.site.findings.residents import name_residents_of_months
from disparity.site.page import Chart, Edition, Page, months_of
from disparity.site.published_figures import Row, Sentence, count, index_rows, signed_points, style_of
from disparity.vocabulary.calendar import name_month, name_months, name_period
from disparity.vocabulary.codes import ALL, PEOPLE
from disparity.vocabulary.statuses import NOT_AVAILABLE, mark_of

# Lines that a reader can distinguish; the other groups are in the download.
LINES = ("Asian", "Black", "White")
# Series that are followed between limits: measure, group → title.
FOLLOWED = {
    (SEARCH_RATE.name, ALL): "Searches per 1,000 residents a year",
    (SEARCH_RATE.name, "Black"): "Searches per 1,000 Black residents a year",
    (FIND_RATE.name, ALL): FIND_RATE.title,
    (ARREST_RATE.name, ALL): ARREST_RATE.title,
}
# Beside the number of searches, which says more of a month than its rate.
BY_MONTH = tuple(measure for measure in MEASURES if measure.is_by_month and measure is not SEARCH_RATE)
AXES = {
    "searches": "Searches",
    SEARCH_RATE.name: "Searches per 1,000 residents a year",
    FIND_RATE.name: FIND_RATE.title,
}
Months = dict[tuple[object, ...], Row]
SPANS = {1: "month", 3: "quarter"}


def build_page(edition: Edition, force: str) -> Page:
    """Build the page of months and years of a force."""
    submissions = edition.rows_of("submissions", force)
    rows = _list_rows(edition, force)
    months = index_rows(rows, "measure", "ethnic_group", "month")
    spans = _list_spans(rows)
    quarters = [row for row in submissions if row.values["months"] > 1]
    span = " and ".join(dict.fromkeys(sorted(spans.values()))) or "month"
    residents = name_residents_of_months(edition.evidence[force], edition.settings, span.replace(" and ", " or "))
    missing = [row.values["month"] for row in submissions if row.values["status"] == "missing"]
    return Page(
        template="over_time.html",
        title="Over time",
        context={
            "period": name_period(edition.settings.first_month, edition.settings.last_month),
            "controls": _draw_controls(edition, force, residents),
            "restarts": _list_restarts(edition, force),
            "changes": _tabulate_changes(edition.evidence[force][0]),
            "charts": _draw_all(rows, spans, edition.name_of(force), residents),
            "table": _tabulate(months, span),
            "span": span,
            "quarters": name_months([month for row in quarters for month in months_of(row)]),
            "missing": name_months(missing),
        },
    )


def _list_rows(edition: Edition, force: str) -> list[Row]:
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


def _list_spans(rows: list[Row]) -> dict[date, str]:
    """First month → month or quarter; a month without a file is a gap in what goes before it."""
    known = {row.values["month"]: SPANS[row.values["months"]] for row in rows if not _is_gap(row)}
    spans: dict[date, str] = {}
    before = known[min(known)] if known else "month"
    for month in sorted({row.values["month"] for row in rows}):
        before = spans[month] = known.get(month, before)
    return spans


def _draw_all(rows: list[Row], spans: dict[date, str], name: str, residents: str) -> list[Chart]:
    if not rows:
        return []
    both = sorted(set(spans.values()))
    span = " and ".join(both)
    # A month's count and a quarter's do not go on one scale; their rates do.
    counts = [row for row in rows if spans[row.values["month"]] == both[0]]
    where = f"{name}, {name_period(min(spans), max(spans))}"
    by_group = f"Searches per 1,000 residents, each {span} at the pace of a year, by self-defined ethnicity, {where}"
    found = f"Find rate by {span}, all searches, {where}. Where it is only an estimate, it is left out"
    rates = _draw(rows, SEARCH_RATE.name, by_group, f"Search rates by {span}", spans)
    charts = (
        _draw(counts, "searches", f"Searches of people a {both[0]}, {where}", f"Searches by {both[0]}", {}),
        rates and replace(rates, residents=residents),
        _draw(rows, FIND_RATE.name, found, f"Find rate by {span}", spans),
    )
    return [chart for chart in charts if chart]


def _draw(rows: list[Row], measure: str, subtitle: str, headline: str, stretches: dict[date, str]) -> Chart | None:
    source = SEARCH_RATE.name if measure == "searches" else measure
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
        subtitle=subtitle + name_hollow(drawn),
        sketch=sketch(chart_months(drawn, measure=measure, title=title, stretches=stretches), name=f"months-{name}"),
        table=tabulate(
            f"table-{name}",
            f"{title} by {span}",
            (span.capitalize(), *(groups if len(groups) > 1 else [title])),
            cross(_name_rows(months), groups, fill),
        ),
    )


def _cell(row: Row | None, measure: str) -> Cell:
    if measure == "searches":
        return figure_cell(row, "numerator", count)
    text = print_rate(row) if row else ""
    if not row or not text:
        return mark_cell(NOT_AVAILABLE)
    return Cell((text,), mark=mark_of(row.values["status"]), is_in_doubt=row.is_in_doubt)


def _name_rows(months: Months) -> dict[date, str]:
    """First month → name of the month or quarter, in order."""
    return dict(sorted({row.values["month"]: row.values["span"] for row in months.values()}.items()))


def _tabulate(months: Months, span: str) -> Table:
    measures = {"searches": "Searches"} | {measure.name: measure.title for measure in BY_MONTH}

    def fill(month: date, measure: str) -> Cell:
        source = SEARCH_RATE.name if measure == "searches" else measure
        return _cell(months.get((source, ALL, month)), measure)

    return tabulate(
        "months",
        f"All measures by {span}, all searches",
        (span.capitalize(), *measures.values()),
        cross(_name_rows(months), measures, fill),
    )


def _draw_controls(edition: Edition, force: str, residents: str) -> list[Chart]:
    """Draw the series that have limits; a headline says which months stand out, or that none does."""
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
        what = ", each month at the pace of a year" if measure == SEARCH_RATE.name else f" by month, {of}"
        charts.append(
            Chart(
                headline=_name_signals(rows, title),
                subtitle=f"{title}{what}, {edition.name_of(force)}{name_hollow(rows)}",
                sketch=sketch(chart_control(rows, title=title), name=name),
                table=_tabulate_control(rows, title, name),
                residents=residents if measure == SEARCH_RATE.name else "",
            )
        )
    return charts


def _name_signals(rows: list[Row], title: str) -> Sentence:
    months = [row.values["month"] for row in rows if row.values["signals"]]
    doubted = [row.values["month"] for row in rows if row.is_in_doubt]
    doubt = f"; {name_months(doubted)} {'is' if len(doubted) == 1 else 'are'} in doubt" if doubted else ""
    if not months:
        return (f"{title}: no {'other ' if doubted else ''}month stands out{doubt}",)
    return (f"{title}: {name_months(months)} {'stands' if len(months) == 1 else 'stand'} out{doubt}",)


def _tabulate_control(rows: list[Row], title: str, name: str) -> Table:
    style = style_of(rows[0].values["measure"])
    return tabulate(
        f"table-{name}",
        f"{title} by month, between the limits within which it stays while nothing changes",
        ("Month", title, "Average", "Lower limit", "Upper limit", "What stands out"),
        (
            (
                name_month(row.values["month"]),
                *(figure_cell(row, column, style) for column in ("value", "centre", "lower", "upper")),
                ", ".join(SIGNAL_NAMES[code] for code in (row.values["signals"] or "").split(",") if code) or "–",
            )
            for row in rows
        ),
    )


def _list_restarts(edition: Edition, force: str) -> list[str]:
    """Say where a series starts anew, and why."""
    reasons = {
        (row.values["baseline"], row.values["baseline_reason"])
        for row in edition.rows_of("control", force)
        if row.values["baseline_reason"]
    }
    return [f"{name_month(month)}: {reason}" for month, reason in sorted(reasons)]


def _tabulate_changes(evidence: Evidence) -> Table:
    """The change of each group's find rate since the year before, in its parts."""
    columns = {
        "change": "Change of the find rate, percentage points",
        "rate_effect": "of which: more or less found in the same type of search",
        "mix_effect": "of which: searched for other things",
    }

    def find(group: str, part: str) -> Row | None:
        return evidence.row("reasons", FIND_RATE_CHANGE, group, part)

    return tabulate(
        "changes",
        f"Find rates against the year before, {evidence.period_name}",
        ("Ethnic group", *columns.values()),
        cross(
            {group: title for group, title in KNOWN_GROUPS.items() if find(group, "change")},
            columns,
            lambda group, part: value_cell(find(group, part), signed_points),
        ),
    )
