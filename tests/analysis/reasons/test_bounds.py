"""What searches of unknown ethnicity could make of ratios and differences: every way of placing a few of them."""

from itertools import product

import polars as pl
import pytest

from disparity.analysis.comparisons import compare
from disparity.analysis.reasons.bounds import BOUNDS, COMPARISON_KEYS, bound_missing_ethnicity, bound_unknown_ethnicity
from support.cells import GOLDEN, RESIDENTS, as_published, cell, estimate_cells, people, row_of

UNKNOWN = "Not stated"


def bound(*cells, **settings):
    estimates = estimate_cells(*cells, **settings)
    return bound_unknown_ethnicity(estimates, compare(estimates))


def bounds_of(frame, measure, group="Black", search_type="All"):
    row = row_of(frame, measure=measure, ethnic_group=group, search_type=search_type)
    return [row[name] for name in BOUNDS]


def test_the_bounds_of_a_ratio_of_search_rates_are_the_published_ones():
    """Lancashire, year ending March 2025: 314 Black, 13,093 White, 3,070 unknown."""
    golden = GOLDEN["missing_ethnicity"]
    cells = [cell(group, searches=n) for group, n in golden["searches"].items()]
    frame = bound(*cells, population=people(golden["residents"]))
    lower, upper, *differences = bounds_of(frame, "search_rate")
    assert list(map(as_published, (lower, upper), golden["bounds"])) == golden["bounds"]
    assert differences == [None, None]


def place(black, white, unknown):
    """Work out the difference and ratio of find rates for every way of placing few finds and not-finds."""
    (x, n), (y, m), (a, b) = black, white, unknown
    ways = [
        ((x + i) / (n + i + j), (y + k) / (m + k + e))
        for i, k in product(range(a + 1), repeat=2)
        for j, e in product(range(b + 1), repeat=2)
        if i + k <= a and j + e <= b
    ]
    ratios, differences = [p / q for p, q in ways if q], [p - q for p, q in ways]
    return [min(ratios), max(ratios), min(differences), max(differences)]


@pytest.mark.parametrize(
    ("black", "white", "unknown"),
    [
        ((7, 60), (20, 90), (3, 4)),
        ((0, 60), (20, 90), (2, 1)),
        ((7, 60), (20, 90), (0, 5)),
        ((7, 60), (20, 90), (0, 0)),
    ],
)
def test_no_way_of_placing_them_goes_beyond_the_bounds_of_a_find_rate_and_one_reaches_each(black, white, unknown):
    cells = [cell(group, found=x, not_found=n - x) for group, (x, n) in {"Black": black, "White": white}.items()]
    cells.append(cell(UNKNOWN, found=unknown[0], not_found=unknown[1]))
    for measure in ("find_rate", "arrest_rate", "action_rate"):
        assert bounds_of(bound(*cells), measure) == pytest.approx(place(black, white, unknown)), measure


def test_shares_of_types_are_bounded_by_searches_of_the_type_and_of_the_others():
    """Of 3 unknown searches for drugs and 4 for other things; not recorded is as unknown as not stated."""
    counted = {"Black": (7, 53), "White": (20, 70)}
    cells = [
        cell(group, kind, searches=n)
        for group, both in counted.items()
        for kind, n in zip(("firearms", "other"), both, strict=True)
    ]
    cells += [
        cell(UNKNOWN, "firearms", searches=2),
        cell("Not recorded", "firearms", searches=1),
        cell(UNKNOWN, searches=4),
    ]
    expected = place((7, 60), (20, 90), (3, 4))
    assert bounds_of(bound(*cells), "type_share", search_type="firearms") == pytest.approx(expected)


def test_a_reference_group_without_a_find_leaves_the_ratio_without_an_upper_bound():
    cells = [cell("Black", found=7, not_found=53), cell("White", found=0, not_found=90), cell(UNKNOWN, found=2)]
    lower, upper, least, most = bounds_of(bound(*cells), "find_rate")
    assert upper is None
    assert (lower, least, most) == (
        pytest.approx((7 / 60) / (2 / 92)),
        pytest.approx(7 / 60 - 2 / 92),
        pytest.approx(9 / 62),
    )


@pytest.mark.parametrize("group", [UNKNOWN, "Not recorded", "Black", "White"])
def test_a_count_that_is_suppressed_gives_no_bounds(group):
    """As in a restricted publication: what it would take is not published."""
    cells = [cell(name, found=20, not_found=80) for name in ("Black", "White", UNKNOWN, "Not recorded")]
    estimates = estimate_cells(*cells)
    hidden = pl.when((pl.col("ethnic_group") == group) & (pl.col("measure") == "find_rate"))
    held = estimates.with_columns(hidden.then(None).otherwise("numerator").alias("numerator"))
    frame = bound_unknown_ethnicity(held, compare(estimates))
    assert bounds_of(frame, "find_rate") == [None] * 4
    assert None not in bounds_of(frame, "arrest_rate")


def test_where_all_of_unknown_ethnicity_is_suppressed_nothing_is_said_of_it():
    estimates = estimate_cells(*(cell(name, searches=100) for name in ("Black", "White", UNKNOWN)))
    is_share = pl.col("measure") == "unknown_ethnicity_share"
    held = estimates.with_columns(pl.when(~is_share).then("numerator").alias("numerator"))
    ratios = compare(estimates).filter(measure="search_rate").drop_nulls("ratio")
    assert bound_missing_ethnicity(held, ratios).is_empty()
    assert bounds_of(bound_unknown_ethnicity(held, ratios), "search_rate") == [None] * 4


def test_there_is_a_row_for_each_ratio_and_difference_that_is_given():
    cells = [cell(group, found=20, not_found=80) for group in RESIDENTS]
    estimates = estimate_cells(*cells, cell(UNKNOWN, found=1, not_found=9))
    comparisons = compare(estimates)
    has_difference = pl.col("difference").is_not_null() & (pl.col("measure") != "search_rate")
    given = comparisons.filter(has_difference | (pl.col("ratio").is_not_null() & (pl.col("measure") == "search_rate")))
    frame = bound_unknown_ethnicity(estimates, comparisons)
    assert frame.select(COMPARISON_KEYS).equals(given.select(COMPARISON_KEYS))
    joined = frame.join(
        given.drop("difference_lower", "difference_upper", "ratio_lower", "ratio_upper"), on=COMPARISON_KEYS
    )
    beyond = (pl.col("ratio") < pl.col("ratio_lower") - 1e-9) | (
        pl.col("difference") > pl.col("difference_upper") + 1e-9
    )
    assert joined.filter(beyond).is_empty()
