"""The odds of a find, group against reference."""

import polars as pl

from disparity.analysis.comparisons import finite
from disparity.analysis.reasons.rows import list_reasons, name_analysis
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.statistics.intervals import odds_ratio_conditional
from disparity.vocabulary.codes import REFERENCE_GROUP
from disparity.vocabulary.statuses import MEASURED

ODDS_RATIO = "find_rate_odds_ratio"


def compare_odds(estimates: pl.DataFrame, comparisons: pl.DataFrame) -> pl.DataFrame:
    """Give the conditional odds ratio of a find for every tested comparison: REASON_COLUMNS."""
    keys = [*PERIOD_KEYS, "search_type"]
    tested = comparisons.filter(measure="find_rate", status=MEASURED).drop_nulls("p_value")
    finds = estimates.filter(measure="find_rate").select(*keys, "ethnic_group", x="numerator", n="denominator")
    reference = finds.filter(ethnic_group=REFERENCE_GROUP).drop("ethnic_group")
    cells = tested.join(finds, on=[*keys, "ethnic_group"]).join(reference, on=keys)
    odds, lower, upper = odds_ratio_conditional(
        *(cells[name].cast(pl.Float64).to_numpy() for name in ("x", "n", "x_right", "n_right"))
    )
    rows = cells.with_columns(
        name_analysis(ODDS_RATIO),
        component=pl.col("search_type"),
        value=finite(odds),
        lower=finite(lower),
        upper=finite(upper),
        note=pl.lit("conditional odds ratio of a find, exact interval"),
    )
    return list_reasons(rows)
