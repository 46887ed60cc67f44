"""Missing ethnicity, the other census and odds ratios against published figures, hand and scipy."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats.contingency import odds_ratio

from disparity.analysis.reasons.rows import REASON_COLUMNS
from disparity.sources.population import CENSUS_2011, CENSUS_2021, OWN, read_censuses, read_population
from disparity.vocabulary.codes import ALL, OFFICER_DEFINED
from support.cells import (
    GOLDEN,
    SEVERAL,
    YEAR,
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
RECOUNT = "other_census"
NUMBERS = ["value", "lower", "upper"]


def explain_counts(counts, *, population=None, base=OWN, censuses=None, **settings):
    """Explain counts; unless `base` says otherwise, the residents are the publisher's own."""
    if population is None:
        population = people(forces=sorted(set(counts.cells["force"])), months=settings.get("months", YEAR))
    if "population_base" not in population.columns:
        population = population.with_columns(population_base=pl.lit(base))
    estimates = estimate_counts(counts, population=population, **settings)
    periods = period_of(settings.get("months", YEAR))
    return explain_all(counts, estimates, population=population, periods=periods, censuses=censuses)


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
    assert explain_counts(counts, base=CENSUS_2021).filter(is_of_ratios()).is_empty()


def test_no_search_of_the_reference_group_gives_no_bounds_and_no_infinity():
    frame = explain_cells(cell("Black", searches=100), cell("Not stated", searches=100), base=CENSUS_2021)
    assert frame.filter(is_of_ratios(), ethnic_group="Black").is_empty()


# The other census

YEAR_2019 = list(pl.date_range(date(2019, 4, 1), date(2020, 3, 1), "1mo", eager=True))
IN_2019 = {"Black": 102, "White": 5_898}


def recount(*cells, **settings):
    return explain_cells(*cells, **settings).filter(analysis=RECOUNT)


def of_2019(**settings):
    """Lancashire in the year ending March 2020, whose rates are per resident of 2011."""
    cells = [cell(group, searches=n, month=YEAR_2019[0]) for group, n in IN_2019.items()]
    population = read_population(None, period_of(YEAR_2019)).filter(force="lancashire")
    return explain_cells(*cells, population=population, months=YEAR_2019, **settings)


def test_the_ratio_on_the_other_census_is_that_worked_by_hand():
    """Lancashire 2019/20: 102 Black and 5,898 White; residents of 2021: 10,096 and 1,325,538."""
    frame = of_2019()
    row = row_of(frame, analysis=RECOUNT, ethnic_group="Black")
    assert row["value"] == pytest.approx((102 / 10_096) / (5_898 / 1_325_538), rel=1e-12)
    assert as_published(row["value"], "2.2706") == "2.2706"
    assert row["note"] == "Census 2021 instead of Census 2011"
    # On the census of the period, 5,377 and 1,320,035, the ratio is another.
    own = row_of(frame, analysis=BOUNDS, ethnic_group="Black", component=ALL)
    assert own["value"] == pytest.approx((102 / 5_377) / (5_898 / 1_320_035), rel=1e-12)


def test_a_recount_has_its_place_and_no_interval():
    row = row_of(of_2019(), analysis=RECOUNT, ethnic_group="Black")
    del row["value"], row["note"]
    assert row == {
        **{"force": "lancashire", "period_from": YEAR_2019[0], "period_to": YEAR_2019[-1]},
        **{"ethnic_group": "Black", "reference_group": "White", "analysis": RECOUNT, "component": ALL},
        **{"lower": None, "upper": None},
    }


def test_a_period_on_the_newer_census_is_set_on_the_older():
    row = row_of(recount(*searched(102, 5_898, 0), base=CENSUS_2021), ethnic_group="Black")
    assert row["value"] == pytest.approx((102 / 5_377) / (5_898 / 1_320_035), rel=1e-12)
    assert row["note"] == "Census 2011 instead of Census 2021"


def test_months_that_are_missing_leave_the_ratio_on_the_other_census_as_it_is():
    both = [
        row_of(frame, analysis=RECOUNT, ethnic_group="Black")["value"]
        for frame in (of_2019(), of_2019(submitted=YEAR_2019[:6]))
    ]
    assert both[0] == both[1]


def test_every_group_with_a_ratio_is_recounted_once_over_all_types_by_self_defined_ethnicity():
    cells = [
        *searched(20, 1_000, 50),
        *(cell(group, "firearms", searches=40) for group in ("Asian", "Black", "White")),
        *(cell(group, searches=40, basis=OFFICER_DEFINED) for group in ("Asian", "Black", "White")),
    ]
    frame = explain_cells(*cells, base=CENSUS_2021)
    bounded = frame.filter(analysis=BOUNDS, component=ALL)["ethnic_group"].to_list()
    recounted = frame.filter(pl.col("analysis").str.starts_with(RECOUNT))
    assert recounted["ethnic_group"].to_list() == bounded
    assert {"Asian", "Black"} <= set(bounded)
    assert set(recounted["component"]) == {ALL}
    assert set(recounted["analysis"]) == {RECOUNT}
    values = dict(recounted.select("ethnic_group", "value").iter_rows())
    assert values["Black"] == pytest.approx((60 / 5_377) / (1_040 / 1_320_035), rel=1e-12)
    assert values["Asian"] == pytest.approx((40 / 114_830) / (1_040 / 1_320_035), rel=1e-12)


def test_a_publisher_with_residents_of_its_own_has_no_other_census():
    assert recount(*searched(102, 5_898, 0), base=OWN).is_empty()


def test_each_force_is_set_on_the_census_that_its_own_period_does_not_use():
    cells = [cell(group, searches=50, force=force) for force in ("kent", "lancashire") for group in ("Black", "White")]
    own = pl.when(pl.col("force") == "kent").then(pl.lit(OWN)).otherwise(pl.lit(CENSUS_2011))
    population = people(forces=("kent", "lancashire")).with_columns(population_base=own)
    frame = recount(*cells, population=population)
    assert set(frame["force"]) == {"lancashire"}
    assert set(frame["note"]) == {"Census 2021 instead of Census 2011"}


def test_a_force_that_is_in_no_census_has_no_other_census():
    cells = [cell(group, searches=50, force="fellshire") for group in ("Black", "White")]
    assert recount(*cells, base=CENSUS_2021).is_empty()


def test_without_censuses_there_is_no_recount_and_no_error():
    none = read_censuses().clear()
    frame = explain_cells(*searched(102, 5_898, 0), base=CENSUS_2021, censuses=none)
    assert frame.filter(analysis=RECOUNT).is_empty()
    assert not frame.filter(analysis=BOUNDS).is_empty()


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
    frame = explain_cells(*searched(20, 1_000, 500), cell("Asian", found=60, not_found=60), base=CENSUS_2021)
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
    frame = explain_cells(*cells, population=people_of_several(), base=CENSUS_2021)
    assert frame.select(pl.col(NUMBERS).is_finite().all()).row(0) == (True,) * 3
    outside = (pl.col("value") < pl.col("lower") - 1e-9) | (pl.col("value") > pl.col("upper") + 1e-9)
    assert frame.filter(outside).is_empty()
