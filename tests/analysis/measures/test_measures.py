"""Measures against published figures and hand-worked rates; every threshold of the gates in threes."""

import math
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from disparity.analysis.measures.entries import ESTIMATE_COLUMNS, MEASURES, ROW_KEYS
from disparity.analysis.measures.estimates import estimate, keep_planned
from disparity.analysis.measures.gates import log_gates, withhold_few_events
from disparity.analysis.measures.monthly import estimate_monthly
from disparity.analysis.measures.official import reconcile_official
from disparity.disclosure.plan import PLANS, Plan
from disparity.disclosure.tallies import tally_periods, tally_submissions
from disparity.records.cell_counts import CELL_COUNTS
from disparity.records.counts import add_counts
from disparity.sources.official import read_official
from disparity.sources.population import CENSUS_NAMES, choose_official, read_population, read_residents
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, OFFICER_DEFINED, SELF_DEFINED, UNKNOWN_GROUPS, read_reference
from support.cells import (
    APRIL,
    CODES,
    FORCE,
    GOLDEN,
    MARCH,
    MAY,
    RESIDENTS,
    SEVERAL,
    YEAR,
    as_published,
    cell,
    count,
    estimate_both,
    estimate_cells,
    estimate_counts,
    estimate_exactly,
    estimate_months,
    files,
    people,
    people_of_several,
    period_of,
    row_of,
)

SHOWN = {
    # status: which of value, lower, interval_method, lower_bound are given for a find rate
    "measured": (True, True, True, True),
    "small": (True, True, True, True),
    "partial": (True, False, False, True),
    "not_measurable": (False, False, False, True),
    "restricted_labels": (False, False, False, False),
}
FACTS = read_reference("ethnicity_facts_and_figures_2019_20")
YEAR_2019 = list(pl.date_range(date(2019, 4, 1), date(2020, 3, 1), "1mo", eager=True))
NO_SPLIT = ("drugs_possession", "drugs_supply")


def are_shown(row, *columns):
    return tuple(row[column] is not None for column in columns)


def find_rate(*cells, group=ALL, search_type=ALL, **settings):
    frame = estimate_cells(*cells, **settings)
    return row_of(frame, measure="find_rate", ethnic_group=group, search_type=search_type)


def search_rate(*cells, group="White", **settings):
    return row_of(estimate_cells(*cells, **settings), measure="search_rate", ethnic_group=group)


def outcomes_of(recorded, searches, group="White", search_type="other"):
    """A file with an outcome in `recorded` of its searches, every action with its flag."""
    found = recorded // 10
    known = {"found": found, "not_found": recorded - found, "outcomes": recorded}
    return cell(group, search_type, searches=searches, **known)


def links_of(recorded, actions, group="White"):
    """A file with the flag in `recorded` of its actions, half of them linked, and as many without action."""
    found = recorded // 2
    after = {"not_found_after_action": recorded - found, "unknown_after_action": actions - recorded}
    known = {"found": found, "not_found": recorded - found + actions, "actions": actions}
    return cell(group, searches=2 * actions, **known, **after)


# Published figures


@pytest.mark.parametrize("golden", GOLDEN["rates"], ids=lambda golden: golden["name"])
def test_search_rates_are_those_published(golden):
    unknown = golden.get("all", [sum(golden["searches"].values())])[0] - sum(golden["searches"].values())
    searched = golden["searches"] | {"Not stated": unknown}
    population = people(golden["residents"], total=golden.get("all", [0, 0])[1])
    frame = estimate_cells(*(cell(group, searches=n) for group, n in searched.items()), population=population)
    for group, published in golden["per_1000"].items():
        row = row_of(frame, measure="search_rate", ethnic_group=group)
        assert (as_published(row["value"], published), row["status"]) == (published, "measured")


def test_find_rates_of_lancashire_2023_24_are_those_published():
    golden = GOLDEN["finds"]
    cells = [cell(group, searches=n, found=golden["found"][group]) for group, n in golden["searches"].items()]
    frame = estimate_cells(*cells)
    for group, published in golden["percent"].items():
        row = row_of(frame, measure="find_rate", ethnic_group=group)
        percent = [100 * row[column] for column in ("value", "lower", "upper")]
        assert list(map(as_published, percent, published)) == published
    total = row_of(frame, measure="find_rate")
    assert [total["denominator"], total["numerator"]] == golden["total"]


def official_residents(months):
    return choose_official(read_residents(None), period_of(months))


@pytest.fixture(scope="module")
def official_year():
    """The official counts of eight forces, over the residents that the Home Office divides by."""
    groups = {"Unreported": "Not recorded"}
    cells = [
        cell(
            groups.get(group, group),
            force=row["force"],
            month=YEAR_2019[0],
            searches=int(float(row["searches"])),
        )
        for row in FACTS
        if (group := row["ethnic_group"]) != ALL
    ]
    return estimate_cells(*cells, population=official_residents(YEAR_2019), months=YEAR_2019)


def round_half_up(value, places):
    return Decimal(repr(value)).quantize(Decimal(places), ROUND_HALF_UP)


@pytest.mark.parametrize("force", sorted({row["force"] for row in FACTS}))
def test_official_counts_give_the_home_offices_rates_to_the_published_digit(official_year, force):
    published = [row for row in FACTS if row["force"] == force and row["rate_per_1000"]]
    assert len(published) == 6
    for fact in published:
        row = row_of(official_year, measure="search_rate", force=force, ethnic_group=fact["ethnic_group"])
        assert round_half_up(row["value"], "0.01") == Decimal(fact["rate_per_1000"])
        assert round(1_000 * row["denominator"]) == float(fact["population"])


