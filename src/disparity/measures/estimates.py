"""Estimates of every measure, for every force, period, ethnicity basis, ethnic group and type of search."""

import polars as pl

from disparity.counts import CELL_COUNTS, Counts
from disparity.measures.entries import (
    ESTIMATE_COLUMNS,
    MEASURES,
    NOT_MEASURABLE,
    PARTIAL,
    PER_RESIDENTS,
    PERIOD_KEYS,
    RESTRICTED_LABELS,
    Measure,
)
from disparity.measures.gates import (
    COVERAGE_PARTIAL,
    FEWEST_LABELS,
    LABELS_NEED_SEARCHES,
    LOWEST_AGREEMENT,
    add_evidence,
    add_status,
)
from disparity.statistics.agreement import cohen_kappa
from disparity.statistics.intervals import poisson_exact, wilson
from disparity.vocabulary import (
    ALL,
    DRUG_TYPES,
    ETHNIC_GROUPS,
    ETHNICITY_BASES,
    EVERY_GROUP,
    FORCES_WITHOUT_RESIDENTS,
    OFFICER_DEFINED,
    SEARCH_TYPES,
    SELF_DEFINED,
    UNKNOWN_GROUPS,
    group_of_ethnicity,
)

_n = pl.col("searches")


def estimate(
    counts: Counts,
    population: pl.DataFrame,
    submitted: pl.DataFrame,
    periods: pl.DataFrame,
    ceiling: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Estimate every measure for every force, period, ethnicity basis, ethnic group and search type.

    Args:
        population: force, period_from, period_to, ethnic_group, population (residents).
        submitted: force, month of every file there is; other months are missing, not zero.
        periods: month, period_from, period_to.
        ceiling: measure, force, period_from, ethnic_group, ceiling: the best status a row may have, where
            a longer period decides.

    Returns:
        ESTIMATE_COLUMNS. `value`, `lower`, `upper` in the measure's unit (search rate per 1,000 residents
        a year, shares 0–1), null where `status` says why. `lower_bound` and `upper_bound` are what the
        value would be if no search or every search with unknown result counted.
    """
    spans = submitted.join(periods, on="month").select("force", "period_from", "period_to").unique()
    cells = _complete_cells(counts.cells.join(periods, on="month"), spans)
    cells = _add_exposure(cells, population, submitted, periods)
    cells = _add_totals(cells).join(
        _find_restricted(counts.ethnicities.join(periods, on="month")), on=PERIOD_KEYS, how="left"
    )
    drugs = _measure_drug_split(cells)
    cells = cells.join(drugs, on=PERIOD_KEYS, how="left")
    tables = [_estimate_one(_add_ceiling(cells, ceiling, measure), measure) for measure in MEASURES]
    group_order, type_order = pl.Enum(EVERY_GROUP), pl.Enum([ALL, *SEARCH_TYPES])
    return pl.concat(tables).sort(
        *PERIOD_KEYS,
        pl.col("measure").cast(pl.Enum([measure.name for measure in MEASURES])),
        pl.col("search_type").cast(type_order),
        pl.col("ethnic_group").cast(group_order),
    )


def _add_ceiling(cells: pl.DataFrame, ceiling: pl.DataFrame | None, measure: Measure) -> pl.DataFrame:
    if ceiling is None:
        return cells.with_columns(pl.lit(None, pl.String).alias("ceiling"))
    own = ceiling.filter(pl.col("measure") == measure.name).drop("measure")
    return cells.join(own, on=["force", "period_from", "ethnic_group"], how="left")


def _complete_cells(cells: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Add the totals over groups and types, and a zero row for whatever was submitted without a search of it."""
    keys = [*PERIOD_KEYS, "ethnic_group", "search_type"]
    sums = pl.col(*CELL_COUNTS).sum()
    leaves = cells.group_by(keys).agg(sums)
    drugs = leaves.filter(pl.col("search_type").is_in(DRUG_TYPES)).with_columns(search_type=pl.lit("drugs"))
    by_type = pl.concat([leaves, drugs, leaves.with_columns(search_type=pl.lit(ALL))])
    everything = pl.concat([by_type, by_type.with_columns(ethnic_group=pl.lit(ALL))])
    types = pl.concat([by_type.select("search_type"), pl.DataFrame({"search_type": ["drugs", *DRUG_TYPES]})]).unique()
    grid = (
        spans.join(pl.DataFrame({"ethnicity_basis": ETHNICITY_BASES}), how="cross")
        .join(pl.DataFrame({"ethnic_group": EVERY_GROUP}), how="cross")
        .join(types, how="cross")
    )
    totals = everything.group_by(keys).agg(sums)
    return grid.join(totals, on=keys, how="left").with_columns(pl.col(*CELL_COUNTS).fill_null(0))


