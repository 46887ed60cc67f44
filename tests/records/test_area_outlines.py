"""Areas from coordinates: outlines drawn by hand, bad files, laws, the forces' own boundaries."""

import json
from collections import Counter
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from disparity.project.settings import AreaSettings
from disparity.records.area_outlines import place_searches, read_areas
from disparity.records.coding import code_searches
from disparity.sources.police_uk import find_files
from disparity.vocabulary.errors import RequestError
from support.builders import code, few, read_file

# Two squares that share the border at longitude -2, each of one degree.
WEST = [[[-3, 53], [-2, 53], [-2, 54], [-3, 54], [-3, 53]]]
EAST = [[[-2, 53], [-1, 53], [-1, 54], [-2, 54], [-2, 53]]]
# A square with a hole in its middle, and two squares apart.
RING = [[[-3, 53], [-1, 53], [-1, 55], [-3, 55], [-3, 53]], [[-2.5, 53.5], [-1.5, 53.5], [-1.5, 54.5], [-2.5, 54.5]]]
RING[1].append(RING[1][0])
ISLES = [[[[-6, 50], [-5, 50], [-5, 51], [-6, 50]]], [[[-4, 50], [-3, 50], [-3, 51], [-4, 50]]]]


def feature(name, outline, kind="Polygon", **properties):
    geometry = {"type": kind, "coordinates": outline}
    return {"type": "Feature", "properties": {"LAD23NM": name, **properties}, "geometry": geometry}


def write(folder, *features, **members):
    path = folder / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features} | members), encoding="utf-8")
    return AreaSettings(file=path, name="LAD23NM")


def search(longitude, latitude, **told):
    places = {"longitude": longitude, "latitude": latitude}
    return {name: None if value is None else str(value) for name, value in places.items()} | told


def place(settings, *rows):
    return place_searches(code(rows), read_areas(settings)).select("area", "areas_met").rows()


# Hand-made outlines


@pytest.mark.parametrize(
    ("point", "placed"),
    [
        ((-2.5, 53.5), ("West", 1)),
        ((-1.5, 53.5), ("East", 1)),
        ((-0.5, 53.5), (None, 0)),
        ((-2.5, 54.5), (None, 0)),
        # On the border of both: in both, so in the first by name; on an outer border or corner: in the one.
        ((-2, 53.5), ("East", 2)),
        ((-3, 53.5), ("West", 1)),
        ((-3, 53), ("West", 1)),
        ((-1, 54), ("East", 1)),
        ((None, None), (None, None)),
    ],
)
def test_a_search_is_in_the_area_that_holds_its_point(tmp_path, point, placed):
    assert place(write(tmp_path, feature("West", WEST), feature("East", EAST)), search(*point)) == [placed]


@pytest.mark.parametrize(
    ("point", "placed"), [((-2, 54), None), ((-2.75, 54), "Ring"), ((-2.5, 54), "Ring"), ((-2.49, 54), None)]
)
def test_a_hole_is_no_part_of_an_area_but_its_rim_is(tmp_path, point, placed):
    ((area, _),) = place(write(tmp_path, feature("Ring", RING)), search(*point))
    assert area == placed


def test_every_part_of_an_area_in_parts_is_of_it_and_what_lies_between_is_not(tmp_path):
    settings = write(tmp_path, feature("Isles", ISLES, "MultiPolygon"))
    placed = place(settings, search(-5.2, 50.2), search(-3.2, 50.2), search(-4.5, 50.2))
    assert [area for area, _ in placed] == ["Isles", "Isles", None]


def test_of_areas_that_overlap_the_first_by_name_has_the_search_and_it_is_counted(tmp_path):
    settings = write(tmp_path, feature("Zone", WEST), feature("Around", RING), feature("Middle", WEST))
    assert place(settings, search(-2.9, 53.5)) == [("Around", 3)]


