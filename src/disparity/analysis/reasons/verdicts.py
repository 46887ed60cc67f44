"""What the search rate and the find rate say together of the threshold for searching a group.

Either alone can mislead: who is searched more may be found more, and averages of find rates do not show the
searches at the margin. Together they say something where they point apart.
"""

from itertools import product

import polars as pl

from disparity.analysis.comparisons import HIGHER, LOWER, UNCLEAR, UNCOMPARED, UNMEASURED
from disparity.analysis.reasons.rows import list_reasons, name_analysis
from disparity.disclosure.tallies import PERIOD_KEYS
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
VERDICTS = (HIGHER, LOWER, UNCLEAR, UNMEASURED, UNCOMPARED)


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
    if search_rate == find_rate == UNCLEAR:
        return f"{INCONCLUSIVE}: {UNCLEAR} in search rates or find rates"
    if search_rate == UNCLEAR:
        return f"{INCONCLUSIVE}: {UNCLEAR} in search rates, {FOUND[find_rate]}"
    if find_rate == UNCLEAR:
        return f"{INCONCLUSIVE}: {SEARCHED[search_rate]}, {UNCLEAR} in find rates"
    combined = {(HIGHER, LOWER): LOWER_THRESHOLD, (LOWER, HIGHER): HIGHER_THRESHOLD}
    verdict = combined.get((search_rate, find_rate), INCONCLUSIVE)
    return f"{verdict}: {SEARCHED[search_rate]} and {FOUND[find_rate]}"


def combine_tests(comparisons: pl.DataFrame) -> pl.DataFrame:
    """Give the combined verdict of every group and type of search whose search rates are tested.

    Returns:
        REASON_COLUMNS: component the search type, `value` the ratio of search rates (no unit, neutral value
        1), no limits; the verdict and its reason are the note. All types together always have a row, with
        "not available" and what is lacking where there is no verdict. Both tests are adjusted for many
        comparisons; a verdict needs both, so its own error is no larger than either's.

    Source: as `combine_verdicts`.
    """
    keys = [*PERIOD_KEYS, "ethnic_group", "reference_group", "search_type"]
    found = comparisons.filter(measure="find_rate").select(*keys, found="verdict")
    notes = {"|".join(pair): combine_verdicts(*pair) for pair in product(VERDICTS, repeat=2)}
    is_asked = pl.col("p_value").is_not_null() | (pl.col("search_type") == ALL)
    combined = comparisons.filter(is_asked, measure="search_rate").join(found, on=keys)
    rows = combined.with_columns(
        name_analysis(COMBINED_VERDICT),
        component=pl.col("search_type"),
        value=pl.col("ratio"),
        note=pl.concat_str("verdict", "found", separator="|").replace_strict(notes, return_dtype=pl.String),
    )
    return list_reasons(rows)
