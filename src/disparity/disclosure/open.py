"""Where every input is published already: the exact counts, as the stages after this one may know them."""

from dataclasses import dataclass
from typing import NewType

import polars as pl

from disparity.disclosure.tallies import Tallies, is_of_quarter, tally_periods, tally_submissions
from disparity.records.counts import Counts
from disparity.records.unused_flags import set_unused_flags_aside

# The exact counts, let through: what takes them takes no other counts.
Detail = NewType("Detail", Counts)


@dataclass(frozen=True)
class OpenCounts:
    """Tallies by period, month and quarter, and the detail that reasons need."""

    years: Tallies
    months: Tallies
    quarters: Tallies
    detail: Detail


def open_counts(counts: Counts, submitted: pl.DataFrame, periods: pl.DataFrame) -> OpenCounts:
    """Let the exact counts through: every input is published as it is, but for flags that are not in use.

    Args:
        submitted: force, month, submission of every file there is.
        periods: month, period_from, period_to.
    """
    counts = set_unused_flags_aside(counts, periods)
    return OpenCounts(
        years=tally_periods(counts, submitted, periods),
        months=tally_submissions(counts, submitted.filter(~is_of_quarter())),
        quarters=tally_submissions(counts, submitted.filter(is_of_quarter())),
        detail=Detail(counts),
    )
