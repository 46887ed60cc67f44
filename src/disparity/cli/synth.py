"""`disparity synth`: synthetic records."""

from pathlib import Path

import click

from disparity.cli.terminal import progress
from disparity.synthetic.write import write_synthetic


def run(out: Path, seed: int, searches: int, forces: int, months: int) -> None:
    """Make them, and say where they and their truth are."""
    with progress("making records"):
        write_synthetic(out, seed=seed, searches=searches, forces=forces, months=months)
    click.echo(f"Records in {out / 'police_uk'}, their truth in {out / 'truth.json'}")
