"""Intervals against independent packages, published worked figures, and the laws every interval obeys."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats.contingency import odds_ratio
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from statsmodels.stats.rates import confint_poisson

from disparity.statistics.intervals import (
    koopman_ratio,
    newcombe_difference,
    odds_ratio_conditional,
    poisson_exact,
    rate_ratio_exact,
    wilson,
)
from disparity.vocabulary.errors import RequestError

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "oracle_vectors.json").read_text(encoding="utf-8"))
# Not carried: intervals and tests that are not ours (Wald, Agresti, Jeffreys, mid-p, Katz, Miettinen and Nurminen,
# Yates, E-test), for one method answers each question.
# Packages give its ratio as 0 to infinity, with p 1; here it is undefined (0/0), and no figure is published.
NO_EVENTS = "rate2_0_1000_0_2000_0.95"
# Kind of vector, its inputs in the order of our arguments, our function, the packages' names of its results.
FOUR = ("x1", "n1", "x2", "n2")
QUANTITIES = [
    ("prop1", ("x", "n"), wilson, ("wilson_lower", "wilson_upper")),
    ("rate1", ("x", "time"), poisson_exact, ("garwood_lower", "garwood_upper")),
    ("rate2", ("x1", "t1", "x2", "t2"), rate_ratio_exact, ("rr_exact_lower", "rr_exact_upper")),
    ("prop2", FOUR, newcombe_difference, ("diff_newcombe_lower", "diff_newcombe_upper")),
    ("prop2", FOUR, koopman_ratio, ("rr_koopman_lower", "rr_koopman_upper")),
    ("prop2", FOUR, odds_ratio_conditional, ("or_cmle", "or_exact_lower", "or_exact_upper")),
]
CASES = [
    pytest.param(
        function,
        [vector["inputs"][name] for name in inputs],
        vector["inputs"]["conf"],
        [math.nan if vector["id"] == NO_EVENTS else float(vector["values"][name]) for name in names],
        id=f"{function.__name__}-{vector['id']}",
    )
    for kind, inputs, function, names in QUANTITIES
    for vector in GOLDEN["vectors"]
    if vector["kind"] == kind and names[0] in vector["values"]
]
OF_TWO_PROPORTIONS = (newcombe_difference, koopman_ratio, odds_ratio_conditional)

# The estimate that belongs to each interval, and the inputs it takes.
ESTIMATES = {
    poisson_exact: lambda x, t: x / t,
    wilson: lambda x, n: x / n,
    newcombe_difference: lambda x1, n1, x2, n2: x1 / n1 - x2 / n2,
    koopman_ratio: lambda x1, n1, x2, n2: divide(x1 * n2, x2 * n1),
    rate_ratio_exact: lambda x1, t1, x2, t2: divide(x1 * t2, x2 * t1),
}
counts = st.integers(0, 3000)
exposures = st.floats(0.5, 1e7)
confidences = st.floats(0.5, 0.999)


def divide(above, below):
    return above / below if below else (math.inf if above else math.nan)


@st.composite
def proportions(draw):
    trials = draw(st.integers(1, 400))
    return draw(st.integers(0, trials)), trials


@st.composite
def inputs_of_any_function(draw):
    function = draw(st.sampled_from([*ESTIMATES, odds_ratio_conditional]))
    if function is wilson:
        return function, draw(proportions())
    if function is poisson_exact:
        return function, (draw(counts), draw(exposures))
    if function is rate_ratio_exact:
        return function, (draw(counts), draw(exposures), draw(counts), draw(exposures))
    return function, (*draw(proportions()), *draw(proportions()))


def limits(function, inputs, **confidence):
    """The two limits, as plain floats (an odds ratio's estimate comes before them)."""
    return tuple(float(limit) for limit in function(*inputs, **confidence)[-2:])


# Independent packages


@pytest.mark.parametrize(("function", "inputs", "confidence", "expected"), CASES)
def test_limits_are_those_independent_packages_agree_on(function, inputs, confidence, expected):
    found = [float(value) for value in function(*inputs, confidence=confidence)]
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-300, nan_ok=True)


def test_every_kind_of_interval_has_cases():
    counts_of_cases = {function: 0 for *_, function, _ in QUANTITIES}
    for case in CASES:
        counts_of_cases[case.values[0]] += 1
    assert sorted(counts_of_cases.values()) == [7, 7, 13, 14, 14, 14]


