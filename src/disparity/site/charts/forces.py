"""Forces side by side: each ratio as a dot on its interval, the range of the statement rule behind it."""

from typing import Any

import altair as alt

from disparity.site.charts.specification import BLUE, INK, Spec, hold_rows, overlay
from disparity.site.published_figures import Row, ratio
from disparity.vocabulary.statuses import IN_DOUBT, SMALL, mark_of

RANGE = "#B9CFE4"
STEP = 40
TICKS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]
SAME_RATE = 1
# Room for what is printed beyond the last bar, as a factor.
ROOM = 1.6


def chart_forces(rows: dict[str, Row], *, width: int) -> Spec:
    """Each force's ratio on an axis of factors, with a line where both rates are the same.

    Args:
        rows: of `comparisons`, by the names of the forces, from the top; each has a ratio.
        width: of the drawing inside its axis.
    """
    points = [_point(name, row) for name, row in rows.items()]
    ends = [value for point in points for value in (point["value"], *_ends(point)) if value]
    domain = [min(SAME_RATE, *ends) / 1.1, max(SAME_RATE, *ends) * ROOM]
    base = alt.Chart(hold_rows(points)).encode(
        y=alt.Y(
            "force:N",
            title=None,
            sort=list(rows),
            axis=alt.Axis(domain=False, ticks=False, labelFontSize=13, labelLimit=0, labelPadding=8),
        )
    )
    axis = alt.Axis(title="Times the rate of White people", values=TICKS, format="~g")

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=alt.Scale(type="log", domain=domain, nice=False), axis=axis)

    same = alt.Chart(hold_rows([{"value": SAME_RATE}])).mark_rule(color=INK, strokeWidth=1.5).encode(x=x("value"))
    behind = base.transform_filter("isValid(datum.from) && isValid(datum.to)")
    interval = base.transform_filter("isValid(datum.lower) && isValid(datum.upper)")
    fill = alt.FillValue("#ffffff", condition={"test": "datum.filled", "value": BLUE})
    text = base.transform_calculate(at="max(datum.to || 0, datum.upper || 0, datum.value)")
    return overlay(
        same,
        behind.mark_bar(color=RANGE, height=12).encode(x=x("from"), x2=alt.X2("to:Q")),
        interval.mark_bar(color=BLUE, height=3).encode(x=x("lower"), x2=alt.X2("upper:Q")),
        base.mark_point(size=90, color=BLUE, strokeWidth=2, opacity=1).encode(x=x("value"), fill=fill),
        text.mark_text(align="left", dx=8, fontSize=13, color=INK).encode(x=x("at"), text=alt.Text("label:N")),
        width=width,
        height=STEP * len(points),
    )


def _point(name: str, row: Row) -> dict[str, Any]:
    values, doubt = row.values, IN_DOUBT if row.is_in_doubt else ""
    return {
        "force": name,
        "value": values["ratio"],
        "lower": values["ratio_lower"],
        "upper": values["ratio_upper"],
        "from": values["range_lower"],
        "to": values["range_upper"],
        "label": " ".join(part for part in (str(ratio(row, "ratio")), mark_of(values["status"]), doubt) if part),
        "filled": values["status"] != SMALL,
    }


def _ends(point: dict[str, Any]) -> list[float | None]:
    return [point[name] for name in ("lower", "upper", "from", "to")]
