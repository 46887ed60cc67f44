"""What a ratio rests on, in rows and words: figures worked out by hand."""

import pytest

from disparity.site.findings.assumptions import (
    choose_compared,
    list_assumptions,
    say_finding,
    say_like_with_like,
    say_range,
)
from disparity.site.published_figures import plain
from support.findings import evidence_of, ratio_row

KEYS = {"measure": "search_rate", "ethnicity_basis": "self-defined", "search_type": "All"}


def assumed(role, ratio, *, group="Black", **other):
    place = {"residents": "interpolated", "unknown_ethnicity": "left_out", "months": "all"}
    return {
        **KEYS,
        **place,
        **{"result_recording": "as_recorded", "ethnic_group": group, "role": role, "verdict": "higher", "ratio": ratio},
        **{"ratio_lower": 0.8 * ratio, "ratio_upper": 1.25 * ratio},
        **other,
    }


TRIED = [
    assumed("plausible", 2.27, residents="census_2021"),
    assumed("bracketing", 4.25, residents="census_2011"),
    assumed("plausible", 2.24, residents="census_2021", unknown_ethnicity="proportional_by_type"),
    assumed("plausible", 3.06, unknown_ethnicity="officer_informed"),
    assumed("plausible", 2.50, months="without_months_in_doubt"),
    assumed("bound", 1.99, unknown_ethnicity="fewest_of_group"),
    assumed("headline", 2.44),
    assumed("headline", 1.48, group="Asian"),
]
WITHIN = {"analysis": "search_rate_ratio_over_areas", "component": "within", "ethnic_group": "Black", "value": 1.9}


def list_rows(*, reasons=()):
    compared = [ratio_row("higher", 2.44, 1.8, 4.0), ratio_row("higher", 1.48, 1.2, 1.9, group="Asian")]
    evidence = evidence_of(comparisons=compared, sensitivity=TRIED, reasons=list(reasons))
    return list_assumptions(evidence, "Black")


def test_each_assumption_that_changes_alone_has_a_row_as_published_first_and_bounds_none():
    rows = {each.label: each.rows.get("Black") for each in list_rows()}
    assert {label: row and row.values["ratio"] for label, row in rows.items()} == {
        "As published": 2.44,
        "Residents as counted in 2021": 2.27,
        "Residents as counted in 2011 (not in the range)": 4.25,
        "Unknown ethnicity as officers saw it": 3.06,
        "Without the months in doubt": 2.50,
        "Within the same areas": None,
        "Within the same fifths of deprivation": None,
        "Within the same neighbourhoods": None,
        "With the same ages and sexes": None,
    }
    assert next(iter(rows)) == "As published"


def test_a_count_too_far_away_and_what_compares_like_with_like_are_no_part_of_the_range():
    outside = {each.label for each in list_rows() if not each.is_in_range}
    assert outside == {
        "Residents as counted in 2011 (not in the range)",
        "Within the same areas",
        "Within the same fifths of deprivation",
        "Within the same neighbourhoods",
        "With the same ages and sexes",
    }


def test_other_groups_have_their_row_under_the_same_assumption_where_there_is_one():
    first, second, *_ = list_rows()
    assert {group: row.values["ratio"] for group, row in first.rows.items()} == {"Black": 2.44, "Asian": 1.48}
    assert set(second.rows) == {"Black"}


def test_the_comparison_taken_apart_is_the_stated_one_furthest_from_equal_rates():
    rows = [
        ratio_row("higher", 1.9, 1.5, 2.2),
        ratio_row("lower", 0.4, 0.3, 0.6, group="Other"),
        ratio_row("no clear difference", 6.0, 0.5, 9.0, group="Mixed"),
    ]
    assert choose_compared(evidence_of(comparisons=rows)).values["ethnic_group"] == "Other"
    unclear = [
        ratio_row("no clear difference", 1.3, 0.9, 1.8, group="Asian"),
        ratio_row("no clear difference", 1.1, 0.9, 1.8),
    ]
    assert choose_compared(evidence_of(comparisons=unclear)).values["ethnic_group"] == "Black"
    assert choose_compared(evidence_of()) is None


