"""A force among others: each value over what it rests on, between the limits that hold most of them."""

from typing import Any

import altair as alt
import numpy as np

from disparity.analysis.peers.compare import SCALES
from disparity.analysis.peers.rates import SEARCH_RATE_RATIO
from disparity.site.charts.specification import BLUE, GREY, Spec, draw_limits, hold_rows, name_on_chart, overlay
from disparity.site.published_figures import Row
from disparity.statistics.funnel import Z_95, Z_998, funnel_limits

STEPS = 60
AXES = {
    SEARCH_RATE_RATIO: ("Searches that the ratio rests on", "Ratio of search rates to White", ",~r"),
    "find_rate": ("Searches whose record tells", "Find rate", "%"),
}
DASHES = {"pooled": [1, 0], "95%": [6, 4], "99.8%": [2, 3]}
RATIO_TICKS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50]
# Ticks of the log axis, from few to many: without some, nobody sees that its steps multiply.
TICK_STEPS = ((1, 3), (1, 2, 5), (1, 1.5, 2, 3, 5, 7))
FEWEST_TICKS = 3
# Limits start a little before the smallest force: further left they open so wide that they flatten the rest.
NARROWEST = 0.6


def chart_funnel(rows: list[Row], *, force: str, name: str) -> Spec:
    """Each force's value over the number of searches it rests on, with the target and the 95% and 99.8% limits.

    Args:
        rows: of `peers`, one measure, period, group and set; those without limits are not drawn.
        force, name: the page's own force, drawn filled and named; the others are hollow.
    """
    drawn = [row.values for row in rows if row.values["lower_95"] is not None]
    if not drawn:
        raise ValueError("no row of the funnel has limits")
    across, up, form = AXES[drawn[0]["measure"]]
    points = [_point(values, force, name) for values in drawn]
    curves = _curves(drawn)
    sizes = [value["precision"] for value in (*points, *curves)]
    x = alt.X(
        "precision:Q",
        title=across,
        scale=alt.Scale(type="log", domain=[min(sizes), max(sizes) * 1.9], nice=False),
        axis=alt.Axis(format=",~r", grid=False, **_choose_ticks(min(sizes), max(sizes))),
    )
    y = alt.Y(
        "value:Q",
        title=up,
        scale=_rise([value["value"] for value in (*points, *curves)], drawn[0]["measure"]),
        axis=alt.Axis(
            format=form, **({"values": RATIO_TICKS} if drawn[0]["measure"] == SEARCH_RATE_RATIO else {"tickCount": 5})
        ),
    )
    return overlay(*draw_limits(curves, x, y, DASHES, dx=5), *_point_layers(points, x, y), width=270, height=280)


def _point(values: dict[str, Any], force: str, name: str) -> dict[str, Any]:
    is_own = values["force"] == force
    return {
        "precision": values["precision"],
        "value": values["value"],
        "force": name if is_own else values["force"],
        "is_own": is_own,
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
        {"line": line, "label": label, "precision": size, "value": value, "is_last": place == STEPS - 1}
        for line, (values, label) in lines.items()
        for place, (size, value) in enumerate(zip(steps.tolist(), values.tolist(), strict=True))
    ]


def _point_layers(points: list[dict[str, Any]], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    base = alt.Chart(hold_rows(points)).encode(x=x, y=y)
    tip = [alt.Tooltip("force:N", title="Force"), alt.Tooltip("value:Q", title="Value", format=".2f")]
    others = base.transform_filter("!datum.is_own").mark_point(size=60, color=GREY, fill="#ffffff", strokeWidth=1.5)
    own = base.transform_filter("datum.is_own").mark_point(size=110, color=BLUE, fill=BLUE, opacity=1)
    name = name_on_chart(base.transform_filter("datum.is_own"), _name_look(points), alt.Text("force:N"))
    return [others.encode(tooltip=tip), own.encode(tooltip=tip), *name]


def _name_look(points: list[dict[str, Any]]) -> dict[str, Any]:
    """Above the force's point, and running towards the middle: a long name centred on it would cover the axis."""
    sizes = [point["precision"] for point in points]
    own = [point["precision"] for point in points if point["is_own"]]
    is_small = bool(own) and own[0] ** 2 <= min(sizes) * max(sizes)
    side = {"align": "left", "dx": -6} if is_small else {"align": "right", "dx": 6}
    return side | {"dy": -16, "fontSize": 13, "fontWeight": "bold", "color": BLUE}


def _rise(values: list[float], measure: str) -> alt.Scale:
    """Shares from zero; ratios as factors, so that twice and half the rate lie as far from the same rate."""
    if measure == SEARCH_RATE_RATIO:
        return alt.Scale(type="log", domain=[min(values) / 1.1, max(values) * 1.1], nice=False)
    return alt.Scale(domain=[0, 1.08 * max(values)], nice=False)


def _choose_ticks(low: float, high: float) -> dict[str, Any]:
    """1, 3, 10, 30 ...: few enough to read on a narrow screen; closer ones where there would not be three."""
    for steps in TICK_STEPS:
        ticks = [step * 10.0**power for power in range(8) for step in steps if low <= step * 10.0**power <= high]
        if len(ticks) >= FEWEST_TICKS:
            return {"values": ticks}
    return {"tickCount": FEWEST_TICKS}
