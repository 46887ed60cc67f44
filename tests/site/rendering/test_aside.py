"""Charts drawn aside: the same bytes wherever they are drawn, kept between builds, never taken from a damaged file."""

import json
import os
from pathlib import Path

import pytest

from disparity.site.rendering.aside import Drawn, Order, draw_aside, draw_order, start_drawer
from disparity.site.rendering.engine import FONT_SETTINGS, start_engine
from disparity.site.rendering.picture import paint
from disparity.site.rendering.svg import Sketch
from disparity.vocabulary.helper_process import ask

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30">{}</svg>'
TEXT = '<text y="20" font-family="{}" font-size="16">Searches</text>'


def order(value: int, *, headline: str = "Three in ten", name: str = "bars") -> Order:
    spec = {"data": {"values": [{"at": value}]}, "mark": "bar", "encoding": {"x": {"field": "at", "type": "ordinal"}}}
    text = json.dumps(spec)
    return Order(Sketch(name, text, text), headline, "Searches", "Invented.", has_png=True)


def draw_all(folder: Path | None, *orders: Order, is_large: bool = False) -> list[Drawn]:
    with draw_aside(folder, is_large=is_large) as hand_in:
        waiting = [hand_in(one) for one in orders]
        return [wait() for wait in waiting]


@pytest.fixture
def drawn(monkeypatch) -> list[Order]:
    """What is drawn, not taken from what is kept."""
    orders: list[Order] = []

    def note(start: object, one: Order) -> Drawn:
        orders.append(one)
        return ask(start, one)

    monkeypatch.setattr("disparity.site.rendering.aside.ask", note)
    return orders


@pytest.mark.slow
def test_other_processes_draw_the_same_bytes():
    orders = [order(value) for value in range(3)]
    here = [draw_order(one) for one in orders]
    assert draw_all(None, *orders) == here
    assert draw_all(None, *orders, is_large=True) == here
    assert len({each.png for each in here}) == 3


def test_a_chart_is_drawn_once_and_kept(tmp_path, drawn):
    first = draw_all(tmp_path, order(1), order(2))
    assert drawn == [order(1), order(2)]
    assert draw_all(tmp_path, order(1), order(2)) == first
    assert draw_all(tmp_path, order(1), order(2), is_large=True) == first
    assert len(drawn) == 2


@pytest.mark.parametrize("changed", [order(2), order(1, headline="Four in ten"), order(1, name="rows")])
def test_whatever_differs_is_drawn_again(tmp_path, drawn, changed):
    draw_all(tmp_path, order(1))
    draw_all(tmp_path, changed)
    assert drawn == [order(1), changed]


def test_what_a_run_does_not_ask_for_is_dropped_and_nothing_else(tmp_path):
    draw_all(tmp_path, order(1), order(2))
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "stray.unfinished").write_text("a build that was killed")
    two = {path.name for path in tmp_path.glob("*.drawn")}
    draw_all(tmp_path, order(2))
    left = {path.name for path in tmp_path.iterdir()}
    assert len(two) == 2
    assert left - {"notes.txt"} < two
    assert "notes.txt" in left


@pytest.mark.parametrize("damage", [lambda kept: kept[:-1], lambda kept: kept.replace(b"svg", b"sv9"), lambda _: b""])
def test_a_damaged_file_is_drawn_again_and_replaced(tmp_path, drawn, damage):
    first = draw_all(tmp_path, order(1))
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert path.read_bytes() != whole
    assert draw_all(tmp_path, order(1)) == first
    assert path.read_bytes() == whole
    assert len(drawn) == 2


def test_a_run_without_a_folder_keeps_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    draw_all(None, order(1))
    assert not list(tmp_path.iterdir())


def test_what_is_wrong_with_a_chart_is_raised_where_it_was_asked_for_and_the_next_is_drawn():
    wrong = order(1)._replace(sketch=Sketch("bars", "{}", '{"mark": "none"}'))
    with pytest.raises(ValueError, match="mark"):
        draw_all(None, wrong)
    assert draw_all(None, order(1)) == [draw_order(order(1))]


def test_a_process_that_was_ended_is_told_and_the_next_chart_has_a_new_one():
    dead = start_drawer()
    dead.kill()
    dead.wait()
    with pytest.raises(ChildProcessError, match="the drawing of the charts was ended from outside"):
        draw_all(None, order(1))
    assert draw_all(None, order(1)) == [draw_order(order(1))]
    assert start_drawer().pid != dead.pid


@pytest.mark.parametrize("before", [None, "/etc/fonts/fonts.conf"])
def test_the_engine_leaves_the_settings_of_fonts_to_others(monkeypatch, before):
    monkeypatch.delenv(FONT_SETTINGS, raising=False)
    if before:
        monkeypatch.setenv(FONT_SETTINGS, before)
    start_engine.cache_clear()
    start_engine()
    assert os.environ.get(FONT_SETTINGS) == before


def test_pictures_hold_the_fonts_that_the_engine_brings_and_none_of_the_machine():
    nothing, brought, machine = (
        paint(PICTURE.format(text)) for text in ("", TEXT.format("Liberation Sans"), TEXT.format("DejaVu Sans"))
    )
    assert brought != nothing
    # DejaVu Sans, where it is installed: a picture would hang on it.
    assert machine == nothing
