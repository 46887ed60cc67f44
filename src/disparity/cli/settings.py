"""The settings that a command line asks for."""

from pathlib import Path
from typing import Any

from disparity.cli.options import PROJECT_FILE
from disparity.project.settings import Settings, make_settings, read_settings
from disparity.records.partial_counts import read_outline
from disparity.sources.choice import span_months
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
        settings = span_months(records, forces) | settings
    return make_settings(settings, where="the command line")


def _outline_parts(counts: tuple[Path, ...]) -> dict[str, Any]:
    """Without a project file, parts say themselves what they are of."""
    outlines = [read_outline(folder) for folder in counts]
    months = sorted(month for outline in outlines for month in outline.months)
    records = dict.fromkeys(name for outline in outlines for name in outline.records)
    return {"records": list(records), "from": f"{months[0]:%Y-%m}", "to": f"{months[-1]:%Y-%m}"}
