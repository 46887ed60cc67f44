"""What only an extract tells, set out as the counts of a publication that has it in the place of the flag for clothing.

Of open and internal publications alone: no proof covers it in a restricted one, which has nothing of it.
"""

from dataclasses import dataclass, replace

import polars as pl

from disparity.disclosure.open import Detail
from disparity.disclosure.tallies import Tallies, tally_periods
from disparity.records.cell_counts import ARREST, CELL_COUNTS
from disparity.records.clusters import CLUSTER_SUMS, GROUP_COLUMN
from disparity.records.counts import CELL_KEYS, PROFILE_KEYS
from disparity.records.told import FLAG, IS_TOLD, TOLD, TOLD_OF
from disparity.vocabulary.codes import NOT_RECORDED

MONTH = ["force", "month"]


@dataclass(frozen=True)
class ToldCounts:
    """Counts of what is told: tallies of the periods with a search that tells it, their months, and the detail."""

    years: Tallies
    submitted: pl.DataFrame
    detail: Detail


def set_out_told(counts: Detail, submitted: pl.DataFrame, periods: pl.DataFrame) -> dict[str, ToldCounts]:
    """Set out the counts of each of TOLD_OF that any search tells: `clothing_removed` are those that tell so.

    Args:
        submitted: force, month, submission of every file there is. periods: month, period_from, period_to.
    """
    found = {}
    for name in TOLD_OF:
        detail = _set_out(counts, name)
        told = detail.cells.filter(pl.col("clothing_recorded") > 0).join(periods, on="month")
        spans = told.select("force", "period_from", "period_to").unique()
        held = submitted.join(periods, on="month").join(spans, on=spans.columns, how="semi").select(submitted.columns)
        if not held.is_empty():
            found[name] = ToldCounts(tally_periods(detail, held, periods), held, detail)
    return found


def _set_out(counts: Detail, name: str) -> Detail:
    told = counts.told.filter(pl.col(TOLD) == name).drop(TOLD).rename({IS_TOLD: FLAG})
    months = told.select(MONTH).unique()
    # Months whose files do not tell at all: their searches are not recorded.
    asked = counts.profiles if TOLD_OF[name].among is None else counts.profiles.filter(outcome_kind=ARREST)
    rest = asked.join(months, on=MONTH, how="anti").with_columns(pl.lit(None, pl.Boolean).alias(FLAG))
    profiles = pl.concat([told, rest.select(told.columns)])
    pairs = counts.told_clusters.filter(pl.col(TOLD) == name).drop(TOLD)
    others = counts.clusters.join(months, on=MONTH, how="anti")
    of_flag = [pl.lit(0, others.schema[column]).alias(column) for column in CLUSTER_SUMS if "clothing" in column]
    return Detail(
        replace(
            counts,
            cells=_count_cells(profiles),
            profiles=profiles.group_by(PROFILE_KEYS).agg(pl.col("searches").sum()).sort(PROFILE_KEYS),
            clusters=pl.concat([pairs, others.with_columns(of_flag).select(pairs.columns)]),
        )
    )


def _count_cells(profiles: pl.DataFrame) -> pl.DataFrame:
    """Count searches that tell, and that tell so; nothing else is counted of them here."""
    flag, searches = pl.col(FLAG), pl.col("searches")
    counted = {
        "searches": searches.sum(),
        "clothing_recorded": searches.filter(flag.is_not_null()).sum(),
        "clothing_removed": searches.filter(flag).sum(),
    }
    nothing = [pl.lit(0, pl.Int64).alias(name) for name in CELL_COUNTS if name not in counted]
    tables = [
        profiles.group_by(
            *MONTH,
            pl.lit(basis).alias("ethnicity_basis"),
            pl.col(column).fill_null(NOT_RECORDED).alias("ethnic_group"),
            "search_type",
        ).agg(**counted)
        for basis, column in GROUP_COLUMN.items()
    ]
    return pl.concat(tables).with_columns(nothing).select(*CELL_KEYS, *CELL_COUNTS).sort(CELL_KEYS)
