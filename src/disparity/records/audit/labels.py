"""The audit of labels: every label of each file, with its code and how many rows have it."""

from collections.abc import Collection

import numpy as np
import polars as pl

from disparity.records.alike import Alike, Numbers, is_one
from disparity.records.coding import label_of
from disparity.sources.raw import LABELS, name_labels
from disparity.vocabulary.codes import HANDLING_FLAGS
from disparity.vocabulary.text import CONTROL

# Only a force's own extract, or the Home Office, has them: where they are blank throughout, there is no label to list.
OPTIONAL_COLUMNS = (
    *("is_item_found", "item_found", "search_origin", "drug_search_type", "reason_for_search"),
    *(*HANDLING_FLAGS, "force_kind", "clothing_extent"),
)
# Columns whose labels are coded, with the column that holds the code.
CODED_COLUMNS = {
    **{name: name for name in ("subject", "self_defined_ethnicity")},
    "officer_defined_ethnicity": "officer_defined_group",
    **{name: name for name in ("gender", "age_group", "legislation", "object_of_search", "outcome")},
    **{name: name for name in ("is_outcome_linked", "is_clothing_removed", *OPTIONAL_COLUMNS)},
}


def count_labels(labelled: Alike, absent: Collection[str]) -> pl.DataFrame:
    """Count the labels of every coded column, with the code each got: file, column, label, code, rows, is_known.

    Args:
        labelled: searches by file and by kinds with labels (`coding.find_kinds`).
        absent: columns that the source never has.
    """
    kinds = labelled.kinds
    columns = [
        column
        for column in CODED_COLUMNS
        if column not in absent and (column not in OPTIONAL_COLUMNS or kinds[label_of(column)].count())
    ]
    labels = pl.col([label_of(column) for column in columns]).cast(LABELS).to_physical().cast(pl.Int64)
    numbers = kinds.select(labels.fill_null(-1))
    counted = [_count_column(labelled, numbers[label_of(column)].to_numpy()) for column in columns]
    codes = [
        kinds[CODED_COLUMNS[column]].gather(a_kind).cast(pl.String)
        for column, (*_, a_kind) in zip(columns, counted, strict=True)
    ]
    file, number, rows, _ = (np.concatenate(parts) for parts in zip(*counted, strict=True))
    listed = pl.DataFrame(
        {
            "file": pl.Series(file, dtype=pl.UInt32),
            "column": pl.Series(columns).gather(np.repeat(range(len(columns)), [len(code) for code in codes])),
            "label": number,
            "code": pl.concat(codes),
            "rows": rows,
        }
    ).with_columns(pl.when(pl.col("label") >= 0).then("label").cast(pl.UInt32))
    label = pl.col("label")
    # The API writes False for "nothing was found or recorded": no label, so not an unknown one.
    is_false = (pl.col("column") == "outcome") & (label.str.strip_chars().str.to_lowercase() == "false")
    is_used = ~pl.col("column").is_in(OPTIONAL_COLUMNS) | label.is_not_null().any().over("file", "column")
    # A control character in a value would steer the terminal that the published list is read in.
    inert = label.fill_null("").str.replace_all(CONTROL, "\ufffd")
    named = listed.with_columns(name_labels(listed["label"])).with_columns(
        (pl.col("code").is_not_null() | label.is_null() | is_false).alias("is_known")
    )
    if set(columns) & set(OPTIONAL_COLUMNS):
        named = named.filter(is_used)
    return named.with_columns(inert)


def _count_column(labelled: Alike, number: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Count in one table of files by numbers of labels: file, number and rows of each label, and a kind that has it.

    Args:
        number: of the label of each kind; -1 is blank.
    """
    size = int(number.max(initial=-1)) + 2
    at = labelled.block * size + (number + 1)[labelled.kind]
    counted = np.bincount(at)
    # A row of a table may stand for no search: its label is listed all the same.
    met = np.flatnonzero(counted)
    if not is_one(labelled.counts["searches"]):
        counted = np.bincount(at, weights=labelled.counts["searches"]).astype(np.int64)
    file, label = np.divmod(met, size)
    # Any kind that has the label gives its code: those of one label have one.
    a_kind = np.zeros(size, dtype=np.int64)
    a_kind[number + 1] = np.arange(len(number))
    return file, label - 1, counted[met], a_kind[label]


def sum_up_labels(labels: pl.DataFrame) -> pl.DataFrame:
    """Values no table knows, and the most of them in any one column: a new label fills one column."""
    unknown = pl.col("rows").filter(~pl.col("is_known")).sum()
    return (
        labels.group_by("file", "column")
        .agg(unknown.alias("unknown_labels"))
        .group_by("file")
        .agg(pl.col("unknown_labels").sum(), pl.col("unknown_labels").max().alias("unknown_of_a_column"))
    )
