"""Whether it was light: sunset and dusk against pvlib's own functions, the edges, and what is not known."""

from datetime import date

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pvlib import solarposition

from disparity.records.counts import count_searches
from disparity.records.daylight import (
    DARK,
    DAYLIGHT,
    DUSK,
    DUSK_ALTITUDE,
    LIGHT_COLUMNS,
    NOT_KNOWN,
    OTHER_HOURS,
    SUNSET_ALTITUDE,
    set_sun,
    tag_light,
)
from disparity.vocabulary.codes import OFFICER_DEFINED, SELF_DEFINED, force_names, read_reference
from support.builders import code

LONDON = {"latitude": "51.5", "longitude": "-0.1"}


def tag(rows, *, force="metropolitan", month="2020-03"):
    return tag_light(code([LONDON | row for row in rows], force=force, month=month))


def light_at(*times, month="2020-03", **row):
    """What is said of searches at UTC times of a month."""
    return tag([{"searched_at": time, **row} for time in times], month=month)["light"].to_list()


# Sun


@given(st.floats(49.9, 55.9), st.floats(-6.5, 1.8), st.dates(date(2015, 1, 1), date(2035, 12, 31)))
@settings(max_examples=40)
def test_sunset_is_the_one_that_pvlib_gives(latitude, longitude, day):
    expected = solarposition.sun_rise_set_transit_spa(
        pd.DatetimeIndex([pd.Timestamp(day, tz="UTC")]), latitude, longitude
    )
    ((seconds,),) = set_sun(np.array([latitude]), np.array([longitude]), pl.Series([day]), SUNSET_ALTITUDE)
    assert abs(seconds - expected["sunset"].iloc[0].timestamp()) < 5


@given(st.floats(49.9, 55.9), st.floats(-6.5, 1.8), st.dates(date(2015, 1, 1), date(2035, 12, 31)))
@settings(max_examples=40)
def test_at_dusk_pvlib_finds_the_sun_six_degrees_below_the_horizon(latitude, longitude, day):
    ((seconds,),) = set_sun(np.array([latitude]), np.array([longitude]), pl.Series([day]), DUSK_ALTITUDE)
    sun = solarposition.get_solarposition(pd.to_datetime([seconds], unit="s", utc=True), latitude, longitude)
    assert sun["elevation"].iloc[0] == pytest.approx(-6, abs=0.01)
    assert sun["azimuth"].iloc[0] > 180


def test_where_it_does_not_get_dark_there_is_no_dusk():
    assert np.isnan(set_sun(np.array([62.0]), np.array([-1.0]), pl.Series([date(2020, 6, 21)]), DUSK_ALTITUDE)).all()


# Light: in London on 28 March 2020 the sun set at 18:27:41 and dusk ended at 19:01:27, UTC.


def test_it_is_light_until_sunset_and_dark_from_dusk():
    times = ["18:27:00", "18:28:00", "19:01:00", "19:02:00"]
    expected = [DAYLIGHT, DUSK, DUSK, DARK]
    assert light_at(*(f"2020-03-28T{time}+00:00" for time in times)) == expected


def test_only_the_hours_count_in_which_dusk_falls_somewhere_in_the_year():
    """In London dusk falls between 16:30 on the clock in December and 22:10 in June (16:31 to 22:09)."""
    winter = light_at("2020-12-10T16:29:00+00:00", "2020-12-10T16:40:00+00:00", month="2020-12")
    summer = light_at("2020-06-24T21:05:00+00:00", "2020-06-24T21:15:00+00:00", month="2020-06")
    assert (winter, summer) == ([OTHER_HOURS, DARK], [DUSK, OTHER_HOURS])
    assert light_at("2020-03-28T12:00:00+00:00", "2020-03-28T23:30:00+00:00") == [OTHER_HOURS] * 2


def test_the_same_minute_of_the_uk_clock_can_be_dark_before_the_change_and_light_after():
    before, after = tag(
        [{"searched_at": "2020-03-28T19:10:00+00:00"}, {"searched_at": "2020-03-29T18:10:00+00:00"}]
    ).iter_rows(named=True)
    assert before["clock_band"] == after["clock_band"] == 19 * 60 + 10
    assert (before["light"], after["light"]) == (DARK, DAYLIGHT)
    assert (before["is_after_change"], after["is_after_change"]) == (False, True)
    assert before["clock_change"] == after["clock_change"] == date(2020, 3, 29)


@pytest.mark.parametrize(
    ("day", "change"),
    [
        ("2020-09-24", None),
        ("2020-09-25", date(2020, 10, 25)),
        ("2020-11-24", date(2020, 10, 25)),
        ("2020-11-25", None),
    ],
)
def test_a_change_of_the_clocks_is_near_for_thirty_days_on_each_side(day, change):
    (row,) = tag([{"searched_at": f"{day}T20:00:00+00:00"}], month=day[:7]).iter_rows(named=True)
    assert row["light"] == DARK
    assert row["clock_change"] == change


def test_bands_of_the_clock_are_five_minutes():
    tagged = tag([{"searched_at": f"2020-03-20T19:{minute}:59+00:00"} for minute in ("14", "15", "19", "20")])
    assert tagged["clock_band"].to_list() == [1150, 1155, 1155, 1160]


