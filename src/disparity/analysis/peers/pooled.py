"""The figures of a set of forces as one: sums over sums, the force itself included."""

import polars as pl

from disparity.analysis.peers.rates import SEARCH_RATE_RATIO
from disparity.statistics.intervals import Interval, poisson_exact, rate_ratio_exact, wilson
from disparity.vocabulary.codes import EVERY_GROUP
from disparity.vocabulary.statuses import INCOMPLETE, MEASURED, NOT_MEASURABLE, SMALL

# What a rate is made of is whole; the searches of a small group belong to the set's as much as any other.
POOLED_STATUSES = (MEASURED, SMALL, INCOMPLETE)
SET_KEYS = ["measure", "compared_with", "period_from", "period_to", "ethnic_group"]
COUNTED = ["events", "exposure", "reference_events", "reference_exposure"]
POOLED_COLUMNS = [
    *(*SET_KEYS, "set_forces", "counted_forces", "numerator", "denominator"),
    *("value", "lower", "upper", "interval_method", "status"),
]


def pool_sets(rates: pl.DataFrame, sets: pl.DataFrame) -> pl.DataFrame:
    """Pool search rates, their ratios to the reference group's, and find rates over every set of forces.

    rate = Σ numerator / Σ denominator over the forces whose rate is measured, small or incomplete;
    ratio = (Σ searches / Σ resident-years of the group) / (the same of the reference group)

    The ratio is not a mean of the forces' ratios: it also holds what comes of a group living where everyone
    is searched more, or less, so that every force of a set can lie on one side of it.

    Returns:
        POOLED_COLUMNS: one row for each set, period, measure and group. `value` per 1,000 residents a year
        (search_rate), without unit (search_rate_ratio; 1 is the same rate) or a share (find_rate), with its
        95% interval: exact Poisson, exact conditional on the total, Wilson. `set_forces` are in the set,
        `counted_forces` in the figure; `status` is measured if those are the same, incomplete if not, and
        not_measurable, with nulls, if there is none.

    Source: the inspectorate's way of stating a most similar group's rate (definitions, section 4).
    """
    sizes = sets.group_by("compared_with", "period_from", "period_to").agg(set_forces=pl.len().cast(pl.Int64))
    is_counted = pl.col("status").is_in(POOLED_STATUSES) & (pl.col("exposure") > 0)
    sums = (
        rates.join(sets, on=["force", "period_from", "period_to"])
        .group_by(SET_KEYS)
        .agg(pl.col(*COUNTED).filter(is_counted).sum(), counted_forces=is_counted.sum().cast(pl.Int64))
        .join(sizes, on=["compared_with", "period_from", "period_to"])
    )
    order = pl.Enum(EVERY_GROUP)
    return _add_interval(sums).select(POOLED_COLUMNS).sort(*SET_KEYS[:-1], pl.col("ethnic_group").cast(order))


def _add_interval(sums: pl.DataFrame) -> pl.DataFrame:
    events, exposure, others, other_exposure = (sums[name].to_numpy() for name in COUNTED)
    kinds = {
        "search_rate": (poisson_exact(events, exposure), "exact Poisson"),
        SEARCH_RATE_RATIO: (rate_ratio_exact(events, exposure, others, other_exposure), "exact conditional"),
        "find_rate": (wilson(events, exposure), "Wilson"),
    }
    own, reference = pl.col("events") / pl.col("exposure"), pl.col("reference_events") / pl.col("reference_exposure")
    is_ratio = pl.col("measure") == SEARCH_RATE_RATIO
    has_value = (pl.col("counted_forces") > 0) & (~is_ratio | (pl.col("reference_events") > 0))
    limits = {
        side: pl.coalesce(_limit(measure, interval, side) for measure, (interval, _) in kinds.items())
        for side in ("lower", "upper")
    }
    return sums.with_columns(
        pl.when(has_value).then(pl.when(is_ratio).then(own / reference).otherwise(own)).alias("value"),
        *(pl.when(has_value).then(limit).alias(side) for side, limit in limits.items()),
        pl.when(has_value)
        .then(pl.col("measure").replace_strict({name: how for name, (_, how) in kinds.items()}))
        .alias("interval_method"),
        pl.when(has_value).then(pl.col("events").cast(pl.Int64)).alias("numerator"),
        pl.when(has_value).then(pl.col("exposure")).alias("denominator"),
        pl.when(~has_value)
        .then(pl.lit(NOT_MEASURABLE))
        .when(pl.col("counted_forces") < pl.col("set_forces"))
        .then(pl.lit(INCOMPLETE))
        .otherwise(pl.lit(MEASURED))
        .alias("status"),
    )


def _limit(measure: str, interval: Interval, side: str) -> pl.Expr:
    values = pl.Series(getattr(interval, side))
    return pl.when((pl.col("measure") == measure) & values.is_finite()).then(pl.lit(values))
