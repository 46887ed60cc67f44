"""Whether a spreadsheet (ODS) hides anything: sheets, rows, comments, formulas, values other than those shown."""

import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

from disparity.site.intruder.numbers import half_step, list_published, number_of
from disparity.site.intruder.published import Published
from disparity.site.intruder.weakness import Weakness

PARTS = re.compile(r"mimetype|(content|styles|meta|settings)\.xml|META-INF/manifest\.xml|manifest\.rdf")
NUMERIC = {"float", "percentage", "currency"}


def find_spreadsheet_weaknesses(site: Published) -> list[Weakness]:
    """Look into every spreadsheet of a site."""
    published = list_published(site)
    return [
        weakness
        for path in site.list_files()
        if path.suffix == ".ods"
        for weakness in _inspect(path, path.relative_to(site.folder).as_posix(), published)
    ]


def _inspect(path: Path, name: str, published: set[float]) -> list[Weakness]:
    with zipfile.ZipFile(path) as archive:
        extra = [part for part in archive.namelist() if not PARTS.fullmatch(part) and not part.endswith("/")]
        reader = _Reader(published)
        reader.feed(archive.read("content.xml").decode("utf-8"))
    found = [f"{part}: a part that a table does not need" for part in extra]
    return [Weakness(name, what) for what in [*found, *reader.found]]


class _Reader(HTMLParser):
    """Reads the cells one by one."""

    def __init__(self, published: set[float]) -> None:
        super().__init__(convert_charrefs=True)
        self.published = published
        self.found: list[str] = []
        self.sheet = ""
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.value: str | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "style:style":
            self.style = given.get("style:name", "")
        if tag == "style:table-properties" and given.get("table:display") == "false":
            self.hidden_styles.add(self.style)
        if tag == "table:table":
            self.sheet = given.get("table:name", "")
            if given.get("table:style-name") in self.hidden_styles:
                self.found.append(f"sheet {self.sheet}: hidden")
        if given.get("table:visibility", "visible") != "visible":
            self.found.append(f"sheet {self.sheet}: a hidden row or column")
        if tag.startswith("office:annotation"):
            self.found.append(f"sheet {self.sheet}: a comment")
        if "table:formula" in given:
            self.found.append(f"sheet {self.sheet}: a formula")
        if tag in ("table:table-cell", "table:covered-table-cell"):
            is_number = given.get("office:value-type") in NUMERIC
            self.value, self.text = (given.get("office:value") if is_number else None), ""
            if not is_number and "office:value" in given:
                self.found.append(f"sheet {self.sheet}: a value behind a text")

    handle_startendtag = handle_starttag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("table:table-cell", "table:covered-table-cell") or self.value is None:
            return
        value, shown = number_of(self.value), number_of(self.text)
        if value is None or value not in self.published:
            self.found.append(f"sheet {self.sheet}: a value that is not in the published tables")
        elif shown is None or abs(shown - value) > half_step(self.text):
            self.found.append(f"sheet {self.sheet}: a value other than the one that is shown")
        self.value = None
