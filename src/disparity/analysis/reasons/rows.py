"""What every table of reasons shares: its columns, how its analyses are named, and rows out of results."""

from collections.abc import Mapping

import polars as pl

from disparity.vocabulary.codes import OFFICER_DEFINED, SELF_DEFINED

# reasons.csv has no column for the basis: the analysis carries it.
BASIS_SUFFIX = {SELF_DEFINED: "", OFFICER_DEFINED: "_officer_defined"}
REASON_COLUMNS = [
    *("force", "period_from", "period_to", "ethnic_group", "reference_group"),
    *("analysis", "component", "value", "lower", "upper", "note"),
]
REASON_ORDER = ["force", "period_from", "analysis", "component", "ethnic_group"]


def name_analysis(name: str | pl.Expr) -> pl.Expr:
    """Name an analysis, on the ethnicity basis of the row."""
    suffix = pl.col("ethnicity_basis").replace_strict(BASIS_SUFFIX, return_dtype=pl.String)
    return pl.concat_str(pl.lit(name) if isinstance(name, str) else name, suffix).alias("analysis")


def list_components(results: pl.DataFrame, notes: Mapping[str, str]) -> pl.DataFrame:
    """Give a row for every component of `notes`: REASON_COLUMNS, so that each number is the `value` of its own row.

    Args:
        results: a column per component, with `<component>_lower` and `<component>_upper` where it has limits;
            `prefix` goes before each component's name, `remark` after each note.
    """
    tables = []
    for component, note in notes.items():
        given = {f"{component}_{end}": end for end in ("lower", "upper")}
        stated = results.with_columns(
            component=pl.concat_str("prefix", pl.lit(component)),
            value=pl.col(component),
            note=pl.concat_str(pl.lit(note), "remark"),
        )
        tables.append(list_reasons(stated.rename(given, strict=False)))
    return pl.concat(tables)


def list_reasons(rows: pl.DataFrame) -> pl.DataFrame:
    """Give REASON_COLUMNS of rows, null where they have no such column."""
    blank = {"reference_group": pl.String, "lower": pl.Float64, "upper": pl.Float64}
    missing = (pl.lit(None, kind).alias(name) for name, kind in blank.items() if name not in rows.columns)
    return rows.with_columns(missing).select(REASON_COLUMNS)
