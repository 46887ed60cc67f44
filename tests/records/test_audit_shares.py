"""Months whose share of a value is far from that of the months around them: found in real records, never by chance."""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from disparity.pipeline.submissions import count
from disparity.project.settings import make_settings
from disparity.records.audit.columns import COLUMNS
from disparity.records.audit.shares import audit_shares
from disparity.records.ingest import read_records
from disparity.vocabulary.calendar import months_from

MONTHS = months_from(date(2031, 4, 1), 24)
LABELS = {
    **{"force": pl.String, "month": pl.Date, "column": pl.String, "label": pl.String, "code": pl.String},
    **{"rows": pl.Int64, "is_known": pl.Boolean},
}
NOTHING_FOUND = pl.DataFrame(schema=COLUMNS)
USUAL = {"no_further_action": 700, "arrest": 150, "community_resolution": 40, "": 10}


def labels(column: str, *months: dict[str, int]) -> pl.DataFrame:
    """The labels of one column: of each month, code → rows; an empty code is blank."""
    rows = [
        ("fellshire", MONTHS[place], column, code, code or None, rows, True)
        for place, held in enumerate(months)
        for code, rows in held.items()
    ]
    return pl.DataFrame(rows, schema=LABELS, orient="row")


def find(column: str, *months: dict[str, int]) -> list[tuple[date, str]]:
    """The months that are found, and the value."""
    return audit_shares(labels(column, *months), NOTHING_FOUND).select("month", "value").rows()


def test_a_month_of_other_outcomes_is_found_with_its_share_and_that_of_the_months_around():
    odd = {"no_further_action": 440, "arrest": 150, "community_resolution": 300, "": 10}
    held = labels("outcome", *[USUAL] * 5, odd, *[USUAL] * 6)
    (row,) = audit_shares(held, NOTHING_FOUND).rows(named=True)
    assert (row["month"], row["value"], row["rows"], row["of"]) == (MONTHS[5], "community_resolution", 300, 900)
    assert row["share_around"] == pytest.approx(40 / 900)
    assert row["finding"] == (
        'outcome is "Community resolution" in 300 of 900 searches. That is 33.3%; in the months around it is usually '
        "4.4%"
    )


def test_a_month_with_far_more_blanks_is_found_as_not_recorded_and_one_with_far_fewer_too():
    filled, blank = {"W1": 700, "B1": 100, "": 100}, {"W1": 250, "B1": 50, "": 600}
    assert find("self_defined_ethnicity", *[filled] * 6, blank, *[filled] * 6) == [(MONTHS[6], "")]
    assert find("self_defined_ethnicity", *[blank] * 6, filled, *[blank] * 6) == [(MONTHS[6], "W1")]
    assert find("subject", *[{"person": 600, "": 300}] * 6, {"person": 900}) == [(MONTHS[6], "person")]


def test_a_value_that_no_label_table_knows_counts_as_not_recorded():
    held = labels("outcome", *[USUAL] * 6, {"no_further_action": 450, "Sonstiges": 450})
    held = held.with_columns(
        code=pl.when(pl.col("label") == "Sonstiges").then(None).otherwise("code"),
        is_known=pl.col("label") != "Sonstiges",
    )
    assert audit_shares(held, NOTHING_FOUND)["finding"].to_list() == [
        "outcome is not recorded in 450 of 900 searches. That is 50.0%; in the months around it is usually 1.1%"
    ]


@pytest.mark.parametrize(("column", "rare"), [("object_of_search", "fireworks"), ("legislation", "cjpoa_s60")])
def test_an_operation_and_a_season_are_not_found_and_blanks_in_their_columns_are(column, rare):
    usual = {"drugs": 600, rare: 2, "": 8}
    assert not find(column, *[usual] * 6, {"drugs": 400, rare: 200, "": 8}, *[usual] * 6)
    assert find(column, *[usual] * 6, {"drugs": 200, rare: 2, "": 400}, *[usual] * 6) == [(MONTHS[6], "")]


def test_two_months_beside_one_and_months_with_few_searches_are_held_against_nothing():
    odd = {"no_further_action": 100, "community_resolution": 800}
    assert not find("outcome", USUAL, USUAL, odd)
    few = {"no_further_action": 40, "community_resolution": 3}
    assert not find("outcome", *[few] * 8, {"no_further_action": 3, "community_resolution": 40})


def test_a_lasting_change_is_found_once_in_its_first_month():
    before, after = {"true": 450, "false": 450}, {"true": 40, "false": 860}
    held = labels("is_outcome_linked", *[before] * 12, *[after] * 12)
    (row,) = audit_shares(held, NOTHING_FOUND).rows(named=True)
    assert (row["month"], row["value"], row["rows"], row["of"]) == (MONTHS[12], "false", 6 * 860, 6 * 900)
    assert row["finding"] == (
        "the linked flag is false in 5,160 of 5,400 searches of April 2032 to September 2032. That is 95.6%; in the "
        "months before it is usually 50.0%"
    )


