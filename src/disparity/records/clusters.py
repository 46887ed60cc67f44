"""Cluster sums: what the variance of a rate needs to know of searches that come together, additive as counts are.

Searches of one week or of one incident are not independent: they share officers, a place, an operation.
A variance that allows for it needs, of every pair of searches in one cluster, whether both are of a group, both found
something, and so on. The pairs of two months add up to the pairs of both, as long as no cluster lies in two months.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import csr_array

from disparity.records.alike import Numbers, number_met
from disparity.vocabulary.codes import (
    ALL,
    DRUG_TYPES,
    ETHNIC_GROUPS,
    NOT_RECORDED,
    OFFICER_DEFINED,
    REFERENCE_GROUP,
    SEARCH_TYPES,
    SELF_DEFINED,
    UNKNOWN_GROUPS,
)

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

GROUP_COLUMN = {SELF_DEFINED: "self_defined_group", OFFICER_DEFINED: "officer_defined_group"}
BY_DAY, BY_WEEK, BY_INCIDENT = "day", "week", "incident"
BY_MONTH = "month"
# A "week" is a fourth of a month, 7 or 8 days: all of one length, and none in two months.
WEEKS_A_MONTH = 4
CLUSTER_KEYS = ("force", "month", "cluster", "ethnicity_basis", "ethnic_group", "search_type")
# Of one cluster, by self- and officer-defined group and type of search.
CLUSTER_COUNTS = (
    *("searches", "found", "known", "outcomes", "actions", "arrests"),
    *("clothing_recorded", "clothing_removed"),
    *("found_outcomes", "found_arrests", "stated_outcomes", "stated_actions"),
)
OF_GROUP = "searches_of_group"  # of all types of search
OF_ALL = "searches_of_all"  # of all groups, known or not
OF_KNOWN = "searches_of_known"  # of all groups that are known
# Each share that is compared: what is counted, out of what.
SHARES = (
    ("searches", OF_GROUP),
    ("found", "known"),
    ("arrests", "outcomes"),
    ("actions", "outcomes"),
    ("clothing_removed", "clothing_recorded"),
    ("found_arrests", "found_outcomes"),
    ("stated_actions", "stated_outcomes"),
)
# Pairs of a group with itself. Those of OF_GROUP are the searches of all types, which have a row of their own.
OWN_PAIRS = tuple(
    dict.fromkeys(
        [
            ("searches", "searches"),
            ("searches", OF_GROUP),
            *(pair for x, n in SHARES[1:] for pair in ((x, x), (x, n), (n, n))),
            *(("searches", OF_ALL), ("searches", OF_KNOWN)),
        ]
    )
)
# Pairs of a search of the group with one of the reference group.
REFERENCE_PAIRS = tuple(
    dict.fromkeys(
        [
            *(("searches", "searches"), ("searches", OF_GROUP), (OF_GROUP, "searches")),
            *(pair for x, n in SHARES[1:] for pair in ((x, x), (x, n), (n, x), (n, n))),
        ]
    )
)


def name_pair(first: str, second: str) -> str:
    """Name the column of the pairs of a group with itself."""
    return f"{first}_with_{second}"


def name_reference_pair(first: str, second: str) -> str:
    """Name the column of the pairs of a group (first) with the reference group (second)."""
    return f"{first}_with_reference_{second}"


CLUSTER_SUMS = (
    *("days", "searches"),
    *(name_pair(*pair) for pair in OWN_PAIRS),
    *(name_reference_pair(*pair) for pair in REFERENCE_PAIRS),
)
# Of a month: 4,294,967,295 pairs are those of 65,000 searches in one week. Half the memory of Int64.
SUMMED, MOST = pl.UInt32, 2**32 - 1
NO_CLUSTERS = pl.DataFrame(
    schema=dict.fromkeys(CLUSTER_KEYS, pl.String) | {"month": pl.Date} | dict.fromkeys(CLUSTER_SUMS, SUMMED)
)
NO_MONTHS = NO_CLUSTERS.drop("month").with_columns(
    pl.lit(None, pl.Date).alias("period_from"),
    pl.lit(None, pl.Date).alias("period_to"),
    pl.col(CLUSTER_SUMS).cast(pl.Int64),
)

# All groups that are known, taken together: a group of its own in `clusters` alone.
KNOWN = "Known"
# Axes of the arrays of counts, totals beside what they are made of.
COMPARED_GROUPS = tuple(group for group in ETHNIC_GROUPS if group != REFERENCE_GROUP)
GROUPS = (REFERENCE_GROUP, *COMPARED_GROUPS, *UNKNOWN_GROUPS, ALL, KNOWN)
TYPES = (*SEARCH_TYPES, ALL)
GROUP_CODES, TYPE_CODES = pl.Enum(GROUPS), pl.Enum(TYPES)
# With codes, as what is summed has: parts are added up of which another has clusters.
NO_CODED_CLUSTERS = NO_CLUSTERS.with_columns(
    pl.col("ethnic_group").cast(GROUP_CODES), pl.col("search_type").cast(TYPE_CODES)
)
REFERENCE, EVERY_GROUP, EVERY_KNOWN = 0, GROUPS.index(ALL), GROUPS.index(KNOWN)
DRUGS, EVERY_TYPE = 0, len(TYPES) - 1
ARE_DRUGS = np.array([kind in DRUG_TYPES for kind in TYPES])
# So many clusters are multiplied at a time, more only if a force-month has more: they stay near the processor.
CLUSTERS_AT_ONCE = 2_000


@dataclass(frozen=True)
class InClusters:
    """Rows in order of clusters: of each the cluster, the place of its group and type, and what it counts for.

    `ends`: of the clusters of each block, with 0 before the first.
    """

    ends: Numbers
    cluster: Numbers
    groups: Numbers
    types: Numbers
    counts: dict[str, Numbers]


def sum_months(cells: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Add up the same over the months of each period: months are clusters too.

    Args:
        cells: as in Counts. periods: month, period_from, period_to.

    Returns:
        As `sum_clusters`, by period in the place of the month; `days` are months.
    """
    # Of areas, less is counted.
    absent = [pl.lit(0, pl.Int64).alias(name) for name in CLUSTER_COUNTS if name not in (*cells.columns, "known")]
    monthly = cells.join(periods, on="month").with_columns(
        *absent, (pl.col("found") + pl.col("not_found")).alias("known"), pl.lit(BY_MONTH).alias("cluster")
    )
    if monthly.is_empty():
        return NO_MONTHS
    block, blocks = number_blocks(monthly.select("force", "period_from", "period_to", "cluster", "ethnicity_basis"))
    month = monthly["month"].to_physical().to_numpy().astype(np.int64)
    cluster, of_cluster, _ = number_clusters(block, month)
    months = np.bincount(of_cluster, minlength=blocks.height)
    order = np.argsort(cluster, kind="stable")
    groups, types = code_groups(monthly["ethnic_group"]), code_types(monthly["search_type"])
    counts = {name: monthly[name].to_numpy()[order] for name in CLUSTER_COUNTS}
    of, rows = sum_pairs(
        InClusters(end_clusters(months), cluster[order], groups[order], types[order], counts), np.int64
    )
    summed = blocks.with_columns(days=pl.Series(months))[of].hstack(rows)
    return summed.with_columns(pl.col("ethnic_group", "search_type").cast(pl.String)).select(NO_MONTHS.columns)


