"""Whether the other files of a site (chart files, feed, list of editions) show nothing more."""

import csv
import re
from pathlib import Path

from disparity.site.intruder.numbers import find_numbers, number_of
from disparity.site.intruder.published import Published
from disparity.site.intruder.weakness import Weakness
from disparity.site.intruder.words import find_loose_words, read_past_words
from disparity.site.metadata import SITEMAP_FILE
from disparity.site.rendering.picture import paint
from disparity.site.rendering.specification_file import split_specs
from disparity.site.rendering.svg import SPEC, draw_spec
from disparity.tables.previous_edition import read_package

ADDRESS, TAGS = re.compile(r"<loc>([^<]*)</loc>"), re.compile(r"<[^>]*>")
DRAWING = re.compile(r'<svg class="marks wide"[^>]*>(.*?)</svg>', re.DOTALL)
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
    return weaknesses


def _inspect_chart_file(site: Published, path: Path, prose: set[str]) -> list[str]:
    """Hold a picture to the one of its page, the pixels to the picture, and rows to the published table."""
    if path.suffix == ".svg":
        return _inspect_picture(path, prose)
    if path.suffix == ".png":
        drawn = path.with_suffix(".svg")
        is_drawn = drawn.is_file() and paint(drawn.read_text(encoding="utf-8")) == path.read_bytes()
        return [] if is_drawn else ["pixels other than those of the picture"]
    if path.name.endswith(SPEC):  # what it holds is held to the figures where its page is looked at
        name = path.name.removesuffix(SPEC)
        is_shown = any(f'id="fig-{name}"' in page for page in _read_pages(path))
        return [] if is_shown else ["what no chart of the pages is drawn from"]
    if path.suffix == ".csv":
        table = path.stem.rpartition("-")[2]
        rows = {tuple(row.items()) for row in site.tables.get(table, [])}
        with path.open(encoding="utf-8", newline="") as file:
            is_published = all(tuple(row.items()) in rows for row in csv.DictReader(file))
        return [] if is_published else ["a row that is not in the published table"]
    return ["a kind of file that no rule is known for"]


def _inspect_picture(path: Path, prose: set[str]) -> list[str]:
    """The drawing is one of the pages beside it, which are held to the published figures; the words around it too.

    Where a page has the narrow drawing alone, it is what its specification gives, which is held to the figures there.
    """
    picture = path.read_text(encoding="utf-8")
    pages = _read_pages(path)
    drawings = [drawing for page in pages for drawing in DRAWING.findall(page)]
    if not any(drawing in picture for drawing in drawings):
        spec = path.with_suffix(SPEC)
        if spec.is_file() and any(f'id="fig-{path.stem}"' in page for page in pages):
            wide, _ = split_specs(spec.read_text(encoding="utf-8"))
            drawings = DRAWING.findall(draw_spec(wide, name=path.stem, kind="wide"))
    inner = next((drawing for drawing in drawings if drawing in picture), None)
    if inner is None:
        return ["a drawing that is on no page"]
    words = " ".join(text for _, text in PICTURE_TEXT.findall(picture.replace(inner, "")))
    captions = re.sub(r"<[^>]*>", " ", " ".join(caption for page in pages for caption in CAPTION.findall(page)))
    told = prose | find_numbers(captions)
    return list(find_loose_words(words, told))


def _read_pages(path: Path) -> list[str]:
    """The pages beside a folder of charts."""
    return [page.read_text(encoding="utf-8") for page in sorted(path.parent.parent.glob("*.html"))]


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
