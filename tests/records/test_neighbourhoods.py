"""Searches placed in neighbourhoods: who is asked, what is counted, which area is named, and the borders."""

from datetime import date
from math import asin, cos, radians, sin, sqrt

import polars as pl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from disparity.records.audit.files import audit_files
from disparity.records.coding import code_searches
from disparity.records.counts import count_searches
from disparity.records.neighbourhoods import name_authorities, outline_authorities, place_in_neighbourhoods
from disparity.vocabulary.neighbourhoods import read_neighbourhoods
from support.builders import BLACK, WHITE, code, few, make_raw

PRESTON, BLACKBURN, MANCHESTER, BELFAST = (-2.6988, 53.7590), (-2.4820, 53.7480), (-2.2426, 53.4808), (-5.93, 54.60)


def search(point=PRESTON, **told):
    longitude, latitude = point or (None, None)
    places = {"longitude": longitude, "latitude": latitude}
    return {name: None if value is None else str(value) for name, value in places.items()} | told


def place(*rows, force="lancashire"):
    return name_authorities(place_in_neighbourhoods(code(rows, force=force)))


def test_a_search_has_the_authority_of_its_neighbourhood_and_none_of_another_force():
    placed = place(search(), search(BLACKBURN), search(MANCHESTER), search(BELFAST), search(None))
    assert placed["area"].to_list() == ["Preston", "Blackburn with Darwen", None, None, None]
    assert placed["areas_met"].to_list() == [1, 1, 0, 0, None]
    assert placed["is_outside_force"].to_list() == [False, False, True, True, None]
    held = read_neighbourhoods().filter(pl.col("neighbourhood").is_in(placed["neighbourhood"].head(3).implode()))
    assert sorted(held["force"]) == ["greater-manchester", "lancashire", "lancashire"]


def test_a_force_whose_area_is_not_known_is_not_asked():
    placed = place(search(), force="fellshire")
    assert placed.select("area", "areas_met", "neighbourhood", "is_near_border", "is_outside_force").row(0) == (
        *(None, None, None, None, None),
    )


def test_a_file_that_names_areas_keeps_them_and_gets_no_other():
    placed = place(search(area="Old Town"), search())
    assert placed["area"].to_list() == ["Old Town", None]
    assert placed["neighbourhood"].null_count() == 0


def test_a_force_with_areas_of_its_own_elsewhere_gets_no_other():
    placed = name_authorities(place_in_neighbourhoods(code([search()], force="lancashire")), unless=["lancashire"])
    assert placed.select("area", "areas_met").row(0) == (None, None)


def test_of_a_force_that_is_not_asked_nothing_is_said():
    rows = {force: make_raw([search(), search(None)], force=force) for force in ("fellshire", "lancashire")}
    for force, raw in rows.items():
        placed = name_authorities(place_in_neighbourhoods(code_searches(raw)))
        told = audit_files(placed, raw).submissions.select("area_not_known", "area_not_known_of")
        assert told.row(0) == ((1, 2) if force == "lancashire" else (0, 0))


def test_authorities_are_outlined_by_their_neighbourhoods():
    outlined = outline_authorities(["Preston", "Old Town", "Blackburn with Darwen"])
    assert outlined.names == ("Blackburn with Darwen", "Preston")
    # Square kilometres, as the ONS gives them: 137 and 142.
    areas = shapely.area(outlined.shapes) * 111.195**2 * cos(radians(53.75))
    assert areas == pytest.approx([137, 142], rel=0.03)
    assert all(
        shapely.contains_xy(shape, *point) for shape, point in zip(outlined.shapes, (BLACKBURN, PRESTON), strict=True)
    )


def test_a_search_of_a_vehicle_alone_is_not_placed():
    assert place(search(subject="Vehicle search"), search())["neighbourhood"].is_null().to_list() == [True, False]


def test_nothing_else_of_a_search_changes_nor_does_the_order():
    searches = code([search(BLACKBURN), search(None), search(), search(BLACKBURN)], force="lancashire")
    placed = place_in_neighbourhoods(searches)
    assert placed.select(searches.columns).equals(searches)


def test_counts_are_of_what_was_placed_by_neighbourhood_and_group():
    rows = [search(self_defined_ethnicity=label) for label in (WHITE, WHITE, BLACK, None)]
    placed = place(*rows, search(BLACKBURN), search(None), search(BELFAST))
    counted = count_searches(placed).neighbourhoods
    assert counted["force"].unique().to_list() == ["lancashire"]
    assert counted["month"].unique().to_list() == [date(2019, 4, 1)]
    by_place = counted.group_by("neighbourhood").agg(pl.col("searches").sum()).sort("searches")
    assert by_place["searches"].to_list() == [1, 4]
    groups = counted.filter(neighbourhood=by_place["neighbourhood"][1]).select("self_defined_group", "searches")
    assert groups.rows() == [(None, 1), ("Black", 1), ("White", 2)]


def test_searches_that_nobody_placed_are_counted_nowhere():
    assert count_searches(code([search()], force="lancashire")).neighbourhoods.is_empty()


def test_the_audit_counts_what_lies_outside_the_force_and_near_a_border():
    raw = make_raw([search(), search(MANCHESTER), search(BELFAST), search(None)], force="lancashire")
    audit = audit_files(name_authorities(place_in_neighbourhoods(code_searches(raw))), raw).submissions
    told = audit.select("coordinates_outside_force", "coordinates_outside_force_of", "coordinates_in_no_area")
    assert told.row(0) == (2, 3, 2)
    assert audit.select("coordinates_near_border", "coordinates_near_border_of").row(0) == (0, 3)


# A straight stretch of the border between Preston and South Ribble, the Ribble at Penwortham bridge, and London's.
NEAR = {"lancashire": (-2.7150, 53.7537), "metropolitan": (-0.1280, 51.5115)}


def _metres(one, other):
    """Between two points, by the haversine: no projection."""
    (x1, y1), (x2, y2) = ([radians(value) for value in point] for point in (one, other))
    chord = sin((y2 - y1) / 2) ** 2 + cos(y1) * cos(y2) * sin((x2 - x1) / 2) ** 2
    return 2 * 6_371_000 * asin(sqrt(chord))


@pytest.mark.slow
@few
@given(st.sampled_from(sorted(NEAR)), st.floats(-0.02, 0.02), st.floats(-0.01, 0.01))
def test_a_point_is_near_a_border_where_one_fifty_metres_away_is_in_another_authority(force, east, north):
    """Tried on a ring of points around it: some beyond 50 metres say no, some within say yes."""
    centre = (NEAR[force][0] + east, NEAR[force][1] + north)
    metres = [(distance, angle) for distance in (10, 25, 40, 48, 56, 65) for angle in range(0, 360, 5)]
    degree = 111_195.0
    ring = [
        (
            centre[0] + distance * sin(radians(angle)) / (degree * cos(radians(centre[1]))),
            centre[1] + distance * cos(radians(angle)) / degree,
        )
        for distance, angle in metres
    ]
    placed = place(search(centre), *(search(point) for point in ring), force=force)
    here, *around = placed["area"].to_list()
    inside = any(
        area not in (None, here) for area, point in zip(around, ring, strict=True) if _metres(centre, point) < 49
    )
    beyond = any(area not in (None, here) for area in around)
    is_near = placed["is_near_border"][0]
    assert here is None or (is_near or not inside)
    assert here is None or (beyond or not is_near)
