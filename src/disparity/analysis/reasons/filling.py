"""Searches of unknown ethnicity shared out among the groups, and where officer-defined ethnicity cannot help."""

from collections.abc import Sequence

import polars as pl

from disparity.disclosure.labels import measure_agreement
from disparity.disclosure.open import Detail
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, OFFICER_DEFINED, REFERENCE_GROUP
from disparity.vocabulary.statuses import RESTRICTED_LABELS
from disparity.vocabulary.thresholds import FEWEST_LABELS, LOWEST_AGREEMENT

SPANS = ("force", "period_from", "period_to")
# What a search of unknown ethnicity is recognised by.
TRAITS = ("officer_defined_group", "outcome_kind", "find_status", "search_type", "quarter", "month")
# What is counted of each group: searches, finds, and searches whose record says whether there was one.
FILLED_COUNTS = ("searches", "found", "with_result")
UNKNOWN = "unknown"


def lay_out(counts: Detail, periods: pl.DataFrame) -> pl.DataFrame:
    """Count searches by SPANS and TRAITS: a column for each group, and `unknown` for no known ethnicity."""
    own, searches = pl.col("self_defined_group"), pl.col("searches")
    return (
        counts.profiles.join(periods, on="month")
        .with_columns(pl.col("month").dt.truncate("1q").alias("quarter"))
        .group_by(*SPANS, *TRAITS)
        .agg(
            *(searches.filter(own == group).sum().alias(group) for group in ETHNIC_GROUPS),
            searches.filter(~own.is_in(ETHNIC_GROUPS).fill_null(False)).sum().alias(UNKNOWN),
        )
        .sort(*SPANS, *TRAITS)
    )


def share_out(cells: pl.DataFrame, strata: Sequence[tuple[str, ...]]) -> pl.DataFrame:
    """Add to each group its share of the searches of unknown ethnicity, cell by cell.

    filled = known + unknown x (known of the group / known of all groups), shares within the first of `strata`
    that has a search of known ethnicity, at last within the force and period. A stratum that is blank is none.
    """
    levels = []
    for keys in (*strata, ()):
        known = [pl.col(group).sum().over(*SPANS, *keys) for group in ETHNIC_GROUPS]
        total = pl.sum_horizontal(known)
        is_stratum = pl.all_horizontal(total > 0, *(pl.col(key).is_not_null() for key in keys))
        levels.append([pl.when(is_stratum).then(part / total) for part in known])
    shares = [pl.coalesce(of_group) for of_group in zip(*levels, strict=True)]
    return cells.with_columns(
        pl.col(group) + pl.col(UNKNOWN) * share for group, share in zip(ETHNIC_GROUPS, shares, strict=True)
    )


def add_up(filled: pl.DataFrame) -> pl.DataFrame:
    """Add filled cells up: SPANS, ethnic_group and FILLED_COUNTS, which need not be whole."""
    index = [*SPANS, "find_status"]
    long = filled.unpivot(ETHNIC_GROUPS, index=index, variable_name="ethnic_group", value_name="searches")
    status, searches = pl.col("find_status"), pl.col("searches")
    sums = long.group_by(*SPANS, "ethnic_group").agg(
        searches.sum(),
        found=searches.filter(status == "found").sum(),
        with_result=searches.filter(status.is_in(["found", "not_found"])).sum(),
    )
    return sums.sort(*SPANS, "ethnic_group")


def doubt_officers(counts: Detail, periods: pl.DataFrame, estimates: pl.DataFrame) -> pl.DataFrame:
    """Say of each force, period and group why officer-defined ethnicity cannot indicate the self-defined one.

    Returns:
        SPANS, ethnic_group, `doubt` (in words; null: it can be used) and `is_basis_doubted` (true where it
        can be used for no group, because too few groups are in use or the two bases agree too little).
    """
    agreement = measure_agreement(counts.ethnicities.join(periods, on="month"))
    shares = estimates.filter(measure="search_share", ethnicity_basis=OFFICER_DEFINED, search_type=ALL)
    officers = shares.join(agreement, on=SPANS, how="left")
    is_restricted = pl.col("status") == RESTRICTED_LABELS
    is_reference = pl.col("ethnic_group") == REFERENCE_GROUP
    few = (pl.col("numerator") > 0).sum().over(SPANS) < FEWEST_LABELS[OFFICER_DEFINED]
    apart = ~(pl.col("kappa") >= LOWEST_AGREEMENT).fill_null(False)
    unused = pl.concat_str(pl.lit("officers never recorded the group "), "ethnic_group")
    doubt = (
        pl.when(few)
        .then(pl.lit("too few officer-defined groups are in use"))
        .when(apart)
        .then(pl.lit("officer- and self-defined ethnicity agree too little"))
        .when(is_restricted)
        .then(unused)
        .when((is_restricted & is_reference).any().over(SPANS))
        .then(pl.lit(f"officers never recorded the group {REFERENCE_GROUP}"))
    )
    return officers.select(*SPANS, "ethnic_group", doubt.alias("doubt"), is_basis_doubted=few | apart)
