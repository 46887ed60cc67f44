"""Accessibility: what was tested and how, what is known not to be accessible, and whom to tell."""

from disparity.site.page import Edition, Page


def build_page(_edition: Edition) -> Page:
    """Build the accessibility statement, one for the whole site."""
    return Page("accessibility.html", "Accessibility")
