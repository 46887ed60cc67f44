"""Searches, search rates, official counts and unknown ethnicity, in words."""

from dataclasses import replace
from datetime import date

import pytest

from disparity.analysis.reasons.rows import REASON_COLUMNS
from disparity.disclosure.plan import PORTAL_PLANS
from disparity.site.findings.evidence import Evidence
from disparity.site.findings.find import find
from disparity.site.published_figures import number_rows, plain
from support.cells import YEAR, cell, estimate_cells
from support.findings import (
    NAME,
    NOTHING_ELSE,
    PERIOD,
    RATES,
    YEAR_BEFORE,
    estimate_row,
    evidence_of,
    evidence_rows,
    official_row,
    quality,
    ratio_row,
    read,
)


def bound_row(lower, upper, group="Black"):
    named = {"analysis": "missing_ethnicity", "component": "All", "ethnic_group": group}
    return dict.fromkeys(REASON_COLUMNS) | named | {"lower": lower, "upper": upper}


def base_row(base, value, group="Black"):
    named = {"analysis": "residents", "component": base, "ethnic_group": group}
    return dict.fromkeys(REASON_COLUMNS) | named | {"value": value}


def between(on_2011, on_2021, group="Black"):
    bases = {"constant_growth": 3.0, "census_2011": on_2011, "census_2021": on_2021}
    return [base_row(base, value, group) for base, value in bases.items()]


def total(searches):
    return estimate_row("search_rate", searches / 1_500, numerator=searches)


def year_before(searches, missing=0, period=YEAR_BEFORE):
    return evidence_of(total(searches), items=quality(missing=missing), period=period)


# Searches


@pytest.mark.parametrize(
    ("plan", "about"), [("every type of search by ethnic group", "about "), *((plan.name, "") for plan in PORTAL_PLANS)]
)
def test_a_number_of_searches_is_about_only_where_it_is_rounded(plan, about):
    """Searches are among what anybody can count of public rows: there they are exact."""
    protected = {"cells": [{"count": 4788}], "disclosure": [{"plan": plan}]}
    assert read("searches", total(4788), **protected) == [
        f"{NAME} recorded {about}4,788 searches of people in the year ending March 2023."
    ]


@pytest.mark.parametrize(
    ("before", "ending"),
    [
        (None, "."),
        (year_before(8_000), ", up from 8,000 in the year ending March 2022."),
        (year_before(9_000), ", down from 9,000 in the year ending March 2022."),
        (year_before(8_000, missing=2), "."),
        (year_before(8_000, period=(date(2022, 1, 1), date(2022, 3, 1))), "."),
        (evidence_of(period=YEAR_BEFORE), "."),
    ],
    ids=["no year before", "fewer", "more", "months missing", "not a year", "no estimate"],
)
def test_searches_stand_beside_those_of_the_whole_year_before(before, ending):
    expected = f"{NAME} recorded 8,446 searches of people in the year ending March 2023{ending}"
    assert read("searches", total(8_446), previous=before) == [expected]


@pytest.mark.parametrize(
    ("period", "when"),
    [
        ((date(2022, 1, 1), date(2022, 3, 1)), "from January 2022 to March 2022"),
        ((date(2022, 3, 1), date(2022, 3, 1)), "in March 2022"),
    ],
)
def test_searches_of_a_period_that_is_no_year_are_said_by_its_months(period, when):
    assert read("searches", total(8_446), period=period) == [f"{NAME} recorded 8,446 searches of people {when}."]


def test_missing_months_are_said_and_no_trend_is():
    assert read("searches", total(8_446), items=quality(missing=1), previous=year_before(9_000)) == [
        f"{NAME} recorded 8,446 searches of people in the months with files. Of the year ending March 2023, 1 month "
        "has none. Rates for a whole year are scaled up from the months there are."
    ]


def test_searches_of_a_part_of_a_stretch_are_not_said_to_be_of_all_of_it():
    period = (date(2022, 1, 1), date(2022, 9, 1))
    (sentence,) = read("searches", total(8_446), items=quality(missing=2), period=period)
    assert "Of January 2022 to September 2022, 2 months have none. Rates" in sentence


def test_a_force_without_estimates_has_no_finding():
    assert find(evidence_of()) == []


def test_as_many_searches_as_the_year_before_are_neither_up_nor_down():
    (sentence,) = read("searches", total(8_446), previous=year_before(8_446))
    assert sentence.endswith("March 2023, as many as in the year ending March 2022.")


