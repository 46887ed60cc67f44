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
        f"{NAME} recorded 8,446 searches of people in the months for which there are files, of the year ending March "
        "2023: 1 month has none. Rates are annualised from the months there are."
    ]


def test_searches_of_a_part_of_a_stretch_are_not_said_to_be_of_all_of_it():
    period = (date(2022, 1, 1), date(2022, 9, 1))
    (sentence,) = read("searches", total(8_446), items=quality(missing=2), period=period)
    assert "of January 2022 to September 2022: 2 months have none. Rates" in sentence


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
    evidence = Evidence("city-of-london", "City of London Police", PERIOD, ({"cells": []} | tables).__getitem__)
    sentence = plain(find(replace(evidence, previous=year_before(2_000)))[0].sentence)
    assert "down from" not in sentence


UNKNOWN = estimate_row("unknown_ethnicity_share", 0.1864, numerator=3_070)
NONE_UNKNOWN = estimate_row("unknown_ethnicity_share", 0.0, numerator=0)
BLACK_RATES = "There were 17.1 searches a year for every 1,000 Black residents and 5.9 for every 1,000 White residents"
ASIAN_RATES = "There were 10.3 searches a year for every 1,000 Asian residents and 5.9 for every 1,000 White residents"


def test_a_higher_rate_is_stated_after_both_rates_with_its_range():
    comparison = ratio_row("higher", 2.9023, 2.4819, 3.3745)
    assert read("search_rate_stated", *RATES, NONE_UNKNOWN, comparisons=[comparison]) == [
        f"{BLACK_RATES}: 2.5 to 3.4 times the rate."
    ]


def test_rates_below_one_have_two_decimals_so_that_the_ratio_can_be_followed():
    rates = [estimate_row("search_rate", 0.4213, "Black"), estimate_row("search_rate", 0.1452, "White")]
    assert read("search_rate_stated", *rates, comparisons=[ratio_row("higher", 2.9023, 2.4819, 3.3745)]) == [
        "There were 0.42 searches a year for every 1,000 Black residents and 0.15 for every 1,000 White residents: "
        "2.5 to 3.4 times the rate."
    ]


