"""Which header of a file each mapped column is, and what one that is not there may be called now."""

from collections.abc import Container, Iterable
from difflib import get_close_matches

from disparity.project.personal_columns import looks_personal
from disparity.sources.extract.guesses import GOOD_NAME, SURE_NAME, name_likeness
from disparity.sources.extract.header_seen import show_seen
from disparity.sources.extract.proposal import quote
from disparity.sources.extract.table import Table
from disparity.vocabulary.codes import plain_label
from disparity.vocabulary.errors import DataError


def find_headers(table: Table, columns: dict[str, str]) -> dict[str, str]:
    """Give the header of each mapped column, which is its name but for case, white space and dashes.

    Raises:
        DataError: some are not there; for each the nearest is named, with the line to write.
    """
    known = {plain_label(header): header for header in table.headers}
    found = {ours: known[plain_label(theirs)] for ours, theirs in columns.items() if plain_label(theirs) in known}
    missing = {ours: theirs for ours, theirs in columns.items() if ours not in found}
    if missing:
        free = [header for header in table.headers if header not in found.values()]
        nearest = {ours: _name_nearest(ours, theirs, free) for ours, theirs in missing.items()}
        raise _missing(table, missing, nearest, set(found.values()))
    return found


def _name_nearest(ours: str, theirs: str, free: Iterable[str]) -> str:
    """The header that is nearest in meaning, else in spelling.

    Only one that is much like a known name is named: in a file without a header line, others are a row.
    """
    likeness = {header: name_likeness(ours, header) for header in free if not looks_personal(header, ours)}
    best = max(likeness, key=lambda header: likeness[header], default="")
    spelt = {plain_label(header): header for header in likeness}
    near = get_close_matches(plain_label(theirs), list(spelt), n=1)
    if best and likeness[best] >= (GOOD_NAME if not near else SURE_NAME):
        return best
    return spelt[near[0]] if near else ""


def _missing(table: Table, missing: dict[str, str], nearest: dict[str, str], mapped: Container[str]) -> DataError:
    is_one = len(missing) == 1
    it = "it" if is_one else "them"
    named = [(nearest[ours], theirs) for ours, theirs in missing.items() if nearest[ours]]
    near = ", ".join(repr(header) if is_one else f"{header!r} to {theirs!r}" for header, theirs in named)
    lines = "; ".join(f"{ours} = {quote(header)}" for ours, header in nearest.items() if header)
    return DataError(
        f"there {'is no column' if is_one else 'are no columns'} {', '.join(map(repr, missing.values()))}",
        where=table.name,
        found=(f"the nearest is {near}" if near else f"{len(table.headers)} columns, none like {it}")
        + show_seen(table, mapped),
        what_now=f"if that is what it is called now, write under [extracts.columns]: {lines}"
        if lines
        else "write it under [extracts.columns] as the first line of the file does, or delete its line there; "
        "`disparity map FILE` shows what each column may be, by its values too",
        code="E111",
    )
