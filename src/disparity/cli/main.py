"""`disparity ...`: the commands. Heavy libraries are imported inside them, so that help answers at once."""

import functools
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from disparity import __version__
from disparity.vocabulary.errors import DisparityError, RequestError

if TYPE_CHECKING:
    from disparity.project.settings import Settings
    from disparity.sources.download.order import Terms

PROJECT_FILE = "disparity.toml"
SLOW_SECONDS = 1.0
# Text from data or file names must not steer the terminal.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def main() -> None:
    """Run a command; a user's error ends with its own exit code and no traceback."""
    try:
        exit_code = commands.main(standalone_mode=False)
    except DisparityError as error:
        _say(str(error))
        exit_code = error.exit_code
    except click.ClickException as error:
        error.show()
        exit_code = RequestError.exit_code
    except (click.Abort, KeyboardInterrupt):
        _say("stopped")
        exit_code = 130
    except OSError as error:
        _say(str(RequestError(error.strerror or "a file cannot be used", where=str(error.filename or ""))))
        exit_code = RequestError.exit_code
    sys.exit(exit_code if isinstance(exit_code, int) else 0)


def _say(text: str) -> None:
    click.echo(_inert(text), err=True)


def _inert(text: str) -> str:
    return CONTROL.sub("\ufffd", text)


@contextmanager
def _progress(stage: str) -> Iterator[None]:
    """Name each stage with its time on a terminal; say nothing elsewhere."""
    if not sys.stderr.isatty():
        yield
        return
    click.echo(f"{stage} ...", err=True, nl=False)
    start = time.perf_counter()
    try:
        yield
    except BaseException:
        click.echo("", err=True)
        raise
    seconds = time.perf_counter() - start
    click.echo(f" {seconds:.1f} s" if seconds >= SLOW_SECONDS else "", err=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="disparity")
def commands() -> None:
    """Stop-and-search disparity analysis, from search records to a published site.

    \b
    Start here:
      disparity build RECORDS --force lancashire --from 2019-04 --to 2020-03 --out site
    \b
    RECORDS is a folder of monthly files, single CSVs or a zip archive of data.police.uk, or a Home Office
    open data table (ODS). To keep your settings in a file, run `disparity init`, then `disparity build`.
    """


def settings_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what says what to read: records given here, or a project file."""
    options = [
        click.argument("records", nargs=-1, type=click.Path(path_type=Path)),
        click.option("--project", type=click.Path(path_type=Path), help=f"Project file.  [default: {PROJECT_FILE}]"),
        click.option(
            "--force",
            "forces",
            multiple=True,
            help="Force id, such as lancashire; may be repeated.  [default: all]",
        ),
        click.option("--from", "first_month", metavar="YYYY-MM", help="First month.  [default: the first there is]"),
        click.option("--to", "last_month", metavar="YYYY-MM", help="Last month.  [default: the last there is]"),
        click.option(
            "--population",
            type=click.Path(path_type=Path),
            help="Your own residents by force and ethnic group (CSV).",
        ),
        click.option(
            "--counts",
            multiple=True,
            type=click.Path(path_type=Path),
            help="Part that `disparity count` made, instead of records; may be repeated.",
        ),
        click.option("--encoding", type=click.Choice(["utf-8", "cp1252"]), help="Of files that are not UTF-8."),
        click.option("--allow-partial", is_flag=True, help="Leave out files that cannot be read; every page says so."),
    ]
    return functools.reduce(lambda wrapped, option: option(wrapped), reversed(options), command)


def anew_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add whether to do without what an earlier run kept."""
    said = "Count every file and draw every chart again, whatever an earlier run kept."
    return click.option("--no-reuse", "is_anew", is_flag=True, help=said)(command)


