"""Search rates by area: worked by hand, the gates of what is placed, ratios and laws."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from disparity.analysis.measures.area_rates import estimate_areas
from disparity.analysis.measures.breakdowns import Whole, break_down
from disparity.analysis.reasons.area_comparisons import compare_areas
from disparity.disclosure.open import open_counts
from disparity.records.counts import add_counts, count_searches
from disparity.vocabulary.calendar import cut_periods
from support.builders import BLACK, NOT_STATED, WHITE, code, few

FORCE = "fellshire"
# Residents of the two areas: thousands of people, so that rates can be read off.
PEOPLE = {"North": {"Black": 2_000, "White": 20_000}, "South": {"Black": 4_000, "White": 10_000}}
YEAR = [date(2019 + (month > 12), (month - 1) % 12 + 1, 1) for month in range(4, 16)]


def residents(people=PEOPLE, force=FORCE):
    rows = [
        (force, area, group, by_group.get(group, 0))
        for area, by_group in people.items()
        for group in ("Asian", "Black", "Mixed", "White", "Other")
    ]
    return pl.DataFrame(rows, ["force", "area", "ethnic_group", "population"], orient="row").with_columns(
        period_from=pl.lit(YEAR[0]), period_to=pl.lit(YEAR[-1])
    )


def searches(area, ethnicity, number):
    return [{"area": area, "self_defined_ethnicity": ethnicity}] * number


def whole(rows, months=YEAR, submitted=YEAR):
    """All searches in the first month, of a year with a file for each of `submitted`."""
    counts = add_counts([count_searches(code(rows, month="2019-04"))])
    sent = pl.DataFrame({"force": FORCE, "month": submitted, "submission": submitted})
    periods = cut_periods(months[0], months[-1])
    exact = open_counts(counts, sent, periods)
    return Whole(exact.detail, exact.years, sent, periods)


def rates(rows, people=PEOPLE, **options):
    made = whole(rows, **options)
    return compare_areas(estimate_areas(made, residents(people)), made.detail, made.periods)


def row_of(frame, area, group="All"):
    (row,) = frame.filter(pl.col("area") == area, pl.col("ethnic_group") == group).to_dicts()
    return row


PLACED = [
    *searches("North", BLACK, 20),
    *searches("North", WHITE, 100),
    *searches("South", BLACK, 60),
    *searches("South", WHITE, 50),
    *searches("South", NOT_STATED, 5),
]


# Hand-worked


@pytest.mark.parametrize(
    ("area", "group", "number", "thousands", "rate"),
    [
        ("North", "Black", 20, 2, 10),
        ("North", "White", 100, 20, 5),
        ("South", "Black", 60, 4, 15),
        ("South", "White", 50, 10, 5),
        ("South", "All", 115, 14, 115 / 14),
    ],
)
def test_a_rate_is_out_of_the_residents_of_the_area(area, group, number, thousands, rate):
    row = row_of(rates(PLACED), area, group)
    assert (row["numerator"], row["denominator"], row["status"]) == (number, thousands, "measured")
    assert row["value"] == pytest.approx(rate, abs=1e-12)
    # Garwood (1936), by the chi-square quantiles.
    lower, upper = stats.chi2.ppf(0.025, 2 * number) / 2, stats.chi2.ppf(0.975, 2 * number + 2) / 2
    assert (row["lower"], row["upper"]) == pytest.approx((lower / thousands, upper / thousands), rel=1e-9)


@pytest.mark.slow
def test_a_ratio_is_of_two_rates_of_one_area_with_its_exact_interval():
    """20 of 2,000 against 100 of 20,000: 10 / 5; Clopper-Pearson on 20 of 120 searches, exposures 1 to 10."""
    row = row_of(rates(PLACED), "North", "Black")
    limits = stats.binomtest(20, 120).proportion_ci(method="exact")
    low, high = (share / (1 - share) * 10 for share in limits)
    assert (row["ratio"], row["ratio_lower"], row["ratio_upper"]) == pytest.approx((2, low, high), rel=1e-9)
    assert row["p_value"] == pytest.approx(2 * stats.binom.sf(19, 120, 1 / 11), rel=1e-9)
    assert row_of(rates(PLACED), "South", "Black")["ratio"] == pytest.approx(3)
    assert row_of(rates(PLACED), "North", "White")["ratio"] is None
    assert row_of(rates(PLACED), "North")["verdict"] is None


def test_half_the_months_are_half_the_exposure_and_the_status_says_so():
    row = row_of(rates(PLACED, submitted=YEAR[:6]), "North", "Black")
    assert (row["denominator"], row["value"], row["status"]) == (1, 20, "incomplete")


# Gates


def missing(number, ethnicity=WHITE):
    return searches(None, ethnicity, number)


@pytest.mark.parametrize(
    ("placed", "unplaced", "status"),
    [(90, 10, "measured"), (89, 11, "partial"), (50, 50, "partial"), (49, 51, "not_measurable")],
)
def test_the_share_that_is_placed_decides_for_every_area(placed, unplaced, status):
    row = row_of(rates(searches("North", WHITE, placed) + missing(unplaced)), "North")
    assert (row["numerator"], row["unknown"], row["status"]) == (placed, unplaced, status)
    assert (row["value"] is None) == (status == "not_measurable")
    assert (row["lower"] is None) == (status != "measured")
    assert (row["upper_bound"] is None) == (status == "not_measurable")


def test_a_partial_rate_takes_the_others_to_lie_as_those_that_are_placed():
    """60 of 80 White searches are placed, 40 of them in North: 40 x 80 / 60 of 20,000 residents."""
    row = row_of(rates([*searches("North", WHITE, 40), *searches("South", WHITE, 20), *missing(20)]), "North", "White")
    assert row["status"] == "partial"
    assert row["value"] == pytest.approx(40 * 80 / 60 / 20)
    assert (row["lower_bound"], row["upper_bound"]) == pytest.approx((40 / 20, 60 / 20))


def test_a_group_that_is_placed_much_less_often_is_partial_and_not_compared():
    """Of White people 400 of 400 are placed, of Black people 50 of 60: 17 points less."""
    frame = rates([*searches("North", WHITE, 400), *searches("North", BLACK, 50), *missing(10, BLACK)])
    assert row_of(frame, "North", "White")["status"] == "measured"
    black = row_of(frame, "North", "Black")
    assert (black["status"], black["ratio"], black["ratio_status"]) == ("partial", None, "partial")
    assert black["verdict"] == "not compared"


@pytest.mark.parametrize(
    ("number", "people", "status"),
    [
        (2, 2_000, "suppressed"),
        (3, 2_000, "small"),
        (9, 2_000, "small"),
        (10, 2_000, "measured"),
        (10, 1_000, "measured"),
        (10, 999, "small"),
    ],
)
def test_few_searches_and_few_residents_are_marked_as_for_every_rate(number, people, status):
    lived = {"North": {"Black": people, "White": 20_000}}
    row = row_of(rates(searches("North", BLACK, number) + searches("North", WHITE, 100), lived), "North", "Black")
    assert row["status"] == status
    assert (row["value"] is None) == (status == "suppressed")
    assert (row["p_value"] is None) == (status != "measured")


def test_an_area_whose_residents_are_not_known_has_its_searches_and_no_rate():
    """30 of 265 searches beyond the border are 11%: they count as not placed in an area of the force."""
    frame = rates([*PLACED, *searches("Elsewhere", WHITE, 30)])
    assert (row_of(frame, "North")["unknown"], row_of(frame, "North")["status"]) == (30, "partial")
    row = row_of(frame, "Elsewhere", "White")
    assert (row["numerator"], row["denominator"], row["value"], row["status"]) == (30, None, None, "not_measurable")


def test_a_force_without_a_search_in_any_area_has_no_row():
    assert rates(missing(50)).is_empty()


def test_shares_and_find_rates_by_area_need_half_of_the_searches_placed():
    for unplaced, shown in ((100, True), (101, False)):
        made = whole(searches("North", WHITE, 100) + missing(unplaced))
        breakdowns = break_down(made, [])
        assert ("area" in breakdowns["breakdown"].to_list()) == shown


# Laws

ROWS = st.lists(st.tuples(st.sampled_from(["North", "South", None]), st.sampled_from([WHITE, BLACK, NOT_STATED])))


@pytest.mark.slow
@few
@given(ROWS)
def test_searches_of_the_areas_and_those_in_none_are_all_searches(rows):
    made = rates([{"area": area, "self_defined_ethnicity": label} for area, label in rows] or missing(1))
    if not made.is_empty():
        everyone = made.filter(pl.col("ethnic_group") == "All")
        assert everyone["numerator"].sum() + everyone["unknown"][0] == len(rows)
        assert everyone["unknown"].n_unique() == 1


@few
@given(ROWS.filter(bool), st.randoms())
def test_the_order_of_searches_never_matters(rows, random):
    told = [{"area": area, "self_defined_ethnicity": label} for area, label in rows]
    shuffled = random.sample(told, len(told))
    assert rates(told).equals(rates(shuffled))
