"""Searches set against other populations: by hand, on real records, and where there is nothing to set against."""

from dataclasses import replace

import polars as pl
import pytest
from scipy.stats import binomtest

from disparity.analysis.comparisons import compare
from disparity.analysis.measures.clusters import NO_CLUSTERS
from disparity.analysis.reasons.benchmarks import BENCHMARK_RATIO_COLUMNS, set_against
from disparity.analysis.reasons.rows import REASON_COLUMNS
from disparity.records.counts import PEOPLE_KEYS
from disparity.sources.benchmarks import BENCHMARK_COLUMNS, read_benchmarks
from support.cells import FORCE, YEAR, as_bases, cell, count, estimate_counts, people, period_of, row_of

REASONS = pl.DataFrame(schema=dict.fromkeys(REASON_COLUMNS, pl.String) | {
    "period_from": pl.Date, "period_to": pl.Date, "value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64,
})  # fmt: skip


def benchmark(counts, *, name="Victims", force=FORCE, basis="self-defined", age=None):
    """Rows of one benchmark: group → number, or (group, age) → number."""
    keyed = {key if isinstance(key, tuple) else (key, age): number for key, number in counts.items()}
    rows = [
        (name, name, basis, force, group, of_age, number, "2023", "A survey", "That it fits.")
        for (group, of_age), number in keyed.items()
    ]
    kinds = dict.fromkeys(BENCHMARK_COLUMNS, pl.String) | {"count": pl.Int64}
    return pl.DataFrame(rows, kinds, orient="row")


def against(searches, benchmarks, *, ages=None, reasons=REASONS, **settings):
    """Set (group → searches) against benchmarks, in one year of one force."""
    counts = count(*(cell(group, searches=number) for group, number in searches.items()))
    schema = {**dict.fromkeys(PEOPLE_KEYS, pl.String), "month": pl.Date, "searches": pl.Int64}
    rows = [(FORCE, YEAR[0], group, "Male", age, number) for (group, age), number in (ages or {}).items()]
    counts = replace(counts, people=pl.DataFrame(rows, schema, orient="row"))
    estimates = estimate_counts(counts, **settings)
    compared = compare(estimates)
    made = compared, reasons, as_bases(settings.get("population", people()))
    return set_against(estimates, made, benchmarks, (counts.people, period_of(YEAR)), NO_CLUSTERS)


def test_searches_for_each_count_of_the_benchmark_by_hand() -> None:
    """90 searches of Black people for 300 victims, 600 of White for 6,000: 0.3 against 0.1."""
    found = against({"Black": 90, "White": 600}, benchmark({"Black": 300, "White": 6_000}))
    assert found.columns == BENCHMARK_RATIO_COLUMNS
    row = row_of(found, benchmark="Victims", ethnic_group="Black")
    assert row["ratio"] == pytest.approx(3)
    # Exact, given the sum of both: Clopper and Pearson's limits of 90 in 690, as scipy gives them.
    share = binomtest(90, 690).proportion_ci(method="exact")
    limits = [end / (1 - end) * 6_000 / 300 for end in (share.low, share.high)]
    assert [row["ratio_lower"], row["ratio_upper"]] == pytest.approx(limits)
    assert (row["benchmark_count"], row["benchmark_reference_count"]) == (300, 6_000)


def test_residents_come_first_and_their_ratio_is_that_of_the_comparison() -> None:
    found = against({"Black": 90, "White": 600}, benchmark({"Black": 300, "White": 6_000}))
    assert found["benchmark"].unique(maintain_order=True).to_list() == ["residents", "Victims"]
    row = row_of(found, benchmark="residents", ethnic_group="Black")
    assert row["ratio"] == pytest.approx((90 / 10_000) / (600 / 1_000_000))
    assert (row["benchmark_count"], row["benchmark_reference_count"]) == (10_000, 1_000_000)


