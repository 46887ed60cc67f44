"""How long to record: against a textbook, by drawing, and with the clusters and gates of a force."""

import numpy as np
import polars as pl
import pytest
from scipy.stats import chi2_contingency

from disparity.analysis.comparisons import compare
from disparity.analysis.sensitivity.planning import plan_months
from disparity.analysis.sensitivity.statements import add_level
from support.cells import cell, count, estimate_counts, row_of


def plan(*cells, gap=0.05, times=1.5, effect=None, **settings):
    """Plan from one year of one force; the design effect is that of its comparisons unless named."""
    estimates = estimate_counts(count(*cells), **settings)
    compared = add_level(compare(estimates)).with_columns(smallest_difference=pl.lit(None, pl.Float64))
    if effect:
        compared = compared.with_columns(design_effect=pl.lit(effect))
    return plan_months(estimates, compared, gap=gap, times=times)


def year(found, searches, group):
    return cell(group, found=found, not_found=searches - found)


EQUAL = (year(240, 1_200, "Black"), year(240, 1_200, "White"))  # 100 searches a month of each, a fifth with a find


def test_the_size_of_both_samples_is_that_of_the_textbook() -> None:
    """Fleiss, Levin and Paik (2003), unpooled: 20% and 30%, 80% power, 5%: (1.96 + 0.8416)² x 0.37 / 0.01 = 290.4."""
    row = row_of(plan(*EQUAL, gap=0.10), measure="find_rate", ethnic_group="Black")
    assert row["months_needed"] == 3  # 300 searches of each
    assert row_of(plan(*EQUAL, gap=0.01), measure="find_rate", ethnic_group="Black")["months_needed"] == pytest.approx(
        (1.959964 + 0.841621) ** 2 * (0.21 * 0.79 + 0.16) / 1e-4 / 100, abs=1
    )


def test_four_draws_in_five_of_so_many_months_show_it() -> None:
    months = row_of(plan(*EQUAL, gap=0.05), measure="find_rate", ethnic_group="Black")["months_needed"]
    size, draw = 100 * months, np.random.default_rng(1)
    found = draw.binomial(size, (0.25, 0.20), (2_000, 2))
    shown = [chi2_contingency([(a, size - a), (b, size - b)], correction=False).pvalue < 0.05 for a, b in found]
    assert 0.76 < np.mean(shown) < 0.84


def test_search_rates_need_searches_of_the_group_by_hand() -> None:
    """Of 1% of the residents: 1.5 x 10 searches a month against 1,000: 7.849 x (1/15 + 1/1000) / 0.1644 = 3.2."""
    row = row_of(plan(year(0, 120, "Black"), year(0, 12_000, "White")), measure="search_rate", ethnic_group="Black")
    assert (row["searches_a_month"], row["difference"]) == (10, 1.5)
    assert row["months_needed"] == 4


@pytest.mark.parametrize("measure", ["find_rate", "search_rate"])
def test_months_grow_with_the_design_effect(measure: str) -> None:
    once, thrice = (
        row_of(plan(*EQUAL, gap=0.01, times=1.05, effect=effect), measure=measure, ethnic_group="Black")
        for effect in (1.0, 3.0)
    )
    assert thrice["months_needed"] / once["months_needed"] == pytest.approx(3, rel=0.02)


def test_so_many_searches_as_the_gate_asks_for_are_needed_whatever_the_gap() -> None:
    few = plan(year(3, 12, "Black"), year(400, 1_200, "White"), gap=0.60)
    assert row_of(few, measure="find_rate", ethnic_group="Black")["months_needed"] >= 50


def test_nothing_is_planned_of_what_no_time_mends() -> None:
    unknown = {"found": 0, "not_found": 0, "searches": 1_200, "outcomes": 0}
    planned = plan(cell("Black", **unknown), cell("White", **unknown))
    assert row_of(planned, measure="find_rate", ethnic_group="Black")["months_needed"] is None
    asian = row_of(planned, measure="search_rate", ethnic_group="Asian")
    assert (asian["searches_a_month"], asian["months_to_state"]) == (0, None)
    assert row_of(plan(*EQUAL, gap=0.85), measure="find_rate", ethnic_group="Black")["months_needed"] is None


def test_to_be_stated_among_many_comparisons_takes_longer() -> None:
    row = row_of(plan(*EQUAL, gap=0.02), measure="find_rate", ethnic_group="Black")
    assert row["months_to_state"] > row["months_needed"]
