"""Months: how searches, search rates and find rates ran, with gaps where no file was submitted."""

from datetime import date

from disparity.charts import chart_months, draw, print_rate, read_month
from disparity.figures import Row, count, index_rows
from disparity.pages.page import (
    MARKS,
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
from disparity.publication import month_range, name_month, name_months
from disparity.vocabulary import ALL

# Lines that a reader can tell apart; the other groups are in the download.
LINES = ("Asian", "Black", "White")
Months = dict[tuple[object, ...], Row]


def build_page(edition: Edition, force: str) -> Page:
    """Build the months page of a force."""
    rows = edition.rows_of("monthly", force)
    months = index_rows(rows, "measure", "ethnic_group", "month")
    name = edition.name_of(force)
    bases = _list_bases(edition, force)
    charts = [
        _draw(rows, "searches", f"Searches of people a month, {name}", "Searches by month", {}),
        _draw(
            rows,
            "search_rate",
            f"Searches per 1,000 residents, at the pace of a year, by self-defined ethnicity, {name}",
            "Search rates by month",
            bases,
        ),
        _draw(
            rows,
            "find_rate",
            f"Find rate by month, all searches, {name}. Months whose find rate is only an estimate are left out",
            "Find rate by month",
            {},
        ),
    ]
    submissions = edition.rows_of("submissions", force)
    missing = [row.values["month"] for row in submissions if row.values["status"] == "missing"]
    return Page(
        path=f"{edition.folder(force)}months.html",
        template="months.html",
        title="Month by month",
        force=force,
        context={
            "period": period_name((edition.publication.first_month, edition.publication.last_month)),
            "charts": [chart for chart in charts if chart],
            "table": _tabulate(months),
            "has_break": len(set(bases.values())) > 1,
            "missing": name_months(missing),
        },
    )


def _list_bases(edition: Edition, force: str) -> dict[date, str]:
    """Which population each month is divided by."""
    rows = [row.values for row in edition.rows_of("population", force) if row.values["ethnic_group"] == ALL]
    return {
        month: row["population_base"] for row in rows for month in month_range(row["period_from"], row["period_to"])
    }


def _draw(rows: list[Row], measure: str, subtitle: str, headline: str, stretches: dict[date, str]) -> Chart | None:
    source, groups = (
        ("search_rate", (ALL,)) if measure == "searches" else (measure, LINES if measure == "search_rate" else (ALL,))
    )
    drawn = [row for row in rows if row.values["measure"] == source and row.values["ethnic_group"] in groups]
    if not any(read_month(row, measure) is not None for row in drawn):
        return None
    titles = {
        "searches": "Searches",
        "search_rate": "Searches per 1,000 residents a year",
        "find_rate": "Find rate",
    }
    name = f"months-{measure.replace('_', '-')}"
    return Chart(
        name=name,
        headline=(headline,),
        subtitle=subtitle,
        drawing=draw(chart_months(drawn, measure=measure, title=titles[measure], stretches=stretches), name=name),
        table=_tabulate_chart(index_rows(rows, "measure", "ethnic_group", "month"), measure, groups, titles[measure]),
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
    if not row or not text:
        return Cell((NOT_AVAILABLE,), mark=NOT_AVAILABLE)
    return Cell((text,), mark=MARKS.get(row.values["status"], ""))


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
