"""Charts drawn from their specifications: SVG for the page, SVG and PNG as files of their own.

It loads nothing but the renderer: processes that draw aside start fast.
"""

from disparity.drawing.aside import Drawn, Order, draw_aside, draw_order
from disparity.drawing.picture import make_picture, paint
from disparity.drawing.svg import FONT, Drawing, Sketch, draw, draw_vega

__all__ = [
    "FONT",
    "Drawing",
    "Drawn",
    "Order",
    "Sketch",
    "draw",
    "draw_aside",
    "draw_order",
    "draw_vega",
    "make_picture",
    "paint",
]
