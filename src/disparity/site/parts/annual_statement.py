"""The annual statement: the inspectorate's recommendation, answered point by point."""

from dataclasses import dataclass

from disparity.analysis.annual_statement import (
    ACTION_PUBLISHED,
    ANALYSIS_PUBLISHED,
    BY_ETHNICITY_AND_TYPE,
    MONITORING,
    POSSESSION_AND_SUPPLY,
    PRIORITIES,
)
from disparity.site.page import Edition, Part

# Point → what is asked, in full; page that holds the evidence.
ASKED = {
    MONITORING: ("Monitor comprehensive data on stop and search.", "data-quality.html"),
    BY_ETHNICITY_AND_TYPE: (
        "Know how find rates differ between ethnicities, and across types of search.",
        "finds.html#ethnicity",
    ),
    POSSESSION_AND_SUPPLY: (
        "Tell find rates of searches for drug possession from those for supply.",
        "finds.html#drugs",
    ),
    PRIORITIES: (
        "Know how prevalent possession-only drug searches are, and whether they fit local priorities.",
        "why.html#priorities",
    ),
    ANALYSIS_PUBLISHED: ("Publish the analysis, at least once a year.", "index.html"),
    ACTION_PUBLISHED: ("Publish the action taken.", "action.html"),
}


@dataclass(frozen=True)
class Point:
    """One point: what is asked, the answer, why, and where the evidence is."""

    asked: str
    answer: str
    why: str
    page: str


def build_part(edition: Edition, force: str) -> Part:
    """Build the annual statement of a force."""
    points = []
    for row in edition.rows_of("statement", force):
        asked, page = ASKED[row.values["point"]]
        points.append(Point(asked, row.values["answer"], row.values["why"], page))
    return Part("parts/annual_statement.html", {"points": points})