def number_clusters(block: Numbers, named: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Number the clusters in order of blocks: that of each row, and of each cluster its block and its name."""
    least = int(named.min())
    span = int(named.max()) - least + 1
    met, cluster = number_met(block * span + named - least, (int(block.max()) + 1) * span)
    of_cluster, name = np.divmod(met, span)
    return cluster, of_cluster, name + least


def end_clusters(clusters: Numbers) -> Numbers:
    """Give where the clusters of each block end, with 0 before the first."""
    return np.append(0, np.cumsum(clusters))


def number_blocks(of_row: pl.DataFrame) -> tuple[Numbers, pl.DataFrame]:
    """Number what rows have in common, in order; like rows mostly follow each other, and few texts are looked at."""
    is_new = of_row.select(pl.any_horizontal(pl.all() != pl.all().shift()).fill_null(True)).to_series()
    heads = of_row.filter(is_new)
    blocks = heads.unique().sort(of_row.columns)
    number = heads.join(blocks.with_row_index("block"), on=of_row.columns, how="left", maintain_order="left")["block"]
    return number.to_numpy().astype(np.int64)[is_new.cum_sum().to_numpy() - 1], blocks


def code_groups(groups: pl.Series) -> Numbers:
    coded = groups.cast(GROUP_CODES).to_physical().fill_null(GROUPS.index(NOT_RECORDED))
    return coded.to_numpy().astype(np.int64)


def code_types(types: pl.Series) -> Numbers:
    return types.cast(TYPE_CODES).to_physical().to_numpy().astype(np.int64)


def sum_pairs(rows: InClusters, whole: type[np.integer]) -> tuple[Numbers, pl.DataFrame]:
    """Give the block of each cell, and group, type and sums of pairs as whole numbers of the kind asked for."""
    kinds, _ = number_met(np.append(rows.types, [DRUGS, EVERY_TYPE]), len(TYPES))
    kind = np.searchsorted(kinds, rows.types)
    size = len(GROUPS) * len(kinds)
    # What nobody records has no pairs.
    recorded = {name: count.astype(np.float64) for name, count in rows.counts.items() if count.any()}
    met: list[Numbers] = []
    columns: dict[str, list[Floats]] = {}
    for first, last in _cut(rows.ends):
        ends = rows.ends[first : last + 1]
        piece = slice(*np.searchsorted(rows.cluster, ends[[0, -1]]))
        line_of_row = (rows.cluster[piece] - ends[0]) * len(GROUPS) + rows.groups[piece]
        lines, counted = _count_lines(
            line_of_row, kind[piece], {name: count[piece] for name, count in recorded.items()}, kinds
        )
        sums = _multiply(lines, counted, ends - ends[0])
        kept = _find_paired(sums)
        met.append(first * size + kept)
        for name, values in sums.items():
            columns.setdefault(name, []).append(values.take(kept))
    block, cell = np.divmod(np.concatenate(met), size)
    most, nothing = np.iinfo(whole).max, np.zeros(len(block), dtype=whole)
    held = {name: np.minimum(np.concatenate(values), most).astype(whole) for name, values in columns.items()}
    return block, pl.DataFrame({name: held.get(name, nothing) for name in CLUSTER_SUMS[1:]}).with_columns(
        pl.Series("ethnic_group", cell // len(kinds)).cast(pl.UInt8).cat.to(GROUP_CODES),
        pl.Series("search_type", kinds[cell % len(kinds)]).cast(pl.UInt8).cat.to(TYPE_CODES),
    )


def _cut(ends: Numbers) -> Iterator[tuple[int, int]]:
    """Cut into pieces of whole blocks: the first block of each, and that after its last."""
    piece = ends[:-1] // CLUSTERS_AT_ONCE
    return pairwise(np.append(np.flatnonzero(np.diff(piece, prepend=-1)), len(piece)).tolist())


def _count_lines(
    line: Numbers, kind: Numbers, counts: dict[str, Floats], kinds: Numbers
) -> tuple[Numbers, dict[str, Floats]]:
    """Count by cluster and group (a line) and type of search, with lines and types for the totals.

    A cluster with searches of one group alone, as most incidents are, has no lines for totals: they would be the same.

    Returns:
        The lines that have a search (cluster times the number of groups, plus group), and counts by line and type.
    """
    size = (int(line.max()) // len(GROUPS) + 1) * len(GROUPS)
    met, of_row = number_met(line, size)
    cluster, group = np.divmod(met, len(GROUPS))
    every = np.flatnonzero(np.bincount(cluster)[cluster] > 1)
    known = every[group[every] < len(ETHNIC_GROUPS)]
    start = met - group
    lines, of_part = number_met(np.concatenate([met, start[every] + EVERY_GROUP, start[known] + EVERY_KNOWN]), size)
    add = _add_into(of_part, len(lines), np.concatenate([np.arange(len(met)), every, known]))
    counted = {}
    for name, count in counts.items():
        cells = np.bincount(of_row * len(kinds) + kind, weights=count, minlength=len(met) * len(kinds))
        cells = cells.reshape(len(met), -1)
        cells[:, -1] = np.einsum("lt->l", cells)
        cells[:, DRUGS] += np.einsum("lt->l", cells[:, ARE_DRUGS[kinds]])
        counted[name] = add @ cells
    return lines, counted


def _add_into(target: Numbers, size: int, part: Numbers) -> csr_array:
    """Give the matrix that adds each part into its target."""
    return csr_array((np.ones(len(part)), (target, part)), shape=(size, int(part.max()) + 1 if len(part) else 0))


def _multiply(lines: Numbers, counted: dict[str, Floats], ends: Numbers) -> dict[str, Floats]:
    """Multiply within each cluster, and add up over the clusters of each block: by block and group, and type."""
    (cluster, group), every, blocks = np.divmod(lines, len(GROUPS)), np.arange(len(lines)), len(ends) - 1
    line_of = np.full(int(ends[-1]) * len(GROUPS), -1)
    line_of[lines] = every
    reference, all_groups, all_known = (
        line_of[lines - group + other] for other in (REFERENCE, EVERY_GROUP, EVERY_KNOWN)
    )
    # Without others, the line of a group is that of all.
    is_alone = all_groups < 0
    is_known = is_alone & (group < len(ETHNIC_GROUPS))
    all_groups, all_known = np.where(is_alone, every, all_groups), np.where(is_known, every, all_known)
    alone, known = np.flatnonzero(is_alone), np.flatnonzero(is_known)
    searches = counted["searches"]
    own = counted | {
        OF_GROUP: searches[:, -1:],
        OF_ALL: searches[all_groups],
        OF_KNOWN: np.where(all_known[:, None] >= 0, searches[all_known], 0),
    }
    start = np.repeat(np.arange(blocks), np.diff(ends))[cluster] * len(GROUPS)
    target = start + group
    targets = np.concatenate([target, start[alone] + EVERY_GROUP, start[known] + EVERY_KNOWN])
    add = _add_into(targets, blocks * len(GROUPS), np.concatenate([every, alone, known]))
    sums = {name: add @ cells for name, cells in counted.items()}
    # A pair of a search with itself is no pair of searches.
    of_known = sums["searches"].reshape(blocks, len(GROUPS), -1).copy()
    of_known[:, len(ETHNIC_GROUPS) : EVERY_GROUP] = 0
    of_known[:, EVERY_GROUP] = of_known[:, EVERY_KNOWN]
    of_known = of_known.reshape(sums["searches"].shape)
    out, product = {"searches": sums["searches"]}, np.empty_like(searches)
    for x, n in OWN_PAIRS:
        if x in own and n in own:
            out[name_pair(x, n)] = add @ np.multiply(own[x], own[n], out=product) - (
                of_known if n == OF_KNOWN else sums[x]
            )
    both = np.flatnonzero((group > REFERENCE) & (group < len(ETHNIC_GROUPS)) & (reference >= 0))
    add = _add_into(target[both], blocks * len(GROUPS), np.arange(len(both)))
    here = {name: cells[both] for name, cells in own.items()}
    there = {name: cells[reference[both]] for name, cells in own.items()}
    for x, n in REFERENCE_PAIRS:
        if x in own and n in own:
            out[name_reference_pair(x, n)] = add @ (here[x] * there[n])
    return out


def _find_paired(sums: dict[str, Floats]) -> Numbers:
    """Find the cells with a pair, and those of all searches."""
    kept = np.zeros(sums["searches"].shape, dtype=bool)
    kept[EVERY_GROUP :: len(GROUPS), -1] = True
    for name, values in sums.items():
        if name != "searches":
            kept |= values != 0
    return np.flatnonzero(kept)
