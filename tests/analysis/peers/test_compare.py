"""Each force beside its set: who takes part, where it lies, and the same answer for any order of rows."""

import polars as pl
import pytest

from disparity.analysis.comparisons import compare
from disparity.analysis.peers.compare import compare_peers
from disparity.analysis.peers.pooled import pool_sets
from disparity.analysis.peers.rates import RATE_COLUMNS, gather_rates
from disparity.analysis.peers.sets import list_sets
from support.cells import ALL, YEAR, cell, count, estimate_counts, people, row_of

FORCES = ("lancashire", "essex", "kent", "surrey", "dorset")
BLACK = {"lancashire": 40, "essex": 60, "kent": 50, "surrey": 400, "dorset": 45}
ALL_FOUND = {"found": 300, "not_found": 1_700}


def peers(black=BLACK, *, extra=(), drop=(), shuffle=None):
    """Five forces: 10,000 Black and 1,000,000 White residents and 2,000 searches of White people each."""
    forces = [force for force in FORCES if force not in drop]
    cells = [cell("White", force=force, **ALL_FOUND) for force in forces]
    cells += [cell("Black", force=force, not_found=black[force]) for force in forces]
    estimates = estimate_counts(count(*cells, *extra), population=people(forces=tuple(forces)))
    rates = gather_rates(estimates, compare(estimates))
    if shuffle is not None:
        rates = rates.sample(fraction=1, shuffle=True, seed=shuffle)
    sets = list_sets([], forces, estimates.select("period_from", "period_to"))
    return compare_peers(rates, pool_sets(rates, sets), sets, seed=1)


def ratio_of(frame, force):
    return row_of(frame, measure="search_rate_ratio", ethnic_group="Black", force=force)


def test_the_target_is_the_pooled_ratio():
    # (595 / 50,000) / (10,000 / 5,000,000)
    assert ratio_of(peers(), "kent")["target"] == pytest.approx(5.95)
    assert ratio_of(peers(), "kent")["value"] == pytest.approx(2.5)


def test_forces_that_are_alike_all_lie_within():
    alike = dict.fromkeys(FORCES, 50)
    positions = {force: ratio_of(peers(alike), force)["position"] for force in FORCES}
    assert positions == dict.fromkeys(FORCES, "within")


def test_precision_is_by_the_events_expected_at_the_target():
    # 2,050 searches, share expected 5.95 x 10 / (5.95 x 10 + 1,000)
    share = 59.5 / 1_059.5
    assert ratio_of(peers(), "kent")["precision"] == pytest.approx(2_050 * share * (1 - share))


def test_limits_with_over_dispersion_hold_those_of_chance():
    row = ratio_of(peers(), "kent")
    assert row["lower_998"] < row["lower_95"] < row["chance_lower_95"] < row["target"]
    assert row["target"] < row["chance_upper_95"] < row["upper_95"] < row["upper_998"]
    assert row["chance_lower_998"] < row["chance_lower_95"]
    assert row["phi"] > 1 < abs(row["chance_z"] / row["z"])
    assert "additive" in row["limits_method"]


def test_where_nothing_differs_limits_are_those_of_chance():
    row = ratio_of(peers(dict.fromkeys(FORCES, 50)), "kent")
    assert (row["tau"], row["phi"]) == (0, 0)
    assert row["lower_95"] == row["chance_lower_95"]


def test_ranks_run_from_the_highest():
    rows = {force: ratio_of(peers(), force) for force in FORCES}
    assert {force: row["rank"] for force, row in rows.items()} == {
        **{"surrey": 1, "essex": 2, "kent": 3, "dorset": 4, "lancashire": 5}
    }
    assert (rows["surrey"]["rank_lower"], rows["surrey"]["rank_upper"]) == (1, 1)
    assert rows["kent"]["rank_lower"] == 2
    assert rows["kent"]["rank_upper"] >= 4


def test_a_small_value_is_pooled_but_takes_no_part_in_limits_and_ranks():
    row = ratio_of(peers(BLACK | {"kent": 9}), "kent")
    assert (row["status"], row["position"], row["rank"], row["lower_95"]) == ("small", None, None, None)
    assert row["value"] == pytest.approx(0.45)
    assert row["pooled_value"] > row["value"]
    assert row["pooled_lower"] < row["pooled_value"] < row["pooled_upper"]
    assert row["note"].startswith("not measured")
    assert row["measured_forces"] == 4


