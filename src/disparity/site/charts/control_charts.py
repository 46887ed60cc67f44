"""A control chart: a measure by month between the limits within which it stays while nothing changes."""

from typing import Any

import altair as alt

from disparity.analysis.measures.entries import BY_NAME
from disparity.site.charts.months import NAME_HEIGHT, spread_names
from disparity.site.charts.specification import (
    BLUE,
    HOLLOW,
    INK,
    ON_TOP,
    Layout,
    Spec,
    constant,
    draw_limits,
    hold_rows,
    month_axis,
    name_on_chart,
    overlay,
)
from disparity.site.charts.tips import tell, tell_counts
from disparity.site.published_figures import Row, style_of
from disparity.vocabulary.calendar import name_month, next_month
from disparity.vocabulary.statuses import NOT_MEASURABLE, PARTIAL

ORANGE = "#F46A25"
IN_DOUBT = "in doubt"
LINES = {"centre": "average", "lower": "limit", "upper": "limit"}
DASHES = {"average": [1, 0], "limit": [6, 4]}
# Names of signals nearer to an end of the chart than this are put inside it.
MONTHS_TO_EDGE = 5
# Pixels that a name lies below its month, those that one clear of another lies further, those of a letter, and those of
# the chart that are beside its months.
HEIGHTS = {"above": -14, "below": 15}
LINE, LETTER, BESIDE = 14, 6.2, 90
HEIGHT, ROOM = 240, 1.15
# What a reader sees for the codes of signals; the first that applies.
SIGNAL_NAMES = {
    "beyond_3_sigma": "outside limits",
    "9_on_one_side": "long on one side",
    "6_up_or_down": "steady trend",
    "2_of_3_beyond_2_sigma": "near a limit",
}


def chart_control(rows: list[Row], *, title: str) -> Layout:
    """One series by month, its centre line and limits; a month that stands out is a named diamond.

    A month in doubt is a hollow circle, and is named so: it is outside the limits and the signals.

    A month without a value leaves a gap. Where the series starts anew, its centre and limits step, and a
    dashed upright line says so.

    Args:
        rows: of `control`, one force, group and measure, in order of months.
        title: of the axis.
    """
    values = _name_signals([_month(row) for row in rows])
    steps = [step for place, row in enumerate(rows) for step in _limits(row.values, rows[place + 1 : place + 2])]
    is_share = not BY_NAME[rows[0].values["measure"]].is_per_residents
    numbers = [value[name] for value in (*values, *steps) for name in ("value", "upper") if value.get(name) is not None]
    largest = max(numbers, default=1)
    _name_limits(steps, largest)

    def lay_out(width: int) -> Spec:
        x = month_axis("utcyearmonthdate", [row.values["month"] for row in rows], width)
        axis = alt.Axis(format="%" if is_share else ",~r", tickCount=5, **ON_TOP)
        y = alt.Y("value:Q", title=title, scale=alt.Scale(domain=[0, ROOM * largest], nice=False), axis=axis)
        months = hold_rows(_keep_apart(values, largest, width))
        limits = draw_limits(steps, x, y, DASHES, name_at="name_at")
        return overlay(*limits, *_start_layers(months, x), *_month_layers(months, x, y), width=width, height=HEIGHT)

    return lay_out


def _month(row: Row) -> dict[str, Any]:
    values = row.values
    signals = (values["signals"] or "").split(",")
    return {
        "month": values["month"].isoformat(),
        "value": values["value"] if values["status"] not in {PARTIAL, NOT_MEASURABLE} else None,
        "signal": (signal := next((name for code, name in SIGNAL_NAMES.items() if code in signals), "")),
        "doubt": IN_DOUBT if values.get("in_doubt") else "",
        "is_high": values["centre"] is not None and (values["value"] or 0) >= values["centre"],
        "starts": values["baseline_reason"] is not None and values["baseline"] == values["month"],
        **_tell(row, signal),
    }


def _tell(row: Row, signal: str) -> dict[str, Any]:
    """The line of a month: its value as it is printed, what that rests on, and whether it stands out."""
    values = row.values
    printed = str(style_of(values["measure"])(row, "value")) if values["value"] is not None else ""
    doubt = IN_DOUBT if values.get("in_doubt") else ""
    return tell(name_month(values["month"]), printed, tell_counts(row), signal, doubt, rows=(row,))


