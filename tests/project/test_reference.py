"""Every key of the project file, from its model: the page to read and the schema that editors complete from."""

import json
import tomllib
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from pydantic import BaseModel, Field

from disparity.project import reference
from disparity.project.defaults import example_path
from disparity.project.reference import SCHEMA_FILE, make_schema, write_reference, write_schema
from disparity.project.settings import Settings
from disparity.project.starter import PROJECT_FILE, TEMPLATE, write_project
from support import example

NEEDED = {"records": ["records"], "from": "2019-04", "to": "2020-03"}
SCHEMA = make_schema()


def models(schema):
    """Every table of the schema: its name, and its keys."""
    yield "the file", schema["properties"]
    for name, table in schema["definitions"].items():
        yield name, table["properties"]


def as_json(given):
    """As an editor sees it: a day is its text."""
    return json.loads(json.dumps(given, default=lambda day: day.isoformat() if isinstance(day, date) else str(day)))


def is_right(given) -> bool:
    return jsonschema.Draft7Validator(SCHEMA).is_valid(as_json(given))


@pytest.mark.parametrize(("path", "write"), [(SCHEMA_FILE, write_schema), ("docs/project-file.md", write_reference)])
def test_what_is_generated_is_what_the_model_gives(path, write):
    assert (example.ROOT / path).read_text(encoding="utf-8") == write(), "run `make reference`"


def test_every_key_says_what_it_is():
    assert not [
        (name, key) for name, keys in models(SCHEMA) for key, each in keys.items() if not each.get("description")
    ]


def test_the_page_and_the_schema_hold_every_key():
    page = write_reference()
    for key in (field.alias or name for name, field in Settings.model_fields.items() if not field.exclude):
        assert key in SCHEMA["properties"]
        assert f"| `{key}` |" in page or f"`[{key}]`" in page or f"`[[{key}]]`" in page


def test_every_page_that_is_named_is_there():
    for name in {word.rstrip(")") for word in write_reference().split("](")[1:] for word in [word.split(")")[0]]}:
        assert (example.ROOT / "docs" / name).is_file(), name


def test_the_schema_is_one_that_editors_of_toml_read():
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert '"null"' not in write_schema()
    assert "$defs" not in write_schema()


def test_the_example_and_the_file_that_init_writes_are_right_by_the_schema():
    whole = TEMPLATE.split("# A force's own extract (CSV")[0]
    tables = whole.replace("\n# [", "\n[")
    keys = "\n".join(
        line.removeprefix("# ") if " = " in line and line[:2] == "# " else line for line in tables.splitlines()
    )
    for text in (example_path(PROJECT_FILE).read_text(encoding="utf-8"), TEMPLATE, keys):
        assert text.startswith(f"#:schema ./{SCHEMA_FILE}\n")
        jsonschema.Draft7Validator(SCHEMA).validate(as_json(tomllib.loads(text)))
    assert len(tomllib.loads(keys)) > len(tomllib.loads(TEMPLATE)) + 10


def test_the_schema_that_the_file_of_init_names_lies_beside_it(tmp_path):
    write_project(tmp_path)
    assert (tmp_path / SCHEMA_FILE).read_text(encoding="utf-8") == write_schema()


@pytest.mark.parametrize(
    "given",
    [
        {"forces": "all"},
        {"forces": ["kent"]},
        {"published": date(2026, 6, 18)},
        {"next_edition": "summer 2027"},
        {"from": "2019-04-01"},
        {"disclosure": {"profile": "restricted"}},
        {"extracts": [{"file": "a.csv", "force": "kent", "columns": {"searched_at": "When"}}]},
    ],
)
def test_what_the_model_takes_the_schema_takes(given):
    Settings.model_validate(NEEDED | given)
    assert is_right(NEEDED | given)


@pytest.mark.parametrize(
    "given",
    [
        {"forse": ["kent"]},
        {"forces": "kent"},
        {"from": "April 2019"},
        {"from": "2019-13"},
        {"disclosure": {"profile": "half"}},
        {"disclosure": {"profil": "open"}},
        {"encoding": "utf-16"},
        {"extracts": [{"file": "a.csv", "force": "kent", "columns": {"When": "searched_at"}}]},
        {"priorities": [{"force": "kent", "name": "n", "from": "2024-04", "source": "s", "search_types": ["knives"]}]},
        {"recording_changes": [{"force": "kent", "month": "2024-04", "what": "w", "measures": ["find_rat"]}]},
    ],
)
def test_what_the_schema_calls_wrong_the_model_refuses(given):
    with pytest.raises(ValueError, match=r".+"):
        Settings.model_validate(NEEDED | given)
    assert not is_right(NEEDED | given)


class Colours(BaseModel, extra="forbid"):
    """A table in a table."""

    ink: str | None = Field(None, description="Of text, light | dark.")


class Brand(BaseModel, extra="forbid"):
    """A table that no code of the reference knows."""

    logo: Path | None = Field(None, description="A picture.")
    colours: Colours | None = Field(None, description="Of pages.")


class Newer(Settings, extra="forbid"):
    """A model of tomorrow."""

    brand: Brand | None = Field(None, description="How it looks.")
    files: Path | list[Path] = Field([], description="One or many.")


def test_a_new_key_is_in_the_page_without_another_line(monkeypatch):
    monkeypatch.setattr(reference, "Settings", Newer)
    page = write_reference()
    assert "\n## `[brand]`\nHow it looks.\n" in page
    assert "\n### `[brand.colours]`\nOf pages.\n" in page
    assert "| `ink` | text |  | Of text, light \\| dark. |" in page
    assert "| `files` | path or list of paths |  | One or many. |" in page
