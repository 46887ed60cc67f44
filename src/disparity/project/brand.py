"""The publisher's brand: `[brand]` of the project file. Nothing in it loads from elsewhere, or hides what readers need.

Colours are held to the contrast that the Web Content Accessibility Guidelines ask of text: 4.5 to 1 (WCAG 2.2, 1.4.3).
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from xml.etree import ElementTree

from pydantic import AfterValidator, BaseModel, Field, field_validator, model_validator

from disparity.project.declarations import OneLine, suggest_or_list

CONTRAST = 4.5
# What text stands on: the page, and its tinted parts; light, and dark (style.css).
LIGHT, DARK = ("#ffffff", "#f4f6f8"), ("#14181c", "#1e242a")
WHITE, BLACK = "#ffffff", "#000000"
GENERIC_FONTS = ("serif", "sans-serif", "monospace", "system-ui")
MOST_LOGO_BYTES = 200_000
LARGEST_FOOTER = 1_000

# Pages that a publisher may leave out of the site.
HIDEABLE = ("why", "compare", "over-time", "action", "places", "months")
NEEDED = {
    "index": "it is the front page",
    "searches": "the findings of the front page rest on it",
    "finds": "the findings of the front page rest on it",
    "data": "it leads to how good the records are and how figures are made",
    "children": "it says how many searches are of children, and how they differ from those of adults",
    "data-quality": "it says what the records lack, without which no figure can be judged",
    "method": "it says how figures are made and people protected",
    "glossary": "every page leads to its words",
    "downloads": "it gives the figures behind every page",
    "what-changed": "figures that move are said to move",
    "accessibility": "it says who can use the pages, and whom to tell where they cannot",
    "provenance": "it says where the figures are from, and how errors are corrected",
}

PNG = b"\x89PNG\r\n\x1a\n"
SVG_SPACE = "{http://www.w3.org/2000/svg}"
# What a picture needs. All else, such as script, animation, links and what editors keep for themselves, is refused.
SVG_PARTS = {
    *("svg", "g", "defs", "symbol", "use", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline"),
    *("polygon", "text", "tspan", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern"),
}


def _read_colour(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError("write a colour as #12436d")
    return value.lower()


def _plain_font(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 -]{0,60}", value):
        raise ValueError(f"{value!r} is no name of a font: letters, digits, spaces and hyphens")
    return value.strip()


Colour = Annotated[str, AfterValidator(_read_colour)]
Font = Annotated[str, AfterValidator(_plain_font)]


class Brand(BaseModel, extra="forbid", frozen=True):
    """How a publisher's site differs from any other: its looks, a line of its own, and the pages that it leaves out."""

    logo: Path | None = Field(default=None, description="SVG or PNG, put into the site.")
    logo_text: str = Field(default="", description="What the logo says, for whoever does not see it.")
    colour: Colour | None = Field(default=None, description="Of links, lines and charts, on white.")
    dark_colour: Colour | None = Field(
        default=None, description="The same on a dark page. Left out: a lighter shade of `colour`."
    )
    masthead: Colour | None = Field(
        default=None, description="Behind the head of every page, whose text is then white or black."
    )
    fonts: list[Font] = Field(default=[], description="Fonts of the text, the first that a reader has.")
    heading_fonts: list[Font] = Field(default=[], description="Fonts of headings. Left out: as `fonts`.")
    footer: OneLine | None = Field(
        default=None, max_length=LARGEST_FOOTER, description="A line at the foot of every page."
    )
    hidden_pages: list[str] = Field(default=[], description="Pages that are left out, by the name of their file.")

    @field_validator("hidden_pages")
    @classmethod
    def _may_be_hidden(cls, values: list[str]) -> list[str]:
        for value in values:
            name = value.removesuffix(".html")
            if name in NEEDED:
                raise ValueError(f"the page {name!r} cannot be hidden: {NEEDED[name]}")
            if name not in HIDEABLE:
                raise ValueError(f"{value!r} is no page that can be hidden{suggest_or_list(name, HIDEABLE)}")
        return [value.removesuffix(".html") for value in values]

    @field_validator("colour")
    @classmethod
    def _can_be_read(cls, value: str | None) -> str | None:
        return _refuse_faint(value, LIGHT, "a light page", BLACK)

    @field_validator("dark_colour")
    @classmethod
    def _can_be_read_in_the_dark(cls, value: str | None) -> str | None:
        return _refuse_faint(value, DARK, "a dark page", WHITE)

    @model_validator(mode="after")
    def _say_what_the_logo_says(self) -> "Brand":
        if self.logo and not self.logo_text.strip():
            raise ValueError('logo_text: say what the logo says, for who does not see it, such as "Kent Police"')
        if not self.logo_text.isprintable():
            raise ValueError("logo_text: write it on one line, without control characters")
        if self.logo:
            check_logo(self.logo)
        return self

    @property
    def logo_file(self) -> str:
        """What the logo is called in the site; nothing where there is none."""
        return f"logo{self.logo.suffix.lower()}" if self.logo else ""

    @property
    def has_style(self) -> bool:
        """Whether there is anything for a style sheet to say."""
        return bool(self.logo or self.colour or self.masthead or self.fonts or self.heading_fonts or self.dark_colour)


