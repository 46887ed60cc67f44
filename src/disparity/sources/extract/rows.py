"""Raw rows from a force's own extract: one RawFile per month, coded from then on like any other source's."""

from pathlib import Path

import polars as pl

from disparity.project.extract_mapping import RECORD_ID, ExtractSettings
from disparity.project.settings import Settings
from disparity.sources.extract.table import ROW, Layout, Table, find_header, read_table
from disparity.sources.extract.times import count_reasons, read_times
from disparity.sources.naming import naming
from disparity.sources.raw import OWN_EXTRACT, RAW_COLUMNS, RawFile, Supply, map_values
from disparity.vocabulary.codes import plain_label
from disparity.vocabulary.errors import DataError

BLANK = "blank: a row without a value"
# As the portal writes it.
UTC_FORMAT = "%Y-%m-%dT%H:%M:%S+00:00"


def take_extracts(settings: Settings, paths: list[Path]) -> tuple[list[Supply], list[Path]]:
    """Read the extracts of the project, which names them itself; every path is left to the other sources."""
    return [read_extract(extract) for extract in settings.extracts], paths


def read_extract(settings: ExtractSettings) -> Supply:
    """Read an extract with its declared mapping; columns that are not mapped are not read.

    Raises:
        RequestError: the file or its sheet is not there. DataError: it is not what the mapping says.
    """
    with naming(settings.file.name):
        wanted = {plain_label(theirs) for theirs in settings.columns.values()}
        layout = Layout(settings.sheet, settings.encoding, settings.separator)
        table = read_table(settings.file, layout, is_wanted=lambda header: plain_label(header) in wanted)
        found = {ours: find_header(table, theirs) for ours, theirs in settings.columns.items()}
        settings = settings.model_copy(update={"columns": found})
        _check_record_ids(table, settings)
        times = read_times(table, settings)
    rows = _map_columns(table, settings).with_columns(
        times["searched_at"].dt.strftime(UTC_FORMAT).alias("searched_at"), times["month"]
    )
    months = rows.filter(times["set_aside"].is_null()).partition_by("month", as_dict=True, maintain_order=True)
    files = [
        RawFile(
            *(table.name, settings.force, month, table.sha256, part.select(ROW, *RAW_COLUMNS), OWN_EXTRACT),
            encoding=settings.encoding,
            bytes=table.bytes,
        )
        for (month,), part in sorted(months.items())
    ]
    return Supply(
        name=table.name,
        force=settings.force,
        overrides=settings.overrides,
        override_key=f"under the [[extracts]] of {table.name}, overrides",
        files=tuple(files),
        rows_read=table.rows.height + table.blank_rows,
        set_aside=({BLANK: table.blank_rows} if table.blank_rows else {}) | count_reasons(times, "set_aside"),
        notes=count_reasons(times, "note"),
    )


def _check_record_ids(table: Table, settings: ExtractSettings) -> None:
    """One row is one search: exports with a row per item found or per outcome would count some twice."""
    if RECORD_ID not in settings.columns:
        return
    ids = table.rows[settings.columns[RECORD_ID]].drop_nulls()
    repeated = ids.len() - ids.n_unique()
    if repeated:
        raise DataError(
            f"{repeated} {'row repeats' if repeated == 1 else 'rows repeat'} a {ids.name!r} that another row has",
            what_now="export one row for each search; if several searches may share it, leave record_id out",
            code="E136",
        )


def _map_columns(table: Table, settings: ExtractSettings) -> pl.DataFrame:
    columns = {
        ours: map_values(table.rows[theirs], settings.values.get(ours, {})).alias(ours)
        for ours, theirs in settings.columns.items()
        if ours in RAW_COLUMNS
    }
    # An extract of searches of persons often has no column for it.
    absent = {"subject": pl.lit("person")}
    return table.rows.select(
        ROW,
        *(columns.get(ours, absent.get(ours, pl.lit(None, pl.String)).alias(ours)) for ours in RAW_COLUMNS),
    )
