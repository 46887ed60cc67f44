"""Whether the pages, their charts and the other texts of a site print published figures alone."""

import json
import math
import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

from disparity.analysis.measures.entries import SEARCH_RATE
from disparity.site.intruder.charts import inspect_chart
from disparity.site.intruder.files import find_file_weaknesses
from disparity.site.intruder.numbers import find_numbers, half_step, list_published, number_of
from disparity.site.intruder.order import find_disorder
from disparity.site.intruder.published import Published
from disparity.site.intruder.weakness import Weakness
from disparity.site.intruder.words import find_loose_words, read_prose

CHART = re.compile(r'<figure class="chart" id="fig-(?P<name>[\w-]+)">(?P<inside>.*?)</figure>', re.DOTALL)
PICTURE = re.compile(r"<svg .*?</svg>", re.DOTALL)
# Attributes that say how an element looks or where it leads; the numbers of all others are read as text is.
TECHNICAL = {
    *("id", "class", "href", "src", "rel", "lang", "charset", "name", "tabindex", "scope", "for", "data-at", "type"),
    *("aria-labelledby", "aria-describedby", "aria-controls", "headers", "http-equiv", "content", "value", "style"),
    *("width", "height", "viewbox", "colspan", "rowspan", "datetime", "role", "defer", "media"),
}
# Tables of comparisons, and columns of them that are in the unit of what is compared.
COMPARED = ("comparisons", "sensitivity")
RANGES = ("range_lower", "range_upper", "smallest_difference")
SAME = 1e-9  # of a number: the last of its ten figures
# Elements whose numbers are looked at elsewhere (charts), or are of the toolkit and the publisher, not of records.
ELSEWHERE = {"svg", "script", "style", "code"}
# What a page says of itself in its head.
SAID_OF_PAGE = {"description", "og:title", "og:description", "og:site_name", "og:image:alt"}
OURS = {"version", "publication", "edition", "stated"}
KNOWN_FILES = re.compile(
    r".*\.(html|csv|css|js|ods)|static/[\w-]+\.svg|static/logo\.png|([\w-]+/)?charts/[\w-]+\.(svg|png|vl\.json)"
    r"|(feed|sitemap)\.xml|manifest\.sha256|data/(findings|datapackage|editions)\.json"
)


def find_page_weaknesses(site: Published, templates: Iterable[Path]) -> list[Weakness]:
    """Look at every page and every other file of a site that could hold a number."""
    published = list_published(site)
    prose = read_prose(site, templates)
    weaknesses = find_file_weaknesses(site, prose, published)
    for path in site.list_files():
        name = path.relative_to(site.folder).as_posix()
        if path.suffix == ".html":
            weaknesses += _inspect_page(site, name, published, prose)
        elif name == "data/findings.json":
            weaknesses += _inspect_findings(site, name, prose)
        elif path.is_file() and not (KNOWN_FILES.fullmatch(name)):
            weaknesses.append(Weakness(name, "a kind of file that no rule is known for"))
    return weaknesses


def _inspect_page(site: Published, name: str, published: set[float], prose: set[str]) -> list[Weakness]:
    text = (site.folder / name).read_text(encoding="utf-8")
    page = _Page(site)
    page.feed(text)
    allowed = prose | page.printed | {f"{number:,}" for number in page.rows}
    found = [*page.found, *find_disorder(site, page.tables)]
    found += [f"{where}: {loose}" for where, words in page.texts for loose in find_loose_words(words, allowed)]
    home, drawn = (site.folder / name).parent / "charts", 0
    for match in CHART.finditer(text):
        pictures = PICTURE.findall(match["inside"])
        drawn += len(pictures)
        what = inspect_chart(site, home / match["name"], pictures, published, allowed)
        found += [f"chart {match['name']}: {one}" for one in what]
    if text.count("<svg") != drawn:
        found.append("a picture without the figures it was drawn from")
    return [Weakness(name, what) for what in dict.fromkeys(found)]


