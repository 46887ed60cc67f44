"""The wheel carries everything that a build needs: nothing asks for the repository."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import disparity

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("folder", ["expectations", "reports"])
def test_the_wheel_holds_the_default_expectations_templates_and_scripts(names, folder):
    held = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}
    assert len(held) >= 3
    assert {f"disparity/defaults/{name}" for name in held} <= names


def test_the_wheel_holds_every_reference_table(names):
    tables = {
        path.name
        for path in (ROOT / "src" / "disparity" / "vocabulary" / "reference").iterdir()
        if path.suffix in {".csv", ".parquet"}
    }
    assert len(tables) > 8
    assert {f"disparity/vocabulary/reference/{name}" for name in tables} <= names


def test_the_wheel_holds_the_whole_example_and_no_other_records(names):
    example = "disparity/defaults/example"
    held = {path.relative_to(ROOT).as_posix() for path in (ROOT / "data").rglob("*") if path.is_file()}
    assert {f"{example}/{name}" for name in {*held, "disparity.toml"}} <= names
    records = {name for name in names if name.endswith("-stop-and-search.csv")}
    assert {name for name in records if not name.startswith(f"{example}/data/synthetic/")} == set()


def test_the_wheel_holds_no_tests(names):
    assert not [name for name in names if name.startswith("tests/")]


def test_the_distribution_has_a_name_of_its_own_and_the_command_keeps_its():
    """`disparity` on the package index is somebody else's."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (project["name"], list(project["scripts"])) == ("stop-search-disparity", ["disparity"])


def test_the_wheel_is_named_after_the_distribution_and_has_the_version_of_the_package(names):
    assert f"stop_search_disparity-{disparity.__version__}.dist-info/METADATA" in names


TOLD = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "GLOSSARY.md",
    "Makefile",
    "pyproject.toml",
    ".ci",
    "docs",
    "src",
)
TEXTS = {".md", ".py", ".toml", ".html", ".yml", ".yaml", ".ipynb", ".json", ".js", ".txt", ""}
BARE = re.compile(
    r"\b(pip3?|pipx|uv tool|uv pip|uvx?)\s+(install|run|add|download|wheel)\b"
    r"[^\n`]*?(?<![\w/.-])['\"]?disparity\b(?![/_.-])"
)


def test_nothing_says_to_install_the_other_disparity():
    found = {}
    for name in (*TOLD, "reports", "benchmarks"):
        path = ROOT / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and file.suffix in TEXTS and (match := BARE.search(file.read_text(encoding="utf-8"))):
                found[file.relative_to(ROOT).as_posix()] = match[0]
    assert found == {}


@pytest.mark.parametrize(
    "line",
    [
        "pip install disparity",
        "pip install 'disparity[cluster]'",
        "pip install --upgrade disparity==0.1",
        "pipx install disparity",
        "uv tool install disparity",
        "pip install numpy disparity",
    ],
)
def test_a_bare_name_would_be_seen(line):
    assert BARE.search(line)


def read_lock(name):
    """The packages of a lock, and their versions."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return set(re.findall(r"^([\w.-]+)(?:\[\w+\])?==(\S+)", text, re.MULTILINE))


def test_what_an_analyst_installs_is_what_was_tested_without_the_test_tools():
    run, tested = read_lock("requirements-run.lock"), read_lock("requirements.lock")
    assert run < tested
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked, tools = (
        {re.match(r"[\w-]+", line)[0].lower() for line in lines}
        for lines in (project["project"]["dependencies"], project["dependency-groups"]["dev"])
    )
    held = {name.lower() for name, _ in run}
    assert asked <= held
    assert held & (tools - asked) <= {"jsonschema"}  # Altair's own
    assert len(held) < 60


# As a stranger has it: the wheel's own files, no checkout, a folder elsewhere.
STRANGER = """
import sys
import disparity
assert disparity.__file__.startswith(sys.argv[1]), disparity.__file__
sys.argv[1:] = sys.argv[2:]
from disparity.cli.main import main
main()
"""


@pytest.mark.slow
def test_a_stranger_starts_a_project_and_builds_it_from_the_wheel_alone(wheel, tmp_path):
    installed, folder = tmp_path / "installed", tmp_path / "work"
    folder.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)

    def run(*arguments, cwd=folder):
        command = [sys.executable, "-c", STRANGER, str(installed), *arguments]
        environment = os.environ | {"PYTHONPATH": str(installed)}
        ran = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, (arguments, ran.stderr)
        return ran.stdout

    assert run("--version") == f"disparity, version {disparity.__version__}\n"
    assert "Now run: disparity build" in run("init", "--example", "mine")
    assert run("schema") == (folder / "mine" / "disparity.schema.json").read_text(encoding="utf-8")
    assert run("doctor", cwd=folder / "mine").endswith("Nothing to fix.\n")
    assert "index.html" in run("build", cwd=folder / "mine")
    assert str(ROOT) not in "".join(
        path.read_text(encoding="utf-8") for path in (folder / "mine" / "site").rglob("*.html")
    )
