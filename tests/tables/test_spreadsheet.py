"""The spreadsheet: the Analysis Function's checklist, read off the file itself; no formula, nothing hidden."""

import io
import re
import zipfile
from datetime import date
from functools import cache
from typing import Any

import fastexcel
import polars as pl
import pytest
from lxml import etree

from disparity.project.settings import make_settings
from disparity.tables.schema.tables import TABLES
from disparity.tables.spreadsheet.document import Sheet, SheetColumn, text_cell, write_document
from disparity.tables.spreadsheet.sheets import SPREADSHEET_FILE, list_csv_only, write_spreadsheet
from support import example
from support.processor import shared

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = {
    **{part: f"{OFFICE}{part}:1.0" for part in ("office", "table", "text", "style", "meta")},
    "fo": f"{OFFICE}xsl-fo-compatible:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xlink": "http://www.w3.org/1999/xlink",
}
TAGS = (("table", "table-row"), ("table", "table-cell"), ("text", "p"))
ROW, CELL, LINE = (f"{{{SPACES[part]}}}{name}" for part, name in TAGS)
PARTS = ["mimetype", "META-INF/manifest.xml", "meta.xml", "styles.xml", "content.xml"]
# D3 of OWASP's sheet on CSV injection, and what XML and terminals trip over.
HOSTILE = ("=1+1", '=HYPERLINK("http://e")', "@SUM(1)", "\t=1", "+1", "-1+1", "]]>&<x>", "\x1b[31m", "a\nb", "  two  ")


def take(file: bytes, part: str) -> Any:
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        return etree.fromstring(parts.read(part), etree.XMLParser(huge_tree=True, resolve_entities=False))


@cache
def written() -> bytes:
    """That of all the example's forces in one."""
    return write_spreadsheet(example.settings(), example.frames())


@shared
def content() -> Any:
    return take(written(), "content.xml")


def find(path: str, tree: Any = None) -> Any:
    return (content() if tree is None else tree).xpath(path, namespaces=SPACES)


def rows_of(sheet: Any) -> list[list[str]]:
    """What each cell of a sheet shows."""
    return [[show(cell) for cell in row.iterchildren(CELL)] for row in sheet.iter(ROW)]


def show(cell: Any) -> str:
    return "\n".join("".join(line.itertext()) for line in cell.iterchildren(LINE))


@shared
def cells_of(name: str) -> list[list[str]]:
    """What each cell of a sheet of the example shows."""
    return rows_of(sheets()[name])


@shared
def sheets() -> dict[str, Any]:
    return {sheet.get(f"{{{SPACES['table']}}}name"): sheet for sheet in find("//table:table")}


