"""Coding of search records: the tables of definitions, section 2, and the quirks of publishers."""

from datetime import UTC, date, datetime
from itertools import product

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from disparity.records.coding import EXCLUDED, KEPT, REJECTED, code_searches
from disparity.vocabulary.codes import read_reference
from support.builders import (
    ASIAN,
    BLACK,
    DRUGS_ACT,
    NOT_STATED,
    NOTHING,
    PACE_1,
    WHITE,
    Row,
    code,
    code_column,
    few,
    make_raw,
)

PSA = "Psychoactive Substances Act 2016"
# Definitions, section 2, "Search type": rules 1 and 2 by power, rule 3 by object.
TYPE_OF_POWER = {
    DRUGS_ACT: "drugs_unspecified",
    f"{PSA} (s36(2))": "drugs_unspecified",
    f"{PSA} (s37(2))": "drugs_unspecified",
    "Criminal Justice and Public Order Act 1994 (section 60)": "anticipation_of_violence",
    "Terrorism Act 2000 (section 43)": "terrorism",
    "Terrorism Act 2000 (section 47A)": "terrorism",
    "Public Order Act 2023 (section 10)": "protest",
    "Public Order Act 2023 (section 11)": "protest",
    "Sentencing Act 2020 (section 342E)": "serious_violence_reduction_order",
    "Firearms Act 1968 (section 47)": "firearms",
}
TYPE_OF_OBJECT = {
    "Controlled drugs": "drugs_unspecified",
    "Psychoactive substances": "drugs_unspecified",
    "Offensive weapons": "offensive_weapons",
    "Anything to threaten or harm anyone": "offensive_weapons",
    "Crossbows": "offensive_weapons",
    "Firearms": "firearms",
    "Stolen goods": "stolen_property",
    "Article for use in theft": "going_equipped",
    "Articles for use in criminal damage": "criminal_damage",
    "Fireworks": "other",
    "Evidence of offences under the Act": "other",
    "Goods on which duty has not been paid etc.": "other",
    "Game or poaching equipment": "other",
    "Evidence of wildlife offences": "other",
    "Evidence of hunting any wild mammal with a dog": "other",
    "Seals or hunting equipment": "other",
    "Detailed object of search unavailable": "other",
    None: "not_recorded",
    "dog": "not_recorded",  # seen in a real file, in no label table
}
POWERS = [*(row["label"] for row in read_reference("legislation_labels")), None, "PACE"]
ACTIONS = sorted({row["label"] for row in read_reference("outcome_labels") if "no further action" not in row["label"]})


@pytest.mark.parametrize("power", POWERS)
def test_the_power_decides_the_search_type_before_the_object(power: str | None) -> None:
    coded = code([{"legislation": power, "object_of_search": target} for target in TYPE_OF_OBJECT])
    expected = [TYPE_OF_POWER.get(power or "", by_object) for by_object in TYPE_OF_OBJECT.values()]
    assert coded["search_type"].to_list() == expected


def test_the_table_of_objects_holds_every_object_of_the_portal() -> None:
    assert {row["label"] for row in read_reference("object_labels")} < set(TYPE_OF_OBJECT)
    assert set(TYPE_OF_POWER) < set(POWERS)


def test_a_drugs_act_search_for_fireworks_is_a_drug_search() -> None:
    assert (
        code([{"legislation": DRUGS_ACT, "object_of_search": "Fireworks"}])["search_type"].item() == "drugs_unspecified"
    )


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("possession", "drugs_possession"),
        ("Possession", "drugs_possession"),
        ("supply", "drugs_supply"),
        ("SUPPLY", "drugs_supply"),
        ("both", "drugs_unspecified"),
        ("", "drugs_unspecified"),
        (None, "drugs_unspecified"),
    ],
)
@pytest.mark.parametrize(
    ("power", "target"), [(DRUGS_ACT, None), (f"{PSA} (s36(2))", "Stolen goods"), (PACE_1, "Controlled drugs")]
)
def test_drug_searches_split_where_the_record_says_possession_or_supply(
    said: str | None, kind: str, power: str, target: str | None
) -> None:
    coded = code([{"drug_search_type": said, "legislation": power, "object_of_search": target}])
    assert coded["search_type"].item() == kind


