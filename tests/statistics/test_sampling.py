"""Sample sizes and stratified shares against published tables, hand-worked strata, and draws from known truths."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from disparity.statistics.sampling import allocate_sample, expected_half_width, sample_size, stratified_share

strata = st.lists(st.integers(1, 3_000), min_size=1, max_size=6)
TWO_STANDARD_ERRORS = 0.954499736  # the confidence at which z is 2


def drawn_strata():
    """Strata, records drawn of them, those of these that are of a group, and those of the group that meet something."""

    def draw(records):
        return st.tuples(
            st.just(records), *(st.tuples(*(st.integers(0, size) for size in records)) for _ in range(3))
        ).map(_nest)

    return strata.flatmap(draw)


def _nest(parts):
    records, *others = parts
    n = np.clip(others[0], 1, None)
    members = np.minimum(others[1], n)
    return np.array(records), n, members, np.minimum(others[2], members)


# Published sizes


@pytest.mark.parametrize(
    ("records", "size"), [(100, 80), (200, 132), (300, 169), (1_000, 278), (5_000, 357), (10_000, 370)]
)
def test_sizes_for_five_points_are_those_of_krejcie_and_morgans_table(records, size):
    # Krejcie and Morgan (1970), table 1, where it rounds up as we do.
    assert sample_size(0.05, records) == size


def test_cochrans_anthropologist_needs_356_of_3200_islanders():
    # Cochran (1977), 4.4: p within 5 points, two standard errors, 400 without end of islanders.
    assert sample_size(0.05, 3_200, confidence=TWO_STANDARD_ERRORS) == 356
    assert sample_size(0.05, 1e12, confidence=TWO_STANDARD_ERRORS) == 400


def test_a_share_far_from_half_needs_fewer_records():
    # 1.959964² x 0.86 x 0.14 / 0.04² = 289.08; without end of records.
    assert sample_size(0.04, 1e12, share=0.86) == 290


@pytest.mark.parametrize(("half_width", "records"), [(0, 100), (-0.1, 100), (0.05, 0), (float("nan"), 100)])
def test_there_is_no_size_without_a_half_width_or_records(half_width, records):
    assert np.isnan(sample_size(half_width, records))


@given(st.floats(0.005, 0.3), st.integers(2, 100_000))
def test_the_size_is_the_least_that_reaches_the_half_width(half_width, records):
    size = float(sample_size(half_width, records))
    assert expected_half_width([records], [size]) <= half_width * (1 + 1e-9)
    assert size == 1 or expected_half_width([records], [size - 1]) > half_width * (1 - 1e-9)


def test_the_half_width_of_two_strata_is_that_worked_by_hand():
    # W 0.9 and 0.1; 0.25 / 90 x 810 / 899 = 0.00250278 and 0.25 / 10 x 90 / 99 = 0.02272727;
    # 0.81 x 0.00250278 + 0.01 x 0.02272727 = 0.00225452; 1.959964 x its root 0.0474818 = 0.0930626.
    assert expected_half_width([900, 100], [90, 10]) == pytest.approx(0.0930626, abs=5e-7)


def test_the_half_width_is_nothing_where_all_is_drawn_and_unknown_where_a_stratum_is_left_out():
    assert expected_half_width([40, 8], [40, 8]) == 0
    assert np.isnan(expected_half_width([40, 8], [40, 0]))


# Allocation


@pytest.mark.parametrize(
    ("records", "size", "minimum", "drawn"),
    [
        ([700, 200, 100], 10, 0, [7, 2, 1]),
        ([47, 16, 16, 21], 10, 0, [5, 2, 1, 2]),  # remainders 7, 6, 6, 1 tenths: the first of the two sixes
        ([900, 90, 8], 100, 10, [90, 10, 8]),
        ([5, 3], 100, 0, [5, 3]),
        ([0, 10], 5, 2, [0, 5]),
    ],
)
def test_records_are_drawn_in_proportion_and_of_small_strata_more(records, size, minimum, drawn):
    assert allocate_sample(records, size, minimum=minimum).tolist() == drawn


@given(strata, st.integers(1, 5_000), st.integers(0, 60))
def test_the_parts_add_up_and_keep_to_the_minimum_and_the_stratum(records, size, minimum):
    plain, raised = allocate_sample(records, size, minimum=0), allocate_sample(records, size, minimum=minimum)
    assert plain.sum() == min(size, sum(records))
    assert (raised >= np.minimum(minimum, records)).all()
    assert (raised >= plain).all()
    assert (raised <= np.array(records)).all()


# Shares


def test_a_simple_sample_of_endless_records_has_wilsons_interval():
    # The inspectorate's review of Lancashire's grounds: 209 of 243, 86.0%, 81.08 to 89.81.
    share = stratified_share([1e12], [243], [243], [209])
    assert [round(100 * float(value), 2) for value in share[:3]] == [86.01, 81.08, 89.81]


def test_two_strata_are_weighted_as_worked_by_hand():
    # w 100 and 100 / 9: R = (100 x 81 + 11.11 x 45) / (9000 + 1000) = 0.86. Residuals of the first stratum 81 - 77.4
    # = 3.6, squares 81 x 0.0196 + 9 x 0.7396 = 8.244, s² = (8.244 - 0.144) / 90 = 0.09; of the second -32.4,
    # 45 x 0.0196 + 45 x 0.7396 = 34.164, (34.164 - 11.664) / 90 = 0.25. V = (100² x 90 x 0.99 x 0.09 + 123.4568 x 90 x
    # 0.91 x 0.25) / 10,000² = (80,190 + 2,527.78) / 10^8 = 0.00082718; 0.86 x 0.14 / V = 145.556.
    # By the weights: 10^8 / (10,000 x 0.99 x 90 + 123.4568 x 0.91 x 90) = 110.974, the lesser.
    share = stratified_share([9_000, 1_000], [90, 90], [90, 90], [81, 45])
    assert float(share.estimate) == pytest.approx(0.86)
    assert float(share.effective_size) == pytest.approx(110.9741, abs=5e-5)


def test_answers_that_vary_where_weights_are_large_widen_the_interval():
    # w 50 and 2: R = (50 x 10 + 2 x 500) / 2,000 = 0.75. First stratum: residual 10 - 15 = -5, squares 10 x 0.0625 +
    # 10 x 0.5625 = 6.25, s² = (6.25 - 1.25) / 20 = 0.25; second: all alike, 0. V = 50² x 20 x 0.98 x 0.25 / 2,000² =
    # 0.0030625; 0.1875 / V = 61.2245, under 4,000,000 / (2,500 x 0.98 x 20 + 4 x 0.5 x 500) = 80.
    assert float(stratified_share([1_000, 1_000], [20, 500], [20, 500], [10, 500]).effective_size) == pytest.approx(
        61.22449, abs=5e-6
    )


def test_a_group_across_strata_is_a_ratio_of_weighted_sums():
    # w 10 and 2: (10 x 3 + 2 x 8) / (10 x 5 + 2 x 10) = 46 / 70.
    assert float(stratified_share([200, 40], [20, 20], [5, 10], [3, 8]).estimate) == pytest.approx(46 / 70)


def test_a_stratum_taken_whole_leaves_no_doubt():
    share = stratified_share([[8, 0]], [[8, 0]], [[8, 0]], [[5, 0]])
    assert [float(value[0]) for value in share[:3]] == [0.625] * 3


def test_there_is_no_share_of_nobody():
    assert all(np.isnan(value) for value in stratified_share([100], [10], [0], [0])[:3])


@given(drawn_strata())
def test_limits_enclose_the_share_and_swap_with_the_answer(drawn):
    records, n, members, met = drawn
    yes, no = (stratified_share(records, n, members, x) for x in (met, members - met))
    if members.sum() == 0:
        assert np.isnan(yes.estimate)
        return
    assert 0 <= yes.lower <= yes.estimate + 1e-12
    assert yes.estimate - 1e-12 <= yes.upper <= 1
    assert no.lower == pytest.approx(1 - yes.upper, abs=1e-9)
    assert no.estimate == pytest.approx(1 - yes.estimate, abs=1e-12)


@given(drawn_strata(), st.randoms(use_true_random=False))
def test_the_order_of_strata_does_not_matter(drawn, random):
    order = list(range(len(drawn[0])))
    random.shuffle(order)
    once, again = stratified_share(*drawn), stratified_share(*(part[order] for part in drawn))
    assert [float(value) for value in again] == pytest.approx([float(value) for value in once], nan_ok=True)


# Draws from known truths

TRUTHS = {
    "simple": ([2_000], [0.86], [243]),
    "in proportion": ([8_000, 1_500, 500], [0.9, 0.8, 0.7], [194, 37, 12]),
    "small groups drawn more often": ([8_000, 600, 150], [0.88, 0.75, 0.6], [120, 60, 60]),
    "a group taken whole": ([3_000, 40], [0.85, 0.5], [150, 40]),
}
DRAWS = 4_000


@pytest.mark.slow
@pytest.mark.parametrize("truth", TRUTHS)
def test_weighted_shares_are_unbiased_and_intervals_hold_what_they_say(truth):
    records, shares, drawn = (np.array(part) for part in TRUTHS[truth])
    reasonable = np.round(records * shares).astype(int)
    true = reasonable.sum() / records.sum()
    rng = np.random.default_rng(1971)
    met = np.column_stack(
        [rng.hypergeometric(x, total - x, n, DRAWS) for x, total, n in zip(reasonable, records, drawn, strict=True)]
    )
    whole = np.broadcast_to(drawn, met.shape)
    share = stratified_share(np.broadcast_to(records, met.shape), whole, whole, met)
    noise = share.estimate.std() / np.sqrt(DRAWS)
    assert abs(share.estimate.mean() - true) < 4 * noise
    covered = ((share.lower <= true) & (true <= share.upper)).mean()
    # 4,000 draws show 95% to within 1.4 points (four standard errors); more is asked for by the weights alone.
    assert 0.936 < covered < 0.99


@pytest.mark.slow
def test_shares_of_a_group_across_strata_are_right_on_average_and_their_intervals_hold():
    # A type of search within strata by ethnicity: how many are drawn of it is chance too.
    rng = np.random.default_rng(8)
    records, of_type, reasonable, drawn = [4_000, 500], [1_200, 300], [640, 150], [160, 80]
    members, met = [], []
    for total, size, x, n in zip(records, of_type, reasonable, drawn, strict=True):
        of_group = rng.hypergeometric(size, total - size, n, DRAWS)
        members.append(of_group)
        met.append(rng.hypergeometric(x, size - x, np.maximum(of_group, 1)))
    members, met = np.column_stack(members), np.minimum(np.column_stack(met), np.column_stack(members))
    true = sum(reasonable) / sum(of_type)
    share = stratified_share(*(np.broadcast_to(part, members.shape) for part in (records, drawn)), members, met)
    assert share.estimate.mean() == pytest.approx(true, abs=0.005)
    assert 0.93 < ((share.lower <= true) & (true <= share.upper)).mean() < 0.99
