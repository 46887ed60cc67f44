"""Recorded grounds: what a review of a sample of records gave, and how far it can be trusted."""

from typing import Any

from disparity.site.cells import Cell, Table, figure_cell, mark_cell, tabulate
from disparity.site.page import Edition, Part
from disparity.site.published_figures import Row, Sentence, count, percentage
from disparity.vocabulary.calendar import name_period
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
Rows = dict[tuple[Any, ...], Row]


def has_content(edition: Edition, force: str) -> bool:
    """Whether a review of the force's records is published."""
    return (REASONABLE, ALL, ALL, ALL) in edition.evidence[force][0].rows("grounds")


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on the review of recorded grounds of a force."""
    rows = edition.evidence[force][0].rows("grounds")
    whole = rows[REASONABLE, ALL, ALL, ALL]
    return Part(
        "parts/grounds_review.html",
        {
            "period": name_period(*whole.period),
            "findings": edition.findings_of(force, "grounds_share", "grounds_range", "grounds_agreement"),
            "is_weighted": any(row.values["is_weighted"] for row in rows.values()),
            "reviewed": _state_reviewed(rows.get(("reviewed_share", ALL, ALL, ALL))),
            "answers": _tabulate(rows, ANSWERS_TABLE, {(name, ALL, ALL, ALL): ANSWERS[name] for name in ANSWERS}),
            "by_group": _tabulate(
                rows, GROUPS_TABLE, {(REASONABLE, group, ALL, ALL): group for group in EVERY_GROUP if group != ALL}
            ),
            "by_type": _tabulate(
                rows, TYPES_TABLE, {(REASONABLE, ALL, kind, ALL): title for kind, title in SEARCH_TYPES.items()}
            ),
            "reasons": _tabulate_reasons(rows),
        },
    )


def _state_reviewed(row: Row | None) -> Sentence:
    """How many records of how many searches were read."""
    return (count(row, "numerator"), " of ", count(row, "denominator")) if row else ()


def _tabulate(rows: Rows, named: tuple[str, str, str], titles: dict[tuple[str, ...], str]) -> Table | None:
    """Records and shares of the rows that there are; no table of one row or none."""
    name, caption, head = named
    shown: list[tuple[Cell | str, ...]] = [(title, *_fill(rows[key])) for key, title in titles.items() if key in rows]
    heads = (head, "Records reviewed", "Of which so answered", SHARE)
    return tabulate(name, caption, heads, shown) if len(shown) > 1 else None


def _fill(row: Row) -> tuple[Cell, ...]:
    values = row.values
    limits = (percentage(row, "lower"), " to ", percentage(row, "upper")) if values["lower"] is not None else ()
    mark = mark_of(values["status"])
    is_shown = values["value"] is not None
    share = Cell((percentage(row, "value"),), limits, mark) if is_shown else mark_cell(CONFIDENTIAL)
    return figure_cell(row, "denominator", count), figure_cell(row, "numerator", count), share


def _tabulate_reasons(rows: Rows) -> Table:
    named = [(rows.get(("weak_reason_share", ALL, ALL, code)), title) for code, title in REASONS.items()]
    return tabulate(
        "reasons",
        "Why grounds were weak, of records not called reasonable",
        ("Reason", "Records with it", "Share of such searches"),
        ((start_sentence(title), *_fill(row)[1:]) for row, title in named if row and row.values["numerator"]),
    )
