"""`disparity init`: a new project."""

from pathlib import Path

import click

from disparity.project.starter import write_example, write_project


def run(folder: Path, example: bool) -> None:
    """Write it, and say what was written and what to do next."""
    for path in write_example(folder) if example else write_project(folder):
        click.echo(f"wrote {path}")
    click.echo("Now run: disparity build" if example else "Now edit disparity.toml, then run: disparity build")