def site_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add where the site goes, and what it follows."""
    old = "Site of the edition before: say which figures moved since."
    command = click.option("--previous", type=click.Path(path_type=Path), help=old)(command)
    return click.option("--out", type=click.Path(path_type=Path), help="Folder of the site.  [default: site]")(command)


@commands.command()
@settings_options
@site_options
@anew_option
def build(is_anew: bool, **given: Any) -> None:
    """Build the site.

    \b
    disparity build                       the publication of disparity.toml
    disparity build --previous OLD_SITE   and what changed since that edition
    disparity build RECORDS --force kent --from 2019-04 --to 2020-03
    disparity build --counts PART --counts PART   from counts of `disparity count`
    """
    settings = _read_settings(**given)
    from disparity.pipeline import build as pipeline  # noqa: PLC0415

    site = pipeline.build(settings, is_anew=is_anew, progress=_progress)
    for caveat in site.caveats:
        _say(caveat)
    click.echo(f"{site.pages} pages. Open {(site.folder / 'index.html').resolve()}")


@commands.command()
@settings_options
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder of the part.")
@click.option("--cluster", default="", metavar="ADDRESS", help="Of a Dask scheduler, such as tcp://10.0.0.5:8786.")
@anew_option
def count(out: Path, cluster: str, is_anew: bool, **given: Any) -> None:
    """Count records into a part, to build from later or elsewhere.

    \b
    disparity count RECORDS --from 2024-04 --to 2024-09 --out first-half
    disparity count RECORDS --from 2024-10 --to 2025-03 --out second-half
    disparity build --counts first-half --counts second-half

    Parts add up to what one build over all records gives, to the byte. Where the part is there already, only monthly
    files that are new or changed are counted. A part holds exact counts: do not publish it. docs/counts.md
    """
    settings = _read_settings(**given, out=None, previous=None)
    from disparity.pipeline import build as pipeline  # noqa: PLC0415

    pipeline.count(settings, out, cluster=cluster, is_anew=is_anew, progress=_progress)
    click.echo(f"Counts in {out}")


@commands.command()
@settings_options
@site_options
@click.option("--port", type=click.IntRange(0, 65_535), default=8_000, show_default=True, help="0 for any free one.")
def serve(port: int, **given: Any) -> None:
    """Preview the site on this machine; it is built again whenever records or project change."""
    read = functools.partial(_read_settings, **given)
    read()  # a wrong request is told before anything heavy is loaded
    from disparity.cli.preview import preview  # noqa: PLC0415

    project = () if given["records"] else (given["project"] or Path(PROJECT_FILE),)
    preview(read, port=port, watched=project, say=_say, progress=_progress)


@commands.command()
@settings_options
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@click.option("--github", is_flag=True, help="Print GitHub annotations.")
@click.option("--junit", type=click.Path(path_type=Path), help="Also write JUnit XML there.")
@click.option("--baseline", type=click.Path(path_type=Path), help="JSON of an earlier check: fail on what got worse.")
@click.option("--data-docs", type=click.Path(path_type=Path), help="Also write Great Expectations' own pages there.")
def check(
    as_json: bool, github: bool, junit: Path | None, baseline: Path | None, data_docs: Path | None, **given: Any
) -> int:
    """Check the submissions and build nothing.

    Ends with 0 when no critical expectation fails, and with 1 when one does. With --baseline it ends with 1
    when a force-month fails an expectation that it met before, and with 0 otherwise.
    """
    settings = _read_settings(**given, out=None, previous=None)
    from disparity.pipeline import build as pipeline  # noqa: PLC0415
    from disparity.records import check_report as results  # noqa: PLC0415

    validation = pipeline.check(settings, data_docs=data_docs, progress=_progress)
    failures = results.list_failures(validation, baseline)
    if junit:
        junit.write_text(results.write_junit(validation, failures), encoding="utf-8", newline="\n")
    if as_json:
        click.echo(results.write_json(validation, failures))
    elif github:
        click.echo(_inert(results.write_annotations(failures)))
    else:
        click.echo(_inert(results.write_text(validation, failures)))
    return 1 if results.any_worse(failures) else 0


@commands.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write to.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same bytes.")
@click.option("--searches", type=int, default=18_000, show_default=True, help="About how many searches.")
@click.option("--forces", type=int, default=2, show_default=True, help="How many forces.")
@click.option("--months", type=int, default=24, show_default=True, help="How many months.")
def synth(out: Path, seed: int, searches: int, forces: int, months: int) -> None:
    """Make synthetic records of any size, and the truth they were made from."""
    from disparity.synthetic.write import write_synthetic  # noqa: PLC0415

    with _progress("making records"):
        write_synthetic(out, seed=seed, searches=searches, forces=forces, months=months)
    click.echo(f"Records in {out / 'police_uk'}, their truth in {out / 'truth.json'}")


@commands.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="CSV to write.")
@click.option("--publications", type=click.IntRange(min=1), default=2_000, show_default=True, help="Draws of each.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same bytes.")
def calibrate(out: Path, publications: int, seed: int) -> None:
    """Measure how often the toolkit is right, on draws from known truths.

    Coverage of intervals, differences stated where there is none, power, and the error of every way of treating
    unknown ethnicity. The method page shows what 2,000 draws of each truth gave.
    """
    from disparity.analysis.calibration.calibrate import calibrate as measure  # noqa: PLC0415

    table = measure(publications=publications, seed=seed, tell=lambda world: click.echo(f"{world} ...", err=True))
    out.write_text(table.write_csv(float_precision=6), encoding="utf-8", newline="\n")
    click.echo(f"{table.height} figures in {out}")


@commands.command()
@click.argument("site", type=click.Path(path_type=Path))
@click.option("--previous", type=click.Path(path_type=Path), multiple=True, help="Site of an earlier edition.")
@click.option("--ledger", type=click.Path(path_type=Path), help="Ledger of earlier editions (Parquet).")
@click.option("--reports", type=click.Path(path_type=Path), help="Your own templates, if the site has any.")
def audit(site: Path, previous: tuple[Path, ...], ledger: Path | None, reports: Path | None) -> None:
    """Attack a published site with what it publishes, as an outsider would.

    \b
    disparity audit site
    disparity audit site --previous site-of-last-year

    Ends with 0 when nobody can be singled out, and with 5 when somebody could be.
    """
    from disparity.disclosure.ledger import read_ledger  # noqa: PLC0415
    from disparity.project.defaults import default_folder  # noqa: PLC0415
    from disparity.site.intruder.audit import audit_site, read_earlier, refuse_weaknesses, summarise_audit  # noqa: PLC0415

    earlier = [*read_earlier(previous), *(read_ledger(ledger) if ledger else [])]
    with _progress("attacking the site"):
        refuse_weaknesses(audit_site(site, earlier, reports or default_folder("reports")))
    click.echo(summarise_audit(site))


@commands.command()
@settings_options
@click.option("--out", type=click.Path(path_type=Path), default=Path("pack"), show_default=True, help="A new folder.")
@click.option(
    "--sample", type=click.Path(path_type=Path), help="Folder of `disparity sample`: its record ids are listed."
)
def pack(out: Path, sample: Path | None, **given: Any) -> None:
    """Make a printable pack for a community scrutiny panel.

    \b
    disparity pack                          of the publication of disparity.toml
    disparity pack --sample sample-2026     and the ids of the records drawn for review

    A page to print for each force, and a PDF where Chromium is installed: the force in plain language, questions to
    ask, records to ask for, and what the force says it is doing. docs/panel-pack.md
    """
    settings = _read_settings(**given, out=None, previous=None)
    from disparity.pipeline import build as pipeline  # noqa: PLC0415
    from disparity.records.grounds_review.sampling.folder import read_sample  # noqa: PLC0415

    drawn = read_sample(sample).rows.select("record_id", "month").rows() if sample else ()
    for path in pipeline.make_pack(settings, out, drawn, progress=_progress):
        click.echo(f"Print {path.resolve()}")


@commands.command()
@click.option("--project", type=click.Path(path_type=Path), help=f"Project file.  [default: {PROJECT_FILE}]")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the sample.  [default: sample]")
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
def sample(  # noqa: PLR0913  one for each option
    *,
    project: Path | None,
    out: Path | None,
    force: str,
    first_month: str | None,
    last_month: str | None,
    is_plan: bool,
    seed: int,
    reviewers: int,
    is_blind: bool,
    **asked: Any,
) -> None:
    """Draw records for a review of their grounds, with a form for each reviewer.

    \b
    disparity sample --plan --half-width 0.05
    disparity sample --by ethnic_group --minimum 30 --reviewers 2 --out sample-2026

    Forms hold grounds as they were written: keep them in the force. docs/grounds-review.md says how to review.
    """
    from disparity.project.settings import read_settings  # noqa: PLC0415
    from disparity.records.grounds_review.sampling.plan import Request  # noqa: PLC0415
    from disparity.records.grounds_review.sampling.prepare import draw_sample, prepare_sample  # noqa: PLC0415

    months = {key: value for key, value in (("from", first_month), ("to", last_month)) if value}
    settings = read_settings(project or Path(PROJECT_FILE), months)
    planned = prepare_sample(settings, force, Request(**asked))
    click.echo(_inert(planned.words))
    if not is_plan:
        folder = out or Path("sample")
        draw_sample(planned, folder, seed=seed, reviewers=reviewers, is_blind=is_blind)
        click.echo(f"Forms of reviewers in {folder}")


@commands.command()
@click.argument("forms", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--sample", "folder", type=click.Path(path_type=Path), required=True, help="Folder of the sample.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write to.")
@click.option("--reviewed-on", default="", help="When it was reviewed; yours to say.")
@click.option("--allow-unfinished", is_flag=True, help="Count what is answered.")
def review(forms: tuple[Path, ...], folder: Path, out: Path, reviewed_on: str, allow_unfinished: bool) -> None:
    """Count finished forms: the share of searches with reasonable grounds, and how far reviewers agree.

    \b
    disparity review review-1.xlsx review-2.xlsx --sample sample-2026 --out review-2026

    Name the folder as grounds_review in disparity.toml, and the site shows it.
    """
    from disparity.project.settings import REVIEW_FILE  # noqa: PLC0415
    from disparity.records.grounds_review.reviewing.answers import read_answers  # noqa: PLC0415
    from disparity.records.grounds_review.reviewing.folder import write_review  # noqa: PLC0415
    from disparity.records.grounds_review.reviewing.settle import settle  # noqa: PLC0415
    from disparity.records.grounds_review.reviewing.shares import measure_review  # noqa: PLC0415
    from disparity.records.grounds_review.sampling.folder import read_sample  # noqa: PLC0415

    drawn = read_sample(folder)
    answers = read_answers(forms, drawn, allow_unfinished=allow_unfinished)
    table = measure_review(settle(answers, drawn), drawn.design, reviewers=len(forms))
    write_review(out, table, drawn, reviewers=len(forms), reviewed_on=reviewed_on)
    read, reasonable = table.row(0, named=True), table.row(1, named=True)
    left = drawn.rows.height - read["numerator"]
    click.echo(
        f"{read['numerator']} of {drawn.rows.height} records reviewed{f', {left} without an answer' if left else ''}. "
        f"Reasonable: {reasonable['value']:.1%} (95% interval {reasonable['lower']:.1%} to {reasonable['upper']:.1%})."
    )
    click.echo(f"Tables in {out / REVIEW_FILE}")


@commands.command(name="map")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", default="", help="Force id, such as lancashire.  [default: guessed from the file's name]")
def propose_map(file: Path, force: str) -> None:
    """Propose how to read a force's own extract (CSV, XLSX or Parquet).

    Prints an [[extracts]] block for disparity.toml; what is not sure is marked CHECK.
    """
    from disparity.sources.extract.proposal import propose_mapping  # noqa: PLC0415

    click.echo(propose_mapping(file, force=force), nl=False)


@commands.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write to.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="The same seed, the same draws.")
def threshold(file: Path, out: Path, seed: int) -> None:
    """Estimate search thresholds from stops, searches and finds (research).

    FILE is a CSV with area, ethnic_group, stops, searches and finds. Search records alone will not do:
    it needs the stops that did not lead to a search. docs/threshold-test.md says what it can and cannot show.
    """
    from disparity.analysis.threshold_test.estimates import estimate_thresholds  # noqa: PLC0415
    from disparity.analysis.threshold_test.table import read_stops  # noqa: PLC0415
    from disparity.analysis.threshold_test.write import write_results  # noqa: PLC0415

    table = read_stops(file)
    with _progress("drawing from the model, which takes minutes"):
        results = estimate_thresholds(table, seed=seed)
    write_results(out, results, source=file, seed=seed)
    click.echo(f"Thresholds, and what the model predicts, in {out / 'threshold.csv'}")


@commands.group()
def fetch() -> None:
    """Download search records, residents and official tables.

    What comes is checked, kept under its hash in `downloads` beside the output, and put down in
    `downloads.lock.json`. The only command that uses the network. docs/fetch.md
    """


def fetch_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add how to fetch."""
    options = [
        click.option("--on", metavar="YYYY-MM-DD", default="", help="Day to put down.  [default: the server's]"),
        click.option("--refresh", is_flag=True, help="Look for changes, and say what changed."),
        click.option(
            "--base-url", default="", envvar="DISPARITY_FETCH_BASE_URL", help="Ask this host in place of all others."
        ),
    ]
    return functools.reduce(lambda wrapped, option: option(wrapped), reversed(options), command)


