"""What may be asked: every command, its options and its help. Its work is `run` of the module of its name."""

from pathlib import Path

import click

from disparity import __version__
from disparity.cli.deferred import Checking, Deferred
from disparity.cli.fetching import fetch
from disparity.cli.options import (
    PATH,
    anew_option,
    profile_option,
    project_option,
    publish_options,
    settings_options,
    site_options,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="disparity")
def commands() -> None:
    """Stop-and-search disparity analysis, from search records to a published site.

    \b
    Start here:
      disparity build RECORDS --force lancashire --from 2019-04 --to 2020-03 --out site
    \b
    RECORDS is a folder, files or a zip archive of data.police.uk, as published or saved again (docs/records.md),
    or a Home Office table (ODS). To keep your settings in a file, run `disparity init`, then `disparity build`.
    """


@commands.command(cls=Checking)
@settings_options
@site_options
@profile_option
@anew_option
def build() -> None:
    """Build a draft of the site, or the force's own internal one.

    \b
    disparity build                       the publication of disparity.toml
    disparity build --previous OLD_SITE   and what changed since that edition
    disparity build --profile internal    exact figures, for the force alone, in site-internal
    disparity build RECORDS --force kent --from 2019-04 --to 2020-03
    disparity build --counts PART --counts PART   from counts of `disparity count`

    A draft says so on every page, and may be built again as often as you like. `disparity publish` makes the
    edition for the public.
    """


@commands.command(cls=Checking)
@settings_options
@site_options
@publish_options
@anew_option
def publish() -> None:
    """Make the edition for the public.

    \b
    disparity publish                       the publication of disparity.toml
    disparity publish --previous OLD_SITE   the next edition, after that one

    The same as a draft, without its marks. Where counts are protected they are proved safe beside every edition that
    the ledger holds, and this one is added to it: no other command writes there. docs/editions.md
    """


@commands.command(cls=Deferred)
@project_option
@click.option("--add", "site", type=PATH, help="Put back the edition of this site, as it was published.")
@click.option("--withdraw", "edition", default="", metavar="EDITION", help="Withdraw the edition of that name.")
@click.option("--reason", default="", help="Why; the next edition says it.")
@click.option("--never-public", is_flag=True, help="Nobody can have it: it was never uploaded or sent.")
def ledger() -> None:
    """List the protected editions that were published, withdraw one, or put one back.

    \b
    disparity ledger
    disparity ledger --add site-2027          where the ledger was lost
    disparity ledger --withdraw 3fa1 --reason "Half of May was missing"

    A withdrawn edition that was public is still taken into account when the next is proved: people have it.
    """


@commands.command(cls=Checking)
@settings_options
@click.option("--out", type=PATH, required=True, help="Folder of the part.")
@click.option("--cluster", default="", metavar="ADDRESS", help="Of a Dask scheduler, such as tcp://10.0.0.5:8786.")
@anew_option
def count() -> None:
    """Count records into a part, to build from later or elsewhere.

    \b
    disparity count RECORDS --from 2024-04 --to 2024-09 --out first-half
    disparity count RECORDS --from 2024-10 --to 2025-03 --out second-half
    disparity build --counts first-half --counts second-half

    Parts add up to what one build over all records gives, to the byte. Where the part is there already, only monthly
    files that are new or changed are counted. A part holds exact counts: do not publish it. docs/counts.md
    """


@commands.command(cls=Checking)
@settings_options
@click.option("--out", type=PATH, required=True, help="Folder of the export.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["parquet", "csv"]),
    default="parquet",
    show_default=True,
    help="Of the tables.",
)
def export() -> None:
    """Write coded searches, counts, estimates and comparisons as files, to analyse elsewhere.

    \b
    disparity export RECORDS --force kent --from 2019-04 --to 2020-03 --out kent-2020
    disparity export --format csv --out export    of the project of disparity.toml

    The searches and counts are exact, and nothing is protected: what is made from a force's own extract is not for
    publication, and a note beside the files says so. docs/python.md
    """


@commands.command(cls=Deferred)
@settings_options
@site_options
@profile_option
@click.option("--port", type=click.IntRange(0, 65_535), default=8_000, show_default=True, help="0 for any free one.")
def serve() -> None:
    """Preview the site on this machine; it is built again whenever records or project change."""


