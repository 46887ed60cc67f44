"""Unknown ethnicity: what each way of filling it in makes of a ratio, and the range of all that is plausible."""

from collections.abc import Callable
from typing import Any

import altair as alt

from disparity.analysis.reasons.scenario_rows import (
    ALL_GROUP,
    ALL_REFERENCE,
    IMPUTED,
    LEFT_OUT,
    OFFICER_INFORMED,
    PROPORTIONAL,
    PROPORTIONAL_BY_TYPE,
)
from disparity.site.charts.specification import BLUE, GREY, INK, Spec, hold_rows, overlay
from disparity.site.published_figures import Row, ratio
from disparity.vocabulary.codes import PEOPLE, REFERENCE_GROUP

# Ways of filling in unknown ethnicity, in the order drawn; {} is the people of the group compared.
SCENARIOS = {
    LEFT_OUT: "Left out, as in official statistics",
    PROPORTIONAL: "Shared out like the known",
    PROPORTIONAL_BY_TYPE: "Shared out like the known of the month and type",
    OFFICER_INFORMED: "As officers saw them",
    IMPUTED: "Filled in from all else that is recorded",
    ALL_REFERENCE: f"All were of {PEOPLE[REFERENCE_GROUP]}",
    ALL_GROUP: "All were of {}",
}
RANGE = "Range of all that is plausible"
# A ratio above this would press all the others against the axis.
LARGEST_LINEAR_RATIO = 20
LOG_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)


def chart_scenarios(rows: list[Row], compared: Row) -> Spec:
    """Each way of filling in unknown ethnicity as a ratio; the one range that pages give, in a row of its own.

    `rows` are the scenarios of one group's ratio of search rates, `compared` is its comparison. A way that is not used
    says why.
    """
    values = _list_scenarios({row.values["component"]: row for row in rows}, compared)
    drawn = [value[name] for value in values for name in ("value", "lower", "upper") if value[name]]
    is_log = max(drawn, default=0) > LARGEST_LINEAR_RATIO
    domain = [min([*drawn, 1]) / 1.3, max(drawn, default=1) * 1.9] if is_log else [0, max([*drawn, 1.2]) * 1.22]
    scale = alt.Scale(type="log" if is_log else "linear", domain=domain, nice=False)
    ticks: dict[str, Any] = {"tickCount": 5}
    if is_log:
        ticks = {"values": [tick for tick in LOG_TICKS if domain[0] <= tick <= domain[1]]}
    title = "Ratio of search rates" + (" (equal steps multiply)" if is_log else "")
    axis = alt.Axis(title=title, format=",~r", **ticks)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    order = [value["scenario"] for value in values]
    base = alt.Chart(hold_rows(values)).encode(y=alt.Y("scenario:N", sort=order, axis=None))
    return overlay(*_mark_same_rate(base, x), *_mark_scenarios(base, x), width=330, height=44 * len(values))


def _list_scenarios(rows: dict[str, Row], compared: Row) -> list[dict[str, Any]]:
    values = []
    for component, name in SCENARIOS.items():
        if component not in rows:
            continue
        row = rows[component]
        value = row.values["value"]
        # A ratio of zero has no place on a log scale: it is said in words on any.
        words = row.values["note"] if value is None else "0: no search is counted to the group" if not value else ""
        scenario = name.format(PEOPLE[row.values["ethnic_group"]])
        label = str(ratio(row, "value")) if value else ""
        values.append(_scenario(scenario, value=value or None, label=label, words=words))
        if component == LEFT_OUT and compared.values["range_lower"] is not None:
            values.append(_give_range(compared))
    return values


def _give_range(row: Row) -> dict[str, Any]:
    """What chance, other residents and other ways of filling in could make of the ratio: not the extremes."""
    lower, upper = row.values["range_lower"], row.values["range_upper"]
    if upper is None or not lower:
        return _scenario(RANGE, words="without an end: too few searches to say")
    label = f"{ratio(row, 'range_lower')} to {ratio(row, 'range_upper')}"
    return _scenario(RANGE, lower=lower, upper=upper, label=label)


def _scenario(scenario: str, **given: Any) -> dict[str, Any]:
    nothing = {"value": None, "lower": None, "upper": None, "label": "", "words": ""}
    return {"scenario": scenario, **nothing, **given}


def _mark_same_rate(base: alt.Chart, x: Callable[[str], alt.X]) -> tuple[alt.Chart, alt.Chart]:
    """A ratio of 1, named at the top; its line leaves out the names of the rows."""
    line = (
        base.transform_calculate(one="1")
        .transform_filter("datum.words == ''")
        .mark_tick(color=INK, orient="vertical", thickness=1.5, size=24, yOffset=9)
        .encode(x=x("one"))
    )
    at_one = alt.Chart(hold_rows([{"one": 1, "name": "same rate"}]))
    name = at_one.mark_text(align="left", fontSize=12, color=INK).encode(
        x=x("one"), y=alt.value(-8), text=alt.Text("name:N")
    )
    return line, name


def _mark_scenarios(base: alt.Chart, x: Callable[[str], alt.X]) -> tuple[alt.Chart, ...]:
    """Each way named above its own row, so that the rows have the width of a telephone."""
    tip = [alt.Tooltip("scenario:N", title="Unknown ethnicity"), alt.Tooltip("label:N", title="Ratio")]
    at_left: dict[str, Any] = {"align": "left", "color": INK}
    names = base.mark_text(**at_left, dy=-10, fontSize=13, fontWeight="bold").encode(
        x=alt.value(0), text=alt.Text("scenario:N")
    )
    interval = (
        base.transform_filter("isValid(datum.lower)")
        .mark_rule(color=GREY, strokeWidth=3, yOffset=9)
        .encode(x=x("lower"), x2=alt.X2("upper:Q"), tooltip=tip)
    )
    point = (
        base.transform_filter("isValid(datum.value)")
        .mark_point(size=90, color=BLUE, fill=BLUE, opacity=1, yOffset=9)
        .encode(x=x("value"), tooltip=tip)
    )
    label = (
        base.transform_calculate(at="isValid(datum.upper) ? datum.upper : datum.value")
        .transform_filter("isValid(datum.at)")
        .mark_text(**at_left, dx=8, dy=9, fontSize=13)
        .encode(x=x("at"), text=alt.Text("label:N"))
    )
    words = (
        base.transform_filter("datum.words != ''")
        .mark_text(**at_left, dy=9, fontSize=12, fontStyle="italic")
        .encode(x=alt.value(0), text=alt.Text("words:N"))
    )
    return names, interval, point, label, words
