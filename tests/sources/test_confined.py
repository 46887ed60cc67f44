"""A small spreadsheet or Parquet file that would fill the memory is refused, and ends nothing but its reader."""

import io
import os
import signal
import zipfile
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from disparity.sources import confined
from disparity.sources.confined import open_workbook, read_parquet
from disparity.sources.extract.proposal import propose_mapping
from disparity.sources.home_office.table import read_table
from disparity.vocabulary.errors import DataError
from sources.test_fuzz_extract import make_sheet, make_workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FAR = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'


def squeeze(book: bytes) -> bytes:
    """The same workbook, deflated."""
    squeezed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as parts, zipfile.ZipFile(squeezed, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in parts.infolist():
            packed.writestr(part.filename, parts.read(part))
    return squeezed.getvalue()


def test_a_cell_in_the_far_corner_of_a_sheet_is_refused_and_the_next_workbook_is_read(tmp_path: Path) -> None:
    book = make_workbook(make_sheet().replace(b"</sheetData>", FAR))
    assert len(book) < 10_000
    path = tmp_path / "extract.xlsx"
    path.write_bytes(book)
    with pytest.raises(DataError, match="the spreadsheet is too large") as refused:
        propose_mapping(path)
    assert (refused.value.code, refused.value.where) == ("E116", "extract.xlsx")
    path.write_bytes(make_workbook(make_sheet()))
    assert open_workbook(path.read_bytes()).load_sheet("Data", header_row=None).height == 21


def test_a_home_office_table_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    """LibreOffice writes equal cells once, with how often they come."""
    many = 'table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell>'
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="open_data"><table:table-row table:number-rows-repeated="1048576">'
        f"<table:table-cell {many}</table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    path = tmp_path / "stop-search-open-data-tables.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", "<manifest/>")
        book.writestr("content.xml", content)
    with pytest.raises(DataError, match=r"E116|E147"):
        read_table(path)


def test_more_rows_than_a_sheet_can_have_are_refused_unread() -> None:
    row = b"<row><c><v>1</v></c></row>"
    sheet = b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (MAIN.encode(), row * 1_100_000)
    with pytest.raises(DataError, match="too large") as refused:
        open_workbook(squeeze(make_workbook(sheet)))
    assert "more than the 1,048,576 rows" in refused.value.found


def test_more_columns_than_any_records_system_has_are_refused(tmp_path: Path) -> None:
    cells = b"".join(b"<c><v>%d</v></c>" % place for place in range(16_000))
    sheet = b'<worksheet xmlns="%s"><sheetData><row>%s</row></sheetData></worksheet>' % (MAIN.encode(), cells)
    path = tmp_path / "extract.xlsx"
    path.write_bytes(make_workbook(sheet))
    with pytest.raises(DataError, match="more columns") as refused:
        propose_mapping(path)
    assert refused.value.found == "line 1: 16,000 columns; at most 2,000 are read"


@pytest.mark.slow
def test_a_reader_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    os.kill(confined._start_reader().pid, signal.SIGSTOP)  # it would never answer
    monkeypatch.setattr(confined, "MOST_SECONDS", 0.1)
    with pytest.raises(DataError, match="too large"):
        open_workbook(make_workbook(make_sheet()))
    monkeypatch.undo()
    assert open_workbook(make_workbook(make_sheet())).sheet_names == ("Data",)


@pytest.mark.parametrize("rows", [pytest.param(20_000_000, marks=pytest.mark.slow), 2_000_000])
def test_a_small_parquet_file_of_many_equal_rows_is_refused(rows: int) -> None:
    value = pl.Series(["v"]).new_from_index(0, rows)
    packed = io.BytesIO()
    pl.DataFrame({f"c{place}": value for place in range(16)}).write_parquet(packed)
    assert packed.tell() < 1_000_000
    with pytest.raises(DataError, match="the Parquet file is too large"):
        read_parquet(packed.getvalue())


def test_a_small_parquet_file_of_one_long_text_in_many_rows_is_refused() -> None:
    packed = io.BytesIO()
    pl.DataFrame({"c": pl.Series(["x" * 100_000]).new_from_index(0, 10_000)}).write_parquet(packed)
    with pytest.raises(DataError) as refused:
        read_parquet(packed.getvalue())
    assert "1,000,000,000 bytes of text" in refused.value.found


def test_what_is_no_spreadsheet_is_told_from_what_is_too_large() -> None:
    for content in (b"", b"no workbook", b"PK\x03\x04 damaged", b"\xd0\xcf\x11\xe0" * 100):
        with pytest.raises(fastexcel.FastExcelError):
            open_workbook(content)
    assert read_parquet(b"PAR1 damaged PAR1") is None
