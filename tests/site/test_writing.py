"""The site: whole or not at all, the same bytes everywhere, closed to the outside, every link alive."""

import errno
import hashlib
import json
import posixpath
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from disparity.cli import main as cli
from disparity.pipeline.build import build
from disparity.project.extract_mapping import TEXT_COLUMNS
from disparity.project.settings import make_settings
from disparity.records.audit.labels import CODED_COLUMNS
from disparity.site import folder, writing
from disparity.site.folder import lock_site
from disparity.site.page import Page
from disparity.site.pages import data_quality
from disparity.site.pages import downloads as downloads_page
from disparity.site.pages.listing import PAGES, ForcePage
from disparity.site.templates import POLICY
from disparity.site.writing import Site, write_site
from disparity.tables.schema.tables import TABLES
from disparity.vocabulary.codes import codes_by_column
from disparity.vocabulary.errors import RequestError
from support import example
from support.builders import monthly_text, write_monthly
from support.processor import shared

SCRIPT, FORMULA, ESCAPE = "<script>alert(1)</script>", "=cmd()|'/C calc'!A0", "\x1b[31mred\x1b[0m"
NAME = '"><img src=x onerror=alert(1)>'
# Every column of an extract that may hold words.
EXTRACT_COLUMNS = ("searched_at", *codes_by_column(), *TEXT_COLUMNS)
HOSTILE = (
    SCRIPT,
    FORMULA,
    ESCAPE,
    NAME,
    "</script><script>",
    "<!--<script>",
    "]]>&",
    "@SUM(1)",
    "+1",
    "-1+1",
    "\u202efdp",
)
HOSTILE += (
    "\u2028x",
    "\x1b]8;;http://e\x07",
    "[red]",
    "{{ 7*7 }}",
    "{% raw %}",
    "${7*7}",
    "../../etc",
    "N",
    "S",
    "\ttab",
)
LOADS = (
    "src",
    "srcset",
    "data",
    "poster",
    "action",
    "formaction",
    "background",
    "ping",
    "{http://www.w3.org/1999/xlink}href",
)
CELLS = {
    "string": r"(?s).*",
    "integer": r"-?\d*",
    "number": r"(-?\d+(\.\d+)?(e[+-]?\d+)?)?",
    "date": r"(\d{4}-(0[1-9]|1[0-2])-01)?",  # keys are never empty: test_datapackage.py
    "boolean": r"(true|false)?",
}


def pages() -> list[tuple[str, html.HtmlElement]]:
    """The example's pages: none is left out."""
    found = list(example.pages().items())
    edition, of_force = example.edition(), [page for page in PAGES if isinstance(page, ForcePage)]
    shown = [force for force in edition.forces for page in of_force if page.has_content(edition, force)]
    assert len(found) == len(shown) + len(PAGES) - len(of_force) + 1
    return found


def write(out: Path, *wanted: Page) -> Site:
    """Write the example's data and a few pages."""
    edition = example.edition()
    settings = edition.settings.model_copy(update={"out": out})
    edition = type(edition)(settings, edition.tables, edition.forces, edition.findings, edition.evidence)
    with lock_site(out):
        return write_site(edition, list(wanted), example.frames())


def downloads(path: str = "downloads.html") -> Page:
    return replace(downloads_page.build_page(example.edition()), path=path)


def _fill(text: str) -> str:
    """A value in each of the other columns, in quotes."""
    return "".join(',"{}"'.format(text.replace('"', '""')) for _ in EXTRACT_COLUMNS[1:])


