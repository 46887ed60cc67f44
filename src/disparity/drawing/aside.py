"""Charts drawn while the pages are still being made, in processes of their own, and kept between builds."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from loky import ProcessPoolExecutor

from disparity.drawing.picture import make_picture, paint
from disparity.drawing.svg import Drawing, Sketch, draw
from disparity.identity import hash_code

KEPT = (".svg", ".json", ".png")  # the drawing, what it is made interactive from, the picture


class Order(NamedTuple):
    """A chart to draw, and the words that go with it as a file of its own."""

    sketch: Sketch
    headline: str
    subtitle: str
    source: str


class Drawn(NamedTuple):
    """A chart for its page, and as files of its own: SVG and PNG."""

    drawing: Drawing
    picture: str
    png: bytes


def draw_order(order: Order) -> Drawn:
    """Draw a chart as everything that it is published as."""
    drawing = draw(order.sketch)
    picture = _frame(order, drawing)
    return Drawn(drawing, picture, paint(picture))


def _frame(order: Order, drawing: Drawing) -> str:
    return make_picture(drawing.svg, headline=order.headline, subtitle=order.subtitle, source=order.source)


@contextmanager
def draw_aside(folder: Path | None, *, is_large: bool) -> Iterator[Callable[[Order], Callable[[], Drawn]]]:
    """Draw what is handed in, and give what waits for it.

    Args:
        folder: keeps the drawings; those that this run did not ask for are dropped at its end. None keeps nothing.
        is_large: there is enough to draw that it pays to start other processes, on all cores but one.
    """
    asked: set[str] = set()
    workers = (os.cpu_count() or 1) - 1 if is_large else 0
    # Processes that know nothing of this one: any script may build a site.
    executor = ProcessPoolExecutor(workers) if workers else None

    def hand_in(order: Order) -> Callable[[], Drawn]:
        name = _name(order)
        asked.add(name)
        kept = _recall(folder / name, order) if folder else None
        if kept:
            return lambda: kept
        if not executor:
            return lambda: _keep(draw_order(order), folder, name)
        future: Future[Drawn] = executor.submit(draw_order, order)
        return lambda: _keep(future.result(), folder, name)

    try:
        yield hand_in
    finally:
        if executor:
            executor.shutdown(kill_workers=True)
    if folder and folder.is_dir():
        for path in folder.iterdir():
            if path.suffix in KEPT and path.stem not in asked:
                path.unlink()


def _name(order: Order) -> str:
    """Tell a drawing by all that it is made of: the same name is the same picture."""
    made_of = [hash_code("vl-convert-python"), order.sketch.name, order.sketch.spec, *order[1:]]
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()


def _recall(path: Path, order: Order) -> Drawn | None:
    """The drawing as it was kept; none where a part of it is missing."""
    try:
        svg, vega = (path.with_suffix(kind).read_text(encoding="utf-8") for kind in KEPT[:2])
        png = path.with_suffix(KEPT[2]).read_bytes()
    except (OSError, UnicodeDecodeError):
        return None
    drawing = Drawing(svg, vega)
    return Drawn(drawing, _frame(order, drawing), png)


def _keep(drawn: Drawn, folder: Path | None, name: str) -> Drawn:
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.with_suffix(KEPT[0]).write_text(drawn.drawing.svg, encoding="utf-8", newline="\n")
        path.with_suffix(KEPT[1]).write_text(drawn.drawing.vega, encoding="utf-8", newline="\n")
        path.with_suffix(KEPT[2]).write_bytes(drawn.png)
    return drawn
