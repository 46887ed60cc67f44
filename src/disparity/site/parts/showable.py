"""Data quality: the smallest difference that these records would have shown, by group and type of search."""

from disparity.analysis.measures.entries import FIND_RATE, SEARCH_RATE
from disparity.site.cells import TYPES, Cell, Table, figure_cell, mark_cell, tabulate
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.site.page import types_in_use
from disparity.site.published_figures import Style, points, ratio
from disparity.vocabulary.codes import ALL
from disparity.vocabulary.statuses import NOT_AVAILABLE

# Measure → what its smallest difference is, and how it is printed.
SHOWN: dict[str, tuple[str, Style]] = {
    SEARCH_RATE.name: ("Search rate, times", ratio),
    FIND_RATE.name: ("Find rate, percentage points", points),
}
COLUMN = "smallest_difference"


def tabulate_showable(evidence: Evidence) -> Table:
    """A row for each measure and type of search that any group could have differed in."""

    def fill(measure: str, kind: str, group: str) -> Cell:
        row = evidence.row("comparisons", measure, group, kind)
        if row is None or row.values[COLUMN] is None:
            return mark_cell(NOT_AVAILABLE)
        return figure_cell(row, COLUMN, SHOWN[measure][1])

    def is_shown(measure: str, kind: str) -> bool:
        rows = [evidence.row("comparisons", measure, group, kind) for group in COMPARED_GROUPS]
        return any(row and row.values[COLUMN] is not None for row in rows)

    return tabulate(
        "showable",
        f"Smallest difference from White people that would have shown four times out of five, {evidence.period_name}",
        ("What is compared", "Searched for", *COMPARED_GROUPS),
        (
            (title, TYPES[kind], *(fill(measure, kind, group) for group in COMPARED_GROUPS))
            for measure, (title, _) in SHOWN.items()
            for kind in (ALL, *types_in_use(evidence))
            if is_shown(measure, kind)
        ),
    )
