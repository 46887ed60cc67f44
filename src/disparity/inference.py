"""Comparisons: each group's rate against the reference group's, with ratio, difference, test and verdict.

Definitions, section 4. A difference is stated only where the adjusted p is under 0.05, the interval
excludes equality and both rates are measured.
"""

import numpy as np
import polars as pl

from disparity.measures import (
    INCOMPLETE,
    MEASURED,
    MEASURES,
    NOT_MEASURABLE,
    PARTIAL,
    PER_RESIDENTS,
    PERIOD_KEYS,
    RESTRICTED_LABELS,
    SMALL,
    Measure,
)
from disparity.statistics.intervals import koopman_ratio, newcombe_difference, rate_ratio_exact
from disparity.statistics.significance import adjust_benjamini_hochberg, rate_ratio_test, two_by_two_test
from disparity.vocabulary import ALL, ETHNIC_GROUPS, REFERENCE_GROUP

SIGNIFICANT = 0.05
# If only one action in ten were linked, 30 in a row without one would come up 4 times in 100.
FLAG_UNUSED_ACTIONS = 30
HIGHER, LOWER, UNCLEAR, UNMEASURED, UNCOMPARED = (
    "higher",
    "lower",
    "no clear difference",
    "not measurable",
    "not compared",
)
# The worse of two statuses stands for the comparison.
SEVERITY = (NOT_MEASURABLE, RESTRICTED_LABELS, PARTIAL, SMALL, INCOMPLETE, MEASURED)
COMPARISON_COLUMNS = [
    "measure",
    *PERIOD_KEYS,
    "ethnic_group",
    "reference_group",
    "search_type",
    *("ratio", "ratio_lower", "ratio_upper", "difference", "difference_lower", "difference_upper"),
    *("test", "statistic", "p_value", "p_adjusted", "status", "verdict"),
]


def compare(estimates: pl.DataFrame) -> pl.DataFrame:
    """Compare every group with the reference group, measure by measure.

    Returns:
        COMPARISON_COLUMNS. `ratio` has no unit (1: the same rate); `difference` is in the measure's unit
        (0: the same rate); both null where `status` allows no comparison. `p_adjusted` controls the false
        discovery rate over all comparisons of the measure in the publication.
    """
    return pl.concat(
        _state_verdict(_adjust(_compare_one(estimates, measure))) for measure in MEASURES if measure.is_compared
    )


