"""What each way of filling in unknown ethnicity makes of find, arrest and action rates, as rows of reasons."""

from collections.abc import Mapping

import numpy as np
import polars as pl
from scipy import special

from disparity.analysis.reasons.bounds import COMPARISON_KEYS
from disparity.analysis.reasons.imputation import Draws
from disparity.analysis.reasons.scenario_rows import (
    HIGHEST,
    IMPUTED,
    LEFT_OUT,
    LOWEST,
    OFFICER_INFORMED,
    WITHIN_RESULT,
    make_pooled_rows,
    make_rows,
)
from disparity.analysis.reasons.treatments import PARTS, POOLED, STRATA
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.statistics.rubin import pool_rubin
from disparity.vocabulary.codes import REFERENCE_GROUP

FIND_DIFFERENCE = "missing_ethnicity_find_difference"
# Measure → its analyses: of the rate, and of the difference to the reference group's.
SHARES = {
    "find_rate": ("missing_ethnicity_find_rate", FIND_DIFFERENCE),
    "arrest_rate": ("missing_ethnicity_arrest_rate", "missing_ethnicity_arrest_difference"),
    "action_rate": ("missing_ethnicity_action_rate", "missing_ethnicity_action_difference"),
}


def list_share_reasons(
    shown: pl.DataFrame, rates: pl.DataFrame, filled: Mapping[str, pl.DataFrame], draws: Draws
) -> pl.DataFrame:
    """Give find, arrest and action rates, and their differences to the reference group's, under each scenario.

    left_out: as published. proportional_by_type, officer_informed: as `fill` shares out, within the same result.
    imputed: pooled by Rubin's rules, rates on the log odds, differences as they are. lowest, highest: the
    difference with every search of unknown ethnicity placed at its worst (`bound_unknown_ethnicity`).

    Args:
        shown: comparisons over all types of search on self-defined ethnicity that have scenarios, of every treatment:
            COMPARISON_KEYS, treatment, difference, refused and, where there is an interval, POOLED.
        rates: the published rates of the groups in them: COMPARISON_KEYS, doubt, value, lower, upper.

    Returns:
        REASON_COLUMNS with the analyses of SHARES, in shares of 1: a difference of 0.05 is five percentage points, 0 is
        none. `value` is null where a way is not used: the note says why.

    Source: Rubin (1987).
    """
    tables = []
    for measure, (of_rate, of_difference) in SHARES.items():
        own = rates.filter(measure=measure)
        tables += [
            make_rows(own, of_rate, LEFT_OUT),
            make_pooled_rows(_pool_rates(own, draws, *PARTS[measure]), of_rate),
        ]
        for way in STRATA:
            tables.append(make_rows(_look_up(own, filled[way], way, *PARTS[measure]), of_rate, way, WITHIN_RESULT))
        compared = shown.filter(measure=measure)
        for treatment in (LEFT_OUT, *STRATA, LOWEST, HIGHEST):
            remark = WITHIN_RESULT if treatment in STRATA else ""
            tables.append(make_rows(compared.filter(treatment=treatment), of_difference, treatment, remark))
        tables.append(make_pooled_rows(compared.filter(treatment=IMPUTED), of_difference))
    return pl.concat(tables)


def list_rates(pairs: pl.DataFrame, estimates: pl.DataFrame, doubts: pl.DataFrame) -> pl.DataFrame:
    """Give the published rates of the groups in comparisons, the reference group included."""
    keys = COMPARISON_KEYS
    shown = pl.concat([pairs.select(keys), pairs.select(keys).with_columns(ethnic_group=pl.lit(REFERENCE_GROUP))])
    rates = estimates.join(shown, on=keys, how="semi").select(*keys, "value", "lower", "upper").sort(keys)
    return rates.join(doubts, on=[*PERIOD_KEYS, "ethnic_group"], how="left", maintain_order="left")


def _look_up(rates: pl.DataFrame, filled: pl.DataFrame, way: str, numerator: str, denominator: str) -> pl.DataFrame:
    keys = [*PERIOD_KEYS, "search_type", "ethnic_group"]
    value = filled.select(*keys, value=(pl.col(numerator) / pl.col(denominator)).fill_nan(None))
    found = rates.drop("value", "lower", "upper").join(value, on=keys, how="left", maintain_order="left")
    if way != OFFICER_INFORMED:
        return found
    is_used = pl.col("doubt").is_null()
    return found.with_columns(pl.when(is_used).then("value").alias("value"), refused="doubt")


def _pool_rates(rates: pl.DataFrame, draws: Draws, numerator: str, denominator: str) -> pl.DataFrame:
    named = rates.with_columns(is_informed=pl.col("doubt").is_null())
    found, recorded = (draws.line_up(named, count) for count in (numerator, denominator))
    with np.errstate(divide="ignore", invalid="ignore"):
        log_odds, variance = np.log(found) - np.log(recorded - found), 1 / found + 1 / (recorded - found)
    pooled = pool_rubin(log_odds, variance, recorded.mean(axis=0) - 1)
    columns = [*map(special.expit, pooled[:3]), pooled.fraction_missing]
    return rates.with_columns(
        pl.Series(name, column, pl.Float64).fill_nan(None) for name, column in zip(POOLED, columns, strict=True)
    )
