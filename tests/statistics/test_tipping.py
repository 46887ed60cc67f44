"""E-values against those published."""

import numpy as np
import pytest

from disparity.statistics.tipping import e_value


@pytest.mark.parametrize(
    ("ratio", "published"),
    # VanderWeele and Ding (2017): breastfeeding and infant death, 3.9 (1.8 to 8.7); 0.80 by the inverse, 1.25.
    [(3.9, 7.26), (1.8, 3.0), (0.80, 1.81), (1.0, 1.0)],
)
def test_e_values_are_those_published(ratio, published):
    assert round(float(e_value(ratio)), 2) == published


def test_a_ratio_and_its_inverse_need_the_same_strength():
    ratios = np.array([1.2, 2.0, 14.4])
    assert e_value(ratios) == pytest.approx(e_value(1 / ratios))


def test_without_a_ratio_there_is_no_e_value():
    strength = e_value([0.0, np.inf, np.nan, -1.0])
    assert np.isinf(strength[:2]).all()
    assert np.isnan(strength[2:]).all()
