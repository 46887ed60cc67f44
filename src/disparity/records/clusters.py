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

Numbers = npt.NDArray[np.int64]
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
REFERENCE, EVERY_GROUP, EVERY_KNOWN = 0, GROUPS.index(ALL), GROUPS.index(KNOWN)
DRUGS, EVERY_TYPE = 0, len(TYPES) - 1
ARE_DRUGS = np.array([kind in DRUG_TYPES for kind in TYPES])
# So many clusters are multiplied at a time, more only if a force-month has more: they stay near the processor.
CLUSTERS_AT_ONCE = 2_000


def sum_clusters(daily: pl.DataFrame) -> pl.DataFrame:
    """Add up, over clusters, the pairs of searches that a variance is made of.

    Of a group with counts x and n in cluster k, and the reference group's y: the sum over k of x n, less the pairs of
    a search with itself; and of x y. So 0 is what independent searches give, and a search in no cluster (it has
    no date, or no neighbour) is a cluster of its own without being written down.

    Args:
        daily: CLUSTER_COUNTS by force, month, cluster (day or incident: the kind), cluster_id (a whole number),
            self_defined_group, officer_defined_group (null: not recorded) and search_type (leaves). Rows alike in
            these are added up.

    Returns:
        CLUSTER_SUMS by CLUSTER_KEYS; types of search with drugs and All, groups with All and Known. Products are not
        additive over groups and types, so totals have rows of their own. `searches` are those of the row
        in clusters, `days` the days of the month with a search of
        anybody. A row without any pair is left out, but that of all searches of the month.

    Source: Binder (1983), the linearised variance, written as pairs.
    """
    if daily.is_empty():
        # Codes, as below: parts are added up of which another has clusters.
        return NO_CLUSTERS.with_columns(
            pl.col("ethnic_group").cast(GROUP_CODES), pl.col("search_type").cast(TYPE_CODES)
        )
    block, blocks = number_blocks(daily.select("force", "month", "cluster"))
    cluster, is_day = daily["cluster_id"].to_numpy().astype(np.int64), (blocks["cluster"] == BY_DAY).to_numpy()
    days = _Places.number(block, cluster).count_clusters()
    first, last = (blocks["month"].dt.offset_by(by).to_physical().to_numpy()[block] for by in ("0d", "1mo"))
    week = (cluster - first) * WEEKS_A_MONTH // (last - first)
    places = _Places.number(block, np.where(is_day[block], week, cluster))
    blocks = blocks.with_columns(pl.col("cluster").replace(BY_DAY, BY_WEEK), days=pl.Series(days.astype(np.uint32)))
    types, counts = _code_types(daily), _read_counts(daily)
    tables = []
    for basis, column in GROUP_COLUMN.items():
        of, rows = _sum_pairs(places, _code_groups(daily[column]), types, counts, np.uint32)
        tables.append(blocks[of].with_columns(pl.lit(basis).alias("ethnicity_basis")).hstack(rows))
    return pl.concat(tables).select(NO_CLUSTERS.columns)


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
    places = _Places.number(block, monthly["month"].to_physical().to_numpy().astype(np.int64))
    blocks = blocks.with_columns(days=pl.Series(places.count_clusters()))
    groups, types = _code_groups(monthly["ethnic_group"]), _code_types(monthly)
    of, rows = _sum_pairs(places, groups, types, _read_counts(monthly), np.int64)
    summed = blocks[of].hstack(rows)
    return summed.with_columns(pl.col("ethnic_group", "search_type").cast(pl.String)).select(NO_MONTHS.columns)


def number_blocks(of_row: pl.DataFrame) -> tuple[Numbers, pl.DataFrame]:
    """Number what rows have in common, in order; like rows mostly follow each other, and few texts are looked at."""
    is_new = of_row.select(pl.any_horizontal(pl.all() != pl.all().shift()).fill_null(True)).to_series()
    heads = of_row.filter(is_new)
    blocks = heads.unique().sort(of_row.columns)
    number = heads.join(blocks.with_row_index("block"), on=of_row.columns, how="left", maintain_order="left")["block"]
    return number.to_numpy().astype(np.int64)[is_new.cum_sum().to_numpy() - 1], blocks


def _read_counts(rows: pl.DataFrame) -> dict[str, Floats]:
    """Give the counts that there are: what nobody records has no pairs."""
    return {name: rows[name].cast(pl.Float64).to_numpy() for name in CLUSTER_COUNTS if (rows[name] != 0).any()}


def _code_groups(groups: pl.Series) -> Numbers:
    coded = groups.cast(GROUP_CODES).to_physical().fill_null(GROUPS.index(NOT_RECORDED))
    return coded.to_numpy().astype(np.int64)


def _code_types(rows: pl.DataFrame) -> Numbers:
    return rows["search_type"].cast(TYPE_CODES).to_physical().to_numpy().astype(np.int64)


