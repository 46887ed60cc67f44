"""Ratios of searches set against other populations than residents, each with what it takes for granted.

None of them is the right one: what a benchmark leaves out is what a ratio on it hides.
"""

import numpy as np
import polars as pl

from disparity.analysis.comparisons import compare, finite
from disparity.analysis.measures.clusters import Clusters
from disparity.analysis.reasons.decomposition import RATIO_OVER_AREAS, RATIO_OVER_FIFTHS
from disparity.analysis.reasons.rate_strata import MOST_UNPLACED
from disparity.analysis.reasons.standardised import AGE_SEX_STANDARDISED
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.project.benchmarks import RESIDENTS, SAME_AGES, SAME_FIFTHS, SAME_PLACES
from disparity.sources.population import HEADLINE
from disparity.statistics.standardised import indirect_ratio
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, REFERENCE_GROUP, SELF_DEFINED
from disparity.vocabulary.statuses import MEASURED, RESTRICTED_LABELS, SMALL
from disparity.vocabulary.thresholds import SMALL_NUMERATOR, SMALL_SEARCHES

SPAN = ["force", "period_from", "period_to"]
BENCHMARK_RATIO_COLUMNS = [
    *(*SPAN, "ethnic_group", "reference_group", "benchmark", "title", "ethnicity_basis"),
    *("benchmark_count", "benchmark_reference_count", "benchmark_period"),
    *("ratio", "ratio_lower", "ratio_upper", "status", "source", "assumes"),
]
# Of residents: benchmark, title, what it assumes.
OF_RESIDENTS = {
    RESIDENTS: (
        "Residents",
        "Assumes that all who live here could be searched alike. But visitors are searched and not counted, and nobody "
        "knows who was on the street.",
    ),
    SAME_AGES: (
        "Residents of the same ages and sexes",
        "Assumes that the search of more young men needs no explanation. If they are searched too readily, that is "
        "hidden here.",
    ),
    SAME_PLACES: (
        "Residents of the same areas",
        "Assumes that the choice of places needs no explanation. If some areas are searched too readily, that is "
        "hidden here.",
    ),
    SAME_FIFTHS: (
        "Residents of equally deprived neighbourhoods",
        "Assumes that more searches in deprived neighbourhoods need no explanation. If they are searched too readily, "
        "that is hidden here.",
    ),
}
# Benchmark → analysis and component of the reasons that it is.
FROM_REASONS = {
    SAME_AGES: (AGE_SEX_STANDARDISED, "ratio"),
    SAME_PLACES: (RATIO_OVER_AREAS, "within"),
    SAME_FIFTHS: (RATIO_OVER_FIFTHS, "mantel_haenszel"),
}


def set_against(
    estimates: pl.DataFrame,
    made: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame],
    benchmarks: pl.DataFrame,
    counted: tuple[pl.DataFrame, pl.DataFrame],
    clusters: Clusters,
) -> pl.DataFrame:
    """Set searches of each group against every benchmark, and against that of the reference group.

    ratio = (searches of the group / its benchmark) / (searches of the reference group / its benchmark)

    Of residents the ratios are those of the comparisons and reasons. Of others, limits are those of a ratio of search
    rates, exact or with clusters where that is wider, and the benchmark's counts are taken as known. With counts by age
    the ratio is searches / those expected at the reference group's searches for each count of the same age, and its
    limits are exact, with the design effect of the comparison.

    Args:
        made: comparisons, reasons and `bases` (residents, as `list_bases` gives them).
        benchmarks: as `read_benchmarks` gives them.
        counted: searches of people by force, month, self_defined_group and age_group; and the periods.

    Returns:
        BENCHMARK_RATIO_COLUMNS: a row for each group but the reference, and each benchmark that the force has of both.
        `ratio` has no unit, neutral value 1; there is no row where the labels of the basis cannot carry one, or the
        benchmark has none of a group. A null limit is infinite, or not known. `status` is small under 10 searches, or
        under 50 of a benchmark.
    """
    comparisons, reasons, bases = made
    searches = estimates.filter(measure="search_rate", search_type=ALL)
    tables = [*_of_residents(comparisons, reasons, bases)]
    for (_,), rows in benchmarks.group_by("benchmark", maintain_order=True):
        is_by_age = rows["age_group"].count() > 0
        found = _of_ages(rows, searches, counted, comparisons) if is_by_age else _of_counts(rows, searches, clusters)
        tables.append(found)
    order = pl.Enum([*OF_RESIDENTS, *benchmarks["benchmark"].unique(maintain_order=True)])
    listed = pl.concat(table.select(BENCHMARK_RATIO_COLUMNS) for table in tables)
    groups = pl.col("ethnic_group").cast(pl.Enum(ETHNIC_GROUPS))
    return listed.sort(*SPAN, pl.col("benchmark").cast(order), groups)


