"""Options that several commands share."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from disparity.vocabulary.errors import RequestError

PROJECT_FILE = "disparity.toml"
INTERNAL = "internal"
PATH = click.Path(path_type=Path)

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

project_option = click.option("--project", type=PATH, help=f"Project file.  [default: {PROJECT_FILE}]")
anew_option = click.option(
    "--no-reuse",
    "is_anew",
    is_flag=True,
    help="Count every file and draw every chart again, whatever an earlier run kept.",
)


def _join(*options: Decorator) -> Decorator:
    """Several options as one, in the order in which help lists them."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        return functools.reduce(lambda wrapped, option: option(wrapped), reversed(options), command)

    return add


# What says what to read: records given here, or a project file.
settings_options = _join(
    click.argument("records", nargs=-1, type=PATH),
    project_option,
    click.option(
        "--force",
        "forces",
        multiple=True,
        help="Force id, such as lancashire; may be repeated. Of a file that does not say, its force.  [default: all]",
    ),
    click.option("--from", "first_month", metavar="YYYY-MM", help="First month.  [default: the first there is]"),
    click.option("--to", "last_month", metavar="YYYY-MM", help="Last month.  [default: the last there is]"),
    click.option("--population", type=PATH, help="Your own residents by force and ethnic group (CSV)."),
    click.option(
        "--counts",
        multiple=True,
        type=PATH,
        help="Part that `disparity count` made, instead of records; may be repeated.",
    ),
    click.option("--encoding", type=click.Choice(["utf-8", "cp1252"]), help="Of files that are not UTF-8."),
    click.option("--allow-partial", is_flag=True, help="Leave out files that cannot be read; every page says so."),
)
# Where the site goes, and what it follows.
site_options = _join(
    click.option("--out", type=PATH, help="Folder of the site.  [default: site]"),
    click.option("--previous", type=PATH, help="Site of the edition before: say which figures moved since."),
)
profile_option = click.option(
    "--profile",
    type=click.Choice(["open", "restricted", INTERNAL]),
    help="How far counts may be shown; internal is exact, for the force alone.  [default: as the records are]",
)


def _refuse_profile(context: click.Context, option: click.Parameter, profile: str | None) -> None:
    """Who asks for one wants to know why there is none: not a list of other options."""
    if profile == INTERNAL:
        raise RequestError(
            "an internal edition is not for publication",
            found="--profile internal",
            what_now="`disparity build --profile internal` makes it, for the force alone; publish without a profile",
            code="E168",
        )
    if profile is not None:
        raise RequestError(
            "`disparity publish` takes no profile",
            found=f"--profile {profile[:20]}",
            what_now="leave it out: the records decide, or `profile` under [disclosure] in the project file",
        )


# What only an edition for the public has to say, and what it has not.
publish_options = _join(
    click.option("--ahead", "is_ahead", is_flag=True, help="The day of publication is still to come."),
    click.option("--no-previous", "is_list_anew", is_flag=True, help="No site of the editions before is left."),
    click.option("--profile", hidden=True, is_eager=True, expose_value=False, callback=_refuse_profile),
)
# How to fetch.
fetch_options = _join(
    click.option("--on", metavar="YYYY-MM-DD", default="", help="Day to put down.  [default: the server's]"),
    click.option("--refresh", is_flag=True, help="Look for changes, and say what changed."),
    click.option(
        "--base-url", default="", envvar="DISPARITY_FETCH_BASE_URL", help="Ask this host in place of all others."
    ),
)


def fetch_folder(default: str) -> Decorator:
    """Where downloads go."""
    return click.option("--out", type=PATH, default=Path(default), show_default=True)
