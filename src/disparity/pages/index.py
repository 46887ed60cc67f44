"""The front page of a publication of several forces: one line a force, into its folder."""

from disparity.figures import count, percentage, rate, ratio
from disparity.pages.page import (
    Cell,
    Edition,
    Page,
    Table,
    figure_cell,
    interval_cell,
    period_name,
    rate_cell,
)
from disparity.vocabulary import ALL


def build_page(edition: Edition) -> Page:
    """Build the list of forces."""
    latest = {force: edition.evidence[force][0] for force in edition.forces}
    rows = []
    for force, evidence in latest.items():
        searches = evidence.estimate("search_rate")
        black = evidence.comparisons.get(("search_rate", "Black", ALL))
        rows.append(
            (
                Cell((evidence.name,), mark=f"link:{edition.folder(force)}index.html"),
                figure_cell(searches, "numerator", count),
                rate_cell(searches, rate),
                rate_cell(evidence.estimate("search_rate", "Black"), rate),
                rate_cell(evidence.estimate("search_rate", "White"), rate),
                interval_cell(black, "ratio", ratio),
                rate_cell(evidence.estimate("find_rate"), percentage),
                figure_cell(evidence.estimate("unknown_ethnicity_share"), "value", percentage),
            )
        )
    period = period_name(next(iter(latest.values())).period)
    table = Table(
        caption=f"Searches, search rates and find rates by force, {period}",
        head=(
            "Force",
            "Searches",
            "Searches per 1,000 residents a year",
            "… of Black residents",
            "… of White residents",
            "Ratio, Black to White",
            "Find rate",
            "Unknown ethnicity",
        ),
        rows=tuple(rows),
        name="forces",
    )
    return Page("index.html", "index.html", edition.publication.title, {"table": table, "period": period})
