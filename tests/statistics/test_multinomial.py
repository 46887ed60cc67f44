"""Joint intervals of shares against independent packages, and the laws they obey."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import multinomial_proportions_confint

from disparity.statistics.intervals import wilson
from disparity.statistics.multinomial import multinomial_intervals, multinomial_sison_glaz

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "oracle_vectors.json").read_text(encoding="utf-8"))
VECTORS = [vector for vector in GOLDEN["vectors"] if vector["kind"] == "multinom"]
METHODS = {"goodman": multinomial_intervals, "sisonglaz": multinomial_sison_glaz}
outcomes = st.lists(st.integers(0, 200), min_size=2, max_size=6)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
@pytest.mark.parametrize("method", METHODS)
def test_joint_limits_are_those_independent_packages_agree_on(method, vector):
    lower, upper = METHODS[method](vector["inputs"]["x"], confidence=vector["inputs"]["conf"])
    found = {f"{method}[{place}]_lower": limit for place, limit in enumerate(lower)}
    found |= {f"{method}[{place}]_upper": limit for place, limit in enumerate(upper)}
    assert found == pytest.approx(
        {name: value for name, value in vector["values"].items() if name.startswith(method)}, rel=1e-9, abs=1e-12
    )


@pytest.mark.parametrize("counts", [[700, 180, 60, 40, 0], [2_000, 900, 100], [5, 5, 5, 5], [30, 5]])
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_joint_limits_are_those_of_statsmodels(counts, confidence):
    for method, ours in METHODS.items():
        theirs = multinomial_proportions_confint(counts, 1 - confidence, method=method.replace("sisonglaz", "sison"))
        assert np.column_stack(ours(counts, confidence=confidence)) == pytest.approx(theirs, rel=1e-6, abs=1e-9)


@given(outcomes, st.floats(0.5, 0.999))
def test_joint_limits_hold_the_share_and_goodmans_are_wider_than_one_alone(counts, confidence):
    total = sum(counts)
    lower, upper = multinomial_intervals(counts, confidence=confidence)
    if total == 0:
        assert np.isnan([lower, upper]).all()
        return
    shares = np.array(counts) / total
    alone = wilson(counts, total, confidence=confidence)
    assert ((lower <= shares) & (shares <= upper) & (lower <= alone.lower) & (alone.upper <= upper)).all()
    lower, upper = multinomial_sison_glaz(counts, confidence=confidence)
    assert np.isnan(lower).all() or ((lower <= shares) & (shares <= upper)).all()


def test_rows_are_independent_of_each_other():
    rows = [[3, 2, 1], [0, 0, 0], [70, 20, 10]]
    for ours in METHODS.values():
        found = np.stack(ours(rows))
        assert np.isnan(found[:, 1]).all()
        assert found[:, [0, 2]] == pytest.approx(np.stack([ours(rows[0]), ours(rows[2])], axis=1))


@pytest.mark.parametrize("counts", [[1, 1], [30, 0], [7], [3.5, 2], [4, -1], [np.nan, 3]])
def test_counts_that_share_too_little_have_no_limits_of_one_width(counts):
    assert np.isnan(multinomial_sison_glaz(counts)).all()
