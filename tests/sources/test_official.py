"""Official counts carried with the package: held against the figures as published."""

from datetime import date

import polars as pl

from disparity.sources.official import COLUMNS, read_official, read_official_children
from disparity.vocabulary.codes import force_names, read_reference

NATIONAL = {"All": 58_298, "Asian": 3_045, "Black": 5_200, "Mixed": 3_606, "White": 36_923, "Other": 908}
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
