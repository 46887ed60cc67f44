"""Places: search rates by area and by neighbourhood, as far as searches can be placed."""

from disparity.site.findings.areas import has_places
from disparity.site.page import Edition, Page, Section, fill
from disparity.site.parts import areas, neighbourhoods

SECTIONS = (
    Section("neighbourhoods", areas.build_part),
    Section("neighbourhood-map", neighbourhoods.build_part),
)


def has_content(edition: Edition, force: str) -> bool:
    """Whether enough of a force's searches can be placed; where not, Searches says why."""
    return has_places(edition.evidence[force][0])


def build_page(edition: Edition, force: str) -> Page:
    """Build the page of a force's places."""
    return Page("places.html", "Where are people searched?", parts=fill(SECTIONS, edition, force))
