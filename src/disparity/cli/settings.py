"""The settings that a command line asks for."""

from pathlib import Path
from typing import Any

from disparity.cli.options import PROJECT_FILE
from disparity.project.settings import Settings, make_settings, read_settings
from disparity.records.partial_counts import read_outline
from disparity.sources.home_office.rows import read_home_office
from disparity.sources.home_office.table import find_tables
from disparity.sources.police_uk import find_files
from disparity.vocabulary.errors import RequestError


def choose_settings(  # noqa: PLR0913  one for each option
    *,
    records: tuple[Path, ...],
    project: Path | None,
    forces: tuple[str, ...],
    first_month: str | None,
    last_month: str | None,
    population: Path | None,
    counts: tuple[Path, ...],
    encoding: str | None,
    allow_partial: bool,
    out: Path | None = None,
    previous: Path | None = None,
) -> Settings:
    """Records named on the command line stand alone; otherwise the project file, with what is given here on top."""
    given = {
        "records": list(records),
        "forces": list(forces),
        "from": first_month,
        "to": last_month,
        "population": population,
        "counts": list(counts),
        "encoding": encoding,
        "allow_partial": allow_partial,
        "out": out,
        "previous": previous,
    }
    settings = {key: value for key, value in given.items() if value}
    if records and counts:
        raise RequestError("records and counts are both given", what_now="count the records too, or leave them out")
    if not records and (project or Path(PROJECT_FILE).exists() or not counts):
        return read_settings(project or Path(PROJECT_FILE), settings)
    if project:
        raise RequestError("records and a project file are both given", what_now="give one of them")
    if counts:
        settings = _outline_parts(counts) | settings
    elif not (first_month and last_month):
        settings = _span_months(records, forces) | settings
    return make_settings(settings, where="the command line")


def _outline_parts(counts: tuple[Path, ...]) -> dict[str, Any]:
    """Without a project file, parts say themselves what they are of."""
    outlines = [read_outline(folder) for folder in counts]
    months = sorted(month for outline in outlines for month in outline.months)
    records = dict.fromkeys(name for outline in outlines for name in outline.records)
    return {"records": list(records), "from": f"{months[0]:%Y-%m}", "to": f"{months[-1]:%Y-%m}"}


def _span_months(records: tuple[Path, ...], forces: tuple[str, ...]) -> dict[str, str]:
    """Without months given: from the first to the last that there is a file of."""
    tables, others = find_tables(records)
    files, _ignored = find_files(others)
    raws = [raw for supply in read_home_office(tables, overrides=None) for raw in supply.files]
    held = [(file.force, file.month) for file in files] + [(raw.force, month) for raw in raws for month in raw.covers()]
    months = sorted(month for force, month in held if not forces or force in forces)
    if not months:
        raise RequestError(
            f"there are no stop-and-search files of {', '.join(forces) or 'any force'}",
            where=", ".join(str(path) for path in records),
            what_now="check the folder and the force's id",
        )
    return {"from": f"{months[0]:%Y-%m}", "to": f"{months[-1]:%Y-%m}"}
