"""What the columns of an extract are beside those that values tell: whose search it was, where; what is unused."""

from collections.abc import Mapping

import polars as pl

from disparity.project.extract_mapping import COLUMNS, FORCE, GRID_COLUMNS, PLACE_COLUMNS
from disparity.project.personal_columns import RECORD_ID, split_words
from disparity.sources.extract.forces import count_forces, identify, names_force
from disparity.sources.extract.guesses import SURE_NAME, ColumnGuess, guess_columns, name_likeness
from disparity.sources.extract.national_grid import EASTINGS, NORTHINGS, read_metres
from disparity.sources.extract.personal_values import look_like_births, looks_personal_inside, name_personal
from disparity.sources.extract.table import ROW
from disparity.sources.extract.value_guesses import ValueGuess, guess_value
from disparity.vocabulary.codes import FORCE_KINDS, HANDLING_FLAGS, read_reference

AREA = "area"
MOST_ROWS = 0.8  # of those with a value, hold a place
# A box round Great Britain: the columns may be named the other way round.
DEGREES = {"latitude": (49.0, 61.0), "longitude": (-9.0, 2.0)}
NUMBERS_OF_OFFICERS = r"^\d{2,6}$"
# How the search was carried out: any of these sets of words in a header. "Force used" is nearer in spelling to "found"
# than to much else, so such a column may be one of HANDLING or none.
HANDLED = {
    "body-worn video": ({"bwv"}, {"bwc"}, {"bodyworn"}, {"body", "worn"}),
    "use of force": (
        *({"force", word} for word in ("used", "use", "applied", "tactic", "type", "kind")),
        *({word} for word in ("handcuffs", "handcuffed", "handcuff", "cuffs", "cuffed", "uof", "taser", "restraint")),
    ),
    "custody": ({"custody"}, {"detained"}, {"detention"}),
}
HANDLING = (*HANDLING_FLAGS, "force_kind")
# What one column may tell beside what it is: the kind of force, how far clothing was removed. Two of these codes do.
BESIDES = {
    "force_kind": ("is_force_used", set(FORCE_KINDS) - {"none"}),
    "clothing_extent": ("is_clothing_removed", {"beyond_outer", "intimate_parts"}),
}
# What is known and used for nothing here.
UNUSED = HANDLED | {
    "how long it took": ({"duration"}, {"length", "search"}, {"length", "stop"}, {"end", "time"}, {"finish", "time"}),
    "whether a record was given": ({"receipt"}, {"copy", "offered"}, {"record", "offered"}, {"copy", "given"}),
}


def guess_mapping(rows: pl.DataFrame, force: str = "") -> dict[str, ColumnGuess]:
    """Guess which column is which of ours, each of ours and of theirs at most once.

    Args:
        force: whose extract it is, where that is known.
    """
    rows = rows.drop(ROW)
    places = guess_places(rows)
    special = {ours: ColumnGuess(theirs) for ours, theirs in places.items()}
    if of_force := guess_force(rows, force):
        special[FORCE] = of_force
    aside = [header for header in rows.columns if name_unused(header) or look_like_births(rows[header])]
    found = guess_columns(rows.drop([*(guess.theirs for guess in special.values()), *aside]))
    found = {ours: guess for ours, guess in found.items() if ours not in HANDLING} | special
    handled = [header for header in aside if _is_handling(header)]
    found |= {ours: guess for ours, guess in guess_columns(rows.select(handled)).items() if ours in HANDLING}
    found |= _guess_besides(rows, found)
    if RECORD_ID in found and name_personal(rows[found[RECORD_ID].theirs], ""):
        del found[RECORD_ID]
    taken = {guess.theirs for ours, guess in found.items() if ours != AREA}
    if area := _guess_area(rows.drop([*taken, *aside])):
        found[AREA] = area
    return {ours: found[ours] for ours in COLUMNS if ours in found}


