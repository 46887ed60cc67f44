"""The statement rule: one verdict and one range of each comparison (definitions, section 4).

A difference is stated only where it is clear as printed, allowing for the number of comparisons, and stays clear
under every assumption.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy import special

from disparity.analysis.comparisons import DEPENDS, HIGHER, LOWER, UNCLEAR, UNCOMPARED, UNMEASURED, adjust
from disparity.analysis.measures.entries import SEARCH_RATE
from disparity.analysis.sensitivity.specifications import (
    AS_RECORDED,
    BOUND,
    EVERY_MONTH,
    FEWEST,
    KEYS,
    LEFT_OUT,
    MOST,
    Assumptions,
    specify,
)
from disparity.sources.population import HEADLINE, PLAUSIBLE
from disparity.vocabulary.statuses import MEASURED, NOT_MEASURABLE

COMPARISON_COLUMNS = [
    *KEYS,
    *("ratio", "ratio_lower", "ratio_upper", "difference", "difference_lower", "difference_upper"),
    *("test", "statistic", "p_value", "p_adjusted", "level"),
    *("design_effect", "standard_error", "degrees_of_freedom", "is_clustered", "status"),
    *("verdict", "depends_on", "range_lower", "range_upper", "smallest_difference"),
]
SIGNIFICANT = 0.05
POWER = 0.8
CLUSTERS, CENSUS, UNKNOWN_ETHNICITY, FLAGS, MONTHS_IN_DOUBT = (
    "clusters",
    "census",
    "unknown_ethnicity",
    "flags",
    "months_in_doubt",
)
DEPENDENCIES = (CLUSTERS, CENSUS, UNKNOWN_ETHNICITY, FLAGS, MONTHS_IN_DOUBT)
NOT_AVAILABLE = "not available"


def decide(comparisons: pl.DataFrame, assumptions: Assumptions) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the comparisons with their verdicts and ranges (`state`), and every specification with its own (`judge`).

    Returns:
        COMPARISON_COLUMNS; degrees_of_freedom is null where there are infinitely many. SPECIFICATION_COLUMNS and
        `verdict`.
    """
    levelled = add_level(comparisons)
    judged = judge(specify(levelled, assumptions), levelled)
    freedom = pl.col("degrees_of_freedom")
    stated = state(levelled, judged).with_columns(
        pl.when(freedom.is_finite()).then(freedom).alias("degrees_of_freedom")
    )
    return stated.select(COMPARISON_COLUMNS), judged


def state_by_chance(comparisons: pl.DataFrame, *, family: pl.Expr | None = None) -> pl.DataFrame:
    """Add p_adjusted, level and the verdict that chance and the number of comparisons alone allow.

    Of comparisons that no assumption is tried on. Nothing is "depends" here.

    Args:
        family: what is adjusted for together in a measure; none: the force.
    """
    levelled = add_level(comparisons, family=family)
    judged = _judge(levelled).select(*KEYS, own="verdict")
    return _name_verdict(levelled.join(judged, on=KEYS, how="left", maintain_order="left")).drop("own")


def add_level(comparisons: pl.DataFrame, *, family: pl.Expr | None = None) -> pl.DataFrame:
    """Add `p_adjusted` (Benjamini-Hochberg within force and measure) and `level`, which p_value must be under.

    level = 0.05 x measures selected / measures tested x comparisons discovered / comparisons tested

    A measure is selected where its smallest adjusted p (Simes' test of no difference in the measure at all) is under
    0.05 after Benjamini-Hochberg over the force's measures: without this, one force in six would have a difference
    stated where no group differs in anything, as 5% for each of its measures adds up. p_value is under the level
    exactly where p_adjusted is under 0.05 x measures selected / measures tested. With nothing selected, or nothing
    discovered, the level is that of a first discovery.

    Returns:
        comparisons with the two columns; null where there is no p_value.

    Source: Benjamini and Hochberg (1995); Benjamini and Bogomolov (2014).
    """
    # Whoever else is in the publication changes no verdict.
    related = comparisons.with_columns(family=pl.col("force") if family is None else family)
    together = ["family", "measure"]
    adjusted = related.with_columns(adjust("p_value").over(together).alias("p_adjusted"))
    measures = (
        adjusted.filter(pl.col("p_adjusted").is_not_null())
        .group_by(together)
        .agg(pl.col("p_adjusted").min().alias("simes"))
        .with_columns(adjust("simes").over("family").alias("simes"))
        .group_by("family")
        .agg((SIGNIFICANT * (pl.col("simes") < SIGNIFICANT).sum().clip(1) / pl.len()).alias("rate"))
    )
    rated = adjusted.join(measures, on="family", how="left", maintain_order="left")
    discovered = (pl.col("p_adjusted") < pl.col("rate")).sum().clip(1).over(together)
    tested = pl.col("p_adjusted").count().over(together)
    level = pl.when(pl.col("p_adjusted").is_not_null()).then(pl.col("rate") * discovered / tested)
    return rated.with_columns(level.alias("level")).drop("rate", "family")


