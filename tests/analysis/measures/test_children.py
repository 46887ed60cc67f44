"""Children apart from adults, and what followed a find: recounts of real rows, and the laws of age bands."""

import csv
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from disparity.analysis.measures.children import hide_few, share_hours
from disparity.disclosure.age_bands import pick_band
from disparity.disclosure.open import Detail
from disparity.records.ages import AFTER_SCHOOL, NIGHT
from disparity.records.counts import count_searches
from disparity.vocabulary.codes import ADULTS, AGE_BANDS, CHILDREN, SELF_DEFINED, UNDER_10
from support.builders import BLACK, WHITE, code
from support.cells import period_of
from support.real_records import read_real

FORCES = ("kent", "nottinghamshire", "west-yorkshire")
AGES = ("under 10", "10-17", "18-24", "25-34", "over 34", None)


def read_rows(records: Path, force: str):
    """Give every row of the year ending March 2020 on a person, as the publisher wrote it."""
    months = [f"2019-{month:02}" for month in range(4, 13)] + [f"2020-{month:02}" for month in range(1, 4)]
    for month in months:
        with (records / month / f"{month}-{force}-stop-and-search.csv").open(encoding="utf-8-sig", newline="") as file:
            yield from (row for row in csv.DictReader(file) if row["Type"] != "Vehicle search")


def name_group(label: str) -> str:
    start = label.partition("/")[0].partition(" - ")[0]
    if start == "Other ethnic group":
        return "Not stated" if "stated" in label else "Other"
    return start or "Not recorded"


@pytest.mark.slow
@pytest.mark.parametrize("force", FORCES)
def test_children_of_each_group_are_as_many_as_a_plain_reading_of_the_rows_counts(records, force):
    plain = Counter(
        name_group(row["Self-defined ethnicity"]) for row in read_rows(records, force) if row["Age range"] == "10-17"
    )
    year = pl.col("month") <= pl.date(2020, 3, 1)
    cells = pick_band(Detail(read_real(records)[1]), CHILDREN).cells.filter(
        year, force=force, ethnicity_basis=SELF_DEFINED
    )
    counted = dict(cells.group_by("ethnic_group").agg(pl.col("searches").sum()).iter_rows())
    assert counted == plain
    assert min(counted["Black"], counted["White"]) > 100 or force == "nottinghamshire"


@pytest.mark.slow
@pytest.mark.parametrize("force", FORCES)
def test_arrests_after_finds_are_as_many_as_a_plain_reading_of_the_rows_counts(records, force):
    nothing = "A no further action disposal"
    finds = [
        (name_group(row["Self-defined ethnicity"]), row["Outcome"] == "Arrest")
        for row in read_rows(records, force)
        if row["Outcome linked to object of search"] == "True" and row["Outcome"] not in ("", nothing)
    ]
    plain, arrested = Counter(group for group, _ in finds), Counter(group for group, is_arrest in finds if is_arrest)
    year = pl.col("month") <= pl.date(2020, 3, 1)
    cells = read_real(records)[1].cells.filter(year, force=force, ethnicity_basis=SELF_DEFINED)
    for name, expected in (("found_outcomes", plain), ("found_arrests", arrested)):
        counted = dict(cells.group_by("ethnic_group").agg(pl.col(name).sum()).iter_rows())
        assert {group: number for group, number in counted.items() if number} == expected
    # An outcome told these finds: no record says by itself that the item was found.
    assert cells["stated_outcomes"].sum() == 0


def count_ages(*rows):
    """Make counts of rows of age, self-defined ethnicity and outcome."""
    names = ("age_group", "self_defined_ethnicity", "outcome")
    return Detail(count_searches(code([dict(zip(names, row, strict=True)) for row in rows])))


