"""What the decompositions share: groups beside the reference group stratum by stratum, and rows of figures."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from disparity.analysis.comparisons import finite
from disparity.analysis.measures.pairs import spread
from disparity.analysis.reasons.rows import list_reasons, name_analysis
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.statistics.decomposition import Estimate
from disparity.statistics.intervals import FloatArray
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, REFERENCE_GROUP, SELF_DEFINED
from disparity.vocabulary.statuses import NOT_MEASURABLE, RESTRICTED_LABELS
from disparity.vocabulary.thresholds import SMALL_NUMERATOR

# events and exposure of the group, then of the reference group
CELL = ("events", "exposure", "reference_events", "reference_exposure")
SPANS = ["force", "period_from", "period_to"]
NOT_RECORDED_SHARE = "not_recorded_share"
# A share of searches in no stratum above which the strata cannot represent the whole.
MOST_UNPLACED = 0.10
FEW_SEARCHES = f"; no limits: fewer than {SMALL_NUMERATOR} searches of a group"


def select_search_rates(estimates: pl.DataFrame) -> pl.DataFrame:
    """Give searches and exposure (thousand resident-years) of each group where they can be compared.

    Returns:
        PERIOD_KEYS, ethnic_group, events, exposure; all types of search, all five groups and All.
    """
    is_measured = ~pl.col("status").is_in([NOT_MEASURABLE, RESTRICTED_LABELS])
    rates = estimates.filter(is_measured, measure="search_rate", search_type=ALL)
    return rates.select(*PERIOD_KEYS, "ethnic_group", events="numerator", exposure="denominator")


def pair_with_reference(cells: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Set each of the five groups beside the reference group of the same keys, itself included: CELL."""
    reference = cells.filter(ethnic_group=REFERENCE_GROUP).drop("ethnic_group")
    renamed = reference.rename({name: f"reference_{name}" for name in reference.columns if name not in keys})
    return cells.filter(pl.col("ethnic_group").is_in(ETHNIC_GROUPS)).join(renamed, on=list(keys))


def pair_strata(counted: pl.DataFrame, residents: pl.DataFrame, estimates: pl.DataFrame) -> pl.DataFrame:
    """Set searches and exposure of each group beside the reference group's, stratum by stratum.

    Args:
        counted: force, month, ethnic_group, the strata and searches; null strata are not recorded.
        residents: force, period_from, period_to, ethnic_group, the strata and population.
        estimates: whose exposure says how many of the period's months were submitted.

    Returns:
        PERIOD_KEYS, ethnic_group, the strata, CELL (exposure in resident-years), and `unplaced`: the larger
        of the two groups' shares of searches that fall in no stratum of `residents`.
    """
    strata = [name for name in residents.columns if name not in (*SPANS, "ethnic_group", "population")]
    rates = select_search_rates(estimates).filter(ethnicity_basis=SELF_DEFINED)
    spans = rates.select(SPANS).unique()
    searches = (
        counted.join(spans, on="force")
        .filter(pl.col("month").is_between("period_from", "period_to"))
        .group_by(*spans.columns, "ethnic_group", *strata)
        .agg(pl.col("searches").sum().alias("placed"))
    )
    keys = [*PERIOD_KEYS, "ethnic_group"]
    cells = (
        rates.join(residents, on=[*SPANS, "ethnic_group"])
        .join(searches, on=[*spans.columns, "ethnic_group", *strata], how="left")
        .join(_measure_months(rates, residents), on=PERIOD_KEYS)
        .with_columns(pl.col("placed").fill_null(0))
        .with_columns(
            unplaced=((pl.col("events") - pl.col("placed").sum().over(keys)) / pl.col("events")).fill_nan(0),
            events=pl.col("placed"),
            exposure=pl.col("population") * pl.col("years"),
        )
    )
    counts = cells.select(*keys, *strata, "events", "exposure", "unplaced")
    paired = pair_with_reference(counts, [*PERIOD_KEYS, *strata])
    return paired.with_columns(unplaced=pl.max_horizontal("unplaced", "reference_unplaced")).drop("reference_unplaced")


