"""Over-dispersion against a quasi-Poisson regression, simulated months, and the laws it obeys."""

import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from disparity.statistics.dispersion import estimate_dispersion, widen_interval
from disparity.statistics.intervals import rate_ratio_exact

# Searches of two groups in twelve months, the second as in a spring without traffic.
GROUP = [31, 28, 40, 22, 35, 19, 44, 30, 27, 38, 25, 33]
REFERENCE = [410, 395, 520, 120, 150, 260, 505, 440, 380, 470, 415, 430]
counts = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 900)), min_size=1, max_size=24)
ratios = st.floats(0.01, 100)


def factor_of(events1, events2):
    return float(estimate_dispersion(events1, events2).factor)


def regress(events1, events2):
    """Pearson's dispersion of a Poisson regression on group and month."""
    months = len(events1)
    design = np.zeros((2 * months, months + 1))
    design[:, :months] = np.tile(np.eye(months), (2, 1))
    design[:months, months] = 1
    fit = sm.GLM([*events1, *events2], design, family=sm.families.Poisson()).fit()
    return fit.pearson_chi2 / fit.df_resid


def simulate(group, reference, *, clusters=(1, 1), level=0.0, months=12):
    """2,000 periods: searches come in clusters of a size of their own; the level of a month is common to both."""
    draw = np.random.default_rng(7)
    levels = np.exp(draw.normal(0, level, (2_000, months)))
    x1, x2 = (
        size * draw.poisson(mean * levels / size) for mean, size in zip((group, reference), clusters, strict=True)
    )
    factor, _ = estimate_dispersion(x1, x2)
    of_group, of_reference = x1.sum(-1), x2.sum(-1)
    lower, upper = rate_ratio_exact(of_group, 1, of_reference, 1)
    wider = widen_interval(lower, of_group / of_reference, upper, factor)
    truth = group / reference
    covered = [float(np.mean((low <= truth) & (truth <= high))) for low, high in ((lower, upper), wider)]
    return float(np.mean(factor)), *covered


# A regression


def test_the_factor_is_that_of_a_quasi_poisson_regression_on_group_and_month():
    assert factor_of(GROUP, REFERENCE) == pytest.approx(regress(GROUP, REFERENCE), rel=1e-8)


@pytest.mark.parametrize("seed", range(4))
def test_the_factor_of_drawn_months_is_that_of_the_regression(seed):
    draw = np.random.default_rng(seed)
    group, reference = draw.integers(1, 50, 9), draw.integers(30, 900, 9)
    assert factor_of(group, reference) == pytest.approx(regress(group, reference), rel=1e-8)


def test_the_factor_is_that_worked_by_hand():
    """1 and 3 of 10 in turn, for six months: 2 of 10 expected. Each month 1/2 + 1/8; 6 x 5/8 over 5 degrees."""
    assert factor_of([1, 3, 1, 3, 1, 3], [9, 7, 9, 7, 9, 7]) == pytest.approx(6 * 5 / 8 / 5, rel=1e-12)


# Simulated months


def test_independent_searches_have_a_factor_of_one_and_keep_their_interval():
    factor, naive, widened = simulate(20, 400)
    assert factor == pytest.approx(1, abs=0.03)
    assert 0.94 < naive <= widened < 0.975


def test_a_level_of_the_month_that_both_groups_share_is_not_taken_for_dispersion():
    factor, naive, widened = simulate(20, 400, level=0.4)
    assert factor == pytest.approx(1, abs=0.03)
    assert 0.94 < naive <= widened < 0.975


@pytest.mark.parametrize("level", [0.0, 0.4])
def test_clusters_within_the_group_widen_the_interval_until_it_holds_what_it_says(level):
    factor, naive, widened = simulate(30, 400, clusters=(3, 1), level=level)
    assert factor == pytest.approx((3 * 400 + 30) / 430, rel=0.05)
    assert naive < 0.8
    assert 0.91 < widened < 0.96


def test_clusters_of_both_groups_widen_the_interval_until_it_holds_what_it_says():
    factor, naive, widened = simulate(40, 400, clusters=(4, 4), level=0.4, months=24)
    assert factor == pytest.approx(4, rel=0.05)
    assert naive < 0.75
    assert 0.92 < widened < 0.96


# Edges


@pytest.mark.parametrize(("months", "is_given"), [(5, False), (6, True), (7, True)])
def test_six_months_are_needed(months, is_given):
    found = estimate_dispersion(GROUP[:months], REFERENCE[:months])
    assert (float(found.months), bool(np.isfinite(found.factor))) == (months, is_given)


