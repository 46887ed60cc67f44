"""A map of neighbourhoods as dots: how many searches, how high the smoothed rate, and what cannot be told."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import altair as alt
import polars as pl

from disparity.site.charts.places import LOOKS, NO_VALUE, OUTLINE, SHADES, cut_apart, name_class, read_areas
from disparity.site.charts.specification import INK, Layout, Spec, hold_rows, is_narrow, overlay
from disparity.site.charts.tips import tell
from disparity.site.findings.neighbourhoods import ABOVE, BELOW, UNCERTAIN, place_beside_whole
from disparity.site.published_figures import Row, count, rate
from disparity.vocabulary.msoas import read_msoas

HOLLOW = "#ffffff"
HIGH = SHADES[1:]  # of what is clearly above
CANNOT_BE_TOLD = "cannot be told from the force’s"
TITLE = ["Searches per 1,000", "residents a year, smoothed"]
# Square pixels of the largest dot, by whether the chart is narrow, and of the smallest that is still seen.
LARGEST, SMALLEST = {False: 1_000, True: 500}, 9
TALLEST, ROOM = 480, 1.15
PLACE: dict[str, Any] = {"longitude": alt.Longitude("longitude:Q"), "latitude": alt.Latitude("latitude:Q")}
# So many dots are named, none nearer to another than this share of the map's width.
MOST_NAMED, APART = {False: 6, True: 4}, 0.3


def chart_neighbourhoods(rows: Sequence[Row], force: str) -> Layout:
    """A force's neighbourhoods at the middles of their residents, over its outline.

    Args:
        rows: of `neighbourhoods` with a smoothed rate, the highest first.
    """
    places = read_msoas().select("msoa", pl.col("longitude", "latitude").round(4)).to_dicts()
    at = {place.pop("msoa"): place for place in places}
    classes = list(_cut_in_classes(rows))
    drawn = {row.number: name for name, _, some in classes for row in some}
    most = max(row.values["numerator"] for row in rows)
    dots = [
        {
            **at[row.values["neighbourhood"]],
            "size": row.values["numerator"] / most,
            "class": drawn[row.number],
            "name": row.values["name"],
            **_tell(row),
        }
        for row in rows
    ]
    colours = {name: colour for name, colour, _ in classes}
    return lambda width: _draw(dots, colours, read_areas().get(force), width)


def _tell(row: Row) -> dict[str, Any]:
    """The line of a dot: its smoothed rate and its searches."""
    return tell(
        row.values["name"], str(rate(row, "smoothed_value")), f"{count(row, 'numerator')} searches", rows=(row,)
    )


def _cut_in_classes(rows: Sequence[Row]) -> Iterator[tuple[str, str, list[Row]]]:
    """Name, colour and rows of each class, from the lowest rates to the highest; last what cannot be told."""
    beside: dict[str, list[Row]] = {place: [] for place in (BELOW, ABOVE, UNCERTAIN)}
    for row in reversed(rows):
        beside[place_beside_whole(row)].append(row)
    above = beside[ABOVE]
    values = [row.values["smoothed_value"] for row in above]
    high = sum(cut_apart(values, [str(rate(row, "smoothed_value")) for row in above], len(HIGH))) if above else 0
    parts = (BELOW, beside[BELOW]), (ABOVE, above[: len(above) - high]), (ABOVE, above[len(above) - high :])
    for (place, some), shade in zip(parts, SHADES, strict=True):
        if some:
            yield f"{name_class([str(rate(row, 'smoothed_value')) for row in some])}: {place} the force’s", shade, some
    if beside[UNCERTAIN]:
        yield CANNOT_BE_TOLD, HOLLOW, beside[UNCERTAIN]


def _draw(dots: list[dict[str, Any]], colours: dict[str, str], outline: dict[str, Any] | None, width: int) -> Spec:
    narrow = is_narrow(width)
    layers = [_draw_outline(outline)] if outline else []
    # Large dots before small ones, which lie on them: class by class, each of which is one group of marks.
    ordered = sorted(dots, key=lambda dot: -dot["size"])
    for name in dict.fromkeys(dot["class"] for dot in ordered):
        layers.append(_draw_dots([dot for dot in ordered if dot["class"] == name], colours, narrow=narrow))
    named = _choose_named(dots, colours, MOST_NAMED[narrow])
    names = alt.Chart(hold_rows(named))
    for align in ("left", "center", "right"):
        texts = names.transform_filter(f"datum.align == '{align}'")
        for look in LOOKS:
            text = texts.mark_text(fontSize=11, fontWeight="bold", color=INK, dy=-14, align=align, **look)
            layers.append(text.encode(**PLACE, text=alt.Text("name:N")))
    return overlay(*layers, projection={"type": "mercator"}, width=width, height=_measure_height(dots, width))


def _draw_dots(dots: list[dict[str, Any]], colours: dict[str, str], *, narrow: bool) -> alt.Chart:
    """The dots of one class; on a telephone only those above tell what they are: no finger meets so small a dot."""
    legend = alt.Legend(orient="bottom", columns=1 if narrow else 2, symbolType="circle", symbolStrokeColor=INK)
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    drawn = (
        alt.Chart(hold_rows(dots))
        .mark_circle(stroke=INK, strokeWidth=0.7, opacity=1)
        .encode(
            **PLACE,
            size=alt.Size("size:Q", legend=None, scale=alt.Scale(domain=[0, 1], range=[SMALLEST, LARGEST[narrow]])),
            color=alt.Color("class:N", title=TITLE, scale=scale, legend=legend),
        )
    )
    is_told = not narrow or colours[dots[0]["class"]] in HIGH
    made: alt.Chart = drawn.encode(description=alt.Description("tip:N")) if is_told else drawn
    return made


def _measure_height(dots: list[dict[str, Any]], width: int) -> int:
    """As tall as the force is for its width, within what a screen shows, with room at the edges."""
    east, north = ([dot[name] for dot in dots] for name in ("longitude", "latitude"))
    across: float = (max(east) - min(east)) * math.cos(math.radians(max(north)))
    upright: float = max(north) - min(north)
    return round(min(width * upright / across * ROOM, TALLEST)) if across else TALLEST


def _draw_outline(outline: dict[str, Any]) -> alt.Chart:
    feature = {"type": "Feature", "geometry": outline, "properties": {}}
    data = alt.InlineData(
        values={"type": "FeatureCollection", "features": [feature]}, format={"type": "json", "property": "features"}
    )
    shape: alt.Chart = alt.Chart(data).mark_geoshape(fill=NO_VALUE, stroke=OUTLINE, strokeWidth=1)
    return shape


def _choose_named(dots: list[dict[str, Any]], colours: dict[str, str], most: int) -> list[dict[str, Any]]:
    """Of those clearly above, the highest whose names do not lie on each other."""
    west, east = (end(dot["longitude"] for dot in dots) for end in (min, max))
    apart = APART * (east - west)
    named: list[dict[str, Any]] = []
    for dot in (dot for dot in dots if colours[dot["class"]] in HIGH):
        # A name is far wider than it is tall.
        is_near = any(
            abs(dot["longitude"] - other["longitude"]) < apart and abs(dot["latitude"] - other["latitude"]) < apart / 6
            for other in named
        )
        if len(named) < most and not is_near:
            named.append(dot)
    # A name has no tip of its own, and one at the edge grows inwards.
    return [
        {
            **{name: dot[name] for name in ("longitude", "latitude", "name")},
            "align": "left"
            if dot["longitude"] < west + apart / 2
            else "right"
            if dot["longitude"] > east - apart / 2
            else "center",
        }
        for dot in named
    ]
