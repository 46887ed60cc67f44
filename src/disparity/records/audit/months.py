"""The audit of all files side by side: missing months, shares, and how each month compares with its own history."""

from datetime import date

import polars as pl

from disparity.records.audit.doubt import add_doubts
from disparity.records.audit.files import Audit
from disparity.records.audit.items import AREA_ITEMS, AREA_NOT_KNOWN, BLANK_ITEMS, OF, QUALITY_ITEMS
from disparity.vocabulary.thresholds import TIME_RELIABLE_BELOW

TRAILING_MONTHS = 12


def complete_audit(parts: list[Audit], forces: list[str], months: list[date]) -> Audit:
    """Put the files' audits side by side, with a row for every force-month that was not submitted.

    Adds each item's share, how blanks compare with the force's own history, and what is in doubt (`doubt`). A missing
    month has null counts: it is not an empty one. A quarter is one row, under its first month: the two after it are
    neither missing nor empty, so they have no row.
    """
    grid = pl.DataFrame({"force": forces}).join(pl.DataFrame({"month": months}, schema={"month": pl.Date}), how="cross")
    sent = pl.concat([part.submissions for part in parts])
    within = list_submitted(sent).filter(pl.col("month") > pl.col("submission"))
    submissions = (
        grid.join(within, on=["force", "month"], how="anti")
        .join(sent, on=["force", "month"], how="left")
        .with_columns(pl.col("status").fill_null("missing"), pl.col("months").fill_null(1))
        .sort("force", "month")
        .with_columns(_share(item.name, item.name + OF) for item in QUALITY_ITEMS)
        .with_columns(_share("duplicate_rows", "rows_read"))
        .with_columns(
            (pl.max_horizontal("midnight_utc_share", "midnight_local_share") < TIME_RELIABLE_BELOW).alias(
                "is_time_reliable"
            ),
            *(
                (pl.col(f"{item.name}_share") - _trail(pl.col(f"{item.name}_share"))).alias(f"{item.name}_jump")
                for item in BLANK_ITEMS
            ),
        )
    )
    labels = pl.concat([part.labels for part in parts]).sort("force", "month", "column", "label")
    doubted = add_doubts(submissions)
    return Audit(doubted.select("month", "months", "force", pl.exclude("month", "months", "force")), labels)


def list_submitted(submissions: pl.DataFrame) -> pl.DataFrame:
    """List the months that submissions are of.

    Returns:
        force, month, submission (the month that the submission is under: the first of a quarter); a month
        that is not here is missing, not zero.
    """
    last = pl.col("month").dt.offset_by(pl.concat_str(pl.col("months") - 1, pl.lit("mo")))
    return (
        submissions.filter(pl.col("status") != "missing")
        .select("force", pl.col("month").alias("submission"), pl.date_ranges("month", last, "1mo").alias("month"))
        .explode("month")
        .select("force", "month", "submission")
    )


def _share(rows: str, of: str) -> pl.Expr:
    return (pl.col(rows) / pl.col(of)).fill_nan(None).alias(f"{rows}_share")


def _trail(value: pl.Expr) -> pl.Expr:
    """Median of the force's twelve months (or quarters) before this one; null before there are three."""
    before = value.cast(pl.Float64).shift(1)
    return before.rolling_median(TRAILING_MONTHS, min_samples=3).over("force", "months", order_by="month")


def summarise_quality(submissions: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Add up the quality items over each period.

    Returns:
        force, period_from, period_to, item, label, rows, of, share (0–1; null where `of` is zero).
    """
    names = [name for item in QUALITY_ITEMS for name in (item.name, item.name + OF)]
    sums = (
        submissions.join(periods, on="month")
        .group_by("force", "period_from", "period_to")
        .agg(
            pl.col("rows_read", "duplicate_rows", "unknown_labels", *names).sum(),
            (pl.col("status") == "missing").sum().cast(pl.Int64).alias("months_missing"),
            pl.col("months").sum(),
            pl.col("rows_read").filter(pl.col("duplicate_rows").is_not_null()).sum().alias("duplicate_rows" + OF),
        )
    )
    items = [
        ("months_missing", "Months without a file", "months"),
        *((item.name, item.label, item.name + OF) for item in QUALITY_ITEMS),
        (
            "duplicate_rows",
            "Identical in every column to another row (kept: they may be different people)",
            "duplicate_rows" + OF,
        ),
        ("unknown_labels", "Values that no label table knows (counted as not recorded)", "rows_read"),
    ]
    long = [
        sums.select("force", "period_from", "period_to", item=pl.lit(name), label=pl.lit(label), rows=name, of=of)
        for name, label, of in items
    ]
    # Where the project gives no areas, nothing is said of them.
    has_areas = bool(sums.select(pl.col(AREA_NOT_KNOWN + OF).sum()).item())
    order = pl.Enum([name for name, *_ in items])
    return (
        pl.concat(long)
        .filter(pl.lit(has_areas) | ~pl.col("item").is_in(AREA_ITEMS))
        .with_columns((pl.col("rows") / pl.col("of")).fill_nan(None).alias("share"))
        .sort("force", "period_from", pl.col("item").cast(order))
    )


def log_decisions(submissions: pl.DataFrame) -> pl.DataFrame:
    """List what was done with the rows of each force: stage, force, action, reason, rows before and after."""
    sums = submissions.group_by("force").agg(
        pl.col("rows_read", "rows_blank", "rows_kept", "rows_excluded", "rows_rejected").sum(),
        pl.col("unknown_labels", "duplicate_rows").sum(),
        (pl.col("status") == "missing").sum().cast(pl.Int64).alias("missing"),
    )
    read, kept = pl.col("rows_read"), pl.col("rows_kept")
    filled = read - pl.col("rows_blank")
    recognised = filled - pl.col("rows_rejected")
    # stage, what was done with how many of what, why, how many, rows before, rows after
    steps = [
        ("sources", "leave a gap", "months", "no file: missing, not zero", "missing", read, read),
        ("sources", "drop", "rows", "blank: a line without a value", "rows_blank", read, filled),
        ("searches", "reject", "rows", "kind of search not recognised", "rows_rejected", filled, recognised),
        ("searches", "exclude", "rows", "vehicle-only search, by type", "rows_excluded", recognised, kept),
        ("searches", "count as not recorded", "values", "no label table knows them", "unknown_labels", kept, kept),
        ("searches", "keep", "rows", "identical to another: may be different people", "duplicate_rows", kept, kept),
    ]
    return pl.concat(
        sums.filter(pl.col(number) > 0).select(
            pl.lit(stage).alias("stage"),
            "force",
            action=pl.concat_str(pl.lit(f"{action} ({what}: "), pl.col(number), pl.lit(")")),
            reason=pl.lit(reason),
            rows_before=before,
            rows_after=after,
        )
        for stage, action, what, reason, number, before, after in steps
    ).sort("force", maintain_order=True)
