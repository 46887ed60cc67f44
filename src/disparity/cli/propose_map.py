"""`disparity map`: how to read a force's own extract."""

from pathlib import Path

import click

from disparity.sources.extract.proposal import propose_mapping


def run(file: Path, force: str) -> None:
    """Print what to put into the project file."""
    click.echo(propose_mapping(file, force=force), nl=False)
