"""A force among others: each value over what it rests on, between the limits that hold most of them."""

import math
from collections.abc import Callable
from textwrap import wrap
from typing import Any

import altair as alt
import numpy as np

from disparity.analysis.peers.compare import SCALES
from disparity.analysis.peers.rates import SEARCH_RATE_RATIO
from disparity.site.charts.months import spread_names
from disparity.site.charts.specification import (
    BLUE,
    GREY,
    ON_TOP,
    Layout,
    Spec,
    draw_limits,
    hold_rows,
    is_narrow,
    name_on_chart,
    overlay,
)
from disparity.site.charts.tips import tell
from disparity.site.published_figures import Row, percentage, ratio
from disparity.statistics.funnel import Z_95, Z_998, funnel_limits
from disparity.vocabulary.codes import force_name

# Points that a limit is drawn through, and the figures of each: the eye sees no more.
STEPS, FIGURES = 30, 5
AXES = {
    SEARCH_RATE_RATIO: ("Searches that the ratio rests on", "Ratio of search rates to White", ",~r"),
    "find_rate": ("Searches whose result is recorded", "Find rate", "%"),
}
DASHES = {"pooled": [1, 0], "95%": [6, 4], "99.8%": [2, 3]}
RATIO_TICKS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50]
# Ticks of the log axis, from few to many: without some, nobody sees that its steps multiply.
TICK_STEPS = ((1, 3), (1, 2, 5), (1, 1.5, 2, 3, 5, 7))
FEWEST_TICKS, MOST_TICKS = 3, 5  # of a telephone
NAME_LINE, LETTERS = 15, {False: 40, True: 16}  # of the force's name: line height, and letters a line
HEIGHT, AXIS_ROOM = 300, 90  # of the plot; what its axis and the names of lines take beside it, more or less
NAME_GAP = 0.05  # from the name of a line to that of the next, as a share of the height
MOST_COVERED = 100  # a name that leaves the plot is worse than one that covers any number of forces
# Limits start a little before the smallest force: further left they open so wide that they flatten the rest.
NARROWEST = 0.6


def chart_funnel(rows: list[Row], *, force: str, name: str) -> Layout:
    """Each force's value over the number of searches it rests on, with the target and the 95% and 99.8% limits.

    Args:
        rows: of `peers`, one measure, period, group and set; those without limits are not drawn.
        force, name: the page's own force, drawn filled and named; the others are hollow.
    """
    shown = [row for row in rows if row.values["lower_95"] is not None]
    if not shown:
        raise ValueError("no row of the funnel has limits")
    drawn = [row.values for row in shown]
    measure = drawn[0]["measure"]
    points = [_point(row, force, name) for row in shown]
    curves = _curves(drawn)
    sizes = [value["precision"] for value in (*points, *curves)]
    scale = _rise([value["value"] for value in (*points, *curves)], measure)
    _name_curves(curves, scale)
    ticks = {"values": RATIO_TICKS} if measure == SEARCH_RATE_RATIO else {"tickCount": 5}
    across, up, form = AXES[measure]

    def lay_out(width: int) -> Spec:
        x = alt.X(
            "precision:Q",
            title=across,
            scale=alt.Scale(
                type="log", domain=[min(sizes), max(sizes) * (1.2 if is_narrow(width) else 1.1)], nice=False
            ),
            axis=alt.Axis(format=",~r", grid=False, **_choose_ticks(min(sizes), max(sizes), width)),
        )
        y = alt.Y("value:Q", title=up, scale=scale, axis=alt.Axis(format=form, **ticks, **ON_TOP))
        limits = draw_limits(curves, x, y, DASHES, name_at="name_at")
        return overlay(*limits, *_point_layers(points, x, y, width), width=width, height=HEIGHT)

    return lay_out


def _point(row: Row, force: str, name: str) -> dict[str, Any]:
    values = row.values
    is_own = values["force"] == force
    style = ratio if values["measure"] == SEARCH_RATE_RATIO else percentage
    called = name if is_own else force_name(values["force"])
    return {
        "precision": values["precision"],
        "value": values["value"],
        "force": called,
        "is_own": is_own,
        **tell(called, str(style(row, "value")), rows=(row,)),
    }


