"""Estimates and comparisons of searches that come in clusters."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from scipy import stats

from disparity.analysis.comparisons import HIGHER, LOWER, UNCOMPARED
from disparity.analysis.measures.clusters import NO_CLUSTERS, gather_clusters
from disparity.analysis.measures.estimates import estimate
from disparity.disclosure.design_effects import summarise_design_effect
from disparity.disclosure.open import Detail
from disparity.disclosure.tallies import tally_periods
from disparity.records.cell_counts import CELL_COUNTS
from disparity.records.clusters import CLUSTER_COUNTS
from disparity.records.counts import CELL_KEYS
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, SELF_DEFINED
from support.cells import NONE, YEAR, cell, compare_by_chance, count, files, people, period_of, row_of
from support.clusters import sum_daily

# A hundredth of these are searched a year: White 10,000, Black 600.
PEOPLE = {"Asian": 150_000, "Black": 60_000, "Mixed": 40_000, "White": 1_000_000, "Other": 30_000}
FIND_RATE = 0.25


def list_months(number):
    return YEAR[:number]


def draw_operations(generator, forces, months, *, size=4.0):
    """Searches in operations of one to three days, each of one group, some of `size` a day; equal rates of all groups.

    Some operations find much, and some little.
    """
    last = pl.Series([months[-1]]).dt.month_end()[0]
    days = pl.date_range(months[0], last, "1d", eager=True)
    rows = []
    for group in ETHNIC_GROUPS:
        a_day = PEOPLE[group] * 0.01 / 365
        starts = generator.poisson(a_day / (2 * size), (forces, len(days) + 2))
        force, start = np.nonzero(starts)
        times = starts[force, start]
        force, start = np.repeat(force, times), np.repeat(start, times)
        lengths, finds = generator.integers(1, 4, len(start)), generator.beta(2, 6, len(start))
        for later in range(3):
            day = start - 2 + later
            is_on = (later < lengths) & (day >= 0) & (day < len(days))
            searches = generator.poisson(size, is_on.sum())
            found = generator.binomial(searches, finds[is_on])
            rows.append(
                pl.DataFrame(
                    {"force": force[is_on], "day": day[is_on], "searches": searches, "found": found}
                ).with_columns(group=pl.lit(group))
            )
    drawn = pl.concat(rows).filter(pl.col("searches") > 0)
    return count_daily(
        drawn.with_columns(pl.format("force-{}", "force").alias("force"), days.gather(drawn["day"]).alias("date"))
    )


def count_daily(drawn):
    """Make Counts of force, date, group, searches, found; all is recorded, and every find is an arrest."""
    n, x = pl.col("searches").cast(pl.Int64), pl.col("found").cast(pl.Int64)
    daily = drawn.select(
        "force",
        pl.col("date").dt.month_start().alias("month"),
        pl.lit("day").alias("cluster"),
        pl.col("date").to_physical().cast(pl.Int64).alias("cluster_id"),
        pl.col("group").alias("self_defined_group"),
        pl.col("group").alias("officer_defined_group"),
        pl.lit("drugs_unspecified").alias("search_type"),
        *(n.alias(name) for name in ("searches", "known", "outcomes", "clothing_recorded")),
        *(x.alias(name) for name in ("found", "actions", "arrests", "found_outcomes", "found_arrests")),
        *(pl.lit(0, pl.Int64).alias(name) for name in ("clothing_removed", "stated_outcomes", "stated_actions")),
    )
    cells = daily.with_columns(
        pl.col("self_defined_group").alias("ethnic_group"),
        ethnicity_basis=pl.lit(SELF_DEFINED),
        not_found=pl.col("known") - pl.col("found"),
        not_found_after_action=pl.lit(0, pl.Int64),
        unknown_after_action=pl.lit(0, pl.Int64),
    )
    summed = cells.group_by(CELL_KEYS).agg(pl.col(*CELL_COUNTS).sum()).sort(CELL_KEYS)
    full = count(*(cell("White", "other", force=force, searches=0) for force in sorted(set(drawn["force"]))))
    clusters = sum_daily(
        daily.select(
            "force",
            "month",
            "cluster",
            "cluster_id",
            "self_defined_group",
            "officer_defined_group",
            "search_type",
            *CLUSTER_COUNTS,
        )
    )
    texts = clusters.with_columns(pl.col(pl.Enum).cast(pl.String))
    return replace(NONE, cells=summed, ethnicities=full.ethnicities, clusters=texts)


def state(counts, months, *, clustered=True):
    """Estimates and comparisons of counts, each force a publication."""
    forces, periods = sorted(set(counts.cells["force"])), period_of(months)
    submitted = files(forces=forces, months=months)
    residents = people(PEOPLE, forces=forces, months=months)
    clusters = gather_clusters(Detail(counts), periods) if clustered else NO_CLUSTERS
    estimates = estimate(tally_periods(counts, submitted, periods), residents, submitted, periods, clusters)
    return estimates, compare_by_chance(estimates, clusters=clusters)


def share_stated(comparisons):
    own = comparisons.filter(
        pl.col("measure").is_in(["search_rate", "find_rate"]), search_type=ALL, ethnicity_basis=SELF_DEFINED
    )
    stated = own.group_by("force").agg(pl.col("verdict").is_in([HIGHER, LOWER]).any())
    return stated["verdict"].mean()


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 3, 5, 12])
def test_operations_alone_are_hardly_ever_stated_as_a_difference(number):
    """All groups are searched and found alike; 300 publications, so that 5% has an error of 1.3 points."""
    months = list_months(number)
    counts = draw_operations(np.random.default_rng(number), 300, months)
    assert share_stated(state(counts, months)[1]) <= 0.05 + 2 * 0.013
    assert share_stated(state(counts, months, clustered=False)[1]) > 0.25


def every_day(months, *, black=1, white=10, date_to=None):
    days = pl.date_range(months[0], date_to or pl.Series([months[-1]]).dt.month_end()[0], "1d", eager=True)
    rows = [(day, group, n) for day in days for group, n in (("Black", black), ("White", white))]
    frame = pl.DataFrame(rows, schema=["date", "group", "searches"], orient="row")
    return count_daily(frame.with_columns(force=pl.lit("lancashire"), found=pl.lit(0)))


@pytest.mark.parametrize(("last", "is_tested"), [(19, False), (20, True)])
def test_a_period_of_fewer_than_twenty_days_with_a_search_is_not_tested(last, is_tested):
    months = list_months(1)
    comparisons = state(every_day(months, date_to=date(2022, 4, last)), months)[1]
    row = row_of(comparisons, measure="search_rate", ethnic_group="Black")
    assert (row["p_value"] is not None) is is_tested
    assert (row["verdict"] == UNCOMPARED) is not is_tested


def test_what_is_in_the_table_gives_p_again():
    months = list_months(5)
    _, comparisons = state(draw_operations(np.random.default_rng(3), 3, months), months)
    tested = comparisons.drop_nulls("p_value").filter(pl.col("test").str.starts_with("clusters"))
    assert tested.height > 10
    value = np.where(tested["measure"] == "search_rate", np.log(tested["ratio"]), tested["difference"])
    p = 2 * stats.t.sf(np.abs(value) / tested["standard_error"], tested["degrees_of_freedom"])
    np.testing.assert_allclose(p, tested["p_value"])
    assert tested["is_clustered"].all()


def test_an_interval_is_never_narrower_than_that_of_independent_searches():
    months = list_months(12)
    counts = draw_operations(np.random.default_rng(4), 3, months)
    for wide, narrow, columns in zip(
        state(counts, months), state(counts, months, clustered=False), (("",), ("ratio_", "difference_")), strict=True
    ):
        for start in columns:
            both = wide.hstack(narrow.select(low=f"{start}lower", high=f"{start}upper")).drop_nulls(["low", "high"])
            assert both.height
            assert (both[f"{start}lower"] <= both["low"] + 1e-12).all()
            assert (both[f"{start}upper"] >= both["high"] - 1e-12).all()


def test_searches_that_come_every_day_alike_stay_as_exact():
    months = list_months(5)
    estimates, comparisons = state(every_day(months), months)
    row = row_of(comparisons, measure="search_rate", ethnic_group="Black")
    assert row["design_effect"] == 1
    assert row["test"] == "exact conditional binomial"
    assert row_of(estimates, measure="search_rate", ethnic_group="Black")["interval_method"] == "exact Poisson"


def test_without_dates_and_with_few_months_nothing_is_known_of_clusters():
    months = list_months(5)
    counts = replace(every_day(months), clusters=NONE.clusters)
    row = row_of(state(counts, months)[1], measure="search_rate", ethnic_group="Black")
    assert row["is_clustered"] is False
    assert row["design_effect"] is None
    assert row["p_value"] is not None
    assert row["degrees_of_freedom"] == np.inf


@pytest.mark.parametrize(("number", "is_clustered"), [(5, False), (6, True)])
def test_months_are_clusters_from_six_on(number, is_clustered):
    months = list_months(number)
    counts = replace(every_day(months), clusters=NONE.clusters)
    assert row_of(state(counts, months)[1], measure="search_rate", ethnic_group="Black")["is_clustered"] is is_clustered


def test_a_share_of_two_kinds_of_unknown_ethnicity_has_the_sums_of_both():
    months = list_months(3)
    counts = draw_operations(np.random.default_rng(6), 1, months)
    estimates, _ = state(counts, months)
    row = row_of(estimates, measure="unknown_ethnicity_share")
    assert row["numerator"] == 0
    assert row["lower"] == 0


def test_a_design_effect_for_publication_is_rounded_up_to_a_half():
    months = list_months(12)
    counts = draw_operations(np.random.default_rng(7), 4, months)
    effects = summarise_design_effect(counts)
    exact = state(counts, months)[1].filter(
        pl.col("measure") == "search_rate", search_type=ALL, ethnicity_basis=SELF_DEFINED
    )
    assert effects["force"].to_list() == sorted(set(counts.cells["force"]))
    assert ((effects["design_effect"] * 2) % 1 == 0).all()
    assert (effects["design_effect"] >= 1).all()
    largest = exact.group_by("force").agg(pl.col("design_effect").max().alias("exact")).sort("force")
    # Of every group with 100 searches: and of the t that few clusters call for.
    assert (effects["design_effect"] >= largest["exact"] - 0.5).all()


def test_a_force_without_dates_and_with_few_months_has_no_design_effect():
    counts = replace(every_day(list_months(5)), clusters=NONE.clusters)
    assert summarise_design_effect(counts).is_empty()
