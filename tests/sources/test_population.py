"""Residents: censuses and what lies between them, and a user's own file of one date or several."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from disparity.sources.own_population import BY_AGE_AND_GENDER, BY_AREA
from disparity.sources.population import (
    OWN_SOURCE,
    choose_headline,
    choose_official,
    list_bases,
    read_breakdown,
    read_population,
    read_residents,
)
from disparity.vocabulary.errors import RequestError

GROUPS = ["Asian", "Black", "Mixed", "White", "Other"]
KEYS = ["force", "period_from", "period_to"]


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
    table = choose_official(read_residents(None), YEAR_2020)
    assert residents(table, "lancashire")["All"] == 1_460_893
    assert residents(table, "kent")["All"] == 1_727_665


@pytest.mark.parametrize(("periods", "total"), [(YEAR_2020, 56_075_912), (YEAR_2023, 59_597_578)])
def test_all_forces_sum_to_england_and_wales(periods: pl.DataFrame, total: int) -> None:
    table = choose_official(read_residents(None), periods)
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


# Bases


def bases(period: pl.DataFrame, force: str = "lancashire", own: Path | None = None) -> dict[str, tuple[str, float]]:
    """Role and Black residents of each base."""
    rows = list_bases(read_residents(own), period).filter(force=force, ethnic_group="Black")
    return {base: (role, people) for base, role, people in rows.select("base", "role", "population").iter_rows()}


def days(first: str, last: str) -> float:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def test_between_the_censuses_residents_lie_on_a_straight_line_at_the_middle_of_the_period() -> None:
    """Lancashire, year ending March 2020: its middle, 1 October 2019, is 3,110 of 3,647 days on."""
    share = days("2011-03-27", "2019-10-01") / days("2011-03-27", "2021-03-21")
    assert bases(YEAR_2020) == {
        "interpolated": ("headline", pytest.approx(5_377 + 4_719 * share, abs=5e-4)),
        "constant_growth": ("plausible", pytest.approx(5_377 * (10_096 / 5_377) ** share, abs=5e-4)),
        "census_2021": ("plausible", 10_096),
        "census_2011": ("bracketing", 5_377),
    }
    rows = list_bases(read_residents(None), YEAR_2020).filter(force="lancashire", role="headline")
    assert set(rows["population_base"]) == {"censuses of 2011 and 2021, interpolated to October 2019"}


def test_the_nearer_count_is_plausible_and_the_farther_only_brackets() -> None:
    made = bases(pl.DataFrame(span("2014-12", "2015-11")))
    assert {base: role for base, (role, _) in made.items()} == {
        **{"interpolated": "headline", "constant_growth": "plausible"},
        **{"census_2011": "plausible", "census_2021": "bracketing"},
    }


@pytest.mark.parametrize(
    ("first", "last", "headline"),
    [
        # Middles: 2 March 2021, 1 April at noon, and 31 January and 31 March of single months around the census.
        ("2020-09", "2021-08", "interpolated"),
        ("2020-10", "2021-09", "census_2021"),
        ("2021-03", "2021-03", "interpolated"),
        ("2021-04", "2021-04", "census_2021"),
        ("2010-04", "2011-03", "census_2011"),
        ("2026-04", "2027-03", "census_2021"),
        ("2034-04", "2035-03", "census_2021"),
    ],
)
def test_outside_the_censuses_the_nearest_count_stands(first: str, last: str, headline: str) -> None:
    assert {base for base, (role, _) in bases(pl.DataFrame(span(first, last))).items() if role == "headline"} == {
        headline
    }


def test_after_2021_growth_is_continued_and_2011_only_shown() -> None:
    """The middle of the year ending March 2035 is 1 October 2034 at noon less a day: 4,942.5 days after the census."""
    assert bases(pl.DataFrame(span("2034-04", "2035-03"))) == {
        "census_2021": ("headline", 10_096),
        "growth_continued": ("plausible", pytest.approx(10_096 + 4_719 * 4_941.5 / 3_647, abs=5e-4)),
        "census_2011": ("shown", 5_377),
    }


@pytest.mark.parametrize("last", ["2015-03", "2020-03", "2021-08", "2021-09", "2026-03", "2035-03"])
def test_every_force_and_period_has_one_headline_and_all_is_the_sum_of_the_five(last: str) -> None:
    year = int(last[:4])
    period = pl.DataFrame(span(f"{year - 1}-{int(last[5:]) % 12 + 1:02}", last))
    made = list_bases(read_residents(None), period)
    assert choose_headline(made).height == 43 * 6
    assert not made.filter(pl.col("population") <= 0).height
    sums = made.filter(pl.col("ethnic_group") != "All").group_by("force", "base").agg(pl.col("population").sum())
    alls = made.filter(ethnic_group="All").join(sums, on=["force", "base"], suffix="_sum")
    assert (alls["population"] - alls["population_sum"]).abs().max() < 1e-3


def test_a_group_that_shrinks_does_not_fall_below_nobody() -> None:
    shrunk = read_residents(None).with_columns(
        pl.when(ethnic_group="Other", base="census_2021").then(pl.lit(1)).otherwise("population").alias("population")
    )
    made = list_bases(shrunk, pl.DataFrame(span("2034-04", "2035-03"))).filter(base="growth_continued")
    assert set(made.filter(ethnic_group="Other")["population"]) == {0}


def test_forces_without_residents_have_no_base() -> None:
    assert not bases(YEAR_2020, "btp")


# A file of one's own


def dated(rows: list[tuple[str, dict[str, int]]], force: str = "kent") -> list[tuple[str, ...]]:
    """Rows of force, group, date and population; groups not named have 1,000 residents."""
    return [(force, group, day, str(sizes.get(group, 1_000))) for day, sizes in rows for group in GROUPS]


DATED = "force,ethnic_group,date,population"
TWO_DATES = dated([("2018-06-30", {"Black": 1_000}), ("2020-06-30", {"Black": 1_731})])


def test_a_file_of_several_dates_is_interpolated_between_those_that_bracket_the_period(tmp_path: Path) -> None:
    """1 October 2019 is 458 of 731 days after 30 June 2018: 1,458."""
    later = dated([("2022-06-30", {"Black": 9_000})])
    own = write_own(tmp_path, [*later, *TWO_DATES], DATED)
    assert bases(YEAR_2020, "kent", own) == {
        "own": ("headline", 1_458),
        "own_2018-06-30": ("plausible", 1_000),
        "own_2020-06-30": ("plausible", 1_731),
    }
    rows = list_bases(read_residents(own, "ONS mid-2025 estimates"), YEAR_2020).filter(force="kent", ethnic_group="All")
    assert dict(rows.select("base", "population_base").iter_rows()) == {
        "own": "ONS mid-2025 estimates, interpolated to October 2019",
        "own_2018-06-30": "ONS mid-2025 estimates, of 30 June 2018",
        "own_2020-06-30": "ONS mid-2025 estimates, of 30 June 2020",
    }


@pytest.mark.parametrize(
    ("period", "day", "people"),
    [(YEAR_2023, "30 June 2020", 1_731), (pl.DataFrame(span("2016-04", "2017-03")), "30 June 2018", 1_000)],
    ids=["both before", "both after"],
)
def test_outside_a_files_dates_the_nearest_stands(tmp_path: Path, period: pl.DataFrame, day: str, people: int) -> None:
    own = write_own(tmp_path, TWO_DATES, DATED)
    assert bases(period, "kent", own) == {"own": ("headline", people)}
    assert read_population(own, period).filter(force="kent")["population_base"].unique().to_list() == [
        f"{OWN_SOURCE}, of {day}"
    ]


def test_a_year_is_its_30_june(tmp_path: Path) -> None:
    rows = [(force, group, day[:4], n) for force, group, day, n in TWO_DATES]
    own = write_own(tmp_path, rows, "force,ethnic_group,year,population")
    assert bases(YEAR_2020, "kent", own)["own"] == ("headline", 1_458)


def test_one_date_stands_for_every_period_and_is_named(tmp_path: Path) -> None:
    own = write_own(tmp_path, TWO_DATES[:5], DATED)
    for period in (YEAR_2020, YEAR_2023):
        assert bases(period, "kent", own) == {"own": ("headline", 1_000)}


def test_one_force_of_a_file_may_be_dated_and_another_not(tmp_path: Path) -> None:
    own = write_own(tmp_path, [*TWO_DATES, *(("essex", group, "", "7") for group in GROUPS)], DATED)
    assert bases(YEAR_2020, "kent", own)["own"] == ("headline", 1_458)
    assert bases(YEAR_2020, "essex", own) == {"own": ("headline", 7)}
    assert "interpolated" in bases(YEAR_2020, "lancashire", own)


def test_a_force_of_a_file_of_its_own_has_no_census_beside_it(tmp_path: Path) -> None:
    own = write_own(tmp_path, [("kent", group, "7") for group in GROUPS])
    assert bases(YEAR_2020, "kent", own) == {"own": ("headline", 7)}


def test_parts_of_a_file_lie_on_the_same_lines_as_its_totals(tmp_path: Path) -> None:
    """A quarter of the way from 8 to 16 in the North, from 0 to 4 in the South: 1 July 2018 to 30 June 2022."""
    rows = [
        ("kent", group, area, day, str(n))
        for day, sizes in {"2018-04-01": (8, 0), "2022-04-02": (16, 4)}.items()
        for area, n in zip(("North", "South"), sizes, strict=True)
        for group in GROUPS
    ]
    own = write_own(tmp_path, rows, "force,ethnic_group,area,date,population")
    period = pl.DataFrame(span("2018-10", "2019-09"))
    share = days("2018-04-01", "2019-04-01") / days("2018-04-01", "2022-04-02")
    shift = 0.5 / days("2018-04-01", "2022-04-02")
    made = read_breakdown(own, BY_AREA, period).filter(ethnic_group="Black")
    parts = dict(made.select("area", "population").iter_rows())
    assert parts["North"] == pytest.approx(8 + 8 * share, abs=8 * shift + 1e-3)
    assert parts["South"] == pytest.approx(4 * share, abs=4 * shift + 1e-3)
    assert bases(period, "kent", own)["own"][1] == pytest.approx(sum(parts.values()), abs=2e-3)


@pytest.mark.parametrize(
    ("rows", "header", "message"),
    [
        (
            [("kent", group, "2020-06-30", "2020", "1") for group in GROUPS],
            "force,ethnic_group,date,year,population",
            "the population file says twice when residents were counted (E126)\n  where:    own.csv\n"
            "  found:    date and year\n  what now: give date (a day) or year (its 30 June), not both",
        ),
        (
            dated([("2023-02-29", {}), ("30/06/2024", {}), ("20240630", {})]),
            DATED,
            "the population file has a date that is no day (E126)\n  where:    own.csv\n"
            "  found:    2023-02-29, 20240630, 30/06/2024\n  what now: write days as 2024-06-30",
        ),
        (
            dated([("20240", {}), ("mid-2024", {}), ("24", {})]),
            "force,ethnic_group,year,population",
            "the population file has a year that is none (E126)\n  where:    own.csv\n  found:    20240, 24, mid-2024\n"
            "  what now: write years in four figures, 1900 to 2100: residents are then those of 30 June",
        ),
        (
            [*TWO_DATES[:-1], ("kent", "Other", "2021-06-30", "9")],
            DATED,
            "the population of kent does not have each ethnic group once on 2020-06-30 (E126)\n  where:    own.csv\n"
            "  found:    Asian, Black, Mixed, White\n"
            "  what now: give one row each for Asian, Black, Mixed, White, Other, on every date",
        ),
        (
            [*TWO_DATES[:-1], ("kent", "Other", "", "9")],
            DATED,
            "the population of kent is dated in some rows only (E126)\n  where:    own.csv\n"
            "  found:    1 row without a date\n  what now: date all rows of the force, or none",
        ),
        (
            [*TWO_DATES[:-1], ("kent", "Other", "2020-06-30", "0")],
            DATED,
            "a population is not a whole number above zero (E126)\n  where:    own.csv\n  found:    1 such row\n"
            "  what now: correct the rows: a rate divided by nobody is no rate",
        ),
    ],
    ids=["both columns", "no day", "no year", "groups of different dates", "a row without a date", "nobody"],
)
def test_wrong_dates_are_refused_word_for_word(
    tmp_path: Path, rows: list[tuple[str, ...]], header: str, message: str
) -> None:
    with pytest.raises(RequestError) as error:
        read_residents(write_own(tmp_path, rows, header))
    assert str(error.value) == message


def test_an_area_of_one_date_only_is_refused(tmp_path: Path) -> None:
    rows = [
        ("kent", group, area, day, "5")
        for area, day in (("North", "2019-06-30"), ("South", "2020-06-30"))
        for group in GROUPS
    ]
    with pytest.raises(RequestError, match="each ethnic group once for South on 2019-06-30"):
        read_residents(write_own(tmp_path, rows, "force,ethnic_group,area,date,population"))


def test_two_periods_have_a_population_each_and_months_do_not_multiply_it() -> None:
    periods = pl.concat([YEAR_2020, YEAR_2020, YEAR_2023])
    table = read_population(None, periods).filter(pl.col("force") == "kent")
    assert table.group_by("period_to").len().sort("period_to").rows() == [(date(2020, 3, 1), 6), (date(2023, 3, 1), 6)]


def test_an_own_file_overrides_the_census_for_its_forces_only(tmp_path: Path) -> None:
    own = write_own(tmp_path, [("kent", group, f'"{place},000"') for place, group in enumerate(GROUPS, start=1)])
    table = read_population(own, YEAR_2023)
    assert residents(table, "kent") == dict(zip(GROUPS, [1000, 2000, 3000, 4000, 5000], strict=True)) | {"All": 15_000}
    assert table.filter(pl.col("force") == "kent")["population_base"].unique().to_list() == [OWN_SOURCE]
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
    table = read_breakdown(write_own(tmp_path, rows, AGE_HEADER), BY_AGE_AND_GENDER, YEAR_2023)
    assert table.columns == [*KEYS, "ethnic_group", "age_group", "gender", "population"]
    assert set(table.drop(KEYS[1:]).rows()) == {("kent", group, age, sex, 2) for _, group, age, sex, _ in AGE_ROWS}


def test_residents_by_area_are_those_of_the_file(tmp_path: Path) -> None:
    table = read_breakdown(write_own(tmp_path, AREA_ROWS, AREA_HEADER), BY_AREA, YEAR_2023)
    assert set(table.drop(KEYS[1:]).rows()) == {(force, group, area, int(n)) for force, group, area, n in AREA_ROWS}


def test_a_file_without_a_breakdown_has_no_residents_by_it(tmp_path: Path) -> None:
    for own in (None, write_own(tmp_path, [("kent", group, "1") for group in GROUPS])):
        for by in (BY_AREA, BY_AGE_AND_GENDER):
            table = read_breakdown(own, by, YEAR_2023)
            assert (table.height, table.columns) == (0, [*KEYS, "ethnic_group", *by, "population"])


def test_one_force_of_a_file_may_be_broken_down_and_another_not(tmp_path: Path) -> None:
    own = write_own(tmp_path, [*AREA_ROWS, *(("essex", group, "", "7") for group in GROUPS)], AREA_HEADER)
    assert set(read_breakdown(own, BY_AREA, YEAR_2023)["force"]) == {"kent"}
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
    for read in (lambda: read_population(own, YEAR_2023), lambda: read_breakdown(own, BY_AREA, YEAR_2023)):
        with pytest.raises(RequestError) as error:
            read()
        assert str(error.value) == message


def test_a_group_that_lives_in_no_part_of_its_force_is_refused(tmp_path: Path) -> None:
    nobody = [(force, group, area, "0" if group == "Other" else n) for force, group, area, n in AREA_ROWS]
    with pytest.raises(RequestError, match="above zero"):
        read_population(write_own(tmp_path, nobody, AREA_HEADER), YEAR_2023)