@shared
def hostile() -> Path:
    """A site of records whose labels and force name try to get out of their place."""
    folder = example.scratch() / "hostile"
    rows = [{"legislation": label} for label in (SCRIPT, FORMULA, ESCAPE)] + [{}] * 60
    write_monthly(folder / "records", monthly_text(rows))
    columns = {column: column for column in EXTRACT_COLUMNS}
    lines = [",".join(columns)] + [f"{day:02}/04/2019 10:00{_fill(text)}" for day, text in enumerate(HOSTILE, 1)]
    # More than one in a thousand that no mapping knows would stop the build: the others say where, and what led there.
    said = {"searched_at": "01/04/2019 10:00", "subject": "Person search", "search_origin": "N"}
    for area in ("N", "S"):
        line = ",".join((said | {"area": area}).get(column, "") for column in columns)
        lines += [line] * (501 * len(HOSTILE))
    (folder / "extract.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    extract = {"file": folder / "extract.csv", "force": "mereside", "columns": columns, "date_format": "%d/%m/%Y %H:%M"}
    extract |= {"values": {"area": {"N": SCRIPT, "S": FORMULA}, "search_origin": {"N": "intelligence"}}}
    settings = {"records": [folder / "records"], "from": "2019-04", "to": "2019-04", "out": folder / "site"}
    stated = {"force": "fellshire", "name": NAME, "from": "2019-04", "search_types": ["offensive_weapons"]}
    settings |= {"extracts": [extract], "allow_partial": True, "priorities": [stated | {"source": SCRIPT}]}
    read = [folder / "extract.csv", *(folder / "records").rglob("*.csv")]
    hashes = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in read)
    (folder / "published.sha256").write_text(hashes, encoding="utf-8")
    settings |= {"disclosure": {"published": folder / "published.sha256"}}
    texts = {
        "title": SCRIPT,
        "publisher": NAME,
        "edition": NAME,
        "contact": SCRIPT,
        "names": {"fellshire": NAME, "mereside": SCRIPT},
    }
    return build(make_settings(settings | texts, where="a test")).folder


