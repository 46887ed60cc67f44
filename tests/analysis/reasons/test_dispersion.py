"""Ratios of search rates with the interval that their months give them, against a regression and hand."""

import math

import numpy as np
import pytest
import statsmodels.api as sm

from disparity.analysis.comparisons import compare
from disparity.analysis.measures.dispersion import measure_dispersion
from disparity.analysis.reasons.dispersion import NOTES, widen_for_dispersion
from disparity.analysis.reasons.rows import REASON_COLUMNS
from disparity.vocabulary.codes import OFFICER_DEFINED
from support.cells import YEAR, cell, count, estimate_counts, people, period_of, row_of

BLACK = [31, 28, 40, 22, 35, 19, 44, 30, 27, 38, 25, 33]
WHITE = [410, 395, 520, 120, 150, 260, 505, 440, 380, 470, 415, 430]


def widen(*cells, months=YEAR, submitted=None):
    counts = count(*cells)
    forces = sorted(set(counts.cells["force"]))
    population = people(forces=forces, months=months)
    comparisons = compare(estimate_counts(counts, population=population, months=months, submitted=submitted))
    return widen_for_dispersion(measure_dispersion(counts, period_of(months)), comparisons), comparisons


def monthly(group, searches, **settings):
    return [
        cell(group, month=month, not_found=number, **settings)
        for month, number in zip(YEAR, searches, strict=False)
        if number
    ]


def of_black(frame, component):
    return row_of(frame.filter(component=component), ethnic_group="Black")


def regress(black, white):
    months = len(black)
    design = np.zeros((2 * months, months + 1))
    design[:, :months] = np.tile(np.eye(months), (2, 1))
    design[:months, months] = 1
    fit = sm.GLM([*black, *white], design, family=sm.families.Poisson()).fit()
    return fit.pearson_chi2 / fit.df_resid


def test_phi_is_that_of_a_quasi_poisson_regression_and_widens_the_interval_by_its_root():
    frame, comparisons = widen(*monthly("Black", BLACK), *monthly("White", WHITE))
    phi = regress(BLACK, WHITE)
    assert phi > 3
    assert of_black(frame, "phi")["value"] == pytest.approx(phi, rel=1e-8)
    before = row_of(comparisons.filter(measure="search_rate"), ethnic_group="Black")
    row = of_black(frame, "ratio")
    # Residents: 10,000 and 1,000,000.
    ratio = sum(BLACK) * 100 / sum(WHITE)
    assert row["value"] == before["ratio"] == pytest.approx(ratio, rel=1e-12)
    for end in ("lower", "upper"):
        wider = math.exp(math.log(ratio) + math.sqrt(phi) * math.log(before[f"ratio_{end}"] / ratio))
        assert row[end] == pytest.approx(wider, rel=1e-8)
    assert of_black(frame, "months")["value"] == 12


def test_an_interval_is_not_made_narrower_where_the_months_vary_less_than_chance():
    frame, comparisons = widen(*monthly("Black", [10] * 12), *monthly("White", [400] * 12))
    assert of_black(frame, "phi")["value"] == pytest.approx(0, abs=1e-12)
    before = row_of(comparisons.filter(measure="search_rate"), ethnic_group="Black")
    row = of_black(frame, "ratio")
    assert (row["lower"], row["upper"]) == pytest.approx((before["ratio_lower"], before["ratio_upper"]), rel=1e-12)


def test_searches_of_all_types_are_added_within_the_month():
    both = [*monthly("Black", [n - 5 for n in BLACK]), *monthly("Black", [5] * 12, search_type="firearms")]
    frame, _ = widen(*both, *monthly("White", WHITE))
    assert of_black(frame, "phi")["value"] == pytest.approx(regress(BLACK, WHITE), rel=1e-8)


@pytest.mark.parametrize(("months", "is_known"), [(5, False), (6, True), (7, True)])
def test_six_months_are_needed(months, is_known):
    frame, _ = widen(*monthly("Black", BLACK[:months]), *monthly("White", WHITE[:months]), submitted=YEAR[:months])
    phi, row = of_black(frame, "phi"), of_black(frame, "ratio")
    assert of_black(frame, "months")["value"] == months
    assert (phi["value"] is not None, row["lower"] is not None, row["upper"] is not None) == (is_known,) * 3
    assert row["value"] > 1
    assert row["note"].endswith("not known: too few months with a search, or no search of the group") is not is_known


def test_a_month_without_a_file_does_not_count():
    gap = [number if place != 3 else 0 for place, number in enumerate(BLACK)]
    white = [number if place != 3 else 0 for place, number in enumerate(WHITE)]
    submitted = [*YEAR[:3], *YEAR[4:]]
    frame, _ = widen(*monthly("Black", gap), *monthly("White", white), submitted=submitted)
    expected = regress(BLACK[:3] + BLACK[4:], WHITE[:3] + WHITE[4:])
    assert of_black(frame, "phi")["value"] == pytest.approx(expected, rel=1e-8)
    assert of_black(frame, "months")["value"] == 11


def test_a_group_without_a_search_has_a_ratio_and_no_phi():
    frame, _ = widen(*monthly("White", WHITE))
    assert of_black(frame, "ratio")["value"] == 0
    assert [of_black(frame, "ratio")[end] for end in ("lower", "upper")] == [None, None]
    assert of_black(frame, "phi")["value"] is None


def test_only_all_types_and_self_defined_ethnicity_are_widened():
    seen = [*monthly("Black", BLACK, basis=OFFICER_DEFINED), *monthly("White", WHITE, basis=OFFICER_DEFINED)]
    frame, _ = widen(*monthly("Black", [20] * 12), *monthly("White", [400] * 12), *seen)
    assert of_black(frame, "phi")["value"] == pytest.approx(0, abs=1e-12)
    assert set(frame["analysis"]) == {"overdispersion"}
    assert frame.filter(ethnic_group="Black").height == len(NOTES)


def test_forces_do_not_touch_each_other():
    alone, _ = widen(*monthly("Black", BLACK, force="kent"), *monthly("White", WHITE, force="kent"))
    together, _ = widen(
        *monthly("Black", BLACK, force="kent"),
        *monthly("White", WHITE, force="kent"),
        *monthly("Black", BLACK[::-1], force="surrey"),
        *monthly("White", WHITE, force="surrey"),
    )
    assert together.filter(force="kent").equals(alone)


def test_rows_have_the_published_columns():
    frame, _ = widen(*monthly("Black", BLACK), *monthly("White", WHITE))
    assert frame.columns == REASON_COLUMNS
    assert set(frame["component"]) == set(NOTES)
    assert set(frame["reference_group"]) == {"White"}


def test_without_a_ratio_there_is_no_row_and_no_error():
    frame, _ = widen(cell("Not stated", found=1))
    assert frame.is_empty()
    assert frame.columns == REASON_COLUMNS
