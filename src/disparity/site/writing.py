"""The site folder: built aside and swapped in whole, so a reader never meets half of one."""

import ctypes
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import jinja2
import polars as pl
from filelock import FileLock, Timeout
from markupsafe import Markup

from disparity import __version__
from disparity.project.settings import Settings
from disparity.site.findings.evidence import Finding
from disparity.site.pages.page import Chart, Edition, Page
from disparity.site.published_figures import Figure, plain
from disparity.site.rendering.aside import Drawn, Order, draw_aside
from disparity.site.rendering.svg import Drawing, Sketch
from disparity.tables.datapackage import describe_package
from disparity.tables.editions import write_editions, write_feed
from disparity.tables.previous_edition import EDITIONS_FILE, PACKAGE_FILE, read_package
from disparity.tables.schema import TABLES, print_table, write_printed
from disparity.tables.spreadsheet.sheets import SPREADSHEET_FILE, write_spreadsheet
from disparity.vocabulary.calendar import name_day, name_period
from disparity.vocabulary.errors import RequestError
from disparity.vocabulary.text import start_sentence

# Linux, <linux/fs.h> and <fcntl.h>: swap two names; names are relative to the working directory.
RENAME_EXCHANGE, AT_FDCWD = 2, -100
STATIC = ("style.css", "icon.svg", "site.js", "explore.js", "vega_csp.js", "LICENSES-vega.txt")
# What a page may load: its own files and nothing else, no inline script or style.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'none'; "
    "base-uri 'none'; form-action 'none'"
)
FORCE_PAGES = (
    ("index.html", "Overview"),
    ("search-rates.html", "Search rates"),
    ("find-rates.html", "Find rates"),
    ("drugs.html", "Drugs"),
    ("origins.html", "Search origin"),
    ("priorities.html", "Priorities"),
    ("why.html", "Why"),
    ("areas.html", "Areas"),
    ("similar-forces.html", "Similar forces"),
    ("grounds.html", "Grounds"),
    ("over-time.html", "Over time"),
    ("action.html", "Action"),
    ("statement.html", "Statement"),
    ("explore.html", "Explore"),
    ("data-quality.html", "Data quality"),
)
SITE_PAGES = (
    ("method.html", "Method"),
    ("glossary.html", "Glossary"),
    ("downloads.html", "Data"),
    ("what-changed.html", "What changed"),
    ("provenance.html", "Provenance"),
)
FEED_FILE = "feed.xml"
CHARTS_FOLDER = "charts"  # of the folder that a project keeps between builds
HEADING = re.compile(r'<h2 id="([\w-]+)">(.*?)</h2>')


@dataclass(frozen=True)
class Site:
    """A built site, how many pages it has, and what its records lack."""

    folder: Path
    pages: int
    caveats: tuple[str, ...] = ()


def accept_site(_folder: Path) -> None:
    """Find nothing wrong with a site."""


def write_site(
    edition: Edition,
    pages: Iterable[Page],
    frames: dict[str, pl.DataFrame],
    *,
    inspect: Callable[[Path], None] = accept_site,
) -> Site:
    """Write pages, data and assets aside, then put the folder in place of the old one.

    Args:
        pages: their charts are drawn while the next are made.
        inspect: looks at the folder as it would be published, and raises where it must not be.
    """
    out = edition.settings.out
    aside = out
    written = 0
    try:
        aside = Path(tempfile.mkdtemp(prefix=_mark(out), dir=out.parent))
        aside.chmod(0o755)  # a web server reads it too
        printed = {table.name: print_table(frames[table.name], table) for table in TABLES}
        _write_data(aside, edition, frames, printed)
        _write_static(aside, edition.settings)
        with closing(draw_pages(edition, pages)) as drawn_pages:
            for made, drawn in drawn_pages:
                _write_pages(aside, edition, made, {order.sketch: each.drawing for order, each in drawn.items()})
                _write_charts(aside, edition.settings, made, drawn, printed)
                written += len(made)
        inspect(aside)
        _swap(aside, out)
    except OSError as error:
        if error.errno is None:  # a template that is not there, by jinja2
            raise
        raise RequestError(
            "the site cannot be written",
            where=str(out),
            found=error.strerror or str(error),
            what_now="make room, or see who may write there; the site that was there is as it was",
        ) from error
    finally:
        if aside != out:
            shutil.rmtree(aside, ignore_errors=True)
    return Site(out, written, edition.caveats)


