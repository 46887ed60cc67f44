"""`disparity ledger`: the editions that were published, and the withdrawal of one."""

from pathlib import Path

import click

from disparity.cli.options import PROJECT_FILE
from disparity.disclosure.ledger import Entry, list_ledger, withdraw
from disparity.project.settings import read_settings
from disparity.site.intruder.audit import restore_edition
from disparity.vocabulary.calendar import name_day, name_period
from disparity.vocabulary.errors import RequestError


def run(project: Path | None, site: Path | None, edition: str, reason: str, never_public: bool) -> None:
    """List the editions, withdraw one, or put one back."""
    path = read_settings(project or Path(PROJECT_FILE)).ledger
    if site and edition:
        raise RequestError("an edition is added and one withdrawn", what_now="do one after the other")
    if site:
        restore_edition(path, site)
    if edition and not reason.strip():
        raise RequestError("a withdrawal has a reason", what_now="give it with --reason; the next edition says it")
    if edition:
        click.echo(_describe(withdraw(path, edition, reason.strip(), was_public=not never_public)))
        return
    entries = list_ledger(path)
    for entry in entries:
        click.echo(_describe(entry))
    if not entries:
        click.echo(f"No protected edition was published: there is no {path}.")


def _describe(entry: Entry) -> str:
    day = f"published {name_day(entry.published)}" if entry.published else ""
    period = name_period(entry.period_from, entry.period_to)
    withdrawn = ""
    if entry.withdrawn:
        still = "it was public, and is still taken into account" if entry.was_public else "it never was public"
        withdrawn = f"withdrawn ({still}): {entry.withdrawn}"
    counts = f"{entry.cells:,} protected counts"
    return "  ".join(part for part in (entry.edition, entry.title, period, day, counts, withdrawn) if part)
