"""What extracts hold beside what the portal publishes: places, areas, IC codes, strip searches, what is not used."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pydantic import ValidationError

from disparity.project.extract_mapping import ExtractSettings
from disparity.records.area_outlines import Areas, place_searches
from disparity.records.audit.files import audit_files
from disparity.records.coding import code_searches
from disparity.records.unknown_values import list_unknown
from disparity.sources.extract.known_columns import name_unused
from disparity.sources.extract.proposal import propose_mapping
from disparity.sources.extract.rows import read_extract
from disparity.sources.extract.value_guesses import guess_value
from support.extracts import read_as_proposed, settings_as_proposed

MANY = range(40)
PRESTON = (53.865, -2.844)


def write(folder: Path, **columns: Sequence[object]) -> Path:
    """A column for each name, beside the date and the outcome; "_" is a space."""
    path = folder / "a.csv"
    lines = [["Search Date", *(name.replace("_", " ") for name in columns), "Disposal"]]
    lines += [[f"{row % 28 + 1:02}/04/2026", *(str(held[row]) for held in columns.values()), "NFA"] for row in MANY]
    path.write_text("".join(f"{','.join(line)}\n" for line in lines), encoding="utf-8")
    return path


def columns_of(path: Path) -> dict[str, str]:
    return settings_as_proposed(path).columns


# Places


@pytest.mark.parametrize(
    ("x", "y"), [("Easting", "Northing"), ("EASTINGS", "NORTHINGS"), ("Grid Easting", "Grid Northing"), ("X", "Y")]
)
def test_easting_and_northing_are_read_as_latitude_and_longitude(tmp_path: Path, x: str, y: str) -> None:
    path = write(tmp_path, **{x: [344630 + row for row in MANY], y: [441328] * 40})
    assert columns_of(path) == {"search_date": "Search Date", "outcome": "Disposal", "easting": x, "northing": y}
    searches = read_as_proposed(path)
    assert (searches["latitude"].mean(), searches["longitude"].mean()) == pytest.approx(PRESTON, abs=0.001)


@pytest.mark.parametrize(("north", "east"), [("Latitude", "Longitude"), ("Lat", "Long"), ("lat", "lng")])
def test_latitude_and_longitude_are_read(tmp_path: Path, north: str, east: str) -> None:
    path = write(tmp_path, **{east: [-2.844] * 40, north: [53.865] * 39 + [0]})
    searches = read_as_proposed(path)
    assert searches["latitude"].drop_nulls().to_list() == [53.865] * 39
    assert searches["longitude"][0] == -2.844


def test_a_search_of_the_grid_is_placed_in_the_areas_of_the_project(tmp_path: Path) -> None:
    held = {"Easting": [344630] * 39 + [530625], "Northing": [441328] * 39 + [178388]}
    north_of_preston = Areas(("Preston",), np.array([shapely.box(-2.9, 53.8, -2.8, 53.9)]))
    placed = place_searches(read_as_proposed(write(tmp_path, **held)), north_of_preston)
    assert placed["area"].value_counts(sort=True).rows() == [("Preston", 39), (None, 1)]


def test_of_both_kinds_the_degrees_are_taken(tmp_path: Path) -> None:
    held = {"Easting": [344630] * 40, "Northing": [441328] * 40, "Lat": [53.865] * 40, "Long": [-2.844] * 40}
    assert {"latitude", "longitude"} <= set(columns_of(write(tmp_path, **held)))


@pytest.mark.parametrize(
    "held", [{"Easting": [344630] * 40}, {"X": ["Y", "N"] * 20, "Y": [1] * 40}, {"Lat": ["a"] * 40, "Long": [1] * 40}]
)
def test_what_is_no_place_is_not_proposed_as_one(tmp_path: Path, held: dict[str, Sequence[object]]) -> None:
    assert not {"easting", "northing", "latitude", "longitude"} & set(columns_of(write(tmp_path, **held)))


def test_the_audit_asks_for_places_where_the_mapping_reads_them(tmp_path: Path) -> None:
    held = {"Easting": [344630] * 30 + ["", 0] * 5, "Northing": [441328] * 30 + ["", 0] * 5}
    files = read_extract(settings_as_proposed(write(tmp_path, **held))).files
    row = audit_files(code_searches(*files), *files).submissions.row(0, named=True)
    assert (row["coordinates_not_recorded"], row["coordinates_not_recorded_of"]) == (10, 40)
    assert row["coordinates_not_snapped"] == 0


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"easting": "E"}, "easting and northing go together"),
        ({"latitude": "E"}, "latitude and longitude go together"),
        ({"easting": "E", "northing": "N", "latitude": "Y", "longitude": "X"}, "a search is at one place"),
    ],
)
def test_half_a_place_and_two_places_are_refused(columns: dict[str, str], said: str) -> None:
    given: dict[str, Any] = {"file": "a.csv", "force": "kent", "columns": {"search_date": "D", **columns}}
    with pytest.raises(ValidationError, match=said):
        ExtractSettings.model_validate(given)


# Areas


@pytest.mark.parametrize("header", ["Ward", "LPA", "Borough", "Beat", "Neighbourhood", "Local Policing Unit", "BCU"])
def test_an_area_goes_by_many_names(tmp_path: Path, header: str) -> None:
    assert columns_of(write(tmp_path, **{header: ["North", "South"] * 20}))["area"] == header


def test_of_several_areas_the_one_with_the_fewest_is_proposed_and_the_others_named(tmp_path: Path) -> None:
    held = {"Beat": [f"B{row % 9}" for row in MANY], "BCU": ["East", "West"] * 20, "Ward": [f"W{row}" for row in MANY]}
    path = write(tmp_path, **held)
    assert columns_of(path)["area"] == "BCU"
    assert '# Not mapped, so not read: "Beat" (could be area), "Ward" (could be area)' in propose_mapping(path)


def test_an_area_of_numbers_is_marked(tmp_path: Path) -> None:
    """They may be those of officers."""
    text = propose_mapping(write(tmp_path, Beat=[1200 + row % 9 for row in MANY]))
    assert 'area = "Beat"  # CHECK: numbers: of areas, or of officers?' in text


# IC codes

IC = "officer_defined_ethnicity"


@pytest.mark.parametrize(
    ("label", "code", "is_sure"),
    [
        *(("IC1", "White", True), ("IC 1", "White", True), ("IC2", "White", True), ("IC3", "Black", True)),
        *(("IC4", "Asian", True), ("IC5", "Other", False), ("IC6", "Other", False), ("IC0", "", True)),
        *(("IC7", "", True), ("IC9", "", True), ("IC 9", "", True), ("IC9 - Unknown", "", True)),
        *(("IC1 - White North European", "White", True), ("IC1 White - Northern European", "White", True)),
        *(("IC2 Mediterranean", "White", True), ("IC2 - White South European", "White", True)),
        *(("IC3 - Afro-Caribbean", "Black", True), ("IC3 African/Caribbean", "Black", True)),
        *(("IC4 - Asian (Indian subcontinent)", "Asian", True), ("IC5 - Chinese", "Other", False)),
        *(("IC5 Chinese, Japanese or SE Asian", "Other", False), ("IC6 - Arab or North African", "Other", False)),
        *(
            ("IC5 - Chinese, Japanese, Korean or other Southeast Asian", "Other", False),
            ("Dark European", "White", False),
            ("Other Southeast Asian", "Other", False),
            ("IC 8", "", False),
        ),
        *(("1", "White", False), ("3", "Black", False), ("5", "Other", False), ("9", "", False)),
    ],
)
def test_an_identity_code_is_the_group_that_officers_saw(label: str, code: str, is_sure: bool) -> None:
    """IC5 and IC6 are Other, as in the Home Office's tables, and marked: some count IC5 as Asian."""
    guess = guess_value(IC, label)
    assert (guess.code, not guess.doubt) == (code, is_sure)


