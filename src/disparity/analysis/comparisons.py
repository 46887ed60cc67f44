"""Comparisons: each group's rate against the reference group's, with ratio, difference, test and verdict.

Definitions, section 4. A difference is stated only where the adjusted p is under 0.05, the interval
excludes equality and both rates are measured.
"""

import numpy as np
import polars as pl
from scipy import special

from disparity.analysis.measures.dispersion import NO_DISPERSION
from disparity.analysis.measures.entries import MEASURES, SEARCH_RATE, Measure
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.statistics.intervals import FloatArray, Interval, koopman_ratio, newcombe_difference, rate_ratio_exact
from disparity.statistics.significance import TwoByTwoTest, adjust_benjamini_hochberg, rate_ratio_test, two_by_two_test
from disparity.vocabulary.codes import ETHNIC_GROUPS, REFERENCE_GROUP
from disparity.vocabulary.statuses import (
    INCOMPLETE,
    MEASURED,
    NOT_MEASURABLE,
    PARTIAL,
    RESTRICTED_LABELS,
    SMALL,
    SUPPRESSED,
)

SIGNIFICANT = 0.05
HIGHER, LOWER, UNCLEAR = "higher", "lower", "no clear difference"
DEPENDS = "depends"  # clear as printed, but not under every assumption
UNMEASURED, UNCOMPARED = "not measurable", "not compared"
# The worse of two statuses is that of the comparison.
SEVERITY = (SUPPRESSED, NOT_MEASURABLE, RESTRICTED_LABELS, PARTIAL, SMALL, INCOMPLETE, MEASURED)
COMPARISON_COLUMNS = [
    "measure",
    *PERIOD_KEYS,
    "ethnic_group",
    "reference_group",
    "search_type",
    *("ratio", "ratio_lower", "ratio_upper", "difference", "difference_lower", "difference_upper"),
    *("test", "statistic", "p_value", "p_adjusted", "status", "verdict"),
]


def compare(estimates: pl.DataFrame, *, dispersion: pl.DataFrame | None = None, publication: str = "") -> pl.DataFrame:
    """Compare every group with the reference group, measure by measure.

    Args:
        dispersion: over-dispersion of search rates, as `measure_dispersion` gives it; without it searches are
            taken to be independent.
        publication: the column that distinguishes publications, where the rows are of several.

    Returns:
        COMPARISON_COLUMNS. `ratio` has no unit (1: the same rate); `difference` is in the measure's unit
        (0: the same rate); both null where `status` allows no comparison. `p_adjusted` controls the false
        discovery rate over all comparisons of the measure in the publication; `verdict` also allows for
        how many measures there are and, for search rates, for over-dispersion.
    """
    pairs = pl.concat(_compare_one(estimates, measure) for measure in MEASURES if measure.is_compared)
    named = pairs.with_columns(pl.col(publication) if publication else pl.lit("").alias("publication"))
    keys = [publication or "publication"]
    spread = _add_dispersed(named, dispersion if dispersion is not None else NO_DISPERSION)
    adjusted = spread.with_columns(
        adjust("p_value").over(*keys, "measure").alias("p_adjusted"),
        adjust("p_dispersed").over(*keys, "measure").alias("p_dispersed"),
    )
    return _state_verdict(_set_level(adjusted, keys))


