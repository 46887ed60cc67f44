"""The audit of files: rows in and out, quality items, and every label with its code."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, reduce
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from disparity.records.alike import Alike, Kinds, find_shared, number_alike, number_met
from disparity.records.audit.columns import COLUMNS, PLACE, count_at_one_place
from disparity.records.audit.items import CLOCKS, COLUMN_OF, OF, PLACED, QUALITY_ITEMS, add_clocks, tell_values
from disparity.records.audit.labels import count_labels, sum_up_labels
from disparity.records.audit.lost_rows import find_lost_rows
from disparity.records.audit.shares import SHARES
from disparity.records.audit.validity import VALIDITY
from disparity.records.coding import CODES, EXCLUDED, KEPT, REJECTED, find_kinds
from disparity.records.uk_clock import DAY
from disparity.sources.lost_row import LostRow
from disparity.sources.raw import RAW_COLUMNS, RawFile, stack_rows
from disparity.statistics.agreement import cohen_kappa
from disparity.vocabulary.codes import ETHNIC_GROUPS

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
    rows = stack_rows(files)
    kinds = kinds or find_kinds(searches, rows)
    clocks = add_clocks(searches, pl.Series([raw.month for raw in files]))
    file, size = searches["file"].cast(pl.Int64).to_numpy(), searches["searches"].to_numpy()
    labelled = Alike(number_files(files), kinds.rows, file, kinds.of, {"searches": size})
    labels = count_labels(labelled, files[0].absent)
    is_kept = kinds.ask(pl.col("disposition") == KEPT)
    local = clocks["local"]
    is_dated = is_kept & local.is_not_null().to_numpy()
    days = local.filter(pl.Series(is_dated)).to_physical().to_numpy() // DAY
    ethnicities = labelled.keep(labelled.ask(pl.col("disposition") == KEPT)).merge(ETHNICITIES[1:]).lay_out()
    own = pl.col("self_defined_ethnicity")
    parts = [
        pl.DataFrame(
            [_describe_file(number, raw) for number, raw in enumerate(files)], schema=FILE_COLUMNS, orient="row"
        ),
        _count_items(searches, kinds, rows, clocks, files),
        _count_duplicates(rows, searches, kinds, files),
        count_at_one_place(searches.select(*PLACE, "searches").filter(pl.Series(is_kept))),
        sum_up_labels(labels),
        ethnicities.group_by("file").agg(
            self_defined_labels=own.filter(own != "NS").n_unique(),
            officer_defined_groups=pl.col("officer_defined_group").drop_nulls().n_unique(),
        ),
        measure_agreement(ethnicities, by=["file"]).select("file", ethnicity_kappa="kappa"),
        _count_days(days, file[is_dated], size[is_dated], files),
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


def number_files(files: Sequence[RawFile]) -> pl.DataFrame:
    """Number the files, as `searches` do."""
    return pl.DataFrame({"file": range(len(files))}, schema={"file": pl.UInt32})


def _count_items(
    searches: pl.DataFrame, kinds: Kinds, rows: pl.DataFrame, clocks: pl.DataFrame, files: Sequence[RawFile]
) -> pl.DataFrame:
    """Searches by file and disposition, of which each item is true, and those it is out of.

    None where there never is such a column. All but what the clock tells is asked of each kind of search once.
    """
    of_kinds, by_clock = _part_conditions(files[0].absent | (PLACED - set(searches.columns)))
    told = kinds.split(tell_values(searches, rows))
    file, size = searches["file"].cast(pl.Int64).to_numpy(), searches["searches"].to_numpy()
    alike = Alike(number_files(files), told.rows, file, told.of, {"searches": size})
    sums = _sum_conditions(alike, of_kinds)
    for name, (among, condition) in by_clock.items():
        is_asked = told.ask(among)
        asked = np.flatnonzero(is_asked)
        at = clocks if is_asked.all() else clocks.filter(pl.Series(is_asked))
        codes = [column for column in CODES if column in condition.meta.root_names()]
        laid_out = at.hstack(told.rows.select(codes)[told.of[asked]]) if codes else at
        is_met = asked[laid_out.select(condition.fill_null(False)).to_series().to_numpy()]
        sums[name] = np.bincount(file[is_met], weights=size[is_met], minlength=len(files)).astype(np.int64)
    return number_files(files).with_columns(**sums)


def _sum_conditions(alike: Alike, conditions: dict[str, pl.Expr]) -> dict[str, Whole]:
    """Count, by block, the searches of which each condition is true."""
    met = alike.kinds.select(**{name: condition.fill_null(False) for name, condition in conditions.items()})
    # Kinds of which the same conditions are true are one: some hundred are left.
    packed = np.packbits(met.to_numpy(), axis=1)
    number, a_row = number_alike(list(packed.T.astype(np.int64)), met.height)
    shape = alike.blocks.height, len(a_row)
    place = alike.block * shape[1] + number[alike.kind]
    counts = np.bincount(place, weights=alike.counts["searches"], minlength=shape[0] * shape[1]).reshape(shape)
    return dict(zip(conditions, (counts @ met[a_row].cast(pl.Float64).to_numpy()).astype(np.int64).T, strict=True))


@cache
def _part_conditions(absent: frozenset[str]) -> tuple[dict[str, pl.Expr], dict[str, tuple[pl.Expr, pl.Expr]]]:
    """Give what is counted of each file, by name; and what the clock tells: among which searches, and what."""
    is_kept = pl.col("disposition") == KEPT
    of_kinds = {"rows_filled": pl.lit(True)}
    of_kinds |= {column: pl.col("disposition") == name for column, name in DISPOSED.items()}
    by_clock: dict[str, tuple[pl.Expr, pl.Expr]] = {}
    for item in QUALITY_ITEMS:
        roots = set(item.rows.meta.root_names())
        is_asked = not absent & {COLUMN_OF.get(name, name) for name in roots}
        among = is_kept & item.among if is_asked else pl.lit(False)
        if is_asked and roots & set(CLOCKS):
            by_clock[item.name] = among, item.rows
        else:
            of_kinds[item.name] = among & item.rows if is_asked else among
        of_kinds[item.name + OF] = among
    return of_kinds, by_clock


def _count_days(day: Whole, file: Whole, size: Whole, files: Sequence[RawFile]) -> pl.DataFrame:
    """Tell of each file on which days of its month there is a search, and which month most of its searches are of.

    A file without a date has no row.

    Args:
        day, file, size: of each kept search with a date, its day, its file and how many searches it stands for.
    """
    least, most = int(day.min(initial=0)), int(day.max(initial=0))
    met, of_row = number_met(file * (most - least + 1) + day - least, len(files) * (most - least + 1))
    in_file, on_day = np.divmod(met, most - least + 1)
    starts = pl.Series([raw.month for raw in files], dtype=pl.Date)
    days = pl.DataFrame(
        {
            "file": pl.Series(in_file, dtype=pl.UInt32),
            "day": pl.Series(on_day + least, dtype=pl.Int32).cast(pl.Date),
            "starts": starts.gather(in_file),
            "ends": starts.dt.offset_by("1mo").gather(in_file),
            "searches": np.bincount(of_row, weights=size, minlength=len(met)).astype(np.int64),
        }
    ).with_columns(is_in=pl.col("day").is_between("starts", "ends", closed="left"))
    number, size_of_day = ((pl.col("day") - pl.col("starts")).dt.total_days() + 1).filter("is_in"), _n.filter("is_in")
    commonest = days.group_by("file", commonest_month=pl.col("day").dt.month_start()).agg(_n.sum())
    return (
        days.group_by("file")
        .agg(
            days_with_search=number.len().cast(pl.Int64),
            first_day=number.min(),
            last_day=number.max(),
            busiest_day_searches=size_of_day.max(),
            dated_searches=size_of_day.sum(),
        )
        .join(
            commonest.sort("file", -_n, "commonest_month").unique("file", keep="first", maintain_order=True),
            on="file",
        )
        .select("file", *DAY_COLUMNS)
    )


def _count_duplicates(
    rows: pl.DataFrame, searches: pl.DataFrame, kinds: Kinds, files: Sequence[RawFile]
) -> pl.DataFrame:
    """Count rows that are the same as another of their file, in every column."""
    # Only rows of one time and one kind can be the same: few are left to be compared in every column.
    at = (searches["searched_at"].to_physical().fill_null(-1) * (len(files) + 1) + searches["file"]).to_numpy()
    shared = find_shared(at)
    number = np.unique(at[shared], return_inverse=True)[1]
    shared = shared[find_shared(number * kinds.rows.height + kinds.of[shared])]
    columns = [name for name in RAW_COLUMNS if rows[name].count()]
    same = rows.select(searches["file"], *columns)[shared]
    return same.filter(same.is_duplicated()).group_by("file").agg(pl.len().alias("duplicate_rows"))


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
