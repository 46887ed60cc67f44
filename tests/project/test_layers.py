"""A project's own files are laid over the package's one by one; what it did not change follows the toolkit."""

import json
import shutil
from pathlib import Path

import pytest

from disparity import __version__
from disparity.project.layers import copy_one, digest, lay, list_behind, list_shipped, read_file
from disparity.vocabulary.errors import RequestError

FIRST = Path(__file__).parent / "version_0_1"


def own(tmp_path: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_project_holds_only_what_it_changed(tmp_path: Path) -> None:
    folder = own(tmp_path, {"findings.html": "Ours", "static/style.css": "a {}", "notes.md": "mine"})
    files = lay("reports", folder)
    assert set(files) == set(list_shipped("reports"))
    assert {name for name, path in files.items() if folder in path.parents} == {"findings.html", "static/style.css"}


@pytest.mark.parametrize("key", ["reports", "expectations"])
def test_copies_of_version_0_1_that_nobody_changed_follow_the_toolkit(key: str) -> None:
    assert len(list((FIRST / key).rglob("*.*"))) >= 3
    assert lay(key, FIRST / key) == list_shipped(key)


def test_so_does_what_its_last_days_copied() -> None:
    """Of the days before everything was laid over, one template was not known: such a project built no site."""
    folder = FIRST / "last_day" / "reports"
    assert [path.name for path in folder.iterdir()] == ["base.html"]
    assert lay("reports", folder) == list_shipped("reports")


def test_a_script_on_one_line_is_read_as_fast_as_any_other(tmp_path: Path) -> None:
    """Version 0.1 copied a library of half a million letters: each build of such a project took minutes to begin."""
    folder = own(tmp_path, {"static/vega_csp.js": "x" * 500_000})
    assert lay("reports", folder)["static/vega_csp.js"] == folder / "static" / "vega_csp.js"


def test_a_changed_copy_of_version_0_1_is_the_projects_own(tmp_path: Path) -> None:
    shutil.copytree(FIRST / "reports", tmp_path / "reports")
    method = tmp_path / "reports" / "method.html"
    method.write_text(method.read_text(encoding="utf-8") + "Ours", encoding="utf-8")
    files = lay("reports", tmp_path / "reports")
    assert files["method.html"] == method
    (said,) = list_behind("reports", tmp_path / "reports")
    assert said.startswith(f"{method}: the toolkit's own may have changed since it was copied")


@pytest.mark.parametrize("name", ["index.html", "annual_statement.html"])
def test_a_changed_template_that_the_toolkit_has_no_more_is_let_be_and_told(tmp_path: Path, name: str) -> None:
    own(tmp_path, {name: "Ours"})
    (said,) = list_behind("reports", tmp_path)
    assert said.startswith(f"{tmp_path / name}: the toolkit has no such file any more, and nothing is made from this")
    own(tmp_path, {"findings.html": f'{{% include "{name}" %}}'})
    assert [line for line in list_behind("reports", tmp_path) if line.startswith(str(tmp_path / name))] == []


def test_a_copy_that_git_gave_other_line_ends_is_no_change(tmp_path: Path) -> None:
    for name in ("base.html", "overview.html"):
        text = (FIRST / "reports" / name).read_text(encoding="utf-8")
        (tmp_path / name).write_bytes(text.replace("\n", "\r\n").encode())
    assert lay("reports", tmp_path) == list_shipped("reports")


@pytest.mark.parametrize(
    "name", ["findings.html", "static/style.css", "static/icon.svg", "static/site.js", "labels.json"]
)
def test_a_copy_says_which_version_it_is_of_and_is_the_projects_own_once_changed(tmp_path: Path, name: str) -> None:
    key = "expectations" if name.endswith(".json") else "reports"
    path = copy_one(name, tmp_path, {})
    assert path == tmp_path / key / name
    assert f"copied from disparity {__version__}, sha256 " in read_file(path)
    assert lay(key, tmp_path / key) == list_shipped(key)
    changed = read_file(path).replace("labels", "label") if key == "expectations" else f"{read_file(path)} "
    path.write_text(changed, encoding="utf-8")
    assert lay(key, tmp_path / key)[name] == path
    assert list_behind(key, tmp_path / key) == []
    path.write_text(changed.replace(digest(name, read_file(list_shipped(key)[name])), "0" * 64), encoding="utf-8")
    assert list_behind(key, tmp_path / key)[0].startswith(f"{path}: the toolkit's own may have changed since disparity")


@pytest.mark.parametrize(
    "asked", ["base.html", "base", "reports/base.html", "control", "methods/control.html", "style.css", "years.json"]
)
def test_a_template_is_found_by_any_of_its_names(tmp_path: Path, asked: str) -> None:
    assert copy_one(asked, tmp_path, {"reports": Path("pages")}).is_file()


def test_nothing_is_copied_over_and_a_slip_of_the_pen_is_named(tmp_path: Path) -> None:
    copy_one("base.html", tmp_path, {})
    with pytest.raises(RequestError, match="the project has its own already"):
        copy_one("base.html", tmp_path, {})
    with pytest.raises(RequestError, match="no template, style or suite of this name") as caught:
        copy_one("findngs.html", tmp_path, {})
    assert caught.value.what_now == "did you mean 'findings.html'?"
    with pytest.raises(RequestError, match="no template"):
        copy_one("../../etc/passwd", tmp_path, {})


@pytest.mark.parametrize(
    ("key", "name", "near"),
    [
        ("reports", "findngs.html", "findings.html"),
        ("reports", "static/styles.css", "static/style.css"),
        ("reports", "methods/controls.html", "methods/control.html"),
        ("expectations", "submission.json", "submissions.json"),
    ],
)
def test_a_misspelt_file_is_named_with_its_path_and_what_it_should_be_called(
    tmp_path: Path, key: str, name: str, near: str
) -> None:
    folder = own(tmp_path, {name: "{}"})
    with pytest.raises(RequestError, match="no page and no check is made from a file") as caught:
        lay(key, folder)
    assert caught.value.where == str(folder / name)
    assert near in caught.value.what_now


def test_a_part_that_a_template_of_the_projects_own_takes_in_is_none_too_many(tmp_path: Path) -> None:
    folder = own(tmp_path, {"findings.html": '{% include "our-words.html" %}', "our-words.html": "Words"})
    assert lay("reports", folder)["our-words.html"] == folder / "our-words.html"


@pytest.mark.parametrize("there", ["nothing", "a file"])
def test_a_folder_that_is_not_there_is_named(tmp_path: Path, there: str) -> None:
    if there == "a file":
        (tmp_path / "reports").write_text("")
    with pytest.raises(RequestError, match="the folder of the project's own reports is not there") as caught:
        lay("reports", tmp_path / "reports")
    assert (caught.value.where, caught.value.found) == (str(tmp_path / "reports"), there)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "base.html").write_bytes(b"\xff\xfe<")
    with pytest.raises(RequestError, match="cannot be read") as caught:
        lay("reports", tmp_path)
    assert caught.value.where == str(tmp_path / "base.html")


def test_a_suite_of_the_projects_own_takes_the_place_of_one(tmp_path: Path) -> None:
    folder = own(tmp_path, {"labels.json": json.dumps({"name": "labels", "expectations": []})})
    files = lay("expectations", folder)
    assert files["labels.json"] == folder / "labels.json"
    assert files["submissions.json"] == list_shipped("expectations")["submissions.json"]
