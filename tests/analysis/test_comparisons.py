"""Comparisons against published figures and outside packages."""

import polars as pl
import pytest
from hypothesis import given, settings
from polars.testing import assert_frame_equal
from scipy.stats import hypergeom

from disparity.analysis.comparisons import COMPARED_COLUMNS, compare
from disparity.analysis.measures.entries import MEASURES
from disparity.vocabulary.codes import ALL, OFFICER_DEFINED
from support.cells import (
    FORCE,
    GOLDEN,
    RESIDENTS,
    SEVERAL,
    YEAR,
    as_published,
    cell,
    count,
    estimate_cells,
    estimate_counts,
    people,
    people_of_several,
    row_of,
)
from support.drawn_cells import GROUPS, cells_of, cells_of_several, several, tables

NUMBERS = [
    *("ratio", "ratio_lower", "ratio_upper", "difference", "difference_lower", "difference_upper"),
    *("statistic", "p_value", "standard_error"),
]
TESTED = ["test", "p_value", "standard_error", "degrees_of_freedom"]


def compare_cells(*cells, **settings):
    return compare(estimate_cells(*cells, **settings))


def black_search_rate(*cells, **settings):
    return row_of(compare_cells(*cells, **settings), measure="search_rate", ethnic_group="Black")


def black_find_rate(*cells, **settings):
    return row_of(compare_cells(*cells, **settings), measure="find_rate", ethnic_group="Black")


# Published figures


@pytest.mark.parametrize("golden", GOLDEN["rates"], ids=lambda golden: golden["name"])
def test_disparity_ratios_are_those_published(golden):
    cells = [cell(group, searches=n) for group, n in golden["searches"].items()]
    row = black_search_rate(*cells, population=people(golden["residents"]))
    assert as_published(row["ratio"], golden["ratio"]) == golden["ratio"]
    limits = golden.get("ratio_limits", [])
    assert list(map(as_published, (row["ratio_lower"], row["ratio_upper"]), limits)) == limits


def test_find_rates_of_lancashire_2023_24_differ_as_worked_by_hand():
    golden = GOLDEN["finds"]
    cells = [cell(group, searches=n, found=golden["found"][group]) for group, n in golden["searches"].items()]
    row = black_find_rate(*cells)
    points = [100 * row[column] for column in ("difference", "difference_lower", "difference_upper")]
    assert list(map(as_published, points, golden["difference_points"])) == golden["difference_points"]
    assert as_published(row["statistic"], golden["chi_square"]) == golden["chi_square"]
    assert (as_published(row["p_value"], golden["p"]), row["test"]) == (golden["p"], "chi_square")


def test_the_ratio_is_that_of_both_rates_and_the_difference_is_in_the_measures_unit():
    row = black_search_rate(cell(searches=5_000), cell("Black", searches=200))  # 5 and 20 per 1,000
    assert (row["ratio"], row["difference"]) == (4, 15)
    assert (row["difference_lower"], row["difference_upper"], row["statistic"]) == (None, None, None)
    row = black_find_rate(cell(found=25, not_found=75), cell("Black", found=10, not_found=90))
    assert (row["ratio"], row["difference"]) == (0.4, pytest.approx(-0.15))


# Status

FULL = {"White": (5_000, 5_000), "Black": (500, 500)}  # recorded, searches


def outcomes(white, black):
    return [
        cell(group, searches=n, found=recorded // 2, not_found=recorded - recorded // 2, outcomes=recorded)
        for group, (recorded, n) in {"White": white, "Black": black}.items()
    ]


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        (outcomes((5_000, 5_000), (500, 500)), "measured"),
        (outcomes((5_000, 5_000), (49, 49)), "small"),
        (outcomes((49, 49), (500, 500)), "small"),
        (outcomes((5_000, 5_000), (440, 500)), "partial"),  # 88% against 100%
        (outcomes((4_700, 5_000), (500, 500)), "partial"),  # 94.5% of all
        (outcomes((4_700, 5_000), (49, 49)), "partial"),
        (outcomes((2_000, 5_000), (500, 500)), "not_measurable"),
    ],
)
def test_the_worse_of_the_two_statuses_stands(cells, status):
    assert black_find_rate(*cells)["status"] == status


# No record of these tests itself says what was found.
IS_RECORDED = pl.col("measure") != "action_after_find_rate"


def test_restricted_labels_allow_no_ratio():
    counts = count(cell(searches=5_000, found=500), cell("Black", searches=500, found=200), labels=["W1", "B1"])
    frame = compare(estimate_counts(counts)).filter(
        pl.col("search_type").is_in([ALL, "other"]), pl.col("ethnicity_basis") == "self-defined", IS_RECORDED
    )
    assert set(frame["status"]) == {"restricted_labels"}
    assert frame.select(pl.col(*NUMBERS, "test").is_null().all()).row(0) == (True,) * 10


@pytest.mark.parametrize("white", [(4_700, 5_000), (2_000, 5_000)], ids=["partial", "not measurable"])
def test_partial_and_not_measurable_rates_have_no_comparison(white):
    row = black_find_rate(*outcomes(white, (500, 500)))
    assert [row[column] for column in (*NUMBERS, "test")] == [None] * 10


def test_small_rates_have_a_ratio_and_interval_but_no_test():
    row = black_find_rate(*outcomes((5_000, 5_000), (49, 49)))
    assert row["ratio"] == pytest.approx((24 / 49) / 0.5)
    assert row["ratio_lower"] < row["ratio"] < row["ratio_upper"]
    assert row["difference_lower"] < 0 < row["difference_upper"]
    assert [row[column] for column in TESTED] == [None] * 4


