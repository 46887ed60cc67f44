"""Rubin's rules against a published worked example and by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from disparity.statistics.rubin import pool_rubin

# SAS/STAT 13.1 User's Guide, MIANALYZE, example "Reading Means and Standard Errors": oxygen uptake of 31 men.
OXYGEN = [47.0120, 47.2407, 47.4995, 47.1485, 47.0042]
STANDARD_ERRORS = [0.95984, 0.93540, 1.00766, 0.95439, 0.96528]


def test_the_published_example_of_means_is_pooled_to_its_digits():
    pooled = pool_rubin(OXYGEN, np.square(STANDARD_ERRORS), 30)
    assert round(float(pooled.lower), 4) == 45.1466
    assert round(float(pooled.upper), 4) == 49.2154
    assert float(pooled.estimate) == pytest.approx(47.180993, abs=2e-5)
    assert float(pooled.fraction_missing) == pytest.approx(0.051977, abs=2e-5)


def test_three_imputations_by_hand():
    """B = 1, W = 2, T = 2 + 4/3; f_m = 2 (T / (4/3))² = 12.5, f_obs = 11/13 x 10 x 0.6; r = 2/3; added √(4/3)."""
    pooled = pool_rubin([4.0, 5.0, 6.0], [1.0, 2.0, 3.0], 10)
    freedom = 1 / (1 / 12.5 + 13 / 66)
    reach = t.ppf(0.975, freedom) * np.sqrt(10 / 3)
    assert [float(value) for value in pooled] == pytest.approx(
        [5, 5 - reach, 5 + reach, (2 / 3 + 2 / 15.5) / (5 / 3), np.sqrt(4 / 3)], rel=1e-9
    )


def test_imputations_that_agree_lose_and_add_nothing_and_give_the_interval_of_complete_data():
    pooled = pool_rubin([2.0, 2.0], [0.25, 0.25], 100)
    reach = t.ppf(0.975, 101 / 103 * 100) * 0.5
    assert [float(value) for value in pooled] == pytest.approx([2, 2 - reach, 2 + reach, 0, 0])


def test_each_column_is_pooled_by_itself():
    pooled = pool_rubin([[1.0, 4.0], [3.0, 6.0]], [[1.0, 2.0], [1.0, 4.0]], [50, 60])
    alone = pool_rubin([4.0, 6.0], [2.0, 4.0], 60)
    assert [value[1] for value in pooled] == [float(value) for value in alone]


@pytest.mark.parametrize(
    ("estimates", "variances", "freedom"),
    [
        ([1.0, np.inf], [1.0, 1.0], 10),
        ([1.0, np.nan], [1.0, 1.0], 10),
        ([1.0, 2.0], [1.0, 0.0], 10),
        ([1.0, 2.0], [1.0, 1.0], 0),
    ],
    ids=["infinite", "undefined", "no variance", "no freedom"],
)
def test_what_cannot_be_pooled_is_undefined(estimates, variances, freedom):
    assert np.isnan(pool_rubin(estimates, variances, freedom)).all()


values = st.lists(st.tuples(st.floats(-5, 5), st.floats(0.01, 5)), min_size=2, max_size=8)


@given(values, st.floats(2, 1_000))
def test_the_pooled_interval_holds_the_estimate_and_is_no_narrower_than_without_imputation(rows, freedom):
    estimates, variances = zip(*rows, strict=True)
    pooled = pool_rubin(estimates, variances, freedom)
    assert pooled.lower < pooled.estimate < pooled.upper
    assert pooled.upper - pooled.lower >= 2 * 1.959963 * np.sqrt(np.mean(variances))
    assert 0 <= pooled.fraction_missing <= 1
    # What filling in adds is what the whole has beyond chance: total variance - mean variance, m + 1 over m times B.
    whole = np.mean(variances) + np.var(estimates, ddof=1) * (1 + 1 / len(rows))
    assert pooled.added_error**2 == pytest.approx(whole - np.mean(variances), abs=1e-9)
