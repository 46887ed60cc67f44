"""A build that dies, or that the machine fails, leaves the old site or the new one, and the next build succeeds."""

import random
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from disparity.project.manifest import MANIFEST_FILE, write_manifest
from disparity.site.folder import _swap, lock_site
from disparity.vocabulary.errors import RequestError
from support import example
from support.builders import monthly_text, write_monthly

# Counts what a build does to files beside and in the site, and kills itself at the step it is told.
DIE_AT = """
import atexit, os, signal, sys
left, exchange = int(sys.argv.pop(1)), 0
home = os.path.join(os.getcwd(), "out", "")
steps = {"open", "os.mkdir", "os.rename", "os.rmdir", "os.remove", "os.chmod", "shutil.rmtree", "ctypes.dlsym"}
def count(event, args):
    global left, exchange
    of_site = event == "ctypes.dlsym" and args[1] == "renameat2" or str(args[0]).startswith(home)
    if event in steps and of_site:
        left -= 1
        exchange = -left if event == "ctypes.dlsym" else exchange
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
atexit.register(lambda: print(exchange, -left))
from disparity.cli.main import main
main()
"""
SEED, KILLS = 20_190_401, 2


def build(home: Path, *, die_at: int = 0) -> subprocess.Popen[str]:
    """Start a build of home/records into home/out/site."""
    command = [sys.executable, "-c", DIE_AT, str(die_at), "build", "records", "--out", str(home / "out" / "site")]
    return subprocess.Popen(command, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def write_records(home: Path, rows: int) -> None:
    write_monthly(home / "records", monthly_text([{}] * rows))


@cache
def old_and_new() -> tuple[dict[str, bytes], dict[str, bytes], int, int]:
    """The site before and after the records grew; the step of the second build that exchanges them, and its last."""
    home = example.scratch() / "faults"
    sites, steps = [], [0, 0]
    for rows in (30, 40):
        write_records(home, rows)
        out, error = (process := build(home)).communicate(timeout=300)
        assert process.returncode == 0, error
        sites.append(example.read_files(home / "out" / "site"))
        steps = [int(step) for step in out.splitlines()[-1].split()]
    assert sites[0] != sites[1]
    return sites[0], sites[1], *steps


def moments() -> Iterator[int]:
    """Steps to die at: some by a seed, just before the exchange, and just after it."""
    *_, exchange, steps = old_and_new()
    yield from random.Random(SEED).sample(range(1, steps), KILLS)  # noqa: S311  the same every time
    yield from (exchange, exchange + 1)


def place_site(home: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = home / "out" / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows cannot kill so")
def test_a_build_killed_at_any_moment_leaves_the_old_site_or_the_new_one_and_the_next_succeeds(tmp_path: Path) -> None:
    old, new, exchange, steps = old_and_new()
    assert 30 < exchange < steps
    left_behind = []
    for place, moment in enumerate(moments()):
        home = tmp_path / str(place)
        place_site(home, old)
        write_records(home, 40)
        process = build(home, die_at=moment)
        process.communicate(timeout=300)
        assert process.returncode == -signal.SIGKILL
        found = example.read_files(home / "out" / "site")
        assert found in (old, new), f"step {moment} of {steps}"
        left_behind.append(home)
    last = left_behind[-1]
    assert build(last).communicate(timeout=300)[1] == ""
    assert example.read_files(last / "out" / "site") == new
    assert [path.name for path in (last / "out").iterdir()] == ["site"]


OF_THIS_TOOL = '{"name": "stop-and-search-disparity", "title": "a site"}'
# A build's last step alone, killed just before it exchanges the folders.
SWAP = """
import os, pathlib, signal, sys
from disparity.site import folder
def kill(event, args):
    if event == "ctypes.dlsym" and args[1] == "renameat2":
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(kill)
folder._swap(pathlib.Path(".site.disparity-abc/site"), pathlib.Path("site"))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows cannot kill so")
def test_an_exchange_of_sites_that_is_killed_leaves_the_old_one_and_the_next_build_clears_up(tmp_path: Path) -> None:
    for folder, text in ((".site.disparity-abc/site", "new"), ("site", "old")):
        (tmp_path / folder / "data").mkdir(parents=True)
        (tmp_path / folder / "data" / "datapackage.json").write_text(OF_THIS_TOOL.replace("a site", text))
        write_manifest(tmp_path / folder)
    killed = subprocess.run([sys.executable, "-c", SWAP], cwd=tmp_path, check=False)
    assert killed.returncode == -signal.SIGKILL
    with lock_site(tmp_path / "site"):
        pass
    left = example.read_files(tmp_path)
    assert set(left) == {"site/data/datapackage.json", f"site/{MANIFEST_FILE}"}
    assert b'"old"' in left["site/data/datapackage.json"]


def test_what_a_killed_build_left_is_cleared_away_and_a_site_it_had_moved_is_put_back(tmp_path: Path) -> None:
    """On a system that cannot exchange folders the old one is away for a moment; the next build finds it."""
    moved = tmp_path / ".site.disparity-abc" / "site" / "data"
    moved.mkdir(parents=True)
    (moved / "datapackage.json").write_text('{"name": "stop-and-search-disparity"}')
    (tmp_path / ".site.disparity-def").mkdir()
    (tmp_path / ".site-of-mine").mkdir()
    with lock_site(tmp_path / "site"):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == [".site-of-mine", "site"]
    assert (tmp_path / "site" / "data" / "datapackage.json").is_file()


def test_where_folders_cannot_be_exchanged_they_are_renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    for name, text in (("aside", "new"), ("site", "old")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").write_text(text)
    _swap(tmp_path / "aside", tmp_path / "site")
    assert example.read_files(tmp_path) == {"site/x": b"new"}


@pytest.mark.slow
def test_a_disk_that_takes_no_more_is_named_and_leaves_the_old_site(tmp_path: Path) -> None:
    """The system's own limit on the size of a file is the full disk: the error comes from a real write."""
    old, *_ = old_and_new()
    place_site(tmp_path, old)
    write_records(tmp_path, 40)
    command = [sys.executable, "-c", example.COMMAND, "build", "records", "--out", "out/site"]
    limit = (8_192, 8_192)
    process = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )
    assert process.returncode == RequestError.exit_code
    assert process.stderr.startswith("the site cannot be written\n  where:    out/site\n  found:    File too large\n")
    assert "Traceback" not in process.stderr
    assert example.read_files(tmp_path / "out") == {f"site/{name}": content for name, content in old.items()}
