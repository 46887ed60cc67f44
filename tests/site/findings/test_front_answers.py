"""The five answers: always five, in one order, and honest where there is nothing to answer from."""

from dataclasses import replace
from datetime import date

import pytest

from disparity.disclosure.plan import PLAN, PORTAL_PLANS
from disparity.site.findings.front_answers import answer, say_doubted, say_missing
from disparity.site.pages.findings import count_searches
from disparity.site.published_figures import plain
from disparity.vocabulary.calendar import months_from
from support.findings import PERIOD, YEAR_BEFORE, estimate_row, evidence_of, quality, ratio_row

QUESTIONS = ["Was anything found?", "For what?", "Is it changing?", "Why?", "How sure?"]
COUNTS = [400, 500, 450, 600, 600, 600, 600, 600, 600, 700, 650, 700]


def say(evidence):
    return {given.question: plain(given.sentence) for given in answer(evidence)}


def months(counts, *, in_doubt=()):
    return [
        estimate_row("search_rate", numerator=count) | {"month": month, "in_doubt": month in in_doubt}
        for month, count in zip(months_from(PERIOD[0], 12), counts, strict=True)
        if count is not None
    ]


def year(searches, *, period=PERIOD, missing=0, **tables):
    return evidence_of(
        estimate_row("search_rate", 5.0, numerator=searches), period=period, items=quality(missing=missing), **tables
    )


def test_there_are_five_answers_in_their_order_where_nothing_can_be_known():
    said = say(evidence_of())
    assert list(said) == QUESTIONS
    for question, words in said.items():
        assert "cannot be known from these records, because" in words, question


def test_every_answer_leads_to_a_page_of_its_own():
    assert [given.address for given in answer(evidence_of())] == [
        *("finds.html", "finds.html#drugs", "over-time.html", "why.html", "data-quality.html")
    ]


def test_without_a_year_before_the_last_months_are_set_beside_the_first():
    said = say(evidence_of(monthly=months(COUNTS)))["Is it changing?"]
    assert said.startswith("This cannot be known from these records, because there is no year before in them.")
    assert "The last three months had about one and a half times as many searches as the first three." in said


@pytest.mark.parametrize("place", [0, 2, 9, 11])
def test_months_that_are_missing_or_in_doubt_are_no_part_of_a_change(place):
    gone = [None if at == place else count for at, count in enumerate(COUNTS)]
    doubted = months(COUNTS, in_doubt={months_from(PERIOD[0], 12)[place]})
    for monthly in (months(gone), doubted):
        assert "three months" not in say(evidence_of(monthly=monthly))["Is it changing?"]


def test_a_year_is_set_beside_the_year_before():
    evidence = replace(year(5_273), previous=year(5_238, period=YEAR_BEFORE))
    assert say(evidence)["Is it changing?"] == "5,273 searches, up from 5,238 in the year ending March 2022."


@pytest.mark.parametrize(("before", "ending"), [((9.0, 12.8), ": no clear change."), ((8.0, 9.9), ".")])
def test_a_change_that_chance_could_make_is_not_left_to_be_read_as_a_rise(before, ending):
    def rated(value, lower, upper, **named):
        black = estimate_row("search_rate", value, "Black", lower=lower, upper=upper)
        return evidence_of(estimate_row("search_rate", 5.0, numerator=5_273), black, **named)

    evidence = replace(rated(11.7, 10.0, 13.6), previous=rated(10.8, *before, period=YEAR_BEFORE))
    told = f"For every 1,000 Black residents: 11.7, and 10.8 in the year before{ending}"
    assert say(evidence)["Is it changing?"].endswith(told)


def test_the_answer_on_causes_says_what_was_varied_and_what_like_with_like_makes_of_it():
    comparison = ratio_row("higher", 1.94, 1.4, 2.7)
    row = {"analysis": "age_sex_standardised", "component": "ratio", "ethnic_group": "Black", "value": 1.51}
    evidence = evidence_of(comparisons=[comparison], reasons=[row | {"lower": 1.3, "upper": 1.8}])
    assert say(evidence)["Why?"].startswith(
        "The difference for Black people stays, on every plausible count. "
        "Like with like, by ages, it was 1.51 times the rate of White people."
    )


def test_numbers_of_searches_that_are_rounded_are_said_to_be_about_so_many():
    """4,770 was printed as it stands, of 4,768, on the front page of a protected edition."""
    protected = {"cells": [{"count": 5_280}], "disclosure": [{"plan": PLAN.name}]}
    evidence = replace(year(5_280, **protected), previous=year(5_235, period=YEAR_BEFORE, **protected))
    said = say(evidence)["Is it changing?"]
    assert said == "About 5,280 searches, up from about 5,235 in the year ending March 2022."
    for plan, words in ((PLAN, "About 5,280 searches, "), (PORTAL_PLANS[0], "5,280 searches, ")):
        told = count_searches(year(5_280, cells=[{"count": 5_280}], disclosure=[{"plan": plan.name}]))
        assert plain(told) == words


def test_a_year_that_lacks_months_is_not_compared():
    evidence = replace(year(5_273), previous=year(5_238, period=YEAR_BEFORE, missing=1))
    said = say(evidence)["Is it changing?"]
    assert said == "This cannot be known from these records, because the year ending March 2022 is not whole."


def test_possession_is_told_from_supply_only_where_the_records_do():
    drugs = estimate_row("type_share", 0.8, search_type="drugs", numerator=80)
    possession = estimate_row("type_share", 0.5, search_type="drugs_possession", numerator=50)
    assert say(evidence_of(drugs))["For what?"] == (
        "Most often for drugs: 80.0% of searches. How much was possession, and how much supply, cannot be known from "
        "these records, because they do not say."
    )
    told = say(evidence_of(drugs, possession))["For what?"]
    assert told == "Most often for drugs: 80.0% of searches. Possession alone was 50.0% of searches."


def test_of_an_estimated_find_rate_the_bounds_are_said():
    row = estimate_row("find_rate", 0.2, status="partial", lower_bound=0.1, upper_bound=0.4)
    said = say(evidence_of(row))["Was anything found?"]
    assert said.startswith("What officers looked for was found in 10.0% to 40.0% of searches.")


def test_how_sure_says_what_is_missing_and_in_doubt():
    years = [{"months_covered": 10, "months_in_doubt": 1}]
    doubts = [{"month": date(2022, 6, 1), "doubt": "one_date"}]
    items = [row | {"of": 12} if row["item"] == "months_missing" else row for row in quality(missing=2)]
    evidence = evidence_of(estimate_row("unknown_ethnicity_share", 0.155), items=items, years=years, doubts=doubts)
    assert say(evidence)["How sure?"] == (
        "Ethnicity is unknown for 15.5% of searches. 2 of 12 months are missing. 1 of 10 months is in doubt."
    )
    assert plain(say_missing(evidence)) == "2 of 12 months missing"
    assert plain(say_doubted(evidence)) == "1 of 10 months in doubt"


def test_without_a_year_before_it_is_said_that_official_figures_go_further_back():
    official = [{"series": "official_2011", "ethnic_group": "All"}]
    assert "Official figures go further back." in say(evidence_of(history=official))["Is it changing?"]
    assert "Official" not in say(evidence_of(history=[official[0] | {"series": "records"}]))["Is it changing?"]
