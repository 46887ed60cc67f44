"""`disparity audit`: an outsider's attack on a published site."""

from pathlib import Path

import click

from disparity.cli.terminal import progress
from disparity.disclosure.ledger import read_ledger
from disparity.project.layers import lay
from disparity.site.intruder.audit import audit_site, read_earlier, read_handed_on, refuse_weaknesses, summarise_audit


def run(site: Path, previous: tuple[Path, ...], ledger: Path | None, reports: Path | None) -> None:
    """Attack it; say what protects it where nobody can be singled out."""
    earlier = [*read_earlier(previous), *(read_ledger(ledger) if ledger else [])]
    with progress("attacking the site"):
        templates = lay("reports", reports).values()
        refuse_weaknesses(audit_site(site, earlier, templates, read_handed_on(previous)))
    click.echo(summarise_audit(site))
