"""The measures: rates with their interval, their bounds and how far the evidence carries them.

A measure is one entry of MEASURES; adding one adds it to every table, page and download.
Definitions, section 3.
"""

from dataclasses import dataclass

import polars as pl

from disparity.counts import CELL_COUNTS, Counts
from disparity.intervals import poisson_exact, wilson
from disparity.vocabulary import (
    ALL,
    DRUG_TYPES,
    ETHNIC_GROUPS,
    EVERY_GROUP,
    FORCES_WITHOUT_RESIDENTS,
    OFFICER_DEFINED,
    REFERENCE_GROUP,
    SEARCH_TYPES,
    SELF_DEFINED,
    UNKNOWN_GROUPS,
)

MEASURED, PARTIAL, NOT_MEASURABLE = "measured", "partial", "not_measurable"
SMALL, RESTRICTED_LABELS, INCOMPLETE = "small", "restricted_labels", "incomplete"

# Evidence gate (definitions, section 3): shares of rows that say what the rate needs.
COVERAGE_MEASURED, COVERAGE_PARTIAL = 0.95, 0.50
COVERAGE_GAP = 0.10
SMALL_SEARCHES, SMALL_NUMERATOR, SMALL_RESIDENTS = 50, 10, 1_000
LABELS_NEED_SEARCHES = 500
FEWEST_LABELS = {SELF_DEFINED: 10, OFFICER_DEFINED: 3}

PERIOD_KEYS = ["force", "period_from", "period_to", "ethnicity_basis"]
ROW_KEYS = ["measure", *PERIOD_KEYS, "ethnic_group", "search_type"]
ESTIMATE_COLUMNS = [
    *ROW_KEYS,
    *("numerator", "denominator", "unknown", "value", "lower", "upper", "lower_bound", "upper_bound"),
    *("interval_method", "status"),
]


@dataclass(frozen=True)
class Measure:
    """A rate: what is counted, out of what, and which recorded fields it needs.

    `numerator`, `denominator` and `unknown` are expressions over the counts of a cell; `coverages` are
    (recorded, all) pairs: the gate takes the worst of them. `resolved` is the value of a partial rate.
    """

    name: str
    title: str
    unit: str
    definition: str
    numerator: pl.Expr
    denominator: pl.Expr
    groups: tuple[str, ...] = EVERY_GROUP
    unknown: pl.Expr | None = None
    coverages: tuple[tuple[pl.Expr, pl.Expr], ...] = ()
    resolved: pl.Expr | None = None
    is_compared: bool = True


PER_RESIDENTS = "per 1,000 residents a year"
SHARE = "share"
_n = pl.col("searches")
_found, _not_found = pl.col("found"), pl.col("not_found")
_blank_flag = pl.col("unknown_after_action")
_known = _found + _not_found