@pytest.mark.parametrize("header", ["IC_Code", "IC", "Ethnic_Appearance", "Ethnicity_(6+1)"])
@pytest.mark.parametrize("form", ["IC{}", "IC {}", "{}"])
def test_a_column_of_identity_codes_is_officer_defined(tmp_path: Path, header: str, form: str) -> None:
    path = write(tmp_path, **{header: [form.format(row % 7) for row in MANY]})
    groups = read_as_proposed(path)["officer_defined_group"].cast(str).drop_nulls()
    assert sorted(groups.unique()) == ["Asian", "Black", "Other", "White"]


# Strip searches


@pytest.mark.parametrize(
    ("label", "code"),
    [
        *(("JOG", "false"), ("JOG only", "false"), ("Jacket, outer coat, gloves", "false"), ("Outer coat", "false")),
        *(("Outer clothing only", "false"), ("Jacket", "false"), ("Gloves", "false"), ("None", "false")),
        *(("More than JOG", "true"), ("More than jacket, outer coat, gloves", "true"), ("MTIP", "true")),
        *(("MTIP/EIP", "true"), ("EIP", "true"), ("Exposure of intimate parts", "true"), ("Strip search", "true")),
        *(("MTS", "true"), ("More thorough search", "true"), ("More than outer clothing removed", "true")),
        *(("MTIP - more than jacket, outer coat and gloves", "true"), ("Nothing removed", "false")),
        *(("JOG exceeded", "true"), ("JOG not exceeded", "false")),
    ],
)
def test_how_far_a_search_went_says_whether_more_than_outer_clothing_was_removed(label: str, code: str) -> None:
    assert guess_value("is_clothing_removed", label).code == code


@pytest.mark.parametrize("label", ["No strip search", "Not MTIP", "No more than JOG", "Not EIP"])
def test_a_strip_search_that_is_denied_is_none(label: str) -> None:
    assert guess_value("is_clothing_removed", label).code in (None, "false")


