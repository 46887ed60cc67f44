"""Shares and find rates by area, month, origin, item found and stated priority.

The gates are those of the estimates: the evidence of a force's total decides for all its parts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from disparity.analysis.measures.alignment import align
from disparity.analysis.measures.entries import (
    ALIGNED_SHARE,
    FIND_RATE,
    FORCE_KIND_SHARE,
    ITEM_FOUND_SHARE,
    ORIGIN_SHARE,
    TYPE_SHARE,
    Measure,
)
from disparity.analysis.measures.estimates import add_values, count_up, measure_drug_split
from disparity.analysis.measures.flag_use import FLAG_IN_USE, add_flag_use
from disparity.analysis.measures.gates import add_evidence, add_status, find_placed, withhold_few_events
from disparity.analysis.measures.places import place_searches
from disparity.disclosure.open import Detail
from disparity.disclosure.tallies import PERIOD_KEYS, Tallies, is_of_quarter
from disparity.project.declarations import ANY, Priority
from disparity.vocabulary.codes import (
    ALL,
    DRUG_TYPES,
    ETHNIC_GROUPS,
    FIND_COUNTS,
    FORCE_KINDS,
    ITEMS,
    NOT_RECORDED,
    ORIGINS,
    SEARCH_TYPES,
    SELF_DEFINED,
)
from disparity.vocabulary.neighbourhoods import read_authorities, read_neighbourhoods
from disparity.vocabulary.statuses import MEASURED
from disparity.vocabulary.text import CONTROL
from disparity.vocabulary.thresholds import COVERAGE_PARTIAL

BREAKDOWN_COLUMNS = [
    *("measure", "force", "period_from", "period_to", "breakdown", "category", "ethnic_group", "search_type"),
    *("numerator", "denominator", "unknown", "value", "lower", "upper", "lower_bound", "upper_bound", "status"),
]
SPAN = ["force", "period_from", "period_to"]
CELL = [*SPAN, "category", "ethnic_group", "search_type"]
GROUPS = (ALL, *ETHNIC_GROUPS)
DRUGS = ("drugs", *DRUG_TYPES)
# What is put where a record does not say: areas are in the force's own words, origins in codes.
UNRECORDED = {"area": NOT_RECORDED, "search_origin": "not_recorded"}


@dataclass(frozen=True)
class Whole:
    """What is broken down: exact counts, their tallies by period, what was submitted, and the periods."""

    detail: Detail
    years: Tallies
    submitted: pl.DataFrame
    periods: pl.DataFrame


def break_down(whole: Whole, priorities: Sequence[Priority]) -> pl.DataFrame:
    """Break shares and find rates down by what a force's records say beyond ethnicity and type of search.

    type_share (area, month) = drug searches / searches; find_rate (area, search_origin) = found / known;
    origin_share, item_found_share = searches of the origin or item / searches that record one; aligned_share
    (priority, area, fifth) = searches that a stated priority names / searches. Every period is a year or what is left
    of one; a month is a category. Only what a force's records hold, or its project states, has rows.

    Returns:
        BREAKDOWN_COLUMNS, all shares from 0 to 1; ethnic groups All and the five, self-defined (All alone for items).
        `value` is null where `status` says why; `unknown` counts searches whose record does not say, null where
        every record does. There is no neutral value: a share is to be read beside that of another group.
    """
    areas, origins = (_keep_recorded(whole, list_searches(whole, name), name) for name in ("area", "search_origin"))
    tables = [
        _share_types(whole, areas, "area"),
        _share_types(whole, _list_months(whole), "month"),
        _rate_finds(whole, areas, "area"),
        _rate_finds(whole, origins, "search_origin"),
        _share_origins(whole, origins),
        _share_told(whole, whole.detail.items, ITEM_FOUND_SHARE, ITEMS),
        _share_told(whole, whole.detail.force_kinds, FORCE_KIND_SHARE, FORCE_KINDS),
        *_share_priorities(whole, priorities),
    ]
    rows = withhold_few_events(pl.concat([table.select(BREAKDOWN_COLUMNS) for table in tables]))
    return rows.sort(SPAN, maintain_order=True)


def strip_controls(column: str) -> pl.Expr:
    """Take out control characters: an area's name could steer the terminal that the published list is read in."""
    return pl.col(column).str.replace_all(CONTROL, "\ufffd")


