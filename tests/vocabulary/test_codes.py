"""Codes and labels: oracles are PACE Code A Annex B and the labels seen in real files."""

import re

import pytest

from disparity.vocabulary import codes as vocabulary
from disparity.vocabulary.codes import (
    ETHNIC_GROUPS,
    GROUPING,
    NOT_STATED,
    SEARCH_TYPES,
    codes_of,
    force_aliases,
    force_name,
    force_names,
    group_of_ethnicity,
    plain_label,
    read_reference,
)

# PACE Code A, Annex B.
PACE_CODES = {
    *("W1", "W2", "W3", "W4", "W9"),
    *("M1", "M2", "M3", "M9"),
    *("A1", "A2", "A3", "A4", "A9"),
    *("B1", "B2", "B9"),
    *("O1", "O9", "NS"),
}
GROUP_OF_LETTER = {"W": "White", "M": "Mixed", "A": "Asian", "B": "Black", "O": "Other", "N": "Not stated"}
# Labels of real files (data.police.uk, 2019 to 2026).
SEEN_POWERS = """Misuse of Drugs Act 1971 (section 23)
Police and Criminal Evidence Act 1984 (section 1)
Police and Criminal Evidence Act 1984 (section 6)
Firearms Act 1968 (section 47)
Criminal Justice and Public Order Act 1994 (section 60)
Criminal Justice Act 1988 (section 139B)
Psychoactive Substances Act 2016 (s36(2))
Psychoactive Substances Act 2016 (s37(2))
Poaching Prevention Act 1862 (section 2)
Wildlife and Countryside Act 1981 (section 19)
Aviation Security Act 1982 (section 27(1))
Environmental Protection Act 1990 (section 34B )
Hunting Act 2004 (section 8)""".splitlines()


def test_every_ethnicity_code_is_of_pace_and_in_the_group_of_its_letter() -> None:
    groups = group_of_ethnicity()
    assert set(groups) == PACE_CODES
    assert {code: GROUP_OF_LETTER[code[0]] for code in groups} == groups


@pytest.mark.parametrize("row", [row for row in read_reference("ethnicity_labels") if row["label"].endswith(")")])
def test_a_label_that_carries_a_code_gets_that_code(row: dict[str, str]) -> None:
    """The older label set ends in the code; its O1 is Chinese, which the censuses put in Asian (A4)."""
    written = re.findall(r"\((\w\w)\)$", row["label"])[0]
    assert row["code"] == ("A4" if "Chinese (O1)" in row["label"] else written)


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("White - English/Welsh/Scottish/Northern Irish/British", "W1"),
        ("White - Gypsy or Irish Traveller", "W3"),
        ("Mixed/Multiple ethnic groups - White and Black African", "M2"),
        ("Asian/Asian British - Chinese", "A4"),
        ("Black/African/Caribbean/Black British - Caribbean", "B1"),
        ("Other ethnic group - Arab", "O1"),
        ("Other ethnic group - Not stated", "NS"),
        ("White - White British (W1)", "W1"),
        ("Asian or Asian British - Bangladeshi (A3)", "A3"),
        ("Not Stated (NS)", "NS"),
    ],
)
def test_both_sets_of_ethnicity_labels_are_known(label: str, code: str) -> None:
    assert codes_of("ethnicity_labels", "code")[plain_label(label)] == code


@pytest.mark.parametrize("label", SEEN_POWERS)
def test_every_power_seen_in_real_files_is_known(label: str) -> None:
    assert codes_of("legislation_labels", "legislation")[plain_label(label)]


def test_powers_that_need_no_suspicion_are_the_four_that_the_law_says() -> None:
    free = {row["legislation"] for row in read_reference("legislation_labels") if row["suspicion_required"] == "false"}
    assert free == {"cjpoa_s60", "terrorism_s47a", "poa_s11", "svro_s342e"}


@pytest.mark.parametrize(
    "table", ["ethnicity_labels", "legislation_labels", "object_labels", "outcome_labels", "forces"]
)
def test_no_reference_table_gives_a_label_twice(table: str) -> None:
    rows = read_reference(table)
    first = next(iter(rows[0]))
    labels = [plain_label(row[first]) for row in rows]
    assert len(labels) == len(set(labels)) > 0


@pytest.mark.parametrize(
    "label",
    ["WHITE - IRISH", "  White - Irish ", "White\u00a0-\u00a0Irish", "White \u2013 Irish", "White  \u2014 Irish"],
)
def test_case_white_space_and_dashes_of_a_label_are_forgiven(label: str) -> None:
    assert plain_label(label) == "white - irish"


@pytest.mark.parametrize("label", ["White Irish", "White- Irish", "White - Irish.", "White - Irsh"])
def test_nothing_else_of_a_label_is_forgiven(label: str) -> None:
    assert plain_label(label) not in codes_of("ethnicity_labels", "code")


def test_there_are_44_forces_and_the_transport_police() -> None:
    """data.police.uk /forces has 44; `btp` answers without being listed."""
    assert len(force_names()) == 45
    assert sum(code.startswith(("E23", "W15")) for code in _force_codes()) == 43


def _force_codes() -> list[str]:
    return [row["force_code"] for row in read_reference("forces")]


@pytest.mark.parametrize(
    ("force", "name"),
    [
        ("devon-and-cornwall", "Devon & Cornwall Police"),
        ("lancashire", "Lancashire Constabulary"),
        ("btp", "British Transport Police"),
    ],
)
def test_a_force_is_named_as_the_portal_names_it(force: str, name: str) -> None:
    assert force_name(force) == name


def test_a_force_that_no_table_knows_reads_as_its_id_in_words() -> None:
    assert force_name("fell-shire") == "Fell Shire"


def test_groups_stand_in_one_order_with_the_unknown_last() -> None:
    assert vocabulary.EVERY_GROUP == ("All", "Asian", "Black", "Mixed", "White", "Other", "Not stated", "Not recorded")
    assert set(vocabulary.PEOPLE) == set(vocabulary.EVERY_GROUP)
    assert set(vocabulary.ETHNIC_GROUPS) == set(GROUP_OF_LETTER.values()) - {"Not stated"}


def test_drugs_has_three_parts_and_each_is_a_search_type() -> None:
    assert [kind for kind in SEARCH_TYPES if kind.startswith("drugs_")] == list(vocabulary.DRUG_TYPES)
    assert len(vocabulary.DRUG_TYPES) == 3


def test_the_city_of_london_has_no_residents_to_divide_by() -> None:
    assert set(vocabulary.FORCES_WITHOUT_RESIDENTS) == {"btp", "northern-ireland", "city-of-london"}


def test_every_version_of_the_ethnic_groups_has_every_code_once():
    codes = {row["code"] for row in read_reference("ethnicity_labels")}
    rows = read_reference("ethnic_groupings")
    for grouping in {row["grouping"] for row in rows}:
        listed = [row["code"] for row in rows if row["grouping"] == grouping]
        assert sorted(listed) == sorted(codes)
    assert GROUPING in {row["grouping"] for row in rows}
    assert set(group_of_ethnicity().values()) == {*ETHNIC_GROUPS, NOT_STATED}


def test_every_other_name_of_a_force_is_of_a_force_that_is_known():
    rows = read_reference("force_aliases")
    assert {row["force"] for row in rows} <= set(force_names())
    assert force_aliases()["hampshire-and-isle-of-wight"] == "hampshire"
