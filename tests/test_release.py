"""A release: the same bytes whoever builds it, whole on a machine without an index, and cited as what it is."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

import disparity
from release import bundle, distributions, offline

ROOT = Path(__file__).parents[1]
LOCK = bundle.LOCK.read_text(encoding="utf-8")


def names_for(platform: str, python: str) -> set[str]:
    chosen = bundle.choose(LOCK, bundle.describe_machine(platform, python))
    return {Requirement(entry.partition(" \\")[0]).name.lower() for entry in chosen}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return distributions.build(ROOT, tmp_path_factory.mktemp("dist"))


@pytest.mark.slow
def test_wheel_and_source_are_the_same_bytes_built_elsewhere_at_another_time(built, tmp_path):
    (sdist,) = (path for path in built if path.name.endswith(".tar.gz"))
    distributions.compare(built, distributions.build_again(sdist, tmp_path, age=40_000_000, umask=0o077))
    for path in built:
        distributions.check(path)


def test_a_build_that_differs_in_one_byte_is_told(tmp_path):
    for folder, content in (("one", b"a"), ("other", b"b")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.whl").write_bytes(content)
    with pytest.raises(distributions.ReleaseError, match="not the same bytes"):
        distributions.compare([tmp_path / "one" / "x.whl"], [tmp_path / "other" / "x.whl"])


def test_a_bundle_has_what_its_own_machine_needs():
    windows, linux = names_for("windows", "3.12"), names_for("linux", "3.12")
    assert windows - linux == {"colorama"}
    assert linux - windows == set()
    assert not {"pyodide", "httpx2-jsfetch"} & windows
    assert "typing-extensions" in linux


@pytest.mark.parametrize("platform", list(bundle.PLATFORMS))
def test_each_package_of_a_bundle_is_there_once_in_a_version_of_the_lock_with_its_hashes(platform):
    for python in ("3.11", "3.12", "3.13", "3.14"):
        entries = list(bundle.choose(LOCK, bundle.describe_machine(platform, python)))
        assert len(entries) == len(names_for(platform, python)) > 50
        for entry in entries:
            first, *hashes = entry.split(" \\\n")
            assert re.search(rf"^{re.escape(first)}\b", LOCK, re.MULTILINE)
            assert hashes
            assert all(line.strip().startswith("--hash=sha256:") for line in hashes)


@pytest.mark.slow
def test_a_bundle_installs_without_an_index_and_what_was_changed_is_refused(built, tmp_path):
    (wheel,) = (path for path in built if path.suffix == ".whl")
    bundle.bundle(wheel, tmp_path / "bundle")
    commands = offline.install(tmp_path / "bundle", tmp_path / "environment")
    assert offline.run(commands, "--version", cwd=tmp_path) == f"disparity, version {disparity.__version__}\n"
    assert "Now run: disparity build" in offline.run(commands, "init", "--example", "mine", cwd=tmp_path)
    assert offline.run(commands, "doctor", cwd=tmp_path / "mine").endswith("Nothing to fix.\n")

    offline.write_bill(commands, tmp_path / "bill.json")
    bill = json.loads((tmp_path / "bill.json").read_text(encoding="utf-8"))
    held = {part["name"].lower().replace("_", "-").replace(".", "-") for part in bill["components"]}
    asked = {
        line.split("==")[0].replace(".", "-")
        for line in (tmp_path / "bundle" / "requirements.txt").read_text().split("\n")
        if "==" in line
    }
    assert held == {name.lower().replace("_", "-") for name in asked} - {"stop-search-disparity"}
    assert all(part["licenses"] for part in bill["components"])
    assert bill["metadata"]["component"]["version"] == disparity.__version__
    assert str(tmp_path) not in (tmp_path / "bill.json").read_text(encoding="utf-8")

    carried = tmp_path / "bundle" / "packages" / wheel.name
    carried.write_bytes(carried.read_bytes() + b"\0")
    with pytest.raises(subprocess.CalledProcessError):
        offline.install(tmp_path / "bundle", tmp_path / "refused")


def test_it_is_cited_and_archived_as_the_version_and_under_the_licence_that_it_has():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    archived = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    assert citation["version"] == disparity.__version__
    assert {citation["license"], archived["license"]} == {"MIT"}
    assert project["license"] == "MIT AND OGL-UK-3.0"
    assert citation["title"] == archived["title"]
    assert citation["authors"] == archived["creators"] == project["authors"] == [{"name": "The disparity authors"}]
    assert {"cff-version", "message", "title", "authors"} <= set(citation)


def test_every_dependency_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    assert len(asked) > 30
    assert [line for line in asked if not re.search(rf'"{re.escape(line)}", +# \S', text)] == []


def test_the_container_is_made_of_what_the_wheel_target_leaves():
    told = (ROOT / "Containerfile").read_text(encoding="utf-8")
    assert "dist/requirements-run.lock dist/stop_search_disparity-*.whl" in told
    assert (ROOT / ".containerignore").read_text(encoding="utf-8") == "*\n!dist\n"
    assert "--require-hashes" in told
    assert re.search(r"^USER (?!root)\w+$", told, re.MULTILINE)


WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def lint(*paths: Path) -> subprocess.CompletedProcess[str]:
    """Lint workflows as strictly as the linter can, asking nobody."""
    command = [str(Path(sys.executable).parent / "zizmor"), "--offline", "--persona=pedantic", *map(str, paths)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_workflows_pass_their_linter_and_one_that_should_not_is_told(tmp_path):
    assert len(WORKFLOWS) == 2
    linted = lint(ROOT / ".github")
    assert linted.returncode == 0, linted.stdout
    loose = WORKFLOWS[0].read_text(encoding="utf-8").replace("permissions: {}", "permissions: write-all")
    (tmp_path / "loose.yml").write_text(loose, encoding="utf-8")
    assert "excessive-permissions" in lint(tmp_path / "loose.yml").stdout


def test_wheels_are_tried_on_every_python_that_the_package_names_before_they_are_published():
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))["jobs"]
    matrix = jobs["try"]["strategy"]["matrix"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {line.rpartition(" ")[2] for line in project["classifiers"] if re.search(r":: 3\.\d+$", line)}
    assert named == {*matrix["python"]}
    assert {system.partition("-")[0] for system in matrix["system"]} == {"ubuntu", "macos", "windows"}
    assert (jobs["publish"]["needs"], jobs["attest"]["needs"], jobs["try"]["needs"]) == ("attest", "try", "build")
    publishing = [name for name, job in jobs.items() if "pypi-publish" in str(job)]
    assert publishing == ["publish"]
    assert jobs["publish"]["if"] == "github.ref_type == 'tag'"
    assert "password" not in str(jobs)


def test_what_workflows_make_is_there_to_be_made():
    made = re.findall(r"make ([\w-]+)", "".join(path.read_text(encoding="utf-8") for path in WORKFLOWS))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert made
    assert [target for target in made if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


SCRIPTS = {"bash": "_disparity_completion", "zsh": "_disparity_completion", "fish": "_disparity_completion"}
SCRIPTS |= {"powershell": "Register-ArgumentCompleter"}


@pytest.mark.parametrize("shell", list(SCRIPTS))
def test_every_shell_of_the_manual_completes_commands(shell, tmp_path):
    section = (
        (ROOT / "docs" / "install.md").read_text(encoding="utf-8").partition("## Completion")[2].partition("\n## ")[0]
    )
    assert {*re.findall(r"(\w+)_source", section)} == {*SCRIPTS}
    asked = {"COMP_WORDS": "disparity pub", "COMP_CWORD": "pub" if shell == "fish" else "1"}
    command = [str(Path(sys.executable).parent / "disparity")]
    for what, expected in (("source", SCRIPTS[shell]), ("complete", "publish")):
        environment = os.environ | asked | {"_DISPARITY_COMPLETE": f"{shell}_{what}"}
        said = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        ).stdout
        assert expected in said
