"""The forces nearest by residents: worked out again from the open tables, and a group that is never the official."""

import csv
from collections import defaultdict
from datetime import date
from math import dist, log
from statistics import fmean, median, stdev

import polars as pl
import pytest

from disparity.analysis.history import rate_officially
from disparity.analysis.peers.nearest import (
    KEPT,
    PREFIX,
    TYPICAL_DISTANCE,
    list_nearest_groups,
    rate_nearest,
    read_nearest,
    withhold_rates,
)
from disparity.analysis.peers.sets import list_sets
from disparity.sources.official import read_official_years, recount_residents
from disparity.vocabulary.codes import force_names, read_reference

YEAR = pl.DataFrame({"period_from": [date(2019, 4, 1)], "period_to": [date(2020, 3, 1)]})


def test_every_force_but_the_city_of_london_has_seven_nearest_in_order() -> None:
    table = read_nearest()
    places = table.group_by("force").agg("place", "distance", "nearest_force")
    assert set(table["force"]) | set(table["nearest_force"]) < set(force_names())
    assert places.height == 42
    assert "city-of-london" not in {*table["force"], *table["nearest_force"]}
    for force, place, distances, nearest in places.iter_rows():
        assert place == list(range(1, 8)), force
        assert distances == sorted(distances)
        assert len({*nearest} - {force}) == 7


def test_the_only_force_without_any_near_is_the_metropolitan() -> None:
    first = read_nearest().filter(place=1)
    assert first.filter(~pl.col("is_near"))["force"].to_list() == ["metropolitan"]


def test_the_distances_are_those_of_the_open_tables(records) -> None:
    """Without a data frame, from the tables as they were published: standardise, square, mean by topic, root."""
    folder = records.parent / "open"
    if not folder.is_dir():
        pytest.skip("the open tables are not beside the records")
    people: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def add(path: str, topic: str, by: str) -> None:
        with (folder / path).open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                people[topic, row["force"]][row[by]] += int(row["population"])

    add("census/census2021_force_ethnicity5_police_age_sex.csv", "age", "age_range")
    add("deprivation/force_imd_quintile_ethnicity5.csv", "deprivation", "imd_quintile")
    for row in read_reference("census2021_force_ethnicity5"):
        people["ethnicity", row["force"]][row["ethnic_group"]] += int(row["population"])
    hectares: dict[str, float] = defaultdict(float)
    columns = ["force", "rural_urban", "area_ha", "asian", "black", "mixed", "other", "white"]
    for force, kind, area, *groups in (
        pl.read_parquet(folder / "geography" / "lsoa21.parquet", columns=columns).select(columns).iter_rows()
    ):
        people["urban", force][kind] += sum(groups)
        hectares[force] += area
    forces = sorted(force for topic, force in people if topic == "urban" and force != "city-of-london")
    shares: dict[str, dict[str, list[float]]] = defaultdict(dict)
    for topic in ("age", "ethnicity", "deprivation", "urban"):
        names = sorted({name for force in forces for name in people[topic, force]})
        for name in ["Urban"] if topic == "urban" else names:
            shares[topic][name] = [
                people[topic, force].get(name, 0) / sum(people[topic, force].values()) for force in forces
            ]
    shares["density"][""] = [log(sum(people["urban", force].values()) / hectares[force]) for force in forces]
    scores = {
        topic: list(zip(*[[(x - fmean(each)) / stdev(each) for x in each] for each in of.values()], strict=True))
        for topic, of in shares.items()
    }

    def measure(a: int, b: int) -> float:
        return fmean(dist(own[a], own[b]) ** 2 / len(own[a]) for own in scores.values()) ** 0.5

    between = {(a, b): measure(a, b) for a in range(len(forces)) for b in range(len(forces)) if a != b}
    assert median(between.values()) == pytest.approx(TYPICAL_DISTANCE, abs=0.0006)
    for a, force in enumerate(forces):
        nearest = sorted((between[a, b], other) for b, other in enumerate(forces) if b != a)[:7]
        shipped = read_nearest().filter(force=force)
        assert shipped["nearest_force"].to_list() == [other for _, other in nearest]
        assert shipped["distance"].to_list() == pytest.approx([gap for gap, _ in nearest], abs=0.0006)


def test_a_computed_set_is_made_only_of_forces_with_records_enough_and_named_for_what_it_is() -> None:
    assert list_nearest_groups(["kent"]) == ()
    assert list_nearest_groups(["kent", "essex"]) == ()
    groups = list_nearest_groups(["kent", "essex", "northamptonshire"])
    assert [group.name for group in groups] == [PREFIX + force for force in ("essex", "kent", "northamptonshire")]
    sets = list_sets(groups, ["kent", "essex", "northamptonshire"], YEAR)
    members = sets.filter(compared_with=PREFIX + "kent")["force"]
    assert set(members) == {*read_nearest().filter(force="kent")["nearest_force"], "kent"}


def test_official_rates_of_the_nearest_are_out_of_the_residents_of_the_year() -> None:
    table = rate_nearest(
        rate_officially(recount_residents(read_official_years())), ["kent", "city-of-london", "nowhere"]
    )
    assert set(table["force"]) == {"kent"}
    black = table.filter(ethnic_group="Black")
    assert black["place"].to_list() == list(range(8))
    assert black["nearest_force"].to_list()[:2] == ["kent", "essex"]
    # 819 searches of Black people officially, by Ethnicity facts and figures; 22,879 residents in 2011.
    own = black.row(0, named=True)
    assert own["searches"] == round(35.8 * 22.879)
    assert 22_879 < own["residents"] < 60_000


def test_what_is_kept_of_a_restricted_publication_is_no_count() -> None:
    kept = withhold_rates(rate_nearest(rate_officially(read_official_years()), ["kent"]))
    assert kept.height == 8
    assert {name for name in kept.columns if kept[name].null_count() < 8} == {*KEPT}
