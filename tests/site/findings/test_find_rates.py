"""Find rates, results of searches and what their flags tell, in words."""

import pytest

from disparity.site.findings.find import find
from support.findings import (
    FINDS,
    comparison_row,
    difference_row,
    estimate_row,
    evidence_of,
    find_of_type,
    quality,
    read,
    shares_of,
)

# Find rate of the force


BOUNDS = {"lower_bound": 0.15, "upper_bound": 0.65}


def test_a_measured_find_rate_is_said_and_its_interval_left_to_the_table():
    row = estimate_row("find_rate", 0.2419, lower=0.1976, upper=0.2926, **BOUNDS)
    assert read("find_rate", row) == ["Officers found what they were looking for in 24.2% of searches."]


@pytest.mark.parametrize(
    ("items", "why"),
    [
        (quality(outcome=0.3), "No outcome is recorded for 30.0% of searches."),
        (
            quality(link=0.182),
            "Of searches that led to an action, 18.2% do not say whether that was linked to what was searched for.",
        ),
        (
            quality(outcome=0.051, link=0.06),
            "No outcome is recorded for 5.1% of searches. Of searches that led to an action, 6.0% do not say whether "
            "that was linked to what was searched for.",
        ),
    ],
    ids=["outcome", "link", "both"],
)
def test_a_partial_find_rate_is_about_so_much_and_says_what_is_blank(items, why):
    row = estimate_row("find_rate", 0.2, status="partial", **BOUNDS)
    assert read("find_rate", row, items=items) == [
        f"Officers found the item in about 20.0% of searches, but this is an estimate. {why} The share lies between "
        "15.0% and 65.0%, so ethnic groups are not compared."
    ]


def test_a_find_rate_that_cannot_be_measured_has_bounds_only():
    row = estimate_row("find_rate", status="not_measurable", **BOUNDS)
    assert read("find_rate", row, items=quality(link=1.0)) == [
        "These records cannot show how often the item was found. No search that led to an action says whether that was "
        "linked to what was searched for. The share lies between 15.0% and 65.0%."
    ]


def test_nearly_every_action_without_a_flag_is_not_every_one():
    row = estimate_row("find_rate", status="not_measurable", **BOUNDS)
    (sentence,) = read("find_rate", row, items=quality(link=0.9996))
    assert "Of searches that led to an action, 100.0% do not say" in sentence


def test_no_flag_and_outcomes_left_blank_are_both_said():
    row = estimate_row("find_rate", status="not_measurable", **BOUNDS)
    (sentence,) = read("find_rate", row, items=quality(outcome=0.3, link=1.0))
    assert sentence.startswith(
        "These records cannot show how often the item was found. No outcome is recorded for 30.0% of searches. No "
        "search that led to an action says whether that was linked to what was searched for. "
    )


@pytest.mark.parametrize("bounds", [{}, BOUNDS], ids=["no search", "no value"])
def test_no_find_rate_is_stated_where_there_is_none(bounds):
    assert read("find_rate", estimate_row("find_rate", **bounds)) == []


BLACK_FINDS = "The find rate was 24.2% in searches of Black people and 18.6% in searches of White people"


