"""Finds: how often the item searched for is found, in drug searches apart."""

from disparity.site.page import Edition, Page, Section, fill
from disparity.site.parts import drugs, find_rates

SECTIONS = (Section("find-rates", find_rates.build_part), Section("drugs", drugs.build_part))


def build_page(edition: Edition, force: str) -> Page:
    """Build the page on what a force's searches find."""
    return Page("finds.html", "How often is anything found?", parts=fill(SECTIONS, edition, force))
