"""Findings: every sentence word for word, from evidence made by hand, and the rules all of them keep."""

import re
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from disparity.analysis.comparisons import COMPARISON_COLUMNS, compare
from disparity.analysis.measures.entries import ESTIMATE_COLUMNS
from disparity.analysis.reasons.rows import REASON_COLUMNS
from disparity.site.findings.evidence import Evidence
from disparity.site.findings.find import find
from disparity.site.published_figures import Figure, Row, number_rows, plain
from disparity.sources.population import CENSUS_2011
from support.cells import (
    APRIL,
    FORCE,
    MARCH,
    YEAR,
    cell,
    count,
    estimate_cells,
    estimate_counts,
    explain_all,
    people,
)

NAME = "Lancashire Constabulary"
PERIOD = (APRIL, MARCH)
YEAR_BEFORE = (date(2021, 4, 1), date(2022, 3, 1))
INTERVAL = "95% confidence interval"
MINUS = "\N{MINUS SIGN}"


def estimate_row(measure, value=None, group="All", search_type="All", **values):
    named = {"measure": measure, "value": value, "ethnic_group": group, "search_type": search_type}
    full = {"ethnicity_basis": "self-defined", "status": "measured"}
    return dict.fromkeys(ESTIMATE_COLUMNS) | full | named | values


def comparison_row(measure, verdict, group="Black", search_type="All", **values):
    named = {"measure": measure, "verdict": verdict, "ethnic_group": group, "search_type": search_type}
    return (
        dict.fromkeys(COMPARISON_COLUMNS) | {"ethnicity_basis": "self-defined", "status": "measured"} | named | values
    )


def bound_row(lower, upper, group="Black"):
    named = {"analysis": "missing_ethnicity", "component": "All", "ethnic_group": group}
    return dict.fromkeys(REASON_COLUMNS) | named | {"lower": lower, "upper": upper}


def census_row(value, counted, used, group="Black"):
    named = {"analysis": "other_census", "component": "All", "ethnic_group": group}
    return dict.fromkeys(REASON_COLUMNS) | named | {"value": value, "note": f"{counted} instead of {used}"}


def official_row(records, official, group="Black"):
    difference = records - official
    counted = {"record_searches": records, "official_searches": official}
    apart = {"difference": difference, "difference_share": difference / official if official else None}
    return {"ethnic_group": group} | counted | apart


def quality(*, outcome=0.0, link=0.0, false=(5, 50), true=0.0, missing=0):
    shares = {"outcome_not_recorded": outcome, "link_not_recorded": link, "months_missing": missing / 12}
    counts = {"months_missing": missing}
    rows = [{"item": item, "rows": counts.get(item, 0), "of": 0, "share": share} for item, share in shares.items()]
    none = true is None
    linked = {"rows": 0 if none else round(1_000 * true), "of": 0 if none else 1_000, "share": true}
    return [
        *rows,
        {"item": "link_false", "rows": false[0], "of": false[1], "share": None},
        {"item": "link_true_without_action"} | linked,
    ]


# Tables that a test is not about.
NOTHING_ELSE: dict[str, list[Row]] = {
    name: []
    for name in (
        *("comparisons", "reasons", "peers", "pooled", "official", "breakdowns", "areas", "grounds", "actions"),
        "effects",
    )
}


def evidence_of(*estimates, items=None, period=PERIOD, **others):
    span = {"force": FORCE, "period_from": period[0], "period_to": period[1]}
    drawn = {
        "estimates": estimates,
        "quality": items or quality(),
        **{name: others.pop(name, ()) for name in NOTHING_ELSE},
    }
    assert not others
    tables = {
        name: [Row(name, place, row | span) for place, row in enumerate(rows, start=1)] for name, rows in drawn.items()
    }
    return Evidence(FORCE, NAME, period, tables.__getitem__)


def read(kind, *estimates, previous=None, **tables):
    """The sentences of a kind, as a reader sees them."""
    findings = find(replace(evidence_of(*estimates, **tables), previous=previous))
    return [plain(finding.sentence) for finding in findings if finding.kind == kind]


def total(searches):
    return estimate_row("search_rate", searches / 1_500, numerator=searches)


def year_before(searches, missing=0, period=YEAR_BEFORE):
    return evidence_of(total(searches), items=quality(missing=missing), period=period)


# Searches


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
        f"{NAME} recorded 8,446 searches of people in the year ending March 2023. "
        "Files are missing for part of the period: rates are annualised from the months there are."
    ]


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
    evidence = Evidence("city-of-london", "City of London Police", PERIOD, tables.__getitem__)
    sentence = plain(find(replace(evidence, previous=year_before(2_000)))[0].sentence)
    assert "down from" not in sentence


def evidence_rows(force, missing=0):
    """Quality rows of a force over the period."""
    span = {"force": force, "period_from": APRIL, "period_to": MARCH}
    return [Row("quality", place, row | span) for place, row in enumerate(quality(missing=missing), start=1)]


# Search rates

RATES = [
    estimate_row("search_rate", 17.135, "Black"),
    estimate_row("search_rate", 10.284, "Asian"),
    estimate_row("search_rate", 5.904, "White"),
]
UNKNOWN = estimate_row("unknown_ethnicity_share", 0.1864, numerator=3_070)
NONE_UNKNOWN = estimate_row("unknown_ethnicity_share", 0.0, numerator=0)
BLACK_RATES = "There were 17.1 searches a year for every 1,000 Black residents and 5.9 for every 1,000 White residents"
ASIAN_RATES = "There were 10.3 searches a year for every 1,000 Asian residents and 5.9 for every 1,000 White residents"


def ratio_row(verdict, value, lower, upper, group="Black"):
    return comparison_row("search_rate", verdict, group, ratio=value, ratio_lower=lower, ratio_upper=upper)


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


