"""Merged and re-saved files of the portal as raw rows: by force and month, one RawFile for each.

The force is that of each row, where the file says it; else the file's name says it, its folder, or whoever asks. The
month is that of the date, on the UK clock, as the portal's own files are cut.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from disparity.project.settings import Settings
from disparity.sources.contents import check_values, has_doubts
from disparity.sources.extract.date_forms import read_in_turn
from disparity.sources.extract.files import find_files as find_extracts
from disparity.sources.extract.rows import BLANK
from disparity.sources.lost_row import LostRow, show_date
from disparity.sources.naming import naming
from disparity.sources.police_uk import FIRST_MONTH, find_monthly, read_bytes
from disparity.sources.preflight import UTF_8
from disparity.sources.raw import PORTAL, RAW_COLUMNS, RawFile, Supply
from disparity.sources.resaved.find import Found, find_resaved
from disparity.sources.resaved.names import Said, read_force, read_name
from disparity.sources.resaved.table import Resaved, read_resaved
from disparity.vocabulary.codes import force_aliases
from disparity.vocabulary.errors import DataError, RequestError

LONDON = "Europe/London"
# As MONTHLY_NAME, for what knows no looking ahead.
MONTHLY = r"(\d{4}-\d\d)-([a-z0-9-]{1,64})-stop-and-search\.csv$"
# As programs write the portal's times again: with their zone, without it, midnight without its time (R).
FORMS = (
    *(f"%Y-%m-%d{gap}%H:%M:%S{zone}" for gap in "T " for zone in ("%z", "")),
    *(f"%Y-%m-%d{gap}%H:%M{zone}" for gap in "T " for zone in ("%z", "")),
    "%Y-%m-%d",
)
UTC_FORMAT = "%Y-%m-%dT%H:%M:%S+00:00"
NO_DATE = "no date, in a file of several months"
UNREAD_DATE = "the date does not read"
TOO_EARLY = "a date before the portal's first month"
HEADERS_AGAIN = "blank: a header, of files put one after the other"
NO_ZONE = "the date lost its zone when the file was saved again: read as UTC, as the portal writes it"
# What the portal publishes holds 1 to 12 in a hundred rows twice, of people stopped together.
MOST_ALIKE, ROWS_TO_JUDGE = 0.45, 20
# With as many rows of another month than the name says, the name is not to be believed.
MOST_OF_ANOTHER = 0.5
MOST_NAMED = 5


@dataclass(frozen=True)
class Source:
    """The file that rows are of, and what its name says."""

    name: str
    sha256: str
    bytes: int
    encoding: str
    said: Said


def take_resaved(settings: Settings, paths: list[Path]) -> tuple[list[Supply], list[Path]]:
    """Read the merged and re-saved files of the portal among the paths; folders and archives are for others too.

    Raises:
        RequestError: nothing says which force a file is of. DataError: it cannot be read, or holds a month twice.
    """
    found, others = find_resaved(paths, leave=_list_extracts(settings))
    return read_files(found, paths, forces=settings.forces, encoding=settings.encoding), others


def list_resaved(settings: Settings) -> list[str]:
    """Name the merged and re-saved files among the records of a project.

    Raises:
        RequestError, DataError: as `find_resaved`.
    """
    return [file.name for file in find_resaved(settings.records, leave=_list_extracts(settings))[0]]


def _list_extracts(settings: Settings) -> frozenset[Path]:
    return frozenset(path.resolve() for extract in settings.extracts for path in find_extracts(extract.files))


def read_files(
    found: Sequence[Found], paths: Sequence[Path], *, forces: Sequence[str], encoding: str = UTF_8
) -> list[Supply]:
    """Read the files: for each and for each force in it, its months.

    Args:
        paths: what was asked for; a monthly file there, of the same bytes, is read instead.
        forces: those asked for; of one, it is the force of a file that says none.

    Raises:
        RequestError, DataError: as `take_resaved`.
    """
    supplies: list[Supply] = []
    seen = _hash_twins(found, paths)
    for file in found:
        with naming(file.name):
            content = file.read()
            said = read_name(file.file_name, file.folder)
            sha256 = hashlib.sha256(content).hexdigest()
            if sha256 in seen:
                _refuse_other_name(file.name, said, *seen[sha256])
                continue
            seen[sha256] = file.name, said
            supplies += _read_file(file, content, forces, encoding)
    return supplies


def _hash_twins(found: Sequence[Found], paths: Sequence[Path]) -> dict[str, tuple[str, Said]]:
    """Hash the monthly files that a copy under another name may be of: those of its size."""
    sizes = {file.size for file in found}
    twins = [file for file in (find_monthly(paths) if found else []) if file.size in sizes]
    return {hashlib.sha256(read_bytes(file)).hexdigest(): (file.name, Said(file.force, file.month)) for file in twins}


def _refuse_other_name(name: str, said: Said, twin: str, said_of_twin: Said) -> None:
    """Refuse a copy that goes by another force or month: one of the two names is wrong. Other copies are read once."""
    if any(one and other and one != other for one, other in zip(said, said_of_twin, strict=True)):
        raise DataError(
            "one file has two names",
            where=f"{twin} and {name}",
            what_now="download both again: counting it twice would double the searches",
            code="E122",
        )


def _read_file(file: Found, content: bytes, forces: Sequence[str], encoding: str) -> list[Supply]:
    table = read_resaved(content, encoding)
    said = read_name(file.file_name, file.folder)
    source = Source(file.name, hashlib.sha256(content).hexdigest(), len(content), table.encoding, said)
    rows = _date_rows(table)
    rows = rows.with_columns(_name_forces(table, rows, said, forces), _name_months(table))
    if rows.is_empty():
        return [_supply_nothing(source, table)] if said.force and said.month else []
    # Lines that are no rows are of no force: the first has them.
    aside = Counter({HEADERS_AGAIN: table.headers_again, BLANK: table.blank_rows})
    supplies: list[Supply] = []
    for (force,), some in rows.partition_by("force", as_dict=True, maintain_order=True).items():
        supplies.append(_supply(source, str(force), some, +aside))
        aside = Counter()
    return supplies


def _date_rows(table: Resaved) -> pl.DataFrame:
    """Give the rows with their times as the portal writes them, and the month of each on the UK clock and in UTC."""
    times = table.rows["searched_at"]
    naive, aware = read_in_turn(times, FORMS)
    at = aware.zip_with(aware.is_not_null(), naive.dt.replace_time_zone("UTC"))
    rows = table.rows.with_columns(at.dt.strftime(UTC_FORMAT).zip_with(at.is_not_null(), times).alias("searched_at"))
    if has_doubts(rows):
        check_values(rows)
    return rows.select(
        pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).alias("source_row"),
        *RAW_COLUMNS,
        at.dt.convert_time_zone(LONDON).dt.date().dt.month_start().alias("local"),
        at.dt.date().dt.month_start().alias("utc"),
        naive.is_not_null().alias("has_no_zone"),
    )


def _name_forces(table: Resaved, rows: pl.DataFrame, said: Said, forces: Sequence[str]) -> pl.Series:
    """Name the force of each row: of its monthly file, of its own column, of the file's name, or the one asked for."""
    if table.files.count():
        slugs = table.files.str.to_lowercase().str.extract(MONTHLY, 2)
        return slugs.replace(list(force_aliases()), list(force_aliases().values())).alias("force")
    if table.forces.count():
        return _read_forces(table.forces)
    force = said.force or (forces[0] if len(forces) == 1 else "")
    if not force and rows.height:
        first, last = rows["local"].min(), rows["local"].max()
        span = f" from {first:%Y-%m} to {last:%Y-%m}" if isinstance(first, date) and isinstance(last, date) else ""
        raise RequestError(
            "the file is one of data.police.uk's, and nothing says of which force",
            found=f"{rows.height:,} rows{span}"
            + (f"; asked for are {', '.join(forces[:MOST_NAMED])}" if len(forces) > 1 else ""),
            what_now="name it: --force leicestershire (in a project file: forces), the force's id in the file's name, "
            "or a column `force`; or keep the portal's name, such as 2019-04-lancashire-stop-and-search.csv. "
            "A file that is not to be read: move it out of the folder",
            code="E124",
        )
    return pl.repeat(force, rows.height, dtype=pl.String, eager=True).alias("force")


