"""The settings that a command line asks for."""

from pathlib import Path
from typing import Any

from disparity.cli.options import PROJECT_FILE
from disparity.cli.terminal import say
from disparity.project.settings import Settings, make_settings, read_settings
from disparity.records.audit.months import list_submitted
from disparity.records.partial_counts import read_part
from disparity.sources.choice import span_months
from disparity.sources.resaved.rows import list_resaved
from disparity.vocabulary.errors import RequestError

MOST_NAMED = 5  # files, in a line


def choose_settings(
    *, records: tuple[Path, ...], project: Path | None, forces: tuple[str, ...], counts: tuple[Path, ...], **others: Any
) -> Settings:
    """Records named on the command line stand alone; otherwise the project file, with what is given here on top.

    Args:
        others: first_month, last_month, and what the project file has under the name of the option.
    """
    months = {"from": others.pop("first_month"), "to": others.pop("last_month")}
    given = {"records": list(records), "forces": list(forces), "counts": list(counts), **months, **others}
    settings = {key: value for key, value in given.items() if value}
    if profile := settings.pop("profile", ""):
        settings["disclosure"] = {"profile": profile}
    if records and counts:
        raise RequestError("records and counts are both given", what_now="count the records too, or leave them out")
    if not records and (project or Path(PROJECT_FILE).exists() or not counts):
        return _complete(read_settings(project or Path(PROJECT_FILE), settings), settings)
    if project:
        raise RequestError("records and a project file are both given", what_now="give one of them")
    if counts:
        settings = _outline_parts(counts) | settings
    elif not all(months.values()):
        settings = span_months(records, forces) | settings
    return _complete(make_settings(settings, where="the command line"), settings)


def _complete(settings: Settings, given: dict[str, Any]) -> Settings:
    """Say what is read that has not the portal's name; set an internal site apart."""
    if not settings.counts and (names := list_resaved(settings)):
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        say(f"Read by columns, without the portal's name (docs/records.md): {', '.join(names[:MOST_NAMED])}{more}")
    return _set_apart(settings, given)


def _set_apart(settings: Settings, given: dict[str, Any]) -> Settings:
    """What is for the force alone never lies where the public site does, unless that is asked for."""
    if not settings.is_internal or "out" in given:
        return settings
    return settings.model_copy(update={"out": settings.out.with_name(f"{settings.out.name}-internal")})


def _outline_parts(counts: tuple[Path, ...]) -> dict[str, Any]:
    """Without a project file, parts say themselves what they are of."""
    parts = [read_part(folder) for folder in counts]
    months = sorted(month for part in parts for month in list_submitted(part.audit.submissions)["month"])
    records = dict.fromkeys(name for part in parts for name in part.records)
    return {"records": list(records), "from": f"{months[0]:%Y-%m}", "to": f"{months[-1]:%Y-%m}"}
