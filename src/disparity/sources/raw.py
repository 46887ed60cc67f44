"""What every source of records gives: one file's rows as text, under our column names."""

from dataclasses import dataclass
from datetime import date

import polars as pl

# Our names for what a source may carry. A column that a publisher does not have is null in every row.
RAW_COLUMNS = (
    "subject",
    "searched_at",
    "latitude",
    "longitude",
    "gender",
    "age_group",
    "self_defined_ethnicity",
    "officer_defined_ethnicity",
    "legislation",
    "object_of_search",
    "outcome",
    "is_outcome_linked",
    "is_clothing_removed",
    "is_part_of_operation",
    "operation",
    "is_item_found",
    "drug_search_type",
    "search_origin",
    "area",
    "grounds",
    "record_id",
)


@dataclass(frozen=True)
class RawFile:
    """One file of one force and month.

    `rows` has `source_row` (1 is the first row after the header) and the columns of RAW_COLUMNS, all text;
    lines without a value are no rows, and are counted in `blank_rows`.
    """

    source_file: str
    force: str
    month: date
    sha256: str
    rows: pl.DataFrame
    blank_rows: int = 0
    encoding: str = "utf-8"
