"""What the other census makes of a ratio."""

import polars as pl

from disparity.analysis.reasons.rows import list_reasons
from disparity.vocabulary.codes import ALL, REFERENCE_GROUP, SELF_DEFINED

OTHER_CENSUS = "other_census"


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
    own = {"search_type": ALL, "ethnicity_basis": SELF_DEFINED}
    searches = estimates.filter(measure="search_rate", **own).select(*spans, "ethnic_group", N="numerator")
    base = population.select(*spans, "population_base").unique()
    others = base.join(censuses.rename({"population_base": "other"}), on="force").filter(
        pl.col("population_base").is_in(censuses["population_base"].unique().to_list()),
        pl.col("population_base") != pl.col("other"),
    )
    rates = searches.join(others, on=[*spans, "ethnic_group"]).with_columns(rate=pl.col("N") / pl.col("population"))
    reference = rates.filter(ethnic_group=REFERENCE_GROUP).select(*spans, reference="rate")
    pairs = ratios.filter(**own).join(rates, on=[*spans, "ethnic_group"]).join(reference, on=spans)
    rows = pairs.with_columns(
        analysis=pl.lit(OTHER_CENSUS),
        component=pl.col("search_type"),
        value=pl.when(pl.col("reference") > 0).then(pl.col("rate") / pl.col("reference")),
        note=pl.concat_str("other", pl.lit(" instead of "), "population_base"),
    )
    return list_reasons(rows.drop_nulls("value"))
