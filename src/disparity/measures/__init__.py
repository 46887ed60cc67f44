"""The measures: rates with their interval, their bounds and how far the evidence carries them.

A measure is one entry of MEASURES; adding one adds it to every table, page and download.
Definitions, section 3.
"""

from disparity.disclosure import PERIOD_KEYS
from disparity.measures.alignment import align_published
from disparity.measures.areas import PLACED_MEASURED, estimate_areas
from disparity.measures.breakdowns import BREAKDOWN_COLUMNS, Whole, break_down
from disparity.measures.dispersion import NO_DISPERSION, measure_dispersion
from disparity.measures.entries import (
    BREAKDOWN_MEASURES,
    ESTIMATE_COLUMNS,
    INCOMPLETE,
    MEASURED,
    MEASURES,
    NOT_MEASURABLE,
    PARTIAL,
    PER_RESIDENTS,
    RESTRICTED_LABELS,
    SHARE,
    SMALL,
    SUPPRESSED,
    Measure,
)
from disparity.measures.estimates import estimate
from disparity.measures.gates import (
    COVERAGE_MEASURED,
    FEWEST_EVENTS,
    SMALL_NUMERATOR,
    find_placed,
    log_gates,
    withhold_few_events,
)
from disparity.measures.monthly import estimate_monthly, estimate_quarterly
from disparity.measures.official import reconcile_official

__all__ = [
    "BREAKDOWN_COLUMNS",
    "BREAKDOWN_MEASURES",
    "COVERAGE_MEASURED",
    "ESTIMATE_COLUMNS",
    "FEWEST_EVENTS",
    "INCOMPLETE",
    "MEASURED",
    "MEASURES",
    "NOT_MEASURABLE",
    "NO_DISPERSION",
    "PARTIAL",
    "PERIOD_KEYS",
    "PER_RESIDENTS",
    "PLACED_MEASURED",
    "RESTRICTED_LABELS",
    "SHARE",
    "SMALL",
    "SMALL_NUMERATOR",
    "SUPPRESSED",
    "Measure",
    "Whole",
    "align_published",
    "break_down",
    "estimate",
    "estimate_areas",
    "estimate_monthly",
    "estimate_quarterly",
    "find_placed",
    "log_gates",
    "measure_dispersion",
    "reconcile_official",
    "withhold_few_events",
]
