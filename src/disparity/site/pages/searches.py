"""Searches: how often people are searched, by ethnic group, for what and where."""

from disparity.site.page import Edition, Page, Section, fill
from disparity.site.parts import areas, neighbourhoods, origins, search_rates

SECTIONS = (
    Section("ethnicity", search_rates.build_part),
    Section("neighbourhoods", areas.build_part),
    Section("neighbourhood-map", neighbourhoods.build_part),
    Section("origin", origins.build_part, origins.has_content),
)


def build_page(edition: Edition, force: str) -> Page:
    """Build the page on a force's searches."""
    return Page(
        "searches.html",
        "How often are people searched?",
        {"searches": edition.findings_of(force, "searches"), "answers": edition.answers_of(force, "search_rate")},
        fill(SECTIONS, edition, force),
    )
