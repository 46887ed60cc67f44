"""Linked flags that are not in use count as not recorded, in every table of counts alike."""

from dataclasses import replace

import polars as pl
import pytest

from disparity.records.unused_flags import find_unused_types, set_unused_flags_aside
from disparity.vocabulary.codes import FIND_COUNTS, SELF_DEFINED
from support.cells import APRIL, MARCH, YEAR, cell, count, period_of

KEYS = ["force"]
IN_USE = cell("White", "firearms", found=100, not_found=400)


def never(actions, searches=500, search_type="going_equipped", **counted):
    """A type of search whose actions are all recorded as not linked."""
    flagged = {"actions": actions, "not_found_after_action": actions - counted.get("found", 0)}
    return cell("White", search_type, searches=searches, **(flagged | counted))


def unused(*cells):
    return sorted(find_unused_types(count(*cells).cells, KEYS)["search_type"])


@pytest.mark.parametrize(
    ("counted", "is_unused"),
    [
        ({"actions": 29}, False),
        ({"actions": 30}, True),
        ({"actions": 31}, True),
        ({"actions": 30, "searches": 40}, True),
        ({"actions": 30, "found": 1}, False),
    ],
    ids=["29 actions", "30 actions", "31 actions", "few searches", "linked once"],
)
def test_a_flag_that_30_actions_of_a_type_never_set_is_not_in_use(counted, is_unused):
    assert unused(IN_USE, never(**counted)) == ["going_equipped"] * is_unused


def test_a_flag_that_no_drug_search_sets_is_not_in_use_in_any_part_of_drugs():
    parts = [never(15, search_type=kind) for kind in ("drugs_possession", "drugs_supply")]
    assert unused(IN_USE, *parts) == ["drugs_possession", "drugs_supply"]


def test_a_flag_that_no_search_of_a_force_sets_is_not_in_use_in_any_type():
    assert unused(never(29), never(1, search_type="firearms")) == ["firearms", "going_equipped"]


def test_actions_of_such_a_type_count_as_without_a_flag_and_nothing_else_does():
    counts = count(IN_USE, never(40), never(40, search_type="firearms", found=1))
    changed = set_unused_flags_aside(counts, period_of()).cells
    row = changed.filter(search_type="going_equipped").select(FIND_COUNTS).row(0)
    assert row == (500, 0, 460, 0, 40)
    others = pl.col("search_type") != "going_equipped"
    assert changed.filter(others).equals(counts.cells.filter(others))


def test_each_period_is_judged_by_itself():
    """20 actions a month: of two periods of a month neither is judged, of one of two months it is."""
    months = [(never(20) | {"month": month}, IN_USE | {"month": month}) for month in (APRIL, MARCH)]
    counts = count(*(row for month in months for row in month))
    apart = pl.DataFrame({"month": [APRIL, MARCH], "period_from": [APRIL, MARCH], "period_to": [APRIL, MARCH]})
    assert set_unused_flags_aside(counts, apart).cells["unknown_after_action"].sum() == 0
    assert set_unused_flags_aside(counts, period_of(YEAR)).cells["unknown_after_action"].sum() == 40


def test_profiles_lose_the_status_that_cells_lose():
    key = {"force": "lancashire", "month": APRIL, "self_defined_group": "White", "officer_defined_group": "White"}
    rows = [
        key | {"search_type": "going_equipped", "outcome_kind": kind, "find_status": "not_found", "searches": searches}
        for kind, searches in (("arrest", 30), ("other_action", 10), ("no_further_action", 460))
    ]
    counts = count(IN_USE, never(40))
    profiles = pl.DataFrame(rows, schema=counts.profiles.schema)
    changed = set_unused_flags_aside(replace(counts, profiles=profiles), period_of()).profiles
    assert dict(changed.select("outcome_kind", "find_status").iter_rows()) == {
        "arrest": "unknown",
        "other_action": "unknown",
        "no_further_action": "not_found",
    }
    assert changed["searches"].sum() == 500


def test_the_same_counts_are_set_aside_only_once():
    once = set_unused_flags_aside(count(IN_USE, never(40)), period_of())
    assert set_unused_flags_aside(once, period_of()).cells.equals(once.cells)
    assert find_unused_types(once.cells.filter(ethnicity_basis=SELF_DEFINED), KEYS)["search_type"].to_list() == [
        "going_equipped"
    ]