def test_possession_or_supply_means_nothing_for_other_searches() -> None:
    coded = code([{"drug_search_type": "supply", "object_of_search": "Stolen goods"}])
    assert coded["search_type"].item() == "stolen_property"


# outcome, linked flag → find status, where nothing is said of the item itself
FIND_STATUS = {
    (None, "True"): "unknown",
    (None, "False"): "unknown",
    (None, None): "unknown",
    ("", "True"): "unknown",
    ("False", "True"): "unknown",
    ("a label nobody knows", "True"): "unknown",
    (NOTHING, "True"): "not_found",
    (NOTHING, "False"): "not_found",
    (NOTHING, None): "not_found",
    ("Nothing found - no further action", "True"): "not_found",
    **{(action, "True"): "found" for action in ACTIONS},
    **{(action, "False"): "not_found" for action in ACTIONS},
    **{(action, None): "unknown" for action in ACTIONS},
}


@pytest.mark.parametrize(("outcome", "linked"), FIND_STATUS)
def test_find_status_follows_the_item_then_the_outcome_then_the_link(outcome: str | None, linked: str | None) -> None:
    rows: list[Row] = [
        {"outcome": outcome, "is_outcome_linked": linked, "is_item_found": item} for item in (None, "True", "False")
    ]
    assert code(rows)["find_status"].to_list() == [FIND_STATUS[outcome, linked], "found", "not_found"]


@few
@given(
    st.lists(
        st.tuples(st.sampled_from([None, NOTHING, *ACTIONS]), st.sampled_from([None, "True", "False"])), max_size=20
    )
)
def test_no_further_action_is_never_a_find(pairs: list[tuple[str | None, str | None]]) -> None:
    coded = code([{"outcome": outcome, "is_outcome_linked": linked} for outcome, linked in pairs])
    found = coded.filter(pl.col("find_status").cast(pl.String) == "found")
    assert found["is_outcome_linked"].all()
    assert set(found["outcome"].cast(pl.String)).isdisjoint({None, "no_further_action"})


def test_there_are_eight_outcomes_and_seven_are_actions() -> None:
    codes = set(code_column("outcome", [*ACTIONS, NOTHING]))
    assert codes == {
        "no_further_action",
        "arrest",
        "summons",
        "community_resolution",
        "drug_warning",
        "penalty_notice",
        "caution",
        "other_action",
    }


@pytest.mark.parametrize("outcome", [None, "", "False", "false"])
def test_an_outcome_not_given_is_not_recorded_and_never_no_further_action(outcome: str | None) -> None:
    coded = code([{"outcome": outcome}])
    assert coded["outcome"].to_list() == [None]
    assert coded["find_status"].to_list() == ["unknown"]


@pytest.mark.parametrize("column", ["is_outcome_linked", "is_clothing_removed", "is_item_found"])
def test_flags_are_read_however_they_are_written(column: str) -> None:
    assert code_column(column, ["True", "TRUE", "true", "1", "1.0"]) == [True] * 5
    assert code_column(column, ["False", "FALSE", "false", "0", "0.0"]) == [False] * 5
    assert code_column(column, [None, "", "Yes", "2", "0.5"]) == [None] * 5


def test_both_label_sets_of_ethnicity_give_the_same_codes() -> None:
    new = [WHITE, BLACK, ASIAN, "Asian/Asian British - Chinese", NOT_STATED]
    old = [
        "White - White British (W1)",
        "Black or Black British - African (B2)",
        "Asian or Asian British - Pakistani (A2)",
        "Chinese or other ethnic group - Chinese (O1)",
        "Not Stated (NS)",
    ]
    column = "self_defined_ethnicity"
    assert code_column(column, new) == code_column(column, old) == ["W1", "B2", "A2", "A4", "NS"]


