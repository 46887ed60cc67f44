"""The documentation as a site: all is on it, every link leads somewhere, and it asks no other host for anything."""

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

import disparity
from disparity.cli.commands import commands
from disparity.tables.schema.tables import TABLES
from release import documentation

ROOT = documentation.ROOT
INDEX = (ROOT / "release" / "site" / "index.md").read_text(encoding="utf-8")
KINDS = ("Tutorial", "How to", "Reference", "Explanation")
# Reached from the page that lists them.
BEHIND = ("docs/errors", "docs/decisions")
LOADED = "//link[@rel!='canonical'][@href] | //script[@src] | //img[@src] | //iframe[@src] | //source[@src]"


def read_navigation() -> dict[str, list[str]]:
    """The pages of each part of the navigation."""
    parts = re.findall(
        r"^```\{toctree\}\n:caption: \"([^\"]+)\"\n:maxdepth: 1\n\n(.*?)^```", INDEX, re.MULTILINE | re.DOTALL
    )
    return {caption: [re.sub(r".*<(.+)>$", r"\1", line) for line in lines.splitlines()] for caption, lines in parts}


def test_every_page_is_once_in_the_navigation_and_is_of_one_of_four_kinds():
    navigation = read_navigation()
    assert {caption.partition(":")[0] for caption in navigation} == {*KINDS}
    pages = {path.with_suffix("").as_posix() for path in documentation.list_pages() if path.suffix != ".png"}
    behind = {page for page in pages if page.startswith(BEHIND) and not page.endswith("/README")}
    made = {f"reference/{name}" for name in ("commands", "python-api", "statistics", "tables")}
    listed = Counter(page for pages in navigation.values() for page in pages)
    assert {page: times for page, times in listed.items() if times > 1} == {}
    assert {*listed} == (pages - behind) | made


def test_the_reference_has_every_column_of_every_table_and_every_public_name():
    tables = documentation.list_tables()
    for table in TABLES:
        section = tables.partition(f"\n## {table.name}\n")[2].partition("\n## ")[0]
        assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == [column.name for column in table.columns]
    named = {*re.findall(r"disparity\.(\w+)$", documentation.list_names(), re.MULTILINE)}
    assert named == {*disparity.__all__} - {"statistics"}


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("documentation")
    documentation.build(folder / "site", folder / "work")
    return folder / "site"


@pytest.mark.slow
def test_every_link_leads_to_a_page_and_a_place_on_it_and_nothing_is_loaded_from_elsewhere(site):
    pages = {path.relative_to(site).as_posix(): html.parse(path).getroot() for path in site.rglob("*.html")}
    assert len(pages) > 100
    places = {name: {*page.xpath("//@id | //a/@name")} for name, page in pages.items()}
    dead, outside = [], []
    for name, page in pages.items():
        for target in page.xpath("//a/@href"):
            parts = urlsplit(target)
            if parts.scheme or name in {"search.html", "genindex.html"}:
                continue
            path = (site / name).parent / unquote(parts.path) if parts.path else site / name
            there = path.resolve().relative_to(site).as_posix()
            if not path.is_file() or (parts.fragment and unquote(parts.fragment) not in places.get(there, ())):
                dead.append((name, target))
        outside += [
            (name, each.attrib) for each in page.xpath(LOADED) if "//" in str(each.get("src") or each.get("href"))
        ]
    assert dead == []
    assert outside == []
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert not re.search(r"@import|url\([\"']?(https?:)?//", styles)


@pytest.mark.slow
def test_the_site_has_every_command_and_every_error(site):
    told = html.parse(site / "reference" / "commands.html").getroot().text_content()
    assert [name for name in commands.commands if f"disparity {name}" not in told] == []
    errors = {path.stem for path in (ROOT / "docs" / "errors").glob("E*.md")}
    assert {path.stem for path in (site / "docs" / "errors").glob("E*.html")} == errors


@pytest.mark.slow
def test_it_is_the_same_bytes_built_in_another_folder(site, tmp_path):
    documentation.build(tmp_path / "again", tmp_path / "elsewhere" / "work")
    one, other = (
        {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        for root in (site, tmp_path / "again")
    )
    assert {*one} == {*other}
    assert [name for name in one if one[name] != other[name]] == []
    assert [name for name, content in one.items() if str(ROOT).encode() in content] == []


@pytest.mark.slow
@pytest.mark.parametrize("link", ["[x](nowhere.md)", "[x](index.md#no-such-heading)", "```{toctree}\nnowhere\n```"])
def test_a_dead_link_stops_it(tmp_path, link):
    source = tmp_path / "source"
    source.mkdir()
    shutil.copy(ROOT / "release" / "site" / "conf.py", source)
    (source / "index.md").write_text(f"# A page\n\nSome words.\n\n{link}\n", encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        documentation.generate(source, tmp_path / "site", tmp_path / "doctrees")
