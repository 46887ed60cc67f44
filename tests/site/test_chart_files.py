"""What goes with a chart as a file of its own: where it is from, and the kinds that were asked for."""

from dataclasses import replace

import pytest
from lxml import html

from disparity.project.settings import make_settings
from disparity.site.chart_files import order_chart
from disparity.site.page import Chart, Page
from disparity.site.rendering.svg import Sketch
from disparity.vocabulary.errors import RequestError
from support import example

CHART = Chart(("Twice as often",), "Searches", Sketch("bars", "{}", "{}"), None, residents="Residents of 2021")
PAGE = Page("finds.html", "Finds", path="fellshire/finds.html")


def order(**settings: object):
    edition = example.edition()
    return order_chart(replace(edition, settings=edition.settings.model_copy(update=settings)), PAGE, CHART)


def test_a_picture_names_source_period_licence_and_address() -> None:
    said = order(is_synthetic=False, base_url="https://example.org/searches/").source
    assert "Records: " in said
    assert "2023" in said
    assert "Open Government Licence v3.0" in said
    assert said.endswith("https://example.org/searches/fellshire/finds.html#fig-bars")


def test_invented_records_are_under_no_licence_and_say_what_they_are() -> None:
    said = order(is_synthetic=True, base_url="").source
    assert "Invented records, " in said
    assert "Licence" not in said
    assert said.endswith(".")


def test_a_png_is_painted_only_where_it_is_asked_for() -> None:
    assert not order().has_png
    assert order(charts=["svg", "png"]).has_png


@pytest.mark.parametrize("kinds", [[], ["png"], ["svg", "svg"], ["gif"]])
def test_kinds_of_files_without_an_svg_or_of_no_kind_are_refused(kinds: list[str]) -> None:
    with pytest.raises(RequestError):
        make_settings({"records": ["records"], "from": "2023-04", "to": "2024-03", "charts": kinds}, where="project")


def test_links_under_a_chart_are_those_of_its_files() -> None:
    links = 0
    for name, page in example.pages().items():
        for link in page.xpath("//figure[@class='chart']/p[@class='take']/a/@href"):
            assert (example.site() / name).parent.joinpath(link).is_file(), link
            links += 1
    assert links > 30
    assert not list(example.site().rglob("charts/*.png"))
    assert isinstance(page, html.HtmlElement)
