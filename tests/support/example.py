"""The example publication (synthetic records), read, checked and built once for every test that looks at it."""

import atexit
import csv
import hashlib
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import polars as pl
from filelock import FileLock
from lxml import html

from disparity.pipeline import build
from disparity.pipeline.build import make_edition
from disparity.project.settings import Settings, make_settings, read_settings
from disparity.records.expectations import Validation
from disparity.records.ingest import Ingested
from disparity.site.page import Edition
from support.processor import set_aside, shared

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "disparity.toml"
RECORDS = ROOT / "data" / "synthetic" / "police_uk"
POPULATION = ROOT / "data" / "synthetic" / "population.csv"
TRUTH = ROOT / "data" / "synthetic" / "truth.json"
# Of the results of a check, in their order.
RESULT_COLUMNS = [
    *("table", "severity", "expectation", "column", "is_met"),
    *("checked", "unexpected", "where", "limits", "why", "what_now"),
]
# Names the folder that the processes of one test run share; conftest.py makes and removes it.
SHARED = "DISPARITY_TEST_RUN"
COMMAND = "from disparity.cli.main import main; main()"
# The same, and what the site is made from is kept beside it for the tests.
KEEPING = "from support.example import keep_tables; keep_tables(); " + COMMAND
# Two machines that agree on nothing but the records.
EAST = {"TZ": "Pacific/Auckland", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1", "POLARS_MAX_THREADS": "1"}
WEST = {
    "TZ": "America/Los_Angeles",
    "LC_ALL": "POSIX",
    "PYTHONHASHSEED": "2",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
    "POLARS_MAX_THREADS": "4",
}


@cache
def scratch() -> Path:
    """A folder for this test run, gone at its end."""
    folder = Path(tempfile.mkdtemp(prefix="disparity-example-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def once(name: str, make: Callable[[Path], None]) -> Path:
    """A folder that every process of this test run shares: the first that asks makes it, the others wait."""
    home = Path(os.environ[SHARED])
    folder, made = home / name, home / f"{name}.made"
    with set_aside(), FileLock(home / f"{name}.lock"):
        if not made.exists():
            folder.mkdir()
            make(folder)
            made.touch()
    return folder


@cache
def site() -> Path:
    """The example's site."""
    return _built() / "site"


@cache
def _built() -> Path:
    return once("example", partial(build_in, EAST, PROJECT, command=KEEPING))


def keep_tables() -> None:
    """Let the build of this process leave its counts, checks and tables in its working directory."""
    tabulate = build.tabulate

    def tabulate_and_keep(*made: Any, **given: Any) -> dict[str, pl.DataFrame]:
        frames = tabulate(*made, **given)
        Path("made").write_bytes(pickle.dumps((*made[1:], frames)))
        return frames

    build.tabulate = tabulate_and_keep  # type: ignore[assignment]


@cache
def other_site() -> Path:
    """The same of another process, environment, working directory and output path."""
    return once("example-west", partial(build_in, WEST, PROJECT, out="a deeper/place/for it")) / "a deeper/place/for it"


def build_in(
    machine: dict[str, str], project: Path, folder: Path, *, out: str = "site", command: str = COMMAND
) -> None:
    """Build a project in a process of its own, on one of the two machines."""
    named = os.path.relpath(project, folder) if machine is EAST else str(project)
    line = [sys.executable, "-W", "error::UserWarning", "-c", command, "build", "--project", named, "--out", out]
    given = {"cwd": folder, "env": os.environ | {"PYTHONPATH": str(ROOT / "tests")} | machine, "timeout": 300}
    ended = subprocess.run(line, **given, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def settings(**settings: object) -> Settings:
    """The example's publication; what is given here is taken instead."""
    return read_settings(PROJECT, {"out": scratch() / "never-written"} | settings)


def months(first: str, last: str, **settings: object) -> Settings:
    """A publication of some months of the synthetic records."""
    given = {"records": [RECORDS], "population": POPULATION, "out": scratch() / "never-written"}
    return make_settings(given | {"from": first, "to": last} | settings, where="a test")


@shared
def _tabulated() -> tuple[Ingested, Validation, dict[str, pl.DataFrame]]:
    return pickle.loads((_built() / "made").read_bytes())  # noqa: S301  our own


def ingested() -> Ingested:
    """The example's counts and audit."""
    return _tabulated()[0]


def validation() -> Validation:
    """What `check` says of the example."""
    return _tabulated()[1]


def frames() -> dict[str, pl.DataFrame]:
    """The example's published tables."""
    return _tabulated()[2]


@shared
def edition() -> Edition:
    """The example's numbered rows and findings."""
    return make_edition(settings(), ingested().forces, frames())


@shared
def pages() -> dict[str, html.HtmlElement]:
    """The pages of the example's site, parsed, by their path in it."""
    return read_pages(site())


def read_pages(folder: Path) -> dict[str, html.HtmlElement]:
    """Every page of a site, parsed, by its path; those to be put on pages of others are none of its own."""
    paths = sorted(path for path in folder.rglob("*.html") if path.parent.name != "embed")
    return {path.relative_to(folder).as_posix(): html.fromstring(path.read_bytes()) for path in paths}


def read_files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def hash_file(path: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_table(folder: Path, name: str) -> list[dict[str, str]]:
    """A published table, every cell text."""
    with (folder / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))
