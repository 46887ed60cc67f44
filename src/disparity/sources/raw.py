"""What every source of records gives: one file's rows as text, under our column names."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import is_

import numpy as np
import polars as pl

from disparity.sources.header import COLUMNS
from disparity.sources.lost_row import LostRow
from disparity.vocabulary.calendar import months_from
from disparity.vocabulary.codes import HANDLING_FLAGS, plain_label
from disparity.vocabulary.text import CONTROL

PORTAL = "data.police.uk"
HOME_OFFICE = "Home Office open data tables"

# Our names for what a source may carry: the portal, then an extract. A column that a publisher does not have is null
# in every row.
RAW_COLUMNS = (
    *filter(None, dict.fromkeys(COLUMNS.values())),
    *("is_item_found", "item_found", "drug_search_type", "search_origin", "area", "grounds", "record_id"),
    *(*HANDLING_FLAGS, "force_kind", "clothing_extent"),
)
# Columns of the portal with a few labels, each held once whatever the number of rows.
LABELS = pl.Categorical(pl.Categories("labels", "disparity"))
# Labels keep their numbers for as long as any column of them lives: this one always does.
NUMBERED = pl.Series(["subject"], dtype=LABELS)
LABEL_COLUMNS = (
    *("subject", "gender", "age_group", "self_defined_ethnicity", "officer_defined_ethnicity", "legislation"),
    *("object_of_search", "outcome", "is_outcome_linked", "is_clothing_removed"),
)
RAW_TYPES = {column: LABELS if column in LABEL_COLUMNS else pl.String() for column in RAW_COLUMNS}
# What a table of counts has besides. A row of records stands for one search.
TABLE_COLUMNS = ("reason_for_search", "number_of_searches")
# What an extract with a key of persons has besides (`extract.repeats`): which search of its person it is, and the
# reading in which it was numbered.
REPEAT_COLUMNS = ("search_of_person", "reading")


# Number → label, of those that were asked for.
_texts: dict[int, str] = {}


def list_labels(labels: pl.Series) -> dict[str, int]:
    """Give each label of the column → its number, in no order; much faster than looking at every row's text."""
    held = labels if labels.dtype == LABELS else labels.cast(LABELS)
    of_rows = held.to_physical().drop_nulls().to_numpy()
    is_met = np.zeros(int(of_rows.max(initial=0)) + 1, dtype=bool)
    is_met[of_rows] = True
    numbers = np.flatnonzero(is_met).tolist()
    unseen = [number for number in numbers if number not in _texts]
    if unseen:
        _texts.update(zip(unseen, name_labels(pl.Series(unseen, dtype=pl.UInt32)), strict=True))
    return {_texts[number]: number for number in numbers}


def name_labels(numbers: pl.Series) -> pl.Series:
    """Give the label of each number (UInt32)."""
    return numbers.cat.to(LABELS).cast(pl.String)


@dataclass(frozen=True, eq=False)
class Batch:
    """Rows of files that were read together: all of them, and the part of each file."""

    rows: pl.DataFrame
    parts: tuple[pl.DataFrame, ...]


@dataclass(frozen=True)
class RawFile:
    """One file's rows of one force and month, or of one quarter where the source knows no months.

    `rows` has `source_row` (1 is the first row after the header) and the columns of RAW_COLUMNS, all text or
    LABELS; those of TABLE_COLUMNS too, where a row stands for a number of searches, and those of REPEAT_COLUMNS where
    persons are told apart. Lines without a value are no rows, and are counted in `blank_rows`.
    """

    source_file: str
    force: str
    month: date  # the first, of a quarter
    sha256: str
    rows: pl.DataFrame
    source: str = PORTAL
    months: int = 1
    absent: frozenset[str] = frozenset()  # columns that the source never has: not blank, not applicable
    blank_rows: int = 0
    encoding: str = "utf-8"
    bytes: int | None = None  # of the file, unpacked
    batch: Batch | None = field(default=None, compare=False, repr=False)  # where others were read with it

    @property
    def is_counted(self) -> bool:
        """Whether a row stands for a number of searches."""
        return "number_of_searches" in self.rows.columns

    def covers(self) -> list[date]:
        """Every month that the rows are of."""
        return months_from(self.month, self.months)


def stack_rows(files: Sequence[RawFile]) -> pl.DataFrame:
    """Put the rows of files under each other; those of a whole batch lie so already."""
    batch = files[0].batch
    if batch and len(files) == len(batch.parts) and all(map(is_, (raw.rows for raw in files), batch.parts)):
        return batch.rows
    # Of extracts, one may have a key of persons and another none.
    return pl.concat([raw.rows for raw in files], how="diagonal", rechunk=True)


@dataclass(frozen=True)
class Supply:
    """What a file that is no monthly file holds of one force, and what was decided while it was read.

    rows_read = rows of `files` + rows of `set_aside`; rows of a table of counts are counted by their searches.
    """

    name: str
    force: str
    overrides: bool | None  # does it win over other sources of the same force and month?
    override_key: str  # what the project file calls that
    files: tuple[RawFile, ...]
    rows_read: int
    set_aside: Mapping[str, int]  # reason → rows that no month could be given to
    notes: Mapping[str, int]  # reason → rows that were kept all the same
    lost: tuple[LostRow, ...] = ()  # the first of each file that was set aside and is a loss


def map_values(theirs: pl.Series, codes: Mapping[str, str]) -> pl.Series:
    """Replace their values by our codes, "" by null; one that is not mapped stays, for the audit to name."""
    if not codes:
        return theirs
    known = {plain_label(value): code or None for value, code in codes.items()}
    # A mapping may name a value as the audit shows it.
    spelt = {
        value: [plain_label(value), plain_label(re.sub(CONTROL, "\ufffd", value))]
        for value in theirs.unique().to_list()
        if value is not None
    }
    found = {value: known[name] for value, names in spelt.items() for name in names if name in known}
    return theirs.replace(list(found), list(found.values()))
