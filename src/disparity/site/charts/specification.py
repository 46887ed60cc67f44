"""How every chart looks."""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

import altair as alt
from altair.utils.schemapi import disable_debug_mode

from disparity.site.rendering.svg import FONT, Sketch

# Altair checks each part of each chart against its schema, which takes longer than drawing it. The schema is held
# by the tests, chart by chart.
disable_debug_mode()

BLUE, GREY, INK = "#12436D", "#6F777B", "#222222"
LINE_COLOURS = {
    "Asian": "#28A197",
    "Black": "#12436D",
    "Mixed": "#801650",
    "White": "#3D3D3D",
    "Other": "#F46A25",
}
# A month in doubt: seen without colour, and behind it nothing.
HOLLOW: dict[str, Any] = {
    "shape": "circle",
    "size": 90,
    "fill": "#ffffff",
    "color": INK,
    "strokeWidth": 2,
    "opacity": 1,
}
CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": "#ffffff",
    "aria": False,
    "view": alt.ViewConfig(stroke=None),
    "axis": alt.AxisConfig(
        labelFontSize=12,
        titleFontSize=12,
        titleFontWeight="normal",
        titlePadding=8,
        gridColor="#E3E5E6",
        domainColor="#9AA0A3",
        tickColor="#9AA0A3",
        labelColor=INK,
        titleColor=INK,
    ),
}

Spec = dict[str, Any]  # a chart in the words of Vega-Lite


def hold_rows(rows: Iterable[dict[str, Any]]) -> alt.InlineData:
    """Rows of a chart. As a tuple: Altair copies a list, row by row, for each layer and at each step."""
    return alt.InlineData(values=tuple(rows))


def overlay(*charts: alt.Chart, **properties: Any) -> Spec:
    """Lay charts over each other.

    As objects, Altair would copy all of them several times over, which takes longer than drawing them.
    """
    sources = {id(chart.data): chart.data for chart in charts}
    data = {key: _name_data(f"rows-{place}", source) for place, (key, source) in enumerate(sources.items())}
    layers = []
    for chart in charts:
        bare = chart.copy(deep=False)
        bare.data = alt.Undefined
        layers.append(bare.to_dict(validate=False, context={"top_level": False}) | {"data": data[id(chart.data)]})
    if len(data) == 1:
        properties |= {"data": layers[0]["data"]}
        layers = [{name: words for name, words in layer.items() if name != "data"} for layer in layers]
    datasets = {data[key]["name"]: source.values for key, source in sources.items()}
    return {"layer": layers, "datasets": datasets, **properties}


def _name_data(name: str, source: alt.InlineData) -> dict[str, Any]:
    return {"name": name} if source.format is alt.Undefined else {"name": name, "format": source.format}


def month_axis(unit: str) -> alt.X:
    """Months along a chart.

    Args:
        unit: time unit of Vega-Lite; UTC, as a reader west of Greenwich would see the month before.
    """
    axis = alt.Axis(format="%b %Y", labelAngle=0, tickCount=4, grid=False, labelOverlap=True)
    return alt.X(f"{unit}(month):T", title=None, scale=alt.Scale(type="utc"), axis=axis)


def name_on_chart(base: alt.Chart, look: dict[str, Any], text: alt.Text) -> list[alt.Chart]:
    """A name among lines: on a white edge, so that what runs behind it does not strike it through."""
    edge = {"stroke": "#ffffff", "strokeWidth": 4, "strokeJoin": "round"}
    return [base.mark_text(**look | edge).encode(text=text), base.mark_text(**look).encode(text=text)]


def draw_limits(
    rows: Iterable[dict[str, Any]], x: alt.X, y: alt.Y, dashes: dict[str, list[int]], *, dx: int
) -> list[alt.Chart]:
    """A centre line and its limits, each named at its end; `dashes` are by name, the centre's first."""
    base = alt.Chart(hold_rows(rows)).encode(x=x, y=y)
    colours = alt.Scale(domain=list(dashes), range=[INK, *[GREY] * (len(dashes) - 1)])
    breaks = alt.Scale(domain=list(dashes), range=list(dashes.values()))
    lines = base.mark_line(strokeWidth=1.5).encode(
        detail=alt.Detail("line:N"),
        color=alt.Color("label:N", legend=None, scale=colours),
        strokeDash=alt.StrokeDash("label:N", legend=None, scale=breaks),
    )
    names = base.transform_filter("datum.is_last").mark_text(align="left", dx=dx, fontSize=12, color=INK)
    return [lines, names.encode(text=alt.Text("label:N"))]


def sketch(chart: Spec, *, name: str) -> Sketch:
    """Write a chart down; the same chart and name give the same bytes."""
    return Sketch(name, json.dumps(chart | {"config": _configure()}, allow_nan=False))


@cache
def _configure() -> dict[str, Any]:
    """How every chart looks, in the words of the specification."""
    config: dict[str, Any] = alt.Chart(hold_rows([])).mark_point().configure(**CONFIG).to_dict(validate=False)["config"]
    return config
