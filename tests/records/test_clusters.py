"""Pairs of searches in weeks and incidents: against pairs that are looked for one by one."""

from datetime import UTC, datetime
from itertools import permutations

import numpy as np
import polars as pl
import pytest

from disparity.records.clusters import (
    CLUSTER_COUNTS,
    CLUSTER_KEYS,
    CLUSTER_SUMS,
    OF_ALL,
    OF_GROUP,
    OF_KNOWN,
    OWN_PAIRS,
    REFERENCE_PAIRS,
    name_pair,
    name_reference_pair,
    sum_months,
)
from disparity.records.counts import add_counts, count_searches, tally_searches
from disparity.vocabulary.codes import ALL, DRUG_TYPES, ETHNIC_GROUPS
from support.builders import code as code_month
from support.clusters import sum_daily

MONTH = datetime(2019, 4, 1, tzinfo=UTC).date()
TYPES = ("drugs_unspecified", "drugs_supply", "offensive_weapons")
FLAGS = CLUSTER_COUNTS[1:]


def draw_daily(seed, *, rows=120, clusters=6, kind="incident"):
    """One search a row, in few clusters."""
    generator = np.random.default_rng(seed)
    frame = pl.DataFrame(
        {
            "force": ["kent"] * rows,
            "month": [MONTH] * rows,
            "cluster": [kind] * rows,
            "cluster_id": generator.integers(0, clusters, rows),
            "self_defined_group": generator.choice([*ETHNIC_GROUPS, "Not stated"], rows),
            "officer_defined_group": generator.choice(ETHNIC_GROUPS, rows),
            "search_type": generator.choice(TYPES, rows),
            "searches": np.ones(rows, dtype=np.int64),
        }
    )
    known, outcomes, recorded = (generator.random(rows) < 0.8 for _ in range(3))
    action = outcomes & (generator.random(rows) < 0.5)
    found, arrests = known & (generator.random(rows) < 0.4), action & (generator.random(rows) < 0.5)
    flags = {
        "found": found,
        "known": known,
        "outcomes": outcomes,
        "actions": action,
        "arrests": arrests,
        "clothing_recorded": recorded,
        "clothing_removed": recorded & (generator.random(rows) < 0.3),
        **{"found_outcomes": found & outcomes, "found_arrests": found & arrests},
        **{"stated_outcomes": found & outcomes, "stated_actions": found & action},
    }
    own = pl.when(pl.int_range(pl.len()) % 11 > 0).then("self_defined_group").alias("self_defined_group")
    return frame.with_columns(own, *(pl.Series(name, flags[name].astype(np.int64)) for name in FLAGS))


def is_in(search, group, kind):
    own = search["self_defined_group"]
    in_group = group in {ALL, own} or (group == "Known" and own in ETHNIC_GROUPS)
    in_type = kind == ALL or search["search_type"] == kind or (kind == "drugs" and search["search_type"] in DRUG_TYPES)
    return in_group and in_type


def weigh(search, name, group, kind):
    """Whether a search counts in `name` of the row of this group and type."""
    if name == OF_GROUP:
        return int(is_in(search, group, ALL))
    if name in {OF_ALL, OF_KNOWN}:
        return int(is_in(search, ALL if name == OF_ALL else "Known", kind))
    return search[name] if is_in(search, group, kind) else 0


def count_pairs(daily, first, second):
    """Ordered pairs of different searches of one cluster: weights of the one times those of the other."""
    searches = daily.to_dicts()
    return sum(
        weigh(one, *first) * weigh(other, *second)
        for one, other in permutations(searches, 2)
        if one["cluster_id"] == other["cluster_id"]
    )


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("group", "kind"), [("Black", ALL), ("Asian", "drugs"), (ALL, ALL), ("Not recorded", "drugs")])
def test_sums_are_the_pairs_of_different_searches_of_one_cluster(seed, group, kind):
    daily = draw_daily(seed)
    told = daily.with_columns(pl.col("self_defined_group").fill_null("Not recorded"))
    row = (
        sum_daily(daily).filter(ethnicity_basis="self-defined", ethnic_group=group, search_type=kind).row(0, named=True)
    )
    for x, n in OWN_PAIRS:
        assert row[name_pair(x, n)] == count_pairs(told, (x, group, kind), (n, group, kind)), (x, n)
    if group in {"Black", "Asian"}:
        for x, n in REFERENCE_PAIRS:
            assert row[name_reference_pair(x, n)] == count_pairs(told, (x, group, kind), (n, "White", kind)), (x, n)


def test_a_type_that_a_group_has_no_search_of_still_pairs_with_the_reference_group():
    daily = draw_daily(1, rows=3, clusters=1).with_columns(
        pl.Series("self_defined_group", ["Black", "White", "White"]),
        pl.Series("search_type", ["offensive_weapons", "drugs_unspecified", "drugs_unspecified"]),
    )
    row = (
        sum_daily(daily)
        .filter(ethnicity_basis="self-defined", ethnic_group="Black", search_type="drugs")
        .row(0, named=True)
    )
    assert row[name_reference_pair(OF_GROUP, "searches")] == 2
    assert row[name_reference_pair("searches", "searches")] == 0


