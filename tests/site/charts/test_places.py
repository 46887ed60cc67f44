"""The map: areas that a map program draws, shaded by the rates of their forces and no others."""

import itertools
import json

import pytest
from lxml import etree

from disparity.project.settings import AreaSettings
from disparity.records.area_outlines import draw_outlines
from disparity.records.area_outlines import read_areas as read_outlines
from disparity.site.charts.places import (
    FEW_VALUES,
    NO_VALUE,
    SHADES,
    chart_outlines,
    chart_places,
    cut_apart,
    read_areas,
)
from disparity.site.charts.specification import sketch
from disparity.site.published_figures import Row, ratio
from disparity.site.published_figures import rate as print_rate
from disparity.site.rendering.svg import draw
from disparity.vocabulary.codes import read_reference
from support.vega_lite import hold_schema


def rate(force: str, value: float | None) -> Row:
    return Row("estimates", 1, {"force": force, "measure": "search_rate", "value": value, "status": "measured"})


def draw_places(rows: dict[str, Row], names: dict[str, str] | None = None):
    return chart_places(rows, names or {}, column="value", style=print_rate, title=["Searches per 1,000", "residents"])


def fills(values: dict[str, float | None]) -> list[str]:
    """Colours of the areas, in the order of the forces' ids."""
    rows = {force: rate(force, value) for force, value in values.items()}
    svg = etree.fromstring(draw(sketch(draw_places(rows), name="map")).wide)
    drawn = svg.xpath("//g[contains(@class, 'mark-shape')]/path")
    return [path.get("fill").lower() for path in drawn]


def ring_area(ring: list[list[float]]) -> float:
    pairs = itertools.pairwise(ring)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


def test_an_area_tells_the_figure_that_its_map_is_of():
    """Rows of comparisons have no column of rates."""
    values = {"measure": "search_rate", "ratio": 2.439, "status": "measured"}
    rows = {force: Row("comparisons", 1, values | {"force": force}) for force in ("kent", "lancashire", "humberside")}
    chart = chart_places(
        rows, {"kent": "Kent"}, column="ratio", style=ratio, title=["Times the rate", "of White people"]
    )
    tips = etree.fromstring(draw(sketch(chart, name="map")).wide).xpath("//@data-tip")
    assert "Kent: 2.44" in tips


def test_every_territorial_force_has_an_area_and_nothing_else_has():
    territorial = {row["force"] for row in read_reference("forces") if row["force_code"]}
    assert set(read_areas()) == territorial - {"btp", "northern-ireland"}
    assert len(read_areas()) == 43


def test_outlines_turn_the_way_that_is_drawn_as_land_and_not_as_the_rest_of_the_world():
    for force, geometry in read_areas().items():
        for outer, *holes in geometry["coordinates"]:
            assert ring_area(outer) < 0, force
            assert all(ring_area(hole) > 0 for hole in holes), force
            assert outer[0] == outer[-1]


def test_forces_are_shaded_from_the_lowest_rate_to_the_highest_and_the_others_are_grey():
    forces = sorted(read_areas())
    colours = fills({"kent": 5.0, "lancashire": 7.0, "humberside": 9.0, "essex": None})
    shaded = {force: colour for force, colour in zip(forces, colours, strict=True) if colour != NO_VALUE.lower()}
    light, middle, dark = (shade.lower() for shade in SHADES)
    assert shaded == {"kent": light, "lancashire": middle, "humberside": dark}


# Search rates of the areas of Kent and of West Yorkshire, year ending March 2021: thirds of the list parted 5.9 from
# 6.0 and 10.1 from 10.8, and joined 7.3 with 12.1 and 6.6 with 10.1.
KENT = [4.1, 4.3, 4.9, 5.6, 5.9, 6.0, 6.2, 6.5, 6.7, 7.3, 7.8, 10.5, 12.1]
WEST_YORKSHIRE = [4.5, 6.0, 6.6, 10.1, 10.8]


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        (KENT, [[4.1, 4.3, 4.9], [5.6, 5.9, 6.0, 6.2, 6.5, 6.7, 7.3, 7.8], [10.5, 12.1]]),
        (WEST_YORKSHIRE, [[4.5], [6.0, 6.6], [10.1, 10.8]]),
        ([1.0, 1.0, 1.0, 1.0, 9.0], [[1.0] * 4, [9.0]]),
        ([5.0, 5.0], [[5.0, 5.0]]),
        ([5.0, 7.0], [[5.0], [7.0]]),
    ],
)
def test_near_values_share_a_class_and_like_ones_are_never_parted(values, classes):
    numbers = cut_apart(values, [f"{value:.1f}" for value in values], len(SHADES))
    drawn = [[value for value, at in zip(values, numbers, strict=True) if at == number] for number in range(3)]
    assert [some for some in drawn if some] == classes
    assert numbers == sorted(numbers)


