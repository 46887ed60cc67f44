"""A chart's specification, drawn as SVG without network or clock."""

import json
import re
from dataclasses import dataclass
from typing import Any

from disparity.site.rendering.engine import start_engine
from disparity.vocabulary.text import script_text

# What the engine measures with, then what has its metrics: labels fit on every machine.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"


@dataclass(frozen=True)
class Sketch:
    """A chart before it is drawn: its name and its Vega-Lite specification (JSON)."""

    name: str
    spec: str


@dataclass(frozen=True)
class Drawing:
    """A drawn chart: the static picture, and the compiled Vega specification for the interactive one."""

    svg: str
    vega: str


def draw(sketch: Sketch) -> Drawing:
    """Draw a chart; the same sketch gives the same bytes.

    The page names the picture, so the renderer's own labels for assistive technology are taken out.

    Raises:
        ValueError: the picture holds a style, script or address, which the pages' policy does not allow.
    """
    vega = start_engine().vegalite_to_vega(json.loads(sketch.spec))
    vega.pop("$schema", None)  # an address that nothing reads
    spec = script_text(json.dumps(vega, sort_keys=True, separators=(",", ":"), allow_nan=False))
    return Drawing(draw_vega(vega, name=sketch.name), spec)


def draw_vega(vega: dict[str, Any], *, name: str) -> str:
    """Draw a compiled specification as SVG: the picture of it on the page.

    Raises:
        ValueError: as for `draw`.
    """
    svg = start_engine().vega_to_svg(vega, allowed_base_urls=[])
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
