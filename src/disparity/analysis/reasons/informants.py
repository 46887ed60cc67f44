"""Where the other basis of ethnicity cannot tell of searches whose ethnicity is unknown on the one."""

import polars as pl

from disparity.analysis.reasons.filling import OTHER_BASIS, SPANS
from disparity.disclosure.labels import measure_agreement
from disparity.disclosure.open import Detail
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.vocabulary.codes import ALL, OFFICER_DEFINED, REFERENCE_GROUP
from disparity.vocabulary.statuses import RESTRICTED_LABELS
from disparity.vocabulary.thresholds import COPIED_AGREEMENT, FEWEST_LABELS, LOWEST_AGREEMENT


def doubt_informants(counts: Detail, periods: pl.DataFrame, estimates: pl.DataFrame) -> pl.DataFrame:
    """Say of each force, period, basis and group why the other basis cannot tell of unknown ethnicity.

    Returns:
        PERIOD_KEYS (the basis on which ethnicity is unknown), ethnic_group and `doubt`, in words; null: it can tell.
    """
    agreement = measure_agreement(counts.ethnicities.join(periods, on="month"))
    informants = estimates.filter(measure="search_share", search_type=ALL).join(agreement, on=SPANS, how="left")
    is_restricted, is_officers = pl.col("status") == RESTRICTED_LABELS, pl.col("ethnicity_basis") == OFFICER_DEFINED
    is_reference = pl.col("ethnic_group") == REFERENCE_GROUP
    few = (
        pl.when(is_officers)
        .then((pl.col("numerator") > 0).sum().over(PERIOD_KEYS) < FEWEST_LABELS[OFFICER_DEFINED])
        .otherwise(is_restricted.all().over(PERIOD_KEYS))
    )
    never = pl.when(is_officers).then(pl.lit("officers never recorded the group ")).otherwise(pl.lit("no one stated "))
    doubt = (
        pl.when(few)
        .then(pl.concat_str(pl.lit("too few "), "ethnicity_basis", pl.lit(" groups are in use")))
        .when(~(pl.col("kappa") >= LOWEST_AGREEMENT).fill_null(False))
        .then(pl.lit("officer- and self-defined ethnicity agree too little"))
        .when(pl.col("kappa") >= COPIED_AGREEMENT)
        .then(pl.lit("officer- and self-defined ethnicity are all but the same: one was copied from the other"))
        .when(is_restricted)
        .then(never + pl.col("ethnic_group"))
        .when((is_restricted & is_reference).any().over(PERIOD_KEYS))
        .then(never + pl.lit(REFERENCE_GROUP))
    )
    told = informants.with_columns(doubt=doubt, ethnicity_basis=pl.col("ethnicity_basis").replace_strict(OTHER_BASIS))
    return told.select(*PERIOD_KEYS, "ethnic_group", "doubt")
