"""What is compared between forces: search rates, their ratio to the reference group's, and find rates."""

import polars as pl

from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, REFERENCE_GROUP, SELF_DEFINED

SEARCH_RATE_RATIO = "search_rate_ratio"
SPANS = ["force", "period_from", "period_to"]
RATE_COLUMNS = [
    *("measure", *SPANS, "ethnic_group", "value", "events", "exposure"),
    *("reference_events", "reference_exposure", "status"),
]


def gather_rates(estimates: pl.DataFrame, comparisons: pl.DataFrame) -> pl.DataFrame:
    """Gather what can be compared between forces, on self-defined ethnicity, over all types of search.

    Returns:
        measure (search_rate, search_rate_ratio, find_rate), force, period_from, period_to, ethnic_group,
        value, events and exposure (numerator and denominator of the group's rate), reference_events and
        reference_exposure (of the reference group; null but for ratios), status.
    """
    whole = {"search_type": ALL, "ethnicity_basis": SELF_DEFINED}
    rates = estimates.filter(**whole).select(
        *("measure", *PERIOD_KEYS, "ethnic_group", "value", "status"),
        events=pl.col("numerator").cast(pl.Float64),
        exposure="denominator",
    )
    is_asked = pl.col("measure").is_in(["search_rate", "find_rate"])
    blank = pl.lit(None, pl.Float64)
    plain = rates.filter(is_asked, pl.col("ethnic_group").is_in([ALL, *ETHNIC_GROUPS])).with_columns(
        reference_events=blank, reference_exposure=blank
    )
    ratios = _gather_ratios(rates, comparisons.filter(measure="search_rate", **whole))
    return pl.concat([plain.select(RATE_COLUMNS), ratios])


def _gather_ratios(rates: pl.DataFrame, comparisons: pl.DataFrame) -> pl.DataFrame:
    searched = rates.filter(measure="search_rate").select(*SPANS, "ethnic_group", "events", "exposure")
    reference = searched.filter(ethnic_group=REFERENCE_GROUP).drop("ethnic_group")
    return (
        comparisons.select(*SPANS, "ethnic_group", "status", value="ratio", measure=pl.lit(SEARCH_RATE_RATIO))
        .join(searched, on=[*SPANS, "ethnic_group"], how="left")
        .join(reference.rename({"events": "reference_events", "exposure": "reference_exposure"}), on=SPANS, how="left")
        .select(RATE_COLUMNS)
    )
