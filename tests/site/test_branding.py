"""A branded site is the same site: its figures, its links and its closed doors."""

import re
import zlib
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from disparity.pipeline.build import build
from disparity.project.brand import HIDEABLE, Brand
from disparity.site.branding import dress, strip_png, write_style
from disparity.site.charts.specification import BLUE, LINE_COLOURS
from disparity.site.pages.listing import build_pages, list_menu
from disparity.site.rendering.picture import paint
from disparity.site.rendering.svg import Sketch
from disparity.site.templates import load_templates, render
from support import example, protected_site
from support.processor import shared

COLOUR = "#6b1d5c"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>Us</title><path d="M0 0h9v9z"/></svg>'
WORDS = "Founded 1839; 01772 614444 <script>alert(1)</script>"


@shared
def branded() -> Path:
    """The site of a month and force of the example, in a publisher's colours, without the pages that may be hidden."""
    home = example.scratch() / "branded"
    home.mkdir()
    (home / "logo.svg").write_text(LOGO)
    brand = {"logo": home / "logo.svg", "logo_text": "Police, since 1839", "colour": COLOUR, "masthead": "#2b1030"}
    brand |= {"fonts": ["Source Sans 3", "Arial"], "footer": WORDS, "hidden_pages": ["why", "compare", "over-time"]}
    settings = example.months("2023-04", "2023-04", forces=["mereside"], brand=brand, out=home / "site")
    return build(settings).folder


def test_the_style_says_what_the_brand_says_in_values_that_were_checked() -> None:
    style = write_style(Brand(colour=COLOUR, masthead="#ffee00", fonts=["Source Sans 3", "Georgia", "serif"]))
    assert f":root, .embed {{ --blue: {COLOUR}; }}" in style
    assert '--sans: "Source Sans 3", "Georgia", serif;' in style
    assert ".masthead { --ink: #000000;" in style  # black on yellow
    assert ".masthead { --ink: #ffffff;" in write_style(Brand(masthead="#2b1030"))
    assert (dark := re.search(r"dark\) { :root { --blue: (#[0-9a-f]{6}); } }", style))
    assert f'.plot [fill="{COLOUR}" i] {{ fill: {dark[1]}; }}' in style
    assert not re.search(r"url\(|@import|https?:", style)


def test_charts_are_in_the_publishers_colour_and_groups_in_their_own() -> None:
    text = f'{{"mark": {{"color": "{BLUE}"}}, "range": ["{BLUE}", "{LINE_COLOURS["White"]}"], "n": 1.5}}'
    sketch = Sketch("one", text, text)
    dressed = dress(Brand(colour=COLOUR), sketch)
    assert dressed.spec == dressed.narrow == text.replace(BLUE, COLOUR, 1)
    assert dress(Brand(), sketch) is sketch


def test_a_site_without_a_brand_has_nothing_of_one() -> None:
    assert not (example.site() / "static" / "brand.css").exists()
    assert all("brand" not in (example.site() / name).read_text(encoding="utf-8") for name in example.pages())


@pytest.mark.slow
def test_logo_colour_and_words_are_on_every_page_and_in_the_charts() -> None:
    assert (branded() / "static" / "logo.svg").read_text() == LOGO
    for name, page in example.read_pages(branded()).items():
        (logo,) = page.xpath("//img")
        assert (logo.get("src"), logo.get("alt")) == ("static/logo.svg", "Police, since 1839"), name
        assert page.xpath("//link[@rel='stylesheet']/@href") == ["static/style.css", "static/brand.css"], name
        assert WORDS in page.find(".//footer").text_content(), name
        assert not page.xpath("//script[contains(text(), 'alert')]"), name
    pictures = list(branded().glob("charts/*.svg"))
    assert any(COLOUR in picture.read_text(encoding="utf-8") for picture in pictures)
    assert 'stroke="#6b1d5c"' in (branded() / "searches.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_hidden_page_is_not_there_and_nothing_leads_to_it() -> None:
    assert not [name for name in ("why", "compare", "over-time") if (branded() / f"{name}.html").exists()]
    for name, page in example.read_pages(branded()).items():
        for address in page.xpath("//@href | //@src"):
            if not urlsplit(address).scheme and address.partition("#")[0]:
                assert (branded() / name).parent.joinpath(address.partition("#")[0]).is_file(), f"{name}: {address}"
    assert not re.search(
        r'"page": "(why|compare|over-time)\.html', (branded() / "data/findings.json").read_text(encoding="utf-8")
    )


@pytest.mark.slow
def test_every_page_that_may_be_hidden_can_be_without_a_link_to_nowhere(tmp_path: Path) -> None:
    """All of them at once, on the example: every template that leads to one of them is filled."""
    edition = example.edition()
    given = {"brand": Brand(hidden_pages=list(HIDEABLE)), "actions": None, "grounds_review": None, "priorities": []}
    edition = replace(edition, settings=edition.settings.model_copy(update=given))
    pages = [page for page in build_pages(edition) if not page.charts]
    templates = load_templates(edition.settings)
    gone = re.compile(rf'href="[./\w-]*\b({"|".join(HIDEABLE)})\.html')
    assert pages
    for page in pages:
        assert not gone.search(render(templates, edition, page, {})), page.path
        assert not {name for _, name, _ in list_menu(edition, page)} & {f"{hidden}.html" for hidden in HIDEABLE}


@pytest.mark.slow
def test_the_words_and_numbers_of_a_brand_are_no_figure_to_the_intruder(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(LOGO)
    brand = {"logo": tmp_path / "logo.svg", "logo_text": "Since 1839", "colour": COLOUR, "footer": WORDS}
    settings = protected_site.settings(brand=brand, out=tmp_path / "site")
    assert build(settings).pages > 10


def test_findings_say_on_which_page_they_stand_if_it_is_there(tmp_path: Path) -> None:
    assert '"page": "searches.html#ethnicity"' in (branded() / "data" / "findings.json").read_text(encoding="utf-8")


def test_a_png_loses_what_a_program_put_down_beside_the_picture() -> None:
    picture = paint(LOGO.replace("viewBox", 'width="9" height="9" viewBox'))
    said = b"Author\0Ann Example"
    chunk = len(said).to_bytes(4, "big") + b"tEXt" + said + zlib.crc32(b"tEXt" + said).to_bytes(4, "big")
    assert strip_png(picture) == picture
    assert strip_png(picture[:33] + chunk + picture[33:]) == picture