def test_missing_months_of_a_force_without_residents_are_said_and_no_trend_is():
    cells = cell(force="city-of-london", searches=900)
    tables = {"estimates": number_rows("estimates", estimate_cells(cells, submitted=YEAR[:6]))}
    tables |= {
        "comparisons": [],
        "reasons": [],
        "peers": [],
        **{key: [] for key in ("pooled", "breakdowns", "areas", "grounds", "actions", "effects", "doubts", "years")},
        "official": [],
        "quality": evidence_rows("city-of-london", missing=6),
    }
    evidence = Evidence("city-of-london", "City of London Police", PERIOD, (NOTHING_ELSE | tables).__getitem__)
    sentence = plain(find(replace(evidence, previous=year_before(2_000)))[0].sentence)
    assert "down from" not in sentence


UNKNOWN = estimate_row("unknown_ethnicity_share", 0.1864, numerator=3_070)
NONE_UNKNOWN = estimate_row("unknown_ethnicity_share", 0.0, numerator=0)
RATES_OF = (
    "In a year there were {} searches for every thousand {} residents, and 5.9 for every thousand White residents"
)
BLACK_RATES, ASIAN_RATES = RATES_OF.format(17.1, "Black"), RATES_OF.format(10.3, "Asian")


def test_a_higher_rate_is_stated_after_both_rates_with_its_range():
    comparison = ratio_row("higher", 2.9023, 2.4819, 3.3745)
    assert read("search_rate_stated", *RATES, NONE_UNKNOWN, comparisons=[comparison]) == [
        f"{BLACK_RATES}. The rate was higher: 2.5 to 3.4 times the rate for White residents."
    ]


def test_rates_below_one_have_two_decimals_so_that_the_ratio_can_be_followed():
    rates = [estimate_row("search_rate", 0.4213, "Black"), estimate_row("search_rate", 0.1452, "White")]
    assert read("search_rate_stated", *rates, comparisons=[ratio_row("higher", 2.9023, 2.4819, 3.3745)]) == [
        "In a year there were 0.42 searches for every thousand Black residents, and 0.15 for every thousand White "
        "residents. The rate was higher: 2.5 to 3.4 times the rate for White residents."
    ]


def test_a_lower_rate_is_stated_as_a_multiple_of_the_other():
    comparison = ratio_row("lower", 0.5023, 0.4819, 0.5745)
    assert read("search_rate_stated", *RATES, comparisons=[comparison]) == [
        f"{BLACK_RATES}. The rate was lower: 0.5 to 0.6 times the rate for White residents."
    ]


@pytest.mark.parametrize(
    ("verdict", "limits", "said"),
    [
        ("higher", (1.012, 1.35), "1.01 to 1.35"),
        ("lower", (0.7, 0.96), "0.70 to 0.96"),
        ("lower", (0.03, 0.6), "0.03 to 0.60"),
        ("lower", (0.76, 0.83), "0.76 to 0.83"),
    ],
)
def test_a_range_that_one_decimal_would_print_as_equal_rates_none_or_one_point_has_two(verdict, limits, said):
    (sentence,) = read("search_rate_stated", *RATES, comparisons=[ratio_row(verdict, 0.9, *limits)])
    assert sentence == f"{BLACK_RATES}. The rate was {verdict}: {said} times the rate for White residents."


def test_rates_that_hardly_differ_are_no_clear_difference_and_what_chance_could_hide_is_said():
    comparison = ratio_row("no clear difference", 1.0523, 0.9219, 1.1545, smallest_difference=1.1612)
    assert read("search_rate_unclear", *RATES, comparisons=[comparison]) == [
        f"{BLACK_RATES}: no clear difference. A rate 1.2 times as high would usually have shown."
    ]


@pytest.mark.parametrize("limits", [(1.01, 1.35), (0.70, 0.99)])
def test_a_range_that_leaves_out_1_with_too_large_an_adjusted_p_says_why_it_is_not_clear(limits):
    comparison = ratio_row("no clear difference", 1.17, *limits, p_value=0.03, level=0.01)
    (sentence,) = read("search_rate_unclear", *RATES, comparisons=[comparison])
    assert sentence == f"{BLACK_RATES}. There is no clear difference once the number of comparisons is allowed for."


