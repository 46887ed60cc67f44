"""`disparity threshold`: search thresholds, estimated from stops, searches and finds."""

from pathlib import Path

import click

from disparity.analysis.threshold_test.estimates import estimate_thresholds
from disparity.analysis.threshold_test.table import read_stops
from disparity.analysis.threshold_test.write import write_results
from disparity.cli.terminal import progress


def run(file: Path, out: Path, seed: int) -> None:
    """Estimate them, and say where the results are."""
    table = read_stops(file)
    with progress("drawing from the model, which takes minutes"):
        results = estimate_thresholds(table, seed=seed)
    write_results(out, results, source=file, seed=seed)
    click.echo(f"Thresholds, and what the model predicts, in {out / 'threshold.csv'}")
