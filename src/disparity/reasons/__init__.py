"""What could lie behind a disparity, or make it look like one.

Scenario ranges and sampling intervals answer different questions and are never merged.
Definitions, section 4.
"""

import polars as pl

from disparity.reasons.bounds import MISSING_ETHNICITY, TIPPING_SHARE, bound_missing_ethnicity
from disparity.reasons.census import OTHER_CENSUS, recount_residents
from disparity.reasons.odds import ODDS_RATIO, compare_odds
from disparity.reasons.rows import REASON_COLUMNS

__all__ = [
    "MISSING_ETHNICITY",
    "ODDS_RATIO",
    "OTHER_CENSUS",
    "REASON_COLUMNS",
    "TIPPING_SHARE",
    "bound_missing_ethnicity",
    "explain",
    "recount_residents",
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
            compare_odds(estimates, comparisons),
        ]
    ).sort("force", "period_from", "analysis", "component", "ethnic_group")