@pytest.mark.parametrize(("x", "n"), [(0, 7), (3, 7), (7, 7), (17, 5000), (4990, 5000), (58_988, 2_409_283)])
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.998])
def test_wilson_and_garwood_are_those_of_statsmodels(x, n, confidence):
    alpha = 1 - confidence
    theirs = proportion_confint(x, n, alpha=alpha, method="wilson")
    assert limits(wilson, (x, n), confidence=confidence) == pytest.approx(theirs, rel=1e-9, abs=1e-15)
    theirs = confint_poisson(x, n, method="exact-c", alpha=alpha)
    assert limits(poisson_exact, (x, n), confidence=confidence) == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize("table", [(75, 310, 2159, 11614), (3, 40, 5, 60), (200, 210, 30, 55), (9, 900, 2, 80)])
def test_newcombe_and_koopman_are_those_of_statsmodels(table):
    theirs = confint_proportions_2indep(*table, method="newcomb", compare="diff")
    assert limits(newcombe_difference, table) == pytest.approx(theirs, rel=1e-9)
    # Without correction: with it, statsmodels gives Miettinen and Nurminen's interval.
    theirs = confint_proportions_2indep(*table, method="score", compare="ratio", correction=False)
    assert limits(koopman_ratio, table) == pytest.approx(theirs, rel=1e-6)


@pytest.mark.parametrize(
    "table",
    [
        (75, 310, 2159, 11614),
        (1, 2, 1, 3),
        (4_000, 20_000, 500, 2_000),
        (1, 60_000, 3, 50),
        (49, 50, 100, 900),
    ],
)
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.998])
def test_conditional_odds_ratio_is_that_of_scipy(table, confidence):
    x1, n1, x2, n2 = table
    theirs = odds_ratio([[x1, n1 - x1], [x2, n2 - x2]], kind="conditional")
    expected = (theirs.statistic, *theirs.confidence_interval(confidence))
    found = [float(value) for value in odds_ratio_conditional(*table, confidence=confidence)]
    assert found == pytest.approx(expected, rel=1e-6)


# Published worked figures


@pytest.mark.parametrize(
    ("inputs", "ratio", "lower", "upper"),
    [
        # England and Wales and Lancashire, year ending March 2023: searches of Black and White people.
        ((58_988, 2_409_283, 289_109, 48_699_231), 4.1242, 4.0877, 4.1609),
        ((173, 10_096, 7_826, 1_325_538), 2.9023, 2.4819, 3.3745),
        # R's help page of poisson.test: Fusarium in flowers, 11 of 800 and 21 of 3,011.
        ((11, 800, 6 + 8 + 7, 1083 + 1050 + 878), 1.971488, 0.8584264, 4.2772659),
    ],
)
def test_published_rate_ratios_are_reproduced(inputs, ratio, lower, upper):
    x1, t1, x2, t2 = inputs
    assert (x1 / t1) / (x2 / t2) == pytest.approx(ratio, abs=5e-5)
    assert limits(rate_ratio_exact, inputs) == pytest.approx((lower, upper), abs=5e-5)


@pytest.mark.parametrize(
    ("x", "n", "lower", "upper"),
    [
        # Lancashire 2023-24, find rates of searches of Black and of White people; its grounds review.
        (75, 310, 19.76, 29.26),
        (2159, 11614, 17.89, 19.31),
        (209, 243, 81.08, 89.81),
        # Newcombe (1998a), table I, method 3.
        (81, 263, 25.53, 36.62),
        (15, 148, 6.24, 16.05),
        (0, 20, 0.00, 16.11),
        (1, 29, 0.61, 17.18),
    ],
)
def test_published_wilson_limits_are_reproduced(x, n, lower, upper):
    assert [100 * limit for limit in limits(wilson, (x, n))] == pytest.approx((lower, upper), abs=0.005)


def test_published_difference_of_find_rates_is_reproduced():
    found = [100 * limit for limit in limits(newcombe_difference, (75, 310, 2159, 11614))]
    assert found == pytest.approx((1.114, 10.716), abs=5e-4)


def test_published_rate_of_one_group_is_reproduced():
    # R's help page of poisson.test: 137 events in 24.19893 person-years.
    assert limits(poisson_exact, (137, 24.19893)) == pytest.approx((4.753125, 6.692709), abs=5e-7)


def test_fishers_tea_tasting_odds_ratio_is_reproduced():
    # R's help page of fisher.test: one-sided, so its 95% limit is the lower one at 90%.
    estimate, lower, upper = odds_ratio_conditional(3, 4, 1, 4, confidence=0.9)
    assert float(estimate) == pytest.approx(6.408309, rel=1e-5)
    assert float(lower) == pytest.approx(0.3135693, rel=1e-4)
    # By hand: 1, 16, 36, 16 and 1 ways to get 0 to 4 right; 5% for three or fewer at the upper limit.
    few = 1 + 16 * upper + 36 * upper**2 + 16 * upper**3
    assert float(few / (few + upper**4)) == pytest.approx(0.05, rel=1e-9)


