"""`disparity export`: tables for other programs."""

from pathlib import Path
from typing import Any

import click

from disparity.cli.settings import choose_settings
from disparity.cli.terminal import progress
from disparity.pipeline.export import export


def run(out: Path, kind: str, **given: Any) -> None:
    """Export, and say where the files are and whether they are for publication."""
    note = export(choose_settings(**given), out, kind, progress=progress)
    click.echo(note.splitlines()[0])
    click.echo(f"Tables in {out}")
