"""Control charts: textbook limits, Laney's correction by hand, run rules, and false alarms."""

import numpy as np
import pytest

from disparity.statistics.control import control_rates, control_shares, find_signals

# Montgomery, Introduction to Statistical Quality Control, table 7.1: nonconforming orange juice cans, samples of 50.
CANS = [
    *(12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22),
    *(8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6),
]
# The same, table 7.10: nonconformities in rolls of dyed cloth, and the inspection units of each roll.
FLAWS, UNITS = [14, 12, 20, 11, 7, 10, 21, 16, 19, 23], [10, 8, 13, 10, 9.5, 10, 12, 10.5, 12, 12.5]


def signals_of(z, *, beyond=None, months=None):
    size = len(z)
    return find_signals(z, [False] * size if beyond is None else beyond, range(size) if months is None else months)


def test_the_orange_juice_cans_have_montgomerys_centre_and_upper_limit_before_laneys_correction():
    chart = control_shares(CANS, [50] * 30)
    assert chart.centre == pytest.approx(0.2313, abs=5e-5)
    # Montgomery's upper limit is 0.4102: 0.1789 above the centre, here times sigma_z.
    assert (chart.upper[0] - chart.centre) / chart.sigma_z == pytest.approx(0.4102 - 0.2313, abs=1e-4)


def test_the_dyed_cloth_has_montgomerys_centre_and_limits():
    chart = control_rates(FLAWS, UNITS)
    assert chart.centre == pytest.approx(1.42, abs=0.005)
    assert chart.sigma_z < 1  # no correction: the limits are the plain ones
    # Table 7.11, from the rounded centre: rolls of 10, 8 and 13 units.
    assert chart.upper[:3] == pytest.approx([2.55, 2.68, 2.41], abs=0.01)
    assert chart.lower[:3] == pytest.approx([0.29, 0.16, 0.43], abs=0.005)


def test_laneys_sigma_z_worked_by_hand():
    # p = 0.5, sigma = 0.05 at n = 100: z = 2, -2, 2, -2; moving ranges 4, 4, 4; 4 / 1.128 = 3.545
    chart = control_shares([60, 40, 60, 40], [100] * 4)
    assert chart.sigma_z == pytest.approx(4 / 1.128, rel=1e-3)
    assert chart.upper == pytest.approx([min(1, 0.5 + 3 * 0.05 * 4 / 1.1284)] * 4, rel=1e-3)
    assert chart.z == pytest.approx([0.5642, -0.5642, 0.5642, -0.5642], rel=1e-3)


def test_laneys_correction_leaves_limits_of_months_with_different_numbers_different():
    chart = control_rates([30, 70, 120, 20], [10, 10, 40, 10])
    width = chart.upper - chart.centre
    assert width[0] / width[2] == pytest.approx(2)


def test_months_that_vary_less_than_chance_do_not_narrow_the_limits():
    chart = control_rates([100, 101, 100, 101], [1] * 4)
    assert chart.sigma_z < 0.2
    assert chart.upper[0] == pytest.approx(100.5 + 3 * 100.5**0.5)


def test_limits_of_few_events_are_exact():
    # Poisson with mean 4: P(X > 11) = 0.0009, P(X > 10) = 0.0028; none is no surprise (0.018).
    chart = control_rates([4, 5, 3, 4], [1] * 4)
    assert (chart.lower.tolist(), chart.upper.tolist()) == ([0.0] * 4, [11.0] * 4)


def test_limits_of_few_trials_are_exact():
    # Binomial 20, 0.2: P(X > 10) = 0.0006, P(X > 9) = 0.0026.
    chart = control_shares([4, 5, 3, 4], [20] * 4)
    assert (chart.lower.tolist(), chart.upper.tolist()) == ([0.0] * 4, [0.5] * 4)


def test_a_lower_limit_exists_where_nearly_all_succeed():
    # Failures are binomial 20, 0.2: the picture of the test above in the mirror.
    chart = control_shares([16, 15, 17, 16], [20] * 4)
    assert chart.lower == pytest.approx([0.5] * 4)
    assert chart.upper.tolist() == [1.0] * 4


def test_limits_stay_between_none_and_all():
    chart = control_shares([0, 10, 0, 10], [10] * 4)
    assert (chart.lower.min(), chart.upper.max()) == (0, 1)
    assert control_rates([0, 9, 0, 9], [1] * 4).lower.min() == 0


def test_nothing_at_all_is_a_flat_line_without_signals():
    for chart in (control_shares([0] * 12, [9] * 12), control_rates([0] * 12, [1] * 12)):
        assert (chart.centre, chart.upper.max(), abs(chart.z).max()) == (0, 0, 0)


