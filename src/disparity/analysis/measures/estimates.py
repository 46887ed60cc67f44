"""Estimates of every measure, for every force, period, ethnicity basis, ethnic group and type of search."""

from collections.abc import Sequence

import polars as pl

from disparity.analysis.measures.clusters import NO_CLUSTERS, Clusters, shrink_samples
from disparity.analysis.measures.entries import (
    BY_OFFICER,
    BY_TYPE,
    ESTIMATE_COLUMNS,
    MEASURES,
    OVERALL,
    Measure,
    list_restricted,
)
from disparity.analysis.measures.flag_use import add_flag_use
from disparity.analysis.measures.gates import add_evidence, add_status
from disparity.disclosure.plan import OFFICER_GROUPS, Plan
from disparity.disclosure.protect import MOST_SUPPRESSED
from disparity.disclosure.tallies import GROUP_SUMS, PERIOD_KEYS, Tallies
from disparity.statistics.intervals import poisson_exact, wilson
from disparity.vocabulary.codes import ALL, EVERY_GROUP, FORCES_WITHOUT_RESIDENTS, SEARCH_TYPES, SELF_DEFINED
from disparity.vocabulary.statuses import NOT_MEASURABLE, PARTIAL, RESTRICTED_LABELS
from disparity.vocabulary.thresholds import COVERAGE_PARTIAL

# After the name of an interval: made of the effective sample, which clusters make smaller.
WITH_CLUSTERS = ", with clusters"
_n = pl.col("searches")


def estimate(
    tallies: Tallies,
    population: pl.DataFrame,
    submitted: pl.DataFrame,
    periods: pl.DataFrame,
    clusters: Clusters = NO_CLUSTERS,
) -> pl.DataFrame:
    """Estimate every measure for every force, period, ethnicity basis, ethnic group and search type.

    Args:
        tallies: protected; a count that is null is not published, and nor is what is made of it.
        population: force, period_from, period_to, ethnic_group, population (residents).
        submitted: force, month of every file there is; other months are missing, not zero.
        periods: month, period_from, period_to.
        clusters: as `gather_clusters` gives them; without them searches are taken to be independent.

    Returns:
        ESTIMATE_COLUMNS. `value`, `lower`, `upper` in the measure's unit (search rate per 1,000 residents
        a year, shares 0–1), null where `status` says why. `lower_bound` and `upper_bound` are what the
        value would be if no search or every search with unknown result counted.
    """
    cells = add_flag_use(lay_out_cells(tallies, population, submitted, periods))
    return estimate_cells(cells, clusters=clusters)


def lay_out_cells(
    tallies: Tallies, population: pl.DataFrame, submitted: pl.DataFrame, periods: pl.DataFrame
) -> pl.DataFrame:
    """Set beside each cell what its estimates rest on: residents, the totals it is a part of, what is recorded."""
    cells = _add_exposure(tallies.cells, population, submitted, periods)
    cells = _add_totals(cells).join(tallies.labels, on=PERIOD_KEYS, how="left")
    return cells.join(measure_drug_split(cells), on=PERIOD_KEYS, how="left")


def estimate_cells(
    cells: pl.DataFrame,
    ceiling: pl.DataFrame | None = None,
    *,
    clusters: Clusters = NO_CLUSTERS,
    measures: Sequence[Measure] = MEASURES,
) -> pl.DataFrame:
    """Estimate measures of cells.

    Args:
        cells: of `lay_out_cells` and `add_flag_use`, all of them or some.
        ceiling: measure, force, period_from, ethnic_group, ceiling: the best status a row may have, where
            a longer period decides.

    Returns:
        As `estimate`.
    """
    tables = [_estimate_one(_add_ceiling(cells, ceiling, measure), measure, clusters) for measure in measures]
    orders = {
        "measure": [measure.name for measure in measures],
        "search_type": [ALL, *SEARCH_TYPES],
        "ethnic_group": EVERY_GROUP,
    }
    return pl.concat(tables).sort(*PERIOD_KEYS, *(pl.col(name).cast(pl.Enum(words)) for name, words in orders.items()))


