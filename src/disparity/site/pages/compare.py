"""Compare: a force among others."""

from disparity.site.page import Edition, Page, Section, fill
from disparity.site.parts import compare_view, nearest, similar_forces

has_content = compare_view.has_content
SECTIONS = (
    Section("compare", compare_view.build_part, has_content),
    Section("similar-forces", similar_forces.build_part, similar_forces.has_content),
    Section("nearest", nearest.build_part, nearest.has_content),
)


def build_page(edition: Edition, force: str) -> Page:
    """Build the page that sets a force beside others."""
    return Page("compare.html", "Compare", parts=fill(SECTIONS, edition, force))
