"""Which labels of ethnicity can carry a comparison of groups: a fact about a whole file, never about a person.

It is found on the exact counts in every publication: one bit for each force, period and basis.
"""

import polars as pl

from disparity.records.audit import files
from disparity.vocabulary.codes import OFFICER_DEFINED, SELF_DEFINED, group_of_ethnicity
from disparity.vocabulary.thresholds import FEWEST_LABELS, LABELS_NEED_SEARCHES, LOWEST_AGREEMENT

SPANS = ["force", "period_from", "period_to"]


def find_restricted_labels(ethnicities: pl.DataFrame) -> pl.DataFrame:
    """Find force-periods whose labels of one basis cannot carry a comparison of groups.

    Too few labels in use: others must have been folded into them. Or officer-defined ethnicity that agrees
    with self-defined ethnicity little better than chance: the column does not belong to its rows.
    """
    own, seen = pl.col("self_defined_ethnicity"), pl.col("officer_defined_group")
    used = (
        ethnicities.group_by(SPANS)
        .agg(
            pl.col("searches").sum().alias("period_searches"),
            own.filter(own != "NS").n_unique().alias(SELF_DEFINED),
            seen.drop_nulls().n_unique().alias(OFFICER_DEFINED),
        )
        .join(measure_agreement(ethnicities), on=SPANS, how="left")
    )
    index = [*SPANS, "period_searches", "both", "kappa"]
    long = used.unpivot([SELF_DEFINED, OFFICER_DEFINED], index=index, variable_name="ethnicity_basis")
    fewest = pl.col("ethnicity_basis").replace_strict(FEWEST_LABELS, return_dtype=pl.Int64)
    is_folded = (pl.col("period_searches") >= LABELS_NEED_SEARCHES) & (pl.col("value") < fewest)
    is_mismatched = (
        (pl.col("ethnicity_basis") == OFFICER_DEFINED)
        & (pl.col("both") >= LABELS_NEED_SEARCHES)
        & (pl.col("kappa") < LOWEST_AGREEMENT)
    )
    is_restricted = (is_folded | is_mismatched.fill_null(False)).alias("is_restricted")
    return long.select(*SPANS, "ethnicity_basis", "period_searches", is_restricted)


def measure_agreement(ethnicities: pl.DataFrame) -> pl.DataFrame:
    """Cohen's kappa of self- and officer-defined group by force and period, and the searches that have both."""
    own = pl.col("self_defined_ethnicity").replace_strict(group_of_ethnicity(), default=None, return_dtype=pl.String)
    return files.measure_agreement(ethnicities.with_columns(self_defined_group=own), by=SPANS)