# Edges


def test_no_events_has_a_lower_limit_of_exactly_zero():
    lower, upper = limits(poisson_exact, (0, 100))
    # Chance of no events is exp(-100 rate): 2.5% at the upper limit.
    assert (lower, upper) == (0.0, pytest.approx(-math.log(0.025) / 100, rel=1e-12))


def test_no_successes_and_no_failures_have_limits_of_exactly_zero_and_one():
    lower, upper = wilson([0, 5, 0, 10**9], [5, 5, 10**9, 10**9])
    assert (lower[0], upper[1], lower[2], upper[3]) == (0, 1, 0, 1)
    assert 0 < lower[1] < lower[3] < 1
    assert 1 > upper[0] > upper[2] > 0


@pytest.mark.parametrize("function", [koopman_ratio, rate_ratio_exact, odds_ratio_conditional])
def test_an_empty_group_one_gives_zero_and_an_empty_group_two_infinity(function):
    lower, upper = limits(function, (0, 40, 6, 50))
    assert lower == 0
    assert 0 < upper < 3
    lower, upper = limits(function, (6, 50, 0, 40))
    assert 0.3 < lower < math.inf
    assert upper == math.inf


def test_no_successes_in_either_group_says_nothing_about_the_ratio():
    assert limits(koopman_ratio, (0, 40, 0, 50)) == (0, math.inf)
    estimate, lower, upper = odds_ratio_conditional([0, 40], [40, 40], [0, 50], [50, 50])
    assert np.isnan(estimate).all()
    assert (lower.tolist(), upper.tolist()) == ([0, 0], [math.inf, math.inf])


def test_no_events_in_either_group_leaves_the_ratio_of_rates_undefined():
    assert np.isnan(limits(rate_ratio_exact, (0, 1000, 0, 2000))).all()


@pytest.mark.parametrize(
    ("function", "inputs"),
    [
        (poisson_exact, (5, 0)),
        (poisson_exact, (0, 0)),
        (poisson_exact, (5, -1)),
        (wilson, (0, 0)),
        (rate_ratio_exact, (5, 0, 5, 10)),
        (rate_ratio_exact, (5, 10, 5, 0)),
        *((function, (0, 0, 5, 10)) for function in OF_TWO_PROPORTIONS),
        *((function, (5, 10, 0, 0)) for function in OF_TWO_PROPORTIONS),
    ],
)
def test_a_zero_denominator_gives_nan_not_infinity(function, inputs):
    assert np.isnan([float(value) for value in function(*inputs)]).all()


@pytest.mark.parametrize(
    ("function", "inputs"),
    [
        (poisson_exact, (-1, 5)),
        (wilson, (6, 5)),
        (wilson, (-1, 5)),
        (rate_ratio_exact, (-1, 10, 5, 10)),
        *((function, (11, 10, 5, 10)) for function in OF_TWO_PROPORTIONS),
        *((function, (5, 10, -1, 10)) for function in OF_TWO_PROPORTIONS),
        (odds_ratio_conditional, (2.5, 10, 5, 10)),
        (odds_ratio_conditional, (2, math.inf, 5, 10)),
    ],
)
def test_impossible_counts_give_nan(function, inputs):
    assert np.isnan([float(value) for value in function(*inputs)]).all()


@given(inputs_of_any_function(), st.data())
def test_a_missing_input_gives_nan(case, data):
    function, inputs = case
    missing = data.draw(st.integers(0, len(inputs) - 1))
    inputs = [math.nan if place == missing else value for place, value in enumerate(inputs)]
    assert np.isnan([float(value) for value in function(*inputs)]).all()


@pytest.mark.parametrize("confidence", [95, 1, 0, -0.1, math.nan])
@pytest.mark.parametrize(
    ("function", "inputs"),
    [
        (wilson, (1, 2)),
        (poisson_exact, (1, 2)),
        (rate_ratio_exact, (1, 2, 1, 2)),
        *((function, (1, 2, 1, 2)) for function in OF_TWO_PROPORTIONS),
    ],
)
def test_a_confidence_level_outside_zero_to_one_is_refused(function, inputs, confidence):
    with pytest.raises(RequestError, match="does not lie between 0 and 1") as error:
        function(*inputs, confidence=confidence)
    assert error.value.what_now == "write 95% as 0.95"


# Laws


