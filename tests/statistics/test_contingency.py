"""Tables of several groups against independent packages, counting by hand, and the laws they obey."""

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency
from scipy.stats.contingency import association

from disparity.statistics.contingency import chi_square_test, cramers_v, monte_carlo_test, trend_test
from support.builders import few

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "oracle_vectors.json").read_text(encoding="utf-8"))
# The likelihood-ratio test (G) is not ours: Pearson's is the one that the Monte Carlo test draws.
CASES = [
    pytest.param(vector["inputs"]["table"], vector["values"], id=vector["id"])
    for vector in GOLDEN["vectors"]
    if vector["kind"] == "rxc"
]
# Job satisfaction by income (Agresti 2002, table 2.8; R's help page of fisher.test).
JOB = [[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]]
EXACTLY = {"rel": 1e-9, "abs": 1e-300}


@st.composite
def tables(draw, most=60, shape=None):
    """Counts of a table; unless `shape` says otherwise, of two to five groups and two to four outcomes."""
    r, c = shape or (draw(st.integers(2, 5)), draw(st.integers(2, 4)))
    cells = draw(st.lists(st.integers(0, most), min_size=r * c, max_size=r * c))
    return np.array(cells, dtype=float).reshape(r, c)


def pairs(least, most):
    return st.lists(st.integers(least, most), min_size=2, max_size=2)


def filled(table):
    """The table without empty rows and columns; None where too little is left to test."""
    left = table[table.sum(1) > 0][:, table.sum(0) > 0]
    return left if min(left.shape, default=0) > 1 else None


def numbers(result):
    return [float(value) for value in result]


def count_by_hand(rows, columns, observed):
    """Exact p: every table with these totals, weighted by the ways to make it."""
    rows, columns = list(rows), list(columns)
    expected = np.outer(rows, columns) / sum(rows)

    def complete(left):
        """Every way to fill the rows from what is left of the columns."""
        if len(left[0]) == 1:
            yield [left[1]]
            return
        for first in itertools.product(*(range(column + 1) for column in left[1])):
            if sum(first) == left[0][0]:
                rest = [column - cell for column, cell in zip(left[1], first, strict=True)]
                for others in complete((left[0][1:], rest)):
                    yield [list(first), *others]

    as_large = everything = 0
    for table in complete((rows, columns)):
        ways = math.prod(math.factorial(row) for row in rows)
        ways //= math.prod(math.factorial(cell) for line in table for cell in line)
        everything += ways
        if ((np.array(table) - expected) ** 2 / expected).sum() >= observed - 1e-9:
            as_large += ways
    return as_large / everything


# Independent packages


@pytest.mark.parametrize(("table", "values"), CASES)
def test_chi_square_and_v_are_those_independent_packages_agree_on(table, values):
    statistic, degrees_of_freedom, p, _ = numbers(chi_square_test(table))
    found = (statistic, degrees_of_freedom, p, float(cramers_v(table).plain))
    assert found == pytest.approx([values[name] for name in ("chi2", "df", "p", "cramers_v")], **EXACTLY)


def test_every_table_vector_is_tested():
    assert len(CASES) == 2


def test_the_trend_is_the_one_independent_packages_agree_on():
    (vector,) = (vector for vector in GOLDEN["vectors"] if vector["kind"] == "trend")
    test = trend_test(*(vector["inputs"][name] for name in ("x", "n", "score")))
    assert float(test.statistic) == pytest.approx(vector["values"]["trend_chi2"], rel=1e-9)


@given(pairs(0, 60), pairs(0, 60), pairs(-5, 5))
def test_the_trend_over_two_groups_is_pearsons_chi_square_and_has_the_sign_of_the_difference(x, rest, scores):
    """By scipy; of two groups the line goes through both shares."""
    x, n = np.array(x), np.array(x) + rest
    _, chi_square, p = numbers(trend_test(x, n, scores))
    if min(*n, x.sum(), sum(rest)) == 0 or scores[0] == scores[1]:
        assert math.isnan(chi_square)
        assert math.isnan(p)
        return
    theirs = chi2_contingency([x, rest], correction=False)
    assert (chi_square, p) == pytest.approx((theirs.statistic, theirs.pvalue), rel=1e-9, abs=1e-12)