def draw_pages(edition: Edition, pages: Iterable[Page]) -> Generator[tuple[list[Page], dict[Order, Drawn]]]:
    """Give the pages force by force, and their charts: drawn while the pages of the next force are made.

    What the project keeps is not drawn again. No more than two forces' pages are held at once.
    """
    kept = edition.settings.reuse / CHARTS_FOLDER if edition.settings.reuse else None
    with draw_aside(kept, is_large=len(edition.forces) > 1) as hand_in:
        handed_in = (_hand_in(edition.settings, list(some), hand_in) for _, some in groupby(pages, _force_of))
        before = next(handed_in, None)
        while before:
            following = next(handed_in, None)
            made, waiting = before
            yield made, {order: wait() for order, wait in waiting.items()}
            before = following


def _force_of(page: Page) -> str:
    return page.force


def _hand_in(
    settings: Settings, pages: list[Page], hand_in: Callable[[Order], Callable[[], Drawn]]
) -> tuple[list[Page], dict[Order, Callable[[], Drawn]]]:
    orders = dict.fromkeys(_order(settings, chart) for page in pages for chart in page.charts)
    return pages, {order: hand_in(order) for order in orders}


def _order(settings: Settings, chart: Chart) -> Order:
    """What is to be drawn of a chart, with the words that its picture goes with."""
    invented = "Invented records" if settings.is_synthetic else ""
    said = (settings.publisher, settings.title, settings.edition, invented)
    source = ". ".join(part for part in said if part)
    return Order(chart.sketch, plain(chart.headline), chart.subtitle, f"{source}.")