def test_a_small_search_rate_has_a_ratio_and_interval_but_no_test():
    row = black_search_rate(cell(searches=5_000), cell("Black", searches=9))
    assert (row["status"], row["ratio"]) == ("small", 0.18)
    assert row["ratio_lower"] < 0.18 < row["ratio_upper"] < 1
    assert [row[column] for column in TESTED] == [None] * 4


def test_missing_months_are_not_tested():
    row = black_search_rate(cell(searches=5_000), cell("Black", searches=500), submitted=YEAR[:11])
    assert (row["status"], row["ratio"], row["p_value"]) == ("incomplete", pytest.approx(10), None)


def test_a_search_rate_ratio_allows_one_zero():
    """0 of 100 searches, 1 against 100 in exposure: upper limit of the share 1 - 0.025^(1/100)."""
    row = black_search_rate(cell(searches=100))
    share = 1 - 0.025 ** (1 / 100)
    assert (row["ratio"], row["ratio_lower"]) == (0, 0)
    assert row["ratio_upper"] == pytest.approx(share / (1 - share) * 100)


def test_a_reference_rate_of_zero_gives_no_ratio_and_no_upper_limit_never_infinity():
    row = black_search_rate(cell("Black", searches=100))
    share = 0.025 ** (1 / 100)
    assert (row["ratio"], row["ratio_upper"]) == (None, None)
    assert row["ratio_lower"] == pytest.approx(share / (1 - share) * 100)
    assert row["difference"] == 10


def test_two_zeros_give_nothing_to_compare():
    row = black_search_rate(cell("Asian", searches=100))
    assert [row[column] for column in ("ratio", "ratio_lower", "ratio_upper", "p_value")] == [None] * 4


def test_rare_finds_are_tested_exactly():
    row = black_find_rate(cell(found=3, not_found=997), cell("Black", found=2, not_found=58))
    assert (row["test"], row["statistic"]) == ("fisher", None)
    # 5 finds in 1,060 searches, 60 of them of Black people: 2 or more; no result below 2 is as improbable.
    assert row["p_value"] == pytest.approx(hypergeom.sf(1, 1_060, 5, 60))


def test_where_nobody_is_found_with_anything_there_is_no_test():
    row = black_find_rate(cell(searches=1_000), cell("Black", searches=100))
    assert (row["status"], row["test"], row["p_value"], row["ratio"]) == ("measured", None, None, None)


# Shape


def test_every_group_but_white_is_compared_with_white_and_unknown_ethnicity_never_is():
    frame = compare_cells(cell(searches=100), cell("Not stated", searches=100), cell("Not recorded", searches=90))
    assert frame.columns == COMPARED_COLUMNS
    assert set(frame["ethnic_group"]) == {"Asian", "Black", "Mixed", "Other"}
    assert set(frame["reference_group"]) == {"White"}
    assert set(frame["measure"]) == {measure.name for measure in MEASURES} - {
        "search_share",
        "unknown_ethnicity_share",
    }


def test_officer_defined_ethnicity_is_compared_apart():
    own = cell(searches=5_000), cell("Black", searches=200)
    seen = cell(searches=2_500, basis=OFFICER_DEFINED), cell("Black", searches=200, basis=OFFICER_DEFINED)
    frame = compare_cells(*own, *seen).filter(measure="search_rate", ethnic_group="Black", search_type=ALL)
    assert dict(frame.select("ethnicity_basis", "ratio").iter_rows()) == {
        "self-defined": 4,
        OFFICER_DEFINED: 8,
    }


# Laws


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(several)
def test_every_number_is_finite_or_absent_and_lies_within_its_interval(forces):
    frame = compare_cells(*cells_of_several(forces), population=people_of_several())
    assert frame.select(pl.col(NUMBERS).is_finite().all()).row(0) == (True,) * len(NUMBERS)
    for name in ("ratio", "difference"):
        value, lower, upper = pl.col(name), pl.col(f"{name}_lower"), pl.col(f"{name}_upper")
        assert frame.filter((value < lower - 1e-9) | (value > upper + 1e-9)).is_empty()
    assert frame.filter(~pl.col("p_value").is_between(0, 1)).is_empty()


@pytest.mark.slow
@settings(max_examples=6, deadline=None)
@given(several)
def test_swapping_group_and_reference_inverts_the_comparison(forces):
    same = people(dict.fromkeys(RESIDENTS, 50_000), forces=SEVERAL)
    is_compared = pl.col("ethnic_group") == "Black", pl.col("search_type") == ALL, pl.col("ratio") > 0
    first, second = (
        compare_cells(*cells_of_several(forces, groups), population=same).filter(is_compared)
        for groups in (GROUPS, ("Black", "White", *GROUPS[2:]))
    )
    both = first.join(second, on=["measure", "force"], suffix="_swapped")
    assert both.height == first.height == second.height
    for row in both.to_dicts():
        assert row["ratio"] * row["ratio_swapped"] == pytest.approx(1)
        assert row["ratio_lower"] * row["ratio_upper_swapped"] == pytest.approx(1, rel=1e-6)
        assert row["difference"] == pytest.approx(-row["difference_swapped"])
        if row["p_value"] is not None:
            assert row["p_value"] == pytest.approx(row["p_value_swapped"])
        else:
            assert row["p_value_swapped"] is None


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(tables, tables)
def test_another_force_changes_nothing(own, others):
    alone = compare_cells(*cells_of(own))
    beside = compare_cells(*cells_of(own), *cells_of(others, force="kent")).filter(force=FORCE)
    assert_frame_equal(beside, alone)
