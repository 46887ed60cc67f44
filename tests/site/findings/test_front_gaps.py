"""What the front page says of Black and White people: the words of the verdict, and why where there is none."""

import pytest

from disparity.site.findings.front_gaps import find_largest, say_found, say_search_range, say_searched
from disparity.site.published_figures import plain
from support.findings import FINDS, RATES, comparison_row, difference_row, estimate_row, evidence_of, quality, ratio_row

VERDICTS = {
    "higher": "Black people were searched about three times as often as White people",
    "lower": "Black people were searched about a tenth less often than White people",
    "depends": "whether Black people were searched more often than White people depends on the count of residents",
    "no clear difference": "there is no clear difference between how often Black people and White people were searched",
    "not compared": "cannot be known from these records, because there are too few searches to compare",
    "not measurable": "cannot be known from these records, because there is no count of residents",
}


@pytest.mark.parametrize("verdict", VERDICTS)
def test_how_often_people_were_searched_is_in_the_words_of_the_verdict(verdict):
    numbers = {"lower": (0.9, 0.8, 0.95), "no clear difference": (1.1, 0.9, 1.3)}.get(verdict, (2.9, 2.5, 3.4))
    status = {"not compared": "small", "not measurable": "not_measurable"}.get(verdict, "measured")
    row = ratio_row(verdict, *numbers, depends_on="census", status=status)
    assert VERDICTS[verdict] in plain(say_searched(evidence_of(*RATES, comparisons=[row]), "Black"))


@pytest.mark.parametrize("verdict", VERDICTS)
def test_find_rates_are_in_the_words_of_the_verdict(verdict):
    words = {
        **{"higher": "2.0 to 9.0 percentage points higher", "lower": "9.0 to 2.0 percentage points lower"},
        "depends": "Whether there is a difference depends on results not recorded.",
        "no clear difference": "For Black people it was 24.2%, for White people 18.6%: no clear difference.",
    }
    row = difference_row(verdict, 0.06, 0.02, 0.09, depends_on="flags", status="small")
    said = plain(say_found(evidence_of(estimate_row("find_rate", 0.2), *FINDS, comparisons=[row]), "Black"))
    cannot = "cannot be known from these records, because there are too few searches of Black people."
    assert words.get(verdict, cannot) in said
    assert "Black people" in said
    assert "White people" in said


def test_why_find_rates_cannot_be_known_is_said_once():
    rows = [estimate_row("find_rate", None, group, status="not_measurable") for group in ("All", "Black", "White")]
    row = comparison_row("find_rate", "not measurable", status="not_measurable")
    evidence = evidence_of(*rows, items=quality(link=1.0), comparisons=[row])
    assert plain(say_found(evidence, "Black")) == "Nor can it be known for Black people and White people."


def test_where_a_difference_is_not_clear_what_would_have_shown_is_said():
    row = ratio_row("no clear difference", 1.1, 0.9, 1.3, smallest_difference=1.4)
    said = plain(say_search_range(evidence_of(*RATES, comparisons=[row]), "Black"))
    range_said, seen = said.split(". ")
    assert range_said == "0.9 to 1.3 times, on every plausible count"
    assert seen == "A rate 1.4 times as high would mostly have shown."


@pytest.mark.parametrize(
    ("numbers", "more"), [((3.8, 2.1, 7.0), "more"), ((0.3, 0.1, 0.8), "less"), ((9.0, 2.0, None), "more")]
)
def test_rates_that_are_far_apart_and_not_shown_to_differ_are_not_said_to_be_alike(numbers, more):
    """One month of Kent: 14.6 and 3.9 searches for every 1,000 people, too few for the number of comparisons."""
    row = ratio_row("no clear difference", *numbers, p_value=0.004, level=0.001)
    evidence = evidence_of(*RATES, comparisons=[row])
    assert plain(say_searched(evidence, "Black")) == (
        f"whether Black people were searched {more} often than White people is not clear from these records"
    )
    assert "There is no clear difference once the number of comparisons is allowed for." in plain(
        say_search_range(evidence, "Black")
    )


def test_how_far_apart_find_rates_could_be_is_said_where_they_are_not_clearly_so():
    row = difference_row("no clear difference", 0.007, -0.05, 0.057, smallest_difference=0.116)
    said = plain(say_found(evidence_of(*FINDS, comparisons=[row]), "Black"))
    assert said.endswith(": no clear difference. The gap could lie anywhere from \u22125.0 to +5.7 percentage points.")


def test_an_unclear_difference_whose_range_leaves_out_equality_says_what_decided():
    row = ratio_row("no clear difference", 1.3, 1.1, 1.6, p_value=0.03)
    said = plain(say_search_range(evidence_of(*RATES, comparisons=[row]), "Black"))
    assert "There is no clear difference once the number of comparisons is allowed for." in said


def test_the_largest_stated_difference_is_that_of_the_largest_ratio_either_way():
    rows = [
        ratio_row("higher", 2.0, 1.8, 2.2, "Asian"),
        ratio_row("lower", 0.4, 0.3, 0.5, "Other"),
        ratio_row("depends", 5.0, 0.9, 7.0, "Black"),
    ]
    largest = find_largest(evidence_of(*RATES, comparisons=rows))
    assert largest is not None
    assert largest.values["ethnic_group"] == "Other"
    assert find_largest(evidence_of(*RATES, comparisons=rows[2:])) is None