@contextmanager
def lock_site(out: Path) -> Iterator[None]:
    """Keep other builds away from the folder until this one is done; a build that died holds nothing.

    Raises:
        RequestError: another build holds it, or the folder is not a site.
    """
    check_out(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    # The lock lies elsewhere: whoever copies the folder's surroundings should not copy it.
    name = hashlib.sha256(str(out.resolve()).encode()).hexdigest()[:16]
    try:
        with FileLock(Path(tempfile.gettempdir()) / f"disparity-{name}.lock", timeout=0):
            _sweep(out)
            yield
    except Timeout:
        raise RequestError(
            "another build is writing this site", where=str(out), what_now="wait for it, or name another folder"
        ) from None


def _mark(out: Path) -> str:
    """How the names start of folders that a build makes beside the site."""
    return f".{out.name}.disparity-"


def _sweep(out: Path) -> None:
    """Clear away what a build that was killed left behind, and put back a site it had just moved."""
    for stray in sorted(path for path in out.parent.iterdir() if path.name.startswith(_mark(out))):
        if (stray / out.name).is_dir() and not out.exists():
            (stray / out.name).rename(out)
        shutil.rmtree(stray, ignore_errors=True)


def check_out(out: Path) -> None:
    """Refuse to replace a folder that this tool did not write."""
    if out.exists() and not (out.is_dir() and (read_package(out) or not any(out.iterdir()))):
        raise RequestError(
            "the output folder holds something else",
            where=str(out),
            found="files, but no site of this tool",
            what_now="name another folder with --out",
        )


def _write_data(
    folder: Path, edition: Edition, frames: dict[str, pl.DataFrame], printed: dict[str, pl.DataFrame]
) -> None:
    data = folder / "data"
    data.mkdir()
    for table in TABLES:
        _write_text(data / table.file, write_printed(printed[table.name]))
    _write_text(data / "findings.json", _list_findings(edition.findings))
    _write_text(data / EDITIONS_FILE.name, write_editions(edition.history))
    (data / SPREADSHEET_FILE).write_bytes(write_spreadsheet(edition.settings, frames))
    sources = frames["submissions"]["source"].drop_nulls().unique().sort()
    feed = write_feed(edition.settings, edition.history)
    if feed:
        _write_text(folder / FEED_FILE, feed)
    _write_text(folder / PACKAGE_FILE, describe_package(edition.settings, sources, data))


def _list_findings(findings: Iterable[Finding]) -> str:
    listed = [
        {
            "force": finding.force,
            "page": f"{finding.topic}.html",
            "kind": finding.kind,
            "sentence": plain(finding.sentence),
            "evidence": [
                {"table": f"{part.table}.csv", "row": part.row, "column": part.column, "printed": part.text}
                for part in finding.sentence
                if isinstance(part, Figure)
            ],
        }
        for finding in findings
    ]
    return json.dumps(listed, indent=1, ensure_ascii=False) + "\n"


def _write_static(folder: Path, settings: Settings) -> None:
    static = folder / "static"
    static.mkdir()
    for name in STATIC:
        shutil.copyfile(settings.folder("reports") / "static" / name, static / name)


def _write_pages(folder: Path, edition: Edition, pages: list[Page], drawings: Mapping[Sketch, Drawing]) -> None:
    reports = edition.settings.folder("reports")
    for page in pages:
        path = folder / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_text(path, render(reports, edition, page, drawings))


def _write_charts(
    folder: Path,
    settings: Settings,
    pages: list[Page],
    drawn: Mapping[Order, Drawn],
    printed: dict[str, pl.DataFrame],
) -> None:
    """Each chart as SVG and PNG, and the published rows behind it, in a folder beside its page."""
    for page in pages:
        home = (folder / page.path).parent / "charts"
        for chart in page.charts:
            picture = drawn[_order(settings, chart)]
            path = home / f"{chart.name}.svg"
            if path.exists() and path.read_text(encoding="utf-8") != picture.picture:
                raise ValueError(f"two charts are called {chart.name}")
            home.mkdir(exist_ok=True)
            _write_text(path, picture.picture)
            path.with_suffix(".png").write_bytes(picture.png)
            for name, numbers in chart.rows.items():
                rows = printed[name][[number - 1 for number in numbers]]
                _write_text(home / f"{chart.name}-{name}.csv", write_printed(rows))


def render(reports: Path, edition: Edition, page: Page, drawings: Mapping[Sketch, Drawing]) -> str:
    """Fill the page's template.

    Raises:
        RequestError: it cannot be filled; a project's own copy may be of another version.
    """
    try:
        return (
            _environment(reports)
            .get_template(page.template)
            .render(_share(edition, page) | {"drawings": drawings} | page.context)
        )
    except jinja2.TemplateNotFound:
        raise
    except jinja2.TemplateError as error:
        raise RequestError(
            "a template of the pages cannot be filled",
            where=f"{reports / page.template}",
            found=str(error),
            what_now="compare it with what `disparity init` writes, or leave `reports` out of the project file",
        ) from error


@cache
def _environment(reports: Path) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(reports),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["start_sentence"] = start_sentence
    environment.filters["headings"] = list_headings
    environment.tests["figure"] = lambda part: isinstance(part, Figure)
    return environment


def list_headings(content: Markup) -> list[tuple[str, Markup]]:
    """List the headings of a page's sections, as its templates write them: id and title."""
    return [(id_, Markup(title)) for id_, title in HEADING.findall(content)]  # noqa: S704  escaped where it was written


def _share(edition: Edition, page: Page) -> dict[str, Any]:
    """What every page knows: publisher, menu, place in the site."""
    settings = edition.settings
    force = page.force or (edition.forces[0] if len(edition.forces) == 1 else "")
    folder = edition.folder(force) if force else ""
    menu = (
        [(title, f"{page.root}{folder}{path}", page.path == folder + path) for path, title in FORCE_PAGES]
        if force
        else []
    )
    menu += [(title, f"{page.root}{path}", page.path == path) for path, title in SITE_PAGES]
    here = next((place for place, (_, _, is_here) in enumerate(menu) if is_here), None)
    return {
        "page": page,
        "settings": settings,
        "period_asked": name_period(settings.first_month, settings.last_month),
        "published": name_day(settings.published) if settings.published else "",
        "next_edition": name_day(settings.next_edition),
        "has_feed": any(each.published for each in edition.history),
        "force_name": edition.name_of(force) if force else "",
        "is_one_of_several": len(edition.forces) > 1,
        "menu": menu,
        "before": menu[here - 1][:2] if here else None,
        "after": menu[here + 1][:2] if here is not None and here + 1 < len(menu) else None,
        "root": page.root,
        "policy": POLICY,
        "caveats": edition.caveats,
        "protection": edition.protection,
        "version": __version__,
    }


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _swap(aside: Path, out: Path) -> None:
    """Exchange the folders in one step where the system can; else rename twice: the old away, the new one in."""
    if not out.exists():
        aside.rename(out)
        return
    if _exchange(aside, out):
        return
    old = Path(tempfile.mkdtemp(prefix=_mark(out), dir=out.parent))
    out.rename(old / out.name)
    try:
        aside.rename(out)
    except OSError:
        (old / out.name).rename(out)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders at once, so that a kill between finds the old site or the new one; whether it was done."""
    library = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if not hasattr(library, "renameat2"):
        return False
    names = (os.fsencode(path.absolute()) for path in (one, other))
    failed = library.renameat2(AT_FDCWD, next(names), AT_FDCWD, next(names), RENAME_EXCHANGE)  # type: ignore[union-attr]
    return int(failed) == 0
