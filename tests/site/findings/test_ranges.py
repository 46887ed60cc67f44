"""How far apart two rates are, in words: one range, the reason for no clear difference, what a verdict depends on."""

import pytest

from disparity.analysis.sensitivity.statements import DEPENDENCIES
from disparity.site.findings import ranges
from disparity.site.findings.ranges import name_verdict, put_in_brackets, say_points, say_times, say_unclear
from disparity.site.published_figures import Row, plain

MINUS = "\N{MINUS SIGN}"


def comparison(lower, upper, verdict="no clear difference", **values):
    return Row("comparisons", 1, {"range_lower": lower, "range_upper": upper, "verdict": verdict} | values)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"p_value": 0.01, "level": 0.005}, "the number of comparisons is"),
        ({"p_value": 0.0499, "level": 0.005}, "the number of comparisons is"),
        ({"p_value": 0.05, "level": 0.005}, "chance is"),
        ({"p_value": 0.05, "design_effect": None}, "chance is"),
        ({"p_value": 0.2, "design_effect": 1.0}, "chance is"),
        ({"p_value": 0.2, "design_effect": 2.5}, "days and operations with many searches are"),
        ({"p_value": 0.01, "design_effect": 2.5}, "the number of comparisons is"),
        # Protected counts give p as the end of its band: 0.05 is any p up to it.
        ({"p_value": 0.05, "places": 1}, "rounding and the number of comparisons are"),
        ({"p_value": 0.1, "places": 1}, "rounding and chance are"),
    ],
)
def test_the_reason_for_no_clear_difference_is_the_one_that_decided(values, reason):
    for ends, equal in (((1.02, 1.9), 1), ((0.4, 0.98), 1), ((0.01, 0.09), 0), ((-0.09, -0.01), 0)):
        assert say_unclear(comparison(*ends, **values), equal) == f"not clear once {reason} allowed for"


@pytest.mark.parametrize("ends", [(0.9, 1.9), (1, 1.9), (0.5, 1), (0.9, None), (None, None)])
def test_a_range_that_holds_equal_rates_needs_no_reason(ends):
    assert say_unclear(comparison(*ends, p_value=0.01, level=0.005), 1) == "no clear difference"


@pytest.mark.parametrize(
    ("verdict", "ends", "said"),
    [
        ("higher", (0.0111, 0.1072), "1.1 to 10.7 percentage points higher"),
        ("lower", (-0.1072, -0.0111), "1.1 to 10.7 percentage points lower"),
        ("depends", (0.0111, 0.1072), "from +1.1 to +10.7 percentage points"),
        ("no clear difference", (-0.0217, 0.0641), f"from {MINUS}2.2 to +6.4 percentage points"),
    ],
)
def test_a_difference_of_shares_has_a_direction_only_where_it_is_stated(verdict, ends, said):
    assert plain(say_points(comparison(*ends, verdict))) == said


def test_a_range_without_an_end_says_what_there_is():
    assert plain(say_times(comparison(3.42, None))) == "at least 3.4 times the rate"
    assert put_in_brackets(comparison(None, None), ("nothing",)) == ()


def test_a_verdict_in_a_table_names_all_that_it_depends_on():
    row = comparison(1.1, 2.0, "depends", depends_on="census,unknown_ethnicity")
    assert name_verdict(row) == "Depends on the count of residents and unknown ethnicity"
    assert name_verdict(comparison(1.1, 2.0, "higher")) == "Higher"


def test_there_are_words_for_all_that_a_verdict_can_depend_on():
    assert set(ranges.DEPENDENCIES) == set(ranges.SHORT) == set(DEPENDENCIES)
