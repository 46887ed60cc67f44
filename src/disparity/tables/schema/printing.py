"""How a table is printed: every cell as it is published, and the CSV."""

import polars as pl

from disparity.tables.schema.derived import complete
from disparity.tables.schema.table import FLAG, MONTH, NUMBER, TEXT, WHOLE, Column, TableFile
from disparity.vocabulary.text import FORMULA_STARTS

SIGNIFICANT_FIGURES = 10
MARKING = "marking"  # a last column of the tables of an internal edition


def empty_table(table: TableFile) -> pl.DataFrame:
    """Give a table without rows."""
    kinds = {TEXT: pl.String, WHOLE: pl.Int64, NUMBER: pl.Float64, MONTH: pl.Date, FLAG: pl.Boolean}
    return pl.DataFrame(schema={column.name: kinds[column.kind] for column in table.columns})


def to_csv(frame: pl.DataFrame, table: TableFile) -> str:
    """Write a table as CSV text: contract order, months as 2019-04-01, empty for null, no formula to be run."""
    return write_printed(print_table(frame, table))


def print_table(frame: pl.DataFrame, table: TableFile) -> pl.DataFrame:
    """Give each cell as it is published; how one is printed hangs on no other row."""
    whole = complete(frame, table)
    printed = whole.select(_print_column(whole.schema[column.name], column) for column in table.columns)
    if table.name == "checks":  # whose month may be a span: 2019-04/2020-03
        printed = printed.with_columns(name_first_days("month"))
    return printed


def mark_rows(printed: pl.DataFrame, marking: str) -> pl.DataFrame:
    """Let every row say that it is not for publication, in a last column."""
    return printed.with_columns(pl.lit(marking).alias(MARKING))


def write_printed(printed: pl.DataFrame) -> str:
    """Write cells as they were printed; nothing for null."""
    return printed.write_csv(line_terminator="\r\n")


def name_first_days(name: str) -> pl.Expr:
    """Give the first day of each month in a text: 2019-04/2020-03 is 2019-04-01/2020-03-01."""
    return pl.col(name).str.replace_all(r"(\d{4}-\d{2})(/|$)", "${1}-01${2}")


def _print_column(dtype: pl.DataType, column: Column) -> pl.Expr:
    value = pl.col(column.name)
    if dtype == pl.Date:
        return value.dt.strftime("%Y-%m-%d")
    if dtype.is_float():
        # Ten figures: more than anyone needs, fewer than the last bits in which machines differ.
        text = value.round_sig_figs(SIGNIFICANT_FIGURES).cast(pl.String)
        return text.str.replace(r"\.0$", "").alias(column.name)
    if dtype == pl.Boolean:
        return value.cast(pl.String)
    if dtype == pl.String:
        return make_inert(column.name)
    return value


def make_inert(name: str) -> pl.Expr:
    """Put an apostrophe in front of what a spreadsheet would run, in a column of texts."""
    text = pl.col(name)
    starts = pl.any_horizontal(text.str.starts_with(start) for start in FORMULA_STARTS)
    return pl.when(starts).then(pl.concat_str(pl.lit("'"), text)).otherwise(text).alias(name)
