"""Ages and sexes, and what searches are set against, in words."""

import pytest

from support.findings import read


def age(age_group, gender, value, *, half=0.5, **told):
    return {
        **{"age_group": age_group, "gender": gender, "value": value, "lower": value - half, "upper": value + half},
        **{"ethnic_group": told.pop("group", "All"), "status": "measured", "verdict": None, "ratio": None},
        **told,
    }


YOUNG, BOYS = age("18-24", "Male", 43.7), age("10-17", "Male", 22.2)


def test_those_with_the_highest_rate_are_named():
    told = "The search rate was highest among men aged 18 to 24: 43.7 searches a year for every thousand."
    few = age("25-34", "Female", 90.0, status="small")
    assert read("ages", age_rates=[BOYS, YOUNG, few]) == [told]
    assert read("ages", age_rates=[YOUNG]) == []
    wide = [age("18-24", "Male", 43.7, half=15), age("10-17", "Male", 22.2, half=15)]
    assert read("ages", age_rates=wide) == [f"{told} It is not clear that it was higher than among boys aged 10 to 17."]


def test_of_them_a_clear_difference_has_both_rates_before_the_ratio_and_an_unclear_one_no_figure():
    rows = [
        *(BOYS, YOUNG),
        age("18-24", "Male", 165.4, group="Black", verdict="higher", ratio=4.92),
        age("18-24", "Male", 33.6, group="White"),
        age("18-24", "Male", 31.1, group="Asian", verdict="no clear difference", ratio=0.93),
        age("18-24", "Male", 9.9, group="Other", verdict="not compared"),
        age("10-17", "Male", 40.0, group="Mixed", verdict="higher", ratio=2.0),
    ]
    start = "Among men of that age,"
    assert read("ages_by_group", age_rates=rows) == [
        f"{start} there were 165.4 searches for every thousand Black residents and 33.6 for White "
        "residents. That is 4.92 times the rate.",
        f"{start} no difference from White residents is clear for the Asian group.",
    ]


def against(benchmark, title, ratio, group="Black"):
    return {"benchmark": benchmark, "title": title, "ethnic_group": group, "ratio": ratio, "ethnicity_basis": "any"}


@pytest.mark.parametrize(
    ("theft", "told"),
    [
        (9.0, "lowest on arrests, at 1.20, and highest on Victims of theft, at 9.00"),
        (0.5, "lowest on Victims of theft, at 0.50, and highest on residents, at 3.95"),
    ],
)
def test_the_lowest_and_the_highest_ratio_are_told_and_neither_side_is_left_out(theft, told):
    """Of 2.53, 1.80 and 3.44 the first two alone were told."""
    rows = [
        against("residents", "Residents", 3.95),
        against("arrests", "Arrests", 1.2),
        against("Victims of theft", "Victims of theft", theft),
    ]
    assert read("benchmarks", benchmarks=rows) == [
        f"For Black people, the ratio to White people depends on what searches are set against. It is {told}."
    ]


def test_nothing_is_told_of_one_ratio_alone():
    assert read("benchmarks", benchmarks=[against("residents", "Residents", 3.95)]) == []
