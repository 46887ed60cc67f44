"""An OpenDocument spreadsheet, written as it goes: a library that makes an object of every cell takes minutes.

Four XML parts in a zip archive (OASIS OpenDocument 1.3). Every text is a typed string, so that no program reads a
formula out of it.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from disparity.vocabulary.calendar import name_month
from disparity.vocabulary.text import legal_text

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        **{
            part: f"urn:oasis:names:tc:opendocument:xmlns:{part}:1.0"
            for part in ("office", "table", "text", "style", "meta", "manifest")
        },
        "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
        "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
        "xlink": "http://www.w3.org/1999/xlink",
        "dc": "http://purl.org/dc/elements/1.1/",
    }.items()
)
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
# An archive's members have times; none of ours is the clock's.
LONG_AGO = (1980, 1, 1, 0, 0, 0)
PLACES = (0, 1, 2, 3, 4)  # decimals that a column can show


@dataclass(frozen=True)
class SheetColumn:
    """A column: its header, its cells as XML, its width in centimetres."""

    header: str
    cells: Sequence[str]
    width: float


@dataclass(frozen=True)
class Sheet:
    """A sheet: its title in A1, lines below it, then one table or none."""

    name: str
    title: str
    lines: tuple[str, ...] = ()
    columns: tuple[SheetColumn, ...] = ()
    width: float = 20.0  # of a sheet without a table


def text_cell(text: str, style: str = "text") -> str:
    """Words. A line break starts a new paragraph; spaces stay as many as they are."""
    paragraphs = "".join(f"<text:p>{_mark_up(line)}</text:p>" for line in re.split("\r\n|\r|\n", text))
    return f'<table:table-cell table:style-name="{style}" office:value-type="string">{paragraphs}</table:table-cell>'


def _mark_up(line: str) -> str:
    """OpenDocument folds white space: a run of it, or a tab, needs an element."""
    text = escape(legal_text(line)).replace("\t", "<text:tab/>")
    return re.sub("^ | {2,}", lambda spaces: f'<text:s text:c="{len(spaces[0])}"/>', text)


def link_cell(text: str, target: str) -> str:
    """Words that lead to another sheet."""
    link = f'<text:a xlink:type="simple" xlink:href={quoteattr(f"#{target}.A1")}>{_mark_up(text)}</text:a>'
    return (
        f'<table:table-cell table:style-name="text" office:value-type="string"><text:p>{link}</text:p>'
        "</table:table-cell>"
    )


def number_cell(value: float, places: int) -> str:
    """A number, shown with so many decimals; ten figures of it are kept, as in the CSV."""
    kept = f"{value:.10g}"
    return (
        f'<table:table-cell table:style-name="number{places}" office:value-type="float" office:value="{kept}">'
        f"<text:p>{float(kept):,.{places}f}</text:p></table:table-cell>"
    )


def month_cell(month: date) -> str:
    """A month, as a date that sorts."""
    return (
        f'<table:table-cell table:style-name="month" office:value-type="date" office:date-value="{month}">'
        f"<text:p>{name_month(month)}</text:p></table:table-cell>"
    )


def write_document(title: str, published: date | None, sheets: Sequence[Sheet]) -> bytes:
    """Write sheets as an ODS file: the same sheets give the same bytes."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as parts:
        # First and unpacked, so that the kind of file can be read off its start (OpenDocument, part 2, 3.3).
        parts.writestr(_name("mimetype", zipfile.ZIP_STORED), MEDIA_TYPE)
        parts.writestr(_name("META-INF/manifest.xml"), _write_manifest())
        parts.writestr(_name("meta.xml"), _write_meta(title, published))
        parts.writestr(_name("styles.xml"), _write_styles())
        with parts.open(_name("content.xml"), "w") as content:
            for piece in _write_content(sheets):
                content.write(piece.encode("utf-8"))
    return archive.getvalue()


def _name(path: str, packing: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(path, LONG_AGO)
    member.compress_type, member.create_system, member.external_attr = packing, 3, 0o644 << 16
    return member


def _write_manifest() -> str:
    files = {"/": MEDIA_TYPE} | dict.fromkeys(("content.xml", "styles.xml", "meta.xml"), "text/xml")
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:version="1.3" manifest:media-type="{kind}"/>'
        for path, kind in files.items()
    )
    return f'{XML}<manifest:manifest {NAMESPACES} manifest:version="1.3">{entries}</manifest:manifest>'


