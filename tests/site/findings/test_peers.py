"""Sentences on a force beside others: what sets it apart, or what would have."""

from datetime import date

import pytest

from disparity.site.findings.evidence import Evidence
from disparity.site.findings.peers import choose_set, state_positions
from disparity.site.published_figures import Row, plain

PERIOD = (date(2019, 4, 1), date(2020, 3, 1))
LIMITS = {"lower_95": 0.9, "upper_95": 20.04, "lower_998": 0.4, "upper_998": 45.2}


def evidence(**values):
    shared = {"period_from": PERIOD[0], "period_to": PERIOD[1], "ethnic_group": "Black", "compared_with": "all"}
    shared |= {"measure": "search_rate_ratio", "value": 3.95, "target": 3.01, "position": "within"} | LIMITS
    rows = {"peers": [Row("peers", 1, shared | values)]}
    return Evidence("kent", "Kent Police", PERIOD, lambda name: rows[name])


def say(**values):
    return [(kind, plain(sentence)) for _, kind, sentence in state_positions(evidence(**values))]


def test_a_place_within_the_limits_is_said_with_what_would_have_shown():
    assert say() == [
        (
            "peers_within",
            "The search rate of Black people is 3.95 times that of White people here, and 3.01 times in all forces in "
            "this publication together. That does not set this force apart: only a ratio under 0.90 or over 20.0 would "
            "have.",
        )
    ]


@pytest.mark.parametrize(
    ("position", "said"),
    [
        ("above_95", "That is higher than in forces like these: 95% of them would lie from 0.90 to 20.0."),
        ("above_998", "That is higher than in forces like these: 99.8% of them would lie from 0.40 to 45.2."),
        ("below_95", "That is lower than in forces like these: 95% of them would lie from 0.90 to 20.0."),
        ("below_998", "That is lower than in forces like these: 99.8% of them would lie from 0.40 to 45.2."),
    ],
)
def test_a_place_outside_is_said_with_the_limits_it_is_outside_of(position, said):
    ((kind, sentence),) = say(position=position)
    assert kind == "peers_outside"
    assert sentence.endswith(said)


def test_without_limits_nothing_is_said():
    assert say(position=None) == []


def test_a_find_rate_is_a_share_of_searches():
    shares = {"value": 0.25, "target": 0.2, "lower_95": 0.1, "upper_95": 0.4}
    ((_, sentence),) = say(measure="find_rate", ethnic_group="All", **shares)
    assert sentence.startswith("The item was found in 25.0% of searches here, and in 20.0% in all forces")
    assert sentence.endswith("only a figure under 10.0% or over 40.0% would have.")


def test_a_most_similar_group_goes_before_all_forces():
    assert choose_set(evidence()) == "all"
    assert choose_set(evidence(compared_with="A group")) == "A group"
