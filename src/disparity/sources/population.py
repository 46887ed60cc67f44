"""Resident populations by police force area and ethnic group: the censuses, or a user's own file.

The own file may break its residents down by age and gender, or by area; totals are then sums of the parts.
"""

import re
from datetime import date
from itertools import product
from pathlib import Path

import polars as pl

from disparity.sources.naming import naming
from disparity.vocabulary.codes import (
    ALL,
    ETHNIC_GROUPS,
    GENDERS,
    PORTAL_AGE_GROUPS,
    force_names,
    plain_label,
    read_reference,
)
from disparity.vocabulary.errors import RequestError
from disparity.vocabulary.user_text import UnreadableTextError, read_user_table

CENSUS_2011 = "Census 2011"
CENSUS_2021 = "Census 2021"
FORCE_ID = r"[a-z0-9-]{1,64}"
OWN = "the publisher's own population file"
# The Home Office divides by Census 2011 to the year ending March 2020 and by Census 2021 after it.
LAST_MONTH_OF_2011 = date(2020, 3, 1)
COLUMNS = ("force", "ethnic_group", "population")
BY_AGE_AND_GENDER = ("age_group", "gender")
BY_AREA = ("area",)
BREAKDOWN = (*BY_AGE_AND_GENDER, *BY_AREA)
RESIDENT_COLUMNS = ("force", "ethnic_group", *BREAKDOWN, "population", "population_base")
# The portal's gender "Other" has no residents in any census.
RESIDENT_LABELS = {
    "age_group": {age: age for age in PORTAL_AGE_GROUPS},
    "gender": {label: gender for label, gender in GENDERS.items() if gender != "Other"},
}


def read_population(own: Path | None, periods: pl.DataFrame) -> pl.DataFrame:
    """Give the residents that each period's rates are divided by: `choose_residents` of `read_residents`."""
    return choose_residents(read_residents(own), periods)


def read_breakdown(own: Path | None, by: tuple[str, ...]) -> pl.DataFrame:
    """Give the residents of the own file in parts: `break_down_residents` of `read_residents`."""
    return break_down_residents(read_residents(own), by)


def read_residents(own: Path | None) -> pl.DataFrame:
    """Give all residents there are: those of both censuses, then those of the own file.

    Args:
        own: a CSV with force, ethnic_group (the five groups) and population, and age_group and gender, or area,
            if it is broken down.

    Returns:
        RESIDENT_COLUMNS: `population` (usual residents) of a force and group by `population_base`; age_group, gender
        and area are null where it is not broken down.

    Raises:
        RequestError: the file lacks a column, a group or a whole number.
    """
    whole = [pl.lit(None, pl.String).alias(column) for column in BREAKDOWN]
    residents = [read_censuses().with_columns(whole)]
    if own:
        with naming(own.name):
            residents.append(_read_own(own).with_columns(population_base=pl.lit(OWN)))
    return pl.concat(table.select(RESIDENT_COLUMNS) for table in residents)


