"""`disparity count`: a part, to build from."""

from pathlib import Path
from typing import Any

import click

from disparity.cli.settings import choose_settings
from disparity.cli.terminal import progress
from disparity.pipeline.submissions import count


def run(out: Path, cluster: str, is_anew: bool, **given: Any) -> None:
    """Count the records, and say where the part is."""
    count(choose_settings(**given), out, cluster=cluster, is_anew=is_anew, progress=progress)
    click.echo(f"Counts in {out}")
