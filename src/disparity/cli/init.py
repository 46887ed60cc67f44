"""`disparity init`: a new project."""

from pathlib import Path

import click

from disparity.cli.options import PROJECT_FILE
from disparity.project.starter import copy_templates, list_missing_keys, write_example, write_project


def run(folder: Path, example: bool, templates: tuple[str, ...]) -> None:
    """Write it, and say what was written and what to do next."""
    if templates:
        written = copy_templates(folder, templates)
        for path in written:
            click.echo(f"copied {path}")
        for line in list_missing_keys(folder, written):
            click.echo(f"Add this line to {PROJECT_FILE}, above its first table: {line}")
        return
    for path in write_example(folder) if example else write_project(folder):
        click.echo(f"wrote {path}")
    click.echo("Now run: disparity build" if example else "Now edit disparity.toml, then run: disparity build")
