"""Data quality: what was submitted, missing, blank, unlabelled and excluded, and what the checks found."""

from datetime import date
from typing import Any

from disparity.site.pages.page import (
    Cell,
    Edition,
    Page,
    Table,
    figure_cell,
    mark_cell,
    months_of,
    period_name,
    text_cell,
)
from disparity.site.published_figures import Row, Sentence, count, percentage
from disparity.vocabulary.calendar import name_months, read_month
from disparity.vocabulary.statuses import NOT_APPLICABLE
from disparity.vocabulary.text import start_sentence

COLUMN_NAMES = {
    "subject": "Type",
    "self_defined_ethnicity": "Self-defined ethnicity",
    "officer_defined_ethnicity": "Officer-defined ethnicity",
    "gender": "Gender",
    "age_group": "Age range",
    "legislation": "Legislation",
    "object_of_search": "Object of search",
    "outcome": "Outcome",
    "is_outcome_linked": "Outcome linked to object of search",
    "is_clothing_removed": "Removal of more than just outer clothing",
    "reason_for_search": "Reason for search",
    "is_item_found": "Item searched for found",
    "drug_search_type": "Possession or supply of drugs",
    "item_found": "Item found",
    "search_origin": "What led to the search",
}


def build_page(edition: Edition, force: str) -> Page:
    """Build the data-quality page of a force."""
    return Page(
        template="data_quality.html",
        title="Data quality",
        context={
            "period": period_name((edition.settings.first_month, edition.settings.last_month)),
            "sources": _list_sources(edition, force),
            "findings": edition.findings_of(force, "unknown_ethnicity", "unplaced", "flag_warning"),
            "failed": _list_failed(edition, force),
            "quality": _tabulate_quality(edition, force),
            "official": _tabulate_official(edition, force),
            "submissions": _tabulate_submissions(edition, force),
            "unknown_labels": _tabulate_labels(edition, force),
            "decisions": _tabulate_decisions(edition, force),
        },
    )


def _list_sources(edition: Edition, force: str) -> list[dict[str, str | bool]]:
    """Who gave the figures, and of which months; whether by quarter."""
    months: dict[tuple[str, bool], list[date]] = {}
    for row in edition.rows_of("submissions", force):
        if row.values["source"]:
            months.setdefault((row.values["source"], row.values["months"] > 1), []).extend(months_of(row))
    return [
        {"name": name, "months": name_months(listed), "by_quarter": by_quarter}
        for (name, by_quarter), listed in months.items()
    ]


def _list_failed(edition: Edition, force: str) -> list[dict[str, Any]]:
    """The expectations that this force fails, or the publication as a whole: why it matters, what to do, where."""
    failed: dict[tuple[str, str], dict[str, Any]] = {}
    months_by_first = _list_spans(edition, force)
    for row in edition.tables["checks"]:
        values = row.values
        if values["is_met"] or values["force"] not in {force, None}:
            continue
        check = failed.setdefault(
            (values["table"], values["why"]),
            {key: values[key] for key in ("severity", "why", "what_now")} | {"months": [], "periods": []},
        )
        if values["month"]:
            check["periods" if "/" in values["month"] else "months"].append(values["month"])
    for check in failed.values():
        months = [month for first in check.pop("months") for month in months_by_first[read_month(first)]]
        spans = [[read_month(end) for end in span.split("/")] for span in sorted(check.pop("periods"))]
        named = [start_sentence(period_name((first, last))) for first, last in spans]
        check["when"] = ", ".join([*([name_months(months)] if months else []), *named])
    return list(failed.values())


def _list_spans(edition: Edition, force: str) -> dict[date, list[date]]:
    """Month of a submission → every month that it is of."""
    return {row.values["month"]: months_of(row) for row in edition.rows_of("submissions", force)}


