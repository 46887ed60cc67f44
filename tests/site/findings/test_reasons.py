"""What unknown ethnicity makes of stated ratios and differences, in words."""

import pytest

from disparity.analysis.reasons.rate_strata import MOST_UNPLACED
from disparity.analysis.reasons.rows import REASON_COLUMNS
from disparity.site.findings.reasons import say_ages, say_not_aged, say_not_placed
from disparity.site.published_figures import plain
from support.findings import RATES, difference_row, estimate_row, evidence_of, ratio_row, read, shares_of

SCENARIO = "missing_ethnicity_scenario"
FIND, ARREST = "missing_ethnicity_find_difference", "missing_ethnicity_arrest_difference"


def unknown(share):
    return estimate_row("unknown_ethnicity_share", share, numerator=round(10_000 * share))


def scenarios(analysis, group="Black", **values):
    named = {"analysis": analysis, "ethnic_group": group}
    return [
        dict.fromkeys(REASON_COLUMNS) | named | {"component": name, "value": value} for name, value in values.items()
    ]


def informed(analysis, *values):
    names = ("left_out", "proportional_by_type", "officer_informed", "imputed")
    return scenarios(analysis, **dict(zip(names, values, strict=True)))


STATED = [difference_row("higher", 0.056, 0.011, 0.107, group="Black")]
FINDS = shares_of("find_rate")


def test_a_stated_difference_of_find_rates_names_what_is_shared_out_and_how_far_it_moves():
    rows = informed(FIND, 0.034, 0.033, 0.012, 0.02)
    assert read("scenarios", *FINDS, unknown(0.14), comparisons=STATED, reasons=rows) == [
        "Ethnicity is unknown for 14.0% of searches. Shared out in the plausible way that moves it most, the find "
        "rate in searches of Black people would be 1.2 percentage points higher than of White people."
    ]


def test_a_difference_that_turns_round_and_a_lower_one_are_said_with_their_sides():
    rows = informed(FIND, 0.034, 0.033, -0.012, 0.02)
    (turned,) = read("scenarios", *FINDS, unknown(0.14), comparisons=STATED, reasons=rows)
    assert turned.endswith("would be 1.2 percentage points lower than of White people.")
    stated = [difference_row("lower", -0.05, -0.08, -0.02, group="Black", measure="arrest_rate")]
    rows = informed(ARREST, -0.05, -0.034, -0.041, -0.012)
    (lower,) = read("scenarios", *shares_of("arrest_rate"), unknown(0.14), comparisons=stated, reasons=rows)
    assert "the arrest rate in searches of Black people would be 1.2 percentage points lower than" in lower


def test_a_ratio_is_said_at_its_furthest_as_one_value_without_the_extremes_and_no_second_range():
    """A comparison has one range on every page, and the ways of filling in are part of it."""
    rows = informed(SCENARIO, 2.44, 2.41, 3.06, 3.05) + scenarios(SCENARIO, all_reference=1.99, all_group=33.7)
    (told,) = read("scenarios", *RATES, unknown(0.155), comparisons=[ratio_row("higher", 2.44, 1.8, 4.0)], reasons=rows)
    assert told == (
        "Ethnicity is unknown for 15.5% of searches. Shared out in the plausible way that moves it most, the search "
        "rate of Black residents would be 3.06 times that of White residents."
    )


def test_a_difference_that_is_not_stated_and_one_with_two_ways_alone_have_no_sentence():
    rows = informed(FIND, 0.034, 0.033, 0.012, 0.02)
    unclear = [difference_row("no clear difference", 0.01, -0.01, 0.03, group="Black")]
    assert read("scenarios", *FINDS, unknown(0.14), comparisons=unclear, reasons=rows) == []
    assert read("scenarios", *FINDS, unknown(0.14), comparisons=STATED, reasons=rows[:2]) == []
    refused = [*rows[:2], *scenarios(FIND, officer_informed=None), rows[3]]
    assert len(read("scenarios", *FINDS, unknown(0.14), comparisons=STATED, reasons=refused)) == 1


@pytest.mark.parametrize(("share", "is_said"), [(0.0, False), (0.00049, False), (0.00051, True), (0.14, True)])
def test_nothing_is_said_of_unknown_ethnicity_that_is_printed_as_none(share, is_said):
    rows = informed(FIND, 0.034, 0.033, 0.012, 0.02) + informed(SCENARIO, 2.9, 2.8, 2.7, 2.6)
    comparisons = [*STATED, ratio_row("higher", 2.9, 2.5, 3.4)]
    told = read("scenarios", *FINDS, *RATES, unknown(share), comparisons=comparisons, reasons=rows)
    assert len(told) == 2 * is_said


def test_nothing_is_said_where_every_way_is_printed_alike():
    rows = informed(FIND, 0.0341, 0.0342, 0.0339, 0.034) + informed(SCENARIO, 0.781, 0.782, 0.78, 0.781)
    comparisons = [*STATED, ratio_row("lower", 0.78, 0.7, 0.9)]
    assert read("scenarios", *FINDS, *RATES, unknown(0.002), comparisons=comparisons, reasons=rows) == []


def test_at_the_same_ages_both_rates_come_first_and_the_ratio_stands_beside_the_one_as_it_is():
    reasons = [
        dict.fromkeys(REASON_COLUMNS)
        | {"analysis": "age_sex_standardised", "ethnicity_basis": "self-defined", "ethnic_group": group}
        | {"component": component, "value": value}
        for group, component, value in (("Black", "rate", 13.27), ("White", "rate", 5.99), ("Black", "ratio", 2.213))
    ]
    compared = [ratio_row("higher", 2.725, 2.3, 3.5)]
    told = (
        "With the same ages and sexes there would be 13.3 searches of Black people and 6.0 of White people for every "
    )
    rates = f"{told}1,000 residents a year."
    ratios = " That is 2.21 times the rate; without regard to age it is 2.73 times."
    assert plain(say_ages(evidence_of(reasons=reasons, comparisons=compared), "Black")) == rates + ratios
    assert plain(say_ages(evidence_of(reasons=reasons[:2], comparisons=compared), "Black")) == rates
    assert plain(say_ages(evidence_of(reasons=reasons[:1], comparisons=compared), "Black")) == ""


@pytest.mark.parametrize(
    ("share", "sentence"),
    [
        (
            0.113,
            "Not known for Black people: 11.3% of their searches, or of White people’s, are in no area. More than one "
            "in ten is too many to go on.",
        ),
        (0.1, ""),
    ],
)
def test_why_a_ratio_is_not_taken_apart_by_area_is_said_with_the_share_and_the_limit(share, sentence):
    rows = scenarios("ratio_over_areas", not_recorded_share=share)
    row = [each | {"ethnicity_basis": "self-defined"} for each in rows]
    assert plain(say_not_placed(evidence_of(reasons=row), "Black")) == sentence
    assert MOST_UNPLACED == 1 / 10


@pytest.mark.parametrize(("share", "named"), [(1.0, "100.0% of their searches"), (0.1, "")])
def test_where_records_give_no_ages_the_records_are_the_reason_and_not_the_residents(share, named):
    """South Wales: no record gives an age, and the page said that residents by age were missing."""
    rows = scenarios("age_sex_standardised", not_recorded_share=share)
    row = [each | {"ethnicity_basis": "self-defined"} for each in rows]
    said = plain(say_not_aged(evidence_of(reasons=row), "Black"))
    assert said.startswith(f"Not known for Black people: {named}") if named else said == ""
