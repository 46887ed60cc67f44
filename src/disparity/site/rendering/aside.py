"""Charts drawn while the pages are still being made, in processes of their own, and kept between builds."""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import NamedTuple

from loky import ProcessPoolExecutor, cpu_count

from disparity.site.rendering.picture import make_picture, paint
from disparity.site.rendering.svg import Drawing, Sketch, draw
from disparity.vocabulary.code_hash import hash_code

MOST_WORKERS = 8  # each holds a script engine, 150 MB
# Whose change may change a picture, beside what the chart's own specification says.
DRAWN_BY = ("site/rendering/*.py", "site/rendering/*.conf", "vocabulary/text.py")
KEPT, UNFINISHED = ".drawn", ".unfinished"


class Order(NamedTuple):
    """A chart to draw, and the words that go with it as a file of its own."""

    sketch: Sketch
    headline: str
    subtitle: str
    source: str
    marking: str = ""  # who may not see it
    has_png: bool = False


class Drawn(NamedTuple):
    """A chart for its page, and as files of its own: SVG, and PNG where that is asked for."""

    drawing: Drawing
    picture: str
    png: bytes = b""


def draw_order(order: Order) -> Drawn:
    """Draw a chart as everything that it is published as."""
    drawing = draw(order.sketch)
    picture = _frame(order, drawing)
    return Drawn(drawing, picture, paint(picture) if order.has_png else b"")


def _frame(order: Order, drawing: Drawing) -> str:
    words = {"headline": order.headline, "subtitle": order.subtitle, "source": order.source}
    return make_picture(drawing.wide, **words, marking=order.marking)


@contextmanager
def draw_aside(folder: Path | None, *, is_large: bool) -> Iterator[Callable[[Order], Callable[[], Drawn]]]:
    """Draw what is handed in, and give what waits for it.

    Args:
        folder: keeps the drawings; those that this run did not ask for are dropped at its end. None keeps nothing.
        is_large: there is enough to draw that it pays to start other processes.
    """
    asked: set[str] = set()
    # Processes that know nothing of this one: any script may build a site.
    executor = ProcessPoolExecutor(min(cpu_count(), MOST_WORKERS)) if is_large else None

    def hand_in(order: Order) -> Callable[[], Drawn]:
        path = folder / f"{_name(order)}{KEPT}" if folder else None
        kept = _recall(path, order) if path else None
        if path:
            asked.add(path.name)
        if kept:
            return lambda: kept
        if not executor:
            return lambda: _keep(draw_order(order), path)
        future: Future[Drawn] = executor.submit(draw_order, order)
        return lambda: _keep(future.result(), path)

    try:
        yield hand_in
    finally:
        if executor:
            executor.shutdown(kill_workers=True)
    if folder and folder.is_dir():
        for path in folder.iterdir():
            if path.suffix in {KEPT, UNFINISHED} and path.name not in asked:
                path.unlink()


def _name(order: Order) -> str:
    """Identify a drawing by all that it is made of: the same name is the same picture."""
    made_of = [hash_code("vl-convert-python", *DRAWN_BY), *astuple(order.sketch), *order[1:]]
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()


def _recall(path: Path, order: Order) -> Drawn | None:
    """The drawing as it was kept; none where there is none, or it is damaged."""
    try:
        told, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if told != _hash(content):
        return None
    wide, narrow, png = json.loads(content)
    drawing = Drawing(wide, narrow)
    return Drawn(drawing, _frame(order, drawing), b64decode(png))


def _keep(drawn: Drawn, path: Path | None) -> Drawn:
    """Keep the drawing under its hash, whole or not at all: a build may be killed at any moment."""
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        content = json.dumps([*astuple(drawn.drawing), b64encode(drawn.png).decode()]).encode()
        unfinished = path.with_suffix(UNFINISHED)
        unfinished.write_bytes(_hash(content) + b"\n" + content)
        unfinished.replace(path)
    return drawn


def _hash(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