@given(inputs_of_any_function(), confidences)
def test_the_estimate_lies_within_its_limits(case, confidence):
    function, inputs = case
    if function is odds_ratio_conditional:
        estimate = float(odds_ratio_conditional(*inputs).estimate)
    else:
        estimate = ESTIMATES[function](*inputs)
    lower, upper = limits(function, inputs, confidence=confidence)
    if not math.isnan(estimate):
        assert lower <= estimate * (1 + 1e-12 * np.sign(estimate))
        assert upper >= estimate * (1 - 1e-12 * np.sign(estimate))
        assert lower < upper


@given(inputs_of_any_function(), confidences)
def test_a_higher_confidence_contains_a_lower_one(case, confidence):
    function, inputs = case
    lower, upper = limits(function, inputs, confidence=confidence)
    wider_lower, wider_upper = limits(function, inputs, confidence=confidence + 0.0009)
    if not math.isnan(lower):
        assert wider_lower < lower or lower in {0, -1}
        assert wider_upper > upper or upper in {1, math.inf}


@given(st.sampled_from([koopman_ratio, odds_ratio_conditional]), proportions(), proportions())
def test_swapping_the_groups_inverts_the_ratio_of_proportions_and_of_odds(function, group1, group2):
    lower, upper = limits(function, (*group1, *group2))
    swapped = limits(function, (*group2, *group1))
    assert swapped == pytest.approx((divide(1, upper), divide(1, lower)), rel=1e-9)


@given(counts, exposures, counts, exposures)
def test_swapping_the_groups_inverts_the_ratio_of_rates(x1, t1, x2, t2):
    lower, upper = limits(rate_ratio_exact, (x1, t1, x2, t2))
    swapped = limits(rate_ratio_exact, (x2, t2, x1, t1))
    assert swapped == pytest.approx((divide(1, upper), divide(1, lower)), rel=1e-9, nan_ok=True)


@given(proportions(), proportions())
def test_swapping_the_groups_turns_the_sign_of_the_difference(group1, group2):
    lower, upper = limits(newcombe_difference, (*group1, *group2))
    assert limits(newcombe_difference, (*group2, *group1)) == pytest.approx((-upper, -lower), abs=1e-12)
    assert -1 <= lower <= upper <= 1


@given(proportions())
def test_successes_and_failures_mirror_each_other(group):
    x, n = group
    lower, upper = limits(wilson, (x, n))
    assert limits(wilson, (n - x, n)) == pytest.approx((1 - upper, 1 - lower), abs=1e-12)


@given(counts, exposures, counts, exposures, st.floats(0.001, 1000))
def test_the_unit_of_exposure_does_not_change_a_ratio_of_rates(x1, t1, x2, t2, unit):
    found = limits(rate_ratio_exact, (x1, t1 * unit, x2, t2 * unit))
    assert found == pytest.approx(limits(rate_ratio_exact, (x1, t1, x2, t2)), rel=1e-9, nan_ok=True)


@pytest.mark.parametrize("function", [wilson, poisson_exact, rate_ratio_exact, *OF_TWO_PROPORTIONS])
@given(st.lists(st.tuples(proportions(), proportions()), min_size=2, max_size=8))
def test_a_cell_has_the_same_limits_alone_and_in_any_column(function, pairs):
    rows = [(*first, *second) for first, second in pairs]
    rows = [row[:2] for row in rows] if function in {wilson, poisson_exact} else rows
    columns = np.array(rows, dtype=float).T
    alone = np.array([[float(value) for value in function(*row)] for row in rows])
    # Not bit for bit: numpy's vector instructions may round the last digit another way.
    np.testing.assert_allclose(np.column_stack(function(*columns)), alone, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("function", [wilson, poisson_exact])
def test_columns_and_single_values_broadcast(function):
    lower, upper = function([[1], [2]], [10, 20, 30])
    assert (lower.shape, upper.shape) == ((2, 3), (2, 3))
    assert (lower[1, 2], upper[1, 2]) == pytest.approx(limits(function, (2, 30)), rel=1e-12)


@pytest.mark.parametrize("function", [rate_ratio_exact, *OF_TWO_PROPORTIONS])
def test_groups_compare_with_one_reference_group_by_broadcasting(function):
    results = function([75, 37], [310, 231], 2159, 11614)
    expected = limits(function, (37, 231, 2159, 11614))
    assert [float(result[1]) for result in results[-2:]] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("function", [wilson, poisson_exact, rate_ratio_exact, *OF_TWO_PROPORTIONS])
def test_no_cells_give_no_limits(function):
    empty = np.array([])
    results = function(*([empty] * (2 if function in {wilson, poisson_exact} else 4)))
    assert [result.shape for result in results] == [(0,)] * len(results)


def test_importing_intervals_and_tests_does_not_import_scipy_stats():
    code = "import sys, disparity.statistics.significance; print('scipy.stats' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert answer.stdout.strip() == "False"
