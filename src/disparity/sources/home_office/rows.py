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
from disparity.sources.lost_row import LostRow
from disparity.sources.naming import naming
from disparity.sources.raw import HOME_OFFICE, RAW_COLUMNS, TABLE_COLUMNS, RawFile, Supply, map_values
from disparity.vocabulary.calendar import MONTHS_IN_QUARTER, first_of_quarter
from disparity.vocabulary.codes import TYPE_OF_POWER, group_of_ethnicity, plain_label, read_reference
from disparity.vocabulary.errors import DataError

OVERRIDE_KEY = "home_office_overrides"
ABSENT = frozenset({"searched_at", "latitude", "longitude", "object_of_search", "is_clothing_removed"})
WHOLE_NUMBER = r"^\d+(\.0+)?$"
GROUPED = r"^\d{1,3}(,\d{3})+(\.0+)?$"  # 1,204
YEAR = re.compile(r"(\d{4})\s*[/-]\s*(\d{4}|\d{2})")
QUARTER_LABEL = pl.concat_str("financial_year", "quarter", separator=" ", ignore_nulls=True)
QUARTER = re.compile(r"(?:q|quarter)?\s*([1-4])\b.*")
# A few rows without a quarter are set aside; a column nobody can read is not.
MOST_UNREADABLE = 0.05
# What a row of a search of a vehicle alone has instead of a person's ethnicity.
VEHICLE_LABELS = ("n/a - vehicle search", "vehicle only")
CODED = (
    *("self_defined_ethnicity", "self_defined_group", "officer_defined_ethnicity", "gender", "age_group"),
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
    supplies: list[Supply] = []
    for path in paths:
        with naming(path.name):
            supplies += _read_supplies(read_table(path), overrides=overrides)
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
        _count_searches(table.rows).alias("searches"), _find_forces(table.rows), _find_months(table.rows)
    )
    _check_quarters(rows)
    coded = rows.with_columns(*(map_values(rows[column], _codes_of(column)) for column in CODED), _find_subject(rows))
    forces = coded.partition_by("force", as_dict=True, maintain_order=True)
    return [_make_supply(table, str(force), part, overrides) for (force,), part in sorted(forces.items())]


def _count_searches(rows: pl.DataFrame) -> pl.Series:
    # A spreadsheet that saved the table as CSV may have written 1,204.
    written = rows["number_of_searches"]
    is_grouped = written.str.contains(GROUPED).fill_null(False)
    counts = written.str.replace_all(",", "").zip_with(is_grouped, written) if is_grouped.any() else written
    wrong = rows.filter(~counts.str.contains(WHOLE_NUMBER).fill_null(False))[ROW].to_list()
    if wrong:
        raise DataError(
            f"number_of_searches is not a whole number in {len(wrong)} {'row' if len(wrong) == 1 else 'rows'}",
            # The header is line 1.
            found=f"line {', '.join(str(row + 1) for row in wrong[:5])}{' and more' if len(wrong) > 5 else ''}",
            what_now="take the file as published; a suppressed or rounded count cannot be added up",
            code="E144",
        )
    return counts.str.replace(r"\.0+$", "").cast(pl.Int64)


def _find_forces(rows: pl.DataFrame) -> pl.Series:
    pairs = rows.select("force_code", "force_area").rows()
    known = {pair: _find_force(*pair) for pair in set(pairs)}
    unknown = sorted({str(area or code or "") for (code, area), force in known.items() if not force})
    if unknown:
        raise DataError(
            f"{len(unknown)} police force {'area is' if len(unknown) == 1 else 'areas are'} not known",
            found=", ".join(repr(area[:60]) for area in unknown[:5]),
            what_now="check that the name and the code beside it are those of one of the 43 forces or of British "
            "Transport Police",
            code="E145",
        )
    return pl.Series("force", [known[pair] for pair in pairs])


def _find_force(code: str | None, area: str | None) -> str:
    """Give the force's id; nothing where neither says, or where name and code are of two forces."""
    words, found = _words(area or ""), set()
    for row in read_reference("forces"):
        names = (_words(row["name"]), _words(row["area_name"]))
        if (code and row["force_code"] == code) or (words and words in names):
            found.add(row["force"])
    return found.pop() if len(found) == 1 else ""


@cache
def _words(name: str) -> frozenset[str]:
    """The words that identify a force: "London, City of" is "City of London Police"."""
    words = re.findall(r"[a-z]+", plain_label(name).replace("&", "and"))
    return frozenset(words) - {"police", "constabulary", "service", "force"}


def _find_months(rows: pl.DataFrame) -> pl.Series:
    """First month of each row's quarter; null where it cannot be read."""
    pairs = rows.select("financial_year", "quarter").rows()
    known = {pair: _first_month(*pair) for pair in set(pairs)}
    return pl.Series("month", [known[pair] for pair in pairs], pl.Date)


def _first_month(year: str | None, quarter: str | None) -> date | None:
    """Of the quarter of a financial year: "2024/25" begins in April 2024, its fourth quarter in January 2025."""
    years, place = YEAR.fullmatch(year or ""), QUARTER.fullmatch(plain_label(quarter or ""))
    if not years or not place or (int(years[1]) + 1) % 100 != int(years[2]) % 100:
        return None
    return first_of_quarter(int(years[1]), int(place[1]))


def _check_quarters(rows: pl.DataFrame) -> None:
    unreadable = rows.filter(pl.col("month").is_null())
    if unreadable.height > MOST_UNREADABLE * rows.height:
        labels = unreadable.select(QUARTER_LABEL)
        raise DataError(
            f"financial year and quarter cannot be read in {unreadable.height} of {rows.height} rows",
            found=", ".join(repr(label[:40]) for label in labels.to_series().unique().sort().head(5)),
            what_now="write them as 2024/25 and Q1",
            code="E148",
        )


@cache
def _codes_of(column: str) -> dict[str, str]:
    """Their label → our code; "" is not recorded."""
    table = read_reference("home_office_labels")
    return dict.fromkeys(VEHICLE_LABELS, "") | {
        row["label"]: row["code"] for row in table if row["column"] in {column, "any"}
    }


def _find_subject(rows: pl.DataFrame) -> pl.Expr:
    """A vehicle alone was searched where either column of ethnicity says so."""
    columns = ("self_defined_ethnicity", "self_defined_group")
    labels = {label for column in columns for label in rows[column].unique() if label is not None}
    vehicle = [label for label in labels if plain_label(label) in VEHICLE_LABELS]
    is_vehicle = pl.any_horizontal(pl.col(*columns).is_in(vehicle).fill_null(False))
    return pl.when(is_vehicle).then(pl.lit("vehicle")).otherwise(pl.lit("person")).alias("subject")


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
        lost=tuple(
            LostRow("set_aside", force, HOME_OFFICE, table.name, row, "financial_year_quarter", repr(label[:40]))
            for row, label in rows.filter(pl.col("month").is_null()).select(ROW, QUARTER_LABEL).head(1).iter_rows()
        ),
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
