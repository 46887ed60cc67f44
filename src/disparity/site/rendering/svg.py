"""A chart's specification, drawn as SVG without network or clock, at both of its widths."""

import json
import re
from dataclasses import dataclass

from disparity.site.rendering.engine import start_engine

# What the engine measures with, then what has its metrics: labels fit on every machine.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
# Ends of the names of files: what a picture is drawn from, and that of the narrow one.
SPEC, NARROW = ".vl.json", "-narrow"
# The renderer leaves quotation marks in texts, where what follows them would be read as an attribute.
TEXT = re.compile(r'>[^<]*"[^<]*<')
# What the renderer says of each mark: that goes into one attribute, which the page's script reads and shows.
TOLD = re.compile(r' aria-label="([^"]*)" role="graphics-symbol" aria-roledescription="[^"]*"')
FOR_ASSISTANTS = re.compile(r' (?:aria-[a-z]+|role)="[^"]*"')
# Parts that are drawn nowhere, and attributes that say what holds without them: of a part without a fill and an edge
# nothing is seen.
IDLE = re.compile(
    r'<path class="(?:background|foreground)"(?: pointer-events="none"| display="none"| d="[^"]*")+/>'
    r'| pointer-events="none"| opacity="1"| xmlns:xlink="[^"]*"| font-family="[^"]*"'
)
MARKS = re.compile(
    r'<g class="(mark-[^"]*)">'
    r"((?:<(?:text|path|line|rect)\b[^>]*>(?:[^<]*(?:<tspan[^>]*>[^<]*</tspan>)*</text>)?)+)</g>"
)
MARK = re.compile(r"<(?:text|path|line|rect)\b[^>]*>")
LOOK = re.compile(r' (?:font-size|font-weight|fill|text-anchor|stroke|stroke-width|stroke-dasharray)="[^"]*"')
# Of the renderer's classes those of marks are kept, without what layer they are of.
CLASS = re.compile(r' class="(mark-\w+ role-mark)?[^"]*"')
GROUP, EMPTY = re.compile(r"<g\b[^>]*>|</g>"), re.compile(r"<g\b[^>]*?(?:/>|></g>)")
UNMOVED = '<g transform="translate(0,0)">'
# A hundredth of a pixel is more than anybody sees; of outlines, a tenth.
PLACES = re.compile(r' (?:transform|d|x|y|x2|y2|cx|cy|r|width|height)="[^"]{5,}"')
LONG_PATH = re.compile(r' d="([^"]{400,})"')
TENTHS, HUNDREDTHS = re.compile(r"(\d+\.\d)\d+"), re.compile(r"(\d+\.\d\d)\d+")
CIRCLE = re.compile(
    r'<path((?: data-tip="[^"]*")?) transform="translate\(([^,]*),([^)]*)\)" '
    r'd="M([\d.]+),0A\4,\4,0,1,1,-\4,0A\4,\4,0,1,1,\4,0"([^>]*)/>'
)


@dataclass(frozen=True)
class Sketch:
    """A chart before it is drawn: its name, and its Vega-Lite specifications (JSON), wide and narrow."""

    name: str
    spec: str
    narrow: str


@dataclass(frozen=True)
class Drawing:
    """A drawn chart: the picture for a wide screen, and for a telephone."""

    wide: str
    narrow: str


def draw(sketch: Sketch) -> Drawing:
    """Draw a chart at both widths; the same sketch gives the same bytes.

    Raises:
        ValueError: a picture holds a style, script or address, which the pages' policy does not allow.
    """
    return Drawing(
        draw_spec(sketch.spec, name=sketch.name, kind="wide"),
        draw_spec(sketch.narrow, name=f"{sketch.name}{NARROW}", kind="narrow"),
    )


def draw_spec(spec: str, *, name: str, kind: str) -> str:
    """Draw a specification as SVG: the picture on the page; `kind` tells the style sheet when it is shown.

    The page names the picture, so the renderer's own labels for assistive technology are taken out. What a mark says
    is in its `data-tip`.

    Raises:
        ValueError: as for `draw`.
    """
    engine = start_engine()
    svg = engine.vega_to_svg(engine.vegalite_to_vega(json.loads(spec)), allowed_base_urls=[])
    svg = TEXT.sub(lambda text: text[0].replace('"', "&quot;"), svg)
    svg = _number_ids(FOR_ASSISTANTS.sub("", TOLD.sub(r' data-tip="\1"', svg)), name)
    svg = LONG_PATH.sub(lambda path: TENTHS.sub(r"\1", path[0]), MARKS.sub(_gather_looks, IDLE.sub("", svg)))
    svg = PLACES.sub(
        lambda place: HUNDREDTHS.sub(r"\1", place[0]), CIRCLE.sub(r'<circle\1 cx="\2" cy="\3" r="\4"\5/>', svg)
    )
    svg = _unwrap(CLASS.sub(lambda name: f' class="{name[1]}"' if name[1] else "", svg))
    if re.search(r'<style| style="|<script|<image|xlink:href| href="', svg):
        raise ValueError(f"the chart {name} holds something that the page policy does not allow")
    size = re.search(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)" viewBox="([\d. ]+)">', svg)
    if not size:
        raise ValueError(f"the chart {name} has an unexpected outermost element")
    head = (
        f'<svg class="marks {kind}" aria-hidden="true" width="{size[1]}" height="{size[2]}" viewBox="{size[3]}" '
        f'font-family="{FONT}">'
    )
    return head + svg[size.end() :]


def _gather_looks(marks: re.Match[str]) -> str:
    """What all marks of a group have alike is said once, of the group."""
    tags = MARK.findall(marks[2])
    alike = [look for look in LOOK.findall(tags[0]) if len(tags) > 1 and all(look in tag for tag in tags)]

    def strip(tag: re.Match[str]) -> str:
        return LOOK.sub(lambda look: "" if look[0] in alike else look[0], tag[0])

    return f'<g class="{marks[1]}"{"".join(alike)}>{MARK.sub(strip, marks[2])}</g>'


def _unwrap(svg: str) -> str:
    """Take out groups that hold nothing, and those that say nothing of what they hold."""
    svg = svg.replace(UNMOVED, "<g>")
    while (fewer := EMPTY.sub("", svg)) != svg:
        svg = fewer
    kept: list[bool] = []

    def strip(tag: re.Match[str]) -> str:
        if tag[0] != "</g>":
            kept.append(tag[0] != "<g>")
            return tag[0] if kept[-1] else ""
        return tag[0] if kept.pop() else ""

    return GROUP.sub(strip, svg)


def _number_ids(svg: str, name: str) -> str:
    """The renderer numbers clips and gradients over the whole process: number them within the chart."""
    order: dict[str, str] = {}

    def rename(match: re.Match[str]) -> str:
        return match[1] + order.setdefault(match[2], f"{name}-{len(order)}")

    return re.sub(r'( id="|url\(#)((?:clip|gradient_)\d+)(?=["\)])', rename, svg)