@pytest.mark.parametrize("force", sorted({row["force"] for row in FACTS}))
def test_official_counts_give_the_home_offices_shares_to_the_published_digit(official_year, force):
    published = [row for row in FACTS if row["force"] == force and row["share_percent"]]
    assert len(published) == 5
    for fact in published:
        row = row_of(official_year, measure="search_share", force=force, ethnic_group=fact["ethnic_group"])
        assert round_half_up(100 * row["value"], "0.1") == Decimal(fact["share_percent"])
        assert row["denominator"] == float(fact["searches_known_ethnicity"])


@pytest.mark.parametrize(
    ("last_month", "base", "black_residents"),
    [
        # Lancashire: 5,377 in Ethnicity facts and figures 2019/20; 10,096 in Census 2021, TS021.
        (date(2020, 2, 1), "census_2011", 5_377),
        (date(2020, 3, 1), "census_2011", 5_377),
        (date(2020, 4, 1), "census_2021", 10_096),
    ],
)
def test_the_home_office_divides_by_2011_to_the_year_ending_march_2020_and_by_2021_after(
    last_month, base, black_residents
):
    row = row_of(official_residents([date(2019, 5, 1), last_month]), force=FORCE, ethnic_group="Black")
    assert (row["population_base"], row["population"]) == (CENSUS_NAMES[base], black_residents)


@pytest.mark.parametrize("force", sorted({row["force"] for row in FACTS}))
def test_the_official_table_gives_the_home_offices_rates_to_the_published_digit(force):
    """Whatever the records hold: 1 search here."""
    frame = estimate_cells(cell(force=force, month=YEAR_2019[0], searches=1), months=YEAR_2019)
    beside = reconcile_official(frame, no_vehicles(force), read_official(), official_residents(YEAR_2019))
    rates = dict(beside.drop_nulls("official_rate").select("ethnic_group", "official_rate").iter_rows())
    published = {row["ethnic_group"]: row for row in FACTS if row["force"] == force and row["rate_per_1000"]}
    assert rates.keys() == published.keys()
    for group, value in rates.items():
        assert round_half_up(value, "0.01") == Decimal(published[group]["rate_per_1000"])
    residents = dict(beside.drop_nulls("residents").select("ethnic_group", "residents").iter_rows())
    assert residents == {group: float(row["population"]) for group, row in published.items()}


def test_lancashires_rates_of_2019_20_are_out_of_residents_between_the_censuses():
    """1 October 2019 is day 3,110 of 3,647: 5,377 + 4,719 x 3,110 / 3,647 = 9,401.154 Black, 1,324,727.715 White.

    102 / 9.401154 = 10.8497; 5,898 / 1,324.727715 = 4.4522; the ratio is 2.4369.
    """
    days = [(day - date(2011, 3, 27)).days for day in (date(2019, 10, 1), date(2021, 3, 21))]
    assert days == [3_110, 3_647]
    cells = [cell(group, searches=n, month=YEAR_2019[0]) for group, n in {"Black": 102, "White": 5_898}.items()]
    frame = estimate_cells(*cells, population=read_population(None, period_of(YEAR_2019)), months=YEAR_2019)
    rates = {group: row_of(frame, measure="search_rate", ethnic_group=group) for group in ("Black", "White")}
    assert as_published(rates["Black"]["value"], "10.8497") == "10.8497"
    assert as_published(rates["White"]["value"], "4.4522") == "4.4522"
    assert as_published(rates["Black"]["value"] / rates["White"]["value"], "2.4369") == "2.4369"
    assert rates["Black"]["denominator"] == pytest.approx((5_377 + 4_719 * 3_110 / 3_647) / 1_000, abs=1e-6)


# Numerators and denominators


def test_every_rate_is_the_hand_worked_one():
    black = {"searches": 200, "found": 30, "not_found": 160, "not_found_after_action": 20, "actions": 50}
    black |= {"outcomes": 190, "arrests": 19, "clothing_recorded": 196, "clothing_removed": 7}
    black |= {"found_outcomes": 30, "found_arrests": 12, "stated_outcomes": 30, "stated_actions": 27}
    frame = estimate_cells(cell("Black", **black), cell("Black", "firearms", searches=50), cell(searches=750))
    rates = {
        row["measure"]: (row["numerator"], row["denominator"], row["value"])
        for row in frame.filter(pl.col("ethnic_group") == "Black", pl.col("search_type") == "other").to_dicts()
    }
    assert rates == {
        "search_rate": (200, 10, 20),  # of 10,000 residents
        "find_rate": (30, 190, 30 / 190),
        "arrest_rate": (19, 190, 0.1),
        "action_rate": (50, 190, 50 / 190),
        "clothing_removed_rate": (7, 196, 7 / 196),
        "arrest_after_find_rate": (12, 30, 0.4),
        "action_after_find_rate": (27, 30, 0.9),
        "type_share": (200, 250, 0.8),
        "search_share": (200, 950, 200 / 950),
    }


def test_all_keeps_unknown_ethnicity_and_groups_leave_it_out():
    frame = estimate_cells(cell(searches=600), cell("Not stated", searches=300), cell("Not recorded", searches=100))
    rates = frame.filter(pl.col("measure") == "search_rate", pl.col("search_type") == ALL)
    assert set(rates["ethnic_group"]) == {ALL, *ETHNIC_GROUPS}
    assert row_of(frame, measure="search_rate")["numerator"] == 1_000
    assert row_of(frame, measure="search_share", ethnic_group="White")["value"] == 1
    unknown = frame.filter(pl.col("measure") == "unknown_ethnicity_share", pl.col("search_type") == ALL)
    assert dict(unknown.select("ethnic_group", "value").iter_rows()) == {
        ALL: 0.4,
        "Not stated": 0.3,
        "Not recorded": 0.1,
    }


