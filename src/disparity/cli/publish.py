"""`disparity publish`: the edition that the public sees."""

from datetime import date
from typing import Any

import click

from disparity.cli.build import tell_site
from disparity.cli.settings import choose_settings
from disparity.cli.terminal import progress, say
from disparity.pipeline.build import publish
from disparity.tables.next_edition import refuse_day_to_come


def run(is_anew: bool, is_ahead: bool, is_list_anew: bool, **given: Any) -> None:
    """Publish it, and say where it is, what it lacks and what to keep.

    Raises:
        RequestError: its day is still to come, and it is not said that this is meant; or as `publish`.
    """
    settings = choose_settings(**given)
    if not is_ahead:
        # The only look at the clock, in no time zone but the publisher's own.
        refuse_day_to_come(settings, date.today())
    site = publish(settings, is_anew=is_anew, is_list_anew=is_list_anew, progress=progress)
    if not settings.published:
        say("This edition does not say when it was published: give `published` in the project file.")
    if settings.ledger.exists():
        say(f"Keep {settings.ledger}, in git or a copy: the next edition is proved in its light.")
    tell_site(site)
    click.echo("Upload this folder.")
