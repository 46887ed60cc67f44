"""Search rates by age and sex: against a script of its own on real records, and where nothing can be said."""

import csv
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from disparity.analysis.measures.breakdowns import Whole
from disparity.analysis.reasons.age_rates import AGE_RATE_COLUMNS, rate_by_age
from disparity.disclosure.open import Detail, open_counts
from disparity.records.audit.months import list_submitted
from disparity.records.counts import PEOPLE_KEYS, Counts
from disparity.sources.census_ages import name_basis, read_age_ranges, spread_over_ages
from disparity.sources.population import list_bases, read_residents
from support.cells import FORCE, YEAR, cell, count, row_of
from support.real_records import FORCES, read_real

SPAN = {"period_from": date(2019, 4, 1), "period_to": date(2020, 3, 1)}
AGES = {"under_10": "under 10", "10-17": "10-17", "18-24": "18-24", "25-34": "25-34", "over_34": "over 34"}
YOUNG_MEN = {"age_group": "18-24", "gender": "Male"}


def cut(months):
    return pl.DataFrame({"month": months}).with_columns(period_from=pl.lit(months[0]), period_to=pl.lit(months[-1]))


@pytest.fixture(scope="module")
def rates(records: Path) -> pl.DataFrame:
    audit, counts = read_real(records)
    periods = cut(pl.date_range(*SPAN.values(), "1mo", eager=True))
    submitted = list_submitted(audit.submissions).join(periods, on="month", how="semi")
    kept = open_counts(counts, submitted, periods)
    bases = list_bases(read_residents(None), periods)
    residents = name_basis(spread_over_ages(bases, read_age_ranges()))
    return rate_by_age(Whole(kept.detail, kept.years, submitted, periods), residents)


def count_by_hand(records: Path, force: str) -> Counter[tuple[str, str, str]]:
    """Searches of people in the year, by group (how its label begins), age range and sex."""
    counted: Counter[tuple[str, str, str]] = Counter()
    for path in sorted(records.glob(f"*/*-{force}-stop-and-search.csv")):
        if "2019-04" <= path.name[:7] <= "2020-03":
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    if row["Type"] != "Vehicle search":
                        group = row["Self-defined ethnicity"].split(" ")[0].split("/")[0]
                        counted[group, row["Age range"], row["Gender"]] += 1
    return counted


def count_residents(records: Path, force: str, group: str) -> dict[tuple[str, str], float]:
    """Residents at the middle of the year, of 366 days: totals on a line between the censuses, by parts on theirs."""
    days = [date(2011, 3, 27).toordinal(), date(2021, 3, 21).toordinal()]
    weight = (date(2019, 10, 1).toordinal() - days[0]) / (days[1] - days[0])
    total, parts = 0.0, Counter()
    for year, share in ((2011, 1 - weight), (2021, weight)):
        with (records.parent / f"population/census{year}_force_ethnicity5.csv").open() as file:
            total += share * sum(
                int(row["population"])
                for row in csv.DictReader(file)
                if (row["force"], row["ethnic_group"]) == (force, group)
            )
        with (records.parent / f"open/census/census{year}_force_ethnicity5_police_age_sex.csv").open() as file:
            for row in csv.DictReader(file):
                if (row["force"], row["ethnic_group"]) == (force, group):
                    parts[AGES[row["age_range"]], row["sex"].capitalize()] += share * int(row["population"])
    return {band: total * part / sum(parts.values()) for band, part in parts.items()}


@pytest.mark.parametrize("force", ["kent", "nottinghamshire", "lancashire"])
def test_rates_and_ratios_are_those_of_a_script_of_its_own(records: Path, rates: pl.DataFrame, force: str) -> None:
    searches = count_by_hand(records, force)
    residents = {group: count_residents(records, force, group) for group in ("Black", "White")}
    for age in AGES.values():
        for sex in ("Male", "Female"):
            row = {
                group: row_of(rates, force=force, age_group=age, gender=sex, ethnic_group=group) for group in residents
            }
            for group, people in residents.items():
                assert row[group]["numerator"] == searches[group, age, sex]
                if row[group]["value"] is not None:
                    assert 1_000 * row[group]["denominator"] == pytest.approx(people[age, sex], rel=1e-6)
            if row["Black"]["ratio"] is not None:
                expected = (searches["Black", age, sex] / residents["Black"][age, sex]) / (
                    searches["White", age, sex] / residents["White"][age, sex]
                )
                assert row["Black"]["ratio"] == pytest.approx(expected, rel=1e-6)


