"""Altair charts of published rows, and their drawing as SVG at build time.

Every number that a chart prints comes from the figures of the table beside it. Colours are the Analysis
Function's; the meaning never rests on colour alone: hollow points are small numbers, dashed bars are
bounds, lines are named at their end.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

from disparity.figures import Figure, Row, percentage, rate
from disparity.measures import MEASURES, NOT_MEASURABLE, PARTIAL, PER_RESIDENTS, RESTRICTED_LABELS, SHARE, SMALL
from disparity.vocabulary import ALL, ETHNIC_GROUPS, SEARCH_TYPES

BLUE, GREY, INK = "#12436D", "#6F777B", "#222222"
LINE_COLOURS = {
    "Asian": "#28A197",
    "Black": "#12436D",
    "Mixed": "#801650",
    "White": "#3D3D3D",
    "Other": "#F46A25",
}
# Metric-compatible with what the SVG renderer measures with, so labels fit on every machine.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": "#ffffff",
    "aria": False,
    "view": alt.ViewConfig(stroke=None),
    "axis": alt.AxisConfig(
        labelFontSize=12,
        titleFontSize=12,
        titleFontWeight="normal",
        titlePadding=8,
        gridColor="#E3E5E6",
        domainColor="#9AA0A3",
        tickColor="#9AA0A3",
        labelColor=INK,
        titleColor=INK,
    ),
}
UNIT = {measure.name: measure.unit for measure in MEASURES}
# A rate of fewer searches stands in the table alone: its interval would stretch the scale of all the others.
FEWEST_DRAWN = 10
# The height of a name at a line's end, as a share of the plot's.
NAME_HEIGHT = 0.075
FACET_GROUPS = (ALL, *ETHNIC_GROUPS)


AnyChart = alt.LayerChart | alt.FacetChart


@dataclass(frozen=True)
class Drawing:
    """A drawn chart: the static picture, and the compiled Vega specification for the interactive one."""

    svg: str
    vega: str


def chart_by_group(rows: list[Row]) -> AnyChart:
    """Each group's rate as a point on its 95% interval; bounds as a dashed bar where there is no interval."""
    values = [_point(row) for row in rows]
    return _rate_layers(values, UNIT[rows[0].values["measure"]], width=360, step=34)


def chart_by_type(rows: list[Row]) -> AnyChart:
    """The same, a small panel for each type of search, on one scale."""
    rows = [row for row in rows if (row.values["denominator"] or 0) >= FEWEST_DRAWN]
    values = [_point(row) for row in rows]
    types = [SEARCH_TYPES.get(row.values["search_type"], "All searches") for row in rows]
    layers = _rate_layers(values, UNIT[rows[0].values["measure"]], width=185, step=22)
    return layers.facet(
        facet=alt.Facet(
            "type:N",
            title=None,
            sort=list(dict.fromkeys(types)),
            header=alt.Header(labelFontSize=13, labelFontWeight="bold", labelColor=INK, labelAnchor="start"),
        ),
        columns=2,
        spacing={"row": 14, "column": 14},
    )


def chart_months(rows: list[Row], *, measure: str, title: str, stretches: dict[date, str]) -> AnyChart:
    """One line per ethnic group by month or quarter, named at its end.

    A month without a file, or whose rate is only an estimate, leaves a gap; so does a change of `stretches`,
    the population that each month is divided by.
    """
    shown = [(row, read_month(row, measure)) for row in rows]
    last = max((row.values["month"] for row, value in shown if value is not None), default=None)
    gap = NAME_HEIGHT * max((value for _, value in shown if value is not None), default=0)
    ends_at = {row.values["ethnic_group"]: value for row, value in shown if row.values["month"] == last}
    names_at = _spread(ends_at, gap=gap)
    values = [
        {
            "is_last": row.values["month"] == last,
            "month": row.values["month"].isoformat(),
            "group": "" if row.values["ethnic_group"] == ALL else row.values["ethnic_group"],
            "stretch": stretches.get(row.values["month"], ""),
            "span": row.values["span"],
            "value": value,
            "name_at": names_at.get(row.values["ethnic_group"]) if row.values["month"] == last else None,
        }
        for row, value in shown
    ]
    groups = list(dict.fromkeys(str(value["group"]) for value in values))
    colours = [LINE_COLOURS.get(group, BLUE) for group in groups]
    is_share = UNIT.get(measure) == SHARE
    base = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X(
            "utcyearmonth(month):T",  # a reader west of Greenwich would see the month before
            title=None,
            scale=alt.Scale(type="utc"),
            axis=alt.Axis(format="%b %Y", labelAngle=0, tickCount=4, grid=False, labelOverlap=True),
        ),
        y=alt.Y(
            "value:Q",
            title=title,
            scale=alt.Scale(zero=True),
            axis=alt.Axis(format="%" if is_share else ",~r", tickCount=5),
        ),
        detail="stretch:N",
        color=alt.Color("group:N", legend=None, scale=alt.Scale(domain=groups, range=colours)),
    )
    tip = [
        alt.Tooltip("group:N", title="Ethnic group"),
        alt.Tooltip("span:N", title="Month"),
        alt.Tooltip("value:Q", title=title),
    ]
    lines = base.mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=22)).encode(tooltip=tip)
    ends = base.transform_filter("datum.is_last && isValid(datum.value)").mark_text(
        align="left", dx=7, fontSize=13, fontWeight="bold"
    )
    names = ends.encode(text="group:N", y=alt.Y("name_at:Q", title=title))
    return alt.layer(lines, names).properties(width=360, height=220)


