"""Columns that say nothing: found where chance is no answer, and nowhere on ordinary months."""

import os
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from disparity.pipeline.submissions import count
from disparity.project.settings import make_settings
from disparity.records.audit.columns import audit_columns, highest_share
from disparity.records.audit.files import audit_files
from disparity.records.coding import code_searches
from disparity.records.ingest import read_records
from disparity.vocabulary.calendar import months_from
from support.builders import ASIAN, BLACK, WHITE, Row, make_raw

MONTHS = months_from(date(2023, 4, 1), 12)
RECORDS = Path(os.environ.get("DISPARITY_RECORDS", "../shared/data/police_uk"))
CASES = Path("../shared/cases")
ORDINARY = {"Male": 900, "Female": 99, "Other": 1}


def labels(column: str, *months: dict[str, int], force: str = "fellshire") -> pl.DataFrame:
    """The labels of one column: of each month, code → rows; an empty code is blank."""
    rows = [
        (force, MONTHS[place], column, code, code or None, rows, True)
        for place, held in enumerate(months)
        for code, rows in held.items()
    ]
    names = ("force", "month", "column", "label", "code", "rows", "is_known")
    return pl.DataFrame(rows, schema=dict(zip(names, STRINGS, strict=True)), orient="row")


STRINGS = (pl.String, pl.Date, pl.String, pl.String, pl.String, pl.Int64, pl.Boolean)
COUNTED = ("officer_as_self_defined", "officer_as_self_defined_of", "rows_at_one_place")
PLACED = ("coordinates_not_recorded", "coordinates_not_recorded_of")
NO_SUBMISSIONS = pl.DataFrame(
    schema={"force": pl.String, "month": pl.Date} | dict.fromkeys(("rows_kept", *COUNTED, *PLACED), pl.Int64)
)


def find(column: str, *months: dict[str, int]) -> dict[date, str]:
    """What is found, by month."""
    columns = audit_columns(NO_SUBMISSIONS, labels(column, *months)).filter(pl.col("finding").is_not_null())
    return dict(columns.select("month", "finding").rows())


def submissions(*rows: tuple[int, ...]) -> pl.DataFrame:
    """Each month: searches, those with the same group on both bases, of how many, and those at one place."""
    return pl.DataFrame(
        [
            ("fellshire", MONTHS[place], kept, same, of, at_one, 0, kept)
            for place, (kept, same, of, at_one) in enumerate(rows)
        ],
        schema=NO_SUBMISSIONS.schema,
        orient="row",
    )


def test_one_gender_for_everyone_is_found_with_its_share_and_the_history_of_the_force():
    found = find("gender", *[ORDINARY] * 3, {"Other": 300}, *[ORDINARY] * 3)
    assert list(found) == [MONTHS[3]]
    assert found[MONTHS[3]] == (
        'gender is "Other" in 300 of 300 searches that say. That is 100.0%, and usually 1% at most. '
        "In the force's other months it is 0.1%"
    )


@pytest.mark.parametrize(
    ("column", "code", "searches"),
    [
        ("outcome", "no_further_action", 500),
        ("age_group", "18-24", 40),
        ("legislation", "mda_s23", 400),
        ("object_of_search", "stolen_goods", 30),
        ("self_defined_ethnicity", "W1", 400),
        ("is_clothing_removed", "true", 30),
        ("is_outcome_linked", "false", 500),
        ("is_item_found", "true", 2_000),
        ("search_origin", "intelligence", 2_000),
    ],
)
def test_one_value_for_every_search_is_found_in_any_coded_column(column, code, searches):
    assert list(find(column, {code: searches})) == [MONTHS[0]]


@pytest.mark.parametrize(
    ("column", "held"),
    [
        ("gender", {"Male": 40}),
        ("gender", {"Male": 290, "Female": 10}),
        ("gender", {"Other": 2}),
        ("is_clothing_removed", {"false": 1_500}),
        ("officer_defined_ethnicity", {"White": 300}),
        ("legislation", {"cjpoa_s60": 9}),
        ("legislation", {"pace_s1_and_others": 9_000}),
        ("subject", {"person": 5_000}),
        ("outcome", {"no_further_action": 60}),
    ],
)
def test_what_a_small_or_an_ordinary_month_can_hold_by_chance_is_not_found(column, held):
    assert not find(column, held)


def test_small_months_in_a_row_are_found_together_and_the_same_apart_are_not():
    few, other = {"18-24": 8}, {"18-24": 3, "25-34": 5}
    assert len(find("age_group", *[few] * 12)) == 12
    assert not find("age_group", *[few, other] * 6)


def test_a_value_that_is_far_over_any_usual_share_is_found_though_others_are_there():
    found = find("object_of_search", {"fireworks": 600, "drugs": 300})
    assert "66.7%, and usually 20% at most. There is no other month to compare" in found[MONTHS[0]]


