"""Data and method: how good the records are, what they cannot tell, how figures are made, and where they lie."""

from disparity.site.page import Edition, Page


def build_page(edition: Edition, force: str) -> Page:
    """Build the page from which a reader gets to data, method and sources."""
    return Page(
        "data.html",
        "Data and method",
        {"doubts_found": edition.findings_of(force, "in_doubt", "unknown_ethnicity", "flag_warning")},
    )
