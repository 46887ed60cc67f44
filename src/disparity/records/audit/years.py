"""The audit of years: what only shows over a whole period."""

import polars as pl

from disparity.records.audit.files import YEAR_COLUMNS, Audit
from disparity.records.audit.filtering import find_filtering
from disparity.vocabulary.calendar import MONTHS_IN_YEAR
from disparity.vocabulary.codes import ALL
from disparity.vocabulary.doubts import EARLIER_TOTAL, OFFICIAL_TOTAL
from disparity.vocabulary.thresholds import OFFICIAL_ABOVE, OFFICIAL_BELOW

# Of fewer months a season would pass for a difference.
FEWEST_OF_YEAR = MONTHS_IN_YEAR // 2


def audit_years(audit: Audit, periods: pl.DataFrame, official: pl.DataFrame) -> pl.DataFrame:
    """Sum the audit up by force and period: what only shows over a year.

    Returns:
        force, period_from, period_to, months_missing, searches, vehicle_searches (vehicle-only: in no rate),
        self_defined_labels (of 18 substantive ones), officer_defined_groups, link_false_share,
        official_searches and official_difference_share (records against the official total, with the
        vehicle-only searches where that counts them; null where there is none). nearest_official_searches and
        nearest_official_to: the official total of the same year, or of the last year before with one, and that year's
        last month; records_against_official: records / that total, at the pace of a year where months are missing;
        null of no year, or of under six months. months_covered and months_in_doubt: months with a file, and those of
        them that are in doubt (`doubt`). days and days_covered: of the months with a file and a date; null where there
        is no date. doubts: official_total, or earlier_official_total, where the records are over 1.25 or under 0.8
        times the official total of the year, or of that before. filtering: of `find_filtering`.
    """
    spans = ["force", "period_from", "period_to"]
    months = audit.submissions.join(periods, on="month")
    sums = months.group_by(spans).agg(
        (pl.col("status") == "missing").sum().cast(pl.Int64).alias("months_missing"),
        pl.col("rows_kept").sum().alias("searches"),
        pl.col("rows_excluded").sum().alias("vehicle_searches"),
        (pl.col("link_false").sum() / pl.col("link_false_of").sum()).fill_nan(None).alias("link_false_share"),
        pl.col("months").sum().alias("months_asked"),
        pl.col("months").filter(pl.col("status") != "missing").sum().alias("months_covered"),
        pl.col("months").filter(pl.col("doubts").is_not_null()).sum().alias("months_in_doubt"),
        *(_sum_known(name, pl.col("days_covered").is_not_null()) for name in ("days", "days_covered")),
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
    nearest = _find_nearest(sums.select(spans), official)
    filtering = find_filtering(audit.submissions, audit.labels, periods, totals)
    counted = pl.col("searches") + pl.when("counts_vehicles").then("vehicle_searches").otherwise(0)
    is_complete = pl.col("months_missing") == 0
    held = pl.col("searches") + pl.when("nearest_counts_vehicles").then("vehicle_searches").otherwise(0)
    is_year = (pl.col("months_asked") == MONTHS_IN_YEAR) & (pl.col("months_covered") >= FEWEST_OF_YEAR)
    pace = held * MONTHS_IN_YEAR / pl.col("months_covered") / pl.col("nearest_official_searches")
    against = pl.col("records_against_official")
    is_own = pl.col("nearest_official_to") == pl.col("period_to")
    return (
        sums.join(used, on=spans, how="left")
        .join(totals, on=spans, how="left")
        .join(nearest, on=spans, how="left")
        .join(filtering, on=spans, how="left")
        .with_columns(
            pl.when(is_complete).then(counted / pl.col("official_searches") - 1).alias("official_difference_share"),
            pl.when(is_year).then(pace).alias("records_against_official"),
        )
        .with_columns(
            pl.when((against > OFFICIAL_ABOVE) | (against < OFFICIAL_BELOW))
            .then(pl.when(is_own).then(pl.lit(OFFICIAL_TOTAL)).otherwise(pl.lit(EARLIER_TOTAL)))
            .alias("doubts")
        )
        .select(list(YEAR_COLUMNS))
        .sort(spans)
    )


def _sum_known(name: str, is_known: pl.Expr) -> pl.Expr:
    return pl.when(is_known.any()).then(pl.col(name).filter(is_known).sum()).alias(name)


def _find_nearest(spans: pl.DataFrame, official: pl.DataFrame) -> pl.DataFrame:
    """Find the official total of each period's year, or of the last year before it."""
    totals = official.filter(pl.col("ethnic_group") == ALL).select(
        "force",
        nearest_official_to="period_to",
        nearest_official_searches="official_searches",
        nearest_counts_vehicles="counts_vehicles",
    )
    return (
        spans.join(totals, on="force")
        .filter(pl.col("nearest_official_to") <= pl.col("period_to"))
        .sort("nearest_official_to")
        .unique(["force", "period_from", "period_to"], keep="last", maintain_order=True)
    )


def _count_codes(column: str, *, but: str = "") -> pl.Expr:
    codes = pl.col("code").filter((pl.col("column") == column) & (pl.col("code") != but))
    return codes.n_unique().cast(pl.Int64)
