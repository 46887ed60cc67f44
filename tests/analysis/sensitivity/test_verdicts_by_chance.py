"""The verdict that chance and the number of comparisons alone allow, on counts."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from polars.testing import assert_frame_equal
from scipy.stats import false_discovery_control
from statsmodels.stats.proportion import confint_proportions_2indep

from disparity.analysis.comparisons import compare
from disparity.analysis.sensitivity.specifications import NO_TREATMENTS, Assumptions
from disparity.analysis.sensitivity.statements import decide, state_by_chance
from disparity.vocabulary.codes import ALL
from support.cells import (
    FORCE,
    GOLDEN,
    RESIDENTS,
    SEVERAL,
    YEAR,
    as_bases,
    as_published,
    cell,
    compare_by_chance,
    count,
    estimate_cells,
    estimate_counts,
    people,
    people_of_several,
    row_of,
)
from support.drawn_cells import GROUPS, cells_of, cells_of_several, several, tables


def state(*cells, **settings):
    return compare_by_chance(estimate_cells(*cells, **settings))


def of_black(measure, *cells, **settings):
    return row_of(state(*cells, **settings), measure=measure, ethnic_group="Black")


@pytest.mark.parametrize(
    ("found", "verdict"),
    # Of 1,000 against 200 of 1,000, two-sided: p of 231 is 0.093, of 250 0.0074, of 150 0.0031.
    [(231, "no clear difference"), (250, "higher"), (150, "lower"), (200, "no clear difference")],
)
def test_a_difference_is_stated_in_its_direction(found, verdict):
    row = of_black("find_rate", cell(found=200, not_found=800), cell("Black", found=found, not_found=1_000 - found))
    assert (row["verdict"], row["status"]) == (verdict, "measured")


@pytest.mark.parametrize(("searches", "verdict"), [(60, "higher"), (25, "lower"), (40, "no clear difference")])
def test_a_search_rate_is_stated_higher_or_lower_by_its_ratio(searches, verdict):
    row = of_black("search_rate", cell(searches=4_000), cell("Black", searches=searches))
    assert row["verdict"] == verdict


def test_raw_p_under_5_percent_is_no_clear_difference_once_adjusted():
    """Lancashire 2023-24: p 0.0126 among four groups, three of them as White: 4 x 0.012575 = 0.0503."""
    same = [cell(group, searches=11_614, found=2_159) for group in ("White", "Asian", "Mixed", "Other")]
    row = of_black("find_rate", *same, cell("Black", searches=310, found=75))
    assert row["p_value"] < 0.05
    assert row["difference_lower"] > 0
    assert row["p_adjusted"] == pytest.approx(4 * row["p_value"])
    assert row["verdict"] == "no clear difference"


@pytest.mark.parametrize(
    ("residents", "found", "level", "verdict"),
    [
        # Five measures are tested, of which nothing else differs: p 0.0156 and 0.0074 against 5% x 1 / 5. Each is
        # tested twice, over all types and of the only one; where neither is discovered the level is that of a first.
        (1_000_000, 245, 0.05 / 5 / 2, "no clear difference"),
        (1_000_000, 250, 0.05 / 5, "higher"),
        # Search rates differ beyond doubt, so two of five may be selected: p 0.0179 against 5% x 2 / 5. That of 241
        # is 0.0270: find rates are not selected.
        (100_000, 244, 0.05 * 2 / 5, "higher"),
        (100_000, 241, 0.05 / 5 / 2, "no clear difference"),
    ],
)
def test_a_verdict_allows_for_how_many_measures_are_compared(residents, found, level, verdict):
    rest = {"actions": 300, "arrests": 100}
    white, black = (
        cell(group, found=n, not_found=1_000 - n, not_found_after_action=300 - n, found_arrests=n // 4, **rest)
        for group, n in (("White", 200), ("Black", found))
    )
    row = of_black("find_rate", white, black, population=people(RESIDENTS | {"Black": residents}))
    assert row["p_adjusted"] == pytest.approx(row["p_value"])
    assert row["p_adjusted"] < 0.05
    assert (row["level"], row["verdict"]) == (pytest.approx(level), verdict)


def test_no_difference_is_stated_where_the_interval_reaches_equality_although_the_test_rejects_it():
    """Of one measure alone, so that the level is 5%."""
    golden = GOLDEN["test_against_interval"]
    cells = [cell(group, searches=n, found=golden["found"][group]) for group, n in golden["searches"].items()]
    finds = compare(estimate_cells(*cells)).filter(measure="find_rate")
    row = row_of(state_by_chance(finds), ethnic_group="Black")
    limits = confint_proportions_2indep(8, 50, 2, 50, method="newcomb", compare="diff")
    assert (row["difference_lower"], row["difference_upper"]) == pytest.approx(limits)
    assert row["difference_lower"] < 0 < row["difference_upper"]
    assert as_published(row["p_adjusted"], golden["p"]) == golden["p"]
    assert row["p_value"] < row["level"] == 0.05
    assert row["verdict"] == "no clear difference"


# What is not tested


def outcomes(white, black):
    """White and Black searches, half of whose recorded outcomes are finds: (recorded, searches) each."""
    return [
        cell(group, searches=n, found=recorded // 2, not_found=recorded - recorded // 2, outcomes=recorded)
        for group, (recorded, n) in {"White": white, "Black": black}.items()
    ]


@pytest.mark.parametrize(
    ("measure", "cells", "status", "verdict"),
    [
        ("find_rate", outcomes((4_700, 5_000), (500, 500)), "partial", "not compared"),
        ("find_rate", outcomes((2_000, 5_000), (500, 500)), "not_measurable", "not measurable"),
        ("find_rate", outcomes((5_000, 5_000), (49, 49)), "small", "not compared"),
        ("search_rate", [cell(searches=5_000), cell("Black", searches=9)], "small", "not compared"),
        ("search_rate", [cell("Black", searches=100)], "small", "not compared"),
        # Nobody is found with anything.
        ("find_rate", [cell(searches=1_000), cell("Black", searches=100)], "measured", "not compared"),
    ],
)
def test_what_is_not_tested_has_no_verdict_nor_a_level(measure, cells, status, verdict):
    row = of_black(measure, *cells)
    assert (row["status"], row["verdict"]) == (status, verdict)
    assert (row["p_value"], row["p_adjusted"], row["level"]) == (None, None, None)


def test_missing_months_state_no_verdict():
    row = of_black("search_rate", cell(searches=5_000), cell("Black", searches=500), submitted=YEAR[:11])
    assert (row["status"], row["ratio"], row["verdict"]) == ("incomplete", pytest.approx(10), "not compared")
    assert (row["p_value"], row["p_adjusted"]) == (None, None)


def test_restricted_labels_state_no_verdict():
    counts = count(cell(searches=5_000, found=500), cell("Black", searches=500, found=200), labels=["W1", "B1"])
    frame = compare_by_chance(estimate_counts(counts)).filter(
        pl.col("search_type").is_in([ALL, "other"]),
        # No record of these tests itself says what was found.
        pl.col("measure") != "action_after_find_rate",
        ethnicity_basis="self-defined",
    )
    assert set(frame["verdict"]) == {"not compared"}


# Laws


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(several)
def test_what_is_stated_is_measured_and_its_p_is_under_the_level(forces):
    frame = state(*cells_of_several(forces), population=people_of_several())
    assert frame.filter(pl.col("p_adjusted") < pl.col("p_value")).is_empty()
    stated = frame.filter(pl.col("verdict").is_in(["higher", "lower"]))
    assert stated.filter((pl.col("p_value") >= pl.col("level")) | (pl.col("status") != "measured")).is_empty()
    assert frame.filter(~pl.col("level").is_between(0, 0.05 * (1 + 1e-9))).is_empty()


@settings(max_examples=6, deadline=None)
@given(several)
def test_p_is_adjusted_within_a_measure_and_force(forces):
    for _, rows in state(*cells_of_several(forces)).drop_nulls("p_value").group_by("force", "measure"):
        adjusted = false_discovery_control(rows["p_value"].to_numpy(), method="bh")
        np.testing.assert_allclose(rows["p_adjusted"].to_numpy(), adjusted)


@pytest.mark.slow
@settings(max_examples=6, deadline=None)
@given(several)
def test_swapping_group_and_reference_turns_a_verdict_round(forces):
    same = people(dict.fromkeys(RESIDENTS, 50_000), forces=SEVERAL)
    is_compared = pl.col("ethnic_group") == "Black", pl.col("search_type") == ALL, pl.col("ratio") > 0
    first, second = (
        state(*cells_of_several(forces, groups), population=same).filter(is_compared)
        for groups in (GROUPS, ("Black", "White", *GROUPS[2:]))
    )
    both = first.join(second, on=["measure", "force"], suffix="_swapped")
    assert both.height == first.height == second.height
    for row in both.to_dicts():
        # The other groups are compared with another one, so that the level may differ; the side may not.
        assert {row["verdict"], row["verdict_swapped"]} not in ({"higher"}, {"lower"})


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(tables, tables)
def test_another_force_changes_no_level_and_no_verdict(own, others):
    alone = state(*cells_of(own))
    beside = state(*cells_of(own), *cells_of(others, force="kent")).filter(force=FORCE)
    assert_frame_equal(beside, alone)


@settings(max_examples=5, deadline=None)
@given(several)
def test_where_no_assumption_moves_anything_the_rule_leaves_chance_alone(forces):
    """Nobody's ethnicity is unknown, so the bounds are the values; one count of residents; clusters are known."""
    compared = compare(estimate_cells(*cells_of_several(forces), population=people_of_several()))
    compared = compared.with_columns(is_clustered=pl.lit(True))
    keys = [key for key in NO_TREATMENTS.columns if key in compared.columns and key not in {"ratio", "difference"}]
    ends = {f"{name}_{end}": name for name in ("ratio", "difference") for end in ("lower", "upper")}
    bounds = compared.select(*keys, **ends)
    stated, _ = decide(compared, Assumptions(as_bases(people_of_several()), NO_TREATMENTS, bounds))
    assert stated["depends_on"].null_count() == stated.height
    chance = state_by_chance(compared)
    assert_frame_equal(stated.select("verdict", "level"), chance.select("verdict", "level"))
    # The range is then the interval as it is printed.
    is_rate = pl.col("measure") == "search_rate"
    printed = [pl.when(is_rate).then(f"ratio_{end}").otherwise(f"difference_{end}") for end in ("lower", "upper")]
    shown = stated.filter(pl.col("ratio").is_not_null())
    expected = shown.select(printed[0].alias("range_lower"), printed[1].alias("range_upper"))
    assert_frame_equal(shown.select("range_lower", "range_upper"), expected)
