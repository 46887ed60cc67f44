"""Force used, if some searches would not have been made of a White person: by hand, and on people made up whole."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from disparity.analysis.reasons.selection import TRIED, bound_selection

ROW = {
    **{"measure": "force_used_rate", "force": "fellshire", "ethnicity_basis": "self-defined", "search_type": "All"},
    **{"period_from": date(2019, 4, 1), "period_to": date(2020, 3, 1), "lower": None, "upper": None},
}


def bound(black, white, status="measured"):
    shares = {"Black": black, "White": white, "All": 0.17}
    rows = [ROW | {"ethnic_group": group, "value": value, "status": "measured"} for group, value in shares.items()]
    rows[1]["status"] = status
    types = {"lower": pl.Float64, "upper": pl.Float64}
    return bound_selection(pl.DataFrame(rows, schema_overrides=types))


def test_the_plain_difference_is_the_least_that_it_can_be():
    """20% and 15%: the difference is 5 points; if one search in four hangs on ethnicity, 20 - 0.75 x 15."""
    made = bound(0.20, 0.15)
    assert made["ethnic_group"].unique().to_list() == ["Black"]
    shown = dict(made.select("component", pl.col("value").round(9)).iter_rows())
    assert shown == {"none": 0.05, "one_in_ten": 0.065, "one_in_four": 0.0875, "half": 0.125}


def test_without_a_measured_share_of_white_people_there_is_nothing():
    assert bound(0.20, 0.15, status="partial").is_empty()


@pytest.mark.parametrize("component", TRIED)
def test_it_is_the_force_that_people_made_up_would_have_been_spared(component):
    """Each is known as searched and as White: who would not have been searched then had no force used on them."""
    rng, number = np.random.default_rng(4), 400_000
    depends = rng.uniform(size=number) < TRIED[component]
    as_black = rng.uniform(size=number) < np.where(depends, 0.08, 0.22)
    as_white = (rng.uniform(size=number) < 0.15) & ~depends
    # White people who are searched are like those who would be searched either way.
    white = (rng.uniform(size=number) < 0.15).mean()
    (made,) = bound(as_black.mean(), white).filter(component=component)["value"]
    assert made == pytest.approx(as_black.mean() - as_white.mean(), abs=0.004)