@pytest.mark.parametrize(
    ("row", "kind", "ending"),
    [
        (
            difference_row("higher", 0.05604, 0.01114, 0.10716),
            "find_rate_stated",
            ". That is 1.1 to 10.7 percentage points higher.",
        ),
        (
            difference_row("lower", -0.05604, -0.10716, -0.01114),
            "find_rate_stated",
            ". That is 1.1 to 10.7 percentage points lower.",
        ),
        (
            difference_row("no clear difference", 0.0191, -0.0217, 0.0641),
            "find_rate_unclear",
            ": no clear difference.",
        ),
        (
            difference_row("no clear difference", 0.05604, 0.01114, 0.10716, p_value=0.02, level=0.01),
            "find_rate_unclear",
            ": no clear difference once the number of comparisons is allowed for.",
        ),
        (
            difference_row("no clear difference", -0.05604, -0.10716, -0.01114, p_value=0.02, level=0.01),
            "find_rate_unclear",
            ": no clear difference once the number of comparisons is allowed for.",
        ),
        (
            difference_row("no clear difference", 0.0191, None, None),
            "find_rate_unclear",
            ": no clear difference.",
        ),
        (
            difference_row("no clear difference", 0.0191, -0.0217, 0.0641, smallest_difference=0.0543),
            "find_rate_unclear",
            ": no clear difference. A gap of 5.4 percentage points would usually have shown.",
        ),
        (
            difference_row("depends", 0.05604, -0.01114, 0.10716, depends_on="unknown_ethnicity"),
            "find_rate_depends",
            ". Whether there is a difference depends on who the people of unknown ethnicity were.",
        ),
        (
            difference_row("depends", 0.05604, -0.01114, 0.10716, depends_on="flags"),
            "find_rate_depends",
            ". Whether there is a difference depends on what came of searches without a recorded result.",
        ),
    ],
    ids=[
        *("higher", "lower", "unclear", "higher once adjusted", "lower once adjusted", "no range"),
        *("what chance could hide", "unknown ethnicity", "flags"),
    ],
)
def test_find_rates_of_two_groups_are_compared_in_words_as_the_verdict_says(row, kind, ending):
    assert read(kind, *FINDS, comparisons=[row]) == [BLACK_FINDS + ending]


def test_the_range_over_types_names_the_lowest_and_highest():
    rows = [
        *(find_of_type("going_equipped", 0.081), find_of_type("firearms", 0.2), find_of_type("drugs", 0.312)),
        # Not in the range: too few finds, not measured, not a type, a part that is not separated.
        *(find_of_type("terrorism", 0.9, 9), find_of_type("protest", 0.9, status="partial")),
        *(
            find_of_type(kind, 0.9)
            for kind in ("not_recorded", "drugs_unspecified", "drugs_possession", "drugs_supply")
        ),
    ]
    assert read("find_rate_range", *rows) == [
        "The item was found least often in searches for articles for theft, 8.1%, and most often in searches for "
        "drugs, 31.2%."
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
        "30.0% of White people. That is 10.0 to 30.0 percentage points lower."
    ]


WITHHELD = comparison_row("find_rate", "not compared", status="partial")


