"""Comparisons: each group's rate against the reference group's, with ratio, difference and test.

Definitions, section 4. What is said of them, `sensitivity.statements` decides.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from disparity.analysis.measures.clustered_tests import ClusteredTest, widen_tests
from disparity.analysis.measures.clusters import NO_CLUSTERS, Clusters, floats
from disparity.analysis.measures.entries import MEASURES, TYPE_SHARE, Measure
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
from disparity.vocabulary.thresholds import SMALL_SEARCHES

HIGHER, LOWER, UNCLEAR = "higher", "lower", "no clear difference"
DEPENDS = "depends"  # clear as printed, but not under every assumption
# In `test`, before the kind of cluster that the p is of.
BY_CLUSTER = "clusters by "
UNMEASURED, UNCOMPARED = "not measurable", "not compared"
# The worse of two statuses is that of the comparison.
SEVERITY = (SUPPRESSED, NOT_MEASURABLE, RESTRICTED_LABELS, PARTIAL, SMALL, INCOMPLETE, MEASURED)
COMPARED_COLUMNS = [
    "measure",
    *PERIOD_KEYS,
    "ethnic_group",
    "reference_group",
    "search_type",
    *("ratio", "ratio_lower", "ratio_upper", "difference", "difference_lower", "difference_upper"),
    *("test", "statistic", "p_value", "design_effect", "standard_error", "degrees_of_freedom", "is_clustered"),
    *("margin", "status"),
]


def compare(
    estimates: pl.DataFrame, *, clusters: Clusters = NO_CLUSTERS, measures: Sequence[Measure] = MEASURES
) -> pl.DataFrame:
    """Compare every group with the reference group, measure by measure.

    Args:
        clusters: as `gather_clusters` gives them; without them searches are taken to be independent.

    Returns:
        COMPARED_COLUMNS. `ratio` has no unit (1: the same rate); `difference` is in the measure's unit (0: the same
        rate); both null where `status` allows no comparison. A share of searches of a type is tested where at least
        SMALL_SEARCHES of the group would be of that type if it had the reference group's share. `p_value` is the
        largest, and limits are the widest, of the exact test of independent searches and of those over weeks,
        incidents and months; `test` says which it is. `standard_error` (of the log ratio for search rates, of the
        difference for shares) and `degrees_of_freedom` (infinite: normal) give it. `design_effect` is variance /
        variance of independent searches, the largest (1: independent; null: nothing is known of clusters);
        `is_clustered` says whether any kind of cluster is known. `margin`, on the scale of the error, is how far
        rounding could have moved the value: 0 of counts that are not rounded.

    Source: Binder (1983); definitions, section 4.
    """
    pairs = pl.concat(_compare_one(estimates, measure, clusters) for measure in measures if measure.is_compared)
    return pairs.with_columns(margin=pl.lit(0.0)).select(COMPARED_COLUMNS)


def _compare_one(estimates: pl.DataFrame, measure: Measure, clusters: Clusters) -> pl.DataFrame:
    pairs = _pair(estimates.filter(pl.col("measure") == measure.name))
    status = pl.col("status").cast(pl.Enum(SEVERITY)).to_physical()
    other = pl.col("status_reference").cast(pl.Enum(SEVERITY)).to_physical()
    pairs = pairs.with_columns(
        status=pl.when(status <= other).then("status").otherwise("status_reference"),
        reference_group=pl.lit(REFERENCE_GROUP),
    )
    return _test(pairs, measure, clusters)


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


def _test(pairs: pl.DataFrame, measure: Measure, clusters: Clusters) -> pl.DataFrame:
    """Add ratio, difference and test; a difference of search rates carries no interval of its own."""
    columns = ("numerator", "denominator", "numerator_reference", "denominator_reference")
    cell = [floats(pairs, column) for column in columns]
    if measure.is_per_residents:
        nothing = np.full(pairs.height, np.nan)
        ratio, difference = rate_ratio_exact(*cell), Interval(nothing, nothing)
        test = TwoByTwoTest(np.full(pairs.height, "exact conditional binomial"), nothing, rate_ratio_test(*cell))
    else:
        ratio, difference, test = koopman_ratio(*cell), newcombe_difference(*cell), two_by_two_test(*cell)
    wide = widen_tests(pairs, measure, clusters, cell, (ratio, difference, test.p))
    is_shown, is_tested = pl.col("status").is_in([MEASURED, SMALL, INCOMPLETE]), pl.col("status") == MEASURED
    if measure is TYPE_SHARE:
        # An operation concerns one type: a group of which few searches of a type are to be expected has one such
        # operation or none in a year, and nothing that it recorded tells how many there could have been.
        expected = pl.col("denominator") * pl.col("value_reference")
        is_tested &= (expected >= SMALL_SEARCHES).fill_null(False)
    limits = {
        f"{name}_{end}": limit
        for name, both in (("ratio", wide.ratio), ("difference", wide.difference))
        for end, limit in both._asdict().items()
    }
    value, other = pl.col("value"), pl.col("value_reference")
    return pairs.with_columns(
        pl.when(is_shown, other > 0).then(value / other).alias("ratio"),
        pl.when(is_shown).then(value - other).alias("difference"),
        *(pl.when(is_shown).then(finite(limit)).alias(name) for name, limit in limits.items()),
        *(pl.when(is_tested).then(column).alias(name) for name, column in _describe_test(test, wide).items()),
        is_clustered=pl.Series(~np.isnan(wide.design_effect)) if pairs.height else pl.lit(None, pl.Boolean),
    )


def _describe_test(test: TwoByTwoTest, wide: ClusteredTest) -> dict[str, pl.Series]:
    """Which test gave the p, its statistic, and what else works it out again."""
    is_exact = wide.kind == ""
    is_tested = ~np.isnan(wide.p)
    names = np.where(is_exact, test.test, [f"{BY_CLUSTER}{kind}" for kind in wide.kind])
    freedom = pl.Series(np.where(is_tested, wide.degrees_of_freedom, np.nan), dtype=pl.Float64).fill_nan(None)
    return {
        "test": pl.Series(np.where(is_tested, names, "").tolist(), dtype=pl.String).replace("", None),
        "statistic": finite(np.where(is_exact & is_tested, test.statistic, np.nan)),
        "p_value": finite(wide.p),
        "design_effect": finite(wide.design_effect),
        "standard_error": finite(np.where(is_tested, wide.standard_error, np.nan)),
        "degrees_of_freedom": freedom,
    }


def finite(values: FloatArray) -> pl.Series:
    """Give the values as a column; an infinite limit has no end to print: null, as the undefined ones are."""
    return pl.Series(np.where(np.isfinite(values), values, np.nan), dtype=pl.Float64).fill_nan(None)


def adjust(column: str) -> pl.Expr:
    """Adjust the p of a column for all of them (Benjamini-Hochberg)."""
    return pl.col(column).map_batches(_adjust_values, return_dtype=pl.Float64)


def _adjust_values(p_values: pl.Series) -> pl.Series:
    return finite(adjust_benjamini_hochberg(p_values.fill_null(float("nan")).to_numpy()))
