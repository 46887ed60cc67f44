"""The combined verdict: its table, word for word, and its rows."""

import polars as pl
import pytest

from disparity.analysis.comparisons import DEPENDS, HIGHER, LOWER, UNCLEAR, UNCOMPARED, UNMEASURED
from disparity.analysis.reasons.rows import REASON_COLUMNS
from disparity.analysis.reasons.verdicts import ASSUMPTION, combine_tests, combine_verdicts
from disparity.vocabulary.codes import ALL, OFFICER_DEFINED
from support.cells import cell, compare_by_chance, estimate_cells, row_of

NOTHING = "no clear difference"
ASSUMED = "depends on what is assumed"


@pytest.mark.parametrize(
    ("search_rate", "find_rate", "verdict"),
    [
        (HIGHER, LOWER, "lower threshold: searched more and found less"),
        (LOWER, HIGHER, "higher threshold: searched less and found more"),
        (HIGHER, HIGHER, "inconclusive: searched more and found more"),
        (LOWER, LOWER, "inconclusive: searched less and found less"),
        (HIGHER, UNCLEAR, f"inconclusive: searched more, {NOTHING} in find rates"),
        (LOWER, UNCLEAR, f"inconclusive: searched less, {NOTHING} in find rates"),
        (UNCLEAR, HIGHER, f"inconclusive: {NOTHING} in search rates, found more"),
        (UNCLEAR, LOWER, f"inconclusive: {NOTHING} in search rates, found less"),
        (UNCLEAR, UNCLEAR, f"inconclusive: {NOTHING} in search rates or find rates"),
        (DEPENDS, LOWER, f"inconclusive: the difference in search rates {ASSUMED}"),
        (HIGHER, DEPENDS, f"inconclusive: the difference in find rates {ASSUMED}"),
        (UNCLEAR, DEPENDS, f"inconclusive: the difference in find rates {ASSUMED}"),
        (DEPENDS, DEPENDS, f"inconclusive: the difference in search rates and find rates {ASSUMED}"),
        (DEPENDS, UNMEASURED, "not available: find rates not measurable"),
        (HIGHER, UNMEASURED, "not available: find rates not measurable"),
        (HIGHER, UNCOMPARED, "not available: find rates not compared"),
        (UNMEASURED, LOWER, "not available: search rates not measurable"),
        (UNCOMPARED, UNMEASURED, "not available: search rates not compared, find rates not measurable"),
    ],
)
def test_the_verdict_is_worded(search_rate, find_rate, verdict):
    assert combine_verdicts(search_rate, find_rate) == verdict


def test_the_assumption_is_one_sentence_that_names_the_benchmark():
    assert ASSUMPTION.count(".") == 1
    assert "residents are the people who could be searched" in ASSUMPTION


def combine(*cells, **settings):
    """Verdicts on self-defined ethnicity, by chance alone."""
    estimates = estimate_cells(*cells, **settings)
    frame = combine_tests(compare_by_chance(estimates), estimates)
    return frame.filter(pl.col("analysis") == "combined_verdict")


def both(black, white, search_type="other"):
    """Finds and searches of Black and White people: 10,000 and 1,000,000 residents."""
    return [
        cell(group, search_type, found=found, not_found=searches - found)
        for group, (found, searches) in {"Black": black, "White": white}.items()
    ]


@pytest.mark.parametrize(
    ("black", "white", "verdict"),
    [
        ((10, 200), (2_000, 8_000), "lower threshold: searched more and found less"),
        ((0, 200), (2_000, 8_000), "lower threshold: searched more and found less"),
        ((60, 100), (4_000, 40_000), "higher threshold: searched less and found more"),
        ((120, 200), (800, 8_000), "inconclusive: searched more and found more"),
        ((50, 200), (2_000, 8_000), f"inconclusive: searched more, {NOTHING} in find rates"),
        ((3, 9), (2_000, 8_000), "not available: search rates not compared, find rates not compared"),
        ((9, 49), (2_000, 8_000), "not available: find rates not compared"),
    ],
)
def test_the_verdict_of_rates_that_lie_far_apart(black, white, verdict):
    row = row_of(combine(*both(black, white)), component=ALL, ethnic_group="Black")
    assert row["note"] == verdict
    assert (row["analysis"], row["lower"], row["upper"]) == ("combined_verdict", None, None)


