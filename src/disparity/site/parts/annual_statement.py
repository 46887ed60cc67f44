"""The annual statement: what the inspectorate asks, answered point by point. Only in a force's own publication."""

from dataclasses import dataclass

from disparity.analysis.annual_statement import (
    ACTION_PUBLISHED,
    ANALYSIS_PUBLISHED,
    BY_ETHNICITY_AND_TYPE,
    MET,
    MONITORING,
    NOT_ASSESSED,
    NOT_MET,
    PARTLY,
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
        "Know the find rates of searches for possession of drugs and for supply, each by itself.",
        "finds.html#drugs",
    ),
    PRIORITIES: (
        "Know how many searches are for possession of drugs alone, and whether they fit local priorities.",
        "why.html#priorities",
    ),
    ANALYSIS_PUBLISHED: ("Publish the analysis, at least once a year.", "index.html"),
    ACTION_PUBLISHED: ("Publish the action taken.", "action.html"),
}

# An answer of the table → how the page says it: what is missing, without blame.
ANSWERS = {MET: "Met", PARTLY: "Met in part", NOT_MET: "Still missing", NOT_ASSESSED: "Not assessed"}


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
        points.append(Point(asked, ANSWERS[row.values["answer"]], row.values["why"], page))
    return Part("parts/annual_statement.html", {"points": points})
