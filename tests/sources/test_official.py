"""Official counts carried with the package: held against the figures as published."""

import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from disparity.sources.official import COLUMNS, read_official, read_official_children, read_official_years
from disparity.vocabulary.codes import force_names, read_reference

NATIONAL = {"All": 58_298, "Asian": 3_045, "Black": 5_200, "Mixed": 3_606, "White": 36_923, "Other": 908}
CENSUS_2011 = "census2011_force_ethnicity5"
YEAR = (date(2019, 4, 1), date(2020, 3, 1))


def counts_of(force: str, period_to: date) -> dict[str, int]:
    rows = read_official().filter(pl.col("force") == force, pl.col("period_to") == period_to)
    return dict(rows.select("ethnic_group", "official_searches").iter_rows())


def test_lancashires_official_counts_of_2019_20_are_those_published() -> None:
    """Ethnicity facts and figures, 2019/20; known ethnicity 7,163, so 1,313 unknown."""
    counts = counts_of("lancashire", YEAR[1])
    assert (counts["All"], counts["White"], counts["Black"], counts["Asian"]) == (8_476, 5_925, 101, 1_000)
    assert counts["Unknown"] == 8_476 - 7_163


def test_each_of_the_eight_forces_adds_up_to_its_total() -> None:
    table = read_official().filter(pl.col("period_to") == YEAR[1])
    assert table["force"].n_unique() == 8
    for force in table["force"].unique():
        counts = counts_of(force, YEAR[1])
        assert counts.pop("All") == sum(counts.values())
        assert set(counts) == {"Asian", "Black", "Mixed", "White", "Other", "Unknown"}


def test_force_totals_of_2024_25_sum_to_the_published_total() -> None:
    """Home Office SS_20: 528,582 with British Transport Police (15,108)."""
    table = read_official().filter(pl.col("period_from") == date(2024, 4, 1))
    assert table["official_searches"].sum() == 528_582
    assert counts_of("btp", date(2025, 3, 1)) == {"All": 15_108}
    assert counts_of("metropolitan", date(2025, 3, 1)) == {"All": 122_631}
    assert table["period_to"].unique().to_list() == [date(2025, 3, 1)]


def test_every_official_count_names_its_source_once() -> None:
    table = read_official()
    assert tuple(table.columns) == COLUMNS
    assert table.null_count().sum_horizontal().item() == 0
    assert table.select("force", "period_to", "ethnic_group").is_unique().all()
    assert table["source"].n_unique() == 2


def test_official_figures_of_children_add_up_to_the_national_ones() -> None:
    """Home Office, year ending March 2025, ages 10 to 17: arrests in all, and by group."""
    rows = read_reference("home_office_children_2024_25")
    arrests = {group: sum(int(row["arrests"]) for row in rows if row["ethnic_group"] == group) for group in NATIONAL}
    assert arrests == NATIONAL
    assert len({row["force"] for row in rows}) == 42  # 43 forces, two of them as London
    assert {row["force"] for row in rows} - {"london"} | {"metropolitan", "city-of-london"} < set(force_names())


def test_both_forces_of_london_have_its_official_figures_of_children_and_say_so() -> None:
    table = read_official_children(["city-of-london", "kent", "metropolitan", "btp"])
    assert set(table["force"]) == {"city-of-london", "kent", "metropolitan"}
    of_all = {row["force"]: row for row in table.filter(ethnic_group="All").to_dicts()}
    assert of_all["metropolitan"]["arrests"] == of_all["city-of-london"]["arrests"] == 8_741
    assert of_all["metropolitan"]["covers"] == "Metropolitan Police and City of London Police"
    assert (of_all["kent"]["covers"], round(of_all["kent"]["official_rate"], 2)) == (None, 15.78)


EVERY = {"Asian", "Black", "Mixed", "White", "Other", "Unknown"}


def test_official_years_hold_each_force_year_once_and_its_groups_add_up_to_its_total() -> None:
    years = read_official_years()
    assert (years["period_from"].min(), years["period_to"].max()) == (date(2006, 4, 1), date(2020, 3, 1))
    keys = ["force", "period_from"]
    assert years.select(*keys, "ethnic_group").is_unique().all()
    # 43 forces for 14 years, British Transport Police for 11.
    assert years.filter(ethnic_group="All").height == 43 * 14 + 11
    for counted in ("searches", "arrests"):
        given = years.filter(pl.col(counted).is_not_null())
        totals = given.filter(ethnic_group="All").select(*keys, total=counted)
        sums = given.filter(pl.col("ethnic_group").is_in(EVERY)).group_by(keys).agg(pl.col(counted).sum())
        joined = totals.join(sums, on=keys)
        assert joined.height == totals.height > 500
        assert joined.filter(pl.col(counted) != pl.col("total")).is_empty(), counted


