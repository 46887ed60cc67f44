"""Made tables of the Home Office's open data on stop and search: as CSV, and as the ODS it publishes."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
KIND = "application/vnd.oasis.opendocument.spreadsheet"
HEADER = (
    *("financial_year", "financial_year_quarter", "pfa code", "police_force_area", "region", "legislation"),
    *("reason_for_search", "outcome", "link", "self_defined_ethnicity", "self_defined_ethnicity_group"),
    *("officer_defined_ethnicity", "gender", "age_group", "number_of_searches"),
)
BRITISH = "White - English, Welsh, Scottish, Northern Irish or British"
GROUPS = {
    BRITISH: "White",
    "Black or Black British - African": "Black or Black British",
    "Asian or Asian British - Pakistani": "Asian or Asian British",
    "Mixed - White and Asian": "Mixed",
    "Other Ethnic Group - Arab": "Other Ethnic Group",
    "Not Stated": "Not Stated",
    "N/A - vehicle search": "N/A - vehicle search",
}
NAME = "stop-search-open-data-tables-mar21-mar25.ods"
Row = Mapping[str, str | int]


def make_row(row: Row) -> dict[str, str]:
    """Fill in what the test does not name: one search of a White man in Lancashire, nothing found."""
    ethnicity = str(row.get("self_defined_ethnicity", BRITISH))
    filled = {
        "financial_year": "2024/25",
        "financial_year_quarter": "Q1",
        "pfa code": "",
        "police_force_area": "Lancashire",
        "region": "North West",
        "legislation": "Section 1 PACE (and associated legislation)",
        "reason_for_search": "Drugs",
        "outcome": "No Further Action",
        "link": "Nothing found",
        "self_defined_ethnicity": ethnicity,
        "self_defined_ethnicity_group": GROUPS.get(ethnicity, "White"),
        "officer_defined_ethnicity": "White",
        "gender": "Male",
        "age_group": "18-24",
        "number_of_searches": 1,
        **row,
    }
    return {column: str(value) for column, value in filled.items()}


def write_table(path: Path, rows: Iterable[Row], *, header: Sequence[str] = HEADER) -> Path:
    """Write a table as CSV: `header` renames its columns, in their order."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([made[column] for column in HEADER] for made in map(make_row, rows))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def write_ods(path: Path, rows: Iterable[Row], *, sheet: str = "open_data") -> Path:
    """Write a table as the publisher does: a cover sheet, then the data; counts are numbers."""
    lines = [dict(zip(HEADER, HEADER, strict=True)), *map(make_row, rows)]
    data = "".join(f"<table:table-row>{''.join(map(_cell, line.values()))}</table:table-row>" for line in lines)
    cover = f"<table:table-row>{_cell('Stop and search open data tables')}</table:table-row>"
    sheets = {"Cover_sheet": cover, sheet: data}
    body = "".join(f'<table:table table:name="{name}">{rows}</table:table>' for name, rows in sheets.items())
    content = (
        f'<office:document-content xmlns:office="{OFFICE}" xmlns:table="{TABLE}" xmlns:text="{TEXT}">'
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{MANIFEST}">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{KIND}"/></manifest:manifest>'
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", KIND, zipfile.ZIP_STORED)
        archive.writestr("content.xml", f'<?xml version="1.0" encoding="UTF-8"?>{content}')
        archive.writestr("META-INF/manifest.xml", f'<?xml version="1.0" encoding="UTF-8"?>{manifest}')
    return path


def _cell(value: str) -> str:
    kind = f'office:value-type="float" office:value="{value}"' if value.isdigit() else 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{escape(value)}</text:p></table:table-cell>"
