"""What changed since an action started: the measure before and after."""

from collections.abc import Iterator
from datetime import date
from itertools import compress
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from disparity.analysis.actions.register import Action
from disparity.analysis.measures.entries import BY_NAME
from disparity.project.declarations import FOLLOWED_MEASURES
from disparity.statistics.interrupted import Interruption, as_factor, contrast, interrupt
from disparity.statistics.intervals import poisson_exact, wilson
from disparity.vocabulary.calendar import first_of_month, next_month, number_month
from disparity.vocabulary.codes import ALL, REFERENCE_GROUP
from disparity.vocabulary.statuses import MEASURED, SMALL
from disparity.vocabulary.thresholds import FEWEST_MONTHS

# Events a month, on average, on either side of the start: with fewer, the model's errors do not hold.
FEWEST_EVENTS_A_MONTH = 5
TOO_EARLY, TOO_SHORT = "too_early", "too_short_before"
NOT_FOLLOWED, FEW_EVENTS, BROKEN = "not_followed", "few_events", "recording_changed"
GROUP, REFERENCE, AGAINST = "group", "reference", "group_against_reference"
EFFECT_COLUMNS = [
    *("entry", "force", "measure", "ethnic_group", "series", "component", "value", "lower", "upper"),
    *("months_before", "months_after", "first_month", "last_month", "method", "status"),
]
TEXTS = ("entry", "force", "measure", "ethnic_group", "series", "component", "method", "status")
SEGMENTED = "segmented Poisson regression, autocorrelation-robust"


class Series(NamedTuple):
    """A measure by month: before and after the start, the month of the start left out."""

    months: list[date]
    events: list[int]
    exposure: list[float]
    is_after: list[bool]


def measure_effects(register: dict[str, Action], monthly: pl.DataFrame, breaks: pl.DataFrame) -> pl.DataFrame:
    """Measure the group of every entry with a start before and after it, and against the reference group.

    For the group and for the reference group: `rate_before` and `rate_after` (events / exposure of all months on
    that side), `level` (the jump at the start, as a factor) and `trend` (the change of yearly growth, as a factor);
    `group_against_reference` is the group's factor / the reference group's. The month in which the action starts is
    left out unless it starts on the first.

    `status` says why there is no figure: the measure is not followed by month, or of one type of search
    (not_followed), fewer than 12 months before (too_short_before) or after (too_early), recording
    changed in between (recording_changed), or fewer than 5 events a month on a side (few_events).

    Args:
        monthly: as `estimate_monthly` gives it, every month that is not in doubt. breaks: as `list_breaks` does.

    Returns:
        EFFECT_COLUMNS; one row, of the level of the group, without a value where there is no figure. `value` of rates
        is in the measure's unit, of level and trend a factor (1: no change).

    Source: Bernal, Cummins and Gasparrini (2017).
    """
    rows: list[dict[str, Any]] = []
    for name, entry in register.items():
        if entry.start is not None:
            both = [_pick(entry, entry.start, monthly, group) for group in (entry.ethnic_group, REFERENCE_GROUP)]
            rows += _measure_entry(name, entry, both, breaks)
    kinds: dict[str, Any] = dict.fromkeys(EFFECT_COLUMNS, pl.Float64) | dict.fromkeys(TEXTS, pl.String)
    kinds |= {"months_before": pl.Int64, "months_after": pl.Int64, "first_month": pl.Date, "last_month": pl.Date}
    return pl.DataFrame(rows, kinds, orient="row")


def _measure_entry(name: str, entry: Action, both: list[Series], breaks: pl.DataFrame) -> Iterator[dict[str, Any]]:
    status = _refuse(entry, both, breaks)
    own = both[0]
    head = {
        **{"entry": name, "force": entry.force, "measure": entry.measure, "ethnic_group": entry.ethnic_group},
        **{"months_before": own.is_after.count(False), "months_after": own.is_after.count(True)},
        **{"first_month": min(own.months, default=None), "last_month": max(own.months, default=None)},
    }
    group, reference = (None if status else _fit(series) for series in both)
    if group is None or reference is None:
        yield head | {"series": GROUP, "component": "level", "status": status or FEW_EVENTS}
        return
    for label, series in zip((GROUP, REFERENCE), both, strict=True):
        yield from (head | {"series": label, "status": MEASURED} | row for row in _rates(entry, series))
    for label, fit in ((GROUP, group), (REFERENCE, reference), (AGAINST, contrast(group, reference))):
        for component, log, error in (("level", fit.level, fit.level_error), ("trend", fit.trend, fit.trend_error)):
            change = as_factor(log, error, fit.freedom)._asdict()
            named = {"series": label, "component": component, "method": SEGMENTED, "status": MEASURED}
            yield head | named | change


def _pick(entry: Action, start: date, monthly: pl.DataFrame, group: str) -> Series:
    """The months of a group that carry a figure; none where the measure is not followed."""
    first_after = start if start.day == 1 else next_month(start)
    is_figure = pl.col("status").is_in([MEASURED, SMALL]) & (pl.col("denominator") > 0)
    is_beside = (pl.col("month") < first_of_month(start)) | (pl.col("month") >= first_after)
    own = monthly.filter(is_figure, is_beside, force=entry.force, measure=entry.measure, ethnic_group=group)
    rows = own.sort("month") if _is_followed(entry) else own.clear()
    months, events, exposure = (rows[name].to_list() for name in ("month", "numerator", "denominator"))
    return Series(months, events, exposure, (rows["month"] >= first_after).to_list())


def _is_followed(entry: Action) -> bool:
    return entry.measure in FOLLOWED_MEASURES and entry.search_type == ALL


def _refuse(entry: Action, both: list[Series], breaks: pl.DataFrame) -> str:
    """Why there is no figure; nothing where there is one."""
    if not _is_followed(entry):
        return NOT_FOLLOWED
    before, after = (min(series.is_after.count(side) for series in both) for side in (False, True))
    if after < FEWEST_MONTHS:
        return TOO_EARLY
    if before < FEWEST_MONTHS:
        return TOO_SHORT
    first, *_, last = both[0].months
    is_between = (pl.col("month") > first) & (pl.col("month") <= last)
    if breaks.filter(is_between, force=entry.force, measure=entry.measure).height:
        return BROKEN
    sides = [(series, side) for series in both for side in (False, True)]
    means = [np.mean([x for x, after in zip(s.events, s.is_after, strict=True) if after == side]) for s, side in sides]
    return FEW_EVENTS if min(means) < FEWEST_EVENTS_A_MONTH else ""


def _fit(series: Series) -> Interruption | None:
    months = [number_month(month) for month in series.months]
    return interrupt(series.events, series.exposure, months, start=months[series.is_after.index(True)])


def _rates(entry: Action, series: Series) -> Iterator[dict[str, Any]]:
    is_rate = BY_NAME[entry.measure].is_per_residents
    interval, method = (poisson_exact, "exact Poisson") if is_rate else (wilson, "Wilson")
    for component, side in (("rate_before", False), ("rate_after", True)):
        is_kept = [after == side for after in series.is_after]
        events, exposure = (sum(compress(values, is_kept)) for values in (series.events, series.exposure))
        lower, upper = interval(events, exposure)
        limits = {"lower": float(lower), "upper": float(upper), "method": method}
        yield {"component": component, "value": events / exposure, **limits}
