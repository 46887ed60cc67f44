"""How every chart looks, at both of its widths."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

import altair as alt
from altair.utils.schemapi import disable_debug_mode

from disparity.site.rendering.svg import FONT, Sketch

# Altair checks each part of each chart against its schema, which takes longer than drawing it. The schema is held
# by the tests, chart by chart.
disable_debug_mode()

# Pixels of a whole drawing: beside its words on a desk, and on a telephone. The style sheet shows one of them.
WIDE, NARROW = 680, 340

BLUE, GREY, INK = "#12436D", "#6F777B", "#222222"
# The range lies behind the interval: light inside, its edge dark enough to be seen by itself.
RANGE_FILL = "#D5E1EC"
LINE_COLOURS = {
    "Asian": "#28A197",
    "Black": "#12436D",
    "Mixed": "#801650",
    "White": "#3D3D3D",
    "Other": "#F46A25",
}
# Of the names of lines, which are texts: darker where a line's colour would be too faint to read.
NAME_COLOURS = LINE_COLOURS | {"Asian": "#1A7A73", "Other": "#B8470F"}
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
    # What a mark says goes through its description; what says nothing has none (`overlay`).
    "aria": True,
    "padding": 2,
    "view": alt.ViewConfig(stroke=None),
    "legend": alt.LegendConfig(aria=False, labelFontSize=12, titleFontSize=12, labelLimit=0, titleLimit=0),
    "axis": alt.AxisConfig(
        aria=False,
        labelLimit=0,
        labelOverlap=True,
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

# Months that are named along a chart at most, by whether it is narrow; and how many lie between two of them.
NAMED_MONTHS, MONTH_STEPS = {False: 8, True: 4}, (1, 2, 3, 6, 12, 24, 36, 60)
# The title of an upright axis lies above it, where it is read without turning the head.
ON_TOP: dict[str, Any] = {"titleAngle": 0, "titleAlign": "left", "titleBaseline": "bottom", "titleX": 0, "titleY": -8}
AUTOSIZE = {"type": "fit-x", "contains": "padding"}

Spec = dict[str, Any]  # a chart in the words of Vega-Lite
Layout = Callable[[int], Spec]  # a chart, laid out for a width


def hold_rows(rows: Iterable[dict[str, Any]]) -> alt.InlineData:
    """Rows of a chart. As a tuple: Altair copies a list, row by row, for each layer and at each step."""
    return alt.InlineData(values=tuple(rows))


def constant(channel: type[Any], value: Any) -> Any:
    """A channel of one value. Given `alt.value`, Altair hashes all its schemas to find the class, each time."""
    return channel(value)


def is_narrow(width: int) -> bool:
    """Whether a width is that of a telephone."""
    return width <= NARROW


def overlay(*charts: alt.Chart, **properties: Any) -> Spec:
    """Lay charts over each other: as wide, with all that is around them, as `width` says.

    As objects, Altair would copy all of them several times over, which takes longer than drawing them.
    """
    sources = {id(chart.data): chart.data for chart in charts}
    data = {key: _name_data(f"rows-{place}", source) for place, (key, source) in enumerate(sources.items())}
    layers = []
    for chart in charts:
        bare = chart.copy(deep=False)
        bare.data = alt.Undefined
        layer = bare.to_dict(validate=False, context={"top_level": False}) | {"data": data[id(chart.data)]}
        layer["mark"] |= {"aria": "description" in layer.get("encoding", {})}
        layers.append(layer)
    if len(data) == 1:
        properties |= {"data": layers[0]["data"]}
        layers = [{name: words for name, words in layer.items() if name != "data"} for layer in layers]
    datasets = {data[key]["name"]: source.values for key, source in sources.items()}
    return {"layer": layers, "datasets": datasets, "autosize": AUTOSIZE, **properties}


def _name_data(name: str, source: alt.InlineData) -> dict[str, Any]:
    return {"name": name} if source.format is alt.Undefined else {"name": name, "format": source.format}


def month_axis(unit: str, months: Sequence[date], width: int) -> alt.X:
    """Months along a chart, as many of them named as there is room for.

    Args:
        unit: time unit of Vega-Lite; UTC, as a reader west of Greenwich would see the month before.
        months: that are drawn, in order.
        width: of the chart.
    """
    first, span = months[0], 12 * (months[-1].year - months[0].year) + months[-1].month - months[0].month
    most = NAMED_MONTHS[is_narrow(width)]
    step = next((step for step in MONTH_STEPS if span // step < most), MONTH_STEPS[-1])
    named = [first.month - 1 + ahead for ahead in range(0, span + 1, step)]
    values = [{"year": first.year + at // 12, "month": at % 12 + 1, "date": 1, "utc": True} for at in named]
    axis = alt.Axis(format="%b %Y", labelAngle=0, labelFlush=False, values=values, grid=False)
    return alt.X(f"{unit}(month):T", title=None, scale=alt.Scale(type="utc"), axis=axis)


def name_on_chart(base: alt.Chart, look: dict[str, Any], text: alt.Text) -> list[alt.Chart]:
    """A name among lines: on a white edge, so that what runs behind it does not strike it through."""
    edge = {"stroke": "#ffffff", "strokeWidth": 4, "strokeJoin": "round"}
    return [base.mark_text(**look | edge).encode(text=text), base.mark_text(**look).encode(text=text)]


def draw_limits(
    rows: Iterable[dict[str, Any]], x: alt.X, y: alt.Y, dashes: dict[str, list[int]], *, name_at: str
) -> list[alt.Chart]:
    """A centre line and its limits, each named at its end; `dashes` are by name, the centre's first.

    Args:
        name_at: the field of a line's end with the height of its name, apart from the others.
    """
    base = alt.Chart(hold_rows(rows)).encode(x=x)
    colours = alt.Scale(domain=list(dashes), range=[INK, *[GREY] * (len(dashes) - 1)])
    breaks = alt.Scale(domain=list(dashes), range=list(dashes.values()))
    lines = base.mark_line(strokeWidth=1.5).encode(
        y=y,
        detail=alt.Detail("line:N"),
        color=alt.Color("label:N", legend=None, scale=colours),
        strokeDash=alt.StrokeDash("label:N", legend=None, scale=breaks),
    )
    ends = base.transform_filter(f"isValid(datum.{name_at})").mark_text(align="left", dx=5, fontSize=12, color=INK)
    return [lines, ends.encode(y=alt.Y(f"{name_at}:Q", scale=y["scale"], title=y["title"]), text=alt.Text("label:N"))]


def sketch(chart: Layout, *, name: str) -> Sketch:
    """Write a chart down at both widths; the same chart and name give the same bytes."""
    return Sketch(name, _write(chart(WIDE)), _write(chart(NARROW)))


def _write(chart: Spec) -> str:
    """Write numbers in the ten figures that tables have: what comes after them can be another on another machine."""
    text = json.dumps(chart | {"config": _configure()}, allow_nan=False)
    printed = json.loads(text, parse_float=lambda number: float(f"{float(number):.10g}"))
    return json.dumps(printed, allow_nan=False, separators=(",", ":"))


@cache
def _configure() -> dict[str, Any]:
    """How every chart looks, in the words of the specification."""
    config: dict[str, Any] = alt.Chart(hold_rows([])).mark_point().configure(**CONFIG).to_dict(validate=False)["config"]
    return config
