"""The audit of dates of validity: searches under a power that was not in force.

Powers come and go; their dates are in the reference table `powers_in_force`.
"""

from datetime import date
from functools import cache

import polars as pl

from disparity.records.audit.columns import name_value
from disparity.vocabulary.calendar import name_day
from disparity.vocabulary.codes import read_reference

VALIDITY = {"force": pl.String, "month": pl.Date, "legislation": pl.String, "rows": pl.Int64, "finding": pl.String}
DATES = {"legislation": pl.String, "from": pl.Date, "to": pl.Date}


@cache
def read_powers() -> pl.DataFrame:
    """Give the powers that were not always in force: legislation, from, to (first and last day; null: open)."""
    return pl.DataFrame(read_reference("powers_in_force")).select(
        "legislation", *(pl.col(end).replace("", None).str.to_date().alias(end) for end in ("from", "to"))
    )


def is_out_of_force(first_day: pl.Expr, last_day: pl.Expr) -> pl.Expr:
    """Whether a search's `legislation` was out of force from the first to the last day that it can have been on."""
    power = pl.col("legislation")
    return pl.any_horizontal(
        (power == code) & ((last_day < (start or date.min)) | (first_day > (end or date.max)))
        for code, start, end in read_powers().iter_rows()
    )


def audit_validity(submissions: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """Find the powers that were used in a month in which they were not in force, on some day or at all.

    Args:
        submissions, labels: of `files.Audit`, of all files.

    Returns:
        VALIDITY: a row for each force, month and power with dates; `finding` says how many searches of the month were
        on days on which it was not in force, null where none were.
    """
    used = (
        labels.filter(pl.col("column") == "legislation", pl.col("code").is_not_null())
        .group_by("force", "month", legislation="code")
        .agg(pl.col("rows").sum())
        .join(read_powers(), on="legislation")
        .join(submissions.select("force", "month", "months", "power_not_in_force"), on=["force", "month"])
    )
    last = pl.col("month").dt.offset_by(pl.concat_str(pl.col("months"), pl.lit("mo"))).dt.offset_by("-1d")
    is_out = ((last < pl.col("from")) | (pl.col("month") > pl.col("to"))).fill_null(False)
    # In a month that it began or ended in, the days of the searches tell; no month has two such powers apart.
    rows = pl.when(is_out).then("rows").otherwise(pl.min_horizontal("rows", "power_not_in_force"))
    found = used.with_columns(rows.alias("rows"))
    words = [_word(*row) for row in found.select(*DATES, "rows").iter_rows()]
    return (
        found.with_columns(finding=pl.Series(words, dtype=pl.String))
        .select(list(VALIDITY))
        .sort("force", "month", "legislation")
    )


def _word(power: str, start: date | None, end: date | None, rows: int) -> str | None:
    if not rows:
        return None
    days = " ".join(f"{word} {name_day(day)}" for word, day in (("from", start), ("to", end)) if day is not None)
    return f"{name_value('legislation', power)} in {rows:,} searches; it was in force {days} only"
