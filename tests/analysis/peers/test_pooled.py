"""Pooled figures: sums over sums, the force itself included, and which forces are in them."""

from datetime import date

import polars as pl
import pytest

from disparity.analysis.peers.pooled import pool_sets
from disparity.analysis.peers.sets import list_sets
from disparity.project.declarations import SimilarForces
from support.cells import row_of

FIRST, LAST = date(2024, 4, 1), date(2025, 3, 1)
SPAN = pl.DataFrame({"period_from": [FIRST], "period_to": [LAST]})
NAMES = ["measure", "force", "ethnic_group", "events", "exposure", "reference_events", "reference_exposure", "status"]


def rates(*rows):
    """Rows of measure, force, group, events, exposure, those of White and status; value follows."""
    types = dict.fromkeys(NAMES, pl.String) | dict.fromkeys(NAMES[3:7], pl.Float64)
    own = pl.col("events") / pl.col("exposure")
    return pl.DataFrame(list(rows), types, orient="row").with_columns(
        period_from=pl.lit(FIRST),
        period_to=pl.lit(LAST),
        value=own / pl.coalesce(pl.col("reference_events") / pl.col("reference_exposure"), pl.lit(1.0)),
    )


def black(force, own, white, status="measured"):
    """Searches and residents, of Black and of White people."""
    counts = float(own[0]), own[1] / 1_000, float(white[0]), white[1] / 1_000
    return ("search_rate_ratio", force, "Black", *counts, status)


def pooled(*rows, forces):
    return pool_sets(rates(*rows), list_sets([], forces, SPAN))


def test_the_ratio_of_three_forces_is_pooled_not_averaged():
    # Definitions, section 5: 1,112 / 86,222 and 21,008 / 3,512,253 in 2024/25; the split over forces is made.
    rows = [
        black("lancashire", (314, 10_096), (13_093, 1_325_538)),
        black("nottinghamshire", (500, 41_126), (4_000, 986_715)),
        black("south-yorkshire", (298, 35_000), (3_915, 1_200_000)),
    ]
    row = row_of(pooled(*rows, forces=["lancashire", "nottinghamshire", "south-yorkshire"]), ethnic_group="Black")
    assert row["value"] == pytest.approx(2.1562, abs=5e-5)
    assert (row["numerator"], row["denominator"]) == (1_112, pytest.approx(86.222))
    assert row["lower"] < row["value"] < row["upper"]
    assert (row["set_forces"], row["counted_forces"], row["status"]) == (3, 3, "measured")


def test_pooled_rates_are_sums_over_sums_with_exact_and_wilson_intervals():
    none = (None, None, "measured")
    frame = pooled(
        ("search_rate", "kent", "All", 5.0, 10.0, *none),
        ("search_rate", "essex", "All", 6.0, 9.0, *none),
        ("find_rate", "kent", "All", 30.0, 110.0, *none),
        ("find_rate", "essex", "All", 45.0, 200.0, *none),
        forces=["kent", "essex"],
    )
    rate, finds = row_of(frame, measure="search_rate"), row_of(frame, measure="find_rate")
    # Garwood: 11 events in 19; Wilson: 75 of 310 (definitions, section 5).
    assert [round(rate[name], 4) for name in ("value", "lower", "upper")] == [0.5789, 0.289, 1.0359]
    assert [round(finds[name], 4) for name in ("value", "lower", "upper")] == [0.2419, 0.1976, 0.2926]
    assert (rate["interval_method"], finds["interval_method"]) == ("exact Poisson", "Wilson")


@pytest.mark.parametrize(
    ("status", "counts"), [("small", 2), ("incomplete", 2), ("partial", 1), ("restricted_labels", 1)]
)
def test_only_rates_that_stand_are_pooled(status, counts):
    frame = pooled(
        black("kent", (100, 1_000), (100, 1_000)),
        black("essex", (8, 1_000), (100, 1_000), status),
        forces=["kent", "essex"],
    )
    row = row_of(frame, ethnic_group="Black")
    assert row["counted_forces"] == counts
    assert row["status"] == ("measured" if counts == 2 else "incomplete")


def test_a_set_without_any_rate_has_none():
    frame = pooled(
        *(black(force, (9, 1), (9, 1), "not_measurable") for force in ("kent", "essex")), forces=["kent", "essex"]
    )
    row = row_of(frame, ethnic_group="Black")
    assert (row["value"], row["lower"], row["numerator"], row["status"]) == (None, None, None, "not_measurable")


def make_group(**changed):
    settings = {"force": "kent", "name": "Kent’s", "from": "2020-04", "forces": ["essex", "surrey"], "source": "a list"}
    return SimilarForces.model_validate(settings | changed)


def test_a_group_is_a_set_with_all_its_members_also_those_without_records():
    sets = list_sets([make_group()], ["kent", "essex"], SPAN)
    members = sets.group_by("compared_with").agg(pl.col("force").sort()).sort("compared_with").rows()
    assert members == [("Kent’s", ["essex", "kent", "surrey"]), ("all", ["essex", "kent"])]


def test_a_group_stands_for_the_periods_its_list_holds_in():
    assert list_sets([make_group(to="2025-02")], ["kent"], SPAN).height == 0
    assert list_sets([make_group(to="2025-03")], ["kent"], SPAN).height == 3


def test_a_single_force_is_no_set():
    assert list_sets([], ["kent"], SPAN).height == 0
