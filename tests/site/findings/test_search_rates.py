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
    INTERVAL,
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
        **{key: [] for key in ("pooled", "breakdowns", "areas", "grounds", "actions", "effects")},
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


def test_a_higher_rate_is_stated_after_both_rates_with_its_interval():
    comparison = ratio_row("higher", 2.9023, 2.4819, 3.3745)
    assert read("search_rate_stated", *RATES, NONE_UNKNOWN, comparisons=[comparison]) == [
        f"{BLACK_RATES}: a rate 2.90 times as high ({INTERVAL}: 2.48 to 3.37)."
    ]


def test_rates_below_one_have_two_decimals_so_that_the_ratio_can_be_followed():
    rates = [estimate_row("search_rate", 0.4213, "Black"), estimate_row("search_rate", 0.1452, "White")]
    assert read("search_rate_stated", *rates, comparisons=[ratio_row("higher", 2.9023, 2.4819, 3.3745)]) == [
        "There were 0.42 searches a year for every 1,000 Black residents and 0.15 for every 1,000 White residents: "
        f"a rate 2.90 times as high ({INTERVAL}: 2.48 to 3.37)."
    ]


def test_a_lower_rate_is_stated_as_a_multiple_of_the_other():
    comparison = ratio_row("lower", 0.5023, 0.4819, 0.5745)
    assert read("search_rate_stated", *RATES, comparisons=[comparison]) == [
        f"{BLACK_RATES}: a rate 0.50 times that of White residents ({INTERVAL}: 0.48 to 0.57)."
    ]


def test_rates_that_hardly_differ_are_no_clear_difference():
    comparison = ratio_row("no clear difference", 1.0523, 0.9519, 1.1545)
    assert read("search_rate_unclear", *RATES, comparisons=[comparison]) == [
        f"{BLACK_RATES}: no clear difference (ratio 1.05; {INTERVAL}: 0.95 to 1.15)."
    ]


@pytest.mark.parametrize("limits", [(1.01, 1.35), (0.70, 0.99)])
def test_an_interval_that_leaves_out_1_with_too_large_an_adjusted_p_says_why_it_is_not_clear(limits):
    comparison = ratio_row("no clear difference", 1.17, *limits)
    (sentence,) = read("search_rate_unclear", *RATES, comparisons=[comparison])
    assert sentence == (
        f"{BLACK_RATES}: not clear once the number of comparisons is allowed for "
        f"(ratio 1.17; {INTERVAL}: {limits[0]:.2f} to {limits[1]:.2f})."
    )


def test_the_largest_ratio_comes_first_and_each_says_how_much_ethnicity_is_unknown():
    comparisons = [ratio_row("higher", 1.74, 1.6, 1.9, "Asian"), ratio_row("higher", 2.9, 2.5, 3.4)]
    bounds = [bound_row(2.1, 60.5), bound_row(1.3, 4.5, "Asian")]
    assert read("search_rate_stated", *RATES, UNKNOWN, comparisons=comparisons, reasons=bounds) == [
        f"{BLACK_RATES}: a rate 2.90 times as high ({INTERVAL}: 2.50 to 3.40). Even if all searches of unknown "
        "ethnicity (18.6% of searches) had been of White people, the rate would still be 2.10 times as high.",
        f"{ASIAN_RATES}: a rate 1.74 times as high ({INTERVAL}: 1.60 to 1.90). Even if all searches of unknown "
        "ethnicity (18.6% of searches) had been of White people, the rate would still be 1.30 times as high.",
    ]


def test_unknown_ethnicity_that_could_undo_a_difference_is_said_with_the_range_of_ratios():
    comparisons = [ratio_row("higher", 2.9, 2.5, 3.4), ratio_row("lower", 0.74, 0.6, 0.9, "Asian")]
    bounds = [bound_row(0.91, 33.934), bound_row(0.3, 4.5, "Asian")]
    assert read("search_rate_stated", *RATES, UNKNOWN, comparisons=comparisons, reasons=bounds) == [
        f"{BLACK_RATES}: a rate 2.90 times as high ({INTERVAL}: 2.50 to 3.40). Depending on whom the searches of "
        "unknown ethnicity (18.6% of searches) were of, the ratio could lie from 0.91 to 33.9, on either side of "
        "equal rates.",
        f"{ASIAN_RATES}: a rate 0.74 times that of White residents ({INTERVAL}: 0.60 to 0.90). Depending on whom the "
        "searches of unknown ethnicity (18.6% of searches) were of, the ratio could lie from 0.30 to 4.50, on either "
        "side of equal rates.",
    ]


@pytest.mark.parametrize(
    ("share", "lower", "upper"), [(0.0, 0.781, 0.784), (0.0004, 0.7, 0.9), (0.002, 0.781, 0.784), (0.0, 0.784, None)]
)
def test_nothing_is_said_of_unknown_ethnicity_that_is_printed_as_none_or_changes_no_printed_figure(share, lower, upper):
    """Three forces of 2019/20 had "0.0% of searches ... could lie from 0.78 to 0.78"."""
    comparisons, bounds = [ratio_row("lower", 0.78, 0.7, 0.9)], [bound_row(lower, upper)]
    none = estimate_row("unknown_ethnicity_share", share, numerator=1)
    (told,) = read("search_rate_stated", *RATES, none, comparisons=comparisons, reasons=bounds)
    assert "unknown" not in told


