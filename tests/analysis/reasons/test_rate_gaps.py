"""Find-rate gaps over types of search against hand."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disparity.analysis.comparisons import compare
from disparity.analysis.reasons.rate_gaps import decompose_find_rate_changes, decompose_find_rate_gaps
from disparity.analysis.reasons.rows import REASON_COLUMNS
from disparity.vocabulary.codes import ALL, OFFICER_DEFINED
from support.cells import (
    APRIL,
    FORCE,
    YEAR,
    cell,
    count,
    estimate_cells,
    estimate_exactly,
    files,
    people,
    period_of,
    row_of,
)

BEFORE = list(pl.date_range(pl.date(2021, 4, 1), pl.date(2022, 3, 1), "1mo", eager=True))
EFFECTS = ["rate_effect", "mix_effect"]


def finds(group, found, searches, search_type="drugs_unspecified", *, month=APRIL):
    return cell(group, search_type, found=found, not_found=searches - found, month=month)


# Drugs 30 of 100 and 50 of 100, weapons 10 of 100 and 60 of 300.
CELLS = [
    finds("Black", 30, 100),
    finds("Black", 10, 100, "offensive_weapons"),
    finds("White", 50, 100),
    finds("White", 60, 300, "offensive_weapons"),
]


def split(*cells, **settings):
    estimates = estimate_cells(*cells, **settings)
    return decompose_find_rate_gaps(estimates, compare(estimates))


def component(frame, name, group="Black"):
    return row_of(frame, component=name, ethnic_group=group)


def value(frame, name, group="Black"):
    return component(frame, name, group)["value"]


def test_a_gap_is_split_as_worked_by_hand():
    """20% - 27.5%. Rates: 3/8 (-0.2) + 5/8 (-0.1) = -0.1375; mix: 0.4 x 1/4 - 0.15 x 1/4 = 0.0625."""
    frame = split(*CELLS)
    assert [value(frame, name) for name in ("gap", *EFFECTS)] == pytest.approx([-0.075, -0.1375, 0.0625])
    types = [value(frame, f"rate_effect: {name}") for name in ("drugs", "offensive_weapons")]
    assert types == pytest.approx([-0.075, -0.0625])
    assert frame.columns == REASON_COLUMNS
    assert set(frame["analysis"]) == {"find_rate_gap"}


def test_the_gap_and_its_limits_are_those_of_the_comparison():
    estimates = estimate_cells(*CELLS)
    comparisons = compare(estimates)
    gap = component(decompose_find_rate_gaps(estimates, comparisons), "gap")
    published = row_of(comparisons, measure="find_rate", ethnic_group="Black")
    assert [gap["value"], gap["lower"], gap["upper"]] == pytest.approx(
        [published[name] for name in ("difference", "difference_lower", "difference_upper")]
    )
    assert gap["note"] == "Newcombe limits"


def test_limits_of_the_rate_effect_of_one_type_are_those_of_two_proportions():
    """0.3 x 0.7 / 100 + 0.5 x 0.5 / 200 = 0.00335; x 1.959964 of its root = 0.113442."""
    frame = split(finds("Black", 30, 100), finds("White", 100, 200))
    effect = component(frame, "rate_effect")
    assert [effect["lower"], effect["upper"]] == pytest.approx([-0.2 - 0.113442, -0.2 + 0.113442], abs=1e-6)
    assert value(frame, "mix_effect") == pytest.approx(0)


def test_a_type_that_one_group_is_not_searched_for_is_mix_and_has_no_row():
    frame = split(*CELLS, finds("White", 80, 100, "firearms"))
    gap = 40 / 200 - 190 / 500
    assert value(frame, "rate_effect") + value(frame, "mix_effect") == pytest.approx(gap)
    assert "rate_effect: firearms" not in frame["component"]


@pytest.mark.parametrize(("searches", "has_limits"), [(49, False), (50, True), (51, True)])
def test_limits_of_a_type_need_fifty_searches_of_both(searches, has_limits):
    frame = split(*CELLS, finds("Black", 9, searches, "firearms"), finds("White", 9, 80, "firearms"))
    row = component(frame, "rate_effect: firearms")
    assert (row["lower"] is not None) == has_limits
    assert row["note"].endswith("fewer than 50 searches of the type in one of the two") != has_limits


@pytest.mark.parametrize(
    "cells",
    [
        [finds("Black", 9, 49), finds("White", 50, 100)],
        [cell("Black", found=40, not_found=60, searches=200), cell(found=600, not_found=600)],
        # 30 actions of a type and never a find: its flag is not in use.
        [*CELLS, cell("White", "stolen_property", not_found=90, actions=30, not_found_after_action=30)],
    ],
    ids=["small", "partial", "flag not in use"],
)
def test_a_gap_that_is_not_compared_is_not_split(cells):
    frame = split(*cells)
    assert frame.is_empty()
    assert frame.columns == REASON_COLUMNS


def test_possession_and_supply_stand_apart_only_where_the_records_separate_them():
    def drugs(name):
        return [
            finds("Black", 30, 100, f"drugs_{name}"),
            finds("White", 50, 100, f"drugs_{name}"),
            *(finds(group, 20, 90, "other") for group in ("Black", "White")),
        ]

    mixed = split(*drugs("unspecified"), *drugs("possession"))
    assert set(mixed["component"]) >= {"rate_effect: drugs", "rate_effect: other"}
    assert not [name for name in mixed["component"] if "drugs_" in name]
    apart = split(*drugs("possession"), *drugs("supply"))
    assert set(apart["component"]) >= {"rate_effect: drugs_possession", "rate_effect: drugs_supply"}
    assert "rate_effect: drugs" not in apart["component"]
    assert value(apart, "rate_effect") + value(apart, "mix_effect") == pytest.approx(value(apart, "gap"))


def test_each_ethnicity_basis_is_split_and_the_analysis_says_which():
    frame = split(*CELLS, *(row | {"ethnicity_basis": OFFICER_DEFINED} for row in CELLS))
    assert set(frame["analysis"]) == {"find_rate_gap", "find_rate_gap_officer_defined"}


numbers = st.integers(0, 400)


@pytest.mark.slow
@settings(max_examples=6, deadline=None)
@given(st.lists(st.tuples(numbers, numbers, numbers, numbers), min_size=3, max_size=3))
def test_the_effects_add_up_to_the_gap_and_the_types_to_the_rate_effect(rows):
    types = ("drugs_unspecified", "firearms", "other")
    cells = [
        finds(group, found, found + missed, name)
        for name, (a, b, c, d) in zip(types, rows, strict=True)
        for group, found, missed in (("Black", a, b), ("White", c, d))
    ]
    frame = split(*cells)
    if not frame.is_empty():
        parts = dict(frame.select("component", "value").iter_rows())
        assert parts["gap"] == pytest.approx(sum(parts[name] for name in EFFECTS), abs=1e-12)
        of_types = [part for name, part in parts.items() if name.startswith("rate_effect:")]
        assert parts["rate_effect"] == pytest.approx(sum(of_types), abs=1e-12)


# Change


def change(first, second):
    months, spans = [*BEFORE, *YEAR], pl.concat([period_of(BEFORE), period_of()])
    population = pl.concat([people(months=BEFORE), people()])
    estimates = estimate_exactly(count(*first, *second), population, files(forces=(FORCE,), months=months), spans)
    return decompose_find_rate_changes(estimates)


def test_a_change_of_a_find_rate_is_split_as_the_gap_of_two_groups_is():
    """White people: 60 of 300 and 50 of 100, then 10 of 100 and 30 of 100: the figures of the gap above."""
    first = [
        finds("White", 50, 100, month=BEFORE[0]),
        finds("White", 60, 300, "offensive_weapons", month=BEFORE[0]),
    ]
    second = [finds("White", 30, 100), finds("White", 10, 100, "offensive_weapons")]
    frame = change(first, second)
    for group in ("White", ALL):
        parts = [value(frame, name, group) for name in ("change", *EFFECTS)]
        assert parts == pytest.approx([-0.075, -0.1375, 0.0625])
    row = component(frame, "change", "White")
    assert (row["period_from"], row["reference_group"], row["analysis"]) == (APRIL, None, "find_rate_change")
    assert row["note"] == "Newcombe limits; against 2021-04 to 2022-03"


def test_a_type_that_is_new_in_the_later_period_is_mix():
    """50 of 100, then 50 of 100 and 90 of 100 of another type: 0.9 x 1/2 - 0.5 x 1/2."""
    first = [finds("White", 50, 100, month=BEFORE[0])]
    frame = change(first, [finds("White", 50, 100), finds("White", 90, 100, "firearms")])
    assert value(frame, "rate_effect", "White") == pytest.approx(0)
    assert value(frame, "mix_effect", "White") == pytest.approx(0.2)


@pytest.mark.parametrize(
    "second",
    [
        [finds("White", 20, 49)],
        [cell(found=40, not_found=60, searches=200)],
        [*CELLS, cell("White", "stolen_property", not_found=90, actions=30, not_found_after_action=30)],
    ],
    ids=["small", "partial", "flag not in use"],
)
def test_a_change_needs_two_years_that_are_measured_and_use_the_flag(second):
    first = [finds("White", 50, 100, month=BEFORE[0])]
    assert change(first, second).is_empty()
    assert change(second, first).is_empty()