def _read_forces(values: pl.Series) -> pl.Series:
    counts: dict[str | None, int] = dict(values.value_counts(sort=True, name="rows").iter_rows())
    known = {value: read_force(value) for value in counts if value}
    unknown = [f"{value[:40]!r} in {counts[value]}" for value, force in known.items() if not force]
    blank = values.null_count() + sum(rows for value, rows in counts.items() if value == "")
    if unknown or blank:
        named = [*unknown[:MOST_NAMED], *([f"nothing in {blank}"] if blank else [])]
        raise RequestError(
            f"some rows have no known force in {values.name!r}",
            found=f"{', '.join(named)} {'row' if sum(counts.values()) == 1 else 'rows'}",
            what_now="write the id or the name of the force that the portal gives, or take these rows out",
            code="E124",
        )
    return values.replace(known).alias("force")


def _name_months(table: Resaved) -> pl.Series:
    """Name the month of each row's monthly file, where the rows say that."""
    return table.files.str.extract(MONTHLY, 1).str.to_date("%Y-%m", strict=False).alias("file_month")


def _supply_nothing(source: Source, table: Resaved) -> Supply:
    """A header and no row, under the name of a month: that month has no searches."""
    force, month = source.said
    rows = table.rows.select(pl.lit(0, pl.UInt32).alias("source_row"), *RAW_COLUMNS).clear()
    files = (_raw(source, force, month, rows, table.blank_rows),) if month else ()
    return Supply(source.name, force, None, "", files, 0, {}, {})


