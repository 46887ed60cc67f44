"""Filled-in counts, added up over types of search."""

import polars as pl
import pytest

from disparity.analysis.reasons.filling import FILLED_COUNTS, OF_GROUP, SEARCHES_OF_TYPE, add_whole_types
from disparity.vocabulary.codes import ALL
from support.cells import row_of

TYPES = ("drugs_possession", "drugs_supply", "firearms", "stolen_property", "other")
# 0.1 + 0.2 + 0.3 is not 0.3 + 0.2 + 0.1 to the last digit.
PARTS = (1000 / 3, 5 / 7, 250 / 9, 59 / 11, 1 / 13)
KEYS = ("force", "search_type")


def leaves():
    rows = {"force": ["kent"] * len(TYPES), "search_type": TYPES}
    return pl.DataFrame(rows | dict.fromkeys(FILLED_COUNTS, PARTS))


def test_parts_of_searches_add_up_to_drugs_and_to_all_types():
    whole = add_whole_types(leaves(), KEYS)
    assert row_of(whole, search_type="drugs")[SEARCHES_OF_TYPE] == pytest.approx(1000 / 3 + 5 / 7)
    assert row_of(whole, search_type=ALL)[SEARCHES_OF_TYPE] == pytest.approx(sum(PARTS))
    assert whole[OF_GROUP].to_list() == pytest.approx([sum(PARTS)] * (len(TYPES) + 2))


def test_the_order_of_the_types_changes_no_sum_by_its_last_digit():
    whole = add_whole_types(leaves(), KEYS)
    for seed in range(50):
        shuffled = leaves().sample(fraction=1, shuffle=True, seed=seed)
        assert add_whole_types(shuffled, KEYS).equals(whole)
