"""The site folder is the publisher's too: what the tool did not write is kept through every build, or named."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from disparity.project.manifest import MANIFEST_FILE
from disparity.site import carrying, folder
from disparity.site.folder import lock_site, write_aside
from disparity.vocabulary.errors import RequestError
from support import example

PACKAGE = '{"name": "stop-and-search-disparity"}'
THEIRS = {
    "CNAME": b"stops.example.org\n",
    ".git/config": b"[core]\n",
    "2024/thesis.pdf": b"%PDF",
    "data/notes": b"mine",
}


def publish(out: Path, **pages: str) -> None:
    """Build a site of these pages."""
    with lock_site(out), write_aside(out) as aside:
        (aside / "data").mkdir()
        (aside / "data" / "datapackage.json").write_text(PACKAGE)
        for name, text in pages.items():
            (aside / f"{name}.html").write_text(text)


def put(out: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)


def read_theirs(out: Path) -> dict[str, bytes]:
    files = example.read_files(out)
    return {name: content for name, content in files.items() if name in THEIRS}


@pytest.mark.parametrize("exchanges", [True, False])
@pytest.mark.parametrize("links", [True, False])
def test_what_the_publisher_keeps_in_the_folder_is_there_after_every_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchanges: bool, links: bool
) -> None:
    if not exchanges:
        monkeypatch.setattr(folder, "_exchange", lambda *_: False)
    if not links:
        monkeypatch.setattr(os, "link", _refuse)  # a disk without hard links
    out = tmp_path / "site"
    publish(out, index="old", late="old")
    put(out, THEIRS)
    for text in ("new", "newer"):
        publish(out, index=text)
        files = example.read_files(out)
        assert {name for name in files if name not in THEIRS} == {
            *("index.html", "data/datapackage.json", MANIFEST_FILE)
        }
        assert files["index.html"] == text.encode()
        assert read_theirs(out) == THEIRS
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def _refuse(*_: object, **__: object) -> None:
    raise OSError(95, "Operation not supported")


def test_links_empty_folders_modes_and_dates_are_kept_and_nothing_that_a_link_leads_to_is_touched(
    tmp_path: Path,
) -> None:
    out, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    put(elsewhere, {"thesis.txt": b"years"})
    publish(out, index="old")
    put(out, {"locked/only.txt": b"x", "tool.sh": b"#!/bin/sh\n"})
    (out / "empty" / "deeper").mkdir(parents=True)
    (out / "away").symlink_to(elsewhere)
    (out / "nowhere").symlink_to("gone")
    (out / "tool.sh").chmod(0o500)
    (out / "locked" / "only.txt").chmod(0o400)
    (out / "locked").chmod(0o500)
    os.utime(out / "tool.sh", (1, 1))
    publish(out, index="new")
    assert (out / "empty" / "deeper").is_dir()
    assert (out / "away").readlink() == elsewhere
    assert (out / "nowhere").readlink() == Path("gone")
    assert (out / "tool.sh").stat().st_mode & 0o777 == 0o500
    assert (out / "tool.sh").stat().st_mtime == 1
    assert (out / "locked").stat().st_mode & 0o777 == 0o500
    assert (out / "locked" / "only.txt").stat().st_mode & 0o777 == 0o400
    assert example.read_files(elsewhere) == {"thesis.txt": b"years"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere", "site"]


def test_a_folder_that_is_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "site").symlink_to("www")
    for text in ("old", "new"):
        publish(tmp_path / "site", index=text)
    assert (tmp_path / "site").is_symlink()
    assert (tmp_path / "www" / "index.html").read_text() == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site", "www"]


def test_a_page_that_somebody_changed_is_theirs(tmp_path: Path) -> None:
    out = tmp_path / "site"
    publish(out, index="old", late="old")
    (out / "index.html").write_text("by hand")
    before = example.read_files(tmp_path)
    with pytest.raises(RequestError, match="a file that this tool wrote was changed since") as caught:
        publish(out, index="new")
    assert caught.value.found == "index.html"
    assert example.read_files(tmp_path) == before


def test_a_page_that_is_changed_while_the_site_is_built_is_theirs(tmp_path: Path) -> None:
    out = tmp_path / "site"
    publish(out, index="old")

    def change() -> None:
        with lock_site(out), write_aside(out) as aside:
            put(aside, {"index.html": b"new"})
            (out / "index.html").write_text("by hand")

    with pytest.raises(RequestError, match="changed since"):
        change()
    assert example.read_files(out)["index.html"] == b"by hand"


def test_a_file_that_appears_just_before_the_exchange_is_there_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, carry = tmp_path / "site", carrying.carry_over
    publish(out, index="old")
    put(out, {"log": b"1"})

    def carry_and_write(names: list[str], old: Path, new: Path) -> None:
        carry(names, old, new)
        put(old, {"notes/late.txt": b"late", "log.new": b"2"})
        (old / "log.new").replace(old / "log")
        os.utime(old / "log", (2**31, 2**31))

    monkeypatch.setattr(folder, "carry_over", carry_and_write)
    publish(out, index="new")
    assert (out / "notes" / "late.txt").read_bytes() == b"late"
    assert (out / "log").read_bytes() == b"2"


def test_other_line_ends_are_no_change(tmp_path: Path) -> None:
    """Git on Windows writes them when it checks a site out."""
    publish(tmp_path / "site", index="one\ntwo\n")
    (tmp_path / "site" / "index.html").write_bytes(b"one\r\ntwo\r\n")
    publish(tmp_path / "site", index="new")
    assert (tmp_path / "site" / "index.html").read_text() == "new"


def test_a_file_that_was_deleted_is_written_again(tmp_path: Path) -> None:
    publish(tmp_path / "site", index="old")
    (tmp_path / "site" / "index.html").unlink()
    publish(tmp_path / "site", index="new")
    assert (tmp_path / "site" / "index.html").read_text() == "new"


@pytest.mark.parametrize("theirs", ["why.html", "why.html/notes.txt", "data/editions.json"])
def test_a_file_of_theirs_in_the_place_of_ours_is_named_and_kept(tmp_path: Path, theirs: str) -> None:
    out = tmp_path / "site"
    publish(out, index="old")
    put(out, {theirs: b"mine"})
    before = example.read_files(tmp_path)

    def build() -> None:
        with lock_site(out), write_aside(out) as aside:
            put(aside, {"why.html": b"ours", "data/editions.json": b"ours"})

    with pytest.raises(RequestError, match="files of yours where the site has its own") as caught:
        build()
    assert caught.value.found == theirs
    assert example.read_files(tmp_path) == before


def test_a_site_without_a_list_of_its_files_is_refused_with_what_it_holds(tmp_path: Path) -> None:
    """Older versions wrote none."""
    put(tmp_path, {"site/data/datapackage.json": PACKAGE.encode(), "site/index.html": b"old", "site/CNAME": b"x"})
    before = example.read_files(tmp_path)
    with pytest.raises(RequestError, match="has no list of its files") as caught:
        publish(tmp_path / "site", index="new")
    assert caught.value.found == "CNAME, data/, index.html, of which any could be yours"
    assert example.read_files(tmp_path) == before


def test_a_list_of_somebody_else_makes_no_file_ours(tmp_path: Path) -> None:
    text = b"years of work"
    put(tmp_path, {"site/data/datapackage.json": PACKAGE.encode(), "site/thesis.txt": text})
    (tmp_path / "site" / MANIFEST_FILE).write_text(f"{hashlib.sha256(text).hexdigest()}  thesis.txt\n")
    with pytest.raises(RequestError, match="has no list of its files"):
        publish(tmp_path / "site", index="new")
    assert (tmp_path / "site" / "thesis.txt").read_bytes() == text


def test_a_list_that_names_files_elsewhere_touches_none(tmp_path: Path) -> None:
    publish(tmp_path / "site", index="old")
    put(tmp_path, {"thesis.txt": b"mine"})
    with (tmp_path / "site" / MANIFEST_FILE).open("a") as file:
        file.write(f"{hashlib.sha256(b'mine').hexdigest()}  ../thesis.txt\n")
    publish(tmp_path / "site", index="new")
    assert (tmp_path / "thesis.txt").read_bytes() == b"mine"


def test_a_folder_that_waits_for_its_first_site_keeps_its_repository(tmp_path: Path) -> None:
    put(tmp_path, {"site/.git/config": b"[core]\n", "site/CNAME": b"x", "site/README.md": b"#"})
    publish(tmp_path / "site", index="new")
    assert {".git/config", "CNAME", "README.md", "index.html"} <= set(example.read_files(tmp_path / "site"))


def test_the_list_can_be_checked_by_anybody(tmp_path: Path) -> None:
    publish(tmp_path / "site", index="new")
    put(tmp_path / "site", THEIRS)
    command = ["sha256sum", "--check", "--strict", "--quiet", MANIFEST_FILE]
    assert subprocess.run(command, cwd=tmp_path / "site", check=False).returncode == 0


def test_readers_may_read_the_site_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        publish(tmp_path / "site", index="new")
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in [tmp_path / "site", *(tmp_path / "site").rglob("*")]}
    assert modes == {
        **{"site": 0o755, "data": 0o755},
        **dict.fromkeys(("index.html", "datapackage.json", MANIFEST_FILE), 0o644),
    }


# A build that kills itself at the step it is told; prints how many steps there were.
DIE_AT = """
import os, pathlib, signal, sys
home, left = os.getcwd(), int(sys.argv[1])
steps = {"open", "os.mkdir", "os.rename", "os.rmdir", "os.remove", "os.chmod", "os.link", "os.symlink", "shutil.rmtree",
         "os.utime", "os.chown", "ctypes.dlsym"}
