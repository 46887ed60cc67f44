"""Deprivation, in words: what is stated, and why nothing is."""

from disparity.site.findings.deprivation import say_same_neighbourhood, say_unplaced_group
from disparity.site.published_figures import plain
from support.findings import RATES, evidence_of, ratio_row, read


def common(value, over="fifths", group="Black", component="mantel_haenszel"):
    names = {"analysis": f"ratio_over_{over}", "component": component, "ethnic_group": group}
    return names | {"value": value}


HIGHER = ratio_row("higher", 3.95, 3.2, 5.4)


def test_a_stated_ratio_is_told_within_fifths_beside_the_one_over_the_force():
    assert read("deprivation", *RATES, comparisons=[HIGHER], reasons=[common(3.376)]) == [
        "Within the same fifth of deprivation, the search rate of Black residents is 3.38 times that of White "
        "residents. Over the whole force it is 3.95 times."
    ]


def test_what_is_not_stated_or_not_known_is_not_told():
    unclear = ratio_row("no clear difference", 3.95, 0.9, 5.4)
    assert read("deprivation", *RATES, comparisons=[unclear], reasons=[common(3.376)]) == []
    assert read("deprivation", *RATES, comparisons=[HIGHER]) == []


def test_within_neighbourhoods_it_is_said_where_it_is_known():
    evidence = evidence_of(*RATES, comparisons=[HIGHER], reasons=[common(2.474, "neighbourhoods")])
    told = "Within the same neighbourhoods, the search rate of Black residents is 2.47 times that of White residents."
    assert plain(say_same_neighbourhood(evidence, "Black")) == told
    assert say_same_neighbourhood(evidence, "Asian") == ()


def test_too_many_searches_without_a_place_are_the_reason_given():
    many = evidence_of(*RATES, reasons=[common(0.113, component="not_recorded_share")])
    told = "Not known for Black people: 11.3% of their searches, or of White people’s, have no place in the force."
    assert plain(say_unplaced_group(many, "Black")) == told
    few = evidence_of(*RATES, reasons=[common(0.1, component="not_recorded_share")])
    assert say_unplaced_group(few, "Black") == ()
