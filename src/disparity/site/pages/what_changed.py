"""What changed: every figure that differs from the edition before, by how much, and the reason declared for it."""

from disparity.analysis.measures.entries import BY_NAME
from disparity.site.cells import Cell, Table, tabulate
from disparity.site.findings.changes import group_of, is_rate_shared, list_moved_rates, print_value, state_changes
from disparity.site.findings.record_changes import state_record_changes
from disparity.site.page import Edition, Page
from disparity.site.published_figures import Row, Sentence, count, plain
from disparity.tables.previous_edition import PastEdition
from disparity.tables.revisions import OF_STRUCTURE, ROW_ADDED, ROW_REMOVED, SELF_EXPLAINED
from disparity.tables.schema.tables import TABLES
from disparity.vocabulary.calendar import name_day, name_period
from disparity.vocabulary.codes import ALL
from disparity.vocabulary.text import start_sentence

BOTH = {"figures_compared": "Figures in both", "figures_moved": "Moved"}
OTHERS = {
    "without_reason": "changes without a reason",
    "figures_appeared": "figures that appeared",
    "figures_withdrawn": "figures withdrawn",
    "words_changed": "words changed",
    "rows_added": "rows added",
    "rows_removed": "rows removed",
}
COUNTED = (*BOTH, *OTHERS)
# Of a publication of many forces; the file has all.
MOST_RATES = 60
BY_PLACE = ("estimates", "comparisons")
TITLES = {name: measure.title for name, measure in BY_NAME.items()}
NO_REASON = "No reason declared"


def build_page(edition: Edition) -> Page:
    """Build the page on what changed, one for the whole site."""
    revisions, changes = edition.tables["revisions"], edition.tables["changes"]
    moved = list_moved_rates(changes)
    reasons = list(dict.fromkeys(row.values["reason"] for row in changes if row.values["reason"]))
    context = {
        "lead": state_changes(edition.tables, edition.settings.names),
        "records": state_record_changes(changes, _list_forces_before(edition), edition.name_of),
        "total": revisions[0] if revisions else None,
        "is_unexplained": bool(revisions) and revisions[0].values["without_reason"] > 0,
        "tables": _tabulate_tables(revisions),
        "places": _tabulate_places(edition, revisions),
        "rates": _tabulate_rates(edition, moved[:MOST_RATES]),
        "has_more": len(moved) > MOST_RATES,
        "structure": [_name_structure(row) for row in changes if row.values["change"] in OF_STRUCTURE],
        "reasons": [reason for reason in reasons if reason not in SELF_EXPLAINED],
        "self_explained": [reason for reason in reasons if reason in SELF_EXPLAINED],
        "editions": _tabulate_editions(edition),
    }
    return Page("what_changed.html", "What changed", context)


def _list_forces_before(edition: Edition) -> list[str]:
    """Forces of which the edition before had a month: those of which some month is in both, or is gone."""
    gone = {row.values["force"] for row in edition.tables["changes"] if row.values["change"] == ROW_REMOVED}
    added = {
        (row.values["force"], row.values["period_from"])
        for row in edition.tables["changes"]
        if (row.values["table"], row.values["change"]) == ("submissions", ROW_ADDED)
    }
    both = {
        row.values["force"]
        for row in edition.tables["submissions"]
        if (row.values["force"], row.values["month"]) not in added
    }
    return sorted(force for force in gone | both if force)


def summarise_changes(edition: Edition) -> str:
    """What changed in one sentence or two, for the list of editions."""
    return plain(state_changes(edition.tables, edition.settings.names))


def _tabulate_tables(revisions: list[Row]) -> Table:
    """Tables with a change; all of them first, where a rate is in both editions and the sum is of figures of both."""
    titles = {table.name: table.title for table in TABLES}
    is_shared = is_rate_shared(revisions)
    shown = [
        row
        for row in revisions
        if (row.values["measure"], row.values["force"]) == (ALL, ALL)
        and (is_shared if row.values["table"] == ALL else _is_changed(row))
    ]
    named = [(Cell((titles.get(row.values["table"], "All tables"),)), row) for row in shown]
    return _tabulate_counts("tables", "Changes by published table", named)


