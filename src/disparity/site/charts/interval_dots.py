"""One row for each value: a dot on its interval, named above, on one axis; the range shaded behind all rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import altair as alt

from disparity.site.charts.specification import BLUE, GREY, INK, Spec, hold_rows, overlay
from disparity.site.published_figures import Row, Style
from disparity.vocabulary.statuses import SMALL

# A ratio above this would press all the others against the axis.
LARGEST_LINEAR_RATIO = 20
LOG_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)
SHADE = "#DCE6EF"
STEP = 44  # the height of a row: its name, then its dot


@dataclass(frozen=True)
class Dot:
    """One row of the chart; a row without a value says why in its place."""

    label: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    range_lower: float | None = None
    range_upper: float | None = None
    printed: str = ""
    why: str = ""
    is_hollow: bool = False
    tip: str = ""
    rows: tuple[Row, ...] = ()


def dot_of(row: Row | None, label: str, *, style: Style, column: str = "value", why: str = "") -> Dot:
    """Draw a published row: its value, interval and range; `why` where there is none."""
    if row is None or row.values[column] is None:
        return Dot(label, why=why or "not measured")
    start = "" if column == "value" else f"{column}_"
    lower, upper = (row.values.get(f"{start}{end}") for end in ("lower", "upper"))
    return Dot(
        label,
        value=row.values[column],
        lower=lower,
        upper=upper,
        range_lower=row.values.get("range_lower"),
        range_upper=row.values.get("range_upper"),
        printed=str(style(row, column)),
        is_hollow=row.values.get("status") == SMALL,
        rows=(row,),
    )


def chart_dots(  # noqa: PLR0913 - one call says all of a chart
    dots: list[Dot],
    *,
    title: str,
    reference: float | None = None,
    reference_name: str = "",
    shaded: tuple[float, float] | None = None,
    form: str = "ratio",
) -> Spec:
    """Draw each dot in its own row.

    Args:
        title: of the axis.
        reference: where a line is drawn, under `reference_name`.
        shaded: a range behind every row.
        form: "ratio", "share", "points" or "rate"; a ratio beyond LARGEST_LINEAR_RATIO makes the axis logarithmic.
    """
    values = [_list(dot, place) for place, dot in enumerate(dots)]
    ends = [value[name] for value in values for name in ("value", "lower", "upper") if value[name] is not None]
    ends += [*([] if reference is None else [reference]), *(shaded or ())]
    is_log = form == "ratio" and max(ends, default=0) > LARGEST_LINEAR_RATIO and min(ends) > 0
    top = max(ends, default=1) or 1
    domain = [min(ends) / 1.3, top * 1.9] if is_log else [min([*ends, 0]), top * 1.22]
    scale = alt.Scale(type="log" if is_log else "linear", domain=domain, nice=False)
    ticks: dict[str, Any] = {"tickCount": 5}
    if is_log:
        ticks = {"values": [tick for tick in LOG_TICKS if domain[0] <= tick <= domain[1]]}
    title += " (equal steps multiply)" if is_log else ""
    axis = alt.Axis(title=title, format="%" if form in ("share", "points") else ",~r", **ticks)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    order = [value["row"] for value in values]
    base = alt.Chart(hold_rows(values)).encode(y=alt.Y("row:N", sort=order, axis=None))
    behind = [*_shade(shaded, x), *_mark_reference(reference, reference_name, x)]
    return overlay(*behind, *_mark_rows(base, x), width=330, height=STEP * max(len(values), 1))


def _list(dot: Dot, place: int) -> dict[str, Any]:
    return {
        "row": f"row {'abcdefghijklmnopqrstuvwxyz'[place % 26]}",
        "label": dot.label,
        "value": dot.value,
        "lower": dot.lower,
        "upper": dot.upper,
        "printed": dot.printed,
        "why": dot.why if dot.value is None else "",
        "filled": not dot.is_hollow,
    }


def _shade(shaded: tuple[float, float] | None, x: Callable[[str], alt.X]) -> list[alt.Chart]:
    if shaded is None:
        return []
    band = alt.Chart(hold_rows([{"from": shaded[0], "to": shaded[1]}]))
    return [band.mark_rect(color=SHADE).encode(x=x("from"), x2=alt.X2("to:Q"))]


def _mark_reference(reference: float | None, name: str, x: Callable[[str], alt.X]) -> list[alt.Chart]:
    if reference is None:
        return []
    at = alt.Chart(hold_rows([{"at": reference, "name": name}])).encode(x=x("at"))
    words = at.mark_text(align="left", fontSize=12, color=INK, dx=2)
    return [
        at.mark_rule(color=INK, strokeWidth=1, strokeDash=[2, 3]),
        words.encode(y=alt.value(-8), text=alt.Text("name:N")),
    ]


def _mark_rows(base: alt.Chart, x: Callable[[str], alt.X]) -> tuple[alt.Chart, ...]:
    """Each row named above its dot, so that the rows have the width of a telephone."""
    tip = [alt.Tooltip("label:N", title="What is assumed"), alt.Tooltip("printed:N", title="Value")]
    at_left: dict[str, Any] = {"align": "left", "color": INK}
    names = base.mark_text(**at_left, dy=-10, fontSize=13).encode(x=alt.value(0), text=alt.Text("label:N"))
    interval = (
        base.transform_filter("isValid(datum.lower) && isValid(datum.upper)")
        .mark_rule(color=GREY, strokeWidth=3, yOffset=9)
        .encode(x=x("lower"), x2=alt.X2("upper:Q"), tooltip=tip)
    )
    point = (
        base.transform_filter("isValid(datum.value)")
        .mark_point(size=90, color=BLUE, strokeWidth=2, opacity=1, yOffset=9)
        .encode(
            x=x("value"),
            fill=alt.FillValue("#ffffff", condition={"test": "datum.filled", "value": BLUE}),
            tooltip=tip,
        )
    )
    label = (
        base.transform_calculate(at="isValid(datum.upper) ? datum.upper : datum.value")
        .transform_filter("isValid(datum.at)")
        .mark_text(**at_left, dx=8, dy=9, fontSize=13)
        .encode(x=x("at"), text=alt.Text("printed:N"))
    )
    words = (
        base.transform_filter("datum.why != ''")
        .mark_text(**at_left, dy=9, fontSize=12, fontStyle="italic")
        .encode(x=alt.value(0), text=alt.Text("why:N"))
    )
    return names, interval, point, label, words
