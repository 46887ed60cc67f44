"""Rates by neighbourhood: what they are made of, their gates, and those of real forces."""

from collections import Counter
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from disparity.analysis.measures.breakdowns import Whole
from disparity.analysis.measures.neighbourhood_rates import NEIGHBOURHOOD_COLUMNS, SMOOTHED, smooth_neighbourhoods
from disparity.disclosure.open import open_counts
from disparity.records.audit.months import list_submitted
from disparity.records.counts import add_counts, count_searches
from disparity.sources.census_places import read_census_places, spread_over_neighbourhoods
from disparity.sources.population import list_bases, read_residents
from disparity.vocabulary.calendar import cut_periods
from disparity.vocabulary.neighbourhoods import read_neighbourhoods
from support.builders import WHITE, code
from support.real_records import read_real

FORCE = "warwickshire"
YEAR = [date(2019 + (month > 12), (month - 1) % 12 + 1, 1) for month in range(4, 16)]
HOMES = read_neighbourhoods().filter(force=FORCE)
ELSEWHERE = read_neighbourhoods().filter(force="kent")["neighbourhood"][0]


def residents(periods):
    bases = list_bases(read_residents(None), periods)
    return spread_over_neighbourhoods(bases, read_census_places(), [FORCE])


def draw_places(number, seed=3):
    """Neighbourhoods of searches, in proportion to residents: the same rate everywhere."""
    people = HOMES.select(pl.sum_horizontal("Asian", "Black", "Mixed", "Other", "White")).to_series().to_numpy()
    return np.random.default_rng(seed).choice(HOMES["neighbourhood"].to_numpy(), number, p=people / people.sum())


def smooth(places, unplaced=0, months=YEAR):
    """Rates of searches in these neighbourhoods (None: without one), spread evenly over the months."""
    told = [*places, *[None] * unplaced]
    by_month = [told[start :: len(months)] for start in range(len(months))]
    # One record, counted in each month as often as there are searches.
    record = code([{"self_defined_ethnicity": WHITE}], month="2019-04", force=FORCE)
    sizes = [
        record.with_columns(submission_month=pl.lit(month), searches=pl.lit(len(some), record.schema["searches"]))
        for month, some in zip(months, by_month, strict=True)
    ]
    counts = add_counts([count_searches(pl.concat(sizes))])
    (kind,) = counts.cells["search_type"].unique()
    placed = [
        (FORCE, month, str(place), "White", kind, number)
        for month, some in zip(months, by_month, strict=True)
        for place, number in Counter(filter(None, some)).items()
    ]
    schema = counts.neighbourhoods.schema
    counts = replace(counts, neighbourhoods=pl.DataFrame(placed, schema=schema, orient="row"))
    sent = pl.DataFrame({"force": FORCE, "month": months, "submission": months})
    periods = cut_periods(YEAR[0], YEAR[-1])
    exact = open_counts(counts, sent, periods)
    return smooth_neighbourhoods(Whole(exact.detail, exact.years, sent, periods), residents(periods))


@pytest.fixture(scope="module")
def even():
    return smooth(draw_places(1_500))


def test_every_neighbourhood_has_its_searches_and_its_residents(even):
    assert even.columns == NEIGHBOURHOOD_COLUMNS
    assert even["neighbourhood"].to_list() == sorted(HOMES["msoa"].unique())
    assert even["numerator"].sum() == 1_500
    place = dict(HOMES.select("neighbourhood", "msoa").iter_rows())
    counted = Counter(place[home] for home in draw_places(1_500))
    assert even["numerator"].to_list() == [counted[msoa] for msoa in even["neighbourhood"]]
    # Residents of the force in the middle of the period: all of them live in one of its neighbourhoods.
    periods = cut_periods(YEAR[0], YEAR[-1])
    (people,) = list_bases(read_residents(None), periods).filter(force=FORCE, role="headline", ethnic_group="All")[
        "population"
    ]
    assert even["denominator"].sum() * 1_000 == pytest.approx(people)
    assert even["whole_value"].unique().to_list() == pytest.approx([1_500_000 / people])


