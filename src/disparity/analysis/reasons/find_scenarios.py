"""What each way of filling in unknown ethnicity makes of find rates."""

import numpy as np
import polars as pl
from scipy import special

from disparity.analysis.reasons.filling import SPANS, add_up, share_out
from disparity.analysis.reasons.imputation import line_up_draws
from disparity.analysis.reasons.scenario_rows import (
    LEFT_OUT,
    OFFICER_INFORMED,
    make_pooled_rows,
    make_rows,
    refuse_doubted,
)
from disparity.statistics.rubin import Pooled, pool_rubin
from disparity.vocabulary.codes import ALL, REFERENCE_GROUP, SELF_DEFINED
from disparity.vocabulary.statuses import MEASURED

FIND_RATE = "missing_ethnicity_find_rate"
FIND_DIFFERENCE = "missing_ethnicity_find_difference"


def fill_find_rates(
    own: pl.DataFrame, estimates: pl.DataFrame, *, cells: pl.DataFrame, draws: pl.DataFrame, doubts: pl.DataFrame
) -> pl.DataFrame:
    """Give find rates, and their differences to the reference group's, under the ways that look at the result.

    find rate = found / (found + not found) after filling in; difference = of the group - of the reference group.
    Unknown ethnicity is shared out within found and within not found: shared out over both, the groups
    would be made alike. left_out: as published. officer_informed: by P(self-defined | officer-defined, result).
    imputed: pooled by Rubin's rules, rates on the log odds, differences as they are.

    Args:
        own: comparisons on self-defined ethnicity over all types of search.

    Returns:
        REASON_COLUMNS with analyses FIND_RATE (shares of 1, the reference group's too) and FIND_DIFFERENCE
        (in shares of 1: 0.05 is five percentage points; 0 is no difference), where the find rate of the group
        and of the reference group is measured. `value` is null where a way is not used: the note says why.

    Source: Rubin (1987).
    """
    pairs = own.filter(measure="find_rate", status=MEASURED).sort(*SPANS, "ethnic_group")
    rates = _list_rates(pairs, estimates)
    with_result = cells.filter(pl.col("find_status").is_in(["found", "not_found"]))
    filled = add_up(share_out(with_result, [("officer_defined_group", "find_status"), ("find_status",)])).with_columns(
        value=pl.col("found") / pl.col("with_result")
    )
    by_officer = _subtract_reference(pairs, filled)
    columns = {"value": "difference", "lower": "difference_lower", "upper": "difference_upper"}
    return pl.concat(
        [
            make_rows(rates, FIND_RATE, LEFT_OUT),
            refuse_doubted(make_rows(_look_up(rates, filled), FIND_RATE, OFFICER_INFORMED), doubts),
            make_pooled_rows(rates, _pool_rates(rates, draws), doubts, FIND_RATE),
            make_rows(pairs.select(*SPANS, "ethnic_group", **columns), FIND_DIFFERENCE, LEFT_OUT),
            refuse_doubted(make_rows(by_officer, FIND_DIFFERENCE, OFFICER_INFORMED), doubts),
            make_pooled_rows(pairs, _pool_differences(pairs, draws), doubts, FIND_DIFFERENCE),
        ]
    )


def _list_rates(pairs: pl.DataFrame, estimates: pl.DataFrame) -> pl.DataFrame:
    """Give the published find rates of the groups in a comparison, the reference group included."""
    keys = [*SPANS, "ethnic_group"]
    shown = pl.concat([pairs.select(keys), pairs.select(*SPANS, ethnic_group=pl.lit(REFERENCE_GROUP))])
    rates = estimates.filter(measure="find_rate", search_type=ALL, ethnicity_basis=SELF_DEFINED)
    return rates.join(shown, on=keys, how="semi").select(*keys, "value", "lower", "upper").sort(keys)


def _look_up(rows: pl.DataFrame, filled: pl.DataFrame) -> pl.DataFrame:
    keys = [*SPANS, "ethnic_group"]
    return rows.select(keys).join(filled.select(*keys, "value"), on=keys, how="left", maintain_order="left")


def _subtract_reference(pairs: pl.DataFrame, filled: pl.DataFrame) -> pl.DataFrame:
    reference = filled.filter(ethnic_group=REFERENCE_GROUP).select(*SPANS, other="value")
    both = _look_up(pairs, filled).join(reference, on=SPANS, how="left", maintain_order="left")
    return both.with_columns(pl.col("value") - pl.col("other"))


def _pool_rates(rates: pl.DataFrame, draws: pl.DataFrame) -> Pooled:
    found, with_result = (
        line_up_draws(rates, draws, column)[..., 0].astype(np.float64) for column in ("found", "with_result")
    )
    with np.errstate(divide="ignore"):
        log_odds, variance = np.log(found) - np.log(with_result - found), 1 / found + 1 / (with_result - found)
    pooled = pool_rubin(log_odds, variance, with_result.mean(axis=0) - 1)
    estimate, lower, upper, _ = map(special.expit, pooled)
    return pooled._replace(estimate=estimate, lower=lower, upper=upper)


def _pool_differences(pairs: pl.DataFrame, draws: pl.DataFrame) -> Pooled:
    found, with_result = (line_up_draws(pairs, draws, column).astype(np.float64) for column in ("found", "with_result"))
    rates = found / with_result
    variance = (rates * (1 - rates) / with_result).sum(axis=-1)
    return pool_rubin(rates[..., 0] - rates[..., 1], variance, with_result.sum(axis=-1).mean(axis=0) - 2)
