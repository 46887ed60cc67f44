"""The boundary: what the stages after this one may know of the counts.

Where every input is published already, that is the exact counts; otherwise it is protected tallies alone.
"""

from dataclasses import dataclass

import polars as pl

from disparity.counts import COUNT_TABLES, Counts
from disparity.disclosure.tallies import Tallies, is_of_quarter, tally_periods, tally_submissions


@dataclass(frozen=True)
class Detail:
    """The exact counts table by table, as in `counts.Counts`; without rows where they are not published."""

    cells: pl.DataFrame
    ethnicities: pl.DataFrame
    profiles: pl.DataFrame
    people: pl.DataFrame
    areas: pl.DataFrame
    twilight: pl.DataFrame

    @property
    def is_published(self) -> bool:
        """Whether there is any."""
        return not self.cells.is_empty()


@dataclass(frozen=True)
class Protected:
    """All that measures, reasons and pages are made of: tallies by period, month and quarter, and what detail
    may be published."""

    years: Tallies
    months: Tallies
    quarters: Tallies
    detail: Detail


def open_counts(counts: Counts, submitted: pl.DataFrame, periods: pl.DataFrame) -> Protected:
    """Let the exact counts through: every input is published as it is.

    Args:
        submitted: force, month, submission of every file there is.
        periods: month, period_from, period_to.
    """
    return Protected(
        years=tally_periods(counts, submitted, periods),
        months=tally_submissions(counts, submitted.filter(~is_of_quarter())),
        quarters=tally_submissions(counts, submitted.filter(is_of_quarter())),
        detail=Detail(**{name: getattr(counts, name) for name in COUNT_TABLES}),
    )


def withhold_detail(counts: Counts) -> Detail:
    """Give the tables without a row."""
    return Detail(**{name: getattr(counts, name).clear() for name in COUNT_TABLES})