def list_searches(whole: Whole, column: str) -> pl.DataFrame:
    """Every search once, by SPAN, month, `category`, group and type: null where its file does not say."""
    counted = {"area": whole.detail.areas, "search_origin": whole.detail.origins}[column]
    group = pl.col("self_defined_group").fill_null(NOT_RECORDED).alias("ethnic_group")
    keys = ["force", "month", strip_controls(column).alias("category"), group, "search_type", *FIND_COUNTS]
    own = whole.detail.cells.filter(ethnicity_basis=SELF_DEFINED)
    rest = own.join(counted.select("force", "month").unique(), on=["force", "month"], how="anti").select(
        "force", "month", pl.lit(None, pl.String).alias("category"), "ethnic_group", "search_type", *FIND_COUNTS
    )
    return pl.concat([counted.select(keys), rest]).join(whole.periods, on="month")


def _keep_recorded(whole: Whole, leaves: pl.DataFrame, column: str) -> pl.DataFrame:
    """Keep the forces and periods with a search that says, half of them for areas; one that does not is named so."""
    counted = (
        find_placed(whole.detail, whole.detail.areas, whole.periods)
        if column == "area"
        else leaves.drop_nulls("category")
    )
    return leaves.join(counted, on=SPAN, how="semi").with_columns(pl.col("category").fill_null(UNRECORDED[column]))


def _list_months(whole: Whole) -> pl.DataFrame:
    """Searches by month: of a quarter, no month is known."""
    months = whole.submitted.filter(~is_of_quarter()).select("force", "month")
    return (
        whole.detail.cells.filter(ethnicity_basis=SELF_DEFINED)
        .join(months, on=["force", "month"], how="semi")
        .join(whole.periods, on="month")
        .with_columns(pl.col("month").dt.strftime("%Y-%m-%d").alias("category"))
    )


def _roll_up(leaves: pl.DataFrame, counted: Sequence[str]) -> pl.DataFrame:
    """Add drugs as one, all types and all groups; keep GROUPS."""
    sums = leaves.group_by(CELL).agg(pl.col(counted).sum())
    drugs = sums.filter(pl.col("search_type").is_in(DRUG_TYPES)).with_columns(search_type=pl.lit("drugs"))
    typed = pl.concat([sums, drugs, sums.with_columns(search_type=pl.lit(ALL))])
    both = pl.concat([typed, typed.with_columns(ethnic_group=pl.lit(ALL))])
    return both.group_by(CELL).agg(pl.col(counted).sum()).filter(pl.col("ethnic_group").is_in(GROUPS))


def _complete(cells: pl.DataFrame, column: str, values: Sequence[str]) -> pl.DataFrame:
    """Add a row of zeros for each of `values` that a cell lacks."""
    others = [name for name in CELL if name != column]
    grid = cells.select(others).unique().join(pl.DataFrame({column: values}, schema={column: pl.String}), how="cross")
    counts = pl.exclude(CELL).fill_null(0)
    return grid.join(cells, on=CELL, how="left").with_columns(counts)


def _share_types(whole: Whole, leaves: pl.DataFrame, breakdown: str) -> pl.DataFrame:
    cells = _roll_up(leaves, ["searches"])
    of_group = ["searches_of_group", "unseparated_of_group"]
    by_group = [name for name in CELL if name != "search_type"]
    totals = cells.group_by(by_group).agg(
        pl.col("searches").filter(pl.col("search_type") == kind).sum().alias(name)
        for kind, name in zip((ALL, "drugs_unspecified"), of_group, strict=True)
    )
    kinds = cells.filter(pl.col("search_type").is_in([ALL, *DRUGS]))
    rows = _complete(kinds, "search_type", DRUGS).join(totals, on=by_group)
    rows = _add_split(whole, rows).filter((pl.col("search_type") != "drugs_unspecified") | (pl.col("drug_split") > 0))
    return _finish(whole, rows.with_columns(evidence=pl.lit(MEASURED)), TYPE_SHARE, breakdown)


