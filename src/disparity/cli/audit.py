"""`disparity audit`: an outsider's attack on a published site."""

from pathlib import Path

import click

from disparity.cli.terminal import progress
from disparity.disclosure.ledger import read_ledger
from disparity.project.defaults import default_folder
from disparity.site.intruder.audit import audit_site, read_earlier, read_handed_on, refuse_weaknesses, summarise_audit


def run(site: Path, previous: tuple[Path, ...], ledger: Path | None, reports: Path | None) -> None:
    """Attack it; say what protects it where nobody can be singled out."""
    earlier = [*read_earlier(previous), *(read_ledger(ledger) if ledger else [])]
    with progress("attacking the site"):
        refuse_weaknesses(audit_site(site, earlier, reports or default_folder("reports"), read_handed_on(previous)))
    click.echo(summarise_audit(site))