def test_the_value_is_the_ratio_of_search_rates():
    """200 of 10,000 against 8,000 of 1,000,000."""
    frame = combine(*both((10, 200), (2_000, 8_000)))
    assert row_of(frame, component=ALL, ethnic_group="Black")["value"] == pytest.approx(2.5)
    assert frame.columns == REASON_COLUMNS


def test_a_type_has_a_row_where_its_search_rates_are_tested_and_all_types_always_have_one():
    frame = combine(*both((10, 200), (2_000, 8_000)), *both((1, 9), (200, 800), "firearms"))
    own = frame.filter(pl.col("ethnic_group") == "Black")
    assert sorted(own["component"]) == [ALL, "other"]
    untested = frame.filter(pl.col("ethnic_group") == "Asian")
    assert untested["note"].to_list() == ["not available: search rates not compared, find rates not compared"]


def test_find_rates_that_cannot_be_measured_are_named_as_what_is_lacking():
    blank = {"found": 0, "not_found": 0, "outcomes": 0}
    cells = [cell("Black", searches=200, **blank), cell("White", searches=8_000, **blank)]
    row = row_of(combine(*cells), component=ALL, ethnic_group="Black")
    assert row["note"] == "not available: find rates not measurable"


def test_each_ethnicity_basis_has_its_verdict_and_the_analysis_says_which():
    cells = both((10, 200), (2_000, 8_000))
    seen = [row | {"ethnicity_basis": OFFICER_DEFINED} for row in cells]
    estimates = estimate_cells(*cells, *seen)
    frame = combine_tests(compare_by_chance(estimates), estimates)
    assert set(frame["analysis"]) == {"combined_verdict", "combined_verdict_officer_defined"}


# Within types of search

WEAPONS, THEFT = "offensive_weapons", "stolen_property"
OPPOSED = "searched more and found less"


def of_black(frame, component=ALL):
    own = frame.filter(analysis="combined_verdict")
    return row_of(own, component=component, ethnic_group="Black")["note"]


def test_equal_find_rates_in_every_type_under_another_mix_are_inconclusive():
    """30% of searches for stolen property find something, 10% of those for weapons, whoever is searched.

    Black: (120 + 160) of 2,000, 14%; White: (4,800 + 400) of 20,000, 26%. The common odds ratio is exactly 1.
    """
    cells = [*both((120, 400), (4_800, 16_000), THEFT), *both((160, 1_600), (400, 4_000), WEAPONS)]
    frame = combine(*cells)
    assert of_black(frame) == f"inconclusive: {OPPOSED}, but {NOTHING} within types of search"
    for search_type in (THEFT, WEAPONS):
        assert of_black(frame, search_type) == f"inconclusive: searched more, {NOTHING} in find rates"


def test_a_group_that_is_found_less_in_every_type_has_the_verdict():
    """20% against 30%, and 5% against 10%."""
    cells = [*both((80, 400), (4_800, 16_000), THEFT), *both((80, 1_600), (400, 4_000), WEAPONS)]
    assert of_black(combine(*cells)) == f"lower threshold: {OPPOSED}"


def test_found_more_within_types_is_said_where_all_types_together_say_less():
    """Simpson's paradox: 40% against 30%, and 15% against 10%, but (160 + 240) of 2,000 is 20% against 26%."""
    cells = [*both((160, 400), (4_800, 16_000), THEFT), *both((240, 1_600), (400, 4_000), WEAPONS)]
    assert of_black(combine(*cells)) == f"inconclusive: {OPPOSED}, but found more within types of search"


