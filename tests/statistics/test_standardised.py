"""Standardised rates against independent packages, hand, and the laws they obey."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from disparity.statistics.standardised import (
    indirect_ratio,
    standardised_rate_dobson,
    standardised_rate_fay_feuer,
    standardised_rate_ratio,
)

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "standardised_vectors.json").read_text(encoding="utf-8"))
DIRECT, INDIRECT = ([vector for vector in GOLDEN["vectors"] if vector["kind"] == kind] for kind in ("dsr", "isr"))
LIMITS = {standardised_rate_fay_feuer: "fay_feuer", standardised_rate_dobson: "dobson_exact"}


def published(vector):
    return [vector["inputs"][name] for name in ("count", "pop", "std")]


@pytest.mark.parametrize("function", LIMITS, ids=LIMITS.values())
@pytest.mark.parametrize("vector", DIRECT, ids=lambda vector: vector["id"])
def test_a_standardised_rate_is_that_of_independent_packages(function, vector):
    names = ("dsr", f"{LIMITS[function]}_lower", f"{LIMITS[function]}_upper")
    result = dict(zip(names, function(*published(vector)), strict=True))
    for name in names:
        if name in vector["values"]:
            per = result[name] * vector["inputs"]["mult"]
            assert per == pytest.approx(vector["values"][name], rel=1e-9, abs=1e-12), name


def test_the_packages_give_all_but_dobsons_limits_without_events():
    lacking = [vector["id"] for vector in DIRECT if len(vector["values"]) < 5]
    assert lacking == ["dsr_total_zero"]


def test_without_events_dobson_has_no_limits_and_fay_and_feuer_do():
    """R's formula gives NaN for the former; three tools agree on the latter."""
    (vector,) = [vector for vector in DIRECT if vector["id"] == "dsr_total_zero"]
    rate, lower, upper = standardised_rate_dobson(*published(vector))
    assert rate == 0
    assert math.isnan(lower)
    assert math.isnan(upper)
    rate, lower, upper = standardised_rate_fay_feuer(*published(vector))
    assert (rate, lower) == (0, 0)
    assert upper > 0


@pytest.mark.parametrize("vector", INDIRECT, ids=lambda vector: vector["id"])
def test_an_indirect_ratio_is_that_of_independent_packages(vector):
    observed, people, rates = (np.array(vector["inputs"][name]) for name in ("obs", "pop", "refrate"))
    result = indirect_ratio(observed.sum(), (people * rates).sum())
    wanted = [vector["values"][name] for name in ("smr", "smr_exact_lower", "smr_exact_upper")]
    assert [float(value) for value in result] == pytest.approx(wanted, rel=1e-9)


def test_the_ratio_of_standardised_rates_is_worked_by_hand():
    """Standard half and half: (10 + 30) / 2 = 20 against (5 + 15) / 2 = 10 per 1,000.

    v1 = 0.25 (10 / 1,000² + 60 / 2,000²) = 6.25e-6, v2 = 0.25 (50 + 150) / 10,000² = 5e-7;
    √(v1 / 0.02² + v2 / 0.01²) = √0.020625 = 0.143614; exp(1.959964 x 0.143614) = 1.325087
    """
    ratio, lower, upper = standardised_rate_ratio([10, 60], [1_000, 2_000], [50, 150], [10_000, 10_000], [7, 7])
    assert ratio == pytest.approx(2)
    assert lower == pytest.approx(2 / 1.325087, rel=1e-6)
    assert upper == pytest.approx(2 * 1.325087, rel=1e-6)


@pytest.mark.parametrize(
    ("events", "exposure", "standard"),
    [([1, 1], [10, 0], [5, 5]), ([], [], []), ([0, 0], [0, 0], [0, 0])],
    ids=["nobody of the group in a stratum", "no stratum", "empty strata"],
)
@pytest.mark.parametrize("function", LIMITS, ids=LIMITS.values())
def test_a_rate_that_cannot_be_standardised_is_undefined(function, events, exposure, standard):
    assert np.isnan(function(events, exposure, standard)).all()


def test_a_ratio_needs_an_event_of_the_reference_and_something_expected():
    assert np.isnan(standardised_rate_ratio([1], [10], [0], [10], [1])).all()
    assert np.isnan(indirect_ratio(3, 0)).all()


def test_no_event_of_the_group_is_a_ratio_of_zero_without_limits():
    ratio, lower, upper = standardised_rate_ratio([0], [10], [5], [10], [1])
    assert ratio == 0
    assert np.isnan([lower, upper]).all()


strata = st.lists(
    st.tuples(st.integers(0, 300), st.integers(1, 50_000), st.integers(1, 50_000)), min_size=1, max_size=8
)


@given(strata, st.integers(1, 3))
def test_strata_of_zeros_add_nothing_and_the_order_of_strata_does_not_matter(rows, padding):
    events, exposure, standard = zip(*rows, strict=True)
    padded = [(*reversed(values), *[0] * padding) for values in (events, exposure, standard)]
    for function in LIMITS:
        plain, moved = function(events, exposure, standard), function(*padded)
        assert np.allclose(plain, moved, rtol=1e-9, equal_nan=True)


@given(strata)
def test_limits_hold_the_rate_and_fay_and_feuers_reach_at_least_as_far_up(rows):
    events, exposure, standard = zip(*rows, strict=True)
    rate, lower, upper = standardised_rate_fay_feuer(events, exposure, standard)
    assert lower <= rate <= upper
    if sum(events):
        same, inner_lower, inner_upper = standardised_rate_dobson(events, exposure, standard)
        assert inner_lower <= same == rate <= inner_upper


@given(strata, st.integers(1, 1_000))
def test_the_same_rate_in_every_stratum_stays_that_rate(rows, per_mille):
    _, exposure, standard = (np.array(values, float) for values in zip(*rows, strict=True))
    rate, _, _ = standardised_rate_fay_feuer(exposure * per_mille / 1_000, exposure, standard)
    assert rate == pytest.approx(per_mille / 1_000)
