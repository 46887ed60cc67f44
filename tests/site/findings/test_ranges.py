"""How far apart two rates are, in words: one range, the reason for no clear difference, what a verdict depends on."""

import pytest

from disparity.analysis.sensitivity.statements import DEPENDENCIES
from disparity.site.findings import ranges
from disparity.site.findings.ranges import (
    name_verdict,
    say_depends,
    say_points,
    say_times,
    say_unclear,
    say_verdicts,
)
from disparity.site.published_figures import Row, plain


def comparison(lower, upper, verdict="no clear difference", **values):
    named = {"measure": "search_rate", "range_lower": lower, "range_upper": upper, "verdict": verdict}
    return Row("comparisons", 1, named | values)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"p_value": 0.01, "level": 0.005}, "the number of comparisons is"),
        ({"p_value": 0.0499, "level": 0.005}, "the number of comparisons is"),
        ({"p_value": 0.05, "level": 0.005}, "chance is"),
        ({"p_value": 0.05, "design_effect": None}, "chance is"),
        ({"p_value": 0.2, "design_effect": 1.0}, "chance is"),
        ({"p_value": 0.2, "design_effect": 2.5}, "days with many searches are"),
        ({"p_value": 0.01, "design_effect": 2.5}, "the number of comparisons is"),
        # Protected counts give p as the end of its band: 0.05 is any p up to it.
        ({"p_value": 0.05, "places": 1}, "rounding and the number of comparisons are"),
        ({"p_value": 0.1, "places": 1}, "rounding and chance are"),
    ],
)
def test_the_reason_for_no_clear_difference_is_the_one_that_decided(values, reason):
    for ends, equal in (((1.02, 1.9), 1), ((0.4, 0.98), 1), ((0.01, 0.09), 0), ((-0.09, -0.01), 0)):
        assert say_unclear(comparison(*ends, **values), equal) == f"no clear difference once {reason} allowed for"


@pytest.mark.parametrize("ends", [(0.9, 1.9), (1, 1.9), (0.5, 1), (0.9, None), (None, None)])
def test_a_range_that_holds_equal_rates_needs_no_reason(ends):
    assert say_unclear(comparison(*ends, p_value=0.01, level=0.005), 1) == "no clear difference"


@pytest.mark.parametrize(
    ("verdict", "ends", "said"),
    [
        ("higher", (0.0111, 0.1072), "1.1 to 10.7 percentage points higher"),
        ("lower", (-0.1072, -0.0111), "1.1 to 10.7 percentage points lower"),
    ],
)
def test_a_stated_difference_of_shares_has_its_direction_in_words(verdict, ends, said):
    assert plain(say_points(comparison(*ends, verdict))) == said


def test_a_range_without_an_end_says_what_there_is():
    assert plain(say_times(comparison(3.42, None))) == "at least 3.4 times the rate"


def test_more_than_two_things_that_a_verdict_depends_on_are_named_briefly():
    """In full they would be a sentence of over thirty words."""
    two, all_of_them = (
        say_depends(comparison(1, 2, depends_on=",".join(names))) for names in (DEPENDENCIES[:2], DEPENDENCIES)
    )
    assert "which count of residents is used" in two
    assert "the count of residents, unknown ethnicity" in all_of_them
    assert max(len(said.split()) for said in (two, all_of_them)) <= 30


ONE_SIDE = "Every plausible count points the same way, but it still"


@pytest.mark.parametrize(
    ("measure", "lower", "upper", "words"),
    [
        ("search_rate", 0.53, 0.80, ONE_SIDE),
        ("search_rate", 1.05, 5.30, ONE_SIDE),
        ("search_rate", 0.93, 5.30, "Whether there is a difference"),
        ("search_rate", 1.05, None, "Whether there is a difference"),
        ("find_rate", 0.01, 0.05, ONE_SIDE),
        ("find_rate", -0.05, 0.80, "Whether there is a difference"),
    ],
)
def test_a_verdict_that_depends_says_where_its_range_is_all_on_one_side(measure, lower, upper, words):
    """A census too far away can undo a verdict and is in no range: 0.53 to 0.80 was read beside "whether"."""
    row = comparison(lower, upper, "depends", measure=measure, depends_on="census")
    assert say_depends(row) == f" {words} depends on which count of residents is used."


def test_the_verdicts_on_all_groups_are_said_in_one_breath_and_each_as_the_table_has_it():
    verdicts = {"Asian": "no clear difference", "Black": "higher", "Mixed": "lower", "Other": "depends"}
    tested = [(group, comparison(0, 1, verdict), verdict) for group, verdict in verdicts.items()]
    assert say_verdicts(tested, "The find rate") == (
        "The find rate was higher for the Black group than for the White group. "
        "The find rate was lower for the Mixed group than for the White group. "
        "The find rate showed no clear difference between the White group and the Asian group. "
        "For the Other group, whether there is a difference depends on what is assumed."
    )
    alike = [(group, row, "no clear difference") for group, row, _ in tested]
    assert say_verdicts(alike, "The find rate") == (
        "The find rate showed no clear difference between the White group and the Asian, Black, Mixed and Other groups."
    )
    assert say_verdicts([], "The find rate") == ""


def test_a_verdict_in_a_table_names_all_that_it_depends_on():
    row = comparison(1.1, 2.0, "depends", depends_on="census,unknown_ethnicity")
    assert name_verdict(row) == "Depends on the count of residents and unknown ethnicity"
    assert name_verdict(comparison(1.1, 2.0, "higher")) == "Higher"


def test_there_are_words_for_all_that_a_verdict_can_depend_on():
    assert set(ranges.DEPENDENCIES) == set(ranges.SHORT) == set(DEPENDENCIES)
