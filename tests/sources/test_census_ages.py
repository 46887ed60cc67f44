"""Residents of the censuses by age and sex: they agree with the five-group tables, and move no total."""

from datetime import date

import polars as pl
import pytest

from disparity.project.merged_forces import MergedForce
from disparity.sources.census_ages import (
    ESTIMATED_AGE_GROUPS,
    TABLE,
    list_age_bases,
    name_basis,
    read_age_ranges,
    read_census_ages,
    read_census_bands,
    spread_over_ages,
)
from disparity.sources.population import list_bases, read_residents
from disparity.vocabulary.codes import AGE_BANDS, ALL, ETHNIC_GROUPS, PORTAL_AGE_GROUPS, force_names, read_reference

CELL = ("census_2011", "lancashire", "Black")


def period(first: date, last: date) -> pl.DataFrame:
    months = pl.date_range(first, last, "1mo", eager=True)
    return pl.DataFrame({"month": months}).with_columns(period_from=pl.lit(first), period_to=pl.lit(last))


YEARS = {
    "between the censuses": period(date(2019, 4, 1), date(2020, 3, 1)),
    "after both": period(date(2025, 4, 1), date(2026, 3, 1)),
    "before both": period(date(2010, 4, 1), date(2011, 3, 1)),
}


def test_the_table_has_every_force_group_age_and_sex_of_both_censuses_once() -> None:
    table = pl.DataFrame(read_reference(TABLE))
    assert table.height == 2 * 43 * 5 * 2 * 5 == table.drop("population", "basis").unique().height
    assert set(table["age_group"]) == set(PORTAL_AGE_GROUPS)
    assert set(table["force"]) < set(force_names())
    # The census of 2021 has no age group that ends at 10 or at 18.
    estimated = table.filter(basis="estimated")
    assert set(estimated["base"]) == {"census_2021"}
    assert set(estimated["age_group"]) == {"under 10", "10-17", "18-24"} == set(ESTIMATED_AGE_GROUPS)


def test_they_add_up_to_the_five_group_tables_but_for_the_perturbation_of_2021() -> None:
    keys = ["base", "force", "ethnic_group"]
    ours = read_census_ages().group_by(keys).agg(ours=pl.col("population").sum())
    both = read_residents(None).join(ours, on=keys)
    assert both.height == 2 * 43 * 5
    assert both.filter(pl.col("base") == "census_2011", pl.col("ours") != pl.col("population")).is_empty()
    apart = (both["ours"] - both["population"]).abs()
    assert apart.max() <= 125
    assert (apart / both["population"]).max() <= 0.015


@pytest.mark.parametrize("when", YEARS)
def test_no_total_moves(when: str) -> None:
    bases = list_bases(read_residents(None), YEARS[when])
    headline = bases.filter(pl.col("role") == "headline", pl.col("ethnic_group") != ALL)
    spread = spread_over_ages(bases, read_census_ages())
    assert spread["population"].min() > 0
    keys = ["force", "period_from", "period_to", "ethnic_group"]
    added = spread.group_by(keys).agg(pl.col("population").sum().round(3)).sort(keys)
    assert added["population"].to_list() == pytest.approx(headline.sort(keys)["population"].to_list(), abs=0.002)
    assert added.height == 43 * len(ETHNIC_GROUPS)


@pytest.mark.parametrize("when", YEARS)
def test_the_portals_age_ranges_are_parts_of_the_same_residents(when: str) -> None:
    bases = list_bases(read_residents(None), YEARS[when])
    ranges = name_basis(spread_over_ages(bases, read_age_ranges()))
    wide = spread_over_ages(bases, read_census_ages())
    keys = ["force", "ethnic_group", "gender"]
    is_young = pl.col("age_group").is_in(["under 10", "10-17", "18-24"])
    parts = ranges.filter(is_young).group_by(keys).agg(pl.col("population").sum()).sort(keys)
    whole = wide.filter(age_group="under 25").sort(keys)
    assert parts["population"].to_list() == pytest.approx(whole["population"].to_list(), rel=1e-9)
    estimated = set(ranges.filter(residents_basis="estimated")["age_group"])
    assert estimated == (set() if when == "before both" else {"under 10", "10-17", "18-24"})


