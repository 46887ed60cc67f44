"""What every table of reasons shares: its columns, how its analyses are named, and rows out of results."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from disparity.statistics.intervals import FloatArray
from disparity.statistics.significance import adjust_benjamini_hochberg
from disparity.vocabulary.codes import OFFICER_DEFINED, SELF_DEFINED

# reasons.csv has no column for the basis: the analysis carries it.
BASIS_SUFFIX = {SELF_DEFINED: "", OFFICER_DEFINED: "_officer_defined"}
REASON_COLUMNS = [
    *("force", "period_from", "period_to", "ethnic_group", "reference_group"),
    *("analysis", "component", "value", "lower", "upper", "note"),
]


def name_analysis(name: str) -> pl.Expr:
    """Name an analysis, on the ethnicity basis of the row."""
    suffix = pl.col("ethnicity_basis").replace_strict(BASIS_SUFFIX, return_dtype=pl.String)
    return pl.concat_str(pl.lit(name), suffix).alias("analysis")


def list_components(results: pl.DataFrame, notes: Mapping[str, str]) -> pl.DataFrame:
    """Give a row for every component of `notes`: REASON_COLUMNS, so that each number is the `value` of its own row.

    Args:
        results: a column per component, with `<component>_lower` and `<component>_upper` where it has limits;
            `prefix` goes before each component's name, `remark` after each note.
    """
    tables = []
    for component, note in notes.items():
        limits = [
            pl.col(f"{component}_{end}") if f"{component}_{end}" in results.columns else pl.lit(None, pl.Float64)
            for end in ("lower", "upper")
        ]
        tables.append(
            results.with_columns(
                pl.concat_str("prefix", pl.lit(component)).alias("component"),
                pl.col(component).alias("value"),
                *(limit.alias(end) for limit, end in zip(limits, ("lower", "upper"), strict=True)),
                pl.concat_str(pl.lit(note), "remark").alias("note"),
            ).select(REASON_COLUMNS)
        )
    return pl.concat(tables)


def adjust_within_analysis(component: str) -> pl.Expr:
    """Adjust the p of a component for all rows of its analysis: `<component>_adjusted`."""
    return (
        pl.col(component).map_batches(_adjust, return_dtype=pl.Float64).over("analysis").alias(f"{component}_adjusted")
    )


def finite(values: FloatArray) -> pl.Series:
    """Give the values as a column; what is not defined, or without end, is null."""
    return pl.Series(np.where(np.isfinite(values), values, np.nan), dtype=pl.Float64).fill_nan(None)


def _adjust(p_values: pl.Series) -> pl.Series:
    return finite(adjust_benjamini_hochberg(p_values.fill_null(float("nan")).to_numpy()))