def _compare_one(estimates: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    pairs = _pair(estimates.filter(pl.col("measure") == measure.name))
    status = pl.col("status").cast(pl.Enum(SEVERITY)).to_physical()
    other = pl.col("status_reference").cast(pl.Enum(SEVERITY)).to_physical()
    pairs = pairs.with_columns(
        status=pl.when(status <= other).then("status").otherwise("status_reference"),
        reference_group=pl.lit(REFERENCE_GROUP),
    )
    return _test(pairs, measure)


def _pair(rows: pl.DataFrame) -> pl.DataFrame:
    keys = [*PERIOD_KEYS, "search_type"]
    reference = rows.filter(pl.col("ethnic_group") == REFERENCE_GROUP).drop("ethnic_group", "measure")
    groups = rows.filter(
        pl.col("ethnic_group").is_in([group for group in ETHNIC_GROUPS if group != REFERENCE_GROUP]),
        # What is left of drugs is a part that happens to be undivided: testing it beside their sum would count
        # the same comparison twice.
        pl.col("search_type") != "drugs_unspecified",
    )
    return groups.join(reference, on=keys, how="left", suffix="_reference", maintain_order="left")


def _test(pairs: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """Add ratio, difference and test; a difference of search rates carries no interval of its own."""
    columns = ("numerator", "denominator", "numerator_reference", "denominator_reference")
    cell = [pairs[column].cast(pl.Float64).fill_null(0).to_numpy() for column in columns]
    if measure.is_per_residents:
        nothing = np.full(pairs.height, np.nan)
        ratio, difference = rate_ratio_exact(*cell), Interval(nothing, nothing)
        test = TwoByTwoTest(np.full(pairs.height, "exact conditional binomial"), nothing, rate_ratio_test(*cell))
    else:
        ratio, difference, test = koopman_ratio(*cell), newcombe_difference(*cell), two_by_two_test(*cell)
    is_shown, is_tested = pl.col("status").is_in([MEASURED, SMALL, INCOMPLETE]), pl.col("status") == MEASURED
    limits = {
        f"{name}_{end}": limit
        for name, both in (("ratio", ratio), ("difference", difference))
        for end, limit in both._asdict().items()
    }
    value, other = pl.col("value"), pl.col("value_reference")
    return pairs.with_columns(
        pl.when(is_shown, other > 0).then(value / other).alias("ratio"),
        pl.when(is_shown).then(value - other).alias("difference"),
        *(pl.when(is_shown).then(finite(limit)).alias(name) for name, limit in limits.items()),
        pl.when(is_tested).then(pl.Series(test.test.tolist(), dtype=pl.String).replace("", None)).alias("test"),
        pl.when(is_tested).then(finite(test.statistic)).alias("statistic"),
        pl.when(is_tested).then(finite(test.p)).alias("p_value"),
    )


def finite(values: FloatArray) -> pl.Series:
    """Give the values as a column; an infinite limit has no end to print: null, as the undefined ones are."""
    return pl.Series(np.where(np.isfinite(values), values, np.nan), dtype=pl.Float64).fill_nan(None)


def adjust(column: str) -> pl.Expr:
    """Adjust the p of a column for all of them (Benjamini-Hochberg)."""
    return pl.col(column).map_batches(_adjust_values, return_dtype=pl.Float64)


def _adjust_values(p_values: pl.Series) -> pl.Series:
    return finite(adjust_benjamini_hochberg(p_values.fill_null(float("nan")).to_numpy()))


def _add_dispersed(pairs: pl.DataFrame, dispersion: pl.DataFrame) -> pl.DataFrame:
    """Add the p of a ratio of search rates whose searches are over-dispersed: null where phi is not known.

    t = log ratio / √(phi (1 / Nc + 1 / Nr)), on months - 1 degrees of freedom: phi comes from so many months.
    The exact p takes searches to be independent; where months vary more, it calls chance a difference.

    Source: McCullagh and Nelder (1989), section 4.5.
    """
    keys = [*PERIOD_KEYS, "ethnic_group", "search_type"]
    joined = pairs.join(dispersion, on=keys, how="left", maintain_order="left")
    columns = ("ratio", "numerator", "numerator_reference", "phi", "months")
    ratio, own, other, phi, months = (
        joined[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in columns
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.log(ratio) / np.sqrt(np.maximum(phi, 1) * (1 / own + 1 / other))
    p = 2 * special.stdtr(months - 1, -np.abs(t))
    is_rate = (pl.col("measure") == SEARCH_RATE.name) & pl.col("p_value").is_not_null()
    return joined.with_columns(pl.when(is_rate).then(finite(p)).alias("p_dispersed"))


def _set_level(pairs: pl.DataFrame, publication: list[str]) -> pl.DataFrame:
    """Give the `level` that an adjusted p must be under: 0.05 x measures selected / measures tested.

    A measure is selected where its smallest adjusted p (Simes' test of no difference in the measure at all)
    is under 0.05 after Benjamini-Hochberg over the measures. Without this, one publication in six would state
    a difference where no group differs in anything: 5% for each of its measures adds up.

    Source: Benjamini and Bogomolov (2014).
    """
    measures = (
        pairs.filter(pl.col("p_adjusted").is_not_null())
        .group_by(*publication, "measure")
        .agg(pl.col("p_adjusted").min().alias("simes"))
        .with_columns(adjust("simes").over(publication).alias("simes_adjusted"))
        .group_by(publication)
        .agg((SIGNIFICANT * (pl.col("simes_adjusted") < SIGNIFICANT).mean()).alias("level"))
    )
    return pairs.join(measures, on=publication, how="left", maintain_order="left")


def _state_verdict(pairs: pl.DataFrame) -> pl.DataFrame:
    is_ratio = pl.col("difference_lower").is_null()
    low = pl.when(is_ratio).then(pl.col("ratio_lower") - 1).otherwise(pl.col("difference_lower"))
    high = pl.when(is_ratio).then(pl.col("ratio_upper") - 1).otherwise(pl.col("difference_upper"))
    is_clear = (pl.col("p_adjusted") < pl.col("level")) & (pl.col("p_dispersed").fill_null(0) < pl.col("level"))
    return pairs.with_columns(
        pl.when(pl.col("status") == NOT_MEASURABLE)
        .then(pl.lit(UNMEASURED))
        .when((pl.col("status") != MEASURED) | pl.col("p_value").is_null())
        .then(pl.lit(UNCOMPARED))
        .when(is_clear & (low > 0))
        .then(pl.lit(HIGHER))
        .when(is_clear & (high < 0))
        .then(pl.lit(LOWER))
        .otherwise(pl.lit(UNCLEAR))
        .alias("verdict")
    ).select(COMPARISON_COLUMNS)