def _add_ceiling(cells: pl.DataFrame, ceiling: pl.DataFrame | None, measure: Measure) -> pl.DataFrame:
    if ceiling is None:
        return cells.with_columns(pl.lit(None, pl.String).alias("ceiling"))
    own = ceiling.filter(measure=measure.name).drop("measure")
    return cells.join(own, on=["force", "period_from", "ethnic_group"], how="left")


def _add_exposure(
    cells: pl.DataFrame, population: pl.DataFrame, submitted: pl.DataFrame, periods: pl.DataFrame
) -> pl.DataFrame:
    """Residents x months submitted / 12; null for a force without residents of its own."""
    spans = ["period_from", "period_to"]
    months = submitted.join(periods, on="month").group_by("force", *spans).agg(pl.len().alias("months_submitted"))
    asked = periods.group_by(spans).agg(pl.len().alias("months_asked"))
    residents = population.select("force", *spans, "ethnic_group", residents="population")
    has_residents = ~pl.col("force").is_in(FORCES_WITHOUT_RESIDENTS)
    return (
        cells.join(months, on=["force", *spans])
        .join(asked, on=spans)
        .join(residents, on=["force", *spans, "ethnic_group"], how="left")
        .with_columns(resident_years=pl.when(has_residents).then(pl.col("residents") * pl.col("months_submitted") / 12))
    )


def _add_totals(cells: pl.DataFrame) -> pl.DataFrame:
    """Set the totals that a row is a part of beside it; one that is not published is null, as `max` of it is."""
    by_type, by_group = [*PERIOD_KEYS, "search_type"], [*PERIOD_KEYS, "ethnic_group"]
    of_all = pl.col("ethnic_group") == ALL
    return cells.with_columns(
        _n.filter(pl.col("search_type") == ALL).max().over(by_group).alias("searches_of_group"),
        _n.filter(pl.col("search_type") == "drugs_unspecified").max().over(by_group).alias("unseparated_of_group"),
        _n.filter(of_all).max().over(by_type).alias("searches_of_all"),
        *(pl.col(name).filter(of_all).max().over(by_type) for name in GROUP_SUMS),
    )


def measure_drug_split(cells: pl.DataFrame) -> pl.DataFrame:
    """Give the share of drug searches that say whether possession or supply was suspected (null: no drug search)."""
    everyone = cells.filter(pl.col("ethnic_group") == ALL)
    drugs = _n.filter(pl.col("search_type") == "drugs").sum()
    # A count that is suppressed is taken at its largest: the gate errs on the side of saying less.
    unspecified = _n.filter(pl.col("search_type") == "drugs_unspecified").fill_null(MOST_SUPPRESSED).sum()
    return everyone.group_by(PERIOD_KEYS).agg((1 - unspecified / drugs).fill_nan(None).alias("drug_split"))


def _estimate_one(cells: pl.DataFrame, measure: Measure, clusters: Clusters) -> pl.DataFrame:
    rows = cells.filter(pl.col("ethnic_group").is_in(measure.groups))
    if measure.is_of_types:
        rows = rows.filter(pl.col("search_type") != ALL)
    rows = add_status(add_evidence(rows.with_columns(count_up(measure)), measure), measure)
    return add_values(rows, measure, clusters).select(ESTIMATE_COLUMNS)


def count_up(measure: Measure) -> list[pl.Expr]:
    """Give what a measure is counted from: measure, numerator, denominator, unknown."""
    return [
        pl.lit(measure.name).alias("measure"),
        measure.numerator.cast(pl.Int64).alias("numerator"),
        measure.denominator.cast(pl.Float64).alias("denominator"),
        (measure.unknown if measure.unknown is not None else pl.lit(None)).cast(pl.Int64).alias("unknown"),
    ]


