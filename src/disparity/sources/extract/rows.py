"""Raw rows from a force's own extract: one RawFile per month, coded from then on like any other source's."""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from disparity.project.extract_mapping import GRID_COLUMNS, PLACE_COLUMNS, ExtractSettings
from disparity.project.personal_columns import PERSON_KEY, RECORD_ID
from disparity.project.settings import Settings
from disparity.sources.extract.ages import band_ages
from disparity.sources.extract.files import find_files, name_files
from disparity.sources.extract.forces import OTHER_FORCE, keep_own, names_force
from disparity.sources.extract.mapped_headers import find_headers
from disparity.sources.extract.national_grid import place_on_map
from disparity.sources.extract.personal_values import refuse_personal
from disparity.sources.extract.repeats import PERSON, hash_persons, number_searches
from disparity.sources.extract.table import ROW, Layout, Table, read_table
from disparity.sources.extract.times import count_reasons, read_times
from disparity.sources.lost_row import LostRow, show_date
from disparity.sources.naming import naming
from disparity.sources.raw import RAW_COLUMNS, RawFile, Supply, map_values
from disparity.vocabulary.codes import OWN_EXTRACT, plain_label
from disparity.vocabulary.errors import DataError, DisparityError, refuse_together

BLANK = "blank: a row without a value"
OUTSIDE = "outside the months that its mapping is valid for"
TOTALS = "below the rows: a total or a note"
# Nothing is lost with these: they are no searches, or not of this mapping. Reasons begin so.
NO_LOSS = (BLANK, OUTSIDE, TOTALS, OTHER_FORCE)
NO_PERIODS = pl.DataFrame(schema=dict.fromkeys(("month", "period_from", "period_to"), pl.Date))
# As the portal writes it.
UTC_FORMAT = "%Y-%m-%dT%H:%M:%S+00:00"


@dataclass(frozen=True)
class ExtractFile:
    """One file of an extract: its rows by month, and what was decided about the others."""

    name: str
    sha256: str
    files: tuple[RawFile, ...]
    rows_read: int
    set_aside: Counter[str]
    notes: Counter[str]
    lost: tuple[LostRow, ...]


def take_extracts(settings: Settings, paths: list[Path]) -> tuple[list[Supply], list[Path]]:
    """Read the extracts of the project, which names them itself; every path is left to the other sources."""
    return [read_extract(extract, settings.periods()) for extract in settings.extracts], paths


def read_extract(settings: ExtractSettings, periods: pl.DataFrame = NO_PERIODS) -> Supply:
    """Read the files of an extract with its declared mapping; columns that are not mapped are not read.

    Args:
        periods: within which searches of the same person are numbered, where a key tells persons apart.

    Raises:
        RequestError: a file or its sheet is not there. DataError: it is not what the mapping says, or two files
            hold the same searches. Every file that cannot be read is named.
    """
    paths = find_files(settings.files)
    salt = secrets.token_bytes()
    read: list[ExtractFile] = []
    errors: list[DisparityError] = []
    for path, name in zip(paths, name_files(paths), strict=True):
        try:
            read.append(_read_file(path, name, settings, salt))
        except DisparityError as error:
            errors.append(error)
    refuse_together(errors)
    _refuse_copies(read)
    _refuse_shared_ids(read)
    name = read[0].name if len(read) == 1 else f"{len(read)} files from {read[0].name} to {read[-1].name}"
    files = tuple(raw for file in read for raw in file.files)
    return Supply(
        name=name,
        force=settings.force,
        overrides=settings.overrides,
        override_key=f"under the [[extracts]] of {name}, overrides",
        files=number_searches(files, periods) if PERSON_KEY in settings.columns and files else files,
        rows_read=sum(file.rows_read for file in read),
        set_aside=sum((file.set_aside for file in read), Counter[str]()),
        notes=sum((file.notes for file in read), Counter[str]()),
        lost=tuple(row for file in read for row in file.lost),
    )


def _read_file(path: Path, name: str, settings: ExtractSettings, salt: bytes) -> ExtractFile:
    with naming(name):
        wanted = {plain_label(theirs) for theirs in settings.columns.values()}
        layout = Layout(settings.sheet, settings.encoding, settings.separator)
        table = read_table(
            path, layout, is_wanted=lambda header: plain_label(header) in wanted, is_looked_at=names_force
        )
        found = find_headers(table, settings.columns)
        settings = settings.model_copy(update={"columns": found})
        for ours, theirs in found.items():
            refuse_personal(table.rows[theirs], ours)
        table, others, of_none = keep_own(table, settings)
        _check_record_ids(table, settings)
        times = _keep_valid(read_times(table, settings), settings)
    rows = _map_columns(table, settings).with_columns(
        times["searched_at"].dt.strftime(UTC_FORMAT).alias("searched_at"), times["month"]
    )
    kept = [ROW, *RAW_COLUMNS]
    if PERSON_KEY in settings.columns:
        rows = rows.with_columns(hash_persons(table.rows[settings.columns[PERSON_KEY]], salt))
        kept.append(PERSON)
    months = rows.filter(times["set_aside"].is_null()).partition_by("month", as_dict=True, maintain_order=True)
    files = [
        RawFile(
            *(name, settings.force, month, table.sha256, part.select(kept), OWN_EXTRACT),
            absent=_list_absent(settings),
            encoding=settings.encoding,
            bytes=table.bytes,
        )
        for (month,), part in sorted(months.items())
    ]
    return ExtractFile(
        name=name,
        sha256=table.sha256,
        files=tuple(files),
        rows_read=table.rows.height + others.total() + table.blank_rows + table.total_rows,
        set_aside=Counter({BLANK: table.blank_rows, TOTALS: table.total_rows})
        + others
        + count_reasons(times, "set_aside"),
        notes=of_none + count_reasons(times, "note"),
        lost=_find_lost(table, times, name, settings),
    )