MEASURES = (
    Measure(
        name="search_rate",
        title="Search rate",
        unit=PER_RESIDENTS,
        definition="Searches of a person, for every 1,000 residents of that ethnic group, a year.",
        numerator=_n,
        denominator=pl.col("resident_years") / 1_000,
        groups=(ALL, *ETHNIC_GROUPS),
    ),
    Measure(
        name="find_rate",
        title="Find rate",
        unit=SHARE,
        definition="Searches after which an action was taken that the record links to the object searched for, "
        "of all searches whose record tells.",
        numerator=_found,
        denominator=_known,
        unknown=_n - _known,
        coverages=(
            (pl.col("actions") - _blank_flag, pl.col("actions")),
            (_known + _blank_flag, _n),
        ),
        # A blank flag hides only actions, so found / known would be too low: actions without a flag are
        # resolved like those with one.
        resolved=(
            _found
            + pl.when(_blank_flag > 0)
            .then(_blank_flag * _found / (_found + pl.col("not_found_after_action")))
            .otherwise(0)
        )
        / (_known + _blank_flag),
    ),
    Measure(
        name="arrest_rate",
        title="Arrest rate",
        unit=SHARE,
        definition="Searches that ended in arrest, of searches with an outcome recorded.",
        numerator=pl.col("arrests"),
        denominator=pl.col("outcomes"),
        unknown=_n - pl.col("outcomes"),
        coverages=((pl.col("outcomes"), _n),),
    ),
    Measure(
        name="action_rate",
        title="Action rate",
        unit=SHARE,
        definition="Searches with any outcome but no further action, of searches with an outcome recorded.",
        numerator=pl.col("actions"),
        denominator=pl.col("outcomes"),
        unknown=_n - pl.col("outcomes"),
        coverages=((pl.col("outcomes"), _n),),
    ),
    Measure(
        name="clothing_removed_rate",
        title="Rate of searches beyond outer clothing",
        unit=SHARE,
        definition="Searches in which more than outer clothing was removed, of searches that record it.",
        numerator=pl.col("clothing_removed"),
        denominator=pl.col("clothing_recorded"),
        unknown=_n - pl.col("clothing_recorded"),
        coverages=((pl.col("clothing_recorded"), _n),),
    ),
    Measure(
        name="type_share",
        title="Share of the group's searches",
        unit=SHARE,
        definition="Searches of a type, of all searches of the group.",
        numerator=_n,
        denominator=pl.col("searches_of_group"),
    ),
    Measure(
        name="search_share",
        title="Share of all searches",
        unit=SHARE,
        definition="Searches of the group, of searches with known ethnicity.",
        numerator=_n,
        denominator=pl.col("searches_known"),
        groups=ETHNIC_GROUPS,
        is_compared=False,
    ),
    Measure(
        name="unknown_ethnicity_share",
        title="Unknown ethnicity",
        unit=SHARE,
        definition="Searches of people whose ethnicity is not stated or not recorded, of all searches.",
        numerator=pl.when(pl.col("ethnic_group") == ALL).then(pl.col("searches_unknown")).otherwise(_n),
        denominator=pl.col("searches_of_all"),
        groups=(ALL, *UNKNOWN_GROUPS),
        is_compared=False,
    ),
)


def estimate(
    counts: Counts, population: pl.DataFrame, submitted: pl.DataFrame, periods: pl.DataFrame
) -> pl.DataFrame:
    """Estimate every measure for every force, period, ethnicity basis, ethnic group and search type.

    Args:
        population: force, period_from, period_to, ethnic_group, population (residents).
        submitted: force, month of every file there is; other months are missing, not zero.
        periods: month, period_from, period_to.

    Returns:
        ESTIMATE_COLUMNS. `value`, `lower`, `upper` in the measure's unit (search rate per 1,000 residents
        a year, shares 0–1), null where `status` says why. `lower_bound` and `upper_bound` are what the
        value would be if no search or every search with unknown result counted.
    """
    cells = _complete_cells(counts.cells.join(periods, on="month"))
    cells = _add_exposure(cells, population, submitted, periods)
    cells = _add_totals(cells).join(
        _find_restricted(counts.ethnicities.join(periods, on="month")), on=PERIOD_KEYS, how="left"
    )
    drugs = _measure_drug_split(cells)
    tables = [_estimate_one(cells.join(drugs, on=PERIOD_KEYS, how="left"), measure) for measure in MEASURES]
    group_order, type_order = pl.Enum(EVERY_GROUP), pl.Enum([ALL, *SEARCH_TYPES])
    return pl.concat(tables).sort(
        *PERIOD_KEYS,
        pl.col("measure").cast(pl.Enum([measure.name for measure in MEASURES])),
        pl.col("search_type").cast(type_order),
        pl.col("ethnic_group").cast(group_order),
    )


