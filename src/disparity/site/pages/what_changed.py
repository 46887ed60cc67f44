"""What changed: every figure that differs from the edition before, by how much, and the reason declared for it."""

from collections.abc import Iterator

from disparity.analysis.measures.entries import BY_NAME
from disparity.site.cells import Cell, Table, tabulate
from disparity.site.findings.changes import group_of, is_rate_shared, list_moved_rates, print_value, state_changes
from disparity.site.findings.record_changes import state_record_changes
from disparity.site.page import Edition, Page
from disparity.site.published_figures import Row, Sentence, count, plain
from disparity.tables.revisions import OF_STRUCTURE, ROW_ADDED, ROW_REMOVED
from disparity.tables.schema.tables import TABLES
from disparity.vocabulary.calendar import name_day, name_period
from disparity.vocabulary.codes import ALL
from disparity.vocabulary.text import start_sentence

COUNTED = {
    "figures_compared": "Figures in both editions",
    "figures_moved": "of which: moved",
    "without_reason": "Changes without a declared reason",
    "figures_appeared": "Figures that appeared",
    "figures_withdrawn": "Figures withdrawn",
    "words_changed": "Words changed",
    "rows_added": "Rows added",
    "rows_removed": "Rows removed",
}
# Of a publication of many forces; the file has all.
MOST_RATES = 60
BY_PLACE = ("estimates", "comparisons")
TITLES = {name: measure.title for name, measure in BY_NAME.items()}
NO_REASON = "No reason declared"


def build_page(edition: Edition) -> Page:
    """Build the page on what changed, one for the whole site."""
    revisions, changes = edition.tables["revisions"], edition.tables["changes"]
    moved = list_moved_rates(changes)
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
        "reasons": list(dict.fromkeys(row.values["reason"] for row in changes if row.values["reason"])),
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
    columns = _choose_columns(shown)
    return tabulate(
        "tables",
        "Changes by published table",
        ("Table", *(COUNTED[column] for column in columns)),
        ((titles.get(row.values["table"], "All tables"), *_count(row, columns)) for row in shown),
    )


def _is_changed(row: Row) -> bool:
    """Whether something is told of it beside that it is of one edition only: that is said of the records."""
    within = [name for name in COUNTED if name not in ("figures_compared", "rows_added", "rows_removed")]
    rows = row.values["rows_added"] or row.values["rows_removed"]
    return any(row.values[name] for name in within) or bool(rows and row.values["figures_compared"])


def _choose_columns(rows: list[Row]) -> list[str]:
    """Those that hold more than zeros; that none moved is worth a column where figures are in both editions."""
    held = [name for name in COUNTED if any(row.values[name] for row in rows)]
    return [name for name in COUNTED if name in held or (name == "figures_moved" and "figures_compared" in held)]


def _count(row: Row, columns: list[str]) -> Iterator[Cell]:
    return (Cell((count(row, column),)) for column in columns)


def _tabulate_places(edition: Edition, revisions: list[Row]) -> Table:
    """Rates and their comparisons by measure, force and period, where a figure of them is in both editions."""
    shown = [
        row
        for row in revisions
        if row.values["table"] in BY_PLACE
        and row.values["measure"] != ALL
        and (row.values["figures_compared"] or _is_changed(row))
    ]
    columns = _choose_columns(shown)
    return tabulate(
        "places",
        "Changes of rates and comparisons by measure, force and period",
        ("Measure and table", "Force and period", *(COUNTED[column] for column in columns)),
        (
            (
                Cell((TITLES.get(row.values["measure"], row.values["measure"]),), (row.values["table"],)),
                Cell((edition.name_of(row.values["force"]),), (_name_period(row),)),
                *_count(row, columns),
            )
            for row in shown
        ),
    )


def _tabulate_rates(edition: Edition, rows: list[Row]) -> Table:
    return tabulate(
        "rates",
        "Rates over all types of search that moved, by self-defined ethnicity; those first that moved most for their "
        "size",
        ("Measure and ethnic group", "Force and period", "Before", "Now", "Reason"),
        (
            (
                Cell((TITLES[row.values["measure"]],), (group_of(row),)),
                Cell((edition.name_of(row.values["force"]),), (_name_period(row),)),
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
                Cell((each.edition or "Without a name",), (f"Withdrawn: {each.withdrawn}",) if each.withdrawn else ()),
                name_day(each.published) if each.published else "No date given",
                start_sentence(name_period(each.period_from, each.period_to)),
            )
            for each in edition.history
        ),
    )