def test_the_parts_are_those_of_the_format_in_order_and_of_no_time() -> None:
    """OpenDocument 1.3, part 2, 3.3: mimetype comes first, unpacked."""
    with zipfile.ZipFile(io.BytesIO(written())) as parts:
        assert parts.namelist() == PARTS
        assert parts.infolist()[0].compress_type == zipfile.ZIP_STORED
        assert {member.date_time for member in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert parts.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"
    assert written()[38:84] == b"application/vnd.oasis.opendocument.spreadsheet"


@pytest.mark.slow
def test_another_program_reads_every_sheet() -> None:
    read = fastexcel.read_excel(written())
    assert read.sheet_names == list(sheets())
    estimates = read.load_sheet("Estimates", header_row=2).to_polars()
    table = example.read_table(example.site(), "estimates")
    assert estimates.height == len(table)
    (value,) = [name for name in estimates.columns if name.startswith("Value (")]
    theirs = [float(cell) for cell in estimates[value].cast(pl.String) if cell not in {"[x]", "[c]"}]
    assert theirs == pytest.approx([float(row["value"]) for row in table if row["value"]])


def test_cover_contents_notes_and_columns_come_first() -> None:
    assert list(sheets())[:5] == ["Cover", "Contents", "Notes", "Columns", "Estimates"]
    cover = [row[0] for row in cells_of("Cover")]
    assert cover[0] == example.settings().title
    assert {"Publisher: disparity", "Edition: Example edition", "Published: 18 June 2025"} <= set(cover)
    assert "Invented records: no figure here describes a real force or a real search." in cover


@pytest.mark.slow
def test_every_sheet_has_its_title_in_the_first_cell_and_one_table_that_ends_it() -> None:
    for name, sheet in sheets().items():
        rows = cells_of(name)
        assert rows[0][0], name
        if name == "Cover":
            continue
        (header,) = find(".//table:table-header-rows/table:table-row", sheet)
        start = find(".//table:table-row", sheet).index(header)
        assert all(len(row) == 1 for row in rows[:start]), name
        assert {len(row) for row in rows[start:]} == {len(rows[start])}, name
        assert len(set(rows[start])) == len(rows[start]), name


def test_no_cell_is_blank_merged_repeated_or_a_formula() -> None:
    for name in sheets():
        assert not [row for row in cells_of(name) if not all(cell.strip() for cell in row)], name
    odd = (
        "formula",
        "number-columns-spanned",
        "number-rows-spanned",
        "number-columns-repeated",
        "number-rows-repeated",
    )
    for attribute in odd:
        assert not find(f"//@table:{attribute}"), attribute
    assert not find("//table:covered-table-cell")


@pytest.mark.slow
def test_nothing_is_hidden_filtered_coloured_commented_or_signed() -> None:
    hidden = "//@table:visibility | //@table:display | //table:filter | //office:annotation | //table:data-pilot-table"
    assert not find(hidden)
    assert not find("//@fo:background-color | //@fo:color")
    assert set(find("//table:database-range/@table:display-filter-buttons")) == {"false"}
    meta = take(written(), "meta.xml")
    assert not find("//meta:initial-creator | //dc:creator | //meta:printed-by", meta)
    assert not [element for element in find("//*") if "form" in element.tag.split("}")[1]]


def test_the_document_has_a_title_a_language_and_the_editions_day() -> None:
    meta = take(written(), "meta.xml")
    assert find("string(//dc:title)", meta) == example.settings().title
    assert find("string(//dc:language)", meta) == "en-GB"
    assert find("string(//meta:creation-date)", meta) == "2025-06-18T00:00:00"
    assert find("//@fo:language", take(written(), "styles.xml")) == ["en"]


def test_every_table_is_marked_up_by_name_over_exactly_its_cells() -> None:
    marked = {
        each.get(f"{{{SPACES['table']}}}name"): each.get(f"{{{SPACES['table']}}}target-range-address")
        for each in find("//table:database-range")
    }
    assert list(marked) == [name.lower() for name in sheets() if name != "Cover"]
    for name, sheet in sheets().items():
        if name != "Cover":
            last = len(find(".//table:table-row", sheet))
            first = len([row for row in cells_of(name) if len(row) == 1]) + 1
            width = len(cells_of(name)[-1])
            letters = {3: "C", 2: "B", 4: "D", 17: "Q", 20: "T"}
            if width in letters:
                assert marked[name.lower()] == f"{name}.A{first}:{name}.{letters[width]}{last}"


def test_every_table_has_a_sheet_or_a_reason_in_the_contents_and_every_link_leads_to_a_sheet() -> None:
    rows = cells_of("Contents")[3:]
    assert sorted(row[0].removesuffix(".csv").lower() for row in rows) == sorted(
        ["notes", "columns", *(table.name for table in TABLES)]
    )
    assert all(row[2] == "A sheet of this file" or row[2].startswith("Only as CSV: it ") for row in rows)
    targets = {target.removeprefix("#").removesuffix(".A1") for target in find("//text:a/@xlink:href")}
    assert targets == set(sheets()) - {"Cover", "Contents"}


def test_numbers_are_numbers_shown_with_fixed_decimals() -> None:
    for cell in find("//table:table-cell[@office:value-type='float']"):
        places = int(cell.get(f"{{{SPACES['table']}}}style-name").removeprefix("number"))
        shown = "".join(cell.itertext())
        assert re.fullmatch(r"-?\d{1,3}(,\d{3})*" + (rf"\.\d{{{places}}}" if places else ""), shown), shown
        assert (
            abs(float(shown.replace(",", "")) - float(cell.get(f"{{{SPACES['office']}}}value")))
            <= 0.5000001 * 10**-places
        )


@pytest.mark.slow
def test_shorthand_in_a_cell_is_explained_on_the_notes() -> None:
    explained = {row[0] for row in cells_of("Notes")[3:]}
    used = {mark for text in find("//text:p/text()") for mark in re.findall(r"\[[a-z]+\]", text)}
    assert used <= explained


@pytest.mark.slow
def test_the_same_tables_give_the_same_bytes_on_both_machines() -> None:
    for force in example.edition().forces:
        one, other = (site / force / SPREADSHEET_FILE for site in (example.site(), example.other_site()))
        assert one.read_bytes() == other.read_bytes()


def test_a_site_of_several_forces_has_a_spreadsheet_of_each_and_none_of_all() -> None:
    assert not (example.site() / "data" / SPREADSHEET_FILE).exists()
    links = example.pages()["downloads.html"].xpath("//section[@aria-labelledby='sheet']//a/@href")
    assert links == [f"{force}/{SPREADSHEET_FILE}" for force in example.edition().forces]
    file = (example.site() / "mereside" / SPREADSHEET_FILE).read_bytes()
    (sheet,) = find("//table:table[@table:name='Estimates']", take(file, "content.xml"))
    forces = {row[1] for row in rows_of(sheet)[3:]}
    assert forces == {example.edition().name_of("mereside")}


def frames() -> dict[str, pl.DataFrame]:
    return example.frames()


def test_a_table_without_rows_or_with_too_many_cells_is_left_to_the_csv(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list_csv_only(frames())["official"] == "it has no row in this publication"
    assert "estimates" not in list_csv_only(frames())
    cells = frames()["estimates"].width * frames()["estimates"].height
    monkeypatch.setattr("disparity.tables.spreadsheet.sheets.MOST_CELLS", cells)
    assert "estimates" not in list_csv_only(frames())
    monkeypatch.setattr("disparity.tables.spreadsheet.sheets.MOST_CELLS", cells - 1)
    assert list_csv_only(frames())["estimates"] == "it is too large to open with ease"


@pytest.mark.slow
def test_a_withheld_number_is_confidential_and_a_missing_one_not_available() -> None:
    estimates = frames()["estimates"].head(2)
    estimates = estimates.with_columns(
        value=pl.lit(None, pl.Float64),
        status=pl.Series(["suppressed", "not_measurable"]),
        unknown=pl.lit(None, pl.Int64),
    )
    file = write_spreadsheet(example.settings(), frames() | {"estimates": estimates})
    (sheet,) = find("//table:table[@table:name='Estimates']", take(file, "content.xml"))
    header, *rows = rows_of(sheet)[2:]
    place = next(place for place, name in enumerate(header) if name.startswith("Value ("))
    assert [row[place] for row in rows] == ["[c]", "[x]"]
    assert [row[-2] for row in rows] == ["suppressed [c]", "not measurable [x]"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_a_typed_string_and_reads_as_it_was(text: str) -> None:
    columns = (SheetColumn(text, [text_cell(text)], 4.0),)
    file = write_document(text, None, [Sheet("One", text, (text,), columns)])
    cells = find("//table:table-cell", take(file, "content.xml"))
    assert {cell.get(f"{{{SPACES['office']}}}value-type") for cell in cells} == {"string"}
    assert not find("//@table:formula", take(file, "content.xml"))
    shown = fastexcel.read_excel(file).load_sheet("One", header_row=None, dtypes="string").to_polars()
    # The reader leaves out tabs, which are elements.
    assert set(shown.to_series()) == {text.replace("\x1b", "\ufffd").replace("\t", "")}


@pytest.mark.slow
def test_hostile_settings_stay_words_and_leave_every_part_well_formed() -> None:
    given = {"records": ["r"], "from": "2022-04", "to": "2023-03", "title": "=1+1 ]]>&<x>", "publisher": '"><a>'}
    file = write_spreadsheet(make_settings(given, where="a test"), frames())
    assert find("string(//dc:title)", take(file, "meta.xml")) == "=1+1 ]]>&<x>"
    assert not find("//meta:creation-date", take(file, "meta.xml"))
    (cover,) = find("//table:table[@table:name='Cover']", take(file, "content.xml"))
    assert rows_of(cover)[0] == ["=1+1 ]]>&<x>"]
    assert ['Publisher: "><a>'] in rows_of(cover)


def test_months_are_dates() -> None:
    cell = find("//table:table[@table:name='Population']//table:table-cell[@office:value-type='date']")[0]
    assert date.fromisoformat(cell.get(f"{{{SPACES['office']}}}date-value")) == date(2023, 4, 1)
    assert "".join(cell.itertext()) == "April 2023"
