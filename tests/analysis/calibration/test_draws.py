"""Draws from known truths: the counts are what the truth says, and all tables are of the same searches."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from disparity.analysis.calibration.draws import draw_publications, draw_searches, list_months
from disparity.analysis.calibration.truths import list_true_comparisons, list_true_rates
from disparity.analysis.calibration.worlds import EQUAL, RESULTS, TENS, TYPES, UNEQUAL, WORLDS, Operations
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, ETHNICITY_BASES, SELF_DEFINED

DRAWN = 40


def draw(world, publications=DRAWN):
    return draw_publications(world, publications=publications, generator=np.random.default_rng(7))


def named(name):
    return next(world for world in WORLDS if world.name == name)


def true_rate(world, measure, group, search_type=ALL):
    keys = {"measure": measure, "ethnic_group": group, "search_type": search_type}
    return list_true_rates(world).filter(**keys)["truth"].item()


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_every_table_counts_the_same_searches(world):
    counts = draw(world, 3).counts
    by_basis = counts.cells.partition_by("ethnicity_basis")
    tables = (*by_basis, counts.ethnicities, counts.profiles, counts.people, counts.areas)
    by_force = [table.group_by("force").agg(pl.col("searches").sum()).sort("force").rows() for table in tables]
    assert by_force == [by_force[0]] * (len(ETHNICITY_BASES) + 4)


def test_searches_are_as_many_as_residents_times_rate():
    """Black residents 20,000 x 0.009 = 180 a year, White 1,200,000 x 0.006 = 7,200: 40 draws within 4 errors."""
    cells = draw(UNEQUAL).counts.cells.filter(ethnicity_basis=SELF_DEFINED)
    for group, expected in (("Black", 180), ("White", 7_200)):
        searches = cells.filter(ethnic_group=group)["searches"].sum()
        assert abs(searches - DRAWN * expected) < 4 * (DRAWN * expected) ** 0.5


def test_finds_are_as_frequent_as_the_truth_says():
    """Mixed by hand: 0.6 x 0.17 + 0.25 x 0.12 + 0.15 x 0.10 = 0.147 of searches of Black people."""
    assert true_rate(UNEQUAL, "find_rate", "Black") == pytest.approx(0.147)
    own = draw(UNEQUAL).counts.cells.filter(ethnicity_basis=SELF_DEFINED, ethnic_group="Black")
    n = own["searches"].sum()
    assert abs(own["found"].sum() / n - 0.147) < 4 * (0.147 * 0.853 / n) ** 0.5


@pytest.mark.slow
def test_months_vary_by_chance_alone_unless_searches_cluster():
    """Variance of monthly counts over their mean is 1 by chance; 1 + mean x 0.05 with clusters."""
    for clustering, expected in ((0.0, 1.0), (0.05, 1 + 600 * 0.05)):
        cells = draw(replace(EQUAL, clustering=clustering)).counts.cells.filter(
            ethnicity_basis=SELF_DEFINED, ethnic_group="White"
        )
        counted = cells.group_by("force", "month").agg(pl.col("searches").sum())
        # Of months as long as each other.
        monthly = counted["searches"] / counted["month"].dt.month_end().dt.day() * 365 / 12
        assert monthly.len() == DRAWN * len(list_months(EQUAL))
        assert monthly.var() / monthly.mean() == pytest.approx(expected, rel=0.25)


@pytest.mark.slow
def test_ethnicity_missing_by_group_is_missing_more_often_for_that_group():
    world = next(world for world in WORLDS if world.name == "ethnicity missing by group")
    cells, truth = (
        draw(one).counts.cells.filter(ethnicity_basis=SELF_DEFINED)
        for one in (world, replace(world, known=EQUAL.known))
    )
    for group, share in (("Black", 0.6), ("White", 0.85)):
        known = cells.filter(ethnic_group=group)["searches"].sum() / truth.filter(ethnic_group=group)["searches"].sum()
        assert known == pytest.approx(share, abs=0.03)


def test_blank_flags_hide_actions_and_nothing_else():
    world = next(world for world in WORLDS if world.name == "flag blank by outcome")
    profiles = draw(world, 3).counts.profiles
    status = profiles.group_by("outcome_kind", "find_status").agg(pl.col("searches").sum())
    nothing = status.filter(outcome_kind="no_further_action")
    assert nothing["find_status"].to_list() == ["not_found"]
    assert set(status.filter(find_status="unknown")["outcome_kind"]) == {"arrest", "other_action"}


def test_within_each_area_rates_are_the_same_where_only_areas_differ():
    world = next(world for world in WORLDS if world.name == "different by area only")
    # City 0.014 x 14,000, towns 0.006 x 5,000, country 0.003 x 1,000 of 20,000 residents: 11.45 per 1,000.
    assert true_rate(world, "search_rate", "Black") == pytest.approx(11.45)
    assert true_rate(world, "search_rate", "White") == pytest.approx(7.0)
    drawn = draw(world)
    searches = drawn.counts.areas.group_by("area", "self_defined_group").agg(pl.col("searches").sum())
    people = drawn.areas.group_by("area", "ethnic_group").agg(pl.col("population").sum())
    rates = searches.join(people, left_on=["area", "self_defined_group"], right_on=["area", "ethnic_group"])
    for area, rate in (("City", 0.014), ("Towns", 0.006), ("Country", 0.003)):
        for row in rates.filter(area=area).iter_rows(named=True):
            expected = row["population"] * rate
            assert abs(row["searches"] - expected) < 4 * expected**0.5, row


def test_equal_rates_are_equal_in_every_measure_and_type():
    comparisons = list_true_comparisons(EQUAL)
    assert comparisons["is_same"].all()
    assert set(comparisons["ethnic_group"]) == set(ETHNIC_GROUPS)
    unequal = list_true_comparisons(UNEQUAL).filter(~pl.col("is_same"))
    assert set(unequal["ethnic_group"]) == {"Asian", "Black"}
    ratio = unequal.filter(measure="search_rate", ethnic_group="Black", search_type=ALL)["true_ratio"].item()
    assert ratio == pytest.approx(1.5)


def test_the_same_seed_draws_the_same_counts():
    assert draw(UNEQUAL, 2).counts.cells.equals(draw(UNEQUAL, 2).counts.cells)


# Months, days and operations


@pytest.mark.parametrize(("name", "months"), [("equal rates, one month", 1), ("equal rates, five months", 5)])
def test_a_world_of_some_months_has_so_much_of_the_year(name, months):
    world = named(name)
    drawn = draw(replace(world, operations=None))
    cells = drawn.counts.cells.filter(ethnicity_basis=SELF_DEFINED, ethnic_group="White")
    assert drawn.periods.height == cells["month"].n_unique() == months
    expected = DRAWN * 7_200 * months / 12
    # By days: April to August are 153 of them, April 30; the truth is per twelfth of a year.
    assert abs(cells["searches"].sum() - expected) < 4 * expected**0.5
    assert true_rate(world, "search_rate", "White") == pytest.approx(6.0)


def searches_of(world, publications=DRAWN):
    forces = [f"draw-{number:04}" for number in range(publications)]
    return draw_searches(world, forces, np.random.default_rng(11))


def by_day(searches, group, search_type=None):
    """Searches of a group by force and day, days without any included: mean and variance."""
    own = searches.filter(self_defined_group=group)
    if search_type:
        own = own.filter(search_type=search_type)
    counted = own.group_by("force", "searched_at").len()["len"].to_numpy().astype(float)
    days = searches["force"].n_unique() * 365
    mean = counted.sum() / days
    return mean, (counted**2).sum() / days - mean**2


def test_every_search_has_a_day_of_its_month():
    searches = searches_of(replace(EQUAL, operations=TENS), 3)
    assert (searches["searched_at"].dt.date().dt.month_start() == searches["submission_month"]).all()
    assert set(searches["searched_at"].dt.hour()) == {12}


@pytest.mark.parametrize("size", [10, 50])
def test_operations_leave_the_number_of_searches_and_raise_the_variance_of_days(size):
    """Compound Poisson: an operation of size S = 1 + Poisson(s - 1) has E S = s, E S^2 = s - 1 + s^2.

    By day, at mean m: m (1 - 0.2) + 0.2 m (s - 1 + s^2) / s.
    """
    world = replace(EQUAL, operations=Operations(share=0.2, size=size))
    mean, variance = by_day(searches_of(world, 100), "White")
    expected = 7_200 / 365
    assert mean == pytest.approx(expected, rel=0.02)
    assert variance == pytest.approx(expected * (0.8 + 0.2 * (size - 1 + size**2) / size), rel=0.1)


def test_operations_that_concern_one_type_leave_the_others_to_chance():
    world = named("operations that concern one type")
    searches = searches_of(world)
    for search_type, share in zip(TYPES, (0.6, 0.25, 0.15), strict=True):
        mean, variance = by_day(searches, "White", search_type)
        assert mean == pytest.approx(7_200 * share / 365, rel=0.05)
        is_led = search_type == "offensive_weapons"
        assert variance / mean == pytest.approx(0.5 + 0.5 * 109 / 10 if is_led else 1, rel=0.15)


def test_an_operation_is_of_one_group_and_one_day():
    world = replace(EQUAL, operations=Operations(share=0.999, size=200), search_rates=((0.0, 0.02, 0.0, 0.0, 0.0),))
    searches = searches_of(world, 20)
    assert set(searches["self_defined_group"]) == {"Black"}
    assert searches.group_by("force", "searched_at").len()["len"].median() > 100


# What is recorded


def test_ethnicity_is_recorded_by_group_and_result_as_in_the_files():
    """West Yorkshire: after no action 0.69 of Black and 0.88 of White people, after others 0.81 of Black people."""
    searches = searches_of(named("ethnicity recorded as in West Yorkshire"), 200)
    for group, outcome, expected in (
        ("Black", "no_further_action", 0.69),
        ("Black", "community_resolution", 0.81),
        ("White", "no_further_action", 0.88),
    ):
        # Officers see White people as White 98 times in 100: of the true group hardly more is known.
        seen = searches.filter(officer_defined_group=group, outcome=outcome)
        known = seen["self_defined_group"].is_not_null().mean()
        assert known == pytest.approx(expected, abs=0.03 if group == "White" else 0.15)


def test_flags_are_blank_after_a_tenth_of_one_groups_finds_alone():
    world = named("flags filled unequally")
    status = searches_of(world).group_by("self_defined_group", "find_status").len()
    found = dict(status.filter(find_status="unknown").select("self_defined_group", "len").iter_rows())
    assert set(found) == {"Black"}
    finds = status.filter(self_defined_group="Black", find_status="found")["len"].item()
    assert found["Black"] / (finds + found["Black"]) == pytest.approx(0.1, abs=0.01)
    gap = 1 - true_link_coverage(world, "Black")
    assert 0.05 < gap < 0.10  # within the gate


def true_link_coverage(world, group):
    place = ETHNIC_GROUPS.index(group)
    results = (np.asarray(world.mixes[place])[:, None] * world.result_shares()[place]).sum(axis=0)
    actions = np.array([kind != "no_further_action" for kind, _ in RESULTS])
    flagged = np.asarray(world.flagged[place])
    return (results * flagged)[actions].sum() / results[actions].sum()


# Residents


def test_a_group_that_doubled_has_fewer_residents_than_the_line_says():
    """10,000 to 20,000, all in the last three years: 15,000 in October 2019; on the line 8.514 of 9.985 years."""
    world = named("a group that doubled between censuses")
    drawn = draw(world, 2)
    assert true_rate(world, "search_rate", "Black") == true_rate(world, "search_rate", "White") == pytest.approx(6)
    bases = drawn.bases.filter(force="draw-0000", ethnic_group="Black")
    residents = dict(bases.select("base", "population").iter_rows())
    assert residents["interpolated"] == pytest.approx(18_527, abs=10)
    assert residents["constant_growth"] == pytest.approx(10_000 * 2**0.8527, abs=10)
    assert (residents["census_2011"], residents["census_2021"]) == (10_000, 20_000)
    assert dict(bases.select("base", "role").iter_rows()) == {
        "interpolated": "headline",
        "constant_growth": "plausible",
        "census_2021": "plausible",
        "census_2011": "bracketing",
    }
    assert (
        drawn.population.filter(force="draw-0000", ethnic_group="Black")["population"].item()
        == residents["interpolated"]
    )


def test_searches_are_of_the_residents_there_were():
    cells = draw(named("a group that doubled between censuses")).counts.cells
    black = cells.filter(ethnicity_basis=SELF_DEFINED, ethnic_group="Black")["searches"].sum()
    assert abs(black - DRAWN * 90) < 4 * (DRAWN * 90) ** 0.5  # 15,000 x 0.006


# What would be true to say


def test_a_threshold_is_lower_only_where_no_type_of_search_says_otherwise():
    assert UNEQUAL.has_lower_threshold("Black")
    assert not EQUAL.has_lower_threshold("Black")
    assert not named("different types and search rates, same find rates").has_lower_threshold("Black")
    mixed = replace(UNEQUAL, find_rates=(*UNEQUAL.find_rates[:1], (0.17, 0.12, 0.16), *UNEQUAL.find_rates[2:]))
    assert not mixed.has_lower_threshold("Black")


def test_only_the_mix_of_types_makes_find_rates_differ_where_thresholds_are_the_same():
    comparisons = list_true_comparisons(named("different types and search rates, same find rates"))
    own = comparisons.filter(measure="find_rate", ethnic_group="Black")
    assert own.filter(search_type=ALL)["true_difference"].item() < -0.05
    assert own.filter(pl.col("search_type") != ALL)["is_same"].all()


def test_names_of_worlds_are_unique():
    assert len({world.name for world in WORLDS}) == len(WORLDS)
