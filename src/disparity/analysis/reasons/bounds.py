"""What the searches of unknown ethnicity could make of a ratio or a difference, at most."""

import polars as pl

from disparity.analysis.measures.entries import SEARCH_RATE, UNKNOWN_ETHNICITY_SHARE
from disparity.analysis.reasons.rows import list_reasons, name_analysis
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.vocabulary.codes import ALL, REFERENCE_GROUP, UNKNOWN_GROUPS

MISSING_ETHNICITY = "missing_ethnicity"
TIPPING_SHARE = "missing_ethnicity_tipping_share"
COMPARISON_KEYS = ["measure", *PERIOD_KEYS, "ethnic_group", "search_type"]
BOUNDS = ("ratio_lower", "ratio_upper", "difference_lower", "difference_upper")


def bound_unknown_ethnicity(estimates: pl.DataFrame, comparisons: pl.DataFrame) -> pl.DataFrame:
    """Bound each ratio and difference by what the searches of unknown ethnicity could have been.

    Search rates, with N searches and E exposure of the group c and the reference group r, and U searches of unknown
    ethnicity: from (Nc / Ec) / ((Nr + U) / Er) to ((Nc + U) / Ec) / (Nr / Er).
    Shares, with x of n searches of each, and a of unknown ethnicity with the result and b without it:
    from xc / (nc + b) against (xr + a) / (nr + a) to (xc + a) / (nc + a) against xr / (nr + b). No other way of
    placing them goes further.

    Args:
        estimates: exact or protected counts; one that is null is not published, and nor are bounds that need it.

    Returns:
        COMPARISON_KEYS and BOUNDS, a row for each ratio of search rates and each difference of shares.
        `ratio_upper` is null where the reference group has no such search; the differences of search rates are null.

    Source: Manski (1990), bounds without assumptions.
    """
    keys = ["measure", *PERIOD_KEYS, "search_type"]
    counted = estimates.select(*keys, "ethnic_group", x="numerator", n="denominator")
    reference = counted.filter(ethnic_group=REFERENCE_GROUP).select(*keys, xr="x", nr="n")
    pairs = (
        list_given(comparisons)
        .select(COMPARISON_KEYS)
        .join(counted, on=COMPARISON_KEYS, how="left", maintain_order="left")
        .join(reference, on=keys, how="left", maintain_order="left")
        .join(_count_unknown(estimates), on=keys, how="left", maintain_order="left")
    )
    own, size, other, whole = (pl.col(name) for name in ("x", "n", "xr", "nr"))
    found, lost = pl.col("a"), pl.col("b")
    is_rate = pl.col("measure") == SEARCH_RATE.name
    # Of search rates the exposure does not change: only who was searched.
    lowest, against_lowest = own / (size + lost), (other + found) / (whole + pl.when(is_rate).then(0).otherwise(found))
    highest, against_highest = (
        (own + found) / (size + pl.when(is_rate).then(0).otherwise(found)),
        other / (whole + lost),
    )
    return pairs.select(
        *COMPARISON_KEYS,
        pl.when(against_lowest > 0).then(lowest / against_lowest).alias("ratio_lower"),
        pl.when(against_highest > 0).then(highest / against_highest).alias("ratio_upper"),
        pl.when(~is_rate).then(lowest - against_lowest).alias("difference_lower"),
        pl.when(~is_rate).then(highest - against_highest).alias("difference_upper"),
    )


def list_given(comparisons: pl.DataFrame) -> pl.DataFrame:
    """List the comparisons that give a ratio of search rates or a difference of shares."""
    is_rate = pl.col("measure") == SEARCH_RATE.name
    return comparisons.filter(pl.when(is_rate).then("ratio").otherwise("difference").is_not_null())


def _count_unknown(estimates: pl.DataFrame) -> pl.DataFrame:
    """Count the searches of unknown ethnicity with the result of a measure (a) and without it (b)."""
    keys = ["measure", *PERIOD_KEYS, "search_type"]
    unknown = estimates.filter(pl.col("ethnic_group").is_in(UNKNOWN_GROUPS))
    of_measures = [SEARCH_RATE.name, UNKNOWN_ETHNICITY_SHARE.name]
    found, recorded = pl.col("numerator"), pl.col("denominator")
    is_whole = (found.is_not_null() & recorded.is_not_null()).all() & (pl.len() == len(UNKNOWN_GROUPS))
    shares = (
        unknown.filter(~pl.col("measure").is_in(of_measures))
        .group_by(keys)
        .agg(a=pl.when(is_whole).then(found.sum()), b=pl.when(is_whole).then(recorded.sum() - found.sum()))
    )
    searches = estimates.filter(measure=UNKNOWN_ETHNICITY_SHARE.name, ethnic_group=ALL)
    rates = searches.select(pl.lit(SEARCH_RATE.name).alias("measure"), *keys[1:], a="numerator", b=pl.lit(0.0))
    return pl.concat([rates, shares.select(rates.columns)], how="vertical_relaxed")


def bound_missing_ethnicity(estimates: pl.DataFrame, ratios: pl.DataFrame) -> pl.DataFrame:
    """Say what every search of unknown ethnicity could make of each ratio of search rates, and what it would take.

    tipping share q = (Ec (Nr + U) - Er Nc) / (U (Er + Ec)): so much of U would have to be of the group for equal rates.

    Returns:
        REASON_COLUMNS, two rows a ratio, none where the searches of unknown ethnicity are not published; `upper` is
        null where the reference group has no search, q where no ethnicity is unknown. Neutral values: 1 for the ratio.
    """
    keys = [*PERIOD_KEYS, "search_type"]
    rates = estimates.filter(measure="search_rate").select(*keys, "ethnic_group", N="numerator", E="denominator")
    unknown = estimates.filter(measure="unknown_ethnicity_share", ethnic_group=ALL).select(*keys, U="numerator")
    reference = rates.filter(ethnic_group=REFERENCE_GROUP).drop("ethnic_group")
    bounds = bound_unknown_ethnicity(estimates, ratios).drop_nulls("ratio_lower")
    limits = bounds.select(*COMPARISON_KEYS, bound="ratio_lower", bound_upper="ratio_upper")
    joined = ratios.join(rates, on=[*keys, "ethnic_group"]).join(reference, on=keys).join(unknown, on=keys)
    cells = joined.join(limits, on=COMPARISON_KEYS).with_columns(component=pl.col("search_type"))
    own, exposure, others, other_exposure, missing = map(pl.col, ("N", "E", "N_right", "E_right", "U"))
    both = cells.with_columns(
        name_analysis(MISSING_ETHNICITY),
        value=pl.col("ratio"),
        lower=pl.col("bound"),
        upper=pl.col("bound_upper"),
        note=pl.lit("lower: every search of unknown ethnicity counted to the reference group; upper: to the group"),
    )
    share = (exposure * (others + missing) - other_exposure * own) / (missing * (exposure + other_exposure))
    tipping = cells.with_columns(value=pl.when(missing > 0).then(share)).with_columns(
        name_analysis(TIPPING_SHARE),
        note=pl.when(pl.col("value").is_null())
        .then(pl.lit("no search of unknown ethnicity"))
        .when(pl.col("value").is_between(0, 1))
        .then(pl.lit("equal rates are attainable"))
        .otherwise(pl.lit("equal rates are not attainable, whoever the searches of unknown ethnicity were of")),
    )
    return pl.concat([list_reasons(both), list_reasons(tipping)])