def test_kent_young_black_men_are_searched_at_five_times_the_rate_of_young_white_men(rates: pl.DataFrame) -> None:
    found = rates.filter(force="kent", **YOUNG_MEN)
    white, black = (row_of(found, ethnic_group=group) for group in ("White", "Black"))
    assert (round(white["value"], 1), round(black["value"], 1), round(black["ratio"], 2)) == (33.6, 165.4, 4.92)
    assert black["verdict"] == "higher"
    assert black["ratio_lower"] < 4.92 < black["ratio_upper"]


def test_every_search_is_counted_once_or_unknown(rates: pl.DataFrame) -> None:
    of_all = rates.filter(force="kent", ethnic_group="All")
    assert of_all["unknown"].n_unique() == 1
    sums = rates.filter(force="kent").group_by("ethnic_group").agg(pl.col("numerator").sum(), pl.col("unknown").first())
    searches = dict(sums.select("ethnic_group", pl.col("numerator") + pl.col("unknown")).iter_rows())
    assert searches["All"] > sum(n for group, n in searches.items() if group != "All")


def test_a_force_that_records_no_age_has_no_rate(rates: pl.DataFrame) -> None:
    assert set(rates["force"]) == {*FORCES} - {"south-wales"}


def test_only_what_the_census_of_2021_splits_is_estimated(rates: pl.DataFrame) -> None:
    assert set(rates.filter(residents_basis="estimated")["age_group"]) == {"under 10", "10-17", "18-24"}


def rate(searches, *, size=50_000, basis="counted"):
    """Rates of one force: (group, age, sex) → searches; as many residents of every kind."""
    schema = {**dict.fromkeys(PEOPLE_KEYS, pl.String), "month": pl.Date, "searches": pl.Int64}
    rows = [(FORCE, YEAR[0], group, sex, age, n) for (group, age, sex), n in searches.items()]
    cells = [cell(group, searches=n) for (group, _, _), n in searches.items()]
    counts: Counts = replace(count(*cells), people=pl.DataFrame(rows, schema, orient="row"))
    submitted = pl.DataFrame({"force": [FORCE] * 12, "month": YEAR, "submission": YEAR})
    kept = open_counts(counts, submitted, cut(YEAR))
    kinds = [(group, "18-24", sex) for group in ("Black", "White") for sex in ("Male", "Female")]
    residents = pl.DataFrame(kinds, ["ethnic_group", "age_group", "gender"], orient="row").with_columns(
        force=pl.lit(FORCE),
        period_from=pl.lit(YEAR[0]),
        period_to=pl.lit(YEAR[-1]),
        population=pl.lit(float(size)),
        residents_basis=pl.lit(basis),
    )
    return rate_by_age(Whole(Detail(kept.detail), kept.years, submitted, cut(YEAR)), residents)


@pytest.mark.parametrize(("size", "basis"), [(299, "estimated"), (300, "estimated"), (299, "counted")])
def test_residents_that_are_few_and_estimated_give_no_rate(size: int, basis: str) -> None:
    found = rate({("White", "18-24", "Male"): 90, ("Black", "18-24", "Male"): 90}, size=size, basis=basis)
    row = row_of(found, ethnic_group="Black", **YOUNG_MEN)
    is_guess = (size, basis) == (299, "estimated")
    assert (row["value"] is None) == (row["denominator"] is None) == (row["ratio"] is None) == is_guess
    assert row["status"] == ("not_measurable" if is_guess else "small")


def test_with_one_search_in_five_without_an_age_the_rate_is_an_estimate_and_nothing_is_tested() -> None:
    found = rate({("White", "18-24", "Male"): 800, ("White", None, "Male"): 200, ("Black", "18-24", "Male"): 100})
    row = row_of(found, ethnic_group="White", **YOUNG_MEN)
    assert (row["status"], row["numerator"], row["unknown"]) == ("partial", 800, 200)
    assert row["value"] == pytest.approx(1_000 * 1_000 / 50_000)
    assert set(found["p_value"]) == {None}


def test_age_ranges_of_the_home_office_are_never_divided_by_residents_of_the_portals() -> None:
    assert rate({("White", "18-24", "Male"): 800}).height > 0
    found = rate({("White", "18-24", "Male"): 800, ("White", "25-29", "Male"): 200})
    assert found.is_empty()
    assert found.columns == AGE_RATE_COLUMNS
