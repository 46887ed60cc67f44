"""`disparity build`: the site."""

from typing import Any

import click

from disparity.cli.settings import choose_settings
from disparity.cli.terminal import progress, say
from disparity.pipeline.build import build


def run(is_anew: bool, **given: Any) -> None:
    """Build it, and say where it is and what it lacks."""
    site = build(choose_settings(**given), is_anew=is_anew, progress=progress)
    for caveat in site.caveats:
        say(caveat)
    click.echo(f"{site.pages} pages. Open {(site.folder / 'index.html').resolve()}")