def judge(specifications: pl.DataFrame, comparisons: pl.DataFrame) -> pl.DataFrame:
    """Add the `verdict` of each specification alone: higher, lower, no clear difference, not available.

    Clear: p_value under the comparison's level, and the 95% interval excludes equality; of search rates the interval
    of the ratio, of shares that of the difference.

    Args:
        comparisons: with `level`.
    """
    rows = specifications.join(comparisons.select(*KEYS, "level"), on=KEYS, how="left", maintain_order="left")
    return _judge(rows).drop("level")


def _judge(rows: pl.DataFrame) -> pl.DataFrame:
    is_rate = pl.col("measure") == SEARCH_RATE.name
    low = pl.when(is_rate).then(pl.col("ratio_lower") - 1).otherwise("difference_lower")
    high = pl.when(is_rate).then(pl.col("ratio_upper") - 1).otherwise("difference_upper")
    is_clear = (pl.col("p_value") < pl.col("level")).fill_null(False)
    value = pl.when(is_rate).then("ratio").otherwise("difference")
    return rows.with_columns(
        pl.when(value.is_null() | pl.col("p_value").is_null())
        .then(pl.lit(NOT_AVAILABLE))
        .when(is_clear & (low > 0))
        .then(pl.lit(HIGHER))
        .when(is_clear & (high < 0))
        .then(pl.lit(LOWER))
        .otherwise(pl.lit(UNCLEAR))
        .alias("verdict")
    )


