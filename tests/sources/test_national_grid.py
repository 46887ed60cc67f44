"""Eastings and northings to latitude and longitude, against what Ordnance Survey publishes."""

import math

import numpy as np
import polars as pl
import pytest

from disparity.sources.extract.national_grid import find_degrees, place_on_map, unproject

# Ordnance Survey, OSTN15 developer pack, test files (Contains OS data © Crown copyright and database rights 2016):
# easting, northing, and the latitude and longitude that the full table of shifts gives.
TEST_POINTS = {
    "TP02 Lizard Point": (170370.718, 11572.405, 49.96006138, -5.20304610),
    "TP04 St Catherine's Point": (449816.371, 75335.861, 50.57563665, -1.29782277),
    "TP07 North Foreland": (639821.835, 169565.858, 51.37447026, 1.44454730),
    "TP08 Brislington": (362269.991, 169978.690, 51.42754743, -2.54407618),
    "TP09 Lambeth": (530624.974, 178388.464, 51.48936565, -0.11992557),
    "TP10 Carmarthen": (241124.584, 220332.641, 51.85890896, -4.30852477),
    "TP12 Droitwich": (389544.190, 261912.153, 52.25529382, -2.15458614),
    "TP14 King's Lynn": (562180.547, 319784.995, 52.75136687, 0.40153547),
    "TP15 Nottingham": (454002.834, 340834.943, 52.96219109, -1.19747656),
    "TP20 Leeds": (422242.186, 433818.701, 53.80021520, -1.66379168),
}
METRES_A_DEGREE = 111_320


def dms(degrees: int, minutes: int, seconds: float) -> float:
    return degrees + minutes / 60 + seconds / 3600


def test_the_worked_example_of_the_guide_is_met_to_the_last_digit() -> None:
    """Caister water tower: Ordnance Survey, "A guide to coordinate systems in Great Britain", annex C."""
    latitude, longitude = unproject(np.array([651409.903]), np.array([313177.270]))
    assert latitude[0] == pytest.approx(dms(52, 39, 27.2531), abs=0.00005 / 3600)
    assert longitude[0] == pytest.approx(dms(1, 43, 4.5177), abs=0.00005 / 3600)


@pytest.mark.parametrize("point", TEST_POINTS.values(), ids=list(TEST_POINTS))
def test_a_test_point_of_the_survey_is_met_within_five_metres(point: tuple[float, float, float, float]) -> None:
    easting, northing, north, east = point
    latitude, longitude = (float(degrees[0]) for degrees in find_degrees(np.array([easting]), np.array([northing])))
    metres = math.hypot(latitude - north, (longitude - east) * math.cos(math.radians(north))) * METRES_A_DEGREE
    assert metres < 5


@pytest.mark.parametrize(
    ("easting", "northing"),
    [("", "441328"), ("344630", None), ("0", "0"), ("SD446413", "1"), ("-2.7", "53.7"), ("9999999", "441328")],
)
def test_what_is_no_place_on_the_grid_has_no_degrees(easting: str, northing: str) -> None:
    columns = (pl.Series([value], dtype=pl.String) for value in (easting, northing))
    assert [degrees.to_list() for degrees in place_on_map(*columns)] == [[None], [None]]


def test_a_spreadsheets_ways_of_writing_a_number_are_one() -> None:
    latitude, longitude = place_on_map(
        pl.Series(["344630", "344,630", "344630.0"]), pl.Series(["441328", "441,328.00", "441328"])
    )
    assert len(set(latitude)) == len(set(longitude)) == 1
    assert float(latitude[0]) == pytest.approx(53.865, abs=0.001)  # north of Preston


def test_a_column_without_a_row_has_none() -> None:
    nothing = pl.Series([], dtype=pl.String)
    assert [len(degrees) for degrees in place_on_map(nothing, nothing)] == [0, 0]
