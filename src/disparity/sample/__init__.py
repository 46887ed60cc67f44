"""A sample of a force's searches for the review of their recorded grounds: planned, drawn, and put into workbooks.

What it writes stays in the force: record numbers, and grounds as officers wrote them.
"""

from disparity.sample.draw import draw_records
from disparity.sample.folder import Design, Drawn, Stratum, read_sample, write_sample
from disparity.sample.forms import FORM_SHEET
from disparity.sample.plan import Request, describe_plan, plan_sample
from disparity.sample.prepare import draw_sample, prepare_sample
from disparity.sample.records import list_searches

__all__ = [
    "FORM_SHEET",
    "Design",
    "Drawn",
    "Request",
    "Stratum",
    "describe_plan",
    "draw_records",
    "draw_sample",
    "list_searches",
    "plan_sample",
    "prepare_sample",
    "read_sample",
    "write_sample",
]
