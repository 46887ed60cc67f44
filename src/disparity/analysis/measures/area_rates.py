"""Search rates by area, out of the residents of each, as far as searches can be placed in one."""

from dataclasses import replace

import polars as pl

from disparity.analysis.measures.breakdowns import GROUPS, SPAN, Whole, list_searches, strip_controls
from disparity.analysis.measures.entries import ESTIMATE_COLUMNS, SEARCH_RATE
from disparity.analysis.measures.estimates import add_values, count_up
from disparity.analysis.measures.gates import add_status, withhold_few_events
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.vocabulary.codes import ALL, FORCES_WITHOUT_RESIDENTS, REFERENCE_GROUP, SELF_DEFINED
from disparity.vocabulary.statuses import MEASURED, NOT_MEASURABLE, PARTIAL
from disparity.vocabulary.thresholds import COVERAGE_GAP, COVERAGE_PARTIAL

# As for the parts of a ratio within and between areas: where more searches are in no area, areas cannot represent all.
PLACED_MEASURED = 0.90
AREA_RATE = replace(
    SEARCH_RATE,
    unknown=pl.col("searches_of_group") - pl.col("placed_of_group"),
    # As if the group's searches in no area lay in the areas as its others do.
    resolved=pl.col("numerator") * pl.col("searches_of_group") / pl.col("placed_of_group") / pl.col("exposure"),
    denominator=pl.col("exposure"),
    whole=pl.col("exposure"),
)


def estimate_areas(whole: Whole, residents: pl.DataFrame) -> pl.DataFrame:
    """Estimate the search rate of every area: searches there for every 1,000 residents of the area, a year.

    search rate = searches in the area / (residents of the area x months submitted / 12 / 1,000)

    The gate is the share of the force's searches of the period that are in an area, one with residents where the
    force's are known. From 0.90 `measured`: the rate is that of the searches in the area, too low by those in none that
    took place there. From 0.50 `partial`: the group's searches in no area are taken to lie as its others do; no
    interval. Below, `not_measurable`: no rate. A group whose share is more than 10 points from the reference group's
    is partial. Then the gates of every search rate.

    Args:
        residents: force, period_from, period_to, ethnic_group, area, population.

    Returns:
        ESTIMATE_COLUMNS and area: self-defined ethnicity, All and the five groups, all types of search; every area
        that residents are known of, or a search is in, of forces and periods with a search in any. `unknown` is the
        group's searches in no such area; the bounds are the rate if none, or all, of them lay in this one. `value` is
        null where `status` says why: not_measurable also where residents of the area are not known. There is no neutral
        value: a rate is to be read beside that of another group in the same area.
    """
    counted, residents = _count(whole), residents.with_columns(strip_controls("area"))
    rows = _list_rows(counted, residents).join(_add_up_groups(counted, residents), on=[*SPAN, "ethnic_group"])
    rows = rows.join(_gate(rows), on=[*SPAN, "ethnic_group"])
    rows = _add_exposure(whole, rows, residents).with_columns(
        *count_up(AREA_RATE),
        ethnicity_basis=pl.lit(SELF_DEFINED),
        search_type=pl.lit(ALL),
        period_searches=pl.lit(None, pl.Int64),
        ceiling=pl.lit(None, pl.String),
        drug_split=pl.lit(None, pl.Float64),
    )
    labels = whole.years.labels.select(*PERIOD_KEYS, "is_restricted")
    made = add_values(add_status(rows.join(labels, on=PERIOD_KEYS, how="left"), AREA_RATE), AREA_RATE)
    # Bounds of what is hardly placed, or out of nobody, would read as a finding.
    is_shown = pl.col("status") != NOT_MEASURABLE
    bounds = [pl.when(is_shown).then(name).alias(name) for name in ("lower_bound", "upper_bound")]
    return (
        withhold_few_events(made.with_columns(bounds))
        .select("area", *ESTIMATE_COLUMNS)
        .sort(*SPAN, "area", pl.col("ethnic_group").cast(pl.Enum(GROUPS)))
    )


