"""What the search rate and the find rate say together of the threshold for searching a group.

Either alone can mislead: who is searched more may be found more, and averages of find rates do not show the
searches at the margin. Together they say something where they point apart.
"""

from itertools import product

import numpy as np
import polars as pl
from scipy import special

from disparity.analysis.comparisons import DEPENDS, HIGHER, LOWER, UNCLEAR, UNCOMPARED, UNMEASURED
from disparity.analysis.measures.clusters import floats
from disparity.analysis.measures.pairs import spread_pairs
from disparity.analysis.reasons.rows import list_reasons, name_analysis
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.statistics.stratified import cochran_mantel_haenszel_test, mantel_haenszel_odds_ratio
from disparity.vocabulary.codes import ALL

COMBINED_VERDICT = "combined_verdict"
LOWER_THRESHOLD, HIGHER_THRESHOLD = "lower threshold", "higher threshold"
INCONCLUSIVE, NOT_AVAILABLE = "inconclusive", "not available"
ASSUMPTION = (
    "The verdict assumes that, as the risk of carrying the item rises, the group's share of the people at that "
    "risk only rises or only falls (the monotone likelihood ratio), and that residents are the people who could "
    "be searched."
)
# A comparison's verdict → the word for the search rate, and for the find rate.
SEARCHED = {HIGHER: "searched more", LOWER: "searched less"}
FOUND = {HIGHER: "found more", LOWER: "found less"}
VERDICTS = (HIGHER, LOWER, DEPENDS, UNCLEAR, UNMEASURED, UNCOMPARED)


def combine_verdicts(search_rate: str, find_rate: str) -> str:
    """Give the combined verdict and its reason in words, from the verdicts of the two comparisons.

    searched more and found less: lower threshold; searched less and found more: higher threshold;
    any other pair of verdicts: inconclusive; a comparison that was not made: not available

    A lower threshold is evidence that people of the group are searched on less than people of the reference
    group would be. It holds under ASSUMPTION, and says nothing of why.

    Source: Gaebler and Goel (2024), a simple, statistically robust test of discrimination.

    >>> combine_verdicts("higher", "lower")
    'lower threshold: searched more and found less'
    >>> combine_verdicts("higher", "no clear difference")
    'inconclusive: searched more, no clear difference in find rates'
    """
    rates = {"search rates": search_rate, "find rates": find_rate}
    lacking = [f"{rate} {verdict}" for rate, verdict in rates.items() if verdict in (UNMEASURED, UNCOMPARED)]
    if lacking:
        return f"{NOT_AVAILABLE}: {', '.join(lacking)}"
    hanging = [rate for rate, verdict in rates.items() if verdict == DEPENDS]
    if hanging:
        return f"{INCONCLUSIVE}: the difference in {' and '.join(hanging)} depends on what is assumed"
    if search_rate == find_rate == UNCLEAR:
        return f"{INCONCLUSIVE}: {UNCLEAR} in search rates or find rates"
    if search_rate == UNCLEAR:
        return f"{INCONCLUSIVE}: {UNCLEAR} in search rates, {FOUND[find_rate]}"
    if find_rate == UNCLEAR:
        return f"{INCONCLUSIVE}: {SEARCHED[search_rate]}, {UNCLEAR} in find rates"
    combined = {(HIGHER, LOWER): LOWER_THRESHOLD, (LOWER, HIGHER): HIGHER_THRESHOLD}
    verdict = combined.get((search_rate, find_rate), INCONCLUSIVE)
    return f"{verdict}: {SEARCHED[search_rate]} and {FOUND[find_rate]}"