@pytest.mark.parametrize(("length", "is_signal"), [(8, False), (9, True), (10, True)])
def test_nine_months_on_one_side_are_a_signal(length, is_signal):
    last = signals_of([0.3, 0.5] * 5)[:length][-1]
    assert (last == "9_on_one_side") == is_signal
    assert (signals_of([-0.3, -0.5] * 5)[:length][-1] == "9_on_one_side") == is_signal


def test_a_month_on_the_centre_line_ends_a_run():
    assert signals_of([0.3, 0.5] * 4 + [0.0, 0.4]) == [""] * 10


@pytest.mark.parametrize(("length", "is_signal"), [(5, False), (6, True), (7, True)])
def test_six_months_each_above_the_one_before_are_a_signal(length, is_signal):
    rising = [-0.3, -0.2, -0.1, 0.1, 0.2, 0.3, 0.4][:length]
    assert (signals_of(rising)[-1] == "6_up_or_down") == is_signal
    assert (signals_of([-z for z in rising])[-1] == "6_up_or_down") == is_signal


@pytest.mark.parametrize(
    ("z", "is_signal"),
    [
        ([2.1, 2.1], True),
        ([2.1, 0.1, 2.1], True),
        ([2.1, 0.1, -0.1, 2.1], False),
        ([2.1, -2.1], False),
        ([2.0, 2.0], False),
        ([-2.1, -2.1], True),
        ([0.0, 0.0], False),
    ],
)
def test_two_of_three_months_beyond_two_sigma_on_one_side_are_a_signal(z, is_signal):
    assert (signals_of(z)[-1] == "2_of_3_beyond_2_sigma") == is_signal


def test_a_month_beyond_the_limits_is_a_signal_of_its_own():
    assert signals_of([0.1, 3.5, 0.1], beyond=[False, True, False]) == ["", "beyond_3_sigma", ""]


def test_a_month_without_a_point_ends_every_row_of_months():
    gap = [0, 1, 2, 3, 5, 6, 7, 8, 9, 10]
    assert signals_of([0.3, 0.5] * 5, months=gap) == [""] * 10
    assert signals_of([-0.3, -0.2, -0.1, 0.1, 0.2, 0.3], months=[0, 1, 2, 4, 5, 6]) == [""] * 6
    assert signals_of([2.1, 2.1], months=[0, 3]) == ["", ""]


def test_a_month_can_complete_several_rules():
    assert set(signals_of([2.5, 3.5], beyond=[False, True])[1].split(",")) == {
        "beyond_3_sigma",
        "2_of_3_beyond_2_sigma",
    }


def share_with_signal(draw, *, runs=400):
    """Of series of 24 months that do not change, how many give a signal?"""
    rng = np.random.default_rng(11)
    found = 0
    for _ in range(runs):
        events = draw(rng)
        chart = control_rates(events, [1.0] * 24)
        is_beyond = (events < chart.lower) | (events > chart.upper)
        found += any(find_signals(chart.z, is_beyond, range(24)))
    return found / runs


@pytest.mark.parametrize("mean", [4, 20, 1_000])
def test_a_series_of_chance_alone_gives_a_signal_less_than_one_time_in_ten(mean):
    assert 0.02 < share_with_signal(lambda rng: rng.poisson(mean, 24)) < 0.1


def test_a_series_that_varies_beyond_chance_but_does_not_change_gives_a_signal_one_time_in_seven():
    # Months differ by 14% beyond chance: without Laney's correction nearly every series would give signals.
    share = share_with_signal(lambda rng: rng.poisson(1_000 * rng.gamma(50, 1 / 50, 24)))
    assert share == pytest.approx(0.146, abs=0.05)


@pytest.mark.parametrize("odd", [15, 150, 1_500])
def test_a_month_far_out_does_not_widen_its_own_limits(odd):
    """500 a month, give or take 20, and one that is not: the limits are those of the others."""
    usual = [480, 520, 505, 490, 515, 485, 500, 510, 495, 478, 522]
    alone = control_rates(usual, [1.0] * 11)
    chart = control_rates([*usual[:5], odd, *usual[5:]], [1.0] * 12)
    assert chart.centre == pytest.approx(alone.centre)
    assert chart.upper[0] == pytest.approx(alone.upper[0], rel=0.01)
    assert not chart.lower[5] <= odd <= chart.upper[5]


def test_of_a_series_that_changed_every_month_stays():
    events = [1_000] * 6 + [2_000] * 6
    assert control_rates(events, [1.0] * 12).centre == 1_500


def test_a_real_change_by_a_quarter_is_signalled():
    rng = np.random.default_rng(3)
    events = rng.poisson([1_000] * 12 + [1_250] * 12)
    chart = control_rates(events, [1.0] * 24)
    signals = find_signals(chart.z, [False] * 24, range(24))
    assert "9_on_one_side" in ",".join(signals[:12])
    assert "9_on_one_side" in ",".join(signals[12:])
