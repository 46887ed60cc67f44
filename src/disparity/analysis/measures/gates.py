"""The gates: how far what is recorded carries a rate (definitions, section 3)."""

import polars as pl

from disparity.analysis.measures.entries import ACTION_AFTER_FIND, SEARCH_RATE, Measure
from disparity.analysis.measures.flag_use import IN_USE
from disparity.disclosure.open import Detail
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, OFFICER_DEFINED, REFERENCE_GROUP, SELF_DEFINED
from disparity.vocabulary.statuses import (
    INCOMPLETE,
    MEASURED,
    NOT_MEASURABLE,
    PARTIAL,
    RESTRICTED_LABELS,
    SMALL,
    SUPPRESSED,
)
from disparity.vocabulary.thresholds import (
    COVERAGE_GAP,
    COVERAGE_MEASURED,
    COVERAGE_PARTIAL,
    FEWEST_EVENTS,
    LABELS_NEED_SEARCHES,
    SMALL_NUMERATOR,
    SMALL_RESIDENTS,
    SMALL_SEARCHES,
)


def add_evidence(rows: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """Gate by the force's total; a group covered much differently from the reference group is partial.

    Of what is made of the linked flag, the total over the types that use it decides for each type, and the overall
    rate is decided by its own.
    """
    if not measure.coverages:
        return rows.filter(pl.col("search_type") != IN_USE).with_columns(evidence=pl.lit(MEASURED))
    names = [f"coverage_{place}" for place in range(len(measure.coverages))]
    shares = [(part / whole).fill_nan(None) for part, whole in measure.coverages]
    totals = rows.filter(pl.col("search_type").is_in([ALL, IN_USE])).select(
        *PERIOD_KEYS, "ethnic_group", gate="search_type", **dict(zip(names, shares, strict=True))
    )
    keys = [*PERIOD_KEYS, "gate"]
    total, reference = (totals.filter(ethnic_group=name).drop("ethnic_group") for name in (ALL, REFERENCE_GROUP))
    worst = pl.min_horizontal(names)
    force = total.select(
        *keys,
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
    is_uneven = gap.fill_null(0).round(9) > COVERAGE_GAP
    uneven = totals.join(reference, on=keys).select(*keys, "ethnic_group", is_uneven=is_uneven)
    is_of_types = pl.lit(measure.is_of_flag) & (pl.col("search_type") != ALL)
    is_unused = pl.col("is_flag_unused") if measure.is_of_flag else pl.lit(False)
    return (
        rows.filter(pl.col("search_type") != IN_USE)
        .with_columns(gate=pl.when(is_of_types).then(pl.lit(IN_USE)).otherwise(pl.lit(ALL)))
        .join(force, on=keys, how="left")
        .join(uneven, on=[*keys, "ethnic_group"], how="left")
        .with_columns(
            pl.when(is_unused)
            .then(pl.lit(NOT_MEASURABLE))
            .when(pl.col("is_uneven") & (pl.col("evidence") == MEASURED) & (pl.col("ethnic_group") != ALL))
            .then(pl.lit(PARTIAL))
            .otherwise(pl.col("evidence"))
            .alias("evidence")
        )
        .drop("gate")
    )


def add_status(rows: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """Give each row the first reason that applies, the most serious first."""
    by_group = pl.col("ethnic_group").is_in(ETHNIC_GROUPS)
    is_rate = measure.is_per_residents
    split = pl.col("search_type").is_in(["drugs_possession", "drugs_supply"])
    small = (
        (pl.col("numerator") < SMALL_NUMERATOR) | (pl.col("residents") < SMALL_RESIDENTS)
        if is_rate
        else pl.col("denominator") < SMALL_SEARCHES
    )
    # An officer-defined group that a force never uses is missing there, not zero.
    is_unused = (
        (pl.col("ethnicity_basis") == OFFICER_DEFINED)
        & (pl.col("searches_of_group") == 0)
        & (pl.col("period_searches") >= LABELS_NEED_SEARCHES)
    )
    is_restricted = pl.col("is_restricted").fill_null(False) | is_unused.fill_null(False)
    no_denominator = pl.col("denominator").is_null() if is_rate else pl.lit(False)
    # A count that is null is not published; residents may be unknown.
    is_suppressed = pl.col("numerator").is_null() | (pl.lit(not is_rate) & pl.col("denominator").is_null())
    return rows.with_columns(
        pl.when(is_suppressed)
        .then(pl.lit(SUPPRESSED))
        .when(
            no_denominator
            | (pl.col("evidence") == NOT_MEASURABLE)
            | (pl.col("ceiling") == NOT_MEASURABLE).fill_null(False)
            | (split & (pl.col("drug_split").fill_null(0) < COVERAGE_PARTIAL))
        )
        .then(pl.lit(NOT_MEASURABLE))
        .when(by_group & (is_restricted | (pl.col("ceiling") == RESTRICTED_LABELS).fill_null(False)))
        .then(pl.lit(RESTRICTED_LABELS))
        .when(
            (pl.col("evidence") == PARTIAL)
            | (pl.col("ceiling") == PARTIAL)
            | (split & (pl.col("drug_split") < COVERAGE_MEASURED))
        )
        .then(pl.lit(PARTIAL))
        .when(small)
        .then(pl.lit(SMALL))
        .when(pl.lit(is_rate) & (pl.col("months_submitted") < pl.col("months_asked")))
        .then(pl.lit(INCOMPLETE))
        .otherwise(pl.lit(MEASURED))
        .alias("status")
    )


def withhold_few_events(rows: pl.DataFrame) -> pl.DataFrame:
    """Withhold every rate of fewer than FEWEST_EVENTS events, none included; the counts stay as they are.

    Args:
        rows: estimates, or rows of months or quarters.

    Returns:
        `rows`, with `value` and what goes with it null and status suppressed where there was such a rate. Shares of
        searches are no rates.

    Source: Office for National Statistics, policy on births and deaths: no rate is made of fewer than 3 events.
    """
    made = ["value", "lower", "upper", "lower_bound", "upper_bound", "interval_method"]
    is_few = (
        pl.col("measure").str.ends_with("_rate") & pl.col("value").is_not_null() & (pl.col("numerator") < FEWEST_EVENTS)
    ).fill_null(False)
    status = pl.when(is_few).then(pl.lit(SUPPRESSED)).otherwise(pl.col("status")).alias("status")
    held = [pl.when(~is_few).then(pl.col(name)).alias(name) for name in made if name in rows.columns]
    return rows.with_columns(*held, status)


def find_placed(counts: Detail, placed: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """List the forces and periods of which at least half of all searches are in an area: force, period_from, period_to.

    Of the others nothing is shown by area: the few that are placed are not like the rest.

    Args:
        placed: force, month, area (null: in none), searches.
    """
    span = ["force", "period_from", "period_to"]
    searches = counts.cells.filter(ethnicity_basis=SELF_DEFINED).join(periods, on="month")
    placed = placed.drop_nulls("area").join(periods, on="month")
    return (
        searches.group_by(span)
        .agg(pl.col("searches").sum())
        .join(placed.group_by(span).agg(placed=pl.col("searches").sum()), on=span)
        .filter(pl.col("placed") >= COVERAGE_PARTIAL * pl.col("searches"), pl.col("placed") > 0)
        .select(span)
    )


def log_gates(estimates: pl.DataFrame) -> pl.DataFrame:
    """List the measures that a force's records do not carry, as decisions."""
    reasons = {
        NOT_MEASURABLE: "too little of what it needs is recorded: bounds only",
        PARTIAL: "part of what it needs is not recorded: estimate and bounds, no test",
        INCOMPLETE: "months are missing: annualised from the months submitted",
    }
    of_all = estimates.filter(ethnic_group=ALL, search_type=ALL, ethnicity_basis=SELF_DEFINED)
    # Where no record itself says what was found, as on the portal, nothing was decided: it could not be asked.
    is_asked = (pl.col("measure") != ACTION_AFTER_FIND.name) | (pl.col("denominator") > 0)
    totals = of_all.filter(pl.col("status").is_in(list(reasons)), is_asked)
    searches = of_all.filter(measure=SEARCH_RATE.name).select(*PERIOD_KEYS, searches="numerator")
    span = (pl.col(name).dt.strftime("%Y-%m") for name in ("period_from", "period_to"))
    decisions = totals.join(searches, on=PERIOD_KEYS).select(
        pl.lit("measures").alias("stage"),
        "force",
        pl.format("mark {} {}, {} to {}", "measure", "status", *span).alias("action"),
        pl.when(pl.col("measure") == SEARCH_RATE.name, pl.col("status") == NOT_MEASURABLE)
        .then(pl.lit("no resident population: counts only"))
        .otherwise(pl.col("status").replace_strict(reasons, return_dtype=pl.String))
        .alias("reason"),
        rows_before="searches",
        rows_after="searches",
    )
    return decisions.sort("force", "action")
