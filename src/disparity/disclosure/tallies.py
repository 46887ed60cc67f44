"""Tallies: the counts that rates are made of, each total added up from the searches themselves.

A total is tallied before anything is protected: a sum of protected parts would drift, and would show what the
protected total hides.
"""

from dataclasses import dataclass

import polars as pl

from disparity.disclosure.labels import find_restricted_labels
from disparity.records.cell_counts import CELL_COUNTS
from disparity.records.counts import Counts
from disparity.vocabulary.codes import (
    ALL,
    DRUG_TYPES,
    ETHNIC_GROUPS,
    ETHNICITY_BASES,
    EVERY_GROUP,
    SELF_DEFINED,
    UNKNOWN_GROUPS,
)

PERIOD_KEYS = ["force", "period_from", "period_to", "ethnicity_basis"]
TALLY_KEYS = [*PERIOD_KEYS, "ethnic_group", "search_type"]
# Of groups taken together: in the rows of all groups, null in the others.
GROUP_SUMS = ("searches_known", "searches_unknown")
TALLY_COUNTS = (*CELL_COUNTS, "known", *GROUP_SUMS)


@dataclass(frozen=True)
class Tallies:
    """What rates are made of.

    `cells`: TALLY_COUNTS by TALLY_KEYS. CELL_COUNTS, `known` (searches whose record says whether the item was
    found), and in rows of all groups `searches_known` and `searches_unknown` (searches by whether ethnicity is
    known). Null: not published.
    `labels`: PERIOD_KEYS, period_searches, is_restricted (labels that cannot carry a comparison of groups).
    """

    cells: pl.DataFrame
    labels: pl.DataFrame


def tally_periods(counts: Counts, submitted: pl.DataFrame, periods: pl.DataFrame) -> Tallies:
    """Tally by period, with a zero row for whatever was submitted without a search of it.

    Args:
        submitted: force, month of every file there is.
        periods: month, period_from, period_to.
    """
    spans = submitted.join(periods, on="month").select("force", "period_from", "period_to").unique()
    return Tallies(
        cells=_complete_cells(counts.cells.join(periods, on="month"), spans),
        labels=find_restricted_labels(counts.ethnicities.join(periods, on="month")),
    )


def tally_submissions(counts: Counts, submitted: pl.DataFrame) -> Tallies:
    """Tally by submission, a month or a quarter: self-defined ethnicity, all types of search together."""
    own = counts.cells.filter(pl.col("ethnicity_basis") == SELF_DEFINED).with_columns(search_type=pl.lit("other"))
    spans = list_spans(submitted)
    months = submitted.join(spans, on="month").select("force", "period_from", "period_to").unique()
    return Tallies(
        cells=_complete_cells(own.join(spans, on="month"), months),
        labels=find_restricted_labels(counts.ethnicities.join(spans, on="month")),
    )


def list_spans(submitted: pl.DataFrame) -> pl.DataFrame:
    """List each month with the first and last of its submission: month, period_from, period_to.

    Args:
        submitted: month, submission; all of months, or all of quarters.
    """
    spans = submitted.select("month", pl.col("submission").alias("period_from")).unique()
    return spans.with_columns(pl.col("month").max().over("period_from").alias("period_to"))


def is_of_quarter() -> pl.Expr:
    """Whether a submitted month is one of several of its submission."""
    return pl.len().over("force", "submission") > 1


def _complete_cells(cells: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Add the totals over groups and types."""
    sums = pl.col(*CELL_COUNTS).sum()
    leaves = cells.group_by(TALLY_KEYS).agg(sums)
    drugs = leaves.filter(pl.col("search_type").is_in(DRUG_TYPES)).with_columns(search_type=pl.lit("drugs"))
    by_type = pl.concat([leaves, drugs, leaves.with_columns(search_type=pl.lit(ALL))])
    everything = pl.concat([by_type, by_type.with_columns(ethnic_group=pl.lit(ALL))])
    types = pl.concat([by_type.select("search_type"), pl.DataFrame({"search_type": ["drugs", *DRUG_TYPES]})]).unique()
    grid = (
        spans.join(pl.DataFrame({"ethnicity_basis": ETHNICITY_BASES}), how="cross")
        .join(pl.DataFrame({"ethnic_group": EVERY_GROUP}), how="cross")
        .join(types, how="cross")
    )
    totals = everything.group_by(TALLY_KEYS).agg(sums)
    complete = grid.join(totals, on=TALLY_KEYS, how="left").with_columns(pl.col(*CELL_COUNTS).fill_null(0))
    return _add_group_sums(complete.with_columns((pl.col("found") + pl.col("not_found")).alias("known")))


def _add_group_sums(cells: pl.DataFrame) -> pl.DataFrame:
    by_type = [*PERIOD_KEYS, "search_type"]
    groups = (ETHNIC_GROUPS, UNKNOWN_GROUPS)
    return cells.with_columns(
        pl.when(pl.col("ethnic_group") == ALL)
        .then(pl.col("searches").filter(pl.col("ethnic_group").is_in(members)).sum().over(by_type))
        .alias(name)
        for name, members in zip(GROUP_SUMS, groups, strict=True)
    )
