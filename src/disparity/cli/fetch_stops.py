"""`disparity fetch stops`: search records of data.police.uk."""

from pathlib import Path
from typing import Any

import click

from disparity.cli.terminal import say, strip_controls
from disparity.sources.download.order import Order, list_months, make_terms
from disparity.sources.download.report import write_report
from disparity.sources.download.stops import fetch_stops


def run(forces: tuple[str, ...], out: Path, *, first_month: str, last_month: str, source: str, **given: Any) -> None:
    """Fetch them, and say what came."""
    order = Order(forces, list_months(first_month, last_month), source)
    click.echo(strip_controls(write_report(fetch_stops(order, out, make_terms(**given, say=say)))))
