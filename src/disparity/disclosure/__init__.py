"""Disclosure control: what may be published, and the proof that nobody can be singled out in it.

Plan, protect, prove: docs/disclosure.md.
"""

from disparity.counts import FIND_COUNTS
from disparity.disclosure.attack import FEWEST_CANDIDATES, Proof, ProtectedCounts, prove
from disparity.disclosure.labels import FEWEST_LABELS, LABELS_NEED_SEARCHES, LOWEST_AGREEMENT, measure_agreement
from disparity.disclosure.ladder import Release, release_counts
from disparity.disclosure.ledger import add_edition, read_ledger
from disparity.disclosure.open import Detail, OpenCounts, open_counts
from disparity.disclosure.plan import CELL_COLUMNS, PLANS, Plan, keep_planned, sort_cells, spread_cells
from disparity.disclosure.profiles import OPEN, RESTRICTED, Profile, choose_profile
from disparity.disclosure.protect import BASES, MOST_SUPPRESSED, THRESHOLD, protect, worst_rounding_error
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
    "BASES",
    "CELL_COLUMNS",
    "FEWEST_CANDIDATES",
    "FEWEST_LABELS",
    "FIND_COUNTS",
    "GROUP_SUMS",
    "LABELS_NEED_SEARCHES",
    "LOWEST_AGREEMENT",
    "MOST_SUPPRESSED",
    "OPEN",
    "PERIOD_KEYS",
    "PLANS",
    "RESTRICTED",
    "THRESHOLD",
    "Detail",
    "OpenCounts",
    "Plan",
    "Profile",
    "Proof",
    "ProtectedCounts",
    "Release",
    "Tallies",
    "add_edition",
    "choose_profile",
    "is_of_quarter",
    "keep_planned",
    "list_spans",
    "measure_agreement",
    "open_counts",
    "protect",
    "prove",
    "read_ledger",
    "release_counts",
    "sort_cells",
    "spread_cells",
    "tally_periods",
    "tally_submissions",
    "worst_rounding_error",
]
