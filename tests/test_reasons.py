"""Missing ethnicity and odds ratios against published figures and scipy."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats.contingency import odds_ratio

from cells import (
    GOLDEN,
    SEVERAL,
    as_published,
    cell,
    count,
    estimate_cells,
    estimate_counts,
    people,
    people_of_several,
    row_of,
)
from disparity.inference import compare
from disparity.reasons import REASON_COLUMNS, explain
from disparity.vocabulary import ALL, OFFICER_DEFINED

BOUNDS, TIPPING, ODDS = "missing_ethnicity", "missing_ethnicity_tipping_share", "find_rate_odds_ratio"
NUMBERS = ["value", "lower", "upper"]


def explain_cells(*cells, **settings):
    estimates = estimate_cells(*cells, **settings)
    return explain(estimates, compare(estimates))


def explain_black(analysis, *cells, **settings):
    return row_of(explain_cells(*cells, **settings), analysis=analysis, ethnic_group="Black", component=ALL)


def searched(black, white, unknown):
    return [cell(group, searches=n) for group, n in {"Black": black, "White": white, "Not stated": unknown}.items()]


# Missing ethnicity


def test_missing_ethnicity_bounds_of_lancashire_are_those_worked_by_hand():
    golden = GOLDEN["missing_ethnicity"]
    cells = [cell(group, searches=n) for group, n in golden["searches"].items()]
    population = people(golden["residents"])
    row = explain_black(BOUNDS, *cells, population=population)
    assert list(map(as_published, (row["lower"], row["upper"]), golden["bounds"])) == golden["bounds"]
    row = explain_black(TIPPING, *cells, population=population)
    assert as_published(row["value"], golden["tipping_share"]) == golden["tipping_share"]
    assert row["note"] == "equal rates are not attainable, whoever the searches of unknown ethnicity were of"


def test_both_kinds_of_unknown_ethnicity_are_moved():
    """20 of 10,000 against 1,000 of 1,000,000: ratio 2; 500 not stated and 500 not recorded make it 1 to 102."""
    cells = [*searched(20, 1_000, 500), cell("Not recorded", searches=500)]
    row = explain_black(BOUNDS, *cells)
    assert [row[column] for column in NUMBERS] == pytest.approx([2, 1, 102])
    assert row["note"] == (
        "lower: every search of unknown ethnicity counted to the reference group; upper: to the group"
    )


@pytest.mark.parametrize(
    ("white", "share", "note"),
    [
        # q = (10,000 (white + 1,000) - 1,000,000 x 20) / (1,000 x 1,010,000)
        (
            999,
            -1e7 / 1.01e12,
            "equal rates are not attainable, whoever the searches of unknown ethnicity were of",
        ),
        (1_000, 0, "equal rates are attainable"),
        (1_001, 1e7 / 1.01e12, "equal rates are attainable"),
        (102_000, 1.01e9 / 1.01e9, "equal rates are attainable"),
        (
            102_001,
            1 + 1e-5,
            "equal rates are not attainable, whoever the searches of unknown ethnicity were of",
        ),
    ],
)
def test_equal_rates_are_attainable_with_a_share_from_0_to_1(white, share, note):
    row = explain_black(TIPPING, *searched(20, white, 1_000))
    assert row["value"] == pytest.approx(share, abs=2e-5)
    assert (row["note"], row["lower"], row["upper"]) == (note, None, None)


def test_the_tipping_share_is_what_the_group_would_have_of_unknown_ethnicity_for_equal_rates():
    row = explain_black(TIPPING, *searched(20, 9_900, 1_000))
    to_black = row["value"] * 1_000
    assert 0 < to_black < 1_000
    assert (20 + to_black) / 10_000 == pytest.approx((9_900 + 1_000 - to_black) / 1_000_000)


def test_without_unknown_ethnicity_the_bounds_are_the_ratio_and_nothing_tips():
    row = explain_black(BOUNDS, *searched(20, 1_000, 0))
    assert [row[column] for column in NUMBERS] == [2, 2, 2]
    row = explain_black(TIPPING, *searched(20, 1_000, 0))
    assert (row["value"], row["note"]) == (None, "no search of unknown ethnicity")


def test_bounds_are_drawn_within_each_type_of_search():
    cells = [
        *searched(20, 1_000, 1_000),
        cell("Black", "firearms", searches=30),
        cell("White", "firearms", searches=1_000),
    ]
    frame = explain_cells(*cells)
    row = row_of(frame, analysis=BOUNDS, ethnic_group="Black", component="firearms")
    assert [row[column] for column in NUMBERS] == pytest.approx([3, 3, 3])
    row = row_of(frame, analysis=BOUNDS, ethnic_group="Black", component=ALL)
    assert [row[column] for column in NUMBERS] == pytest.approx([2.5, 50 / 30, 52.5])


def test_a_ratio_that_is_not_given_is_not_bounded():
    counts = count(*searched(20, 1_000, 1_000), labels=["W1", "B1"])
    estimates = estimate_counts(counts)
    assert explain(estimates, compare(estimates)).filter(pl.col("analysis") != ODDS).is_empty()


def test_no_search_of_the_reference_group_gives_no_bounds_and_no_infinity():
    frame = explain_cells(cell("Black", searches=100), cell("Not stated", searches=100))
    assert frame.filter(ethnic_group="Black").is_empty()


# Odds ratio


def test_the_odds_ratio_of_a_find_is_the_conditional_one():
    """Lancashire 2023-24: 75 of 310 against 2,159 of 11,614."""
    cells = cell("Black", found=75, not_found=235), cell(found=2_159, not_found=9_455)
    row = explain_black(ODDS, *cells)
    expected = odds_ratio([[75, 235], [2_159, 9_455]])
    limits = expected.confidence_interval()
    assert [row[column] for column in NUMBERS] == pytest.approx([expected.statistic, *limits], rel=1e-6)
    assert row["note"] == "conditional odds ratio of a find, exact interval"


def test_an_odds_ratio_without_an_end_has_an_empty_upper_limit():
    row = explain_black(ODDS, cell("Black", found=60), cell(found=60, not_found=60))
    assert (row["value"], row["upper"]) == (None, None)
    assert row["lower"] > 1


@pytest.mark.parametrize(
    "cells",
    [
        [cell("Black", found=9, not_found=40), cell(found=60, not_found=60)],  # 49 searches: small
        [cell("Black", found=40, not_found=60, searches=200), cell(found=600, not_found=600)],  # partial
        [cell("Black", not_found=60), cell(not_found=60)],  # nothing to test
    ],
    ids=["small", "partial", "no find"],
)
def test_an_odds_ratio_needs_a_test(cells):
    assert explain_cells(*cells).filter(analysis=ODDS, ethnic_group="Black").is_empty()


# Shape


def test_each_ethnicity_basis_is_explained_and_the_analysis_says_which():
    own = searched(20, 1_000, 0)
    seen = [cell(group, searches=n, basis=OFFICER_DEFINED) for group, n in {"Black": 40, "White": 980}.items()]
    frame = explain_cells(*own, *seen).filter(component=ALL, ethnic_group="Black")
    ratios = dict(frame.filter(pl.col("value") > 1).select("analysis", "value").iter_rows())
    assert ratios == {BOUNDS: 2, f"{BOUNDS}_officer_defined": pytest.approx(40 / 9.8)}


def test_reasons_have_the_published_columns_in_one_order():
    frame = explain_cells(*searched(20, 1_000, 500), cell("Asian", found=60, not_found=60))
    assert frame.columns == REASON_COLUMNS
    assert frame["analysis"].is_sorted()


searches = st.integers(0, 2_000)
several = st.lists(st.tuples(searches, searches, searches, searches), min_size=len(SEVERAL), max_size=len(SEVERAL))


@settings(max_examples=10, deadline=None)
@given(several)
def test_every_bound_is_finite_or_absent_and_holds_its_ratio(forces):
    groups = ["Black", "White", "Not stated", "Asian"]
    cells = [
        cell(group, found=n // 3, searches=n, force=force)
        for force, row in zip(SEVERAL, forces, strict=True)
        for group, n in zip(groups, row, strict=True)
    ]
    frame = explain_cells(*cells, population=people_of_several())
    assert frame.select(pl.col(NUMBERS).is_finite().all()).row(0) == (True,) * 3
    outside = (pl.col("value") < pl.col("lower") - 1e-9) | (pl.col("value") > pl.col("upper") + 1e-9)
    assert frame.filter(outside).is_empty()