def fetch_folder(default: str) -> Callable[..., Any]:
    """Add where downloads go."""
    return click.option("--out", type=click.Path(path_type=Path), default=Path(default), show_default=True)


@fetch.command(name="stops")
@click.option("--force", "forces", multiple=True, help="Force id; may be repeated.  [default: all]")
@click.option("--from", "first_month", metavar="YYYY-MM", required=True, help="First month.")
@click.option("--to", "last_month", metavar="YYYY-MM", required=True, help="Last month.")
@click.option("--source", type=click.Choice(["archive", "api"]), default="archive", show_default=True)
@fetch_folder("records")
@fetch_options
def fetch_stops(
    forces: tuple[str, ...], out: Path, *, first_month: str, last_month: str, source: str, **given: Any
) -> None:
    """Search records of data.police.uk.

    \b
    disparity fetch stops --force lancashire --from 2023-04 --to 2024-03
    disparity fetch stops --force lancashire --from 2026-08 --to 2026-08 --source api

    From the portal's archives only the files asked for are downloaded. The API is for months in no archive yet.
    """
    from disparity.sources.download.order import Order, list_months  # noqa: PLC0415
    from disparity.sources.download.report import write_report  # noqa: PLC0415
    from disparity.sources.download.stops import fetch_stops  # noqa: PLC0415

    order = Order(forces, list_months(first_month, last_month), source)
    click.echo(_inert(write_report(fetch_stops(order, out, _read_terms(**given)))))


