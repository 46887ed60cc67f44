"""Home Office counts as raw rows: one RawFile for each force and quarter, coded from then on like any source's.

The table gives quarters, never months. A quarter is one submission of three months: its searches are under its
first month, its residents are counted for three, and no figure is given for a month within it. Spreading a
quarter evenly would invent three months; giving it to one month would invent an empty two.
"""

import re
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl

from disparity.project.settings import Settings
from disparity.sources.home_office.table import ROW, HomeOfficeTable, find_tables, read_table
from disparity.sources.raw import (
    HOME_OFFICE,
    MONTHS_IN_QUARTER,
    RAW_COLUMNS,
    TABLE_COLUMNS,
    RawFile,
    Supply,
    map_values,
)
from disparity.vocabulary.calendar import first_of_quarter
from disparity.vocabulary.codes import TYPE_OF_POWER, group_of_ethnicity, plain_label, read_reference
from disparity.vocabulary.errors import DataError

OVERRIDE_KEY = "home_office_overrides"
ABSENT = frozenset({"searched_at", "latitude", "longitude", "object_of_search", "is_clothing_removed"})
WHOLE_NUMBER = r"^\d+(\.0+)?$"
YEAR = re.compile(r"(\d{4})\s*[/-]\s*(\d{4}|\d{2})")
QUARTER = re.compile(r"(?:q|quarter)?\s*([1-4])\b.*")
# A few rows without a quarter are set aside; a column nobody can read is not.
MOST_UNREADABLE = 0.05
# What a row of a search of a vehicle alone has instead of a person's ethnicity.
VEHICLE_LABELS = ("n/a - vehicle search", "vehicle only")
CODED = (
    *("self_defined_ethnicity", "officer_defined_ethnicity", "gender", "age_group"),
    *("legislation", "reason_for_search", "outcome", "is_outcome_linked"),
)
NO_QUARTER = "no financial year or quarter that can be read: it belongs to no period"
GROUP_DIFFERS = "self-defined ethnicity is not of the group beside it: the ethnicity stands"
REASON_DIFFERS = "the legislation says another reason for search: the reason stands"


def take_tables(settings: Settings, paths: list[Path]) -> tuple[list[Supply], list[Path]]:
    """Read the tables among the paths; the others are left."""
    tables, others = find_tables(paths)
    return read_home_office(tables, overrides=settings.home_office_overrides), others


def read_home_office(paths: list[Path], *, overrides: bool | None) -> list[Supply]:
    """Read tables: for each and for each force in it, its quarters.

    Raises:
        DataError: a file is not the table, or two of them hold the same force and quarter.
    """
    supplies = [supply for path in paths for supply in _read_supplies(read_table(path), overrides=overrides)]
    _refuse_twice(supplies)
    return supplies


def _refuse_twice(supplies: list[Supply]) -> None:
    """Each edition of the tables holds the years before it too: read together, they would count twice."""
    held: dict[tuple[str, date], str] = {}
    for supply in supplies:
        for raw in supply.files:
            if (raw.force, raw.month) in held:
                raise DataError(
                    f"two Home Office tables hold {raw.force}, the quarter from {raw.month:%Y-%m}",
                    where=f"{held[raw.force, raw.month]} and {supply.name}",
                    what_now="keep one of them, as a rule the newest: counting both would double the searches",
                    code="E143",
                )
            held[raw.force, raw.month] = supply.name


def _read_supplies(table: HomeOfficeTable, *, overrides: bool | None) -> list[Supply]:
    """Split a table into what it holds of each force.

    Raises:
        DataError: a force is not known, a number of searches is no whole number, or quarters cannot be read.
    """
    rows = table.rows.with_columns(
        _count_searches(table).alias("searches"), _find_forces(table).alias("force"), _find_months(table)
    )
    _check_quarters(rows, table.name)
    coded = rows.with_columns(
        *(_code(rows[column]) for column in CODED),
        _find_subjects(rows),
        map_values(rows["self_defined_group"], _codes_of("self_defined_group")),
    )
    forces = coded.partition_by("force", as_dict=True, maintain_order=True)
    return [_make_supply(table, str(force), part, overrides) for (force,), part in sorted(forces.items())]


def _count_searches(table: HomeOfficeTable) -> pl.Series:
    counts = table.rows["number_of_searches"]
    wrong = table.rows.filter(~counts.str.contains(WHOLE_NUMBER).fill_null(False))[ROW].to_list()
    if wrong:
        raise DataError(
            f"number_of_searches is not a whole number in {len(wrong)} {'row' if len(wrong) == 1 else 'rows'}",
            where=table.name,
            # The header is line 1.
            found=f"line {', '.join(str(row + 1) for row in wrong[:5])}{' and more' if len(wrong) > 5 else ''}",
            what_now="take the file as published; a suppressed or rounded count cannot be added up",
            code="E144",
        )
    return counts.str.replace(r"\.0+$", "").cast(pl.Int64)


def _find_forces(table: HomeOfficeTable) -> pl.Series:
    pairs = table.rows.select("force_code", "force_area")
    distinct = pairs.unique().rows()
    known = {(code, area): _find_force(code, area) for code, area in distinct}
    unknown = sorted({str(area or code or "") for (code, area), force in known.items() if not force})
    if unknown:
        raise DataError(
            f"{len(unknown)} police force {'area is' if len(unknown) == 1 else 'areas are'} not known",
            where=table.name,
            found=", ".join(repr(area[:60]) for area in unknown[:5]),
            what_now="check that the name and the code beside it are those of one of the 43 forces or of British "
            "Transport Police",
            code="E145",
        )
    keys = pl.DataFrame(distinct, schema=pairs.schema, orient="row").with_columns(
        pl.Series("force", [known[pair] for pair in distinct])
    )
    return pairs.join(keys, on=pairs.columns, how="left", nulls_equal=True, maintain_order="left")["force"]


