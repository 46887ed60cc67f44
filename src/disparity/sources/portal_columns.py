"""A parsed file of the portal → its rows under our column names, blank where it is blank in any writing of it."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from disparity.sources.raw import LABELS, RAW_COLUMNS, RAW_TYPES, list_labels

# What R, pandas and databases write for nothing. No label of the portal is one of these.
MISSING = ("NA", "<NA>", "NaN", "nan", "NaT", "None", "NULL", "null", r"\N")


def list_label_places(places: Mapping[int, str]) -> list[int]:
    """List the places of the columns that hold labels."""
    return [place for place, column in places.items() if RAW_TYPES[column] == LABELS]


def take_columns(read: pl.DataFrame, places: Mapping[int, str]) -> tuple[pl.DataFrame, pl.Series | None]:
    """Give the columns of RAW_COLUMNS, and which lines of the file hold anything; none where every line does.

    Args:
        read: all that the file has, as text.
        places: the place of each of our columns in it.
    """
    labels = list_label_places(places)
    plain: dict[int, pl.Series] = {}
    says_missing = False
    for place in labels:
        plain[place], has_missing = _blank_out_labels(read.to_series(place))
        says_missing |= has_missing
    for place in set(range(read.width)).difference(labels):
        # Whoever writes NA for nothing does so in labels too: only then is it looked for in the other columns.
        plain[place] = _blank_out(read.to_series(place), says_missing=says_missing)
    is_filled = None
    if any(plain[place].has_nulls() for place, column in places.items() if column == "subject"):
        filled = pl.DataFrame(list(plain.values())).select(pl.any_horizontal(pl.all().is_not_null())).to_series()
        is_filled = None if filled.all() else filled
    rows = pl.DataFrame([plain[place].alias(column) for place, column in places.items()])
    blank = [pl.lit(None, RAW_TYPES[name]).alias(name) for name in RAW_COLUMNS if name not in rows.columns]
    rows = rows.with_columns(blank).select(RAW_COLUMNS)
    return rows if is_filled is None else rows.filter(is_filled), is_filled


def _blank_out(values: pl.Series, *, says_missing: bool) -> pl.Series:
    """Blank is blank, however it is written: nothing, "" or white space; NA where that is how the file says it."""
    stripped = values.str.strip_chars()
    blanks = ("", *MISSING) if says_missing else ("",)
    is_blank = stripped.is_in(blanks) if says_missing else stripped == ""
    return stripped.replace(list(blanks), None) if is_blank.any() else stripped


def _blank_out_labels(values: pl.Series) -> tuple[pl.Series, bool]:
    """Blank out what is blank, and say whether any of it was written as NA or the like; each label is looked at once.

    Values that are not LABELS yet become so.
    """
    labels = values.cast(LABELS)
    met = list_labels(labels)
    distinct = pl.Series(list(met), dtype=pl.String)
    stripped = distinct.str.strip_chars()
    has_missing = bool(stripped.is_in(MISSING).any())
    if not has_missing and not ((distinct == "") | (distinct != stripped)).any():
        return labels, False
    place = np.zeros(max(met.values()) + 1, dtype=np.uint32)
    place[list(met.values())] = np.arange(len(met))
    plain = stripped.replace(["", *MISSING], None).cast(LABELS)
    return plain.gather(pl.Series(place).gather(labels.to_physical())).alias(values.name), has_missing
