"""All groups at once against independent packages, and the gates they pass."""

import json
import math
from pathlib import Path

import polars as pl
import pytest
from scipy.stats import chi2_contingency

from disparity.analysis.comparisons import compare
from disparity.analysis.reasons.groups import NOTES, SAMPLES, compare_all_groups
from disparity.analysis.reasons.rows import REASON_COLUMNS
from disparity.vocabulary.codes import ETHNIC_GROUPS, OFFICER_DEFINED
from support.cells import cell, count, estimate_counts, people, row_of

FIND, ARREST, ACTION = (f"{name}_rate_by_ethnicity" for name in ("find", "arrest", "action"))
VECTORS = json.loads((Path(__file__).parents[2] / "golden" / "oracle_vectors.json").read_text(encoding="utf-8"))
FIVE = next(vector for vector in VECTORS["vectors"] if vector["id"] == "rxc_5x2")
SPARSE = [[6, 34], [18, 86], [4, 29], [156, 764], [2, 6]]


def compare_cells(*cells, seed=1, **settings):
    counts = count(*cells, **settings)
    estimates = estimate_counts(counts, population=people(forces=sorted(set(counts.cells["force"]))))
    return compare_all_groups(estimates, compare(estimates), seed=seed)


def of_table(table, search_type="other", **settings):
    return [
        cell(group, search_type, found=found, not_found=not_found, **settings)
        for group, (found, not_found) in zip(ETHNIC_GROUPS, table, strict=True)
    ]


def value_of(frame, analysis, component):
    return row_of(frame.filter(analysis=analysis), component=component)["value"]


def test_the_chi_square_of_five_groups_is_the_one_independent_packages_agree_on():
    frame, expected = compare_cells(*of_table(FIVE["inputs"]["table"])), FIVE["values"]
    found = [value_of(frame, FIND, name) for name in ("chi_square", "degrees_of_freedom", "p")]
    assert found == pytest.approx([expected[name] for name in ("chi2", "df", "p")], rel=1e-9)
    # Bergsma (2013): chi-square / N less 4 / (N - 1), over what it could be at most.
    others = 7610 - 1
    square = (expected["chi2"] / 7610 - 4 / others) / min(4 - 16 / others, 1 - 1 / others)
    assert value_of(frame, FIND, "cramers_v") == pytest.approx(math.sqrt(square), rel=1e-9)
    assert value_of(frame, FIND, "smallest_expected_count") == pytest.approx(102.23390275952694, rel=1e-12)


def test_a_table_with_small_counts_has_the_p_of_drawn_tables_instead():
    frame = compare_cells(*of_table(SPARSE))
    assert value_of(frame, FIND, "smallest_expected_count") < 5
    assert frame.filter(pl.col("component").is_in(["p", "other: p"])).is_empty()
    # The chi-square is off at such counts, but not by much.
    p = chi2_contingency(SPARSE, correction=False).pvalue
    assert value_of(frame, FIND, "p_monte_carlo") == pytest.approx(p, abs=0.03)
    assert value_of(frame, FIND, "p_monte_carlo") * (SAMPLES + 1) == pytest.approx(
        round(value_of(frame, FIND, "p_monte_carlo") * (SAMPLES + 1)), abs=1e-6
    )


@pytest.mark.parametrize(("other", "is_drawn"), [(24, True), (25, False), (26, False)])
def test_five_expected_in_every_cell_are_enough_for_chi_square(other, is_drawn):
    """A fifth of all searches find something, so 24, 25 and 26 of the smallest group expect 4.8, 5 and 5.2."""
    table = [[100 - other, 0], [10, 490], [90, 310], [200 + other, 800], [0, other]]
    total = sum(map(sum, table))
    assert sum(row[0] for row in table) == 400
    table[3][1] += 2000 - total
    frame = compare_cells(*of_table(table))
    assert value_of(frame, FIND, "smallest_expected_count") == pytest.approx(other / 5, rel=1e-12)
    assert frame.filter(pl.col("component") == "p_monte_carlo", pl.col("analysis") == FIND).is_empty() is not is_drawn


def test_the_same_seed_draws_the_same_tables_and_another_one_others():
    one, same, other = (
        value_of(compare_cells(*of_table(SPARSE), seed=seed), FIND, "p_monte_carlo") for seed in (1, 1, 2)
    )
    assert one == same
    assert one != other
    assert one == pytest.approx(other, abs=0.03)


def test_find_arrest_and_action_rates_are_compared_and_no_other():
    cells = [
        cell(group, found=30, not_found=100, actions=50, arrests=10 + place)
        for place, group in enumerate(ETHNIC_GROUPS)
    ]
    frame = compare_cells(*cells)
    assert set(frame["analysis"]) == {FIND, ARREST, ACTION}
    assert value_of(frame, FIND, "chi_square") == pytest.approx(0, abs=1e-12)
    expected = chi2_contingency([[10 + place, 120 - place] for place in range(5)], correction=False)
    assert value_of(frame, ARREST, "chi_square") == pytest.approx(expected.statistic, rel=1e-9)