def choose_residents(residents: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Choose the residents that each period's rates are divided by: the census of its day, or the own file's.

    Args:
        residents: of `read_residents`; the own file's override the censuses for the forces in it.
        periods: period_from and period_to, first of month.

    Returns:
        force, period_from, period_to, ethnic_group (the five and "All", their sum), population (usual
        residents), population_base.
    """
    spans = periods.select("period_from", "period_to").unique()
    is_2011 = pl.col("period_to") <= LAST_MONTH_OF_2011
    census = pl.when(is_2011).then(pl.lit(CENSUS_2011)).otherwise(pl.lit(CENSUS_2021))
    totals = residents.group_by("force", "ethnic_group", "population_base").agg(pl.col("population").sum())
    people = spans.with_columns(census.alias("population_base")).join(totals, on="population_base")
    replacement = spans.join(totals.filter(pl.col("population_base") == OWN), how="cross").select(people.columns)
    people = pl.concat([people.join(replacement, on="force", how="anti"), replacement])
    keys = ["force", "period_from", "period_to", "population_base"]
    total = people.group_by(keys).agg(pl.lit(ALL).alias("ethnic_group"), pl.col("population").sum())
    order = [*keys, "ethnic_group", "population"]
    return pl.concat([people.select(order), total.select(order)]).sort(order)


def break_down_residents(residents: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    """Give the residents of the own file by age group and gender (BY_AGE_AND_GENDER) or by area (BY_AREA).

    Returns:
        force, ethnic_group, the columns of `by`, population; without rows for forces that the file does not
        break down so.
    """
    keys = ["force", "ethnic_group", *by]
    own = residents.filter(pl.col("population_base") == OWN, pl.all_horizontal(pl.col(by).is_not_null()))
    return own.group_by(keys).agg(pl.col("population").sum()).sort(keys)


def read_censuses() -> pl.DataFrame:
    """Give the residents of both censuses: force, ethnic_group, population, population_base."""
    censuses = {"census2011_force_ethnicity5": CENSUS_2011, "census2021_force_ethnicity5": CENSUS_2021}
    return pl.concat(
        pl.DataFrame(read_reference(name)).select(
            "force", "ethnic_group", pl.col("population").cast(pl.Int64), pl.lit(base).alias("population_base")
        )
        for name, base in censuses.items()
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
        table = read_user_table(path)
    except (pl.exceptions.PolarsError, UnreadableTextError) as error:
        raise RequestError(
            "the population file is not a well-formed CSV",
            found=str(error) if isinstance(error, UnreadableTextError) else "",
            what_now=f"its columns are {', '.join(COLUMNS)}",
            code="E126",
        ) from None
    _check_columns(table.columns)
    labels = _code_labels(table)
    people = table.select(
        pl.col("force", "ethnic_group").fill_null("(blank)"),
        *labels,
        pl.col("area").str.strip_chars() if "area" in table.columns else pl.lit(None, pl.String).alias("area"),
        pl.col("population").str.replace_all(",", "").cast(pl.Int64, strict=False),
    )
    _check_own(people)
    return people


def _check_columns(columns: list[str]) -> None:
    missing = [column for column in COLUMNS if column not in columns]
    if missing:
        raise _wrong(
            "the population file lacks a column", f"no {', '.join(missing)}", f"its columns are {', '.join(COLUMNS)}"
        )
    given = [column for column in BY_AGE_AND_GENDER if column in columns]
    if len(given) == 1:
        raise _wrong(
            "the population file has only one of age_group and gender",
            f"{given[0]} alone",
            "give both columns, or neither",
        )


def _code_labels(table: pl.DataFrame) -> list[pl.Series]:
    coded = []
    for column, labels in RESIDENT_LABELS.items():
        given = table[column] if column in table.columns else pl.Series(column, [None] * table.height, pl.String)
        codes = [labels.get(plain_label(label)) if label else None for label in given]
        unknown = sorted({label for label, code in zip(given, codes, strict=True) if label and not code})
        if unknown:
            raise _wrong(
                f"the population file has a value of {column} that is not known",
                ", ".join(unknown[:5]),
                f"write {', '.join(labels.values())}",
            )
        coded.append(pl.Series(column, codes, pl.String))
    return coded


def _check_own(people: pl.DataFrame) -> None:
    # Nobody may live in a part of a force, but a group without residents has no rate.
    is_whole = pl.all_horizontal(pl.col(BREAKDOWN).is_null())
    is_none = (pl.col("population") == 0) & is_whole
    _refuse_none(people.filter(pl.col("population").is_null() | (pl.col("population") < 0) | is_none))
    for (force,), rows in people.group_by("force", maintain_order=True):
        _check_force(str(force), rows)
    totals = people.group_by("force", "ethnic_group").agg(pl.col("population").sum())
    _refuse_none(totals.filter(pl.col("population") == 0))


def _refuse_none(rows: pl.DataFrame) -> None:
    wrong = rows.height
    if wrong:
        raise _wrong(
            "a population is not a whole number above zero",
            f"{wrong} such {'row' if wrong == 1 else 'rows'}",
            "correct the rows: a rate divided by nobody is no rate",
        )


def _check_force(force: str, rows: pl.DataFrame) -> None:
    """Each group once in each part: a part that is left out would read as one without residents."""
    _check_id(force)
    by = [column for column in BREAKDOWN if rows[column].count()]
    blank = [column for column in by if rows[column].null_count()]
    if blank:
        raise _wrong(
            f"the population of {force} is broken down in some rows only",
            f"{rows[blank[0]].null_count()} rows without {blank[0]}",
            "fill the column in all rows of the force, or in none",
        )
    every = {column: list(RESIDENT_LABELS[column].values()) for column in by if column in RESIDENT_LABELS}
    values = {column: every.get(column) or rows[column].unique().sort().to_list() for column in by}
    for part in product(*values.values()):
        inside = rows.filter(pl.col(column) == value for column, value in zip(by, part, strict=True)) if by else rows
        groups = sorted(inside["ethnic_group"])
        if groups != sorted(ETHNIC_GROUPS):
            place = f" for {', '.join(part)}" if part else ""
            raise _wrong(
                f"the population of {force} does not have each ethnic group once{place}",
                ", ".join(groups) or "no row",
                f"give one row each for {', '.join(ETHNIC_GROUPS)}",
            )


def _check_id(force: str) -> None:
    if re.fullmatch(FORCE_ID, force):
        return
    near = next((slug for slug, title in force_names().items() if title.casefold() == force.casefold()), "")
    raise _wrong(
        f"{force!r} is no force id",
        f"the id of that force is {near!r}" if near else "an id has small letters, digits and dashes",
        "write ids as in the names of monthly files: a force by another name would go unused",
    )


def _wrong(what: str, found: str, what_now: str) -> RequestError:
    return RequestError(what, found=found, what_now=what_now, code="E126")
