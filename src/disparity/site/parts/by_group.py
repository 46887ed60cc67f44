"""A chart of the rates of every ethnic group, where any is known."""

from disparity.site.cells import Table
from disparity.site.charts.by_group import chart_by_group
from disparity.site.charts.specification import sketch
from disparity.site.page import Chart
from disparity.site.published_figures import Row, Sentence


def draw_groups(name: str, rows: list[Row], headline: Sentence, subtitle: str, table: Table) -> Chart | None:
    """Draw the rate of each group; nothing where none is known.

    Args:
        name: of the chart. subtitle: what, where and when.
    """
    if not any(row.values["value"] is not None for row in rows):
        return None
    return Chart(headline=headline, subtitle=subtitle, sketch=sketch(chart_by_group(rows), name=name), table=table)
