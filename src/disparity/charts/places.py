"""A map of police force areas, shaded by a rate."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import altair as alt

from disparity.charts.by_group import print_rate
from disparity.charts.drawing import INK, AnyChart
from disparity.figures import Row

# Light to dark; neighbours differ by less than 3 to 1, so values are printed, or stand in the table below.
SHADES = ("#6BACE6", "#2073BC", "#12436D")
NO_VALUE, OUTLINE = "#E3E5E6", "#ffffff"
# More names than this would lie on top of each other.
MOST_PRINTED = 12
FEWEST_AREAS = 2
NOT_SHOWN = "no rate shown"


def chart_places(rows: dict[str, Row], names: dict[str, str]) -> AnyChart | None:
    """Each force's area, shaded in thirds by its rate; the areas of other forces in grey.

    Args:
        rows: of `estimates`, by force; one without a value is grey.
        names: of the forces.

    Returns:
        Nothing where fewer than two of the forces have an area to shade.
    """
    areas = read_areas()
    shaded = {force: row for force, row in rows.items() if force in areas and row.values["value"] is not None}
    if len(shaded) < FEWEST_AREAS:
        return None
    ordered = sorted(shaded, key=lambda force: (shaded[force].values["value"], force))
    third = {force: place * len(SHADES) // len(ordered) for place, force in enumerate(ordered)}
    classes = [
        _name_class(shaded, [force for force in ordered if third[force] == place]) for place in range(len(SHADES))
    ]
    features = [
        {
            "type": "Feature",
            "geometry": geometry,
            "properties": {
                "name": names.get(force, ""),
                "label": str(print_rate(shaded[force])) if force in shaded else "",
                "class": classes[third[force]] if force in shaded else NOT_SHOWN,
            },
        }
        for force, geometry in areas.items()
    ]
    return _draw_areas(features, [name for name in classes if name], len(shaded))


def _name_class(rows: dict[str, Row], forces: list[str]) -> str:
    """The rates from the lowest to the highest of the class, as the table prints them."""
    if not forces:
        return ""
    ends = [str(print_rate(rows[force])) for force in (forces[0], forces[-1])]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def _draw_areas(features: list[dict[str, Any]], classes: list[str], shaded: int) -> AnyChart:
    used = list(dict.fromkeys(classes))
    colour = alt.Color(
        "properties.class:N",
        title=["Searches per 1,000", "residents a year"],
        scale=alt.Scale(domain=[*used, NOT_SHOWN], range=[*SHADES[-len(used) :], NO_VALUE]),
        legend=alt.Legend(orient="top-left", labelFontSize=12, titleFontSize=12, titleLimit=240, symbolType="square"),
    )
    base = alt.Chart(
        alt.InlineData(
            values={"type": "FeatureCollection", "features": features},
            format={"type": "json", "property": "features"},
        )
    )
    tip = [alt.Tooltip("properties.name:N", title="Force"), alt.Tooltip("properties.label:N", title="Rate")]
    shapes = base.mark_geoshape(stroke=OUTLINE, strokeWidth=0.8).encode(color=colour, tooltip=tip)
    layers = [shapes]
    if shaded <= MOST_PRINTED:
        printed = (
            base.transform_filter("datum.properties.label != ''")
            .transform_calculate(at="geoCentroid(null, datum)")
            .transform_calculate(longitude="datum.at[0]", latitude="datum.at[1]")
        )
        looks: tuple[dict[str, Any], ...] = ({"stroke": "#ffffff", "strokeWidth": 3.5, "strokeJoin": "round"}, {})
        for look in looks:
            layers.append(
                printed.mark_text(fontSize=12, fontWeight="bold", color=INK, **look).encode(
                    longitude="longitude:Q", latitude="latitude:Q", text="properties.label:N"
                )
            )
    return alt.layer(*layers).project("mercator").properties(width=420, height=520)


@cache
def read_areas() -> dict[str, Any]:
    """Force → its area (GeoJSON geometry, WGS84)."""
    text = (files("disparity") / "reference" / "force_areas.geojson").read_text(encoding="utf-8")
    return {area["properties"]["force"]: area["geometry"] for area in json.loads(text)["features"]}
