"""How much more searches vary than single ones would: all that a restricted publication tells of their clusters."""

import numpy as np
import polars as pl

from disparity.disclosure.protect import BASE, range_of
from disparity.records.clusters import (
    BY_INCIDENT,
    BY_MONTH,
    BY_WEEK,
    CLUSTER_SUMS,
    name_pair,
    name_reference_pair,
    sum_months,
)
from disparity.records.counts import Counts
from disparity.statistics.clustered import correct, linearise_rate_ratio, t_quantile
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, REFERENCE_GROUP, SELF_DEFINED
from disparity.vocabulary.thresholds import COVERAGE_MEASURED, FEWEST_CLUSTERED_MONTHS

# Up to the next of these: one number a force, too coarse to tell of a person.
STEP = 0.5
# A group of fewer would move it by a few people, and is itself protected. Which groups have a part in it is told by
# what is shown of them: from exactly 100 on, that there is a number would tell of 98 and 99, which are shown alike.
FEWEST_SHOWN = 105
FEWEST_SEARCHES = range_of(FEWEST_SHOWN, BASE)[0]
NO_DESIGN_EFFECTS = pl.DataFrame(schema={"force": pl.String, "design_effect": pl.Float64})
SQUARES, CROSS = name_pair("searches", "searches"), name_reference_pair("searches", "searches")


def summarise_design_effect(counts: Counts) -> pl.DataFrame:
    """Give the largest design effect of the ratios of search rates of each force, over all its months.

    design effect = variance over clusters / variance of single searches x (t / z)², of the log of the ratio of
    the search rate of each group that is shown as 105 searches or more to that of White people; by weeks, incidents,
    and months where there are six. It is at least 1, and rounded up to the next half. Finds are no part of it: where
    the rows of searches are public, finds are what is protected.

    Returns:
        force, design_effect (no unit; 1: independent). A force whose clusters are not known has no row.

    Source: Kish (1965); Binder (1983).
    """
    months = (
        counts.cells.select("month")
        .unique()
        .with_columns(period_from=pl.col("month").min(), period_to=pl.col("month").max())
    )
    own = pl.col("ethnicity_basis") == SELF_DEFINED
    keys = ["force", "cluster", "ethnic_group"]
    dated = counts.clusters.group_by(*keys, "ethnicity_basis", "search_type").agg(
        pl.col(CLUSTER_SUMS).cast(pl.Int64).sum()
    )
    columns = [*keys, "ethnicity_basis", "search_type", *CLUSTER_SUMS]
    both = pl.concat([sum_months(counts.cells, months).select(columns), dated.select(columns)])
    sums = both.filter(own, search_type=ALL)
    searches = counts.cells.filter(own).group_by("force", "ethnic_group").agg(n=pl.col("searches").sum())
    pairs = _pair(searches, sums, _find_known(sums))
    n, other, squares, others, cross, number = (
        pairs[name].cast(pl.Float64).fill_null(0).to_numpy()
        for name in ("n", "n_reference", SQUARES, f"{SQUARES}_reference", CROSS, "number")
    )
    fixed = np.where((pairs["cluster"] == BY_MONTH).to_numpy(), number - 1, np.nan)
    made = correct(linearise_rate_ratio(n, n + squares, other, other + others, cross), fixed)
    effect = made.variance / made.independent * (t_quantile(made.degrees_of_freedom) / t_quantile(np.inf)) ** 2
    rounded = np.ceil(np.maximum(effect, 1) / STEP - 1e-9) * STEP
    largest = pairs.select("force", design_effect=pl.Series(rounded, dtype=pl.Float64).fill_nan(None))
    return largest.drop_nulls().group_by("force").agg(pl.col("design_effect").max()).sort("force")


def _find_known(sums: pl.DataFrame) -> pl.DataFrame:
    """Give the kinds of cluster that each force's records tell: force, cluster, number."""
    totals = sums.filter(ethnic_group=ALL)
    months = totals.filter(cluster=BY_MONTH).select("force", number="days", of="searches")
    weeks = totals.filter(cluster=BY_WEEK).select("force", dated="searches")
    known = months.join(weeks, on="force", how="left").with_columns(
        is_dated=(pl.col("dated") >= COVERAGE_MEASURED * pl.col("of")).fill_null(False)
    )
    kinds = pl.DataFrame({"cluster": [BY_WEEK, BY_INCIDENT, BY_MONTH]})
    is_known = (
        pl.when(pl.col("cluster") == BY_MONTH).then(pl.col("number") >= FEWEST_CLUSTERED_MONTHS).otherwise("is_dated")
    )
    return known.join(kinds, how="cross").filter(is_known).select("force", "cluster", "number")


def _pair(searches: pl.DataFrame, sums: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Set each group beside the reference group, for each kind of cluster that is known."""
    keys = ["force", "cluster", "ethnic_group"]
    rows = searches.join(known, on="force").join(sums.select(*keys, SQUARES, CROSS), on=keys, how="left")
    reference = rows.filter(ethnic_group=REFERENCE_GROUP).drop("ethnic_group", CROSS, "number")
    groups = [group for group in ETHNIC_GROUPS if group != REFERENCE_GROUP]
    compared = rows.filter(pl.col("ethnic_group").is_in(groups), pl.col("n") >= FEWEST_SEARCHES)
    return compared.join(reference, on=["force", "cluster"], suffix="_reference")