def test_a_record_that_names_its_area_keeps_it_and_is_not_asked(tmp_path):
    settings = write(tmp_path, feature("West", WEST))
    assert place(settings, search(-2.5, 53.5, area="Old Town"), search(-2.5, 53.5)) == [("Old Town", None), ("West", 1)]


def test_a_search_of_a_vehicle_alone_is_not_placed(tmp_path):
    assert place(write(tmp_path, feature("West", WEST)), search(-2.5, 53.5, subject="Vehicle search")) == [(None, None)]


def test_nothing_else_of_a_search_changes_nor_does_the_order(tmp_path):
    searches = code([search(-2.5, 53.5, gender="Female"), search(None, None), search(-1.5, 53.5), search(-2.5, 53.5)])
    placed = place_searches(searches, read_areas(write(tmp_path, feature("West", WEST))))
    assert placed.drop("area", "areas_met").equals(searches.drop("area"))
    assert placed.columns == [*searches.columns, "areas_met"]


def test_a_file_that_is_written_anew_is_read_anew(tmp_path):
    assert read_areas(write(tmp_path, feature("West", WEST))).names == ("West",)
    assert read_areas(write(tmp_path, feature("West", WEST), feature("East", EAST))).names == ("East", "West")


# Laws

PLACES = st.tuples(st.floats(-4, 0).map(lambda x: round(x, 3)), st.floats(52, 56).map(lambda y: round(y, 3)))


@few
@given(st.lists(PLACES | st.just((None, None)), min_size=1, max_size=40))
def test_every_search_is_in_one_area_or_in_none_as_arithmetic_says(tmp_path_factory, points):
    """Squares need no geometry: a point is in one where both its degrees are between the sides."""
    folder = tmp_path_factory.mktemp("areas")
    placed = place(write(folder, feature("West", WEST), feature("East", EAST)), *(search(*point) for point in points))
    inside = {"East": (-2, -1), "West": (-3, -2)}
    expected = [
        next((n for n, (a, b) in inside.items() if x is not None and a <= x <= b and 53 <= y <= 54), None)
        for x, y in points
    ]
    assert [area for area, _ in placed] == expected
    counted = Counter(area for area, _ in placed)
    assert counted["East"] + counted["West"] + counted[None] == len(points)


# Bad files


def refuse(settings):
    with pytest.raises(RequestError) as refused:
        read_areas(settings)
    return refused.value


def test_a_file_that_is_not_there_is_named(tmp_path):
    error = refuse(AreaSettings(file=tmp_path / "none.geojson", name="LAD23NM"))
    assert (error.what, error.code) == ("the file of areas cannot be read", "E129")


@pytest.mark.parametrize("text", ["", "LAD23NM,geometry\n", "[1]", '{"type": "Topology"}', '{"features": []}', "\xff"])
def test_what_is_no_geojson_is_refused(tmp_path, text):
    path = tmp_path / "areas.geojson"
    path.write_bytes(text.encode("latin-1"))
    error = refuse(AreaSettings(file=path, name="LAD23NM"))
    assert (error.what, error.code) == ("the file of areas is not GeoJSON", "E151")


BOW_TIE = [[[-3, 53], [-2, 54], [-2, 53], [-3, 54], [-3, 53]]]
METRES = [[[351000, 430000], [352000, 430000], [352000, 431000], [351000, 430000]]]
SWAPPED = [[[53, -3], [53, -2], [54, -2], [53, -3]]]
EMPTY = {"type": "Feature", "properties": {"LAD23NM": "West"}, "geometry": None}


