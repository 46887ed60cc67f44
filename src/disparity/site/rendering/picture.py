"""A chart as a file of its own: the drawing under its headline and subtitle, with where it is from.

A picture that is passed on goes without the page around it, so what the page says is in the picture.
"""

import re
import textwrap
from dataclasses import dataclass
from xml.sax.saxutils import escape

from disparity.site.rendering.engine import start_engine
from disparity.site.rendering.svg import FONT
from disparity.vocabulary.text import legal_text

INK, SOFT, WARNING = "#222222", "#50575E", "#B10E1E"
EDGE = 20  # pixels around
SCALE = 1.5  # pixels of a PNG for each of the drawing: sharp in a document, and half the bytes of 2


@dataclass(frozen=True)
class Line:
    """A paragraph of a picture: its size in pixels, weight, colour and the mean width of a letter in sizes."""

    text: str
    size: int
    weight: str = "normal"
    colour: str = INK
    letter: float = 0.52


def make_picture(svg: str, *, headline: str, subtitle: str, source: str, marking: str = "") -> str:
    """Set a drawing under its words, as an SVG file that stands alone.

    Args:
        marking: who may not see it, above all else.

    Raises:
        ValueError: the drawing's outermost element has no size.
    """
    head = re.match(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)" viewBox="([-\d. ]+)"[^>]*>', svg)
    if not head:
        raise ValueError("the drawing has an unexpected outermost element")
    wide, high = float(head[1]), float(head[2])
    width = wide + 2 * EDGE
    lines = [Line(marking, 13, "bold", WARNING)] if marking else []
    lines += [Line(headline, 18, "bold", letter=0.58), Line(subtitle, 13, colour=SOFT)]
    above, top = _set(lines, width=wide, top=float(EDGE))
    below, bottom = _set([Line(source, 11, colour=SOFT)], width=wide, top=top + high + EDGE / 2)
    # The drawing is a picture within: its own coordinates start anew.
    drawing = (
        f'<svg x="{EDGE}" y="{top:g}" width="{wide:g}" height="{high:g}" viewBox="{head[3]}" font-family="{FONT}">'
        f"{svg[head.end() :]}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width:g}" height="{bottom:g}" '
        f'viewBox="0 0 {width:g} {bottom:g}"><title>{_text(headline)}</title><desc>{_text(f"{subtitle}. {source}")}'
        f'</desc><rect width="100%" height="100%" fill="#ffffff"/>{above}{drawing}{below}</svg>\n'
    )


def _set(lines: list[Line], *, width: float, top: float) -> tuple[str, float]:
    """Break paragraphs into lines as wide as the drawing; what they are, and where they end."""
    parts = []
    for line in lines:
        for row in textwrap.wrap(line.text, max(12, int(width / (line.letter * line.size)))):
            top += line.size * 1.3
            parts.append(
                f'<text x="{EDGE}" y="{top - 0.3 * line.size:g}" font-family="{FONT}" font-size="{line.size}" '
                f'font-weight="{line.weight}" fill="{line.colour}">{_text(row)}</text>'
            )
        top += 6
    return "".join(parts), top + 6


def _text(text: str) -> str:
    return escape(legal_text(text))


def paint(picture: str) -> bytes:
    """Turn an SVG picture into a PNG; the same picture gives the same bytes."""
    return bytes(start_engine().svg_to_png(picture, scale=SCALE))
