"""The scenarios of unknown ethnicity by name, how their rows read, and why a row has no value."""

import polars as pl

from disparity.analysis.reasons.filling import SPANS
from disparity.analysis.reasons.rows import REASON_COLUMNS, list_reasons
from disparity.statistics.rubin import Pooled
from disparity.vocabulary.codes import REFERENCE_GROUP

LEFT_OUT, PROPORTIONAL, PROPORTIONAL_BY_TYPE = "left_out", "proportional", "proportional_by_type"
OFFICER_INFORMED, IMPUTED, FRACTION_MISSING = "officer_informed", "imputed", "imputed_fraction_missing"
ALL_REFERENCE, ALL_GROUP = "all_reference", "all_group"
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
}


def make_rows(frame: pl.DataFrame, analysis: str, component: str) -> pl.DataFrame:
    """Make REASON_COLUMNS of a frame with SPANS, ethnic_group, `value` and, if there is one, its interval."""
    rows = frame.with_columns(
        reference_group=pl.lit(REFERENCE_GROUP),
        analysis=pl.lit(analysis),
        component=pl.lit(component),
        note=pl.lit(NOTES[component]),
    )
    return list_reasons(rows)


def refuse_doubted(rows: pl.DataFrame, doubts: pl.DataFrame) -> pl.DataFrame:
    """Blank what rests on officer-defined ethnicity where that is in doubt, and say why."""
    doubted = rows.join(doubts, on=[*SPANS, "ethnic_group"], how="left", maintain_order="left")
    return doubted.with_columns(
        pl.when(pl.col("doubt").is_null()).then(pl.col("value")).alias("value"),
        pl.coalesce(pl.lit(NOT_USED) + pl.col("doubt"), "note").alias("note"),
    ).select(REASON_COLUMNS)


def make_pooled_rows(frame: pl.DataFrame, pooled: Pooled, doubts: pl.DataFrame, analysis: str) -> pl.DataFrame:
    """Make the rows of what was imputed, one of `frame` and of `pooled` each, and of the information missing."""
    columns = {"value": pooled.estimate, "lower": pooled.lower, "upper": pooled.upper}
    places = frame.select(*SPANS, "ethnic_group")
    values = places.with_columns(pl.Series(name, column).fill_nan(None) for name, column in columns.items())
    fractions = places.with_columns(pl.Series("value", pooled.fraction_missing).fill_nan(None))
    rows = pl.concat([make_rows(values, analysis, IMPUTED), make_rows(fractions, analysis, FRACTION_MISSING)])
    doubted = rows.join(doubts, on=[*SPANS, "ethnic_group"], how="left", maintain_order="left")
    without = pl.lit("; without officer-defined ethnicity: ") + pl.col("doubt")
    return doubted.with_columns(
        pl.when(pl.col("value").is_null())
        .then(pl.lit(NOT_USED + NONE_KNOWN))
        .when(pl.col("is_basis_doubted"))
        .then(pl.col("note") + without)
        .otherwise(pl.col("note"))
        .alias("note")
    ).select(REASON_COLUMNS)
