"""`disparity calibrate`: how often the toolkit is right."""

from pathlib import Path

import click

from disparity.analysis.calibration.calibrate import calibrate


def run(out: Path, publications: int, seed: int) -> None:
    """Draw from every known truth, and write what came of it."""
    table = calibrate(publications=publications, seed=seed, report=lambda world: click.echo(f"{world} ...", err=True))
    out.write_text(table.write_csv(float_precision=6), encoding="utf-8", newline="\n")
    click.echo(f"{table.height} figures in {out}")
