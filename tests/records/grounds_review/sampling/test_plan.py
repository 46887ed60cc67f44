"""The plan of a sample: strata in order, sizes as asked, and in words."""

import pytest

from disparity.records.grounds_review.sampling.plan import Request, describe_plan, plan_sample
from disparity.vocabulary.errors import RequestError
from support.reviewing import searches

ROWS = searches(("White", 700), ("Black", 200), ("Not recorded", 92), ("Asian", 8))


def test_without_strata_the_size_is_that_of_cochrans_formula():
    # 384.15 / (1 + 383.15 / 1,000) = 277.7.
    plan = plan_sample(ROWS, Request(half_width=0.05))
    assert plan.rows() == [(1, "All", "All", 1_000, 278, 1_000 / 278)]


def test_a_size_asked_for_stands_over_the_half_width():
    assert plan_sample(ROWS, Request(half_width=0.5, size=243))["drawn"].to_list() == [243]


def test_strata_stand_in_the_order_of_groups_and_share_the_size_in_proportion():
    plan = plan_sample(ROWS, Request(size=100, by=("ethnic_group",)))
    # 0.8, 20, 70 and 9.2 records: the largest remainder takes the one that is left.
    assert plan.select("ethnic_group", "searches", "drawn").rows() == [
        ("Asian", 8, 1),
        ("Black", 200, 20),
        ("White", 700, 70),
        ("Not recorded", 92, 9),
    ]


def test_a_minimum_takes_small_strata_whole_and_gives_their_records_less_weight():
    plan = plan_sample(ROWS, Request(size=100, by=("ethnic_group",), minimum=30))
    assert plan["drawn"].to_list() == [8, 30, 70, 30]
    assert plan["weight"].to_list() == pytest.approx([1, 200 / 30, 10, 92 / 30])


def test_no_stratum_is_left_without_a_record():
    assert plan_sample(ROWS, Request(size=1, by=("ethnic_group",)))["drawn"].min() == 1


def test_both_strata_cross():
    rows = ROWS.vstack(searches(("White", 50), kind="firearms").with_columns(record_id="T" + ROWS["record_id"][:50]))
    plan = plan_sample(rows, Request(size=100, by=("search_type", "ethnic_group")))
    assert plan.filter(plan["ethnic_group"] == "White").select("search_type", "searches").rows() == [
        ("drugs_possession", 700),
        ("firearms", 50),
    ]


def test_the_plan_in_words_names_strata_numbers_and_how_far_the_interval_reaches():
    plan = plan_sample(ROWS, Request(size=100, by=("ethnic_group",), minimum=30))
    assert describe_plan(plan, share=0.5).splitlines() == [
        "stratum       searches   drawn    weight",
        "Asian                8       8      1.00",
        "Black              200      30      6.67",
        "White              700      70     10.00",
        "Not recorded        92      30      3.07",
        "together         1,000     138",
        # 0.04 x 0.25/30 x 170/199 + 0.49 x 0.25/70 x 630/699 + 0.008464 x 0.25/30 x 62/91 = 0.00191007;
        # 1.96 x its root 0.0437044 = 0.08566.
        "At a share of 50% the 95% interval reaches 8.6 percentage points to either side.",
    ]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"half_width": 0}, "half-width is out of range\n  found:    0\n  what now: give a share above 0 and below 1"),
        ({"half_width": 5}, "half-width is out of range\n  found:    5\n  what now: give a share above 0 and below 1"),
        ({"size": 0}, "size is out of range\n  found:    0\n  what now: give a whole number"),
        ({"share": 1}, "share is out of range\n  found:    1\n  what now: give a share above 0 and below 1"),
        ({"minimum": -1}, "minimum is out of range\n  found:    -1\n  what now: give a whole number"),
    ],
)
def test_a_number_out_of_range_is_refused(wrong, message):
    with pytest.raises(RequestError) as error:
        plan_sample(ROWS, Request(**wrong))
    assert str(error.value) == message
