"""Logistic models against R and statsmodels, by hand, and by laws."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from disparity.statistics.logistic import fit_logistic, spline

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "veil_of_darkness.json").read_text(encoding="utf-8"))
AREA, MINUTE, DARK, ALL, OF_GROUP = (np.array(column) for column in zip(*GOLDEN["rows"], strict=True))
KNOTS = [MINUTE.min(), *(GOLDEN["values"][f"knot[{place}]"] for place in range(5)), MINUTE.max()]
CURVE, SOUTH = spline(MINUTE, KNOTS), (AREA == "south")[:, None].astype(float)
DESIGNS = {
    "additive": np.hstack([DARK[:, None], SOUTH, CURVE]),
    "interact": np.hstack([DARK[:, None], CURVE, CURVE * SOUTH]),
}


@pytest.mark.parametrize("formula", DESIGNS)
def test_the_veil_of_darkness_model_is_the_one_that_r_and_statsmodels_fit(formula):
    fit = fit_logistic(OF_GROUP, ALL, DESIGNS[formula], AREA)
    found = {
        "dark_coef": fit.coefficients[0],
        "dark_se": fit.model_errors[0],
        "deviance": fit.deviance,
        "df_residual": fit.residual_freedom,
    }
    assert found == {name: pytest.approx(GOLDEN["values"][f"{formula}:{name}"], rel=1e-6) for name in found}


def test_the_odds_ratio_of_two_by_two_counts_is_the_cross_product_and_its_error_woolfs():
    design = np.array([[1.0, 1.0], [0.0, 1.0], [1.0, 1.0], [0.0, 1.0]])
    fit = fit_logistic([5, 20, 7, 10], [26, 50, 26, 40], design, [0, 0, 1, 1])
    assert np.exp(fit.coefficients[0]) == pytest.approx(12 * 60 / (40 * 30))
    assert fit.model_errors[0] == pytest.approx((1 / 12 + 1 / 40 + 1 / 30 + 1 / 60) ** 0.5)


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=7, unique=True), st.integers(-3, 3), st.integers(-9, 9))
@settings(max_examples=25)
def test_a_spline_through_a_straight_line_is_the_line_beyond_its_knots_too(knots, slope, start):
    at = np.linspace(-60, 60, 25)
    knots = np.sort(knots)
    assert spline(at, knots) @ (start + slope * knots) == pytest.approx(start + slope * at, abs=1e-6)


def test_a_spline_is_smooth_and_straight_at_its_outer_knots():
    knots, step = np.array([0.0, 1.0, 3.0, 4.0]), 1e-4
    for end, way in ((0.0, 1), (4.0, -1)):
        curve = spline(end + way * step * np.arange(3), knots)
        assert np.abs(np.diff(curve, n=2, axis=0)).max() / step**2 < 0.01
    assert np.abs(np.diff(spline([1.5, 2.0, 2.5], knots), n=2, axis=0)).max() / 0.5**2 > 0.1


@pytest.mark.parametrize(
    ("successes", "design"),
    [
        ([5, 10, 4, 10], [[0, 1], [1, 1], [0, 1], [1, 1]]),
        ([0, 10, 0, 10], [[0, 1], [1, 1], [0, 1], [1, 1]]),
        ([3, 4, 5, 6], [[1, 1], [1, 1], [1, 1], [1, 1]]),
        ([3, 4, 5, 6], [[0, 1], [0, 1], [0, 1], [0, 1]]),
    ],
    ids=["one side is always a success", "success and failure are separated", "a column repeats", "a column is empty"],
)
def test_counts_that_leave_no_one_answer_give_none(successes, design):
    assert fit_logistic(successes, [10] * 4, np.array(design, dtype=float), [0, 1, 2, 3]) is None


def test_errors_by_clusters_are_the_spread_of_fits_that_leave_out_a_cluster():
    """Full refits by statsmodels; ours are first order, so near and not equal."""
    random = np.random.default_rng(5)
    clusters = np.repeat(np.arange(12), 40)
    design = np.column_stack([random.integers(0, 2, 480), np.ones(480)]).astype(float)
    odds = np.exp(0.4 * design[:, 0] - 0.5 + random.normal(0, 0.5, 12)[clusters])
    trials = np.full(480, 10)
    successes = random.binomial(trials, odds / (1 + odds))
    fit = fit_logistic(successes, trials, design, clusters)
    left_out = [
        GLM(np.column_stack([successes, trials - successes])[clusters != name], design[clusters != name], Binomial())
        .fit()
        .params
        for name in range(12)
    ]
    spread = (11 / 12 * np.square(np.array(left_out) - fit.coefficients).sum(axis=0)) ** 0.5
    assert fit.cluster_errors == pytest.approx(spread, rel=0.02)
    assert fit.cluster_errors[1] > 1.5 * fit.model_errors[1]