def _add_exposure(
    cells: pl.DataFrame, population: pl.DataFrame, submitted: pl.DataFrame, periods: pl.DataFrame
) -> pl.DataFrame:
    """Residents x months submitted / 12; null for a force without residents of its own."""
    spans = ["period_from", "period_to"]
    months = submitted.join(periods, on="month").group_by("force", *spans).agg(pl.len().alias("months_submitted"))
    asked = periods.group_by(spans).agg(pl.len().alias("months_asked"))
    residents = population.select("force", *spans, "ethnic_group", pl.col("population").alias("residents"))
    return (
        cells.join(months, on=["force", *spans])
        .join(asked, on=spans)
        .join(residents, on=["force", *spans, "ethnic_group"], how="left")
        .with_columns(
            pl.when(~pl.col("force").is_in(FORCES_WITHOUT_RESIDENTS))
            .then(pl.col("residents") * pl.col("months_submitted") / 12)
            .alias("resident_years")
        )
    )


def _add_totals(cells: pl.DataFrame) -> pl.DataFrame:
    by_type = [*PERIOD_KEYS, "search_type"]
    is_known = pl.col("ethnic_group").is_in(ETHNIC_GROUPS)
    is_unknown = pl.col("ethnic_group").is_in(UNKNOWN_GROUPS)
    return cells.with_columns(
        _n.filter(pl.col("search_type") == ALL).sum().over([*PERIOD_KEYS, "ethnic_group"]).alias("searches_of_group"),
        _n.filter(pl.col("search_type") == "drugs_unspecified")
        .sum()
        .over([*PERIOD_KEYS, "ethnic_group"])
        .alias("unseparated_of_group"),
        _n.filter(pl.col("ethnic_group") == ALL).sum().over(by_type).alias("searches_of_all"),
        _n.filter(is_known).sum().over(by_type).alias("searches_known"),
        _n.filter(is_unknown).sum().over(by_type).alias("searches_unknown"),
    )


def _find_restricted(ethnicities: pl.DataFrame) -> pl.DataFrame:
    """Find force-periods whose labels of one basis cannot carry a comparison of groups.

    Too few labels in use: others must have been folded into them. Or officer-defined ethnicity that agrees
    with self-defined ethnicity little better than chance: the column does not belong to its rows.
    """
    spans = ["force", "period_from", "period_to"]
    own, seen = pl.col("self_defined_ethnicity"), pl.col("officer_defined_group")
    used = (
        ethnicities.group_by(spans)
        .agg(
            pl.col("searches").sum().alias("period_searches"),
            own.filter(own != "NS").n_unique().alias(SELF_DEFINED),
            seen.drop_nulls().n_unique().alias(OFFICER_DEFINED),
        )
        .join(measure_agreement(ethnicities), on=spans, how="left")
    )
    index = [*spans, "period_searches", "both", "kappa"]
    long = used.unpivot([SELF_DEFINED, OFFICER_DEFINED], index=index, variable_name="ethnicity_basis")
    fewest = pl.col("ethnicity_basis").replace_strict(FEWEST_LABELS, return_dtype=pl.Int64)
    is_folded = (pl.col("period_searches") >= LABELS_NEED_SEARCHES) & (pl.col("value") < fewest)
    is_mismatched = (
        (pl.col("ethnicity_basis") == OFFICER_DEFINED)
        & (pl.col("both") >= LABELS_NEED_SEARCHES)
        & (pl.col("kappa") < LOWEST_AGREEMENT)
    )
    return long.select(
        *PERIOD_KEYS, "period_searches", (is_folded | is_mismatched.fill_null(False)).alias("is_restricted")
    )