def test_the_largest_ratio_comes_first_and_each_stands_alone():
    comparisons = [ratio_row("higher", 1.74, 1.6, 1.9, "Asian"), ratio_row("higher", 2.9, 2.5, 3.4)]
    bounds = [bound_row(2.1, 60.5), bound_row(1.3, 4.5, "Asian")]
    assert read("search_rate_stated", *RATES, UNKNOWN, comparisons=comparisons, reasons=bounds) == [
        f"{BLACK_RATES}. The rate was higher: 2.5 to 3.4 times the rate for White residents.",
        f"{ASIAN_RATES}. The rate was higher: 1.6 to 1.9 times the rate for White residents.",
    ]


@pytest.mark.parametrize(
    ("depends_on", "named"),
    [
        ("census", "which count of residents is used"),
        ("unknown_ethnicity", "who the people of unknown ethnicity were"),
        (
            "census,unknown_ethnicity",
            "which count of residents is used and who the people of unknown ethnicity were",
        ),
        ("clusters", "how many searches were made together"),
        ("months_in_doubt", "months whose records are in doubt"),
    ],
)
def test_a_difference_that_one_assumption_undoes_is_not_stated_and_names_it(depends_on, named):
    comparison = ratio_row("depends", 2.9, 0.9, 3.4, depends_on=depends_on)
    tables = {"comparisons": [comparison], "reasons": [bound_row(2.1, 60.5)]}
    assert read("search_rate_stated", *RATES, UNKNOWN, **tables) == []
    assert read("search_rate_depends", *RATES, UNKNOWN, **tables) == [
        f"{BLACK_RATES}. Whether there is a difference depends on {named}. The ratio of the two rates could lie "
        "anywhere from 0.9 to 3.4."
    ]


@pytest.mark.parametrize("bounds", [(0.91, 33.934), (2.1, 60.5), (0.3, 0.99), (0.9, None)])
def test_what_all_of_unknown_ethnicity_could_be_is_no_second_range_of_a_ratio(bounds):
    """The bounds settle the verdict and stand on the page Why; a sentence gives one range."""
    tables = {"comparisons": [ratio_row("higher", 2.9, 2.5, 3.4)], "reasons": [bound_row(*bounds)]}
    assert read("search_rate_stated", *RATES, UNKNOWN, **tables) == [
        f"{BLACK_RATES}. The rate was higher: 2.5 to 3.4 times the rate for White residents."
    ]


def test_a_stated_ratio_is_said_on_no_other_count():
    tables = {"comparisons": [ratio_row("higher", 2.4369, 2.0, 3.0)], "reasons": between(4.2456, 2.2706)}
    assert read("search_rate_stated", *RATES, **tables) == [
        f"{BLACK_RATES}. The rate was higher: 2.0 to 3.0 times the rate for White residents."
    ]


@pytest.mark.parametrize("limits", [(0.2, None), (None, None), (0.9, 1.5)])
def test_the_range_of_what_is_not_clear_is_left_to_the_table(limits):
    (sentence,) = read("search_rate_unclear", *RATES, comparisons=[ratio_row("no clear difference", 1.17, *limits)])
    assert sentence == f"{BLACK_RATES}: no clear difference."


def test_what_is_stated_comes_before_what_depends_and_that_before_what_is_not_clear():
    groups = {"Asian": "no clear difference", "Black": "higher", "Mixed": "depends"}
    comparisons = [
        ratio_row(verdict, ratio, 1, 9, group, depends_on="census")
        for ratio, (group, verdict) in zip((9, 2, 5), groups.items(), strict=True)
    ]
    rates = [estimate_row("search_rate", 5.0, group) for group in (*groups, "White")]
    findings = find(evidence_of(*rates, comparisons=comparisons))
    assert [finding.kind for finding in findings if finding.kind.startswith("search_rate")] == [
        *("search_rate_stated", "search_rate_depends", "search_rate_unclear"),
    ]


# Types


def share_of_type(kind, value):
    return estimate_row("type_share", value, search_type=kind)


def test_the_two_types_searched_for_most_often_are_said():
    rows = [
        *(share_of_type("stolen_property", 0.1), share_of_type("offensive_weapons", 0.25), share_of_type("drugs", 0.5)),
        # A part of drugs, and what is no type.
        *(share_of_type("drugs_possession", 0.45), share_of_type("other", 0.3), share_of_type("not_recorded", 0.4)),
    ]
    assert read("types", *rows) == [
        "Officers searched most often for drugs: 50.0% of searches. Next came offensive weapons, with 25.0%."
    ]
    assert read("types", rows[0]) == ["Officers searched most often for stolen property: 10.0% of searches."]
    assert read("types", rows[-1]) == read("types", share_of_type("drugs", None)) == []


