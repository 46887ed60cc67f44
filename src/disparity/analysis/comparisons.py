"""Comparisons: each group's rate against the reference group's, with ratio, difference, test and verdict.

Definitions, section 4. A difference is stated only where the adjusted p is under 0.05, the interval
excludes equality and both rates are measured.
"""

import numpy as np
import polars as pl
from scipy import special

from disparity.analysis.measures.dispersion import NO_DISPERSION
from disparity.analysis.measures.entries import ACTION_RATE, FIND_RATE, MEASURES, SEARCH_RATE, Measure
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.statistics.intervals import koopman_ratio, newcombe_difference, rate_ratio_exact
from disparity.statistics.significance import adjust_benjamini_hochberg, rate_ratio_test, two_by_two_test
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, REFERENCE_GROUP
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
# If only one action in ten were linked, 30 in a row without one would come up 4 times in 100.
FLAG_UNUSED_ACTIONS = 30
# Where actions are not counted by type: of so many searches without a find, the flag is not in use either.
FLAG_UNUSED_SEARCHES = 200
HIGHER, LOWER, UNCLEAR, UNMEASURED, UNCOMPARED = (
    "higher",
    "lower",
    "no clear difference",
    "not measurable",
    "not compared",
)
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
        _adjust("p_value").over(*keys, "measure").alias("p_adjusted"),
        _adjust("p_dispersed").over(*keys, "measure").alias("p_dispersed"),
    )
    return _state_verdict(_set_level(adjusted, keys))


def find_unused_flags(estimates: pl.DataFrame) -> pl.DataFrame:
    """Find the search types of which many actions are recorded, and all as not linked to the object.

    Returns:
        force, period_from, period_to, ethnicity_basis, search_type: where at least FLAG_UNUSED_ACTIONS actions
        (FLAG_UNUSED_SEARCHES searches, where actions are not counted by type) and no find show that the linked flag
        is not in use. A flag that is blank throughout
        (no find rate) is missing, not unused.
    """
    keys = [*PERIOD_KEYS, "search_type"]
    everyone = estimates.filter(pl.col("ethnic_group") == ALL, ~pl.col("search_type").is_in([ALL, "drugs_unspecified"]))
    counted = everyone.filter(pl.col("measure") == ACTION_RATE.name)
    actions = counted.filter(pl.col("numerator") >= FLAG_UNUSED_ACTIONS)
    finds = everyone.filter(
        pl.col("measure") == FIND_RATE.name,
        pl.col("numerator") == 0,
        pl.col("status").is_in([MEASURED, PARTIAL, SMALL, SUPPRESSED]),
    )
    many = finds.join(counted, on=keys, how="anti").filter(pl.col("denominator") >= FLAG_UNUSED_SEARCHES)
    return pl.concat([finds.join(actions, on=keys, how="semi"), many]).select(keys).sort(keys)


def _compare_one(estimates: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    pairs = _pair(estimates.filter(pl.col("measure") == measure.name))
    if measure is FIND_RATE:
        pairs = _withhold_where_flag_is_unused(pairs, estimates)
    status = pl.col("status").cast(pl.Enum(SEVERITY)).to_physical()
    other = pl.col("status_reference").cast(pl.Enum(SEVERITY)).to_physical()
    pairs = pairs.with_columns(
        pl.when(status <= other).then(pl.col("status")).otherwise(pl.col("status_reference")).alias("status"),
        pl.lit(REFERENCE_GROUP).alias("reference_group"),
    )
    return _test_rates(pairs) if measure.is_per_residents else _test_shares(pairs)


def _withhold_where_flag_is_unused(pairs: pl.DataFrame, estimates: pl.DataFrame) -> pl.DataFrame:
    """Compare no find rates over types whose actions are never linked: there, the flag is not in use.

    Over all searches the groups would differ because they are searched for these types more or less often:
    in South Yorkshire the difference over all searches vanishes, or turns round, within drug searches.
    """
    unused = find_unused_flags(estimates)
    overall = unused.select(PERIOD_KEYS).unique().with_columns(search_type=pl.lit(ALL))
    withheld = pl.concat([unused, overall]).with_columns(is_withheld=pl.lit(True))
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


def _adjust(column: str) -> pl.Expr:
    return pl.col(column).map_batches(_adjust_values, return_dtype=pl.Float64)


def _adjust_values(p_values: pl.Series) -> pl.Series:
    return _finite(adjust_benjamini_hochberg(p_values.fill_null(float("nan")).to_numpy()))


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
    return joined.with_columns(pl.when(is_rate).then(_finite(p)).alias("p_dispersed"))


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
        .with_columns(_adjust("simes").over(publication).alias("simes_adjusted"))
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
