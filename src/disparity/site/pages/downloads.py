"""Downloads: the published tables, and how to cite them."""

import json

from disparity.site.page import Edition, Page
from disparity.tables.datapackage import cite, describe_dataset
from disparity.tables.schema.tables import TABLES
from disparity.tables.spreadsheet.sheets import SPREADSHEET_FILE
from disparity.vocabulary.text import script_text


def build_page(edition: Edition) -> Page:
    """Build the downloads page, one for the whole site."""
    settings = edition.settings
    names = [edition.name_of(edition.forces[0])] if len(edition.forces) == 1 else []
    is_one = len(edition.forces) == 1
    files = [table.file for table in TABLES] + ([SPREADSHEET_FILE] if is_one else [])
    dataset = json.dumps(describe_dataset(settings, files), ensure_ascii=False, indent=1)
    context = {
        "files": [table for table in TABLES if edition.tables.has_rows(table.name) and not table.csv_only],
        "working": [table for table in TABLES if edition.tables.has_rows(table.name) and table.csv_only],
        "empty": [table for table in TABLES if not edition.tables.has_rows(table.name)],
        "spreadsheet": f"data/{SPREADSHEET_FILE}" if is_one else "",
        "spreadsheets": [] if is_one else [(edition.name_of(it), f"{it}/{SPREADSHEET_FILE}") for it in edition.forces],
        "whole": cite(settings, names),
        # A closing tag inside a text would end the script element that carries the description.
        "dataset": script_text(dataset),
    }
    return Page("downloads.html", "Downloads", context)
