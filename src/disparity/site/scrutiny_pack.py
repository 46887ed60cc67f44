"""The printable pack for a scrutiny panel: a page for each force, and a PDF where there is a browser to print it."""

import shutil
from pathlib import Path

from disparity.site.branding import dress, write_brand
from disparity.site.page import Edition, Page
from disparity.site.printing import print_page
from disparity.site.rendering.svg import draw
from disparity.site.templates import load_templates, render
from disparity.vocabulary.errors import RequestError

STYLES = ("style.css", "pack.css")


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
    templates, styles = load_templates(edition.settings), edition.settings.list_templates()
    out.mkdir(parents=True, exist_ok=True)
    for name in STYLES:
        shutil.copyfile(styles[f"static/{name}"], out / name)
    write_brand(out, edition.settings.brand)
    files = []
    for page in pages:
        path = out / page.path
        drawings = {chart.sketch: draw(dress(edition.settings.brand, chart.sketch)) for chart in page.charts}
        path.write_text(render(templates, edition, page, drawings), encoding="utf-8", newline="\n")
        files.append(print_page(path) or path)
    return files
