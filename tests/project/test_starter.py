"""A project: written by `init`, kept by its owner, built from wherever one stands."""

import shutil
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from disparity.pipeline.build import build
from disparity.project.reference import SCHEMA_FILE
from disparity.project.settings import Settings, read_settings
from disparity.project.starter import (
    PROJECT_FILE,
    TEMPLATE,
    copy_templates,
    list_missing_keys,
    write_example,
    write_project,
)
from disparity.site.pages import findings
from disparity.site.templates import load_templates, render
from disparity.site.writing import STATIC
from disparity.vocabulary.errors import RequestError
from support import example

TINY = """
title = "Two months"
from = "2023-04"
to = "2023-04"
records = ["records"]
forces = ["mereside"]
population = "people.csv"
out = "public"
expectations = "expectations"
reports = "reports"
"""


def test_init_writes_the_project_file_and_copies_nothing_that_would_grow_old(tmp_path):
    written = write_project(tmp_path / "deep" / "project")
    assert [path.name for path in written] == [PROJECT_FILE, SCHEMA_FILE]
    assert {path.name for path in (tmp_path / "deep" / "project").iterdir()} == {PROJECT_FILE, SCHEMA_FILE}


def test_a_template_is_copied_to_where_the_project_has_its_own(tmp_path):
    (tmp_path / PROJECT_FILE).write_text('reports = "pages"\n')
    written = copy_templates(tmp_path, ["base.html", "labels.json"])
    assert written == [tmp_path / "pages" / "base.html", tmp_path / "expectations" / "labels.json"]
    assert list_missing_keys(tmp_path, written) == ['expectations = "expectations"']


def test_the_example_is_the_publication_of_this_checkout_with_everything_filled_in(tmp_path):
    written = write_example(tmp_path / "example")
    assert [path.name for path in written] == [PROJECT_FILE, SCHEMA_FILE, "Makefile", "data"]
    own, copied = (read_settings(folder / PROJECT_FILE) for folder in (example.ROOT, tmp_path / "example"))
    for given in ("actions", "extracts", "priorities", "grounds_review", "similar_forces", "recording_changes"):
        assert getattr(copied, given), given
    assert copied.months() == own.months()
    assert all(tmp_path in path.parents for extract in copied.extracts for path in extract.files)


def test_nothing_is_written_over_a_project(tmp_path):
    (tmp_path / "data").mkdir()
    with pytest.raises(RequestError, match="this is a project already"):
        write_example(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_the_project_file_that_init_writes_can_be_read(tmp_path):
    write_project(tmp_path)
    settings = read_settings(tmp_path / PROJECT_FILE)
    assert settings.records == [tmp_path / "records"]
    assert settings.out == tmp_path / "site"
    assert (settings.expectations, settings.reports) == (None, None)
    assert settings.forces == []


def test_the_project_file_explains_every_key_there_is():
    keys = {field.alias or name for name, field in Settings.model_fields.items() if not field.exclude}
    assert not [
        key
        for key in keys
        if f"\n{key} =" not in TEMPLATE
        and f"\n# {key} =" not in TEMPLATE
        and f"# [{key}]" not in TEMPLATE
        and f"# [[{key}]]" not in TEMPLATE
    ]


def test_every_line_that_is_commented_out_is_a_setting_that_works(tmp_path):
    text = TEMPLATE.replace("# population =", "population =").replace("# [names]", "[names]")
    text = text.replace("# fellshire =", "fellshire =").replace("# veil_of", "veil_of")
    (tmp_path / PROJECT_FILE).write_text(text)
    settings = read_settings(tmp_path / PROJECT_FILE)
    assert settings.names == {"fellshire": "Fellshire Police"}
    assert settings.population == tmp_path / "population.csv"
    assert settings.veil_of_darkness
    assert set(tomllib.loads(text)) - set(tomllib.loads(TEMPLATE)) == {"population", "names", "veil_of_darkness"}


@pytest.mark.parametrize("held", [PROJECT_FILE, SCHEMA_FILE])
def test_init_refuses_to_touch_what_is_there_and_writes_nothing_else(tmp_path, held):
    (tmp_path / held).write_text("mine")
    with pytest.raises(RequestError, match="this is a project already") as caught:
        write_project(tmp_path)
    assert caught.value.where == str(tmp_path / held)
    assert example.read_files(tmp_path) == {held: b"mine"}


def test_init_leaves_other_files_of_the_folder_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    write_project(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"


def make_project(home: Path) -> Path:
    """A project of a month of one force."""
    shutil.copytree(example.RECORDS / "2023-04", home / "records" / "2023-04")
    shutil.copy(example.POPULATION, home / "people.csv")
    (home / PROJECT_FILE).write_text(TINY)
    return home / PROJECT_FILE


@pytest.mark.slow
def test_a_project_of_version_0_1_builds_with_its_own_change_and_all_else_of_today(tmp_path, monkeypatch):
    """It copied every template of its time, most of which fit no page of today."""
    project = make_project(tmp_path / "project")
    for folder in ("reports", "expectations"):
        shutil.copytree(Path(__file__).parent / "version_0_1" / folder, project.parent / folder)
    style = project.parent / "reports" / "static" / "style.css"
    style.write_text(style.read_text(encoding="utf-8") + "h1 { color: purple; }\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    site = build(read_settings(project))
    assert site.folder == tmp_path / "project" / "public"
    assert example.read_pages(site.folder)["why.html"].findtext(".//h1")
    assert sorted(path.name for path in (site.folder / "static").iterdir()) == sorted(STATIC)
    assert (site.folder / "static" / "style.css").read_text(encoding="utf-8").endswith("purple; }\n")
    rates = {row["ethnic_group"]: row["population"] for row in example.read_table(site.folder, "population")}
    assert rates["Black"] == "11329"


BROKEN = {
    "a tag that is not closed": ("findings.html", "<h1>\n{% if", ":2", "unexpected 'end of template'"),
    "a word that no page gives": ("findings.html", "\n\n{{ months_of_then }}", ":3", "'months_of_then' is undefined"),
    "a part that is not there": (
        "findings.html",
        '{% include "gone.html" %}',
        ":1",
        "there is no template 'gone.html'",
    ),
    "a sum of a word": ("findings.html", "{{ 1 + 'x' }}", ":1", "unsupported operand"),
    "a way out of the template": ("findings.html", "{{ ''.__class__.__mro__ }}", ":1", "is unsafe"),
    "a way out by a name": ("findings.html", "{{ settings['__class__'].__subclasses__() }}", ":1", "is unsafe"),
    "macros of then": ("macros.html", "{% macro say(sentence) %}{% endmacro %}", "", "its own macros.html"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_template_that_does_not_fit_is_named_with_its_line_and_what_to_do(tmp_path, case):
    name, text, line, found = BROKEN[case]
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / name).write_text(text, encoding="utf-8")
    edition = example.edition()
    settings = edition.settings.model_copy(update={"reports": tmp_path / "reports"})
    edition = replace(edition, settings=settings)
    page = replace(findings.build_page(edition, "fellshire"), path="index.html", force="fellshire")
    with pytest.raises(RequestError, match="a template of the pages cannot be filled") as caught:
        render(load_templates(settings), edition, page, {})
    if name == "findings.html":
        assert caught.value.where == f"{tmp_path / 'reports' / name}{line}"
    assert found in caught.value.found
    assert f"`disparity init --templates {name}`" in caught.value.what_now
