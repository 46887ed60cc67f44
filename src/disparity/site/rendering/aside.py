"""Charts drawn while the pages are still being made, in processes of their own, and kept between builds."""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import astuple
from errno import ECHILD
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from loky import ProcessPoolExecutor, cpu_count

from disparity.site.rendering.picture import make_picture, paint
from disparity.site.rendering.svg import Drawing, Sketch, draw
from disparity.vocabulary.code_hash import hash_code
from disparity.vocabulary.helper_process import answer_all, ask, start_process

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


@cache
def start_drawer() -> Any:
    """Start the process that a few charts are drawn in, unless there is one: it loads while other things are done."""
    return start_process("disparity.site.rendering.aside")


def serve() -> None:
    """In that process: draw what is asked for, until nobody is there to ask."""
    answer_all(_try_to_draw)


def _try_to_draw(order: Order) -> Drawn | Exception:
    try:
        return draw_order(order)
    except Exception as wrong:
        return wrong


def _ask_drawer(order: Order) -> Drawn:
    try:
        drawn: Drawn | Exception = ask(start_drawer, order)
    except (EOFError, BrokenPipeError):
        raise ChildProcessError(ECHILD, "the drawing of the charts was ended from outside") from None
    if isinstance(drawn, Exception):
        raise drawn
    return drawn


def _frame(order: Order, drawing: Drawing) -> str:
    words = {"headline": order.headline, "subtitle": order.subtitle, "source": order.source}
    return make_picture(drawing.wide, **words, marking=order.marking)


@contextmanager
def draw_aside(folder: Path | None, *, is_large: bool) -> Iterator[Callable[[Order], Callable[[], Drawn]]]:
    """Draw what is handed in, and give what waits for it.

    Args:
        folder: keeps the drawings; those that this run did not ask for are dropped at its end. None keeps nothing.
        is_large: there is enough to draw that it pays to start several processes.
    """
    asked: set[str] = set()
    # Processes that know nothing of this one: any script may build a site.
    executor: Executor = ProcessPoolExecutor(min(cpu_count(), MOST_WORKERS)) if is_large else ThreadPoolExecutor(1)

    def hand_in(order: Order) -> Callable[[], Drawn]:
        path = folder / f"{_name(order)}{KEPT}" if folder else None
        kept = _recall(path, order) if path else None
        if path:
            asked.add(path.name)
        if kept:
            return lambda: kept
        future: Future[Drawn] = executor.submit(draw_order if is_large else _ask_drawer, order)
        return lambda: _keep(future.result(), path)

    try:
        yield hand_in
    finally:
        if isinstance(executor, ProcessPoolExecutor):
            executor.shutdown(kill_workers=True)
        else:
            executor.shutdown(cancel_futures=True)
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
