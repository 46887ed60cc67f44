"""Every way of filling in unknown ethnicity, side by side, and what each makes of the ratio of search rates.

A scenario answers "what if those of unknown ethnicity were these people?"; an interval answers "what could
chance have done?". `lower` and `upper` hold intervals only, never the range over scenarios.
"""

import numpy as np
import polars as pl

from disparity.analysis.reasons.bounds import MISSING_ETHNICITY, bound_missing_ethnicity
from disparity.analysis.reasons.filling import SPANS, add_up, doubt_officers, lay_out, share_out
from disparity.analysis.reasons.find_scenarios import fill_find_rates
from disparity.analysis.reasons.imputation import impute, line_up_draws
from disparity.analysis.reasons.scenario_rows import (
    ALL_GROUP,
    ALL_REFERENCE,
    LEFT_OUT,
    OFFICER_INFORMED,
    PROPORTIONAL,
    PROPORTIONAL_BY_TYPE,
    make_pooled_rows,
    make_rows,
    refuse_doubted,
)
from disparity.disclosure.open import Detail
from disparity.statistics.rubin import Pooled, pool_rubin
from disparity.vocabulary.codes import ALL, REFERENCE_GROUP, SELF_DEFINED

SCENARIO = "missing_ethnicity_scenario"


def fill_missing_ethnicity(
    counts: Detail, periods: pl.DataFrame, estimates: pl.DataFrame, comparisons: pl.DataFrame, *, seed: int
) -> pl.DataFrame:
    """Give the ratio of search rates, and the find rates, under each way of filling in unknown ethnicity.

    ratio = (Nc / Ec) / (Nr / Er), with N searches of the group c and of the reference group r after filling
    in and E their exposure; self-defined ethnicity, all types of search. The scenarios (`component`):
    left_out: N known searches alone, the Home Office's way, with the ratio's own exact interval.
    proportional: shared out as the known are: N = known x (1 + unknown / all known). The factor is the same for
    every group and cancels, so the ratio is that of left_out.
    proportional_by_type: the same within each month and type of search.
    officer_informed: by P(self-defined | officer-defined) among searches that have both; blank: proportional.
    imputed: multiple imputation (see `impute`), pooled on the log ratio with the variance 1 / Nc + 1 / Nr of
    two Poisson counts; imputed_fraction_missing: the share of the ratio's information that is missing.
    all_reference, all_group: every one of the reference group, or of the group: the most that is possible.

    What no scenario but the last two survives: recording that depends on the ethnicity itself, whatever else
    is alike. `imputed` allows for recording that depends on the outcome (ethnicity is stated more often after
    an arrest), on the type, the time and what the officer saw; the others but left_out in part, or not at all.

    Returns:
        REASON_COLUMNS. Analysis SCENARIO: `value` a ratio (1 is the same rate); analyses FIND_RATE and
        FIND_DIFFERENCE, see `fill_find_rates`. `value` is null where a scenario is not used: the note says why.
        No row where there is no ratio on self-defined ethnicity.

    Source: Little and Rubin (2019); Rubin (1987).
    """
    own = comparisons.filter(search_type=ALL, ethnicity_basis=SELF_DEFINED)
    ratios = own.filter(measure="search_rate").drop_nulls("ratio")
    columns = {"value": "ratio", "lower": "ratio_lower", "upper": "ratio_upper"}
    left_out = make_rows(ratios.select(*SPANS, "ethnic_group", **columns), SCENARIO, LEFT_OUT)
    cells, doubts = lay_out(counts, periods), doubt_officers(counts, periods, estimates)
    if cells.is_empty():
        return left_out.clear()
    trusted = cells.join(doubts.select(*SPANS, "is_basis_doubted").unique(), on=SPANS, how="left").with_columns(
        pl.when(~pl.col("is_basis_doubted")).then(pl.col("officer_defined_group")).alias("officer_defined_group")
    )
    draws = impute(trusted, seed=seed)
    pairs = _add_exposure(ratios, estimates)
    return pl.concat(
        [
            left_out,
            *_share_out_ratios(pairs, cells, doubts),
            make_pooled_rows(pairs, _pool_ratios(pairs, draws), doubts, SCENARIO),
            *_bound_ratios(ratios, estimates),
            fill_find_rates(own, estimates, cells=cells, draws=draws, doubts=doubts),
        ]
    ).sort(*SPANS, "analysis", "component", "ethnic_group")


def _add_exposure(ratios: pl.DataFrame, estimates: pl.DataFrame) -> pl.DataFrame:
    own = estimates.filter(measure="search_rate", search_type=ALL, ethnicity_basis=SELF_DEFINED)
    rates = own.select(*SPANS, "ethnic_group", known="numerator", exposure="denominator")
    reference = rates.filter(ethnic_group=REFERENCE_GROUP).select(*SPANS, exposure_reference="exposure")
    keys = [*SPANS, "ethnic_group"]
    return ratios.select(keys).join(rates, on=keys).join(reference, on=SPANS).sort(keys)


def _share_out_ratios(pairs: pl.DataFrame, cells: pl.DataFrame, doubts: pl.DataFrame) -> list[pl.DataFrame]:
    ways: dict[str, list[tuple[str, ...]]] = {
        PROPORTIONAL: [],
        PROPORTIONAL_BY_TYPE: [("month", "search_type"), ("search_type",)],
        OFFICER_INFORMED: [("officer_defined_group",)],
    }
    ratios = {way: _set_ratio(pairs, add_up(share_out(cells, strata))) for way, strata in ways.items()}
    *alike, seen = (make_rows(rows, SCENARIO, way) for way, rows in ratios.items())
    return [*alike, refuse_doubted(seen, doubts)]


def _set_ratio(pairs: pl.DataFrame, filled: pl.DataFrame) -> pl.DataFrame:
    reference = filled.filter(ethnic_group=REFERENCE_GROUP).drop("ethnic_group")
    both = pairs.join(filled, on=[*SPANS, "ethnic_group"]).join(reference, on=SPANS, suffix="_reference")
    group, other = (pl.col(f"searches{side}") / pl.col(f"exposure{side}") for side in ("", "_reference"))
    return both.with_columns(value=group / other)


def _pool_ratios(pairs: pl.DataFrame, draws: pl.DataFrame) -> Pooled:
    searches = line_up_draws(pairs, draws, "searches").astype(np.float64)
    # A group of which no search is known could be anything: nothing is drawn from nothing.
    searches[:, pairs["known"].to_numpy() == 0] = np.nan
    group, reference = searches[..., 0], searches[..., 1]
    exposure = np.log(pairs["exposure"].to_numpy() / pairs["exposure_reference"].to_numpy())
    complete = (group + reference).mean(axis=0) - 2
    pooled = pool_rubin(np.log(group / reference) - exposure, 1 / group + 1 / reference, complete)
    estimate, lower, upper, _ = map(np.exp, pooled)
    return pooled._replace(estimate=estimate, lower=lower, upper=upper)


def _bound_ratios(ratios: pl.DataFrame, estimates: pl.DataFrame) -> list[pl.DataFrame]:
    bounds = bound_missing_ethnicity(estimates, ratios).filter(analysis=MISSING_ETHNICITY)
    return [
        make_rows(bounds.select(*SPANS, "ethnic_group", value=limit), SCENARIO, component)
        for limit, component in (("lower", ALL_REFERENCE), ("upper", ALL_GROUP))
    ]