def _is_handling(header: str) -> bool:
    words = set(split_words(header))
    return any(each <= words for sets in HANDLED.values() for each in sets)


def _guess_besides(rows: pl.DataFrame, found: Mapping[str, ColumnGuess]) -> dict[str, ColumnGuess]:
    """Guess what a column tells beside what it is: one of strip searches may say how far each went."""
    besides = {}
    for ours, (beside, codes) in BESIDES.items():
        if ours in found or beside not in found:
            continue
        theirs = found[beside].theirs
        values = {value: guess_value(ours, value) for value in found[beside].values}
        if len(codes & {guess.code for guess in values.values()}) > 1:
            besides[ours] = ColumnGuess(theirs, "", values)
    return besides


def guess_places(rows: pl.DataFrame) -> dict[str, str]:
    """Give the columns of latitude and longitude, else of easting and northing: by name, and by their numbers."""
    names = {
        ours: {row["name"] for row in read_reference("extract_columns") if row["column"] == ours}
        for ours in (*PLACE_COLUMNS, *GRID_COLUMNS)
    }
    for pair in (PLACE_COLUMNS, GRID_COLUMNS):
        found = {
            ours: header
            for ours in pair
            for header in rows.columns
            if " ".join(split_words(header)) in names[ours] and _holds_places(ours, rows[header])
        }
        if len(found) == len(pair):
            return found
    return {}


def guess_force(rows: pl.DataFrame, own: str) -> ColumnGuess | None:
    """Give the column that says whose search it is, with those of its values that name no force that is known."""
    for header in filter(names_force, rows.columns):
        labels = rows[header].drop_nulls()
        if count_forces(labels, own):
            unknown = [label for label in labels.unique() if not identify(label, own)]
            return ColumnGuess(header, values={label: ValueGuess(None) for label in unknown})
    return None


def name_unused(header: str) -> str:
    """Name what a column is about that is no record of whom and what was searched for; nothing for others.

    >>> name_unused("BWV Activated"), name_unused("Force used?"), name_unused("Disposal")
    ('body-worn video', 'use of force', '')
    """
    words = set(split_words(header))
    return next((what for what, sets in UNUSED.items() if any(each <= words for each in sets)), "")


def names_area(header: str) -> bool:
    """Say whether a column, by its name, may be the area."""
    return name_likeness(AREA, header) >= SURE_NAME


def _holds_places(ours: str, values: pl.Series) -> bool:
    held = values.drop_nulls()
    if ours in GRID_COLUMNS:
        read = read_metres(held, EASTINGS if ours == GRID_COLUMNS[0] else NORTHINGS).count()
    else:
        low, high = DEGREES[ours]
        # Nought stands for "not known".
        degrees = held.cast(pl.Float64, strict=False)
        read = int((degrees.is_between(low, high) | (degrees == 0)).sum())
    return bool(len(held)) and read >= MOST_ROWS * len(held)


def _guess_area(rows: pl.DataFrame) -> ColumnGuess | None:
    """Of several, the one with the fewest values: in a small area few people are searched, and each may be known.

    One that says the same of every row, or something else of each, only where there is no other.
    """
    fit = [header for header in rows.columns if names_area(header) and not name_personal(rows[header], AREA)]
    many = {header: rows[header].drop_nulls().n_unique() for header in fit}
    if not fit:
        return None
    best = min(fit, key=lambda header: (not 1 < many[header] <= rows.height / 2, many[header]))
    share = rows[best].drop_nulls().str.contains(NUMBERS_OF_OFFICERS).mean()
    is_number = isinstance(share, float) and share > 1 - MOST_ROWS
    return ColumnGuess(best, "numbers: of areas, or of officers?" if is_number else "")


def looks_private(rows: pl.DataFrame, header: str) -> bool:
    """Say whether the values of a column are details of persons, their dates of birth among them."""
    return looks_personal_inside(rows[header]) or look_like_births(rows[header])