def test_what_the_reasons_say_of_ages_and_places_is_repeated_and_not_made_anew() -> None:
    rows = [
        (FORCE, YEAR[0], YEAR[-1], "Black", "White", analysis, component, value, value / 2, value * 2, "")
        for analysis, component, value in (
            ("age_sex_standardised", "ratio", 9.0),
            ("ratio_over_areas", "within", 7.0),
            ("ratio_over_fifths", "mantel_haenszel", 5.0),
        )
    ]
    reasons = pl.DataFrame(rows, REASONS.schema, orient="row")
    found = against({"Black": 90, "White": 600}, benchmark({}), reasons=reasons)
    assert dict(found.select("benchmark", "ratio").iter_rows())["same_ages"] == 9
    assert row_of(found, benchmark="same_places", ethnic_group="Black")["ratio_upper"] == 14
    assert row_of(found, benchmark="same_fifths", ethnic_group="Black")["ratio_lower"] == 2.5
    listed = found["benchmark"].unique(maintain_order=True).to_list()
    assert listed == ["residents", "same_ages", "same_places", "same_fifths"]


def test_within_ages_a_group_that_is_only_younger_has_no_ratio() -> None:
    """Half of each count is searched at 18 to 24 and a tenth at over 34, in both groups: 1; over all ages 0.42/0.18."""
    counts = {("Black", "18-24"): 800, ("Black", "over 34"): 200, ("White", "18-24"): 200, ("White", "over 34"): 800}
    ages = {("Black", "18-24"): 400, ("Black", "over 34"): 20, ("White", "18-24"): 100, ("White", "over 34"): 80}
    by_age = against({"Black": 420, "White": 180}, benchmark(counts), ages=ages)
    assert row_of(by_age, benchmark="Victims", ethnic_group="Black")["ratio"] == pytest.approx(1)
    plain = against({"Black": 420, "White": 180}, benchmark({"Black": 1_000, "White": 1_000}), ages=ages)
    assert row_of(plain, benchmark="Victims", ethnic_group="Black")["ratio"] == pytest.approx(0.42 / 0.18)


def test_within_ages_nothing_is_said_where_more_than_a_tenth_give_no_age() -> None:
    counts = {(group, "18-24"): 500 for group in ("Black", "White")}
    for blank, is_said in ((10, True), (60, False)):
        ages = {("Black", "18-24"): 100, ("White", "18-24"): 100, ("White", None): blank}
        found = against({"Black": 100, "White": 100 + blank}, benchmark(counts), ages=ages)
        assert ("Victims" in set(found["benchmark"])) == is_said


def test_few_searches_or_few_counts_are_marked() -> None:
    found = against({"Black": 9, "Asian": 50, "White": 600}, benchmark({"Black": 300, "Asian": 49, "White": 6_000}))
    assert {row_of(found, benchmark="Victims", ethnic_group=group)["status"] for group in ("Black", "Asian")} == {
        "small"
    }


def test_a_benchmark_without_the_group_or_the_force_has_no_row() -> None:
    other = benchmark({"Black": 300, "White": 6_000}, force="kent")
    none = benchmark({"Black": 0, "White": 6_000}, name="None")
    found = against({"Black": 90, "White": 600}, pl.concat([other, none]))
    assert set(found["benchmark"]) == {"residents"}


def test_force_used_is_set_against_searches_as_officers_saw_them() -> None:
    cells = [
        *(cell(group, searches=number) for group, number in (("Black", 90), ("White", 600))),
        *(cell(group, searches=n, basis="officer-defined") for group, n in (("Black", 120), ("White", 600))),
    ]
    counts = count(*cells)
    estimates = estimate_counts(counts)
    made = compare(estimates), REASONS, as_bases(people())
    found = set_against(estimates, made, read_benchmarks([], {FORCE}), (counts.people, period_of(YEAR)), NO_CLUSTERS)
    row = row_of(found, benchmark="use_of_force", ethnic_group="Black", ethnicity_basis="officer-defined")
    # Lancashire, 2019/20: 330 reports with a Black person, 11,664 with a White one.
    assert row["ratio"] == pytest.approx((120 / 330) / (600 / 11_664))
    arrests = row_of(found, benchmark="arrests", ethnic_group="Black")
    assert arrests["ratio"] == pytest.approx((90 / 214) / (600 / 17_737))
    assert arrests["benchmark_period"] == "2016/17"
