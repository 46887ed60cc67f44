"""The map: areas that a map program draws, shaded by the rates of their forces and no others."""

import itertools

import pytest
from lxml import etree

from disparity.charts import chart_places, sketch
from disparity.charts.places import NO_VALUE, SHADES, read_areas
from disparity.drawing import draw
from disparity.figures import Row
from disparity.vocabulary import read_reference


def rate(force: str, value: float | None) -> Row:
    return Row("estimates", 1, {"force": force, "measure": "search_rate", "value": value, "status": "measured"})


def fills(values: dict[str, float | None]) -> list[str]:
    """Colours of the areas, in the order of the forces' ids."""
    rows = {force: rate(force, value) for force, value in values.items()}
    svg = etree.fromstring(draw(sketch(chart_places(rows, {}), name="map")).svg)
    drawn = svg.xpath("//g[contains(@class, 'mark-shape')]/path")
    return [path.get("fill").lower() for path in drawn]


def ring_area(ring: list[list[float]]) -> float:
    pairs = itertools.pairwise(ring)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


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


@pytest.mark.parametrize(
    "values", [{}, {"kent": 5.0}, {"fellshire": 5.0, "mereside": 3.0}, {"kent": 5.0, "essex": None}]
)
def test_there_is_no_map_of_fewer_than_two_areas(values):
    assert chart_places({force: rate(force, value) for force, value in values.items()}, {}) is None


def test_the_legend_says_the_rates_of_each_shade_as_the_table_prints_them():
    rows = {
        force: rate(force, value)
        for force, value in {"kent": 5.04, "essex": 6.0, "surrey": 7.0, "sussex": 12.26}.items()
    }
    texts = etree.fromstring(draw(sketch(chart_places(rows, {}), name="map")).svg).xpath("//text/text()")
    assert {"5.0 to 6.0", "7.0", "12.3", "no rate shown"} <= set(texts)


def test_a_map_holds_the_schema_and_loads_nothing():
    rows = {force: rate(force, 5.0) for force in read_areas()}
    chart = chart_places(rows, dict.fromkeys(rows, "</script><script>"))
    chart.to_dict(validate=True)
    drawing = draw(sketch(chart, name="map"))
    assert "<script" not in drawing.svg + drawing.vega