def count(event, args):
    global left
    if event in steps and (event == "ctypes.dlsym" or home in str(args[0])):
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
from disparity.site import carrying, folder
if sys.argv[2] == "renames":
    folder._exchange = lambda *_: False
out = pathlib.Path(home, "out", "site")
sys.addaudithook(count)
with folder.lock_site(out), folder.write_aside(out) as aside:
    (aside / "data").mkdir()
    (aside / "data" / "datapackage.json").write_text('{"name": "stop-and-search-disparity"}')
    (aside / "index.html").write_text("new")
print(-left)
"""


def die(home: Path, step: int, way: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-c", DIE_AT, str(step), way]
    return subprocess.run(line, cwd=home, capture_output=True, text=True, check=False)


def prepare(home: Path) -> None:
    publish(home / "out" / "site", index="old", late="old")
    put(home / "out" / "site", THEIRS)
    (home / "out" / "site" / "empty").mkdir()


def sweep(home: Path, way: str, choose: Callable[[int], list[int]]) -> None:
    """Kill a build at some of its steps: the old site or the new one stands, with all that is the publisher's."""
    prepare(home / "whole")
    steps = int(die(home / "whole", 0, way).stdout)
    for step in choose(steps):
        here = home / str(step)
        prepare(here)
        assert die(here, step, way).returncode == -signal.SIGKILL
        if way == "renames":  # away for a moment, until the next build
            with lock_site(here / "out" / "site"):
                pass
        site = here / "out" / "site"
        assert read_theirs(site) == THEIRS, f"step {step} of {steps}"
        assert (site / "empty").is_dir()
        ours = {name: content for name, content in example.read_files(site).items() if name not in THEIRS}
        assert ours["index.html"] == (b"old" if "late.html" in ours else b"new"), f"step {step} of {steps}"
        publish(site, index="newer")
        assert read_theirs(site) == THEIRS
        assert (site / "index.html").read_text() == "newer"
        assert [path.name for path in site.parent.iterdir()] == ["site"]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows cannot kill so")
def test_a_kill_at_some_steps_leaves_the_old_site_or_the_new_one_with_all_that_is_theirs(tmp_path: Path) -> None:
    sweep(tmp_path, "exchange", lambda steps: [steps // 3, steps // 2])


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows cannot kill so")
@pytest.mark.parametrize("way", ["exchange", "renames"])
def test_a_kill_at_every_third_step_leaves_the_old_site_or_the_new_one_with_all_that_is_theirs(
    tmp_path: Path, way: str
) -> None:
    sweep(tmp_path, way, lambda steps: list(range(1, steps + 1, 3)))
