"""Cluster sums of searches: their weeks and incidents, on both bases of ethnicity, and of what is told apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from disparity.records.alike import Alike, Numbers, number_alike, number_met, number_values
from disparity.records.clusters import (
    BY_DAY,
    BY_WEEK,
    CLUSTER_COUNTS,
    GROUP_COLUMN,
    NO_CLUSTERS,
    NO_CODED_CLUSTERS,
    WEEKS_A_MONTH,
    InClusters,
    code_groups,
    code_types,
    end_clusters,
    number_clusters,
    sum_pairs,
)


@dataclass(frozen=True)
class Clustered:
    """Searches in clusters, each of a force and month.

    `rows`: blocks are force and month; kinds are self_defined_group, officer_defined_group (null: not recorded),
    search_type (leaves) and what one search of the kind counts for in each of CLUSTER_COUNTS. `cluster`: BY_DAY or
    BY_INCIDENT. `of`: the cluster of each row, a whole number within its block; a day is its date.
    """

    rows: Alike
    cluster: str
    of: Numbers


def sum_clusters(apart: Mapping[str, Iterable[Clustered]]) -> dict[str, pl.DataFrame]:
    """Add up, over clusters, the pairs of searches that a variance is made of.

    Of a group with counts x and n in cluster k, and the reference group's y: the sum over k of x n, less the pairs of
    a search with itself; and of x y. So 0 is what independent searches give, and a search in no cluster (it has
    no date, or no neighbour) is a cluster of its own without being written down.

    Args:
        apart: by name, what is summed apart from the others.

    Returns:
        By name, CLUSTER_SUMS by CLUSTER_KEYS; types of search with drugs and All, groups with All and Known. Products
        are not additive over groups and types, so totals have rows of their own. `searches` are those of the row
        in clusters, `days` the days of the month with a search of
        anybody. A row without any pair is left out, but that of all searches of the month.

    Source: Binder (1983), the linearised variance, written as pairs.
    """
    # Of all names and of both bases at once: many short steps would cost more than few long ones.
    placed = {name: [_place(one) for one in some if len(one.of)] for name, some in apart.items()}
    every = [one for some in placed.values() for one in some]
    if not every:
        return dict.fromkeys(apart, NO_CODED_CLUSTERS)
    named = [one.blocks.with_columns(pl.lit(name).alias("name")) for name, some in placed.items() for one in some]
    blocks = pl.concat(rows.with_columns(ethnicity_basis=pl.lit(basis)) for basis in GROUP_COLUMN for rows in named)
    clusters = np.cumsum([0, *(one.rows.blocks.height for one in every)])
    of_kinds = np.cumsum([0, *(one.rows.kinds.height for one in every)])
    cluster = np.concatenate([one.rows.block + first for one, first in zip(every, clusters[:-1], strict=True)])
    kind = np.concatenate([one.rows.kind + first for one, first in zip(every, of_kinds[:-1], strict=True)])
    kinds = pl.concat(one.rows.kinds for one in every)
    searches = np.concatenate([one.rows.counts["searches"] for one in every])
    counts = {name: np.tile(kinds[name].to_numpy()[kind] * searches, len(GROUP_COLUMN)) for name in CLUSTER_COUNTS}
    both = InClusters(
        end_clusters(blocks["clusters"].to_numpy()),
        np.concatenate([cluster + clusters[-1] * number for number in range(len(GROUP_COLUMN))]),
        np.concatenate([code_groups(kinds[column])[kind] for column in GROUP_COLUMN.values()]),
        np.tile(code_types(kinds["search_type"])[kind], len(GROUP_COLUMN)),
        counts,
    )
    of, rows = sum_pairs(both, np.uint32)
    cells = blocks.select("force", "month", "cluster", "ethnicity_basis")[of].hstack(
        rows.select("ethnic_group", "search_type")
    )
    order = np.argsort(number_alike(list(number_values(cells).values()), cells.height)[0])
    summed = {}
    for name, some in placed.items():
        its = order[(blocks["name"] == name).to_numpy()[of[order]]]
        rows_of_it = blocks[of[its]].hstack(rows[its]) if some else NO_CODED_CLUSTERS
        summed[name] = rows_of_it.select(NO_CLUSTERS.columns)
    return summed


@dataclass(frozen=True)
class _Placed:
    """Searches added up by cluster and kind, in order of clusters.

    `blocks`: force, month, cluster (the kind), days, and the number of clusters of each. `rows`: its blocks are the
    clusters.
    """

    blocks: pl.DataFrame
    rows: Alike


def _place(one: Clustered) -> _Placed:
    """Number the clusters in order of force and month; days become weeks."""
    met, block = number_met(one.rows.block, one.rows.blocks.height)
    blocks = one.rows.blocks[met]
    cluster, of_cluster, name = number_clusters(block, one.of)
    days, kind = np.bincount(of_cluster), one.cluster
    if kind == BY_DAY:
        first, last = (blocks["month"].dt.offset_by(by).to_physical().to_numpy()[of_cluster] for by in ("0d", "1mo"))
        week, of_cluster, _ = number_clusters(of_cluster, (name - first) * WEEKS_A_MONTH // (last - first))
        cluster, kind = week[cluster], BY_WEEK
    clusters = np.bincount(of_cluster)
    rows = replace(one.rows, blocks=pl.DataFrame({"block": of_cluster}), block=cluster)
    said = blocks.with_columns(
        cluster=pl.lit(kind), days=pl.Series(days.astype(np.uint32)), clusters=pl.Series(clusters)
    )
    return _Placed(said, rows.merge([*GROUP_COLUMN.values(), "search_type", *CLUSTER_COUNTS]))
