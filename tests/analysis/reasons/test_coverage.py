"""Unknown results that one group has more of, counted all as finds and all as none; worked by hand."""

import polars as pl
import pytest

from disparity.analysis.comparisons import compare
from disparity.analysis.measures.entries import TOLD_MEASURES
from disparity.analysis.reasons.coverage import COVERED, SHIFT_COLUMNS, shift_coverage
from disparity.vocabulary.codes import ALL
from support.cells import cell, estimate_cells, row_of

SHIFTS = ("excess", "ratio_none", "ratio_all", "difference_none", "difference_all")


def shift(*cells, measure="find_rate", group="Black", search_type=ALL):
    estimates = estimate_cells(*cells)
    frame = shift_coverage(estimates, compare(estimates))
    assert frame.columns == SHIFT_COLUMNS
    row = row_of(frame, measure=measure, ethnic_group=group, search_type=search_type)
    return [row[name] for name in SHIFTS]


WHITE = cell("White", found=200, not_found=800)


def test_the_group_that_is_covered_less_lacks_results():
    """Black: 100 searches, 96 known, 24 found; White 1,000 known. e = 100 x (1 - 0.96) = 4: 24 / 100 and 28 / 100."""
    black = cell("Black", searches=100, found=24, not_found=72, outcomes=96, actions=24)
    assert shift(black, WHITE) == pytest.approx([4, 0.24 / 0.2, 0.28 / 0.2, 0.04, 0.08])


def test_the_reference_group_may_be_the_one_that_lacks_them():
    """White: 1,000 searches, 960 known, 192 found. e = 40: 192 / 1,000 and 232 / 1,000, against 0.25."""
    black, white = (
        cell("Black", found=25, not_found=75),
        cell("White", searches=1_000, found=192, not_found=768, outcomes=960),
    )
    assert shift(black, white) == pytest.approx([40, 0.25 / 0.192, 0.25 / 0.232, 0.25 - 0.192, 0.25 - 0.232])


def test_only_what_one_group_lacks_more_than_the_other_is_shifted():
    """Coverage 0.96 and 0.98: e = 100 x 0.02 = 2 of the 4: 24 / 98 and 26 / 98, against 196 / 980."""
    black = cell("Black", searches=100, found=24, not_found=72, outcomes=96, actions=24)
    white = cell("White", searches=1_000, found=196, not_found=784, outcomes=980, actions=196)
    assert shift(black, white) == pytest.approx([2, 24 / 98 / 0.2, 26 / 98 / 0.2, 24 / 98 - 0.2, 26 / 98 - 0.2])


def test_arrests_are_shifted_by_the_outcomes_that_are_recorded():
    black = cell("Black", searches=100, found=10, not_found=86, outcomes=96, arrests=12, actions=12)
    white = cell("White", searches=1_000, found=100, not_found=900, arrests=100)
    assert shift(black, white, measure="arrest_rate") == pytest.approx([4, 1.2, 1.6, 0.02, 0.06])


@pytest.mark.parametrize("black", [cell("Black", found=25, not_found=75), cell("Black", found=5, not_found=15)])
def test_nothing_is_shifted_where_coverage_does_not_differ(black):
    assert shift(black, WHITE) == [None] * 5


def test_the_same_coverage_of_other_sizes_is_the_same():
    """0.97 and 0.97, by counts whose quotients differ in the last bit."""
    sizes = {"Black": 300, "White": 700}
    cells = [cell(name, searches=n, found=n // 5, not_found=n * 97 // 100 - n // 5) for name, n in sizes.items()]
    assert shift(*cells) == [None] * 5


def test_nothing_is_shifted_where_nothing_is_compared():
    black = cell("Black", searches=100, found=0, not_found=50, actions=50, unknown_after_action=50)
    assert shift(black, WHITE) == [None] * 5


def test_a_ratio_to_no_find_at_all_is_null():
    black, white = cell("Black", searches=100, found=24, not_found=72, outcomes=96), cell("White", not_found=1_000)
    excess, none, every, *differences = shift(black, white)
    assert (none, every) == (None, None)
    assert [excess, *differences] == pytest.approx([4, 0.24, 0.28])


def test_every_comparison_of_a_rate_that_can_be_unknown_has_a_row():
    estimates = estimate_cells(cell("Black", found=25, not_found=75), WHITE)
    comparisons = compare(estimates)
    assert [
        *("find_rate", "arrest_rate", "action_rate", "clothing_removed_rate"),
        *("arrest_after_find_rate", "action_after_find_rate"),
        *(measure.name for measure in TOLD_MEASURES),
    ] == COVERED
    assert shift_coverage(estimates, comparisons).height == comparisons.filter(pl.col("measure").is_in(COVERED)).height
