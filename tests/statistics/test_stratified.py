"""Stratified comparisons against independent packages, published worked figures, and the laws they obey."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, chi2_contingency
from statsmodels.stats.contingency_tables import StratifiedTable

from disparity.statistics.stratified import (
    breslow_day_test,
    cochran_mantel_haenszel_test,
    generalised_cmh,
    mantel_haenszel_odds_ratio,
    mantel_haenszel_rate_ratio,
)
from disparity.vocabulary.errors import RequestError
from support.builders import few

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "oracle_vectors.json").read_text(encoding="utf-8"))
# Of the stratified vectors not carried: the corrected and the exact test, Breslow and Day's statistic without Tarone's
# correction, Woolf's, and the risk ratio and difference. None of them is published here: one method a question.
CASES = [
    pytest.param(vector["inputs"]["tables"], vector["values"], id=vector["id"])
    for vector in GOLDEN["vectors"]
    if vector["kind"] == "strat2x2"
]
EXACTLY = {"rel": 1e-9, "abs": 1e-300, "nan_ok": True}
# British doctors, deaths from coronary disease (Doll and Hill 1966): smokers and others in five age bands.
DOCTORS = (
    *([32, 104, 206, 186, 102], [52_407, 43_248, 28_612, 12_663, 5_317]),
    *([2, 12, 28, 28, 31], [18_790, 10_673, 5_710, 2_585, 1_462]),
)
FUNCTIONS = (
    mantel_haenszel_odds_ratio,
    mantel_haenszel_rate_ratio,
    cochran_mantel_haenszel_test,
    breslow_day_test,
)


@st.composite
def strata(draw):
    """One to six strata with the group's and the reference group's successes and trials."""
    sizes = draw(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=6))
    rows = [(draw(st.integers(0, n1)), n1, draw(st.integers(0, n2)), n2) for n1, n2 in sizes]
    return np.array(rows, dtype=float).T


def of_tables(tables):
    """x1, n1, x2, n2 of tables that list a, b, c, d."""
    a, b, c, d = np.array(tables, dtype=float).T
    return a, a + b, c, c + d


def numbers(result):
    return [float(value) for value in result]


# Independent packages


@pytest.mark.parametrize(("tables", "values"), CASES)
def test_the_common_odds_ratio_is_the_one_independent_packages_agree_on(tables, values):
    found = numbers(mantel_haenszel_odds_ratio(*of_tables(tables)))[:3]
    expected = [float(values[name]) for name in ("mh_or", "mh_or_lower", "mh_or_upper")]
    assert found == pytest.approx(expected, **EXACTLY)


@pytest.mark.parametrize(("tables", "values"), CASES)
def test_the_stratified_test_is_the_one_independent_packages_agree_on(tables, values):
    statistic, degrees_of_freedom, p = numbers(cochran_mantel_haenszel_test(*of_tables(tables)))
    assert (statistic, p) == pytest.approx((values["cmh_chi2"], values["cmh_p"]), **EXACTLY)
    assert degrees_of_freedom == 1


@pytest.mark.parametrize(("tables", "values"), CASES)
def test_the_test_of_homogeneity_is_the_one_independent_packages_agree_on(tables, values):
    statistic, degrees_of_freedom, p = numbers(breslow_day_test(*of_tables(tables)))
    assert statistic == pytest.approx(float(values["tarone_chi2"]), **EXACTLY)
    # p of strata with an empty margin only mpmath gives; its degrees of freedom are counted by hand below.
    if "tarone_p" in values:
        assert p == pytest.approx(values["tarone_p"], **EXACTLY)
    elif not math.isnan(statistic):
        assert p == pytest.approx(chi2.sf(float(values["tarone_chi2"]), degrees_of_freedom), **EXACTLY)


@pytest.mark.parametrize(
    ("name", "informative"),
    [
        # Penicillin: in the first and the last stratum nobody, and everybody, has the outcome in one column.
        ("strat_penicillin_rabbits", 3),
        ("strat_empty_margins", 2),
        ("strat_all_zero_events_one_group", 2),
        ("strat_ucb_admissions", 6),
    ],
)
def test_strata_with_an_empty_margin_drop_out_and_are_counted(name, informative):
    tables = next(case.values[0] for case in CASES if case.id == name)
    assert float(mantel_haenszel_odds_ratio(*of_tables(tables)).informative_strata) == informative
    expected = informative - 1 if name != "strat_all_zero_events_one_group" else math.nan
    assert float(breslow_day_test(*of_tables(tables)).degrees_of_freedom) == pytest.approx(expected, nan_ok=True)


def test_every_stratified_vector_is_tested():
    assert len(CASES) == 7


@few
@given(strata(), st.floats(0.5, 0.999))
def test_strata_give_what_statsmodels_gives(cells, confidence):
    a, b, c, d = cells[0], cells[1] - cells[0], cells[2], cells[3] - cells[2]
    # Where a margin is empty statsmodels gives NaN: only strata that say something go in.
    keeps = (a + b > 0) & (c + d > 0) & (a + c > 0) & (b + d > 0)
    ratio = mantel_haenszel_odds_ratio(*cells, confidence=confidence)
    if not keeps.any() or not 0 < ratio.estimate < math.inf:
        return
    theirs = StratifiedTable([np.array([[a[k], b[k]], [c[k], d[k]]]) for k in np.flatnonzero(keeps)])
    expected = (theirs.oddsratio_pooled, *theirs.oddsratio_pooled_confint(alpha=1 - confidence), keeps.sum())
    assert numbers(ratio) == pytest.approx(expected, rel=1e-9)
    null = theirs.test_null_odds(correction=False)
    test = cochran_mantel_haenszel_test(*cells)
    assert (float(test.statistic), float(test.p)) == pytest.approx((null.statistic, null.pvalue), rel=1e-9, abs=1e-12)
    if keeps.sum() > 1:
        equal = theirs.test_equal_odds(adjust=True)
        assert float(breslow_day_test(*cells).statistic) == pytest.approx(equal.statistic, rel=1e-6, abs=1e-9)


# Published worked figures


def test_the_published_rate_ratio_of_the_british_doctors_is_reproduced():
    # Stata's manual, epitab: "M-H combined 1.424682 [1.154703, 1.757784]".
    ratio = mantel_haenszel_rate_ratio(*DOCTORS)
    assert numbers(ratio) == pytest.approx((1.424682, 1.154703, 1.757784, 5), abs=5e-7)


def test_a_rate_ratio_of_one_stratum_is_the_crude_one_with_the_wald_interval_of_its_logarithm():
    # By hand: (60 / 51,477.5) / (30 / 54,308.7); standard error of its logarithm √(1/60 + 1/30).
    ratio = 60 * 54_308.7 / (30 * 51_477.5)
    factor = math.exp(1.959963984540054 * math.sqrt(1 / 60 + 1 / 30))
    found = numbers(mantel_haenszel_rate_ratio(60, 51_477.5, 30, 54_308.7))
    assert found == pytest.approx((ratio, ratio / factor, ratio * factor, 1), rel=1e-12)


def test_bickels_women_are_admitted_less_over_all_departments_and_not_less_within_them():
    """Bickel (1975): the crude odds ratio of men is 1.84, within departments 0.90 and no longer clear of 1."""
    tables = next(case.values[0] for case in CASES if case.id == "strat_ucb_admissions")
    crude = mantel_haenszel_odds_ratio(*(cells.sum() for cells in of_tables(tables)))
    within = mantel_haenszel_odds_ratio(*of_tables(tables))
    assert float(crude.estimate) == pytest.approx(1.84, abs=0.005)
    assert crude.lower > 1
    assert within.estimate < 1 < within.upper


# Edges


@pytest.mark.parametrize("function", FUNCTIONS)
def test_strata_that_tell_nothing_give_no_result(function):
    nothing = [0, 0, 0], [0, 4, 0], [0, 0, 0], [0, 9, 6]
    assert np.isnan(numbers(function(*nothing))[0])
    none = np.zeros((2, 0))
    assert np.isnan(function(none, none, none, none)[0]).all()


def test_no_informative_stratum_is_counted_as_none():
    assert float(mantel_haenszel_odds_ratio([0, 3], [5, 0], [0, 1], [5, 2]).informative_strata) == 0
    assert float(mantel_haenszel_rate_ratio([0, 3], [5, 0], [0, 1], [5, 2]).informative_strata) == 0


def test_a_group_without_success_has_an_odds_ratio_of_zero_and_without_failure_an_infinite_one():
    for function in (mantel_haenszel_odds_ratio, mantel_haenszel_rate_ratio):
        estimate, lower, upper, _ = function([[0, 0], [3, 5]], 20, [[3, 5], [0, 0]], 40)
        assert estimate.tolist() == [0, math.inf]
        assert np.isnan([lower, upper]).all()


def test_a_common_odds_ratio_of_zero_leaves_no_homogeneity_to_test():
    assert np.isnan(numbers(breslow_day_test([0, 0], [20, 15], [3, 5], [43, 65]))).all()


def test_one_stratum_has_no_homogeneity_to_test():
    assert np.isnan(numbers(breslow_day_test([5, 0], [20, 15], [3, 0], [43, 65]))).all()


def test_equal_strata_are_as_alike_as_can_be():
    test = breslow_day_test([7, 7, 7], [20, 20, 20], [3, 3, 3], [43, 43, 43])
    assert (float(test.statistic), float(test.p)) == (pytest.approx(0, abs=1e-12), pytest.approx(1, abs=1e-6))


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("impossible", [math.nan, -1, math.inf])
@pytest.mark.parametrize("place", range(4))
def test_an_impossible_count_in_one_stratum_gives_no_result_at_all(function, impossible, place):
    cells = [[5.0, 6], [20.0, 20], [7.0, 9], [40.0, 40]]
    assert np.isfinite(function(*cells)[0])
    cells[place][1] = impossible
    assert np.isnan(function(*cells)[0])
    assert np.isnan(function(*cells)[2])


@pytest.mark.parametrize("function", [FUNCTIONS[0], *FUNCTIONS[2:]])
def test_more_successes_than_trials_give_no_result(function):
    assert np.isnan(function([5, 21], [20, 20], [7, 9], [40, 40])[0])


@pytest.mark.parametrize("function", FUNCTIONS[:2])
@pytest.mark.parametrize("confidence", [95, 1, 0, math.nan])
def test_a_confidence_level_outside_zero_to_one_is_refused(function, confidence):
    with pytest.raises(RequestError, match="does not lie between 0 and 1"):
        function(1, 2, 1, 2, confidence=confidence)


# Laws


@given(strata())
def test_swapping_the_groups_inverts_the_ratios_and_leaves_the_tests(cells):
    swapped = cells[[2, 3, 0, 1]]
    for function in FUNCTIONS[:2]:
        one, other = function(*cells), function(*swapped)
        if 0 < one.estimate < math.inf:
            inverse = (1 / one.estimate, 1 / one.upper, 1 / one.lower)
            assert numbers(other)[:3] == pytest.approx(numbers(inverse), rel=1e-9)
    for function in FUNCTIONS[2:]:
        one, other = numbers(function(*cells)), numbers(function(*swapped))
        assert one == pytest.approx(other, rel=1e-6, abs=1e-7, nan_ok=True)


@given(strata())
def test_counting_failures_instead_of_successes_inverts_the_odds_ratio(cells):
    x1, n1, x2, n2 = cells
    one, other = mantel_haenszel_odds_ratio(*cells), mantel_haenszel_odds_ratio(n1 - x1, n1, n2 - x2, n2)
    if 0 < one.estimate < math.inf:
        assert float(one.estimate * other.estimate) == pytest.approx(1, rel=1e-9)


@given(strata(), st.randoms())
def test_the_order_of_strata_does_not_matter(cells, random):
    places = list(range(cells.shape[1]))
    random.shuffle(places)
    for function in FUNCTIONS:
        one, other = numbers(function(*cells)), numbers(function(*cells[:, places]))
        assert one == pytest.approx(other, rel=1e-9, abs=1e-9, nan_ok=True)


@given(strata())
def test_strata_that_tell_nothing_change_nothing(cells):
    # Nobody of group 1, nobody of group 2, no success.
    empty = np.array([(0, 0, 2, 5), (2, 5, 0, 0), (0, 9, 0, 5)], dtype=float).T
    wider = np.concatenate([cells, empty], axis=1)
    for function in FUNCTIONS:
        one, other = numbers(function(*cells)), numbers(function(*wider))
        assert one == pytest.approx(other, rel=1e-9, abs=1e-12, nan_ok=True)


@given(strata(), st.floats(0.5, 0.99))
def test_limits_hold_the_ratio_and_widen_with_confidence(cells, confidence):
    for function in FUNCTIONS[:2]:
        estimate, lower, upper, _ = function(*cells, confidence=confidence)
        _, wider_lower, wider_upper, _ = function(*cells, confidence=confidence + 0.009)
        if not np.isnan(lower):
            assert wider_lower < lower < estimate < upper < wider_upper


@given(st.lists(strata(), min_size=2, max_size=5))
def test_a_row_has_the_same_result_alone_and_among_others(rows):
    width = max(cells.shape[1] for cells in rows)
    padded = [np.pad(cells, ((0, 0), (0, width - cells.shape[1]))) for cells in rows]
    together = np.stack(padded, axis=1)
    for function in FUNCTIONS:
        found = np.column_stack(function(*together))
        alone = [numbers(function(*cells)) for cells in rows]
        np.testing.assert_allclose(found, alone, rtol=1e-9, atol=1e-12)


@given(strata(), st.floats(0.001, 1000))
def test_the_unit_of_exposure_does_not_change_a_rate_ratio(cells, unit):
    x1, t1, x2, t2 = cells
    one, other = (
        mantel_haenszel_rate_ratio(x1, t1, x2, t2),
        mantel_haenszel_rate_ratio(x1, t1 * unit, x2, t2 * unit),
    )
    assert numbers(one) == pytest.approx(numbers(other), rel=1e-9, nan_ok=True)


def test_millions_of_searches_lose_no_digits():
    """Twice a table of a million is a table of two million: the same ratio, half the variance of its logarithm."""
    cells = np.array([[310_000, 171_000], [1_210_000, 691_000], [88_000, 90_000], [348_000, 300_000]], dtype=float)
    one, other = mantel_haenszel_odds_ratio(*cells), mantel_haenszel_odds_ratio(*(cells * 2))
    assert float(other.estimate) == pytest.approx(float(one.estimate), rel=1e-14)
    widths = [math.log(ratio.upper / ratio.estimate) for ratio in (one, other)]
    assert widths[0] / widths[1] == pytest.approx(math.sqrt(2), rel=1e-12)


# Several groups and outcomes


def test_the_generalised_test_is_the_one_independent_packages_agree_on():
    (vector,) = (vector for vector in GOLDEN["vectors"] if vector["kind"] == "gcmh")
    tables = np.reshape(vector["inputs"]["data_colmajor"], vector["inputs"]["dim"], order="F").transpose(2, 0, 1)
    test = generalised_cmh(tables)
    assert float(test.statistic) == pytest.approx(vector["values"]["gcmh_chi2"], rel=1e-9)
    assert float(test.degrees_of_freedom) == 3 * 2
    # A group and a stratum without searches change nothing, nor does a stratum with one.
    more = np.pad(tables, ((0, 2), (0, 1), (0, 0)))
    more[-1, 0, 0] = 1
    assert numbers(generalised_cmh(more)) == pytest.approx(numbers(test), rel=1e-9)


@given(st.lists(st.integers(0, 60), min_size=12, max_size=12))
def test_the_generalised_test_of_one_stratum_is_pearsons_but_for_one_search(cells):
    table = np.array(cells).reshape(4, 3)
    left = table[table.sum(1) > 0][:, table.sum(0) > 0]
    test = generalised_cmh([table])
    if min(left.shape) < 2:
        assert np.isnan(numbers(test)).all()
        return
    theirs = chi2_contingency(left, correction=False)
    expected = (theirs.statistic * (1 - 1 / table.sum()), theirs.dof)
    assert numbers(test)[:2] == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(st.lists(st.integers(0, 60), min_size=8, max_size=8))
def test_the_generalised_test_of_two_groups_and_outcomes_is_statsmodels_test(cells):
    tables = np.array(cells, dtype=float).reshape(2, 2, 2)
    if min(tables.sum(1).min(), tables.sum(2).min()) == 0:
        return
    theirs = StratifiedTable(list(tables)).test_null_odds(correction=False)
    test = generalised_cmh(tables)
    assert (float(test.statistic), float(test.p)) == pytest.approx(
        (theirs.statistic, theirs.pvalue), rel=1e-9, abs=1e-9
    )


def test_an_impossible_count_spoils_its_own_tables_only():
    tables = np.array([[[[3, 4], [5, -1]]], [[[3, 4], [5, 1]]], [[[3, 4], [5, np.nan]]]])
    assert np.isnan(generalised_cmh(tables).statistic).tolist() == [True, False, True]