def test_residents_counted_in_2011_are_counted_again_in_2021():
    tables = {
        "comparisons": [ratio_row("higher", 4.2456, 3.4, 5.2), ratio_row("lower", 0.74, 0.6, 0.9, "Asian")],
        "reasons": [
            bound_row(2.1, 60.5),
            census_row(2.2706, "Census 2021", "Census 2011"),
            census_row(0.5349, "Census 2021", "Census 2011", "Asian"),
        ],
    }
    assert read("search_rate_stated", *RATES, UNKNOWN, **tables) == [
        f"{BLACK_RATES}: a rate 4.25 times as high ({INTERVAL}: 3.40 to 5.20). Even if all searches of unknown "
        "ethnicity (18.6% of searches) had been of White people, the rate would still be 2.10 times as high. "
        "These residents were counted in 2011; by the count of 2021 the ratio would be 2.27.",
        f"{ASIAN_RATES}: a rate 0.74 times that of White residents ({INTERVAL}: 0.60 to 0.90). "
        "These residents were counted in 2011; by the count of 2021 the ratio would be 0.53.",
    ]


@pytest.mark.parametrize(
    "reasons",
    [
        [census_row(4.2456, "Census 2011", "Census 2021")],
        [census_row(2.2706, "Census 2021", "Census 2011", "Asian")],
        [],
    ],
    ids=["the older census", "of another group", "none"],
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


# Find rate of the force

BOUNDS = {"lower_bound": 0.15, "upper_bound": 0.65}


def test_a_measured_find_rate_has_its_interval():
    row = estimate_row("find_rate", 0.2419, lower=0.1976, upper=0.2926, **BOUNDS)
    assert read("find_rate", row) == [f"The find rate was 24.2% ({INTERVAL}: 19.8% to 29.3%)."]


@pytest.mark.parametrize(
    ("items", "why"),
    [
        (quality(outcome=0.3), "30.0% of searches have no outcome recorded"),
        (
            quality(link=0.182),
            "18.2% of the searches that led to an action do not say whether it was linked to the object of the search",
        ),
        (
            quality(outcome=0.051, link=0.06),
            "5.1% of searches have no outcome recorded, and 6.0% of the searches that led to an action do not say "
            "whether it was linked to the object of the search",
        ),
    ],
    ids=["outcome", "link", "both"],
)
def test_a_partial_find_rate_is_about_so_much_and_says_what_is_blank(items, why):
    row = estimate_row("find_rate", 0.2, status="partial", **BOUNDS)
    assert read("find_rate", row, items=items) == [
        f"The find rate can only be estimated, at about 20.0%: {why}. It lies between 15.0% and 65.0%. "
        "Ethnic groups are not compared."
    ]


def test_a_find_rate_that_cannot_be_measured_has_bounds_only():
    row = estimate_row("find_rate", status="not_measurable", **BOUNDS)
    assert read("find_rate", row, items=quality(link=1.0)) == [
        "The find rate cannot be measured from these records: none of the searches that led to an action says whether "
        "it was linked to the object of the search. All that can be said is that it lies between 15.0% and 65.0%."
    ]


def test_nearly_every_action_without_a_flag_is_not_every_one():
    row = estimate_row("find_rate", status="not_measurable", **BOUNDS)
    (sentence,) = read("find_rate", row, items=quality(link=0.9996))
    assert "100.0% of the searches that led to an action do not say" in sentence


def test_no_flag_and_outcomes_left_blank_are_both_said():
    row = estimate_row("find_rate", status="not_measurable", **BOUNDS)
    (sentence,) = read("find_rate", row, items=quality(outcome=0.3, link=1.0))
    assert sentence.startswith(
        "The find rate cannot be measured from these records: 30.0% of searches have no outcome recorded, and none of "
        "the searches that led to an action says whether it was linked to the object of the search. "
    )


@pytest.mark.parametrize("bounds", [{}, BOUNDS], ids=["no search", "no value"])
def test_no_find_rate_is_stated_where_there_is_none(bounds):
    assert read("find_rate", estimate_row("find_rate", **bounds)) == []


# Find rates by group

FINDS = [estimate_row("find_rate", 0.24194, "Black"), estimate_row("find_rate", 0.1859, "White")]
BLACK_FINDS = "The find rate was 24.2% in searches of Black people and 18.6% in searches of White people"


def difference_row(verdict, difference, lower, upper, search_type="All", **named):
    limits = {"difference": difference, "difference_lower": lower, "difference_upper": upper}
    return comparison_row(named.pop("measure", "find_rate"), verdict, search_type=search_type, **limits, **named)


@pytest.mark.parametrize(
    ("row", "kind", "ending"),
    [
        (
            difference_row("higher", 0.05604, 0.01114, 0.10716),
            "find_rate_stated",
            f": 5.6 percentage points higher ({INTERVAL}: 1.1 to 10.7 points).",
        ),
        (
            difference_row("lower", -0.05604, -0.10716, -0.01114),
            "find_rate_stated",
            f": 5.6 percentage points lower ({INTERVAL}: 1.1 to 10.7 points).",
        ),
        (
            difference_row("no clear difference", 0.0191, -0.0217, 0.0641),
            "find_rate_unclear",
            f": no clear difference (+1.9 percentage points; {INTERVAL}: {MINUS}2.2 to +6.4).",
        ),
        (
            difference_row("no clear difference", 0.05604, 0.01114, 0.10716),
            "find_rate_unclear",
            ": not clear once the number of comparisons is allowed for "
            f"(+5.6 percentage points; {INTERVAL}: +1.1 to +10.7).",
        ),
        (
            difference_row("no clear difference", -0.05604, -0.10716, -0.01114),
            "find_rate_unclear",
            ": not clear once the number of comparisons is allowed for "
            f"({MINUS}5.6 percentage points; {INTERVAL}: {MINUS}10.7 to {MINUS}1.1).",
        ),
        (
            difference_row("no clear difference", 0.0191, None, None),
            "find_rate_unclear",
            ": no clear difference.",
        ),
    ],
    ids=["higher", "lower", "unclear", "higher once adjusted", "lower once adjusted", "no interval"],
)
def test_find_rates_of_two_groups_are_compared_in_words_as_the_verdict_says(row, kind, ending):
    assert read(kind, *FINDS, comparisons=[row]) == [BLACK_FINDS + ending]


# Find rates by type


def find_of_type(search_type, value, numerator=100, status="measured", group="All"):
    return estimate_row("find_rate", value, group, search_type, numerator=numerator, status=status)


def test_the_range_over_types_names_the_lowest_and_highest():
    rows = [
        *(find_of_type("going_equipped", 0.081), find_of_type("firearms", 0.2), find_of_type("drugs", 0.312)),
        # Not in the range: too few finds, not measured, not a type, a part that is not separated.
        *(find_of_type("terrorism", 0.9, 9), find_of_type("protest", 0.9, status="partial")),
        *(find_of_type("not_recorded", 0.9), find_of_type("drugs_unspecified", 0.9)),
    ]
    assert read("find_rate_range", *rows) == [
        "Among types of search with at least 10 finds, find rates ran from 8.1% (articles for theft) to 31.2% (drugs)."
    ]


@pytest.mark.parametrize(("finds", "count"), [(9, 0), (10, 1), (11, 1)])
def test_a_range_needs_two_types_with_10_finds(finds, count):
    assert len(read("find_rate_range", find_of_type("firearms", 0.2), find_of_type("drugs", 0.3, finds))) == count


def test_a_stated_difference_within_a_type_names_the_type():
    rows = [
        find_of_type("criminal_damage", value, group=group) for group, value in {"Black": 0.1, "White": 0.3}.items()
    ]
    comparison = difference_row("lower", -0.2, -0.3, -0.1, "criminal_damage")
    assert read("find_rate_type_stated", *rows, comparisons=[comparison]) == [
        "In searches for articles for criminal damage, the find rate was 10.0% in searches of Black people and "
        f"30.0% in searches of White people: 20.0 percentage points lower ({INTERVAL}: 10.0 to 30.0 points)."
    ]


WITHHELD = comparison_row("find_rate", "not compared", status="partial")


def test_drug_searches_are_compared_even_where_it_is_unclear_if_all_searches_are_not_compared():
    rows = [find_of_type("drugs", value, group=group) for group, value in {"Black": 0.312, "White": 0.301}.items()]
    comparisons = [WITHHELD, difference_row("no clear difference", 0.011, -0.0217, 0.0441, "drugs")]
    assert read("find_rate_type_unclear", *rows, comparisons=comparisons) == [
        "In searches for drugs, the find rate was 31.2% in searches of Black people and 30.1% in searches of White "
        f"people: no clear difference (+1.1 percentage points; {INTERVAL}: {MINUS}2.2 to +4.4)."
    ]


@pytest.mark.parametrize(
    ("overall", "count"),
    [
        ([WITHHELD], 1),
        ([comparison_row("find_rate", "not compared", status="small")], 1),
        ([difference_row("no clear difference", 0.011, -0.0217, 0.0441)], 0),
        ([difference_row("higher", 0.05, 0.01, 0.1)], 0),
        ([difference_row("higher", 0.05, 0.01, 0.1) | {"ethnic_group": "Asian"}], 1),
        ([], 1),
    ],
    ids=["withheld", "small", "unclear", "stated", "of another group", "none"],
)
def test_unclear_drug_searches_are_left_to_the_table_where_all_searches_are_compared(overall, count):
    rows = [find_of_type("drugs", 0.3, group=group) for group in ("Black", "White")]
    comparisons = [*overall, difference_row("no clear difference", 0.011, -0.0217, 0.0441, "drugs")]
    assert len(read("find_rate_type_unclear", *rows, comparisons=comparisons)) == count


@pytest.mark.parametrize(
    ("verdict", "kinds"),
    [
        ("higher", ["find_rate_type_stated"]),
        ("lower", ["find_rate_type_stated"]),
        ("no clear difference", ["find_rate_type_unclear"]),
        ("not compared", []),
        ("not measurable", []),
    ],
)
def test_of_types_of_search_only_drugs_are_said_to_be_unclear(verdict, kinds):
    others = [kind for kind in kinds if kind != "find_rate_type_unclear"]
    for search_type, expected in {"drugs": kinds, "drugs_possession": others, "firearms": others}.items():
        rows = [find_of_type(search_type, 0.3, group=group) for group in ("Black", "White")]
        comparisons = [WITHHELD, difference_row(verdict, 0.06, 0.01, 0.11, search_type)]
        findings = find(evidence_of(*rows, comparisons=comparisons))
        assert [finding.kind for finding in findings] == expected, search_type


# Results of searches


def shares_of(measure):
    return [estimate_row(measure, 0.24194, "Black"), estimate_row(measure, 0.1859, "White")]


@pytest.mark.parametrize(
    ("verdict", "sign", "word"), [("higher", 1, "higher"), ("lower", -1, "lower")], ids=["higher", "lower"]
)
def test_a_stated_difference_in_arrests_has_both_shares_and_its_interval(verdict, sign, word):
    limits = sorted([sign * 0.01114, sign * 0.10716])
    comparison = difference_row(verdict, sign * 0.05604, *limits, measure="arrest_rate")
    assert read("arrest_rate_stated", *shares_of("arrest_rate"), comparisons=[comparison]) == [
        "Arrest followed 24.2% of searches of Black people and 18.6% of searches of White people: "
        f"5.6 percentage points {word} ({INTERVAL}: 1.1 to 10.7 points)."
    ]


def test_a_stated_difference_in_searches_beyond_outer_clothing_has_both_shares_and_its_interval():
    comparison = difference_row("higher", 0.05604, 0.01114, 0.10716, measure="clothing_removed_rate")
    rows = shares_of("clothing_removed_rate")
    assert read("clothing_removed_rate_stated", *rows, comparisons=[comparison]) == [
        "More than outer clothing was removed in 24.2% of searches of Black people and 18.6% of searches of White "
        f"people: 5.6 percentage points higher ({INTERVAL}: 1.1 to 10.7 points)."
    ]


@pytest.mark.parametrize("measure", ["arrest_rate", "clothing_removed_rate"])
@pytest.mark.parametrize("verdict", ["no clear difference", "not compared", "not measurable"])
def test_results_without_a_stated_difference_are_left_to_the_table(measure, verdict):
    comparison = difference_row(verdict, 0.05604, 0.01114, 0.10716, measure=measure)
    assert find(evidence_of(*shares_of(measure), comparisons=[comparison])) == []


@pytest.mark.parametrize("measure", ["arrest_rate", "clothing_removed_rate"])
def test_a_stated_difference_within_a_type_is_no_difference_in_results_over_all_searches(measure):
    rows = [row | {"search_type": "drugs"} for row in shares_of(measure)]
    comparison = difference_row("higher", 0.05604, 0.01114, 0.10716, "drugs", measure=measure)
    assert find(evidence_of(*rows, comparisons=[comparison])) == []


# Flags


def actions_of(search_type, actions):
    return estimate_row("action_rate", 0.2, search_type=search_type, numerator=actions)


@pytest.mark.parametrize(("actions", "count"), [(29, 0), (30, 1), (31, 1)])
def test_30_actions_of_a_type_and_none_linked_are_a_flag_that_is_not_used(actions, count):
    rows = find_of_type("firearms", 0.0, 0), actions_of("firearms", actions)
    assert len(read("flag_warning", *rows)) == count


def test_a_flag_not_used_for_some_types_is_warned_of():
    types = {"offensive_weapons": 1_234, "stolen_property": 60, "going_equipped": 45}
    rows = [row for name, n in types.items() for row in (find_of_type(name, 0.0, 0), actions_of(name, n))]
    unspecified = find_of_type("drugs_unspecified", 0.0, 0), actions_of("drugs_unspecified", 99)
    assert read("flag_warning", *rows, *unspecified) == [
        "Of the searches that led to an action, 1,234 after searches for offensive weapons, 60 after searches for "
        "stolen property and 45 after searches for articles for theft, none is recorded as linked to the object of "
        "the search: the flag seems not to be used for these types. Their find rates say little, the force's overall "
        "find rate is too low, and ethnic groups are not compared over all searches: they differ in how often they "
        "are searched for these types."
    ]


@pytest.mark.parametrize(("finds", "status"), [(1, "measured"), (0, "not_measurable")])
def test_a_flag_used_once_or_never_recorded_is_no_unused_flag(finds, status):
    assert read("flag_warning", find_of_type("firearms", 0.0, finds, status), actions_of("firearms", 50)) == []


@pytest.mark.parametrize(("false", "count"), [((0, 29), 0), ((0, 30), 1), ((0, 31), 1), ((1, 3_000), 0)])
def test_a_flag_that_is_never_false_is_warned_of_from_30_actions(false, count):
    assert len(read("flag_warning", items=quality(false=false))) == count


def test_a_flag_that_is_never_false_makes_the_find_rate_an_action_rate():
    assert read("flag_warning", items=quality(false=(0, 1_500))) == [
        "Of 1,500 actions with the linked flag recorded, none has it set to false: here the flag seems to say that an "
        "action was taken, not that the item was found. Read the find rate as an action rate: finds could be far "
        "fewer."
    ]


FOUND = estimate_row("find_rate", 0.3, lower=0.2, upper=0.4, **BOUNDS)


@pytest.mark.parametrize(("true", "count"), [(None, 0), (0.0, 0), (0.499, 0), (0.5, 0), (0.501, 1), (1.0, 1)])
def test_a_flag_set_on_more_than_half_of_no_further_action_is_warned_of(true, count):
    assert len(read("flag_warning", FOUND, items=quality(true=true))) == count


def test_a_flag_set_on_no_further_action_does_not_simply_mean_that_the_item_was_found():
    assert read("flag_warning", FOUND, items=quality(true=0.873)) == [
        "The linked flag is set on 87.3% of the searches that ended in no further action, so it does not simply mean "
        "that the item was found. Those searches are not counted as finds, but after an action the flag may mean as "
        "little."
    ]


@pytest.mark.parametrize(
    "rows",
    [[], [estimate_row("find_rate", status="not_measurable", **BOUNDS)], [find_of_type("drugs", 0.3)]],
    ids=["no find rate", "not measurable", "of a type only"],
)
def test_a_flag_is_not_doubted_where_no_find_rate_is_shown(rows):
    assert read("flag_warning", *rows, items=quality(link=1.0, true=1.0)) == []


def test_a_type_of_few_searches_whose_actions_are_never_linked_is_warned_of_too():
    small = find_of_type("firearms", 0.0, 0) | {"status": "small"}
    assert len(read("flag_warning", FOUND, small, actions_of("firearms", 35))) == 1


def test_a_partial_find_rate_has_a_reason_even_where_each_field_is_nearly_whole():
    row = estimate_row("find_rate", 0.2, status="partial", **BOUNDS)
    (sentence,) = read("find_rate", row, items=quality())
    assert ": part of the searches do not say what was found." in sentence


def test_each_way_in_which_the_flag_tells_little_is_warned_of_on_its_own():
    rows = FOUND, find_of_type("firearms", 0.0, 0), actions_of("firearms", 50)
    warnings = read("flag_warning", *rows, items=quality(true=0.9, false=(0, 300)))
    assert [warning[:24] for warning in warnings] == [
        "Of 300 actions with the ",
        "The linked flag is set o",
        "Of the searches that led",
    ]


# Drugs and unknown ethnicity

DRUGS = estimate_row("type_share", 0.624, search_type="drugs", numerator=624)


@pytest.mark.parametrize(
    "rows",
    [[DRUGS], [DRUGS, estimate_row("type_share", search_type="drugs_possession", status="not_measurable")]],
)
def test_possession_and_supply_that_records_do_not_separate_are_said_to_be_unknown(rows):
    assert read("drugs", *rows) == [
        "Searches for drugs were 62.4% of all searches. These records do not say whether possession or supply was "
        "suspected, so neither can be measured."
    ]


def test_possession_that_records_separate_has_its_share():
    assert read(
        "drugs", DRUGS, estimate_row("type_share", 0.51, search_type="drugs_possession", status="measured")
    ) == ["Searches for drugs were 62.4% of all searches; searches for possession alone were 51.0%."]


def test_possession_that_records_separate_in_part_only_is_no_plain_share():
    """6 in 10 drug searches say possession, 4 in 10 do not say: possession is somewhere from 30% to 50%."""
    parts = {"drugs_possession": 300, "drugs_unspecified": 200, "other": 500}
    estimates = number_rows(
        "estimates", estimate_cells(*(cell(search_type=name, searches=n) for name, n in parts.items()))
    )
    tables = {
        "estimates": estimates,
        "comparisons": [],
        "reasons": [],
        "peers": [],
        **{key: [] for key in ("pooled", "breakdowns", "areas", "grounds", "actions", "effects")},
        "official": [],
        "quality": evidence_rows(FORCE),
    }
    findings = find(Evidence(FORCE, NAME, PERIOD, tables.__getitem__))
    (sentence,) = [plain(finding.sentence) for finding in findings if finding.kind == "drugs"]
    assert sentence.endswith("possession alone were between 30.0% and 50.0%: part of the drug searches do not say.")


def test_records_without_a_drug_search_are_not_blamed_for_not_separating_them():
    estimates = number_rows("estimates", estimate_cells(cell(searches=500)))
    tables = {
        "estimates": estimates,
        "comparisons": [],
        "reasons": [],
        "peers": [],
        **{key: [] for key in ("pooled", "breakdowns", "areas", "grounds", "actions", "effects")},
        "official": [],
        "quality": evidence_rows(FORCE),
    }
    findings = find(Evidence(FORCE, NAME, PERIOD, tables.__getitem__))
    sentences = [plain(finding.sentence) for finding in findings if finding.kind == "drugs"]
    assert not any("do not say" in sentence for sentence in sentences)


def test_no_share_of_drugs_is_stated_where_there_is_none():
    assert read("drugs", estimate_row("type_share", search_type="drugs")) == []


@pytest.mark.parametrize(("value", "text"), [(0.1864, "18.6%"), (0.0, "0.0%")])
def test_the_share_of_unknown_ethnicity_is_always_said(value, text):
    assert read("unknown_ethnicity", estimate_row("unknown_ethnicity_share", value)) == [
        f"Ethnicity is unknown for {text} of searches, which are left out of every comparison between groups."
    ]


def test_no_share_of_unknown_ethnicity_is_said_of_no_searches():
    assert read("unknown_ethnicity", estimate_row("unknown_ethnicity_share")) == []


# Rules all sentences keep

VERDICTS = ["higher", "lower", "no clear difference", "not compared", "not measurable"]
DIFFERENCE = re.compile(r"higher|lower|times as high|times that of|more|fewer|less")
RESULTS = ("arrest_rate", "clothing_removed_rate")


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_difference_is_put_into_words_only_where_the_verdict_states_one(verdict):
    comparisons = [
        ratio_row(verdict, 2.9, 2.5, 3.4),
        difference_row(verdict, 0.06, 0.01, 0.11),
        difference_row(verdict, 0.06, 0.01, 0.11, "firearms"),
        difference_row(verdict, 0.06, 0.01, 0.11, "drugs"),
        *(difference_row(verdict, 0.06, 0.01, 0.11, measure=measure) for measure in RESULTS),
    ]
    types = [find_of_type(kind, 0.2, group=group) for kind in ("firearms", "drugs") for group in ("Black", "White")]
    results = [row for measure in RESULTS for row in shares_of(measure)]
    findings = find(evidence_of(*RATES, *FINDS, *types, *results, comparisons=comparisons))
    stated = [finding for finding in findings if DIFFERENCE.search(plain(finding.sentence))]
    assert len(stated) == (6 if verdict in {"higher", "lower"} else 0)
    # Of what is unclear: the search rate and the find rate.
    assert len(findings) == {"higher": 6, "lower": 6, "no clear difference": 2}.get(verdict, 0)


def test_officer_defined_rows_and_other_forces_and_periods_are_no_evidence():
    row = estimate_row("search_rate", 1.0, numerator=5) | {
        "force": FORCE,
        "period_from": APRIL,
        "period_to": MARCH,
    }
    others = [
        row | {"force": "kent"},
        row | {"period_to": YEAR[1]},
        row | {"ethnicity_basis": "officer-defined"},
    ]
    tables = {"estimates": [Row("estimates", 1, other) for other in others]}
    tables |= {**NOTHING_ELSE, "quality": []}
    assert Evidence(FORCE, NAME, PERIOD, tables.__getitem__).rows("estimates") == {}
    assert len(Evidence(FORCE, NAME, PERIOD, tables.__getitem__, "officer-defined").rows("estimates")) == 1


def test_official_counts_of_other_forces_and_periods_are_no_evidence():
    span = {"force": FORCE, "period_from": APRIL, "period_to": MARCH}
    rows = [
        official_row(270, 314) | span,
        official_row(1, 900) | span | {"force": "kent"},
        official_row(2, 900) | span | {"period_from": YEAR_BEFORE[0], "period_to": YEAR_BEFORE[1]},
    ]
    tables = {
        "estimates": [],
        "comparisons": [],
        "reasons": [],
        "peers": [],
        "pooled": [],
        **{key: [] for key in ("breakdowns", "areas", "grounds", "actions", "effects")},
        "quality": [],
    }
    tables["official"] = [Row("official", place, row) for place, row in enumerate(rows, start=1)]
    assert Evidence(FORCE, NAME, PERIOD, tables.__getitem__).rows("official") == {("Black",): tables["official"][0]}


def half_known(group, searches, found):
    known = {"found": found, "not_found": searches - 3 * found, "not_found_after_action": found}
    return cell(group, searches=searches, actions=3 * found, unknown_after_action=found, **known)


KNOWN = [
    cell("Black", "firearms", found=200, not_found=200, clothing_removed=90),
    cell("White", "firearms", found=400, not_found=5_600, clothing_removed=120),
    cell("Asian", "drugs_possession", found=60, not_found=400),
    cell("White", "drugs_possession", found=300, not_found=2_000),
    cell("Mixed", "other", found=20, not_found=200),
    cell("Not stated", searches=900),
]
MADE = {
    "measured": KNOWN,
    "flag unused": [*KNOWN, cell("Mixed", "going_equipped", searches=120, actions=40)],
    "partial": [half_known("Black", 400, 60), half_known("White", 6_000, 500)],
    "not measurable": [
        cell("White", searches=5_000, found=0, not_found=0, actions=900, unknown_after_action=900),
        cell("Black", searches=40, found=0, not_found=0, actions=9, unknown_after_action=9),
    ],
}
# Over all searches, what each must speak of beside searches, search rates and what is unknown.
SPOKEN = {
    "measured": {
        *("find_rate_stated", "find_rate_unclear", "find_rate_type_stated"),
        *("find_rate_range", "arrest_rate_stated", "clothing_removed_rate_stated", "drugs"),
    },
    "flag unused": {
        *("find_rate_type_stated", "find_rate_type_unclear", "find_rate_range"),
        *("arrest_rate_stated", "clothing_removed_rate_stated", "drugs"),
    },
    "partial": set(),
    "not measurable": set(),
}


def publish(made):
    """Published tables, and the findings made of them."""
    counts = count(*MADE[made])
    estimates = estimate_counts(counts)
    comparisons = compare(estimates)
    population = people().with_columns(population_base=pl.lit(CENSUS_2011))
    reasons = explain_all(counts, estimates, population=population)
    frames = {"estimates": estimates, "comparisons": comparisons, "reasons": reasons}
    tables = {name: number_rows(name, frame) for name, frame in frames.items()}
    span = {"force": FORCE, "period_from": APRIL, "period_to": MARCH}
    rows = {
        "quality": quality(link=0.4, false=(0, 900), true=0.7),
        "official": [official_row(400, 500), official_row(6_000, 8_000, "White")],
    }
    tables |= {key: [] for key in ("peers", "pooled", "breakdowns", "areas", "grounds", "actions", "effects")}
    for name, some in rows.items():
        tables[name] = [Row(name, place, row | span) for place, row in enumerate(some, start=1)]
    return tables, find(Evidence(FORCE, NAME, PERIOD, tables.__getitem__))


@pytest.fixture(params=MADE)
def published(request):
    return publish(request.param)


@pytest.mark.parametrize("made", MADE)
def test_what_is_made_speaks_of_all_that_its_records_carry(made):
    tables, findings = publish(made)
    assert {finding.kind for finding in findings} >= SPOKEN[made] | {"searches", "official_warning", "flag_warning"}
    assert any(row.values["analysis"] == "other_census" for row in tables["reasons"])


def test_a_flag_that_is_not_used_for_a_type_leaves_find_rates_over_all_searches_uncompared():
    kinds = {made: {finding.kind for finding in publish(made)[1]} for made in ("measured", "flag unused")}
    assert not kinds["flag unused"] & {"find_rate_stated", "find_rate_unclear"}
    sentences = [plain(finding.sentence) for finding in publish("flag unused")[1] if finding.kind == "flag_warning"]
    assert any("40 after searches for articles for theft, none is recorded" in sentence for sentence in sentences)


def test_every_figure_of_a_finding_stands_in_its_table_row_and_column(published):
    tables, findings = published
    figures = [part for finding in findings for part in finding.sentence if isinstance(part, Figure)]
    assert len(figures) > 8
    for figure in figures:
        row = tables[figure.table][figure.row - 1]
        assert (row.number, row.values[figure.column]) == (figure.row, figure.value)


NUMBERS_IN_WORDS = re.compile(r"95% confidence|1,000 |March 2023|counted in 2011|count of 2021|at least 10 finds")


def test_no_number_is_written_that_is_not_a_figure(published):
    for finding in published[1]:
        words = "".join(part for part in finding.sentence if isinstance(part, str))
        plain_numbers = NUMBERS_IN_WORDS.sub("", words)
        assert not re.search(r"\d", plain_numbers), words


FORBIDDEN = re.compile(
    r"\bbias|discriminat|likely|caus(e|ed|es)\b|because of|BAME|\bblacks\b|\basians\b|\bwhites\b|racis|hit rate",
    re.IGNORECASE,
)


def test_no_sentence_claims_a_cause_or_names_people_by_a_colour(published):
    for finding in published[1]:
        assert not FORBIDDEN.search(plain(finding.sentence))
        assert not re.search(r"\bnan\b|\binf\b|None|null", plain(finding.sentence))


def test_every_sentence_is_one_with_a_capital_a_stop_and_single_spaces(published):
    assert {finding.topic for finding in published[1]} <= {"search-rates", "find-rates", "data-quality", "why", "drugs"}
    for finding in published[1]:
        text = plain(finding.sentence)
        assert text[0].isupper()
        assert text.endswith(".")
        assert not re.search(r"  | \.|\.\.|\{|\}", text)


# Drugs, what led to searches, priorities


def part(measure, category, value, **other):
    """One row of a breakdown: all searches of a thousand, measured, unless named."""
    breakdown = {"origin_share": "search_origin", "item_found_share": "item_found", "aligned_share": "priority"}
    full = {
        **{"measure": measure, "breakdown": breakdown.get(measure, "area"), "category": category},
        **{"ethnic_group": "All", "search_type": "All", "value": value, "status": "measured"},
        **{"numerator": round(1_000 * (value or 0)), "denominator": 1_000, "unknown": 0},
        **{"lower": None, "upper": None, "lower_bound": value, "upper_bound": value},
    }
    if value is not None:
        full |= {"lower": max(value - 0.02, 0), "upper": value + 0.02}
    assert other.keys() <= full.keys()
    return full | other


def test_the_share_of_possession_is_told_with_its_interval():
    row = estimate_row("type_share", 0.51, search_type="drugs_possession", status="measured", lower=0.479, upper=0.541)
    assert read("drugs", DRUGS, row) == [
        "Searches for drugs were 62.4% of all searches; searches for possession alone were 51.0% "
        "(95% confidence interval: 47.9% to 54.1%)."
    ]


@pytest.mark.parametrize(
    ("verdict", "ends"),
    [
        ("higher", ": 6.0 percentage points higher (95% confidence interval: 1.0 to 11.0 points)."),
        (
            "no clear difference",
            ": not clear once the number of comparisons is allowed for (+6.0 percentage points; "
            "95% confidence interval: +1.0 to +11.0).",
        ),
    ],
)
def test_shares_of_drug_searches_are_told_of_both_groups_before_their_difference(verdict, ends):
    shares = [
        estimate_row("type_share", value, search_type="drugs", ethnic_group=group)
        for group, value in {"Black": 0.66, "White": 0.60}.items()
    ]
    comparison = difference_row(verdict, 0.06, 0.01, 0.11, "drugs", measure="type_share")
    assert read("drugs_share", *shares, comparisons=[comparison]) == [
        f"Of searches of Black people, 66.0% were for drugs; of searches of White people, 60.0%{ends}"
    ]


BOTH_RATES = "The find rate was {} in searches for possession of drugs and {} in searches for supply{}."


def drug_rate_of(kind, value, status="measured"):
    limits = {"lower": value - 0.02, "upper": value + 0.02, "numerator": round(1_000 * value)}
    return estimate_row("find_rate", value, search_type=kind, status=status, **limits)


def shown(value, lower, upper):
    return f"{value} (95% confidence interval: {lower} to {upper})"


@pytest.mark.parametrize(
    ("supply", "told", "ends"),
    [
        (
            drug_rate_of("drugs_supply", 0.31),
            ("31.0%", "29.0%", "33.0%"),
            ": no clear difference, as the intervals overlap",
        ),
        (drug_rate_of("drugs_supply", 0.20), ("20.0%", "18.0%", "22.0%"), ": higher, and the intervals do not overlap"),
        (drug_rate_of("drugs_supply", 0.40), ("40.0%", "38.0%", "42.0%"), ": lower, and the intervals do not overlap"),
        (drug_rate_of("drugs_supply", 0.20, "small"), ("20.0%", "18.0%", "22.0%"), ": too few searches to compare"),
    ],
)
def test_find_rates_of_possession_and_supply_stand_side_by_side(supply, told, ends):
    possession = drug_rate_of("drugs_possession", 0.30)
    expected = BOTH_RATES.format(shown("30.0%", "28.0%", "32.0%"), shown(*told), ends)
    assert read("drugs_find_rates", possession, supply) == [expected]


def test_rounded_find_rates_are_not_said_to_differ():
    rows = [drug_rate_of("drugs_possession", 0.30) | {"places": 0}, drug_rate_of("drugs_supply", 0.20) | {"places": 0}]
    (sentence,) = read("drugs_find_rates", *rows)
    assert sentence.endswith(": not compared, as rounding could make such a difference.")


def test_items_found_are_told_of_possession_and_supply_where_they_are_separated():
    row = estimate_row("type_share", 0.51, search_type="drugs_possession", status="measured")
    parts = [
        part("item_found_share", item, value, search_type="drugs_possession")
        for item, value in {"drugs": 0.31, "nothing": 0.65}.items()
    ]
    assert read("drugs_items", row, breakdowns=parts) == [
        f"In searches for possession of drugs, drugs were found in {shown('31.0%', '29.0%', '33.0%')} and nothing at "
        f"all in {shown('65.0%', '63.0%', '67.0%')}."
    ]


def test_the_areas_of_the_least_and_the_most_are_named_with_their_intervals():
    parts = [
        part("type_share", area, value, search_type="drugs", status=status)
        for area, value, status in (
            ("Fells", 0.50, "measured"),
            ("Harbour", 0.60, "measured"),
            ("Old Town", 0.55, "measured"),
            ("Vale", 0.90, "small"),
        )
    ]
    assert read("drugs_areas", breakdowns=parts) == [
        f"Among areas with at least 50 searches, searches for drugs ran from {shown('50.0%', '48.0%', '52.0%')} of all "
        f"searches in Fells to {shown('60.0%', '58.0%', '62.0%')} in Harbour: higher, and the intervals do not overlap."
    ]
    assert read("drugs_areas", breakdowns=parts[:1]) == []


def test_origins_are_told_and_what_is_not_recorded_is_bounded():
    own, told = part("origin_share", "self_generated", 0.54), part("origin_share", "intelligence", 0.14)
    start = "Of 1,000 searches that say what led to them, 54.0% were self-generated and 14.0% came of intelligence"
    assert read("origins", breakdowns=[own, told]) == [f"{start}."]
    unsure = {"status": "partial", "unknown": 250, "lower_bound": 0.432, "upper_bound": 0.632}
    assert read("origins", breakdowns=[own | unsure, told | {"status": "partial"}]) == [
        f"{start}; 250 searches do not say, so of all searches 43.2% to 63.2% were self-generated."
    ]
    assert read("origins", breakdowns=[own | {"value": None}, told]) == []


def test_origins_of_groups_are_compared_by_their_intervals():
    parts = [
        part("origin_share", "self_generated", value, ethnic_group=group)
        for group, value in {"Asian": 0.51, "Black": 0.60, "White": 0.50}.items()
    ]
    white = f"of searches of White people, {shown('50.0%', '48.0%', '52.0%')}"
    assert read("origins_group", breakdowns=parts) == [
        f"Of searches of Asian people, {shown('51.0%', '49.0%', '53.0%')} were self-generated; {white}: "
        "no clear difference, as the intervals overlap.",
        f"Of searches of Black people, {shown('60.0%', '58.0%', '62.0%')} were self-generated; {white}: "
        "higher, and the intervals do not overlap.",
    ]
    assert read("origins_group", breakdowns=[*parts[:2], parts[2] | {"status": "small"}]) == []


def test_find_rates_by_origin_name_both():
    parts = [
        part("find_rate", origin, value, breakdown="search_origin")
        for origin, value in {"self_generated": 0.20, "intelligence": 0.30}.items()
    ]
    assert read("origins_finds", breakdowns=parts) == [
        f"The find rate was {shown('20.0%', '18.0%', '22.0%')} in self-generated searches and "
        f"{shown('30.0%', '28.0%', '32.0%')} in searches that intelligence led to: lower, and the intervals do not "
        "overlap."
    ]


def test_searches_under_a_priority_and_under_none_are_told():
    parts = [part("aligned_share", "any", 0.21), part("aligned_share", "none", 0.79)]
    assert read("priorities", breakdowns=parts) == [
        "Of 1,000 searches, 21.0% (95% confidence interval: 19.0% to 23.0%) fell under a stated priority and 79.0% "
        "under none."
    ]
    bounded = {"value": None, "lower_bound": 0.2, "upper_bound": 0.4, "status": "partial"}
    assert read("priorities", breakdowns=[parts[0] | bounded, parts[1] | bounded]) == [
        "Between 20.0% and 40.0% of all searches fell under a stated priority: the others do not say their type or "
        "area."
    ]


@pytest.mark.parametrize(("value", "share"), [(0.0, "none"), (0.25, "25.0% (95% confidence interval: 23.0% to 27.0%)")])
def test_searches_for_possession_under_a_priority_are_told(value, share):
    row = part("aligned_share", "any", value, search_type="drugs_possession")
    assert read("priorities_possession", breakdowns=[row]) == [
        f"Of 1,000 searches for possession of drugs, {share} fell under a stated priority."
    ]


def test_priorities_of_groups_are_compared_by_their_intervals():
    parts = [
        part("aligned_share", "any", value, ethnic_group=group) for group, value in {"Black": 0.3, "White": 0.2}.items()
    ]
    assert read("priorities_group", breakdowns=parts) == [
        f"Of searches of Black people, {shown('30.0%', '28.0%', '32.0%')} fell under a stated priority; of searches of "
        f"White people, {shown('20.0%', '18.0%', '22.0%')}: higher, and the intervals do not overlap."
    ]


# The review of recorded grounds

REVIEWED = {"force": FORCE, "period_from": PERIOD[0], "period_to": PERIOD[1], "category": "All"}


def grounds_row(measure, met, size, limits=(None, None)):
    values = {"measure": measure, "ethnic_group": "All", "search_type": "All", "numerator": met, "denominator": size}
    return REVIEWED | values | {"value": met / size, "lower": limits[0], "upper": limits[1], "status": "measured"}


def say_grounds(*rows):
    numbered = [Row("grounds", place, row) for place, row in enumerate(rows, start=1)]
    tables = NOTHING_ELSE | {"estimates": [], "quality": [], "grounds": numbered}
    evidence = Evidence(FORCE, NAME, PERIOD, tables.__getitem__)
    return [plain(finding.sentence) for finding in find(evidence) if finding.topic == "grounds"]


SHARE_OF_ALL = grounds_row("reasonable_share", 209, 243, (0.8116, 0.8976))


def test_the_review_says_its_share_with_interval_and_records():
    (sentence,) = say_grounds(SHARE_OF_ALL)
    assert sentence.startswith("A review of 243 records puts the share of searches in the year ending March ")
    assert sentence.endswith("recorded at 86.0% (95% confidence interval: 81.2% to 89.8%).")


def test_reviewers_who_differ_leave_a_range():
    by_any, by_all = grounds_row("reasonable_by_any_share", 225, 243), grounds_row("reasonable_by_all_share", 209, 243)
    assert say_grounds(SHARE_OF_ALL, by_any, by_all)[1:] == [
        "Where one reviewer’s yes is enough the share is 92.6%; where every reviewer must say yes it is 86.0%."
    ]
    assert say_grounds(SHARE_OF_ALL, by_any | {"numerator": 209}, by_all)[1:] == []


def test_agreement_is_said_with_kappa_and_without_it_not_at_all():
    kappa = grounds_row("kappa", 0, 243, (0.39, 0.75)) | {"numerator": None, "value": 0.57}
    agreement = grounds_row("agreement", 222, 243)
    beyond = (
        "Their agreement beyond chance (kappa, where 1 is full agreement and 0 that of chance) is 0.57 "
        "(95% confidence interval: 0.39 to 0.75)."
    )
    alike = "Reviewers, who answered on their own, gave the same answer for 222 of 243 records (91.4%)."
    assert say_grounds(SHARE_OF_ALL, agreement, kappa)[1:] == [f"{alike} {beyond}"]
    assert say_grounds(SHARE_OF_ALL, kappa)[1:] == [f"Two or more reviewers answered on their own. {beyond}"]
    assert say_grounds(SHARE_OF_ALL, agreement, kappa | {"value": None})[1:] == []


def test_a_share_that_is_suppressed_is_not_spoken_of():
    assert say_grounds(SHARE_OF_ALL | {"value": None, "status": "suppressed"}, grounds_row("agreement", 1, 2)) == []


def area(name, value, *, half=0.5, status="measured", **told):
    return {
        **{"area": name, "ethnic_group": "All", "status": status, "verdict": None, "denominator": 20.0},
        **{"value": value, "lower": value - half, "upper": value + half},
        **told,
    }


def test_the_areas_with_the_highest_and_the_lowest_rate_are_named():
    rows = [area("Vale", 7.0), area("Moor", 5.0), area("Fell", 9.0), area("Isle", 99.0, status="small")]
    ci = "95% confidence interval"
    told = (
        f"The search rate was highest in Fell, at 9.0 searches a year for every 1,000 residents ({ci}: 8.5 to 9.5), "
        f"and lowest in Moor, at 5.0 ({ci}: 4.5 to 5.5)."
    )
    assert read("area_rates", areas=rows) == [told]
    assert read("area_rates", areas=rows[:1]) == []
    wide = [area(row["area"], row["value"], half=2.5) for row in rows[:3]]
    (said,) = read("area_rates", areas=wide)
    assert said.endswith(
        "(95% confidence interval: 2.5 to 7.5). Their intervals overlap: which is higher is not clear."
    )


def test_areas_are_named_by_how_a_group_s_rate_lies_to_that_of_white_residents_there():
    verdicts = {
        "Fell": "higher",
        "Moor": "higher",
        "Vale": "lower",
        "Isle": "no clear difference",
        "Rock": "not compared",
    }
    rows = [area(name, 9.0, ethnic_group="Black", verdict=verdict) for name, verdict in verdicts.items()]
    assert read("area_ratios", areas=rows) == [
        "Against White residents of the same area, Black residents had a higher search rate in Fell and Moor; a lower "
        "one in Vale; no clear difference in Isle."
    ]
    assert read("area_ratios", areas=rows[3:]) == []


def test_searches_in_no_area_are_told_and_whether_they_leave_enough():
    item = {"item": "area_not_known", "rows": 120, "of": 1_000, "share": 0.12}
    told = "12.0% of 1,000 searches are in no area: they have no coordinates, or coordinates outside all areas."
    share = part("type_share", "Fell", 0.5, breakdown="area")
    assert read("unplaced", items=[*quality(), item], breakdowns=[share]) == [told]
    assert read("unplaced", items=[*quality(), item]) == [
        f"{told} That leaves too few for rates by area: none is shown."
    ]
    assert read("unplaced", items=[*quality(), item | {"rows": 0, "share": 0.0}]) == []
