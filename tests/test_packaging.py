"""The wheel carries everything that a build needs: nothing asks for the repository."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("folder", ["expectations", "reports"])
def test_the_wheel_holds_the_default_expectations_templates_and_scripts(names, folder):
    held = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}
    assert len(held) >= 3
    assert {f"disparity/defaults/{name}" for name in held} <= names


def test_the_wheel_holds_every_reference_table(names):
    tables = {path.name for path in (ROOT / "src" / "disparity" / "vocabulary" / "reference").glob("*.csv")}
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
