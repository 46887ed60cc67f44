"""What searches that are not independent do to the interval of a ratio of search rates."""

import polars as pl

from disparity.analysis.comparisons import finite
from disparity.analysis.reasons.rows import REASON_COLUMNS, list_components
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.statistics.dispersion import widen_interval
from disparity.vocabulary.codes import ALL, SELF_DEFINED

OVERDISPERSION = "overdispersion"
NOT_KNOWN = "; not known: too few months with a search, or no search of the group"
NOTES = {
    "phi": "how many times more the group's share of each month's searches varies than independent searches would",
    "ratio": "ratio of search rates, its interval widened by the square root of phi where that is above one",
    "months": "months with a search of either group",
}


def widen_for_dispersion(dispersion: pl.DataFrame, comparisons: pl.DataFrame) -> pl.DataFrame:
    """Widen the interval of each ratio of search rates by how much the months vary more than chance.

    limits = ratio x (limit / ratio) ^ √phi

    Args:
        dispersion: as `measure_dispersion` gives it.

    Returns:
        REASON_COLUMNS, for all types of search and self-defined ethnicity, wherever a ratio is given: `phi` (1 is
        what independent searches give), `ratio` with the widened limits (the unwidened ones are in the
        comparisons), and `months`. phi and the limits are null with fewer than 6 months, or no search of the group.

    Source: McCullagh and Nelder (1989).
    """
    own = comparisons.filter(measure="search_rate", search_type=ALL, ethnicity_basis=SELF_DEFINED)
    keys = [*PERIOD_KEYS, "ethnic_group", "search_type"]
    ratios = own.drop_nulls("ratio").join(dispersion, on=keys, how="left", maintain_order="left")
    columns = ("ratio_lower", "ratio", "ratio_upper", "phi")
    lower, upper = widen_interval(*(ratios[name].fill_null(float("nan")).to_numpy() for name in columns))
    results = ratios.with_columns(
        ratio_lower=finite(lower),
        ratio_upper=finite(upper),
        analysis=pl.lit(OVERDISPERSION),
        months=pl.col("months").cast(pl.Float64),
        prefix=pl.lit(""),
        remark=pl.when(pl.col("phi").is_null()).then(pl.lit(NOT_KNOWN)).otherwise(pl.lit("")),
    )
    return list_components(results, NOTES).sort(REASON_COLUMNS[:7])
