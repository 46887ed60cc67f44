"""The audit of files: rows in and out, quality items, and every label with its code."""

from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import numpy as np
import polars as pl

from disparity.audit.items import AREAS_MET, COLUMN_OF, OF, QUALITY_ITEMS, TEXTS, QualityItem
from disparity.searches import EXCLUDED, KEPT, REJECTED
from disparity.sources.raw import RAW_COLUMNS, RawFile
from disparity.statistics.agreement import cohen_kappa
from disparity.vocabulary import ETHNIC_GROUPS

# Columns whose labels are coded, with the column that holds the code.
CODED_COLUMNS = {
    "subject": "subject",
    "self_defined_ethnicity": "self_defined_ethnicity",
    "officer_defined_ethnicity": "officer_defined_group",
    "gender": "gender",
    "age_group": "age_group",
    "legislation": "legislation",
    "object_of_search": "object_of_search",
    "outcome": "outcome",
    "is_outcome_linked": "is_outcome_linked",
    "is_clothing_removed": "is_clothing_removed",
    "is_item_found": "is_item_found",
    "item_found": "item_found",
    "search_origin": "search_origin",
    "drug_search_type": "drug_search_type",
    "reason_for_search": "reason_for_search",
}
# Only a force's own extract, or the Home Office, has them: where they are blank throughout, there is no label to list.
OPTIONAL_COLUMNS = ("is_item_found", "item_found", "search_origin", "drug_search_type", "reason_for_search")
# The API writes False for "nothing was found or recorded": no label, so not an unknown one.
BLANK_LABELS = {"outcome": ("false",)}


YEAR_COLUMNS = {
    "force": pl.String,
    "period_from": pl.Date,
    "period_to": pl.Date,
    "months_missing": pl.Int64,
    "searches": pl.Int64,
    "vehicle_searches": pl.Int64,
    "self_defined_labels": pl.Int64,
    "officer_defined_groups": pl.Int64,
    "link_false_share": pl.Float64,
    "official_searches": pl.Int64,
    "official_difference_share": pl.Float64,
}


@dataclass(frozen=True)
class Audit:
    """The audit tables.

    `submissions`: one row per force-month, or per quarter where the source gives quarters. `labels`: rows by force,
    month, column and label. `years`: one row per force and period, once the audit is complete.
    """

    submissions: pl.DataFrame
    labels: pl.DataFrame
    years: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=YEAR_COLUMNS))


_n = pl.col("searches")
DISPOSED = {"rows_kept": KEPT, "rows_excluded": EXCLUDED, "rows_rejected": REJECTED}
CONTROL = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\x{202a}-\x{202e}\x{2066}-\x{2069}]"
FILE_COLUMNS = {
    "file": pl.UInt32,
    "month": pl.Date,
    "months": pl.Int64,
    "force": pl.String,
    "source": pl.String,
    "status": pl.String,
    "source_file": pl.String,
    "sha256": pl.String,
    "bytes": pl.Int64,
    "encoding": pl.String,
    "rows_blank": pl.Int64,
}
SUBMISSION_COLUMNS = [
    *(name for name in FILE_COLUMNS if name not in ("file", "rows_blank")),
    *("rows_read", "rows_blank", *DISPOSED),
    *("duplicate_rows", "unknown_labels", "unknown_label_share"),
    *("self_defined_labels", "officer_defined_groups", "ethnicity_kappa"),
    *(name for item in QUALITY_ITEMS for name in (item.name, item.name + OF)),
]


def audit_files(searches: pl.DataFrame, *files: RawFile) -> Audit:
    """Audit files of one source: rows in and out, quality items, labels. A row of a table counts for all its searches.

    Args:
        searches: `code_searches(*files)`.
        files: those files, in that order.
    """
    heights = [raw.rows.height for raw in files]
    of_row = pl.Series("file", np.repeat(np.arange(len(files), dtype=np.uint32), heights))
    rows = pl.concat([raw.rows for raw in files]).select(of_row, pl.all())
    labels = _count_labels(rows, searches, files[0].absent)
    texts = rows.select(pl.col(column).alias(text) for column, text in TEXTS.items())
    numbered = searches.hstack([of_row, *texts.get_columns()])
    kept = numbered.filter(pl.col("disposition") == KEPT)
    absent = files[0].absent | ({AREAS_MET} - set(searches.columns))
    parts = [
        pl.DataFrame(
            [_describe_file(number, raw) for number, raw in enumerate(files)], schema=FILE_COLUMNS, orient="row"
        ),
        numbered.group_by("file").agg(
            _n.sum().alias("rows_filled"),
            *(_n.filter(pl.col("disposition") == name).sum().alias(column) for column, name in DISPOSED.items()),
        ),
        _count_duplicates(rows),
        _sum_up_labels(labels),
        kept.group_by("file").agg(
            *(expression for item in QUALITY_ITEMS for expression in _count_item(item, absent)),
            _count_distinct("self_defined_ethnicity", but="NS").alias("self_defined_labels"),
            _count_distinct("officer_defined_group").alias("officer_defined_groups"),
        ),
        measure_agreement(kept),
    ]
    submissions = reduce(lambda one, other: one.join(other, on="file", how="left", maintain_order="left"), parts)
    counted = [name for part in parts[1:-1] for name in part.columns if name != "file"]
    submissions = submissions.with_columns(pl.col(counted).cast(pl.Int64).fill_null(0)).with_columns(
        (pl.col("rows_filled") + pl.col("rows_blank")).alias("rows_read"),
        (pl.col("unknown_of_a_column") / pl.col("rows_filled")).fill_nan(None).alias("unknown_label_share"),
    )
    if files[0].is_counted:
        # In a table of counts no two rows are alike: what one row of many searches hides cannot be told.
        submissions = submissions.with_columns(pl.lit(None, pl.Int64).alias("duplicate_rows"))
    return Audit(submissions.select(SUBMISSION_COLUMNS), _name_files(labels, submissions))


