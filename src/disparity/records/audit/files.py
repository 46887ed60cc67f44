"""The audit of files: rows in and out, quality items, and every label with its code."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, reduce
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import csr_array

from disparity.records.alike import Kinds, find_shared
from disparity.records.audit.columns import COLUMNS, count_at_one_place
from disparity.records.audit.items import COLUMN_OF, OF, PLACED, QUALITY_ITEMS, add_clocks, read_from_texts
from disparity.records.audit.lost_rows import find_lost_rows
from disparity.records.audit.shares import SHARES
from disparity.records.audit.validity import VALIDITY
from disparity.records.coding import CODES, EXCLUDED, KEPT, REJECTED
from disparity.records.uk_clock import DAY
from disparity.sources.lost_row import LostRow
from disparity.sources.raw import LABELS, RAW_COLUMNS, RawFile, name_labels, stack_rows
from disparity.statistics.agreement import cohen_kappa
from disparity.vocabulary.codes import ETHNIC_GROUPS, HANDLING_FLAGS
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
Whole = npt.NDArray[np.int64]

YEAR_COLUMNS = {
    "force": pl.String,
    **dict.fromkeys(("period_from", "period_to"), pl.Date),
    **dict.fromkeys(("months_missing", "searches", "vehicle_searches"), pl.Int64),
    **dict.fromkeys(("self_defined_labels", "officer_defined_groups"), pl.Int64),
    "link_false_share": pl.Float64,
    "official_searches": pl.Int64,
    "official_difference_share": pl.Float64,
    "nearest_official_searches": pl.Int64,
    "nearest_official_to": pl.Date,
    "records_against_official": pl.Float64,
    **dict.fromkeys(("months_covered", "months_in_doubt", "days", "days_covered"), pl.Int64),
    "doubts": pl.String,
    "filtering": pl.String,
}


@dataclass(frozen=True)
class Audit:
    """The audit tables.

    `submissions`: one row per force-month, or per quarter where the source gives quarters. `labels`: rows by force,
    month, column and label. `years` (one row per force and period), `columns` (what each column says in each month),
    `shares` (what it says otherwise than in the months around) and `validity` (powers with dates in each month): once
    the audit is complete. `joined`: submissions of forces whose
    months are added up under the force that they were merged into (`merged_forces`). `lost`: where rows are that
    are lost or in doubt; only of files that were read in this run, for it is written nowhere.
    """

    submissions: pl.DataFrame
    labels: pl.DataFrame
    years: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=YEAR_COLUMNS))
    columns: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=COLUMNS))
    shares: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SHARES))
    validity: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=VALIDITY))
    joined: pl.DataFrame = field(default_factory=pl.DataFrame)
    lost: tuple[LostRow, ...] = field(default=(), kw_only=True)

    @property
    def files(self) -> pl.DataFrame:
        """Every file that was read, those of forces that were merged included."""
        return pl.concat([self.submissions, self.joined], how="diagonal")


_n = pl.col("searches")
DISPOSED = {"rows_kept": KEPT, "rows_excluded": EXCLUDED, "rows_rejected": REJECTED}
ETHNICITIES = ("file", "self_defined_ethnicity", "self_defined_group", "officer_defined_group")
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
# Of the UK's days, as files follow local months; null where no search has a date in the month.
DAY_COLUMNS = {
    **dict.fromkeys(("days_with_search", "first_day", "last_day"), pl.Int64),
    "commonest_month": pl.Date,
    **dict.fromkeys(("busiest_day_searches", "dated_searches"), pl.Int64),
}
SUBMISSION_COLUMNS = [
    *(name for name in FILE_COLUMNS if name not in ("file", "rows_blank")),
    *("rows_read", "rows_blank", *DISPOSED),
    *DAY_COLUMNS,
    *("duplicate_rows", "rows_at_one_place", "unknown_labels", "unknown_label_share"),
    *("self_defined_labels", "officer_defined_groups", "ethnicity_kappa"),
    *(name for item in QUALITY_ITEMS for name in (item.name, item.name + OF)),
]


def audit_files(searches: pl.DataFrame, *files: RawFile, kinds: Kinds | None = None) -> Audit:
    """Audit files of one source: rows in and out, quality items, labels. A row of a table counts for all its searches.

    Args:
        searches: `code_searches(*files)`.
        files: those files, in that order.
        kinds: of the searches, where they are known (`code_kinds`).
    """
    kinds = kinds or Kinds.find(searches.select(CODES))
    rows = stack_rows(files)
    labels = _count_labels(rows, searches, files)
    clocks = add_clocks(searches, pl.Series([raw.month for raw in files]))
    kept = searches.lazy().filter(pl.col("disposition") == KEPT)
    ethnicities = kept.group_by(*ETHNICITIES).agg(_n.sum()).collect()
    own = pl.col("self_defined_ethnicity")
    parts = [
        pl.DataFrame(
            [_describe_file(number, raw) for number, raw in enumerate(files)], schema=FILE_COLUMNS, orient="row"
        ),
        _count_items(searches, kinds, rows, clocks, files),
        _count_duplicates(rows, searches, files),
        count_at_one_place(searches),
        _sum_up_labels(labels),
        ethnicities.group_by("file").agg(
            self_defined_labels=own.filter(own != "NS").n_unique(),
            officer_defined_groups=pl.col("officer_defined_group").drop_nulls().n_unique(),
        ),
        measure_agreement(ethnicities, by=["file"]).select("file", ethnicity_kappa="kappa"),
        _count_days(searches, clocks),
    ]
    submissions = reduce(lambda one, other: one.join(other, on="file", how="left", maintain_order="left"), parts)
    counted = [name for part in parts[1:-2] for name in part.columns if name != "file"]
    submissions = submissions.with_columns(pl.col(counted).cast(pl.Int64).fill_null(0)).with_columns(
        (pl.col("rows_filled") + pl.col("rows_blank")).alias("rows_read"),
        (pl.col("unknown_of_a_column") / pl.col("rows_filled")).fill_nan(None).alias("unknown_label_share"),
    )
    if files[0].is_counted:
        # In a table of counts no two rows are alike: what one row of many searches hides cannot be known.
        submissions = submissions.with_columns(pl.lit(None, pl.Int64).alias("duplicate_rows"))
    lost = find_lost_rows(searches, rows, clocks, *files, counted=submissions)
    return Audit(submissions.select(SUBMISSION_COLUMNS), _name_files(labels, submissions), lost=lost)


def _describe_file(number: int, raw: RawFile) -> tuple[Any, ...]:
    status = "submitted" if raw.rows.height else "empty"
    return (
        *(number, raw.month, raw.months, raw.force, raw.source, status),
        *(raw.source_file, raw.sha256, raw.bytes, raw.encoding, raw.blank_rows),
    )


def _count_items(
    searches: pl.DataFrame, kinds: Kinds, rows: pl.DataFrame, clocks: pl.DataFrame, files: Sequence[RawFile]
) -> pl.DataFrame:
    """Searches by file and disposition, of which each item is true, and those it is out of.

    None where there never is such a column. What codes alone tell is asked of each kind of search once.
    """
    absent = files[0].absent | (PLACED - set(searches.columns))
    of_kinds, of_rows = _part_conditions(absent)
    file, size = searches["file"].to_numpy(), searches["searches"].to_numpy().astype(np.float64)
    ends = np.searchsorted(file, np.arange(len(files) + 1))
    each = csr_array((size, kinds.of, ends), shape=(len(files), kinds.rows.height))
    met = kinds.rows.with_columns(**of_kinds).select(pl.col(list(of_kinds)).fill_null(False).cast(pl.Float64))
    sums = dict(zip(of_kinds, (each @ met.to_numpy()).T, strict=True))
    laid_out = pl.concat([searches, read_from_texts(rows), clocks], how="horizontal")
    for column in laid_out.with_columns(**of_rows).select(pl.col(list(of_rows)).fill_null(False)).iter_columns():
        is_met = column.to_numpy()
        sums[column.name] = np.bincount(file[is_met], weights=size[is_met], minlength=len(files))
    return pl.DataFrame(sums).select(
        pl.Series("file", range(len(files)), dtype=pl.UInt32), pl.col([*of_kinds, *of_rows]).cast(pl.Int64)
    )


@cache
def _part_conditions(absent: frozenset[str]) -> tuple[dict[str, pl.Expr], dict[str, pl.Expr]]:
    """Give what is counted of each file, by name: first what codes alone tell."""
    is_kept = pl.col("disposition") == KEPT
    conditions = {"rows_filled": pl.lit(True)}
    conditions |= {column: pl.col("disposition") == name for column, name in DISPOSED.items()}
    for item in QUALITY_ITEMS:
        is_asked = not absent & {COLUMN_OF.get(name, name) for name in item.rows.meta.root_names()}
        among = is_kept & item.among if is_asked else pl.lit(False)
        conditions |= {item.name: among & item.rows if is_asked else among, item.name + OF: among}
    of_kinds = {name for name, condition in conditions.items() if set(condition.meta.root_names()) <= set(CODES)}
    parts = ({name: conditions[name] for name in conditions if (name in of_kinds) is first} for first in (True, False))
    return next(parts), next(parts)


def _count_days(searches: pl.DataFrame, clocks: pl.DataFrame) -> pl.DataFrame:
    """Tell of each file on which days of its month there is a search, and which month most of its searches are of.

    A file without a date has no row.
    """
    local, starts, ends = (pl.col(name).to_physical() // DAY for name in ("local", "month_starts", "month_ends"))
    days = (
        pl.concat([searches.select("file", "disposition", "searches"), clocks], how="horizontal")
        .lazy()
        .filter(pl.col("disposition") == KEPT, pl.col("local").is_not_null())
        .group_by("file", day=local.cast(pl.Int32), starts=starts.cast(pl.Int32), ends=ends.cast(pl.Int32))
        .agg(_n.sum())
        .collect()
        .with_columns(pl.col("day").cast(pl.Date), is_in=pl.col("day").is_between("starts", "ends", closed="left"))
    )
    number, size = (pl.col("day").cast(pl.Int64) - pl.col("starts") + 1).filter("is_in"), _n.filter("is_in")
    commonest = days.group_by("file", commonest_month=pl.col("day").dt.month_start()).agg(_n.sum())
    return (
        days.group_by("file")
        .agg(
            days_with_search=number.len().cast(pl.Int64),
            first_day=number.min(),
            last_day=number.max(),
            busiest_day_searches=size.max(),
            dated_searches=size.sum(),
        )
        .join(
            commonest.sort("file", -_n, "commonest_month").unique("file", keep="first", maintain_order=True),
            on="file",
        )
        .select("file", *DAY_COLUMNS)
    )


def _count_duplicates(rows: pl.DataFrame, searches: pl.DataFrame, files: Sequence[RawFile]) -> pl.DataFrame:
    """Count rows that are the same as another of their file, in every column."""
    # Only rows of one time can be the same: few are left to be compared in every column.
    at = searches["searched_at"].to_physical().fill_null(-1) * (len(files) + 1) + searches["file"]
    columns = [name for name in RAW_COLUMNS if rows[name].count()]
    shared = rows.select(searches["file"], *columns)[find_shared(at.to_numpy())]
    return shared.filter(shared.is_duplicated()).group_by("file").agg(pl.len().alias("duplicate_rows"))


def _count_labels(rows: pl.DataFrame, searches: pl.DataFrame, files: Sequence[RawFile]) -> pl.DataFrame:
    """Count the labels of every coded column, with the code each got: file, column, label, code, rows, is_known."""
    file = searches["file"].cast(pl.Int64).to_numpy()
    # A row of records stands for one search.
    weights = searches["searches"].to_numpy() if files[0].is_counted else None
    columns = [
        column
        for column in CODED_COLUMNS
        if column not in files[0].absent and (column not in OPTIONAL_COLUMNS or _is_used(rows, column))
    ]
    numbers = rows.select(pl.col(columns).cast(LABELS).to_physical().cast(pl.Int64).fill_null(-1))
    counted = [_count_column(numbers[column], searches[CODED_COLUMNS[column]], file, weights) for column in columns]
    label = pl.col("label")
    # The API writes False for "nothing was found or recorded": no label, so not an unknown one.
    is_false = (pl.col("column") == "outcome") & (label.str.strip_chars().str.to_lowercase() == "false")
    is_used = ~pl.col("column").is_in(OPTIONAL_COLUMNS) | label.is_not_null().any().over("file", "column")
    # A control character in a value would steer the terminal that the published list is read in.
    inert = label.fill_null("").str.replace_all(CONTROL, "\ufffd")
    listed = pl.concat(counted)
    return (
        listed.with_columns(name_labels(listed["label"]))
        .with_columns((pl.col("code").is_not_null() | label.is_null() | is_false).alias("is_known"))
        .filter(is_used)
        .with_columns(inert)
    )


def _is_used(rows: pl.DataFrame, column: str) -> bool:
    return column in rows.columns and rows[column].count() > 0


def _count_column(numbers: pl.Series, codes: pl.Series, file: Whole, weights: Whole | None) -> pl.DataFrame:
    """Count in one table of files by numbers of labels: a tenth of the cost of grouping the rows.

    Args:
        numbers: of labels; -1 is blank.
    """
    of_row = numbers.to_numpy() + 1
    size = int(of_row.max(initial=0)) + 1
    at = file * size + of_row
    counts = np.bincount(at)
    # A row of a table may stand for no search: its label is listed all the same.
    met = np.flatnonzero(counts)
    if weights is not None:
        counts = np.bincount(at, weights=weights)
    in_file, number = np.divmod(met, size)
    # Any row that has the label gives its code: rows of one label have one.
    a_row = np.zeros(size, dtype=np.int64)
    a_row[of_row] = np.arange(len(of_row))
    number_met = pl.Series(number - 1)
    return pl.DataFrame(
        {
            "file": pl.Series(in_file, dtype=pl.UInt32),
            "column": pl.repeat(numbers.name, len(met), dtype=pl.String, eager=True),
            "label": number_met.set(number_met < 0, None).cast(pl.UInt32),
            "code": codes.gather(a_row[number]).cast(pl.String),
            "rows": pl.Series(counts[met], dtype=pl.Int64),
        }
    )


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


def measure_agreement(searches: pl.DataFrame, *, by: list[str]) -> pl.DataFrame:
    """Agreement of self- and officer-defined group beyond chance, among the searches that have both.

    Cohen's kappa of the table of both groups (`statistics.agreement.cohen_kappa`).

    Returns:
        `by`, both (the searches that have both), kappa: 1 is full agreement, 0 what chance gives; null where chance is
        certain, or where no search has both.

    Source: Cohen (1960).
    """
    own, seen, size = pl.col("self_defined_group"), pl.col("officer_defined_group"), len(ETHNIC_GROUPS)
    cells = searches.group_by(by).agg(
        _n.filter(own == first, seen == second).sum().alias(f"{first}, {second}")
        for first in ETHNIC_GROUPS
        for second in ETHNIC_GROUPS
    )
    tables = cells.drop(by).to_numpy().reshape(-1, size, size)
    return cells.select(
        *by,
        pl.Series("both", tables.sum(axis=(1, 2))),
        pl.Series("kappa", cohen_kappa(tables).estimate).fill_nan(None),
    )
