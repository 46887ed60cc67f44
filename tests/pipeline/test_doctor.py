"""What the doctor finds of a machine and a project, and what it says to fix."""

import os
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from disparity import __version__
from disparity.pipeline import doctor
from disparity.pipeline.doctor import examine, measure_memory

PROJECT = 'from = "2023-04"\nto = "2023-04"\nrecords = ["records"]\n'


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project in which nothing is wrong, and the folder one stands in."""
    (tmp_path / "records").mkdir()
    (tmp_path / "disparity.toml").write_text(PROJECT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "disparity.toml"


def add(project: Path, text: str) -> None:
    project.write_text(project.read_text(encoding="utf-8") + text, encoding="utf-8")


def look(project: Path, *, is_asked_for: bool = False) -> dict[str, str]:
    return {fact.name: fact.value for fact in examine(project, is_asked_for=is_asked_for)}


def fixes(project: Path, *, is_asked_for: bool = False) -> list[str]:
    return [fact.fix for fact in examine(project, is_asked_for=is_asked_for) if fact.fix]


def test_a_sound_project_on_a_sound_machine_has_nothing_to_fix(project):
    assert fixes(project) == []


def test_versions_encodings_fonts_machine_project_and_paths_are_said(project):
    topics = [fact.topic for fact in examine(project, is_asked_for=False)]
    assert list(dict.fromkeys(topics)) == ["versions", "encoding", "drawing", "machine", "project", "paths"]
    found = look(project)
    assert (found["disparity"], found["polars"]) == (__version__, metadata.version("polars"))
    assert (found["fonts"], found["understood"], found["names of files"]) == ("its own", "yes", "utf-8")
    assert found["named in the project file"] == "1, 1 there"
    assert int(found["cores"]) >= 1
    assert found["out"].startswith(f"{doctor._hide_home(str(project.parent / 'site'))}, can be written")


def test_no_home_folder_is_named(project, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: project.parent)
    (project.parent / "records").rmdir()
    said = "".join(fact.value + fact.fix for fact in examine(project, is_asked_for=False))
    assert str(project.parent) not in said
    assert f"~{os.sep}records" in said


def test_a_folder_without_a_project_is_no_fault_and_one_that_was_named_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert fixes(Path("disparity.toml")) == []
    assert fixes(Path("mine.toml"), is_asked_for=True) == ["there is no mine.toml: check the path"]


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        (
            'forse = ["kent"]\n',
            "the publication cannot be understood: forse: no such key (line 4), ",
        ),
        ("title = \n", "the project file is not TOML: "),
        ('population = "people.csv"\n', "population names "),
        ('[areas]\nfile = "areas.geojson"\nname = "n"\n', "areas.file names "),
        ('reports = "templates"\n', "reports names "),
    ],
)
def test_what_is_wrong_with_a_project_is_said(project, line, fix):
    add(project, line)
    (said,) = fixes(project)
    assert said.startswith(fix)


def test_a_project_file_with_a_tail_of_powershell_is_named(project):
    project.write_bytes(project.read_bytes() + 'out = "x"\r\n'.encode("utf-16-le"))
    (said,) = fixes(project)
    assert "UTF-16, as `>>` of Windows PowerShell writes it" in said


def test_a_pattern_of_files_is_there_where_one_file_is(tmp_path):
    assert not doctor._is_there(tmp_path / "extracts" / "*.csv")
    (tmp_path / "extracts").mkdir()
    assert not doctor._is_there(tmp_path / "extracts" / "*.csv")
    (tmp_path / "extracts" / "a.csv").touch()
    assert doctor._is_there(tmp_path / "extracts" / "*.csv")
    assert doctor._is_there(tmp_path / "*" / "a.csv")


def test_folders_that_cannot_be_written_are_named_and_nothing_is_left_where_they_can(project, monkeypatch):
    add(project, 'reuse = "kept"\n')
    before = sorted(project.parent.iterdir())
    assert fixes(project) == []
    assert sorted(project.parent.iterdir()) == before

    def refuse(**_where: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", refuse)
    said = fixes(project)
    assert len(said) == 3  # the temporary folder, out and reuse
    assert all("cannot be written to (Permission denied): name another folder" in each for each in said)


def test_a_file_where_a_folder_is_wanted_is_named(project):
    (project.parent / "site").write_text("mine")
    (said,) = fixes(project)
    assert "is a file, and a folder is wanted" in said


def test_a_full_disk_is_named(project, monkeypatch):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _place: SimpleNamespace(free=20_000_000))
    assert any("nearly full: 20 MB are left" in each for each in fixes(project))


def test_a_library_that_is_missing_is_named(project, monkeypatch):
    real = metadata.version

    def miss(name: str) -> str:
        if name == "scipy":
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(doctor.metadata, "version", miss)
    (said,) = fixes(project)
    assert said.startswith("scipy is not installed: install disparity again")


def test_a_library_that_cannot_be_loaded_is_no_traceback(project, monkeypatch):
    def fail(_name: str) -> None:
        raise ImportError("DLL load failed while importing polars")

    monkeypatch.setattr(doctor, "import_module", fail)
    (said,) = fixes(project)
    assert said.startswith("a library cannot be loaded (ImportError)")


def test_the_other_project_of_our_name_is_named(project, monkeypatch):
    cameras = SimpleNamespace(json={"summary": "Stereo cameras"})
    real = metadata.version
    monkeypatch.setattr(doctor.metadata, "metadata", lambda _name: cameras)
    monkeypatch.setattr(doctor.metadata, "version", lambda name: "0.0.5" if name == "disparity" else real(name))
    (said,) = fixes(project)
    assert said.startswith("`pip uninstall disparity`, then install disparity again")


def test_letters_that_are_not_drawn_are_named(project, monkeypatch):
    monkeypatch.setattr(doctor, "start_engine", lambda: SimpleNamespace(svg_to_png=lambda _svg: b"white"))
    assert fixes(project) == ["charts would have no letters: install disparity again, with its lock (README.md)"]


def test_an_engine_that_does_not_start_is_named(project, monkeypatch):
    def fail() -> None:
        raise OSError("no such library")

    monkeypatch.setattr(doctor, "start_engine", fail)
    (said,) = fixes(project)
    assert said.startswith("charts cannot be drawn")


def test_no_browser_is_no_fault_and_one_that_is_set_and_not_there_is(project, monkeypatch):
    monkeypatch.setattr("disparity.site.printing.shutil.which", lambda _name: None)
    monkeypatch.delenv("DISPARITY_CHROMIUM", raising=False)
    assert fixes(project) == []
    assert look(project)["browser"].startswith("none: `disparity pack` writes pages and no PDF")
    monkeypatch.setenv("DISPARITY_CHROMIUM", "/nowhere/chrome")
    assert fixes(project) == ["correct DISPARITY_CHROMIUM: there is no such program"]


def test_names_of_files_in_another_encoding_are_named(project, monkeypatch):
    monkeypatch.setattr(doctor.sys, "getfilesystemencoding", lambda: "mbcs")
    (said,) = fixes(project)
    assert "PYTHONUTF8=1" in said


def test_little_memory_is_named(project, monkeypatch):
    assert measure_memory() > 100_000_000
    monkeypatch.setattr(doctor, "measure_memory", lambda: 400_000_000)
    (said,) = fixes(project)
    assert said.startswith("there is little memory")
