"""Why: what could lie behind a difference, and what a force says that its searches are for."""

from disparity.site.page import Edition, Page, Section, fill
from disparity.site.parts import deprivation, priorities, reasons

SECTIONS = (
    Section("reasons", reasons.build_part),
    Section("deprivation", deprivation.build_part),
    Section("priorities", priorities.build_part, priorities.has_content),
)


def build_page(edition: Edition, force: str) -> Page:
    """Build the page on what could lie behind a force's differences."""
    return Page("why.html", "What could lie behind the difference?", parts=fill(SECTIONS, edition, force))
