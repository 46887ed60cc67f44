"""Draws from known truths: the counts are what the truth says, and all tables are of the same searches."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from disparity.analysis.calibration.draws import MONTHS, draw_publications
from disparity.analysis.calibration.truths import list_true_comparisons, list_true_rates
from disparity.analysis.calibration.worlds import EQUAL, UNEQUAL, WORLDS
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, ETHNICITY_BASES, SELF_DEFINED

DRAWN = 40


def draw(world, publications=DRAWN):
    return draw_publications(world, publications=publications, generator=np.random.default_rng(7))


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


def test_months_vary_by_chance_alone_unless_searches_cluster():
    """Variance of monthly counts over their mean is 1 by chance; 1 + mean x 0.05 with clusters."""
    for clustering, expected in ((0.0, 1.0), (0.05, 1 + 600 * 0.05)):
        cells = draw(replace(EQUAL, clustering=clustering)).counts.cells.filter(
            ethnicity_basis=SELF_DEFINED, ethnic_group="White"
        )
        monthly = cells.group_by("force", "month").agg(pl.col("searches").sum())["searches"]
        assert monthly.len() == DRAWN * len(MONTHS)
        assert monthly.var() / monthly.mean() == pytest.approx(expected, rel=0.25)


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
