"""Logistic and Poisson models against R and statsmodels, by hand, and by laws."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr
from statsmodels.genmod.families import Binomial, Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from disparity.statistics.regression import fit_logistic, poisson_regression, spline

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "oracle_vectors.json").read_text(encoding="utf-8"))
# The sandwich errors by clusters are not carried: one package gives them, and ours are the jackknife's.
VOD, BINOMIAL, POISSON = (
    next(vector for vector in GOLDEN["vectors"] if vector["kind"] == kind) for kind in ("vod", "glm_binom", "glm_pois")
)
AREA, MINUTE, DARK, ALL, OF_GROUP = (np.array(column) for column in zip(*VOD["inputs"]["rows"], strict=True))
# R's ns(minute, df = 6): knots at the sixths of the rows.
KNOTS = np.quantile(MINUTE, np.linspace(0, 1, 7))
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
        "dark_p": 2 * ndtr(-abs(fit.coefficients[0] / fit.model_errors[0])),
        "df_residual": fit.residual_freedom,
    }
    assert {f"{formula}:{name}": value for name, value in found.items()} == pytest.approx(
        {name: value for name, value in VOD["values"].items() if name.startswith(formula)}, rel=1e-6
    )


def read_model(vector):
    """The rows' columns, and the design as R makes it: a constant and a column for each label but the reference's."""
    inputs = vector["inputs"]
    columns = dict(zip(inputs["columns"], map(np.array, zip(*inputs["rows"], strict=True)), strict=True))
    design = {"(Intercept)": np.ones(len(inputs["rows"]))}
    for factor, reference in inputs["ref"].items():
        labels = sorted(set(columns[factor]) - {reference})
        design |= {f"{factor}{label}": (columns[factor] == label).astype(float) for label in labels}
    return columns, list(design), np.column_stack(list(design.values()))


def describe(fit, names):
    return (
        {f"coef:{name}": value for name, value in zip(names, fit.coefficients, strict=True)}
        | {f"se:{name}": value for name, value in zip(names, fit.model_errors, strict=True)}
        | {"deviance": fit.deviance, "pearson_dispersion": fit.dispersion}
    )


def test_a_logistic_model_is_the_one_that_r_and_statsmodels_fit():
    columns, names, design = read_model(BINOMIAL)
    fit = fit_logistic(columns["found"], columns["searches"], design, columns["force"])
    assert describe(fit, names) == pytest.approx(BINOMIAL["values"], rel=1e-6)


def test_a_poisson_model_is_the_one_that_r_and_statsmodels_fit():
    columns, names, design = read_model(POISSON)
    fit = poisson_regression(columns["searches"], columns["pop"], design, columns["force"])
    assert describe(fit, names) == pytest.approx(POISSON["values"], rel=1e-6)
    theirs = GLM(columns["searches"], design, Poisson(), exposure=columns["pop"]).fit(scale="X2")
    assert fit.model_errors * fit.dispersion**0.5 == pytest.approx(theirs.bse, rel=1e-6)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=2, max_size=5), st.floats(0.01, 1e6))
@settings(max_examples=25)
def test_a_poisson_model_of_two_groups_gives_the_ratio_of_their_rates(events, exposure):
    first, second = np.array(events, dtype=float).T
    design = np.repeat([[1.0, 1.0], [1.0, 0.0]], len(events), axis=0)
    exposures = np.repeat([exposure, 3 * exposure], len(events))
    fit = poisson_regression([*first, *second], exposures, design, np.tile(np.arange(len(events)), 2))
    if min(first.sum(), second.sum()) == 0:
        assert fit is None
        return
    assert np.exp(fit.coefficients[1]) == pytest.approx(3 * first.sum() / second.sum(), rel=1e-6)
    assert fit.model_errors[1] == pytest.approx((1 / first.sum() + 1 / second.sum()) ** 0.5, rel=1e-6)


@pytest.mark.parametrize(
    ("events", "exposure", "column"),
    [
        ([1, 2, 3], [5, 5, 0], [0, 1, 1]),
        ([1, -2, 3], [5, 5, 5], [0, 1, 1]),
        ([1, 2, 3], [5, 5, 5], [1, 1, 1]),
        ([1, 2], [5, 5], [0, 1]),
        ([4, 3, 0], [5, 5, 5], [0, 0, 1]),
    ],
    ids=["no exposure", "negative", "a column repeats", "no more rows than columns", "events are separated from none"],
)
def test_rates_that_leave_no_one_answer_give_none(events, exposure, column):
    design = np.column_stack([np.ones(len(column)), column])
    assert poisson_regression(events, exposure, design, np.arange(len(column))) is None


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
