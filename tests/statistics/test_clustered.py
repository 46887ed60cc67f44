"""Linearised variances against statsmodels' cluster sandwiches, and formulas written out by themselves."""

import numpy as np
import pytest
from scipy import stats

from disparity.statistics.clustered import (
    CrossProducts,
    Linearised,
    Products,
    correct,
    limit_estimate,
    linearise_count,
    linearise_rate_ratio,
    linearise_share,
    linearise_shares,
    p_of_estimate,
    shrink_sample,
    t_quantile,
)
from disparity.statistics.intervals import poisson_exact, wilson

# Searches and finds of two groups on the days of four made-up fortnights.
DAYS = {
    "even": ([2, 1, 3, 2, 2, 1, 2, 3, 1, 2, 2, 1, 3, 2], [10, 12, 9, 11, 10, 13, 8, 10, 12, 9, 11, 10, 10, 12]),
    "one operation": ([0, 0, 14, 9, 0, 1, 0, 0, 2, 0, 0, 1, 0, 0], [8, 9, 30, 25, 7, 8, 9, 10, 8, 7, 9, 8, 9, 10]),
    "apart": ([9, 0, 8, 0, 7, 0, 9, 0, 8, 0, 9, 0, 7, 0], [0, 9, 0, 12, 0, 11, 0, 10, 0, 9, 0, 12, 0, 10]),
    "few": ([1, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0], [2, 3, 0, 4, 1, 0, 2, 2, 3, 1, 0, 2, 1, 2]),
}
cases = pytest.mark.parametrize(("first", "second"), DAYS.values(), ids=DAYS)


def find(counts, seed):
    """Finds of searches day by day, some days better than others."""
    generator = np.random.default_rng(seed)
    return generator.binomial(counts, generator.beta(1.5, 3, len(counts)))


def products(x, n):
    return Products(*(np.array(float(value)) for value in (x @ x, x @ n, n @ n)))


def cross(x1, n1, x2, n2):
    return CrossProducts(*(np.array(float(value)) for value in (x1 @ x2, x1 @ n2, n1 @ x2, n1 @ n2)))


def arrays(*lists):
    return [np.array(values, dtype=float) for values in lists]


@cases
def test_a_log_ratio_of_rates_has_the_variance_of_a_poisson_regression_clustered_by_day(first, second):
    sm = pytest.importorskip("statsmodels.api")
    n1, n2 = arrays(first, second)
    days = np.tile(np.arange(len(n1)), 2)
    design = sm.add_constant(np.repeat([1.0, 0.0], len(n1)))
    model = sm.GLM(np.concatenate([n1, n2]), design, family=sm.families.Poisson())
    fitted = model.fit(cov_type="cluster", cov_kwds={"groups": days, "use_correction": False})
    ours = linearise_rate_ratio(n1.sum(), n1 @ n1, n2.sum(), n2 @ n2, n1 @ n2)
    assert ours.variance == pytest.approx(fitted.cov_params()[1, 1], rel=1e-9)
    assert ours.independent == pytest.approx(1 / n1.sum() + 1 / n2.sum())


@cases
def test_a_difference_of_shares_has_the_variance_of_least_squares_clustered_by_day(first, second):
    sm = pytest.importorskip("statsmodels.api")
    n1, n2 = arrays(first, second)
    x1, x2 = (find(n.astype(int), seed).astype(float) for seed, n in enumerate((n1, n2)))
    group, day, found = [], [], []
    for label, xs, ns in ((1, x1, n1), (0, x2, n2)):
        for number, (x, n) in enumerate(zip(xs.astype(int), ns.astype(int), strict=True)):
            group += [label] * n
            day += [number] * n
            found += [1] * x + [0] * (n - x)
    fitted = sm.OLS(found, sm.add_constant(np.array(group, dtype=float))).fit(
        cov_type="cluster", cov_kwds={"groups": np.array(day), "use_correction": False}
    )
    difference, ratio = linearise_shares(
        (x1.sum(), n1.sum(), x2.sum(), n2.sum()), products(x1, n1), products(x2, n2), cross(x1, n1, x2, n2)
    )
    assert difference.variance == pytest.approx(fitted.cov_params()[1, 1], rel=1e-9)
    # The log of the ratio, as `svyratio` and `svycontrast` have it: residuals over the totals.
    terms = (x1 - x1.sum() / n1.sum() * n1) / x1.sum() - (x2 - x2.sum() / n2.sum() * n2) / x2.sum()
    assert ratio.variance == pytest.approx(terms @ terms)


