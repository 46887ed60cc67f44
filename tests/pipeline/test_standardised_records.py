"""Standardised ratios of real forces against a second script, which shares no code and reads the files itself."""

import csv
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from disparity.analysis.comparisons import compare
from disparity.analysis.reasons.standardised import standardise_by_age_and_sex
from disparity.disclosure.open import open_counts
from disparity.records.audit.files import Audit
from disparity.records.audit.months import list_submitted
from disparity.records.counts import Counts
from disparity.sources.census_ages import read_census_ages, spread_over_ages
from disparity.sources.population import choose_headline, list_bases, read_residents
from support.cells import estimate_exactly
from support.real_records import read_real

FORCES = ["kent", "lancashire", "nottinghamshire"]
AGES = {"under 10": "under 25", "10-17": "under 25", "18-24": "under 25", "25-34": "25-34", "over 34": "over 34"}
CENSUS_AGES = {"under_10": "under 25", "10-17": "under 25", "18-24": "under 25", "25-34": "25-34", "over_34": "over 34"}
COUNTED = {2011: date(2011, 3, 27), 2021: date(2021, 3, 21)}


@pytest.fixture(scope="module")
def ingested(records: Path) -> tuple[Audit, Counts]:
    return read_real(records)


def count_by_hand(records: Path, force: str) -> dict[str, Counter[tuple[str, str]]]:
    """Searches of people by group, then age band and sex, of two years; the group by how its label begins."""
    counted: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for path in sorted(records.glob(f"*/*-{force}-stop-and-search.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["Type"] != "Vehicle search":
                    group = row["Self-defined ethnicity"].split(" ")[0].split("/")[0]
                    counted[group][AGES.get(row["Age range"], ""), row["Gender"]] += 1
    return counted


def count_residents(records: Path, force: str, middle: float) -> dict[str, dict[tuple[str, str], float]]:
    """Five-group totals on a straight line between the censuses, by the shares of age and sex on theirs."""
    start, end = (day.toordinal() for day in COUNTED.values())
    weight = (middle - start) / (end - start)
    data = records.parent
    totals: dict[str, float] = Counter()
    parts: dict[str, dict[tuple[str, str], float]] = defaultdict(Counter)
    for year, share in ((2011, 1 - weight), (2021, weight)):
        with (data / f"population/census{year}_force_ethnicity5.csv").open() as file:
            for row in csv.DictReader(file):
                if row["force"] == force:
                    totals[row["ethnic_group"]] += share * int(row["population"])
        with (data / f"open/census/census{year}_force_ethnicity5_police_age_sex.csv").open() as file:
            for row in csv.DictReader(file):
                if row["force"] == force:
                    band = CENSUS_AGES[row["age_range"]], row["sex"].capitalize()
                    parts[row["ethnic_group"]][band] += share * int(row["population"])
    return {
        group: {band: totals[group] * part / sum(bands.values()) for band, part in bands.items()}
        for group, bands in parts.items()
    }


@pytest.mark.parametrize("force", FORCES)
def test_the_ratio_at_the_same_ages_is_that_of_a_script_of_its_own(
    records: Path, ingested: tuple[Audit, Counts], force: str
) -> None:
    """Two years as one period, of 731 days: its middle is noon of 31 March 2020."""
    audit, counts = ingested
    span = {"period_from": date(2019, 4, 1), "period_to": date(2021, 3, 1)}
    months = pl.date_range(*span.values(), "1mo", eager=True)
    periods = pl.DataFrame({"month": months}).with_columns(**{name: pl.lit(day) for name, day in span.items()})
    bases = list_bases(read_residents(None), periods)
    submitted = list_submitted(audit.submissions)
    estimates = estimate_exactly(counts, choose_headline(bases), submitted, periods)
    frame = standardise_by_age_and_sex(
        open_counts(counts, submitted, periods).detail.people,
        spread_over_ages(bases, read_census_ages()),
        estimates,
        compare(estimates).filter(measure="search_rate"),
    )
    found = {
        (group, component): value
        for group, component, value in frame.filter(force=force).select("ethnic_group", "component", "value").rows()
    }
    searches, residents = (
        count_by_hand(records, force),
        count_residents(records, force, date(2020, 3, 31).toordinal() + 0.5),
    )
    standard: Counter[tuple[str, str]] = Counter()
    for bands in residents.values():
        standard.update(bands)
    rates = {
        group: sum(standard[band] * searches[group][band] / bands[band] for band in bands) / sum(standard.values())
        for group, bands in residents.items()
    }
    expected = sum(
        people * searches["White"][band] / residents["White"][band] for band, people in residents["Black"].items()
    )
    placed = sum(searches["Black"][band] for band in residents["Black"])
    assert found["Black", "ratio"] == pytest.approx(rates["Black"] / rates["White"], rel=1e-6)
    assert found["Black", "rate"] == pytest.approx(
        1_000 * rates["Black"] / 2, rel=1e-3
    )  # two years of days, and a leap
    assert found["Black", "indirect_ratio"] == pytest.approx(placed / expected, rel=1e-6)
