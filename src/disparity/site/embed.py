"""Charts for pages of others: a small page for each, without a script, that says what it shows, whose it is and where.

Its picture is the chart's own file: nothing is drawn twice.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from disparity.site.metadata import find_address
from disparity.site.page import Chart, Edition, Page

EMBED_FOLDER = "embed"


def write_embeds(folder: Path, edition: Edition, pages: Iterable[Page], fill: Callable[[Page], str]) -> None:
    """Write a page for each chart of some pages, beside the folder of their charts."""
    for page in pages:
        for chart in page.charts:
            embedded = build_embed(edition, page, chart)
            path = folder / embedded.path
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(fill(embedded).encode())


def build_embed(edition: Edition, page: Page, chart: Chart) -> Page:
    """Build the page of one chart: it leads to where the chart is explained."""
    home, _, name = page.path.rpartition("/")
    place = f"fig-{chart.name}"
    address = find_address(edition.settings, page)
    context = {"chart": chart, "href": f"../{name}#{place}", "address": f"{address}#{place}" if address else ""}
    path = f"{home}/{EMBED_FOLDER}/{chart.name}.html".lstrip("/")
    return replace(page, template="embed.html", context=context, parts={}, path=path)


def list_embeds(page: Page) -> list[tuple[str, str]]:
    """Name the charts of a page that can be shown elsewhere, once each."""
    return [(name, f"Chart {number}") for number, name in enumerate(dict.fromkeys(c.name for c in page.charts), 1)]