def test_the_slope_of_a_trend_is_that_worked_by_hand():
    # Shares of 10%, 20% and 30%, one point of score apart, and 30% again, where the score is the same.
    assert float(trend_test([1, 4, 3, 3], [10, 20, 10, 10], [2, 3, 4, 4]).slope) == pytest.approx(0.1)


@pytest.mark.parametrize("inputs", [([3, 2], [2, 5], [0, 1]), ([-1, 2], [2, 5], [0, 1]), ([1, 2], [0, 5], [0, 1])])
def test_impossible_counts_have_no_trend(inputs):
    assert np.isnan(numbers(trend_test(*inputs))).all()


@given(tables())
def test_chi_square_is_that_of_scipy_on_the_rows_and_columns_with_a_count(table):
    found, v = numbers(chi_square_test(table)), float(cramers_v(table).plain)
    left = filled(table)
    if left is None:
        assert np.isnan([*found, v]).all()
        return
    theirs = chi2_contingency(left, correction=False)
    expected = (theirs.statistic, theirs.dof, theirs.pvalue, theirs.expected_freq.min())
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert v == pytest.approx(association(left.astype(int), method="cramer"), rel=1e-9, abs=1e-9)


def test_the_published_test_of_job_satisfaction_is_reproduced():
    # Agresti (2002), section 2.4.2: X² = 5.97 with 9 degrees of freedom.
    test = chi_square_test(JOB)
    assert (round(float(test.statistic), 2), float(test.degrees_of_freedom)) == (5.97, 9)


# Worked by hand


def test_the_corrected_v_is_that_worked_by_hand():
    # Bergsma (2013): chi-square 20/3, so φ² 1/9; less 1/59; rows and columns 2 - 1/59.
    v = cramers_v([[10, 20], [20, 10]])
    assert float(v.plain) == pytest.approx(1 / 3, rel=1e-12)
    assert float(v.corrected) == pytest.approx(math.sqrt((1 / 9 - 1 / 59) / (1 - 1 / 59)), rel=1e-12)
    # 3 x 2: 15 expected in every cell, so chi-square 4 x 25/15; less 2/89; three rows less 4/89, two columns less 1/89.
    v = cramers_v([[10, 20], [15, 15], [20, 10]])
    phi_square = 2 * (25 / 15 + 25 / 15) / 90
    room = min(2 - 4 / 89, 1 - 1 / 89)
    assert float(v.corrected) == pytest.approx(math.sqrt((phi_square - 2 / 89) / room), rel=1e-12)


def test_groups_with_equal_shares_have_no_association():
    test, v = chi_square_test([[10, 20], [20, 40], [1, 2]]), cramers_v([[10, 20], [20, 40], [1, 2]])
    assert numbers(test)[:3] == pytest.approx((0, 2, 1), abs=1e-12)
    assert numbers(v) == pytest.approx((0, 0), abs=1e-7)


@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_an_outcome_that_tells_the_group_has_an_association_of_one(size):
    assert numbers(cramers_v(7 * np.eye(size))) == pytest.approx((1, 1), rel=1e-12)


def test_the_bias_of_the_plain_v_is_taken_off():
    """500 tables of five groups that do not differ, 20 searches each: φ² is 4/99 on average, corrected 0."""
    draw = np.random.default_rng(11)
    found = draw.binomial(20, 0.3, (500, 5))
    v = cramers_v(np.stack([found, 20 - found], axis=-1))
    assert float(np.mean(v.plain**2)) == pytest.approx(4 / 99, rel=0.1)
    assert float(np.median(v.plain)) > 0.15
    assert float(np.median(v.corrected)) < 0.02


@pytest.mark.parametrize(
    "table",
    [
        [[3, 1], [1, 3]],
        [[2, 5], [0, 9], [3, 2]],
        [[1, 4], [2, 2], [0, 6], [3, 1]],
        [[2, 0, 3], [1, 4, 0], [2, 1, 2]],
    ],
)
def test_monte_carlo_p_is_the_one_counted_by_hand(table):
    table = np.array(table)
    exact = count_by_hand(table.sum(1).tolist(), table.sum(0).tolist(), float(chi_square_test(table).statistic))
    found = float(monte_carlo_test(table, samples=20_000, seed=5))
    assert found == pytest.approx(exact, abs=4 * math.sqrt(exact * (1 - exact) / 20_000) + 1 / 20_001)