def state(comparisons: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """Give every comparison its verdict, what it depends on, its range, and the smallest difference it could show.

    A clear difference is stated (higher, lower) where `depends_on` is empty; otherwise the verdict is "depends".
    `depends_on` names, joined by commas: clusters (they are not known, so chance may be larger), census (another base
    of residents), unknown_ethnicity (a treatment of it, or one that could not be tried where the bounds do not
    settle it), flags (results recorded more often of one group), months_in_doubt. Census and unknown ethnicity are
    tried together too; what fails only so depends on both.

    range_lower and range_upper: the least lower and the greatest upper limit over the printed comparison and the
    plausible assumptions; of the ratio for search rates, of the difference for shares. Null where an end is not known
    or infinite.

    smallest_difference: what would have been found with a power of 80% at the level used, two-sided: of search rates
    the ratio exp((t(1 - level / 2) + t(0.8)) x standard error), of shares the difference (t + t) x standard error.

    Args:
        comparisons: with `level`, and status, standard_error, degrees_of_freedom, is_clustered.
        judged: of `judge`.
    """
    printed = judged.filter(role=HEADLINE).select(*KEYS, own="verdict", printed="residents")
    rows = judged.join(printed, on=KEYS, maintain_order="left")
    found = rows.group_by(KEYS).agg(pl.col("own").first(), *_find_dependencies(), *_find_range())
    joined = comparisons.join(found, on=KEYS, how="left", maintain_order="left")
    is_clear = pl.col("own").is_in([HIGHER, LOWER]) & (pl.col("status") == MEASURED)
    is_single = ~pl.col("is_clustered").fill_null(False)
    named = [
        pl.when((is_single if name == CLUSTERS else pl.col(name)).fill_null(False)).then(pl.lit(name))
        for name in DEPENDENCIES
    ]
    depends = pl.when(is_clear).then(pl.concat_str(named, separator=",", ignore_nulls=True)).replace("", None)
    found_out = joined.with_columns(depends.alias("depends_on"), smallest_difference=_find_smallest(joined))
    return _name_verdict(found_out).with_columns(
        pl.when(pl.col("depends_on").is_not_null()).then(pl.lit(DEPENDS)).otherwise("verdict").alias("verdict")
    )


def _name_verdict(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the verdict that the printed comparison has alone, as its status allows one."""
    return rows.with_columns(
        pl.when(pl.col("status") == NOT_MEASURABLE)
        .then(pl.lit(UNMEASURED))
        .when((pl.col("status") != MEASURED) | pl.col("p_value").is_null())
        .then(pl.lit(UNCOMPARED))
        .otherwise(pl.col("own").fill_null(UNCLEAR))
        .alias("verdict")
    )


def _find_dependencies() -> list[pl.Expr]:
    """Say of each assumption whether the printed verdict falls under it."""
    is_other = pl.col("verdict") != pl.col("own")
    is_used = pl.col("role") != BOUND
    residents = (pl.col("residents") != pl.col("printed")).fill_null(False)
    unknown = pl.col("unknown_ethnicity") != LEFT_OUT
    recording, months = pl.col("result_recording") != AS_RECORDED, pl.col("months") != EVERY_MONTH
    # A treatment that could not be tried is settled by the bounds, or not at all.
    is_tried = is_used & unknown & (pl.col("verdict") != NOT_AVAILABLE)
    is_refused = is_used & unknown & (pl.col("verdict") == NOT_AVAILABLE)

    def falls(*where: pl.Expr) -> pl.Expr:
        return (is_other & pl.all_horizontal(where)).any()

    def unsettled(at: pl.Expr) -> pl.Expr:
        bounds = [
            (~is_other & (pl.col("role") == BOUND) & (pl.col("unknown_ethnicity") == end) & at).any()
            for end in (FEWEST, MOST)
        ]
        return ~pl.all_horizontal(bounds)

    untried = (is_refused & ~residents).any() | ~(is_tried & ~residents).any()
    census = falls(is_used, residents, ~unknown)
    ethnicity = falls(is_tried, ~residents) | (untried & unsettled(~residents))
    together = (falls(is_tried, residents) | (untried & falls(~is_used, residents))) & ~census & ~ethnicity
    return [
        (census | together).alias(CENSUS),
        (ethnicity | together).alias(UNKNOWN_ETHNICITY),
        falls(recording).alias(FLAGS),
        falls(months).alias(MONTHS_IN_DOUBT),
    ]


def _find_range() -> list[pl.Expr]:
    is_rate = pl.col("measure") == SEARCH_RATE.name
    is_plausible = pl.col("role").is_in([HEADLINE, PLAUSIBLE]) & (pl.col("verdict") != NOT_AVAILABLE)
    # Where nothing is tested there is a range all the same, of what has limits.
    is_plausible |= pl.col("role").is_in([HEADLINE, PLAUSIBLE]) & pl.col("p_value").is_null()
    columns = []
    for end, take in (("lower", pl.Expr.min), ("upper", pl.Expr.max)):
        limit = pl.when(is_rate).then(f"ratio_{end}").otherwise(f"difference_{end}").filter(is_plausible)
        value = pl.when(is_rate).then("ratio").otherwise("difference").filter(is_plausible)
        has_all = limit.count() == value.count()
        columns.append(pl.when(has_all).then(take(limit)).alias(f"range_{end}"))
    return columns


def _find_smallest(rows: pl.DataFrame) -> pl.Series:
    numbers: Sequence[np.ndarray] = [
        rows[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in ("level", "standard_error")
    ]
    level, error = numbers
    freedom = rows["degrees_of_freedom"].fill_null(float("inf")).to_numpy()
    reach = (special.stdtrit(freedom, 1 - level / 2) + special.stdtrit(freedom, POWER)) * error
    is_rate = (rows["measure"] == SEARCH_RATE.name).to_numpy()
    with np.errstate(over="ignore", invalid="ignore"):
        smallest = np.where(is_rate, np.exp(reach), reach)
    return pl.Series(np.where(np.isfinite(smallest), smallest, np.nan)).fill_nan(None)
