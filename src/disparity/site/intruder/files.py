"""Whether the other files of a site (chart files, feed, list of editions, the views of Explore) show nothing more."""

import csv
import json
import re
from pathlib import Path
from typing import Any

from disparity.site.intruder.numbers import find_numbers, half_step, number_of
from disparity.site.intruder.published import Published
from disparity.site.intruder.weakness import Weakness
from disparity.site.intruder.words import NOT_PUBLISHED, find_loose_words, read_past_words
from disparity.site.metadata import SITEMAP_FILE
from disparity.site.rendering.picture import paint
from disparity.tables.previous_edition import read_package

ADDRESS, TAGS = re.compile(r"<loc>([^<]*)</loc>"), re.compile(r"<[^>]*>")
VIEWS = re.compile(r'<script type="application/json" id="explored-views">(.*?)</script>', re.DOTALL)
DRAWING = re.compile(r'<svg class="marks"[^>]*>(.*?)</svg>\s*</div>', re.DOTALL)
CAPTION = re.compile(r"<figcaption.*?</figcaption>", re.DOTALL)
PICTURE_TEXT = re.compile(r"<(title|desc|text)\b[^>]*>(.*?)</\1>", re.DOTALL)


def find_file_weaknesses(site: Published, prose: set[str], published: set[float]) -> list[Weakness]:
    """Look at every file beside the pages and tables."""
    weaknesses = []
    for path in site.list_files():
        name = path.relative_to(site.folder).as_posix()
        if path.parent.name == "charts":
            weaknesses += [Weakness(name, what) for what in _inspect_chart_file(site, path, prose)]
        elif name in ("feed.xml", "data/editions.json"):
            words = re.sub(r"(urn:uuid|tag):[^<\"]*|<\?xml[^>]*>", " ", path.read_text(encoding="utf-8"))
            told = prose | read_past_words(site) | {one for one in find_numbers(words) if number_of(one) in published}
            weaknesses += [Weakness(name, loose) for loose in find_loose_words(words, told)]
        elif name == SITEMAP_FILE:
            weaknesses += [Weakness(name, what) for what in _inspect_sitemap(site, path)]
        elif path.name == "compare.html":
            weaknesses += [Weakness(name, what) for what in _inspect_views(site, path)]
    return weaknesses


def _inspect_chart_file(site: Published, path: Path, prose: set[str]) -> list[str]:
    """Hold a picture to the one of its page, the pixels to the picture, and rows to the published table."""
    if path.suffix == ".svg":
        return _inspect_picture(path, prose)
    if path.suffix == ".png":
        drawn = path.with_suffix(".svg")
        is_drawn = drawn.is_file() and paint(drawn.read_text(encoding="utf-8")) == path.read_bytes()
        return [] if is_drawn else ["pixels other than those of the picture"]
    if path.suffix == ".csv":
        table = path.stem.rpartition("-")[2]
        rows = {tuple(row.items()) for row in site.tables.get(table, [])}
        with path.open(encoding="utf-8", newline="") as file:
            is_published = all(tuple(row.items()) in rows for row in csv.DictReader(file))
        return [] if is_published else ["a row that is not in the published table"]
    return ["a kind of file that no rule is known for"]


def _inspect_picture(path: Path, prose: set[str]) -> list[str]:
    """The drawing is one of the pages beside it, which are held to the published figures; the words around it too."""
    picture = path.read_text(encoding="utf-8")
    pages = [page.read_text(encoding="utf-8") for page in sorted(path.parent.parent.glob("*.html"))]
    drawings = {drawing for page in pages for drawing in DRAWING.findall(page)}
    inner = next((drawing for drawing in drawings if drawing in picture), None)
    if inner is None:
        return ["a drawing that is on no page"]
    words = " ".join(text for _, text in PICTURE_TEXT.findall(picture.replace(inner, "")))
    captions = re.sub(r"<[^>]*>", " ", " ".join(caption for page in pages for caption in CAPTION.findall(page)))
    told = prose | find_numbers(captions)
    return list(find_loose_words(words, told))


def _inspect_sitemap(site: Published, path: Path) -> list[str]:
    """Every address is that of a page of the site, and there is nothing else."""
    base = (read_package(site.folder) or {}).get("homepage", "")
    pages = [page.relative_to(site.folder).as_posix() for page in site.folder.rglob("*.html")]
    places = {re.sub("(^|/)index[.]html$", r"\1", page) for page in pages}
    listed = ADDRESS.findall(text := path.read_text(encoding="utf-8"))
    found = (
        [] if base and all(address.removeprefix(base) in places for address in listed) else ["an address of no page"]
    )
    return [*found, *(["words beside the addresses"] if TAGS.sub("", ADDRESS.sub("", text)).strip() else [])]


def _inspect_views(site: Published, path: Path) -> list[str]:
    """Every rate that Explore can show is the published row that it names, no finer than it is there."""
    found = VIEWS.search(path.read_text(encoding="utf-8"))
    if not found:
        return []
    estimates = site.tables["estimates"]
    weaknesses = []
    for keys, (row, counted, printed, detail, _mark, *drawn) in _list_leaves(json.loads(found[1])):
        cells = estimates[row - 1] if 0 < row <= len(estimates) else {}
        measure, _period, basis, kind, group = keys
        named = (measure, basis, kind, group)
        if tuple(cells.get(key) for key in ("measure", "ethnicity_basis", "search_type", "ethnic_group")) != named:
            weaknesses.append(f"view of {' '.join(named)}: another row")
            continue
        true = {number_of(text) for text in cells.values()} - {None}
        texts = " ".join((counted, printed, detail))
        if not all(_rounds_to(text, true) for text in find_numbers(texts)):
            weaknesses.append(f"view of {' '.join(named)}: {NOT_PUBLISHED}")
        if not all(value is None or _is_shortened(value, true) for value in drawn[:3]):
            weaknesses.append(f"view of {' '.join(named)}: a place in the chart that is not published")
    return weaknesses


def _list_leaves(views: dict[str, Any]) -> list[tuple[tuple[str, ...], list[Any]]]:
    leaves: list[tuple[tuple[str, ...], list[Any]]] = []

    def walk(place: dict[str, Any] | list[Any], keys: tuple[str, ...]) -> None:
        if isinstance(place, dict):
            for key, below in place.items():
                walk(below, (*keys, key))
        else:
            leaves.append((keys, place))

    walk(views, ())
    return leaves


def _rounds_to(text: str, true: set[float | None]) -> bool:
    shown = number_of(text)
    half = half_step(text)
    return shown is not None and any(abs(shown - value) <= half for value in true if value is not None)


def _is_shortened(value: float, true: set[float | None]) -> bool:
    return any(value == float(f"{one:.4g}") for one in true if one is not None)