def test_months_without_a_search_of_either_group_do_not_count():
    found = estimate_dispersion([*GROUP, 0, 0], [*REFERENCE, 0, 0])
    assert float(found.months) == 12
    assert float(found.factor) == pytest.approx(factor_of(GROUP, REFERENCE), rel=1e-12)
    assert np.isnan(factor_of([5, 0, 0, 6, 4, 0, 5], [50, 0, 0, 60, 0, 0, 70]))


@pytest.mark.parametrize(
    ("events1", "events2"),
    [([0] * 12, REFERENCE), (GROUP, [0] * 12), ([-1, *GROUP[1:]], REFERENCE), ([math.nan, *GROUP[1:]], REFERENCE)],
)
def test_a_group_without_searches_or_with_impossible_ones_has_no_factor(events1, events2):
    assert np.isnan(factor_of(events1, events2))


def test_an_interval_is_widened_as_much_as_the_standard_error_of_the_logarithm():
    # By hand: exp(log 4 ± 2 x log 2), and half as wide again at 2.25.
    assert widen_interval(2, 4, 8, 4) == pytest.approx((1, 16))
    assert widen_interval(2, 4, 8, 2.25) == pytest.approx((4 / 2**1.5, 4 * 2**1.5))


@pytest.mark.parametrize("factor", [0.0, 0.5, 1.0])
def test_an_interval_is_never_made_narrower(factor):
    assert widen_interval(2, 4, 9, factor) == pytest.approx((2, 9))


def test_limits_without_an_end_stay_where_they_are():
    lower, upper = widen_interval([0, 2], [4, 4], [9, math.inf], 4)
    assert lower.tolist() == pytest.approx([0, 1])
    assert upper.tolist() == pytest.approx([4 * (9 / 4) ** 2, math.inf])


@pytest.mark.parametrize(
    "case", [(2, 4, 9, math.nan), (0, 0, 9, 2), (2, math.nan, 9, 2), (math.nan, 4, 9, 2), (2, math.inf, math.inf, 2)]
)
def test_an_interval_that_cannot_be_widened_is_not_given(case):
    assert np.isnan(widen_interval(*case)).all()


# Laws


@given(counts, st.randoms())
def test_the_order_of_months_and_of_groups_does_not_matter(months, random):
    group, reference = np.array(months, dtype=float).T
    factor = factor_of(group, reference)
    places = list(range(len(months)))
    random.shuffle(places)
    assert factor_of(group[places], reference[places]) == pytest.approx(factor, rel=1e-9, nan_ok=True)
    assert factor_of(reference, group) == pytest.approx(factor, rel=1e-9, nan_ok=True)
    assert math.isnan(factor) or factor >= 0


@given(counts)
def test_groups_in_step_have_no_dispersion(months):
    group = np.array(months, dtype=float)[:, 0]
    factor = factor_of(group, 3 * group)
    assert math.isnan(factor) or factor == pytest.approx(0, abs=1e-20)


@given(st.lists(counts, min_size=2, max_size=4))
def test_a_row_has_the_same_factor_alone_and_among_others(rows):
    width = max(len(row) for row in rows)
    padded = np.zeros((len(rows), 2, width))
    for place, row in enumerate(rows):
        padded[place, :, : len(row)] = np.array(row, dtype=float).T
    together = estimate_dispersion(padded[:, 0], padded[:, 1])
    alone = [factor_of(*np.array(row, dtype=float).T) for row in rows]
    np.testing.assert_allclose(together.factor, alone, rtol=1e-9)


@given(ratios, st.floats(1, 3), st.floats(1, 3), st.floats(0, 50), st.floats(1, 2))
def test_a_wider_interval_holds_the_narrower_one(value, below, above, factor, more):
    narrow = widen_interval(value / below, value, value * above, factor)
    wide = widen_interval(value / below, value, value * above, factor * more)
    assert wide.lower <= narrow.lower * (1 + 1e-12) <= value * (1 + 1e-9)
    assert wide.upper >= narrow.upper * (1 - 1e-12) >= value * (1 - 1e-9)


@given(ratios, st.floats(1, 3), st.floats(1, 3), st.floats(0, 50))
def test_swapping_the_groups_inverts_the_widened_interval(value, below, above, factor):
    lower, upper = widen_interval(value / below, value, value * above, factor)
    swapped = widen_interval(1 / (value * above), 1 / value, below / value, factor)
    assert swapped == pytest.approx((1 / upper, 1 / lower), rel=1e-9)
