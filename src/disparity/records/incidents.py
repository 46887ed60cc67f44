"""Which searches come together: those of one day, and those of one incident."""

import polars as pl

from disparity.records.alike import find_shared
from disparity.records.clusters import BY_DAY, BY_INCIDENT, CLUSTER_COUNTS, GROUP_COLUMN, number_blocks
from disparity.records.uk_clock import DAY, MINUTE, tell_local
from disparity.vocabulary.thresholds import TIME_RELIABLE_BELOW


def list_clustered(kept: pl.DataFrame) -> pl.DataFrame:
    """List the searches of each day, and of each incident of several searches, as `sum_clusters` takes them.

    A day is one of the UK clock. An incident is one minute at one map point, where the month's times are reliable;
    most hold one search, and those are not listed: a search alone pairs with none. Without a date a search is in no
    cluster, nor is a row that stands for many searches.

    Args:
        kept: force, month, searched_at, latitude, longitude, searches, what GROUP_COLUMN names, search_type,
            CLUSTER_COUNTS.
    """
    dated = kept.filter(pl.col("searched_at").is_not_null(), pl.col("searches") == 1)
    at = dated["searched_at"].dt.cast_time_unit("us")
    utc, local = at.to_physical(), tell_local(at).to_physical()
    rows = dated.select("force", "month", *GROUP_COLUMN.values(), "search_type", *CLUSTER_COUNTS)
    block, blocks = number_blocks(dated.select("force", "month"))
    clocks = pl.DataFrame({"block": block, "utc": utc, "local": local})
    where = dated.select("latitude", "longitude", minute=(utc // MINUTE) * blocks.height + clocks["block"])
    incidents = _number_incidents(where, is_reliable=_find_reliable(clocks))
    days = rows.with_columns((local // DAY).alias("cluster_id"), pl.lit(BY_DAY).alias("cluster"))
    several = rows[incidents["row"]].with_columns(incidents["cluster_id"], pl.lit(BY_INCIDENT).alias("cluster"))
    return pl.concat([days, several])


def _find_reliable(clocks: pl.DataFrame) -> pl.Series:
    """Say of each search whether its month records times: few are at midnight on either clock."""
    midnights = [(pl.col(name) % DAY < MINUTE).mean().alias(name) for name in ("utc", "local")]
    shares = clocks.group_by("block").agg(midnights).sort("block")
    is_reliable = pl.max_horizontal("utc", "local") < TIME_RELIABLE_BELOW
    return shares.select(is_reliable=is_reliable).to_series().gather(clocks["block"])


def _number_incidents(where: pl.DataFrame, *, is_reliable: pl.Series) -> pl.DataFrame:
    """Number the incidents of several searches: row, cluster_id."""
    # Few searches share a minute: only those are looked up on the map.
    rows = find_shared(where["minute"].to_numpy())
    asked = where[rows].with_columns(pl.Series("row", rows, dtype=pl.get_index_type()), is_reliable.gather(rows))
    is_placed = pl.col("latitude").is_not_null() & pl.col("longitude").is_not_null()
    met = asked.filter("is_reliable", is_placed).sort("minute", "latitude", "longitude")
    is_next = pl.all_horizontal(pl.col(name) == pl.col(name).shift() for name in where.columns).fill_null(False)
    return (
        met.with_columns(is_next.alias("is_next"))
        .with_columns((~pl.col("is_next")).cum_sum().cast(pl.Int64).alias("cluster_id"))
        .filter(pl.col("is_next") | pl.col("is_next").shift(-1, fill_value=False))
        .select("row", "cluster_id")
    )
