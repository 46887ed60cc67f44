"""The charts of pages: drawn while the next pages are made, and written as files beside them."""

from collections.abc import Callable, Generator, Iterable, Mapping
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TypeVar

import polars as pl

from disparity.project.chart_kinds import PNG
from disparity.site.branding import dress
from disparity.site.page import Chart, Edition, Page
from disparity.site.published_figures import plain
from disparity.site.rendering.aside import Drawn, Order, draw_aside
from disparity.site.rendering.specification_file import join_specs
from disparity.site.rendering.svg import SPEC
from disparity.tables.schema.printing import write_printed
from disparity.vocabulary.calendar import name_period
from disparity.vocabulary.text import join_names

LICENCE = "Licence: Open Government Licence v3.0"
CHARTS_FOLDER = "charts"  # of the folder that a project keeps between builds


Key = TypeVar("Key")
Value = TypeVar("Value")


class WhenAsked(dict[Key, Value]):
    """Values that are waited for, or made, when they are first asked for."""

    def __init__(self, give: Callable[[Key], Value]) -> None:
        """Ask for none yet."""
        super().__init__()
        self._give = give

    def __missing__(self, key: Key) -> Value:
        """Ask for it."""
        self[key] = value = self._give(key)
        return value


def draw_pages(edition: Edition, pages: Iterable[Page]) -> Generator[tuple[list[Page], Mapping[Order, Drawn]]]:
    """Give the pages force by force, and their charts: drawn while other pages are made and written.

    What the project keeps is not drawn again. No more than two forces' pages are held at once.
    """
    kept = edition.settings.reuse / CHARTS_FOLDER if edition.settings.reuse else None
    with draw_aside(kept, is_large=len(edition.forces) > 1) as hand_in:
        handed_in = (_hand_in(edition, list(some), hand_in) for _, some in groupby(pages, attrgetter("force")))
        before = next(handed_in, None)
        while before:
            following = next(handed_in, None)
            made, waiting = before
            yield made, WhenAsked(partial(_wait, waiting))
            before = following


def _wait(waiting: Mapping[Order, Callable[[], Drawn]], order: Order) -> Drawn:
    return waiting[order]()


def _hand_in(
    edition: Edition, pages: list[Page], hand_in: Callable[[Order], Callable[[], Drawn]]
) -> tuple[list[Page], dict[Order, Callable[[], Drawn]]]:
    orders = dict.fromkeys(order_chart(edition, page, chart) for page in pages for chart in page.charts)
    return pages, {order: hand_in(order) for order in orders}


def order_chart(edition: Edition, page: Page, chart: Chart) -> Order:
    """What is to be drawn of a chart, with the words that its picture goes with."""
    settings = edition.settings
    records = "Invented records" if settings.is_synthetic else f"Records: {join_names(edition.records)}"
    period = f"{records}, {name_period(settings.first_month, settings.last_month)}"
    said = (
        chart.residents,
        settings.publisher,
        settings.title,
        settings.edition,
        period,
        "" if settings.is_synthetic else LICENCE,
        f"{settings.base_url}{page.path}#fig-{chart.name}" if settings.base_url else "",
    )
    source = ". ".join(part for part in said if part)
    return Order(
        dress(settings.brand, chart.sketch),
        plain(chart.headline),
        chart.subtitle,
        source if settings.base_url else f"{source}.",  # an address ends without a full stop
        settings.marking if settings.is_internal else "",
        PNG in settings.charts,
    )


def write_charts(
    folder: Path,
    edition: Edition,
    pages: list[Page],
    drawn: Mapping[Order, Drawn],
    printed: dict[str, pl.DataFrame],
) -> None:
    """Each chart as a picture, what that is drawn from, and the published rows behind it, in a folder beside its page.

    What it is drawn from is Vega-Lite, which other programs draw again, as it is on a wide screen.
    """
    for page in pages:
        home = (folder / page.path).parent / "charts"
        for chart in page.charts:
            order = order_chart(edition, page, chart)
            picture = drawn[order]
            path = home / f"{chart.name}.svg"
            if path.exists() and path.read_text(encoding="utf-8") != picture.picture:
                raise ValueError(f"two charts are called {chart.name}")
            home.mkdir(exist_ok=True)
            path.write_bytes(picture.picture.encode())
            if order.has_png:
                path.with_suffix(".png").write_bytes(picture.png)
            (home / f"{chart.name}{SPEC}").write_bytes(f"{join_specs(order.sketch)}\n".encode())
            for name, numbers in chart.rows.items():
                rows = printed[name][[number - 1 for number in numbers]]
                (home / f"{chart.name}-{name}.csv").write_bytes(write_printed(rows).encode())