@pytest.mark.slow
def test_a_failure_in_the_middle_leaves_the_old_site_as_it_was(tmp_path):
    write(tmp_path / "site", downloads())
    before = example.read_files(tmp_path)
    with pytest.raises(RequestError, match="cannot be filled"):
        write(tmp_path / "site", downloads(), Page("no_such_template.html", "Late", path="late.html"))
    assert example.read_files(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.slow
def test_a_failure_of_the_swap_itself_puts_the_old_site_back(tmp_path, monkeypatch):
    write(tmp_path / "site", downloads())
    before = example.read_files(tmp_path)
    rename = Path.rename

    def fail_on_new(self: Path, target: Path) -> Path:
        if (self / "method.html").exists():
            raise PermissionError(13, "the folder is open elsewhere")
        return rename(self, target)

    monkeypatch.setattr(folder, "_exchange", lambda *_: False)  # as on a system that cannot
    monkeypatch.setattr(Path, "rename", fail_on_new)
    with pytest.raises(RequestError, match="the site cannot be written"):
        write(tmp_path / "site", downloads("method.html"))
    assert example.read_files(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.slow
def test_a_new_site_takes_the_place_of_the_old_one_whole(tmp_path):
    write(tmp_path / "site", downloads("old.html"))
    assert write(tmp_path / "site", downloads()) == Site(tmp_path / "site", 1)
    assert [path.name for path in (tmp_path / "site").glob("*.html")] == ["downloads.html"]
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.slow
def test_a_second_build_into_the_same_folder_is_refused_while_the_first_runs(tmp_path):
    with lock_site(tmp_path / "site"):
        with pytest.raises(RequestError, match="another build is writing this site"):
            write(tmp_path / "site", downloads())
        write(tmp_path / "other", downloads())
    write(tmp_path / "site", downloads())


@pytest.mark.slow
def test_a_full_disk_leaves_the_old_site_as_it_was(tmp_path, monkeypatch):
    write(tmp_path / "site", downloads())
    before = example.read_files(tmp_path)
    write_bytes, written = Path.write_bytes, []

    def run_out_of_space(self: Path, *given, **named):
        written.append(self)
        if len(written) > 5:
            raise OSError(errno.ENOSPC, "No space left on device", str(self))
        return write_bytes(self, *given, **named)

    monkeypatch.setattr(Path, "write_bytes", run_out_of_space)
    with pytest.raises(RequestError) as error:
        write(tmp_path / "site", downloads())
    assert str(error.value) == (
        "the site cannot be written\n"
        f"  where:    {tmp_path / 'site'}\n"
        "  found:    No space left on device\n"
        "  what now: make room, or see who may write there; the site that was there is as it was"
    )
    assert example.read_files(tmp_path) == before


@pytest.mark.slow
def test_an_interrupt_leaves_the_old_site_as_it_was(tmp_path, monkeypatch):
    write(tmp_path / "site", downloads())
    before = example.read_files(tmp_path)

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, "_write_pages", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "site", downloads())
    assert example.read_files(tmp_path) == before


@pytest.mark.slow
def test_an_empty_folder_and_a_folder_that_is_not_there_are_accepted(tmp_path):
    (tmp_path / "empty").mkdir()
    for out in (tmp_path / "empty", tmp_path / "not" / "there"):
        write(out, downloads())
        assert (out / "downloads.html").is_file()


@pytest.mark.parametrize("held", ["notes.txt", "index.html", "data/estimates.csv", ".ssh/config"])
def test_a_folder_that_is_no_site_is_refused_and_kept(tmp_path, held):
    path = tmp_path / "out" / held
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    with pytest.raises(RequestError, match="the output folder holds something else"):
        write(tmp_path / "out", downloads())
    assert example.read_files(tmp_path) == {f"out/{held}": b"mine"}


def test_a_folder_with_a_data_package_of_someone_else_is_refused_and_kept(tmp_path):
    (tmp_path / "out" / "data").mkdir(parents=True)
    (tmp_path / "out" / "data" / "datapackage.json").write_text('{"name": "bird-counts", "resources": []}')
    (tmp_path / "out" / "years-of-work.txt").write_text("mine")
    with pytest.raises(RequestError, match="the output folder holds something else"):
        write(tmp_path / "out", downloads())
    assert (tmp_path / "out" / "years-of-work.txt").read_text() == "mine"


def test_a_file_in_the_place_of_the_folder_is_refused_and_kept(tmp_path):
    (tmp_path / "site").write_text("mine")
    with pytest.raises(RequestError, match="the output folder holds something else"):
        write(tmp_path / "site", downloads())
    assert (tmp_path / "site").read_text() == "mine"


@pytest.mark.slow
def test_two_machines_that_agree_on_nothing_but_the_records_write_the_same_bytes():
    east, west = (example.read_files(folder) for folder in (example.site(), example.other_site()))
    assert sorted(east) == sorted(west)
    assert [name for name in east if east[name] != west[name]] == []
    assert len(east) > 25


def test_no_path_of_the_machine_that_built_it_is_in_the_site():
    known = [str(example.scratch()), str(example.ROOT), str(Path.home())]
    told = [
        name
        for name, content in example.read_files(example.site()).items()
        for path in known
        if path.encode() in content
    ]
    assert told == []


def test_everyone_may_read_the_site():
    modes = {path.stat().st_mode & 0o777 for path in [example.site(), *example.site().rglob("*")] if path.is_dir()}
    assert all(mode & 0o555 == 0o555 for mode in modes)


def test_every_page_has_a_language_a_title_of_its_own_one_heading_and_the_policy():
    for name, page in pages():
        assert page.get("lang") == "en-GB", name
        assert len(page.xpath("//h1")) == 1, name
        assert page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content") == [POLICY], name
        assert page.xpath("//meta[@charset]/@charset") == ["utf-8"], name
    titles = [page.findtext(".//title") for _, page in pages()]
    assert len({title for title in titles if title}) == len(titles)


def test_the_policy_stands_before_anything_that_loads():
    for name, page in pages():
        first = page.xpath("//meta[@http-equiv] | //link | //script | //img")[0]
        assert first.tag == "meta", name


def test_the_policy_allows_no_inline_script_or_style_and_no_other_host():
    rules = dict(rule.strip().split(" ", 1) for rule in POLICY.split(";"))
    assert rules["default-src"] == rules["connect-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert not re.search(r"unsafe|\*|https?:", POLICY)


def assert_closed(name: str, page: html.HtmlElement) -> None:
    """Nothing on the page runs, styles or loads but the site's own files."""
    for script in page.iter("script"):
        if script.get("type") in {"application/json", "application/ld+json"}:
            json.loads(script.text)
        else:
            assert script.get("src"), name
            assert not script.text, name
    attributes = [(key, value) for node in page.iter(html.etree.Element) for key, value in node.attrib.items()]
    assert not [key for key, _ in attributes if key.startswith("on") or key == "style"], name
    assert not page.xpath("//style | //iframe | //object | //embed | //base | //form | //img"), name
    loaded = [value for key, value in attributes if key in LOADS] + page.xpath(
        "//link/@href | //use/@href | //image/@href"
    )
    assert loaded
    assert not [address for address in loaded if "//" in address or ":" in address], name
    assert not page.xpath("//meta[@http-equiv and @http-equiv != 'Content-Security-Policy']"), name


def test_no_page_has_an_inline_script_or_style_or_loads_from_another_host():
    for name, page in pages():
        assert_closed(name, page)


def test_a_link_out_of_the_site_is_for_the_reader_to_follow_only():
    out = {address for _, page in pages() for address in page.xpath("//a/@href") if urlsplit(address).scheme}
    assert out == set()  # invented records are under nobody's licence


@pytest.mark.slow
def test_a_site_of_real_records_names_their_licence():
    licence = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
    for path in hostile().glob("*.html"):
        page = html.parse(path).getroot()
        assert {address for address in page.xpath("//a/@href") if urlsplit(address).scheme} == {licence}


@pytest.mark.slow
def test_invented_records_are_said_to_be_so_on_every_page():
    for name, page in pages():
        assert "Invented records." in page.text_content(), name
    assert "Invented records" not in (hostile() / "index.html").read_text(encoding="utf-8")


def test_the_style_sheet_and_the_page_script_name_no_other_host():
    for name in ("style.css", "site.js"):
        text = (example.site() / "static" / name).read_text(encoding="utf-8")
        assert not re.search(
            r"https?:(?!//www\.w3\.org/)|@import|url\(\s*['\"]?(?!#|data:)|\beval\(|innerHTML", text
        ), name


def test_every_internal_link_leads_to_a_file_of_the_site_and_every_anchor_to_an_element():
    root = example.site().resolve()
    followed = set()
    for name, page in pages():
        for address in page.xpath("//@href | //@src"):
            if urlsplit(address).scheme:
                continue
            path, _, anchor = unquote(address).partition("#")
            target = (root / name).parent.joinpath(path).resolve() if path else (root / name).resolve()
            assert target.is_file(), f"{name}: {address}"
            inside = target.relative_to(root).as_posix()
            followed.add(inside)
            assert not anchor or example.pages()[inside].xpath("//*[@id=$id]", id=anchor), f"{name}: {address}"
    assert {name for name in example.read_files(root) if not name.startswith("static/")} <= followed


def test_ids_are_unique_in_a_page_and_every_label_it_refers_to_is_there():
    for name, page in pages():
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), name
        wanted = " ".join(page.xpath("//@aria-labelledby | //@aria-describedby | //@aria-controls | //@for")).split()
        assert wanted or name == "glossary.html", name
        assert set(wanted) <= set(ids), name


def test_every_page_marks_its_own_place_once_and_one_behind_data_and_method_that_of_the_hub_too():
    behind = {page.address for page in PAGES if page.is_behind}
    for name, page in pages():
        folder, _, address = name.rpartition("/")
        (here,) = page.xpath("//nav//a[@aria-current='page']/@href")
        assert posixpath.normpath(posixpath.join(folder, here)) == name
        hubs = page.xpath("//nav[@aria-label='Pages']//a[@aria-current='true']/@href")
        hub = [f"{folder}/data.html"] if folder and address in behind else []
        assert [posixpath.normpath(posixpath.join(folder, each)) for each in hubs] == hub, name


def test_the_data_package_describes_every_table_with_exactly_its_columns():
    data = example.site() / "data"
    package = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    assert sorted(resource["path"] for resource in package["resources"]) == sorted(
        # The script that a page compares forces with holds what the tables do.
        path.name
        for path in data.iterdir()
        if path.name not in {"datapackage.json", "compare.js"}
    )
    for resource in [each for each in package["resources"] if "schema" in each]:
        header = (data / resource["path"]).read_text(encoding="utf-8").splitlines()[0].split(",")
        assert header == [field["name"] for field in resource["schema"]["fields"]], resource["name"]
        assert all(field["description"] for field in resource["schema"]["fields"]), resource["name"]


def test_every_cell_is_of_the_type_that_the_data_package_says():
    package = json.loads((example.site() / "data" / "datapackage.json").read_text(encoding="utf-8"))
    for resource in [each for each in package["resources"] if "schema" in each]:
        types = {field["name"]: re.compile(CELLS[field["type"]]) for field in resource["schema"]["fields"]}
        for row in example.read_table(example.site(), resource["name"]):
            wrong = [(name, cell) for name, cell in row.items() if not types[name].fullmatch(cell)]
            assert not wrong, resource["name"]


def test_every_finding_names_a_row_and_column_that_are_there():
    findings = json.loads((example.site() / "data" / "findings.json").read_text(encoding="utf-8"))
    tables = {table.name: example.read_table(example.site(), table.name) for table in TABLES}
    pieces = [piece for finding in findings for piece in finding["evidence"]]
    assert len(pieces) > 50
    for piece in pieces:
        assert tables[piece["table"].removesuffix(".csv")][piece["row"] - 1][piece["column"]] != "", piece
    assert {finding["force"] for finding in findings} == {"fellshire", "mereside", "thornmoor", "westwold"}


def test_the_findings_of_a_force_stand_on_a_page_of_its_folder():
    for finding in json.loads((example.site() / "data" / "findings.json").read_text(encoding="utf-8")):
        page, _, anchor = finding["page"].partition("#")
        found = example.pages()[f"{finding['force']}/{page}"]
        assert not anchor or found.xpath("//*[@id=$id]", id=anchor), finding["page"]


def test_every_file_is_utf_8_a_table_with_the_line_ends_of_csv_and_the_rest_with_plain_ones():
    for name, content in example.read_files(example.site()).items():
        if name.endswith((".png", ".ods")):
            continue
        content.decode("utf-8")
        ends = content.count(b"\r\n") if name.endswith(".csv") else 0  # RFC 4180
        assert content.count(b"\r") == ends, name
        assert content.count(b"\n") == ends or not name.endswith(".csv"), name
        assert not content.startswith(b"\xef\xbb\xbf"), name


@pytest.mark.slow
def test_hostile_labels_and_names_stay_text_on_every_page():
    read = example.read_pages(hostile())
    assert {"fellshire/why.html", "mereside/searches.html", "method.html"} <= set(read)
    for name, page in read.items():
        assert_closed(name, page)
    quality = read["fellshire/data-quality.html"].text_content()
    assert all(text in quality for text in (SCRIPT, FORMULA, NAME))
    quality = read["mereside/data-quality.html"].text_content()
    assert all(text in quality for text in HOSTILE if text.isprintable())


def test_every_column_with_labels_has_a_name_on_the_quality_page():
    assert set(data_quality.COLUMN_NAMES) == set(CODED_COLUMNS)


def test_hostile_texts_open_no_element_in_a_drawing_and_no_template():
    for name, page in example.read_pages(hostile()).items():
        for drawing in page.iter("svg"):
            assert not {element.tag for element in drawing.iter()} & {"script", "img", "foreignobject", "a"}, name
        assert not [text for text in page.itertext() if text.strip() == "49"], name


def test_hostile_texts_leave_every_json_file_readable():
    for path in hostile().rglob("*.json"):
        json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_an_extract_of_hostile_texts_reaches_a_terminal_without_its_control_characters(capsys, monkeypatch):
    folder = hostile().parent
    monkeypatch.setattr("sys.argv", ["disparity", "map", str(folder / "extract.csv")])
    with pytest.raises(SystemExit):
        cli.main()
    printed = capsys.readouterr()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", printed.out + printed.err)
    assert "=cmd()" in printed.out


def test_no_control_character_reaches_a_file_of_the_site():
    for name, content in example.read_files(hostile()).items():
        assert name.endswith((".png", ".ods")) or not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", content), name


def test_a_label_that_a_spreadsheet_would_run_has_an_apostrophe_in_front():
    labels = {
        row["label"]: row
        for row in example.read_table(hostile(), "labels")
        if (row["force"], row["column"]) == ("fellshire", "legislation")
    }
    assert f"'{FORMULA}" in labels
    assert FORMULA not in labels
    assert labels[SCRIPT]["is_known"] == "false"
    cells = [cell for table in TABLES for row in example.read_table(hostile(), table.name) for cell in row.values()]
    assert not [cell for cell in cells if re.match(r"[=+@\t\r]|-[^\d]", cell)]
