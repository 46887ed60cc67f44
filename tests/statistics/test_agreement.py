"""Kappa of two and of more readers against independent packages, a table by hand, and the laws it obeys."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_fleiss

from disparity.statistics.agreement import cohen_kappa, fleiss_kappa
from disparity.vocabulary.errors import RequestError

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "oracle_vectors.json").read_text(encoding="utf-8"))
VECTORS = [pytest.param(vector, id=vector["id"]) for vector in GOLDEN["vectors"] if vector["kind"] == "kappa"]
TEXTBOOK = [[20, 5], [10, 15]]
counts = st.integers(0, 400)
tables = st.integers(2, 5).flatmap(lambda size: arrays.arrays(np.int64, (size, size), elements=counts))
# Every category used by both: no table of them leaves kappa undefined.
used_tables = tables.map(lambda table: table + np.eye(len(table), dtype=np.int64))


def kappa_of(table, **confidence):
    """Estimate, standard error and both limits of one table, as plain floats."""
    return [float(value) for value in cohen_kappa(table, **confidence)]


# Independent packages


@pytest.mark.parametrize("vector", VECTORS)
def test_kappa_and_its_error_are_those_independent_packages_agree_on(vector):
    estimate, error, *_ = kappa_of(vector["inputs"]["table"])
    assert estimate == pytest.approx(vector["values"]["kappa"], rel=1e-9)
    assert error == pytest.approx(vector["values"]["kappa_ase"], rel=1e-9, abs=0)


def test_there_are_vectors_of_kappa():
    assert len(VECTORS) == 2


@given(used_tables)
def test_error_and_limits_are_those_of_statsmodels_cut_at_one_either_side(table):
    assume(np.trace(table) < table.sum())  # theirs is a difference of squares: noise where all agree
    theirs = cohens_kappa(table)
    limits = max(theirs.kappa_low, -1), min(theirs.kappa_upp, 1)
    assert kappa_of(table) == pytest.approx([theirs.kappa, theirs.std_kappa, *limits], rel=1e-6, abs=1e-9)


# By hand


def test_kappa_of_the_textbook_table_is_two_fifths():
    # Observed 35 / 50, expected (25 x 30 + 25 x 20) / 2500 = 1 / 2.
    # Weights 1 - 0.6 x 1.1, -0.6 x 1.1, -0.6 x 0.9 and 1 - 0.6 x 0.9; mean 0.1; variance 0.2016.
    error = math.sqrt(0.2016 / 50) / 0.5
    limits = 0.4 - 1.959963984540054 * error, 0.4 + 1.959963984540054 * error
    assert kappa_of(TEXTBOOK) == pytest.approx([0.4, error, *limits], rel=1e-12)


@pytest.mark.parametrize(
    ("confidence", "errors"), [(0.8, 1.2815515655446), (0.95, 1.9599639845401), (0.998, 3.0902323061678)]
)
def test_the_limits_are_as_many_errors_away_as_the_normal_quantile_says(confidence, errors):
    estimate, error, lower, upper = kappa_of(TEXTBOOK, confidence=confidence)
    assert (estimate - lower, upper - estimate) == pytest.approx((errors * error, errors * error), rel=1e-9)


@pytest.mark.parametrize(
    "table", [[[3, 0], [0, 7]], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], np.diag([11, 0, 13, 17, 10**7])]
)
def test_full_agreement_has_no_error(table):
    assert kappa_of(table) == [1, 0, 1, 1]


def test_full_disagreement_is_below_chance():
    # Observed 0, expected 1 / 2.
    assert kappa_of([[0, 10], [10, 0]]) == [-1, 0, -1, -1]


def test_limits_are_cut_where_kappa_ends():
    # Observed 0.9, expected 0.5: kappa 0.8, error 0.19.
    _, error, lower, upper = kappa_of([[5, 1], [0, 4]])
    assert 0.18 < error < 0.2
    assert (lower > 0.4, upper) == (True, 1)
    *_, lower, upper = kappa_of([[0, 4], [5, 1]])
    assert (lower, upper < -0.4) == (-1, True)


# Edges


@pytest.mark.parametrize(
    "table",
    [
        np.zeros((5, 5)),
        np.diag([0, 30, 0]),
        [[0.1 + 0.2, 0], [0, 0]],
        [[-1, 5], [5, 9]],
        [[math.nan, 5], [5, 9]],
        [[math.inf, 5], [5, 9]],
    ],
)
def test_no_cases_certain_chance_and_impossible_counts_give_nan(table):
    assert np.isnan(kappa_of(table)).all()


def test_one_category_on_one_side_only_is_agreement_of_chance():
    assert kappa_of([[30, 10], [0, 0]])[0] == 0


@pytest.mark.parametrize("confidence", [95, 1, 0, -0.1, math.nan])
def test_a_confidence_level_outside_zero_to_one_is_refused(confidence):
    with pytest.raises(RequestError, match="does not lie between 0 and 1"):
        cohen_kappa(TEXTBOOK, confidence=confidence)


def test_no_tables_give_no_kappa():
    assert [value.shape for value in cohen_kappa(np.zeros((0, 5, 5)))] == [(0,)] * 4


# Laws


@given(st.lists(arrays.arrays(np.int64, (3, 3), elements=counts), min_size=4, max_size=4))
def test_a_table_has_the_same_kappa_alone_and_among_others(listed):
    alone = np.array([kappa_of(table) for table in listed]).T.reshape(4, 2, 2)
    np.testing.assert_allclose(cohen_kappa(np.array(listed).reshape(2, 2, 3, 3)), alone, rtol=1e-12, atol=1e-15)


@given(tables)
def test_it_is_the_same_whichever_classification_comes_first(table):
    assert kappa_of(table.T) == pytest.approx(kappa_of(table), rel=1e-9, abs=1e-12, nan_ok=True)


@given(used_tables, st.randoms(use_true_random=False))
def test_the_order_of_the_categories_never_matters(table, random):
    order = random.sample(range(len(table)), len(table))
    assert kappa_of(table[np.ix_(order, order)]) == pytest.approx(kappa_of(table), rel=1e-9, abs=1e-12)


@given(used_tables)
def test_four_times_the_cases_halve_the_error(table):
    estimate, error, *_ = kappa_of(table)
    assert kappa_of(4 * table)[:2] == pytest.approx([estimate, error / 2], rel=1e-9, abs=1e-12)


@given(used_tables)
def test_kappa_lies_within_its_limits_and_they_within_one_either_side(table):
    estimate, _, lower, upper = kappa_of(table)
    assert -1 <= lower <= estimate <= upper <= 1


# Three readers and more

# Fleiss (1971), table 1: thirty patients, six psychiatrists each; depression, personality disorder, schizophrenia,
# neurosis, other.
PSYCHIATRISTS = [
    *([0, 0, 0, 6, 0], [0, 3, 0, 0, 3], [0, 1, 4, 0, 1], [0, 0, 0, 0, 6], [0, 3, 0, 3, 0], [2, 0, 4, 0, 0]),
    *([0, 0, 4, 0, 2], [2, 0, 3, 1, 0], [2, 0, 0, 4, 0], [0, 0, 0, 0, 6], [1, 0, 0, 5, 0], [1, 1, 0, 4, 0]),
    *([0, 3, 3, 0, 0], [1, 0, 0, 5, 0], [0, 2, 0, 3, 1], [0, 0, 5, 0, 1], [3, 0, 0, 1, 2], [5, 1, 0, 0, 0]),
    *([0, 2, 0, 4, 0], [1, 0, 2, 0, 3], [0, 0, 0, 0, 6], [0, 1, 0, 5, 0], [0, 2, 0, 1, 3], [2, 0, 0, 4, 0]),
    *([1, 0, 0, 4, 1], [0, 5, 0, 1, 0], [4, 0, 0, 0, 2], [0, 2, 0, 4, 0], [1, 0, 5, 0, 0], [0, 0, 0, 0, 6]),
]
readings = st.tuples(st.integers(2, 5), st.integers(2, 4)).flatmap(
    lambda shape: st.lists(st.lists(st.integers(0, shape[1] - 1), min_size=shape[0], max_size=shape[0]), min_size=2)
)


def tally(cases):
    """Count the readers that put each case into each of four categories."""
    return np.array([np.bincount(answers, minlength=4) for answers in cases])


def test_the_psychiatrists_of_fleiss_agree_with_kappa_0430():
    assert float(fleiss_kappa(PSYCHIATRISTS).estimate) == pytest.approx(0.430, abs=5e-4)


@given(readings)
def test_kappa_of_many_readers_is_that_of_statsmodels(cases):
    counts = tally(cases)
    assume((counts.sum(axis=0) > 0).sum() > 1)
    assert float(fleiss_kappa(counts).estimate) == pytest.approx(statsmodels_fleiss(counts), abs=1e-12)


def test_the_error_of_many_readers_is_near_that_of_leaving_out_one_patient_after_another():
    counts = np.array(PSYCHIATRISTS)
    cases = len(counts)
    without = np.array([statsmodels_fleiss(np.delete(counts, case, axis=0)) for case in range(cases)])
    jackknife = math.sqrt((cases - 1) / cases * ((without - without.mean()) ** 2).sum())
    assert float(fleiss_kappa(counts).standard_error) == pytest.approx(jackknife, rel=0.05)


@given(readings, st.randoms(use_true_random=False))
def test_the_order_of_cases_does_not_matter_to_many_readers(cases, random):
    shuffled = list(cases)
    random.shuffle(shuffled)
    once, again = fleiss_kappa(tally(cases)), fleiss_kappa(tally(shuffled))
    assert [float(value) for value in again] == pytest.approx([float(value) for value in once], nan_ok=True)


def test_full_agreement_of_many_readers_is_certain():
    assert [float(value) for value in fleiss_kappa([[3, 0], [0, 3], [3, 0]])] == [1, 0, 1, 1]


@pytest.mark.parametrize("counts", [[[3, 0], [2, 0]], [[3, 0], [3, 0]], [[1, 0], [0, 1]], np.zeros((0, 2))])
def test_many_readers_have_no_kappa_without_equal_numbers_or_with_one_answer(counts):
    assert all(np.isnan(value) for value in fleiss_kappa(counts))


@pytest.mark.slow
def test_the_interval_of_three_readers_holds_the_truth_that_was_drawn_from():
    # A case is reasonable with chance 0.8; each of three readers says so of 0.95 of those, and of 0.3 of the others.
    rng = np.random.default_rng(1971)
    truth, cases, draws = 0.8, 200, 1_000
    rate = truth * 0.95 + (1 - truth) * 0.3
    spread = truth * (1 - truth) * (0.95 - 0.3) ** 2
    true = spread / (rate * (1 - rate))
    is_sound = rng.random((draws, cases, 1)) < truth
    says_yes = (rng.random((draws, cases, 3)) < np.where(is_sound, 0.95, 0.3)).sum(axis=2)
    kappas = [fleiss_kappa(np.column_stack([yes, 3 - yes])) for yes in says_yes]
    covered = np.mean([kappa.lower <= true <= kappa.upper for kappa in kappas])
    assert 0.92 < covered < 0.97