def _name_signals(values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Name months in a row that stand out once, by the weightiest of their signals; away from the line."""
    order = [*SIGNAL_NAMES.values(), IN_DOUBT]
    groups: list[list[dict[str, Any]]] = []
    for kind in ("signal", "doubt"):
        for before, value in zip([None, *values], values, strict=False):
            if value[kind] and before and before[kind]:
                groups[-1].append(value)
            elif value[kind]:
                groups.append([value])
    for group in groups:
        first = min(group, key=lambda value: order.index(value["signal"] or value["doubt"]))
        place = values.index(first)
        side = "left" if place < MONTHS_TO_EDGE else "right" if place >= len(values) - MONTHS_TO_EDGE else "center"
        first |= {
            "name": first["signal"] or first["doubt"],
            "side": f"{side} {'above' if first['is_high'] else 'below'}",
        }
    return values


def _keep_apart(values: list[dict[str, Any]], largest: float, width: int) -> list[dict[str, Any]]:
    """Move a name that would lie on one before it further from its month, line by line."""
    step = (width - BESIDE) / max(len(values) - 1, 1)
    taken: list[tuple[float, float, float]] = []
    moved = []
    for place, month in enumerate(values):
        value = dict(month)
        if "name" in value and value["value"] is not None:
            align, side = value["side"].split()
            wide = LETTER * len(value["name"])
            middle = place * step + {"left": wide / 2, "center": 0, "right": -wide / 2}[align]
            at, lines = HEIGHT * (1 - value["value"] / (ROOM * largest)) + HEIGHTS[side], 0
            away = LINE if side == "below" else -LINE
            spread = [(x, y) for x, wider, y in taken if abs(x - middle) < (wide + wider) / 2]
            while any(abs(y - at - lines * away) < LINE for _, y in spread):
                lines += 1
            taken.append((middle, wide, at + lines * away))
            value["dy"] = HEIGHTS[side] + lines * away
        moved.append(value)
    return moved


def _limits(values: dict[str, Any], following: list[Row]) -> list[dict[str, Any]]:
    """A month's limits, from its start to the next month's: a staircase, so that a new start is a step."""
    if values["centre"] is None:
        return []
    month = values["month"]
    ends = [month, next_month(month)] if following else [month]
    return [
        {
            "line": f"{name} {values['baseline']}",
            "label": LINES[name],
            "month": end.isoformat(),
            "value": values[name],
            "upper": values["upper"],
            "is_last": not following,
        }
        for end in ends
        for name in ("centre", "lower", "upper")
    ]


def _name_limits(steps: list[dict[str, Any]], largest: float) -> None:
    """Where the name of each line is: at its end, and apart from the others."""
    lasting = [step["line"] for step in steps if step.pop("is_last")]
    ends = {step["line"]: step for step in steps if step["line"] in lasting and step["value"] is not None}
    places = spread_names({line: step["value"] for line, step in ends.items()}, gap=NAME_HEIGHT * largest)
    for line, step in ends.items():
        step["name_at"] = places[line]


def _start_layers(months: alt.InlineData, x: alt.X) -> list[alt.Chart]:
    base = alt.Chart(months).transform_filter("datum.starts").encode(x=x)
    line = base.mark_rule(color=INK, strokeDash=[2, 2])
    name = base.mark_text(align="left", dx=4, baseline="top", fontSize=12, color=INK).encode(
        y=constant(alt.YValue, 0), text=constant(alt.TextValue, "starts anew")
    )
    return [line, name]


def _month_layers(months: alt.InlineData, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    base = alt.Chart(months).encode(x=x, y=y)
    tip = alt.Description("tip:N")
    line = base.mark_line(strokeWidth=2, color=BLUE)
    points = base.transform_filter("isValid(datum.value)").mark_point(size=22, color=BLUE, filled=True, opacity=1)
    marked = base.transform_filter("datum.signal != '' && isValid(datum.value)")
    diamond = marked.mark_point(shape="diamond", size=120, color=INK, fill=ORANGE, strokeWidth=1.5, opacity=1)
    names = [
        layer
        for side, dy in sorted({(value["side"], value["dy"]) for value in months.values if "dy" in value})
        for layer in name_on_chart(
            base.transform_filter(f"datum.side == '{side}' && datum.dy == {dy}"),
            {"align": side.split()[0], "dy": dy, "fontSize": 12, "color": INK},
            alt.Text("name:N"),
        )
    ]
    hollow = base.transform_filter("datum.doubt != '' && isValid(datum.value)").mark_point(**HOLLOW)
    return [line, *(marks.encode(description=tip) for marks in (points, diamond, hollow)), *names]
