"""Which months the records hold, as a strip: held, missing, in doubt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

from disparity.site.charts.specification import BLUE, GREY, INK, Layout, Spec, constant, hold_rows, is_narrow, overlay
from disparity.site.charts.tips import tell
from disparity.site.published_figures import Row
from disparity.vocabulary.calendar import name_month

HELD, MISSING, IN_DOUBT = "held", "missing", "in doubt"
CROSS = "\u00d7"
# Inside, edge and letter of a month: no state is told from another by colour alone.
LOOKS: dict[str, tuple[str, str, str]] = {
    HELD: (BLUE, BLUE, ""),
    IN_DOUBT: ("#ffffff", BLUE, "?"),
    MISSING: ("#ffffff", GREY, CROSS),
}
INITIALS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Month:
    """A month of a strip, how the records hold it, and the published rows that say so."""

    month: date
    state: str
    tip: str = ""
    rows: tuple[Row, ...] = ()


def chart_strip(months: Sequence[Month]) -> Layout:
    """One square a month, a row a year that begins in the first month; what the squares mean below."""
    first = months[0].month
    squares = [_square(month, first) for month in months]
    used = [state for state in LOOKS if any(month.state == state for month in months)]
    order = [INITIALS[(first.month - 1 + place) % len(INITIALS)] for place in range(len(INITIALS))]

    def lay_out(width: int) -> Spec:
        years = list(dict.fromkeys(square["year"] for square in squares))
        # A telephone has room for a letter a month.
        label = "substring(datum.label, 0, 1)" if is_narrow(width) else "datum.label"
        ticks: dict[str, Any] = {"domain": False, "ticks": False, "grid": False, "labelOverlap": False}
        along = alt.Axis(orient="top", labelAngle=0, labelExpr=label, **ticks)
        base = alt.Chart(hold_rows(squares)).encode(
            x=alt.X("name:N", title=None, sort=order, axis=along, scale=alt.Scale(domain=order, paddingInner=0.08)),
            y=alt.Y("year:N", title=None, sort=years, axis=alt.Axis(**ticks), scale=alt.Scale(paddingInner=0.12)),
        )
        layers = [layer for state in used for layer in _draw_state(base, state)]
        return overlay(*layers, width=width, height=26 * len(years))

    return lay_out


def _square(month: Month, first: date) -> dict[str, Any]:
    years = month.month.year - first.year - (month.month.month < first.month)
    start = first.replace(year=first.year + years)
    text = month.tip or f"{name_month(month.month)}: {month.state}"
    return {
        "name": INITIALS[month.month.month - 1],
        "year": f"{INITIALS[start.month - 1]} {start.year}",
        "state": month.state,
        **tell("", text, rows=month.rows),
    }


def _draw_state(base: alt.Chart, state: str) -> list[alt.Chart]:
    inside, edge, letter = LOOKS[state]
    shown = base.transform_filter(f"datum.state == '{state}'")
    square = shown.mark_rect(fill=inside, stroke=edge, strokeWidth=1.5).encode(description=alt.Description("tip:N"))
    if not letter:
        return [square]
    said = shown.mark_text(fontSize=13, fontWeight="bold", color=INK).encode(text=constant(alt.TextValue, letter))
    return [square, said]
