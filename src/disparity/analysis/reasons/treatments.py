"""What each way of filling in unknown ethnicity makes of every ratio and difference."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from disparity.analysis.comparisons import finite
from disparity.analysis.measures.entries import SEARCH_RATE, TOLD_MEASURES
from disparity.analysis.reasons.bounds import COMPARISON_KEYS, list_given
from disparity.analysis.reasons.filling import OF_GROUP, SEARCHES_OF_TYPE
from disparity.analysis.reasons.imputation import Draws
from disparity.analysis.reasons.scenario_rows import (
    IMPUTED,
    LEFT_OUT,
    NONE_KNOWN,
    OFFICER_INFORMED,
    PROPORTIONAL_BY_TYPE,
    SELF_INFORMED,
)
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.statistics.intervals import FloatArray
from disparity.statistics.rubin import Pooled, pool_rubin
from disparity.vocabulary.codes import ALL, OFFICER_DEFINED, REFERENCE_GROUP, SELF_DEFINED

# Way of sharing out → within what, in the order in which it is tried.
STRATA = {
    PROPORTIONAL_BY_TYPE: (("month", "search_type"), ("search_type",)),
    OFFICER_INFORMED: (("informant_group",),),
}
# Measure → what it is made of.
PARTS = {
    "find_rate": ("found", "known"),
    "arrest_rate": ("arrests", "outcomes"),
    "action_rate": ("actions", "outcomes"),
    "clothing_removed_rate": ("clothing_removed", "clothing_recorded"),
    "arrest_after_find_rate": ("found_arrests", "found_outcomes"),
    "action_after_find_rate": ("found_actions", "found_outcomes"),
    **{measure.name: ("clothing_removed", "clothing_recorded") for measure in TOLD_MEASURES},
    "type_share": (SEARCHES_OF_TYPE, OF_GROUP),
}
TREATED = ("ratio", "difference", "added_error", "refused")
POOLED = ("value", "lower", "upper", "fraction_missing")


def list_pairs(estimates: pl.DataFrame, comparisons: pl.DataFrame, doubts: pl.DataFrame) -> pl.DataFrame:
    """List the ratios of search rates and the differences of shares that are given.

    Returns:
        COMPARISON_KEYS, ratio, difference (null for search rates), `numerator` of the group, `exposure` of search
        rates and `exposure_reference`, and `doubt`.
    """
    exposed = estimates.filter(measure=SEARCH_RATE.name)
    own = estimates.select(*COMPARISON_KEYS, "numerator")
    exposure = exposed.select(*COMPARISON_KEYS, exposure="denominator")
    keys = [key for key in COMPARISON_KEYS if key != "ethnic_group"]
    reference = exposed.filter(ethnic_group=REFERENCE_GROUP).select(*keys, exposure_reference="denominator")
    is_rate = pl.col("measure") == SEARCH_RATE.name
    pairs = list_given(comparisons).select(
        *COMPARISON_KEYS, "ratio", pl.when(~is_rate).then("difference").alias("difference")
    )
    for table, on in ((own, COMPARISON_KEYS), (exposure, COMPARISON_KEYS), (reference, keys)):
        pairs = pairs.join(table, on=on, how="left", maintain_order="left")
    return pairs.join(doubts, on=[*PERIOD_KEYS, "ethnic_group"], how="left", maintain_order="left")


def leave_out(pairs: pl.DataFrame) -> pl.DataFrame:
    """Give the published ratio and difference: searches of unknown ethnicity left out."""
    return _treat(pairs, LEFT_OUT)


def share_out_pairs(pairs: pl.DataFrame, filled: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Set the filled counts of each way of STRATA apart; what rests on a doubted basis is refused."""
    alike, informed = (_set_apart(pairs, filled[way]) for way in STRATA)
    is_used = pl.col("doubt").is_null()
    held = informed.with_columns(pl.when(is_used).then(pl.col("ratio", "difference")), refused=pl.col("doubt"))
    name = (
        pl.when(pl.col("ethnicity_basis") == OFFICER_DEFINED)
        .then(pl.lit(SELF_INFORMED))
        .otherwise(pl.lit(OFFICER_INFORMED))
    )
    return pl.concat([_treat(alike, PROPORTIONAL_BY_TYPE), _treat(held, name)])


