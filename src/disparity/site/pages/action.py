"""Action: what a force says and does about its disparities. Only in its own publication."""

from disparity.site.page import Edition, Page, Section, fill
from disparity.site.parts import annual_statement, grounds_review, register

SECTIONS = (
    Section("register", register.build_part),
    Section("statement", annual_statement.build_part),
    Section("grounds", grounds_review.build_part, grounds_review.has_content),
)


def has_content(edition: Edition, _force: str) -> bool:
    """Whether the publisher is the force or its governing body: nobody else can say what it does."""
    return edition.settings.own


def build_page(edition: Edition, force: str) -> Page:
    """Build the page of what a force says of its disparities, and does."""
    return Page("action.html", "What does the force say and do?", parts=fill(SECTIONS, edition, force))
