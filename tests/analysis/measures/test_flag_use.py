"""A type of search that does not use the linked flag has bounds only, and so has a total that hangs on it."""

import polars as pl
import pytest

from disparity.analysis.comparisons import compare
from disparity.analysis.measures.estimates import estimate
from disparity.analysis.measures.flag_use import list_unused_flags
from disparity.analysis.peers.rates import gather_rates
from disparity.disclosure.tallies import TALLY_KEYS, Tallies, tally_periods
from disparity.vocabulary.codes import ALL
from support.cells import cell as cell_of
from support.cells import count, estimate_cells, files, people, period_of, row_of

FINDS = {"measure": "find_rate"}


def cell(group="White", search_type="other", **counted):
    """As `support.cells.cell`, with every action but the finds flagged as not linked."""
    row = cell_of(group, search_type, **counted)
    return row | {"not_found_after_action": row["actions"] - row["found"] - row["unknown_after_action"]}


def theft(actions, group="White"):
    return cell(group, "stolen_property", searches=500, actions=actions)


DRUGS = [cell(group, "drugs_unspecified", found=200, not_found=800) for group in ("White", "Black")]


@pytest.mark.parametrize(("actions", "status"), [(29, "measured"), (30, "not_measurable"), (31, "not_measurable")])
def test_a_type_that_does_not_use_the_flag_and_all_types_together_have_bounds_only(actions, status):
    """By hand, at 30 actions: of 500 thefts 0 to 30 found; of 2,500 searches 400 to 430."""
    frame = estimate_cells(*DRUGS, theft(actions))
    rows = [row_of(frame, **FINDS, search_type=kind) for kind in ("stolen_property", ALL)]
    assert [row["status"] for row in rows] == [status, status]
    if status == "not_measurable":
        assert [(row["value"], row["lower"], row["upper"]) for row in rows] == [(None, None, None)] * 2
        shown = [(row["lower_bound"], row["upper_bound"], row["denominator"], row["unknown"]) for row in rows]
        assert shown == [
            (0, actions / 500, 500 - actions, actions),
            (0.16, (400 + actions) / 2_500, 2_500 - actions, actions),
        ]
    drugs = row_of(frame, **FINDS, search_type="drugs")
    assert (drugs["status"], drugs["value"]) == ("measured", 0.2)


def test_types_that_use_the_flag_are_compared_and_all_types_are_not():
    """South Yorkshire: a difference over all searches that vanishes within drug searches."""
    frame = compare(estimate_cells(*DRUGS, theft(30), cell("Black", "stolen_property", searches=500)))
    found = dict(
        frame.filter(**FINDS, ethnic_group="Black", ethnicity_basis="self-defined")
        .select("search_type", "status")
        .iter_rows()
    )
    assert found == {ALL: "not_measurable", "drugs": "measured", "stolen_property": "not_measurable"} | {
        kind: found[kind] for kind in found if kind.startswith("drugs_")
    }


@pytest.mark.parametrize(
    ("finds", "overall"), [(568, "not_measurable"), (570, "measured"), (572, "measured")], ids=["5.02%", "5%", "4.98%"]
)
def test_a_twentieth_of_the_actions_may_be_unresolved(finds, overall):
    """30 of 598, 600 and 602 actions; what is left of the overall rate leaves them out, as any blank flag."""
    row = row_of(estimate_cells(cell(found=finds, not_found=900), theft(30)), **FINDS)
    assert row["status"] == overall
    if overall == "measured":
        assert row["value"] == pytest.approx(finds / (finds + 900 + 470))


def test_drugs_as_one_have_bounds_only_where_a_part_does_not_use_the_flag():
    parts = [
        cell("White", "drugs_supply", found=200, not_found=300),
        cell("White", "drugs_possession", searches=500, actions=60),
    ]
    frame = estimate_cells(*parts, cell(found=900, not_found=900))
    found = {
        kind: row_of(frame, **FINDS, search_type=kind)["status"]
        for kind in ("drugs", "drugs_supply", "drugs_possession")
    }
    assert found == {"drugs": "not_measurable", "drugs_supply": "measured", "drugs_possession": "not_measurable"}


def test_the_gate_of_the_types_that_use_the_flag_does_not_count_the_others():
    """Of 300 actions after other searches 30 are blank, of 400 in all 130: 0.9 against 0.675."""
    some = cell(searches=1_000, found=200, actions=300, unknown_after_action=30, not_found=770)
    frame = estimate_cells(some, theft(100))
    assert row_of(frame, **FINDS, search_type="other")["status"] == "partial"
    measured = cell(searches=1_000, found=200, actions=300, unknown_after_action=15, not_found=785)
    assert row_of(estimate_cells(measured, theft(100)), **FINDS, search_type="other")["status"] == "measured"


