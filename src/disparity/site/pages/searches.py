"""Searches: who is searched, how often, for what and where."""

from disparity.site.page import Edition, Page, Section, fill
from disparity.site.parts import areas, origins, search_rates

SECTIONS = (
    Section("search-rates", search_rates.build_part),
    Section("origins", origins.build_part, origins.has_content),
    Section("areas", areas.build_part, areas.has_content),
)


def build_page(edition: Edition, force: str) -> Page:
    """Build the page on a force's searches."""
    return Page("searches.html", "Who is searched, and how often", parts=fill(SECTIONS, edition, force))
