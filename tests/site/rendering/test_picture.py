"""A chart's own file: its words are in it, it draws the same everywhere, and nothing in it can run."""

import struct

import pytest
from lxml import etree

from disparity.site.rendering.picture import make_picture, paint
from support import example

SVG = "{http://www.w3.org/2000/svg}"
DRAWING = '<svg class="marks" aria-hidden="true" width="300" height="100" viewBox="0 0 300 100"><path d="M0 0"/></svg>'
HOSTILE = "</text><script>alert(1)</script> & \x1b[31m ]]>"


def read(svg: str) -> etree._Element:
    return etree.fromstring(svg.encode("utf-8"))


def texts(picture: etree._Element) -> str:
    return " ".join(element.text or "" for element in picture.iterchildren(f"{SVG}text"))


def test_headline_subtitle_and_source_stand_in_the_picture_and_in_its_name() -> None:
    words = {
        "headline": "Searches of Black people led to a find less often than searches of White people",
        "subtitle": "Find rates by self-defined ethnicity, year ending March 2025",
        "source": "The Office. Stop and search. Second edition.",
    }
    picture = read(make_picture(DRAWING, **words))
    assert texts(picture) == " ".join(words.values())
    assert picture.findtext(f"{SVG}title") == words["headline"]
    assert words["source"] in str(picture.findtext(f"{SVG}desc"))


def test_the_drawing_stands_between_the_words_and_within_the_picture() -> None:
    picture = read(make_picture(DRAWING, headline="A " * 60, subtitle="B", source="C"))
    (drawing,) = picture.iterchildren(f"{SVG}svg")
    lines = [float(line.get("y", "")) for line in picture.iterchildren(f"{SVG}text")]
    top, bottom = float(drawing.get("y", "")), float(drawing.get("y", "")) + 100
    assert lines == sorted(lines)
    assert all(line <= top for line in lines[:-1])
    assert bottom <= lines[-1] <= float(picture.get("height", ""))
    assert float(picture.get("width", "")) == 340


def test_hostile_words_stay_words() -> None:
    picture = read(make_picture(DRAWING, headline=HOSTILE, subtitle=HOSTILE, source=HOSTILE))
    kinds = {etree.QName(element).localname for element in picture.iter()}
    assert kinds == {"svg", "title", "desc", "rect", "text", "path"}


def test_a_drawing_without_a_size_is_refused() -> None:
    with pytest.raises(ValueError, match="unexpected outermost element"):
        make_picture("<svg></svg>", headline="A", subtitle="B", source="C")


def test_the_same_picture_gives_the_same_png_a_half_larger() -> None:
    svg = make_picture(DRAWING, headline="A", subtitle="B", source="C")
    png = paint(svg)
    assert png == paint(svg)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, _ = struct.unpack(">II", png[16:24])
    assert width == 340 * 1.5


def test_every_chart_of_the_example_has_its_files_and_its_figures_beside_it() -> None:
    charts = 0
    for name, page in example.pages().items():
        home = (example.site() / name).parent
        for figure in page.xpath("//figure[@class='chart']"):
            links = figure.xpath(".//p[@class='take']/a/@href")
            kinds = [link.rpartition(".")[2] for link in links]
            assert kinds[:2] == ["svg", "json"], name
            assert set(kinds[2:]) == {"csv"}, name
            picture = read((home / links[0]).read_text(encoding="utf-8"))
            headline = " ".join(figure.xpath("string(.//figcaption/strong)").split())
            assert picture.findtext(f"{SVG}title") == headline
            assert "Invented records, " in texts(picture)
            charts += 1
    assert charts > 15


def test_the_rows_behind_a_chart_are_rows_of_the_published_table() -> None:
    published = (example.site() / "data" / "estimates.csv").read_text(encoding="utf-8").splitlines()
    rows = (example.site() / "fellshire" / "charts" / "search-rates-estimates.csv").read_text(encoding="utf-8")
    header, *taken = rows.splitlines()
    assert header == published[0]
    assert len(taken) >= 6
    assert set(taken) <= set(published[1:])
