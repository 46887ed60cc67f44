"""`disparity publish`: the edition that the public sees."""

from typing import Any

import click

from disparity.cli.build import tell_site
from disparity.cli.settings import choose_settings
from disparity.cli.terminal import progress, say
from disparity.pipeline.build import publish


def run(is_anew: bool, **given: Any) -> None:
    """Publish it, and say where it is, what it lacks and what to keep."""
    settings = choose_settings(**given)
    site = publish(settings, is_anew=is_anew, progress=progress)
    if not settings.published:
        say("This edition does not say when it was published: give `published` in the project file.")
    if settings.ledger.exists():
        say(f"Keep {settings.ledger}, in git or a copy: the next edition is proved in its light.")
    tell_site(site)
    click.echo("Upload this folder.")
