"""`disparity fetch open-data`: the Home Office's tables of searches."""

from pathlib import Path
from typing import Any

import click

from disparity.cli.terminal import say, strip_controls
from disparity.sources.download.open_data import fetch_open_data
from disparity.sources.download.order import make_terms
from disparity.sources.download.report import write_report


def run(address: str, out: Path, **given: Any) -> None:
    """Fetch them, and say what came."""
    click.echo(strip_controls(write_report(fetch_open_data(out, address, make_terms(**given, say=say)))))