def test_of_its_own_history_a_force_can_stop_telling_kinds_apart():
    """South Wales: nine of ten are searches of a person, then all, from one month to the next."""
    usual, all_alike = {"person": 910, "person_and_vehicle": 90}, {"person": 1_200}
    assert list(find("subject", *[usual] * 6, all_alike)) == [MONTHS[6]]
    assert not find("subject", *[usual] * 5, all_alike)


def test_blanks_say_nothing_and_are_no_value():
    found = find("is_clothing_removed", {"true": 40, "": 1_000})
    assert "true in 40 of 40 searches that say" in found[MONTHS[0]]


def test_officer_defined_ethnicity_that_is_a_copy_is_found_and_one_that_mostly_agrees_is_not():
    copied = audit_columns(submissions(*[(400, 140, 140, 1)] * 12), labels("gender", *[ORDINARY] * 12))
    assert copied.filter(pl.col("finding").is_not_null())["value"].unique().to_list() == ["same_as_self_defined"]
    agreeing = audit_columns(submissions(*[(400, 125, 140, 1)] * 12), labels("gender", *[ORDINARY] * 12))
    assert agreeing["finding"].null_count() == agreeing.height


@pytest.mark.parametrize(("at_one", "is_found"), [(300, True), (80, False)])
def test_one_point_of_the_map_for_most_searches_is_found(at_one, is_found):
    columns = audit_columns(submissions((400, 0, 0, at_one)), labels("gender", ORDINARY))
    assert columns["finding"].is_not_null().any() == is_found


def test_a_copy_is_asked_of_searches_that_are_not_white_on_both_bases_and_a_place_of_those_that_have_one():
    rows: list[Row] = [
        {},
        {"self_defined_ethnicity": ASIAN, "officer_defined_ethnicity": "Asian"},
        {"self_defined_ethnicity": BLACK, "officer_defined_ethnicity": "White", "latitude": "53.99"},
        {"self_defined_ethnicity": WHITE, "officer_defined_ethnicity": "Other", "latitude": None},
        {"self_defined_ethnicity": ASIAN, "officer_defined_ethnicity": None},
        {"self_defined_ethnicity": None, "officer_defined_ethnicity": "Black"},
        {"subject": "Vehicle search", "self_defined_ethnicity": ASIAN, "officer_defined_ethnicity": "Asian"},
    ]
    raw = make_raw(rows, force="fellshire", month="2023-04")
    row = audit_files(code_searches(raw), raw).submissions.row(0, named=True)
    assert [row[name] for name in COUNTED] == [1, 3, 4]


@given(st.permutations([ORDINARY, {"Other": 300}, {"Male": 300}, {"Male": 20, "Female": 2}]))
def test_the_order_of_rows_never_matters(months):
    held = labels("gender", *months)
    assert_frame_equal(audit_columns(NO_SUBMISSIONS, held), audit_columns(NO_SUBMISSIONS, held.reverse()))


def test_every_share_of_the_reference_table_is_a_share_and_has_its_source():
    assert (
        0 < highest_share("gender", "Other") < highest_share("gender", "Female") < highest_share("gender", "Male") < 1
    )


@pytest.mark.skipif(not CASES.exists(), reason="the cases are not here")
def test_officer_defined_ethnicity_copied_from_self_defined_is_named_and_parts_give_the_same(tmp_path):
    files = CASES / "07" / "officer_copy"
    spans = {"from": "2024-04", "to": "2025-03"}
    asked = make_settings({"records": [files], **spans}, where="a test")
    whole = read_records(asked).audit.columns
    found = whole.filter(pl.col("finding").is_not_null()).select("column", "value").unique().sort("column")
    assert found.rows() == [
        ("is_clothing_removed", "false"),
        ("officer_defined_ethnicity", "same_as_self_defined"),
    ]
    halves = [
        count(make_settings({"records": [files], "from": first, "to": last}, where="a test"), tmp_path / first)
        for first, last in (("2024-04", "2024-08"), ("2024-09", "2025-03"))
    ]
    added = read_records(make_settings({"counts": halves, **spans}, where="a test")).audit.columns
    assert_frame_equal(added, whole)


@pytest.mark.skipif(not RECORDS.exists(), reason="the real records are not here")
@pytest.mark.slow
def test_of_eight_real_forces_each_column_that_is_found_is_one_that_says_nothing():
    """Judged by eye against the files; nothing else is found in their 192 months."""
    asked = make_settings({"records": [RECORDS], "from": "2019-04", "to": "2021-03"}, where="a test")
    found = read_records(asked).audit.columns.filter(pl.col("finding").is_not_null())
    months = found.group_by("force", "column", "value").agg(pl.len()).sort("force", "column").rows()
    assert months == [
        ("kent", "object_of_search", "psychoactive_substances", 5),
        ("lancashire", "object_of_search", "articles_for_criminal_damage", 24),
        ("northumbria", "is_outcome_linked", "true", 24),
        ("south-wales", "is_outcome_linked", "false", 1),
        ("south-wales", "subject", "person", 4),
        ("south-yorkshire", "is_clothing_removed", "true", 24),
    ]
