"""How much more rates and their differences vary than independent searches would: by week, incident and month.

Definitions, section 4. Everything reported is the wider of what chance makes of single searches and of each kind of
cluster that is known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from disparity.analysis.measures.entries import TOLD_MEASURES, UNKNOWN_ETHNICITY_SHARE, Measure
from disparity.disclosure.open import Detail
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.records.clusters import (
    BY_INCIDENT,
    BY_MONTH,
    BY_WEEK,
    CLUSTER_SUMS,
    KNOWN,
    OF_ALL,
    OF_GROUP,
    OF_KNOWN,
    WEEKS_A_MONTH,
    name_pair,
    name_reference_pair,
    sum_months,
)
from disparity.statistics.clustered import (
    CrossProducts,
    Linearised,
    Products,
    correct,
    linearise_count,
    linearise_rate_ratio,
    linearise_share,
    linearise_shares,
    shrink_sample,
)
from disparity.statistics.intervals import FloatArray
from disparity.vocabulary.codes import ALL, REFERENCE_GROUP
from disparity.vocabulary.thresholds import COVERAGE_MEASURED, FEWEST_CLUSTERED_MONTHS

ROW = [*PERIOD_KEYS, "ethnic_group", "search_type"]
SUMS = [name for name in CLUSTER_SUMS if name not in ("days", "searches")]
SQUARES = name_pair("searches", "searches")
# Of each measure: what is counted, out of what, as `records.clusters` names them.
COUNTED = {
    "find_rate": ("found", "known"),
    "arrest_rate": ("arrests", "outcomes"),
    "action_rate": ("actions", "outcomes"),
    "clothing_removed_rate": ("clothing_removed", "clothing_recorded"),
    "arrest_after_find_rate": ("found_arrests", "found_outcomes"),
    "action_after_find_rate": ("stated_actions", "stated_outcomes"),
    **{measure.name: ("clothing_removed", "clothing_recorded") for measure in TOLD_MEASURES},
    "type_share": ("searches", OF_GROUP),
    "search_share": ("searches", OF_KNOWN),
    "unknown_ethnicity_share": ("searches", OF_ALL),
}
# Out of searches that are counted in another row: of all types, or of all groups.
ELSEWHERE = {
    OF_GROUP: {"search_type": ALL},
    OF_KNOWN: {"ethnic_group": KNOWN},
    OF_ALL: {"ethnic_group": ALL},
}
KNOWN_TYPES = {
    **dict.fromkeys(PERIOD_KEYS, pl.String()),
    **{"period_from": pl.Date(), "period_to": pl.Date()},
    **{"cluster": pl.String(), "number": pl.Int64(), "days": pl.Int64()},
}


@dataclass(frozen=True)
class Clusters:
    """What is known of the clusters of a publication.

    `sums`: kind of cluster → pairs of searches (as `records.clusters`) by ROW. `known`: by PERIOD_KEYS, `cluster` (a
    kind that is known), `number` (clusters of the period, those without a search too; null where nobody can number
    them), `days` (with a search; null for months). `design_effects`: force, design_effect: in the place of both
    where counts are protected; null otherwise.
    """

    sums: dict[str, pl.DataFrame] = field(default_factory=dict)
    known: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=KNOWN_TYPES))
    design_effects: pl.DataFrame | None = None

    def list_kinds(self, rows: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
        """Give each kind that is known of anything, with `is_known` and `number` of each row, in its order."""
        for kind in self.sums:
            own = self.known.filter(cluster=kind).select(*PERIOD_KEYS, "number", is_known=pl.lit(True))
            if own.is_empty():
                continue
            joined = rows.select(ROW).join(own, on=PERIOD_KEYS, how="left", maintain_order="left")
            yield kind, joined.with_columns(pl.col("is_known").fill_null(False))


NO_CLUSTERS = Clusters()


def gather_clusters(counts: Detail, periods: pl.DataFrame) -> Clusters:
    """Add up the clusters of each period, and say which kinds are known.

    Weeks and incidents are known where 95% of the searches of the period have a date; months where there are six.

    Args:
        periods: month, period_from, period_to.
    """
    keys = ["force", "period_from", "period_to", "cluster", "ethnicity_basis", "ethnic_group", "search_type"]
    dated = counts.clusters.join(periods, on="month").group_by(keys).agg(pl.col(CLUSTER_SUMS).cast(pl.Int64).sum())
    both = pl.concat([table.select(*keys, *CLUSTER_SUMS) for table in (sum_months(counts.cells, periods), dated)])
    kinds = (BY_WEEK, BY_INCIDENT, BY_MONTH)
    sums = {kind: both.filter(cluster=kind).select(*ROW, *SUMS) for kind in kinds}
    return Clusters(sums, _find_known(both.filter(ethnic_group=ALL, search_type=ALL)))


def _find_known(totals: pl.DataFrame) -> pl.DataFrame:
    months = totals.filter(cluster=BY_MONTH).select(*PERIOD_KEYS, months="days", of="searches")
    weeks = totals.filter(cluster=BY_WEEK).select(*PERIOD_KEYS, dated="searches")
    is_week, is_month = pl.col("cluster") == BY_WEEK, pl.col("cluster") == BY_MONTH
    is_dated = (pl.col("dated") >= COVERAGE_MEASURED * pl.col("of")).fill_null(False)
    is_known = pl.when(is_month).then(pl.col("months") >= FEWEST_CLUSTERED_MONTHS).otherwise(is_dated)
    number = pl.when(is_week).then(pl.col("months") * WEEKS_A_MONTH).when(is_month).then("months")
    return (
        totals.join(months, on=PERIOD_KEYS)
        .join(weeks, on=PERIOD_KEYS, how="left")
        .filter(is_known)
        .select(*PERIOD_KEYS, "cluster", number=number, days=pl.when(is_week).then("days"))
    )


def has_sums(measure: Measure) -> bool:
    """Say whether the pairs of a measure are counted; of one without them nothing is known of its clusters."""
    return measure.is_per_residents or measure.name in COUNTED


def shrink_samples(rows: pl.DataFrame, measure: Measure, clusters: Clusters) -> FloatArray:
    """Give the part of each row's events and exposure that holds as much as independent searches would.

    The least over the kinds of cluster that are known (`statistics.clustered.shrink_sample`); 1 where none is.

    Args:
        rows: of estimates, with numerator and denominator.
    """
    part = np.ones(rows.height)
    if clusters.design_effects is not None:
        return np.fmin(part, 1 / look_up_effects(rows, clusters.design_effects))
    if not has_sums(measure):
        return part
    for kind, known in clusters.list_kinds(rows):
        linearised = _linearise_one(rows, measure, clusters.sums[kind], known)
        fixed = known["number"].fill_null(0).to_numpy() - 1.0 if kind == BY_MONTH else np.nan
        shrunk = shrink_sample(correct(linearised, fixed))
        part = np.fmin(part, np.where(known["is_known"].to_numpy(), shrunk, np.nan))
    return part


def look_up_effects(rows: pl.DataFrame, effects: pl.DataFrame) -> FloatArray:
    """Give the design effect of each row's force; NaN where it is not known."""
    joined = rows.select("force").join(effects, on="force", how="left", maintain_order="left")
    return joined["design_effect"].fill_null(np.nan).to_numpy()