def test_arrests_of_all_forces_are_those_published() -> None:
    """Home Office, Police powers and procedures: 1,353,740 in 2010/11, 781,250 in 2016/17, 698,737 in 2017/18."""
    arrests = dict(
        read_official_years()
        .filter(ethnic_group="All")
        .group_by("period_from")
        .agg(pl.col("arrests").sum())
        .iter_rows()
    )
    assert [arrests[date(year, 4, 1)] for year in (2010, 2016, 2017)] == [1_353_740, 781_250, 698_737]
    none = read_official_years().filter(pl.col("period_from") <= date(2017, 4, 1), pl.col("arrests").is_null())
    # Lancashire gave none for 2017/18; no arrests of British Transport Police are in the table.
    assert set(none["force"]) == {"btp", "lancashire"}
    assert none.filter(force="lancashire")["period_from"].unique().to_list() == [date(2017, 4, 1)]


def test_official_years_are_out_of_the_census_of_2011_with_chinese_people_where_each_year_has_them() -> None:
    years = read_official_years().filter(pl.col("residents").is_not_null())
    census = {(row["force"], row["ethnic_group"]): int(row["population"]) for row in read_reference(CENSUS_2011)}
    latest = years.filter(classification=2011, ethnic_group="Asian")
    assert set(latest["period_from"]) == {date(2019, 4, 1)}
    seen = {row["force"]: row["residents"] for row in latest.iter_rows(named=True)}
    assert len(seen) == 42
    assert seen == {force: census[force, "Asian"] for force in seen}
    # Chinese people move from Other to Asian, and nobody else: 6,046 in Lancashire.
    before = years.filter(force="lancashire", period_from=date(2018, 4, 1))
    apart = {group: count - census["lancashire", group] for group, count in _count(before).items() if group != "All"}
    assert apart == {"Asian": -6_046, "Other": 6_046, "Black": 0, "Mixed": 0, "White": 0}


def _count(rows: pl.DataFrame) -> dict[str, int]:
    return dict(rows.select("ethnic_group", "residents").iter_rows())


def test_official_years_agree_with_the_counts_of_2019_20_that_records_are_held_against() -> None:
    keys = ["force", "period_to", "ethnic_group"]
    both = read_official().filter(pl.col("period_to") == YEAR[1]).join(read_official_years(), on=keys)
    assert both.height == 8 * 7
    assert both.filter(pl.col("searches") != pl.col("official_searches")).is_empty()


def test_a_year_of_which_official_figures_have_three_months_has_no_count() -> None:
    """Greater Manchester 2019/20: 2,603 searches from April to June."""
    missing = read_official_years().filter(pl.col("searches").is_null())
    assert set(missing.select("force", "period_from").iter_rows()) == {("greater-manchester", date(2019, 4, 1))}


def test_the_official_years_are_those_of_the_open_tables(records: Path) -> None:
    """Recomputed row by row from the tables they were made of."""
    folder = records.parent / "open" / "home_office"
    if not folder.is_dir():
        pytest.skip("the open tables are not beside the records")
    ours = {
        (row["force"], row["period_from"].year, row["ethnic_group"]): row
        for row in read_official_years().iter_rows(named=True)
    }
    seen = 0
    with (folder / "eff_stop_search_force_ethnicity5_2006_07_to_2019_20.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            group = row["ethnic_group"].replace("Unreported", "Unknown")
            own = ours[row["force"], int(row["financial_year"][:4]), group]
            assert own["searches"] in (int(row["searches"]), None)
            assert own["residents"] == (int(row["population"]) if row["population"] else None)
            if row["rate_per_1000"] and own["searches"] is not None:
                assert round(1_000 * own["searches"] / own["residents"], 2) == pytest.approx(
                    float(row["rate_per_1000"]), abs=0.0051
                )
            seen += 1
    assert seen == len(ours)
    arrests: dict[tuple[str, int, str], int] = {}
    for row in pl.read_parquet(folder / "arrests_2006_07_to_2017_18.parquet").iter_rows(named=True):
        group = row["ethnic_group"].replace("Not stated", "Unknown")
        key = (row["force"], int(row["financial_year"][:4]), group)
        arrests[key] = arrests.get(key, 0) + (row["arrests"] or 0)
    assert len(arrests) == 43 * 12 * 6
    assert all((ours[key]["arrests"] or 0) == value for key, value in arrests.items())