@pytest.mark.parametrize("header", ["MTIP/EIP Strip Search", "Strip Search Type", "More than JOG", "EIP"])
def test_the_column_goes_by_many_names(tmp_path: Path, header: str) -> None:
    path = write(tmp_path, **{header: ["JOG", "MTIP", "EIP", "None"] * 10})
    assert read_as_proposed(path)["is_clothing_removed"].sum() == 20


# What is known and not used


@pytest.mark.parametrize(
    ("header", "what"),
    [
        *(("BWV Activated", "body-worn video"), ("Body Worn Video On?", "body-worn video")),
        *(("Force used", "use of force"), ("Use of Force Y/N", "use of force"), ("Handcuffs applied", "use of force")),
        *(("Duration (mins)", "how long it took"), ("Receipt offered", "whether a record was given")),
        *(("Force", ""), ("Police force", ""), ("Disposal", ""), ("Item found", ""), ("Length of sentence", "")),
    ],
)
def test_what_nothing_is_made_of_is_known_by_its_name(header: str, what: str) -> None:
    assert name_unused(header) == what


def test_it_is_named_in_the_proposal_and_not_read(tmp_path: Path) -> None:
    held = {"BWV_reference": [f"V{row}" for row in MANY], "Duration": [*MANY], "Shift": ["Early", "Late"] * 20}
    path = write(tmp_path, **held)
    text = propose_mapping(path)
    assert '# Known, and used for nothing here: "BWV reference" (body-worn video), "Duration" (how long' in text
    assert '# Not mapped, so not read: "Shift"\n' in text
    assert set(columns_of(path)) == {"search_date", "outcome"}


def test_how_a_search_was_carried_out_is_read_by_the_names_that_forces_use(tmp_path: Path) -> None:
    flags = {
        **{"Use_of_Force": "is_force_used", "Handcuffs_applied": "is_handcuffed"},
        **{"BWV_Activated": "is_video_on", "Taken_into_custody": "is_detained"},
    }
    said = ("Y", "N", "")
    path = write(tmp_path, **{header: [said[row % 3] for row in MANY] for header in flags})
    proposed = {ours: theirs for ours, theirs in columns_of(path).items() if ours in flags.values()}
    assert proposed == {ours: header.replace("_", " ") for header, ours in flags.items()}
    for ours in flags.values():
        assert dict(read_as_proposed(path)[ours].value_counts().rows()) == {True: 14, False: 13, None: 13}


def test_one_column_may_say_whether_force_was_used_and_of_which_kind(tmp_path: Path) -> None:
    path = write(tmp_path, Force_used=["No force used", "Compliant handcuffing", "Ground restraint", "PAVA"] * 10)
    assert {columns_of(path)[ours] for ours in ("is_force_used", "force_kind")} == {"Force used"}
    read = read_as_proposed(path)
    assert dict(read["is_force_used"].value_counts().rows()) == {True: 30, False: 10}
    kinds = dict.fromkeys(("none", "handcuffs", "restraint", "other_equipment"), 10)
    assert dict(read["force_kind"].cast(str).value_counts().rows()) == kinds


def test_one_column_may_say_that_clothing_was_removed_and_how_far(tmp_path: Path) -> None:
    path = write(tmp_path, Strip_search=["JOG", "MTS", "EIP", ""] * 10)
    assert {columns_of(path)[ours] for ours in ("is_clothing_removed", "clothing_extent")} == {"Strip search"}
    extents = dict(read_as_proposed(path)["clothing_extent"].cast(str).value_counts().rows())
    assert extents == {"outer_only": 10, "beyond_outer": 10, "intimate_parts": 10, None: 10}


def test_how_an_encounter_arose_is_what_led_to_the_search(tmp_path: Path) -> None:
    arose = ("Self-generated", "Intelligence led", "Call from public", "Pre-planned operation")
    path = write(tmp_path, How_Encounter_Arose=arose * 10)
    codes = read_as_proposed(path)["search_origin"].cast(str).value_counts().rows()
    assert dict(codes) == dict.fromkeys(("self_generated", "intelligence", "call_for_service", "planned_operation"), 10)


def test_nothing_of_all_this_is_unknown_as_it_stands(tmp_path: Path) -> None:
    held = {
        "Force": ["Fellshire Police"] * 40,
        "Age": [row + 10 for row in MANY],
        "IC Code": [f"IC{1 + row % 4}" for row in MANY],
        "Ward": ["North", "South"] * 20,
        "Strip search": ["JOG", "MTIP", "EIP", "None"] * 10,
        "Easting": [344630] * 40,
        "Northing": [441328] * 40,
    }
    files = read_extract(settings_as_proposed(write(tmp_path, **held))).files
    assert list_unknown(audit_files(code_searches(*files), *files)).is_empty()