@pytest.mark.parametrize(
    "values", [{}, {"kent": 5.0}, {"fellshire": 5.0, "mereside": 3.0}, {"kent": 5.0, "essex": None}]
)
def test_there_is_no_map_of_fewer_than_two_areas(values):
    assert draw_places({force: rate(force, value) for force, value in values.items()}) is None


def test_the_legend_says_the_rates_of_each_shade_as_the_table_prints_them():
    rows = {
        force: rate(force, value)
        for force, value in {"kent": 5.04, "essex": 6.0, "surrey": 7.0, "sussex": 12.26}.items()
    }
    texts = etree.fromstring(draw(sketch(draw_places(rows), name="map")).wide).xpath("//text/text()")
    assert {"5.0 to 6.0", "7.0", "12.3", "no rate shown"} <= set(texts)


def test_a_map_holds_the_schema_and_loads_nothing():
    rows = {force: rate(force, 5.0) for force in read_areas()}
    chart = draw_places(rows, dict.fromkeys(rows, "</script><script>"))
    hold_schema(chart)
    drawing = draw(sketch(chart, name="map"))
    assert "<script" not in drawing.wide + drawing.narrow


# A force's own areas


@pytest.fixture
def outlines(tmp_path):
    """Five squares in a row, whose outlines turn against the clock, as GeoJSON says they should."""
    features = [
        {
            "properties": {"name": name},
            "geometry": {"type": "Polygon", "coordinates": [[[x, 53], [x + 1, 53], [x + 1, 54], [x, 54], [x, 53]]]},
        }
        for x, name in enumerate(("Dale", "Fell", "Isle", "Moor", "Vale"), start=-5)
    ]
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    areas = read_outlines(AreaSettings(file=path, name="name"))
    return draw_outlines(areas, areas.names)


def draw_rates(outlines, **values):
    rows = {name: Row("areas", 1, {"value": value, "status": status}) for name, (value, status) in values.items()}
    chart = chart_outlines(rows, outlines)
    hold_schema(chart)
    return etree.fromstring(draw(sketch(chart, name="areas")).wide)


def test_areas_are_shaded_by_their_rates_and_those_of_few_searches_are_marked_not_shaded(outlines):
    few, none = (7.0, "small"), (None, "suppressed")
    svg = draw_rates(
        outlines, Dale=(5.0, "measured"), Fell=few, Isle=none, Moor=(9.0, "partial"), Vale=(6.0, "measured")
    )
    light, middle, dark = (shade.lower() for shade in SHADES)
    drawn = svg.xpath("//g[contains(@class, 'mark-shape')]/path")
    assert [path.get("fill").lower() for path in drawn] == [light, FEW_VALUES.lower(), NO_VALUE.lower(), dark, middle]
    texts = {text.strip() for text in svg.itertext() if text.strip()}
    assert {"Dale", "5.0", "7.0 [u]", "[x]", "9.0 [e]", "few searches or residents [u]", "no rate shown"} <= texts


def test_no_area_is_drawn_as_the_rest_of_the_world(outlines):
    for outline in outlines.values():
        assert ring_area(outline.geometry["coordinates"][0]) < 0


def test_an_area_is_named_where_it_lies(outlines):
    assert {name: round(outline.label_at[0], 3) for name, outline in outlines.items()} == {
        "Dale": -4.5,
        "Fell": -3.5,
        "Isle": -2.5,
        "Moor": -1.5,
        "Vale": -0.5,
    }


def test_there_is_no_map_of_fewer_than_two_areas_with_a_rate(outlines):
    rows = {"Dale": Row("areas", 1, {"value": 5.0, "status": "measured"})}
    few = rows | {"Vale": Row("areas", 2, {"value": 5.0, "status": "small"})}
    assert chart_outlines(rows, outlines) is chart_outlines(few, outlines) is chart_outlines({}, {}) is None