def are_few(*suffixes: str, where: pl.Expr | None = None) -> pl.Expr:
    """Say whether either group has too few searches for limits by the delta method."""
    names = [f"{name}{suffix}" for suffix in ("", *suffixes) for name in ("events", "reference_events")]
    columns = [pl.col(name) if where is None else pl.col(name).filter(where) for name in names]
    return pl.min_horizontal(column.sum() for column in columns).lt(SMALL_NUMERATOR).alias("is_few")


def _measure_months(rates: pl.DataFrame, residents: pl.DataFrame) -> pl.DataFrame:
    """Give the years that a force's rates are out of: the exposure of all, by its residents."""
    people = residents.group_by(SPANS).agg(pl.col("population").sum())
    everyone = rates.filter(ethnic_group=ALL).join(people, on=SPANS)
    return everyone.select(*PERIOD_KEYS, years=(1_000 * pl.col("exposure") / pl.col("population")).fill_nan(0))


def stack_strata(
    cells: pl.DataFrame, labels: pl.DataFrame, keys: Sequence[str], columns: Sequence[str]
) -> tuple[pl.DataFrame, tuple[FloatArray, ...]]:
    """Lay the strata of each row of `labels` side by side, padded with zeros.

    Returns:
        One row of `labels` per array row, sorted by `keys`, and one array (rows, strata) per column.
    """
    rows = labels.join(cells, on=list(keys), how="semi").sort(keys)
    placed = cells.join(rows.select(keys).with_row_index("row"), on=list(keys), maintain_order="left")
    numbered = placed.with_columns(place=pl.int_range(pl.len()).over("row"))
    return rows, spread(numbered, rows.height, "place", columns)


def list_figures(rows: pl.DataFrame, component: str, estimate: Estimate, note: str) -> pl.DataFrame:
    """Give one REASON_COLUMNS row per row: `rows` has analysis, note and, without a basis, the other keys.

    `note` says how the limits were made and comes before the row's own note. What is not finite is null.
    """
    figures = rows.with_columns(
        name_analysis(pl.col("analysis")),
        component=pl.lit(component),
        note=pl.concat_str(pl.lit(note), "note"),
        **{name: finite(np.atleast_1d(limit)) for name, limit in estimate._asdict().items()},
    )
    return list_reasons(figures)


def list_unplaced(rows: pl.DataFrame, what: str) -> pl.DataFrame:
    """Give the share of searches in no stratum as a component, and say where it is too large."""
    share, nothing = rows["unplaced"].to_numpy(), np.full(rows.height, np.nan)
    verdict = pl.when(pl.col("unplaced") > MOST_UNPLACED).then(pl.lit(": too many to go on")).otherwise(pl.lit(""))
    stated = rows.with_columns(note=verdict, reference_group=pl.lit(REFERENCE_GROUP))
    return list_figures(stated, NOT_RECORDED_SHARE, Estimate(share, nothing, nothing), what)


def look_up_effects(rows: pl.DataFrame, ratios: pl.DataFrame) -> FloatArray:
    """Give the design effect of each row's comparison, from 1; of the reference group the largest of its period."""
    keys = [*PERIOD_KEYS, "ethnic_group"]
    effects = ratios.filter(search_type=ALL).select(*keys, pl.col("design_effect").fill_null(1).clip(lower_bound=1))
    largest = effects.group_by(PERIOD_KEYS).agg(largest=pl.col("design_effect").max())
    found = rows.join(effects, on=keys, how="left", maintain_order="left").join(
        largest, on=PERIOD_KEYS, how="left", maintain_order="left"
    )
    is_reference = pl.col("ethnic_group") == REFERENCE_GROUP
    effect = pl.when(is_reference).then("largest").otherwise("design_effect")
    return found.select(effect.fill_null(1)).to_series().to_numpy()
