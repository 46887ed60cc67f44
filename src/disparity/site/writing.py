"""A site, written: its data, what is the same in every site, pages and charts."""

import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

import jinja2
import polars as pl

from disparity.project.defaults import default_folder
from disparity.project.settings import Settings
from disparity.site.branding import write_brand
from disparity.site.chart_files import WhenAsked, draw_pages, order_chart, write_charts
from disparity.site.comparisons_file import write_comparisons
from disparity.site.data_files import write_data
from disparity.site.embed import write_embeds
from disparity.site.folder import write_aside
from disparity.site.metadata import add_head, write_sitemap
from disparity.site.page import Edition, Page
from disparity.site.pages.listing import list_absent
from disparity.site.rendering.aside import Drawn, Order
from disparity.site.rendering.svg import Drawing, Sketch
from disparity.site.templates import load_templates, render
from disparity.tables.schema.printing import mark_rows, print_table
from disparity.tables.schema.tables import TABLES

STATIC = ("style.css", "icon.svg", "site.js", "share.js", "compare.js")


@dataclass(frozen=True)
class Site:
    """A built site, how many pages it has, what its records lack, and which pages there is nothing to show on.

    `checks` is what the checks found, in the words for its publisher.
    """

    folder: Path
    pages: int
    caveats: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    checks: str = ""


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
    settings = edition.settings
    written: list[Page] = []
    templates = load_templates(settings)
    with write_aside(settings.out, is_private=settings.is_internal) as aside:
        with closing(draw_pages(edition, pages)) as drawn_pages:
            first = next(drawn_pages, None)  # its charts are drawn while the data is written
            printed = {table.name: print_table(frames[table.name], table) for table in TABLES}
            if settings.is_internal:  # a file that is passed on says so itself
                printed = {name: mark_rows(table, settings.marking) for name, table in printed.items()}
            write_data(aside, edition, frames, printed)
            write_comparisons(aside, edition)
            _write_static(aside, settings)
            for made, drawn in chain([first] if first else [], drawn_pages):
                orders = {chart.sketch: order_chart(edition, page, chart) for page in made for chart in page.charts}
                drawings = WhenAsked(partial(_give_drawing, drawn, orders))
                fill = partial(render, templates, edition, drawings=drawings)
                _write_pages(aside, templates, edition, made, fill)
                write_embeds(aside, edition, made, fill)
                write_charts(aside, edition, made, drawn, printed)
                written += made
        write_sitemap(aside, settings, written)
        inspect(aside)
    return Site(settings.out, len(written), edition.caveats, tuple(list_absent(edition)))


def _give_drawing(drawn: Mapping[Order, Drawn], orders: Mapping[Sketch, Order], sketch: Sketch) -> Drawing:
    return drawn[orders[sketch]].drawing


def _write_static(folder: Path, settings: Settings) -> None:
    static = folder / "static"
    static.mkdir()
    shipped, files = default_folder("reports"), settings.list_templates()
    for name in STATIC:
        shutil.copyfile(files.get(f"static/{name}", shipped / "static" / name), static / name)
    write_brand(static, settings.brand)


def _write_pages(
    folder: Path, templates: jinja2.Environment, edition: Edition, pages: list[Page], fill: Callable[[Page], str]
) -> None:
    for page in pages:
        path = folder / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(add_head(templates, edition, page, fill(page)).encode())
