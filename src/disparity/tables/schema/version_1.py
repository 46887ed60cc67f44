"""Tables of the first contract, as version 0.1 of the toolkit published them, read as tables of today's.

Months were 2019-04, and search rates out of thousands of resident-years. What there was no column for stays away.
"""

import polars as pl

from disparity.tables.schema.derived import OF_RESIDENTS, THOUSAND
from disparity.tables.schema.printing import SIGNIFICANT_FIGURES, name_first_days
from disparity.tables.schema.table import MONTH, TableFile


def upgrade(table: pl.DataFrame, described: TableFile) -> pl.DataFrame:
    """Give the cell texts of an older table as they would be published today."""
    months = [column.name for column in described.columns if column.kind == MONTH and column.name in table.columns]
    upgraded = table.with_columns(pl.col(months) + "-01")
    if described.name == "checks" and "month" in table.columns:
        upgraded = upgraded.with_columns(name_first_days("month"))
    if described.name == "breakdowns" and {"breakdown", "category"} <= set(table.columns):
        is_month = pl.col("breakdown") == "month"
        upgraded = upgraded.with_columns(pl.when(is_month).then(pl.col("category") + "-01").otherwise("category"))
    if described.name == "areas" and "denominator" in table.columns:
        return upgraded.with_columns(_count_whole())
    has_denominators = any(column.name == "denominator_unit" for column in described.columns)
    if has_denominators and {"measure", "denominator"} <= set(table.columns):
        is_of_residents = pl.col("measure").is_in(OF_RESIDENTS)
        return upgraded.with_columns(pl.when(is_of_residents).then(_count_whole()).otherwise("denominator"))
    return upgraded


def _count_whole() -> pl.Expr:
    thousands = pl.col("denominator").cast(pl.Float64, strict=False)
    whole = (THOUSAND * thousands).round_sig_figs(SIGNIFICANT_FIGURES).cast(pl.String)
    return whole.str.replace(r"\.0$", "").alias("denominator")
