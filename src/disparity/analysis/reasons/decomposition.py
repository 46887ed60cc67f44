"""How much of a ratio of search rates lies within forces or areas, and how much between them.

A group that lives where everybody is searched more has a higher rate overall, even where no force and no area
searches it more than others. Definitions, section 4.
"""

import numpy as np
import polars as pl

from disparity.analysis.reasons.rate_strata import (
    CELL,
    FEW_SEARCHES,
    MOST_UNPLACED,
    are_few,
    list_figures,
    list_unplaced,
    look_up_effects,
    pair_strata,
    pair_with_reference,
    select_search_rates,
    stack_strata,
)
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.statistics.decomposition import Estimate, RateStrata, RatioParts, split_rate_ratio, split_ratio_change
from disparity.vocabulary.codes import ALL, REFERENCE_GROUP

RATIO_OVER_FORCES = "ratio_over_forces"
RATIO_OVER_AREAS = "ratio_over_areas"
RATIO_OVER_FIFTHS = "ratio_over_fifths"
RATIO_OVER_NEIGHBOURHOODS = "ratio_over_neighbourhoods"
RATIO_CHANGE_OVER_FORCES = "ratio_change_over_forces"
# Ids of forces are lower case: this one is none of them, and reads "All" on a page.
EVERY_FORCE = ALL
METHODS = {
    "crude": "exact limits on the total",
    "within": "delta method on the log, Poisson counts",
    "between": "delta method on the log, Poisson counts",
    "mantel_haenszel": "ratio common to all, Greenland-Robins limits",
}
WITH_EFFECT = ", with the design effect"
# Analysis → what the places are called, and which searches are in none of them.
PLACES = {
    RATIO_OVER_AREAS: ("areas", "searches without an area that has residents in the population file"),
    RATIO_OVER_FIFTHS: ("fifths of deprivation", "searches in no neighbourhood of the force"),
    RATIO_OVER_NEIGHBOURHOODS: ("neighbourhoods", "searches in no neighbourhood of the force"),
}
CHANGE_METHOD = "delta method on the log, Poisson counts"
SPAN = ["period_from", "period_to"]


def decompose_over_forces(estimates: pl.DataFrame) -> pl.DataFrame:
    """Split each group's ratio over all forces into what lies within forces and what lies between them.

    With N searches and P resident-years of group c and reference r in force f:
    expected = sum of P_cf N_rf / P_rf; within = N_c / expected; between = expected / (P_c N_r / P_r);
    crude = within x between.

    Returns:
        REASON_COLUMNS with force "All": components crude, within, between, mantel_haenszel, no unit, neutral
        value 1. Forces without residents of their own and those whose labels are restricted are left out and
        counted in the note; so are those where the reference has no residents: they have no expected value.
        A force where it has residents and no search stays: its expected value is 0. No rows for fewer than
        two forces. No limits but the crude ratio's where a group has fewer than 10 searches.

    Source: Race Disparity Unit (2021) on geographic clustering; Mantel and Haenszel (1959).

    >>> from datetime import date
    >>> rows = [("Black", "kent", 30, 1.0), ("White", "kent", 100, 10.0),
    ...         ("Black", "essex", 20, 3.0), ("White", "essex", 50, 20.0)]
    >>> estimates = pl.DataFrame(rows, ["ethnic_group", "force", "numerator", "denominator"], orient="row")
    >>> same = {"measure": "search_rate", "search_type": "All", "status": "measured",
    ...         "ethnicity_basis": "self-defined", "period_from": date(2024, 4, 1), "period_to": date(2025, 3, 1)}
    >>> estimates = estimates.with_columns(pl.lit(value).alias(name) for name, value in same.items())
    >>> decompose_over_forces(estimates).select("component", pl.col("value").round(4)).rows()[:3]
    [('crude', 2.5), ('within', 2.8571), ('between', 0.875)]
    """
    keys = [*PERIOD_KEYS[1:], "ethnic_group"]
    cells = _pair_forces(estimates)
    asked = estimates.filter(measure="search_rate").select("force", *SPAN).unique()
    used = cells.group_by(keys).agg(pl.len().alias("used"), are_few())
    notes = (
        used.join(asked.group_by(SPAN).len("asked"), on=SPAN)
        .filter(pl.col("used") > 1)
        .with_columns(note=pl.format("; {} forces, {} left out", "used", pl.col("asked") - pl.col("used")))
        .select(*keys, "is_few", "note", force=pl.lit(EVERY_FORCE), analysis=pl.lit(RATIO_OVER_FORCES))
    )
    rows, arrays = stack_strata(cells, notes, keys, CELL)
    return _list_parts(rows, split_rate_ratio(RateStrata(*arrays)), METHODS)