def test_not_stated_and_not_recorded_are_kept_apart() -> None:
    labels = [NOT_STATED, None, "", "Refused", WHITE]
    groups = code_column("self_defined_ethnicity", labels, coded="self_defined_group")
    assert groups == ["Not stated", None, None, None, "White"]


def test_people_of_mixed_and_other_groups_are_not_put_into_the_nearest_word() -> None:
    labels = [
        "Mixed/Multiple ethnic groups - White and Black African",
        "Other ethnic group - Arab",
        "White - Gypsy or Irish Traveller",
        "Asian/Asian British - Chinese",
    ]
    groups = code_column("self_defined_ethnicity", labels, coded="self_defined_group")
    assert groups == ["Mixed", "Other", "White", "Asian"]


def test_officer_defined_ethnicity_is_one_of_five_groups_or_not_recorded() -> None:
    labels = ["White", "BLACK", "Asian ", "Mixed", "Other", "", None, "Unknown"]
    groups = code_column("officer_defined_ethnicity", labels, coded="officer_defined_group")
    assert groups == ["White", "Black", "Asian", "Mixed", "Other", None, None, None]


@pytest.mark.parametrize(
    ("kind", "subject", "disposition"),
    [
        ("Person search", "person", KEPT),
        ("Person and Vehicle search", "person_and_vehicle", KEPT),
        ("person and vehicle search", "person_and_vehicle", KEPT),
        ("Vehicle search", "vehicle", EXCLUDED),
        (None, None, REJECTED),
        ("", None, REJECTED),
        ("Type", None, REJECTED),
    ],
)
@pytest.mark.parametrize("ethnicity", [None, WHITE])
def test_vehicle_only_is_excluded_by_type_and_not_by_blank_ethnicity(
    kind: str | None, subject: str | None, disposition: str, ethnicity: str | None
) -> None:
    coded = code([{"subject": kind, "self_defined_ethnicity": ethnicity}])
    assert coded.select("subject", "disposition").row(0) == (subject, disposition)


@pytest.mark.parametrize(
    "written",
    [
        "2019-04-02T12:30:00+00:00",
        "2019-04-02T12:30:00Z",
        "2019-04-02T12:30:00.000+00:00",
        "2019-04-02T12:30:00.000000Z",
        "2019-04-02T13:30:00+01:00",
        "2019-04-02T12:30:00",
        "2019-04-02T12:30:00.000",
        "2019-04-02 12:30:00+00:00",
        "2019-04-02 12:30:00",
        "2019-04-02 12:30",
    ],
)
def test_a_time_is_the_same_moment_however_it_is_written(written: str) -> None:
    moment = datetime(2019, 4, 2, 12, 30, tzinfo=UTC)
    assert code_column("searched_at", [written]) == [moment]
    assert code_column("searched_at", ["2019-04-02T12:30:00+00:00", written, None]) == [moment, moment, None]


def test_fractions_of_a_second_are_kept() -> None:
    assert code_column("searched_at", ["2019-04-02T12:30:00.250Z"]) == [datetime(2019, 4, 2, 12, 30, 0, 250_000, UTC)]


@pytest.mark.parametrize("written", ["02/04/2019 12:30", "45292", "2019-02-29T12:00:00+00:00", "noon"])
def test_a_time_that_cannot_be_read_is_not_guessed(written: str) -> None:
    assert code_column("searched_at", [written, "2019-04-02T12:30:00+00:00"])[0] is None


def test_a_date_alone_reads_as_midnight() -> None:
    assert code_column("searched_at", ["2019-04-02"]) == [datetime(2019, 4, 2, tzinfo=UTC)]