def pool_pairs(pairs: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    """Pool what was imputed: of self-defined ethnicity.

    Returns:
        COMPARISON_KEYS, treatment, TREATED, doubt and POOLED: of ratios of search rates, of differences of shares.
    """
    own = pairs.filter(ethnicity_basis=SELF_DEFINED)
    tables = [_pool_rates(own.filter(measure=SEARCH_RATE.name), draws)]
    tables += [_pool_shares(own.filter(measure=measure), draws, *parts) for measure, parts in PARTS.items()]
    pooled = pl.concat(tables).with_columns(
        refused=pl.when(pl.col("value").is_null()).then(pl.lit(NONE_KNOWN)), treatment=pl.lit(IMPUTED)
    )
    is_used = pl.col("refused").is_null()
    return pooled.with_columns(pl.when(is_used).then(pl.col("ratio", "difference", "added_error")))


def _treat(rows: pl.DataFrame, treatment: str | pl.Expr) -> pl.DataFrame:
    name = pl.lit(treatment) if isinstance(treatment, str) else treatment
    refused = pl.col("refused") if "refused" in rows.columns else pl.lit(None, pl.String)
    used = pl.when(refused.is_null()).then(pl.lit(0.0))
    return rows.select(
        *COMPARISON_KEYS,
        name.alias("treatment"),
        "ratio",
        "difference",
        used.alias("added_error"),
        refused.alias("refused"),
    )


def _set_apart(pairs: pl.DataFrame, filled: pl.DataFrame) -> pl.DataFrame:
    """Give the pairs with the ratio and difference of filled counts."""
    keys = [*PERIOD_KEYS, "search_type"]
    reference = filled.filter(ethnic_group=REFERENCE_GROUP).drop("ethnic_group")
    both = pairs.join(filled, on=[*keys, "ethnic_group"], how="left", maintain_order="left").join(
        reference, on=keys, how="left", suffix="_reference", maintain_order="left"
    )
    rate, other = _rate(""), _rate("_reference")
    # Of a type without a search of anybody there is nothing to fill in.
    is_none, is_rate = pl.col("searches").is_null(), pl.col("measure") == SEARCH_RATE.name
    ratio = pl.when(is_none).then("ratio").when(other > 0).then(rate / other)
    difference = pl.when(is_none).then("difference").when(~is_rate).then((rate - other).fill_nan(None))
    return both.with_columns(ratio=ratio, difference=difference)


def _rate(side: str) -> pl.Expr:
    measure = pl.col("measure")
    shares = [
        pl.when(measure == name).then(pl.col(f"{x}{side}") / pl.col(f"{n}{side}")) for name, (x, n) in PARTS.items()
    ]
    searches = pl.when(pl.col("search_type") == ALL).then(f"searches{side}").otherwise(f"{SEARCHES_OF_TYPE}{side}")
    rate = pl.when(measure == SEARCH_RATE.name).then(searches / pl.col(f"exposure{side}"))
    return pl.coalesce(rate, *shares)


def _pool_rates(pairs: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    """Pool ratios of search rates, on the log, with the variance 1 / Nc + 1 / Nr of two Poisson counts."""
    group, reference = line_up_pairs(pairs, draws, "searches")
    # A group of which no search is known could be anything: nothing is drawn from nothing.
    group = np.where(pairs["numerator"].to_numpy() == 0, np.nan, group)
    exposure = np.log(pairs["exposure"].to_numpy() / pairs["exposure_reference"].to_numpy())
    complete = (group + reference).mean(axis=0) - 2
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = pool_rubin(np.log(group / reference) - exposure, 1 / group + 1 / reference, complete)
    with np.errstate(over="ignore"):  # a limit without end, of next to no searches
        estimate, lower, upper = map(np.exp, pooled[:3])
    shown = pooled._replace(estimate=estimate, lower=lower, upper=upper)
    return _add_pooled(pairs, shown, ratio=estimate, difference=np.full(pairs.height, np.nan))


def _pool_shares(pairs: pl.DataFrame, draws: Draws, numerator: str, denominator: str) -> pl.DataFrame:
    """Pool differences of shares as they are, and their ratios on the log."""
    x, n = (np.stack(line_up_pairs(pairs, draws, count)) for count in (numerator, denominator))
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = x / n
        variance = (shares * (1 - shares) / n).sum(axis=0)
        pooled = pool_rubin(shares[0] - shares[1], variance, n.sum(axis=0).mean(axis=0) - 2)
        log = np.log(shares[0]) - np.log(shares[1])
        ratio = np.exp(np.where(np.isfinite(log).all(axis=0), log, np.nan).mean(axis=0))
    return _add_pooled(pairs, pooled, ratio=ratio, difference=pooled.estimate)


def line_up_pairs(pairs: pl.DataFrame, draws: Draws, count: str) -> tuple[FloatArray, FloatArray]:
    """Give a count of the group and of the reference group, by imputation and pair."""
    named = pairs.with_columns(is_informed=pl.col("doubt").is_null())
    reference = named.with_columns(ethnic_group=pl.lit(REFERENCE_GROUP))
    return draws.line_up(named, count), draws.line_up(reference, count)


def _add_pooled(pairs: pl.DataFrame, pooled: Pooled, *, ratio: FloatArray, difference: FloatArray) -> pl.DataFrame:
    values = {
        **{"ratio": ratio, "difference": difference, "added_error": pooled.added_error},
        **dict(zip(POOLED, pooled, strict=False)),
    }
    made = [finite(column).alias(name) for name, column in values.items()]
    return pairs.select(*COMPARISON_KEYS, "doubt").with_columns(made)
