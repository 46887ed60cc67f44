"""`disparity build`: the site."""

from typing import Any

import click

from disparity.cli.settings import choose_settings
from disparity.cli.terminal import progress, say, strip_controls
from disparity.pipeline.build import build
from disparity.project.layers import list_behind
from disparity.site.writing import Site
from disparity.tables.next_edition import list_forgotten


def run(is_anew: bool, **given: Any) -> None:
    """Build it, and say where it is and what it lacks."""
    settings = choose_settings(**given)
    for behind in (*list_behind("reports", settings.reports), *list_behind("expectations", settings.expectations)):
        say(behind)
    if forgotten := list_forgotten(settings):
        say(
            f"Published, and not listed by this draft: {'; '.join(forgotten)}. Name the site of the last edition with "
            "--previous; `disparity publish` asks for it."
        )
    tell_site(build(settings, is_anew=is_anew, progress=progress))
    click.echo(
        f"{settings.marking}. `disparity publish` makes what the public sees."
        if not settings.is_internal
        else f"{settings.marking}."
    )


def tell_site(site: Site) -> None:
    """Say what a site lacks, what the checks found for its publisher, and where it is."""
    for caveat in site.caveats:
        say(caveat)
    if site.checks:
        click.echo(strip_controls(site.checks))
    click.echo(f"{site.pages} pages. Open {(site.folder / 'index.html').resolve()}")
    if site.absent:
        click.echo(f"Not made, as there is nothing to show: {', '.join(site.absent)} (docs/pages.md).")