def add_values(rows: pl.DataFrame, measure: Measure, clusters: Clusters = NO_CLUSTERS) -> pl.DataFrame:
    """Add value, interval and bounds as far as each row's status allows.

    Args:
        rows: numerator, denominator, unknown, status, search_type, drug_split, and the counts that the measure names.
    """
    return _blank_what_is_not_shown(_add_bounds(_add_value(rows, measure, clusters), measure))


def _add_value(rows: pl.DataFrame, measure: Measure, clusters: Clusters) -> pl.DataFrame:
    """Add value and interval: of the part of the sample that is worth as much as independent searches.

    Exact limits of few events and Wilson's stay within what is possible, and clusters make them wider.
    """
    plain = pl.col("numerator") / pl.col("denominator")
    resolved = measure.resolved if measure.resolved is not None else plain
    value = pl.when(pl.col("status") == PARTIAL).then(resolved).otherwise(plain)
    interval, method = (poisson_exact, "exact Poisson") if measure.is_per_residents else (wilson, "Wilson")
    part = shrink_samples(rows, measure, clusters)
    lower, upper = interval(part * rows["numerator"].to_numpy(), part * rows["denominator"].fill_null(0).to_numpy())
    limits = rows.with_columns(
        pl.when(pl.col("denominator") > 0).then(value).alias("value"),
        pl.Series("lower", lower).fill_nan(None),
        pl.Series("upper", upper).fill_nan(None),
        pl.when(pl.Series(part < 1))
        .then(pl.lit(method + WITH_CLUSTERS))
        .otherwise(pl.lit(method))
        .alias("interval_method"),
    )
    has_interval = ~pl.col("status").is_in([PARTIAL, NOT_MEASURABLE, RESTRICTED_LABELS]) & pl.col("value").is_not_null()
    return limits.with_columns(
        pl.when(has_interval).then(pl.col("lower", "upper", "interval_method")),
        pl.col("value").fill_nan(None),
    )


def _add_bounds(rows: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """What the rate would be if none, or all, of the searches with unknown result counted; null where none can be."""
    whole = measure.whole
    has_bounds = pl.col("unknown").is_not_null() & (whole > 0)
    return rows.with_columns(
        pl.when(has_bounds).then(pl.col("numerator") / whole).alias("lower_bound"),
        # Rounded counts of a restricted publication may add up to more than there are.
        pl.when(has_bounds)
        .then(
            ((pl.col("numerator") + pl.col("unknown")) / whole).clip(
                upper_bound=None if measure.is_per_residents else 1
            )
        )
        .alias("upper_bound"),
    )


def _blank_what_is_not_shown(rows: pl.DataFrame) -> pl.DataFrame:
    """No value we cannot stand behind; and no count where possession and supply were never separated."""
    unseparated = pl.col("search_type").is_in(["drugs_possession", "drugs_supply"]) & (
        pl.col("drug_split").fill_null(0) < COVERAGE_PARTIAL
    )
    is_restricted = pl.col("status") == RESTRICTED_LABELS
    return rows.with_columns(
        pl.when(~is_restricted, pl.col("status") != NOT_MEASURABLE).then("value").alias("value"),
        pl.when(~unseparated).then(pl.col("numerator", "denominator", "unknown")),
        pl.when(~unseparated, ~is_restricted).then(pl.col("lower_bound", "upper_bound")),
    )


def keep_planned(estimates: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Keep the estimates that the plan of a restricted publication holds the counts of."""
    is_group = pl.col("ethnic_group").is_in(OFFICER_GROUPS) | (pl.col("ethnic_group") == ALL)
    own, overall = pl.col("ethnicity_basis") == SELF_DEFINED, pl.col("search_type") == ALL
    by_type = pl.col("search_type").is_in(plan.types) | (pl.col("ethnic_group") == ALL)
    measure = pl.col("measure")
    return estimates.filter(
        (own & overall & measure.is_in(list_restricted(OVERALL)))
        | (own & ~overall & by_type & measure.is_in(list_restricted(BY_TYPE)))
        | (~own & overall & is_group & measure.is_in(list_restricted(BY_OFFICER)))
    )
