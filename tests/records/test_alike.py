"""Counting by kinds of searches gives what grouping the searches gives, and the UK clock is that of the time zone."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from disparity.records import alike
from disparity.records.alike import Alike, Kinds, find_shared
from disparity.records.uk_clock import LONDON, tell_local

CODES = ["power", "is_found", "label"]


def draw_searches(seed: int, rows: int = 500) -> pl.DataFrame:
    """Draw searches of four months with codes, truth values and texts, some of them blank."""
    draw = np.random.default_rng(seed)
    power = pl.Series(draw.choice(["z", "a", None], rows).tolist(), dtype=pl.Enum(["z", "a"]))
    return pl.DataFrame(
        {
            "month": draw.integers(0, 4, rows),
            "power": power,
            "is_found": pl.Series(draw.choice([True, False, None], rows).tolist(), dtype=pl.Boolean),
            "label": pl.Series(draw.choice(["x", "Y", "", None], rows).tolist(), dtype=pl.String),
            "searches": draw.integers(0, 3, rows),
        }
    )


@pytest.mark.parametrize("most_places", [1_000, 0])
def test_what_is_added_up_by_kinds_is_what_grouping_adds_up(most_places: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "MOST_PLACES", most_places)
    for seed in range(20):
        searches = draw_searches(seed)
        kinds = Kinds.find(searches.select(CODES[:2])).split(searches.select("label"))
        months = pl.DataFrame({"month": range(4)}, schema={"month": pl.Int64})
        counts = {"searches": searches["searches"].to_numpy()}
        every = Alike(months, kinds.rows, searches["month"].to_numpy(), kinds.of, counts)
        for keys in (CODES, ["label"], ["is_found", "power"]):
            grouped = searches.group_by("month", *keys).agg(pl.col("searches").sum())
            # A row that stands for no search is a row all the same.
            assert_frame_equal(every.merge(keys).lay_out(), grouped, check_row_order=False)
        is_found = searches["is_found"].fill_null(False).to_numpy()
        assert (kinds.ask(pl.col("is_found")) == is_found).all()


@pytest.mark.parametrize("numbers", [[], [1], [2, 2], [5, 3, 5, 1, 3, 3, 0]])
def test_rows_that_share_their_number_are_found(numbers: list[int]) -> None:
    shared = pl.Series(numbers, dtype=pl.Int64).is_duplicated().arg_true()
    assert find_shared(np.array(numbers, dtype=np.int64)).tolist() == shared.to_list()


@pytest.mark.parametrize(("first", "last"), [(2014, 2039), (1940, 1950), (2030, 2050)])
def test_the_uk_clock_is_that_of_its_time_zone_in_every_hour(first: int, last: int) -> None:
    start, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last, 12, 31, 23, 59, 59, tzinfo=UTC)
    at = pl.datetime_range(start, end, "29m59s", time_unit="us", time_zone="UTC", eager=True).extend_constant(None, 1)
    local = at.dt.convert_time_zone(LONDON).dt.replace_time_zone(None)
    assert tell_local(at).equals(local, null_equal=True)
