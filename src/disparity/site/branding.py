"""The publisher's brand in the site: a style sheet of its own, the logo, and the colour of charts."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from disparity.project.brand import BLACK, CONTRAST, DARK, GENERIC_FONTS, WHITE, Brand, measure_contrast, shade
from disparity.site.charts.specification import BLUE, LINE_COLOURS
from disparity.site.rendering.svg import Sketch

STYLE_FILE = "brand.css"
SIGNATURE = 8  # bytes at the start of a PNG
PICTURE_CHUNKS = {
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"IEND",
    b"tRNS",
    b"gAMA",
    b"cHRM",
    b"sRGB",
    b"iCCP",
    b"sBIT",
    b"pHYs",
    b"bKGD",
}


def write_brand(folder: Path, brand: Brand) -> None:
    """Write the style sheet and the logo, where there are any."""
    if brand.has_style:
        (folder / STYLE_FILE).write_bytes(write_style(brand).encode())
    if brand.logo:
        content = brand.logo.read_bytes()
        is_png = brand.logo_file.endswith(".png")
        (folder / brand.logo_file).write_bytes(strip_png(content) if is_png else content)


def strip_png(content: bytes) -> bytes:
    """Leave out what a program or camera put down beside the picture: names, places, times.

    A PNG is a signature and chunks: length (4 bytes), kind (4), content, checksum (4). Source: W3C, PNG, section 5.
    """
    kept, at = [content[:SIGNATURE]], SIGNATURE
    while at + 12 <= len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        kept += [content[at:end]] if content[at + 4 : at + 8] in PICTURE_CHUNKS else []
        at = end
    return b"".join(kept)


def write_style(brand: Brand) -> str:
    """Say in CSS what the brand says: every value was checked when the project file was read."""
    rules = ["/* The publisher's brand, as the project file has it. */"]
    if brand.colour:
        rules.append(f":root, .embed {{ --blue: {brand.colour}; }}")
    if dark := brand.dark_colour or (brand.colour and shade(brand.colour, DARK, WHITE)):
        rules.append(f"@media (prefers-color-scheme: dark) {{ :root {{ --blue: {dark}; }} }}")
    if brand.colour:  # charts are drawn in it
        drawn = " ".join(f'.plot [{look}="{brand.colour}" i] {{ {look}: {dark}; }}' for look in ("fill", "stroke"))
        rules.append(f"@media screen and (prefers-color-scheme: dark) {{ {drawn} }}")
    headings = brand.heading_fonts or brand.fonts
    fonts = [*([("sans", brand.fonts)] if brand.fonts else []), *([("serif", headings)] if headings else [])]
    rules += [f":root {{ --{name}: {_stack(names)}; }}" for name, names in fonts]
    if brand.masthead:
        ink = WHITE if measure_contrast(WHITE, brand.masthead) >= CONTRAST else BLACK
        inks = " ".join(f"--{name}: {ink};" for name in ("ink", "soft", "line", "blue", "focus"))
        inks += f" --paper: {brand.masthead};"  # what opens in it has its colours
        rules.append(f".masthead {{ {inks} color: {ink}; background: var(--paper); border-top-width: 0; }}")
    if brand.logo:
        rules.append(".logo { margin: 0 0 .75rem; }")
        rules.append(".logo img { display: block; width: auto; height: 3.5rem; max-width: 100%; object-fit: contain; }")
    if brand.logo and not brand.masthead:  # a logo is drawn for white
        rules.append("@media (prefers-color-scheme: dark) { .logo img { padding: .4rem; background: #ffffff; } }")
    return "\n".join([*rules, ""])


def _stack(names: list[str]) -> str:
    fonts = [name if name in GENERIC_FONTS else f'"{name}"' for name in names]
    return ", ".join(fonts if names[-1] in GENERIC_FONTS else [*fonts, "sans-serif"])


def dress(brand: Brand, sketch: Sketch) -> Sketch:
    """Draw a chart in the publisher's colour. The colours of groups stay: they tell the groups apart."""
    return _dress(brand.colour, sketch) if brand.colour else sketch


@cache
def _dress(colour: str, sketch: Sketch) -> Sketch:
    specs = {"spec": sketch.spec, "narrow": sketch.narrow}
    dressed = {name: json.dumps(_recolour(json.loads(spec), colour), allow_nan=False) for name, spec in specs.items()}
    return replace(sketch, **dressed)


def _recolour(part: Any, colour: str) -> Any:
    if isinstance(part, dict):
        return {key: _recolour(value, colour) for key, value in part.items()}
    if isinstance(part, list):
        return part if _is_of_groups(part) else [_recolour(value, colour) for value in part]
    return colour if part == BLUE else part


def _is_of_groups(values: list[Any]) -> bool:
    """Whether a list of colours is that of several groups."""
    others = set(LINE_COLOURS.values()) - {BLUE}
    return any(isinstance(value, str) and value in others for value in values)
