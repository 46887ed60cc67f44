"""Sentences on what changed in the records since the edition before: forces, months, files, values."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from disparity.site.published_figures import Row, Sentence, count, say
from disparity.tables.revisions import MOVED, REWORDED, ROW_ADDED, ROW_REMOVED
from disparity.vocabulary.calendar import name_months
from disparity.vocabulary.text import join_names

MISSING = "missing"
# Files named one by one; of more, only how many.
MOST_FILES = 12

Rows = Sequence[Row]


def state_record_changes(changes: Rows, forces_before: Sequence[str], name_of: Callable[[str], str]) -> list[Sentence]:
    """Say of each force what came, went, was supplied again or is read otherwise.

    Args:
        changes: rows of the published table; those of the audit of submissions are used.
        forces_before: forces that the edition before had.
    """
    by_force: dict[str, list[Row]] = defaultdict(list)
    for row in changes:
        if row.values["table"] == "submissions" and row.values["force"]:
            by_force[row.values["force"]].append(row)
    came = [force for force in by_force if force not in forces_before]
    gone = [force for force, rows in by_force.items() if force in forces_before and _is_gone(rows)]
    stated = list(_state_forces([name_of(force) for force in came], [name_of(force) for force in gone]))
    for force, rows in by_force.items():
        if force not in (*came, *gone):
            stated += _state_force(name_of(force), rows)
    return stated


def _is_gone(rows: Rows) -> bool:
    return {row.values["change"] for row in rows} == {ROW_REMOVED}


def _state_forces(came: list[str], gone: list[str]) -> Iterator[Sentence]:
    if came:
        yield (f"New in this edition: {join_names(came)}.",)
    if gone:
        yield (f"No longer in this edition: {join_names(gone)}.",)
    if came and gone:
        yield ("Where forces merged, compare the new one with those before taken together.",)


def _state_force(name: str, rows: Rows) -> Iterator[Sentence]:
    added = _months(rows, lambda row: row.values["change"] == ROW_ADDED)
    left = _months(rows, lambda row: row.values["change"] == ROW_REMOVED)
    filled = _months(rows, lambda row: _turns(row, before=MISSING))
    withdrawn = _months(rows, lambda row: _turns(row, after=MISSING))
    if added:
        yield (f"{name}: this edition takes in {name_months(added)}, which the one before did not.",)
    if left:
        yield (f"{name}: {name_months(left)} are in the edition before, and not in this one.",)
    if filled:
        yield (f"{name}: records of {name_months(filled)}, missing before, have arrived.",)
    if withdrawn:
        yield (f"{name}: records of {name_months(withdrawn)} are missing now.",)
    resized = [row for row in rows if (row.values["column"], row.values["change"]) == ("rows_read", MOVED)]
    yield from (_state_file(name, row) for row in resized[:MOST_FILES])
    if resized[MOST_FILES:]:
        yield (f"{name}: other files too have more rows or fewer.",)
    files = _months(rows, lambda row: (row.values["column"], row.values["change"]) == ("sha256", REWORDED))
    same = [month for month in files if month not in _months(resized, lambda _: True)]
    if same:
        yield (f"{name}: records of {name_months(same)} were supplied again, with as many rows as before.",)
    known = _months(rows, lambda row: (row.values["column"], row.values["change"]) == ("unknown_labels", MOVED))
    if known:
        yield (f"{name}: other values than before could be read in {name_months(known)}.",)


def _months(rows: Rows, is_wanted: Callable[[Row], bool]) -> list[date]:
    return sorted({row.values["period_from"] for row in rows if row.values["period_from"] and is_wanted(row)})


def _turns(row: Row, *, before: str | None = None, after: str | None = None) -> bool:
    is_status = (row.values["column"], row.values["change"]) == ("status", REWORDED)
    return is_status and (row.values["before_text"] == before or row.values["after_text"] == after)


def _state_file(name: str, row: Row) -> Sentence:
    """More rows are late records, or a file supplied again; fewer are corrections."""
    is_more = float(row.values["after"]) > float(row.values["before"])
    cause = "late records, or a file supplied again" if is_more else "a file supplied again"
    return say(
        f"{name}, {name_months([row.values['period_from']])}: {{}} rows, {{}} before ({cause}).",
        count(row, "after"),
        count(row, "before"),
    )
