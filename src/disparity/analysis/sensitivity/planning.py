"""How long a force has to record before a difference of some size would show.

A difference is found four times out of five (power 80%) where it is as many standard errors from none as the level and
the power ask for together. The error is made of the force's own numbers and of how its searches come in clusters.
"""

import numpy as np
import polars as pl
from scipy import special

from disparity.analysis.measures.clusters import floats
from disparity.analysis.measures.entries import FIND_RATE, SEARCH_RATE
from disparity.analysis.sensitivity.statements import POWER, SIGNIFICANT
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.statistics.intervals import FloatArray
from disparity.vocabulary.calendar import MONTHS_IN_YEAR
from disparity.vocabulary.codes import ALL, SELF_DEFINED
from disparity.vocabulary.statuses import INCOMPLETE, MEASURED, SMALL
from disparity.vocabulary.thresholds import SMALL_NUMERATOR, SMALL_SEARCHES

ROW = [*PERIOD_KEYS, "ethnic_group", "search_type"]
PLAN_COLUMNS = [
    *("measure", "force", "period_from", "period_to", "ethnic_group", "reference_group", "search_type"),
    *("difference", "searches_a_month", "reference_rate", "design_effect", "months", "months_needed"),
    *("months_to_state", "smallest_difference"),
]
# What longer records would make testable: the others lack what no time mends.
TESTABLE = (MEASURED, SMALL, INCOMPLETE)


def plan_months(estimates: pl.DataFrame, comparisons: pl.DataFrame, *, gap: float, times: float) -> pl.DataFrame:
    """Say how many months of records a difference from the reference group would need, to show four times in five.

    With z(p) the normal quantile, D the design effect, and n, p and x searches, find rate and searches in a month:
    months = D x (z(1 - level / 2) + z(0.8))² x variance of a month / size², rounded up
    find rate: size = gap, variance = p1 (1 - p1) / n1 + p2 (1 - p2) / n2, p1 = p2 ± gap, whichever varies more
    search rate: size = log times, variance = 1 / x1 + 1 / x2, x1 the group's searches were its rate so many times

    Args:
        estimates, comparisons: as published, or as `estimate` and `decide` give them.
        gap: of find rates, as a share: 0.05 is five percentage points.
        times: of search rates, over 1.

    Returns:
        PLAN_COLUMNS, self-defined ethnicity: `months_needed` at the level of 5% alone, `months_to_state` at the level
        that the number of comparisons leaves, both enough for the gate of the measure too (50 searches of each group
        for find rates, 10 for search rates). Null where nothing is counted, or the rates are not measured or leave no
        room for the gap; `months_to_state` also where nothing was tested. `design_effect` is 1 where it is not known.
        `smallest_difference`: what the records there are would have shown, at the same level and with the few degrees
        of freedom that so few months leave; a ratio for search rates, a difference for shares.

    Source: Cohen (1988), with a design effect: Kish (1965).
    """
    own = comparisons.filter(pl.col("measure").is_in([SEARCH_RATE.name, FIND_RATE.name]), ethnicity_basis=SELF_DEFINED)
    counted = estimates.select("measure", *ROW, "numerator", "denominator", "value")
    reference = counted.rename({"ethnic_group": "reference_group"})
    rows = (
        own.join(counted, on=["measure", *ROW], how="left", maintain_order="left")
        .join(
            reference,
            on=["measure", *PERIOD_KEYS, "reference_group", "search_type"],
            how="left",
            suffix="_reference",
            maintain_order="left",
        )
        .with_columns(
            pl.col("design_effect").fill_null(1).clip(lower_bound=1),
            months=(pl.col("period_to").dt.year() - pl.col("period_from").dt.year()) * MONTHS_IN_YEAR
            + (pl.col("period_to").dt.month() - pl.col("period_from").dt.month() + 1).cast(pl.Int64),
        )
    )
    is_rate = (rows["measure"] == SEARCH_RATE.name).to_numpy()
    variance, size, enough = _vary(rows, is_rate, gap, times)
    level = rows["level"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    needed = {
        name: _count_months(rows, variance / size**2, enough, at)
        for name, at in (("months_needed", np.full(rows.height, SIGNIFICANT)), ("months_to_state", level))
    }
    a_month = pl.when(pl.col("measure") == SEARCH_RATE.name).then("numerator").otherwise("denominator")
    return rows.with_columns(
        **needed,
        difference=pl.Series(np.where(is_rate, times, gap)),
        searches_a_month=a_month / pl.col("months"),
        reference_rate=pl.col("value_reference"),
    ).select(PLAN_COLUMNS)


def _vary(
    rows: pl.DataFrame, is_rate: np.ndarray, gap: float, times: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Variance of one month, size of the difference, and the months that the gate of the measure asks for."""
    months = floats(rows, "months")
    x2, n1, n2 = (
        floats(rows, name) / months for name in ("numerator_reference", "denominator", "denominator_reference")
    )
    p2 = rows["value_reference"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    sides = [np.where((p2 + side > 0) & (p2 + side < 1), p2 + side, np.nan) for side in (gap, -gap)]
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.fmax(*(p1 * (1 - p1) / n1 for p1 in sides)) + p2 * (1 - p2) / n2
        searches = times * x2 * n1 / n2  # of the group, at that many times the rate
        variance = np.where(is_rate, 1 / searches + 1 / x2, spread)
        least = np.where(is_rate, SMALL_NUMERATOR / np.fmin(searches, x2), SMALL_SEARCHES / np.fmin(n1, n2))
    is_known = rows["status"].is_in(TESTABLE).to_numpy() & (n1 > 0) & (n2 > 0) & ~np.isnan(p2)
    variance, least = (np.where(is_known, part, np.nan) for part in (variance, least))
    return variance, np.where(is_rate, np.log(times), gap), least


def _count_months(rows: pl.DataFrame, unit: FloatArray, enough: FloatArray, level: FloatArray) -> pl.Series:
    """Whole months; null where there is no end of them."""
    effect = rows["design_effect"].to_numpy()
    with np.errstate(invalid="ignore"):
        reach = special.ndtri(1 - level / 2) + special.ndtri(POWER)
        months = np.ceil(np.maximum(effect * reach**2 * unit, enough) - 1e-9)
    return pl.Series(np.where(np.isfinite(months), months, np.nan)).fill_nan(None).cast(pl.Int64)


def pick_types(plan: pl.DataFrame) -> pl.DataFrame:
    """Keep all types of search together, and those with a search of the group in every month at least."""
    return plan.filter((pl.col("search_type") == ALL) | (pl.col("searches_a_month") >= 1))
