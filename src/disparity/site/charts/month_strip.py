"""A strip of months: which of them the records hold."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

from disparity.site.charts.specification import BLUE, INK, Spec, hold_rows, overlay
from disparity.site.published_figures import Row
from disparity.vocabulary.calendar import name_month

HELD, MISSING, IN_DOUBT = "held", "missing", "in doubt"
FILLS = {HELD: BLUE, MISSING: "#ffffff", IN_DOUBT: "#F4D58D"}
# Without colour: a missing month is crossed, one in doubt has a question mark.
SIGNS = {HELD: "", MISSING: "x", IN_DOUBT: "?"}
SQUARE = 26


@dataclass(frozen=True)
class Month:
    """One square of the strip."""

    month: date
    state: str
    tip: str = ""
    rows: tuple[Row, ...] = ()


def chart_strip(months: list[Month]) -> Spec:
    """One square for each month, a row for each year; every month of the period in order."""
    first = months[0].month
    values = [_list(each, first) for each in months]
    order = list(dict.fromkeys(value["initial"] for value in values))
    rows = list(dict.fromkeys(value["year"] for value in values))
    base = alt.Chart(hold_rows(values)).encode(
        x=alt.X("initial:N", sort=order, title=None, axis=alt.Axis(orient="top", labelAngle=0, domain=False)),
        y=alt.Y("year:N", sort=rows, title=None, axis=alt.Axis(domain=False, ticks=False)),
    )
    colours = alt.Scale(domain=list(FILLS), range=list(FILLS.values()))
    tip = [alt.Tooltip("tip:N", title="Month")]
    squares = base.mark_rect(stroke=INK, strokeWidth=1).encode(
        fill=alt.Fill("state:N", legend=None, scale=colours), tooltip=tip
    )
    signs = base.transform_filter("datum.sign != ''").mark_text(fontSize=14, color=INK)
    shape: dict[str, Any] = {"width": SQUARE * len(order), "height": SQUARE * len(rows)}
    return overlay(squares, signs.encode(text=alt.Text("sign:N")), **shape)


def _list(each: Month, first: date) -> dict[str, Any]:
    start = first.replace(year=each.month.year - (each.month.month < first.month))
    return {
        "initial": each.month.strftime("%b"),
        "year": name_month(start),
        "state": each.state,
        "sign": SIGNS[each.state],
        "tip": each.tip or f"{name_month(each.month)}: {each.state}",
    }