def test_drugs_is_the_sum_of_its_three_parts():
    parts = {"drugs_possession": 70, "drugs_supply": 20, "drugs_unspecified": 10}
    frame = estimate_cells(*(cell(search_type=name, searches=n) for name, n in parts.items()), cell(searches=100))
    assert row_of(frame, measure="search_rate", search_type="drugs")["numerator"] == 100
    assert row_of(frame, measure="type_share", search_type="drugs")["value"] == 0.5
    assert row_of(frame, measure="search_rate")["numerator"] == 200


def test_a_period_is_pooled_over_its_months_never_averaged():
    months = cell(found=1, not_found=9), cell(month=MAY, found=90, not_found=10)
    assert find_rate(*months)["value"] == 91 / 110  # the mean of 10% and 90% is 50%


def test_type_share_has_no_row_for_all_types_where_it_is_1_by_definition():
    shares = estimate_cells(cell(searches=60), cell("Black", searches=60)).filter(pl.col("measure") == "type_share")
    assert ALL not in set(shares["search_type"])


def test_a_type_in_use_has_a_zero_row_for_every_group_without_one():
    frame = estimate_cells(cell(search_type="firearms", searches=60), cell("Black", searches=60))
    row = row_of(frame, measure="search_rate", ethnic_group="Black", search_type="firearms")
    assert (row["numerator"], row["value"], row["status"]) == (0, 0, "small")


def test_estimates_are_in_the_one_order_of_measures_types_and_groups():
    frame = estimate_cells(cell("Other", searches=60), cell("Asian", "firearms", searches=60))
    assert frame.columns == ESTIMATE_COLUMNS
    assert frame["measure"].unique(maintain_order=True).to_list() == [measure.name for measure in MEASURES]
    rates = frame.filter(pl.col("measure") == "find_rate")
    in_order = ["All", "drugs", "drugs_possession", "drugs_supply", "drugs_unspecified", "firearms", "other"]
    assert rates["search_type"].unique(maintain_order=True).to_list() == in_order
    assert rates["ethnic_group"].to_list()[:8] == [ALL, *ETHNIC_GROUPS, *UNKNOWN_GROUPS]


# Evidence gate


@pytest.mark.parametrize("make", [outcomes_of, links_of], ids=["outcomes", "links"])
@pytest.mark.parametrize(
    ("recorded", "status"),
    [
        (4_999, "not_measurable"),
        (5_000, "partial"),
        (5_001, "partial"),
        (9_499, "partial"),
        (9_500, "measured"),
        (9_501, "measured"),
    ],
)
def test_find_rate_needs_95_percent_recorded_and_at_least_half_for_an_estimate(make, recorded, status):
    row = find_rate(make(recorded, 10_000))
    assert row["status"] == status
    assert are_shown(row, "value", "lower", "interval_method", "lower_bound") == SHOWN[status]


@pytest.mark.parametrize("measure", ["arrest_rate", "action_rate", "clothing_removed_rate"])
@pytest.mark.parametrize(
    ("recorded", "status"),
    [(499, "not_measurable"), (500, "partial"), (501, "partial"), (949, "partial"), (950, "measured")],
)
def test_other_rates_are_gated_by_the_coverage_of_their_one_field(measure, recorded, status):
    fields = {"outcomes": recorded, "clothing_recorded": recorded, "arrests": 100, "actions": 100}
    frame = estimate_cells(cell(searches=1_000, clothing_removed=100, **fields))
    row = row_of(frame, measure=measure)
    assert row["status"] == status
    assert row["value"] == (None if status == "not_measurable" else 100 / recorded)
    assert (row["lower_bound"], row["upper_bound"]) == (0.1, (100 + 1_000 - recorded) / 1_000)


