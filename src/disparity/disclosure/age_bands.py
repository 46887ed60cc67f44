"""Counts of an age band, as counts of their own: whatever is made of all searches can be made of them."""

from dataclasses import dataclass, replace

import polars as pl

from disparity.disclosure.open import Detail
from disparity.disclosure.tallies import TALLY_KEYS, Tallies, tally_periods
from disparity.records.cell_counts import CELL_COUNTS, list_conditions
from disparity.records.clusters import GROUP_COLUMN
from disparity.records.counts import CELL_KEYS, PROFILE_KEYS
from disparity.records.told import TOLD
from disparity.vocabulary.codes import ADULTS, NOT_RECORDED


@dataclass(frozen=True)
class Band:
    """An age band: its exact counts, let through, and their tallies by period.

    The cells of `years` have `searches_of_known_age` and `searches_of_no_age` beside them: those of everybody.
    """

    detail: Detail
    years: Tallies


def open_band(counts: Detail, band: str, submitted: pl.DataFrame, periods: pl.DataFrame) -> Band:
    """Set an age band of open counts apart.

    Args:
        submitted: force, month of every file there is. periods: month, period_from, period_to.
    """
    own = pick_band(counts, band)
    years = tally_periods(own, submitted, periods)
    cells = years.cells
    for of, name in ((counts, "of_any_age"), (pick_band(counts, None), "searches_of_no_age")):
        tallied = tally_periods(of, submitted, periods).cells.select(*TALLY_KEYS, pl.col("searches").alias(name))
        cells = cells.join(tallied, on=TALLY_KEYS, how="left", maintain_order="left")
    without = pl.col("searches_of_no_age").fill_null(0)
    counted = cells.with_columns(without, searches_of_known_age=pl.col("of_any_age") - without).drop("of_any_age")
    return Band(own, replace(years, cells=counted))


def pick_band(counts: Detail, band: str | None) -> Detail:
    """Give the counts of an age band as counts of their own (none: of no recorded age).

    Adults are all but those who are not, or may not be.

    Ethnicities stay those of all searches: whether labels can carry a comparison is a thing of the force. Weeks and
    incidents are known of children, who are tested; of other bands there are the months, which cells give. Nothing else
    is counted by age.
    """
    of_band = counts.ages.filter(pl.col("age_band").eq_missing(band)).select(*PROFILE_KEYS, "searches")
    profiles = _take_away(counts.profiles, counts.ages) if band == ADULTS else of_band
    cells = pl.concat([_count_cells(profiles, basis) for basis in GROUP_COLUMN])
    clusters = counts.told_clusters.filter(pl.col(TOLD).eq_missing(band)).drop(TOLD)
    nothing = {name: getattr(counts, name).clear() for name in ("people", "areas", "origins", "items", "twilight")}
    return Detail(replace(counts, cells=cells, profiles=profiles, clusters=clusters, **nothing))


def _take_away(profiles: pl.DataFrame, ages: pl.DataFrame) -> pl.DataFrame:
    others = ages.select(*PROFILE_KEYS, -pl.col("searches"))
    both = pl.concat([profiles.select(*PROFILE_KEYS, "searches"), others])
    return both.group_by(PROFILE_KEYS).agg(pl.col("searches").sum()).filter(pl.col("searches") > 0).sort(PROFILE_KEYS)


def _count_cells(profiles: pl.DataFrame, basis: str) -> pl.DataFrame:
    """Count CELL_COUNTS of profiles; what an extract itself says of finds is not counted by age."""
    conditions = {"searches": pl.lit(True)} | {
        name: met for name, met in list_conditions().items() if set(met.meta.root_names()) <= set(profiles.columns)
    }
    counted = [pl.col("searches").filter(met.fill_null(False)).sum().alias(name) for name, met in conditions.items()]
    absent = [pl.lit(0, pl.Int64).alias(name) for name in CELL_COUNTS if name not in conditions]
    group = pl.col(GROUP_COLUMN[basis]).fill_null(NOT_RECORDED).alias("ethnic_group")
    keyed = profiles.with_columns(group, ethnicity_basis=pl.lit(basis))
    return keyed.group_by(CELL_KEYS).agg(counted).with_columns(absent).select(*CELL_KEYS, *CELL_COUNTS).sort(CELL_KEYS)
