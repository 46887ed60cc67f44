"""Lines by month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

from disparity.analysis.measures.entries import BY_NAME
from disparity.site.charts.specification import (
    BLUE,
    GREY,
    HOLLOW,
    INK,
    LINE_COLOURS,
    NAME_COLOURS,
    ON_TOP,
    Layout,
    Spec,
    constant,
    hold_rows,
    month_axis,
    name_on_chart,
    overlay,
)
from disparity.site.charts.tips import tell, tell_counts, tell_limits
from disparity.site.published_figures import Row, count, style_of
from disparity.vocabulary.calendar import number_month
from disparity.vocabulary.codes import ALL
from disparity.vocabulary.statuses import PARTIAL

# The height of a name at a line's end, as a share of the plot's.
NAME_HEIGHT = 0.075
# How far above the highest value the plot goes on: further where rules have their names there.
HEADROOM = {False: 1.08, True: 1.24}
# Pixels: of a letter of a rule's name, from one line of names to the next, and of a chart beside its plot.
LETTER, NAME_LINE, MARGIN = 7, 13, 90


@dataclass(frozen=True)
class Rule:
    """A thin upright line: its month, its name, and where that is: in which line of names, on which side."""

    month: date
    name: str
    line: int
    side: str


def chart_months(
    rows: list[Row],
    *,
    measure: str,
    title: str,
    stretches: Mapping[date, str],
    rules: Mapping[date, str] | None = None,
) -> Layout:
    """One line per ethnic group by month or quarter, named at its end.

    A month without a file, or whose rate is only an estimate, leaves a gap; so does a change of `stretches`:
    from months to quarters. A row may have a stretch of its own. A month in doubt is a hollow circle; a row that
    `is_apart` is a large one.

    Args:
        rules: month → the name of a thin upright line there, if there is any.
    """
    shown = [(row, read_month(row, measure)) for row in rows]
    # Where each line ends: its name is there.
    last: dict[str, tuple[str, int]] = {}
    ends_at: dict[str, float | None] = {}
    for row, value in sorted(shown, key=lambda pair: pair[0].values["month"]):
        if value is not None:
            last[row.values["ethnic_group"]], ends_at[row.values["ethnic_group"]] = (row.table, row.number), value
    names_at = spread_names(
        ends_at, gap=NAME_HEIGHT * max((value for _, value in shown if value is not None), default=0)
    )
    is_last = [last.get(row.values["ethnic_group"]) == (row.table, row.number) for row, _ in shown]
    values = [
        {
            "is_last": is_end,
            "month": row.values["month"].isoformat(),
            "group": "" if row.values["ethnic_group"] == ALL else row.values["ethnic_group"],
            "stretch": row.values.get("stretch") or stretches.get(row.values["month"], ""),
            "is_apart": row.values.get("is_apart", False),
            "span": row.values["span"],
            "value": value,
            "records": "in doubt" if row.is_in_doubt else "",
            "name_at": names_at[row.values["ethnic_group"]] if is_end else None,
            **_tell(row, value, measure),
        }
        for (row, value), is_end in zip(shown, is_last, strict=True)
    ]
    is_share = measure in BY_NAME and not BY_NAME[measure].is_per_residents
    months = sorted({row.values["month"] for row in rows})
    first, last_month = months[0], months[-1]
    shown_rules = {month: name for month, name in (rules or {}).items() if first <= month <= last_month}

    def draw(width: int) -> Spec:
        placed = _place_rules(shown_rules, (first, last_month), width)
        return _draw((values, placed), title, month_axis("utcyearmonth", months, width), is_share=is_share, width=width)

    return draw


def _place_rules(rules: Mapping[date, str], ends: tuple[date, date], width: int) -> list[Rule]:
    """Give each rule the line of names that has room for its own: the first whose names end before it.

    A name that would run out of the chart is on the other side of its rule.
    """
    step = (width - MARGIN) / max(number_month(ends[1]) - number_month(ends[0]), 1)
    taken: list[float] = []
    placed: list[Rule] = []
    for month, name in sorted(rules.items()):
        at, long = step * (number_month(month) - number_month(ends[0])), LETTER * (len(name) + 1)
        is_left = at + long > width - MARGIN and at > long
        start = at - long if is_left else at
        line = next((line for line, end in enumerate(taken) if end < start), len(taken))
        taken[line:] = [start + long, *taken[line + 1 :]]
        side = "right" if is_left else "left"
        placed.append(Rule(month, name, line, side))
    return placed


def _tell(row: Row, value: float | None, measure: str) -> dict[str, Any]:
    """The line of a month: its group, its value as it is printed, and what that rests on."""
    group = "" if row.values["ethnic_group"] == ALL else f"{row.values['ethnic_group']}, "
    parts: tuple[str, ...] = ()
    if value is None:
        printed = ""
    elif measure == "searches":
        printed = f"{count(row, 'numerator')} searches"
    else:
        style = style_of(measure)
        printed = str(style(row, "value"))
        parts = (tell_limits(row, "lower", "upper", style, name="95% interval"), tell_counts(row))
    doubt = "in doubt" if row.is_in_doubt else ""
    return tell(f"{group}{row.values['span']}", printed, *parts, doubt, rows=(row,))


def _draw(
    drawn_rows: tuple[list[dict[str, Any]], list[Rule]], title: str, x: alt.X, *, is_share: bool, width: int
) -> Spec:
    values, rules = drawn_rows
    groups = list(dict.fromkeys(str(value["group"]) for value in values))
    colours = [LINE_COLOURS.get(group, BLUE) for group in groups]
    scale = alt.Scale(
        domain=[0, _find_top(values, has_rules=bool(rules))],
        nice=False,
    )
    base = alt.Chart(hold_rows(values)).encode(
        x=x,
        y=alt.Y(
            "value:Q", title=title, scale=scale, axis=alt.Axis(format="%" if is_share else ",~r", tickCount=5, **ON_TOP)
        ),
        detail=alt.Detail("stretch:N"),
        color=alt.Color("group:N", legend=None, scale=alt.Scale(domain=groups, range=colours)),
    )
    tip = alt.Description("tip:N")
    drawn = base.transform_filter("isValid(datum.value)")
    points = drawn.mark_point(size=22, filled=True, opacity=1).encode(description=tip)
    apart_points = drawn.transform_filter("datum.is_apart").mark_point(size=80, filled=True, opacity=1)
    hollow = drawn.transform_filter("datum.records != ''").mark_point(**HOLLOW).encode(description=tip)
    ends = drawn.transform_filter("datum.is_last").mark_text(align="left", dx=7, fontSize=13, fontWeight="bold")
    inks = alt.Scale(domain=groups, range=[NAME_COLOURS.get(group, BLUE) for group in groups])
    names = ends.encode(
        text=alt.Text("group:N"),
        y=alt.Y("name_at:Q", title=title, scale=scale),
        color=alt.Color("group:N", legend=None, scale=inks),
    )
    apart = {"scale": {"color": "independent"}}
    marks = [base.mark_line(strokeWidth=2), points]
    marks += [apart_points.encode(description=tip)] if any(value["is_apart"] for value in values) else []
    return overlay(*_draw_rules(rules, x), *marks, hollow, names, width=width, height=240, resolve=apart)


def _find_top(values: list[dict[str, Any]], *, has_rules: bool) -> float:
    """The upper end of the plot: over the highest value and the highest name of a line."""
    highest: float = max([value[field] or 0 for value in values for field in ("value", "name_at")] or [0])
    return HEADROOM[has_rules] * highest or 1


def _draw_rules(rules: list[Rule], x: alt.X) -> list[alt.Chart]:
    """Thin upright lines behind all else, each with its name at the top, one line of names below the other."""
    layers = []
    for line, side in sorted({(rule.line, rule.side) for rule in rules}):
        of_line = [rule for rule in rules if (rule.line, rule.side) == (line, side)]
        rows = hold_rows({"month": rule.month.isoformat(), "name": rule.name} for rule in of_line)
        base = alt.Chart(rows).encode(x=x)
        layers.append(base.mark_rule(strokeWidth=1, strokeDash=[2, 3], color=GREY))
        look = {"align": side, "dx": 3 if side == "left" else -3, "baseline": "top", "fontSize": 12, "color": INK}
        layers += name_on_chart(base.encode(y=constant(alt.YValue, NAME_LINE * line)), look, alt.Text("name:N"))
    return layers


def name_hollow(rows: list[Row]) -> str:
    """What follows the subtitle of a chart of months where one of them is in doubt."""
    return ". A hollow circle is a month in doubt" if any(row.is_in_doubt for row in rows) else ""


def spread_names(ends: dict[str, float | None], *, gap: float) -> dict[str, float]:
    """Set names at the ends of lines apart, so that none covers another: upwards from the lowest value."""
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
