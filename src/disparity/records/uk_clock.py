"""The UK clock: what a time of the records, in UTC, was by it. Files follow its months, and days and hours are its."""

from datetime import UTC, datetime
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

LONDON = "Europe/London"
MINUTE, HOUR, DAY = 60_000_000, 3_600_000_000, 86_400_000_000  # microseconds
# The clock is looked up for these years, and asked for others. It is changed on the hour.
FIRST, LAST = datetime(2014, 1, 1, tzinfo=UTC), datetime(2039, 12, 31, 23, tzinfo=UTC)


def tell_local(at: pl.Series) -> pl.Series:
    """Give times by the UK clock, without a zone.

    >>> tell_local(pl.Series([datetime(2020, 7, 1, 12, tzinfo=UTC)], dtype=pl.Datetime("us", "UTC"))).item()
    datetime.datetime(2020, 7, 1, 13, 0)
    """
    utc = at.dt.cast_time_unit("us").to_physical()
    hour = utc // HOUR - int(FIRST.timestamp()) // 3_600
    least, most = hour.min(), hour.max()
    ahead = _tell_ahead()
    if least is None or not 0 <= least <= most < len(ahead):  # type: ignore[operator]
        return at.dt.cast_time_unit("us").dt.convert_time_zone(LONDON).dt.replace_time_zone(None)
    return (utc + pl.Series(ahead[hour.fill_null(0).to_numpy()])).cast(pl.Datetime("us"))


@cache
def _tell_ahead() -> npt.NDArray[np.int64]:
    """How far the UK clock is ahead of UTC in each hour of these years, in microseconds."""
    hours = pl.datetime_range(FIRST, LAST, "1h", time_unit="us", time_zone="UTC", eager=True)
    local = hours.dt.convert_time_zone(LONDON).dt.replace_time_zone(None)
    return (local.to_physical() - hours.to_physical()).to_numpy()