@pytest.mark.parametrize(
    ("row", "headline", "sentence"),
    [
        (
            ratio_row("higher", 2.44, 1.76, 3.95),
            "Black people: a higher rate on every plausible count",
            "The search rate of Black residents was 1.8 to 4.0 times the rate of White residents, on every plausible "
            "count.",
        ),
        (
            ratio_row("depends", 1.4, 0.76, 2.0, depends_on="census"),
            "Black people: it depends on the count of residents",
            "The search rate of Black residents could be 0.8 to 2.0 times the rate of White residents. Whether they "
            "differ depends on which count of residents is used.",
        ),
        (
            ratio_row("no clear difference", 1.1, 0.76, 1.6),
            "Black people: no clear difference",
            "The search rate of Black residents could be 0.8 to 1.6 times the rate of White residents: no clear "
            "difference.",
        ),
        (ratio_row("no clear difference", 1.1, None, None), "Black people: no clear difference", ""),
    ],
)
def test_the_words_follow_the_verdict_and_give_one_range(row, headline, sentence):
    compared = choose_compared(evidence_of(comparisons=[row]))
    assert say_finding(compared) == headline
    assert plain(say_range(compared)) == sentence


def alike(analysis, component, value, lower=None, upper=None):
    named = {"analysis": analysis, "component": component, "ethnic_group": "Black", "ethnicity_basis": "self-defined"}
    return named | {"value": value, "lower": lower, "upper": upper}


NORTHUMBRIA = [
    alike("ratio_over_areas", "within", 1.04, 0.81, 1.34),
    alike("ratio_over_fifths", "mantel_haenszel", 1.57, 1.22, 2.01),
    alike("ratio_over_neighbourhoods", "mantel_haenszel", 0.47, 0.37, 0.61),
    alike("age_sex_standardised", "ratio", 1.63, 1.25, 2.13),
]


@pytest.mark.parametrize(
    ("reasons", "sentence"),
    [
        (
            NORTHUMBRIA,
            "Like with like, by areas, fifths of deprivation, neighbourhoods and ages, each by itself, it was 0.47 to "
            "1.63 times the rate of White people. Within the same areas what is left could be chance. Within the same "
            "neighbourhoods it is the other way round. But people searched in a neighbourhood need not live there.",
        ),
        (
            NORTHUMBRIA[3:],
            "Like with like, by ages, it was 1.63 times the rate of White people. By areas, fifths of deprivation and "
            "neighbourhoods no single figure can be given.",
        ),
        # Without an interval nothing is said of the side.
        (
            [alike("ratio_over_areas", "within", 0.9)],
            "Like with like, by areas, it was 0.90 times the rate of White people. By fifths of deprivation, "
            "neighbourhoods and ages no single figure can be given.",
        ),
        (
            [alike("ratio_over_areas", "within", None)],
            "Like with like could not be tried: ages and places are not known well enough.",
        ),
    ],
)
def test_a_range_is_no_floor_so_what_like_with_like_makes_of_it_is_said(reasons, sentence):
    """A reader took the range for a floor, beside a ratio of 0.47 within neighbourhoods."""
    evidence = evidence_of(comparisons=[ratio_row("higher", 1.91, 1.4, 2.7)], reasons=reasons)
    assert plain(say_like_with_like(evidence, choose_compared(evidence))) == sentence


def test_where_another_weighting_of_the_same_places_says_otherwise_both_are_said():
    """West Yorkshire, Asian residents: 1.51 with common weights, 0.99 with those of where they live."""
    places = "ratio_over_neighbourhoods"
    common, own = alike(places, "mantel_haenszel", 1.51, 1.38, 1.66), alike(places, "within", 0.99, 0.81, 1.20)
    evidence = evidence_of(comparisons=[ratio_row("higher", 2.53, 2.3, 2.9)], reasons=[common, own])
    told = plain(say_like_with_like(evidence, choose_compared(evidence)))
    assert "Weighted by where Black residents live, it is 0.99 times within the same neighbourhoods." in told
    alike_too = own | {"value": 1.2, "lower": 1.1, "upper": 1.3}
    evidence = evidence_of(comparisons=[ratio_row("higher", 2.53, 2.3, 2.9)], reasons=[common, alike_too])
    assert "Weighted" not in plain(say_like_with_like(evidence, choose_compared(evidence)))


def test_like_with_like_of_protected_counts_is_not_published_and_of_no_stated_difference_not_said():
    hidden = evidence_of(comparisons=[ratio_row("higher", 1.91, 1.4, 2.7)], cells=[{"count": 5}])
    told = plain(say_like_with_like(hidden, choose_compared(hidden)))
    assert told == "Rates within the same places or ages are not published."
    unclear = evidence_of(comparisons=[ratio_row("no clear difference", 1.1, 0.8, 1.6)], reasons=NORTHUMBRIA)
    assert say_like_with_like(unclear, choose_compared(unclear)) == ()