@dataclass(frozen=True)
class _Places:
    """Where rows lie: `order` puts them by block and cluster, `cluster` is that of each row so ordered.

    `ends`: of the clusters of each block, with 0 before the first.
    """

    order: Numbers
    cluster: Numbers
    ends: Numbers

    @classmethod
    def number(cls, block: Numbers, cluster: Numbers) -> "_Places":
        """Number the clusters; they are named by whole numbers, within a block."""
        least = cluster.min()
        place = block * (cluster.max() - least + 1) + cluster - least
        order = np.argsort(place, kind="stable")
        is_new = np.diff(place[order], prepend=-1) != 0
        return cls(order, np.cumsum(is_new) - 1, np.append(0, np.cumsum(np.bincount(block[order[is_new]]))))

    def count_clusters(self) -> Numbers:
        return np.diff(self.ends)

    def cut(self) -> Iterator[tuple[int, int, slice]]:
        """Cut into pieces of whole blocks: the first block of each, that after its last, and its rows (as ordered)."""
        piece = self.ends[:-1] // CLUSTERS_AT_ONCE
        starts = np.append(np.flatnonzero(np.diff(piece, prepend=-1)), len(piece))
        rows = np.searchsorted(self.cluster, self.ends[starts])
        for number, (first, last) in enumerate(pairwise(starts)):
            yield first, last, slice(rows[number], rows[number + 1])


def _sum_pairs(
    places: _Places, groups: Numbers, types: Numbers, counts: dict[str, Floats], whole: type[np.integer]
) -> tuple[Numbers, pl.DataFrame]:
    """Give the block of each row, and group, type and sums of pairs as whole numbers of the kind asked for."""
    kinds, _ = _number(np.append(types, [DRUGS, EVERY_TYPE]), len(TYPES))
    kind = np.searchsorted(kinds, types)[places.order]
    line, ordered = groups[places.order], {name: count[places.order] for name, count in counts.items()}
    size = len(GROUPS) * len(kinds)
    met: list[Numbers] = []
    columns: dict[str, list[Floats]] = {}
    for first, last, rows in places.cut():
        ends = places.ends[first : last + 1] - places.ends[first]
        line_of_row = (places.cluster[rows] - places.ends[first]) * len(GROUPS) + line[rows]
        some = {name: count[rows] for name, count in ordered.items()}
        lines, counted = _count_lines(line_of_row, kind[rows], some, kinds)
        sums = _multiply(lines, counted, ends)
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


def _number(keys: Numbers, size: int) -> tuple[Numbers, Numbers]:
    """Give the keys that are met, in order, and the number of each row's among them; keys are under the size."""
    is_met = np.zeros(size, dtype=bool)
    is_met[keys] = True
    return np.flatnonzero(is_met), (np.cumsum(is_met) - 1)[keys]


def _count_lines(
    line: Numbers, kind: Numbers, counts: dict[str, Floats], kinds: Numbers
) -> tuple[Numbers, dict[str, Floats]]:
    """Count by cluster and group (a line) and type of search, with lines and types for the totals.

    Returns:
        The lines that have a search (cluster times the number of groups, plus group), and counts by line and type.
    """
    size = (int(line.max()) // len(GROUPS) + 1) * len(GROUPS)
    met, of_row = _number(line, size)
    every, known = np.arange(len(met)), np.flatnonzero(met % len(GROUPS) < len(ETHNIC_GROUPS))
    start = met - met % len(GROUPS)
    lines, of_part = _number(np.concatenate([met, start + EVERY_GROUP, start[known] + EVERY_KNOWN]), size)
    add = _add_into(of_part, len(lines), np.concatenate([every, every, known]))
    counted = {}
    for name, count in counts.items():
        cells = np.bincount(of_row * len(kinds) + kind, weights=count, minlength=len(met) * len(kinds))
        cells = add @ cells.reshape(len(met), -1)
        cells[:, -1] = np.einsum("lt->l", cells)
        cells[:, DRUGS] += np.einsum("lt->l", cells[:, ARE_DRUGS[kinds]])
        counted[name] = cells
    return lines, counted


def _add_into(target: Numbers, size: int, part: Numbers) -> csr_array:
    """Give the matrix that adds each part into its target."""
    return csr_array((np.ones(len(part)), (target, part)), shape=(size, int(part.max()) + 1 if len(part) else 0))


def _multiply(lines: Numbers, counted: dict[str, Floats], ends: Numbers) -> dict[str, Floats]:
    """Multiply within each cluster, and add up over the clusters of each block: by block and group, and type."""
    group, blocks = lines % len(GROUPS), len(ends) - 1
    line_of = np.full(int(ends[-1]) * len(GROUPS), -1)
    line_of[lines] = np.arange(len(lines))
    reference, all_groups, all_known = (
        line_of[lines - group + other] for other in (REFERENCE, EVERY_GROUP, EVERY_KNOWN)
    )
    searches = counted["searches"]
    own = counted | {
        OF_GROUP: searches[:, -1:],
        OF_ALL: searches[all_groups],
        OF_KNOWN: np.where(all_known[:, None] >= 0, searches[all_known], 0),
    }
    target = np.repeat(np.arange(blocks), np.diff(ends))[lines // len(GROUPS)] * len(GROUPS) + group
    add = _add_into(target, blocks * len(GROUPS), np.arange(len(lines)))
    sums = {name: add @ cells for name, cells in counted.items()}
    # A pair of a search with itself is no pair of searches.
    known = sums["searches"].reshape(blocks, len(GROUPS), -1).copy()
    known[:, len(ETHNIC_GROUPS) : EVERY_GROUP] = 0
    known[:, EVERY_GROUP] = known[:, EVERY_KNOWN]
    known = known.reshape(sums["searches"].shape)
    out, product = {"searches": sums["searches"]}, np.empty_like(searches)
    for x, n in OWN_PAIRS:
        if x in own and n in own:
            out[name_pair(x, n)] = add @ np.multiply(own[x], own[n], out=product) - (
                known if n == OF_KNOWN else sums[x]
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
