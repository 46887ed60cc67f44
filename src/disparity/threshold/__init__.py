"""The threshold test: how sure officers are before they search, by ethnic group. A research command, no part of a site.

It needs what search records do not hold: the stops that did not lead to a search.
"""

from disparity.threshold.estimates import RESULT_COLUMNS, estimate_thresholds
from disparity.threshold.sampling import Effort
from disparity.threshold.table import read_stops
from disparity.threshold.write import write_results

__all__ = ["RESULT_COLUMNS", "Effort", "estimate_thresholds", "read_stops", "write_results"]
