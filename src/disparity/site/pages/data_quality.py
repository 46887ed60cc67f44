"""Data quality: what was sent, what is missing or blank, and what the checks found, for those who read the figures.

What a publisher can do about it is said where the site is built (`disparity build`, `disparity check`).
"""

from dataclasses import replace
from datetime import date
from typing import Any

from disparity.records.expectations import is_sentence
from disparity.site.cells import Cell, Table, cross, figure_cell, mark_cell, tabulate
from disparity.site.page import Edition, Page, months_of
from disparity.site.parts.showable import tabulate_showable
from disparity.site.published_figures import Figure, Row, Sentence, Style, count, percentage, ratio
from disparity.vocabulary.calendar import name_months, name_period, read_month
from disparity.vocabulary.doubts import (
    CAPPED,
    DOUBTS,
    EARLIER_TOTAL,
    FAR_FROM_USUAL,
    OFFICIAL_TOTAL,
    ONE_DATE,
    PART_OF_MONTH,
    REPEATED,
)
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
    "is_force_used": "Whether force was used",
    "is_handcuffed": "Whether handcuffs were used",
    "is_video_on": "Whether body-worn video was on",
    "is_detained": "Whether the arrest led to custody",
    "force_kind": "Kind of force",
    "clothing_extent": "How far clothing was removed",
}

SUBMITTED, IN_DOUBT_STATE, BLANK = "submitted", "in doubt", "_not_recorded"
# How what was observed is printed.
OBSERVED_AS: dict[str, Style] = {
    **dict.fromkeys((ONE_DATE, REPEATED), ratio),
    **dict.fromkeys((FAR_FROM_USUAL, OFFICIAL_TOTAL, EARLIER_TOTAL), ratio),
    CAPPED: count,
}


OTHER_OBJECT = "drug_power_other_object"
OBJECT_IS = 'object of search is "'  # as the audit words that one value fills the column

# What a check looks at, by the start of its column → what it means for the figures.
MEANS = {
    "self_defined_ethnicity": "Those searches are in no comparison between groups.",
    "self_defined_labels": "No rate by self-defined ethnicity is given for the year.",
    "officer_defined": "Figures by officer-defined ethnicity need care, or are not given.",
    "ethnicity_kappa": "Figures by officer-defined ethnicity need care, or are not given.",
    "outcome": "Those searches are in no find, arrest or action rate.",
    "link_false": "Read the find rate as the share of searches with an action.",
    "link_true_without_action": "Those searches are not counted as finds.",
    "link": "The find rate is then an estimate, or only its limits are given.",
    "coordinates": "Those searches are in no figure by place.",
    "gender": "Those searches are in no figure by sex.",
    "age_group": "Those searches are in no figure by age.",
    "legislation": "What those searches were for can be wrong, or is not known.",
    "object_of_search": "What those searches were for is not known.",
    OTHER_OBJECT: "Types here follow the power: they count as searches for drugs, whatever object is recorded.",
    "duplicate_rows": "All of them are counted.",
    "is_known": "Those values count as not recorded.",
    "unknown_label": "Those values count as not recorded.",
    **dict.fromkeys(
        ("searched_at", "after_month", "before_2014", "out_of_month"), "Those searches stay in the month of their file."
    ),
    **dict.fromkeys(("time_without_zone", "is_time_reliable"), "The time of day is not relied on in these months."),
    **dict.fromkeys(
        ("rows_against", "same_count", "gap_chance", "busiest_day", "repeated_rows", "records_against"),
        "A difference between groups is stated only if it holds without these records.",
    ),
}
IS_OFTEN_BLANK, MOST_NAMED = 0.05, 3  # fields that are named, by the share of searches without them


def build_page(edition: Edition, force: str) -> Page:
    """Build the data-quality page of a force."""
    return Page(
        template="data_quality.html",
        title="Data quality",
        context={
            "sources": _list_sources(edition, force),
            "findings": edition.findings_of(
                force, "in_doubt", "in_doubt_why", "unknown_ethnicity", "unplaced", "flag_warning"
            ),
            "months": list_months(edition, force),
            "doubts_table": _tabulate_doubts(edition, force),
            "months_doubted": _are_months_doubted(edition.rows_of("doubts", force)),
            "coverage": _tabulate_coverage(edition, force),
            "failed": _list_failed(edition, force),
            "blank": _list_blank(edition, force),
            "quality": _tabulate_quality(edition, force),
            "official": _tabulate_official(edition, force),
            "submissions": _tabulate_submissions(edition, force),
            "unknown_labels": _tabulate_labels(edition, force),
            "decisions": _tabulate_decisions(edition, force),
            "showable": tabulate_showable(edition.evidence[force][0]),
        },
    )


