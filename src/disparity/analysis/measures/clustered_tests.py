"""Comparisons as clusters make them: the wider limits, the larger p, and what they rest on."""

from typing import NamedTuple

import numpy as np
import polars as pl

from disparity.analysis.measures.clusters import Clusters, has_sums, linearise_pair, look_up_effects
from disparity.analysis.measures.entries import Measure
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.records.clusters import BY_MONTH, BY_WEEK
from disparity.statistics.clustered import Linearised, correct, limit_estimate, p_of_estimate
from disparity.statistics.intervals import FloatArray, Interval
from disparity.statistics.significance import error_of_p
from disparity.vocabulary.thresholds import FEWEST_CLUSTERS

BY_DESIGN_EFFECT = "design effect"


class ClusteredTest(NamedTuple):
    """Limits and p of every comparison, each array in the order of the pairs.

    `kind`: of the clusters that the p is of; empty: single searches. `design_effect`: variance / that of independent
    searches, the largest over what was tried (1: independent); NaN where no cluster is known. `standard_error` and
    `degrees_of_freedom` give the p: of the log ratio for search rates, of the difference for shares.
    """

    ratio: Interval
    difference: Interval
    p: FloatArray
    kind: FloatArray
    design_effect: FloatArray
    standard_error: FloatArray
    degrees_of_freedom: FloatArray


def widen_tests(
    pairs: pl.DataFrame,
    measure: Measure,
    clusters: Clusters,
    counts: list[FloatArray],
    exact: tuple[Interval, Interval, FloatArray],
) -> ClusteredTest:
    """Widen limits and raise p of comparisons to what clusters make of them.

    Args:
        pairs: of a group and the reference group. counts: numerator and denominator of both.
        exact: limits of the ratio, of the difference, and p, all of independent searches.

    Returns:
        p is NaN where the period has fewer than FEWEST_CLUSTERS days with a search.
    """
    x1, n1, x2, n2 = counts
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = x1 / n1, x2 / n2
        log_ratio = np.log(rates[0] / rates[1])
        estimate = log_ratio if measure.is_per_residents else rates[0] - rates[1]
    independent = _independent(measure, counts)
    test = _start(exact, estimate, independent[1] if measure.is_per_residents else independent[0])
    if clusters.design_effects is not None:
        effect = look_up_effects(pairs, clusters.design_effects)
        made = [_inflate(variance, effect) for variance in independent]
        return _take_wider(test, BY_DESIGN_EFFECT, (estimate, log_ratio), made, ~np.isnan(effect))
    for kind, known in clusters.list_kinds(pairs) if has_sums(measure) else ():
        fixed = known["number"].fill_null(0).to_numpy() - 1.0 if kind == BY_MONTH else np.nan
        made = [correct(one, fixed) for one in linearise_pair(pairs, measure, clusters.sums[kind], counts)]
        test = _take_wider(test, kind, (estimate, log_ratio), made, known["is_known"].to_numpy())
    return test._replace(p=np.where(_has_few_clusters(pairs, clusters), np.nan, test.p))


def _start(
    exact: tuple[Interval, Interval, FloatArray], estimate: FloatArray, independent: FloatArray
) -> ClusteredTest:
    """The exact test, with the error that gives its p on the normal scale; where any would do, the usual one."""
    ratio, difference, p = exact
    nothing = np.full(len(p), np.nan)
    error = error_of_p(estimate, p)
    error = np.where(np.isnan(error), np.sqrt(independent), error)
    return ClusteredTest(
        ratio, difference, p, np.full(len(p), "", dtype=object), nothing, error, np.full(len(p), np.inf)
    )


def _take_wider(
    test: ClusteredTest,
    kind: str,
    estimates: tuple[FloatArray, FloatArray],
    made: list[Linearised],
    is_known: np.ndarray,
) -> ClusteredTest:
    """Take this kind of cluster where its p is larger or its limits lie farther out."""
    (estimate, log_ratio), (difference, log) = estimates, made
    tested = log if np.isnan(difference.variance).all() else difference
    p = np.where(is_known, p_of_estimate(estimate, tested.variance, tested.degrees_of_freedom), np.nan)
    is_larger = p > test.p
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = np.where(is_known, np.maximum(tested.variance / tested.independent, 1.0), np.nan)
    lower, upper = limit_estimate(log_ratio, log.variance, log.degrees_of_freedom)
    apart = limit_estimate(estimate, difference.variance, difference.degrees_of_freedom)
    return ClusteredTest(
        _span(test.ratio, Interval(np.exp(lower), np.exp(upper)), is_known),
        _span(test.difference, Interval(np.maximum(apart.lower, -1), np.minimum(apart.upper, 1)), is_known),
        np.where(is_larger, p, test.p),
        np.where(is_larger, kind, test.kind),
        np.fmax(test.design_effect, effect),
        np.where(is_larger, np.sqrt(tested.variance), test.standard_error),
        np.where(is_larger, tested.degrees_of_freedom, test.degrees_of_freedom),
    )


def _span(one: Interval, other: Interval, is_known: np.ndarray) -> Interval:
    """The wider of two intervals; an undefined one stays undefined."""
    is_both = is_known & ~np.isnan(other.lower) & ~np.isnan(other.upper)
    return Interval(
        np.where(is_both, np.minimum(one.lower, other.lower), one.lower),
        np.where(is_both, np.maximum(one.upper, other.upper), one.upper),
    )


def _has_few_clusters(pairs: pl.DataFrame, clusters: Clusters) -> np.ndarray:
    days = clusters.known.filter(cluster=BY_WEEK).select(*PERIOD_KEYS, "days")
    joined = pairs.select(PERIOD_KEYS).join(days, on=PERIOD_KEYS, how="left", maintain_order="left")
    return (joined["days"] < FEWEST_CLUSTERS).fill_null(False).to_numpy()


def _independent(measure: Measure, counts: list[FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Variances of independent searches: of the difference (NaN for search rates) and of the log ratio."""
    x1, n1, x2, n2 = counts
    with np.errstate(divide="ignore", invalid="ignore"):
        if measure.is_per_residents:
            return np.full(len(x1), np.nan), np.where((x1 > 0) & (x2 > 0), 1 / x1 + 1 / x2, np.nan)
        spread = [x / n * (1 - x / n) / n for x, n in ((x1, n1), (x2, n2))]
        log = (1 - x1 / n1) / x1 + (1 - x2 / n2) / x2
        is_possible = (x1 > 0) & (x2 > 0)
        return np.where(spread[0] + spread[1] > 0, spread[0] + spread[1], np.nan), np.where(is_possible, log, np.nan)


def _inflate(independent: FloatArray, effect: FloatArray) -> Linearised:
    return Linearised(independent * effect, independent, np.full(len(independent), np.inf))