def test_drug_searches_are_compared_even_where_it_is_unclear_if_all_searches_are_not_compared():
    rows = [find_of_type("drugs", value, group=group) for group, value in {"Black": 0.312, "White": 0.301}.items()]
    comparisons = [WITHHELD, difference_row("no clear difference", 0.011, -0.0217, 0.0441, "drugs")]
    assert read("find_rate_type_unclear", *rows, comparisons=comparisons) == [
        "In searches for drugs, the find rate was 31.2% in searches of Black people and 30.1% of White people: no "
        "clear difference."
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


@pytest.mark.parametrize("search_type", ["drugs", "drugs_possession", "drugs_supply"])
def test_a_difference_in_drug_searches_is_on_the_page_on_drugs(search_type):
    rows = [find_of_type(search_type, 0.3, group=group) for group in ("Black", "White")]
    findings = find(evidence_of(*rows, comparisons=[difference_row("lower", -0.2, -0.3, -0.1, search_type)]))
    assert [(finding.topic, finding.kind) for finding in findings] == [("finds#drugs", "find_rate_type_stated")]


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


@pytest.mark.parametrize(
    ("verdict", "sign", "word"), [("higher", 1, "higher"), ("lower", -1, "lower")], ids=["higher", "lower"]
)
def test_a_stated_difference_in_arrests_has_both_shares_and_its_range(verdict, sign, word):
    limits = sorted([sign * 0.01114, sign * 0.10716])
    comparison = difference_row(verdict, sign * 0.05604, *limits, measure="arrest_rate")
    assert read("arrest_rate_stated", *shares_of("arrest_rate"), comparisons=[comparison]) == [
        "Arrest followed 24.2% of searches of Black people and 18.6% of searches of White people. That is "
        f"1.1 to 10.7 percentage points {word}."
    ]


def test_a_stated_difference_in_searches_beyond_outer_clothing_has_both_shares_and_its_range():
    comparison = difference_row("higher", 0.05604, 0.01114, 0.10716, measure="clothing_removed_rate")
    rows = shares_of("clothing_removed_rate")
    assert read("clothing_removed_rate_stated", *rows, comparisons=[comparison]) == [
        "More than outer clothing was removed in 24.2% of searches of Black people and 18.6% of searches of White "
        "people. That is 1.1 to 10.7 percentage points higher."
    ]


def test_what_followed_searches_is_said_and_an_estimate_is_called_one():
    action, arrest = estimate_row("action_rate", 0.349), estimate_row("arrest_rate", 0.165)
    assert read("outcomes", action, arrest) == ["Some action followed 34.9% of searches, and arrest followed 16.5%."]
    assert read("outcomes", action, arrest | {"status": "partial"}) == [
        "Some action followed about 34.9% of searches, and arrest followed about 16.5%: these are estimates."
    ]
    assert read("outcomes", action, arrest | {"value": None}) == read("outcomes", arrest) == []


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
    rows = FOUND, find_of_type("firearms", 0.0, 0), actions_of("firearms", actions)
    assert len(read("flag_warning", *rows)) == count


def test_a_flag_not_used_for_some_types_is_warned_of():
    types = {"offensive_weapons": 1_234, "stolen_property": 60, "going_equipped": 45}
    rows = [row for name, n in types.items() for row in (find_of_type(name, 0.0, 0), actions_of(name, n))]
    unspecified = find_of_type("drugs_unspecified", 0.0, 0), actions_of("drugs_unspecified", 99)
    overall = estimate_row("find_rate", None, status="not_measurable", numerator=400, **BOUNDS)
    assert read("flag_warning", overall, *rows, *unspecified) == [
        "In searches for offensive weapons, none of 1,234 actions is recorded as linked to what was searched for. "
        "In searches for stolen property, none of 60 is. In searches for articles for theft, none of 45 is. What was "
        "found is not known for these types. These are too many to leave out, so there is no find rate over all "
        "searches."
    ]


@pytest.mark.parametrize(("finds", "status"), [(1, "measured"), (0, "not_measurable")])
def test_a_flag_used_once_or_never_recorded_is_no_unused_flag(finds, status):
    assert read("flag_warning", find_of_type("firearms", 0.0, finds, status), actions_of("firearms", 50)) == []


@pytest.mark.parametrize(("false", "count"), [((0, 29), 0), ((0, 30), 1), ((0, 31), 1), ((1, 3_000), 0)])
def test_a_flag_that_is_never_false_is_warned_of_from_30_actions(false, count):
    assert len(read("flag_warning", items=quality(false=false))) == count


def test_a_flag_that_is_never_false_makes_the_find_rate_an_action_rate():
    assert read("flag_warning", items=quality(false=(0, 1_500))) == [
        "Of 1,500 actions, none is recorded as not linked to what was searched for. The field seems to say that an "
        "action was taken, not that the item was found. There could be far fewer finds."
    ]


FOUND = estimate_row("find_rate", 0.3, lower=0.2, upper=0.4, **BOUNDS)


@pytest.mark.parametrize(("true", "count"), [(None, 0), (0.0, 0), (0.499, 0), (0.5, 0), (0.501, 1), (1.0, 1)])
def test_a_flag_set_on_more_than_half_of_no_further_action_is_warned_of(true, count):
    assert len(read("flag_warning", FOUND, items=quality(true=true))) == count


def test_a_flag_set_on_no_further_action_does_not_simply_mean_that_the_item_was_found():
    assert read("flag_warning", FOUND, items=quality(true=0.873)) == [
        "Of searches that ended in no further action, 87.3% are still marked as linked to what was searched for. They "
        "are not counted as finds. But the mark may mean as little after an action."
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
    assert " Part of the searches do not say what was found." in sentence


def test_each_way_in_which_the_flag_tells_little_is_warned_of_on_its_own():
    rows = FOUND, find_of_type("firearms", 0.0, 0), actions_of("firearms", 50)
    warnings = read("flag_warning", *rows, items=quality(true=0.9, false=(0, 300)))
    assert [warning[:24] for warning in warnings] == [
        "Of 300 actions, none is ",
        "Of searches that ended i",
        "In searches for firearms",
    ]
