"""Finds: how often the item searched for is found, in drug searches apart, and what follows a search."""

from disparity.analysis.measures.entries import AFTER_FIND, FIND_RATE, OTHER_RESULTS, TOLD_MEASURES
from disparity.site.page import Edition, Page, Section, fill
from disparity.site.parts import after_find, drugs, find_rates, handling, outcomes

SECTIONS = (
    Section("ethnicity", find_rates.build_part),
    Section("drugs", drugs.build_part),
    Section("after-a-search", outcomes.build_part),
    Section("after-a-find", after_find.build_part),
    Section("force-used", handling.build_part, handling.has_content),
)


def build_page(edition: Edition, force: str) -> Page:
    """Build the page on what a force's searches find."""
    measures = (FIND_RATE, *OTHER_RESULTS, *AFTER_FIND, *TOLD_MEASURES)
    return Page(
        "finds.html",
        "How often is anything found?",
        {
            "found": edition.findings_of(force, "find_rate"),
            "answers": edition.answers_of(force, *(measure.name for measure in measures)),
        },
        fill(SECTIONS, edition, force),
    )