def measure_contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, from 1 (the same) to 21 (black on white).

    >>> measure_contrast("#000000", "#ffffff")
    21.0
    >>> round(measure_contrast("#767676", "#ffffff"), 2)
    4.54

    Source: WCAG 2.2, definitions of contrast ratio and relative luminance.
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def shade(colour: str, grounds: Sequence[str], towards: str) -> str:
    """Give the nearest shade that can be read on all grounds: the colour itself, or mixed with white or black."""
    for step in range(101):
        mixed = "#" + "".join(
            f"{round(int(colour[at : at + 2], 16) * (1 - step / 100) + int(towards[at : at + 2], 16) * step / 100):02x}"
            for at in (1, 3, 5)
        )
        if _lowest(mixed, grounds) >= CONTRAST:
            return mixed
    return towards


def _lowest(colour: str, grounds: Sequence[str]) -> float:
    return min(measure_contrast(colour, ground) for ground in grounds)


def _refuse_faint(value: str | None, grounds: Sequence[str], where: str, towards: str) -> str | None:
    if value and (lowest := _lowest(value, grounds)) < CONTRAST:
        raise ValueError(
            f"{value} has a contrast of {lowest:.1f} to 1 on {where}, and text needs {CONTRAST} (WCAG 1.4.3): "
            f"{shade(value, grounds, towards)} would do"
        )
    return value


def check_logo(path: Path) -> None:
    """Refuse what is no plain picture.

    Raises:
        ValueError: with what is in the way.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(f"logo: {path.name} cannot be read ({error.strerror})") from None
    if len(content) > MOST_LOGO_BYTES:
        raise ValueError(
            f"logo: {path.name} has {len(content):,} bytes; every page loads it: {MOST_LOGO_BYTES:,} at most"
        )
    if path.suffix.lower() == ".png":
        if not content.startswith(PNG):
            raise ValueError(f"logo: {path.name} is no PNG")
    elif path.suffix.lower() == ".svg":
        _check_svg(path.name, content)
    else:
        raise ValueError(f"logo: {path.name} is neither SVG nor PNG")


def _check_svg(name: str, content: bytes) -> None:
    # Before it is parsed: an entity may stand for anything.
    if re.search(rb"<!(DOCTYPE|ENTITY)|<\?(?!xml\s)", content, re.IGNORECASE) or b"\x00" in content:
        raise ValueError(f"logo: {name} has a document type or a processing instruction: save it as plain SVG in UTF-8")
    try:
        root = ElementTree.fromstring(content)  # noqa: S314  no entities: refused above
    except ElementTree.ParseError as error:
        raise ValueError(f"logo: {name} is no SVG ({error})") from None
    if root.tag != f"{SVG_SPACE}svg":
        raise ValueError(f"logo: {name} is no SVG")
    for element in root.iter():
        part = element.tag.removeprefix(SVG_SPACE) if isinstance(element.tag, str) else "?"
        if part not in SVG_PARTS:
            raise ValueError(f"logo: {name} holds <{part}>, which a picture does not need: save it as plain SVG")
        for key, value in element.attrib.items():
            refers = key.endswith("href") and not value.startswith("#")
            loads = re.search(r"url\((?!['\"]?#)|@import|expression|javascript:|\\", value, re.IGNORECASE)
            if key.lower().startswith("on") or refers or loads or (key.startswith("{") and not key.endswith("}href")):
                plain = key.rpartition("}")[2]
                raise ValueError(
                    f"logo: {name} has {plain!r} in <{part}>, which runs, loads or keeps something: "
                    "save it as plain SVG"
                )
