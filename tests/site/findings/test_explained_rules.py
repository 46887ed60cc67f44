"""Worked examples of the statement rule, in figures worked out by hand."""

import pytest

from disparity.site.findings.explained_rules import EXPLAINED_RULES
from disparity.site.published_figures import plain
from support.findings import comparison_row, evidence_of, ratio_row

KEYS = {"measure": "search_rate", "ethnicity_basis": "self-defined", "ethnic_group": "Black", "search_type": "All"}


def assumed(role, *values, verdict="higher", residents="interpolated", unknown="left_out"):
    """The ratio under an assumption, with its limits."""
    return {
        **KEYS,
        **{"residents": residents, "unknown_ethnicity": unknown, "result_recording": "as_recorded", "months": "all"},
        **dict(zip(("ratio", "ratio_lower", "ratio_upper"), values, strict=True), role=role, verdict=verdict),
    }


# As printed last: the order of the table is no promise.
TRIED = [
    assumed("bound", 1.99, 1.57, 2.53, unknown="fewest_of_group"),
    assumed("plausible", 2.27, 1.79, 2.89, residents="census_2021"),
    assumed("bracketing", 4.25, 3.34, 5.40, residents="census_2011"),
    assumed("plausible", 2.24, 1.76, 2.85, residents="census_2021", unknown="proportional_by_type"),
    assumed("plausible", 3.06, 2.41, 3.89, unknown="officer_informed"),
    assumed("plausible", None, None, None, verdict="not available", unknown="imputed"),
    assumed("headline", 2.44, 1.92, 3.10),
]
PRINTED = {"ratio_lower": 1.92, "ratio_upper": 3.10, "p_value": 0.0012, "level": 0.0125}
COMPARED = ratio_row("higher", 2.44, 1.76, 3.89, **PRINTED)
POPULATION = [
    {"base": base, "ethnic_group": "Black", "population_base": name, "role": role, "population": 9_000.0}
    for base, name, role in (
        ("interpolated", "censuses of 2011 and 2021, interpolated to October 2019", "headline"),
        ("census_2021", "Census 2021", "plausible"),
        ("census_2011", "Census 2011", "bracketing"),
    )
]


def explain(name, *compared, tried=TRIED, **tables):
    evidence = evidence_of(comparisons=compared or [COMPARED], sensitivity=tried, population=POPULATION, **tables)
    return plain(EXPLAINED_RULES[name](evidence))


def test_a_verdict_is_worked_out_from_p_its_level_and_the_assumption_nearest_to_equal_rates():
    """Of what decides, bounds apart, the lower limit is least at 1.76."""
    assert explain("statement-rule") == (
        "for the ratio of search rates of Black people p is 0.0012 and the level 0.0125. Nearest to equal rates is the "
        "ratio with residents of Census 2021 and unknown ethnicity shared out by month and type. Its interval is from "
        "1.76 to 2.85. The verdict: higher."
    )


def test_a_verdict_that_depends_names_on_what():
    compared = ratio_row("depends", 2.44, 0.9, 3.89, depends_on="census", **PRINTED | {"p_value": 0.00001})
    fallen = [
        assumed("bracketing", 1.12, 0.88, 1.42, verdict="no clear difference", residents="census_2011"),
        TRIED[-1],
    ]
    told = explain("statement-rule", compared, tried=fallen)
    assert "p is under 0.0001" in told
    assert "with residents of Census 2011. Its interval is from 0.88 to 1.42." in told
    assert told.endswith("The verdict depends on which count of residents is used.")


def test_of_a_lower_rate_the_upper_limit_is_the_nearer():
    compared = ratio_row("lower", 0.5, 0.4, 0.9, **PRINTED | {"ratio_lower": 0.4, "ratio_upper": 0.6})
    tried = [
        assumed("headline", 0.5, 0.4, 0.6, verdict="lower"),
        assumed("plausible", 0.7, 0.5, 0.9, verdict="lower", residents="census_2021"),
        assumed("bracketing", 0.3, 0.2, 0.4, verdict="lower", residents="census_2011"),
    ]
    assert "with residents of Census 2021. Its interval is from 0.50 to 0.90." in explain(
        "statement-rule", compared, tried=tried
    )


def test_a_range_names_the_assumption_behind_each_end_and_the_farther_census_is_none():
    assert explain("range") == (
        "for Black people the lowest lower limit comes with residents of Census 2021 and unknown ethnicity shared out "
        "by month and type. The highest upper limit comes with unknown ethnicity as officers saw it. The range is 1.76 "
        "to 3.89."
    )


def test_assumptions_are_given_one_at_a_time_without_bounds_and_what_could_not_be_tried():
    assert explain("assumptions") == (
        "for Black people the ratio of search rates is 2.44 as printed. It would be 2.27 with residents of Census "
        "2021. It would be 4.25 with residents of Census 2011. It would be 3.06 with unknown ethnicity as officers saw "
        "it."
    )


# 2.44 + sqrt(2.44 x 1.44) = 4.3145; 1.92 + sqrt(1.92 x 0.92) = 3.2491; 102 x 1,324,728 / 9,401 - 5,898 = 8,475.2.
TIPPING = KEYS | {
    **{"unknown_needed": 8_476, "unknown_there": 1_308, "residents_needed": 22_909.8, "residents_counted": 9_401.2},
    **{"e_value": 4.3145, "e_value_limit": 3.2491},
}


def test_tipping_values_say_how_many_there_would_have_to_be_and_how_many_there_are():
    assert explain("tipping", tipping=[TIPPING]) == (
        "for the rates of Black people and White people to be equal, 8,476 searches of unknown ethnicity would have to "
        "be of White people. There are 1,308. Or there would have to be 22,910 Black residents, where 9,401 are "
        "counted."
    )


def test_an_e_value_stands_beside_its_ratio_and_its_nearer_limit():
    assert explain("e-value", tipping=[TIPPING]) == (
        "the ratio of search rates of Black people is 2.44, which has an E-value of 4.31. The limit of its interval "
        "that is nearer to one is 1.92, with an E-value of 3.25."
    )


@pytest.mark.parametrize("name", EXPLAINED_RULES)
def test_without_figures_there_is_no_example(name):
    assert explain(name, comparison_row("search_rate", "not compared"), tried=[]) == ""