def _find_force(code: str | None, area: str | None) -> str:
    """Give the force's id; nothing where neither says, or where name and code are of two forces."""
    by_name, by_code = _forces_by_name().get(_words(area or ""), ""), _forces_by_code().get(code or "", "")
    return "" if by_name and by_code and by_name != by_code else by_name or by_code


def _words(name: str) -> frozenset[str]:
    """The words that identify a force: "London, City of" is "City of London Police"."""
    words = re.findall(r"[a-z]+", plain_label(name).replace("&", "and"))
    return frozenset(words) - {"police", "constabulary", "service", "force"}


@cache
def _forces_by_name() -> dict[frozenset[str], str]:
    forces = read_reference("forces")
    return {_words(name): row["force"] for row in forces for name in (row["name"], row["area_name"]) if name}


@cache
def _forces_by_code() -> dict[str, str]:
    return {row["force_code"]: row["force"] for row in read_reference("forces") if row["force_code"]}


def _find_months(table: HomeOfficeTable) -> pl.Series:
    """First month of each row's quarter; null where it cannot be read."""
    keys = table.rows.select("financial_year", "quarter")
    known = keys.unique().with_columns(
        pl.struct("financial_year", "quarter")
        .map_elements(lambda pair: _first_month(pair["financial_year"], pair["quarter"]), return_dtype=pl.Date)
        .alias("month")
    )
    return keys.join(known, on=keys.columns, how="left", nulls_equal=True, maintain_order="left")["month"]


def _first_month(year: str | None, quarter: str | None) -> date | None:
    """Of the quarter of a financial year: "2024/25" begins in April 2024, its fourth quarter in January 2025."""
    years, place = YEAR.fullmatch(year or ""), QUARTER.fullmatch(plain_label(quarter or ""))
    if not years or not place or (int(years[1]) + 1) % 100 != int(years[2]) % 100:
        return None
    return first_of_quarter(int(years[1]), int(place[1]))


def _check_quarters(rows: pl.DataFrame, name: str) -> None:
    unreadable = rows.filter(pl.col("month").is_null())
    if unreadable.height > MOST_UNREADABLE * rows.height:
        labels = unreadable.select(pl.concat_str("financial_year", "quarter", separator=" ", ignore_nulls=True))
        raise DataError(
            f"financial year and quarter cannot be read in {unreadable.height} of {rows.height} rows",
            where=name,
            found=", ".join(repr(label[:40]) for label in labels.to_series().unique().sort().head(5)),
            what_now="write them as 2024/25 and Q1",
            code="E148",
        )


def _code(labels: pl.Series) -> pl.Series:
    return map_values(labels, _codes_of(labels.name))


@cache
def _codes_of(column: str) -> dict[str, str]:
    """Their label → our code; "" is not recorded."""
    table = read_reference("home_office_labels")
    return dict.fromkeys(VEHICLE_LABELS, "") | {
        row["label"]: row["code"] for row in table if row["column"] in {column, "any"}
    }


def _find_subjects(rows: pl.DataFrame) -> pl.Series:
    """A vehicle alone was searched where either column of ethnicity says so."""
    columns = ("self_defined_ethnicity", "self_defined_group")
    labels = {label for column in columns for label in rows[column].unique() if label is not None}
    vehicle = [label for label in labels if plain_label(label) in VEHICLE_LABELS]
    is_vehicle = pl.any_horizontal(pl.col(*columns).is_in(vehicle).fill_null(False))
    return rows.select(
        pl.when(is_vehicle).then(pl.lit("vehicle")).otherwise(pl.lit("person")).alias("subject")
    ).to_series()


def _make_supply(table: HomeOfficeTable, force: str, rows: pl.DataFrame, overrides: bool | None) -> Supply:
    placed = rows.filter(pl.col("month").is_not_null())
    quarters = placed.partition_by("month", as_dict=True, maintain_order=True)
    files = [_make_file(table, force, month, part) for (month,), part in sorted(quarters.items())]
    reasons = {
        GROUP_DIFFERS: _say("self_defined_ethnicity", group_of_ethnicity()) != pl.col("self_defined_group"),
        REASON_DIFFERS: _say("legislation", TYPE_OF_POWER) != pl.col("reason_for_search"),
    }
    notes = {reason: int(placed.filter(differs)["searches"].sum()) for reason, differs in reasons.items()}
    read = int(rows["searches"].sum())
    aside = read - int(placed["searches"].sum())
    return Supply(
        name=table.name,
        force=force,
        overrides=overrides,
        override_key=OVERRIDE_KEY,
        files=tuple(files),
        rows_read=read,
        set_aside={NO_QUARTER: aside} if aside else {},
        notes={reason: count for reason, count in notes.items() if count},
    )


def _say(column: str, meanings: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(meanings, default=None, return_dtype=pl.String)


def _make_file(table: HomeOfficeTable, force: str, month: date, rows: pl.DataFrame) -> RawFile:
    columns = (*RAW_COLUMNS, *TABLE_COLUMNS)
    raw = rows.with_columns(pl.col("searches").cast(pl.String).alias("number_of_searches")).select(
        ROW, *(pl.col(c) if c in rows.columns else pl.lit(None, pl.String).alias(c) for c in columns)
    )
    return RawFile(
        *(table.name, force, month, table.sha256, raw, HOME_OFFICE, MONTHS_IN_QUARTER, ABSENT), bytes=table.bytes
    )
