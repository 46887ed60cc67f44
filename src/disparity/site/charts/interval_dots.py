"""Dots on their intervals: named rows on one axis, the range of what is plausible behind the interval of chance."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import altair as alt

from disparity.site.charts.specification import (
    BLUE,
    GREY,
    INK,
    RANGE_FILL,
    Layout,
    Spec,
    constant,
    hold_rows,
    is_narrow,
    name_on_chart,
    overlay,
)
from disparity.site.charts.tips import say_why, tell, tell_counts, tell_limits
from disparity.site.published_figures import Row, Style
from disparity.vocabulary.statuses import NOT_MEASURABLE, PARTIAL, RESTRICTED_LABELS, SMALL

RATIO, SHARE, POINTS, RATE = "ratio", "share", "points", "rate"
# Differences of shares, in percentage points with their sign.
SIGNED = "datum.value == 0 ? '0' : format(100 * datum.value, '+.2~f')"
# A ratio above this would press all the others against the axis.
LARGEST_LINEAR_RATIO = 20
LOG_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)
# Letters: longer names are set above their rows, where they have the whole width.
LONGEST_BESIDE = {False: 48, True: 13}
LETTER = 7.2  # pixels of a letter of 13, on average
LINE = 16  # pixels from line to line
BAR = 14  # pixels of the range; the interval is a third of it
SPAN = ("value", "lower", "upper", "range_lower", "range_upper")


@dataclass(frozen=True)
class Dot:
    """A row of a chart: its name, what is drawn of it and what is said of it.

    Args:
        printed: beside the dot, as the table prints it.
        why: in its place, where there is nothing to draw.
        is_bounds: `lower` and `upper` are bounds, between which the value lies; an interval otherwise.
        rows: that its numbers are published in.
    """

    label: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    range_lower: float | None = None
    range_upper: float | None = None
    printed: str = ""
    why: str = ""
    is_hollow: bool = False
    is_bounds: bool = False
    tip: str = ""
    rows: tuple[Row, ...] = ()


def dot_of(row: Row | None, label: str, *, style: Style, column: str = "value", why: str = "") -> Dot:
    """Draw a published row: its value in `column`, the interval and the range that its table has of it."""
    if row is None or (row.values.get("status") == RESTRICTED_LABELS and row.values.get(column) is None):
        return Dot(label, why=why or say_why(row))
    values, name = row.values, "" if column == "value" else f"{column}_"
    bounds = values.get("status") in {PARTIAL, NOT_MEASURABLE} and values.get("lower_bound") is not None
    lower, upper = ("lower_bound", "upper_bound") if bounds else (f"{name}lower", f"{name}upper")
    value = values.get(column)
    if value is None and not bounds:
        return Dot(label, why=why or say_why(row))
    has_range = _has(values, "range_lower", "range_upper")
    has_limits = _has(values, lower, upper)
    parts = (
        str(style(row, column)) if value is not None else "",
        tell_limits(row, "range_lower", "range_upper", style, name="range"),
        tell_limits(row, lower, upper, style, name="between" if bounds else "95% interval"),
        tell_counts(row) if column == "value" else "",
    )
    return Dot(
        label,
        value=value,
        lower=values[lower] if has_limits else None,
        upper=values[upper] if has_limits else None,
        range_lower=values["range_lower"] if has_range else None,
        range_upper=values["range_upper"] if has_range else None,
        printed=str(style(row, column)) if value is not None else f"{style(row, lower)} to {style(row, upper)}",
        is_hollow=values.get("status") == SMALL,
        is_bounds=bounds,
        tip=tell(label, *parts, rows=())["tip"],
        rows=(row,),
    )


def _has(values: dict[str, Any], *columns: str) -> bool:
    return all(values.get(column) is not None for column in columns)


@dataclass(frozen=True)
class Axis:
    """The axis that rows share.

    Args:
        form: how it prints its numbers.
        reference: where a line marks no difference: 1 of ratios, 0 of differences; `reference_name` is at its top.
        shaded: a range behind all rows.
    """

    title: str
    form: str = RATIO
    reference: float | None = None
    reference_name: str = ""
    shaded: tuple[float, float] | None = None


def chart_dots(dots: Sequence[Dot], **along: Any) -> Layout:
    """Rows on one axis: `along` says which, in the words of `Axis`."""
    axis = Axis(**along)

    def lay_out(width: int) -> Spec:
        places = [name_row(dot, width) for dot in dots]
        above = max((len(dot.label) for dot in dots), default=0) > LONGEST_BESIDE[is_narrow(width)]
        lines = max((place["name"].count("\n") + 1 for place in places), default=1)
        step = LINE * lines + 30 if above else 34
        left = 0.0 if above else LETTER * max((len(dot.label) for dot in dots), default=0) + 20
        layers = draw_rows(places, axis, width=width - left, names="above" if above else "beside", lines=lines)
        return overlay(*layers, width=width, height=step * max(len(dots), 1))

    return lay_out


def name_row(dot: Dot, width: int) -> dict[str, Any]:
    """What a row is drawn from, its name broken into lines as wide as the chart."""
    room = int(width / LETTER) - 3
    told = {
        "tip": dot.tip or tell(dot.label, dot.printed or dot.why, rows=())["tip"],
        "of": tell("", rows=dot.rows)["of"],
    }
    return {
        "name": "\n".join(wrap(dot.label, room)),
        **{field: getattr(dot, field) for field in SPAN},
        "label": dot.printed,
        "why": "\n".join(wrap(dot.why, room))
        if dot.value is None and dot.upper is None and dot.range_upper is None
        else "",
        "drawn": "bounds" if dot.is_bounds else "interval",
        "filled": not dot.is_hollow,
        **told,
    }


def draw_rows(places: list[dict[str, Any]], axis: Axis, *, width: float, names: str, lines: int = 1) -> list[alt.Chart]:
    """The layers of rows.

    Args:
        width: pixels that the axis has, more or less.
        names: of the rows, "above" them or "beside" them.
        lines: of a name above its row, at most.
    """
    scale, ticks = _scale(places, axis, width)
    shift = LINE * lines / 2 if names == "above" else 0  # rows lie below their names
    form: dict[str, Any] = (
        {"labelExpr": SIGNED} if axis.form == POINTS else {"format": "%" if axis.form == SHARE else ",~r"}
    )
    title = f"{axis.title} (each step multiplies)" if scale["type"] == "log" else axis.title
    at = alt.Axis(title=title, **form, **ticks)
    beside = alt.Axis(domain=False, ticks=False, labelFontSize=13, labelPadding=8)
    order = list(dict.fromkeys(place["name"] for place in places))
    y = alt.Y("name:N", title=None, sort=order, axis=None if names == "above" else beside)
    base = alt.Chart(hold_rows(places)).encode(y=y)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=at)

    marks = [
        *_draw_shade(axis, x),
        *_draw_reference(axis, x, scale),
        *_draw_spans(base, x, shift),
        *_draw_labels(base, x, shift, edged=axis.reference is not None),
    ]
    if names == "above":
        counted = sorted({place["name"].count("\n") + 1 for place in places})
        marks += [layer for count in counted for layer in _draw_names(base, count, lines)]
    return marks


def _draw_names(base: alt.Chart, count: int, lines: int) -> list[alt.Chart]:
    """Names of so many lines close above their rows, on a white edge: the reference line runs behind them."""
    look: dict[str, Any] = {"align": "left", "baseline": "top", "fontSize": 13, "fontWeight": "bold", "color": INK}
    look |= {"lineBreak": "\n", "lineHeight": LINE, "dy": -(LINE * lines + 30) / 2 + 6 + LINE * (lines - count)}
    shown = base.transform_filter(f"length(split(datum.name, '\\n')) == {count}").encode(x=constant(alt.XValue, 0))
    return name_on_chart(shown, look, alt.Text("name:N"))


def _scale(places: list[dict[str, Any]], axis: Axis, width: float) -> tuple[alt.Scale, dict[str, Any]]:
    """An axis that holds every row, with room for what is printed at its end."""
    numbers = [place[field] for place in places for field in SPAN if place[field] is not None]
    numbers += [*(axis.shaded or ()), *([axis.reference] if axis.reference is not None else [])]
    is_log = axis.form == RATIO and max(numbers, default=0) > LARGEST_LINEAR_RATIO
    turn, back = (math.log, math.exp) if is_log else (float, float)
    low = turn(min([one for one in numbers if one > 0] or [1]) / 1.3) if is_log else min([*numbers, 0.0]) * 1.08
    high = turn(max(numbers, default=1.0) or 1.0)
    room = (high - low) * 1.04
    for place in places:
        ends = [place[field] for field in SPAN if place[field] is not None and not (is_log and place[field] <= 0)]
        if ends:
            text = min(LETTER * len(place["label"]) + 14, 0.6 * width)
            room = max(room, (turn(max(ends)) - low) * width / (width - text))
    domain = [back(low), back(low + room)]
    ticks: dict[str, Any] = {"tickCount": 4 if width < 400 else 6}
    if is_log:
        ticks = {"values": [tick for tick in LOG_TICKS if domain[0] <= tick <= domain[1]]}
    elif axis.form == SHARE and domain[1] > 1:  # labels may need room beyond all searches; the axis ends there
        ticks = {"values": [0, 0.2, 0.4, 0.6, 0.8, 1]}
    return alt.Scale(type="log" if is_log else "linear", domain=domain, nice=False, zero=False), ticks


def _draw_shade(axis: Axis, x: Any) -> list[alt.Chart]:
    if axis.shaded is None:
        return []
    base = alt.Chart(hold_rows([{"least": axis.shaded[0], "most": axis.shaded[1]}]))
    return [base.mark_rect(fill=RANGE_FILL, opacity=0.6).encode(x=x("least"), x2=alt.X2("most:Q"))]


def _draw_spans(base: alt.Chart, x: Any, shift: float) -> list[alt.Chart]:
    """Range, bounds and interval as bars, each within the one before; the dot on top."""
    tip = alt.Description("tip:N")
    off: dict[str, Any] = {"yOffset": shift} if shift else {}
    ranged = (
        base.transform_filter("isValid(datum.range_upper)")
        .mark_bar(fill=RANGE_FILL, stroke=GREY, strokeWidth=1, height=BAR, **off)
        .encode(x=x("range_lower"), x2=alt.X2("range_upper:Q"), description=tip)
    )
    bounds = (
        base.transform_filter("datum.drawn == 'bounds' && isValid(datum.upper)")
        .mark_bar(fill="#ffffff", stroke=GREY, strokeDash=[4, 3], strokeWidth=1.5, height=12, **off)
        .encode(x=x("lower"), x2=alt.X2("upper:Q"), description=tip)
    )
    rule = (
        base.transform_filter("datum.drawn == 'interval' && isValid(datum.lower)")
        .mark_rule(color=GREY, strokeWidth=BAR / 3, **off)
        .encode(x=x("lower"), x2=alt.X2("upper:Q"))
    )
    point = (
        base.transform_filter("isValid(datum.value)")
        .mark_point(size=100, color=BLUE, strokeWidth=2, opacity=1, **off)
        .encode(
            x=x("value"),
            fill=alt.FillValue("#ffffff", condition={"test": "datum.filled", "value": BLUE}),
            description=tip,
        )
    )
    return [ranged, bounds, rule, point]


def _draw_labels(base: alt.Chart, x: Any, shift: float, *, edged: bool) -> list[alt.Chart]:
    """What a row's figure is, after its end; or why there is none: on a white edge where a line runs behind them."""
    ends = " , ".join(f"isValid(datum.{field}) ? datum.{field} : -1e9" for field in ("value", "upper", "range_upper"))
    look: dict[str, Any] = {"align": "left", "color": INK, "dy": shift}
    labelled = base.transform_filter("datum.label != ''").transform_calculate(at=f"max({ends})").encode(x=x("at"))
    unmeasured = base.transform_filter("datum.why != ''").encode(x=constant(alt.XValue, 0))
    why = {"fontSize": 12, "fontStyle": "italic", "lineBreak": "\n", "dx": 4}
    *edges, words = name_on_chart(unmeasured, look | why, alt.Text("why:N"))
    *more, labels = name_on_chart(labelled, look | {"fontSize": 13, "dx": 9}, alt.Text("label:N"))
    behind = [*edges, *more] if edged else []
    return [*behind, labels, words.encode(description=alt.Description("tip:N"))]


def _draw_reference(axis: Axis, x: Any, scale: alt.Scale) -> list[alt.Chart]:
    """A line where there is no difference, named at its top."""
    if axis.reference is None:
        return []
    low, high = scale["domain"]
    middle = (low + high) / 2 if scale["type"] == "linear" else math.sqrt(low * high)
    at_one = alt.Chart(hold_rows([{"one": axis.reference, "name": axis.reference_name}]))
    line = at_one.mark_rule(color=INK, strokeWidth=1.5).encode(x=x("one"))
    side: dict[str, Any] = {"align": "left" if axis.reference < middle else "right"}
    name = at_one.mark_text(**side, fontSize=12, color=INK).encode(
        x=x("one"), y=constant(alt.YValue, -8), text=alt.Text("name:N")
    )
    return [line, name] if axis.reference_name else [line]