def test_a_type_of_search_stands_before_its_statistic():
    cells = [*of_table(FIVE["inputs"]["table"]), *of_table([[30, 70]] * 5, "drugs_supply")]
    frame = compare_cells(*cells)
    names = set(frame.filter(analysis=FIND, component="other: chi_square")["value"])
    assert list(names) == pytest.approx([FIVE["values"]["chi2"]], rel=1e-9)
    kinds = {component.partition(": ")[0] for component in frame["component"] if ": " in component}
    assert kinds == {"other", "drugs", "drugs_supply"}


def test_what_is_left_of_drugs_is_not_tested_beside_drugs():
    frame = compare_cells(*of_table(FIVE["inputs"]["table"], "drugs_unspecified"))
    assert {component.partition(": ")[0] for component in frame["component"] if ": " in component} == {"drugs"}


def test_a_group_without_a_search_is_no_row_of_the_table():
    frame = compare_cells(*of_table(FIVE["inputs"]["table"])[1:4])
    assert value_of(frame, FIND, "degrees_of_freedom") == 2


def test_small_groups_stay_in_the_table_beside_two_large_ones():
    frame = compare_cells(*of_table(SPARSE))
    assert value_of(frame, FIND, "degrees_of_freedom") == 4
    small = [[6, 34], [5, 20], [4, 29], [156, 764], [2, 6]]
    assert compare_cells(*of_table(small)).is_empty()


def test_a_group_recorded_otherwise_than_the_reference_group_leaves_no_table():
    partly = cell("Asian", searches=300, found=100, not_found=100, outcomes=200, actions=100)
    rest = of_table([[9, 9], [1000, 2000], [400, 900], [3000, 9000], [150, 450]])[1:]
    assert not compare_cells(*rest).is_empty()
    assert compare_cells(partly, *rest).is_empty()


def test_finds_over_types_that_are_never_linked_are_not_compared():
    unlinked = {"searches": 60, "found": 0, "not_found": 60, "actions": 30, "not_found_after_action": 30}
    cells = [*of_table(FIVE["inputs"]["table"]), *(cell(group, "firearms", **unlinked) for group in ETHNIC_GROUPS)]
    frame = compare_cells(*cells)
    assert frame.filter(analysis=FIND, component="chi_square").is_empty()
    assert not frame.filter(analysis=FIND, component="other: chi_square").is_empty()
    assert not frame.filter(analysis=ACTION, component="chi_square").is_empty()


def test_p_are_adjusted_over_all_tables_of_the_force_in_the_analysis():
    """Two types of search and their sum: the p of rank k of 3 is worth 3 / k of itself, and no more than the next."""
    cells = [*of_table([[40, 60], *[[30, 70]] * 4]), *of_table([[40, 60], *[[29, 71]] * 4], "firearms")]
    frame = compare_cells(*cells).filter(pl.col("analysis") == FIND)
    raw = sorted(frame.filter(pl.col("component").str.contains("(^|: )p$"))["value"])
    adjusted = sorted(frame.filter(pl.col("component").str.ends_with("p_adjusted"))["value"])
    assert len(raw) == 3
    last = raw[2]
    middle = min(raw[1] * 3 / 2, last)
    assert adjusted == pytest.approx([min(raw[0] * 3, middle), middle, last], rel=1e-9)


def test_a_force_has_the_same_rows_alone_as_beside_others():
    own = [*of_table([[40, 60], *[[30, 70]] * 4], force="surrey"), *of_table(SPARSE, "firearms", force="surrey")]
    others = [*of_table(FIVE["inputs"]["table"], force="kent"), *of_table([[30, 70]] * 5, force="essex")]
    beside = compare_cells(*own, *others)
    assert set(beside["force"]) == {"essex", "kent", "surrey"}
    assert beside.filter(force="surrey").equals(compare_cells(*own))


def test_each_basis_is_compared_and_the_analysis_says_which():
    cells = [*of_table(FIVE["inputs"]["table"]), *of_table([[30, 70]] * 5, basis=OFFICER_DEFINED)]
    frame = compare_cells(*cells)
    assert value_of(frame, FIND, "chi_square") == pytest.approx(FIVE["values"]["chi2"], rel=1e-9)
    assert value_of(frame, f"{FIND}_officer_defined", "chi_square") == pytest.approx(0, abs=1e-12)


def test_rows_have_the_published_columns_of_all_groups_and_every_number_is_a_value():
    frame = compare_cells(*of_table(FIVE["inputs"]["table"]), *of_table(SPARSE, "firearms"))
    assert frame.columns == REASON_COLUMNS
    assert set(frame["ethnic_group"]) == {"All"}
    assert frame["reference_group"].null_count() == frame.height
    assert frame["value"].null_count() == 0
    assert {component.rpartition(": ")[2] for component in frame["component"]} == set(NOTES)
    assert not any(character.isdigit() for note in frame["note"] for character in note)


def test_without_a_comparison_there_is_no_row_and_no_error():
    frame = compare_cells(cell("Black", found=1))
    assert frame.is_empty()
    assert frame.columns == REASON_COLUMNS