def test_rows_alike_are_added_up_and_their_order_does_not_matter():
    daily = draw_daily(3)
    keys = [name for name in daily.columns if name not in CLUSTER_COUNTS]
    summed = daily.group_by(keys).agg(pl.col(CLUSTER_COUNTS).sum())
    one, other, third = (
        sum_daily(rows).with_columns(pl.col(pl.Enum).cast(pl.String)).sort(CLUSTER_KEYS)
        for rows in (daily, summed, daily.sample(fraction=1, shuffle=True, seed=1))
    )
    assert one.equals(other)
    assert one.equals(third)


def code(rows):
    return code_month(rows, month="2023-04")


def row(time, *, place=("53.7", "-2.7")):
    return {"searched_at": time, "latitude": place[0], "longitude": place[1]}


PAIRS = name_pair("searches", "searches")


def total(counts, kind, column=PAIRS):
    found = counts.clusters.filter(cluster=kind, ethnicity_basis="self-defined", ethnic_group=ALL, search_type=ALL)
    return found[column].sum()


def test_a_week_is_a_fourth_of_the_month_by_the_uk_clock():
    # April has 30 days: the second fourth starts on the 9th, which is 23:00 of the 8th in UTC.
    times = ["2023-04-08T22:59:00+00:00", "2023-04-08T23:00:00+00:00", "2023-04-09T10:00:00+00:00"]
    counts = count_searches(code([row(time) for time in times]))
    assert total(counts, "week") == 2
    assert total(counts, "week", "days") == 2


def test_an_incident_is_a_minute_at_a_map_point():
    elsewhere = ("53.8", "-2.7")
    rows = [
        row("2023-04-08T12:01:10+00:00"),
        row("2023-04-08T12:01:50+00:00"),
        row("2023-04-08T12:02:00+00:00"),
        row("2023-04-08T12:01:00+00:00", place=elsewhere),
        row("2023-04-08T12:01:00+00:00", place=("", "")),
        row("2023-04-08T12:01:00+00:00", place=("", "")),
    ]
    assert total(count_searches(code(rows)), "incident") == 2


@pytest.mark.parametrize(("midnights", "pairs"), [(1, 2), (2, 0)])
def test_there_are_no_incidents_where_times_are_not_reliable(midnights, pairs):
    # 1 of 21 is under 5%, 2 of 22 is not; those at midnight are at places of their own.
    rows = [row(f"2023-04-{day:02}T00:00:00+00:00", place=(f"53.{day}", "-2.7")) for day in range(1, midnights + 1)]
    rows += [row("2023-04-20T12:01:00+00:00")] * 2
    rows += [row(f"2023-04-{day:02}T13:00:00+00:00") for day in range(1, 19)]
    assert total(count_searches(code(rows)), "incident") == pairs


def test_a_search_without_a_date_is_in_no_cluster():
    counts = count_searches(code([row(""), row(""), row("2023-04-08T12:01:10+00:00")]))
    assert total(counts, "week", "searches") == 1
    assert total(counts, "week") == 0


def test_a_row_that_stands_for_many_searches_is_in_no_cluster():
    searches = code([row("2023-04-08T12:01:10+00:00")] * 2).with_columns(searches=pl.lit(5, pl.Int64))
    assert tally_searches(searches).clusters.is_empty()


def test_clusters_of_parts_add_up_as_counts_do():
    rows = [row(f"2023-04-{day:02}T12:01:00+00:00") for day in (1, 1, 2, 9, 30)]
    whole = code(rows)
    one = count_searches(whole)
    april, may = whole, whole.with_columns(submission_month=pl.lit(datetime(2023, 5, 1, tzinfo=UTC).date()))
    both = add_counts([count_searches(april), count_searches(may)])
    again = add_counts([tally_searches(pl.concat([april, may]))])
    assert both.clusters.equals(again.clusters)
    assert both.clusters.filter(pl.col("month") == pl.col("month").min()).equals(one.clusters)


def test_months_are_clusters_of_their_counts():
    cells = count_searches(code([row("2023-04-08T12:01:10+00:00")] * 3)).cells
    later = cells.with_columns(pl.col("month").dt.offset_by("1mo"), searches=pl.lit(2, pl.Int64))
    periods = pl.DataFrame({"month": [cells["month"][0], later["month"][0]]}).with_columns(
        period_from=pl.col("month").min(), period_to=pl.col("month").max()
    )
    made = sum_months(pl.concat([cells, later.select(cells.columns)]), periods)
    found = made.filter(ethnicity_basis="self-defined", ethnic_group="White", search_type=ALL).row(0, named=True)
    assert found["days"] == 2
    assert found[name_pair("searches", "searches")] == 3 * 3 + 2 * 2 - 5


def test_every_sum_is_a_whole_number_of_the_table():
    assert set(sum_daily(draw_daily(1)).columns) == {*CLUSTER_KEYS, *CLUSTER_SUMS}


def test_a_part_in_which_no_search_is_in_a_cluster_adds_up_with_others():
    """Tables of the Home Office beside monthly files: their rows stand for many searches, and have no date."""
    many = code([row("2023-04-08T12:01:10+00:00")]).with_columns(pl.col("searches") * 40)
    one = code([row("2023-04-08T12:01:10+00:00")] * 2)
    parts = [tally_searches(searches) for searches in (many, one)]
    assert add_counts(parts).clusters.equals(count_searches(one).clusters)
    assert add_counts(parts[::-1]).clusters.equals(count_searches(one).clusters)