@pytest.mark.parametrize(
    ("features", "what", "found"),
    [
        ([feature("West", WEST), feature("West", EAST)], "two areas have one name", "West"),
        ([feature("West", WEST), feature(" ", EAST)], "an area has no name", "1 without 'LAD23NM'"),
        ([feature("\x1b[2J", WEST)], "the name of an area cannot be printed", "a control character"),
        ([EMPTY], "area 'West' has no outline", "a None"),
        ([feature("West", [], "Polygon")], "area 'West' has no outline", "an empty Polygon"),
        ([feature("West", [-2, 53], "Point")], "area 'West' has no outline", "a Point"),
        ([feature("West", "here")], "the outline of area 'West' cannot be read", "a broken Polygon"),
        ([feature("West", BOW_TIE)], "the outline of area 'West' crosses itself", "Self-intersection[-2.5 53.5]"),
    ],
)
def test_an_area_that_cannot_be_used_is_named(tmp_path, features, what, found):
    error = refuse(write(tmp_path, *features))
    assert (error.what, error.found, error.code) == (what, found, "E151")


@pytest.mark.parametrize(
    ("features", "members", "what"),
    [
        ([feature("West", METRES)], {}, "the areas are not in degrees"),
        ([feature("West", WEST)], {"crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}}, "not in degrees"),
        ([feature("West", SWAPPED)], {}, "no area is in the United Kingdom"),
    ],
)
def test_coordinates_that_are_no_degrees_of_this_country_are_refused_with_what_to_do(tmp_path, features, members, what):
    error = refuse(write(tmp_path, *features, **members))
    assert what in error.what
    assert "WGS84 (EPSG:4326), longitude before latitude" in error.what_now


def test_a_file_that_names_wgs84_is_read(tmp_path):
    named = {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}}
    assert read_areas(write(tmp_path, feature("West", WEST), **named)).names == ("West",)


def test_a_property_that_no_area_has_is_told_with_those_there_are(tmp_path):
    settings = write(tmp_path, feature("West", WEST, code="E07"))
    error = refuse(settings.model_copy(update={"name": "LAD24NM"}))
    assert (error.what, error.found) == ("no area has the property 'LAD24NM'", "LAD23NM, code")


def test_an_outline_that_touches_itself_is_repaired(tmp_path):
    """A spike of no width, as simplification leaves: it encloses nothing."""
    spiked = [[[-3, 53], [-2, 53], [-2, 54], [-2, 55], [-2, 54], [-3, 54], [-3, 53]]]
    assert place(write(tmp_path, feature("West", spiked)), search(-2.5, 53.5), search(-2.5, 54.5)) == [
        ("West", 1),
        (None, 0),
    ]


# Real records


# Counted from the text of the files, force by force against its own boundary; South Yorkshire gives no coordinates.
IN_OWN_BOUNDARY = {
    "humberside": 0.985,
    "kent": 0.950,
    "lancashire": 0.624,
    "northumbria": 1.000,
    "nottinghamshire": 0.999,
    "south-wales": 0.991,
    "west-yorkshire": 0.997,
}


@pytest.mark.slow
def test_located_searches_lie_in_the_boundary_of_their_force_but_for_those_of_lancashire(records):
    path = records.parent / "boundaries" / "police-forces.geojson"
    areas = read_areas(AreaSettings(file=path, name="name"))
    assert len(areas.names) == 43
    files = [file for file in find_files([records])[0] if date(2019, 4, 1) <= file.month <= date(2021, 3, 1)]
    kept = place_searches(code_searches(*map(read_file, files)), areas).filter(pl.col("disposition") == "kept")
    assert kept.filter(pl.col("area").is_not_null()).height == kept.filter(pl.col("areas_met") > 0).height
    placed, outside, nowhere = (
        kept.filter(condition).height
        for condition in (pl.col("areas_met") > 0, pl.col("areas_met") == 0, pl.col("areas_met").is_null())
    )
    assert placed + outside + nowhere == kept.height
    assert nowhere == kept.filter(pl.col("latitude").is_null()).height
    names = pl.col("force").str.replace_all("-", " ").str.to_titlecase()
    located = kept.filter(pl.col("areas_met").is_not_null()).group_by("force")
    inside = dict(located.agg((pl.col("area").fill_null("") == names).mean()).iter_rows())
    assert {force: round(share, 3) for force, share in inside.items()} == IN_OWN_BOUNDARY
