"""Resident populations by police force area and ethnic group: the censuses, or a user's own file."""

import re
from datetime import date
from pathlib import Path

import polars as pl

from disparity.errors import RequestError
from disparity.vocabulary import ALL, ETHNIC_GROUPS, force_names, read_reference

CENSUS_2011 = "Census 2011"
CENSUS_2021 = "Census 2021"
FORCE_ID = r"[a-z0-9-]{1,64}"
OWN = "the publisher's own population file"
# The Home Office divides by Census 2011 to the year ending March 2020 and by Census 2021 after it.
LAST_MONTH_OF_2011 = date(2020, 3, 1)
COLUMNS = ("force", "ethnic_group", "population")


def read_population(own: Path | None, periods: pl.DataFrame) -> pl.DataFrame:
    """Give the residents that each period's rates are divided by.

    Args:
        own: a CSV with force, ethnic_group (the five groups) and population; it overrides the censuses
            for the forces in it.
        periods: period_from and period_to, first of month.

    Returns:
        force, period_from, period_to, ethnic_group (the five and "All", their sum), population (usual
        residents), population_base.

    Raises:
        RequestError: the file lacks a column, a group or a whole number.
    """
    spans = periods.select("period_from", "period_to").unique()
    is_2011 = pl.col("period_to") <= LAST_MONTH_OF_2011
    census = pl.when(is_2011).then(pl.lit(CENSUS_2011)).otherwise(pl.lit(CENSUS_2021))
    tables = read_censuses()
    people = spans.with_columns(census.alias("population_base")).join(tables, on="population_base")
    if own:
        replacement = spans.join(_read_own(own), how="cross")
        people = pl.concat([people.join(replacement, on="force", how="anti").select(replacement.columns), replacement])
    keys = ["force", "period_from", "period_to", "population_base"]
    total = people.group_by(keys).agg(pl.lit(ALL).alias("ethnic_group"), pl.col("population").sum())
    order = [*keys, "ethnic_group", "population"]
    return pl.concat([people.select(order), total.select(order)]).sort(order)


def read_censuses() -> pl.DataFrame:
    """Give the residents of both censuses: force, ethnic_group, population, population_base."""
    return pl.concat(
        [
            _read_census("census2011_force_ethnicity5", CENSUS_2011),
            _read_census("census2021_force_ethnicity5", CENSUS_2021),
        ]
    )


def _read_census(name: str, base: str) -> pl.DataFrame:
    return pl.DataFrame(read_reference(name)).select(
        "force", "ethnic_group", pl.col("population").cast(pl.Int64), pl.lit(base).alias("population_base")
    )


def _read_own(path: Path) -> pl.DataFrame:
    if not path.exists():
        raise RequestError(
            "there is no population file",
            where=str(path),
            what_now="check `population` in the project file",
            code="E129",
        )
    try:
        table = pl.read_csv(path, infer_schema=False)
    except pl.exceptions.PolarsError:
        raise RequestError(
            "the population file is not a well-formed CSV",
            where=path.name,
            what_now=f"its columns are {', '.join(COLUMNS)}",
            code="E126",
        ) from None
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing:
        raise RequestError(
            "the population file lacks a column",
            where=path.name,
            found=f"no {', '.join(missing)}",
            what_now=f"its columns are {', '.join(COLUMNS)}",
            code="E126",
        )
    people = table.select(
        pl.col("force", "ethnic_group").fill_null("(blank)"),
        pl.col("population").str.replace_all(",", "").cast(pl.Int64, strict=False),
    )
    _check_own(people, path.name)
    return people.with_columns(pl.lit(OWN).alias("population_base"))


def _check_own(people: pl.DataFrame, path_name: str) -> None:
    wrong = people.filter(pl.col("population").is_null() | (pl.col("population") <= 0)).height
    if wrong:
        raise RequestError(
            "a population is not a whole number above zero",
            where=path_name,
            found=f"{wrong} such {'row' if wrong == 1 else 'rows'}",
            what_now="mend the rows: a rate divided by nobody is no rate",
            code="E126",
        )
    groups = people.group_by("force").agg(pl.col("ethnic_group").sort()).sort("force")
    for force, found in groups.iter_rows():
        if not re.fullmatch(FORCE_ID, force):
            near = next((slug for slug, name in force_names().items() if name.casefold() == force.casefold()), "")
            raise RequestError(
                f"{force!r} is no force id",
                where=path_name,
                found=f"the id of that force is {near!r}" if near else "an id has small letters, digits and dashes",
                what_now="write ids as in the names of monthly files: a force by another name would go unused",
                code="E126",
            )
        if found != sorted(ETHNIC_GROUPS):
            raise RequestError(
                f"the population of {force} does not have each ethnic group once",
                where=path_name,
                found=", ".join(found),
                what_now=f"give one row each for {', '.join(ETHNIC_GROUPS)}",
                code="E126",
            )
