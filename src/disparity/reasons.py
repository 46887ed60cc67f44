"""What could lie behind a disparity, or make it look like one: here, ethnicity that is unknown.

Scenario ranges and sampling intervals answer different questions and are never merged.
Definitions, section 4.
"""

import polars as pl

from disparity.intervals import odds_ratio_conditional
from disparity.measures import MEASURED, PERIOD_KEYS
from disparity.vocabulary import ALL, OFFICER_DEFINED, REFERENCE_GROUP, SELF_DEFINED

MISSING_ETHNICITY = "missing_ethnicity"
TIPPING_SHARE = "missing_ethnicity_tipping_share"
OTHER_CENSUS = "other_census"
ODDS_RATIO = "find_rate_odds_ratio"
# reasons.csv has no column for the basis: the analysis carries it.
BASIS_SUFFIX = {SELF_DEFINED: "", OFFICER_DEFINED: "_officer_defined"}
REASON_COLUMNS = [
    *("force", "period_from", "period_to", "ethnic_group", "reference_group"),
    *("analysis", "component", "value", "lower", "upper", "note"),
]


def explain(
    estimates: pl.DataFrame, comparisons: pl.DataFrame, population: pl.DataFrame, censuses: pl.DataFrame
) -> pl.DataFrame:
    """Give every reason table in one: REASON_COLUMNS; `component` is the search type.

    Missing ethnicity: `value` is the ratio among searches of known ethnicity, `lower` and `upper` what it
    would be if every search of unknown ethnicity were of the reference group, or of the group.
    Tipping share: the share of them that would have to be of the group for equal rates; equality is
    attainable only from 0 to 1, and the note says whether it is.
    Other census: the ratio on the residents of the census that is not used for the period.
    Odds ratio: of a find, group against reference, conditional on both margins.
    """
    ratios = comparisons.filter(pl.col("measure") == "search_rate", pl.col("ratio").is_not_null())
    return pl.concat(
        [
            bound_missing_ethnicity(estimates, ratios),
            recount_residents(estimates, ratios, population, censuses),
            _compare_odds(estimates, comparisons),
        ]
    ).sort("force", "period_from", "analysis", "component", "ethnic_group")


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


def recount_residents(
    estimates: pl.DataFrame, ratios: pl.DataFrame, population: pl.DataFrame, censuses: pl.DataFrame
) -> pl.DataFrame:
    """Set each ratio of search rates on the other census: populations can move more than searches do.

    ratio = (Nc / Pc) / (Nr / Pr), with N searches in the period and P residents of the other census.

    Returns:
        REASON_COLUMNS with `value` only, for all types of search and self-defined ethnicity; no row where
        the publisher's own population is used.
    """
    spans = ["force", "period_from", "period_to"]
    searches = estimates.filter(
        pl.col("measure") == "search_rate", pl.col("search_type") == ALL, pl.col("ethnicity_basis") == SELF_DEFINED
    ).select(*spans, "ethnic_group", N=pl.col("numerator"))
    base = population.select(*spans, "population_base").unique()
    others = base.join(censuses.rename({"population_base": "other"}), on="force").filter(
        pl.col("population_base").is_in(censuses["population_base"].unique().to_list()),
        pl.col("population_base") != pl.col("other"),
    )
    rates = searches.join(others, on=[*spans, "ethnic_group"]).with_columns(rate=pl.col("N") / pl.col("population"))
    reference = rates.filter(pl.col("ethnic_group") == REFERENCE_GROUP).select(*spans, reference=pl.col("rate"))
    wanted = ratios.filter(pl.col("search_type") == ALL, pl.col("ethnicity_basis") == SELF_DEFINED)
    return (
        wanted.join(rates, on=[*spans, "ethnic_group"])
        .join(reference, on=spans)
        .with_columns(
            pl.lit(OTHER_CENSUS).alias("analysis"),
            pl.col("search_type").alias("component"),
            pl.when(pl.col("reference") > 0).then(pl.col("rate") / pl.col("reference")).alias("value"),
            pl.lit(None, pl.Float64).alias("lower"),
            pl.lit(None, pl.Float64).alias("upper"),
            pl.concat_str("other", pl.lit(" instead of "), "population_base").alias("note"),
        )
        .filter(pl.col("value").is_not_null())
        .select(REASON_COLUMNS)
    )


def _compare_odds(estimates: pl.DataFrame, comparisons: pl.DataFrame) -> pl.DataFrame:
    keys = [*PERIOD_KEYS, "search_type"]
    tested = comparisons.filter(
        pl.col("measure") == "find_rate", pl.col("status") == MEASURED, pl.col("p_value").is_not_null()
    )
    finds = estimates.filter(pl.col("measure") == "find_rate").select(
        *keys, "ethnic_group", x=pl.col("numerator"), n=pl.col("denominator")
    )
    reference = finds.filter(pl.col("ethnic_group") == REFERENCE_GROUP).drop("ethnic_group")
    cells = tested.join(finds, on=[*keys, "ethnic_group"]).join(reference, on=keys)
    odds, lower, upper = odds_ratio_conditional(
        *(cells[name].cast(pl.Float64).to_numpy() for name in ("x", "n", "x_right", "n_right"))
    )
    suffix = pl.col("ethnicity_basis").replace_strict(BASIS_SUFFIX, return_dtype=pl.String)
    columns = {"value": odds, "lower": lower, "upper": upper}
    return cells.with_columns(
        *(pl.when(pl.Series(limit).is_finite()).then(pl.Series(limit)).alias(name) for name, limit in columns.items()),
        pl.concat_str(pl.lit(ODDS_RATIO), suffix).alias("analysis"),
        pl.col("search_type").alias("component"),
        pl.lit("conditional odds ratio of a find, exact interval").alias("note"),
    ).select(REASON_COLUMNS)
