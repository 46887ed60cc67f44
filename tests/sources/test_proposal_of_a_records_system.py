"""A records system's own export, thirty unfamiliar columns: what the proposal makes of it as it stands."""

import csv
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from disparity.project.extract_mapping import ExtractSettings
from disparity.records.audit.files import audit_files
from disparity.records.coding import code_searches
from disparity.records.unknown_values import list_unknown
from disparity.sources.extract.proposal import propose_mapping
from disparity.sources.extract.rows import read_extract

HEADER = (
    *("URN", "Occurrence No", "Stop Search Date", "Stop Search Time", "Collar No", "Searching Officer"),
    *("Nominal Surname", "Nominal Forename", "DOB", "Age At Stop", "Gender", "Self Defined Ethnicity (16+1)"),
    *("Officer Perceived Ethnicity", "Stop/Search Type", "Statutory Power", "Object of Search", "Drugs Sub-Reason"),
    *("Grounds for Search", "Object Found?", "Item(s) Found", "Disposal", "Outcome linked to object?"),
    *("MTIP/EIP Strip Search", "BCU", "Beat", "Easting", "Northing", "Location Postcode", "How Encounter Arose"),
    "BWV Activated",
)
PERSON = ("24611097", "1237", "PC Brown", "Zebedee", "John", "17/01/2009", "PR1 2AB")
CALLS = ("Call from public", "Officer initiated", "Pre-planned op", "Intel led")
FOUND = (("No", "", "None"), ("Yes", "Cannabis", "EIP"), ("Yes", "Knife", "MTIP"), ("Yes", "Other", "None"))


def make_rows() -> Iterator[tuple[str, ...]]:
    occurrence, collar, officer, surname, forename, born, postcode = PERSON
    for number in range(40):
        found, item, strip = FOUND[number % 4]
        yield (
            *(f"SS/{number}/24", occurrence, f"{number % 28 + 1:02}/04/2026", f"{number % 24:02}:05", collar, officer),
            *(surname, forename, born, str(12 + number), "Male", "W1 White British", "IC1 - White North European"),
            *(
                "Person",
                "S.23 Misuse of Drugs Act 1971",
                "Controlled drugs",
                ("Possession", "Supply / PWITS")[number % 2],
            ),
            *(f"Seen by {officer}, {number}", found, item, "NFA", found, strip, "East BCU", f"B{number}"),
            *(str(344630 + number), str(441328 + number), postcode, CALLS[number % 4], "N"),
        )


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("export") / "export.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([HEADER, *make_rows()])
    text = propose_mapping(path, force="fellshire")
    assert not [detail for detail in PERSON if detail in text]
    return {"text": text, **tomllib.loads(text)["extracts"][0]}


def test_every_column_of_ours_is_found(mapping: dict[str, Any]) -> None:
    assert mapping["columns"] == {
        "search_date": "Stop Search Date",
        "search_time": "Stop Search Time",
        "record_id": "URN",
        "subject": "Stop/Search Type",
        "officer_defined_ethnicity": "Officer Perceived Ethnicity",
        "drug_search_type": "Drugs Sub-Reason",
        "search_origin": "How Encounter Arose",
        "item_found": "Item(s) Found",
        "clothing_extent": "MTIP/EIP Strip Search",
        "self_defined_ethnicity": "Self Defined Ethnicity (16+1)",
        "legislation": "Statutory Power",
        "object_of_search": "Object of Search",
        "outcome": "Disposal",
        "is_outcome_linked": "Outcome linked to object?",
        "is_item_found": "Object Found?",
        "is_clothing_removed": "MTIP/EIP Strip Search",
        "is_video_on": "BWV Activated",
        "gender": "Gender",
        "age_group": "Age At Stop",
        "area": "BCU",
        "grounds": "Grounds for Search",
        "easting": "Easting",
        "northing": "Northing",
    }


def test_what_led_to_a_search_what_was_found_and_a_strip_search_are_read(mapping: dict[str, Any]) -> None:
    assert mapping["values"]["search_origin"] == dict(
        zip(CALLS, ("call_for_service", "self_generated", "planned_operation", "intelligence"), strict=True)
    )
    assert mapping["values"]["item_found"] == {"Cannabis": "drugs", "Knife": "offensive_weapons", "Other": "other"}
    assert mapping["values"]["is_clothing_removed"] == {"None": "false", "EIP": "true", "MTIP": "true"}
    assert '"None" = "false"  # CHECK: is it?' in mapping["text"]
    extents = {"None": "outer_only", "EIP": "intimate_parts", "MTIP": "beyond_outer"}
    assert mapping["values"]["clothing_extent"] == extents
    assert '"MTIP" = "beyond_outer"  # CHECK: is it?' in mapping["text"]


@pytest.mark.slow
def test_personal_columns_are_listed_as_such(mapping: dict[str, Any]) -> None:
    personal = ("Occurrence No", "Collar No", "Searching Officer", "Nominal Surname", "Nominal Forename", "DOB")
    listed = ", ".join(f'"{header}"' for header in (*personal, "Location Postcode"))
    assert f"# Personal by name, never read: {listed}\n" in mapping["text"]


def test_the_header_comes_before_what_is_said_of_it(mapping: dict[str, Any]) -> None:
    """A table put above `[[extracts]]` would else stand between the comment and its table."""
    assert mapping["text"].startswith("[[extracts]]\n# Proposed by `disparity map` for")


@pytest.mark.slow
def test_no_value_is_unknown_as_it_stands(mapping: dict[str, Any]) -> None:
    files = read_extract(ExtractSettings.model_validate({k: v for k, v in mapping.items() if k != "text"})).files
    assert list_unknown(audit_files(code_searches(*files), *files)).is_empty()