def _inspect_findings(site: Published, name: str, prose: set[str]) -> list[Weakness]:
    """Every number of a sentence is one of its figures, and every figure is where it says."""
    weaknesses = []
    for number, finding in enumerate(json.loads((site.folder / name).read_text(encoding="utf-8")), start=1):
        printed = set()
        for piece in finding["evidence"]:
            printed |= find_numbers(piece["printed"])
            at = f"{piece['table'].removesuffix('.csv')}:{piece['row']}:{piece['column']}"
            if not is_figure(site, at, piece["printed"]):
                weaknesses.append(Weakness(name, f"sentence {number}: a figure that is not at {at}"))
        loose = find_loose_words(finding["sentence"], printed | prose)
        weaknesses += [Weakness(name, f"sentence {number}: {words}") for words in loose]
    return weaknesses


def is_figure(site: Published, at: str, text: str) -> bool:
    """Whether a text prints what is at table:row:column, in the decimals that are there."""
    table, row, column = at.split(":")
    try:
        cells = site.tables[table][int(row) - 1]
        cell = cells[column]
    except (KeyError, IndexError, ValueError):
        return False
    value, shown = number_of(cell), number_of(text)
    if value is None or shown is None:
        return False
    half = half_step(text)
    # Differences of shares are printed in percentage points, and their sign may be left to the words.
    return any(abs(abs(shown) - abs(value) * scale) <= half for scale in _scales(table, column, cells))


def _scales(table: str, column: str, cells: dict[str, str]) -> tuple[int, ...]:
    is_difference = column.startswith("difference")
    # One column has ranges of ratios of search rates, and of differences of shares.
    is_difference |= column in RANGES and cells["measure"] != SEARCH_RATE.name
    in_points = (table in COMPARED and is_difference) or column.startswith("rounding_error")
    return (1, 100) if in_points else (1,)


class _Page(HTMLParser):
    """Reads figures, other texts, text alternatives and tables."""

    def __init__(self, site: Published) -> None:
        super().__init__(convert_charrefs=True)
        self.site = site
        self.stack: list[tuple[str, dict[str, str]]] = []
        self.found: list[str] = []
        self.printed: set[str] = set()
        self.texts: list[tuple[str, str]] = []
        self.rows: set[int] = set()
        self.tables: list[list[list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        is_drawn = any(name in ELSEWHERE for name, _ in self.stack) or tag in ELSEWHERE
        if not is_drawn and not self._is_ours():
            self.texts += [(f"{tag} {name}", text) for name, text in given.items() if name not in TECHNICAL]
        if tag == "meta" and given.get("property", given.get("name")) in SAID_OF_PAGE:
            self.texts.append((f"meta {given.get('property', given.get('name'))}", given.get("content", "")))
        if tag == "data":
            self._check_value(given)
        if tag == "table":
            self.tables.append([])
        if tag == "tr" and self.tables:
            self.tables[-1].append([])
        if tag in ("th", "td") and self.tables and self.tables[-1]:
            self.tables[-1][-1].append("")
        if tag not in ("meta", "link", "br", "img", "input", "hr"):
            self.stack.append((tag, given))

    def _check_value(self, given: dict[str, str]) -> None:
        table, row, column = [*given.get("data-at", "").split(":"), "", "", ""][:3]
        rows = self.site.tables.get(table, [])
        cell = rows[int(row) - 1].get(column, "") if row.isdigit() and 0 < int(row) <= len(rows) else ""
        shown, told = number_of(cell), number_of(given.get("value", ""))
        # Published are ten figures: one month of twelve has more of them in a page.
        if shown is None or told is None or not math.isclose(shown, told, rel_tol=SAME):
            self.found.append(f"data {given.get('data-at', '')}: a value other than the published one")

    def _is_ours(self) -> bool:
        return any(OURS & set(given.get("class", "").split()) for _, given in self.stack)

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = [name for name, _ in self.stack]
        if not data.strip() or any(tag in ELSEWHERE for tag in tags):
            return
        if self.tables and self.tables[-1] and self.tables[-1][-1] and ({"th", "td"} & set(tags)):
            self.tables[-1][-1][-1] += data
        if self._is_ours():
            return
        if tags and tags[-1] == "data":
            at = self.stack[-1][1].get("data-at", "")
            if is_figure(self.site, at, data.strip()):
                self.printed |= find_numbers(data) | {data.strip()}
            else:
                self.found.append(f"data {at}: a figure other than the published one")
            return
        self.texts.append((tags[-1] if tags else "text", data))