def _compare_one(estimates: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    pairs = _pair(estimates.filter(pl.col("measure") == measure.name))
    if measure.name == "find_rate":
        pairs = _withhold_where_flag_is_unused(pairs, estimates)
    status = pl.col("status").cast(pl.Enum(SEVERITY)).to_physical()
    other = pl.col("status_reference").cast(pl.Enum(SEVERITY)).to_physical()
    pairs = pairs.with_columns(
        pl.when(status <= other).then(pl.col("status")).otherwise(pl.col("status_reference")).alias("status"),
        pl.lit(REFERENCE_GROUP).alias("reference_group"),
    )
    return _test_rates(pairs) if measure.unit == PER_RESIDENTS else _test_shares(pairs)


def _withhold_where_flag_is_unused(pairs: pl.DataFrame, estimates: pl.DataFrame) -> pl.DataFrame:
    """Compare no find rates over types whose actions are never linked: there, the flag is not in use.

    Over all searches the groups would differ because they are searched for these types more or less often:
    in South Yorkshire the difference over all searches vanishes, or turns round, within drug searches.
    """
    withheld = list_unused_flags(estimates).with_columns(is_withheld=pl.lit(True))
    return (
        pairs.join(withheld, on=[*PERIOD_KEYS, "search_type"], how="left")
        .with_columns(
            pl.when(pl.col("is_withheld") & (pl.col("status") == MEASURED))
            .then(pl.lit(PARTIAL))
            .otherwise(pl.col("status"))
            .alias("status")
        )
        .drop("is_withheld")
    )


def list_unused_flags(estimates: pl.DataFrame) -> pl.DataFrame:
    """List the types of search whose actions a force never links, and "All" wherever there is such a type.

    Returns:
        force, period_from, period_to, ethnicity_basis, search_type.
    """
    everyone = estimates.filter(pl.col("ethnic_group") == ALL, pl.col("search_type") != "drugs_unspecified")
    keys = [*PERIOD_KEYS, "search_type"]
    actions = everyone.filter(pl.col("measure") == "action_rate").select(*keys, actions=pl.col("numerator"))
    finds = everyone.filter(pl.col("measure") == "find_rate").select(*keys, finds=pl.col("numerator"))
    unused = finds.join(actions, on=keys).filter(
        pl.col("finds") == 0, pl.col("actions") >= FLAG_UNUSED_ACTIONS, pl.col("search_type") != ALL
    )
    overall = unused.select(PERIOD_KEYS).unique().with_columns(search_type=pl.lit(ALL))
    return pl.concat([unused.select(keys), overall]).sort(keys)


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


def _cell(pairs: pl.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    columns = ("numerator", "denominator", "numerator_reference", "denominator_reference")
    first, second, third, fourth = (pairs[column].cast(pl.Float64).fill_null(0).to_numpy() for column in columns)
    return first, second, third, fourth


def _test_rates(pairs: pl.DataFrame) -> pl.DataFrame:
    """Ratio of search rates: exact on the total of both. Differences of rates carry no interval of their own."""
    cell = _cell(pairs)
    lower, upper = rate_ratio_exact(*cell)
    is_shown = pl.col("status").is_in([MEASURED, SMALL, INCOMPLETE])
    is_tested = pl.col("status") == MEASURED
    return pairs.with_columns(
        pl.when(is_shown, pl.col("value_reference") > 0)
        .then(pl.col("value") / pl.col("value_reference"))
        .alias("ratio"),
        pl.when(is_shown).then(_finite(lower)).alias("ratio_lower"),
        pl.when(is_shown).then(_finite(upper)).alias("ratio_upper"),
        pl.when(is_shown).then(pl.col("value") - pl.col("value_reference")).alias("difference"),
        pl.lit(None, pl.Float64).alias("difference_lower"),
        pl.lit(None, pl.Float64).alias("difference_upper"),
        pl.when(is_tested).then(pl.lit("exact conditional binomial")).alias("test"),
        pl.lit(None, pl.Float64).alias("statistic"),
        pl.when(is_tested).then(_finite(rate_ratio_test(*cell))).alias("p_value"),
    )


def _test_shares(pairs: pl.DataFrame) -> pl.DataFrame:
    cell = _cell(pairs)
    ratio_lower, ratio_upper = koopman_ratio(*cell)
    difference_lower, difference_upper = newcombe_difference(*cell)
    test, statistic, p_value = two_by_two_test(*cell)
    is_shown = pl.col("status").is_in([MEASURED, SMALL])
    is_tested = pl.col("status") == MEASURED
    return pairs.with_columns(
        pl.when(is_shown, pl.col("value_reference") > 0)
        .then(pl.col("value") / pl.col("value_reference"))
        .alias("ratio"),
        pl.when(is_shown).then(_finite(ratio_lower)).alias("ratio_lower"),
        pl.when(is_shown).then(_finite(ratio_upper)).alias("ratio_upper"),
        pl.when(is_shown).then(pl.col("value") - pl.col("value_reference")).alias("difference"),
        pl.when(is_shown).then(_finite(difference_lower)).alias("difference_lower"),
        pl.when(is_shown).then(_finite(difference_upper)).alias("difference_upper"),
        pl.when(is_tested).then(pl.Series(test.tolist(), dtype=pl.String).replace("", None)).alias("test"),
        pl.when(is_tested).then(_finite(statistic)).alias("statistic"),
        pl.when(is_tested).then(_finite(p_value)).alias("p_value"),
    )


def _finite(values: np.ndarray) -> pl.Series:
    """An infinite limit has no end to print: null, as the undefined ones are."""
    return pl.Series(np.where(np.isfinite(values), values, np.nan)).fill_nan(None)


def _adjust(pairs: pl.DataFrame) -> pl.DataFrame:
    p_values = pairs["p_value"].fill_null(float("nan")).to_numpy()
    return pairs.with_columns(_finite(adjust_benjamini_hochberg(p_values)).alias("p_adjusted"))


def _state_verdict(pairs: pl.DataFrame) -> pl.DataFrame:
    is_ratio = pl.col("difference_lower").is_null()
    low = pl.when(is_ratio).then(pl.col("ratio_lower") - 1).otherwise(pl.col("difference_lower"))
    high = pl.when(is_ratio).then(pl.col("ratio_upper") - 1).otherwise(pl.col("difference_upper"))
    is_clear = pl.col("p_adjusted") < SIGNIFICANT
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
