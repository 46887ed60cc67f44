"""The chart of the front page: each group’s rate, chance as a thin bar, every way of counting as a broad one."""

from typing import Any

import altair as alt

from disparity.site.charts.specification import BLUE, GREY, INK, RANGE_FILL, Layout, Spec, constant, hold_rows, overlay
from disparity.site.charts.tips import tell
from disparity.site.published_figures import Row, count, rate, ratio
from disparity.vocabulary.codes import ETHNIC_GROUPS, REFERENCE_GROUP
from disparity.vocabulary.statuses import INCOMPLETE, RESTRICTED_LABELS, SMALL, SUPPRESSED

NAMES, VALUES = 60, 50  # pixels: of names beside the axis, and of figures at its end
# Status of a rate that is not there → what its row says.
WORDS = {
    SUPPRESSED: "withheld: too few",
    RESTRICTED_LABELS: "not told apart in the records",
    INCOMPLETE: "no records",
}
# A range of few searches that reaches further than so many times the highest rate would press all others together.
FARTHEST = 3


def chart_front(rates: dict[str, Row], comparisons: dict[str, Row]) -> Layout:
    """One row for each group, the missing with the reason.

    Bars are of the ratio to White people, at their rate: dark the interval, light the range, which holds it.
    """
    reference = rates[REFERENCE_GROUP].values["value"] if REFERENCE_GROUP in rates else None
    points = [_point(group, rates.get(group), comparisons.get(group), reference) for group in ETHNIC_GROUPS]
    return lambda width: _lay_out(points, reference, width)


def _lay_out(points: list[dict[str, Any]], reference: float | None, width: int) -> Spec:
    limit = _find_limit(points)
    # The figures lie beyond the longest bar, within the drawing.
    end = limit * (width - NAMES) / (width - NAMES - VALUES)
    scale = alt.Scale(domain=[0, end], nice=False, zero=True)
    axis = alt.Axis(title=None, format=",~r", tickCount=4)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    y_axis = alt.Axis(domain=False, ticks=False, labelFontSize=13, labelPadding=8)
    base = (
        alt.Chart(hold_rows(points))
        .transform_calculate(
            **{
                name: f"isValid(datum.{end}) ? min(datum.{end} * datum.reference, {limit}) : {limit}"
                for name, end in (("far", "range_upper"), ("high", "upper"))
            },
            near="datum.range_lower * datum.reference",
            low="datum.lower * datum.reference",
        )
        .encode(y=alt.Y("group:N", title=None, sort=list(ETHNIC_GROUPS), axis=y_axis))
    )
    return overlay(*_mark(base, x, reference), width=width, height=26 * len(points))


def _point(group: str, row: Row | None, compared: Row | None, reference: float | None) -> dict[str, Any]:
    nothing = {"value": None, "lower": None, "upper": None, "range_lower": None, "range_upper": None}
    words = {"label": "", "words": "", "filled": True, "reference": reference}
    point: dict[str, Any] = {"group": group, **nothing, **words}
    if row is None or row.values["value"] is None:
        why = WORDS.get(row.values["status"] if row else "", "not known")
        return point | {"words": why, **tell(group, why, rows=[row] if row else [])}
    point["value"] = row.values["value"]
    said = [f"{rate(row, 'value')} searches for every 1,000 residents"]
    said += [f"{count(row, 'numerator')} searches"] if row.values["numerator"] is not None else []
    point |= {"label": str(rate(row, "value")), "filled": row.values["status"] != SMALL}
    if compared and reference and compared.values["range_lower"] is not None:
        ends = [name for name in ("range_lower", "range_upper") if compared.values[name] is not None]
        ratios = " to ".join(str(ratio(compared, name)) for name in ends)
        point |= {name: compared.values[name] for name in ends}
        point |= {end: compared.values[f"ratio_{end}"] for end in ("lower", "upper")}
        said.append(f"{ratios if len(ends) > 1 else f'at least {ratios}'} times the rate of White people")
    return point | tell(group, *said, rows=[row, *([compared] if compared else [])])


def _find_limit(values: list[dict[str, Any]]) -> float:
    """Where the axis ends: beyond the longest bar, unless that is far beyond every rate."""
    highest = max(value["value"] or 0 for value in values) or 1
    reached = max((value["range_upper"] or 0) * (value["reference"] or 0) for value in values)
    return float(f"{1.05 * max(highest, min(reached, FARTHEST * highest)):.3g}")


def _mark(base: alt.Chart, x: Any, reference: float | None) -> list[alt.Chart]:
    tip = alt.Description("tip:N")
    ranges = (
        base.transform_filter("isValid(datum.range_lower)")
        .mark_bar(fill=RANGE_FILL, stroke=GREY, strokeWidth=0.5, height=14)
        .encode(x=x("near"), x2=alt.X2("far:Q"), description=tip)
    )
    intervals = (
        base.transform_filter("isValid(datum.lower)")
        .mark_rule(color=INK, strokeWidth=3)
        .encode(x=x("low"), x2=alt.X2("high:Q"), description=tip)
    )
    points = (
        base.transform_filter("isValid(datum.value)")
        .mark_point(size=95, color=BLUE, strokeWidth=2, opacity=1)
        .encode(
            x=x("value"),
            fill=alt.FillValue("#ffffff", condition={"test": "datum.filled", "value": BLUE}),
            description=tip,
        )
    )
    labels = base.mark_text(align="right", fontSize=13, fontWeight="bold", color=INK)
    words = base.transform_filter("datum.words != ''").mark_text(align="left", fontSize=13, fontStyle="italic")
    at_end = labels.encode(x=constant(alt.XValue, {"expr": "width"}), text=alt.Text("label:N"))
    layers = [ranges, intervals, points, at_end]
    layers.append(words.encode(x=constant(alt.XValue, 2), text=alt.Text("words:N")))
    if reference is None:
        return layers
    same = alt.Chart(hold_rows([{"same": reference}])).mark_rule(color=INK, strokeDash=[3, 3], strokeWidth=1)
    return [same.encode(x=x("same")), *layers]