@fetch.command(name="population")
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
def fetch_population(by: str, out: Path, *, census: str, **given: Any) -> None:
    """Residents by ethnic group, from the census (Nomis)."""
    from disparity.sources.download.population import fetch_population  # noqa: PLC0415
    from disparity.sources.download.report import write_report  # noqa: PLC0415

    click.echo(_inert(write_report(fetch_population(out, by, _read_terms(**given)))))


@fetch.command(name="open-data")
@click.option("--address", default="", help="Of the tables (.ods), or a page with a link to them.")
@fetch_folder("records")
@fetch_options
def fetch_open_data(address: str, out: Path, **given: Any) -> None:
    """The Home Office's open data tables of searches (ODS)."""
    from disparity.sources.download.open_data import fetch_open_data  # noqa: PLC0415
    from disparity.sources.download.report import write_report  # noqa: PLC0415

    click.echo(_inert(write_report(fetch_open_data(out, address, _read_terms(**given)))))


def _read_terms(on: str, refresh: bool, base_url: str) -> "Terms":
    from disparity.sources.download.order import make_terms  # noqa: PLC0415

    return make_terms(on=on, refresh=refresh, base_url=base_url, say=_say)


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option("--example", is_flag=True, help="A project with everything filled in, on invented records.")
def init(folder: Path, example: bool) -> None:
    """Write a commented disparity.toml, with the expectations and page templates for you to keep."""
    from disparity.project.starter import write_example, write_project  # noqa: PLC0415

    for path in write_example(folder) if example else write_project(folder):
        click.echo(f"wrote {path}")
    click.echo("Now run: disparity build" if example else "Now edit disparity.toml, then run: disparity build")


