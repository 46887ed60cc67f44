"""What the design effect of a restricted publication could tell of people."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from disparity.disclosure.design_effects import FEWEST_SEARCHES, FEWEST_SHOWN, STEP, summarise_design_effect
from disparity.disclosure.protect import BASE, protect
from disparity.records.counts import add_counts, count_searches
from support.builders import ASIAN, BLACK, WHITE, code


def make_rows(black, *, white=30, asian=0, found="True", days=28):
    """Searches of Black people on these days of a month, so many of White people a day, of Asian people on the 3rd."""
    times = [f"2019-04-{day:02}T12:00:00+00:00" for day in range(1, days + 1)]
    rows = [{"searched_at": time, "self_defined_ethnicity": WHITE} for time in times for _ in range(white)]
    rows += [{"searched_at": times[day], "self_defined_ethnicity": BLACK, "is_outcome_linked": found} for day in black]
    return rows + [{"searched_at": times[2], "self_defined_ethnicity": ASIAN}] * asian


def effect(rows):
    (value,) = summarise_design_effect(count_searches(code(rows)))["design_effect"]
    return value


EVEN = [day for day in range(28) for _ in range(4)]
TOGETHER = [0] * 112


def test_searches_spread_evenly_have_less_than_those_that_come_together():
    assert effect(make_rows(EVEN)) == 1
    assert effect(make_rows(TOGETHER)) > 10 * STEP


def test_a_group_that_is_small_has_no_part_in_it():
    for asian in (0, 1, 7, FEWEST_SEARCHES - 1):
        assert effect(make_rows(EVEN, asian=asian)) == 1


@pytest.mark.slow
def test_which_groups_have_a_part_in_it_is_told_by_what_is_shown_of_them():
    """Of 99 and of 100 searches the same is shown: that there is a number must not tell them apart."""
    counted = range(80, 130)
    has_part = [effect(make_rows(EVEN, asian=count)) > 1 for count in counted]
    shown = [protect(count, BASE) for count in counted]
    assert has_part == [count >= FEWEST_SHOWN for count in shown]


def test_what_was_found_has_no_part_in_it():
    assert effect(make_rows(TOGETHER, found="True")) == effect(make_rows(TOGETHER, found="False"))


@pytest.mark.slow
def test_every_count_that_fits_is_possible_with_the_number_that_is_published():
    """Whoever runs the rule on other counts finds days that give the same number: it rules none of them out."""
    published = 3.0

    def spread(searches, *, first, other):
        return [0 if day < first else 14 if day < first + other else day % 28 for day in range(searches)]

    for searches in range(FEWEST_SEARCHES, FEWEST_SEARCHES + 15):
        ways = (
            spread(searches, first=first, other=other)
            for other in (0, 8, 10, 12, 14, 6)
            for first in (14, 13, 12, 15, 11, 10)
        )
        assert any(effect(make_rows(days)) == published for days in ways), searches


def test_it_is_of_all_months_and_of_parts_as_of_the_whole():
    rows = make_rows(EVEN)
    april, may = code(rows), code(rows, month="2019-05")
    shifted = may.with_columns(pl.col("searched_at").dt.offset_by("1mo"))
    parts = add_counts([count_searches(april), count_searches(shifted)])
    assert summarise_design_effect(parts)["design_effect"].to_list() == [1.0]
    few = replace(parts, clusters=parts.clusters.clear())
    assert summarise_design_effect(few).is_empty()
    assert np.isclose(STEP, 0.5)