def _is_changed(row: Row) -> bool:
    """Whether something is told of it beside that it is of one edition only: that is said of the records."""
    within = [name for name in COUNTED if name not in ("figures_compared", "rows_added", "rows_removed")]
    rows = row.values["rows_added"] or row.values["rows_removed"]
    return any(row.values[name] for name in within) or bool(rows and row.values["figures_compared"])


def _tabulate_counts(name: str, caption: str, named: list[tuple[Cell, Row]]) -> Table:
    """Few columns, for a telephone: figures of both editions where there are any, and all else in one."""
    rows = [row for _, row in named]
    both = list(BOTH) if any(row.values["figures_compared"] for row in rows) else []
    others = any(row.values[each] for row in rows for each in OTHERS)
    return tabulate(
        name,
        caption,
        ("What", *(BOTH[column] for column in both), *(("Other changes",) if others else ())),
        (
            (header, *(Cell((count(row, column),)) for column in both), *((_list_others(row),) if others else ()))
            for header, row in named
        ),
    )


def _list_others(row: Row) -> Cell:
    listed: Sentence = ()
    for column, what in OTHERS.items():
        if row.values[column]:
            listed += (f"; {what}: " if listed else f"{what[0].upper()}{what[1:]}: ", count(row, column))
    return Cell(listed or ("None",))


def _tabulate_places(edition: Edition, revisions: list[Row]) -> Table:
    """Rates and their comparisons by measure, force and period, where a figure of them is in both editions."""
    shown = [
        row
        for row in revisions
        if row.values["table"] in BY_PLACE
        and row.values["measure"] != ALL
        and (row.values["figures_compared"] or _is_changed(row))
    ]
    named = [
        (_name_place(edition, row, TITLES.get(row.values["measure"], row.values["measure"]), row.values["table"]), row)
        for row in shown
    ]
    return _tabulate_counts("places", "Changes of rates and comparisons by measure, force and period", named)


def _name_place(edition: Edition, row: Row, measure: str, part: str) -> Cell:
    """The measure, and below it which part of it, whose and when."""
    where = [edition.name_of(row.values["force"]), _name_period(row)]
    return Cell((measure,), (part,), base=(", ".join(filter(None, where)),))


def _tabulate_rates(edition: Edition, rows: list[Row]) -> Table:
    return tabulate(
        "rates",
        "Rates over all types of search that moved, by self-defined ethnicity, the largest moves first",
        ("What", "Before", "Now", "Reason"),
        (
            (
                _name_place(edition, row, TITLES[row.values["measure"]], group_of(row)),
                *(Cell((print_value(row, column),)) for column in ("before", "after")),
                row.values["reason"] or NO_REASON,
            )
            for row in rows
        ),
    )


def _name_period(row: Row) -> str:
    return start_sentence(name_period(*row.period)) if all(row.period) else ""


def _name_structure(row: Row) -> Sentence:
    column = f", column {row.values['column']}" if row.values["column"] else ""
    return (f"{row.values['table']}.csv{column}: {row.values['change']}",)


def _tabulate_editions(edition: Edition) -> Table:
    """Editions as the project files named them: no figure is here."""
    return tabulate(
        "editions",
        "Editions of this publication",
        ("Edition", "Published", "Period"),
        (
            (
                Cell(
                    (each.edition or "Without a name",),
                    (f"Withdrawn: {each.withdrawn}",) if each.withdrawn else (),
                    base=(f"It said: {' '.join(said)}",) if (said := _list_revisions(edition, each)) else (),
                ),
                name_day(each.published) if each.published else "No date given",
                start_sentence(name_period(each.period_from, each.period_to)),
            )
            for each in edition.history
        ),
    )


def _list_revisions(edition: Edition, past: PastEdition) -> list[str]:
    """What an edition said was corrected: as it handed it on, else as the project file still tells of it."""
    still = [each.text for each in edition.settings.revisions if past.edition and each.edition == past.edition]
    return list(dict.fromkeys((*past.revisions, *still)))