@pytest.mark.parametrize(("dropped", "has_limits"), [(("kent", "dorset"), True), (("kent", "dorset", "essex"), False)])
def test_three_measured_values_have_limits_and_two_do_not(dropped, has_limits):
    row = ratio_of(peers(drop=dropped), "surrey")
    assert (row["lower_95"] is not None) == has_limits
    assert (row["rank"] is not None) == has_limits
    assert ("no limits" in (row["note"] or "")) != has_limits
    assert row["pooled_value"] is None
    assert row["target"] is not None


def test_a_force_whose_rate_is_not_measurable_is_listed_with_nulls():
    unknown = [cell("White", force="lancashire", searches=9_000, found=0, not_found=0, outcomes=0)]
    row = row_of(peers(extra=unknown), measure="find_rate", force="lancashire")
    assert (row["status"], row["value"], row["z"]) == ("not_measurable", None, None)
    assert row["note"].startswith("not measured")


def test_find_rates_of_all_and_of_groups_are_compared():
    frame = peers().filter(pl.col("measure") == "find_rate")
    assert {"Black", "White", ALL} <= set(frame["ethnic_group"])
    row = row_of(frame, force="surrey")
    # 300 of 2,400 against 1,500 of 10,595
    assert row["value"] == pytest.approx(0.125)
    assert row["target"] == pytest.approx(1_500 / 10_595)
    assert row["precision"] == 2_400


def test_find_rates_of_a_force_that_never_links_a_type_are_not_set_beside_others():
    unlinked = [
        cell("White", "drugs_unspecified", force="kent", searches=100, found=0, not_found_after_action=60, actions=60)
    ]
    frame = peers(extra=unlinked)
    assert row_of(frame, measure="find_rate", force="kent")["status"] == "not_measurable"
    assert row_of(frame, measure="find_rate", force="essex")["status"] == "measured"


def compare_ratios(cells):
    """Compare forces by searches and thousand residents, of Black and of White people."""
    first, last = YEAR[0], YEAR[-1]
    rows = [
        ("search_rate_ratio", force, first, last, "Black", x1 / t1 / (x2 / t2), x1, t1, x2, t2, "measured")
        for force, (x1, t1, x2, t2) in cells.items()
    ]
    rates = pl.DataFrame(rows, RATE_COLUMNS, orient="row").cast({"events": pl.Float64, "reference_events": pl.Float64})
    sets = list_sets([], list(cells), pl.DataFrame({"period_from": [first], "period_to": [last]}))
    return compare_peers(rates, pool_sets(rates, sets), sets, seed=1)


def test_every_value_on_one_side_of_the_target_is_said():
    # Everyone is searched less in Essex, where most Black people live: each ratio is 2, the pooled one 0.71.
    frame = compare_ratios(
        {
            "kent": (40, 10.0, 2_000, 1_000.0),
            "dorset": (40, 10.0, 2_000, 1_000.0),
            "essex": (1_000, 1_000.0, 500, 1_000.0),
        }
    )
    assert frame["value"].to_list() == [2.0, 2.0, 2.0]
    assert frame["target"][0] == pytest.approx(1_080 / 1_020 / (4_500 / 3_000))
    assert set(frame["note"]) == {"every measured value of the set lies on one side of the pooled value"}


def test_one_force_far_from_many_alike_stands_out_and_no_other_does():
    alike = {f"force-{number}": (100, 10.0, 5_000, 1_000.0) for number in range(10)}
    for searches, position in ((400, "above_998"), (25, "below_998")):
        frame = compare_ratios(alike | {"kent": (searches, 10.0, 5_000, 1_000.0)})
        positions = dict(frame.select("force", "position").iter_rows())
        assert positions == dict.fromkeys(alike, "within") | {"kent": position}


def test_the_order_of_rows_does_not_matter():
    frames = [peers(shuffle=seed) for seed in (1, 2)]
    assert frames[0].equals(frames[1])


def test_a_publication_of_one_force_compares_nothing():
    assert peers(drop=FORCES[1:]).height == 0
