"""The combined verdict: its table, word for word, and its rows."""

import polars as pl
import pytest

from disparity.analysis.comparisons import HIGHER, LOWER, UNCLEAR, UNCOMPARED, UNMEASURED, compare
from disparity.analysis.reasons.rows import REASON_COLUMNS
from disparity.analysis.reasons.verdicts import ASSUMPTION, combine_tests, combine_verdicts
from disparity.vocabulary.codes import ALL, OFFICER_DEFINED
from support.cells import cell, estimate_cells, row_of

NOTHING = "no clear difference"


@pytest.mark.parametrize(
    ("search_rate", "find_rate", "verdict"),
    [
        (HIGHER, LOWER, "lower threshold: searched more and found less"),
        (LOWER, HIGHER, "higher threshold: searched less and found more"),
        (HIGHER, HIGHER, "inconclusive: searched more and found more"),
        (LOWER, LOWER, "inconclusive: searched less and found less"),
        (HIGHER, UNCLEAR, f"inconclusive: searched more, {NOTHING} in find rates"),
        (LOWER, UNCLEAR, f"inconclusive: searched less, {NOTHING} in find rates"),
        (UNCLEAR, HIGHER, f"inconclusive: {NOTHING} in search rates, found more"),
        (UNCLEAR, LOWER, f"inconclusive: {NOTHING} in search rates, found less"),
        (UNCLEAR, UNCLEAR, f"inconclusive: {NOTHING} in search rates or find rates"),
        (HIGHER, UNMEASURED, "not available: find rates not measurable"),
        (HIGHER, UNCOMPARED, "not available: find rates not compared"),
        (UNMEASURED, LOWER, "not available: search rates not measurable"),
        (UNCOMPARED, UNMEASURED, "not available: search rates not compared, find rates not measurable"),
    ],
)
def test_the_verdict_is_worded(search_rate, find_rate, verdict):
    assert combine_verdicts(search_rate, find_rate) == verdict


def test_the_assumption_is_one_sentence_that_names_the_benchmark():
    assert ASSUMPTION.count(".") == 1
    assert "residents are the people who could be searched" in ASSUMPTION


def combine(*cells, **settings):
    """Verdicts on self-defined ethnicity."""
    frame = combine_tests(compare(estimate_cells(*cells, **settings)))
    return frame.filter(pl.col("analysis") == "combined_verdict")


def both(black, white, search_type="other"):
    """Finds and searches of Black and White people: 10,000 and 1,000,000 residents."""
    return [
        cell(group, search_type, found=found, not_found=searches - found)
        for group, (found, searches) in {"Black": black, "White": white}.items()
    ]


@pytest.mark.parametrize(
    ("black", "white", "verdict"),
    [
        ((10, 200), (2_000, 8_000), "lower threshold: searched more and found less"),
        ((60, 100), (4_000, 40_000), "higher threshold: searched less and found more"),
        ((120, 200), (800, 8_000), "inconclusive: searched more and found more"),
        ((50, 200), (2_000, 8_000), f"inconclusive: searched more, {NOTHING} in find rates"),
        ((3, 9), (2_000, 8_000), "not available: search rates not compared, find rates not compared"),
        ((9, 49), (2_000, 8_000), "not available: find rates not compared"),
    ],
)
def test_the_verdict_of_rates_that_lie_far_apart(black, white, verdict):
    row = row_of(combine(*both(black, white)), component=ALL, ethnic_group="Black")
    assert row["note"] == verdict
    assert (row["analysis"], row["lower"], row["upper"]) == ("combined_verdict", None, None)


def test_the_value_is_the_ratio_of_search_rates():
    """200 of 10,000 against 8,000 of 1,000,000."""
    frame = combine(*both((10, 200), (2_000, 8_000)))
    assert row_of(frame, component=ALL, ethnic_group="Black")["value"] == pytest.approx(2.5)
    assert frame.columns == REASON_COLUMNS


def test_a_type_has_a_row_where_its_search_rates_are_tested_and_all_types_always_have_one():
    frame = combine(*both((10, 200), (2_000, 8_000)), *both((1, 9), (200, 800), "firearms"))
    own = frame.filter(pl.col("ethnic_group") == "Black")
    assert sorted(own["component"]) == [ALL, "other"]
    untested = frame.filter(pl.col("ethnic_group") == "Asian")
    assert untested["note"].to_list() == ["not available: search rates not compared, find rates not compared"]


def test_find_rates_that_cannot_be_measured_are_named_as_what_is_lacking():
    blank = {"found": 0, "not_found": 0, "outcomes": 0}
    cells = [cell("Black", searches=200, **blank), cell("White", searches=8_000, **blank)]
    row = row_of(combine(*cells), component=ALL, ethnic_group="Black")
    assert row["note"] == "not available: find rates not measurable"


def test_each_ethnicity_basis_has_its_verdict_and_the_analysis_says_which():
    cells = both((10, 200), (2_000, 8_000))
    seen = [row | {"ethnicity_basis": OFFICER_DEFINED} for row in cells]
    frame = combine_tests(compare(estimate_cells(*cells, *seen)))
    assert set(frame["analysis"]) == {"combined_verdict", "combined_verdict_officer_defined"}