# Official counts


def test_records_far_from_the_official_count_of_a_group_are_warned_of():
    official = [official_row(270, 314), official_row(14_000, 12_000, "White"), official_row(60, 100, "Mixed")]
    ending = "The rate for this group is as uncertain as that."
    assert read("official_warning", official=official) == [
        f"These records hold 270 searches of Black people; the official count is 314. {ending}",
        f"These records hold 60 searches of people from the Mixed ethnic group; the official count is 100. {ending}",
        f"These records hold 14,000 searches of White people; the official count is 12,000. {ending}",
    ]


@pytest.mark.parametrize(
    ("records", "official", "warnings"),
    [
        # Either side of the count, a tenth of it: 0.099, 0.1 and 0.101.
        *((901, 1_000, 0), (900, 1_000, 0), (899, 1_000, 1), (1_099, 1_000, 0), (1_100, 1_000, 0), (1_101, 1_000, 1)),
        # 30 searches, of few.
        *((71, 100, 0), (70, 100, 1), (69, 100, 1), (129, 100, 0), (130, 100, 1), (131, 100, 1)),
        # Both at once, and nothing to be far from.
        *((270, 300, 0), (100, 0, 0), (0, 29, 0), (0, 30, 1)),
    ],
)
def test_records_are_far_from_the_official_count_by_more_than_a_tenth_and_30_searches(records, official, warnings):
    assert len(read("official_warning", official=[official_row(records, official)])) == warnings


def seen(own, officers, group="Other"):
    counts = {"self-defined": own, "officer-defined": officers}
    return [estimate_row("search_rate", 4.2, group, ethnicity_basis=basis, numerator=n) for basis, n in counts.items()]


def test_a_group_that_officers_see_far_more_people_in_than_say_so_is_warned_of():
    """Kent, year ending March 2021: a rate of 4.2 by self-defined ethnicity and of 33.5 as officers saw it."""
    assert read("officer_warning", *seen(95, 758), *seen(901, 1_144, "Black")) == [
        "There were 95 searches of people from the Other ethnic group as people described themselves, and 758 as "
        "officers saw them. The rate for this group is as uncertain as that."
    ]


@pytest.mark.parametrize(
    ("own", "officers", "warnings"),
    [
        *((100, 199, 0), (100, 200, 1), (200, 100, 1), (199, 100, 0)),  # twice as many, either way
        *((29, 58, 0), (30, 60, 1), (0, 29, 0), (0, 30, 1)),  # and 30 searches
        *((None, 500, 0), (500, None, 0)),
        *((500, 0, 0), (500, 1, 1)),  # a form without a box for the group
    ],
)
def test_officers_see_far_more_or_fewer_from_twice_and_30_searches_on(own, officers, warnings):
    assert len(read("officer_warning", *seen(own, officers))) == warnings


@pytest.mark.parametrize("group", ["All", "Unknown", "Not stated"])
def test_only_ethnic_groups_are_held_against_the_official_count(group):
    assert read("official_warning", official=[official_row(100, 1_000, group)]) == []


@pytest.mark.parametrize(("value", "text"), [(0.1864, "18.6%"), (0.0, "0.0%")])
def test_the_share_of_unknown_ethnicity_is_always_said(value, text):
    assert read("unknown_ethnicity", estimate_row("unknown_ethnicity_share", value)) == [
        f"Ethnicity is unknown for {text} of searches. Rates of groups leave them out, and ranges allow for them."
    ]


def test_no_share_of_unknown_ethnicity_is_said_of_no_searches():
    assert read("unknown_ethnicity", estimate_row("unknown_ethnicity_share")) == []


@pytest.mark.parametrize(("searches", "is_said"), [(1_528, False), (1_529, True)])
def test_none_of_unknown_ethnicity_in_thousands_is_no_fact_about_the_searches(searches, is_said):
    row = estimate_row("unknown_ethnicity_share", 0.0, numerator=0, denominator=searches, period_from=date(2024, 4, 1))
    (said,) = read("unknown_ethnicity", row)
    assert said.startswith("Ethnicity is unknown for 0.0% of searches")
    assert ("may have been left out or filled in" in said) == is_said
