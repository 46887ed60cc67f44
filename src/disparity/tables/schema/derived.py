"""What a published table says beside what was counted: the code of the area, and the unit where rows have several.

A denominator is a number of searches or of resident-years, never of thousands: analysis divides by thousands of them,
as a search rate is for every 1,000 residents.
"""

import polars as pl

from disparity.analysis.measures.children import HOUR_SHARES, SHARE_OF_AGES
from disparity.analysis.measures.entries import ESTIMATED, SEARCH_RATE
from disparity.analysis.peers.rates import SEARCH_RATE_RATIO
from disparity.tables.schema.table import TableFile
from disparity.vocabulary.codes import area_codes

PER_RESIDENTS, SHARE, RATIO, FACTOR = "per_1000_residents_a_year", "share", "ratio", "factor"
SEARCHES, RESIDENT_YEARS = "searches", "resident_years"
THOUSAND = 1_000
UNITS = {measure.name: PER_RESIDENTS if measure.is_per_residents else SHARE for measure in ESTIMATED}
UNITS |= {SEARCH_RATE_RATIO: RATIO} | dict.fromkeys((SHARE_OF_AGES.name, *HOUR_SHARES), SHARE)
OF_RESIDENTS = (SEARCH_RATE.name, SEARCH_RATE_RATIO)
DERIVED = ("area_code", "denominator_unit", "unit", "difference_unit", "range_unit")
# Parts of an effect that are no rates: a jump, and a change of growth.
FACTORS = ("level", "trend")


def complete(frame: pl.DataFrame, table: TableFile) -> pl.DataFrame:
    """Add the columns of a table that its others tell, and give its denominators whole.

    Returns:
        The columns of the table in their order, then what else there is; a frame that has them all is as it was.
    """
    names = [column.name for column in table.columns]
    lacking = [name for name in names if name not in frame.columns]
    derived = [_derive(name, table).alias(name) for name in lacking if name in DERIVED]
    if "denominator_unit" in lacking:
        whole = pl.when(_is_of_residents(table)).then(THOUSAND).otherwise(1)
        derived.append(pl.col("denominator") * whole)
    made = frame.with_columns(derived)
    return made.select(*names, *(name for name in made.columns if name not in names))


def divide_by_thousands(estimates: pl.DataFrame) -> pl.DataFrame:
    """Give published rates their denominators as analysis has them, and leave out what is derived."""
    if "denominator_unit" not in estimates.columns:
        return estimates
    thousands = pl.when(pl.col("denominator_unit") == RESIDENT_YEARS).then(THOUSAND).otherwise(1)
    return estimates.with_columns(pl.col("denominator") / thousands).drop(DERIVED, strict=False)


def _derive(name: str, table: TableFile) -> pl.Expr:
    if name == "area_code":
        return pl.col("force").replace_strict(area_codes(), default=None, return_dtype=pl.String)
    if name == "denominator_unit":
        return pl.when(_is_of_residents(table)).then(pl.lit(RESIDENT_YEARS)).otherwise(pl.lit(SEARCHES))
    if name == "range_unit":
        is_rate = pl.col("measure") == SEARCH_RATE.name
        return pl.when(is_rate).then(pl.lit(RATIO)).otherwise(pl.lit(SHARE))
    unit = pl.col("measure").replace_strict(UNITS, default=None, return_dtype=pl.String)
    if table.name == "effects":
        return pl.when(pl.col("component").is_in(FACTORS)).then(pl.lit(FACTOR)).otherwise(unit)
    return unit


def _is_of_residents(table: TableFile) -> pl.Expr:
    """Areas have rates of residents alone."""
    has_measure = any(column.name == "measure" for column in table.columns)
    return pl.col("measure").is_in(OF_RESIDENTS) if has_measure else pl.lit(True)
