"""The first sentence: of the largest stated difference, months that lack first; Black people are always said."""

from datetime import date

import pytest

from disparity.site.findings.front import write_front
from disparity.site.published_figures import plain
from support.findings import RATES, evidence_of, quality, ratio_row

MISSING = [row | {"of": 12} if row["item"] == "months_missing" else row for row in quality(missing=2)]
DOUBTED = {
    "years": [{"months_covered": 12, "months_in_doubt": 1}],
    "doubts": [{"month": date(2022, 6, 1), "doubt": "one_date"}],
}
BLACK = ratio_row("higher", 2.9, 2.5, 3.4)


def test_the_sentence_is_of_the_largest_stated_difference_and_black_people_are_said_all_the_same():
    asian = ratio_row("higher", 3.9, 3.5, 4.4, "Asian")
    black = ratio_row("no clear difference", 1.0, 0.8, 1.3, smallest_difference=1.5)
    front = write_front(evidence_of(*RATES, comparisons=[asian, black]))
    assert plain(front.headline) == "Asian people were searched about four times as often as White people"
    assert plain(front.range_said) == "3.5 to 4.4 times, on every plausible count."
    assert plain(front.also).startswith(
        "There is no clear difference between how often Black people and White people were searched."
    )


def test_black_people_are_said_once_where_the_sentence_is_of_them():
    front = write_front(evidence_of(*RATES, comparisons=[BLACK]))
    assert plain(front.headline) == "Black people were searched about three times as often as White people"
    assert front.also == ()


def test_months_that_are_missing_or_in_doubt_are_in_the_first_sentence():
    said = [
        plain(write_front(evidence_of(*RATES, comparisons=[BLACK], **given)).headline)
        for given in ({"items": MISSING}, DOUBTED, {"items": MISSING} | DOUBTED)
    ]
    assert [words.partition("; ")[2] for words in said] == [
        "2 of 12 months are missing",
        "1 of 12 months is in doubt",
        "2 of 12 months are missing, and 1 of 12 months is in doubt",
    ]
    finding = "Black people were searched about three times as often as White people; "
    assert all(words.startswith(finding) for words in said)


@pytest.mark.parametrize("rows", [(), RATES])
def test_where_nothing_is_stated_the_sentence_says_that_it_cannot_be_known(rows):
    said = plain(write_front(evidence_of(*rows)).headline)
    assert said.startswith("Whether Black people were searched more often than White people cannot be known from these")
