"""The searches that a sample is drawn from: those of a force's own extracts that have a record number."""

from typing import NamedTuple

import polars as pl

from disparity.project.extract_mapping import ExtractSettings
from disparity.project.personal_columns import RECORD_ID
from disparity.project.settings import Settings
from disparity.records.audit.files import audit_files
from disparity.records.coding import KEPT, code_searches
from disparity.records.unknown_values import refuse_unknown
from disparity.sources.extract.rows import read_extract
from disparity.vocabulary.codes import NOT_RECORDED
from disparity.vocabulary.errors import DataError, RequestError
from disparity.vocabulary.text import inert_text

GROUNDS = "grounds"


class Searches(NamedTuple):
    """`rows`: record_id, month, ethnic_group, search_type, grounds, by record_id; `without_id`: rows left out."""

    force: str
    rows: pl.DataFrame
    without_id: int


def list_searches(settings: Settings, force: str) -> Searches:
    """List the searches of persons in the project's months that have a record number.

    A search without grounds stays: its record does not show them, and a share that left it out would flatter.

    Raises:
        RequestError: no extract has both columns, or those of several forces do and none is named.
        DataError: a record number is in two rows, there is no search, or too many values are not known.
    """
    extracts = _choose(settings, force)
    months = settings.months()
    files = [raw for extract in extracts for raw in read_extract(extract).files if raw.month in months]
    if not files:
        where = f"[[extracts]] of {extracts[0].force}"
        raise DataError("there is no search in these months", where=where, what_now="check from and to")
    searches = code_searches(*files)
    refuse_unknown(audit_files(searches, *files), extracts)
    coded = searches.filter(pl.col("disposition") == KEPT)
    rows = coded.select(
        pl.col(RECORD_ID),
        pl.col("submission_month").alias("month"),
        pl.col("self_defined_group").cast(pl.String).fill_null(NOT_RECORDED).alias("ethnic_group"),
        pl.col("search_type").cast(pl.String),
        pl.col(GROUNDS).fill_null(""),
    ).filter(pl.col(RECORD_ID).is_not_null())
    _refuse_repeats(rows)
    return Searches(extracts[0].force, rows.sort(RECORD_ID), coded.height - rows.height)


def _choose(settings: Settings, force: str) -> list[ExtractSettings]:
    able = [extract for extract in settings.extracts if {RECORD_ID, GROUNDS} <= extract.columns.keys()]
    chosen = [extract for extract in able if not force or extract.force == force]
    forces = sorted({extract.force for extract in chosen})
    if len(forces) == 1:
        return chosen
    if chosen:
        raise RequestError(
            "extracts of several forces have grounds", found=", ".join(forces), what_now="name one with --force"
        )
    raise RequestError(
        f"there is no extract {f'of {force} ' if force else ''}with record numbers and grounds",
        where="[[extracts]] of the project file",
        found=f"{len(settings.extracts)} extracts",
        what_now="map record_id and grounds under [extracts.columns]; docs/grounds-review.md",
    )


def _refuse_repeats(rows: pl.DataFrame) -> None:
    """As they are in a workbook: two rows that look alike there could not be distinguished."""
    repeated = rows.height - len({inert_text(number) for number in rows[RECORD_ID]})
    if repeated:
        raise DataError(
            f"{repeated} record numbers are in more than one extract",
            what_now="leave out the extract that repeats another, or give each year its own numbers",
        )
