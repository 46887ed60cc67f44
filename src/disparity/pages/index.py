"""The front page of a publication of several forces: one line a force, into its folder."""

from disparity.figures import count, percentage, rate, ratio
from disparity.findings import Evidence
from disparity.pages.page import (
    NOT_AVAILABLE,
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
    publication = edition.publication
    last = publication.periods().row(-1, named=True)
    period = last["period_from"], last["period_to"]
    rows = []
    for force in edition.forces:
        evidence = next((found for found in edition.evidence[force] if found.period == period), None)
        name = Cell((edition.name_of(force),), mark=f"link:{edition.folder(force)}index.html")
        rows.append((name, *_summarise(evidence)))
    table = Table(
        caption=f"Searches, search rates and find rates by force, {period_name(period)}",
        head=(
            "Force",
            "Searches",
            "Searches per 1,000 residents a year",
            "Searches per 1,000 Black residents a year",
            "Searches per 1,000 White residents a year",
            "Ratio, Black to White",
            "Find rate",
            "Unknown ethnicity",
        ),
        rows=tuple(rows),
        name="forces",
    )
    return Page("index.html", "index.html", edition.publication.title, {"table": table, "period": period_name(period)})


def _summarise(evidence: Evidence | None) -> tuple[Cell, ...]:
    """A force that submitted nothing in the period has [x] throughout."""
    if evidence is None:
        return (Cell((NOT_AVAILABLE,), mark=NOT_AVAILABLE),) * 7
    searches = evidence.estimate("search_rate")
    return (
        figure_cell(searches, "numerator", count),
        rate_cell(searches, rate),
        rate_cell(evidence.estimate("search_rate", "Black"), rate),
        rate_cell(evidence.estimate("search_rate", "White"), rate),
        interval_cell(evidence.comparisons.get(("search_rate", "Black", ALL)), "ratio", ratio),
        rate_cell(evidence.estimate("find_rate"), percentage),
        figure_cell(evidence.estimate("unknown_ethnicity_share"), "value", percentage),
    )
