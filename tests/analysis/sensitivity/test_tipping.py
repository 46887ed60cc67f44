"""Tipping values: put back into the rates, they make them equal."""

from math import ceil

import polars as pl
import pytest

from disparity.analysis.comparisons import compare
from disparity.analysis.sensitivity.tipping import find_tipping
from disparity.vocabulary.codes import ALL, SELF_DEFINED
from support.cells import cell, estimate_cells, people


def tip(*cells, measure, **settings):
    estimates = estimate_cells(*cells, **settings)
    population = settings.get("population", people())
    rows = find_tipping(compare(estimates), estimates, population)
    return rows.filter(measure=measure, ethnic_group="Black", search_type=ALL, ethnicity_basis=SELF_DEFINED)


def test_unknown_searches_of_white_people_would_have_to_make_up_the_rate():
    """60 of 10,000 Black and 4,000 of 1,000,000 White residents: 2,000 more searches of White people."""
    cells = [cell(searches=4_000), cell("Black", searches=60), cell("Not stated", searches=1_500)]
    row = tip(*cells, measure="search_rate", population=people({"White": 1_000_000, "Black": 10_000})).row(
        0, named=True
    )
    assert (row["unknown_needed"], row["unknown_there"]) == (2_000, 1_500)
    assert (4_000 + row["unknown_needed"]) / 1_000_000 == 60 / 10_000
    assert (row["residents_counted"], row["residents_needed"]) == (10_000, pytest.approx(15_000))
    assert 60 / row["residents_needed"] == pytest.approx(4_000 / 1_000_000)


def test_a_lower_rate_needs_searches_of_the_group():
    cells = [cell(searches=4_000), cell("Black", searches=25), cell("Not stated", searches=100)]
    row = tip(*cells, measure="search_rate", population=people({"White": 1_000_000, "Black": 10_000})).row(
        0, named=True
    )
    assert (row["unknown_needed"], row["unknown_there"]) == (15, 100)
    assert row["residents_needed"] == pytest.approx(6_250)


def test_a_lower_share_needs_results_and_a_higher_one_searches_without():
    """15 of 100 against 200 of 1,000: (15 + y) / (100 + y) = 0.2 at y = 6.25; 30 of 100: 30 / (100 + y) at y = 50."""
    unknown = cell("Not stated", found=9, not_found=30)
    lower = [cell(found=200, not_found=800), cell("Black", found=15, not_found=85), unknown]
    row = tip(*lower, measure="find_rate").row(0, named=True)
    assert (row["unknown_needed"], row["unknown_there"]) == (ceil(6.25), 9)
    higher = [cell(found=200, not_found=800), cell("Black", found=30, not_found=70), unknown]
    row = tip(*higher, measure="find_rate").row(0, named=True)
    assert (row["unknown_needed"], row["unknown_there"]) == (50, 30)
    assert (row["residents_counted"], row["residents_needed"]) == (None, None)


def test_the_e_value_of_the_limit_is_1_where_the_interval_holds_equality():
    near = [cell(found=200, not_found=800), cell("Black", found=21, not_found=79)]
    row = tip(*near, measure="find_rate").row(0, named=True)
    assert row["e_value_limit"] == 1
    assert row["e_value"] == pytest.approx(1.05 + (1.05 * 0.05) ** 0.5)


def test_a_count_that_is_not_published_gives_no_value():
    cells = [cell(searches=4_000), cell("Black", searches=60), cell("Not stated", searches=1_500)]
    estimates = estimate_cells(*cells)
    is_unknown = pl.col("ethnic_group").is_in(["Not stated", "Not recorded"])
    hidden = estimates.with_columns(pl.when(~is_unknown).then("numerator"), pl.when(~is_unknown).then("denominator"))
    rows = find_tipping(compare(estimates), hidden, people()).filter(pl.col("measure") != "search_rate")
    assert rows["unknown_there"].null_count() == rows.height
