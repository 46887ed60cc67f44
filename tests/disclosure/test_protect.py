"""Protection: a function of the count, and nothing that a suppressed whole is made of."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from disparity.disclosure.protect import (
    THRESHOLD,
    find_suppressed_wholes,
    list_ranges,
    protect,
    protect_cells,
    range_of,
    worst_rounding_error,
)
from disparity.vocabulary.codes import ALL
from support.plan import cells_of

bases = st.sampled_from((5, 10, 15))


def shown(base, *rows):
    return protect_cells(cells_of(*rows), base)["count"].to_list()


@pytest.mark.parametrize(
    ("base", "counts", "figures"),
    [
        (5, (0, 1, 7, 8, 12, 13, 17, 18), (0, None, None, 10, 10, 15, 15, 20)),
        (10, (7, 8, 14, 15, 24, 25), (None, 10, 10, 20, 20, 30)),
        (15, (7, 8, 22, 23, 37, 38), (None, 15, 15, 30, 30, 45)),
    ],
)
def test_one_to_seven_are_suppressed_and_all_others_rounded_to_the_nearest(base, counts, figures):
    assert tuple(protect(count, base) for count in counts) == figures


@given(count=st.integers(0, 10_000), base=bases)
def test_the_range_of_a_figure_is_all_counts_that_are_shown_so_and_no_other(count, base):
    low, high = range_of(protect(count, base), base)
    assert low <= count <= high
    assert {protect(other, base) for other in range(low, high + 1)} == {protect(count, base)}
    assert protect(high + 1, base) != protect(count, base)
    assert low == 0 or protect(low - 1, base) != protect(count, base)


@given(count=st.integers(8, 100_000), base=bases)
def test_every_figure_that_is_shown_leaves_five_counts_possible(count, base):
    low, high = range_of(protect(count, base), base)
    assert high - low >= 4
    assert low >= THRESHOLD


@given(counts=st.lists(st.integers(8, 500), min_size=1, max_size=5), base=bases)
def test_a_total_is_rounded_from_its_own_count_not_from_the_rounded_parts(counts, base):
    total = sum(counts)
    groups = ("Asian", "Black", "Mixed", "White", "Other")
    rows = [(group, ALL, "searches", count) for group, count in zip(groups, counts, strict=False)]
    assert shown(base, (ALL, ALL, "searches", total), *rows) == [
        protect(total, base),
        *(protect(n, base) for n in counts),
    ]


def test_no_part_of_a_suppressed_count_is_shown_not_even_a_zero():
    rows = [("Asian", ALL, "searches", 6), ("Asian", "firearms", "searches", 0), ("Asian", "firearms", "known", 0)]
    assert shown(5, *rows) == [None, None, None]


def test_a_zero_in_a_whole_that_is_shown_is_shown():
    assert shown(5, ("Asian", ALL, "searches", 60), ("Asian", "firearms", "searches", 0)) == [60, 0]


@pytest.mark.parametrize(
    ("known", "found", "figure"),
    [(17, 0, None), (17, 17, None), (17, 8, 10), (18, 0, 0), (18, 18, 20), (60, 0, 0)],
)
def test_an_outcome_of_nobody_or_everybody_in_a_group_shown_as_under_20_is_suppressed(known, found, figure):
    assert shown(5, (ALL, ALL, "known", known), (ALL, ALL, "found", found))[1] == figure


def test_a_suppressed_outcome_of_a_small_group_could_be_none():
    cells = protect_cells(cells_of((ALL, ALL, "known", 12), (ALL, ALL, "found", 0)), 5)
    assert list(list_ranges(cells, 5).values()) == [(8, 12), (0, 7)]


def test_a_part_that_is_shown_although_its_whole_is_not_is_found():
    cells = cells_of(("Asian", ALL, "searches", None), ("Asian", "firearms", "searches", 10))
    assert find_suppressed_wholes(cells) == ["self-defined, Asian, firearms, searches"]


@pytest.mark.parametrize(("shown_as", "base", "points"), [(500, 5, 0.8), (1_000, 5, 0.4), (1_000, 10, 0.9)])
def test_rounding_moves_a_share_by_no_more_than_is_said(shown_as, base, points):
    """By hand: 497 of 498 are shown as 495 of 500; 997 of 998 as 995 of 1,000; 994 of 995 as 990 of 1,000."""
    assert round(100 * worst_rounding_error(shown_as, base), 1) == points


def test_a_part_of_a_zero_that_is_shown_is_shown_as_zero_though_another_whole_is_suppressed():
    rows = [(ALL, "firearms", "searches", 0), ("Asian", ALL, "searches", 5), ("Asian", "firearms", "searches", 0)]
    assert shown(15, *rows) == [0, None, 0]
    assert find_suppressed_wholes(protect_cells(cells_of(*rows), 15)) == []


def test_a_month_of_a_year_without_finds_has_none_though_its_searches_are_suppressed():
    year = cells_of((ALL, ALL, "searches", 40), (ALL, ALL, "known", 40), (ALL, ALL, "found", 0))
    month = cells_of((ALL, ALL, "searches", 3), (ALL, ALL, "known", 3), (ALL, ALL, "found", 0))
    both = pl.concat([year, month.with_columns(period_to="period_from")])
    assert protect_cells(both, 15)["count"].to_list() == [45, 45, 0, None, None, 0]
    assert find_suppressed_wholes(protect_cells(both, 15)) == []
