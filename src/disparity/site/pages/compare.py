"""Compare: a force among others."""

from disparity.site.page import Edition, Page, Section, fill
from disparity.site.parts import explore, similar_forces

SECTIONS = (
    Section("similar-forces", similar_forces.build_part, similar_forces.has_content),
    Section("explore", explore.build_part),
)


def build_page(edition: Edition, force: str) -> Page:
    """Build the page that sets a force beside others."""
    return Page("compare.html", "Compare", parts=fill(SECTIONS, edition, force))