@cases
def test_the_correction_for_few_clusters_of_one_size_is_that_of_statsmodels_means(first, second):
    n1 = np.full(len(first), 4.0)
    x1 = np.minimum(np.array(first, dtype=float), 4)
    ours = correct(linearise_share(x1.sum(), n1.sum(), products(x1, n1)))
    # The mean of m shares of equal size: their variance, m - 1 below, divided by m.
    assert ours.variance == pytest.approx(np.var(x1 / 4, ddof=1) / len(x1))
    assert ours.degrees_of_freedom == pytest.approx(len(x1) - 1)
    assert second


def test_a_count_varies_as_its_clusters_do_around_their_mean():
    counts = np.array([3.0, 0, 5, 4, 0, 6])
    ours = correct(linearise_count(counts.sum(), counts @ counts, 6))
    assert ours.variance == pytest.approx(6 * np.var(counts, ddof=1))
    assert ours.degrees_of_freedom == 5
    assert ours.independent == counts.sum()


def test_independent_searches_have_the_variance_of_independent_searches():
    # Every search a cluster of its own.
    made = linearise_rate_ratio(30, 30, 200, 200, 0)
    assert made.variance == pytest.approx(made.independent)
    difference, _ = linearise_shares(
        (10, 30, 50, 200),
        Products(*arrays(10, 10, 30)),
        Products(*arrays(50, 50, 200)),
        CrossProducts(*arrays(0, 0, 0, 0)),
    )
    assert difference.variance == pytest.approx(difference.independent)


def test_degrees_of_freedom_are_those_of_the_clusters_that_the_group_is_in():
    n1, n2 = arrays([10, 10, 0, 0, 0, 0, 0, 0], [100] * 8)
    freedom = linearise_rate_ratio(20, n1 @ n1, 800, n2 @ n2, n1 @ n2).degrees_of_freedom
    v = n1 / 20**2 + n2 / 800**2
    assert freedom == pytest.approx(v.sum() ** 2 / (v @ v) - 1)
    assert 1 < freedom < 1.5


def test_degrees_of_freedom_are_one_at_least():
    assert correct(linearise_rate_ratio(9, 81, 900, 90_000, 900)).degrees_of_freedom == 1


@pytest.mark.parametrize("freedom", [1.0, 2.5, 11.0, np.inf])
def test_limits_and_p_agree(freedom):
    lower, upper = limit_estimate(1.0, 0.3, freedom)
    assert p_of_estimate(1.0, (1 / t_quantile(freedom)) ** 2, freedom) == pytest.approx(0.05)
    assert (upper - lower) / 2 == pytest.approx(np.sqrt(0.3) * stats.t.ppf(0.975, freedom))


@pytest.mark.parametrize("counts", [(0, 0), (0, 10), (10, 0)])
def test_nothing_is_known_of_a_group_without_a_search(counts):
    n1, n2 = counts
    made = linearise_rate_ratio(n1, n1, n2, n2, 0)
    assert np.isnan(made.variance)
    assert np.isnan(correct(made).degrees_of_freedom)


@pytest.mark.parametrize("x", [0, 20])
def test_nothing_is_known_of_a_share_of_none_or_all(x):
    assert np.isnan(linearise_share(x, 20, Products(*arrays(x, x, 80))).variance)


def test_an_effective_sample_is_never_larger_than_the_sample():
    parts = shrink_sample(Linearised(*arrays([0.5, 1, 4, np.nan], [1, 1, 1, 1], [np.inf] * 4)))
    np.testing.assert_allclose(parts, [1, 1, 0.25, np.nan])


@pytest.mark.slow
def test_limits_of_the_effective_sample_hold_a_clustered_truth():
    """Weeks of operations, few searches and many: rate and share are held in 93% of draws at least."""
    generator = np.random.default_rng(5)
    for expected in (8, 40, 400):
        held_rate, held_share, draws = 0, 0, 600
        for _ in range(draws):
            bursts = generator.poisson(expected / 48 / 3, 48)
            n = np.array([generator.poisson(3 * burst) for burst in bursts], dtype=float)
            x = np.array([generator.binomial(int(k), generator.beta(2, 6)) for k in n], dtype=float)
            if n.sum() == 0:
                held_rate += 1
                held_share += 1
                continue
            part = shrink_sample(correct(linearise_count(n.sum(), n @ n, 48)))
            lower, upper = poisson_exact(part * n.sum(), part)
            held_rate += lower <= expected <= upper
            part = np.fmin(1, shrink_sample(correct(linearise_share(x.sum(), n.sum(), products(x, n)))))
            lower, upper = wilson(part * x.sum(), part * n.sum())
            held_share += lower <= 0.25 <= upper
        assert held_rate / draws > (0.93 if expected > 8 else 0.88)
        assert held_share / draws > 0.93
