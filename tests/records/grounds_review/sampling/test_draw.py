"""Drawing: reproducible, whatever the order of rows, and every record alike."""

import hashlib

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from disparity.records.grounds_review.sampling.draw import draw_records
from disparity.records.grounds_review.sampling.plan import Request, plan_sample
from support.reviewing import searches

ROWS = searches(("White", 60), ("Black", 25), ("Mixed", 4))
BY_GROUP = Request(size=30, by=("ethnic_group",), minimum=6)


def draw(rows, request=BY_GROUP, seed=1):
    return draw_records(rows, plan_sample(rows, request), seed=seed)


def test_a_record_is_placed_by_the_hash_of_seed_and_number():
    placed = sorted(ROWS["record_id"], key=lambda number: hashlib.sha256(f"7\n{number}".encode()).digest())
    assert draw(ROWS, Request(size=10), seed=7)["record_id"].to_list() == placed[:10]


def test_each_stratum_has_its_planned_number_and_weight():
    counted = draw(ROWS).group_by("ethnic_group", "weight").len().sort("ethnic_group").rows()
    # 30 x 25 / 89 = 8.4, 30 x 4 / 89 = 1.3 and 30 x 60 / 89 = 20.2.
    assert counted == [("Black", 25 / 9, 9), ("Mixed", 1.0, 4), ("White", 3.0, 20)]


@given(st.randoms(use_true_random=False), st.integers(0, 50))
def test_the_order_of_rows_never_matters(random, seed):
    order = list(range(ROWS.height))
    random.shuffle(order)
    assert draw(ROWS[order], seed=seed).equals(draw(ROWS, seed=seed))


def test_a_larger_sample_of_the_same_seed_holds_the_smaller():
    small, large = (set(draw(ROWS, Request(size=size))["record_id"]) for size in (10, 40))
    assert small < large


def test_another_seed_draws_other_records():
    assert set(draw(ROWS, seed=1)["record_id"]) != set(draw(ROWS, seed=2)["record_id"])


@pytest.mark.slow
def test_every_record_of_a_stratum_is_drawn_as_often_as_its_part():
    """2,000 seeds: each record is drawn within five standard errors of as often as its chance says."""
    draws = 2_000
    plan = plan_sample(ROWS, BY_GROUP)
    counts = dict.fromkeys(ROWS["record_id"], 0)
    pairs = np.zeros(2)
    for seed in range(draws):
        drawn = set(draw_records(ROWS, plan, seed=seed)["record_id"])
        for number in drawn:
            counts[number] += 1
        pairs += [{"S00001", "S00002"} <= drawn, {"S00001", "S00061"} <= drawn]
    chances = ROWS.join(plan, on="ethnic_group").select("record_id", pl.col("drawn") / pl.col("searches"))
    for number, chance in chances.rows():
        assert abs(counts[number] - draws * chance) <= 5 * np.sqrt(draws * chance * (1 - chance))
    # Two of a stratum: 20 / 60 x 19 / 59; of two strata: independent, 20 / 60 x 9 / 25.
    for count, chance in zip(pairs, (20 / 60 * 19 / 59, 20 / 60 * 9 / 25), strict=True):
        assert abs(count - draws * chance) <= 5 * np.sqrt(draws * chance)