def list_months(edition: Edition, force: str) -> list[tuple[str, str]]:
    """Every month of the publication in order, with how its records are: here, in doubt, empty or missing."""
    states: dict[date, str] = {}
    for row in edition.rows_of("submissions", force):
        status = row.values["status"]
        state = status if status != SUBMITTED else IN_DOUBT_STATE if row.values.get("doubts") else "here"
        states |= dict.fromkeys(months_of(row), state)
    return [(name_months([month]), state) for month, state in sorted(states.items())]


def _list_blank(edition: Edition, force: str) -> list[Sentence]:
    """The fields that are blank most often in the latest period."""
    rows = [row for (item,), row in edition.evidence[force][0].rows("quality").items() if item.endswith(BLANK)]
    often = [row for row in rows if (row.values["share"] or 0) >= IS_OFTEN_BLANK]
    often.sort(key=lambda row: (-row.values["share"], row.number))
    return [(row.values["label"], ": ", percentage(row, "share")) for row in often[:MOST_NAMED]]


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
    """The expectations that this force fails, or the publication as a whole: why it matters, what it means, where."""
    failed: dict[tuple[str, str], dict[str, Any]] = {}
    months_by_first = _list_spans(edition, force)
    for row in edition.tables["checks"]:
        values = row.values
        if values["is_met"] or values["force"] not in {force, None}:
            continue
        check = failed.setdefault(
            (values["table"], values["why"]),
            {key: values[key] for key in ("severity", "why")}
            | {"means": _say_meaning(values["column"] or ""), "firsts": [], "sentences": {}},
        )
        if not values["month"]:
            continue
        observed = values["observed"] or ""
        if is_sentence(observed, values["limits"] or ""):
            check["sentences"].setdefault(observed, []).append(values["month"])
        else:
            check["firsts"].append(values["month"])
    for check in failed.values():
        if check["means"] == MEANS[OTHER_OBJECT]:
            check["means"] += _name_object(edition, force)
        check["when"] = _name_when(check.pop("firsts"), months_by_first)
        # Each sentence of the audit has its own months.
        check["sentences"] = [
            f"{_name_when(listed, months_by_first)}: {sentence}" for sentence, listed in check["sentences"].items()
        ]
    return list(failed.values())


def _name_object(edition: Edition, force: str) -> str:
    """The object that the audit found in far more searches than is usual, where it did."""
    found = (row.values["observed"] or "" for row in edition.rows_of("checks", force) if not row.values["is_met"])
    named = next((words.removeprefix(OBJECT_IS) for words in found if words.startswith(OBJECT_IS)), "")
    value = named.partition('"')[0]
    return f" The object recorded most is “{value}”." if value else ""


def _say_meaning(column: str) -> str:
    """What a check that is not met means for the figures; nothing where that is all that it says."""
    return next((means for start, means in MEANS.items() if column.startswith(start)), "")


def _name_when(places: list[str], months_by_first: dict[date, list[date]]) -> str:
    """Name months, each by the first that its submission is of, and periods."""
    firsts = [read_month(place) for place in dict.fromkeys(places) if "/" not in place]
    months = [month for first in firsts for month in months_by_first[first]]
    spans = [[read_month(end) for end in place.split("/")] for place in sorted(set(places)) if "/" in place]
    named = [start_sentence(name_period(*span)) for span in spans]
    return ", ".join([*([name_months(months)] if months else []), *named])


def _list_spans(edition: Edition, force: str) -> dict[date, list[date]]:
    """Month of a submission → every month that it is of."""
    return {row.values["month"]: months_of(row) for row in edition.rows_of("submissions", force)}


def _tabulate_quality(edition: Edition, force: str) -> Table:
    rows = edition.rows_of("quality", force)
    periods = sorted({row.period for row in rows}, reverse=True)
    cells = {(row.values["item"], row.period): row for row in rows}

    def fill(item: str, period: tuple[date, date]) -> Cell:
        row = cells.get((item, period))
        if row is None or row.values["share"] is None:
            return mark_cell(NOT_APPLICABLE)
        return Cell((percentage(row, "share"),), (count(row, "rows"), " of ", count(row, "of")))

    return tabulate(
        "quality",
        "How much is not recorded, or recorded in a way that needs care",
        ("What", *(start_sentence(name_period(*period)) for period in periods)),
        cross({row.values["item"]: row.values["label"] for row in rows}, periods, fill),
    )


def _tabulate_official(edition: Edition, force: str) -> Table:
    return tabulate(
        "official",
        "Searches in these records beside the official count",
        ("Period", "Ethnic group", "Official count", "These records", "Difference", "Source"),
        (
            (
                start_sentence(name_period(*row.period)),
                row.values["ethnic_group"],
                Cell((count(row, "official_searches"),)),
                Cell((count(row, "record_searches"),), _name_vehicles(row)),
                Cell((_signed(row, "difference"),)),
                row.values["source"],
            )
            for row in edition.rows_of("official", force)
        ),
    )


