"""Lines by month."""

from datetime import date
from typing import Any

import altair as alt

from disparity.analysis.measures.entries import BY_NAME
from disparity.site.charts.specification import (
    BLUE,
    HOLLOW,
    LINE_COLOURS,
    NAME_COLOURS,
    ON_TOP,
    Layout,
    Spec,
    hold_rows,
    month_axis,
    overlay,
)
from disparity.site.charts.tips import tell, tell_counts, tell_limits
from disparity.site.published_figures import Row, count, style_of
from disparity.vocabulary.codes import ALL
from disparity.vocabulary.statuses import PARTIAL

# The height of a name at a line's end, as a share of the plot's.
NAME_HEIGHT = 0.075


def chart_months(rows: list[Row], *, measure: str, title: str, stretches: dict[date, str]) -> Layout:
    """One line per ethnic group by month or quarter, named at its end.

    A month without a file, or whose rate is only an estimate, leaves a gap; so does a change of `stretches`:
    from months to quarters. A month in doubt is a hollow circle.
    """
    shown = [(row, read_month(row, measure)) for row in rows]
    # Where each line ends: its name is there.
    last: dict[str, date] = {}
    ends_at: dict[str, float | None] = {}
    for row, value in sorted(shown, key=lambda pair: pair[0].values["month"]):
        if value is not None:
            last[row.values["ethnic_group"]], ends_at[row.values["ethnic_group"]] = row.values["month"], value
    names_at = spread_names(
        ends_at, gap=NAME_HEIGHT * max((value for _, value in shown if value is not None), default=0)
    )
    is_last = [last.get(row.values["ethnic_group"]) == row.values["month"] for row, _ in shown]
    values = [
        {
            "is_last": is_end,
            "month": row.values["month"].isoformat(),
            "group": "" if row.values["ethnic_group"] == ALL else row.values["ethnic_group"],
            "stretch": stretches.get(row.values["month"], ""),
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
    return lambda width: _draw(values, title, month_axis("utcyearmonth", months, width), is_share=is_share, width=width)


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


def _draw(values: list[dict[str, Any]], title: str, x: alt.X, *, is_share: bool, width: int) -> Spec:
    groups = list(dict.fromkeys(str(value["group"]) for value in values))
    colours = [LINE_COLOURS.get(group, BLUE) for group in groups]
    scale = alt.Scale(
        domain=[0, 1.08 * max([value[field] or 0 for value in values for field in ("value", "name_at")] or [0]) or 1],
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
    hollow = drawn.transform_filter("datum.records != ''").mark_point(**HOLLOW).encode(description=tip)
    ends = drawn.transform_filter("datum.is_last").mark_text(align="left", dx=7, fontSize=13, fontWeight="bold")
    inks = alt.Scale(domain=groups, range=[NAME_COLOURS.get(group, BLUE) for group in groups])
    names = ends.encode(
        text=alt.Text("group:N"),
        y=alt.Y("name_at:Q", title=title, scale=scale),
        color=alt.Color("group:N", legend=None, scale=inks),
    )
    apart = {"scale": {"color": "independent"}}
    return overlay(base.mark_line(strokeWidth=2), points, hollow, names, width=width, height=240, resolve=apart)


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
