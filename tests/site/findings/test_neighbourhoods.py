"""Neighbourhoods, in words."""

import pytest

from support.findings import place_row as place
from support.findings import read


def said(*rows):
    return read("neighbourhoods", neighbourhoods=rows)


def test_the_highest_is_named_beside_the_whole_and_parts_are_counted_in_words():
    rows = [place("Dale 001", 80.0, 1.0), *(place(f"Moor 00{n}", 1.0 + n / 100, 0.0) for n in range(7))]
    assert said(*rows, place("Isle 001", 5.0, 0.5), place("Isle 002", 5.1, 0.05)) == [
        "Of its neighbourhoods, the search rate was highest in Dale 001, at 80.0 searches a year for every thousand "
        "residents. In all of them together it was 5.0. Most were clearly below that and about one in ten clearly "
        "above. The rate of about a quarter cannot be told from it."
    ]


def test_one_whose_limits_meet_those_of_another_is_among_the_highest():
    (sentence,) = said(place("Dale 001", 9.0, 1.0), place("Dale 002", 8.5, 1.0), place("Moor 001", 1.0, 0.0))
    assert sentence.startswith("Of its neighbourhoods, the search rate was among the highest in Dale 001, at 9.0")


def test_where_none_can_be_told_that_is_said_and_none_is_called_higher():
    (sentence,) = said(place("Dale 001", 5.2, 0.6), place("Dale 002", 5.1, 0.4))
    assert sentence.endswith("No neighbourhood can be told from that.")
    assert "among the highest" in sentence


@pytest.mark.parametrize("rows", [(), (place("Dale 001", 5.0, 0.5, fit="too_few_events"),)])
def test_without_a_smoothed_rate_nothing_is_said(rows):
    assert said(*rows) == []