def _find_lost(table: Table, times: pl.DataFrame, name: str, settings: ExtractSettings) -> tuple[LostRow, ...]:
    """Give the first row of the file that has no month for want of a date."""
    header = settings.columns.get("searched_at") or settings.columns["search_date"]
    is_lost = (times["set_aside"].is_not_null() & (times["set_aside"] != OUTSIDE)).arg_true()
    if is_lost.is_empty():
        return ()
    value, row = table.rows[header][is_lost[0]], table.rows[ROW][is_lost[0]]
    return (LostRow("set_aside", settings.force, OWN_EXTRACT, name, row, header, show_date(value)),)


def _list_absent(settings: ExtractSettings) -> frozenset[str]:
    """Where no mapping asks for the place of a search, that it is not there says nothing of how the force records."""
    is_placed = settings.columns.keys() & {PLACE_COLUMNS[0], GRID_COLUMNS[0]}
    return frozenset() if is_placed else frozenset(PLACE_COLUMNS)


def _check_record_ids(table: Table, settings: ExtractSettings) -> None:
    """One row is one search: exports with a row per item found or per outcome would count some twice."""
    if RECORD_ID not in settings.columns:
        return
    ids = table.rows[settings.columns[RECORD_ID]].drop_nulls()
    _refuse_repeats(ids.len() - ids.n_unique(), repr(ids.name))


def _refuse_repeats(repeated: int, column: str, where: str = "") -> None:
    if repeated:
        raise DataError(
            f"{repeated} {'row repeats' if repeated == 1 else 'rows repeat'} a {column} that another row has",
            where=where,
            what_now="export one row for each search; if several searches may share it, leave record_id out",
            code="E136",
        )


def _keep_valid(times: pl.DataFrame, settings: ExtractSettings) -> pl.DataFrame:
    """Set the rows aside that are of a month in which the mapping does not hold."""
    month, is_outside = pl.col("month"), pl.lit(False)
    if settings.valid_from:
        is_outside |= month < settings.valid_from
    if settings.valid_to:
        is_outside |= month > settings.valid_to
    is_outside &= month.is_not_null()
    return times.with_columns(
        pl.when(is_outside).then(pl.lit(OUTSIDE)).otherwise("set_aside").alias("set_aside"),
        pl.when(~is_outside).then("note").alias("note"),
    )


def _refuse_copies(read: Sequence[ExtractFile]) -> None:
    """Refuse one file under two names; files of months without a search are alike."""
    seen: dict[str, ExtractFile] = {}
    for file in read:
        if not file.rows_read:
            continue
        other = seen.setdefault(file.sha256, file)
        if other is not file:
            raise DataError(
                "one file has two names",
                where=f"{other.name} and {file.name}",
                what_now="keep one of them: counting both would double the searches",
                code="E122",
            )


def _refuse_shared_ids(read: Sequence[ExtractFile]) -> None:
    """A number that two files have is one search twice: within a file there is none."""
    ids = [raw.rows.select(RECORD_ID, pl.lit(file.name).alias("file")) for file in read for raw in file.files]
    if len(read) == 1 or not ids:
        return
    held = pl.concat(ids).drop_nulls(RECORD_ID).unique(maintain_order=True)
    shared = held.filter(pl.col(RECORD_ID).is_duplicated())
    files = shared["file"].unique(maintain_order=True).to_list()
    repeated = shared.height - shared[RECORD_ID].n_unique()
    _refuse_repeats(repeated, "record number", " and ".join(files[:2]) + (" and others" if len(files) > 2 else ""))


def _map_columns(table: Table, settings: ExtractSettings) -> pl.DataFrame:
    columns = {
        ours: _read_values(ours, table.rows[theirs], settings).alias(ours)
        for ours, theirs in settings.columns.items()
        if ours in RAW_COLUMNS
    } | _read_grid(table, settings)
    # An extract of searches of persons often has no column for it.
    absent = {"subject": pl.lit("person")}
    return table.rows.select(
        ROW,
        *(columns.get(ours, absent.get(ours, pl.lit(None, pl.String)).alias(ours)) for ours in RAW_COLUMNS),
    )


def _read_values(ours: str, values: pl.Series, settings: ExtractSettings) -> pl.Series:
    """Read by the lines of the project file; an age that no line names, by its band."""
    mapped = map_values(values, settings.values.get(ours, {}))
    return band_ages(mapped, settings.age_bands) if ours == "age_group" else mapped


def _read_grid(table: Table, settings: ExtractSettings) -> dict[str, pl.Series]:
    if GRID_COLUMNS[0] not in settings.columns:
        return {}
    degrees = place_on_map(*(table.rows[settings.columns[name]] for name in GRID_COLUMNS))
    return {name: texts.alias(name) for name, texts in zip(PLACE_COLUMNS, degrees, strict=True)}
