"""The printable pack for a scrutiny panel: a page for each force, and a PDF where there is a browser to print it."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from disparity.site.pages.page import Edition, Page
from disparity.site.rendering.svg import draw
from disparity.site.templates import render
from disparity.vocabulary.errors import RequestError

STYLES = ("style.css", "pack.css")
# Where a browser that prints may be found, the project's own choice first.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
BROWSER_SETTING = "DISPARITY_CHROMIUM"
SECONDS_TO_PRINT = 120


def write_pack(edition: Edition, pages: list[Page], out: Path) -> list[Path]:
    """Write the pages with their style, and a PDF of each where a Chromium is installed.

    Returns:
        The files to print: PDFs, or pages where nothing prints them.

    Raises:
        RequestError: the folder holds something already, or cannot be written.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise RequestError(
            "the folder is not empty", where=str(out), what_now="name a new folder with --out: none is overwritten"
        )
    reports = edition.settings.folder("reports")
    out.mkdir(parents=True, exist_ok=True)
    for name in STYLES:
        shutil.copyfile(reports / "static" / name, out / name)
    files = []
    for page in pages:
        path = out / page.path
        drawings = {aid.chart.sketch: draw(aid.chart.sketch) for aid in page.context["aids"]}
        path.write_text(render(reports, edition, page, drawings), encoding="utf-8", newline="\n")
        files.append(print_page(path) or path)
    return files


def print_page(path: Path) -> Path | None:
    """Print a page as a PDF beside it; nothing where there is no browser, or it fails."""
    browser = os.environ.get(BROWSER_SETTING) or next((found for name in BROWSERS if (found := shutil.which(name))), "")
    if not browser:
        return None
    pdf = path.with_suffix(".pdf")
    # A browser refuses its own sandbox to root, as in containers; what it opens here is our own page.
    unboxed = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as profile:
        command = [
            *(browser, "--headless", "--disable-gpu", "--no-first-run", *unboxed, f"--user-data-dir={profile}"),
            *("--no-pdf-header-footer", f"--print-to-pdf={pdf.resolve()}", path.resolve().as_uri()),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=SECONDS_TO_PRINT)  # noqa: S603  found above
        except (OSError, subprocess.SubprocessError):
            return None
    return pdf if pdf.exists() else None