def _tabulate_quality(edition: Edition, force: str) -> Table:
    rows = edition.rows_of("quality", force)
    periods = sorted({(row.values["period_from"], row.values["period_to"]) for row in rows}, reverse=True)
    items = dict.fromkeys((row.values["item"], row.values["label"]) for row in rows)
    cells = {(row.values["item"], row.values["period_from"]): row for row in rows}
    return Table(
        caption="How much is not recorded, or recorded in a way that needs care",
        head=("What", *(start_sentence(period_name(period)) for period in periods)),
        rows=tuple(
            (text_cell(label), *(_share_cell(cells.get((item, start))) for start, _ in periods))
            for item, label in items
        ),
        name="quality",
    )


def _share_cell(row: Row | None) -> Cell:
    if row is None or row.values["share"] is None:
        return mark_cell(NOT_APPLICABLE)
    return Cell((percentage(row, "share"),), (count(row, "rows"), " of ", count(row, "of")))


def _tabulate_official(edition: Edition, force: str) -> Table | None:
    rows = edition.rows_of("official", force)
    if not rows:
        return None
    return Table(
        caption="Searches in these records beside the official count",
        head=("Period", "Ethnic group", "Official count", "These records", "Difference", "Source"),
        rows=tuple(
            (
                text_cell(start_sentence(period_name((row.values["period_from"], row.values["period_to"])))),
                text_cell(row.values["ethnic_group"]),
                Cell((count(row, "official_searches"),)),
                Cell((count(row, "record_searches"),), _name_vehicles(row)),
                Cell((_signed(row, "difference"),)),
                text_cell(row.values["source"]),
            )
            for row in rows
        ),
        name="official",
    )


def _name_vehicles(row: Row) -> Sentence:
    return ("vehicle only: ", count(row, "vehicle_searches")) if row.values["vehicle_searches"] else ()


def _signed(row: Row, column: str) -> Any:
    figure = count(row, column)
    sign = "+" if row.values[column] > 0 else ""
    return type(figure)(
        sign + figure.text.replace("-", "\u2212"), figure.table, figure.row, figure.column, figure.value
    )


def _tabulate_submissions(edition: Edition, force: str) -> Table:
    columns = ("rows_read", "rows_blank", "rows_excluded", "rows_rejected", "rows_kept")
    return Table(
        caption="Files submitted, and what became of their rows",
        head=("Month", "File", "Rows read", "Blank", "Excluded: vehicle only", "Rejected", "Searches counted"),
        rows=tuple(
            (
                text_cell(name_months(months_of(row))),
                text_cell({"submitted": "Submitted", "empty": "Empty", "missing": "Missing"}[row.values["status"]]),
                *(figure_cell(row, column, count) for column in columns),
            )
            for row in edition.rows_of("submissions", force)
        ),
        name="submissions",
    )


def _tabulate_labels(edition: Edition, force: str) -> Table | None:
    rows = [row for row in edition.rows_of("labels", force) if not row.values["is_known"]]
    if not rows:
        return None
    spans = _list_spans(edition, force)
    return Table(
        caption="Values that no label table knows, counted as not recorded",
        head=("Month", "Column", "Value", "Rows"),
        rows=tuple(
            (
                text_cell(name_months(spans[row.values["month"]])),
                text_cell(COLUMN_NAMES[row.values["column"]]),
                text_cell(row.values["label"]),
                Cell((count(row, "rows"),)),
            )
            for row in rows
        ),
        name="labels",
    )


def _tabulate_decisions(edition: Edition, force: str) -> Table:
    return Table(
        caption="What was done with the rows, and why",
        head=("Stage", "What was done", "Why", "Rows before", "Rows after"),
        rows=tuple(
            (
                *(
                    text_cell(start_sentence(row.values[column].replace("_", " ")))
                    for column in ("stage", "action", "reason")
                ),
                figure_cell(row, "rows_before", count),
                figure_cell(row, "rows_after", count),
            )
            for row in edition.rows_of("decisions", force)
        ),
        name="decisions",
    )