def decompose_change_over_forces(estimates: pl.DataFrame) -> pl.DataFrame:
    """Split the change of each group's ratio over all forces, from one period to the next, in the same parts.

    later crude / earlier crude = (later within / earlier within) x (later between / earlier between).
    Each period is out of its own residents. They move between counts as people do, without a step at a census: out of
    the residents of one period for both, a group that grows would seem to be searched more.

    Returns:
        REASON_COLUMNS with force "All" and the later period: components crude, within, between,
        mantel_haenszel; ratios of ratios, neutral value 1. Only forces that both periods can use; the note
        names the earlier period.

    Source: as `decompose_over_forces`.
    """
    keys = [*PERIOD_KEYS[1:], "ethnic_group"]
    both = _pair_periods(_pair_forces(estimates))
    notes = (
        both.group_by(*keys, "earlier_from", "earlier_to")
        .agg(pl.len().alias("used"), are_few("_earlier"))
        .filter(pl.col("used") > 1)
        .with_columns(note=_name_step())
        .select(*keys, "is_few", "note", force=pl.lit(EVERY_FORCE), analysis=pl.lit(RATIO_CHANGE_OVER_FORCES))
    )
    rows, arrays = stack_strata(both, notes, keys, [*(f"{name}_earlier" for name in CELL), *CELL])
    changes = split_ratio_change(RateStrata(*arrays[:4]), RateStrata(*arrays[4:]))
    return _list_parts(rows, changes, dict.fromkeys(METHODS, CHANGE_METHOD))


def decompose_over_areas(
    areas: pl.DataFrame,
    residents: pl.DataFrame,
    estimates: pl.DataFrame,
    ratios: pl.DataFrame | None = None,
    *,
    analysis: str = RATIO_OVER_AREAS,
) -> pl.DataFrame:
    """Split each group's ratio in a force into what lies within its areas and what lies between them.

    Args:
        areas: searches by force, month, self_defined_group and the place.
        residents: force, period_from, period_to, ethnic_group, the place, population.
        ratios: comparisons of search rates, whose design effect the limits carry; None: searches come one by one.
        analysis: of PLACES, by which the rows are named.

    Returns:
        REASON_COLUMNS for self-defined ethnicity: components as for forces, and not_recorded_share, the larger
        of the two groups' shares of searches without a place of `residents`; above 0.10 it is the only row.
        Places where the reference has no residents are left out and counted in the note. Limits: each of searches and
        resident-years is divided by the design effect, which leaves the value as it is.

    Source: as `decompose_over_forces`; design effect: Kish (1965).
    """
    keys = [*PERIOD_KEYS, "ethnic_group"]
    word, unplaced = PLACES[analysis]
    counted = areas.rename({"self_defined_group": "ethnic_group"})
    cells = pair_strata(counted, residents, estimates).filter(pl.col("ethnic_group") != REFERENCE_GROUP)
    has_reference = pl.col("reference_exposure") > 0
    notes = (
        cells.group_by(keys)
        .agg(
            pl.col("unplaced").first(),
            has_reference.sum().alias("used"),
            (~has_reference).sum().alias("left"),
            are_few(where=has_reference),
        )
        .filter(pl.col("used") > 1)
        .with_columns(note=pl.format("; {} {}, {} left out", "used", pl.lit(word), "left"), analysis=pl.lit(analysis))
        .sort(keys)
    )
    placed = notes.filter(pl.col("unplaced") <= MOST_UNPLACED)
    rows, arrays = stack_strata(cells, placed, keys, CELL)
    methods = METHODS
    if ratios is not None:
        effect = look_up_effects(rows, ratios)[:, None]
        arrays = tuple(part / effect for part in arrays)
        methods = {component: method + WITH_EFFECT for component, method in METHODS.items()}
    return pl.concat(
        [_list_parts(rows, split_rate_ratio(RateStrata(*arrays)), methods), list_unplaced(notes, unplaced)]
    )


def _pair_forces(estimates: pl.DataFrame) -> pl.DataFrame:
    """Set each group beside the reference group in every force where the latter has residents."""
    paired = pair_with_reference(select_search_rates(estimates), PERIOD_KEYS)
    return paired.filter(pl.col("ethnic_group") != REFERENCE_GROUP, pl.col("reference_exposure") > 0)


def _pair_periods(cells: pl.DataFrame) -> pl.DataFrame:
    """Set each period beside the one before it, `_earlier`."""
    spans = cells.select(SPAN).unique().sort(SPAN)
    steps = spans.with_columns(earlier_from=pl.col(SPAN[0]).shift(1), earlier_to=pl.col(SPAN[1]).shift(1))
    earlier = cells.rename({name: name.replace("period", "earlier") for name in SPAN})
    place = ["force", "ethnicity_basis", "ethnic_group", "earlier_from", "earlier_to"]
    following = cells.join(steps.filter(pl.col("earlier_to") < pl.col("period_from")), on=SPAN)
    return following.join(earlier, on=place, suffix="_earlier")


def _name_step() -> pl.Expr:
    """Name the earlier period."""
    months = (pl.col(name).dt.strftime("%Y-%m") for name in ("earlier_from", "earlier_to"))
    return pl.format("; against {} to {}; {} forces", *months, "used")


def _list_parts(rows: pl.DataFrame, parts: RatioParts, methods: dict[str, str]) -> pl.DataFrame:
    """List the components that are defined; limits by approximation are left out where `is_few`."""
    few = rows["is_few"].to_numpy()
    tables = []
    for component, part in parts._asdict().items():
        is_exact = methods[component].startswith(METHODS["crude"])
        limits = part[1:] if is_exact else [np.where(few, np.nan, limit) for limit in part[1:]]
        warning = pl.when(pl.col("is_few") & (not is_exact)).then(pl.lit(FEW_SEARCHES)).otherwise(pl.lit(""))
        stated = rows.with_columns(note=pl.concat_str("note", warning), reference_group=pl.lit(REFERENCE_GROUP))
        tables.append(list_figures(stated, component, Estimate(part.value, *limits), methods[component]))
    return pl.concat(tables).filter(pl.col("value").is_not_null())
