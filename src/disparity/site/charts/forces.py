"""Forces beside each other: each one's ratio with its range and interval."""

from disparity.site.charts.interval_dots import chart_dots, dot_of
from disparity.site.charts.specification import Layout
from disparity.site.published_figures import Row, ratio
from disparity.vocabulary.codes import PEOPLE, REFERENCE_GROUP


def chart_forces(rows: dict[str, Row]) -> Layout:
    """Each force's ratio, with a line where both rates are the same.

    Args:
        rows: of `comparisons`, by the names of the forces, from the top; each has a ratio.
    """
    dots = [dot_of(row, name, style=ratio, column="ratio") for name, row in rows.items()]
    title = f"Times the rate of {PEOPLE[REFERENCE_GROUP]}"
    return chart_dots(dots, title=title, reference=1, reference_name="same rate")