def _complete_cells(cells: pl.DataFrame) -> pl.DataFrame:
    """Add the totals over groups and types, and a zero row for every type in use that a group lacks."""
    keys = [*PERIOD_KEYS, "ethnic_group", "search_type"]
    sums = pl.col(*CELL_COUNTS).sum()
    leaves = cells.group_by(keys).agg(sums)
    drugs = leaves.filter(pl.col("search_type").is_in(DRUG_TYPES)).with_columns(search_type=pl.lit("drugs"))
    by_type = pl.concat([leaves, drugs, leaves.with_columns(search_type=pl.lit(ALL))])
    everything = pl.concat([by_type, by_type.with_columns(ethnic_group=pl.lit(ALL))])
    types = pl.concat([by_type.select("search_type"), pl.DataFrame({"search_type": ["drugs", *DRUG_TYPES]})]).unique()
    grid = (
        cells.select(PERIOD_KEYS)
        .unique()
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
        _n.filter(pl.col("ethnic_group") == ALL).sum().over(by_type).alias("searches_of_all"),
        _n.filter(is_known).sum().over(by_type).alias("searches_known"),
        _n.filter(is_unknown).sum().over(by_type).alias("searches_unknown"),
    )


def _find_restricted(ethnicities: pl.DataFrame) -> pl.DataFrame:
    """Find force-periods whose files use so few labels that others must have been folded into them."""
    spans = ["force", "period_from", "period_to"]
    own, seen = pl.col("self_defined_ethnicity"), pl.col("officer_defined_group")
    used = ethnicities.group_by(spans).agg(
        pl.col("searches").sum(),
        own.filter(own != "NS").n_unique().alias(SELF_DEFINED),
        seen.drop_nulls().n_unique().alias(OFFICER_DEFINED),
    )
    long = used.unpivot([SELF_DEFINED, OFFICER_DEFINED], index=[*spans, "searches"], variable_name="ethnicity_basis")
    fewest = pl.col("ethnicity_basis").replace_strict(FEWEST_LABELS, return_dtype=pl.Int64)
    return long.select(
        *PERIOD_KEYS,
        ((pl.col("searches") >= LABELS_NEED_SEARCHES) & (pl.col("value") < fewest)).alias("is_restricted"),
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
    rows = _add_status(_add_evidence(rows, measure), measure)
    return _blank_what_is_not_shown(_add_bounds(_add_value(rows, measure))).select(ESTIMATE_COLUMNS)


def _add_evidence(rows: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """Gate by the force's total; a group covered much differently from the reference group is partial."""
    if not measure.coverages:
        return rows.with_columns(evidence=pl.lit(MEASURED))
    names = [f"coverage_{place}" for place in range(len(measure.coverages))]
    all_types = rows.filter(pl.col("search_type") == ALL).select(
        *PERIOD_KEYS,
        "ethnic_group",
        *((part / whole).fill_nan(None).alias(name) for name, (part, whole) in zip(names, measure.coverages, strict=True)),
    )
    total = all_types.filter(pl.col("ethnic_group") == ALL).drop("ethnic_group")
    reference = all_types.filter(pl.col("ethnic_group") == REFERENCE_GROUP).drop("ethnic_group")
    worst = pl.min_horizontal(names)
    force = total.select(
        *PERIOD_KEYS,
        pl.when(worst.is_null())
        .then(pl.lit(NOT_MEASURABLE))  # no search at all, so nothing is recorded
        .when(worst >= COVERAGE_MEASURED)
        .then(pl.lit(MEASURED))
        .when(worst >= COVERAGE_PARTIAL)
        .then(pl.lit(PARTIAL))
        .otherwise(pl.lit(NOT_MEASURABLE))
        .alias("evidence"),
    )
    gap = pl.max_horizontal((pl.col(name) - pl.col(f"{name}_right")).abs() for name in names)
    uneven = all_types.join(reference, on=PERIOD_KEYS).select(
        *PERIOD_KEYS,
        "ethnic_group",
        (gap.fill_null(0).round(9) > COVERAGE_GAP).alias("is_uneven"),
    )
    lowered = pl.when(pl.col("is_uneven") & (pl.col("evidence") == MEASURED) & (pl.col("ethnic_group") != ALL))
    return (
        rows.join(force, on=PERIOD_KEYS, how="left")
        .join(uneven, on=[*PERIOD_KEYS, "ethnic_group"], how="left")
        .with_columns(lowered.then(pl.lit(PARTIAL)).otherwise(pl.col("evidence")).alias("evidence"))
    )


def _add_status(rows: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """The first reason that applies, the most serious first."""
    by_group = pl.col("ethnic_group").is_in(ETHNIC_GROUPS)
    is_rate = measure.unit == PER_RESIDENTS
    split = pl.col("search_type").is_in(["drugs_possession", "drugs_supply"])
    small = (
        (pl.col("numerator") < SMALL_NUMERATOR) | (pl.col("residents") < SMALL_RESIDENTS)
        if is_rate
        else pl.col("denominator") < SMALL_SEARCHES
    )
    no_denominator = pl.col("denominator").is_null() if is_rate else pl.lit(False)
    return rows.with_columns(
        pl.when(
            no_denominator
            | (pl.col("evidence") == NOT_MEASURABLE)
            | (split & (pl.col("drug_split").fill_null(0) < COVERAGE_PARTIAL))
        )
        .then(pl.lit(NOT_MEASURABLE))
        .when(by_group & pl.col("is_restricted").fill_null(False))
        .then(pl.lit(RESTRICTED_LABELS))
        .when((pl.col("evidence") == PARTIAL) | (split & (pl.col("drug_split") < COVERAGE_MEASURED)))
        .then(pl.lit(PARTIAL))
        .when(small)
        .then(pl.lit(SMALL))
        .when(pl.lit(is_rate) & (pl.col("months_submitted") < pl.col("months_asked")))
        .then(pl.lit(INCOMPLETE))
        .otherwise(pl.lit(MEASURED))
        .alias("status")
    )


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


def _add_bounds(rows: pl.DataFrame) -> pl.DataFrame:
    """What the rate would be if none, or all, of the searches with unknown result counted; null where none can be."""
    has_bounds = pl.col("unknown").is_not_null() & (_n > 0)
    return rows.with_columns(
        pl.when(has_bounds).then(pl.col("numerator") / _n).alias("lower_bound"),
        pl.when(has_bounds).then((pl.col("numerator") + pl.col("unknown")) / _n).alias("upper_bound"),
    )


def _blank_what_is_not_shown(rows: pl.DataFrame) -> pl.DataFrame:
    """No value we cannot stand behind; and no count where possession and supply were never separated."""
    unseparated = pl.col("search_type").is_in(["drugs_possession", "drugs_supply"]) & (
        pl.col("drug_split").fill_null(0) < COVERAGE_PARTIAL
    )
    counts = ["numerator", "denominator", "unknown", "lower_bound", "upper_bound"]
    return rows.with_columns(
        pl.when(~pl.col("status").is_in([NOT_MEASURABLE, RESTRICTED_LABELS])).then(pl.col("value")).alias("value")
    ).with_columns(pl.when(~unseparated).then(pl.col(*counts)))


def estimate_monthly(
    counts: Counts, population: pl.DataFrame, submitted: pl.DataFrame, periods: pl.DataFrame, estimates: pl.DataFrame
) -> pl.DataFrame:
    """Estimate every measure by month, for all types of search together and self-defined ethnicity.

    A month is never better evidenced than its period: the worse of the two statuses stands.

    Returns:
        month, force, ethnic_group, measure, numerator, denominator, value, status; a month without a file
        has rows with nulls and status incomplete.
    """
    months = periods.select("month", pl.col("month").alias("period_from"), pl.col("month").alias("period_to"))
    people = (
        population.join(periods, on=["period_from", "period_to"])
        .drop("period_from", "period_to")
        .join(months, on="month")
    )
    own = Counts(
        counts.cells.filter(pl.col("ethnicity_basis") == SELF_DEFINED).with_columns(search_type=pl.lit("other")),
        counts.ethnicities,
    )
    by_month = estimate(own, people, submitted, months).filter(
        pl.col("search_type") == ALL, pl.col("measure") != "type_share"
    )
    keys = ["measure", "force", "ethnic_group"]
    gates = (
        estimates.filter(pl.col("search_type") == ALL, pl.col("ethnicity_basis") == SELF_DEFINED)
        .join(periods, on=["period_from", "period_to"])
        .select(*keys, "month", pl.col("status").alias("period_status"))
    )
    is_worse = pl.col("period_status").is_in([NOT_MEASURABLE, RESTRICTED_LABELS])
    rows = (
        by_month.rename({"period_from": "month"})
        .join(gates, on=[*keys, "month"], how="left")
        .with_columns(
            pl.when(is_worse).then(pl.col("period_status")).otherwise(pl.col("status")).alias("status"),
            pl.when(~is_worse).then(pl.col("value")).alias("value"),
        )
    )
    asked = estimates.select("force").unique().join(months.select("month"), how="cross")
    missing = asked.join(submitted, on=["force", "month"], how="anti").join(by_month.select(keys).unique(), on="force")
    gaps = missing.with_columns(status=pl.lit(INCOMPLETE))
    measures = pl.Enum([measure.name for measure in MEASURES])
    return (
        pl.concat([rows, gaps], how="diagonal")
        .select("month", "force", "ethnic_group", "measure", "numerator", "denominator", "value", "status")
        .sort("force", pl.col("measure").cast(measures), "month", pl.col("ethnic_group").cast(pl.Enum(EVERY_GROUP)))
    )


def reconcile_official(estimates: pl.DataFrame, official: pl.DataFrame) -> pl.DataFrame:
    """Set the records beside the official counts of the same force and period, where there are any.

    Returns:
        force, period_from, period_to, ethnic_group, official_searches, record_searches, difference
        (records - official, searches), difference_share (of the official count), source.
    """
    own = pl.col("ethnicity_basis") == SELF_DEFINED, pl.col("search_type") == ALL
    searched = estimates.filter(*own, pl.col("measure") == "search_rate")
    unknown = estimates.filter(
        *own, pl.col("measure") == "unknown_ethnicity_share", pl.col("ethnic_group") == ALL
    ).with_columns(ethnic_group=pl.lit("Unknown"))
    keys = ["force", "period_from", "period_to", "ethnic_group"]
    records = pl.concat([searched, unknown]).select(*keys, pl.col("numerator").alias("record_searches"))
    order = pl.Enum([*EVERY_GROUP, "Unknown"])
    return (
        official.join(records, on=keys)
        .with_columns((pl.col("record_searches") - pl.col("official_searches")).alias("difference"))
        .with_columns((pl.col("difference") / pl.col("official_searches")).alias("difference_share"))
        .select(*keys, "official_searches", "record_searches", "difference", "difference_share", "source")
        .sort("force", "period_from", pl.col("ethnic_group").cast(order))
    )


def log_gates(estimates: pl.DataFrame) -> pl.DataFrame:
    """List the measures that a force's records do not carry, as decisions."""
    reasons = {
        NOT_MEASURABLE: "too little of what it needs is recorded: bounds only",
        PARTIAL: "part of what it needs is not recorded: estimate and bounds, no test",
        INCOMPLETE: "months are missing: annualised from the months submitted",
    }
    totals = estimates.filter(
        pl.col("ethnic_group") == ALL,
        pl.col("search_type") == ALL,
        pl.col("ethnicity_basis") == SELF_DEFINED,
        pl.col("status").is_in(list(reasons)),
    )
    searches = estimates.filter(
        pl.col("measure") == "search_rate", pl.col("ethnic_group") == ALL, pl.col("search_type") == ALL
    ).select(*PERIOD_KEYS, pl.col("numerator").alias("searches"))
    return totals.join(searches, on=PERIOD_KEYS).select(
        pl.lit("measures").alias("stage"),
        "force",
        pl.concat_str(pl.lit("mark "), "measure", pl.lit(" "), "status", pl.lit(", "), pl.col("period_from").dt.strftime("%Y-%m"), pl.lit(" to "), pl.col("period_to").dt.strftime("%Y-%m")).alias("action"),
        pl.col("status").replace_strict(reasons, return_dtype=pl.String).alias("reason"),
        pl.col("searches").alias("rows_before"),
        pl.col("searches").alias("rows_after"),
    ).sort("force", "action")
