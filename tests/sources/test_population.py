"""Residents: census totals as the Home Office used them, and a user's own file."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from disparity.sources.population import (
    BY_AGE_AND_GENDER,
    BY_AREA,
    CENSUS_2011,
    CENSUS_2021,
    OWN,
    read_breakdown,
    read_population,
)
from disparity.vocabulary.errors import RequestError

GROUPS = ["Asian", "Black", "Mixed", "White", "Other"]


def span(first: str, last: str) -> dict[str, list[date]]:
    return {"period_from": [date.fromisoformat(f"{first}-01")], "period_to": [date.fromisoformat(f"{last}-01")]}


YEAR_2020, YEAR_2023 = pl.DataFrame(span("2019-04", "2020-03")), pl.DataFrame(span("2022-04", "2023-03"))


def write_own(folder: Path, rows: list[tuple[str, ...]], header: str = "force,ethnic_group,population") -> Path:
    path = folder / "own.csv"
    path.write_text("\n".join([header, *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
    return path


def residents(table: pl.DataFrame, force: str) -> dict[str, int]:
    return dict(table.filter(pl.col("force") == force).select("ethnic_group", "population").iter_rows())


def test_census_2021_gives_lancashires_residents() -> None:
    """ONS Census 2021 TS021."""
    assert residents(read_population(None, YEAR_2023), "lancashire") == {
        "Asian": 158_894,
        "Black": 10_096,
        "Mixed": 24_761,
        "White": 1_325_538,
        "Other": 11_861,
        "All": 1_531_150,
    }


def test_census_2011_gives_the_residents_of_ethnicity_facts_and_figures() -> None:
    """Published with the 2019/20 rates: Lancashire 1,460,893, Kent 1,727,665."""
    table = read_population(None, YEAR_2020)
    assert residents(table, "lancashire")["All"] == 1_460_893
    assert residents(table, "kent")["All"] == 1_727_665


@pytest.mark.parametrize(("periods", "total"), [(YEAR_2020, 56_075_912), (YEAR_2023, 59_597_578)])
def test_all_forces_sum_to_england_and_wales(periods: pl.DataFrame, total: int) -> None:
    table = read_population(None, periods)
    assert table.filter(pl.col("ethnic_group") == "All")["population"].sum() == total
    assert table.filter(pl.col("ethnic_group") != "All")["population"].sum() == total
    assert table["force"].n_unique() == 43


def test_black_residents_are_those_of_the_home_office() -> None:
    table = read_population(None, YEAR_2023)
    sums = table.group_by("ethnic_group").agg(pl.col("population").sum())
    assert dict(sums.iter_rows()) == {
        "Asian": 5_515_455,
        "Black": 2_409_283,
        "Mixed": 1_717_977,
        "Other": 1_255_632,
        "White": 48_699_231,
        "All": 59_597_578,
    }


@pytest.mark.parametrize(
    ("last", "base"), [("2020-02", CENSUS_2011), ("2020-03", CENSUS_2011), ("2020-04", CENSUS_2021)]
)
def test_census_2011_divides_to_the_year_ending_march_2020(last: str, base: str) -> None:
    table = read_population(None, pl.DataFrame(span("2019-05", last)))
    assert table["population_base"].unique().to_list() == [base]


def test_two_periods_have_a_population_each_and_months_do_not_multiply_it() -> None:
    periods = pl.concat([YEAR_2020, YEAR_2020, YEAR_2023])
    table = read_population(None, periods).filter(pl.col("force") == "kent")
    assert table.group_by("period_to").len().sort("period_to").rows() == [(date(2020, 3, 1), 6), (date(2023, 3, 1), 6)]


def test_an_own_file_overrides_the_census_for_its_forces_only(tmp_path: Path) -> None:
    own = write_own(tmp_path, [("kent", group, f'"{place},000"') for place, group in enumerate(GROUPS, start=1)])
    table = read_population(own, YEAR_2023)
    assert residents(table, "kent") == dict(zip(GROUPS, [1000, 2000, 3000, 4000, 5000], strict=True)) | {"All": 15_000}
    assert table.filter(pl.col("force") == "kent")["population_base"].unique().to_list() == [OWN]
    assert residents(table, "lancashire")["Black"] == 10_096


def test_an_own_file_adds_a_force_that_no_census_has(tmp_path: Path) -> None:
    own = write_own(tmp_path, [("fellshire", group, "10") for group in GROUPS])
    assert residents(read_population(own, YEAR_2023), "fellshire")["All"] == 50


@pytest.mark.parametrize(
    ("rows", "header", "message"),
    [
        (
            [],
            "force,group,population",
            "the population file lacks a column (E126)\n  where:    own.csv\n  found:    no ethnic_group\n"
            "  what now: its columns are force, ethnic_group, population",
        ),
        (
            [("x", "Asian", "1.5"), ("x", "Black", "many"), ("x", "White", "-1"), ("x", "Other", "0")],
            "force,ethnic_group,population",
            "a population is not a whole number above zero (E126)\n  where:    own.csv\n  found:    4 such rows\n"
            "  what now: correct the rows: a rate divided by nobody is no rate",
        ),
        (
            [("x", group, "1") for group in ("White", "Asian", "Asian", "Mixed", "Other")],
            "force,ethnic_group,population",
            "the population of x does not have each ethnic group once (E126)\n  where:    own.csv\n"
            "  found:    Asian, Asian, Mixed, Other, White\n"
            "  what now: give one row each for Asian, Black, Mixed, White, Other",
        ),
        (
            [("Lancashire Constabulary", group, "1") for group in GROUPS],
            "force,ethnic_group,population",
            "'Lancashire Constabulary' is no force id (E126)\n  where:    own.csv\n"
            "  found:    the id of that force is 'lancashire'\n"
            "  what now: write ids as in the names of monthly files: a force by another name would go unused",
        ),
        (
            [("Fell Shire", group, "1") for group in GROUPS],
            "force,ethnic_group,population",
            "'Fell Shire' is no force id (E126)\n  where:    own.csv\n"
            "  found:    an id has small letters, digits and dashes\n"
            "  what now: write ids as in the names of monthly files: a force by another name would go unused",
        ),
    ],
)
def test_a_wrong_own_file_is_refused_word_for_word(
    tmp_path: Path, rows: list[tuple[str, str, str]], header: str, message: str
) -> None:
    with pytest.raises(RequestError) as error:
        read_population(write_own(tmp_path, rows, header), YEAR_2023)
    assert str(error.value) == message


def test_an_own_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError) as error:
        read_population(tmp_path / "none.csv", YEAR_2023)
    assert str(error.value) == (
        f"there is no population file (E129)\n  where:    {tmp_path / 'none.csv'}\n"
        "  what now: check `population` in the project file"
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"force,ethnic_group,population\nx,Asian,1,2\n",
        b"force,ethnic_group,population\nx,Asi\xe9n,1\n",
        b"force,ethnic_group,population\nx,,1\n",
    ],
    ids=["empty", "ragged", "not UTF-8", "blank group"],
)
def test_an_own_file_that_is_broken_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(content)
    with pytest.raises(RequestError):
        read_population(path, YEAR_2023)


AGES = ["under 10", "10-17", "18-24", "25-34", "over 34"]
AGE_HEADER = "force,ethnic_group,age_group,gender,population"
AREA_HEADER = "force,ethnic_group,area,population"
AGE_ROWS = [("kent", group, age, sex, "2") for group in GROUPS for age in AGES for sex in ("Male", "Female")]
AREA_ROWS = [("kent", group, area, str(place)) for group in GROUPS for place, area in enumerate(["North", "South"])]


def test_totals_of_an_own_file_are_the_sums_of_its_ages_or_areas(tmp_path: Path) -> None:
    """Five ages by two genders, two residents in each; areas of 0 and 1 residents."""
    for rows, header, each in [(AGE_ROWS, AGE_HEADER, 20), (AREA_ROWS, AREA_HEADER, 1)]:
        table = read_population(write_own(tmp_path, rows, header), YEAR_2023)
        assert residents(table, "kent") == dict.fromkeys(GROUPS, each) | {"All": 5 * each}


def test_residents_by_age_and_gender_are_those_of_the_file_in_the_spelling_of_records(tmp_path: Path) -> None:
    rows = [(force, group, age.upper(), sex.lower(), n) for force, group, age, sex, n in AGE_ROWS]
    table = read_breakdown(write_own(tmp_path, rows, AGE_HEADER), BY_AGE_AND_GENDER)
    assert table.columns == ["force", "ethnic_group", "age_group", "gender", "population"]
    assert set(table.rows()) == {("kent", group, age, sex, 2) for _, group, age, sex, _ in AGE_ROWS}


def test_residents_by_area_are_those_of_the_file(tmp_path: Path) -> None:
    table = read_breakdown(write_own(tmp_path, AREA_ROWS, AREA_HEADER), BY_AREA)
    assert set(table.rows()) == {(force, group, area, int(n)) for force, group, area, n in AREA_ROWS}


def test_a_file_without_a_breakdown_has_no_residents_by_it(tmp_path: Path) -> None:
    for own in (None, write_own(tmp_path, [("kent", group, "1") for group in GROUPS])):
        for by in (BY_AREA, BY_AGE_AND_GENDER):
            table = read_breakdown(own, by)
            assert (table.height, table.columns) == (0, ["force", "ethnic_group", *by, "population"])


def test_one_force_of_a_file_may_be_broken_down_and_another_not(tmp_path: Path) -> None:
    own = write_own(tmp_path, [*AREA_ROWS, *(("essex", group, "", "7") for group in GROUPS)], AREA_HEADER)
    assert set(read_breakdown(own, BY_AREA)["force"]) == {"kent"}
    assert residents(read_population(own, YEAR_2023), "essex")["Black"] == 7


@pytest.mark.parametrize(
    ("rows", "header", "message"),
    [
        (
            [("x", "Asian", "10-17", "1")],
            "force,ethnic_group,age_group,population",
            "the population file has only one of age_group and gender (E126)\n  where:    own.csv\n"
            "  found:    age_group alone\n  what now: give both columns, or neither",
        ),
        (
            [("x", "Asian", "Oct-17", "Male", "1"), ("x", "Asian", "17", "Male", "1")],
            AGE_HEADER,
            "the population file has a value of age_group that is not known (E126)\n  where:    own.csv\n"
            "  found:    17, Oct-17\n  what now: write under 10, 10-17, 18-24, 25-34, over 34",
        ),
        (
            [("x", "Asian", "10-17", "Other", "1")],
            AGE_HEADER,
            "the population file has a value of gender that is not known (E126)\n  where:    own.csv\n"
            "  found:    Other\n  what now: write Male, Female",
        ),
        (
            [*AREA_ROWS, ("kent", "White", "", "4")],
            AREA_HEADER,
            "the population of kent is broken down in some rows only (E126)\n  where:    own.csv\n"
            "  found:    1 rows without area\n  what now: fill the column in all rows of the force, or in none",
        ),
        (
            AREA_ROWS[:-1],
            AREA_HEADER,
            "the population of kent does not have each ethnic group once for South (E126)\n  where:    own.csv\n"
            "  found:    Asian, Black, Mixed, White\n"
            "  what now: give one row each for Asian, Black, Mixed, White, Other",
        ),
        (
            [row for row in AGE_ROWS if row[2:4] != ("under 10", "Female")],
            AGE_HEADER,
            "the population of kent does not have each ethnic group once for under 10, Female (E126)\n"
            "  where:    own.csv\n  found:    no row\n"
            "  what now: give one row each for Asian, Black, Mixed, White, Other",
        ),
    ],
    ids=["one of two", "age", "gender", "some rows", "a group is missing", "a band is missing"],
)
def test_a_wrong_breakdown_is_refused_word_for_word(
    tmp_path: Path, rows: list[tuple[str, ...]], header: str, message: str
) -> None:
    own = write_own(tmp_path, rows, header)
    for read in (lambda: read_population(own, YEAR_2023), lambda: read_breakdown(own, BY_AREA)):
        with pytest.raises(RequestError) as error:
            read()
        assert str(error.value) == message


def test_a_group_that_lives_in_no_part_of_its_force_is_refused(tmp_path: Path) -> None:
    nobody = [(force, group, area, "0" if group == "Other" else n) for force, group, area, n in AREA_ROWS]
    with pytest.raises(RequestError, match="above zero"):
        read_population(write_own(tmp_path, nobody, AREA_HEADER), YEAR_2023)