@pytest.mark.parametrize(("lower", "is_sure"), [(0.99, False), (1, False), (1.004, False), (1.02, True)])
def test_only_a_lower_bound_above_1_holds_whoever_was_searched(lower, is_sure):
    tables = {"comparisons": [ratio_row("higher", 2.9, 2.5, 3.4)], "reasons": [bound_row(lower, 9)]}
    (sentence,) = read("search_rate_stated", *RATES, UNKNOWN, **tables)
    assert ("Even if all" in sentence) == is_sure
    assert ("Depending on whom" in sentence) != is_sure


@pytest.mark.parametrize(
    ("lower", "upper", "is_either_side"),
    [(0.3, 0.99, False), (0.3, 1, False), (0.3, 1.01, True), (1, 4.5, False), (0.99, 4.5, True)],
)
def test_only_a_range_round_1_is_on_either_side_of_equal_rates(lower, upper, is_either_side):
    tables = {"comparisons": [ratio_row("lower", 0.74, 0.6, 0.9)], "reasons": [bound_row(lower, upper)]}
    (sentence,) = read("search_rate_stated", *RATES, UNKNOWN, **tables)
    ending = f"the ratio could lie from {lower:.2f} to {upper:.2f}"
    assert sentence.endswith(f"{ending}, on either side of equal rates." if is_either_side else f"{ending}.")


def test_nothing_is_bounded_where_every_ethnicity_is_known():
    tables = {"comparisons": [ratio_row("higher", 2.9, 2.5, 3.4)], "reasons": [bound_row(2.9, 2.9)]}
    (sentence,) = read("search_rate_stated", *RATES, NONE_UNKNOWN, **tables)
    assert sentence.endswith("2.50 to 3.40).")


def test_a_range_of_ratios_without_an_end_is_left_out():
    tables = {"comparisons": [ratio_row("higher", 2.9, 2.5, 3.4)], "reasons": [bound_row(0.9, None)]}
    (sentence,) = read("search_rate_stated", *RATES, UNKNOWN, **tables)
    assert sentence.endswith("2.50 to 3.40).")


def test_a_ratio_between_two_counts_is_said_on_both():
    tables = {
        "comparisons": [ratio_row("higher", 2.4369, 2.0, 3.0), ratio_row("lower", 0.74, 0.6, 0.9, "Asian")],
        "reasons": [bound_row(2.1, 60.5), *between(4.2456, 2.2706), *between(1.01, 0.5349, "Asian")],
    }
    assert read("search_rate_stated", *RATES, UNKNOWN, **tables) == [
        f"{BLACK_RATES}: a rate 2.44 times as high ({INTERVAL}: 2.00 to 3.00). Even if all searches of unknown "
        "ethnicity (18.6% of searches) had been of White people, the rate would still be 2.10 times as high. "
        "These residents are put between the counts of 2011 and 2021; on that of 2011 the ratio would be 4.25, and "
        "2.27 on that of 2021.",
        f"{ASIAN_RATES}: a rate 0.74 times that of White residents ({INTERVAL}: 0.60 to 0.90). "
        "These residents are put between the counts of 2011 and 2021; on that of 2011 the ratio would be 1.01, and "
        "0.53 on that of 2021.",
    ]


def test_a_ratio_after_both_counts_is_said_had_growth_gone_on():
    reasons = [base_row("census_2011", 4.2456), base_row("growth_continued", 2.1)]
    (sentence,) = read("search_rate_stated", *RATES, comparisons=[ratio_row("higher", 2.9, 2.5, 3.4)], reasons=reasons)
    assert sentence.endswith(
        "2.50 to 3.40). These residents were counted in 2021; had every group grown on as from 2011 to 2021, the ratio "
        "would be 2.10."
    )


@pytest.mark.parametrize(
    "reasons",
    [between(4.2456, 2.2706, "Asian"), [base_row("own_2024-06-30", 2.9)], []],
    ids=["of another group", "residents of their own", "none"],
)
def test_no_other_count_of_residents_is_said(reasons):
    (sentence,) = read("search_rate_stated", *RATES, comparisons=[ratio_row("higher", 2.9, 2.5, 3.4)], reasons=reasons)
    assert sentence == f"{BLACK_RATES}: a rate 2.90 times as high ({INTERVAL}: 2.50 to 3.40)."


@pytest.mark.parametrize(
    ("lower", "upper", "ending"),
    [(0.2, None, f"(ratio 1.17; {INTERVAL}: above 0.20)."), (None, None, "(ratio 1.17).")],
)
def test_a_ratio_without_an_upper_limit_is_printed_with_what_it_has(lower, upper, ending):
    comparison = ratio_row("no clear difference", 1.17, lower, upper)
    (sentence,) = read("search_rate_unclear", *RATES, comparisons=[comparison])
    assert sentence.endswith(f": no clear difference {ending}")


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
