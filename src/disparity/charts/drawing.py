"""How every chart looks, and its drawing as SVG at build time."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt
from altair.utils.schemapi import disable_debug_mode

from disparity.markup import script_text

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
# Metric-compatible with what the SVG renderer measures with, so labels fit on every machine.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
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

AnyChart = alt.LayerChart | alt.FacetChart


@dataclass(frozen=True)
class Drawing:
    """A drawn chart: the static picture, and the compiled Vega specification for the interactive one."""

    svg: str
    vega: str


def hold_rows(rows: Iterable[dict[str, Any]]) -> alt.InlineData:
    """Rows of a chart. As a tuple: Altair copies a list, row by row, for each layer and at each step."""
    return alt.InlineData(values=tuple(rows))


def name_on_chart(base: alt.Chart, look: dict[str, Any], text: alt.Text) -> list[alt.Chart]:
    """A name among lines: on a white edge, so that what runs behind it does not strike it through."""
    edge = {"stroke": "#ffffff", "strokeWidth": 4, "strokeJoin": "round"}
    return [base.mark_text(**look | edge).encode(text=text), base.mark_text(**look).encode(text=text)]


def draw(chart: AnyChart, *, name: str) -> Drawing:
    """Draw a chart without network or clock; the same chart and name give the same bytes.

    The page names the picture, so the renderer's own labels for assistive technology are taken out.

    Raises:
        ValueError: the picture holds a style, script or address, which the pages' policy does not allow.
    """
    import vl_convert  # noqa: PLC0415  starts a script engine

    # Added here, for Altair would copy the whole chart once more to take it in.
    vega = vl_convert.vegalite_to_vega(chart.to_dict(validate=False) | {"config": _configure()})
    vega.pop("$schema", None)  # an address that nothing reads
    spec = script_text(json.dumps(vega, sort_keys=True, separators=(",", ":"), allow_nan=False))
    return Drawing(draw_vega(vega, name=name), spec)


@cache
def _configure() -> dict[str, Any]:
    """How every chart looks, in the words of the specification."""
    config: dict[str, Any] = alt.Chart(hold_rows([])).mark_point().configure(**CONFIG).to_dict(validate=False)["config"]
    return config


def draw_vega(vega: dict[str, Any], *, name: str) -> str:
    """Draw a compiled specification as SVG: the picture that stands for it on the page.

    Raises:
        ValueError: as for `draw`.
    """
    import vl_convert  # noqa: PLC0415  starts a script engine

    svg = vl_convert.vega_to_svg(vega, allowed_base_urls=[])
    svg = _number_ids(re.sub(r' (?:aria-[a-z]+|role)="[^"]*"', "", svg), name)
    if re.search(r'<style| style="|<script|<image|xlink:href| href="', svg):
        raise ValueError(f"the chart {name} holds something that the page policy does not allow")
    size = re.search(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)" viewBox="([\d. ]+)">', svg)
    if not size:
        raise ValueError(f"the chart {name} has an unexpected outermost element")
    head = f'<svg class="marks" aria-hidden="true" width="{size[1]}" height="{size[2]}" viewBox="{size[3]}">'
    return head + svg[size.end() :]


def _number_ids(svg: str, name: str) -> str:
    """The renderer numbers clips and gradients over the whole process: number them within the chart."""
    order: dict[str, str] = {}

    def rename(match: re.Match[str]) -> str:
        return match[1] + order.setdefault(match[2], f"{name}-{len(order)}")

    return re.sub(r'( id="|url\(#)((?:clip|gradient_)\d+)(?=["\)])', rename, svg)