@commands.command(cls=Checking)
@settings_options
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@click.option("--github", is_flag=True, help="Print GitHub annotations.")
@click.option("--junit", type=PATH, help="Also write JUnit XML there.")
@click.option("--baseline", type=PATH, help="JSON of an earlier check: fail on what got worse.")
@click.option("--data-docs", type=PATH, help="Also write Great Expectations' own pages there.")
def check() -> None:
    """Check the submissions and build nothing.

    Ends with 0 when no critical expectation fails, and with 1 when one does. With --baseline it ends with 1
    when a force-month fails an expectation that it met before, and with 0 otherwise.
    """


@commands.command(cls=Checking)
@settings_options
@click.option("--gap", type=float, default=5, show_default=True, help="Of find rates, in percentage points.")
@click.option("--times", type=float, default=1.5, show_default=True, help="Of search rates: that many times.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def plan() -> None:
    """Say how many months of records a difference would need to show, and what these would have shown.

    \b
    disparity plan                        of the publication of disparity.toml
    disparity plan --gap 3 --times 1.2    docs/plan.md
    """


@commands.command(cls=Deferred)
@click.option("--out", type=PATH, required=True, help="Folder to write to.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same bytes.")
@click.option("--searches", type=int, default=18_000, show_default=True, help="About how many searches.")
@click.option("--forces", type=int, default=2, show_default=True, help="How many forces.")
@click.option("--months", type=int, default=24, show_default=True, help="How many months.")
def synth() -> None:
    """Make synthetic records of any size, and the truth they were made from."""


@commands.command(cls=Deferred)
@click.option("--out", type=PATH, required=True, help="CSV to write.")
@click.option("--publications", type=click.IntRange(min=1), default=1_000, show_default=True, help="Draws of each.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same bytes.")
def calibrate() -> None:
    """Measure how often the toolkit is right, on draws from known truths.

    Coverage of intervals, differences stated where there is none, power, and the error of every way of treating
    unknown ethnicity. The method page shows what 1,000 draws of each truth gave.
    """


@commands.command(cls=Deferred)
@click.argument("site", type=PATH)
@click.option("--previous", type=PATH, multiple=True, help="Site of an earlier edition.")
@click.option("--ledger", type=PATH, help="Ledger of earlier editions (Parquet).")
@click.option("--reports", type=PATH, help="Your own templates, if the site has any.")
def audit() -> None:
    """Attack a published site with what it publishes, as an outsider would.

    \b
    disparity audit site
    disparity audit site --previous site-of-last-year

    Ends with 0 when nobody can be singled out, and with 5 when somebody could be.
    """


@commands.command(cls=Checking)
@settings_options
@click.option("--out", type=PATH, default=Path("pack"), show_default=True, help="A new folder.")
@click.option("--sample", type=PATH, help="Folder of `disparity sample`: its record ids are listed.")
def pack() -> None:
    """Make a printable pack for a community scrutiny panel.

    \b
    disparity pack                          of the publication of disparity.toml
    disparity pack --sample sample-2026     and the ids of the records drawn for review

    A page to print for each force, and a PDF where Chromium is installed: the force in plain language, questions to
    ask, records to ask for, and what the force says it is doing. docs/panel-pack.md
    """


@commands.command(cls=Deferred)
@project_option
@click.option("--out", type=PATH, help="Folder of the sample.  [default: sample]")
@click.option("--force", default="", help="Force id, where extracts of several have grounds.")
@click.option("--from", "first_month", metavar="YYYY-MM", help="First month.  [default: the project's]")
@click.option("--to", "last_month", metavar="YYYY-MM", help="Last month.  [default: the project's]")
@click.option("--half-width", type=float, default=0.05, show_default=True, help="Of the interval, as a share of 1.")
@click.option("--size", type=int, help="How many records, instead of a half-width.")
@click.option("--share", type=float, default=0.5, show_default=True, help="Share expected to be reasonable.")
@click.option(
    "--by", multiple=True, type=click.Choice(["ethnic_group", "search_type"]), help="Stratify; may be repeated."
)
@click.option("--minimum", type=int, default=0, show_default=True, help="Least records of each stratum.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="The same seed, the same records."
)
@click.option("--reviewers", type=click.IntRange(1, 20), default=1, show_default=True, help="One form for each.")
@click.option("--blind/--show-ethnicity", "is_blind", default=True, help="Whether forms leave ethnicity out.  [blind]")
@click.option("--plan", "is_plan", is_flag=True, help="Say what would be drawn, and write nothing.")
def sample() -> None:
    """Draw records for a review of their grounds, with a form for each reviewer.

    \b
    disparity sample --plan --half-width 0.05
    disparity sample --by ethnic_group --minimum 30 --reviewers 2 --out sample-2026

    Forms hold grounds as they were written: keep them in the force. docs/grounds-review.md says how to review.
    """


@commands.command(cls=Deferred)
@click.argument("forms", nargs=-1, required=True, type=PATH)
@click.option("--sample", "folder", type=PATH, required=True, help="Folder of the sample.")
@click.option("--out", type=PATH, required=True, help="Folder to write to.")
@click.option("--reviewed-on", default="", help="When it was reviewed; yours to say.")
@click.option("--allow-unfinished", is_flag=True, help="Count what is answered.")
def review() -> None:
    """Count finished forms: the share of searches with reasonable grounds, and how far reviewers agree.

    \b
    disparity review review-1.xlsx review-2.xlsx --sample sample-2026 --out review-2026

    Name the folder as grounds_review in disparity.toml, and the site shows it.
    """


@commands.command(cls=Deferred, name="map")
@click.argument("files", nargs=-1, type=PATH)
@click.option("--force", default="", help="Force id, such as lancashire.  [default: guessed from the file's name]")
@click.option("--sheet", default="", help="Sheet of a workbook.  [default: guessed]")
@click.option("--append", "is_append", is_flag=True, help="Add the block to the project file.")
@click.option("--update", "is_update", is_flag=True, help="Add what is new in the files that the project file names.")
@project_option
def propose_map() -> None:
    """Propose how to read a force's own extract (CSV, XLSX or Parquet).

    \b
    disparity map export.csv --force lancashire --append
    disparity map --update

    Prints an [[extracts]] block, or adds it; FILES are read alike. CHECK: not sure; what says no waits in a comment.
    """


@commands.command(cls=Deferred)
@click.argument("file", type=PATH)
@click.option("--out", type=PATH, required=True, help="Folder to write to.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="The same seed, the same draws.")
def threshold() -> None:
    """Estimate search thresholds from stops, searches and finds (research).

    FILE is a CSV with area, ethnic_group, stops, searches and finds. Search records alone will not do:
    it needs the stops that did not lead to a search. docs/threshold-test.md says what it can and cannot show.
    """


commands.add_command(fetch)


@commands.command(cls=Deferred)
@project_option
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def doctor() -> None:
    """Say what this machine and project are like, and what to fix before a build.

    Versions, encodings, fonts, a browser for PDF, cores and memory, whether the project file is understood, whether its
    paths are there and its folders can be written. Ends with 0 where there is nothing to fix, with 1 where there is.
    Names no person: your home folder is ~. Send it along when you report a fault.
    """


@commands.command(cls=Deferred)
@click.option("--out", type=PATH, help="File to write, as UTF-8.  [default: print it]")
@click.option("--page", "is_page", is_flag=True, help="The page that lists every key, docs/project-file.md.")
@click.option("--codes", "is_codes", is_flag=True, help="The page of all codes of an extract’s values, docs/codes.md.")
def schema() -> None:
    """Print what the project file may say, as a JSON schema that editors complete from.

    \b
    disparity schema --out disparity.schema.json   as `init` wrote it, anew after an upgrade
    disparity schema --codes                       which codes the values of your own extract may have
    """


@commands.command(cls=Deferred)
@click.argument("folder", type=PATH, default=Path())
@click.option("--example", is_flag=True, help="A project with everything filled in, on invented records.")
@click.option(
    "--templates",
    multiple=True,
    metavar="NAME",
    help="Copy this template, style or suite of expectations into the project, to change it; may be repeated.",
)
def init() -> None:
    """Write a commented disparity.toml; pages and expectations are the toolkit's, but for what you make your own.

    \b
    disparity init my-force                      a new project
    disparity init --templates base.html         your own frame of every page, in reports/base.html
    """
