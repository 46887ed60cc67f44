"""What docs/data-protection.md says of records: what can reach a network, what is written, and where."""

import ast
import inspect
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import click
import pytest

import disparity
from disparity.cli.commands import commands
from disparity.sources.extract.proposal import propose_mapping
from disparity.synthetic.write import write_synthetic
from disparity.tables.provenance import list_settings
from support import example

PACKAGE = Path(inspect.getfile(disparity)).parent
DOC = (example.ROOT / "docs" / "data-protection.md").read_text(encoding="utf-8")
# Modules that can reach another machine, or be reached from one.
NETWORK = re.compile(
    r"^(socket|ssl|socketserver|ftplib|smtplib|poplib|imaplib|telnetlib|xmlrpc|asyncio|websockets?|aiohttp|requests|urllib3"
    r"|httpx2?|httpcore2?|urllib\.request|http\.client|http\.server|distributed|dask)(\.|$)"
)
ALLOWED = {
    "cli/serve.py": {"http.server"},  # 127.0.0.1 alone: test_serve
    "records/cluster.py": {"distributed", "distributed.Client"},  # `disparity count --cluster ADDRESS`
}
DOWNLOADING = "sources/download"


def list_imports(path: Path) -> set[str]:
    """Every module that a module imports, wherever it does."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@cache
def list_all_imports() -> dict[str, set[str]]:
    return {path.relative_to(PACKAGE).as_posix(): list_imports(path) for path in PACKAGE.rglob("*.py")}


def test_nothing_but_downloads_the_cluster_and_the_preview_imports_what_uses_a_network():
    for name, imported in list_all_imports().items():
        reaching = {module for module in imported if NETWORK.match(module)}
        if not name.startswith(DOWNLOADING):
            assert reaching <= ALLOWED.get(name, set()), name


def test_nothing_but_fetch_downloads():
    home = DOWNLOADING.replace("/", ".")
    using = {
        name
        for name, imported in list_all_imports().items()
        if any(f"disparity.{home}" in module for module in imported)
    }
    assert {name for name in using if not name.startswith(DOWNLOADING)} == {
        *("cli/fetch_open_data.py", "cli/fetch_population.py", "cli/fetch_stops.py")
    }


def test_every_command_is_in_the_table_of_what_is_written():
    assert not [name for name in commands.commands if f"`disparity {name}`" not in DOC]


def test_no_command_is_named_that_is_not_there():
    named = set(re.findall(r"`disparity ([a-z-]+)", DOC))
    assert named <= set(commands.commands)
    assert isinstance(commands, click.Group)


# Python runs it as every process starts: what connects is written down, and does not.
WATCH = """
import os, sys
def watch(event, given):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname"}:
        with open(os.environ["WATCHED"], "a") as file:
            print(event, given[1:], sys.argv, file=file)
        raise OSError("no network in this test")
sys.addaudithook(watch)
with open(os.environ["WATCHED"] + ".on", "a") as file:
    print(os.getpid(), file=file)
"""
RUNS = (
    ("map", "extract/fellshire-extract.csv"),
    ("check",),
    ("doctor",),
    ("sample", "--size", "50"),
    ("publish",),
    ("pack", "--sample", "sample"),
    ("count", "--out", "part"),
    ("export", "--out", "export"),
    ("audit", "site"),
)
WRITTEN = {"site", "disclosure", "sample", "pack", "part", "export"}


def test_the_mapping_is_published_and_the_page_for_data_protection_says_so():
    """Headers and mapped values stand on Provenance, also of a restricted site."""
    given = example.settings().extracts[0]
    printed = dict(list_settings(example.settings()))["extracts"]
    assert all(header in printed for header in given.columns.values())
    assert all(value in printed for values in given.values.values() for value in values)
    told = " ".join(DOC.split())
    assert "The page Provenance of every site prints the settings, a restricted one's too" in told
    assert "Headers that are not mapped are not printed." in told


@pytest.mark.slow
def test_from_an_extract_to_a_site_no_connection_is_made_and_nothing_is_written_elsewhere(tmp_path):
    project, home, temporary, watch = (tmp_path / name for name in ("project", "home", "temporary", "watch"))
    for folder in (home, temporary, watch):
        folder.mkdir()
    write_synthetic(project, seed=5, searches=16_000, forces=1, months=12)
    mapped = propose_mapping(project / "extract" / "fellshire-extract.csv", force="fellshire")
    head = 'from = "2023-04"\nto = "2024-03"\npopulation = "population.csv"\n[names]\nfellshire = "Fellshire Police"\n'
    (project / "disparity.toml").write_text(head + mapped, encoding="utf-8")
    before = {path.name for path in project.iterdir()}
    (watch / "sitecustomize.py").write_text(WATCH)
    places = {"HOME": home, "USERPROFILE": home, "TMPDIR": temporary, "TEMP": temporary, "TMP": temporary}
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "DISPARITY_"))}
    environment |= {name: str(path) for name, path in places.items()}
    environment |= {"PYTHONPATH": str(watch), "WATCHED": str(tmp_path / "watched"), "PATH": ""}  # no browser
    for arguments in RUNS:
        command = [sys.executable, "-c", example.COMMAND, *arguments]
        run = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
        assert run.returncode == 0, (arguments, run.stdout, run.stderr)
    assert len((tmp_path / "watched.on").read_text().splitlines()) > len(RUNS)  # the judge's process among them
    assert not (tmp_path / "watched").exists()
    assert {path.name for path in project.iterdir()} - before == WRITTEN
    assert list(home.iterdir()) == []
    assert not [path for path in temporary.iterdir() if path.suffix != ".lock" or path.stat().st_size]


@pytest.mark.slow
def test_the_watch_sees_a_connection(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "WATCHED": str(tmp_path / "watched")}
    command = [sys.executable, "-c", "import socket; socket.create_connection(('127.0.0.1', 9))"]
    assert subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 1
    assert "socket.getaddrinfo" in (tmp_path / "watched").read_text()
