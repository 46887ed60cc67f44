"""Missing ethnicity, other counts of residents and odds ratios against published figures, hand and scipy."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from scipy.stats.contingency import odds_ratio

from disparity.analysis.reasons.rows import REASON_COLUMNS
from disparity.sources.population import choose_headline, list_bases, read_residents
from disparity.vocabulary.codes import ALL, OFFICER_DEFINED
from support.cells import (
    GOLDEN,
    SEVERAL,
    YEAR,
    as_bases,
    as_published,
    cell,
    count,
    estimate_counts,
    explain_all,
    people,
    people_of_several,
    period_of,
    row_of,
)

BOUNDS, TIPPING, ODDS = "missing_ethnicity", "missing_ethnicity_tipping_share", "find_rate_odds_ratio"
RECOUNT, NEEDED = "residents", "needed_for_equal_rates"
NUMBERS = ["value", "lower", "upper"]


def explain_counts(counts, *, population=None, **settings):
    """Explain counts; unless `population` lists other bases, the residents are the publisher's own."""
    if population is None:
        population = people(forces=sorted(set(counts.cells["force"])), months=settings.get("months", YEAR))
    bases = population if "role" in population.columns else as_bases(population)
    estimates = estimate_counts(counts, population=choose_headline(bases), **settings)
    return explain_all(counts, estimates, population=bases, periods=period_of(settings.get("months", YEAR)))


def explain_cells(*cells, **settings):
    return explain_counts(count(*cells), **settings)


def explain_black(analysis, *cells, **settings):
    return row_of(explain_cells(*cells, **settings), analysis=analysis, ethnic_group="Black", component=ALL)


def is_of_ratios():
    """Analyses of a ratio that is given; a combined verdict also says why there is none."""
    return pl.col("analysis").str.starts_with(BOUNDS) | (pl.col("analysis") == RECOUNT)


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
    assert explain_counts(counts).filter(is_of_ratios()).is_empty()


def test_no_search_of_the_reference_group_gives_no_bounds_and_no_infinity():
    frame = explain_cells(cell("Black", searches=100), cell("Not stated", searches=100))
    assert frame.filter(is_of_ratios(), ethnic_group="Black").is_empty()


# The other census

YEAR_2019 = list(pl.date_range(date(2019, 4, 1), date(2020, 3, 1), "1mo", eager=True))
IN_2019 = {"Black": 102, "White": 5_898}


def recount(*cells, months=YEAR, force="lancashire", **settings):
    """The ratios on every other base, and the residents needed."""
    bases = list_bases(read_residents(None), period_of(months)).filter(force=force)
    return explain_cells(*cells, population=bases, months=months, **settings).filter(analysis=RECOUNT)


def of_2019(**settings):
    """Lancashire in the year ending March 2020, between the censuses."""
    cells = [cell(group, searches=n, month=YEAR_2019[0]) for group, n in IN_2019.items()]
    return recount(*cells, months=YEAR_2019, **settings)


def on(frame, base, group="Black"):
    return row_of(frame, component=base, ethnic_group=group)


def test_the_ratio_on_each_other_base_is_that_worked_by_hand():
    """Lancashire 2019/20: 102 Black and 5,898 White; 5,377 and 1,320,035 in 2011, 10,096 and 1,325,538 in 2021.

    By constant growth 5,377 x (10,096 / 5,377) to the power of 3,110 / 3,647, and so for White residents.
    """
    frame, share = of_2019(), 3_110 / 3_647
    grown = 5_377 * (10_096 / 5_377) ** share, 1_320_035 * (1_325_538 / 1_320_035) ** share
    residents = {"census_2011": (5_377, 1_320_035), "census_2021": (10_096, 1_325_538), "constant_growth": grown}
    assert set(frame["component"]) == {*residents, NEEDED}
    for base, (black, white) in residents.items():
        assert on(frame, base)["value"] == pytest.approx((102 / black) / (5_898 / white), rel=1e-6)
    assert as_published(on(frame, "census_2011")["value"], "4.2456") == "4.2456"
    assert as_published(on(frame, "census_2021")["value"], "2.2706") == "2.2706"
    assert on(frame, "census_2021")["note"] == (
        "residents: Census 2021, instead of censuses of 2011 and 2021, interpolated to October 2019"
    )


def test_so_many_residents_would_make_the_rates_equal():
    """102 x 1,324,727.715 / 5,898 = 22,909.84 Black residents."""
    row = on(of_2019(), NEEDED)
    assert row["value"] == pytest.approx(102 * (1_320_035 + 5_503 * 3_110 / 3_647) / 5_898, rel=1e-8)
    assert as_published(row["value"], "22909.84") == "22909.84"
    assert (row["lower"], row["upper"]) == (None, None)


