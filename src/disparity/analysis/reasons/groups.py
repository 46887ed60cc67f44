"""All ethnic groups at once: is the outcome of a search related to ethnicity at all, and how strongly."""

import numpy as np
import polars as pl

from disparity.analysis.comparisons import adjust, finite
from disparity.analysis.measures.pairs import spread
from disparity.analysis.reasons.rows import REASON_COLUMNS, list_components, name_analysis
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.statistics.contingency import chi_square_test, cramers_v, monte_carlo_test
from disparity.statistics.significance import SMALLEST_EXPECTED_COUNT
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS
from disparity.vocabulary.statuses import MEASURED, SMALL

BY_ETHNICITY = {measure: f"{measure}_by_ethnicity" for measure in ("find_rate", "arrest_rate", "action_rate")}
# Standard error of a p of 0.05: 0.002.
SAMPLES = 9_999
EVERY_GROUP_NOTE = "all ethnic groups at once"
NOTES = {
    "cramers_v": f"{EVERY_GROUP_NOTE}: Cramér's V corrected for bias (Bergsma), from none to one",
    "chi_square": f"{EVERY_GROUP_NOTE}: Pearson's chi-square, no correction",
    "degrees_of_freedom": f"{EVERY_GROUP_NOTE}: of the chi-square",
    "smallest_expected_count": f"{EVERY_GROUP_NOTE}: the smallest count expected without a relation",
    "p": f"{EVERY_GROUP_NOTE}: of the chi-square; every expected count is large enough",
    "p_monte_carlo": f"{EVERY_GROUP_NOTE}: by drawing tables with the same totals; an expected count is too small "
    "for the chi-square",
    "p_adjusted": "adjusted for all comparisons of the force in this analysis (Benjamini-Hochberg)",
}


def compare_all_groups(estimates: pl.DataFrame, comparisons: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Test the find, arrest and action rate of all five groups at once, by type of search.

    A table of groups by outcome (true of the search or not), of searches that record it. Analyses
    `find_rate_by_ethnicity`, `arrest_rate_by_ethnicity`, `action_rate_by_ethnicity`; `ethnic_group` is All and
    there is no reference group. A component is a statistic of NOTES, over all types of search; of one type, its
    name is put in front ("drugs: cramers_v").

    A table is tested where at least one of its comparisons with the reference group is, and every group's rate is
    measured or small: a small group is no reason to leave it out of a table whose p allows for small counts. A
    group without a search is no row of the table.

    Args:
        seed: of the tables drawn where an expected count is under 5.

    Returns:
        REASON_COLUMNS with `value` only: V from 0 (neutral) to 1, chi-square and counts without unit, p from 0 to 1.
        Of `p` and `p_monte_carlo` a table has the one that holds for it; `p_adjusted` adjusts either, within
        force and analysis.

    Source: Pearson (1900); Cramér (1946); Bergsma (2013); Cochran (1954) for the choice of p.
    """
    keys = ["measure", *PERIOD_KEYS, "search_type"]
    tested = comparisons.filter(pl.col("status") == MEASURED, pl.col("p_value").is_not_null()).select(keys).unique()
    asked = pl.col("measure").is_in(list(BY_ETHNICITY)), pl.col("ethnic_group").is_in(ETHNIC_GROUPS)
    groups = estimates.filter(*asked, pl.col("denominator") > 0).join(tested, on=keys, how="semi")
    is_whole = pl.col("status").is_in([MEASURED, SMALL]).all().over(keys)
    groups = groups.filter(is_whole).select(*keys, "ethnic_group", "numerator", "denominator")
    rows = groups.select(keys).unique().sort(keys).with_row_index("row")
    found, known = spread(groups.join(rows, on=keys), rows.height, "ethnic_group", ("numerator", "denominator"))
    return _list(rows.with_columns(_measure(np.stack([found, known - found], axis=-1), seed)))


def _measure(tables: np.ndarray, seed: int) -> list[pl.Series]:
    statistic, degrees_of_freedom, p, smallest = chi_square_test(tables)
    is_sparse = smallest < SMALLEST_EXPECTED_COUNT
    drawn = np.full(p.shape, np.nan)
    drawn[is_sparse] = monte_carlo_test(tables[is_sparse], samples=SAMPLES, seed=seed)
    columns = {
        **{"cramers_v": cramers_v(tables).corrected, "chi_square": statistic},
        **{"degrees_of_freedom": degrees_of_freedom, "smallest_expected_count": smallest},
        **{"p": np.where(is_sparse, np.nan, p), "p_monte_carlo": drawn},
    }
    return [finite(values).alias(name) for name, values in columns.items()]


def _list(rows: pl.DataFrame) -> pl.DataFrame:
    is_all = pl.col("search_type") == ALL
    results = rows.with_columns(
        name_analysis(pl.col("measure").replace_strict(BY_ETHNICITY, return_dtype=pl.String)),
        either=pl.coalesce("p", "p_monte_carlo"),
        ethnic_group=pl.lit(ALL),
        prefix=pl.when(is_all).then(pl.lit("")).otherwise(pl.concat_str("search_type", pl.lit(": "))),
        remark=pl.lit(""),
    )
    # Within the force: who else is in the publication changes nothing.
    adjusted = results.with_columns(p_adjusted=adjust("either").over("force", "analysis"))
    return list_components(adjusted, NOTES).filter(pl.col("value").is_not_null()).sort(REASON_COLUMNS[:7])
