"""Recorded grounds: what a review of a sample of records gave, and how far it can be trusted."""

from disparity.site.findings.evidence import Evidence
from disparity.site.pages.page import Cell, Edition, Page, Table, figure_cell, mark_cell, period_name, text_cell
from disparity.site.published_figures import Row, Sentence, count, percentage
from disparity.vocabulary.codes import ALL, EVERY_GROUP, SEARCH_TYPES, WEAK_REASONS
from disparity.vocabulary.statuses import CONFIDENTIAL, mark_of
from disparity.vocabulary.text import start_sentence

ANSWERS = {
    "reasonable_share": "Reasonable, said more than half of the reviewers",
    "reasonable_by_any_share": "Reasonable, said at least one reviewer",
    "reasonable_by_all_share": "Reasonable, said every reviewer",
    "unsettled_share": "Neither: reviewers could not tell, or were split",
}
REASONS = WEAK_REASONS | {"not_given": "no reason given by a reviewer"}
SHARE = "Share of all searches"
# Name, caption and first head of each table.
WITH_GROUNDS = "Searches with reasonable grounds recorded, by"
ANSWERS_TABLE = ("answers", "Answers of the reviewers", "Answer")
GROUPS_TABLE = ("by-group", f"{WITH_GROUNDS} self-defined ethnicity", "Ethnic group")
TYPES_TABLE = ("by-type", f"{WITH_GROUNDS} what was searched for", "Searched for")
REASONABLE = "reasonable_share"


def build_page(edition: Edition, force: str) -> Page:
    """Build the page of the review of recorded grounds of a force."""
    latest = edition.evidence[force][0]
    rows = latest.rows("grounds")
    whole = rows.get(("reasonable_share", ALL, ALL, ALL))
    return Page(
        template="grounds_review.html",
        title="Recorded grounds",
        context={
            "has_review": whole is not None,
            "period": period_name((whole.values["period_from"], whole.values["period_to"])) if whole else "",
            "findings": edition.findings_of(force, "grounds_share", "grounds_range", "grounds_agreement"),
            "is_weighted": any(row.values["is_weighted"] for row in rows.values()),
            "reviewed": _state_reviewed(rows.get(("reviewed_share", ALL, ALL, ALL))),
            "answers": _tabulate(latest, ANSWERS_TABLE, {(name, ALL, ALL, ALL): ANSWERS[name] for name in ANSWERS}),
            "by_group": _tabulate(
                latest, GROUPS_TABLE, {(REASONABLE, group, ALL, ALL): group for group in EVERY_GROUP if group != ALL}
            ),
            "by_type": _tabulate(
                latest, TYPES_TABLE, {(REASONABLE, ALL, kind, ALL): title for kind, title in SEARCH_TYPES.items()}
            ),
            "reasons": _tabulate_reasons(latest),
        },
    )


def _state_reviewed(row: Row | None) -> Sentence:
    """How many records of how many searches were read."""
    return (count(row, "numerator"), " of ", count(row, "denominator")) if row else ()


def _tabulate(
    evidence: Evidence, named: tuple[str, str, str], titles: dict[tuple[str, str, str, str], str]
) -> Table | None:
    """Records and shares of the rows that there are; no table of one row or none."""
    name, caption, head = named
    keys = [key for key in titles if key in evidence.rows("grounds")]
    rows = tuple((text_cell(titles[key]), *_fill(evidence.rows("grounds")[key])) for key in keys)
    return (
        Table(caption, (head, "Records reviewed", "Of which so answered", SHARE), rows, name) if len(rows) > 1 else None
    )


def _fill(row: Row) -> tuple[Cell, ...]:
    values = row.values
    limits = (percentage(row, "lower"), " to ", percentage(row, "upper")) if values["lower"] is not None else ()
    mark = mark_of(values["status"])
    is_shown = values["value"] is not None
    share = Cell((percentage(row, "value"),), limits, mark) if is_shown else mark_cell(CONFIDENTIAL)
    return figure_cell(row, "denominator", count), figure_cell(row, "numerator", count), share


def _tabulate_reasons(evidence: Evidence) -> Table | None:
    named = [(evidence.row("grounds", "weak_reason_share", ALL, ALL, code), title) for code, title in REASONS.items()]
    rows = [(row, title) for row, title in named if row is not None and row.values["numerator"]]
    return (
        Table(
            "Why grounds were weak, of records not called reasonable",
            ("Reason", "Records with it", "Share of such searches"),
            tuple((text_cell(start_sentence(title)), *_fill(row)[1:]) for row, title in rows),
            "reasons",
        )
        if rows
        else None
    )