def combine_tests(comparisons: pl.DataFrame, estimates: pl.DataFrame) -> pl.DataFrame:
    """Give the combined verdict of every group and type of search whose search rates are tested.

    A verdict over all types of search needs a difference of find rates within types too: groups that are searched for
    different things differ in what is found, whatever the threshold. Within types: the Mantel-Haenszel odds ratio of a
    find over types of search, on the same side, with the p of the Cochran-Mantel-Haenszel test under the level of the
    difference over all types; its chi-square is divided by the design effect of that difference. And no type may have
    a stated difference of search rates or find rates on the other side: the assumption could not hold there.

    Args:
        comparisons: with their verdicts. estimates: of the same cells.

    Returns:
        REASON_COLUMNS: component the search type, `value` the ratio of search rates (no unit, neutral value
        1), no limits; the verdict and its reason are the note. All types together always have a row, with
        "not available" and what is lacking where there is no verdict. Both differences are stated, so that a verdict's
        own error is no larger than either's.

    Source: as `combine_verdicts`; Cochran (1954); Mantel and Haenszel (1959).
    """
    keys = [*PERIOD_KEYS, "ethnic_group", "reference_group", "search_type"]
    found = comparisons.filter(measure="find_rate").select(*keys, found="verdict")
    notes = {"|".join(pair): combine_verdicts(*pair) for pair in product(VERDICTS, repeat=2)}
    is_asked = pl.col("p_value").is_not_null() | (pl.col("search_type") == ALL)
    combined = comparisons.filter(is_asked, measure="search_rate").join(found, on=keys, maintain_order="left")
    group = [key for key in keys if key != "search_type"]
    sides = combined.join(_compare_within_types(comparisons, estimates), on=group, how="left", maintain_order="left")
    sides = sides.join(_find_contradicted(comparisons), on=group, how="left", maintain_order="left")
    note = pl.concat_str("verdict", "found", separator="|").replace_strict(notes, return_dtype=pl.String)
    is_over_types = (pl.col("search_type") == ALL) & note.str.contains(f"^({LOWER_THRESHOLD}|{HIGHER_THRESHOLD})")
    is_within = (pl.col("within") == pl.col("found")).fill_null(False)
    within = pl.format("but {} within types of search", pl.col("within").replace(FOUND).fill_null(UNCLEAR))
    but = (
        pl.when(is_over_types, ~is_within)
        .then(within)
        .when(is_over_types, pl.col("is_contradicted").fill_null(False))
        .then(pl.lit("but not in every type of search"))
    )
    apart = note.str.replace("^[^:]*: ", "")
    rows = sides.with_columns(
        name_analysis(COMBINED_VERDICT),
        component=pl.col("search_type"),
        value=pl.col("ratio"),
        note=pl.coalesce(pl.format(f"{INCONCLUSIVE}: {{}}, {{}}", apart, but), note),
    )
    return list_reasons(rows)


def _compare_within_types(comparisons: pl.DataFrame, estimates: pl.DataFrame) -> pl.DataFrame:
    """Say on which side a group's find rate is within types of search: `within`, a verdict."""
    keys = [*PERIOD_KEYS, "ethnic_group", "reference_group"]
    overall = comparisons.filter(pl.col("p_value").is_not_null(), measure="find_rate", search_type=ALL)
    pairs = overall.select(*keys, "level", "design_effect")
    # A find count that is not published says nothing of its type: taken for none, it would make a difference.
    leaves = (
        estimates.filter(~pl.col("search_type").is_in([ALL, "drugs"]), measure="find_rate")
        .select(*PERIOD_KEYS, "ethnic_group", "search_type", found="numerator", known="denominator")
        .drop_nulls(["found", "known"])
    )
    strata = spread_pairs(leaves, pairs, "search_type", ("found", "known"))
    effect = np.maximum(floats(pairs.with_columns(pl.col("design_effect").fill_null(1)), "design_effect"), 1)
    odds, test = mantel_haenszel_odds_ratio(*strata).estimate, cochran_mantel_haenszel_test(*strata)
    p = 2 * special.ndtr(-np.sqrt(test.statistic / effect))
    is_clear = p < floats(pairs, "level")
    within = np.where(is_clear & (odds > 1), HIGHER, np.where(is_clear & (odds < 1), LOWER, UNCLEAR))
    return pairs.select(keys).with_columns(within=pl.Series(within.tolist(), dtype=pl.String))


def _find_contradicted(comparisons: pl.DataFrame) -> pl.DataFrame:
    """Find the groups of which a type of search has a stated difference on the other side than all types have."""
    keys = [*PERIOD_KEYS, "ethnic_group", "reference_group"]
    both = comparisons.filter(pl.col("measure").is_in(["search_rate", "find_rate"]))
    overall = both.filter(search_type=ALL).select("measure", *keys, whole="verdict")
    types = both.filter(pl.col("search_type") != ALL).join(overall, on=["measure", *keys])
    sides = [HIGHER, LOWER]
    is_other = pl.col("verdict").is_in(sides) & pl.col("whole").is_in(sides) & (pl.col("verdict") != pl.col("whole"))
    return types.group_by(keys).agg(is_contradicted=is_other.any())
