"""`disparity fetch population`: residents by ethnic group."""

from pathlib import Path
from typing import Any

import click

from disparity.cli.terminal import say, strip_controls
from disparity.sources.download.order import make_terms
from disparity.sources.download.population import fetch_population
from disparity.sources.download.report import write_report


def run(by: str, out: Path, *, census: str, **given: Any) -> None:
    """Fetch them, and say what came. `census`: there is one so far."""
    click.echo(strip_controls(write_report(fetch_population(out, by, make_terms(**given, say=say)))))