def test_a_vehicle_is_involved_where_it_was_searched_too():
    tagged = tag([{"subject": "Person search"}, {"subject": "Person and Vehicle search"}])
    assert tagged["is_vehicle_involved"].to_list() == [False, True]


# Places and times not known


@pytest.mark.parametrize("place", [{"latitude": None, "longitude": None}, {"latitude": "0", "longitude": "0"}])
def test_without_a_place_that_can_be_right_it_is_the_middle_of_the_force(place):
    """Middle of Devon and Cornwall: 50.63, -4.16. Dusk on 28 March 2020: 19:16 UTC there, 19:01 in London."""
    rows = [place | {"searched_at": f"2020-03-28T19:{minute}:00+00:00"} for minute in ("15", "17")]
    tagged = tag_light(code(rows, force="devon-and-cornwall", month="2020-03"))
    assert tagged["light"].to_list() == [DUSK, DARK]


def test_a_place_counts_to_a_tenth_of_a_degree():
    """At Penzance, 50.1 N 5.5 W, dusk on 28 March 2020 is at 19:21:02 UTC."""
    place = {"latitude": "50.123", "longitude": "-5.537"}
    rows = [place | {"searched_at": f"2020-03-28T19:{minute}:00+00:00"} for minute in ("20", "22")]
    assert tag_light(code(rows, force="devon-and-cornwall", month="2020-03"))["light"].to_list() == [DUSK, DARK]


@pytest.mark.parametrize(
    "row",
    [
        {"searched_at": None},
        {"searched_at": "1970-01-01T19:00:00+00:00"},
        {"latitude": None, "searched_at": "2020-03-28T20:00:00+00:00"},
    ],
    ids=["no time", "a time of another month", "no place, and a force without an area"],
)
def test_without_time_or_place_nothing_is_said(row):
    (tagged,) = tag_light(code([LONDON | row], force="fellshire", month="2020-03")).iter_rows(named=True)
    assert tagged["light"] == NOT_KNOWN
    assert [tagged[name] for name in ("clock_band", "clock_change", "is_after_change")] == [None] * 3


def test_every_search_keeps_its_row_and_its_place():
    rows = [{"searched_at": f"2020-03-{day:02}T{hour}:30:00+00:00"} for day in (28, 3, 17) for hour in (20, 12, 17)]
    searches = code([LONDON | row for row in [*rows, {"searched_at": None}]], force="metropolitan", month="2020-03")
    tagged = tag_light(searches)
    assert tagged.select(searches.columns).equals(searches)
    alone = [tag_light(searches[place : place + 1]) for place in range(searches.height)]
    assert tagged.equals(pl.concat(alone))


def test_a_file_without_rows_gives_no_rows():
    tagged = tag_light(code([]))
    assert tagged.is_empty()
    assert set(LIGHT_COLUMNS) <= set(tagged.columns)


def test_every_territorial_force_has_a_middle_in_england_or_wales():
    middles = {
        row["force"]: (float(row["latitude"]), float(row["longitude"])) for row in read_reference("force_centroids")
    }
    assert len(middles) == 43
    assert set(middles) <= set(force_names())
    assert all(50.3 < latitude < 55.4 and -4.5 < longitude < 1.4 for latitude, longitude in middles.values())
    # Published coordinates of the cities that stand for their force.
    for force, latitude, longitude in [("city-of-london", 51.51, -0.09), ("merseyside", 53.41, -2.98)]:
        assert middles[force] == pytest.approx((latitude, longitude), abs=0.1)


# Counts


def test_searches_are_counted_by_light_on_both_bases():
    at = "2020-03-28T20:00:00+00:00"
    rows = [
        {"searched_at": at, "officer_defined_ethnicity": "Black"},
        {"searched_at": at, "officer_defined_ethnicity": "Black"},
        {"searched_at": at, "officer_defined_ethnicity": "Asian", "subject": "Vehicle search"},
        {"searched_at": None, "officer_defined_ethnicity": "White"},
    ]
    twilight = count_searches(tag(rows)).twilight
    assert twilight.select("ethnicity_basis", "ethnic_group", "light", "clock_band", "searches").rows() == [
        (OFFICER_DEFINED, "Black", DARK, 1200, 2),
        (OFFICER_DEFINED, "White", NOT_KNOWN, None, 1),
        (SELF_DEFINED, "White", DARK, 1200, 2),
        (SELF_DEFINED, "White", NOT_KNOWN, None, 1),
    ]


def test_nothing_is_counted_by_light_where_nobody_asked():
    plain, tagged = (count_searches(searches).twilight for searches in (code([{}]), tag([{}])))
    assert plain.is_empty()
    assert plain.schema == tagged.schema
    assert tagged["searches"].to_list() == [1, 1]


def test_a_time_is_read_on_the_uk_clock_whatever_the_zone_it_is_written_in():
    written = light_at("2020-03-28T19:02:00+00:00", "2020-03-28T20:02:00+01:00", "2020-03-28T21:02:00+02:00")
    assert written == [DARK] * 3
