"""Cluster sums: what the variance of a rate needs to know of searches that come together, additive as counts are.

Searches of one week or of one incident are not independent: they share officers, a place, an operation.
A variance that allows for it needs, of every pair of searches in one cluster, whether both are of a group, both found
something, and so on. The pairs of two months add up to the pairs of both, as long as no cluster lies in two months.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

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
GROUPS = (*ETHNIC_GROUPS, *UNKNOWN_GROUPS, ALL, KNOWN)
TYPES = (*SEARCH_TYPES, ALL)
GROUP_CODES, TYPE_CODES = pl.Enum(GROUPS), pl.Enum(TYPES)
EVERY_GROUP, EVERY_KNOWN = GROUPS.index(ALL), GROUPS.index(KNOWN)
EVERY_TYPE, DRUGS = TYPES.index(ALL), TYPES.index("drugs")
REFERENCE = GROUPS.index(REFERENCE_GROUP)
COMPARED = [GROUPS.index(group) for group in ETHNIC_GROUPS if group != REFERENCE_GROUP]
FIELDS = ("block", "base", "step", "group", "kind")
ARE_DRUGS = np.array([kind in DRUG_TYPES for kind in TYPES])


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
    days = _count_met(block, cluster)
    first, last = (blocks["month"].dt.offset_by(by).to_physical().to_numpy()[block] for by in ("0d", "1mo"))
    cluster = np.where(is_day[block], (cluster - first) * WEEKS_A_MONTH // (last - first), cluster)
    blocks = blocks.with_columns(pl.col("cluster").replace(BY_DAY, BY_WEEK), days=pl.Series(days))
    places = _number_clusters(block, cluster)
    types = daily["search_type"].cast(TYPE_CODES).to_physical().to_numpy().astype(np.int64)
    counts = {name: daily[name].to_numpy().astype(np.float64) for name in CLUSTER_COUNTS}
    return pl.concat(
        _sum_basis(places.place(_code_groups(daily[column]), types), counts, blocks)
        .with_columns(pl.col(CLUSTER_SUMS).clip(upper_bound=MOST).cast(SUMMED), pl.lit(basis).alias("ethnicity_basis"))
        .select(*CLUSTER_KEYS, *CLUSTER_SUMS)
        for basis, column in GROUP_COLUMN.items()
    )


def sum_months(cells: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Add up the same over the months of each period: months are clusters too.

    Args:
        cells: as in Counts. periods: month, period_from, period_to.

    Returns:
        As `sum_clusters`, by period in the place of the month; `days` are months.
    """
    keys = ["force", "period_from", "period_to"]
    # Of areas, less is counted.
    absent = [pl.lit(0, pl.Int64).alias(name) for name in CLUSTER_COUNTS if name not in (*cells.columns, "known")]
    monthly = cells.join(periods, on="month").with_columns(
        *absent, (pl.col("found") + pl.col("not_found")).alias("known"), pl.lit(BY_MONTH).alias("cluster")
    )
    tables = []
    for (basis,), rows in monthly.partition_by("ethnicity_basis", as_dict=True).items():
        block, blocks = number_blocks(rows.select(*keys, "cluster"))
        months = rows["month"].to_physical().to_numpy().astype(np.int64)
        blocks = blocks.with_columns(days=pl.Series(_count_met(block, months)))
        types = rows["search_type"].cast(TYPE_CODES).to_physical().to_numpy().astype(np.int64)
        counts = {name: rows[name].to_numpy().astype(np.float64) for name in CLUSTER_COUNTS}
        placed = _number_clusters(block, months).place(_code_groups(rows["ethnic_group"]), types)
        tables.append(_sum_basis(placed, counts, blocks).with_columns(ethnicity_basis=pl.lit(basis)))
    codes = [pl.col("ethnic_group", "search_type").cast(pl.String)]
    return pl.concat(table.with_columns(codes) for table in tables) if tables else NO_MONTHS


def number_blocks(of_row: pl.DataFrame) -> tuple[Numbers, pl.DataFrame]:
    """Number what rows have in common; like rows mostly follow each other, and few texts are looked at."""
    is_new = of_row.select(pl.any_horizontal(pl.all() != pl.all().shift()).fill_null(True)).to_series()
    heads = of_row.filter(is_new)
    blocks = heads.unique(maintain_order=True)
    number = heads.join(blocks.with_row_index("block"), on=of_row.columns, how="left", maintain_order="left")["block"]
    return number.to_numpy().astype(np.int64)[is_new.cum_sum().to_numpy() - 1], blocks


def _code_groups(groups: pl.Series) -> Numbers:
    coded = groups.cast(GROUP_CODES).to_physical().fill_null(GROUPS.index(NOT_RECORDED))
    return coded.to_numpy().astype(np.int64)


