"""The tables of a restricted publication, made of its protected counts and of nothing else.

Whoever has the published counts can make the same tables again: that is how `disparity audit` knows that nothing
else went into them.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from disparity.analysis.comparisons import compare
from disparity.analysis.measures.clusters import Clusters
from disparity.analysis.measures.entries import (
    BY_MONTH,
    FIND_RATE,
    SEARCH_RATE,
    list_restricted,
)
from disparity.analysis.measures.estimates import estimate, keep_planned
from disparity.analysis.measures.gates import withhold_few_events
from disparity.analysis.measures.monthly import estimate_monthly, spread_population
from disparity.analysis.reasons.bounds import bound_missing_ethnicity, bound_unknown_ethnicity
from disparity.analysis.reasons.coverage import shift_coverage
from disparity.analysis.reasons.residents import NEEDED, recount_residents
from disparity.analysis.reasons.rows import REASON_COLUMNS
from disparity.analysis.reasons.verdicts import combine_tests
from disparity.analysis.sensitivity.specifications import NO_TREATMENTS, Assumptions
from disparity.analysis.sensitivity.statements import decide
from disparity.analysis.sensitivity.tipping import find_tipping
from disparity.disclosure.attack import ProtectedCounts
from disparity.disclosure.plan import CELL_COLUMNS, PLAN, Plan, plan_named, spread_cells
from disparity.disclosure.profiles import Profile
from disparity.disclosure.protect import FEWEST_CANDIDATES, THRESHOLD, worst_rounding_error
from disparity.disclosure.release import Release
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.records.audit.months import list_submitted
from disparity.records.completeness import CAVEATS
from disparity.sources.population import choose_headline
from disparity.tables.previous_edition import Previous
from disparity.tables.rounding import RATES, allow_for_rounding, mark_coarse, widen_rates
from disparity.tables.schema.audit import SUBMISSIONS
from disparity.tables.schema.edition import DISCLOSURE
from disparity.tables.schema.printing import empty_table
from disparity.vocabulary.calendar import month_range
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS
from disparity.vocabulary.statuses import INCOMPLETE, MEASURED, PARTIAL, RESTRICTED_LABELS, SMALL
from disparity.vocabulary.thresholds import FEWEST_EVENTS

# Below this many searches a rate is printed without decimals: rounding can move it by more than a tenth of a point.
DECIMALS_NEED = 1_000
# The one item of the audit that is of files, not of what is in them.
MONTHS_MISSING = "months_missing"
# Of a number times 1,000: far below what is printed.
LAST_BITS = 1e-7
SHARES_OF = (100, 500, 1_000)
# A p is published as the end of its band: what is finer rests on the rounding.
BANDS = (0.001, 0.01, 0.05, 0.1, 1.0)
# Statuses that no group has where the labels of the basis cannot carry a comparison.
TOLD = (MEASURED, PARTIAL, SMALL, INCOMPLETE)


def make_tables(
    edition: ProtectedCounts,
    labels: pl.DataFrame,
    population: pl.DataFrame,
    submissions: pl.DataFrame,
    design_effects: pl.DataFrame,
) -> dict[str, pl.DataFrame]:
    """Make estimates, comparisons, reasons and months of protected counts.

    Args:
        labels: PERIOD_KEYS, is_restricted, in_doubt: whether a month of the period is. No difference of such a period
            is stated: protected counts hold none of the other months alone.
        population: residents on every base, as published.
        submissions: month, months, force, status, as published.
        design_effects: force, design_effect, as published.

    Returns:
        Tables by name, rounded to the digits that are printed. `places` and `ratio_places` say how many decimals
        a rate (of a share, in percent) may be printed with.
    """
    spans = edition.cells.filter(pl.col("ethnic_group") != ALL).select("period_from", "period_to").unique()
    of_years = edition.cells.join(spans, on=["period_from", "period_to"], how="semi", maintain_order="left")
    years = spread_cells(of_years, labels)
    months = spread_cells(edition.cells.filter(pl.col("period_from") == pl.col("period_to")), labels.clear())
    periods = _list_periods(spans)
    submitted = list_submitted(submissions).filter(pl.col("month").is_in(periods["month"].implode()))
    people = choose_headline(population)
    clusters = Clusters(design_effects=design_effects)
    planned = keep_planned(estimate(years, people, submitted, periods, clusters), edition.plan)
    widened = widen_rates(mark_coarse(planned, edition), edition, design_effects)
    estimates = withhold_few_events(widened)
    compared = allow_for_rounding(compare(estimates, clusters=clusters), estimates, edition)
    # Whose the unknown were is told by no joint count that is published: the bounds alone can settle it.
    bounds, recording = bound_unknown_ethnicity(estimates, compared), shift_coverage(estimates, compared)
    in_doubt = labels.filter("in_doubt").select(PERIOD_KEYS[:3]).unique()
    comparisons, sensitivity = decide(compared, Assumptions(population, NO_TREATMENTS, bounds, recording, in_doubt))
    # Residents of a month are not published, those of its year are: for all groups together they hardly differ.
    by_month = spread_population(people, periods)
    monthly = estimate_monthly(months, by_month, submitted, periods, estimates).filter(
        pl.col("measure").is_in(_list_monthly(edition.plan)), pl.col("ethnic_group") == ALL
    )
    ratios = comparisons.filter(pl.col("measure") == SEARCH_RATE.name, pl.col("ratio").is_not_null())
    made = bound_missing_ethnicity(estimates, ratios), recount_residents(estimates, ratios, population)
    reasons = pl.concat([*made, combine_tests(comparisons, estimates)])
    return {
        "estimates": flag_periods(_round_rates(estimates), labels),
        "comparisons": flag_periods(_round_comparisons(comparisons, estimates), labels),
        "sensitivity": _round_sensitivity(sensitivity),
        "tipping": _round_tipping(find_tipping(comparisons, estimates, people)),
        "reasons": _round_reasons(reasons),
        # Which month it is, is not told.
        "monthly": _round_rates(withhold_few_events(mark_coarse(monthly, edition))).with_columns(in_doubt=False),
    }


def flag_periods(rows: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """Add `in_doubt` to figures of periods, as `labels` have it."""
    spans = labels.filter("in_doubt").select(PERIOD_KEYS[:3]).unique().with_columns(in_doubt=pl.lit(True))
    joined = rows.join(spans, on=PERIOD_KEYS[:3], how="left", maintain_order="left")
    return joined.with_columns(pl.col("in_doubt").fill_null(False))


def publish_checks(checks: pl.DataFrame) -> pl.DataFrame:
    """Name the expectations that a force does not meet: which months do not, and how far, would tell of few people."""
    return checks.with_columns(pl.lit(None, pl.String).alias(name) for name in ("month", "observed", "limits")).unique(
        maintain_order=True
    )


def describe_protection(profile: Profile, release: Release | None) -> pl.DataFrame:
    """Say in one row how a publication protects people; null where the profile has no such thing."""
    row: dict[str, object] = {"profile": profile.name, "reason": profile.reason, "fewest_events": FEWEST_EVENTS}
    if release:
        base = release.edition.base
        row |= {
            "threshold": THRESHOLD,
            "base": base,
            "fewest_candidates": FEWEST_CANDIDATES,
            "plan": release.plan.name,
            "public_records": release.plan.public_records,
            "public_rows": release.edition.rows or None,
            "cells": release.edition.cells.height,
            "suppressed": release.edition.cells["count"].null_count(),
            "targets": release.proof.targets,
            "certified": release.proof.certified,
        }
        row |= {f"rounding_error_{shown}": round(_worst(shown, base), 3) for shown in SHARES_OF}
    return pl.DataFrame([row], schema=empty_table(DISCLOSURE).schema)


def _worst(searches: int, base: int) -> float:
    return worst_rounding_error((searches + base - 1) // base * base, base)


def _list_periods(spans: pl.DataFrame) -> pl.DataFrame:
    rows = [
        (month, first, last)
        for first, last in spans.sort("period_from").iter_rows()
        for month in month_range(first, last)
    ]
    return pl.DataFrame(rows, schema={"month": pl.Date, "period_from": pl.Date, "period_to": pl.Date}, orient="row")


def _round_rates(rows: pl.DataFrame) -> pl.DataFrame:
    """Round rates, with their intervals and bounds, to the decimals that they are printed with."""
    is_rate = pl.col("measure").is_in(RATES)
    counted = pl.when(is_rate).then(pl.col("numerator")).otherwise(pl.col("denominator"))
    is_fine = (counted >= DECIMALS_NEED).fill_null(False)
    # A rate per 1,000 has one decimal, and below one two; the digits stay those of its size.
    size = pl.col("value").fill_null(1)
    places = pl.when(is_rate & (size < 1)).then(2).when(is_fine | (is_rate & (size < 10))).then(1).otherwise(0)
    shown = rows.with_columns(places.alias("places"))
    digits = pl.col("places") + pl.when(is_rate).then(0).otherwise(2)
    ways = {"value": round_to, **dict.fromkeys(("lower", "lower_bound"), round_down)}
    ways |= dict.fromkeys(("upper", "upper_bound"), round_up)
    return shown.with_columns(way(pl.col(name), digits) for name, way in ways.items() if name in rows.columns)


def round_to(value: pl.Expr, digits: pl.Expr) -> pl.Expr:
    """Round to a number of decimals that differs from row to row, at most three."""
    chain = pl.when(digits == 0).then(value.round(0))
    return chain.when(digits == 1).then(value.round(1)).when(digits == 2).then(value.round(2)).otherwise(value.round(3))


def round_down(value: pl.Expr, digits: pl.Expr) -> pl.Expr:
    """Round a lower limit outwards: what is published holds whatever the interval did."""
    return -round_up(-value, digits)


def round_up(value: pl.Expr, digits: pl.Expr) -> pl.Expr:
    """Round an upper limit outwards; what is a number of so many decimals, but for its last bits, stays."""
    step = pl.lit(10.0).pow(digits)
    return round_to((value * step - LAST_BITS).ceil() / step + 0.0, digits)


def _round_comparisons(comparisons: pl.DataFrame, estimates: pl.DataFrame) -> pl.DataFrame:
    """Round ratios to two decimals and differences as the rates of the smaller group; p to its band."""
    keys = ["measure", *PERIOD_KEYS, "ethnic_group", "search_type"]
    is_rate = pl.col("measure").is_in(RATES)
    counted = pl.when(is_rate).then(pl.col("numerator")).otherwise(pl.col("denominator")).alias("counted")
    counts = estimates.select(*keys, counted)
    reference = counts.rename({"ethnic_group": "reference_group", "counted": "other"})
    rows = comparisons.join(counts, on=keys, how="left", maintain_order="left").join(
        reference,
        on=["measure", *PERIOD_KEYS, "reference_group", "search_type"],
        how="left",
        maintain_order="left",
    )
    is_fine = pl.min_horizontal(pl.col("counted", "other")) >= DECIMALS_NEED
    rows = rows.with_columns(pl.when(is_fine).then(1).otherwise(0).alias("places"))
    digits = pl.col("places") + pl.when(is_rate).then(0).otherwise(2)
    return rows.with_columns(
        *(pl.col(name).round(2) for name in ("ratio", "ratio_lower", "ratio_upper")),
        *(round_to(pl.col(name), digits) for name in ("difference", "difference_lower", "difference_upper")),
        *(
            pl.when(is_rate).then(pl.col(name).round(2)).otherwise(round_to(pl.col(name), digits)).alias(name)
            for name in ("range_lower", "range_upper", "smallest_difference")
        ),
        *(_band(pl.col(name)).alias(name) for name in ("p_value", "p_adjusted")),
        pl.col("level").round(5),
        pl.lit(None, pl.Float64).alias("statistic"),
        pl.col("standard_error").round_sig_figs(2),
    ).select(*comparisons.columns, "places")


def _round_sensitivity(rows: pl.DataFrame) -> pl.DataFrame:
    """Round ratios to two decimals, differences to whole points, and give p as the end of its band."""
    return rows.with_columns(
        pl.col("ratio", "ratio_lower", "ratio_upper", "difference", "difference_lower", "difference_upper").round(2),
        _band(pl.col("p_value")).alias("p_value"),
    )


def _round_tipping(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(
        pl.col("residents_counted", "residents_needed").round(0), pl.col("e_value", "e_value_limit").round(1)
    )


def _list_monthly(plan: Plan) -> list[str]:
    """List the measures by month whose counts are in the plan."""
    has_finds = "found" in plan.by_month
    return [name for name in list_restricted(BY_MONTH) if has_finds or name != FIND_RATE.name]


def _band(p: pl.Expr) -> pl.Expr:
    """Give the end of the band that a p lies in: under 0.001, 0.01, 0.05, 0.1, or up to 1."""
    return pl.when(p.is_not_null()).then(
        pl.coalesce(*(pl.when(p < end).then(pl.lit(end)) for end in BANDS[:-1]), pl.lit(BANDS[-1]))
    )


def _round_reasons(reasons: pl.DataFrame) -> pl.DataFrame:
    order = ("force", "period_from", "analysis", "component", "ethnic_group")
    # A number of people: finer than a hundred rests on the rounding of searches.
    is_number = pl.col("component") == NEEDED
    figures = [pl.col(name) for name in ("value", "lower", "upper")]
    rounded = [pl.when(is_number).then((x / 100).round(0) * 100).otherwise(x.round(2)) for x in figures]
    return reasons.sort(order).with_columns(rounded).select(REASON_COLUMNS)


def list_labels(estimates: pl.DataFrame) -> pl.DataFrame:
    """Find from published estimates which labels cannot carry a comparison: PERIOD_KEYS, is_restricted, in_doubt.

    A single group can be restricted for want of any search of it; the labels of a basis restrict every group.
    """
    is_group = pl.col("ethnic_group").is_in(ETHNIC_GROUPS)
    is_told, is_shown = pl.col("status") == RESTRICTED_LABELS, pl.col("status").is_in(TOLD)
    is_restricted = (is_group & is_told).any() & ~(is_group & is_shown).any()
    found = is_restricted.alias("is_restricted"), pl.col("in_doubt").any()
    return estimates.group_by(PERIOD_KEYS).agg(found).sort(PERIOD_KEYS)


def read_cells(previous: Previous | None) -> ProtectedCounts | None:
    """Give the protected counts of the edition before as its site shows them; of one that is open there are none."""
    if previous is None or (cells := previous.tables.get("cells")) is None or cells.is_empty():
        return None
    months = (pl.col(name).str.to_date("%Y-%m-%d").alias(name) for name in ("period_from", "period_to"))
    typed = cells.with_columns(*months, pl.col("count").cast(pl.Int64))
    return gather_counts(typed, previous.tables["disclosure"].row(0, named=True))


def gather_counts(cells: pl.DataFrame, described: Mapping[str, Any]) -> ProtectedCounts:
    """Put protected counts together from the published cells and the row that says how they are protected."""
    plan = plan_named(described["plan"]) or PLAN
    return ProtectedCounts(cells.select(CELL_COLUMNS), int(described["base"]), plan, described.get("public_rows") or "")


def publish_cells(edition: ProtectedCounts) -> pl.DataFrame:
    """Give the protected counts as they are published: CELL_COLUMNS and whether each is suppressed."""
    return edition.cells.select(*CELL_COLUMNS, pl.col("count").is_null().alias("is_suppressed"))


def publish_submissions(submissions: pl.DataFrame) -> pl.DataFrame:
    """Say which months there are files of, and nothing of what is in them."""
    return submissions.with_columns(
        pl.lit(None, dtype).alias(name)
        for name, dtype in submissions.schema.items()
        if name not in SUBMISSIONS.left_open
    )


def publish_decisions(decisions: pl.DataFrame) -> pl.DataFrame:
    """Say what was decided, and of how many rows of nothing: a reason may hold a count, so ours alone are kept."""
    is_ours = (pl.col("stage") == "measures") | pl.col("action").is_in(list(CAVEATS))
    reason = pl.when(pl.col("stage") == "measures").then(pl.col("reason")).otherwise(pl.lit("see above"))
    return (
        decisions.filter(is_ours)
        .with_columns(
            reason.alias("reason"),
            pl.lit(None, pl.Int64).alias("rows_before"),
            pl.lit(None, pl.Int64).alias("rows_after"),
        )
        .unique(maintain_order=True)
    )