def _curves(drawn: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The target and both pairs of limits, from a little before the smallest force to the largest."""
    sizes = [values["precision"] for values in drawn]
    target, tau, scale = drawn[0]["target"], drawn[0]["tau"], SCALES[drawn[0]["measure"]]
    steps = np.geomspace(NARROWEST * min(sizes), max(sizes) * 1.05, STEPS)
    lines = {"pooled": (np.full(STEPS, target), "pooled")}
    for label, z in (("95%", Z_95), ("99.8%", Z_998)):
        limits = funnel_limits(steps, target, scale, z=z, tau=tau)
        lines |= {f"{label} {side}": (limit, label) for side, limit in zip(("below", "above"), limits, strict=True)}
    return [
        {"line": line, "label": label, "precision": _round(size), "value": _round(value), "is_last": place == STEPS - 1}
        for line, (values, label) in lines.items()
        for place, (size, value) in enumerate(zip(steps.tolist(), values.tolist(), strict=True))
    ]


def _round(value: float) -> float:
    return float(f"{value:.{FIGURES}g}")


def _name_curves(curves: list[dict[str, Any]], scale: alt.Scale) -> None:
    """Where the name of each line is: at its end, and apart from the others as the reader sees them."""
    height, back = _measure(scale)
    ends: dict[str, float | None] = {curve["line"]: height(curve["value"]) for curve in curves if curve["is_last"]}
    places = spread_names(ends, gap=NAME_GAP)
    over = max(0.0, max(places.values()) - 1)  # what would lie above the plot is let down together
    for curve in curves:
        if curve.pop("is_last"):
            curve["name_at"] = back(places[curve["line"]] - over)


def _measure(scale: alt.Scale) -> tuple[Callable[[float], float], Callable[[float], float]]:
    """How far up its axis a value is, from 0 to 1; and the value that is so far up."""
    turn, back = (math.log, math.exp) if scale["type"] == "log" else (float, float)
    low, high = map(turn, scale["domain"])
    return lambda value: (turn(value) - low) / (high - low), lambda place: back(low + place * (high - low))


def _point_layers(points: list[dict[str, Any]], x: alt.X, y: alt.Y, width: int) -> list[alt.Chart]:
    named = [
        point | {"name": "\n".join(wrap(point["force"], LETTERS[is_narrow(width)])) if point["is_own"] else ""}
        for point in points
    ]
    base = alt.Chart(hold_rows(named)).encode(x=x, y=y)
    tip = alt.Description("tip:N")
    others = base.transform_filter("!datum.is_own")
    others = others.mark_point(size=60, color=GREY, fill="#ffffff", strokeWidth=1.5, opacity=1)
    own = base.transform_filter("datum.is_own").mark_point(size=110, color=BLUE, fill=BLUE, opacity=1)
    look = _place_name(named, x["scale"], y["scale"], width)
    name = name_on_chart(base.transform_filter("datum.is_own"), look, alt.Text("name:N"))
    return [others.encode(description=tip), own.encode(description=tip), *name]


def _place_name(points: list[dict[str, Any]], across: alt.Scale, up: alt.Scale, width: int) -> dict[str, Any]:
    """Beside the force's point, above or below it, where its name covers no other force and stays inside."""
    own = next((point for point in points if point["is_own"]), None)
    look = {"lineBreak": "\n", "lineHeight": NAME_LINE, "fontSize": 13, "fontWeight": "bold", "color": BLUE}
    if own is None:
        return look
    (right, _), (upwards, _) = _measure(across), _measure(up)
    room = width - AXIS_ROOM
    marks = [
        (
            room * (right(point["precision"]) - right(own["precision"])),
            HEIGHT * (upwards(own["value"]) - upwards(point["value"])),
        )
        for point in points
        if not point["is_own"]
    ]
    lines = own["name"].split("\n")
    long, high = 7.5 * max(map(len, lines)), NAME_LINE * len(lines)
    at_x, at_y = room * right(own["precision"]), HEIGHT * (1 - upwards(own["value"]))
    tried = []
    for below in (False, True):
        for left in (False, True):
            box = (6 - long if left else -6, 10 if below else -10 - high)
            covered = sum(
                box[0] - 6 < away < box[0] + long + 6 and box[1] - 6 < down < box[1] + high + 6 for away, down in marks
            )
            outside = at_x + box[0] < 0 or at_x + box[0] + long > room or not 0 < at_y + box[1] < HEIGHT - high
            tried.append((covered + MOST_COVERED * outside, below, left))
    _, below, left = min(tried)
    side = {"align": "right", "dx": 6} if left else {"align": "left", "dx": -6}
    return look | side | {"dy": 18 if below else -18 - NAME_LINE * (len(lines) - 1)}


def _rise(values: list[float], measure: str) -> alt.Scale:
    """Shares from zero; ratios as factors, so that twice and half the rate lie as far from the same rate."""
    if measure == SEARCH_RATE_RATIO:
        return alt.Scale(type="log", domain=[min(values) / 1.1, max(values) * 1.1], nice=False)
    return alt.Scale(domain=[0, 1.08 * max(values)], nice=False)


def _choose_ticks(low: float, high: float, width: int) -> dict[str, Any]:
    """1, 3, 10, 30 ...: few enough to read on a narrow screen; closer ones where there would not be three."""
    for steps in TICK_STEPS:
        ticks = [step * 10.0**power for power in range(8) for step in steps if low <= step * 10.0**power <= high]
        if len(ticks) >= FEWEST_TICKS:
            return {"values": ticks[::2] if is_narrow(width) and len(ticks) > MOST_TICKS else ticks}
    return {"tickCount": FEWEST_TICKS}
