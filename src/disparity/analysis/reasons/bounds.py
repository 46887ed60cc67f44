"""What the searches of unknown ethnicity could make of a ratio, at most."""

import polars as pl

from disparity.analysis.reasons.rows import list_reasons, name_analysis
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.vocabulary.codes import ALL, REFERENCE_GROUP

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
    rates = estimates.filter(measure="search_rate").select(*keys, "ethnic_group", N="numerator", E="denominator")
    unknown = estimates.filter(measure="unknown_ethnicity_share", ethnic_group=ALL).select(*keys, U="numerator")
    reference = rates.filter(ethnic_group=REFERENCE_GROUP).drop("ethnic_group")
    joined = ratios.join(rates, on=[*keys, "ethnic_group"]).join(reference, on=keys).join(unknown, on=keys)
    cells = joined.with_columns(component=pl.col("search_type"))
    own, exposure, others, other_exposure, missing = map(pl.col, ("N", "E", "N_right", "E_right", "U"))
    bounds = cells.with_columns(
        name_analysis(MISSING_ETHNICITY),
        value=pl.col("ratio"),
        lower=own / exposure / ((others + missing) / other_exposure),
        upper=pl.when(others > 0).then((own + missing) / exposure / (others / other_exposure)),
        note=pl.lit("lower: every search of unknown ethnicity counted to the reference group; upper: to the group"),
    )
    share = (exposure * (others + missing) - other_exposure * own) / (missing * (exposure + other_exposure))
    tipping = cells.with_columns(value=pl.when(missing > 0).then(share)).with_columns(
        name_analysis(TIPPING_SHARE),
        note=pl.when(pl.col("value").is_null())
        .then(pl.lit("no search of unknown ethnicity"))
        .when(pl.col("value").is_between(0, 1))
        .then(pl.lit("equal rates are attainable"))
        .otherwise(pl.lit("equal rates are not attainable, whoever the searches of unknown ethnicity were of")),
    )
    return pl.concat([list_reasons(bounds), list_reasons(tipping)])
