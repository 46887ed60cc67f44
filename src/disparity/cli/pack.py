"""`disparity pack`: what a scrutiny panel prints."""

from pathlib import Path
from typing import Any

import click

from disparity.cli.settings import choose_settings
from disparity.cli.terminal import progress
from disparity.pipeline.build import make_pack
from disparity.records.grounds_review.sampling.folder import read_sample


def run(out: Path, sample: Path | None, **given: Any) -> None:
    """Make it, and name what there is to print."""
    settings = choose_settings(**given)
    drawn = read_sample(sample).rows.select("record_id", "month").rows() if sample else ()
    for path in make_pack(settings, out, drawn, progress=progress):
        click.echo(f"Print {path.resolve()}")
