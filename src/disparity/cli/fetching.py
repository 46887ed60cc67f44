"""What may be downloaded: the commands of `disparity fetch`."""

import click

from disparity.cli.deferred import Deferred
from disparity.cli.options import fetch_folder, fetch_options


@click.group()
def fetch() -> None:
    """Download search records, residents and official tables.

    What comes is checked, kept under its hash in `downloads` beside the output, and put down in
    `downloads.lock.json`. The only command that uses the network. docs/fetch.md
    """


@fetch.command(cls=Deferred, name="stops")
@click.option("--force", "forces", multiple=True, help="Force id; may be repeated.  [default: all]")
@click.option("--from", "first_month", metavar="YYYY-MM", required=True, help="First month.")
@click.option("--to", "last_month", metavar="YYYY-MM", required=True, help="Last month.")
@click.option("--source", type=click.Choice(["archive", "api"]), default="archive", show_default=True)
@fetch_folder("records")
@fetch_options
def fetch_stops() -> None:
    """Search records of data.police.uk.

    \b
    disparity fetch stops --force lancashire --from 2023-04 --to 2024-03
    disparity fetch stops --force lancashire --from 2026-08 --to 2026-08 --source api

    From the portal's archives only the files asked for are downloaded. The API is for months in no archive yet.
    """


@fetch.command(cls=Deferred, name="population")
@click.option("--census", type=click.Choice(["2021"]), default="2021", show_default=True)
@click.option(
    "--for",
    "by",
    type=click.Choice(["force", "local-authority", "force-age-sex"]),
    default="force",
    show_default=True,
    help="Residents of forces, of the local authorities in them, or of forces by age and sex.",
)
@fetch_folder("population")
@fetch_options
def fetch_population() -> None:
    """Residents by ethnic group, from the census (Nomis)."""


@fetch.command(cls=Deferred, name="open-data")
@click.option("--address", default="", help="Of the tables (.ods), or a page with a link to them.")
@fetch_folder("records")
@fetch_options
def fetch_open_data() -> None:
    """The Home Office's open data tables of searches (ODS)."""
