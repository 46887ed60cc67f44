"""Every fact of a published table stands in its schema, and what is written of the tables says the same."""

import dataclasses
import json
import zipfile
from datetime import date

import polars as pl
import pytest

from disparity.project.settings import make_settings
from disparity.site.intruder import tables as intruder
from disparity.site.intruder.published import Published
from disparity.tables import datapackage
from disparity.tables.schema.printing import empty_table, to_csv
from disparity.tables.schema.table import (
    FLAG,
    MONTH,
    NO_COUNTS,
    NUMBER,
    OWN_RULE,
    PROTECTED_COUNTS,
    REMADE,
    TEXT,
    WHOLE,
    WITHHELD,
    Column,
)
from disparity.tables.schema.tables import BY_NAME, TABLES
from disparity.tables.schema.units import IN_HEADERS
from disparity.tables.spreadsheet import sheets

SETTINGS = make_settings({"records": ["r"], "from": "2019-04", "to": "2020-03"}, where="a test")
# What keeps each table of a restricted publication, written out here as well: a slip in the schema would open both the
# build and the intruder.
PROTECTIONS = {
    PROTECTED_COUNTS: {"cells"},
    REMADE: {"estimates", "comparisons", "sensitivity", "tipping", "reasons", "monthly", "breakdowns", "calibration"},
    OWN_RULE: {"grounds"},
    NO_COUNTS: {
        *("disclosure", "population", "submissions", "decisions", "inputs", "revisions", "changes", "priorities"),
        *("actions", "disparities", "statement", "quality", "checks", "clusters", "doubts", "nearest", "events"),
    },
    WITHHELD: {
        *("areas", "age_rates", "benchmarks", "peers", "pooled", "control", "quarterly", "years", "labels", "official"),
        *("deprivation", "neighbourhoods", "effects", "history", "offences"),
        *("children", "children_comparisons", "children_official"),
    },
}
KEPT = {
    "submissions": {"month", "months", "force", "area_code", "source", "status"},
    "decisions": {"stage", "force", "area_code", "action", "reason"},
    "checks": {"table", "severity", "expectation", "column", "is_met", "force", "area_code", "why", "what_now"},
    "doubts": {"force", "area_code", "period_from", "period_to", "doubt", "meaning"},
    "nearest": {"force", "area_code", "place", "nearest_force", "distance", "is_near", "ethnic_group"},
    "inputs": {"role", "source", "file", "sha256", "bytes"},
}
VALUES = {TEXT: "a", WHOLE: 1, NUMBER: 0.5, MONTH: date(2019, 4, 1), FLAG: True}


def one_row(table):
    """A frame of one row, every cell filled."""
    row = {column.name: VALUES[column.kind] for column in table.columns}
    return pl.DataFrame([row], schema=empty_table(table).schema)


def describe(folder, table):
    """What the data package says of a table."""
    for each in datapackage.TABLES:
        (folder / each.file).write_text("", encoding="utf-8")
    described = json.loads(datapackage.describe_package(SETTINGS, [], folder))
    return next(resource for resource in described["resources"] if resource["name"] == table.name)


def read_sheets(folder):
    """The spreadsheet of tables of one row each, as its text."""
    path = folder / "made.ods"
    path.write_bytes(sheets.write_spreadsheet(SETTINGS, {table.name: one_row(table) for table in sheets.TABLES}))
    with zipfile.ZipFile(path) as archive:
        return archive.read("content.xml").decode("utf-8")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_number_has_a_unit_and_nothing_else_has_one(table):
    for column in table.columns:
        assert bool(column.unit) == column.is_numeric, column.name
        assert set(column.constraints) <= {"minimum", "maximum", "pattern"}, column.name


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_facts_of_a_table_are_whole(table):
    names = {column.name for column in table.columns}
    assert table.title
    assert table.key
    assert set(table.left_open) <= names
    assert table.protection in PROTECTIONS
    assert not table.kept or table.protection == NO_COUNTS
    assert not table.csv_only or table.csv_only.startswith("it ")


def test_a_restricted_publication_fills_what_is_written_out_here_and_no_more():
    for protection, names in PROTECTIONS.items():
        assert {table.name for table in TABLES if table.protection == protection} == names, protection
    for table in TABLES:
        every = {column.name for column in table.columns}
        kept = KEPT.get(table.name, every) if table.protection == NO_COUNTS else set()
        assert set(table.left_open) == kept, table.name


def test_a_table_is_withheld_from_a_restricted_publication_unless_it_says_otherwise():
    made = dataclasses.replace(BY_NAME["areas"], name="made")
    assert (made.protection, made.left_open) == (WITHHELD, ())


@pytest.mark.parametrize("name", [*sorted(PROTECTIONS[WITHHELD]), *KEPT])
def test_the_intruder_finds_every_cell_that_the_schema_does_not_leave_open(name):
    row = {column.name: "1" for column in BY_NAME[name].columns}
    blank = {table.name: [] for table in TABLES}
    left = {column: text if column in BY_NAME[name].left_open else "" for column, text in row.items()}
    found, none = (
        intruder._find_left_over(Published(None, blank | {name: [each]}))
        for each in (row, left if name in KEPT else dict.fromkeys(row, ""))
    )
    assert [weakness.place for weakness in found] == [f"data/{name}.csv row 1"]
    assert none == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_data_package_says_what_the_schema_says(table, tmp_path):
    described = describe(tmp_path, table)
    assert (described["title"], described["path"]) == (table.title, table.file)
    assert described["schema"].get("primaryKey") == (list(table.key) if table.is_key_primary else None)
    for field, column in zip(described["schema"]["fields"], table.columns, strict=True):
        assert (field["name"], field["type"]) == (column.name, column.kind)
        assert field["description"] == column.description
        is_required = table.is_key_primary and column.name in table.key
        assert field.get("constraints", {}) == dict(column.constraints) | ({"required": True} if is_required else {})


def test_the_spreadsheet_has_a_sheet_of_every_table_that_the_schema_gives_one(tmp_path):
    content = read_sheets(tmp_path)
    for table in TABLES:
        assert (f'table:name="{table.name.capitalize()}"' in content) == (not table.csv_only), table.name
        assert not table.csv_only or f"Only as CSV: {table.csv_only}" in content
        for column in table.columns if not table.csv_only else ():
            name = column.name.replace("_", " ")
            header = f"{name[0].upper()}{name[1:]}" + (f" ({column.unit})" if column.unit in IN_HEADERS else "")
            assert f"<text:p>{header}</text:p>" in content, (table.name, column.name)


def test_a_column_added_to_a_table_is_in_its_csv_the_data_package_and_the_spreadsheet(monkeypatch, tmp_path):
    added = Column("added_searches", WHOLE, "searches that a test adds", "searches", {"minimum": 0})
    table = BY_NAME["population"]
    longer = dataclasses.replace(table, columns=(*table.columns, added))
    for module in (datapackage, sheets):
        monkeypatch.setattr(module, "TABLES", tuple(longer if each is table else each for each in TABLES))
    assert to_csv(one_row(longer), longer).splitlines()[0].endswith(",added_searches")
    field = describe(tmp_path, longer)["schema"]["fields"][-1]
    assert field == {
        **{"name": "added_searches", "type": "integer", "description": "searches that a test adds"},
        "constraints": {"minimum": 0},
    }
    content = read_sheets(tmp_path)
    assert "<text:p>Added searches (searches)</text:p>" in content
    assert "<text:p>Searches that a test adds</text:p>" in content
