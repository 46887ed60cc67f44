"""A project: written by `init`, kept by its owner, built from wherever one stands."""

import shutil
import tomllib

import pytest

from disparity.pipeline.build import build
from disparity.project.defaults import default_folder
from disparity.project.reference import SCHEMA_FILE
from disparity.project.settings import Settings, read_settings
from disparity.project.starter import PROJECT_FILE, TEMPLATE, write_example, write_project
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


def test_init_writes_the_project_file_and_copies_of_what_can_be_changed(tmp_path):
    written = write_project(tmp_path / "deep" / "project")
    assert [path.name for path in written] == [PROJECT_FILE, SCHEMA_FILE, "expectations", "reports"]
    for name in ("expectations", "reports"):
        assert example.read_files(tmp_path / "deep" / "project" / name) == example.read_files(default_folder(name))


def test_the_example_is_the_publication_of_this_checkout_with_everything_filled_in(tmp_path):
    written = write_example(tmp_path / "example")
    assert [path.name for path in written] == [PROJECT_FILE, SCHEMA_FILE, "Makefile", "data", "expectations", "reports"]
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


def test_the_project_file_that_init_writes_can_be_read_and_names_its_own_folders(tmp_path):
    write_project(tmp_path)
    settings = read_settings(tmp_path / PROJECT_FILE)
    assert settings.records == [tmp_path / "records"]
    assert settings.out == tmp_path / "site"
    assert settings.folder("expectations") == tmp_path / "expectations"
    assert settings.folder("reports") == tmp_path / "reports"
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


@pytest.mark.parametrize("held", [PROJECT_FILE, SCHEMA_FILE, "expectations", "reports"])
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


def test_a_new_project_with_records_builds_with_its_own_templates_from_another_folder(tmp_path, monkeypatch):
    write_project(tmp_path / "project")
    shutil.copytree(example.RECORDS / "2023-04", tmp_path / "project" / "records" / "2023-04")
    shutil.copy(example.POPULATION, tmp_path / "project" / "people.csv")
    (tmp_path / "project" / PROJECT_FILE).write_text(TINY)
    index = tmp_path / "project" / "reports" / "overview.html"
    index.write_text(index.read_text(encoding="utf-8").replace("<h1>", "<h1>Ours: "), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    site = build(read_settings(tmp_path / "project" / PROJECT_FILE))
    assert site.folder == tmp_path / "project" / "public"
    assert example.read_pages(site.folder)["index.html"].findtext(".//h1") == "Ours: Stop and search: Mereside"
    assert sorted(path.name for path in (site.folder / "static").iterdir()) == sorted(STATIC)
    rates = {row["ethnic_group"]: row["population"] for row in example.read_table(site.folder, "population")}
    assert rates["Black"] == "11329"
