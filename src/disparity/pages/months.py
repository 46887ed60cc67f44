"""Months: how searches, search rates and find rates ran, with gaps where no file was submitted."""

from datetime import date

from disparity.charts import chart_months, draw, print_rate
from disparity.figures import Row, count, index_rows
from disparity.pages.page import (
    NOT_AVAILABLE,
    Cell,
    Chart,
    Edition,
    Page,
    Table,
    figure_cell,
    period_name,
    text_cell,
)
from disparity.publication import name_month, name_months
from disparity.vocabulary import ALL

# Lines that a reader can tell apart; the other groups are in the download.
LINES = ("Asian", "Black", "White")
Months = dict[tuple[object, ...], Row]


def build_page(edition: Edition, force: str) -> Page:
    """Build the months page of a force."""
    rows = edition.rows_of("monthly", force)
    months = index_rows(rows, "measure", "ethnic_group", "month")
    name = edition.name_of(force)
    charts = [
        _draw(rows, "searches", f"Searches of people a month, {name}", ("Searches by month",), months),
        _draw(
            rows,
            "search_rate",
            f"Searches per 1,000 residents, at the pace of a year, by self-defined ethnicity, {name}",
            ("Search rates by month",),
            months,
        ),
        _draw(rows, "find_rate", f"Find rate by month, all searches, {name}", ("Find rate by month",), months),
    ]
    bases = {row.values["population_base"] for row in edition.rows_of("population", force)}
    return Page(
        path=f"{edition.folder(force)}months.html",
        template="months.html",
        title="Month by month",
        force=force,
        context={
            "period": period_name((edition.publication.first_month, edition.publication.last_month)),
            "charts": [chart for chart in charts if chart],
            "table": _tabulate(months),
            "has_break": len(bases) > 1,
            "missing": name_months(
                [
                    row.values["month"]
                    for row in edition.rows_of("submissions", force)
                    if row.values["status"] == "missing"
                ]
            ),
        },
    )


def _draw(rows: list[Row], measure: str, subtitle: str, headline: tuple[str], months: Months) -> Chart | None:
    source, groups = (
        ("search_rate", (ALL,)) if measure == "searches" else (measure, LINES if measure == "search_rate" else (ALL,))
    )
    drawn = [row for row in rows if row.values["measure"] == source and row.values["ethnic_group"] in groups]
    column = "numerator" if measure == "searches" else "value"
    if not any(row.values[column] is not None for row in drawn):
        return None
    titles = {
        "searches": "Searches",
        "search_rate": "Searches per 1,000 residents a year",
        "find_rate": "Find rate",
    }
    name = f"months-{measure.replace('_', '-')}"
    return Chart(
        name=name,
        headline=headline,
        subtitle=subtitle,
        drawing=draw(chart_months(drawn, measure=measure, title=titles[measure]), name=name),
        table=_tabulate_chart(months, measure, groups, titles[measure]),
    )


def _tabulate_chart(months: Months, measure: str, groups: tuple[str, ...], title: str) -> Table:
    source = "search_rate" if measure == "searches" else measure
    return Table(
        caption=f"{title} by month",
        head=("Month", *(group if len(groups) > 1 else title for group in groups)),
        rows=tuple(
            (
                text_cell(name_month(month)),
                *(_cell(months.get((source, group, month)), measure) for group in groups),
            )
            for month in _list_months(months)
        ),
        name=f"table-{measure.replace('_', '-')}",
    )


def _cell(row: Row | None, measure: str) -> Cell:
    if measure == "searches":
        return figure_cell(row, "numerator", count)
    text = print_rate(row) if row else ""
    return Cell((text,)) if text else Cell((NOT_AVAILABLE,), mark=NOT_AVAILABLE)


def _list_months(months: Months) -> list[date]:
    return sorted({month for _, _, month in months if isinstance(month, date)})


def _tabulate(months: Months) -> Table:
    return Table(
        caption="All measures by month, all searches",
        head=("Month", "Searches", "Find rate", "Arrest rate", "Action rate", "Unknown ethnicity"),
        rows=tuple(
            (
                text_cell(name_month(month)),
                _cell(months.get(("search_rate", ALL, month)), "searches"),
                *(
                    _cell(months.get((measure, ALL, month)), measure)
                    for measure in ("find_rate", "arrest_rate", "action_rate", "unknown_ethnicity_share")
                ),
            )
            for month in _list_months(months)
        ),
        name="months",
    )