def _supply(source: Source, force: str, rows: pl.DataFrame, aside: Counter[str]) -> Supply:
    months, reasons = _place(rows, source.said.month)
    placed = rows.with_columns(months.alias("month")).filter(months.is_not_null())
    parts = placed.partition_by("month", as_dict=True, maintain_order=True)
    files: list[RawFile] = []
    # A blank line of a file of one month is one of that month, as in the portal's own.
    blank = aside.pop(BLANK, 0) if len(parts) == 1 else 0
    for (month,), part in sorted(parts.items()):
        held = part.select("source_row", *RAW_COLUMNS)
        _refuse_twice(held, force, month)
        files.append(_raw(source, force, month, held, blank))
    notes = Counter({_describe(source, files): placed.height, NO_ZONE: int(placed["has_no_zone"].sum())})
    return Supply(
        name=source.name,
        force=force,
        overrides=None,
        override_key="",
        files=tuple(files),
        rows_read=rows.height + sum(aside.values()),
        set_aside=aside + Counter(reasons.drop_nulls().to_list()),
        notes=+notes,
        lost=tuple(
            LostRow("set_aside", force, PORTAL, source.name, row, "searched_at", show_date(text))
            for row, text in rows.filter(reasons.is_not_null()).select("source_row", "searched_at").head(1).iter_rows()
        ),
    )


def _describe(source: Source, files: Sequence[RawFile]) -> str:
    """Say what was read, whatever the months that are asked for: parts of a count say the same."""
    months = f"{files[0].month:%Y-%m} to {files[-1].month:%Y-%m}" if files else "no month"
    return f"read by its columns, without the portal's name: {source.name}, {months}"


def _raw(source: Source, force: str, month: date, rows: pl.DataFrame, blank: int) -> RawFile:
    return RawFile(
        *(source.name, force, month, source.sha256, rows, PORTAL),
        blank_rows=blank,
        encoding=source.encoding,
        bytes=source.bytes,
    )


def _place(rows: pl.DataFrame, said: date | None) -> tuple[pl.Series, pl.Series]:
    """Give the month of each row, null where it has none, and then why."""
    no_reason = pl.repeat(None, rows.height, dtype=pl.String, eager=True)
    if rows["file_month"].count():
        return rows["file_month"], no_reason
    if month := _one_month(rows, said):
        return pl.repeat(month, rows.height, dtype=pl.Date, eager=True), pl.Series(
            [None] * rows.height, dtype=pl.String
        )
    why = pl.when(pl.col("searched_at").is_null()).then(pl.lit(NO_DATE)).otherwise(pl.lit(UNREAD_DATE))
    placed = rows.with_columns(_join_ends(rows).alias("month")).select(
        "month",
        pl.when(pl.col("month") < FIRST_MONTH)
        .then(pl.lit(TOO_EARLY))
        .when(pl.col("month").is_null())
        .then(why)
        .alias("reason"),
    )
    reasons = placed["reason"]
    return placed["month"].zip_with(reasons.is_null(), pl.Series([None], dtype=pl.Date)), reasons


def _one_month(rows: pl.DataFrame, said: date | None) -> date | None:
    """Give the month that the file is of, if it is of one: rows without a date are then of it too.

    A row is of a month if either clock says so: a few forces cut their months in UTC.
    """
    dated = rows.filter(pl.col("local").is_not_null())
    if said and not dated.height:
        return said
    months: list[date | None] = [said, *dated["local"].unique(), *dated["utc"].unique()]
    for month in dict.fromkeys(months):
        fits = int(((dated["local"] == month) | (dated["utc"] == month)).sum()) if month else 0
        # What is named as a month's is that month's, and a date of another is a fault of its row.
        if fits and (fits == dated.height or (month == said and fits >= MOST_OF_ANOTHER * dated.height)):
            return month
    return None


def _join_ends(rows: pl.DataFrame) -> pl.Series:
    """Give each row's month on the UK clock; of what is left over of a month that was cut in UTC, that month."""
    local = rows["local"]
    held = set(local.drop_nulls())
    for month in held:
        is_of = (local == month).fill_null(False)
        before = rows["utc"].filter(is_of).max()
        if isinstance(before, date) and before < month and before in held:
            local = local.zip_with(~is_of, pl.Series([before], dtype=pl.Date))
    return local


def _refuse_twice(rows: pl.DataFrame, force: str, month: date) -> None:
    alike = rows.height - rows.select(RAW_COLUMNS).n_unique()
    if rows.height >= ROWS_TO_JUDGE and alike >= MOST_ALIKE * rows.height:
        raise DataError(
            f"the file holds {force}, {month:%Y-%m} more than once",
            found=f"{alike:,} of {rows.height:,} rows are there already",
            what_now="take the month out once: counting both would double the searches",
            code="E123",
        )
