"""Values that say that a file's columns are not what its header says: shifted, or rewritten by a spreadsheet."""

import re
from functools import cache, lru_cache

import polars as pl

from disparity.sources.raw import list_labels
from disparity.vocabulary.codes import (
    AGE_GROUPS,
    FLAG_LABELS,
    GENDERS,
    NOT_STATED,
    OFFICER_GROUPS,
    SUBJECT_LABELS,
    codes_of,
    group_of_ethnicity,
    plain_label,
)
from disparity.vocabulary.errors import DataError

# A shifted column is foreign to nearly every row; a slip of the pen is not.
FOREIGN_SHARE = 0.05
ROWS_TO_JUDGE = 20

MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec"
# What a spreadsheet makes of "10-17": "Oct-17", "17-Oct", 17/10/2024, 2017-10-01, or a day number.
MANGLED = re.compile(
    rf"(\d{{1,4}}[- ]({MONTHS})[a-z]*([- ]\d{{2,4}})?|({MONTHS})[a-z]*[- ]\d{{1,4}}|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}.*"
    r"|\d{4}-\d\d-\d\d.*|[34]\d{4}(\.\d+)?)",
    re.IGNORECASE,
)
PORTAL_TIME, PORTAL_TIME_LENGTH = "%Y-%m-%dT%H:%M:%S+00:00", 25
# Kinds of date and time, in a reader's words. The first is the portal's own.
WITH_ZONE = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)$"
KINDS = {
    "with a time zone": WITH_ZONE,
    "without a time zone": r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$",
    "a date only": r"^\d{4}-\d\d-\d\d$",
    "day and month in an order that is not clear": r"^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b",
}
# R writes a midnight as a date, among times that have lost their zone: one form, of one program.
MIDNIGHT_WITHOUT_TIME = {"without a time zone", "a date only"}
MANGLED_TIME = rf"(?i)^(\d{{1,2}}[- ]({MONTHS})[a-z]*([- ]\d{{2,4}})?|[34]\d{{4}}(\.\d+)?)$"


def check_values(rows: pl.DataFrame) -> None:
    """Refuse a file whose values are another column's, or no longer what was recorded.

    Raises:
        DataError: shifted columns, dates of several kinds, ages or dates turned into something else.
    """
    distinct = _list_labels(rows)
    mangled = [age for age in distinct["age_group"] if MANGLED.fullmatch(age)]
    if mangled:
        count = int(rows["age_group"].cast(pl.String).is_in(mangled).sum())
        raise _mangled("age range", count, "'10-17' became a date, such as Oct-17")
    _check_times(rows["searched_at"])
    if rows.height >= ROWS_TO_JUDGE:
        for column, labels in distinct.items():
            _check_column(rows[column], labels)


def has_doubts(rows: pl.DataFrame) -> bool:
    """Whether any value of the rows, of one file or many, is one that `check_values` might refuse a file for."""
    distinct = _list_labels(rows)
    is_foreign = any(_home_of(label, column) for column, labels in distinct.items() for label in labels)
    is_mangled = any(MANGLED.fullmatch(age) for age in distinct["age_group"])
    return is_foreign or is_mangled or not _are_zoned(rows["searched_at"])


def _list_labels(rows: pl.DataFrame) -> dict[str, list[str]]:
    return {name: list(list_labels(rows[name])) for name in vocabularies()}


def _are_zoned(times: pl.Series) -> bool:
    # The portal's own form is read faster than a pattern is looked for.
    at = times.str.to_datetime(PORTAL_TIME, time_unit="us", strict=False)
    if at.null_count() == times.null_count() and (times.str.len_bytes() == PORTAL_TIME_LENGTH).all():
        return True
    return len(times) - times.null_count() == times.str.contains(WITH_ZONE).sum()


def _check_times(times: pl.Series) -> None:
    if _are_zoned(times):
        return
    mangled = int(times.str.contains(MANGLED_TIME).sum())
    if mangled:
        raise _mangled("date", mangled, "a day number, or a day without its year or time")
    found = {kind: int(times.str.contains(pattern).sum()) for kind, pattern in KINDS.items()}
    kinds = [kind for kind in KINDS if found[kind]]
    if (len(kinds) > 1 and set(kinds) != MIDNIGHT_WITHOUT_TIME) or list(KINDS)[-1] in kinds:
        raise DataError(
            "dates and times are not written in one known way",
            found="; ".join(f"{kind} in {found[kind]} {'row' if found[kind] == 1 else 'rows'}" for kind in kinds),
            what_now="write all as the portal does, 2024-04-01T09:30:00+00:00; nothing is guessed",
            code="E119",
        )


def _mangled(column: str, count: int, what: str) -> DataError:
    return DataError(
        f"a spreadsheet has rewritten {count} {'value' if count == 1 else 'values'} of {column!r}",
        found=what,
        what_now="use the file as downloaded, or import its columns as text",
        code="E120",
    )


@cache
def vocabularies() -> dict[str, frozenset[str]]:
    """Give each coded column's labels, in the spelling they are compared in."""
    groups = group_of_ethnicity()
    ethnicities = {label for label, code in codes_of("ethnicity_labels", "code").items() if groups[code] != NOT_STATED}
    flags = frozenset(FLAG_LABELS)
    return {
        "subject": frozenset(SUBJECT_LABELS),
        "gender": frozenset(GENDERS),
        "age_group": frozenset(AGE_GROUPS),
        "self_defined_ethnicity": frozenset(ethnicities),
        "officer_defined_ethnicity": frozenset(OFFICER_GROUPS),
        "legislation": frozenset(codes_of("legislation_labels", "legislation")),
        "object_of_search": frozenset(codes_of("object_labels", "object_of_search")),
        # "False" is the API's way to leave an outcome blank.
        "outcome": frozenset(codes_of("outcome_labels", "outcome")) | {"false"},
        "is_outcome_linked": flags,
        "is_clothing_removed": flags,
    }


def _check_column(values: pl.Series, distinct: list[str]) -> None:
    homes = {label: home for label in distinct if (home := _home_of(label, values.name))}
    count = int(values.cast(pl.String).is_in(list(homes)).sum()) if homes else 0
    if count > FOREIGN_SHARE * len(values):
        others = sorted({home.replace("_", " ") for home in homes.values()})
        raise DataError(
            f"{count} of {len(values)} values of {values.name.replace('_', ' ')!r} belong to another column",
            found=f"values of {', '.join(map(repr, others))}",
            what_now="the columns have slid or were swapped: download the file again, or tell its publisher",
            code="E110",
        )


@lru_cache(maxsize=4096)  # the same labels are in every file
def _home_of(label: str, column: str) -> str:
    """Name the column that a label belongs to, when that is not the one it is in."""
    plain = plain_label(label)
    if plain in vocabularies()[column]:
        return ""
    return next((home for home, labels in vocabularies().items() if plain in labels), "")