def test_a_flag_that_is_always_false_measures_nothing():
    frame = estimate_cells(theft(30), cell(searches=100, actions=2))
    found = frame.filter(**FINDS, ethnic_group=ALL, ethnicity_basis="self-defined").filter(pl.col("denominator") > 0)
    assert set(found["status"]) == {"not_measurable"}
    assert row_of(frame, **FINDS)["upper_bound"] == pytest.approx(32 / 600)


def test_other_measures_are_what_they_are_without_the_rule():
    row = row_of(estimate_cells(*DRUGS, theft(30)), measure="action_rate")
    assert (row["numerator"], row["denominator"], row["status"]) == (430, 2_500, "measured")


def test_between_forces_an_overall_find_rate_that_hangs_on_such_types_takes_no_part():
    estimates = estimate_cells(*DRUGS, theft(30))
    rates = gather_rates(estimates, compare(estimates)).filter(measure="find_rate", ethnic_group=ALL)
    assert rates.select("value", "status").rows() == [(None, "not_measurable")]


# Protected counts: actions are not counted by type.


def estimate_protected(*cells):
    counts = count(*cells)
    tallies = tally_periods(counts, files(), period_of())
    unplanned = [pl.lit(None, pl.Int64).alias(name) for name in ("not_found", "not_found_after_action")]
    by_type = [
        pl.when(pl.col("search_type") == ALL).then(name).alias(name) for name in ("actions", "unknown_after_action")
    ]
    protected = tallies.cells.with_columns(*unplanned, *by_type)
    assert protected.select(TALLY_KEYS).is_unique().all()
    return estimate(Tallies(protected, tallies.labels), people(), files(), period_of())


@pytest.mark.parametrize(("searches", "status"), [(199, "measured"), (200, "not_measurable"), (201, "not_measurable")])
def test_in_a_restricted_publication_200_searches_without_a_find_are_such_a_type(searches, status):
    frame = estimate_protected(*DRUGS, cell("White", "stolen_property", searches=searches, actions=40))
    row = row_of(frame, **FINDS, search_type="stolen_property")
    assert row["status"] == status
    assert row_of(frame, **FINDS)["status"] == status
    assert row_of(frame, **FINDS, search_type="drugs")["status"] == "measured"


def test_in_a_restricted_publication_bounds_are_those_that_protected_counts_carry():
    """Of the type nobody can say how many actions there are; overall, at most all 440 - 400 that are not linked."""
    frame = estimate_protected(*DRUGS, cell("White", "stolen_property", searches=500, actions=40))
    assert row_of(frame, **FINDS, search_type="stolen_property")["upper_bound"] is None
    overall = row_of(frame, **FINDS)
    assert (overall["lower_bound"], overall["upper_bound"]) == (400 / 2_500, 440 / 2_500)


def test_in_a_restricted_publication_a_force_without_a_flag_keeps_its_bounds():
    blank = {"found": 0, "not_found": 450, "actions": 50, "unknown_after_action": 50}
    frame = estimate_protected(cell("White", "firearms", searches=500, **blank))
    row = row_of(frame, **FINDS, search_type="firearms")
    assert (row["status"], row["lower_bound"], row["upper_bound"]) == ("not_measurable", 0, 0.1)


# What sentences name.


def test_types_that_do_not_use_the_flag_are_named_from_what_is_published():
    frame = list_unused_flags(estimate_cells(*DRUGS, theft(30)))
    assert frame.columns == ["force", "period_from", "period_to", "ethnicity_basis", "search_type"]
    assert set(frame["search_type"]) == {"stolen_property"}


def test_drugs_are_named_once():
    drugs = cell("Black", "drugs_unspecified", searches=500, actions=60)
    frame = list_unused_flags(estimate_cells(drugs, cell("White", "firearms", found=100, not_found=400)))
    assert frame.filter(ethnicity_basis="self-defined")["search_type"].to_list() == ["drugs"]


def test_a_flag_that_is_blank_throughout_is_missing_and_not_unused():
    blank = {"found": 0, "not_found": 450, "actions": 50, "unknown_after_action": 50}
    assert list_unused_flags(estimate_cells(cell(searches=500, **blank))).is_empty()
