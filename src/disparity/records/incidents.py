"""Which searches come together: those of one day, and those of one incident."""

import numpy as np
import numpy.typing as npt
import polars as pl

from disparity.records.alike import Alike, Numbers, find_shared
from disparity.records.cluster_sums import Clustered
from disparity.records.clusters import BY_DAY, BY_INCIDENT
from disparity.records.uk_clock import DAY, MINUTE, tell_local
from disparity.vocabulary.thresholds import TIME_RELIABLE_BELOW


def list_clustered(rows: Alike, where: pl.DataFrame) -> list[Clustered]:
    """List the searches of each day, and of each incident of several searches.

    A day is one of the UK clock. An incident is one minute at one map point, where the month's times are reliable;
    most hold one search, and those are not listed: a search alone pairs with none. Without a date a search is in no
    cluster, nor is a row that stands for many searches.

    Args:
        rows: one for each search, of blocks of force and month, with counts of searches. where: searched_at, latitude
            and longitude of each.
    """
    is_dated = where["searched_at"].is_not_null().to_numpy() & (rows.counts["searches"] == 1)
    dated, where = rows.keep(is_dated), where.filter(pl.Series(is_dated))
    at = where["searched_at"].dt.cast_time_unit("us")
    utc, local = at.to_physical().to_numpy(), tell_local(at).to_physical().to_numpy()
    met, incident = _number_incidents(utc, where, dated.block, _find_reliable(dated, utc, local))
    several = Alike(
        dated.blocks,
        dated.kinds,
        dated.block[met],
        dated.kind[met],
        {"searches": dated.counts["searches"][met]},
        dated.numbers,
    )
    return [Clustered(dated, BY_DAY, local // DAY), Clustered(several, BY_INCIDENT, incident)]


def _find_reliable(rows: Alike, utc: Numbers, local: Numbers) -> npt.NDArray[np.bool_]:
    """Say of each force and month whether it records times: few are at midnight on either clock."""
    of = np.maximum(np.bincount(rows.block, minlength=rows.blocks.height), 1)
    midnights = (
        np.bincount(rows.block[clock - clock // DAY * DAY < MINUTE], minlength=rows.blocks.height)
        for clock in (utc, local)
    )
    return np.maximum(*midnights) / of < TIME_RELIABLE_BELOW


def _number_incidents(
    utc: Numbers, where: pl.DataFrame, block: Numbers, is_reliable: npt.NDArray[np.bool_]
) -> tuple[Numbers, Numbers]:
    """Number the incidents of several searches: the rows that are in one, and of each the number."""
    # Few searches share a minute: only those are looked up on the map.
    minute = utc // MINUTE * len(is_reliable) + block
    shared = find_shared(minute)
    shared = shared[is_reliable[block[shared]]]
    asked = where[shared].select("latitude", "longitude", minute=pl.Series(minute[shared]), row=pl.Series(shared))
    met = asked.drop_nulls().sort("minute", "latitude", "longitude")
    columns = [met[name].to_numpy() for name in ("minute", "latitude", "longitude")]
    is_next = np.zeros(met.height + 1, dtype=np.bool_)
    is_next[1:-1] = np.logical_and.reduce([column[1:] == column[:-1] for column in columns])
    is_in = is_next[:-1] | is_next[1:]
    return met["row"].to_numpy()[is_in], np.cumsum(~is_next[:-1], dtype=np.int64)[is_in]
