"""Rates by ethnic group: points on their intervals, bars between their bounds."""

from typing import Any

import altair as alt

from disparity.analysis.measures.entries import BY_NAME, Measure
from disparity.site.charts.specification import BLUE, GREY, INK, Spec, hold_rows, overlay
from disparity.site.published_figures import Figure, Row, percentage, style_of
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, SEARCH_TYPES
from disparity.vocabulary.statuses import NOT_MEASURABLE, PARTIAL, RESTRICTED_LABELS, SMALL
from disparity.vocabulary.thresholds import SMALL_SEARCHES

# A rate of fewer searches is in the table alone: its interval would stretch the scale of all the others.
FEWEST_DRAWN = 10
FACET_GROUPS = (ALL, *ETHNIC_GROUPS)
FIND_RATES_BY_TYPE = (
    "Share of searches in which the item searched for was found. Points with 95% confidence intervals; hollow points "
    f"rest on fewer than {SMALL_SEARCHES} searches; dashed bars are the range a rate could lie in. Groups with fewer "
    f"than {FEWEST_DRAWN} searches are in the table only."
)


def chart_by_group(rows: list[Row]) -> Spec:
    """Each group's rate as a point on its 95% interval; bounds as a dashed bar where there is no interval."""
    values = [point_of(row) for row in rows]
    return _rate_layers(values, BY_NAME[rows[0].values["measure"]], width=360, step=34)


def pick_drawn(rows: list[Row]) -> list[Row]:
    """Rows with something to draw that rests on enough searches: a type without any would be an empty panel."""
    enough = [row for row in rows if (row.values["denominator"] or 0) >= FEWEST_DRAWN]
    return [row for row in enough if (point := point_of(row))["value"] is not None or point["upper"] is not None]


def chart_by_type(rows: list[Row]) -> Spec:
    """The same, a small panel for each type of search, on one scale."""
    values = [point_of(row) for row in rows]
    types = [SEARCH_TYPES.get(row.values["search_type"], "All searches") for row in rows]
    layers = _rate_layers(values, BY_NAME[rows[0].values["measure"]], width=185, step=22)
    facet = alt.FacetFieldDef(
        field="type",
        type="nominal",
        title=None,
        sort=list(dict.fromkeys(types)),
        header=alt.Header(labelFontSize=13, labelFontWeight="bold", labelColor=INK, labelAnchor="start"),
    )
    panel = {name: layers.pop(name) for name in ("layer", "width", "height")}
    spacing = {"row": 14, "column": 14}
    return {**layers, "spec": panel, "facet": facet.to_dict(validate=False), "columns": 2, "spacing": spacing}


def point_of(row: Row) -> dict[str, Any]:
    """What a rate is drawn from: its place on the axis, and its interval or bounds."""
    values = row.values
    shown = _label(row)
    has_bounds = values["status"] in {PARTIAL, NOT_MEASURABLE} and values["lower_bound"] is not None
    return {
        "group": values["ethnic_group"],
        "type": SEARCH_TYPES.get(values["search_type"], "All searches"),
        "value": values["value"],
        "lower": values["lower_bound"] if has_bounds else values["lower"],
        "upper": values["upper_bound"] if has_bounds else values["upper"],
        "label": shown,
        "drawn": "bounds" if has_bounds else "interval",
        "filled": values["status"] != SMALL,
    }


def _label(row: Row) -> str:
    """What the table prints for the same row."""
    values, style = row.values, print_rate(row)
    if values["value"] is not None:
        return str(style)
    if values["status"] == RESTRICTED_LABELS or values["lower_bound"] is None:
        return ""
    return f"{percentage(row, 'lower_bound')} to {percentage(row, 'upper_bound')}"


def print_rate(row: Row, column: str = "value") -> Figure | str:
    """A rate in its measure's way of printing; nothing where there is no value."""
    if row.values[column] is None:
        return ""
    return style_of(row.values["measure"])(row, column)


def _rate_layers(values: list[dict[str, Any]], measure: Measure, *, width: int, step: int) -> Spec:
    groups = [group for group in FACET_GROUPS if any(value["group"] == group for value in values)]
    largest = max((value["upper"] or value["value"] or 0 for value in values), default=0) or 1
    is_share = not measure.is_per_residents
    limit = min(largest * 1.35, 1.3) if is_share else largest * 1.25
    base = alt.Chart(hold_rows(values)).encode(
        y=alt.Y(
            "group:N",
            title=None,
            sort=groups,
            axis=alt.Axis(domain=False, ticks=False, labelFontSize=13, labelPadding=8),
        ),
    )
    scale = alt.Scale(domain=[0, limit], nice=False, zero=True)
    axis = alt.Axis(
        title="Share of searches" if is_share else "Searches per 1,000 residents a year",
        format="%" if is_share else ",~r",
        tickCount=4,
        # Labels may need room beyond all searches; the axis ends there.
        values=[0, 0.2, 0.4, 0.6, 0.8, 1] if is_share and limit > 1 else alt.Undefined,
    )

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    tip = [
        alt.Tooltip("type:N", title="Search type"),
        alt.Tooltip("group:N", title="Ethnic group"),
        alt.Tooltip("label:N", title="Rate"),
    ]
    bounds = (
        base.transform_filter("datum.drawn == 'bounds' && isValid(datum.upper)")
        .mark_bar(fill="#ffffff", stroke=GREY, strokeDash=[4, 3], strokeWidth=1.5, height=12)
        .encode(x=x("lower"), x2=alt.X2("upper:Q"), tooltip=tip)
    )
    rule = (
        base.transform_filter("datum.drawn == 'interval' && isValid(datum.lower)")
        .mark_rule(color=GREY, strokeWidth=2.5)
        .encode(x=x("lower"), x2=alt.X2("upper:Q"))
    )
    point = (
        base.transform_filter("isValid(datum.value)")
        .mark_point(size=90, color=BLUE, strokeWidth=2, opacity=1)
        .encode(
            x=x("value"),
            fill=alt.FillValue("#ffffff", condition={"test": "datum.filled", "value": BLUE}),
            tooltip=tip,
        )
    )
    label = (
        base.transform_calculate(at="isValid(datum.upper) ? datum.upper : datum.value")
        .transform_filter("isValid(datum.at)")
        .mark_text(align="left", dx=8, fontSize=13, color=INK)
        .encode(x=x("at"), text=alt.Text("label:N"))
    )
    return overlay(bounds, rule, point, label, width=width, height=step * max(len(groups), 1))