def _spread(ends: dict[str, float | None], *, gap: float) -> dict[str, float]:
    """Set names at the ends of lines apart, so that none covers another: upwards from the lowest."""
    values = sorted((value, group) for group, value in ends.items() if value is not None)
    places: dict[str, float] = {}
    for value, group in values:
        places[group] = max(value, max(places.values(), default=-gap) + gap)
    return places


def read_month(row: Row, measure: str) -> float | None:
    """What a month's line is drawn through: nothing where the rate is only an estimate."""
    if measure == "searches":
        value: float | None = row.values["numerator"]
        return value
    return None if row.values["status"] == PARTIAL else row.values["value"]


def _point(row: Row) -> dict[str, Any]:
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
    return rate(row, column) if UNIT[row.values["measure"]] == PER_RESIDENTS else percentage(row, column)


def _rate_layers(values: list[dict[str, Any]], unit: str, *, width: int, step: int) -> AnyChart:
    groups = [group for group in FACET_GROUPS if any(value["group"] == group for value in values)]
    largest = max((value["upper"] or value["value"] or 0 for value in values), default=0) or 1
    is_share = unit == SHARE
    limit = min(largest * 1.35, 1.3) if is_share else largest * 1.25
    base = alt.Chart(alt.InlineData(values=values)).encode(
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
        .encode(x=x("lower"), x2="upper:Q", tooltip=tip)
    )
    rule = (
        base.transform_filter("datum.drawn == 'interval' && isValid(datum.lower)")
        .mark_rule(color=GREY, strokeWidth=2.5)
        .encode(x=x("lower"), x2="upper:Q")
    )
    point = (
        base.transform_filter("isValid(datum.value)")
        .mark_point(size=90, color=BLUE, strokeWidth=2, opacity=1)
        .encode(
            x=x("value"),
            fill=alt.condition("datum.filled", alt.value(BLUE), alt.value("#ffffff")),
            tooltip=tip,
        )
    )
    label = (
        base.transform_calculate(at="isValid(datum.upper) ? datum.upper : datum.value")
        .transform_filter("isValid(datum.at)")
        .mark_text(align="left", dx=8, fontSize=13, color=INK)
        .encode(x=x("at"), text="label:N")
    )
    return alt.layer(bounds, rule, point, label).properties(width=width, height=step * max(len(groups), 1))


def draw(chart: AnyChart, *, name: str) -> Drawing:
    """Draw a chart without network or clock; the same chart and name give the same bytes.

    The page names the picture, so the renderer's own labels for assistive technology are taken out.

    Raises:
        ValueError: the picture holds a style, script or address, which the pages' policy does not allow.
    """
    import vl_convert  # noqa: PLC0415  starts a script engine

    vega = vl_convert.vegalite_to_vega(chart.configure(**CONFIG).to_dict())
    vega.pop("$schema", None)  # an address that nothing reads
    svg = vl_convert.vega_to_svg(vega, allowed_base_urls=[])
    svg = _number_ids(re.sub(r' (?:aria-[a-z]+|role)="[^"]*"', "", svg), name)
    if re.search(r'<style| style="|<script|<image|xlink:href| href="', svg):
        raise ValueError(f"the chart {name} holds something that the page policy does not allow")
    size = re.search(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)" viewBox="([\d. ]+)">', svg)
    if not size:
        raise ValueError(f"the chart {name} has an unexpected outermost element")
    head = f'<svg class="marks" aria-hidden="true" width="{size[1]}" height="{size[2]}" viewBox="{size[3]}">'
    # A closing tag inside a text value would end the script element that carries the specification.
    spec = json.dumps(vega, sort_keys=True, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    return Drawing(head + svg[size.end() :], spec)


def _number_ids(svg: str, name: str) -> str:
    """The renderer numbers clips and gradients over the whole process: number them within the chart."""
    order: dict[str, str] = {}

    def rename(match: re.Match[str]) -> str:
        return match[1] + order.setdefault(match[2], f"{name}-{len(order)}")

    return re.sub(r'( id="|url\(#)((?:clip|gradient_)\d+)(?=["\)])', rename, svg)