def test_parts_run_on_a_straight_line_between_the_censuses_and_stay_after_them() -> None:
    ages = read_census_ages()
    cell = {"force": "lancashire", "ethnic_group": "Black", "age_group": "25-34", "gender": "Male"}
    parts = {base: ages.filter(**cell, base=base)["population"].item() for base in ("census_2011", "census_2021")}
    sums = {
        base: ages.filter(force="lancashire", ethnic_group="Black", base=base)["population"].sum() for base in parts
    }
    shares = {}
    for when, periods in YEARS.items():
        spread = spread_over_ages(list_bases(read_residents(None), periods), ages)
        black = spread.filter(force="lancashire", ethnic_group="Black")["population"].sum()
        shares[when] = spread.filter(**cell)["population"].item() / black
    assert shares["after both"] == pytest.approx(parts["census_2021"] / sums["census_2021"])
    assert shares["before both"] == pytest.approx(parts["census_2011"] / sums["census_2011"])
    # Of 366 days the middle is the start of 1 October 2019.
    weight = (date(2019, 10, 1) - date(2011, 3, 27)).days / (date(2021, 3, 21) - date(2011, 3, 27)).days
    line = {
        name: (1 - weight) * of["census_2011"] + weight * of["census_2021"]
        for name, of in (("part", parts), ("sum", sums))
    }
    assert shares["between the censuses"] == pytest.approx(line["part"] / line["sum"])


def test_a_merged_force_has_the_ages_of_those_it_was_made_of() -> None:
    merger = MergedForce.model_validate(
        {
            "force": "wessex",
            "predecessors": ["dorset", "wiltshire"],
            "from": "2027-04",
            "source": "invented",
        }
    )
    ages = read_census_ages([merger])
    cell = {"base": "census_2021", "ethnic_group": "Black", "age_group": "25-34", "gender": "Male"}
    of = {force: ages.filter(**cell, force=force)["population"].item() for force in ("dorset", "wiltshire", "wessex")}
    assert of["wessex"] == of["dorset"] + of["wiltshire"] > of["dorset"] > 0
    bases = list_bases(read_residents(None, None, [merger]), YEARS["after both"])
    assert "wessex" in set(spread_over_ages(bases, ages)["force"])


def test_a_force_with_residents_of_the_publishers_own_takes_none_of_a_census(tmp_path) -> None:
    own = tmp_path / "own.csv"
    rows = "\n".join(f"kent,{group},1000" for group in ETHNIC_GROUPS)
    own.write_text(f"force,ethnic_group,population\n{rows}\n", encoding="utf-8")
    bases = list_bases(read_residents(own), YEARS["after both"])
    assert "kent" not in set(spread_over_ages(bases, read_census_ages())["force"])


def test_age_bands_are_the_table_again_and_those_of_2021_under_25_estimated() -> None:
    bands = read_census_bands()
    table = pl.DataFrame(read_reference(TABLE)).with_columns(pl.col("population").cast(pl.Int64))
    for band, ages in {
        "under 10": ["under 10"],
        "10-17": ["10-17"],
        "18 and over": ["18-24", "25-34", "over 34"],
    }.items():
        ours = bands.filter(age_band=band)
        assert ours["population"].sum() == table.filter(pl.col("age_group").is_in(ages))["population"].sum()
    assert bands.filter(base="census_2011")["estimated"].sum() == 0
    young = bands.filter(base="census_2021", age_band="10-17")
    assert young["estimated"].equals(young["population"])


@pytest.mark.parametrize("year", YEARS)
def test_age_bands_share_out_the_residents_of_every_base(year: str) -> None:
    bases = list_bases(read_residents(None), YEARS[year])
    of_bands = pl.concat([list_age_bases(bases, read_census_bands(), band) for band in AGE_BANDS])
    keys = ["force", "period_from", "period_to", "ethnic_group", "base", "role"]
    whole = of_bands.group_by(keys).agg(shared=pl.col("population").sum())
    both = bases.join(whole, on=keys, how="full", coalesce=True)
    assert (both["population"] - both["shared"]).abs().max() < 0.02  # thousandths, rounded band by band


def test_children_of_a_census_are_its_part_of_the_five_group_count() -> None:
    """Lancashire, Black, Census 2011: 10 to 17 counted in both sexes, of all ages of the same table, by hand."""
    table = [row for row in read_reference(TABLE) if (row["base"], row["force"], row["ethnic_group"]) == CELL]
    part = sum(int(row["population"]) for row in table if row["age_group"] == "10-17") / sum(
        int(row["population"]) for row in table
    )
    bases = list_bases(read_residents(None), YEARS["between the censuses"])
    (counted,) = bases.filter(force=CELL[1], ethnic_group=CELL[2], base=CELL[0])["population"]
    children = list_age_bases(bases, read_census_bands(), "10-17").filter(force=CELL[1], ethnic_group=CELL[2])
    assert children.filter(base=CELL[0])["population"].item() == pytest.approx(part * counted, abs=0.001)
    assert children.filter(base="interpolated")["is_estimated"].to_list() == [True]