def _read_settings(  # noqa: PLR0913  one for each option
    *,
    records: tuple[Path, ...],
    project: Path | None,
    forces: tuple[str, ...],
    first_month: str | None,
    last_month: str | None,
    population: Path | None,
    counts: tuple[Path, ...],
    encoding: str | None,
    allow_partial: bool,
    out: Path | None,
    previous: Path | None,
) -> "Settings":
    """Records named on the command line stand alone; otherwise the project file, with what is given here on top."""
    from disparity.project.settings import make_settings, read_settings  # noqa: PLC0415

    given = {
        "records": list(records),
        "forces": list(forces),
        "from": first_month,
        "to": last_month,
        "population": population,
        "counts": list(counts),
        "encoding": encoding,
        "allow_partial": allow_partial,
        "out": out,
        "previous": previous,
    }
    settings = {key: value for key, value in given.items() if value}
    if records and counts:
        raise RequestError("records and counts are both given", what_now="count the records too, or leave them out")
    if not records and (project or Path(PROJECT_FILE).exists() or not counts):
        return read_settings(project or Path(PROJECT_FILE), settings)
    if project:
        raise RequestError("records and a project file are both given", what_now="give one of them")
    if counts:
        settings = _outline_parts(counts) | settings
    elif not (first_month and last_month):
        settings = _span_months(records, forces) | settings
    return make_settings(settings, where="the command line")