def test_monte_carlo_p_of_large_counts_is_that_of_chi_square():
    table = [[820, 2180], [610, 1790], [300, 980], [95, 305], [120, 410]]
    p = float(monte_carlo_test(table, samples=20_000, seed=5))
    assert p == pytest.approx(0.025716, abs=4 * math.sqrt(0.0257 / 20_000))


def test_fishers_tea_is_as_likely_as_he_said():
    # Fisher (1935): 34 of 70; tables with the very same chi-square count.
    p = float(monte_carlo_test([[3, 1], [1, 3]], samples=50_000, seed=3))
    assert p == pytest.approx(34 / 70, abs=4 * math.sqrt(0.25 / 50_000))


# Edges


@pytest.mark.parametrize(
    "table",
    [
        [[0, 0], [0, 0]],
        [[5, 0], [7, 0]],
        [[5, 7], [0, 0]],
        [[5, 7]],
        [[5], [7]],
        [[5, -1], [7, 8]],
        [[5, math.nan], [7, 8]],
        [[5, math.inf], [7, 8]],
        np.zeros((0, 2)),
    ],
)
def test_a_table_with_nothing_to_test_has_no_result(table):
    results = [*chi_square_test(table), *cramers_v(table), monte_carlo_test(table, samples=9, seed=1)]
    assert np.isnan(numbers(results)).all()


def test_a_table_with_hardly_more_searches_than_rows_has_no_corrected_v():
    plain, corrected = cramers_v([[1, 0], [0, 1]])
    assert (float(plain), math.isnan(corrected)) == (1, True)


def test_counts_that_are_not_whole_cannot_be_drawn():
    assert np.isnan(monte_carlo_test([[2.5, 3], [4, 5]], samples=9, seed=1))
    assert np.isfinite(chi_square_test([[2.5, 3], [4, 5]]).statistic)


def test_more_searches_than_can_be_drawn_have_no_monte_carlo_p():
    assert np.isnan(monte_carlo_test([[5e8, 3e8], [4e8, 5e8]], samples=9, seed=1))


def test_the_smallest_monte_carlo_p_is_one_in_all_tables_drawn_and_the_observed_one():
    assert float(monte_carlo_test([[50, 0], [0, 50]], samples=99, seed=1)) == pytest.approx(1 / 100, rel=1e-12)


# Laws


@given(tables(most=2_000_000))
def test_tables_lie_between_their_extremes(table):
    test, v = chi_square_test(table), cramers_v(table)
    if not np.isnan(test.statistic):
        assert test.statistic >= 0
        assert 0 <= test.p <= 1
        assert 0 <= v.plain <= 1
        assert np.isnan(v.corrected) or 0 <= v.corrected <= 1


@given(tables())
def test_groups_and_outcomes_can_change_places(table):
    for function in (chi_square_test, cramers_v):
        one, other = numbers(function(table)), numbers(function(table.T))
        assert one == pytest.approx(other, rel=1e-9, abs=1e-7, nan_ok=True)


@given(tables(), st.randoms())
def test_the_order_of_groups_does_not_matter(table, random):
    places = list(range(len(table)))
    random.shuffle(places)
    for function in (chi_square_test, cramers_v):
        one, other = numbers(function(table)), numbers(function(table[places]))
        assert one == pytest.approx(other, rel=1e-9, abs=1e-7, nan_ok=True)


@few
@given(st.lists(tables(shape=(4, 2)), min_size=2, max_size=5))
def test_a_table_has_the_same_result_alone_and_among_others(stack):
    together, drawn = np.stack(stack), monte_carlo_test(np.stack(stack), samples=99, seed=2)
    for function in (chi_square_test, cramers_v):
        alone = [numbers(function(table)) for table in stack]
        np.testing.assert_allclose(np.column_stack(function(together)), alone, rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(drawn, [float(monte_carlo_test(table, samples=99, seed=2)) for table in stack])


@few
@given(tables(), st.integers(0, 2**32))
def test_the_seed_decides_what_is_drawn(table, seed):
    one, other = (float(monte_carlo_test(table, samples=99, seed=seed)) for _ in range(2))
    assert one == pytest.approx(other, nan_ok=True)
    assert math.isnan(one) == (filled(table) is None)
    assert math.isnan(one) or 1 / 100 <= one <= 1