def _write_meta(title: str, published: date | None) -> str:
    day = f"<meta:creation-date>{published}T00:00:00</meta:creation-date>" if published else ""
    return (
        f'{XML}<office:document-meta {NAMESPACES} office:version="1.3"><office:meta>'
        f"<meta:generator>disparity</meta:generator><dc:title>{escape(legal_text(title))}</dc:title>"
        f"<dc:language>en-GB</dc:language>{day}</office:meta></office:document-meta>"
    )


def _write_styles() -> str:
    return (
        f'{XML}<office:document-styles {NAMESPACES} office:version="1.3"><office:styles>'
        '<style:default-style style:family="table-cell"><style:text-properties fo:language="en" fo:country="GB" '
        'fo:font-family="Arial" fo:font-size="12pt"/></style:default-style>'
        '<style:style style:name="Default" style:family="table-cell"/></office:styles></office:document-styles>'
    )


def _write_content(sheets: Sequence[Sheet]) -> Iterator[str]:
    yield f'{XML}<office:document-content {NAMESPACES} office:version="1.3">'
    widths = sorted({column.width for sheet in sheets for column in sheet.columns} | {sheet.width for sheet in sheets})
    yield f"<office:automatic-styles>{_style_cells()}"
    for width in widths:
        yield (
            f'<style:style style:name="{_name_width(width)}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width}cm"/></style:style>'
        )
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    for sheet in sheets:
        yield from _write_sheet(sheet)
    ranges = "".join(_mark_table(sheet) for sheet in sheets if sheet.columns)
    yield f"<table:database-ranges>{ranges}</table:database-ranges>"
    yield "</office:spreadsheet></office:body></office:document-content>"


def _style_cells() -> str:
    numbers = "".join(
        f'<number:number-style style:name="n{places}"><number:number number:decimal-places="{places}" '
        f'number:min-decimal-places="{places}" number:min-integer-digits="1" number:grouping="true"/>'
        "</number:number-style>"
        f'<style:style style:name="number{places}" style:family="table-cell" style:data-style-name="n{places}"/>'
        for places in PLACES
    )
    month = (
        '<number:date-style style:name="d"><number:month number:style="long" number:textual="true"/>'
        '<number:text> </number:text><number:year number:style="long"/></number:date-style>'
        '<style:style style:name="month" style:family="table-cell" style:data-style-name="d"/>'
    )
    wrapped = '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/>'
    bold = '<style:text-properties fo:font-weight="bold"{}/>'
    texts = {
        "line": "",
        "text": wrapped,
        "header": wrapped + bold.format(""),
        "title": bold.format(' fo:font-size="16pt"'),
    }
    return (
        numbers
        + month
        + "".join(
            f'<style:style style:name="{name}" style:family="table-cell">{look}</style:style>'
            for name, look in texts.items()
        )
    )


def _name_width(width: float) -> str:
    return f"width{round(width * 10)}"


def _write_sheet(sheet: Sheet) -> Iterator[str]:
    widths = [column.width for column in sheet.columns] or [sheet.width]
    yield f"<table:table table:name={quoteattr(sheet.name)}>"
    yield "".join(f'<table:table-column table:style-name="{_name_width(width)}"/>' for width in widths)
    yield f"<table:table-row>{text_cell(sheet.title, 'title')}</table:table-row>"
    # Above a table a line is not wrapped: it would be many lines high, as its column is narrow.
    style = "line" if sheet.columns else "text"
    for line in sheet.lines:
        yield f"<table:table-row>{text_cell(line, style)}</table:table-row>"
    if sheet.columns:
        header = "".join(text_cell(column.header, "header") for column in sheet.columns)
        yield f"<table:table-header-rows><table:table-row>{header}</table:table-row></table:table-header-rows>"
        for row in zip(*(column.cells for column in sheet.columns), strict=True):
            yield f"<table:table-row>{''.join(row)}</table:table-row>"
    yield "</table:table>"


def _mark_table(sheet: Sheet) -> str:
    """Name the table, so that a screen reader and a formula can find it."""
    first, last = len(sheet.lines) + 2, len(sheet.lines) + 2 + len(sheet.columns[0].cells)
    place = f"{sheet.name}.A{first}:{sheet.name}.{_letter(len(sheet.columns))}{last}"
    return (
        f"<table:database-range table:name={quoteattr(sheet.name.lower())} "
        f'table:target-range-address={quoteattr(place)} table:contains-header="true" '
        'table:display-filter-buttons="false"/>'
    )


def _letter(number: int) -> str:
    """Name a column: 1 is A, 27 is AA."""
    more, last = divmod(number - 1, 26)
    return (_letter(more) if more else "") + chr(ord("A") + last)