@pytest.mark.parametrize(
    ("weapons", "verdict"),
    [
        # Against 1,000 of 5,000. 150 of 300, 50%, is stated; 65 of 300, 21.7%, has a p of 0.48.
        ((150, 300), f"inconclusive: {OPPOSED}, but not in every type of search"),
        ((65, 300), f"lower threshold: {OPPOSED}"),
        # 20 of 10,000 residents against 5,000 of 1,000,000, with finds alike: searched less for weapons.
        ((4, 20), f"inconclusive: {OPPOSED}, but not in every type of search"),
    ],
    ids=["found more, stated", "found more, by chance", "searched less, stated"],
)
def test_no_type_may_have_a_stated_difference_on_the_other_side(weapons, verdict):
    """Stolen property: 100 of 2,000, 5%, against 2,500 of 10,000, 25%.

    With 150 of 300 the common odds ratio is (100 x 7,500 / 12,000 + 150 x 4,000 / 5,300) / (1,900 x 2,500 / 12,000 +
    150 x 1,000 / 5,300) = 175.7 / 424.1 = 0.41: lower within types all the same.
    """
    cells = [*both((100, 2_000), (2_500, 10_000), THEFT), *both(weapons, (1_000, 5_000), WEAPONS)]
    assert of_black(combine(*cells)) == verdict


@pytest.mark.parametrize(("effect", "is_clear"), [(None, True), (0.5, True), (2, True), (3, False)])
def test_clusters_widen_what_is_found_within_types(effect, is_clear):
    """30 of 200 against 2,000 of 8,000, one type: 200 x 2,030 / 8,200 = 49.51 finds expected of the 200.

    chi-square = (30 - 49.51)^2 / (200 x 8,000 x 2,030 x 6,170 / (8,200^2 x 8,199)) = 380.7 / 36.35 = 10.47: p 0.0012,
    with a design effect of 2 p of the chi-square 5.24, 0.022, of 3 that of 3.49, 0.062; the level is set at 5%.
    """
    estimates = estimate_cells(*both((30, 200), (2_000, 8_000)))
    sides = pl.when(pl.col("measure") == "find_rate").then(pl.lit(LOWER)).otherwise(pl.lit(HIGHER))
    compared = compare_by_chance(estimates).with_columns(
        verdict=sides, level=pl.lit(0.05), design_effect=pl.lit(effect, pl.Float64)
    )
    told = of_black(combine_tests(compared, estimates))
    assert told == (
        f"lower threshold: {OPPOSED}" if is_clear else f"inconclusive: {OPPOSED}, but {NOTHING} within types of search"
    )


def test_a_type_whose_finds_are_not_published_tells_of_no_difference():
    """Equal in both types; the finds of Black people searched for weapons are suppressed, their searches are not."""
    estimates = estimate_cells(*both((120, 400), (4_800, 16_000), THEFT), *both((160, 1_600), (400, 4_000), WEAPONS))
    is_hidden = (pl.col("ethnic_group") == "Black") & (pl.col("search_type") == WEAPONS)
    hidden = estimates.with_columns(pl.when(~is_hidden).then("numerator").alias("numerator"))
    frame = combine_tests(compare_by_chance(estimates), hidden)
    assert of_black(frame) == f"inconclusive: {OPPOSED}, but {NOTHING} within types of search"


def test_a_difference_that_depends_on_an_assumption_has_no_verdict_and_contradicts_none():
    estimates = estimate_cells(*both((100, 2_000), (2_500, 10_000), THEFT), *both((150, 300), (1_000, 5_000), WEAPONS))
    compared = compare_by_chance(estimates)
    is_find, is_all = pl.col("measure") == "find_rate", pl.col("search_type") == ALL

    def depend(where):
        hanging = pl.when(where).then(pl.lit(DEPENDS)).otherwise("verdict").alias("verdict")
        return combine_tests(compared.with_columns(hanging), estimates)

    assert of_black(depend(is_find & is_all)) == f"inconclusive: the difference in find rates {ASSUMED}"
    assert of_black(depend(~is_find & is_all)) == f"inconclusive: the difference in search rates {ASSUMED}"
    assert of_black(depend(~is_all)) == f"lower threshold: {OPPOSED}"
    assert (
        of_black(depend(~is_all), WEAPONS) == f"inconclusive: the difference in search rates and find rates {ASSUMED}"
    )
