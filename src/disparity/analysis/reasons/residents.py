"""What a ratio of search rates is on other counts of residents, and how many residents would make the rates equal."""

import polars as pl

from disparity.analysis.reasons.rows import list_reasons
from disparity.sources.population import HEADLINE
from disparity.vocabulary.codes import ALL, REFERENCE_GROUP, SELF_DEFINED

RESIDENTS = "residents"
NEEDED = "needed_for_equal_rates"
SPANS = ["force", "period_from", "period_to"]


def recount_residents(estimates: pl.DataFrame, ratios: pl.DataFrame, bases: pl.DataFrame) -> pl.DataFrame:
    """Set each ratio of search rates on every other base: populations can move more than searches do.

    ratio = (Nc / Pc) / (Nr / Pr), with N searches in the period and P residents of the base; its limits are those of
    the ratio on the headline base, times ratio / that ratio. needed_for_equal_rates = Nc Pr / Nr, with Pr of the
    headline base: so many residents of the group there would have to have been.

    Args:
        bases: as `list_bases` gives them.

    Returns:
        REASON_COLUMNS for all types of search and self-defined ethnicity: components are the codes of the bases but the
        headline's, whose ratio is that of the comparison, and needed_for_equal_rates (residents; no neutral value).
        A base on which a group has no residents has no row, and a group without a search needs no number of them.
    """
    own = {"search_type": ALL, "ethnicity_basis": SELF_DEFINED}
    searches = estimates.filter(measure="search_rate", **own).select(*SPANS, "ethnic_group", N="numerator")
    people = bases.filter(pl.col("population") > 0).join(searches, on=[*SPANS, "ethnic_group"])
    reference = people.filter(ethnic_group=REFERENCE_GROUP).select(
        *SPANS, "base", reference_N="N", reference_population="population"
    )
    rows = (
        ratios.filter(**own)
        .drop("base", "role", strict=False)
        .join(people, on=[*SPANS, "ethnic_group"])
        .join(reference, on=[*SPANS, "base"])
        .filter(pl.col("reference_N") > 0)
        .with_columns(analysis=pl.lit(RESIDENTS), lower=pl.lit(None, pl.Float64), upper=pl.lit(None, pl.Float64))
    )
    is_headline = pl.col("role") == HEADLINE
    value = (pl.col("N") / pl.col("population")) / (pl.col("reference_N") / pl.col("reference_population"))
    scale = pl.col("value") / pl.col("ratio")
    headline = rows.filter(is_headline).select(*SPANS, "ethnic_group", used="population_base")
    others = (
        rows.filter(~is_headline)
        .join(headline, on=[*SPANS, "ethnic_group"])
        .with_columns(component=pl.col("base"), value=value)
        .with_columns(lower=pl.col("ratio_lower") * scale, upper=pl.col("ratio_upper") * scale)
        .with_columns(pl.col("lower", "upper").fill_nan(None))
        .with_columns(note=pl.format("residents: {}, instead of {}", "population_base", "used"))
    )
    needed = rows.filter(is_headline, pl.col("N") > 0).with_columns(
        component=pl.lit(NEEDED),
        value=pl.col("N") * pl.col("reference_population") / pl.col("reference_N"),
        note=pl.format(
            "residents of the group at which the rates would be equal; {}, {} are counted",
            "population_base",
            pl.col("population").round(0).cast(pl.Int64),
        ),
    )
    return pl.concat([list_reasons(others), list_reasons(needed)])
