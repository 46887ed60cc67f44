"""Cluster sums of a table of searches: by force, month and cluster, a row for those that are alike."""

import numpy as np
import polars as pl

from disparity.records.alike import Alike, Kinds
from disparity.records.cluster_sums import Clustered, sum_clusters
from disparity.records.clusters import CLUSTER_COUNTS, GROUP_COLUMN, number_blocks


def sum_daily(daily: pl.DataFrame) -> pl.DataFrame:
    """Sum up CLUSTER_COUNTS by force, month, cluster (day or incident), cluster_id, groups and search_type."""
    clustered = [_list_one(rows, kind) for (kind,), rows in daily.partition_by("cluster", as_dict=True).items()]
    return sum_clusters({"all": clustered})["all"]


def _list_one(rows: pl.DataFrame, kind: object) -> Clustered:
    block, blocks = number_blocks(rows.select("force", "month"))
    kinds = Kinds.find(rows.select(*GROUP_COLUMN.values(), "search_type", *CLUSTER_COUNTS))
    once = {"searches": np.ones(rows.height, dtype=np.int64)}
    return Clustered(Alike(blocks, kinds.rows, block, kinds.of, once), str(kind), rows["cluster_id"].to_numpy())
