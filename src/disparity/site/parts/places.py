"""Places in short: where rates are highest, or why nobody can say. The page of places has the rest."""

from disparity.site.findings.areas import has_places
from disparity.site.page import Edition, Part
from disparity.site.parts.areas import say_no_place


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on a force's places."""
    latest = edition.evidence[force][0]
    return Part(
        "parts/places.html",
        {
            "has_areas": bool(latest.rows("areas")),
            "is_placed": has_places(latest),
            "no_place": say_no_place(latest),
            "findings": edition.findings_of(force, "area_rates", "neighbourhoods"),
            "unplaced": edition.findings_of(force, "unplaced"),
        },
    )
