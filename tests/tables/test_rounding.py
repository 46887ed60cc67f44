"""What is published of rounded counts holds whatever the counts were: tried on every count that is shown so."""

from itertools import product

import numpy as np
import polars as pl
import pytest

from disparity.analysis.comparisons import compare
from disparity.analysis.measures.clusters import Clusters
from disparity.disclosure.attack import ProtectedCounts
from disparity.disclosure.plan import PORTAL_PLANS
from disparity.disclosure.protect import BASE, THRESHOLD, protect
from disparity.statistics.intervals import poisson_exact, wilson
from disparity.tables.restricted import _round_rates, round_down, round_up
from disparity.tables.rounding import COARSEST_ROUNDING, allow_for_rounding, bound_rates, mark_coarse, widen_rates
from disparity.vocabulary.statuses import MEASURED, SMALL
from support.cells import APRIL, MARCH

KEYS = {"force": "kent", "period_from": APRIL, "period_to": MARCH, "ethnicity_basis": "self-defined"}
NO_EFFECT = pl.DataFrame({"force": ["kent"], "design_effect": [1.0]})
EDITION = ProtectedCounts(pl.DataFrame(), BASE)
# Finds, possession and supply are protected; the number of searches is public.
PUBLIC_SEARCHES = ProtectedCounts(pl.DataFrame(), BASE, PORTAL_PLANS[0])
# Counts that are shown as the same multiple of the base lie this far from it.
HALF = 7


def rates_of(pairs, *, measure="find_rate", groups=("Black",)):
    """Estimates of counts as they are published: numerator and denominator of each."""
    rows = [
        KEYS
        | {"measure": measure, "search_type": f"type {number}", "ethnic_group": groups[number % len(groups)]}
        | {"numerator": x, "denominator": float(n), "unknown": 0, "value": x / n, "status": MEASURED}
        for number, (x, n) in enumerate(pairs)
    ]
    frame = pl.DataFrame(rows)
    interval = poisson_exact if measure == "search_rate" else wilson
    lower, upper = interval(frame["numerator"].to_numpy(), frame["denominator"].to_numpy())
    return frame.with_columns(
        lower=pl.Series(lower),
        upper=pl.Series(upper),
        lower_bound=pl.col("value"),
        upper_bound=pl.col("value"),
        interval_method=pl.lit("of a test"),
    )


def publish(rates, edition=EDITION, effects=NO_EFFECT):
    """What is printed of them, to the printed digits."""
    return _round_rates(widen_rates(mark_coarse(rates, edition), edition, effects))


def could_be(shown):
    """Every count that is shown so: tried one by one."""
    return [count for count in range(shown + BASE) if protect(count, BASE) == shown]


def test_nine_finds_of_fifty_five_are_published_with_an_interval_that_holds_them():
    (shown,) = publish(rates_of([(protect(9, BASE), protect(55, BASE))])).iter_rows(named=True)
    assert shown["lower"] <= 9 / 55 <= shown["upper"]
    assert shown["status"] == SMALL
    (public,) = publish(rates_of([(15, 55)]).with_columns(search_type=pl.lit("All")), PUBLIC_SEARCHES).iter_rows(
        named=True
    )
    # 15 of 55 is 27%, by Wilson 17 to 40%; between 8 and 22 of 55 are shown so.
    assert (public["value"], public["status"]) == (0.27, SMALL)
    assert (public["lower"], public["upper"]) == (0.07, 0.54)


def test_every_share_of_counts_that_are_shown_so_lies_within_what_is_published():
    """And so does the interval that the exact counts would have had, Wilson's of each."""
    pairs = [(x, n) for n in (*range(15, 316, 15), 990, 1_005) for x in range(0, min(n, 150) + 1, 15)]
    for (x, n), shown in zip(pairs, publish(rates_of(pairs)).iter_rows(named=True), strict=True):
        finds, searches = (np.array(could_be(count)) for count in (x, n))
        finds, searches = (each.ravel() for each in np.meshgrid(finds, searches))
        possible = finds <= searches
        lower, upper = wilson(finds[possible], searches[possible])
        assert shown["lower"] <= lower.min() + 1e-12, (x, n)
        assert shown["upper"] >= upper.max() - 1e-12, (x, n)
        # No wider than it must be: an end of the printed interval is that of some count, to the printed digit.
        step = 10.0 ** -(shown["places"] + 2)
        assert lower.min() - shown["lower"] < step * 1.001 + 1e-9, (x, n)
        assert shown["upper"] - upper.max() < step * 1.001 + 1e-9, (x, n)


@pytest.mark.parametrize("exposure", [0.4, 11.0, 250.0])
def test_every_rate_of_residents_that_is_shown_so_lies_within_what_is_published(exposure):
    pairs = [(x, exposure) for x in (*range(15, 301, 15), 1_005, 2_010)]
    for (x, _), shown in zip(pairs, publish(rates_of(pairs, measure="search_rate")).iter_rows(named=True), strict=True):
        lower, upper = poisson_exact(np.array(could_be(x)), exposure)
        assert shown["lower"] <= lower.min()
        assert shown["upper"] >= upper.max()
        assert all(shown["lower"] <= count / exposure <= shown["upper"] for count in could_be(x))


def test_a_design_effect_makes_the_interval_that_of_a_smaller_sample():
    """Of 15 of 60: between 8 of 67 and 22 of 53, each a half of the searches."""
    twice = NO_EFFECT.with_columns(design_effect=pl.lit(2.0))
    (shown,) = publish(rates_of([(15, 60)]), effects=twice).iter_rows(named=True)
    assert shown["lower"] == np.floor(100 * wilson(4, 33.5).lower) / 100
    assert shown["upper"] == np.ceil(100 * wilson(11, 26.5).upper) / 100