def test_the_interval_goes_with_the_ratio():
    """Only residents differ: limits are to the ratio as they are on the headline base, 102 of 6,000 searches."""
    row = on(of_2019(), "census_2011")
    odds = [share / (1 - share) for share in binomtest(102, 6_000).proportion_ci(method="exact")]
    limits = [each / (5_377 / 1_320_035) for each in odds]
    assert [row["lower"], row["upper"]] == pytest.approx(limits, rel=1e-6)


def test_a_period_after_2021_is_set_on_2011_and_on_growth_continued():
    """The middle of the year ending March 2023, 30 September 2022 at noon, is 558.5 days after the census of 2021."""
    frame = recount(*searched(102, 5_898, 0))
    black, white = (new + (new - old) * 558.5 / 3_647 for old, new in ((5_377, 10_096), (1_320_035, 1_325_538)))
    assert set(frame["component"]) == {"census_2011", "growth_continued", NEEDED}
    assert on(frame, "census_2011")["value"] == pytest.approx((102 / 5_377) / (5_898 / 1_320_035), rel=1e-9)
    assert on(frame, "growth_continued")["value"] == pytest.approx((102 / black) / (5_898 / white), rel=1e-6)


def test_months_that_are_missing_leave_the_ratio_on_another_base_as_it_is():
    both = [on(frame, "census_2021")["value"] for frame in (of_2019(), of_2019(submitted=YEAR_2019[:6]))]
    assert both[0] == both[1]


def test_every_group_with_a_ratio_is_recounted_once_over_all_types_by_self_defined_ethnicity():
    cells = [
        *searched(20, 1_000, 50),
        *(cell(group, "firearms", searches=40) for group in ("Asian", "Black", "White")),
        *(cell(group, searches=40, basis=OFFICER_DEFINED) for group in ("Asian", "Black", "White")),
    ]
    bases = list_bases(read_residents(None), period_of()).filter(force="lancashire")
    frame = explain_cells(*cells, population=bases)
    bounded = frame.filter(analysis=BOUNDS, component=ALL)["ethnic_group"].to_list()
    recounted = frame.filter(pl.col("analysis").str.starts_with(RECOUNT), component="census_2011")
    assert recounted["ethnic_group"].to_list() == bounded
    assert set(recounted["analysis"]) == {RECOUNT}
    values = dict(recounted.select("ethnic_group", "value").iter_rows())
    assert values["Black"] == pytest.approx((60 / 5_377) / (1_040 / 1_320_035), rel=1e-12)
    assert values["Asian"] == pytest.approx((40 / 114_830) / (1_040 / 1_320_035), rel=1e-12)


def test_residents_of_ones_own_on_one_date_have_no_other_base():
    frame = explain_cells(*searched(102, 5_898, 0)).filter(analysis=RECOUNT)
    assert set(frame["component"]) == {NEEDED}


def test_a_base_without_residents_of_a_group_has_no_ratio():
    bases = list_bases(read_residents(None), period_of()).filter(force="lancashire")
    nobody = (pl.col("base") == "growth_continued") & (pl.col("ethnic_group") == "Black")
    bases = bases.with_columns(pl.when(~nobody).then("population").otherwise(0.0).alias("population"))
    frame = explain_cells(*searched(102, 5_898, 0), population=bases).filter(analysis=RECOUNT, ethnic_group="Black")
    assert set(frame["component"]) == {"census_2011", NEEDED}


def test_a_force_without_residents_has_no_rows():
    assert recount(*(cell(group, searches=50, force="btp") for group in ("Black", "White")), force="btp").is_empty()


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
    ratios = dict(frame.filter(is_of_ratios(), pl.col("value") > 1).select("analysis", "value").iter_rows())
    assert ratios == {BOUNDS: 2, f"{BOUNDS}_officer_defined": pytest.approx(40 / 9.8)}


def test_reasons_have_the_published_columns_in_one_order():
    frame = explain_cells(*searched(20, 1_000, 500), cell("Asian", found=60, not_found=60))
    assert {BOUNDS, TIPPING, RECOUNT} <= set(frame["analysis"])
    assert frame.columns == REASON_COLUMNS
    assert frame["analysis"].is_sorted()


searches = st.integers(0, 2_000)
several = st.lists(st.tuples(searches, searches, searches, searches), min_size=len(SEVERAL), max_size=len(SEVERAL))


@pytest.mark.slow
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