def _count(whole: Whole) -> pl.DataFrame:
    """Searches by SPAN, area (null: in none) and group, unknown ethnicity among them."""
    by_group = list_searches(whole, "area").rename({"category": "area"})
    both = pl.concat([by_group, by_group.with_columns(ethnic_group=pl.lit(ALL))])
    return both.group_by(*SPAN, "area", "ethnic_group").agg(pl.col("searches").sum())


def _list_rows(counted: pl.DataFrame, residents: pl.DataFrame) -> pl.DataFrame:
    """Every area and group of a force and period with a search in any area, with zeros."""
    placed = counted.drop_nulls("area")
    spans = placed.select(SPAN).unique()
    known = spans.join(residents.select("force", "area").unique(), on="force")
    areas = pl.concat([placed.select(*SPAN, "area"), known.select(*SPAN, "area")]).unique()
    grid = areas.join(pl.DataFrame({"ethnic_group": GROUPS}), how="cross")
    return grid.join(placed, on=[*SPAN, "area", "ethnic_group"], how="left").with_columns(
        pl.col("searches").fill_null(0)
    )


def _add_up_groups(counted: pl.DataFrame, residents: pl.DataFrame) -> pl.DataFrame:
    """All searches of each group, and those in an area: one of the force's own, where its residents say which are."""
    lived_in = residents.select("force", "area").unique().with_columns(is_own=pl.lit(True))
    is_of_known_force = pl.col("force").is_in(lived_in["force"].unique().to_list())
    is_placed = pl.col("area").is_not_null() & (pl.col("is_own").fill_null(False) | ~is_of_known_force)
    return (
        counted.join(lived_in, on=["force", "area"], how="left")
        .group_by(*SPAN, "ethnic_group")
        .agg(
            pl.col("searches").sum().alias("searches_of_group"),
            pl.col("searches").filter(is_placed).sum().alias("placed_of_group"),
        )
    )


def _gate(rows: pl.DataFrame) -> pl.DataFrame:
    """By the share of the force's searches that are in an area: SPAN, ethnic_group, evidence."""
    share = (pl.col("placed_of_group") / pl.col("searches_of_group")).alias("share")
    shares = rows.select(*SPAN, "ethnic_group", share).unique()
    for group, name in ((ALL, "of_all"), (REFERENCE_GROUP, "of_reference")):
        own = shares.filter(pl.col("ethnic_group") == group).select(*SPAN, pl.col("share").alias(name))
        shares = shares.join(own, on=SPAN, how="left")
    is_uneven = (pl.col("share") - pl.col("of_reference")).abs().round(9) > COVERAGE_GAP
    is_partial = (pl.col("of_all") < PLACED_MEASURED) | ((pl.col("ethnic_group") != ALL) & is_uneven.fill_null(False))
    gated = pl.when(pl.col("of_all") < COVERAGE_PARTIAL).then(pl.lit(NOT_MEASURABLE))
    evidence = gated.when(is_partial).then(pl.lit(PARTIAL)).otherwise(pl.lit(MEASURED))
    return shares.select(*SPAN, "ethnic_group", evidence=evidence)


def _add_exposure(whole: Whole, rows: pl.DataFrame, residents: pl.DataFrame) -> pl.DataFrame:
    """Residents x months submitted / 12 / 1,000; null where residents of the area are not known."""
    span = ["period_from", "period_to"]
    months = whole.submitted.join(whole.periods, on="month").group_by(SPAN).agg(months_submitted=pl.len())
    asked = whole.periods.group_by(span).agg(months_asked=pl.len())
    keys = [*SPAN, "area", "ethnic_group"]
    people = residents.select(*keys, residents=pl.col("population"))
    everyone = people.with_columns(ethnic_group=pl.lit(ALL)).group_by(keys).agg(pl.col("residents").sum())
    years = pl.col("residents") * pl.col("months_submitted") / 12
    has_residents = ~pl.col("force").is_in(FORCES_WITHOUT_RESIDENTS)
    return (
        rows.join(months, on=SPAN)
        .join(asked, on=span)
        .join(pl.concat([people, everyone]), on=keys, how="left")
        .with_columns(exposure=pl.when(has_residents).then(years / 1_000))
    )
