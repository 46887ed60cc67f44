"""Interrupted time series: against statsmodels at a known correlation, by hand, and in simulation."""

import numpy as np
import pytest
import statsmodels.api as sm

from disparity.statistics import interrupted
from disparity.statistics.interrupted import Interruption, as_factor, contrast, interrupt

MONTHS = np.arange(24)
EVENTS = np.array([31, 28, 35, 30, 33, 29, 36, 31, 34, 30, 37, 33, 22, 25, 20, 24, 23, 26, 21, 25, 24, 22, 27, 23])


def design(months, start):
    after = (months >= start).astype(float)
    return np.column_stack([np.ones(len(months)), months / 12, after, after * (months - start) / 12])


def with_correlation(monkeypatch, correlation):
    monkeypatch.setattr(interrupted, "CORRELATIONS", np.array([correlation]))
    return interrupt(EVENTS, np.ones(24), MONTHS, start=12)


def test_without_correlation_it_is_the_poisson_model_of_statsmodels(monkeypatch):
    """Variation is held at chance at least: these counts vary by less."""
    found = with_correlation(monkeypatch, 0.0)
    model = sm.GLM(EVENTS, design(MONTHS, 12), family=sm.families.Poisson()).fit()
    assert (found.level, found.trend) == pytest.approx(tuple(model.params[2:]), rel=1e-8)
    assert (found.level_error, found.trend_error) == pytest.approx(tuple(model.bse[2:]), rel=1e-6)
    assert found.freedom == 20


def test_with_a_known_correlation_it_is_the_generalised_least_squares_of_statsmodels(monkeypatch):
    noisy = EVENTS * np.where(MONTHS % 2, 1.3, 0.7)
    monkeypatch.setattr(interrupted, "CORRELATIONS", np.array([0.4]))
    found = interrupt(noisy, np.ones(24), MONTHS, start=12)
    columns = design(MONTHS, 12)
    fitted = sm.GLM(noisy, columns, family=sm.families.Poisson()).fit()
    weights = np.sqrt(fitted.mu)
    working = columns @ fitted.params + (noisy - fitted.mu) / fitted.mu
    apart = 0.4 ** np.abs(MONTHS[:, None] - MONTHS)
    model = sm.GLS(working * weights, columns * weights[:, None], sigma=apart).fit()
    assert (found.level, found.trend) == pytest.approx(tuple(model.params[2:]), rel=1e-6)
    assert (found.level_error, found.trend_error) == pytest.approx(tuple(model.bse[2:]), rel=1e-6)


def test_a_halved_rate_is_a_level_of_a_half():
    """By hand: 20 a month before, 10 after, no growth on either side."""
    found = interrupt([20] * 12 + [10] * 12, [2.0] * 24, range(24), start=12)
    assert np.exp(found.level) == pytest.approx(0.5)
    assert np.exp(found.trend) == pytest.approx(1.0)


def test_months_may_be_missing_and_counted_from_any_month():
    kept = [month for month in range(24) if month not in {3, 4, 17}]
    whole = interrupt(EVENTS[kept], np.ones(21), np.array(kept), start=12)
    moved = interrupt(EVENTS[kept], np.ones(21), np.array(kept) + 24_000, start=24_012)
    assert moved == pytest.approx(whole, rel=1e-9)


def test_nothing_can_be_fitted_to_no_events_after_the_start():
    assert interrupt([20] * 12 + [0] * 12, [1.0] * 24, range(24), start=12) is None


def test_a_factor_reaches_as_far_as_student_says():
    """t with 20 degrees of freedom at 97.5%: 2.0860 (tables)."""
    change = as_factor(np.log(2), 0.1, 20)
    assert change == pytest.approx((2, 2 / np.exp(0.20860), 2 * np.exp(0.20860)), rel=1e-4)


def test_a_contrast_subtracts_logs_and_adds_variances():
    found = contrast(Interruption(0.5, 0.3, 0.2, 0.5, 20), Interruption(0.1, 0.4, 0.1, 1.2, 18))
    assert found == pytest.approx((0.4, 0.5, 0.1, 1.3, 18))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("months", "start", "mean", "correlation", "spread"),
    [(24, 12, 100, 0.5, 0.2), (24, 12, 8, 0.0, 0.0), (36, 24, 100, 0.3, 0.2)],
)
def test_intervals_of_a_jump_cover_it(months, start, mean, correlation, spread):
    """No jump, 2,000 series: months vary by `spread` (log) beyond chance and resemble their neighbours."""
    draws = 2_000
    generator = np.random.default_rng([months, mean])
    noise = generator.normal(size=(draws, months)) * spread
    for month in range(1, months):
        noise[:, month] = correlation * noise[:, month - 1] + np.sqrt(1 - correlation**2) * noise[:, month]
    events = generator.poisson(mean * np.exp(noise - spread**2 / 2))
    fits = [interrupt(series, np.ones(months), np.arange(months), start=start) for series in events]
    factors = [as_factor(fit.level, fit.level_error, fit.freedom) for fit in fits if fit]
    assert len(factors) > 0.99 * draws
    covered = np.mean([factor.lower <= 1 <= factor.upper for factor in factors])
    assert covered > 0.935