def test_of_two_changes_a_year_apart_each_is_found_and_two_months_at_an_end_are_no_change():
    low, high = {"W1": 860, "": 40}, {"W1": 450, "": 450}
    months = [*[low] * 8, *[high] * 8, *[low] * 8]
    assert find("self_defined_ethnicity", *months) == [(MONTHS[8], ""), (MONTHS[16], "W1")]
    assert [month for month, _ in find("self_defined_ethnicity", *[low] * 8, high, high)] == [MONTHS[8], MONTHS[9]]


def test_a_slow_rise_is_no_change():
    assert not find("outcome", *[{"arrest": 100 + 10 * place, "": 900 - 10 * place} for place in range(24)])


def test_a_column_that_was_found_to_say_nothing_is_not_found_again():
    held = labels("subject", *[{"person": 810, "person_and_vehicle": 90}] * 8, {"person": 900})
    assert audit_shares(held, NOTHING_FOUND).height == 1
    known = pl.DataFrame(
        [("fellshire", MONTHS[8], "subject", "person", 900, 900, 1.0, "all")], schema=COLUMNS, orient="row"
    )
    assert audit_shares(held, known).is_empty()


def test_months_whose_shares_wander_more_than_those_of_real_forces_are_hardly_ever_found():
    """400 forces of two years. From month to month the odds of a value move by 0.05 to 0.19 (log) beyond chance in the
    columns of eight real forces; here by a quarter."""
    rng = np.random.default_rng(20)
    frames = []
    for number in range(400):
        usual = np.log(rng.dirichlet([6, 3, 1, 0.5]) + 1e-4)
        wander = usual + rng.normal(0, 0.2, size=(24, 4))
        shares = np.exp(wander) / np.exp(wander).sum(axis=1, keepdims=True)
        months = [
            dict(zip("abc", (int(held) for held in rng.multinomial(rng.integers(60, 2_000), month)), strict=False))
            for month in shares
        ]
        frames.append(labels("outcome", *months).with_columns(force=pl.lit(f"force-{number}")))
    assert audit_shares(pl.concat(frames), NOTHING_FOUND).height <= 2


def test_the_order_of_rows_never_matters():
    odd = {"no_further_action": 440, "arrest": 150, "community_resolution": 300, "": 10}
    held = labels("outcome", *[USUAL] * 5, odd, *[USUAL] * 6)
    assert_frame_equal(audit_shares(held, NOTHING_FOUND), audit_shares(held.reverse(), NOTHING_FOUND))


def test_of_a_real_force_the_spikes_of_one_outcome_are_found_and_parts_give_the_same(records, tmp_path):
    asked = {"records": [records], "forces": ["kent"]}
    spans = [("2019-04", "2019-09"), ("2019-10", "2020-03")]
    whole = read_records(make_settings(asked | {"from": "2019-04", "to": "2020-03"}, where="a test")).audit.shares
    assert whole.select("month", "column", "value", "rows", "of").rows() == [
        (date(2019, 5, 1), "outcome", "community_resolution", 297, 779),
        (date(2019, 8, 1), "is_clothing_removed", "", 704, 704),
        (date(2019, 11, 1), "outcome", "community_resolution", 240, 909),
    ]
    halves = [
        count(make_settings(asked | {"from": first, "to": last}, where="a test"), tmp_path / first)
        for first, last in spans
    ]
    asked_of_parts = {"counts": halves, "from": "2019-04", "to": "2020-03"}
    assert_frame_equal(read_records(make_settings(asked_of_parts, where="a test")).audit.shares, whole)


@pytest.mark.slow
def test_of_eight_real_forces_every_month_that_is_found_was_judged_by_eye(records: Path):
    """Each against its files and the months beside it; nothing else is found in their 192 months."""
    asked = make_settings({"records": [records], "from": "2019-04", "to": "2021-03"}, where="a test")
    found = read_records(asked).audit.shares
    assert found.group_by("force", "column", "value").agg(pl.len()).sort("force", "column", "value").rows() == [
        ("humberside", "outcome", "", 1),
        ("kent", "is_clothing_removed", "", 1),
        ("kent", "is_outcome_linked", "", 2),
        ("kent", "object_of_search", "", 3),
        ("kent", "outcome", "", 5),
        ("kent", "outcome", "community_resolution", 2),
        ("lancashire", "self_defined_ethnicity", "", 4),
        ("south-wales", "object_of_search", "", 1),
        ("west-yorkshire", "is_outcome_linked", "true", 1),
        ("west-yorkshire", "object_of_search", "", 1),
        ("west-yorkshire", "outcome", "", 1),
    ]
