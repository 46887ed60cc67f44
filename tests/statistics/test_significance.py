"""Tests and adjusted p against independent packages, published figures, and the laws they obey."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chi2_contingency, fisher_exact
from statsmodels.stats.multitest import multipletests

from disparity.statistics.intervals import rate_ratio_exact
from disparity.statistics.significance import _fisher_p, adjust_benjamini_hochberg, rate_ratio_test, two_by_two_test

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "oracle_vectors.json").read_text(encoding="utf-8"))
# p of the large vectors are far below 1e-12, pytest's silent tolerance.
EXACTLY = {"rel": 1e-9, "abs": 1e-300}
SMALLEST_EXPECTED = [
    # 20 and 80 searches with 24, 25 and 26 finds: 20 x 24 / 100 = 4.8, and so on.
    ((6, 20, 18, 80), "fisher"),
    ((6, 20, 19, 80), "chi_square"),
    ((6, 20, 20, 80), "chi_square"),
]
counts = st.integers(0, 80)
exposures = st.floats(0.5, 1e6)
p_values = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@st.composite
def tables(draw):
    n1, n2 = draw(st.integers(1, 60)), draw(st.integers(1, 60))
    return draw(st.integers(0, n1)), n1, draw(st.integers(0, n2)), n2


def vectors(kind, quantity):
    return [
        pytest.param(vector["inputs"], vector["values"], id=vector["id"])
        for vector in GOLDEN["vectors"]
        if vector["kind"] == kind and quantity in vector["values"]
    ]


def cells(x1, n1, x2, n2):
    return np.array([x1, n1 - x1, x2, n2 - x2], dtype=float)


# Two rates


@pytest.mark.parametrize(("inputs", "values"), vectors("rate2", "p_exact_central"))
def test_rate_ratio_p_is_the_one_independent_packages_agree_on(inputs, values):
    p = rate_ratio_test(inputs["x1"], inputs["t1"], inputs["x2"], inputs["t2"])
    # Without an event packages say 1; here the ratio is 0/0, there is nothing to test and no p to publish.
    expected = values["p_exact_central"] if inputs["x1"] + inputs["x2"] else math.nan
    assert float(p) == pytest.approx(expected, nan_ok=True, **EXACTLY)


def test_rate_ratio_p_of_equal_exposures_is_that_of_tossing_a_coin():
    # 1 of 10 heads or fewer: (1 + 10) / 1024, twice; 5 of 10: more than certain, so 1.
    assert rate_ratio_test([1, 9, 5], 7, [9, 1, 5], 7).tolist() == pytest.approx([22 / 1024, 22 / 1024, 1], rel=1e-12)


@pytest.mark.parametrize(
    ("x1", "t1", "x2", "t2"), [(500_700, 1, 499_300, 1), (100_200, 1, 898_800, 9), (4, 0.001, 998_000, 999)]
)
def test_rate_ratio_p_of_a_million_events_is_twice_scipys_smaller_tail(x1, t1, x2, t2):
    tails = [binomtest(x1, x1 + x2, t1 / (t1 + t2), alternative=tail).pvalue for tail in ("less", "greater")]
    assert float(rate_ratio_test(x1, t1, x2, t2)) == pytest.approx(2 * min(tails), **EXACTLY)


@given(counts, exposures, counts, exposures)
def test_rate_ratio_p_is_under_five_percent_exactly_where_the_interval_leaves_out_one(x1, t1, x2, t2):
    lower, upper = rate_ratio_exact(x1, t1, x2, t2)
    assert bool(rate_ratio_test(x1, t1, x2, t2) < 0.05) == bool(lower > 1 or upper < 1)


@pytest.mark.parametrize("x1", [9, 10, 11, 29, 30, 31, 32])
def test_rate_ratio_p_and_interval_turn_at_the_same_count(x1):
    # At 30 the "minlike" p is 0.0498 though the interval holds 1: the contradiction that central p avoids.
    lower, upper = rate_ratio_exact(x1, 1000, 200, 10_000)
    is_clear = float(rate_ratio_test(x1, 1000, 200, 10_000)) < 0.05
    assert is_clear == bool(lower > 1 or upper < 1)
    assert is_clear == (x1 not in {11, 29, 30})


@given(counts, exposures, counts, exposures)
def test_rate_ratio_p_does_not_depend_on_which_group_comes_first(x1, t1, x2, t2):
    p = float(rate_ratio_test(x1, t1, x2, t2))
    assert float(rate_ratio_test(x2, t2, x1, t1)) == pytest.approx(p, nan_ok=True, **EXACTLY)
    assert math.isnan(p) == (x1 + x2 == 0)
    assert not p < 0
    assert not p > 1


@pytest.mark.parametrize(
    "inputs", [(0, 10, 0, 10), (5, 0, 5, 10), (5, 10, 5, 0), (-1, 10, 5, 10), (math.nan, 10, 5, 10)]
)
def test_rates_that_cannot_be_compared_have_no_p(inputs):
    assert np.isnan(rate_ratio_test(*inputs))


# Two proportions


@pytest.mark.parametrize(("inputs", "values"), vectors("prop2", "chi2"))
def test_two_by_two_p_is_the_one_independent_packages_agree_on(inputs, values):
    result = two_by_two_test(inputs["x1"], inputs["n1"], inputs["x2"], inputs["n2"])
    if str(result.test) == "chi_square":
        expected = (values["chi2"], values["chi2_p"])
    else:
        expected = (math.nan, values["fisher_p_two_sided"])
    assert (float(result.statistic), float(result.p)) == pytest.approx(expected, nan_ok=True, **EXACTLY)


@pytest.mark.parametrize(("inputs", "values"), vectors("prop2", "fisher_p_two_sided"))
def test_fishers_p_is_the_one_independent_packages_agree_on(inputs, values):
    p = _fisher_p(cells(inputs["x1"], inputs["n1"], inputs["x2"], inputs["n2"]))
    assert p == pytest.approx(values["fisher_p_two_sided"], **EXACTLY)


def test_published_chi_square_of_find_rates_is_reproduced():
    # Lancashire 2023-24: 75 of 310 searches of Black people, 2,159 of 11,614 of White people.
    result = two_by_two_test(75, 310, 2159, 11614)
    assert str(result.test) == "chi_square"
    assert (float(result.statistic), float(result.p)) == (
        pytest.approx(6.2279, abs=5e-5),
        pytest.approx(0.012575, abs=5e-7),
    )


def test_published_fisher_p_of_find_rates_is_reproduced():
    assert _fisher_p(cells(75, 310, 2159, 11614)) == pytest.approx(0.014838, abs=5e-7)


def test_fishers_tea_tasting_p_is_reproduced():
    # Fisher (1935): 34 of the 70 ways to pick four cups are no likelier than three right or one.
    result = two_by_two_test(3, 4, 1, 4)
    assert (str(result.test), float(result.p)) == ("fisher", pytest.approx(34 / 70, rel=1e-12))
    assert np.isnan(result.statistic)


@pytest.mark.parametrize(("table", "name"), SMALLEST_EXPECTED)
def test_five_expected_in_the_smallest_cell_are_enough_for_chi_square(table, name):
    observed = [cells(*table)[:2], cells(*table)[2:]]
    result = two_by_two_test(*table)
    if name == "chi_square":
        theirs = chi2_contingency(observed, correction=False)
        expected = (theirs.statistic, theirs.pvalue)
    else:
        expected = (math.nan, fisher_exact(observed).pvalue)
    assert str(result.test) == name
    assert (float(result.statistic), float(result.p)) == pytest.approx(expected, nan_ok=True, **EXACTLY)


@given(tables())
def test_fishers_p_is_that_of_scipy(table):
    observed = [cells(*table)[:2], cells(*table)[2:]]
    assert _fisher_p(cells(*table)) == pytest.approx(fisher_exact(observed).pvalue, **EXACTLY)


@given(tables())
def test_two_by_two_p_does_not_depend_on_which_group_or_outcome_comes_first(table):
    x1, n1, x2, n2 = table
    result = two_by_two_test([x1, x2, n1 - x1], [n1, n2, n1], [x2, x1, n2 - x2], [n2, n1, n2])
    assert len(set(result.test.tolist())) == 1
    assert result.p[1:].tolist() == pytest.approx([result.p[0]] * 2, nan_ok=True, **EXACTLY)
    assert not (result.p < 0).any()
    assert not (result.p > 1).any()


@pytest.mark.parametrize(
    "table",
    [
        (0, 0, 5, 10),
        (5, 10, 0, 0),
        (0, 10, 0, 20),
        (10, 10, 20, 20),
        (11, 10, 5, 10),
        (2.5, 10, 5, 10),
        (math.nan, 10, 5, 10),
    ],
)
def test_a_table_with_nothing_to_test_has_no_test_and_no_p(table):
    result = two_by_two_test(*table)
    assert str(result.test) == ""
    assert np.isnan([result.statistic, result.p]).all()


@given(st.lists(tables(), min_size=2, max_size=8))
def test_a_table_has_the_same_p_alone_and_in_any_column(rows):
    together = two_by_two_test(*np.array(rows, dtype=float).T)
    alone = [two_by_two_test(*row) for row in rows]
    assert together.test.tolist() == [str(result.test) for result in alone]
    # Not bit for bit: numpy's vector instructions may round the last digit another way.
    np.testing.assert_allclose(together.p, [float(result.p) for result in alone], rtol=1e-12)


# Many comparisons


@pytest.mark.parametrize(("inputs", "values"), vectors("padj", "BH"))
def test_adjusted_p_are_those_independent_packages_agree_on(inputs, values):
    assert adjust_benjamini_hochberg(inputs["p"]).tolist() == pytest.approx(values["BH"], **EXACTLY)


def test_the_four_discoveries_of_benjamini_and_hochberg_are_made():
    # Benjamini and Hochberg (1995), section 4.1: fifteen hypotheses on thrombolysis, four rejected at 5%.
    published = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    published += [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    assert (adjust_benjamini_hochberg(published) <= 0.05).sum() == 4


@given(p_values)
def test_adjusted_p_are_those_of_statsmodels(p):
    theirs = multipletests(p, method="fdr_bh")[1]
    np.testing.assert_allclose(adjust_benjamini_hochberg(p), theirs, rtol=1e-9, atol=1e-300)


@given(p_values, st.data())
def test_a_missing_p_stays_missing_and_does_not_count(p, data):
    place = data.draw(st.integers(0, len(p)))
    adjusted = adjust_benjamini_hochberg([*p[:place], math.nan, *p[place:]])
    assert np.isnan(adjusted[place])
    np.testing.assert_array_equal(np.delete(adjusted, place), adjust_benjamini_hochberg(p))


@given(p_values, st.randoms())
def test_the_order_of_comparisons_does_not_matter(p, random):
    places = list(range(len(p)))
    random.shuffle(places)
    shuffled = adjust_benjamini_hochberg([p[place] for place in places])
    np.testing.assert_array_equal(shuffled, adjust_benjamini_hochberg(p)[places])


@given(p_values)
def test_adjusting_never_lowers_a_p_and_keeps_their_order(p):
    adjusted = adjust_benjamini_hochberg(p)
    assert (adjusted >= np.array(p)).all()
    assert (np.diff(adjusted[np.argsort(p)]) >= 0).all()
    assert adjusted.max() <= 1


def test_no_comparisons_have_no_adjusted_p():
    assert adjust_benjamini_hochberg([]).tolist() == []
    assert np.isnan(adjust_benjamini_hochberg([math.nan, math.nan])).all()