def _describe_file(number: int, raw: RawFile) -> tuple[Any, ...]:
    status = "submitted" if raw.rows.height else "empty"
    return (
        *(number, raw.month, raw.months, raw.force, raw.source, status),
        *(raw.source_file, raw.sha256, raw.bytes, raw.encoding, raw.blank_rows),
    )


def _count_item(item: QualityItem, absent: frozenset[str]) -> tuple[pl.Expr, pl.Expr]:
    """Searches of which the item is true, and those it is out of: none where there never is such a column."""
    columns = {COLUMN_OF.get(name, name) for name in item.rows.meta.root_names()}
    if absent & columns:
        rows, among = pl.lit(0), pl.lit(0)
    else:
        rows, among = _n.filter(item.rows & item.among).sum(), _n.filter(item.among).sum()
    return rows.alias(item.name), among.alias(item.name + OF)


def _count_duplicates(rows: pl.DataFrame) -> pl.DataFrame:
    is_duplicate = rows.select("file", *RAW_COLUMNS).is_duplicated()
    return (
        rows.select("file", is_duplicate.alias("duplicate_rows")).group_by("file").agg(pl.col("duplicate_rows").sum())
    )


def _count_distinct(column: str, *, but: str = "") -> pl.Expr:
    codes = pl.col(column).cast(pl.String).drop_nulls()
    return codes.filter(codes != but).n_unique()


def _count_labels(rows: pl.DataFrame, searches: pl.DataFrame, absent: frozenset[str]) -> pl.DataFrame:
    """Count the labels of every coded column, with the code each got: file, column, label, code, rows, is_known."""
    counted = [
        _count_column(rows, searches, column)
        for column in CODED_COLUMNS
        if column not in absent and column in rows.columns
    ]
    # A control character in a value would steer the terminal that the published list is read in.
    inert = pl.col("label").fill_null("").str.replace_all(CONTROL, "\ufffd")
    return pl.concat(counted).with_columns(inert).collect()


def _count_column(rows: pl.DataFrame, searches: pl.DataFrame, column: str) -> pl.LazyFrame:
    codes = searches[CODED_COLUMNS[column]].cast(pl.String).alias("code")
    is_blank = pl.col("label").is_null() | pl.col("label").str.strip_chars().str.to_lowercase().is_in(
        BLANK_LABELS.get(column, ())
    )
    counted = (
        pl.LazyFrame([rows["file"], rows[column].alias("label"), codes, searches["searches"]])
        .group_by("file", "label", "code")
        .agg(_n.sum().alias("rows"))
        .select(
            "file",
            pl.lit(column).alias("column"),
            "label",
            "code",
            "rows",
            (pl.col("code").is_not_null() | is_blank).alias("is_known"),
        )
    )
    is_used = pl.col("label").is_not_null().any().over("file") if column in OPTIONAL_COLUMNS else pl.lit(True)
    return counted.filter(is_used)


def _sum_up_labels(labels: pl.DataFrame) -> pl.DataFrame:
    """Values no table knows, and the most of them in any one column: a new label fills one column."""
    unknown = pl.col("rows").filter(~pl.col("is_known")).sum()
    return (
        labels.group_by("file", "column")
        .agg(unknown.alias("unknown_labels"))
        .group_by("file")
        .agg(pl.col("unknown_labels").sum(), pl.col("unknown_labels").max().alias("unknown_of_a_column"))
    )


def _name_files(labels: pl.DataFrame, submissions: pl.DataFrame) -> pl.DataFrame:
    return (
        labels.join(submissions.select("file", "force", "month"), on="file")
        .select("force", "month", "column", "label", "code", "rows", "is_known")
        .sort("force", "month", "column", "label")
    )


def measure_agreement(searches: pl.DataFrame) -> pl.DataFrame:
    """Agreement of self- and officer-defined group beyond chance, among the searches of a file that have both.

    Cohen's kappa of the table of both groups (`statistics.agreement.cohen_kappa`).

    Returns:
        file, ethnicity_kappa: 1 is full agreement, 0 what chance gives; null where chance is certain. A file
        without a search that has both has no row.

    Source: Cohen (1960).
    """
    groups = pl.Enum(ETHNIC_GROUPS)
    both = searches.select(
        "file",
        pl.col("self_defined_group").replace("Not stated", None).cast(groups).to_physical().alias("own"),
        pl.col("officer_defined_group").cast(pl.String).cast(groups).to_physical().alias("seen"),
        _n,
    ).drop_nulls()
    files, place = np.unique(both["file"].to_numpy(), return_inverse=True)
    tables = np.zeros((len(files), len(ETHNIC_GROUPS), len(ETHNIC_GROUPS)))
    np.add.at(tables, (place, both["own"].to_numpy(), both["seen"].to_numpy()), both["searches"].to_numpy())
    kappa = pl.Series("ethnicity_kappa", cohen_kappa(tables).estimate, dtype=pl.Float64).fill_nan(None)
    return pl.DataFrame([pl.Series("file", files, dtype=pl.UInt32), kappa])
