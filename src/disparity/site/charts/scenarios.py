"""Unknown ethnicity: what each way of filling it in makes of a ratio, and the range of all that is plausible."""

from disparity.analysis.reasons.scenario_rows import (
    ALL_GROUP,
    ALL_REFERENCE,
    IMPUTED,
    LEFT_OUT,
    OFFICER_INFORMED,
    PROPORTIONAL,
    PROPORTIONAL_BY_TYPE,
)
from disparity.site.charts.interval_dots import Dot, chart_dots
from disparity.site.charts.specification import Layout
from disparity.site.charts.tips import tell
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


def chart_scenarios(rows: list[Row], compared: Row) -> Layout:
    """Each way of filling in unknown ethnicity as a ratio; the one range that pages give, in a row of its own.

    `rows` are the scenarios of one group's ratio of search rates, `compared` is its comparison. A way that is not used
    says why.
    """
    return chart_dots(
        _list_scenarios({row.values["component"]: row for row in rows}, compared),
        title="Ratio of search rates",
        reference=1,
        reference_name="same rate",
    )


def _list_scenarios(rows: dict[str, Row], compared: Row) -> list[Dot]:
    dots = []
    for component, name in SCENARIOS.items():
        if component not in rows:
            continue
        dots.append(_dot(rows[component], name))
        if component == LEFT_OUT and compared.values["range_lower"] is not None:
            dots.append(_give_range(compared))
    return dots


def _dot(row: Row, name: str) -> Dot:
    value, label = row.values["value"], name.format(PEOPLE[row.values["ethnic_group"]])
    if not value:  # a ratio of zero has no place on a log scale: it is said in words on any
        why = row.values["note"] if value is None else "0: no search is counted to the group"
        return Dot(label, why=why, rows=(row,))
    printed = str(ratio(row, "value"))
    return Dot(label, value=value, printed=printed, rows=(row,))


def _give_range(row: Row) -> Dot:
    """What chance, other residents and other ways of filling in could make of the ratio: not the extremes."""
    lower, upper = row.values["range_lower"], row.values["range_upper"]
    if upper is None or not lower:
        return Dot(RANGE, why="without an end: too few searches to say", rows=(row,))
    printed = f"{ratio(row, 'range_lower')} to {ratio(row, 'range_upper')}"
    tip = tell(RANGE, printed, rows=())["tip"]
    return Dot(RANGE, range_lower=lower, range_upper=upper, printed=printed, tip=tip, rows=(row,))
