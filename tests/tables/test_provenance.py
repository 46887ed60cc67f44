"""Where the figures are from: files with the hashes that a reader can check, settings without places."""

import hashlib
import sys
from pathlib import Path

import polars as pl
import pytest

from disparity.project.defaults import default_folder
from disparity.tables.provenance import list_inputs, list_settings, list_versions
from support import example


def test_every_file_stands_there_with_the_hash_size_and_rows_it_has() -> None:
    inputs = list_inputs(example.settings(), example.ingested().audit.submissions)
    records = sorted(path for folder in example.settings().records for path in folder.rglob("*-stop-and-search.csv"))
    (extract,) = (path for settings in example.settings().extracts for path in settings.files)
    found = {row["sha256"]: row for row in inputs.filter(pl.col("role") == "records").iter_rows(named=True)}
    assert len(found) == len(records) + 1 > 40
    assert found[_digest(extract)]["rows_read"] == extract.read_text(encoding="utf-8").count("\n") - 1
    for path in records:
        row = found[hashlib.sha256(path.read_bytes()).hexdigest()]
        assert (row["bytes"], row["submissions"]) == (path.stat().st_size, 1)
        assert row["file"].endswith(path.name)
        assert row["rows_read"] == path.read_text(encoding="utf-8").count("\n") - 1
    others = inputs.filter(pl.col("role") != "records").select("role", "source", "file", "sha256").rows()
    suites = sorted(default_folder("expectations").glob("*.json"))
    assert others == [
        ("population", "the publisher's own", "population.csv", _digest(example.POPULATION)),
        ("outlines of areas", "the publisher's own", "areas.geojson", _digest(example.settings().areas.file)),
        ("benchmark", "the publisher's own", "suspects.csv", _digest(example.settings().benchmarks[0].file)),
        ("review of grounds", "the publisher's own", "grounds.csv", _digest(example.settings().review_table)),
        *(("expectations", "the toolkit", path.name, _digest(path)) for path in suites),
    ]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_of_many_months_stands_there_once() -> None:
    months = pl.DataFrame(
        {
            "source": ["Home Office open data tables"] * 2 + [None],
            "source_file": ["tables.ods"] * 2 + [None],
            "sha256": ["ab"] * 2 + [None],
            "bytes": [9] * 2 + [None],
            "rows_read": [3, 4, None],
        }
    )
    records = list_inputs(example.settings(), months).filter(pl.col("role") == "records")
    assert records.select("file", "submissions", "rows_read").rows() == [("tables.ods", 2, 7)]


@pytest.mark.parametrize(("sha256", "expected"), [("ab", [("records", None)]), (None, [])])
def test_what_the_published_submissions_withhold_is_not_told(sha256: str | None, expected: list[object]) -> None:
    withheld = {"source": "The force", "source_file": None, "sha256": sha256, "bytes": None, "rows_read": None}
    submissions = pl.DataFrame([withheld], schema_overrides={"rows_read": pl.Int64, "bytes": pl.Int64})
    inputs = list_inputs(example.settings(), submissions)
    assert inputs.filter(pl.col("role") == "records").select("role", "rows_read").rows() == expected
    # The hash of a table of small counts can be found by trying.
    assert ("review of grounds" in set(inputs["role"])) == bool(expected)


def test_settings_are_printed_as_given_without_where_files_lie_on_this_machine() -> None:
    listed = dict(list_settings(example.settings()))
    assert listed["from"] == '"2023-04-01"'
    assert listed["records"] == '["police_uk", "neighbours"]'
    assert listed["population"] == '"population.csv"'
    assert not {"out", "previous"} & set(listed)
    # A column of an extract may be called Date/Time: that is no place.
    assert not [value for key, value in listed.items() if key != "extracts" and "/" in value]
    assert str(example.ROOT) not in listed["extracts"]


def test_versions_name_python_and_the_toolkit() -> None:
    versions = dict(list_versions())
    assert versions["Python"] == ".".join(map(str, sys.version_info[:3]))
    assert "disparity" in versions
