"""What the searches of unknown ethnicity could make of a ratio, at most."""

import polars as pl

from disparity.analysis.reasons.rows import BASIS_SUFFIX, REASON_COLUMNS
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.vocabulary.codes import REFERENCE_GROUP

MISSING_ETHNICITY = "missing_ethnicity"
TIPPING_SHARE = "missing_ethnicity_tipping_share"


def bound_missing_ethnicity(estimates: pl.DataFrame, ratios: pl.DataFrame) -> pl.DataFrame:
    """Bound each ratio of search rates by what the searches of unknown ethnicity could have been.

    With N searches and E exposure of group c and reference r, and U searches of unknown ethnicity:
    lower = (Nc / Ec) / ((Nr + U) / Er), upper = ((Nc + U) / Ec) / (Nr / Er),
    tipping share q = (Ec (Nr + U) - Er Nc) / (U (Er + Ec)).

    Returns:
        REASON_COLUMNS, two rows a ratio; `upper` is null where the reference group has no search, q where
        no ethnicity is unknown. Neutral values: 1 for the ratio.
    """
    keys = [*PERIOD_KEYS, "search_type"]
    rates = estimates.filter(pl.col("measure") == "search_rate").select(
        *keys, "ethnic_group", N=pl.col("numerator"), E=pl.col("denominator")
    )
    unknown = estimates.filter(pl.col("measure") == "unknown_ethnicity_share", pl.col("ethnic_group") == "All").select(
        *keys, U=pl.col("numerator")
    )
    reference = rates.filter(pl.col("ethnic_group") == REFERENCE_GROUP).drop("ethnic_group")
    group, other, missing = pl.col("N") / pl.col("E"), pl.col("N_right") / pl.col("E_right"), pl.col("U")
    cells = (
        ratios.join(rates, on=[*keys, "ethnic_group"])
        .join(reference, on=keys)
        .join(unknown, on=keys)
        .with_columns(
            (group / ((pl.col("N_right") + missing) / pl.col("E_right"))).alias("lower"),
            pl.when(pl.col("N_right") > 0).then((pl.col("N") + missing) / pl.col("E") / other).alias("upper"),
            pl.when(missing > 0)
            .then(
                (pl.col("E") * (pl.col("N_right") + missing) - pl.col("E_right") * pl.col("N"))
                / (missing * (pl.col("E") + pl.col("E_right")))
            )
            .alias("tipping"),
        )
    )
    suffix = pl.col("ethnicity_basis").replace_strict(BASIS_SUFFIX, return_dtype=pl.String)
    attainable = pl.col("tipping").is_between(0, 1)
    tipping = cells.with_columns(
        pl.concat_str(pl.lit(TIPPING_SHARE), suffix).alias("analysis"),
        pl.col("tipping").alias("value"),
        pl.lit(None, pl.Float64).alias("lower"),
        pl.lit(None, pl.Float64).alias("upper"),
        pl.when(pl.col("tipping").is_null())
        .then(pl.lit("no search of unknown ethnicity"))
        .when(attainable)
        .then(pl.lit("equal rates are attainable"))
        .otherwise(pl.lit("equal rates are not attainable, whoever the searches of unknown ethnicity were of"))
        .alias("note"),
    )
    bounds = cells.with_columns(
        pl.concat_str(pl.lit(MISSING_ETHNICITY), suffix).alias("analysis"),
        pl.col("ratio").alias("value"),
        pl.lit("lower: every search of unknown ethnicity counted to the reference group; upper: to the group").alias(
            "note"
        ),
    )
    return pl.concat(
        [
            table.with_columns(pl.col("search_type").alias("component")).select(REASON_COLUMNS)
            for table in (bounds, tipping)
        ]
    )
