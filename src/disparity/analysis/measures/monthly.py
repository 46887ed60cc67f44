"""Estimates by month, and by quarter where the source counts by quarter."""

import polars as pl

from disparity.analysis.measures.entries import MEASURES
from disparity.analysis.measures.estimates import estimate_cells, lay_out_cells
from disparity.analysis.measures.flag_use import FLAG_IN_USE
from disparity.disclosure.tallies import Tallies, is_of_quarter, list_spans
from disparity.vocabulary.codes import ALL, EVERY_GROUP, SELF_DEFINED
from disparity.vocabulary.statuses import INCOMPLETE, NOT_MEASURABLE, PARTIAL, RESTRICTED_LABELS

SPAN = ["period_from", "period_to"]
SERIES = ["force", "ethnic_group", "measure"]
VALUES = ["numerator", "denominator", "value", "status"]

# All types of search together.
IS_TOTAL = (pl.col("search_type") == ALL) & (pl.col("ethnicity_basis") == SELF_DEFINED)


def estimate_monthly(
    tallies: Tallies,
    population: pl.DataFrame,
    submitted: pl.DataFrame,
    periods: pl.DataFrame,
    estimates: pl.DataFrame,
) -> pl.DataFrame:
    """Estimate every measure by month, for all types of search together and self-defined ethnicity.

    A month is never better evidenced than its period: the worse of the two statuses holds.

    Args:
        tallies: of the submissions that are months.
        population: residents of the middle of each month, which is their period_from and period_to: those of whole
            periods would leap by a year's growth where the next begins.
        submitted: force, month, submission (the month that the month's searches are under: its own, or the
            first of its quarter).

    Returns:
        month, force, ethnic_group, measure, numerator, denominator, value, status; a month without a file
        has rows with nulls and status incomplete. A month of a quarter has none: it is not known, nor is it
        missing (`estimate_quarterly`).
    """
    months = submitted.filter(~is_of_quarter())
    rows = _estimate_spans(tallies, population, months, periods, estimates).rename({"period_from": "month"})
    asked = estimates.select("force").unique().join(periods.select("month"), how="cross")
    missing = asked.join(submitted, on=["force", "month"], how="anti")
    series = estimates.filter(IS_TOTAL).select(SERIES).unique()
    gaps = missing.join(series, on="force").with_columns(status=pl.lit(INCOMPLETE))
    return _sort(pl.concat([rows, gaps], how="diagonal"), "month").select("month", *SERIES, *VALUES)


def estimate_quarterly(
    tallies: Tallies,
    population: pl.DataFrame,
    submitted: pl.DataFrame,
    periods: pl.DataFrame,
    estimates: pl.DataFrame,
) -> pl.DataFrame:
    """Estimate the same by quarter, for what the source counts by quarter; `tallies` and `population` are of quarters.

    Returns:
        period_from, period_to (first and last month of the quarter), and the rest as for months.
    """
    quarters = submitted.filter(is_of_quarter())
    rows = _estimate_spans(tallies, population, quarters, periods, estimates)
    return _sort(rows, "period_from").select(*SPAN, *SERIES, *VALUES)


def _estimate_spans(
    tallies: Tallies, population: pl.DataFrame, submitted: pl.DataFrame, periods: pl.DataFrame, estimates: pl.DataFrame
) -> pl.DataFrame:
    """Estimate by the spans of what was submitted: all of them months, or all quarters."""
    spans = list_spans(submitted)
    ceiling = (
        estimates.filter(IS_TOTAL)
        .filter(pl.col("status").is_in([NOT_MEASURABLE, RESTRICTED_LABELS, PARTIAL]))
        .join(periods, on=SPAN)
        .select(*SERIES, period_from="month", ceiling="status")
    )
    # Most months have most types of search: to estimate those too would take ten times the memory.
    cells = lay_out_cells(tallies, population, submitted, spans).filter(IS_TOTAL)
    # The period decides which flags are in use, through the ceiling.
    cells = cells.with_columns(**FLAG_IN_USE)
    return estimate_cells(cells, ceiling).filter(IS_TOTAL)


def _sort(rows: pl.DataFrame, month: str) -> pl.DataFrame:
    measures = pl.Enum([measure.name for measure in MEASURES])
    return rows.sort(
        "force", pl.col("measure").cast(measures), month, pl.col("ethnic_group").cast(pl.Enum(EVERY_GROUP))
    )


def spread_population(population: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Give every month of a period the residents of the period, where those of the months are not given."""
    months = periods.join(population, on=SPAN)
    return months.with_columns(period_from=pl.col("month"), period_to=pl.col("month")).drop("month")
