"""`disparity map`: how to read a force's own extract."""

from pathlib import Path

from disparity.cli.terminal import echo_toml
from disparity.sources.extract.proposal import propose_mapping


def run(file: Path, force: str) -> None:
    """Print what to put into the project file."""
    echo_toml(propose_mapping(file, force=force))