def _rate_finds(whole: Whole, leaves: pl.DataFrame, breakdown: str) -> pl.DataFrame:
    rows = _roll_up(leaves, FIND_COUNTS).with_columns((pl.col("found") + pl.col("not_found")).alias("known"))
    own = whole.years.cells.filter(ethnicity_basis=SELF_DEFINED)
    gated = add_evidence(add_flag_use(own), FIND_RATE).select(*SPAN, "ethnic_group", "search_type", "evidence")
    rows = rows.join(gated, on=[*SPAN, "ethnic_group", "search_type"]).with_columns(**FLAG_IN_USE)
    return _finish(whole, _add_split(whole, rows), FIND_RATE, breakdown)


def _share_origins(whole: Whole, leaves: pl.DataFrame) -> pl.DataFrame:
    cells = _roll_up(leaves, ["searches"])
    return _share_of_recorded(whole, cells, ORIGINS, ORIGIN_SHARE, "search_origin")


def _share_told(whole: Whole, counted: pl.DataFrame, measure: Measure, codes: dict[str, str]) -> pl.DataFrame:
    """Share of searches with each item found (of all groups together), or with each kind of force."""
    column = measure.name.removesuffix("_share")
    told = counted.rename({column: "category"}).join(whole.periods, on="month")
    group = pl.col("self_defined_group") if "self_defined_group" in told.columns else pl.lit(None, pl.String)
    told = told.with_columns(group.fill_null(NOT_RECORDED).alias("ethnic_group"))
    # Files of the period that do not say at all: their searches are not recorded.
    own = whole.detail.cells.filter(ethnicity_basis=SELF_DEFINED).join(whole.periods, on="month")
    rest = own.join(told.select("force", "month").unique(), on=["force", "month"], how="anti")
    columns = [*SPAN, "category", "ethnic_group", "search_type", "searches"]
    leaves = pl.concat([told.select(columns), rest.with_columns(category=pl.lit(None, pl.String)).select(columns)])
    leaves = leaves.join(told.drop_nulls("category"), on=SPAN, how="semi")
    cells = _roll_up(leaves.with_columns(pl.col("category").fill_null("not_recorded")), ["searches"])
    return _share_of_recorded(whole, cells, codes, measure, column)


def _share_of_recorded(
    whole: Whole, cells: pl.DataFrame, codes: Sequence[str] | dict[str, str], measure: Measure, breakdown: str
) -> pl.DataFrame:
    """Share of the searches that record a code which have each of `codes`."""
    by_group = [name for name in CELL if name != "category"]
    totals = cells.group_by(by_group).agg(
        pl.col("searches").sum().alias("searches_of_group"),
        pl.col("searches").filter(pl.col("category").is_in(list(codes))).sum().alias("recorded_of_group"),
    )
    keyed = totals.with_columns(ethnicity_basis=pl.lit(SELF_DEFINED))
    gated = add_evidence(keyed, measure).select(*by_group, "evidence")
    rows = _complete(cells, "category", list(codes)).join(totals, on=by_group).join(gated, on=by_group)
    return _finish(whole, _add_split(whole, rows), measure, breakdown, order=list(codes))


def _share_priorities(whole: Whole, priorities: Sequence[Priority]) -> list[pl.DataFrame]:
    """Shares under each priority, any and none; under any also by area and by fifth of deprivation, where known."""
    named = list_searches(whole, "area").with_columns(area=pl.col("category"))
    aligned, names = align(named, priorities)
    areas = _keep_recorded(whole, aligned.filter(category=ANY).with_columns(category="area"), "area")
    fifths = _list_fifths(whole) if priorities else named.clear()
    placed = find_placed(whole.detail, fifths.select("force", "month", "searches", area="category"), whole.periods)
    fifths = fifths.join(placed, on=SPAN, how="semi").with_columns(place=pl.col("category").fill_null(NOT_RECORDED))
    by_fifth = align(fifths, priorities)[0].filter(category=ANY).with_columns(category="place")
    parts = ((aligned, "priority", names), (areas, "area", ()), (by_fifth, "fifth", ()))
    return [_share_aligned(whole, *part) for part in parts]


