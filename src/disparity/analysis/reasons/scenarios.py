"""Every way of filling in unknown ethnicity, side by side, and what each makes of ratios and differences.

A scenario answers "what if those of unknown ethnicity were these people?"; an interval answers "what could
chance have done?". `lower` and `upper` hold intervals only, never the range over scenarios.
"""

from dataclasses import dataclass

import polars as pl

from disparity.analysis.measures.entries import SEARCH_RATE
from disparity.analysis.reasons.bounds import COMPARISON_KEYS, bound_unknown_ethnicity
from disparity.analysis.reasons.filling import SPANS, fill, lay_out
from disparity.analysis.reasons.imputation import impute
from disparity.analysis.reasons.informants import doubt_informants
from disparity.analysis.reasons.scenario_rows import (
    ALL_GROUP,
    ALL_REFERENCE,
    HIGHEST,
    IMPUTED,
    LEFT_OUT,
    LOWEST,
    PROPORTIONAL,
    make_pooled_rows,
    make_rows,
)
from disparity.analysis.reasons.share_scenarios import SHARES, list_rates, list_share_reasons
from disparity.analysis.reasons.treatments import (
    POOLED,
    STRATA,
    TREATED,
    leave_out,
    list_pairs,
    pool_pairs,
    share_out_pairs,
)
from disparity.disclosure.open import Detail
from disparity.vocabulary.codes import ALL, SELF_DEFINED
from disparity.vocabulary.statuses import MEASURED

SCENARIO = "missing_ethnicity_scenario"


@dataclass(frozen=True)
class Treatments:
    """What becomes of ratios and differences when unknown ethnicity is filled in.

    `treatments`: COMPARISON_KEYS, treatment and TREATED. `bounds`: as `bound_unknown_ethnicity`. `reasons`:
    REASON_COLUMNS, the same for all types of search on self-defined ethnicity, with the intervals of imputation.
    """

    treatments: pl.DataFrame
    bounds: pl.DataFrame
    reasons: pl.DataFrame


def treat_unknown_ethnicity(
    counts: Detail, periods: pl.DataFrame, estimates: pl.DataFrame, comparisons: pl.DataFrame, *, seed: int
) -> Treatments:
    """Give every ratio and difference under each way of filling in unknown ethnicity.

    ratio = (Nc / Ec) / (Nr / Er) of search rates, with N searches of the group c and of the reference group r after
    filling in and E their exposure; of shares the ratio and the difference of x / n after filling in. The treatments:
    left_out: known searches alone, the Home Office's way.
    proportional_by_type: unknown searches shared out as the known ones of the month, the type of search and the result.
    officer_informed: by P(self-defined | officer-defined, result) among searches that have both; blank: by the result
    alone. On the officer-defined basis self_informed: the two bases exchanged.
    imputed: multiple imputation (see `impute`) of self-defined ethnicity; `added_error` is the standard error that
    comes of it alone, on the log scale for ratios of search rates, plain for differences. The others add none.
    The result is what the share is of: found or not; arrest, other action or none; clothing removed or not; for shares
    of types and rates by type, the type. Shared out without the result, the groups would be made alike.

    What no treatment but the bounds survives: recording that depends on the ethnicity itself, whatever else
    is alike. Those of shares allow for recording that depends on the result (ethnicity is stated more often after
    an arrest); of the ratios of search rates only `imputed` does.

    Returns:
        A row for each ratio of search rates and difference of shares, and treatment. ratio and difference are null
        where `refused` says why the treatment is not used. Without counts by TRAITS, left_out alone.
        Analyses in `reasons`: SCENARIO, where `value` is a ratio (1 is the same rate), and those of SHARES.

    Source: Little and Rubin (2019); Rubin (1987).
    """
    doubts = doubt_informants(counts, periods, estimates)
    pairs, bounds = list_pairs(estimates, comparisons, doubts), bound_unknown_ethnicity(estimates, comparisons)
    cells = lay_out(counts, periods)
    if cells.is_empty():
        return Treatments(leave_out(pairs), bounds, make_rows(_as_values(leave_out(pairs)).clear(), SCENARIO, LEFT_OUT))
    filled = {way: fill(cells, strata) for way, strata in STRATA.items()}
    draws = impute(cells, doubts, seed=seed)
    pooled = pool_pairs(pairs, draws)
    treated = pl.concat([leave_out(pairs), share_out_pairs(pairs, filled)])
    columns = [*COMPARISON_KEYS, "treatment", *TREATED]
    treatments = pl.concat([treated, pooled.select(columns)]).sort(*COMPARISON_KEYS, "treatment")
    shown = _list_shown(treated, pooled, bounds, comparisons)
    shares = shown.filter(pl.col("measure").is_in(list(SHARES)))
    rates = list_rates(shares, estimates, doubts)
    reasons = pl.concat(
        [_list_ratio_reasons(shown.filter(measure=SEARCH_RATE.name)), list_share_reasons(shares, rates, filled, draws)]
    ).sort(*SPANS, "analysis", "component", "ethnic_group")
    return Treatments(treatments, bounds, reasons)


