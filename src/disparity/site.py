"""The site folder: built aside and swapped in whole, so a reader never meets half of one."""

import ctypes
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import polars as pl
from filelock import FileLock, Timeout

from disparity import __version__
from disparity.errors import RequestError
from disparity.figures import Figure, plain
from disparity.findings import Finding
from disparity.pages.page import Edition, Page
from disparity.publication import name_period, start_sentence
from disparity.tables import PACKAGE_NAME, TABLES, describe_package, to_csv

# Linux, <linux/fs.h> and <fcntl.h>: swap two names; names are relative to the working directory.
RENAME_EXCHANGE, AT_FDCWD = 2, -100
PACKAGE_FILE = Path("data") / "datapackage.json"
STATIC = ("style.css", "site.js", "vega_csp.js", "LICENSES-vega.txt")
# What a page may load: its own files and nothing else, no inline script or style.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'none'; "
    "base-uri 'none'; form-action 'none'"
)
FORCE_PAGES = (
    ("index.html", "Overview"),
    ("search-rates.html", "Search rates"),
    ("find-rates.html", "Find rates"),
    ("why.html", "Why"),
    ("similar-forces.html", "Similar forces"),
    ("over-time.html", "Over time"),
    ("data-quality.html", "Data quality"),
)
SITE_PAGES = (("method.html", "Method"), ("downloads.html", "Data"))


@dataclass(frozen=True)
class Site:
    """A built site, how many pages it has, and what its records lack."""

    folder: Path
    pages: int
    caveats: tuple[str, ...] = ()


def let_through(_folder: Path) -> None:
    """Find nothing wrong with a site."""


def write_site(
    edition: Edition,
    pages: list[Page],
    frames: dict[str, pl.DataFrame],
    *,
    inspect: Callable[[Path], None] = let_through,
) -> Site:
    """Write pages, data and assets aside, then put the folder in place of the old one.

    Args:
        inspect: looks at the folder as it would be published, and raises where it must not be.
    """
    out = edition.publication.out
    aside = out
    try:
        aside = Path(tempfile.mkdtemp(prefix=_mark(out), dir=out.parent))
        aside.chmod(0o755)  # a web server reads it too
        _write_data(aside, edition, frames)
        _write_pages(aside, edition, pages)
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
    return Site(out, len(pages), edition.caveats)


@contextmanager
def hold_site(out: Path) -> Iterator[None]:
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
    if out.exists() and not (out.is_dir() and (_is_site(out) or not any(out.iterdir()))):
        raise RequestError(
            "the output folder holds something else",
            where=str(out),
            found="files, but no site of this tool",
            what_now="name another folder with --out",
        )


def _is_site(folder: Path) -> bool:
    """A data package is a common thing to have: only one of our own name makes the folder a site."""
    try:
        package = json.loads((folder / PACKAGE_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(package, dict) and package.get("name") == PACKAGE_NAME


def _write_data(folder: Path, edition: Edition, frames: dict[str, pl.DataFrame]) -> None:
    data = folder / "data"
    data.mkdir()
    publication = edition.publication
    for table in TABLES:
        _write_text(data / table.file, to_csv(frames[table.name], table))
    _write_text(data / "findings.json", _list_findings(edition.findings))
    _write_text(
        folder / PACKAGE_FILE,
        describe_package(publication.title, publication.first_month, publication.last_month),
    )


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


def _write_pages(folder: Path, edition: Edition, pages: list[Page]) -> None:
    reports = edition.publication.folder("reports")
    environment = _environment(reports)
    for page in pages:
        path = folder / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_text(path, environment.get_template(page.template).render(_share(edition, page) | page.context))
    static = folder / "static"
    static.mkdir()
    for name in STATIC:
        shutil.copyfile(reports / "static" / name, static / name)


def _environment(reports: Path) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(reports),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["start_sentence"] = start_sentence
    environment.tests["figure"] = lambda part: isinstance(part, Figure)
    return environment


def _share(edition: Edition, page: Page) -> dict[str, Any]:
    """What every page knows: publisher, menu, place in the site."""
    publication = edition.publication
    force = page.force or (edition.forces[0] if len(edition.forces) == 1 else "")
    folder = edition.folder(force) if force else ""
    menu = (
        [(title, f"{page.root}{folder}{path}", page.path == folder + path) for path, title in FORCE_PAGES]
        if force
        else []
    )
    menu += [(title, f"{page.root}{path}", page.path == path) for path, title in SITE_PAGES]
    return {
        "page": page,
        "publication": publication,
        "period_asked": name_period(publication.first_month, publication.last_month),
        "force_name": edition.name_of(force) if force else "",
        "is_one_of_several": len(edition.forces) > 1,
        "menu": menu,
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
