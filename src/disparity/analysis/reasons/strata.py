"""Find rates compared like with like: within types of search, within months, within areas."""

import numpy as np
import polars as pl

from disparity.analysis.comparisons import adjust, finite
from disparity.analysis.measures.gates import find_placed
from disparity.analysis.measures.pairs import spread_pairs
from disparity.analysis.reasons.rows import REASON_COLUMNS, list_components, name_analysis
from disparity.disclosure.open import Detail
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.records.unused_flags import find_unused_types
from disparity.statistics.intervals import FloatArray
from disparity.statistics.stratified import (
    breslow_day_test,
    cochran_mantel_haenszel_test,
    find_informative,
    mantel_haenszel_odds_ratio,
)
from disparity.vocabulary.codes import ALL, DRUG_TYPES, SELF_DEFINED
from disparity.vocabulary.statuses import MEASURED, NOT_MEASURABLE, PARTIAL, SMALL
from disparity.vocabulary.thresholds import SMALL_SEARCHES

FIND_RATE_GIVEN = "find_rate_given_"
# Analysis → its column of strata and the word for one of them.
STRATA = {"search_type": ("stratum", "type of search"), "month": ("month", "month"), "area": ("area", "area")}
NOTES = {
    "odds_ratio": "odds ratio of a find within each {stratum}, put together (Mantel-Haenszel)",
    "crude_odds_ratio": "odds ratio of a find over the searches of the same strata, not divided by {stratum}",
    "cmh_p": "Cochran-Mantel-Haenszel test of the odds ratio within each {stratum}, no continuity correction",
    "cmh_p_adjusted": "adjusted for all comparisons of the force in this analysis (Benjamini-Hochberg)",
    "homogeneity_p": "Breslow-Day test with Tarone's correction: a small p says that the odds ratio depends on the "
    "{stratum}",
    "homogeneity_p_adjusted": "adjusted for all comparisons of the force in this analysis (Benjamini-Hochberg)",
    "strata": "how many strata by {stratum} carry information: searches of both groups, finds and none",
}


def stratify_find_rates(counts: Detail, periods: pl.DataFrame, comparisons: pl.DataFrame) -> pl.DataFrame:
    """Compare each group's finds with the reference group's within strata, so that their mix cannot make the gap.

    Odds ratio of a find: Mantel-Haenszel over the strata, beside the crude one of the same searches. Analyses
    `find_rate_given_search_type`, `_month`, and `_area` (where half of the searches at least are in an area;
    self-defined ethnicity); drugs are one type of search. The components are those of NOTES.

    A comparison is made where the find rate over all types of search is measured for both groups. Types that
    do not use the linked flag (`records.unused_flags`) are left out, which the note says; over what is left both
    groups need 50 searches, as everywhere.

    Args:
        periods: month, period_from, period_to.

    Returns:
        REASON_COLUMNS. Neutral value of the odds ratios: 1. `value` of `strata` is a count, of the others
        a ratio or a p; a component that is not defined has no row; an odds ratio of 0 has no limits.

    Source: Mantel and Haenszel (1959); see `statistics.stratified`.
    """
    is_drugs = pl.col("search_type").is_in(DRUG_TYPES)
    stratum = pl.when(is_drugs).then(pl.lit("drugs")).otherwise("search_type").alias("stratum")
    added = {"stratum": stratum, "known": pl.col("found") + pl.col("not_found")}
    cells = counts.cells.join(periods, on="month").with_columns(**added)
    areas = (
        counts.areas.filter(pl.col("area").is_not_null())
        .join(periods, on="month")
        .join(find_placed(counts, counts.areas, periods), on=["force", "period_from", "period_to"], how="semi")
        .with_columns(**added, ethnicity_basis=pl.lit(SELF_DEFINED))
        .rename({"self_defined_group": "ethnic_group"})
    )
    unused = find_unused_types(cells, PERIOD_KEYS).with_columns(stratum)
    compared = _find_compared(comparisons).join(_name_unused(unused), on=PERIOD_KEYS, how="left")
    used = {
        name: (areas if name == "area" else cells).join(unused, on=[*PERIOD_KEYS, "search_type"], how="anti")
        for name in STRATA
    }
    return pl.concat(_stratify(rows, compared, name) for name, rows in used.items()).sort(REASON_COLUMNS[:7])


def _name_unused(unused: pl.DataFrame) -> pl.DataFrame:
    names = pl.col("stratum").unique().sort().str.join(", ")
    remark = pl.concat_str(pl.lit("; without the types of search whose actions are never linked: "), "types")
    return unused.group_by(PERIOD_KEYS).agg(names.alias("types")).select(*PERIOD_KEYS, remark.alias("remark"))


def _find_compared(comparisons: pl.DataFrame) -> pl.DataFrame:
    """Find the groups whose find rate, and the reference group's, is measured.

    The comparison over all types says so; or there is none for the types that do not use the flag, and a single type
    that is measured, or small, says so: partial evidence is partial for every type.
    """
    keys = [*PERIOD_KEYS, "ethnic_group", "reference_group"]
    finds = comparisons.filter(measure="find_rate")
    is_all = pl.col("search_type") == ALL
    single = finds.filter(~is_all, pl.col("status").is_in([MEASURED, SMALL])).select(keys).unique()
    withheld = finds.filter(is_all, pl.col("status").is_in([PARTIAL, NOT_MEASURABLE])).join(single, on=keys, how="semi")
    return pl.concat([finds.filter(is_all, pl.col("status") == MEASURED), withheld]).select(keys).sort(keys)


def _stratify(cells: pl.DataFrame, compared: pl.DataFrame, name: str) -> pl.DataFrame:
    stratum, word = STRATA[name]
    tables = spread_pairs(cells, compared, stratum, ("found", "known"))
    is_large = np.minimum(tables[1].sum(-1), tables[3].sum(-1)) >= SMALL_SEARCHES
    results = (
        compared.filter(pl.Series(is_large, dtype=pl.Boolean))
        .with_columns(
            *_measure([table[is_large] for table in tables]),
            name_analysis(FIND_RATE_GIVEN + name),
            pl.lit("").alias("prefix"),
            pl.col("remark").fill_null(""),
        )
        # Within the force: who else is in the publication changes nothing.
        .with_columns(adjust(p).over("force", "analysis").alias(f"{p}_adjusted") for p in ("cmh_p", "homogeneity_p"))
    )
    notes = {component: note.format(stratum=word) for component, note in NOTES.items()}
    return list_components(results, notes).filter(pl.col("value").is_not_null())


def _measure(cells: list[FloatArray]) -> list[pl.Series]:
    """Give the results; `cells` are found and known of the group, then of the reference group."""
    ratio = mantel_haenszel_odds_ratio(*cells)
    # Of the strata that the common one rests on: it would differ by the others too, and not by the mix alone.
    telling = find_informative(*cells)
    crude = mantel_haenszel_odds_ratio(*(np.where(telling, cell, 0).sum(-1, keepdims=True) for cell in cells))
    columns = {
        **{"odds_ratio": ratio.estimate, "odds_ratio_lower": ratio.lower, "odds_ratio_upper": ratio.upper},
        **{"crude_odds_ratio": crude.estimate, "crude_odds_ratio_lower": crude.lower},
        **{"crude_odds_ratio_upper": crude.upper, "strata": ratio.informative_strata},
        **{"cmh_p": cochran_mantel_haenszel_test(*cells).p, "homogeneity_p": breslow_day_test(*cells).p},
    }
    return [finite(values).alias(name) for name, values in columns.items()]
