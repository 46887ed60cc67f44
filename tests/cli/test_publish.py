"""`disparity publish` and the day: it is compared with today, and nothing of the site is taken from the clock."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from disparity.cli import build as drafting
from disparity.cli import publish as publishing
from disparity.disclosure.attack import ProtectedCounts
from disparity.disclosure.ledger import Entry, add_edition
from disparity.disclosure.protect import BASE
from disparity.project.paths import LEDGER
from disparity.tables import next_edition
from disparity.vocabulary.codes import ALL
from support.plan import cells_of

Run = Callable[..., tuple[int, str, str]]
TODAY = date(2031, 6, 13)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, bool]]:
    """What `publish` was asked for, on a day; nothing is built."""
    calls: list[dict[str, bool]] = []

    def publish(_settings: object, *, is_anew: bool, is_list_anew: bool, progress: object) -> SimpleNamespace:
        del progress
        calls.append({"is_anew": is_anew, "is_list_anew": is_list_anew})
        return SimpleNamespace(folder=tmp_path, pages=0, caveats=(), absent=(), checks="")

    monkeypatch.setattr(publishing, "publish", publish)
    monkeypatch.setattr(publishing, "date", SimpleNamespace(today=lambda: TODAY))
    return calls


def write(folder: Path, day: date) -> None:
    text = f'records = ["records"]\nfrom = "2030-04"\nto = "2031-03"\nedition = "Fifth"\npublished = {day}\n'
    (folder / "disparity.toml").write_text(text, encoding="utf-8")


def test_a_day_to_come_is_refused_unless_the_edition_is_made_ahead(
    run: Run, tmp_path: Path, asked: list[dict[str, bool]]
) -> None:
    write(tmp_path, TODAY + timedelta(days=1))
    code, out, err = run("publish")
    assert (code, out, asked) == (2, "", [])
    assert "the day of publication is still to come (E172)" in err
    assert "found:    2031-06-14, and today is 2031-06-13" in err
    assert run("publish", "--ahead")[0] == 0
    write(tmp_path, TODAY)
    assert run("publish", "--no-previous")[0] == 0
    assert [each["is_list_anew"] for each in asked] == [False, True]


def test_a_site_written_elsewhere_has_the_ledger_of_the_project(run: Run, tmp_path: Path) -> None:
    """`--out` once took another ledger along, an empty one: a second edition was then the first."""
    write(tmp_path, TODAY)
    cells = cells_of((ALL, ALL, "searches", 400))
    add_edition(tmp_path / LEDGER, ProtectedCounts(cells, BASE), title="Fourth", published=date(2030, 6, 13))
    code, _, err = run("publish", "--ahead", "--out", "elsewhere/site")
    assert code == 2
    assert "editions were published that this one would not list (E174)" in err
    assert "Fourth (year ending March 2023)" in err
    assert "Fourth" in run("ledger")[1]


def test_a_draft_says_which_published_editions_it_does_not_list(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    months = {"period_from": date(2029, 4, 1), "period_to": date(2030, 3, 1), "cells": 1}
    entry = Entry(edition="a", id="urn:a", title="Fourth", published=None, withdrawn="", was_public=True, **months)  # type: ignore[arg-type]
    monkeypatch.setattr(next_edition, "list_ledger", lambda _path: [entry])
    site = SimpleNamespace(
        folder=tmp_path, pages=0, caveats=(), absent=("Areas", "Grounds"), checks="What the checks found"
    )
    monkeypatch.setattr(drafting, "build", lambda *_settings, **_given: site)
    write(tmp_path, TODAY)
    code, out, err = run("build")
    assert code == 0
    assert "Published, and not listed by this draft: Fourth (year ending March 2030)." in err
    assert "Not made, as there is nothing to show: Areas, Grounds (docs/pages.md)." in out
    assert "What the checks found" in out
