"""Veil of darkness: refusals, shares by hand, no effect where there is none, and a planted effect found."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from disparity.analysis.reasons.rows import REASON_COLUMNS
from disparity.analysis.reasons.veil_of_darkness import (
    CLOCK_CHANGE_ODDS,
    DARK_ODDS,
    HELD,
    NO_ANSWER,
    NO_TIMES,
    RESTRICTED,
    TOO_FEW,
    TOO_FEW_MONTHS,
    WITHIN_MONTH_ODDS,
    compare_darkness,
)
from disparity.records.counts import LIGHT_TYPES, TWILIGHT_KEYS
from disparity.records.daylight import DARK, DAYLIGHT, DUSK, NOT_KNOWN, OTHER_HOURS, set_sun
from disparity.vocabulary.codes import OFFICER_DEFINED, SELF_DEFINED

FORCE = "lancashire"
DAYS = pl.date_range(date(2019, 4, 1), date(2020, 3, 31), eager=True)
MONTHS = DAYS.dt.month_start().unique().sort()
PERIODS = pl.DataFrame({"month": MONTHS, "period_from": [MONTHS[0]] * 12, "period_to": [MONTHS[-1]] * 12})
TYPES = dict.fromkeys(TWILIGHT_KEYS, pl.String()) | LIGHT_TYPES | {"month": pl.Date(), "searches": pl.Int64()}
NO_ESTIMATES = pl.DataFrame(
    schema=dict.fromkeys(("force", "ethnicity_basis", "ethnic_group", "status"), pl.String())
    | dict.fromkeys(("period_from", "period_to"), pl.Date())
)
CHANGES = (date(2019, 3, 31), date(2019, 10, 27), date(2020, 3, 29))


def cell(group, light, searches, **keys):
    """One row of counts by light: self-defined, in April, at seven by the clock, without a vehicle."""
    row = (FORCE, MONTHS[0], SELF_DEFINED, group, light, 1140, None, None, False)
    assert keys.keys() <= set(TWILIGHT_KEYS)
    return dict(zip(TWILIGHT_KEYS, row, strict=True)) | keys | {"searches": searches}


def compare(cells, *, unreliable=(), estimates=NO_ESTIMATES):
    twilight = cells if isinstance(cells, pl.DataFrame) else pl.DataFrame(cells, TYPES)
    submissions = pl.DataFrame({"force": FORCE, "month": MONTHS}).with_columns(
        is_time_reliable=~pl.col("month").is_in(list(unreliable))
    )
    return compare_darkness(twilight, submissions, PERIODS, estimates)


def answers(cells, group="Black", analysis="veil_of_darkness", **settings):
    """Component → (value, lower, upper, note)."""
    rows = compare(cells, **settings).filter(ethnic_group=group, analysis=analysis)
    return {row[0]: row[1:] for row in rows.select("component", "value", "lower", "upper", "note").iter_rows()}


def spread(group, daylight, dark, *, months=MONTHS, bands=(1020, 1080, 1140), **more):
    """The same counts in every month and band."""
    return [
        cell(group, light, searches, month=month, clock_band=band, **more)
        for month in months
        for band in bands
        for light, searches in ((DAYLIGHT, daylight), (DARK, dark))
    ]


# Counts that hold the light and the clock apart exactly: the odds ratio is that of a two by two table.


def test_where_light_and_clock_are_unrelated_the_odds_ratio_is_the_cross_product():
    found = answers([*spread("Black", 10, 6), *spread("White", 50, 60)])
    for component in (DARK_ODDS, WITHIN_MONTH_ODDS):
        value, lower, upper, note = found[component]
        assert value == pytest.approx((6 / 60) / (10 / 50))
        assert lower <= value <= upper
        assert "below 1: the group is a smaller share in darkness" in note
    assert found["share_in_daylight"][0] == pytest.approx(10 / 60)
    assert found["share_in_darkness"][0] == pytest.approx(6 / 66)
    assert found["searches_used"][0] == 36 * (10 + 6 + 50 + 60)


def test_searches_with_a_vehicle_have_an_analysis_of_their_own():
    cells = [
        *(cell | {"searches": 1} for cell in spread("Black", 1, 1)),
        *spread("Black", 9, 5, is_vehicle_involved=True),
        *spread("White", 50, 60, is_vehicle_involved=True),
    ]
    with_vehicle = answers(cells, analysis="veil_of_darkness_with_vehicle")
    assert with_vehicle[DARK_ODDS][0] == pytest.approx((5 / 60) / (9 / 50))
    assert answers(cells)[DARK_ODDS][0] == pytest.approx((6 / 60) / (10 / 50))


def test_what_is_left_out_is_counted_by_why_and_adds_up():
    cells = [
        *spread("Black", 10, 6, months=MONTHS[:6]),
        *spread("White", 50, 60, months=MONTHS[:6]),
        cell("Black", DUSK, 3, clock_band=None),
        cell("White", OTHER_HOURS, 40, clock_band=None),
        cell("White", NOT_KNOWN, 5, clock_band=None),
        cell("White", DARK, 7, month=MONTHS[11]),
        cell("Asian", OTHER_HOURS, 1000, clock_band=None),
        cell("Not stated", DARK, 1000),
    ]
    found = {name: row[0] for name, row in answers(cells, unreliable=[MONTHS[11]]).items()}
    assert found["searches_used"] == 18 * (10 + 6 + 50 + 60)
    parts = ("unreliable_months", "other_hours", "dusk", "not_known")
    assert [found[f"searches_left_out_{part}"] for part in parts] == [7, 40, 3, 5]
    assert found["searches_left_out"] == 55


# Refusals


def refusal(cells, component=DARK_ODDS, **settings):
    value, lower, upper, note = answers(cells, **settings)[component]
    assert (value, lower, upper) == (None, None, None)
    return note


def test_months_whose_times_are_not_reliable_are_not_tested():
    cells = [*spread("Black", 10, 6), *spread("White", 50, 60)]
    assert refusal(cells, unreliable=MONTHS) == NO_TIMES
    assert refusal(cells, unreliable=MONTHS[4:]) == TOO_FEW_MONTHS
    assert answers(cells, unreliable=MONTHS[5:])[DARK_ODDS][0] is not None


@pytest.mark.parametrize(("searches", "is_tested"), [(99, False), (100, True), (101, True)])
def test_a_hundred_searches_of_each_group_are_needed(searches, is_tested):
    black = [*spread("Black", 4, 2, months=MONTHS[:5]), cell("Black", DARK, searches - 90, month=MONTHS[5])]
    cells = [*black, *spread("White", 50, 60)]
    assert (answers(cells)[DARK_ODDS][0] is not None) == is_tested


@pytest.mark.parametrize(("dark", "is_tested"), [(19, False), (20, True), (21, True)])
def test_twenty_searches_of_each_group_in_each_light_are_needed(dark, is_tested):
    black = [
        *spread("Black", 10, 0),
        *(cell("Black", DARK, 1 + (place == 0) * (dark - 12), month=month) for place, month in enumerate(MONTHS)),
    ]
    cells = [*black, *spread("White", 50, 60)]
    found = answers(cells)[DARK_ODDS]
    assert (found[0] is not None) == is_tested
    assert is_tested or found[3] == TOO_FEW


def test_a_group_that_is_absent_is_not_tested():
    assert refusal(spread("White", 50, 60)) == TOO_FEW


def test_where_darkness_follows_from_the_month_it_is_not_tested_within_months():
    cells = [
        cell(group, DARK if place % 2 else DAYLIGHT, searches, month=month, clock_band=band)
        for group, searches in (("Black", 10), ("White", 50))
        for place, month in enumerate(MONTHS)
        for band in (1020, 1080, 1140)
    ]
    assert refusal(cells, WITHIN_MONTH_ODDS) == NO_ANSWER
    assert answers(cells)[DARK_ODDS][0] == pytest.approx(1)


def test_far_from_a_change_of_the_clocks_there_is_nothing_to_compare_round_it():
    assert refusal([*spread("Black", 10, 6), *spread("White", 50, 60)], CLOCK_CHANGE_ODDS) == TOO_FEW


def test_a_group_whose_labels_are_restricted_is_not_tested_on_that_basis():
    cells = [*spread("Black", 10, 6), *spread("Asian", 10, 6), *spread("White", 50, 60)]
    status = pl.DataFrame(
        [(FORCE, SELF_DEFINED, "Black", "restricted_labels", MONTHS[0], MONTHS[-1])], NO_ESTIMATES.schema, orient="row"
    )
    rows = answers(cells, estimates=status)
    assert {row[3] for row in rows.values()} == {RESTRICTED}
    assert {row[0] for row in rows.values()} == {None}
    assert answers(cells, "Asian", estimates=status)[DARK_ODDS][0] is not None


def test_no_counts_give_no_rows_with_the_columns_of_reasons():
    none = compare([])
    assert none.columns == REASON_COLUMNS
    assert none.is_empty()


# Simulation: a year at Preston, the sun as it is


def draw_year(random, *, searches=4_000, odds_ratio=1.0, season=0.0):
    """Counts of a year in which the share of Black people follows the clock, the season, and the light."""
    dusk = (set_sun(np.array([53.8]), np.array([-2.6]), DAYS, -6.0)[0] % 86_400) / 60
    summer_time = np.array([day < CHANGES[1] or day >= CHANGES[2] for day in DAYS])
    dusk = dusk + 60 * summer_time
    day, minute = random.integers(0, len(DAYS), searches), random.uniform(dusk.min(), dusk.max(), searches)
    is_dark = minute >= dusk[day]
    log_odds = -1.2 + 0.5 * np.sin(minute / 100) + np.log(odds_ratio) * is_dark + season * np.cos(day * 2 * np.pi / 366)
    is_black = random.random(searches) < 1 / (1 + np.exp(-log_odds))
    near = {place: change for place, at in enumerate(DAYS) for change in CHANGES if abs((at - change).days) <= 30}
    drawn = pl.DataFrame(
        {
            "month": DAYS.gather(day).dt.month_start(),
            "ethnic_group": np.where(is_black, "Black", "White"),
            "light": np.where(is_dark, DARK, DAYLIGHT),
            "clock_band": (minute // 5 * 5).astype(np.int32),
            "clock_change": pl.Series([near.get(place) for place in day], dtype=pl.Date),
        }
    )
    fixed = {"force": FORCE, "ethnicity_basis": SELF_DEFINED, "is_after_change": None, "is_vehicle_involved": False}
    counts = drawn.group_by(drawn.columns).len("searches").sort(drawn.columns)
    return counts.with_columns(pl.lit(value).alias(name) for name, value in fixed.items())


def simulate(replicates, **truth):
    """Component → log odds ratios, and whether each interval leaves out 1."""
    random = np.random.default_rng(2006)
    years = [answers(draw_year(random, **truth)) for _ in range(replicates)]
    return {
        component: (
            np.log([year[component][0] for year in years]),
            np.array([year[component][1] > 1 or year[component][2] < 1 for year in years]),
        )
        for component in HELD
    }


@pytest.mark.slow
def test_without_an_effect_about_one_interval_in_twenty_leaves_out_equality():
    """Of 200: 5% is 10; 1 to 20 is what chance allows (99.9%). The jackknife errs on the side of saying nothing."""
    for component, (estimates, is_clear) in simulate(200).items():
        assert is_clear.sum() <= 20, component
        assert abs(estimates.mean()) < 3.3 * estimates.std() / 200**0.5, component
    assert is_clear.sum() >= 1


@pytest.mark.slow
def test_a_planted_effect_is_recovered():
    for component, (estimates, _) in simulate(40, odds_ratio=0.6, searches=8_000).items():
        assert estimates.mean() == pytest.approx(np.log(0.6), abs=3.3 * estimates.std() / 40**0.5), component
        assert estimates.mean() < np.log(0.8)


@pytest.mark.slow
def test_a_season_shows_in_the_plain_odds_ratio_and_not_within_months():
    found = simulate(40, season=0.6, searches=8_000)
    plain, within = (found[name][0] for name in (DARK_ODDS, WITHIN_MONTH_ODDS))
    assert abs(plain.mean()) > 5 * plain.std() / 40**0.5
    assert abs(within.mean()) < 3.3 * within.std() / 40**0.5


def test_officer_defined_ethnicity_has_rows_of_its_own():
    cells = [
        cell | {"ethnicity_basis": OFFICER_DEFINED} for cell in [*spread("Black", 10, 6), *spread("White", 50, 60)]
    ]
    found = answers(cells, analysis="veil_of_darkness_officer_defined")
    assert found[DARK_ODDS][0] == pytest.approx(0.5)
    assert answers(cells) == {}
