"""What a page says of itself to those who link to it: search engines, feeds, cards of social media."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import jinja2

from disparity.project.chart_kinds import PNG
from disparity.project.settings import Settings
from disparity.site.page import Edition, Page
from disparity.site.published_figures import plain

SITEMAP_FILE = "sitemap.xml"
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
SUBJECT = "Stop and search"
HEAD_END = "</head>"
MOST_LETTERS = 300  # of a description: whoever shows it cuts it after fewer
PARAGRAPH = re.compile(r"<h1\b.*?<p\b[^>]*>(.*?)</p>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?=[A-Z])")


@dataclass(frozen=True)
class Head:
    """A page's own first sentence, its address, and a picture of its first chart; nothing for what is not known."""

    title: str
    description: str
    address: str = ""
    image: str = ""
    image_text: str = ""


def add_head(environment: jinja2.Environment, edition: Edition, page: Page, text: str) -> str:
    """Put what a page says of itself at the end of its head."""
    head = environment.get_template("head.html").render(
        head=describe_page(edition, page, text), settings=edition.settings
    )
    return text.replace(HEAD_END, f"{head}\n{HEAD_END}", 1)


def describe_page(edition: Edition, page: Page, text: str) -> Head:
    """Say what a page is, of its text: a picture only where pictures that cards can show are made."""
    address = find_address(edition.settings, page)
    chart = page.charts[0] if page.charts else None
    title = name_page(edition, page)
    description = find_first_sentence(text) or f"{title}."
    # Cards show no SVG.
    if chart is None or not address or PNG not in edition.settings.charts:
        return Head(title, description, address)
    folder = f"{edition.settings.base_url}{page.path.rpartition('/')[0]}".rstrip("/")
    return Head(title, description, address, f"{folder}/charts/{chart.name}.png", plain(chart.headline))


def name_page(edition: Edition, page: Page) -> str:
    """Name a page among the pages of others: what it is, whose, and of what."""
    force = page.force or (edition.forces[0] if len(edition.forces) == 1 else "")
    name = edition.name_of(force) if force else ""
    parts = [page.title, name if name not in page.title else ""]
    said = ", ".join(part for part in parts if part)
    return said if SUBJECT.casefold() in said.casefold() else f"{said} – {SUBJECT}"


def find_address(settings: Settings, page: Page) -> str:
    """Give the whole address of a page; a folder's first page is the folder. Nothing where the site's is not known."""
    folder, _, name = page.path.rpartition("/")
    place = f"{folder}/" if folder else ""
    return f"{settings.base_url}{place}{'' if name == 'index.html' else name}" if settings.base_url else ""


def find_first_sentence(text: str) -> str:
    """Find the first sentence of the first paragraph below a page's heading.

    >>> find_first_sentence('<h1>Finds</h1><p class="lead">One in <data>5</data> is found. More.</p>')
    'One in 5 is found.'
    """
    found = PARAGRAPH.search(text)
    words = " ".join(unescape(TAG.sub("", found[1])).split()) if found else ""
    sentence = SENTENCE_END.split(words, maxsplit=1)[0]
    return sentence if len(sentence) <= MOST_LETTERS else f"{sentence[:MOST_LETTERS].rsplit(' ', 1)[0]} …"


def write_sitemap(folder: Path, settings: Settings, pages: Iterable[Page]) -> None:
    """List the pages for search engines: of what is published, where its address is known."""
    if not settings.base_url or not settings.is_final or settings.is_internal:
        return
    listed = ET.Element("urlset", {"xmlns": SITEMAPS})
    for page in pages:
        ET.SubElement(ET.SubElement(listed, "url"), "loc").text = find_address(settings, page)
    ET.indent(listed)
    text = ET.tostring(listed, encoding="unicode")
    (folder / SITEMAP_FILE).write_bytes(f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode())