def test_a_search_belongs_to_the_month_of_its_file() -> None:
    """23:30 UTC on 31 March 2019 is 00:30 on 1 April in the UK: the portal files it in April."""
    coded = code([{"searched_at": "2019-03-31T23:30:00+00:00"}], month="2019-04")
    assert coded["submission_month"].item() == date(2019, 4, 1)
    assert coded["searched_at"].item() == datetime(2019, 3, 31, 23, 30, tzinfo=UTC)


def test_coordinates_are_numbers_or_not_recorded() -> None:
    assert code_column("latitude", ["53.76", "", None, "north"]) == [53.76, None, None, None]


def test_a_row_keeps_where_it_came_from() -> None:
    coded = code([{}, {}], force="mereside", month="2020-02")
    assert coded["source_row"].to_list() == [1, 2]
    assert set(coded["source_file"]) == {"2020-02/2020-02-mereside-stop-and-search.csv"}
    assert set(coded["force"]) == {"mereside"}


def test_area_grounds_and_number_of_an_extract_are_kept_word_for_word() -> None:
    said = {"area": "North", "grounds": "Seen to hide something", "record_id": "007"}
    coded = code([said, {}]).select(*said)
    assert coded.rows() == [tuple(said.values()), (None, None, None)]


def test_identical_rows_are_all_kept() -> None:
    assert code([{}, {}, {}])["disposition"].to_list() == [KEPT] * 3


def test_a_file_without_rows_codes_to_the_same_columns() -> None:
    assert code([]).schema == code([{}]).schema


def test_a_file_whose_labels_are_all_unknown_still_codes() -> None:
    strange: Row = dict.fromkeys(make_raw([]).rows.columns[1:], "?")
    coded = code([strange])
    assert coded.select("search_type", "find_status", "disposition").row(0) == ("not_recorded", "unknown", REJECTED)


LABELS: dict[str, list[str | None]] = {
    "subject": ["Person search", "Vehicle search", "Person and Vehicle search", "dog", None],
    "legislation": [DRUGS_ACT, PACE_1, None, "PACE"],
    "outcome": [NOTHING, "Arrest", "False", "", None, "?"],
    "is_outcome_linked": ["True", "FALSE", "1.0", None, "maybe"],
    "self_defined_ethnicity": [WHITE, BLACK, NOT_STATED, None, "White"],
}
ROWS = st.lists(st.fixed_dictionaries({name: st.sampled_from(labels) for name, labels in LABELS.items()}), max_size=30)


@few
@given(ROWS)
def test_rows_read_are_kept_or_excluded_or_rejected(rows: list[Row]) -> None:
    coded = code_searches(make_raw(rows))
    counts = {name: (coded["disposition"].cast(pl.String) == name).sum() for name in (KEPT, EXCLUDED, REJECTED)}
    expected = {
        KEPT: sum(row["subject"] in {"Person search", "Person and Vehicle search"} for row in rows),
        EXCLUDED: sum(row["subject"] == "Vehicle search" for row in rows),
        REJECTED: sum(row["subject"] in {"dog", None} for row in rows),
    }
    assert counts == expected
    assert sum(counts.values()) == coded.height == len(rows)


@few
@given(ROWS, st.randoms(use_true_random=False))
def test_each_row_is_coded_by_itself(rows: list[Row], random) -> None:
    shuffled = random.sample(range(len(rows)), len(rows))
    forward = code(rows).drop("source_row").rows()
    moved = code([rows[place] for place in shuffled]).drop("source_row").rows()
    assert moved == [forward[place] for place in shuffled]


def test_every_pair_of_power_and_object_has_a_type_and_none_is_called_drugs() -> None:
    rows = [{"legislation": power, "object_of_search": target} for power, target in product(POWERS, TYPE_OF_OBJECT)]
    kinds = code(rows)["search_type"].cast(pl.String)
    assert kinds.null_count() == 0
    assert "drugs" not in kinds.to_list()