@dataclass(frozen=True)
class _Cells:
    """Cells, by block, group, type and cluster within the block: so they lie in a line.

    `base` is where the cluster's first cell would be, `step` how far its next one lies from it.
    """

    block: Numbers
    base: Numbers
    step: Numbers
    group: Numbers
    kind: Numbers

    def place(self, group: Numbers, kind: Numbers) -> "_Cells":
        return _Cells(self.block, self.base, self.step, group, kind)

    def find(self, group: Numbers | int, kind: Numbers | int) -> Numbers:
        """Give the address of the cell of the same cluster with this group and type."""
        return np.asarray(self.base + (group * len(TYPES) + kind) * self.step)

    def pick(self, rows: Numbers | Bools) -> "_Cells":
        return _Cells(*(getattr(self, name)[rows] for name in FIELDS))


def _number_clusters(block: Numbers, cluster: Numbers) -> _Cells:
    """Number the clusters of each block, and lay out its cells; groups and types are yet to come."""
    cluster = cluster - cluster.min()
    width = int(cluster.max()) + 1
    met, number = _compact(block * width + cluster)
    slots = np.bincount(met // width)
    ends = np.cumsum(slots) * (len(GROUPS) * len(TYPES))
    starts = np.concatenate([[0], ends[:-1]])
    first = np.cumsum(slots) - slots
    nothing = np.zeros(0, dtype=np.int64)
    return _Cells(block, starts[block] + number - first[block], slots[block], nothing, nothing)


def _count_met(block: Numbers, cluster: Numbers) -> Numbers:
    """Count the clusters of each block."""
    cluster = cluster - cluster.min()
    width = int(cluster.max()) + 1
    return np.bincount(_compact(block * width + cluster)[0] // width)


def _compact(keys: Numbers) -> tuple[Numbers, Numbers]:
    """Give the keys that are met, in order, and the number of each row's among them."""
    most = int(keys.max())
    if most > 20 * len(keys) + 1_000_000:
        met, number = np.unique(keys, return_inverse=True)
        return met, number
    is_met = np.zeros(most + 1, dtype=bool)
    is_met[keys] = True
    met = np.flatnonzero(is_met)
    number = np.empty(most + 1, dtype=np.int64)
    number[met] = np.arange(len(met))
    return met, number[keys]


def _sum_basis(rows: _Cells, counts: dict[str, Floats], blocks: pl.DataFrame) -> pl.DataFrame:
    """Give the sums of one basis."""
    met, of_row = _compact(rows.find(rows.group, rows.kind))
    first = np.zeros(len(met), dtype=np.int64)
    first[of_row] = np.arange(len(of_row))
    leaves = rows.pick(first)
    summed = {
        name: np.asarray(np.bincount(of_row, weights=count), dtype=np.float64)
        for name, count in counts.items()
        if count.any()
    }
    part, totals = _list_totals(leaves)
    paired = _list_paired(totals)
    every = _Cells(*(np.concatenate([getattr(some, name) for some in (totals, paired)]) for name in FIELDS))
    addresses, number = _compact(every.find(every.group, every.kind))
    place = np.zeros(len(addresses), dtype=np.int64)
    place[number] = np.arange(len(number))
    cells, of_total = every.pick(place), number[: len(part)]
    values = {name: _add_weights(of_total, count[part], len(addresses)) for name, count in summed.items()}
    return _name_rows(*_sum_pairs(cells, addresses, values), blocks)


def _add_weights(numbers: Numbers, weights: Floats, size: int) -> Floats:
    return np.bincount(numbers, weights=weights, minlength=size).astype(np.float64, copy=False)


def _list_totals(leaves: _Cells) -> tuple[Numbers, _Cells]:
    """List the cells that each leaf counts in: its group, all, all known; its type, all, and drugs."""
    every, drugs = np.arange(len(leaves.group)), np.flatnonzero(ARE_DRUGS[leaves.kind])
    known = leaves.group < len(ETHNIC_GROUPS)
    parts, groups, kinds = [], [], []
    for group, has_group in ((None, None), (EVERY_GROUP, None), (EVERY_KNOWN, known)):
        for kind, chosen in ((None, every), (EVERY_TYPE, every), (DRUGS, drugs)):
            part = chosen if has_group is None else chosen[has_group[chosen]]
            parts.append(part)
            groups.append(leaves.group[part] if group is None else np.full(len(part), group))
            kinds.append(leaves.kind[part] if kind is None else np.full(len(part), kind))
    part = np.concatenate(parts)
    return part, leaves.pick(part).place(np.concatenate(groups), np.concatenate(kinds))


def _list_paired(totals: _Cells) -> _Cells:
    """List the cells of a group that has no search of the type in the cluster, but others, where the reference has."""
    size = int(totals.find(EVERY_KNOWN, EVERY_TYPE).max()) + 1
    is_met = np.zeros(size, dtype=bool)
    is_met[totals.find(totals.group, totals.kind)] = True
    reference = totals.pick(totals.group == REFERENCE)
    paired = [
        here.place(np.full(len(here.kind), group), here.kind)
        for group in COMPARED
        for here in [reference.pick(is_met[reference.find(group, EVERY_TYPE)])]
    ]
    return _Cells(*(np.concatenate([getattr(some, name) for some in paired]) for name in FIELDS))


def _sum_pairs(cells: _Cells, addresses: Numbers, values: dict[str, Floats]) -> tuple[_Cells, dict[str, Floats]]:
    """Multiply within each cluster, and add up over the clusters of each row of the table."""
    number = np.full(int(addresses[-1]) + len(GROUPS) * len(TYPES), -1, dtype=np.int64)
    number[addresses] = np.arange(len(addresses))
    column = cells.group * len(TYPES) + cells.kind
    is_first = np.concatenate([[True], (np.diff(column) != 0) | (np.diff(cells.block) != 0)])
    firsts = np.flatnonzero(is_first)
    searches = values["searches"]
    own = dict(values) | {
        OF_GROUP: searches[number[cells.find(cells.group, EVERY_TYPE)]],
        OF_ALL: searches[number[cells.find(EVERY_GROUP, cells.kind)]],
    }
    known = number[cells.find(EVERY_KNOWN, cells.kind)]
    own[OF_KNOWN] = np.where(known >= 0, searches[known], 0.0)
    sums = {name: np.add.reduceat(value, firsts) for name, value in values.items()}
    out: dict[str, Floats] = {"searches": sums["searches"]}
    # A pair of a search with itself is no pair of searches.
    rows = cells.pick(firsts)
    is_known = (rows.group < len(ETHNIC_GROUPS)) | (rows.group == EVERY_KNOWN)
    themselves = np.where(is_known, sums["searches"], 0.0)
    themselves = np.where(rows.group == EVERY_GROUP, np.add.reduceat(own[OF_KNOWN], firsts), themselves)
    for x, n in OWN_PAIRS:
        if x in own and n in own:
            same = themselves if n == OF_KNOWN else sums[x]
            out[name_pair(x, n)] = np.add.reduceat(own[x] * own[n], firsts) - same
    return rows, out | _sum_reference(cells, number, own, np.cumsum(is_first) - 1)


def _sum_reference(cells: _Cells, number: Numbers, own: dict[str, Floats], row: Numbers) -> dict[str, Floats]:
    """Multiply with the reference group's counts, in the clusters that it has such a search in."""
    compared = np.flatnonzero(np.isin(cells.group, COMPARED))
    some = cells.pick(compared)
    whole = number[some.find(REFERENCE, EVERY_TYPE)]
    both = np.flatnonzero(whole >= 0)
    some, compared, whole = some.pick(both), compared[both], whole[both]
    mate = number[some.find(REFERENCE, some.kind)]
    has_mate = mate >= 0
    of_row, size = row[compared], int(row[-1]) + 1
    other = {name: np.where(has_mate, values[mate], 0.0) for name, values in own.items() if name in CLUSTER_COUNTS}
    other[OF_GROUP] = own["searches"][whole]
    here = {name: values[compared] for name, values in own.items()}
    return {
        name_reference_pair(x, n): _add_weights(of_row, here[x] * other[n], size)
        for x, n in REFERENCE_PAIRS
        if x in here and n in other
    }


def _name_rows(rows: _Cells, sums: dict[str, Floats], blocks: pl.DataFrame) -> pl.DataFrame:
    nothing = np.zeros(len(rows.block), dtype=np.int64)
    of_basis = sums | {"days": blocks["days"].to_numpy()[rows.block].astype(np.float64)}
    frame = pl.DataFrame(
        {name: of_basis[name].astype(np.int64) if name in of_basis else nothing for name in CLUSTER_SUMS}
    )
    is_total = (rows.group == EVERY_GROUP) & (rows.kind == EVERY_TYPE)
    has_pairs = np.any([value != 0 for name, value in sums.items() if name != "searches"], axis=0)
    kept = np.flatnonzero(has_pairs | is_total)
    return (
        blocks.drop("days")[rows.block[kept]]
        .with_columns(
            pl.Series("ethnic_group", rows.group[kept], dtype=pl.UInt8).cat.to(GROUP_CODES),
            pl.Series("search_type", rows.kind[kept], dtype=pl.UInt8).cat.to(TYPE_CODES),
        )
        .hstack(frame[kept])
    )
