"""A brand is the publisher's, as long as everybody can read it and nothing of it runs, loads or hides."""

from pathlib import Path

import pytest

from disparity.project.brand import DARK, HIDEABLE, LIGHT, NEEDED, measure_contrast, shade
from disparity.project.settings import Settings, make_settings
from disparity.site.pages.listing import PAGES
from disparity.vocabulary.errors import RequestError

PLAIN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>Us</title><path d="M0 0h9v9z"/>{}</svg>'
LINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
HOSTILE = {
    "a script": PLAIN.format("<script>alert(1)</script>"),
    "an event": PLAIN.format('<g onload="alert(1)"/>'),
    "a link": PLAIN.format(f'<use {LINK} xlink:href="https://example.org/x.svg#a"/>'),
    "a link of words": PLAIN.format('<use href="javascript:alert(1)"/>'),
    "a picture within": PLAIN.format('<image href="data:image/png;base64,AAAA"/>'),
    "a page within": PLAIN.format('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>'),
    "an animation": PLAIN.format('<animate attributeName="href" to="javascript:alert(1)"/>'),
    "a style sheet": PLAIN.format("<style>@import url(https://example.org)</style>"),
    "a fill from elsewhere": PLAIN.format('<path fill="url(https://example.org/x)"/>'),
    "what an editor keeps": PLAIN.format('<g xmlns:i="http://www.inkscape.org" i:export-filename="/home/ann/x.png"/>'),
    "an entity": '<!DOCTYPE svg [<!ENTITY a "b">]>' + PLAIN.format("&a;"),
    "a style sheet beside": '<?xml-stylesheet href="https://example.org"?>' + PLAIN.format(""),
    "no end": PLAIN.format("<g>"),
    "another kind": "<html/>",
}


def make(**brand: object) -> Settings:
    given = {"records": ["records"], "from": "2023-04", "to": "2023-04", "brand": brand}
    return make_settings(given, where="a test")


def refuse(**brand: object) -> str:
    with pytest.raises(RequestError) as caught:
        make(**brand)
    return caught.value.found


def write_logo(folder: Path, text: str | bytes, name: str = "logo.svg") -> dict[str, object]:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return {"logo": folder / name, "logo_text": "Us"}


@pytest.mark.parametrize("within", ["", f'<use {LINK} xlink:href="#a"/>', '<path fill="url(#a)"/>'])
def test_a_plain_picture_will_do(tmp_path: Path, within: str) -> None:
    assert make(**write_logo(tmp_path, PLAIN.format(within))).brand.logo_file == "logo.svg"


@pytest.mark.parametrize("case", HOSTILE)
def test_a_picture_that_runs_loads_or_keeps_anything_is_refused(tmp_path: Path, case: str) -> None:
    assert "logo: logo.svg" in refuse(**write_logo(tmp_path, HOSTILE[case]))


def test_a_logo_that_is_missing_large_of_another_kind_or_without_words_is_named(tmp_path: Path) -> None:
    assert "gone.svg cannot be read" in refuse(logo=tmp_path / "gone.svg", logo_text="Us")
    assert "250,000 bytes" in refuse(**write_logo(tmp_path, b"x" * 250_000))
    assert "neither SVG nor PNG" in refuse(**write_logo(tmp_path, "x", "logo.gif"))
    assert "is no PNG" in refuse(**write_logo(tmp_path, PLAIN, "logo.png"))
    assert "say what the logo says" in refuse(logo=write_logo(tmp_path, PLAIN.format(""))["logo"])


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, ratio: float) -> None:
    """Ratios as WebAIM's contrast checker gives them."""
    assert measure_contrast(one, other) == measure_contrast(other, one) == pytest.approx(ratio, abs=0.005)


def test_a_colour_that_cannot_be_read_is_refused_with_its_contrast_and_one_that_can() -> None:
    found = refuse(colour="#ffcc00")
    assert "#ffcc00 has a contrast of 1.4 to 1 on a light page, and text needs 4.5 (WCAG 1.4.3): #" in found
    assert make(colour=found.rpartition(": ")[2].split()[0]).brand.colour
    assert "on a dark page" in refuse(dark_colour="#12436d")


@pytest.mark.parametrize("colour", ["#12436d", "#ff0000", "#ffffff", "#00ff00", "#808080"])
def test_a_shade_can_be_read_on_all_grounds(colour: str) -> None:
    for grounds, towards in ((LIGHT, "#000000"), (DARK, "#ffffff")):
        assert min(measure_contrast(shade(colour, grounds, towards), ground) for ground in grounds) >= 4.5


@pytest.mark.parametrize("colour", ["red", "#123", "#12436d; } body { display: none", "url(https://example.org)", ""])
def test_what_is_no_colour_is_refused(colour: str) -> None:
    for key in ("colour", "dark_colour", "masthead"):
        assert f"brand.{key}" in refuse(**{key: colour})


@pytest.mark.parametrize("font", ['Arial"; } * { display: none } "', "url(x)", "", "a\nb", "</style>"])
def test_what_is_no_font_is_refused(font: str) -> None:
    assert "brand.fonts" in refuse(fonts=["Arial", font])


def test_a_footer_is_a_line() -> None:
    for footer in ("", "two\nlines", "\x1b[31m", "x" * 1_001):
        assert "brand.footer" in refuse(footer=footer)


def test_every_page_may_be_hidden_or_has_a_reason_why_not() -> None:
    assert {page.address.removesuffix(".html") for page in PAGES} == {*HIDEABLE, *NEEDED}
    for page, reason in NEEDED.items():
        assert f"the page {page!r} cannot be hidden: {reason}" in refuse(hidden_pages=[page])
    assert make(hidden_pages=list(HIDEABLE)).brand.hidden_pages == list(HIDEABLE)
    assert "did you mean 'compare'?" in refuse(hidden_pages=["compar"])


def test_a_page_of_what_the_project_says_to_have_published_is_not_hidden() -> None:
    given = {"records": ["records"], "from": "2023-04", "to": "2023-04", "brand": {"hidden_pages": ["action"]}}
    with pytest.raises(RequestError) as caught:
        make_settings(given | {"actions": "register"}, where="a test")
    assert "`actions` is published there" in caught.value.found
