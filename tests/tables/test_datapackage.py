"""What machines read of a publication: the data package, the schema.org Dataset, the citation."""

import hashlib
import json
import re
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from disparity.project.settings import Settings, make_settings
from disparity.tables.datapackage import cite, describe_dataset, describe_package
from disparity.tables.schema.tables import TABLES
from support import example

GIVEN: dict[str, Any] = {
    "records": ["records"],
    "from": "2022-04",
    "to": "2023-03",
    "title": "Stop and search – 2022",
    "publisher": "Office of the Commissioner",
    "edition": "Second edition",
    "published": date(2026, 6, 18),
    "base_url": "https://example.org/stop-and-search",
}
FILES = {table.file: f"{table.name}\r\n".encode() for table in TABLES} | {"findings.json": b"[]\n"}


def make(**settings: Any) -> Settings:
    return make_settings(GIVEN | settings, where="a test")


def package(**settings: Any) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in FILES.items():
            (Path(folder) / name).write_bytes(content)
        described: dict[str, Any] = json.loads(describe_package(make(**settings), ["data.police.uk"], Path(folder)))
    return described


def test_the_package_describes_every_column_of_every_file() -> None:
    tables = [resource for resource in package()["resources"] if resource["format"] == "csv"]
    described = {resource["path"]: [field["name"] for field in resource["schema"]["fields"]] for resource in tables}
    assert described == {table.file: [column.name for column in table.columns] for table in TABLES}
    fields = [field for resource in tables for field in resource["schema"]["fields"]]
    assert all(field["description"] and field["description"] != field["name"] for field in fields)
    # Types of the Frictionless Table Schema.
    assert {field["type"] for field in fields} <= {"string", "integer", "number", "date", "boolean"}
    for resource in tables:
        assert (resource["mediatype"], resource["encoding"]) == ("text/csv", "utf-8")
        assert resource["schema"]["missingValues"] == [""]


def test_the_package_names_title_time_licence_sources_edition_and_day() -> None:
    described = package()
    assert (described["title"], described["temporal"]) == (
        "Stop and search – 2022",
        {"start": "2022-04", "end": "2023-03"},
    )
    assert (described["edition"], described["created"]) == ("Second edition", "2026-06-18T00:00:00Z")
    assert described["version"].split(".")[0] == "2"  # of the contract: CHANGELOG.md says what the first had
    assert described["homepage"] == "https://example.org/stop-and-search/"
    assert described["licenses"][0]["name"] == "OGL-UK-3.0"
    assert described["contributors"] == [{"title": "Office of the Commissioner", "role": "publisher"}]
    assert [source["title"] for source in described["sources"]] == [
        "data.police.uk",
        "Office for National Statistics: Census 2011 and Census 2021",
    ]


def test_residents_of_ones_own_are_named_as_the_publisher_names_them_or_by_their_file() -> None:
    for given, named in (
        ({"population_source": "ONS mid-2025 estimates"}, "ONS mid-2025 estimates"),
        ({}, "people.csv"),
    ):
        sources = package(population=Path("people.csv"), **given)["sources"]
        assert sources[-1] == {"title": named}


def test_what_the_project_file_does_not_say_is_left_out_of_the_package() -> None:
    described = package(edition="", published=None, base_url="", publisher="", is_synthetic=True)
    assert not {"edition", "created", "homepage", "contributors", "licenses"} & set(described)
    assert described["sources"] == [{"title": "invented records"}]


def test_every_file_has_its_size_and_its_hash() -> None:
    resources = {resource["path"]: resource for resource in package()["resources"]}
    assert set(resources) == set(FILES)
    for path, content in FILES.items():
        assert resources[path]["bytes"] == len(content)
        assert resources[path]["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_the_example_keeps_every_constraint_that_its_package_states() -> None:
    """Frictionless Table Schema: required, minimum, maximum, pattern, and a primary key that is unique."""
    described = json.loads((example.site() / "data" / "datapackage.json").read_text(encoding="utf-8"))
    checked = 0
    for resource in [each for each in described["resources"] if "schema" in each]:
        rows = example.read_table(example.site(), resource["name"])
        key = resource["schema"].get("primaryKey", [])
        assert not key or len({tuple(row[name] for name in key) for row in rows}) == len(rows)
        for field in resource["schema"]["fields"]:
            limits = field.get("constraints", {})
            for row in rows if limits else []:
                text = row[field["name"]]
                assert text or not limits.get("required"), (resource["name"], field["name"])
                if text:
                    assert float(text) >= limits["minimum"] if "minimum" in limits else True
                    assert float(text) <= limits["maximum"] if "maximum" in limits else True
                    assert re.fullmatch(limits.get("pattern", ".*"), text, re.DOTALL)
                checked += 1
    assert checked > 10_000


def test_the_dataset_has_what_search_engines_ask_for() -> None:
    """Google's structured data guide: name and description of 50 to 5,000 characters; the rest where known."""
    described = describe_dataset(make(), ["estimates.csv", "stop-and-search.ods"])
    assert (described["@context"], described["@type"]) == ("https://schema.org", "Dataset")
    assert 50 <= len(described["description"]) <= 5_000
    assert (described["datePublished"], described["temporalCoverage"]) == ("2026-06-18", "2022-04/2023-03")
    assert described["distribution"][0] == {
        "@type": "DataDownload",
        "name": "estimates.csv",
        "encodingFormat": "text/csv",
        "contentUrl": "https://example.org/stop-and-search/data/estimates.csv",
    }
    assert [file["contentUrl"] for file in describe_dataset(make(base_url=""), ["a.csv"])["distribution"]] == [
        "data/a.csv"
    ]


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        (
            {},
            "Office of the Commissioner (2026). Stop and search – 2022. Year ending March 2023. "
            "Second edition, published 18 June 2026. https://example.org/stop-and-search/",
        ),
        (
            {"base_url": "", "published": None},
            "Office of the Commissioner. Stop and search – 2022. Year ending March 2023. Second edition.",
        ),
        (
            {"base_url": "", "published": None, "edition": "", "publisher": "", "title": "Searches."},
            "Searches. Year ending March 2023.",
        ),
    ],
)
def test_a_citation_names_publisher_year_title_period_edition_day_and_address(
    settings: dict[str, Any], text: str
) -> None:
    assert cite(make(**settings)) == text
