"""Change, in words: two ends of a year, and two years."""

from dataclasses import replace

from disparity.analysis.reasons.rows import REASON_COLUMNS
from disparity.site.findings.over_time import has_year_before, say_finds, say_searches, say_year
from disparity.site.published_figures import plain
from support.findings import PERIOD, YEAR_BEFORE, estimate_row, evidence_of

SEARCHED, FOUND = "searches_first_and_last_quarter", "find_rate_first_and_last_quarter"


def quarters(analysis, **values):
    named = {"analysis": analysis, "ethnic_group": "All"}
    return [
        dict.fromkeys(REASON_COLUMNS) | named | {"component": name, "value": value} for name, value in values.items()
    ]


def name_ends():
    first, last = PERIOD
    assert (first.month, last.month) == (4, 3)
    return f"April to June {first.year}", f"January to March {last.year}"


def test_searches_of_both_ends_of_the_year_are_said_with_their_rise_or_fall():
    before, after = name_ends()
    told = f"From {before} there were 300 searches; from {after} there were 507."
    rows = quarters(SEARCHED, first_quarter=300.0, last_quarter=507.0, rise=0.69)
    assert plain(say_searches(evidence_of(reasons=rows))) == f"{told} That is 69.0% more."
    fallen = [*rows[:2], *quarters(SEARCHED, fall=0.1)]
    assert plain(say_searches(evidence_of(reasons=fallen))) == f"{told} That is 10.0% fewer."
    assert plain(say_searches(evidence_of(reasons=rows[:2]))) == f"{told} That is as many."


def test_without_both_ends_nothing_is_said():
    assert say_searches(evidence_of(reasons=quarters(SEARCHED, first_quarter=300.0))) == ()
    assert say_finds(evidence_of(reasons=quarters(FOUND, last_quarter=0.2))) == ()


def test_find_rates_of_both_ends_are_said_without_a_verdict():
    before, after = name_ends()
    told = plain(say_finds(evidence_of(reasons=quarters(FOUND, first_quarter=0.2, last_quarter=0.25))))
    assert told == f"The item was found in 20.0% of searches from {before}, and in 25.0% from {after}."


def two_years(now, before):
    return replace(evidence_of(*now), previous=evidence_of(*before, period=YEAR_BEFORE))


def test_a_year_is_set_beside_the_year_before():
    now = [estimate_row("search_rate", 6.7, numerator=10_276), estimate_row("find_rate", 0.2)]
    before = [estimate_row("search_rate", 5.6, numerator=8_446), estimate_row("find_rate", 0.21)]
    told = plain(say_year(two_years(now, before)))
    assert told.startswith("There were 10,276 searches in the year ending March ")
    assert told.endswith(
        "and 8,446 in the year before. The item was found in 20.0% of searches, and in 21.0% in the year before."
    )


def test_years_of_which_months_are_missing_are_set_side_by_side_as_rates():
    now = [estimate_row("search_rate", 6.7, numerator=9_000, status="incomplete")]
    before = [estimate_row("search_rate", 5.6, numerator=8_446)]
    assert plain(say_year(two_years(now, before))).startswith("For every 1,000 residents there were 6.7 searches in")


def test_one_year_has_none_before_it_and_says_nothing():
    alone = evidence_of(estimate_row("search_rate", 6.7, numerator=10_276))
    assert not has_year_before(alone)
    assert say_year(alone) == ()