def test_what_is_public_is_not_made_wider():
    rates = rates_of([(15, 60), (60, 60)]).with_columns(search_type=pl.lit("offensive_weapons"))
    ends = bound_rates(rates, PUBLIC_SEARCHES)
    assert set(ends["trials_least"]) == set(ends["trials_most"]) == {60}
    assert ends["events_least"].to_list() == [8, 53]
    searches = rates_of([(17, 11)], measure="search_rate").with_columns(search_type=pl.lit("All"))
    widened = widen_rates(searches, PUBLIC_SEARCHES, NO_EFFECT)
    assert widened.equals(searches)


@pytest.mark.parametrize("edition", [EDITION, PUBLIC_SEARCHES])
def test_what_rounding_can_move_by_over_ten_points_is_marked_and_not_tested(edition):
    """Found by trying every pair of counts that is shown so."""
    pairs = [(x, n) for n in range(15, 316, 15) for x in range(0, n + 1, 15)]
    rates = rates_of(pairs).with_columns(search_type=pl.lit("All"))
    for (x, n), status in zip(pairs, mark_coarse(rates, edition)["status"], strict=True):
        searches = [n] if edition is PUBLIC_SEARCHES else could_be(n)
        moved = max(abs(min(one / of, 1) - x / n) for one in could_be(x) for of in searches)
        assert (status == SMALL) == (moved > COARSEST_ROUNDING), (x, n)


def test_a_search_rate_of_what_could_be_fewer_than_ten_searches_is_marked():
    rates = rates_of([(15, 1), (30, 1)], measure="search_rate")
    assert min(could_be(15)) == THRESHOLD
    assert mark_coarse(rates, EDITION)["status"].to_list() == [SMALL, MEASURED]


def test_months_are_marked_like_years():
    months = rates_of([(15, 60), (15, 300)]).select("measure", "numerator", "denominator", "status")
    assert mark_coarse(months, EDITION)["status"].to_list() == [SMALL, MEASURED]


def test_limits_are_rounded_outwards():
    digits = pl.lit(2)
    for value, down, up in ((0.171, 0.17, 0.18), (0.179, 0.17, 0.18), (0.29, 0.29, 0.29), (0.0, 0.0, 0.0)):
        assert pl.select(round_down(pl.lit(value), digits)).item() == down
        assert pl.select(round_up(pl.lit(value), digits)).item() == up


# Comparisons


def compare_shown(group, reference, *, measure="find_rate"):
    """Compare two published pairs of counts, allowing for rounding; and what lies behind each."""
    rates = rates_of([group, reference], measure=measure, groups=("Black", "White"))
    rates = rates.with_columns(search_type=pl.lit("All"))
    compared = compare(rates, clusters=Clusters(design_effects=NO_EFFECT))
    return allow_for_rounding(compared, rates, EDITION).row(0, named=True)


def compare_exactly(*pairs, measure="find_rate"):
    """Compare pairs of counts, of a group and the reference group: each pair as a force of its own."""
    rates = rates_of([counts for pair in pairs for counts in pair], measure=measure, groups=("Black", "White"))
    force = pl.format("force {}", pl.int_range(pl.len()) // 2)
    compared = compare(rates.with_columns(force=force, search_type=pl.lit("All")))
    assert compared.height == len(pairs)
    return compared.rows(named=True)


def ends_of(pair, *, is_rate=False):
    """The corners of what can lie behind a pair of counts."""
    events = (min(could_be(pair[0])), max(could_be(pair[0])))
    trials = (pair[1],) if is_rate else (min(could_be(pair[1])), max(could_be(pair[1])))
    return [(x, n) for x in events for n in trials]


@pytest.mark.parametrize(
    ("measure", "group", "reference"),
    [
        *(("find_rate", (x, 300), (600, 3_000)) for x in range(30, 121, 15)),
        *(("find_rate", (x, 120), (150, 600)) for x in range(15, 91, 15)),
        *(("search_rate", (x, 10), (3_000, 500)) for x in range(30, 151, 15)),
    ],
)
def test_what_is_clear_of_rounded_counts_is_clear_of_all_that_they_can_be(measure, group, reference):
    shown = compare_shown(group, reference, measure=measure)
    is_rate = measure == "search_rate"
    ends = product(*(ends_of(pair, is_rate=is_rate) for pair in (group, reference)))
    exact = compare_exactly(*ends, measure=measure)
    for value, sign in (("ratio", 1), ("difference", 0)):
        if is_rate and value == "difference":
            continue
        assert shown[f"{value}_lower"] <= min(row[value] for row in exact)
        assert shown[f"{value}_upper"] >= max(row[value] for row in exact)
        if shown["p_value"] < 0.05:
            assert {row[value] > sign for row in exact} == {shown[value] > sign}
    # The exact test of small counts differs from the one on the scale of the margin by a little.
    assert shown["p_value"] > max(row["p_value"] for row in exact) - 0.01


def test_a_difference_that_rounding_could_have_made_is_not_clear():
    """30 of 150 against 60 of 150: from 23 of 157 against 67 of 143, to 37 of 143 against 53 of 157."""
    shown = compare_shown((30, 150), (60, 150))
    assert shown["margin"] == pytest.approx((30 / 150 - 23 / 157) + (67 / 143 - 60 / 150))
    assert compare_exactly(((30, 150), (60, 150)))[0]["p_value"] < 0.001
    assert shown["p_value"] > 0.05
    assert compare_exactly(((37, 143), (53, 157)))[0]["p_value"] > 0.05