def _name_vehicles(row: Row) -> Sentence:
    return ("vehicle only: ", count(row, "vehicle_searches")) if row.values["vehicle_searches"] else ()


def _signed(row: Row, column: str) -> Figure:
    figure = count(row, column)
    sign = "+" if row.values[column] > 0 else ""
    return replace(figure, text=sign + figure.text.replace("-", "\u2212"))


def _are_months_doubted(rows: list[Row]) -> bool:
    """Whether a month is in doubt, and not the year alone; protected counts name no month, but its doubt."""
    return any(row.values["doubt"] in DOUBTS for row in rows)


def _tabulate_doubts(edition: Edition, force: str) -> Table:
    """Every doubt, with what was observed; of protected counts the kinds alone."""
    rows = edition.rows_of("doubts", force)
    is_shown = not edition.protection
    return tabulate(
        "doubts",
        "Months and years in doubt, and why",
        ("Period", "What is in doubt", *(("Observed", "Expected") if is_shown else ())),
        (
            (
                start_sentence(_name_doubted(row)),
                start_sentence(row.values["meaning"]),
                *((Cell(_observed(row)), _expected(row)) if is_shown else ()),
            )
            for row in rows
        ),
    )


def _name_doubted(row: Row) -> str:
    return name_months([row.values["month"]]) if row.values["month"] else name_period(*row.period)


def _observed(row: Row) -> Sentence:
    if row.values["doubt"] == PART_OF_MONTH:  # days, as nobody reads the chance of so long a gap
        return (count(row, "days_covered"), " of ", count(row, "days"), " days")
    return (OBSERVED_AS[row.values["doubt"]](row, "observed") if row.values["observed"] is not None else "–",)


def _expected(row: Row) -> str:
    if row.values["doubt"] == PART_OF_MONTH:
        return "every day"
    ends = (("at least", row.values["at_least"]), ("at most", row.values["at_most"]))
    return " and ".join(f"{word} {limit:g}" for word, limit in ends if limit is not None)


def _tabulate_coverage(edition: Edition, force: str) -> Table:
    """Months and days that the records cover, by period."""
    return tabulate(
        "coverage",
        "Months and days that the records cover",
        ("Period", "Months covered", "of which in doubt", "Days covered", "of the days of those months"),
        (
            (
                start_sentence(name_period(*row.period)),
                *(figure_cell(row, column, count) for column in ("months_covered", "months_in_doubt")),
                *(figure_cell(row, column, count) for column in ("days_covered", "days")),
            )
            for row in edition.rows_of("years", force)
        ),
    )


def _tabulate_submissions(edition: Edition, force: str) -> Table:
    columns = {
        "rows_read": "Rows read",
        "rows_blank": "Blank",
        "rows_excluded": "Excluded: vehicle only",
        "rows_rejected": "Rejected",
        "rows_kept": "Searches counted",
        "days_covered": "Days covered",
    }
    if edition.protection:  # a restricted publication gives none of them
        columns = {}
    return tabulate(
        "submissions",
        "Files submitted, and what became of their rows" if columns else "Files submitted",
        ("Month", "File", *columns.values()),
        (
            (
                name_months(months_of(row)),
                row.values["status"].capitalize(),
                *(replace(figure_cell(row, column, count), is_in_doubt=_is_doubted(row, column)) for column in columns),
            )
            for row in edition.rows_of("submissions", force)
        ),
    )


def _is_doubted(row: Row, column: str) -> bool:
    return column in ("rows_kept", "days_covered") and bool(row.values["doubts"])


def _tabulate_labels(edition: Edition, force: str) -> Table:
    spans = _list_spans(edition, force)
    return tabulate(
        "labels",
        "Values that no label table knows, counted as not recorded",
        ("Month", "Column", "Value", "Rows"),
        (
            (
                name_months(spans[row.values["month"]]),
                COLUMN_NAMES[row.values["column"]],
                row.values["label"],
                Cell((count(row, "rows"),)),
            )
            for row in edition.rows_of("labels", force)
            if not row.values["is_known"]
        ),
    )


def _tabulate_decisions(edition: Edition, force: str) -> Table:
    return tabulate(
        "decisions",
        "What was done with the rows, and why",
        ("Stage", "What was done", "Why", "Rows before", "Rows after"),
        (
            (
                *(start_sentence(row.values[column].replace("_", " ")) for column in ("stage", "action", "reason")),
                *(figure_cell(row, column, count) for column in ("rows_before", "rows_after")),
            )
            for row in edition.rows_of("decisions", force)
        ),
    )
