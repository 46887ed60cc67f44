"""Downloads: the published tables, column by column."""

from disparity.pages.page import Edition, Page
from disparity.tables import TABLES


def build_page(edition: Edition) -> Page:
    """Build the downloads page, one for the whole site."""
    return Page(
        "downloads.html",
        "downloads.html",
        "Download the data",
        {"files": [(table, bool(edition.tables.get(table.name))) for table in TABLES]},
    )
