"""The example publication (synthetic records), read, checked and built once for every test that looks at it."""

import atexit
import csv
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import polars as pl
from filelock import FileLock
from lxml import html

from disparity.pipeline.build import check, make_edition
from disparity.pipeline.tabulate import tabulate
from disparity.project.settings import Settings, make_settings, read_settings
from disparity.records.expectations import Validation
from disparity.records.ingest import Ingested, read_records
from disparity.site.pages.page import Edition

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "disparity.toml"
RECORDS = ROOT / "data" / "synthetic" / "police_uk"
POPULATION = ROOT / "data" / "synthetic" / "population.csv"
TRUTH = ROOT / "data" / "synthetic" / "truth.json"
# Names the folder that the processes of one test run share; conftest.py makes and removes it.
SHARED = "DISPARITY_TEST_RUN"
COMMAND = "from disparity.cli.main import main; main()"
# Two machines that agree on nothing but the records.
EAST = {"TZ": "Pacific/Auckland", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1", "POLARS_MAX_THREADS": "1"}
WEST = {
    "TZ": "America/Los_Angeles",
    "LC_ALL": "POSIX",
    "PYTHONHASHSEED": "2",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
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
    with FileLock(home / f"{name}.lock"):
        if not made.exists():
            folder.mkdir()
            make(folder)
            made.touch()
    return folder


@cache
def sites() -> tuple[Path, Path]:
    """Two builds of the example, in two processes, environments, working directories and output paths."""
    home = once("example", _build_twice)
    return home / "east" / "site", home / "west" / "a deeper" / "place" / "for it"


def _build_twice(folder: Path) -> None:
    started = []
    for name, settings, out in (("east", EAST, "site"), ("west", WEST, "a deeper/place/for it")):
        home = folder / name
        home.mkdir()
        project = os.path.relpath(PROJECT, home) if name == "east" else str(PROJECT)
        command = [sys.executable, "-c", COMMAND, "build", "--project", project, "--out", out]
        started.append(subprocess.Popen(command, cwd=home, env=os.environ | settings, stdout=subprocess.DEVNULL))
    assert [process.wait(timeout=300) for process in started] == [0, 0]


def site() -> Path:
    """The example's site."""
    return sites()[0]


def settings(**settings: object) -> Settings:
    """The example's publication; what is given here is taken instead."""
    return read_settings(PROJECT, {"out": scratch() / "never-written"} | settings)


def months(first: str, last: str, **settings: object) -> Settings:
    """A publication of some months of the synthetic records."""
    given = {"records": [RECORDS], "population": POPULATION, "out": scratch() / "never-written"}
    return make_settings(given | {"from": first, "to": last} | settings, where="a test")


@cache
def ingested() -> Ingested:
    """The example's counts and audit."""
    return read_records(settings())


@cache
def validation() -> Validation:
    """What `check` says of the example."""
    return check(settings())


@cache
def frames() -> dict[str, pl.DataFrame]:
    """The example's published tables."""
    return tabulate(settings(), ingested(), validation())


@cache
def edition() -> Edition:
    """The example's numbered rows and findings."""
    return make_edition(settings(), ingested().forces, frames())


@cache
def pages() -> dict[str, html.HtmlElement]:
    """The pages of the example's site, parsed, by their path in it."""
    return read_pages(site())


def read_pages(folder: Path) -> dict[str, html.HtmlElement]:
    """Every page of a site, parsed, by its path."""
    paths = sorted(folder.rglob("*.html"))
    return {path.relative_to(folder).as_posix(): html.fromstring(path.read_bytes()) for path in paths}


def read_files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def read_table(folder: Path, name: str) -> list[dict[str, str]]:
    """A published table, every cell text."""
    with (folder / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))
