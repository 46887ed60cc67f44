"""Maps of police force areas, and of a force's own areas, shaded by a rate."""

import itertools
import json
import math
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from textwrap import wrap
from typing import Any

import altair as alt
import numpy as np

from disparity.records.area_outlines import Outline
from disparity.site.charts.specification import INK, Layout, Spec, is_narrow, overlay
from disparity.site.charts.tips import tell, tell_counts
from disparity.site.published_figures import Row, Style, rate
from disparity.vocabulary.codes import force_name
from disparity.vocabulary.statuses import NOT_AVAILABLE, SMALL, UNCERTAIN, mark_of

# Light to dark; neighbours differ by less than 3 to 1, so values are printed, or are in the table below.
SHADES = ("#6BACE6", "#2073BC", "#12436D")
NO_VALUE, OUTLINE = "#E3E5E6", "#ffffff"
FEW_VALUES = "#C9CDCF"
# More names than this would lie on top of each other.
MOST_PRINTED = 12
FEWEST_AREAS = 2
NOT_SHOWN = "no rate shown"
RATE = ["Searches per 1,000", "residents a year"]
FEW = f"few searches or residents {UNCERTAIN}"
# Texts are drawn twice, first as a white edge.
LOOKS: tuple[dict[str, Any], ...] = ({"stroke": "#ffffff", "strokeWidth": 3.5, "strokeJoin": "round"}, {})
# Of a force's areas, names are printed too.
MOST_NAMED = 24
# Pixels that a letter and a line of a label take.
LETTER, LINE = 6.2, 13


def chart_places(
    rows: dict[str, Row], names: dict[str, str], *, column: str, style: Style, title: list[str]
) -> Layout | None:
    """Each force's area, shaded by its figure; the areas of other forces in grey.

    Args:
        rows: by force; one without a value is grey.
        names: of the forces.
        column, style, title: of the figure: where it is, how it is printed, and the lines that head the legend.

    Returns:
        Nothing where fewer than two of the forces have an area to shade.
    """
    areas = read_areas()
    shaded = {force: row for force, row in rows.items() if force in areas and row.values[column] is not None}
    if len(shaded) < FEWEST_AREAS:
        return None
    class_of, classes = _cut_in_classes(shaded, column, style)
    features = [
        {
            "type": "Feature",
            "geometry": geometry,
            "properties": {
                "name": names.get(force, ""),
                "label": str(style(shaded[force], column)) if force in shaded else "",
                "class": classes[class_of[force]] if force in shaded else NOT_SHOWN,
                **_tell(names.get(force, force_name(force)), shaded.get(force), column=column, style=style),
            },
        }
        for force, geometry in areas.items()
    ]
    used = [name for name in classes if name]
    return lambda width: _draw_areas(features, used, len(shaded), title, width)


def chart_outlines(rows: dict[str, Row], outlines: dict[str, Outline]) -> Layout | None:
    """A force's areas, shaded by their rates and named; those of few searches marked, not shaded.

    Args:
        rows: of `areas`, by area; one without a value is grey.
        outlines: of the areas that the map shows.

    Returns:
        Nothing where fewer than two of the areas have a rate to shade.
    """
    shown = {area: row for area, row in rows.items() if area in outlines and row.values["value"] is not None}
    shaded = {area: row for area, row in shown.items() if row.values["status"] != SMALL}
    if len(shaded) < FEWEST_AREAS:
        return None
    class_of, classes = _cut_in_classes(shaded)
    used = list(dict.fromkeys(name for name in classes if name))
    colours = dict(zip(used, SHADES[-len(used) :], strict=True))
    drawn = {
        area: classes[class_of[area]] if area in shaded else FEW if area in shown else NOT_SHOWN for area in outlines
    }
    colours |= {name: shade for name, shade in ((FEW, FEW_VALUES), (NOT_SHOWN, NO_VALUE)) if name in drawn.values()}
    features = [
        {
            "type": "Feature",
            "geometry": outline.geometry,
            "properties": {
                "name": area,
                "label": str(rate(shown[area], "value")) if area in shown else "",
                "text": "\n".join([*wrap(area, 14), _print_rate(shown.get(area))]),
                "class": drawn[area],
                **_tell(area, shown.get(area), FEW if drawn[area] == FEW else ""),
                "longitude": outline.label_at[0],
                "latitude": outline.label_at[1],
            },
        }
        for area, outline in outlines.items()
    ]
    return lambda width: _draw_outlines(features, colours, width)


def _tell(place: str, row: Row | None, note: str = "", *, column: str = "value", style: Style = rate) -> dict[str, Any]:
    """The line of an area: its figure as it is printed and its searches; or why there is none."""
    if row is None:
        return tell(place, NOT_SHOWN, rows=())
    counted = tell_counts(row) if column == "value" else ""
    return tell(place, str(style(row, column)), counted, note, rows=(row,))


def _print_rate(row: Row | None) -> str:
    """The rate below an area's name, with the mark of its table cell."""
    if row is None:
        return NOT_AVAILABLE
    return f"{rate(row, 'value')} {mark_of(row.values['status'])}".rstrip()


def _cut_in_classes(
    rows: dict[str, Row], column: str = "value", style: Style = rate
) -> tuple[dict[str, int], list[str]]:
    """Which class each is in, from the lowest figures to the highest, and the name of each class."""
    ordered = sorted(rows, key=lambda place: (rows[place].values[column], place))
    printed = [str(style(rows[place], column)) for place in ordered]
    numbers = cut_apart([rows[place].values[column] for place in ordered], printed, len(SHADES))
    names = [[text for text, at in zip(printed, numbers, strict=True) if at == number] for number in sorted({*numbers})]
    return dict(zip(ordered, numbers, strict=True)), [name_class(some) for some in names]