def _of_residents(comparisons: pl.DataFrame, reasons: pl.DataFrame, bases: pl.DataFrame) -> list[pl.DataFrame]:
    """The ratios that are published already, in the columns of the others."""
    own = comparisons.filter(measure="search_rate", search_type=ALL, ethnicity_basis=SELF_DEFINED)
    keys = [*SPAN, "ethnic_group"]
    limits = ["ratio", "ratio_lower", "ratio_upper"]
    people = bases.filter(role=HEADLINE).select(*keys, benchmark_count="population", benchmark_period="population_base")
    named = {RESIDENTS: own.select(*keys, *limits, "status")}
    for name, (analysis, component) in FROM_REASONS.items():
        rows = reasons.filter(analysis=analysis, component=component).join(own.select(*keys, "status"), on=keys)
        values = {limit: pl.col(part) for limit, part in zip(limits, ("value", "lower", "upper"), strict=True)}
        named[name] = rows.select(*keys, "status", **values).select(*keys, *limits, "status")
    return [
        _add_reference(rows.join(people, on=keys), people).with_columns(
            benchmark=pl.lit(name),
            title=pl.lit(OF_RESIDENTS[name][0]),
            ethnicity_basis=pl.lit(SELF_DEFINED),
            source=pl.lit("population.csv"),
            assumes=pl.lit(OF_RESIDENTS[name][1]),
        )
        for name, rows in named.items()
    ]


def _add_reference(rows: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """Add the reference group and its count, of rows of other groups that have a ratio."""
    reference = counts.filter(ethnic_group=REFERENCE_GROUP).select(*SPAN, benchmark_reference_count="benchmark_count")
    is_other = pl.col("ethnic_group") != REFERENCE_GROUP
    return (
        rows.filter(is_other, pl.col("ratio").is_not_null())
        .join(reference, on=SPAN)
        .with_columns(
            pl.col("benchmark_count", "benchmark_reference_count").round(0).cast(pl.Int64),
            reference_group=pl.lit(REFERENCE_GROUP),
        )
    )


def _of_counts(rows: pl.DataFrame, searches: pl.DataFrame, clusters: Clusters) -> pl.DataFrame:
    """Compare searches for each count of the benchmark as search rates are compared."""
    counts = rows.rename({"count": "benchmark_count"}).filter(pl.col("benchmark_count") > 0)
    paired = searches.join(counts, on=["force", "ethnicity_basis", "ethnic_group"])
    count = pl.col("benchmark_count").cast(pl.Float64)
    is_small = (pl.col("numerator") < SMALL_NUMERATOR) | (count < SMALL_SEARCHES)
    status = (
        pl.when(pl.col("status") == RESTRICTED_LABELS)
        .then("status")
        .otherwise(pl.when(is_small).then(pl.lit(SMALL)).otherwise(pl.lit(MEASURED)))
    )
    rates = paired.with_columns(denominator=count, value=pl.col("numerator") / count, status=status)
    columns = [*PERIOD_KEYS, "ethnic_group"]
    compared = compare(rates.select(searches.columns), clusters=clusters).select(
        *columns, "ratio", "ratio_lower", "ratio_upper", "status"
    )
    found = paired.drop("status").join(compared, on=columns)
    return _add_reference(found, paired)


def _of_ages(
    rows: pl.DataFrame,
    searches: pl.DataFrame,
    counted: tuple[pl.DataFrame, pl.DataFrame],
    comparisons: pl.DataFrame,
) -> pl.DataFrame:
    """Compare within the ages of the benchmark; nothing where a tenth of the searches give no age."""
    people, periods = counted
    keys = [*SPAN, "ethnic_group"]
    by_age = (
        people.join(periods, on="month")
        .rename({"self_defined_group": "ethnic_group"})
        .group_by(*keys, "age_group")
        .agg(pl.col("searches").sum())
    )
    unknown = by_age.group_by(SPAN).agg(
        unknown=pl.col("searches").filter(pl.col("age_group").is_null()).sum() / pl.col("searches").sum()
    )
    spans = searches.select(SPAN).unique().join(unknown.filter(pl.col("unknown") <= MOST_UNPLACED), on=SPAN)
    cells = rows.join(spans, on="force").join(by_age, on=[*keys, "age_group"], how="left")
    cells = cells.with_columns(pl.col("searches").fill_null(0))
    reference = cells.filter(ethnic_group=REFERENCE_GROUP).select(
        *SPAN, "age_group", at_reference=pl.col("searches") / pl.col("count")
    )
    expected = (pl.col("count") * pl.col("at_reference")).fill_nan(0).sum()
    first = [pl.col(name).first() for name in ("benchmark", "title", "benchmark_period", "source", "assumes")]
    totals = cells.join(reference, on=[*SPAN, "age_group"]).group_by(keys, maintain_order=True)
    found = totals.agg(
        *first, pl.col("count").sum().alias("benchmark_count"), pl.col("searches").sum(), expected=expected
    )
    effects = comparisons.filter(measure="search_rate", search_type=ALL, ethnicity_basis=SELF_DEFINED).select(
        *keys, effect=pl.col("design_effect").fill_null(1).clip(lower_bound=1)
    )
    found = found.join(effects, on=keys, how="left", maintain_order="left").with_columns(pl.col("effect").fill_null(1))
    effect = found["effect"].to_numpy()
    made = indirect_ratio(found["searches"].to_numpy() / effect, found["expected"].to_numpy() / effect)
    limits = dict(zip(("ratio", "ratio_lower", "ratio_upper"), map(finite, map(np.atleast_1d, made)), strict=True))
    is_small = (pl.col("searches") < SMALL_NUMERATOR) | (pl.col("benchmark_count") < SMALL_SEARCHES)
    named = found.with_columns(
        **limits,
        status=pl.when(is_small).then(pl.lit(SMALL)).otherwise(pl.lit(MEASURED)),
        ethnicity_basis=pl.lit(SELF_DEFINED),
    )
    return _add_reference(named, found)
