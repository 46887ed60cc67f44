"""`disparity plan`: how many months of records a difference would need to show."""

import json
from typing import Any

import click
import polars as pl

from disparity.analysis.measures.entries import SEARCH_RATE
from disparity.cli.settings import choose_settings
from disparity.cli.terminal import progress, strip_controls
from disparity.pipeline.plan import plan_project
from disparity.project.settings import Settings
from disparity.vocabulary.calendar import name_period
from disparity.vocabulary.codes import ALL, SEARCH_TYPES

HEAD = ("Ethnic group", "Searched for", "Searches a month", "Months needed", "to be stated", "These records show")
WIDTHS = (14, 38, 18, 15, 14, 0)


def run(gap: float, times: float, as_json: bool, **given: Any) -> None:
    """Plan, and print a table for each force and measure."""
    settings = choose_settings(**given)
    rows = plan_project(settings, gap=gap, times=times, progress=progress)
    if as_json:
        click.echo(json.dumps(json.loads(rows.write_json()), indent=1))
        return
    for (force, measure), of_measure in rows.group_by("force", "measure", maintain_order=True):
        click.echo(strip_controls("\n".join(_write(settings, str(force), str(measure), of_measure))))


def _write(settings: Settings, force: str, measure: str, rows: pl.DataFrame) -> list[str]:
    first = rows.row(0, named=True)
    period = name_period(first["period_from"], first["period_to"])
    is_rate = measure == SEARCH_RATE.name
    what = (
        f"search rates {first['difference']:g} times that of White people"
        if is_rate
        else f"find rates {100 * first['difference']:g} percentage points from that of White people"
    )
    lines = [f"{settings.name_of(force)}, {period}: {what}", _lay(HEAD)]
    for row in rows.iter_rows(named=True):
        kind = "All searches" if row["search_type"] == ALL else SEARCH_TYPES[row["search_type"]]
        shown = row["smallest_difference"]
        smallest = "-" if shown is None else f"{shown:.1f} times" if is_rate else f"{100 * shown:.1f} points"
        count = row["searches_a_month"]
        cells = (
            "-" if count is None else f"{count:.1f}",
            *(_say(row[name]) for name in ("months_needed", "months_to_state")),
        )
        lines.append(_lay((row["ethnic_group"], kind, *cells, smallest)))
    return [*lines, ""]


def _say(months: int | None) -> str:
    return "-" if months is None else f"{months:,}"


def _lay(cells: tuple[str, ...]) -> str:
    return "".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()