def _linearise_one(rows: pl.DataFrame, measure: Measure, sums: pl.DataFrame, known: pl.DataFrame) -> Linearised:
    x, n = floats(rows, "numerator"), floats(rows, "denominator")
    if measure.is_per_residents:
        number = known["number"].cast(pl.Float64).fill_null(np.inf).to_numpy()
        (squares,) = _fetch(rows, sums, SQUARES)
        return linearise_count(x, x + squares, number)
    if measure is UNKNOWN_ETHNICITY_SHARE:
        return linearise_share(x, n, _unknown_products(rows, sums, x, n))
    return linearise_share(x, n, _products(rows, measure, sums, (x, n)))


def linearise_pair(
    pairs: pl.DataFrame, measure: Measure, sums: pl.DataFrame, counts: list[FloatArray]
) -> tuple[Linearised, Linearised]:
    """Give the variance of each difference (NaN for search rates) and of the log of each ratio.

    Args:
        pairs: ROW of the group. counts: numerator and denominator of the group, and of the reference group.
    """
    x1, n1, x2, n2 = counts
    other = pairs.with_columns(ethnic_group=pl.lit(REFERENCE_GROUP))
    if measure.is_per_residents:
        own, cross = _fetch(pairs, sums, SQUARES, name_reference_pair("searches", "searches"))
        (others,) = _fetch(other, sums, SQUARES)
        ratio = linearise_rate_ratio(x1, x1 + own, x2, x2 + others, cross)
        return Linearised(*(np.full(len(x1), np.nan) for _ in ratio)), ratio
    first, second = _products(pairs, measure, sums, (x1, n1)), _products(other, measure, sums, (x2, n2))
    return linearise_shares((x1, n1, x2, n2), first, second, _cross_products(pairs, measure, sums))


