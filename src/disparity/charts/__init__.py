"""Altair charts of published rows, as specifications that `drawing` draws at build time.

Every number that a chart prints comes from the figures of the table beside it. Colours are the Analysis
Function's; the meaning never rests on colour alone: hollow points are small numbers or other forces, dashed
bars are bounds, lines are named at their end.
"""

from disparity.charts.by_group import FACET_GROUPS, chart_by_group, chart_by_type, pick_drawn, point_of, print_rate
from disparity.charts.control import SIGNAL_NAMES, chart_control
from disparity.charts.drawing import BLUE, GREY, LINE_COLOURS, Spec, sketch
from disparity.charts.funnel import chart_funnel
from disparity.charts.months import chart_months, read_month
from disparity.charts.places import chart_outlines, chart_places
from disparity.charts.scenarios import SCENARIOS, chart_scenarios

__all__ = [
    "BLUE",
    "FACET_GROUPS",
    "GREY",
    "LINE_COLOURS",
    "SCENARIOS",
    "SIGNAL_NAMES",
    "Spec",
    "chart_by_group",
    "chart_by_type",
    "chart_control",
    "chart_funnel",
    "chart_months",
    "chart_outlines",
    "chart_places",
    "chart_scenarios",
    "pick_drawn",
    "point_of",
    "print_rate",
    "read_month",
    "sketch",
]