def measure_agreement(ethnicities: pl.DataFrame) -> pl.DataFrame:
    """Cohen's kappa of self- and officer-defined group by force and period, and the searches that have both."""
    spans = ["force", "period_from", "period_to"]
    groups = {code: group for code, group in group_of_ethnicity().items() if group in ETHNIC_GROUPS}
    own = pl.col("self_defined_ethnicity").replace_strict(groups, default=None, return_dtype=pl.String)
    seen, size = pl.col("officer_defined_group"), len(ETHNIC_GROUPS)
    cells = ethnicities.group_by(spans).agg(
        pl.col("searches").filter(own == first, seen == second).sum().alias(f"{first}, {second}")
        for first in ETHNIC_GROUPS
        for second in ETHNIC_GROUPS
    )
    tables = cells.drop(spans).to_numpy().reshape(-1, size, size)
    return cells.select(
        *spans,
        pl.Series("both", tables.sum(axis=(1, 2))),
        pl.Series("kappa", cohen_kappa(tables).estimate).fill_nan(None),
    )


def _measure_drug_split(cells: pl.DataFrame) -> pl.DataFrame:
    """Share of drug searches that say whether possession or supply was suspected (null: no drug search)."""
    everyone = cells.filter(pl.col("ethnic_group") == ALL)
    drugs = _n.filter(pl.col("search_type") == "drugs").sum()
    unspecified = _n.filter(pl.col("search_type") == "drugs_unspecified").sum()
    return everyone.group_by(PERIOD_KEYS).agg((1 - unspecified / drugs).fill_nan(None).alias("drug_split"))


def _estimate_one(cells: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    rows = cells.filter(pl.col("ethnic_group").is_in(measure.groups))
    if measure.name == "type_share":
        rows = rows.filter(pl.col("search_type") != ALL)  # 1 by definition
    rows = rows.with_columns(
        pl.lit(measure.name).alias("measure"),
        measure.numerator.cast(pl.Int64).alias("numerator"),
        measure.denominator.cast(pl.Float64).alias("denominator"),
        (measure.unknown if measure.unknown is not None else pl.lit(None)).cast(pl.Int64).alias("unknown"),
    )
    rows = add_status(add_evidence(rows, measure), measure)
    return _blank_what_is_not_shown(_add_bounds(_add_value(rows, measure), measure)).select(ESTIMATE_COLUMNS)


def _add_value(rows: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    is_rate = measure.unit == PER_RESIDENTS
    plain = pl.col("numerator") / pl.col("denominator")
    resolved = measure.resolved if measure.resolved is not None else plain
    value = pl.when(pl.col("status") == PARTIAL).then(resolved).otherwise(plain)
    interval = poisson_exact if is_rate else wilson
    lower, upper = interval(rows["numerator"].to_numpy(), rows["denominator"].fill_null(0).to_numpy())
    limits = rows.with_columns(
        pl.when(pl.col("denominator") > 0).then(value).alias("value"),
        pl.Series("lower", lower).fill_nan(None),
        pl.Series("upper", upper).fill_nan(None),
        pl.lit("exact Poisson" if is_rate else "Wilson").alias("interval_method"),
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
        pl.when(has_bounds).then((pl.col("numerator") + pl.col("unknown")) / whole).alias("upper_bound"),
    )


def _blank_what_is_not_shown(rows: pl.DataFrame) -> pl.DataFrame:
    """No value we cannot stand behind; and no count where possession and supply were never separated."""
    unseparated = pl.col("search_type").is_in(["drugs_possession", "drugs_supply"]) & (
        pl.col("drug_split").fill_null(0) < COVERAGE_PARTIAL
    )
    counts = ["numerator", "denominator", "unknown", "lower_bound", "upper_bound"]
    is_restricted = pl.col("status") == RESTRICTED_LABELS
    return (
        rows.with_columns(
            pl.when(~pl.col("status").is_in([NOT_MEASURABLE, RESTRICTED_LABELS])).then(pl.col("value")).alias("value")
        )
        .with_columns(pl.when(~unseparated).then(pl.col(*counts)))
        .with_columns(pl.when(~is_restricted).then(pl.col("lower_bound", "upper_bound")))
    )