def _products(
    rows: pl.DataFrame, measure: Measure, sums: pl.DataFrame, counts: tuple[FloatArray, FloatArray]
) -> Products:
    """Pairs of different searches, and those of a search with itself: as many as there are."""
    (x, n), (counted, trials) = COUNTED[measure.name], counts
    within = _fetch_with(rows, sums, n, (name_pair(x, x), name_pair(x, n)), (name_pair(n, n), SQUARES))
    return Products(*(own + pairs for own, pairs in zip((counted, counted, trials), within, strict=True)))


def _cross_products(pairs: pl.DataFrame, measure: Measure, sums: pl.DataFrame) -> CrossProducts:
    x, n = COUNTED[measure.name]
    named = [name_reference_pair(*both) for both in ((x, x), (x, n), (n, x))]
    last = name_reference_pair(n, n), name_reference_pair("searches", "searches")
    return CrossProducts(*_fetch_with(pairs, sums, n, named, last))


def _unknown_products(rows: pl.DataFrame, sums: pl.DataFrame, x: FloatArray, n: FloatArray) -> Products:
    """Of searches of unknown ethnicity: of one kind, as any group's; of both, what all less the known are."""
    kind = _products(rows, UNKNOWN_ETHNICITY_SHARE, sums, (x, n))
    known = rows.with_columns(ethnic_group=pl.lit(KNOWN))
    (with_known,), (among_known,) = _fetch(rows, sums, name_pair("searches", OF_KNOWN)), _fetch(known, sums, SQUARES)
    all_known, of_known = n - x + with_known, n - x + among_known
    both = Products(kind.nn - 2 * all_known + of_known, kind.nn - all_known, kind.nn)
    is_both = (rows["ethnic_group"] == ALL).to_numpy()
    return Products(*(np.where(is_both, total, one) for total, one in zip(both, kind, strict=True)))


def _fetch_with(
    rows: pl.DataFrame, sums: pl.DataFrame, whole: str, names: Sequence[str], last: tuple[str, str]
) -> list[FloatArray]:
    """Give some sums of each row, and last one of what it is a share of: of this row, or of the one it is counted in.

    Args:
        last: the sum in each of the two cases.
    """
    if whole not in ELSEWHERE:
        return _fetch(rows, sums, *names, last[0])
    elsewhere = rows.with_columns(pl.lit(value).alias(name) for name, value in ELSEWHERE[whole].items())
    return _fetch(rows, sums, *names) + _fetch(elsewhere, sums, last[1])


def _fetch(rows: pl.DataFrame, sums: pl.DataFrame, *names: str) -> list[FloatArray]:
    """Give sums of each row; 0 where there is no pair."""
    wanted = list(dict.fromkeys(names))
    joined = rows.select(ROW).join(sums.select(*ROW, *wanted), on=ROW, how="left", maintain_order="left")
    numbers = joined.select(pl.col(wanted).fill_null(0).cast(pl.Float64))
    return [numbers[name].to_numpy() for name in names]


def floats(rows: pl.DataFrame, name: str) -> FloatArray:
    """Give a column of counts as an array, 0 where it is null."""
    return rows[name].cast(pl.Float64).fill_null(0).to_numpy()
