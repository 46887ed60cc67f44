"""The audit of years: what only shows over a whole period."""

import polars as pl

from disparity.records.audit.files import YEAR_COLUMNS, Audit
from disparity.vocabulary.codes import ALL


def audit_years(audit: Audit, periods: pl.DataFrame, official: pl.DataFrame) -> pl.DataFrame:
    """Sum the audit up by force and period: what only shows over a year.

    Returns:
        force, period_from, period_to, months_missing, searches, vehicle_searches (vehicle-only: in no rate),
        self_defined_labels (of 18 substantive ones), officer_defined_groups, link_false_share,
        official_searches and official_difference_share (records against the official total, with the
        vehicle-only searches where that counts them; null where there is none).
    """
    spans = ["force", "period_from", "period_to"]
    months = audit.submissions.join(periods, on="month")
    sums = months.group_by(spans).agg(
        (pl.col("status") == "missing").sum().cast(pl.Int64).alias("months_missing"),
        pl.col("rows_kept").sum().alias("searches"),
        pl.col("rows_excluded").sum().alias("vehicle_searches"),
        (pl.col("link_false").sum() / pl.col("link_false_of").sum()).fill_nan(None).alias("link_false_share"),
    )
    used = (
        audit.labels.join(periods, on="month")
        .group_by(spans)
        .agg(
            _count_codes("self_defined_ethnicity", but="NS").alias("self_defined_labels"),
            _count_codes("officer_defined_ethnicity").alias("officer_defined_groups"),
        )
    )
    totals = official.filter(pl.col("ethnic_group") == ALL).select(*spans, "official_searches", "counts_vehicles")
    counted = pl.col("searches") + pl.when("counts_vehicles").then("vehicle_searches").otherwise(0)
    is_complete = pl.col("months_missing") == 0
    return (
        sums.join(used, on=spans, how="left")
        .join(totals, on=spans, how="left")
        .with_columns(
            pl.when(is_complete).then(counted / pl.col("official_searches") - 1).alias("official_difference_share")
        )
        .select(list(YEAR_COLUMNS))
        .sort(spans)
    )


def _count_codes(column: str, *, but: str = "") -> pl.Expr:
    codes = pl.col("code").filter((pl.col("column") == column) & (pl.col("code") != but))
    return codes.n_unique().cast(pl.Int64)