def _outline_parts(counts: tuple[Path, ...]) -> dict[str, Any]:
    """Without a project file, parts say themselves what they are of."""
    from disparity.records.partial_counts import read_outline  # noqa: PLC0415

    outlines = [read_outline(folder) for folder in counts]
    months = sorted(month for outline in outlines for month in outline.months)
    records = dict.fromkeys(name for outline in outlines for name in outline.records)
    return {"records": list(records), "from": f"{months[0]:%Y-%m}", "to": f"{months[-1]:%Y-%m}"}


def _span_months(records: tuple[Path, ...], forces: tuple[str, ...]) -> dict[str, str]:
    """Without months given: from the first to the last that there is a file of."""
    from disparity.sources.home_office.rows import read_home_office  # noqa: PLC0415
    from disparity.sources.home_office.table import find_tables  # noqa: PLC0415
    from disparity.sources.police_uk import find_files  # noqa: PLC0415

    tables, others = find_tables(records)
    files, _ignored = find_files(others)
    raws = [raw for supply in read_home_office(tables, overrides=None) for raw in supply.files]
    held = [(file.force, file.month) for file in files] + [(raw.force, month) for raw in raws for month in raw.covers()]
    months = sorted(month for force, month in held if not forces or force in forces)
    if not months:
        raise RequestError(
            f"there are no stop-and-search files of {', '.join(forces) or 'any force'}",
            where=", ".join(str(path) for path in records),
            what_now="check the folder and the force's id",
        )
    return {"from": f"{months[0]:%Y-%m}", "to": f"{months[-1]:%Y-%m}"}