def _list_fifths(whole: Whole) -> pl.DataFrame:
    """Every search once, by SPAN, month, `category` (fifth of deprivation), area, group and type; null: in none.

    Areas are the authorities of the force where all that are counted are; of others a neighbourhood does not tell.
    """
    own = (
        read_neighbourhoods()
        .join(read_authorities(), on=["authority", "force"])
        .select("force", "neighbourhood", category=pl.col("fifth").cast(pl.String), area="name")
    )
    other = whole.detail.areas.drop_nulls("area").join(own, on=["force", "area"], how="anti")
    is_told = ~pl.col("force").is_in(other["force"].unique().to_list())
    rows = place_searches(whole.detail, own, ("category", "area")).join(whole.periods, on="month")
    group = pl.col("self_defined_group").fill_null(NOT_RECORDED).alias("ethnic_group")
    return rows.with_columns(pl.when(is_told).then("area").alias("area"), group)


def _share_aligned(whole: Whole, leaves: pl.DataFrame, breakdown: str, order: Sequence[str] = ()) -> pl.DataFrame:
    cells = _roll_up(leaves, ["searches", "aligned", "undecided"]).with_columns(ethnicity_basis=pl.lit(SELF_DEFINED))
    if breakdown != "priority":
        cells = cells.filter(search_type=ALL)
    gated = [add_evidence(one, ALIGNED_SHARE) for one in cells.partition_by("category", maintain_order=True)]
    rows = pl.concat(gated) if gated else cells.with_columns(evidence=pl.lit(""))
    return _finish(whole, _add_split(whole, rows), ALIGNED_SHARE, breakdown, order=order)


def _add_split(whole: Whole, rows: pl.DataFrame) -> pl.DataFrame:
    """Add `drug_split`; leave out possession and supply where the force does not separate them."""
    own = whole.years.cells.filter(ethnicity_basis=SELF_DEFINED)
    split = measure_drug_split(own).drop("ethnicity_basis").with_columns(pl.col("drug_split").fill_null(0))
    is_part = pl.col("search_type").is_in(["drugs_possession", "drugs_supply"])
    return rows.join(split, on=SPAN).filter(~is_part | (pl.col("drug_split") >= COVERAGE_PARTIAL))


def _finish(
    whole: Whole, rows: pl.DataFrame, measure: Measure, breakdown: str, *, order: Sequence[str] = ()
) -> pl.DataFrame:
    """Give each row its counts, status, value and limits, in the order of the words."""
    labels = whole.years.labels.select(*PERIOD_KEYS, "is_restricted")
    nothing = ("residents", "months_submitted", "months_asked", "period_searches", "searches_of_group")
    rows = rows.with_columns(
        *count_up(measure),
        *(pl.lit(None, pl.Int64).alias(name) for name in nothing if name not in rows.columns),
        breakdown=pl.lit(breakdown),
        ethnicity_basis=pl.lit(SELF_DEFINED),
        ceiling=pl.lit(None, pl.String),
    ).join(labels, on=PERIOD_KEYS, how="left")
    rows = rows.filter((pl.col("denominator") > 0) | (pl.col("unknown") > 0))
    place = pl.col("category").cast(pl.Enum(list(dict.fromkeys(order)))) if order else pl.col("category")
    made = add_values(add_status(rows, measure), measure).with_columns(pl.col("denominator").cast(pl.Int64))
    return made.sort(
        *SPAN,
        place,
        pl.col("search_type").cast(pl.Enum([ALL, *SEARCH_TYPES])),
        pl.col("ethnic_group").cast(pl.Enum(GROUPS)),
    )