def cut_apart(values: Sequence[float], printed: Sequence[str], most: int) -> list[int]:
    """Number the class of each value, so that near values share a class and the widest gaps lie between classes.

    The cuts leave the least squared distance from the mean of each class. Equal parts of a list would part values that
    are nearly the same, and join some that are far from each other. Values that are printed alike are never parted.

    Args:
        values: in their order. printed: as the table prints them. most: classes, at most.

    Source: Fisher (1958), On grouping for maximum homogeneity.
    """
    places = [place for place in range(1, len(values)) if printed[place] != printed[place - 1]]

    def measure(cuts: tuple[int, ...]) -> float:
        ends = itertools.pairwise((0, *cuts, len(values)))
        return sum(float(np.var(values[start:end])) * (end - start) for start, end in ends)

    cuts = min(itertools.combinations(places, min(most - 1, len(places))), key=measure)
    return [sum(place >= cut for cut in cuts) for place in range(len(values))]


def name_class(printed: list[str]) -> str:
    """The figures from the lowest to the highest of the class, as the table prints them."""
    if not printed:
        return ""
    return printed[0] if printed[0] == printed[-1] else f"{printed[0]} to {printed[-1]}"


def _shade(
    features: list[dict[str, Any]], colours: dict[str, str], title: list[str], *, edge: float, **legend: Any
) -> tuple[alt.Chart, alt.Chart]:
    """The areas, for what is written over them, and their shapes in the colours of their classes."""
    colour = alt.Color(
        "properties.class:N",
        title=title,
        scale=alt.Scale(domain=list(colours), range=list(colours.values())),
        legend=alt.Legend(symbolType="square", **legend),
    )
    data = {"type": "FeatureCollection", "features": features}
    base = alt.Chart(alt.InlineData(values=data, format={"type": "json", "property": "features"}))
    tip = alt.Description("properties.tip:N")
    return base, base.mark_geoshape(stroke=OUTLINE, strokeWidth=edge).encode(color=colour, description=tip)


def _draw_areas(features: list[dict[str, Any]], classes: list[str], shaded: int, title: list[str], width: int) -> Spec:
    used = list(dict.fromkeys(classes))
    colours = dict(zip(used, SHADES[-len(used) :], strict=True)) | {NOT_SHOWN: NO_VALUE}
    # Tall as the country is; on a telephone the legend goes below it.
    height, place = (460, "bottom") if is_narrow(width) else (620, "top-left")
    base, shapes = _shade(
        features, colours, title, edge=0.8, orient=place, columns=2 if is_narrow(width) else 1, titleLimit=240
    )
    layers = [shapes]
    if shaded <= MOST_PRINTED:
        printed = (
            base.transform_filter("datum.properties.label != ''")
            .transform_calculate(at="geoCentroid(null, datum)")
            .transform_calculate(longitude="datum.at[0]", latitude="datum.at[1]")
        )
        at = {"longitude": alt.Longitude("longitude:Q"), "latitude": alt.Latitude("latitude:Q")}
        for look in LOOKS:
            text = printed.mark_text(fontSize=12, fontWeight="bold", color=INK, **look)
            layers.append(text.encode(text=alt.Text("properties.label:N"), **at))
    return overlay(*layers, projection={"type": "mercator"}, width=width, height=height)


def _draw_outlines(features: list[dict[str, Any]], colours: dict[str, str], width: int) -> Spec:
    base, shapes = _shade(features, colours, RATE, edge=1.5, orient="bottom", columns=2)
    layers, height = [shapes], 300 if is_narrow(width) else 440
    if len(features) <= MOST_NAMED:
        # Names that would lie on top of each other are left to the tips and the table, and so are rates that would.
        printed = next((name for name in ("text", "label") if not _do_labels_meet(features, name, width, height)), "")
        at = {"longitude": alt.Longitude("properties.longitude:Q"), "latitude": alt.Latitude("properties.latitude:Q")}
        for look in LOOKS if printed else ():
            text = base.mark_text(fontSize=11, fontWeight="bold", color=INK, lineBreak="\n", **look)
            layers.append(text.encode(text=alt.Text(f"properties.{printed}:N"), **at))
    return overlay(*layers, projection={"type": "mercator"}, width=width, height=height)


def _do_labels_meet(features: list[dict[str, Any]], name: str, width: int, height: int) -> bool:
    """Whether any two labels lie on top of each other, by the room that their letters take."""
    corners = np.array([point for feature in features for point in _list_points(feature["geometry"]["coordinates"])])
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    narrowed = math.cos(math.radians((south + north) / 2))
    scale = min(width / ((east - west) * narrowed), height / (north - south))
    boxes = []
    for feature in features:
        held = feature["properties"]
        lines = held[name].split("\n")
        x, y = held["longitude"] * narrowed * scale, held["latitude"] * scale
        boxes.append((x, y, LETTER * max(map(len, lines)), LINE * len(lines)))
    return any(
        abs(x - u) < (wide + other) / 2 and abs(y - v) < (high + tall) / 2
        for (x, y, wide, high), (u, v, other, tall) in itertools.combinations(boxes, 2)
    )


def _list_points(coordinates: Any) -> Iterator[tuple[float, float]]:
    """Every corner of a polygon, or of several."""
    if isinstance(coordinates[0], (int, float)):
        yield coordinates[0], coordinates[1]
        return
    for part in coordinates:
        yield from _list_points(part)


@cache
def read_areas() -> dict[str, Any]:
    """Force → its area (GeoJSON geometry, WGS84)."""
    text = (files("disparity.vocabulary") / "reference" / "force_areas.geojson").read_text(encoding="utf-8")
    return {area["properties"]["force"]: area["geometry"] for area in json.loads(text)["features"]}