def _as_values(rows: pl.DataFrame) -> pl.DataFrame:
    """Name what is shown of a comparison `value`: the ratio of search rates, the difference of shares."""
    is_rate = pl.col("measure") == SEARCH_RATE.name
    return rows.with_columns(pl.when(is_rate).then("ratio").otherwise("difference").alias("value"))


def _list_shown(
    treated: pl.DataFrame, pooled: pl.DataFrame, bounds: pl.DataFrame, comparisons: pl.DataFrame
) -> pl.DataFrame:
    """Give what is shown of comparisons over all types on self-defined ethnicity: value, interval, and why not."""
    is_rate = pl.col("measure") == SEARCH_RATE.name
    limits = {end: pl.when(is_rate).then(f"ratio_{end}").otherwise(f"difference_{end}") for end in ("lower", "upper")}
    left_out = comparisons.select(*COMPARISON_KEYS, **limits, treatment=pl.lit(LEFT_OUT))
    keys = [*COMPARISON_KEYS, "treatment"]
    values = _as_values(treated).select(*keys, "value", "refused").join(left_out, on=keys, how="left")
    ends = [
        bounds.select(
            *COMPARISON_KEYS,
            value=limits[end],
            treatment=pl.when(is_rate).then(pl.lit(of_rate)).otherwise(pl.lit(of_share)),
        )
        for end, of_rate, of_share in (("lower", ALL_REFERENCE, LOWEST), ("upper", ALL_GROUP, HIGHEST))
    ]
    # A share that is not measured is not filled in for readers; of a small force every ratio is.
    told = comparisons.filter(is_rate | (pl.col("status") == MEASURED), search_type=ALL, ethnicity_basis=SELF_DEFINED)
    tables = [values, pooled.select(*keys, "doubt", "refused", *POOLED), *ends]
    shown = pl.concat(tables, how="diagonal").join(told, on=COMPARISON_KEYS, how="semi")
    return shown.sort(*COMPARISON_KEYS)


def _list_ratio_reasons(shown: pl.DataFrame) -> pl.DataFrame:
    """Make the rows of ratios of search rates.

    proportional: shared out as the known are, N = known x (1 + unknown / all known). The factor is the same for every
    group and cancels, so the ratio is that of left_out. all_reference, all_group: the most that is possible.
    """
    left_out = shown.filter(treatment=LEFT_OUT)
    named = {way: shown.filter(treatment=way) for way in (LEFT_OUT, *STRATA, ALL_REFERENCE, ALL_GROUP)}
    named[PROPORTIONAL] = left_out.with_columns(pl.lit(None, pl.Float64).alias(end) for end in ("lower", "upper"))
    tables = [make_rows(rows, SCENARIO, component) for component, rows in named.items()]
    return pl.concat([*tables, make_pooled_rows(shown.filter(treatment=IMPUTED), SCENARIO)])