def test_children_searched_together_are_pairs_of_children_and_of_no_adult():
    """Three children and two adults in one minute at one point: 3 x 2 pairs; of another day a child alone has none."""
    together = {"searched_at": "2019-04-10T15:07:00+00:00", "latitude": "53.76", "longitude": "-2.7"}
    later = together | {"searched_at": "2019-04-29T15:07:00+00:00"}
    people = [(together, "10-17")] * 3 + [(together, "18-24")] * 2 + [(later, "10-17")]
    rows = [place | {"age_group": age, "self_defined_ethnicity": BLACK} for place, age in people]
    counts = Detail(count_searches(code(rows, month="2019-04")))
    own = pick_band(counts, CHILDREN).clusters.filter(
        ethnic_group="Black", search_type="All", ethnicity_basis=SELF_DEFINED
    )
    assert own.select("cluster", "searches_with_searches").sort("cluster").rows() == [("incident", 6), ("week", 6)]
    assert pick_band(counts, ADULTS).clusters.is_empty()


def test_every_search_is_of_one_age_band_or_of_no_age():
    counts = count_ages(*((age, WHITE, "Arrest") for age in AGES for _ in range(3)))
    by_band = {band: pick_band(counts, band).cells.filter(ethnicity_basis=SELF_DEFINED) for band in AGE_BANDS}
    assert {band: cells["searches"].sum() for band, cells in by_band.items()} == {UNDER_10: 3, CHILDREN: 3, ADULTS: 9}
    assert by_band[ADULTS]["arrests"].sum() == 9
    assert counts.ages.filter(pl.col("age_band").is_null())["searches"].sum() == 3


def test_an_adult_is_in_no_count_of_children_whatever_else_is_alike():
    counts = count_ages(("10-17", BLACK, "Arrest"), ("18-24", BLACK, "Arrest"), ("18-24", BLACK, None))
    children, adults = (
        pick_band(counts, band).cells.filter(ethnicity_basis=SELF_DEFINED) for band in (CHILDREN, ADULTS)
    )
    assert (children["searches"].sum(), children["outcomes"].sum()) == (1, 1)
    assert (adults["searches"].sum(), adults["outcomes"].sum()) == (2, 1)


@pytest.mark.parametrize(
    ("measure", "numerator", "denominator", "is_shown"),
    [
        *(("search_rate", searches, 5_000.0, searches > 9) for searches in (9, 10, 11)),
        *(("find_rate", 12, float(searches), searches > 49) for searches in (49, 50, 51)),
        ("clothing_removed_rate", 9, 900.0, False),
    ],
)
def test_nothing_is_shown_of_fewer_than_ten_searches_or_as_a_share_of_fewer_than_fifty(
    measure, numerator, denominator, is_shown
):
    row = {
        **{"measure": measure, "numerator": numerator, "denominator": denominator, "unknown": 0, "status": "measured"},
        **dict.fromkeys(("value", "lower", "upper", "lower_bound", "upper_bound"), 0.5),
    }
    (shown,) = hide_few(pl.DataFrame([row])).to_dicts()
    assert (shown["status"] == "suppressed") == (not is_shown)
    kept = [shown[name] for name in row if name not in ("measure", "status")]
    assert all((value is not None) == is_shown for value in kept)


def test_hours_are_of_months_that_record_times_by_the_uk_clock():
    """In May the clock is an hour ahead of UTC: 14:30 UTC is half past three."""
    rows = [("2019-05-04T14:30:00+00:00", 30), ("2019-05-04T21:10:00+00:00", 30), ("2019-05-04T09:00:00+00:00", 40)]
    searches = [{"age_group": "10-17", "searched_at": time} for time, times in rows for _ in range(times)]
    hours = count_searches(code(searches, month="2019-05")).hours
    assert dict(hours.select("hours", "searches").iter_rows()) == {AFTER_SCHOOL: 30, NIGHT: 30, "other hours": 40}
    force, month = hours.row(0)[:2]
    for is_reliable, value in ((True, 0.3), (False, None), (None, None)):
        audit = {"force": [force], "month": [month], "is_time_reliable": [is_reliable]}
        submissions = pl.DataFrame(audit, schema_overrides={"is_time_reliable": pl.Boolean})
        made = share_hours(hours, submissions, period_of([month]))
        assert made["value"].to_list() == [value, value]
        assert made["unknown"].to_list() == [0 if is_reliable else 100] * 2
