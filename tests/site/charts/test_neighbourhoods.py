"""The map of neighbourhoods: a dot for each, hollow where it cannot be told, named only where clearly above."""

import json

import pytest
from lxml import etree

from disparity.site.charts.neighbourhoods import HOLLOW, LARGEST, MOST_NAMED, chart_neighbourhoods
from disparity.site.charts.places import SHADES
from disparity.site.charts.specification import sketch
from disparity.site.published_figures import Row
from disparity.site.rendering.svg import draw
from disparity.vocabulary.msoas import read_msoas
from disparity.vocabulary.neighbourhoods import read_neighbourhoods
from support.drawings import look
from support.vega_lite import hold_schema

KENT = sorted(read_neighbourhoods().filter(force="kent")["msoa"].unique())[:40]
NAMES = dict(read_msoas().select("msoa", "name").iter_rows())


def row(place, above, *, value=5.0, searches=20):
    values = {
        **{"neighbourhood": KENT[place], "name": NAMES[KENT[place]], "numerator": searches, "smoothed_value": value},
        **{"probability_above": above, "whole_value": 5.0, "fit": "fitted", "status": "measured"},
    }
    return Row("neighbourhoods", place + 1, values)


ROWS = [
    row(0, 1.0, value=80.0, searches=900),
    row(1, 0.96, value=9.0, searches=90),
    row(2, 0.95, value=7.0, searches=60),
    row(3, 0.05, value=4.0, searches=9),
    row(4, 0.04, value=2.0, searches=0),
    row(5, 0.0, value=1.0, searches=1),
]


def drawn(rows, width="wide"):
    return etree.fromstring(getattr(draw(sketch(chart_neighbourhoods(rows, "kent"), name="map")), width))


def dots_of(svg):
    return svg.xpath("//g[contains(@class, 'mark-symbol') and contains(@class, 'role-mark')]/circle")


def test_shades_say_what_is_clearly_above_and_below_and_hollow_dots_what_cannot_be_told():
    found = {dot.get("data-tip"): look(dot, "fill").lower() for dot in dots_of(drawn(ROWS))}
    light, middle, dark = (shade.lower() for shade in SHADES)
    expected = [dark, middle, HOLLOW, HOLLOW, light, light]
    values = ("80.0; 900", "9.0; 90", "7.0; 60", "4.0; 9", "2.0; 0", "1.0; 1")
    assert found == {
        f"{NAMES[KENT[place]]}: {told} searches": colour
        for place, (told, colour) in enumerate(zip(values, expected, strict=True))
    }


def test_the_area_of_a_dot_is_as_its_searches():
    radii = {dot.get("data-tip").rpartition("; ")[2]: float(dot.get("r")) for dot in dots_of(drawn(ROWS))}
    assert radii["900 searches"] == pytest.approx(LARGEST[False] ** 0.5 / 2, rel=0.01)
    assert radii["900 searches"] ** 2 / radii["90 searches"] ** 2 == pytest.approx(10, rel=0.1)
    # One without a search is still seen.
    assert radii["0 searches"] > 1


def test_the_legend_says_the_rates_of_each_class_as_the_table_prints_them():
    texts = {text.strip() for text in drawn(ROWS).itertext()}
    assert {
        *("1.0 to 2.0: below the force’s", "9.0: above the force’s", "80.0: above the force’s"),
        "cannot be told from the force’s",
    } <= texts


@pytest.mark.parametrize("is_narrow", [False, True])
def test_only_what_is_clearly_above_is_named_and_no_two_names_lie_on_each_other(is_narrow):
    svg = drawn(ROWS, "narrow" if is_narrow else "wide")
    named = {text for text in svg.itertext() if text in NAMES.values()}
    assert named <= {NAMES[KENT[0]], NAMES[KENT[1]]}
    assert NAMES[KENT[0]] in named
    crowd = [row(place, 1.0, value=90.0 - place) for place in range(40)]
    names = [text for text in drawn(crowd, "narrow" if is_narrow else "wide").itertext() if text in NAMES.values()]
    # Each name twice: its white edge, and itself.
    assert 1 <= len(names) / 2 <= MOST_NAMED[is_narrow]


def test_on_a_telephone_the_smallest_tell_nothing():
    assert len(dots_of(drawn(ROWS, "narrow"))) == 6
    assert len(drawn(ROWS, "narrow").xpath("//circle[@data-tip]")) == 2


@pytest.mark.parametrize("rows", [ROWS, [row(0, 0.5)], [row(0, 1.0), row(1, 1.0)], [row(3, 0.0, searches=1)]])
def test_a_map_holds_the_schema_whatever_there_is(rows):
    chart = chart_neighbourhoods(rows, "kent")
    hold_schema(chart)
    assert len(dots_of(drawn(rows))) == len(rows)
    assert json.loads(sketch(chart, name="map").spec)["height"] > 0
    # A force without an outline has dots alone.
    first = json.loads(sketch(chart_neighbourhoods(rows, "fellshire"), name="map").spec)["layer"][0]
    assert first["mark"]["type"] == "circle"
