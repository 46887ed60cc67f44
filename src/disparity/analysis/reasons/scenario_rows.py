"""How the scenarios of unknown ethnicity read as rows of reasons, and why a row has no value."""

import polars as pl

from disparity.analysis.reasons.filling import SPANS
from disparity.analysis.reasons.rows import REASON_COLUMNS, list_reasons
from disparity.vocabulary.codes import REFERENCE_GROUP

LEFT_OUT, PROPORTIONAL, PROPORTIONAL_BY_TYPE = "left_out", "proportional", "proportional_by_type"
OFFICER_INFORMED, SELF_INFORMED = "officer_informed", "self_informed"
IMPUTED, FRACTION_MISSING = "imputed", "imputed_fraction_missing"
ALL_REFERENCE, ALL_GROUP = "all_reference", "all_group"
LOWEST, HIGHEST = "lowest", "highest"
NOT_USED = "not used: "
NONE_KNOWN = "too few searches, or finds, of known ethnicity"
NOTES = {
    LEFT_OUT: "searches of unknown ethnicity left out, as in official statistics; lower and upper: chance alone",
    PROPORTIONAL: "searches of unknown ethnicity shared out as the known ones are: the same ratio as leaving them out",
    PROPORTIONAL_BY_TYPE: "searches of unknown ethnicity shared out as the known ones of the month and search type",
    OFFICER_INFORMED: "searches of unknown ethnicity shared out by what officers recorded",
    IMPUTED: "unknown ethnicity filled in many times over, from what else is recorded of the search; "
    "lower and upper: chance and filling in together",
    FRACTION_MISSING: "share of the information that is lost to unknown ethnicity, given what else is recorded",
    ALL_REFERENCE: "every search of unknown ethnicity counted to the reference group",
    ALL_GROUP: "every search of unknown ethnicity counted to the group",
    LOWEST: "every search of unknown ethnicity placed so that the difference is lowest",
    HIGHEST: "every search of unknown ethnicity placed so that the difference is highest",
}
# Of what has a result, the searches are shared out among those with the same one.
WITHIN_RESULT = "; within the same result"


def make_rows(frame: pl.DataFrame, analysis: str, component: str, remark: str = "") -> pl.DataFrame:
    """Make REASON_COLUMNS of SPANS, ethnic_group, `value` and, if there are any, its interval and `refused`."""
    note = pl.lit(NOTES[component] + remark)
    if "refused" in frame.columns:
        note = pl.coalesce(pl.lit(NOT_USED) + pl.col("refused"), note)
    rows = frame.with_columns(
        reference_group=pl.lit(REFERENCE_GROUP),
        analysis=pl.lit(analysis),
        component=pl.lit(component),
        note=note,
    )
    return list_reasons(rows)


def make_pooled_rows(frame: pl.DataFrame, analysis: str) -> pl.DataFrame:
    """Make the rows of what was imputed and of the information missing.

    Args:
        frame: SPANS, ethnic_group, doubt, value, lower, upper and fraction_missing.
    """
    refused = pl.when(pl.col("value").is_null()).then(pl.lit(NONE_KNOWN))
    pooled = frame.with_columns(refused=refused)
    fractions = pooled.select(*SPANS, "ethnic_group", "doubt", "refused", value="fraction_missing")
    rows = [
        make_rows(part, analysis, component).with_columns(part["doubt"], part["refused"])
        for part, component in ((pooled, IMPUTED), (fractions, FRACTION_MISSING))
    ]
    without = pl.lit("; without officer-defined ethnicity: ") + pl.col("doubt")
    is_said = pl.col("doubt").is_not_null() & pl.col("refused").is_null()
    note = pl.when(is_said).then(pl.col("note") + without).otherwise("note")
    return pl.concat(rows).with_columns(note.alias("note")).select(REASON_COLUMNS)
