"""A user's own file of residents: of one date or of several, whole, by age and gender, or by area."""

import re
from datetime import date
from itertools import product
from pathlib import Path

import polars as pl

from disparity.vocabulary.codes import ETHNIC_GROUPS, GENDERS, PORTAL_AGE_GROUPS, force_names, plain_label
from disparity.vocabulary.errors import RequestError
from disparity.vocabulary.user_text import UnreadableTextError, read_user_table

FORCE_ID = r"[a-z0-9-]{1,64}"
COLUMNS = ("force", "ethnic_group", "population")
BY_AGE_AND_GENDER = ("age_group", "gender")
BY_AREA = ("area",)
BREAKDOWN = (*BY_AGE_AND_GENDER, *BY_AREA)
DATES = ("date", "year")
# Estimates of a year are of the middle of it.
MID_YEAR = (6, 30)
FIRST_YEAR, LAST_YEAR = 1900, 2100
# The portal's gender "Other" has no residents in any census.
RESIDENT_LABELS = {
    "age_group": {age: age for age in PORTAL_AGE_GROUPS},
    "gender": {label: gender for label, gender in GENDERS.items() if gender != "Other"},
}


def read_own_population(path: Path) -> pl.DataFrame:
    """Read a user's file of residents.

    Returns:
        force, ethnic_group, BREAKDOWN, date (null: the file gives none), population; what a file does not break down
        is null.

    Raises:
        RequestError: it is not there, no CSV, or lacks a column, a group, a date or a whole number.
    """
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
        _read_dates(table),
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
    if set(DATES) <= set(columns):
        raise _wrong(
            "the population file says twice when residents were counted",
            "date and year",
            "give date (a day) or year (its 30 June), not both",
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


def _read_dates(table: pl.DataFrame) -> pl.Series:
    """The day that each row is of; null where there is none."""
    column = next((name for name in DATES if name in table.columns), None)
    if column is None:
        return pl.Series("date", [None] * table.height, pl.Date)
    given = table[column].str.strip_chars().replace("", None)
    read = {text: _read_day(text) if column == "date" else _read_year(text) for text in given.drop_nulls().unique()}
    unknown = sorted(text for text, day in read.items() if day is None)
    if unknown:
        what_now = {
            "date": "write days as 2024-06-30",
            "year": f"write years in four figures, {FIRST_YEAR} to {LAST_YEAR}: residents are then those of 30 June",
        }
        kind = {"date": "a date that is no day", "year": "a year that is none"}
        raise _wrong(f"the population file has {kind[column]}", ", ".join(unknown[:5]), what_now[column])
    return pl.Series("date", [read[text] if text else None for text in given], pl.Date)


def _read_day(text: str) -> date | None:
    # `fromisoformat` alone would take 20240630 and 2024-W26-7 too.
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _read_year(text: str) -> date | None:
    is_year = re.fullmatch(r"[0-9]{4}", text) and FIRST_YEAR <= int(text) <= LAST_YEAR
    return date(int(text), *MID_YEAR) if is_year else None


def _check_own(people: pl.DataFrame) -> None:
    # Nobody may live in a part of a force, but a group without residents has no rate.
    is_whole = pl.all_horizontal(pl.col(BREAKDOWN).is_null())
    is_none = (pl.col("population") == 0) & is_whole
    _refuse_none(people.filter(pl.col("population").is_null() | (pl.col("population") < 0) | is_none))
    for (force,), rows in people.group_by("force", maintain_order=True):
        _check_force(str(force), rows)
    totals = people.group_by("force", "ethnic_group", "date").agg(pl.col("population").sum())
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
    """Each group once in each part and on each date: one that is left out would read as one without residents."""
    _check_id(force)
    by = [column for column in BREAKDOWN if rows[column].count()]
    blank = [column for column in by if rows[column].null_count()]
    if blank:
        raise _wrong(
            f"the population of {force} is broken down in some rows only",
            f"{rows[blank[0]].null_count()} rows without {blank[0]}",
            "fill the column in all rows of the force, or in none",
        )
    undated = rows["date"].null_count()
    if 0 < undated < rows.height:
        raise _wrong(
            f"the population of {force} is dated in some rows only",
            f"{undated} {'row' if undated == 1 else 'rows'} without a date",
            "date all rows of the force, or none",
        )
    every = {column: list(RESIDENT_LABELS[column].values()) for column in by if column in RESIDENT_LABELS}
    values = {column: every.get(column) or rows[column].unique().sort().to_list() for column in by}
    several = rows["date"].n_unique() > 1
    for (day,), dated in rows.sort("date", maintain_order=True).group_by("date", maintain_order=True):
        for part in product(*values.values()):
            is_inside = [pl.col(column) == value for column, value in zip(by, part, strict=True)]
            groups = sorted(dated.filter(is_inside)["ethnic_group"] if by else dated["ethnic_group"])
            if groups != sorted(ETHNIC_GROUPS):
                place = f" for {', '.join(part)}" if part else ""
                raise _wrong(
                    f"the population of {force} does not have each ethnic group once{place}"
                    f"{f' on {day}' if several else ''}",
                    ", ".join(groups) or "no row",
                    f"give one row each for {', '.join(ETHNIC_GROUPS)}{', on every date' if several else ''}",
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
