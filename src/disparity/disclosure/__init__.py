"""Disclosure control: what may be published, and the proof that nobody can be singled out in it.

Plan, protect, prove: docs/disclosure.md.
"""

from disparity.disclosure.labels import FEWEST_LABELS, LABELS_NEED_SEARCHES, LOWEST_AGREEMENT, measure_agreement
from disparity.disclosure.protect import MOST_SUPPRESSED
from disparity.disclosure.protected import Detail, Protected, open_counts
from disparity.disclosure.tallies import (
    GROUP_SUMS,
    PERIOD_KEYS,
    Tallies,
    is_of_quarter,
    list_spans,
    tally_periods,
    tally_submissions,
)

__all__ = [
    "FEWEST_LABELS",
    "GROUP_SUMS",
    "LABELS_NEED_SEARCHES",
    "LOWEST_AGREEMENT",
    "MOST_SUPPRESSED",
    "PERIOD_KEYS",
    "Detail",
    "Protected",
    "Tallies",
    "is_of_quarter",
    "list_spans",
    "measure_agreement",
    "open_counts",
    "tally_periods",
    "tally_submissions",
]
