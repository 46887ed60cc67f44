"""Columns that hold details of a person, by the words of their headers."""

import pytest

from disparity.project.personal_columns import looks_personal

# Every header of an export as a force's records system gave it.
EXPORT = {
    "URN": False,
    "Occurrence No": True,
    "Stop Search Date": False,
    "Stop Search Time": False,
    "Collar No": True,
    "Searching Officer": True,
    "Nominal Surname": True,
    "Nominal Forename": True,
    "DOB": True,
    "Age At Stop": False,
    "Gender": False,
    "Self Defined Ethnicity (16+1)": False,
    "Officer Perceived Ethnicity": False,
    "Stop/Search Type": False,
    "Statutory Power": False,
    "Object of Search": False,
    "Drugs Sub-Reason": False,
    "Grounds for Search": False,
    "Object Found?": False,
    "Item(s) Found": False,
    "Disposal": False,
    "Outcome linked to object?": False,
    "MTIP/EIP Strip Search": False,
    "BCU": False,
    "Beat": False,
    "Easting": False,
    "Northing": False,
    "Location Postcode": True,
    "How Encounter Arose": False,
    "BWV Activated": False,
}


@pytest.mark.parametrize(("header", "is_personal"), EXPORT.items())
def test_of_a_records_systems_own_export_the_personal_columns_are_known(header: str, is_personal: bool) -> None:
    assert looks_personal(header) is is_personal


@pytest.mark.parametrize(
    "header",
    [
        *("Name", "SURNAME", "Subject_Forename", "DOB", "Date of Birth", "DATEOFBIRTH", "Home address", "Post code"),
        *("postcode", "Mobile", "TelephoneNo", "E-mail", "Officer Number", "OfficerNo", "Collar", "Warrant no"),
        *("PNC ID", "NHS number", "Custody Number", "Officer", "Supervisor ID", "Nominal ref", "VRM", "CRO"),
        *("Searching Officer", "Officer's Name", "Officer 1", "OFFICERNAME", "Officer Collar", "Beat Officer Name"),
        *("Reporting officer", "Searched By", "StoppedBy", "Authorised by (Insp)", "Supervising Sergeant", "OIC"),
        *("Shoulder number", "Badge", "Staff ID", "Person ID", "Suspect Ref", "Nominal", "Initials", "Subject name"),
        *("Occurrence Number", "Crime Ref", "CRIMENO", "Incident ID", "CAD No", "Log number", "Case reference"),
        "Officer observed ethnicity: officer no",
    ],
)
def test_details_of_a_person_are_known_by_the_name_of_their_column(header: str) -> None:
    assert looks_personal(header)


@pytest.mark.parametrize(
    "header",
    [
        *("Operation name", "Area Name", "Officer defined ethnicity", "Officer Perceived Ethnicity", "Search outcome"),
        *(
            "Date",
            "Item Found?",
            "Power",
            "Ref No",
            "Gender",
            "Age at search",
            "Grounds",
            "Crime type",
            "Incident type",
        ),
        *("Officer initiated", "Officer Generated Y/N", "Officer observed (Yes/No)", "Initiated by", "Prompted by"),
        *("Ethnicity recorded by officer", "ODE", "Search reference number", "Unique ref", "Person searched Yes/No"),
        *("Part of a policing operation", "Person or vehicle", "Subject", "Occurred on"),
    ],
)
def test_what_says_nothing_of_one_person_is_not_personal(header: str) -> None:
    assert not looks_personal(header)


@pytest.mark.parametrize("header", ["Occurrence No", "Crime Reference", "INCIDENTNUMBER"])
def test_the_number_of_an_event_may_tell_rows_apart(header: str) -> None:
    assert not looks_personal(header, "record_id")
    assert looks_personal(header, "area")


@pytest.mark.parametrize("header", ["Custody No", "Nominal Ref", "Collar No", "Crime no of nominal"])
def test_the_number_of_a_person_may_not(header: str) -> None:
    assert looks_personal(header, "record_id")


@pytest.mark.parametrize("header", ["Nominal ref", "Custody Number", "PNC ID", "Person ID", "NominalRef", "CRO"])
def test_a_number_of_a_person_may_be_the_key_that_persons_are_told_apart_by_and_nothing_else(header: str) -> None:
    assert not looks_personal(header, "person_key")
    assert looks_personal(header, "record_id")
    assert looks_personal(header)


@pytest.mark.parametrize(
    "header", ["Nominal Surname", "Subject name", "DOB", "Officer no", "Occurrence No", "Postcode", "Custody Sergeant"]
)
def test_what_tells_more_than_one_person_from_another_is_no_key(header: str) -> None:
    assert looks_personal(header, "person_key")


@pytest.mark.parametrize(("header", "is_personal"), [("Taken into custody", False), ("Custody record taken", True)])
def test_what_came_of_an_arrest_is_not_the_number_of_a_person(header: str, *, is_personal: bool) -> None:
    assert looks_personal(header) is is_personal