def test_where_rates_are_the_same_no_neighbourhood_is_told_from_the_whole(even):
    assert even["fit"].unique().to_list() == ["fitted"]
    assert even["probability_above"].is_between(0.05, 0.95).all()
    # As counted they look as if they differed by far.
    assert even["value"].max() > 1.3 * even["smoothed_value"].max()
    assert (even["smoothed_lower"] < even["whole_value"]).all()
    assert (even["smoothed_upper"] > even["whole_value"]).all()


def test_a_town_centre_is_told_and_rates_of_few_searches_are_withheld_as_everywhere(even):
    centre = HOMES["neighbourhood"][100]
    rows = smooth([*draw_places(300), *[centre] * 100])
    (row,) = rows.filter(neighbourhood=HOMES["msoa"][100]).to_dicts()
    assert row["probability_above"] > 0.99
    assert row["smoothed_lower"] > 2 * row["whole_value"]
    few = rows.filter(pl.col("numerator") < 3)
    assert few.height > 5
    assert few["value"].null_count() == few.height
    assert few["smoothed_value"].null_count() == 0


@pytest.mark.parametrize(("unplaced", "is_shown"), [(150, True), (151, False)])
def test_nine_in_ten_of_the_searches_have_to_be_placed(unplaced, is_shown):
    assert smooth(draw_places(1_350), unplaced).is_empty() != is_shown


def test_searches_in_another_force_are_not_placed():
    rows = smooth([*draw_places(1_350), *[ELSEWHERE] * 140])
    assert rows["unknown"].unique().to_list() == [140]
    assert rows["numerator"].sum() == 1_350
    assert smooth([*draw_places(1_350), *[ELSEWHERE] * 160]).is_empty()


@pytest.mark.parametrize(
    ("number", "months", "fit"),
    [(1_500, 6, "fitted"), (1_500, 5, "too_few_months"), (100, 12, "too_few_events")],
)
def test_a_rate_is_smoothed_only_where_that_can_be_done(number, months, fit):
    rows = smooth(draw_places(number), months=YEAR[:months])
    assert rows["fit"].unique().to_list() == [fit]
    assert all((rows[name].null_count() == 0) == (fit == "fitted") for name in SMOOTHED)
    assert rows["numerator"].sum() == number


def test_a_force_without_a_search_in_any_has_no_row():
    assert smooth([], 50).is_empty()
    assert smooth([], 50).columns == NEIGHBOURHOOD_COLUMNS


@pytest.mark.slow
def test_of_the_real_forces_those_that_place_nine_in_ten_have_rates(records):
    audit, counts = read_real(records)
    periods = cut_periods(YEAR[0], date(2021, 3, 1))
    submitted = list_submitted(audit.submissions)
    exact = open_counts(counts, submitted, periods)
    bases = list_bases(read_residents(None), periods)
    people = spread_over_neighbourhoods(bases, read_census_places(), audit.submissions["force"].unique().to_list())
    made = smooth_neighbourhoods(Whole(exact.detail, exact.years, submitted, periods), people)
    assert made["period_to"].unique().to_list() == [date(2021, 3, 1)]
    assert made["fit"].unique().to_list() == ["fitted"]
    # Located searches within the force's own area, of all: counted from the files by another script.
    assert set(made["force"]) == {"kent", "northumbria", "west-yorkshire"}
    every = exact.years.cells.filter(
        period_to=date(2021, 3, 1), ethnicity_basis="self-defined", ethnic_group="All", search_type="All"
    )
    for force, rows in made.group_by("force"):
        (searches,) = every.filter(force=force[0])["searches"]
        assert rows["numerator"].sum() + rows["unknown"][0] == searches