@pytest.mark.parametrize(
    ("stated", "status"), [(499, "not_measurable"), (500, "partial"), (949, "partial"), (950, "measured")]
)
def test_an_action_after_a_find_is_measured_only_where_the_record_says_what_was_found(stated, status):
    """Where a find is told by its outcome alone, every one of them has an action: that would be 100%, of anybody."""
    frame = estimate_cells(cell(found=1_000, not_found=1_000, stated_outcomes=stated, stated_actions=stated // 2))
    row = row_of(frame, measure="action_after_find_rate")
    assert (row["status"], row["value"] is None) == (status, status == "not_measurable")
    assert row_of(frame, measure="arrest_after_find_rate")["status"] == "measured"


def test_what_could_have_followed_a_find_is_bounded_by_every_search_that_may_be_one():
    """40 finds, 30 of them arrests; 20 actions have no flag: from 30 of 60 to 50 of 60."""
    fields = {"found": 40, "not_found": 940, "unknown_after_action": 20, "actions": 60, "found_arrests": 30}
    row = row_of(estimate_cells(cell(searches=1_000, outcomes=1_000, **fields)), measure="arrest_after_find_rate")
    assert (row["status"], row["value"], row["lower_bound"], row["upper_bound"]) == ("partial", 0.75, 0.5, 50 / 60)


def test_the_worse_of_outcome_and_link_coverage_decides():
    fields = {"found": 80, "not_found": 80, "not_found_after_action": 20, "unknown_after_action": 50}
    # Flag in 100 of 150 actions (0.67), outcome in 210 of 430 searches (0.49).
    assert find_rate(cell(searches=430, actions=150, **fields))["status"] == "not_measurable"
    assert find_rate(cell(searches=420, actions=150, **fields))["status"] == "partial"


def test_a_partial_find_rate_resolves_blank_flags_like_the_known_ones():
    """100 actions: 60 linked, 20 not, 20 blank. So 15 of the blank ones are finds: 75 of 820."""
    fields = {"found": 60, "not_found": 740, "not_found_after_action": 20, "unknown_after_action": 20}
    row = find_rate(cell(searches=900, actions=100, outcomes=820, **fields))
    assert row["value"] == pytest.approx(75 / 820)
    assert (row["numerator"], row["denominator"], row["unknown"]) == (60, 800, 100)
    assert (row["lower_bound"], row["upper_bound"]) == (60 / 900, 160 / 900)


def test_a_blank_flag_never_lowers_the_find_rate():
    """The West Midlands trap: a blank flag hides only actions, so found / known is too low."""
    recorded = find_rate(links_of(1_000, 1_000))
    half_blank = find_rate(links_of(500, 1_000))
    assert half_blank["numerator"] / half_blank["denominator"] < recorded["value"]
    assert half_blank["value"] == pytest.approx(recorded["value"])


def test_a_partial_find_rate_is_resolved_within_the_group_and_type():
    fields = {"searches": 100, "actions": 80, "unknown_after_action": 20}
    black = cell("Black", found=45, not_found=35, not_found_after_action=15, **fields)  # 3 in 4 linked
    white = cell("White", found=15, not_found=65, not_found_after_action=45, **fields)  # 1 in 4
    assert find_rate(black, white, group="Black")["value"] == pytest.approx(60 / 100)
    assert find_rate(black, white, group="White")["value"] == pytest.approx(20 / 100)


def test_blank_flags_with_no_known_one_beside_them_give_no_value():
    blank = cell("Black", searches=100, found=0, not_found=60, actions=40, unknown_after_action=40)
    row = find_rate(blank, links_of(800, 1_000), group="Black")
    assert (row["status"], row["value"]) == ("partial", None)
    assert (row["lower_bound"], row["upper_bound"]) == (0, 0.4)


def test_the_gate_of_the_force_decides_for_all_its_types():
    poor = outcomes_of(10, 100, search_type="firearms")
    good = outcomes_of(60, 60, search_type="firearms")
    assert find_rate(poor, outcomes_of(10_000, 10_000), search_type="firearms")["status"] == "small"
    assert (
        find_rate(outcomes_of(60, 600, search_type="firearms"), outcomes_of(20_000, 20_000), search_type="firearms")[
            "status"
        ]
        == "measured"
    )
    assert find_rate(good, outcomes_of(800, 1_000), search_type="firearms")["status"] == "partial"
    assert find_rate(good, outcomes_of(10, 1_000), search_type="firearms")["status"] == "not_measurable"


@pytest.mark.parametrize(("recorded", "status"), [(899, "partial"), (900, "measured"), (901, "measured")])
def test_coverage_more_than_10_points_from_the_reference_lowers_that_group_only(recorded, status):
    cells = outcomes_of(recorded, 1_000, "Black"), outcomes_of(10_000, 10_000), outcomes_of(100, 100, "Asian")
    frame = estimate_cells(*cells).filter(pl.col("measure") == "find_rate", pl.col("search_type") == "other")
    statuses = dict(frame.select("ethnic_group", "status").iter_rows())
    assert statuses["Black"] == status
    assert [statuses[group] for group in (ALL, "White", "Asian")] == ["measured"] * 3


@pytest.mark.parametrize(("recorded", "status"), [(899, "partial"), (900, "measured"), (901, "measured")])
def test_link_coverage_of_a_group_counts_like_its_outcome_coverage(recorded, status):
    row = find_rate(links_of(recorded, 1_000, "Black"), links_of(10_000, 10_000), group="Black")
    assert row["status"] == status


def test_a_reference_group_recorded_worse_lowers_the_others_and_never_the_total():
    frame = estimate_cells(outcomes_of(850, 1_000), outcomes_of(10_000, 10_000, "Asian"))
    rates = frame.filter(pl.col("measure") == "find_rate", pl.col("search_type") == ALL)
    statuses = dict(rates.select("ethnic_group", "status").iter_rows())
    assert [statuses[group] for group in (ALL, "White", "Asian")] == ["measured", "measured", "partial"]


def test_uneven_coverage_leaves_what_the_force_cannot_measure_unmeasurable():
    row = find_rate(outcomes_of(1_000, 1_000, "Black"), outcomes_of(100, 10_000), group="Black")
    assert (row["status"], row["value"]) == ("not_measurable", None)


def test_no_search_at_all_measures_nothing():
    """A force that sends header-only files has rates of nothing, not of zero."""
    row = find_rate(cell(searches=0))
    assert (row["status"], row["value"], row["lower_bound"]) == ("not_measurable", None, None)


# Small numbers


@pytest.mark.parametrize("measure", ["find_rate", "arrest_rate", "action_rate", "clothing_removed_rate"])
@pytest.mark.parametrize(("searches", "status"), [(49, "small"), (50, "measured"), (51, "measured")])
def test_a_share_of_under_50_searches_is_small_and_shown(measure, searches, status):
    row = row_of(estimate_cells(cell(searches=searches, found=5)), measure=measure, ethnic_group="White")
    assert row["status"] == status
    assert are_shown(row, "value", "lower", "interval_method", "lower_bound") == SHOWN[status]


@pytest.mark.parametrize(("searches", "status"), [(9, "small"), (10, "measured"), (11, "measured")])
def test_a_search_rate_of_under_10_searches_is_small_and_shown(searches, status):
    row = search_rate(cell(searches=searches))
    assert (row["status"], row["value"]) == (status, searches / 1_000)
    assert are_shown(row, "lower", "upper", "interval_method") == (True, True, True)


@pytest.mark.parametrize(("residents", "status"), [(999, "small"), (1_000, "measured"), (1_001, "measured")])
def test_a_search_rate_of_under_1000_residents_is_small_and_shown(residents, status):
    row = search_rate(cell(searches=100), population=people(RESIDENTS | {"White": residents}))
    assert (row["status"], row["value"]) == (status, pytest.approx(100_000 / residents))


def test_a_group_without_residents_has_no_rate():
    row = search_rate(cell(searches=100), population=people(RESIDENTS | {"White": 0}))
    assert are_shown(row, "value", "lower", "upper", "interval_method") == (False, False, False, False)


# Labels


@pytest.mark.parametrize(
    ("searches", "labels", "status"),
    [
        (499, 9, "measured"),
        (500, 9, "restricted_labels"),
        (501, 9, "restricted_labels"),
        (500, 10, "measured"),
        (500, 11, "measured"),
    ],
)
def test_500_searches_in_under_10_self_defined_labels_are_restricted(searches, labels, status):
    # Not stated and blank are no labels.
    counts = count(cell(searches=searches, found=50), labels=[*CODES[:labels], "NS", None])
    frame = estimate_counts(counts)
    row = row_of(frame, measure="find_rate", ethnic_group="White")
    assert row["status"] == status
    assert are_shown(row, "value", "lower", "interval_method", "lower_bound") == SHOWN[status]
    assert row_of(frame, measure="find_rate")["status"] == "measured"


@pytest.mark.parametrize(
    ("searches", "groups", "status"),
    [(499, 2, "measured"), (500, 2, "restricted_labels"), (500, 3, "measured"), (500, 4, "measured")],
)
def test_500_searches_in_under_3_officer_defined_groups_are_restricted_on_that_basis(searches, groups, status):
    cells = cell(searches=searches), cell(searches=searches, basis=OFFICER_DEFINED)
    frame = estimate_counts(count(*cells, officer_groups=[*("White", "Black", "Asian", "Other")[:groups], None]))
    own = {"measure": "search_rate", "ethnic_group": "White"}
    assert row_of(frame, **own, ethnicity_basis=OFFICER_DEFINED)["status"] == status
    assert row_of(frame, **own)["status"] == "measured"


def of_both_bases(pairs):
    """Counts whose rows have the given self-defined code and officer-defined group, so many of each."""
    searches = sum(number for _, _, number in pairs)
    made = count(cell(searches=searches), cell(searches=searches, basis=OFFICER_DEFINED))
    rows = [(FORCE, APRIL, own, seen, number) for own, seen, number in pairs]
    used = [(FORCE, APRIL, own, seen, 0) for own in CODES for seen in ETHNIC_GROUPS]
    ethnicities = pl.DataFrame([*rows, *used], schema=made.ethnicities.schema, orient="row")
    return replace(made, ethnicities=ethnicities)


@pytest.mark.parametrize(
    ("crossed", "status"),
    # 400 and 400 on the diagonal, so many on each side off it: kappa = (800 - 2x) / (800 + 2x), 0.6 at x = 100.
    [(99, "measured"), (100, "measured"), (101, "restricted_labels")],
)
def test_officer_defined_ethnicity_that_does_not_match_its_rows_carries_no_rate(crossed, status):
    pairs = [("W1", "White", 400), ("B1", "Black", 400), ("W1", "Black", crossed), ("B1", "White", crossed)]
    frame = estimate_counts(of_both_bases(pairs))
    own = {"measure": "search_rate", "ethnic_group": "White"}
    assert row_of(frame, **own, ethnicity_basis=OFFICER_DEFINED)["status"] == status
    assert row_of(frame, **own)["status"] == "measured"


def test_an_officer_defined_group_that_is_never_used_is_missing_and_not_zero():
    frame = estimate_counts(count(cell(searches=5_000), cell(searches=5_000, basis=OFFICER_DEFINED)))
    row = row_of(frame, measure="search_rate", ethnic_group="Mixed", ethnicity_basis=OFFICER_DEFINED)
    assert (row["status"], row["value"]) == ("restricted_labels", None)
    assert row_of(frame, measure="search_rate", ethnic_group="Mixed")["status"] == "small"


# Possession and supply


def test_possession_and_supply_that_no_record_separates_are_not_measurable_and_never_zero():
    frame = estimate_cells(cell(search_type="drugs_unspecified", searches=500, found=100), cell(searches=500))
    split = frame.filter(pl.col("search_type").is_in(NO_SPLIT), ethnicity_basis=SELF_DEFINED)
    assert split.height == 2 * (3 + 6 * 8 + 6 + 8 + 5)
    assert set(split["status"]) == {"not_measurable"}
    numbers = ["numerator", "denominator", "unknown", "value", "lower", "upper", "lower_bound", "upper_bound"]
    assert split.select(pl.col(numbers).is_not_null().any()).row(0) == (False,) * 8
    assert row_of(frame, measure="find_rate", search_type="drugs")["value"] == 0.2


@pytest.mark.parametrize(
    ("unspecified", "status"),
    [
        (5_001, "not_measurable"),
        (5_000, "partial"),
        (4_999, "partial"),
        (501, "partial"),
        (500, "measured"),
        (499, "measured"),
    ],
)
def test_possession_is_measured_where_95_percent_of_drug_searches_separate_it(unspecified, status):
    parts = {"drugs_possession": 10_000 - unspecified, "drugs_unspecified": unspecified}
    frame = estimate_cells(*(cell(search_type=name, searches=n) for name, n in parts.items()))
    row = row_of(frame, measure="type_share", search_type="drugs_possession")
    assert row["status"] == status
    assert (row["numerator"] is None) == (status == "not_measurable")


# Periods and places


def test_a_rate_over_missing_months_is_annualised_and_marked_incomplete():
    row = search_rate(cell(searches=300), submitted=YEAR[:9])
    assert (row["denominator"], row["value"], row["status"]) == (750, 0.4, "incomplete")
    assert are_shown(row, "lower", "upper", "interval_method") == (True, True, True)


def test_missing_months_leave_shares_as_they_are():
    assert find_rate(cell(searches=300, found=60), submitted=YEAR[:9])["status"] == "measured"


def test_a_quarter_is_annualised_and_complete():
    row = search_rate(cell(searches=300), months=YEAR[:3])
    assert (row["denominator"], row["value"], row["status"]) == (250, 1.2, "measured")


@pytest.mark.parametrize("force", ["city-of-london", "btp", "northern-ireland"])
def test_a_force_without_residents_of_its_own_has_counts_and_find_rates_but_no_search_rate(force):
    frame = estimate_cells(cell(force=force, searches=1_000, found=200))
    row = row_of(frame, measure="search_rate", ethnic_group="White")
    assert (row["status"], row["numerator"], row["denominator"], row["value"]) == (
        "not_measurable",
        1_000,
        None,
        None,
    )
    assert row_of(frame, measure="find_rate")["value"] == 0.2


def test_a_year_of_header_only_files_is_zero_searches_not_missing():
    row = row_of(estimate_cells(cell(searches=100), forces=["kent"]), measure="search_rate", force="kent")
    assert (row["numerator"], row["value"]) == (0, 0)


# Laws

GROUPS = st.sampled_from(["White", "White", "Black", "Asian", "Not stated", "Not recorded"])
TYPES = st.sampled_from(["other", "drugs_possession", "drugs_unspecified", "firearms"])


@st.composite
def some_cells(draw, forces=(FORCE,)):
    found, after, blank, none, unknown = (draw(st.sampled_from([0, 0, 1, 7, 60, 900])) for _ in range(5))
    actions, searches = found + after + blank, found + after + blank + none + unknown
    recorded = draw(st.integers(0, searches))
    fields = {"found": found, "not_found": after + none, "not_found_after_action": after, "actions": actions}
    fields |= {"unknown_after_action": blank, "outcomes": searches - unknown, "searches": searches}
    fields |= {"arrests": draw(st.integers(0, actions)), "clothing_recorded": recorded}
    fields |= {"clothing_removed": draw(st.integers(0, recorded))}
    return cell(
        draw(GROUPS), draw(TYPES), force=draw(st.sampled_from(forces)), month=draw(st.sampled_from(YEAR)), **fields
    )


def add_up(cells):
    """One row for each key, as `count_searches` gives them."""
    counts = count(*cells)
    return replace(counts, cells=add_counts([counts]).cells)


counted = st.lists(some_cells(), min_size=1, max_size=8).map(add_up)
FLOATS = ["denominator", "value", "lower", "upper", "lower_bound", "upper_bound"]


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(st.lists(some_cells(list(SEVERAL)), min_size=4, max_size=20).map(add_up))
def test_every_number_is_finite_or_absent_and_lies_within_its_interval_and_bounds(counts):
    frame = estimate_counts(counts, population=people_of_several())
    assert frame.select(pl.col(FLOATS).is_finite().all()).row(0) == (True,) * len(FLOATS)
    low, high = pl.col("value") + 1e-12, pl.col("value") - 1e-12
    assert frame.filter((low < pl.col("lower")) | (high > pl.col("upper"))).is_empty()
    assert frame.filter((low < pl.col("lower_bound")) | (high > pl.col("upper_bound"))).is_empty()
    assert frame.filter(pl.col("value").is_not_null() & ~(pl.col("denominator") > 0)).is_empty()


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(counted, st.lists(some_cells(["kent"]), min_size=1, max_size=4).map(add_up))
def test_a_forces_figures_do_not_depend_on_the_other_forces(own, others):
    alone = estimate_counts(own)
    beside = estimate_counts(add_counts([own, others])).filter(pl.col("force") == FORCE)
    # A type that only the others use is a row of no searches.
    assert_frame_equal(beside.join(alone, on=ROW_KEYS, how="semi", maintain_order="left"), alone)
    assert beside.join(alone, on=ROW_KEYS, how="anti")["numerator"].drop_nulls().sum() == 0


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(st.lists(some_cells(), min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(cells, random):
    first = estimate_counts(add_up(cells))
    random.shuffle(cells)
    counts = count(*cells)
    assert_frame_equal(estimate_counts(counts), first)


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(counted, st.sampled_from(["White", "Black"]))
def test_a_row_of_no_searches_changes_nothing(counts, group):
    zero = cell(group, counts.cells["search_type"][0], month=counts.cells["month"][0])
    more = replace(counts, cells=pl.concat([counts.cells, count(zero).cells]))
    assert set(zero) >= set(CELL_COUNTS)
    assert_frame_equal(estimate_counts(more), estimate_counts(counts))


# Months


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(counted)
def test_monthly_counts_add_up_to_the_periods(counts):
    estimates, monthly = estimate_both(*counts.cells.to_dicts())
    keys = ["measure", "ethnic_group"]
    months = monthly.group_by(keys).agg(pl.col("numerator").sum())
    period = estimates.filter(search_type=ALL, ethnicity_basis=SELF_DEFINED).select(*keys, "numerator")
    assert_frame_equal(months, period, check_row_order=False)


def test_a_missing_month_has_empty_rows_that_say_incomplete():
    _, monthly = estimate_both(cell(searches=300), cell(month=MAY, searches=100), submitted=[APRIL, MAY])
    june = monthly.filter(pl.col("month") == YEAR[2])
    assert june.height == monthly.filter(pl.col("month") == MAY).height == 62
    assert june.select("numerator", "denominator", "value", "status").unique().rows() == [
        (None, None, None, "incomplete")
    ]
    assert monthly["month"].n_unique() == 12


def test_a_month_is_a_twelfth_of_a_year():
    _, monthly = estimate_both(cell(searches=300), *(cell(month=month, searches=10) for month in YEAR[1:]))
    row = row_of(monthly, measure="search_rate", ethnic_group="White", month=APRIL)
    assert (row["numerator"], row["value"], row["status"]) == (300, pytest.approx(3.6), "measured")


def test_a_full_month_of_a_period_that_cannot_be_measured_shows_no_value():
    cells = outcomes_of(1_000, 1_000), outcomes_of(10, 5_000) | {"month": MAY}
    _, monthly = estimate_both(*cells)
    row = row_of(monthly, measure="find_rate", month=APRIL)
    assert (row["numerator"], row["value"], row["status"]) == (100, None, "not_measurable")


def test_a_month_has_its_own_gate_too():
    """10,000 searches carry the year to 0.95; April alone is at 0.40."""
    cells = outcomes_of(40, 100), outcomes_of(10_000, 10_000) | {"month": MAY}
    estimates, monthly = estimate_both(*cells)
    assert row_of(estimates, measure="find_rate")["status"] == "measured"
    assert row_of(monthly, measure="find_rate", month=APRIL)["status"] == "not_measurable"
    assert row_of(monthly, measure="find_rate", month=MAY)["status"] == "measured"


def test_labels_folded_over_a_period_restrict_each_of_its_months():
    counts = count(*(cell(month=month, searches=60) for month in YEAR), labels=CODES[:9])
    frames = people(), files(), period_of()
    estimates = estimate_exactly(counts, *frames)
    monthly = estimate_months(counts, *frames, estimates)
    row = row_of(monthly, measure="search_rate", ethnic_group="White", month=MARCH)
    assert (row["numerator"], row["value"], row["status"]) == (60, None, "restricted_labels")


def test_a_month_is_out_of_the_residents_of_its_own_middle():
    """10,000 Black residents in April and 11,000 in May: a twelfth of a year each."""
    counts = count(*(cell("Black", month=month, searches=60) for month in (APRIL, MAY)))
    frames = files(), period_of()
    estimates = estimate_exactly(counts, people(), *frames)
    by_month = pl.concat(
        people(RESIDENTS | {"Black": size}, months=[month]) for month, size in ((APRIL, 10_000), (MAY, 11_000))
    )
    monthly = estimate_monthly(tally_submissions(counts, frames[0]), by_month, *frames, estimates)
    rates = [row_of(monthly, measure="search_rate", ethnic_group="Black", month=month) for month in (APRIL, MAY)]
    assert [row["denominator"] for row in rates] == pytest.approx([10 / 12, 11 / 12])
    assert [row["value"] for row in rates] == pytest.approx([72, 72 / 1.1])


def test_a_month_of_a_header_only_file_is_zero_searches_not_missing():
    _, monthly = estimate_both(cell(searches=300))
    row = row_of(monthly, measure="search_rate", month=MAY)
    assert (row["numerator"], row["value"], row["status"]) == (0, 0, "small")


def test_a_full_month_of_a_partial_period_is_partial():
    estimates, monthly = estimate_both(outcomes_of(1_000, 1_000), outcomes_of(800, 1_000) | {"month": MAY})
    assert row_of(estimates, measure="find_rate")["status"] == "partial"
    assert row_of(monthly, measure="find_rate", month=APRIL)["status"] == "partial"


# Official counts


def no_vehicles(force=FORCE):
    """The audit of a force and period without vehicle-only searches."""
    period = period_of(YEAR_2019).select("period_from", "period_to").unique()
    return period.with_columns(force=pl.lit(force), vehicle_searches=0)


def test_records_stand_beside_official_counts_with_their_difference():
    searched = {"White": 5_898, "Black": 102, "Asian": 1_002, "Not stated": 1_300, "Not recorded": 100}
    frame = estimate_cells(
        *(cell(group, month=YEAR_2019[0], searches=n) for group, n in searched.items()), months=YEAR_2019
    )
    beside = reconcile_official(frame, no_vehicles(), read_official(), official_residents(YEAR_2019))
    rows = {row["ethnic_group"]: row for row in beside.to_dicts()}
    assert list(rows) == [ALL, "Asian", "Black", "Mixed", "White", "Other", "Unknown"]
    facts = {
        group: (row["official_searches"], row["record_searches"], row["difference"]) for group, row in rows.items()
    }
    assert facts == {
        "All": (8_476, 8_402, -74),
        "Asian": (1_000, 1_002, 2),
        "Black": (101, 102, 1),
        "Mixed": (106, 0, -106),
        "White": (5_925, 5_898, -27),
        "Other": (31, 0, -31),
        "Unknown": (1_313, 1_400, 87),
    }
    assert rows["Asian"]["difference_share"] == 0.002
    assert rows["Asian"]["source"] == "Ethnicity facts and figures, 2019/20"


def test_a_period_without_official_counts_is_not_reconciled():
    frame, official = estimate_cells(cell(searches=100)), (read_official(), official_residents(YEAR))
    assert reconcile_official(frame, no_vehicles(), *official).is_empty()


def test_official_totals_of_2024_25_are_all_there_and_british_transport_police_by_our_id():
    totals = read_official().filter(pl.col("period_to") == date(2025, 3, 1))
    assert totals.filter(force="cleveland")["official_searches"].to_list() == [6_915]
    assert totals.filter(force="btp").height == 1
    assert totals.height == totals["force"].n_unique() == 44


# Decisions


def test_measures_that_records_do_not_carry_are_logged_as_decisions():
    cells = (
        cell(searches=1_000, found=100, outcomes=1_000, clothing_recorded=0),
        outcomes_of(800, 1_000, "Black"),
    )
    log = log_gates(estimate_cells(*cells, submitted=YEAR[:11]))
    assert log.columns == ["stage", "force", "action", "reason", "rows_before", "rows_after"]
    assert log.select("action", "reason").rows() == [
        (
            f"mark {rate} partial, 2022-04 to 2023-03",
            "part of what it needs is not recorded: estimate and bounds, no test",
        )
        for rate in ("action_rate", "arrest_after_find_rate", "arrest_rate", "clothing_removed_rate", "find_rate")
    ] + [
        (
            "mark search_rate incomplete, 2022-04 to 2023-03",
            "months are missing: annualised from the months submitted",
        )
    ]
    assert log.select("stage", "force", "rows_before", "rows_after").unique().rows() == [
        ("measures", FORCE, 2_000, 2_000)
    ]


def test_a_force_without_residents_is_logged_with_that_reason():
    log = log_gates(estimate_cells(cell(force="city-of-london", searches=1_000)))
    assert "resident" in row_of(log, force="city-of-london")["reason"]


def test_a_complete_year_of_full_records_needs_no_decision():
    assert log_gates(estimate_cells(cell(searches=1_000, found=100))).is_empty()


def test_no_measure_divides_by_zero_with_no_search_of_a_group():
    frame = estimate_cells(cell(searches=100, found=10))
    row = row_of(frame, measure="find_rate", ethnic_group="Black")
    assert (row["numerator"], row["denominator"], row["status"]) == (0, 0, "small")
    assert are_shown(row, "value", "lower", "upper", "lower_bound", "upper_bound") == (False,) * 5
    assert not any(math.isnan(value) for value in frame["value"].drop_nulls())


# Few events


@pytest.mark.parametrize(
    ("measure", "numerator", "status", "value"),
    [
        ("find_rate", 0, "suppressed", None),
        ("find_rate", 2, "suppressed", None),
        ("find_rate", 3, "measured", 0.1),
        ("search_rate", 2, "suppressed", None),
        ("type_share", 2, "measured", 0.1),
        ("unknown_ethnicity_share", 0, "measured", 0.1),
    ],
)
def test_no_rate_is_made_of_fewer_than_three_events_and_shares_are_no_rates(measure, numerator, status, value):
    made = dict.fromkeys(("value", "lower", "upper", "lower_bound", "upper_bound"), 0.1) | {"interval_method": "Wilson"}
    row = {"measure": measure, "numerator": numerator, "status": "measured"} | made
    held = withhold_few_events(pl.DataFrame([row])).row(0, named=True)
    assert (held["numerator"], held["status"]) == (numerator, status)
    assert {held[name] for name in made} == ({None} if value is None else {0.1, "Wilson"})


def test_a_rate_that_is_not_shown_anyway_keeps_the_reason_it_had():
    row = {"measure": "find_rate", "numerator": 0, "value": None, "status": "not_measurable"}
    held = withhold_few_events(pl.DataFrame([row], schema_overrides={"value": pl.Float64}))
    assert held["status"].to_list() == ["not_measurable"]


def test_a_count_that_is_not_published_gives_no_rate_and_says_why():
    tallies = tally_periods(count(cell(found=20, not_found=80)), files(), period_of())
    own = (pl.col("ethnic_group") == "White") & (pl.col("search_type") == "All")
    hidden = tallies.cells.with_columns(found=pl.when(~own).then(pl.col("found")))
    estimates = estimate(replace(tallies, cells=hidden), people(), files(), period_of())
    row = row_of(estimates, measure="find_rate", ethnic_group="White")
    assert (row["numerator"], row["denominator"], row["value"], row["status"]) == (None, 100, None, "suppressed")


def test_a_suppressed_part_is_taken_so_that_coverage_is_at_its_lowest():
    """Of 100 drug searches some do not say possession or supply, how many is suppressed: 7 at most, so 93% do."""
    tallies = tally_periods(count(cell(search_type="drugs_possession", found=20, not_found=80)), files(), period_of())
    unspecified = pl.col("search_type") == "drugs_unspecified"
    hidden = tallies.cells.with_columns(searches=pl.when(~unspecified).then(pl.col("searches")))
    estimates = estimate(replace(tallies, cells=hidden), people(), files(), period_of())
    row = row_of(estimates, measure="find_rate", ethnic_group="White", search_type="drugs_possession")
    assert row["status"] == "partial"


def test_types_by_group_are_kept_only_where_the_plan_has_them():
    rows = [("find_rate", "self-defined", "Black", kind) for kind in ("drugs", "firearms", ALL)]
    rows += [("find_rate", "self-defined", ALL, "firearms"), ("clothing_removed_rate", "self-defined", ALL, ALL)]
    rows += [("find_rate", "officer-defined", "Black", kind) for kind in ("drugs", ALL)]
    names = ["measure", "ethnicity_basis", "ethnic_group", "search_type"]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    assert keep_planned(frame, PLANS[0]).rows() == [*rows[:4], rows[6]]
    assert keep_planned(frame, Plan("none by group", ())).rows() == [rows[2], rows[3], rows[6]]