def test_a_lower_rate_is_stated_as_a_multiple_of_the_other():
    comparison = ratio_row("lower", 0.5023, 0.4819, 0.5745)
    assert read("search_rate_stated", *RATES, comparisons=[comparison]) == [
        f"{BLACK_RATES}: 0.5 to 0.6 times the rate."
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
    assert sentence == f"{BLACK_RATES}: {said} times the rate."


def test_rates_that_hardly_differ_are_no_clear_difference_and_what_chance_could_hide_is_said():
    comparison = ratio_row("no clear difference", 1.0523, 0.9219, 1.1545, smallest_difference=1.1612)
    assert read("search_rate_unclear", *RATES, comparisons=[comparison]) == [
        f"{BLACK_RATES}: no clear difference (0.9 to 1.2 times the rate). Records like these would "
        "mostly show a rate 1.2 times as high, but not a smaller difference."
    ]


@pytest.mark.parametrize("limits", [(1.01, 1.35), (0.70, 0.99)])
def test_a_range_that_leaves_out_1_with_too_large_an_adjusted_p_says_why_it_is_not_clear(limits):
    comparison = ratio_row("no clear difference", 1.17, *limits, p_value=0.03, level=0.01)
    (sentence,) = read("search_rate_unclear", *RATES, comparisons=[comparison])
    assert sentence == (
        f"{BLACK_RATES}: not clear once the number of comparisons is allowed for "
        f"({limits[0]:.2f} to {limits[1]:.2f} times the rate)."
    )


def test_the_largest_ratio_comes_first_and_each_stands_alone():
    comparisons = [ratio_row("higher", 1.74, 1.6, 1.9, "Asian"), ratio_row("higher", 2.9, 2.5, 3.4)]
    bounds = [bound_row(2.1, 60.5), bound_row(1.3, 4.5, "Asian")]
    assert read("search_rate_stated", *RATES, UNKNOWN, comparisons=comparisons, reasons=bounds) == [
        f"{BLACK_RATES}: 2.5 to 3.4 times the rate.",
        f"{ASIAN_RATES}: 1.6 to 1.9 times the rate.",
    ]


@pytest.mark.parametrize(
    ("depends_on", "named"),
    [
        ("census", "which count of the residents is used"),
        ("unknown_ethnicity", "who the people of unknown ethnicity were"),
        (
            "census,unknown_ethnicity",
            "which count of the residents is used and who the people of unknown ethnicity were",
        ),
        ("clusters", "how many searches were made together, which these records do not say"),
        ("months_in_doubt", "months whose records are in doubt"),
    ],
)
def test_a_difference_that_one_assumption_undoes_is_not_stated_and_names_it(depends_on, named):
    comparison = ratio_row("depends", 2.9, 1.2, 3.4, depends_on=depends_on)
    tables = {"comparisons": [comparison], "reasons": [bound_row(2.1, 60.5)]}
    assert read("search_rate_stated", *RATES, UNKNOWN, **tables) == []
    assert read("search_rate_depends", *RATES, UNKNOWN, **tables) == [
        f"{BLACK_RATES}: 1.2 to 3.4 times the rate. Whether there is a difference depends on {named}."
    ]


@pytest.mark.parametrize("bounds", [(0.91, 33.934), (2.1, 60.5), (0.3, 0.99), (0.9, None)])
def test_what_all_of_unknown_ethnicity_could_be_is_no_second_range_of_a_ratio(bounds):
    """The bounds settle the verdict and stand on the page Why; a sentence gives one range."""
    tables = {"comparisons": [ratio_row("higher", 2.9, 2.5, 3.4)], "reasons": [bound_row(*bounds)]}
    assert read("search_rate_stated", *RATES, UNKNOWN, **tables) == [f"{BLACK_RATES}: 2.5 to 3.4 times the rate."]


def test_a_ratio_that_hangs_on_the_count_of_residents_is_said_on_both():
    tables = {
        "comparisons": [
            ratio_row("depends", 2.4369, 2.0, 4.9, depends_on="census"),
            ratio_row("depends", 0.74, 0.5, 0.9, "Asian", depends_on="census"),
        ],
        "reasons": [*between(4.2456, 2.2706), *between(1.01, 0.5349, "Asian")],
    }
    depends = "times the rate. Whether there is a difference depends on which count of the residents is used."
    put = "These residents are put between the counts of 2011 and 2021; on that of 2011 the ratio would be"
    assert read("search_rate_depends", *RATES, UNKNOWN, **tables) == [
        f"{BLACK_RATES}: 2.0 to 4.9 {depends} {put} 4.25, and 2.27 on that of 2021.",
        f"{ASIAN_RATES}: 0.5 to 0.9 {depends} {put} 1.01, and 0.53 on that of 2021.",
    ]


def test_a_ratio_after_both_counts_is_said_had_growth_gone_on():
    reasons = [base_row("census_2011", 4.2456), base_row("growth_continued", 1.01)]
    comparison = ratio_row("depends", 2.9, 0.9, 3.4, depends_on="census")
    (sentence,) = read("search_rate_depends", *RATES, comparisons=[comparison], reasons=reasons)
    assert sentence.endswith(
        "is used. These residents were counted in 2021; had every group grown on as from 2011 to 2021, the ratio would "
        "be 1.01."
    )


@pytest.mark.parametrize(
    "reasons",
    [between(4.2456, 2.2706, "Asian"), [base_row("own_2024-06-30", 2.9)], []],
    ids=["of another group", "residents of their own", "none"],
)
def test_no_other_count_of_residents_is_said(reasons):
    comparison = ratio_row("depends", 2.9, 2.5, 3.4, depends_on="census")
    (sentence,) = read("search_rate_depends", *RATES, comparisons=[comparison], reasons=reasons)
    assert sentence.endswith("depends on which count of the residents is used.")


def test_a_stated_ratio_is_said_on_no_other_count():
    tables = {"comparisons": [ratio_row("higher", 2.4369, 2.0, 3.0)], "reasons": between(4.2456, 2.2706)}
    assert read("search_rate_stated", *RATES, **tables) == [f"{BLACK_RATES}: 2.0 to 3.0 times the rate."]


@pytest.mark.parametrize(
    ("lower", "upper", "ending"), [(0.2, None, " (at least 0.2 times the rate)."), (None, None, ".")]
)
def test_a_ratio_without_an_upper_limit_is_printed_with_what_it_has(lower, upper, ending):
    comparison = ratio_row("no clear difference", 1.17, lower, upper)
    (sentence,) = read("search_rate_unclear", *RATES, comparisons=[comparison])
    assert sentence == f"{BLACK_RATES}: no clear difference{ending}"


# Official counts


def test_records_far_from_the_official_count_of_a_group_are_warned_of():
    official = [official_row(270, 314), official_row(14_000, 12_000, "White"), official_row(60, 100, "Mixed")]
    ending = "A rate of the group from these records is as uncertain as that."
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


@pytest.mark.parametrize("group", ["All", "Unknown", "Not stated"])
def test_only_ethnic_groups_are_held_against_the_official_count(group):
    assert read("official_warning", official=[official_row(100, 1_000, group)]) == []


@pytest.mark.parametrize(("value", "text"), [(0.1864, "18.6%"), (0.0, "0.0%")])
def test_the_share_of_unknown_ethnicity_is_always_said(value, text):
    assert read("unknown_ethnicity", estimate_row("unknown_ethnicity_share", value)) == [
        f"Ethnicity is unknown for {text} of searches, which are left out of every comparison between groups."
    ]


def test_no_share_of_unknown_ethnicity_is_said_of_no_searches():
    assert read("unknown_ethnicity", estimate_row("unknown_ethnicity_share")) == []


@pytest.mark.parametrize(("searches", "is_said"), [(1_528, False), (1_529, True)])
def test_none_of_unknown_ethnicity_in_thousands_is_no_fact_about_the_searches(searches, is_said):
    row = estimate_row("unknown_ethnicity_share", 0.0, numerator=0, denominator=searches, period_from=date(2024, 4, 1))
    (said,) = read("unknown_ethnicity", row)
    assert said.startswith("Ethnicity is unknown for 0.0% of searches")
    assert ("somebody has left such searches out, or filled it in" in said) == is_said
