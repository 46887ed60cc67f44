"""Veil of darkness: whether a group is a smaller share of searches once it is too dark to see who is there."""

from typing import NamedTuple

import numpy as np
import polars as pl
from scipy import special

from disparity.analysis.reasons.rows import BASIS_SUFFIX, REASON_COLUMNS
from disparity.records.daylight import BAND_MINUTES, DARK, DAYLIGHT, DUSK, NOT_KNOWN, OTHER_HOURS
from disparity.statistics.regression import FloatArray, fit_logistic, spline
from disparity.vocabulary.codes import ETHNIC_GROUPS, PEOPLE, REFERENCE_GROUP
from disparity.vocabulary.statuses import RESTRICTED_LABELS

VEIL_OF_DARKNESS = "veil_of_darkness"
WITH_VEHICLE = "_with_vehicle"
DARK_ODDS, WITHIN_MONTH_ODDS = "dark_odds_ratio", "within_month_odds_ratio"
CLOCK_CHANGE_ODDS = "clock_change_odds_ratio"
# Component → what is the same on both sides of the comparison, and the column that holds it.
HELD = {
    DARK_ODDS: ("the time of the clock", None),
    WITHIN_MONTH_ODDS: ("the time of the clock and the month", "month"),
    CLOCK_CHANGE_ODDS: ("the time of the clock, in the weeks round a change of the clocks", "clock_change"),
}

# Stanford Open Policing Project: at least 100 stops of each group in the hours compared.
FEWEST_SEARCHES = 100
FEWEST_IN_A_LIGHT = 20
# Months are what the jackknife leaves out: of fewer than five it says nothing.
FEWEST_MONTHS = 5
# Stanford Open Policing Project: ns(time of the clock, 6); fewer where the hours are short.
MOST_FREEDOM, MINUTES_A_DEGREE = 6, 30
CONFIDENCE = 0.95

SHARES = {"share_in_daylight": DAYLIGHT, "share_in_darkness": DARK}
DIRECTION = (
    "odds that a search is of the group and not of White people, in darkness against daylight; below 1: the group is "
    "a smaller share in darkness; 1: the same. Built for vehicle stops: it is no measure of bias by itself"
)
NO_TIMES = "not tested: no month of the period records times reliably"
TOO_FEW = "not tested: too few searches of the group, or of White people, in daylight or in darkness at these hours"
TOO_FEW_MONTHS = "not tested: the searches at these hours are of too few months"
RESTRICTED = "not tested: ethnic groups were folded together, or do not belong to their rows, on this basis"
NO_ANSWER = "not tested: the searches cannot tell darkness from what is held the same"
LEFT_OUT = {
    "searches_left_out_unreliable_months": "in months whose times are not reliable",
    "searches_left_out_other_hours": "at hours that are always light or always dark",
    "searches_left_out_dusk": "between sunset and dusk, neither light nor dark",
    "searches_left_out_not_known": "without a usable time or place",
}
LIGHT_LEFT_OUT = dict(zip(list(LEFT_OUT)[1:], (OTHER_HOURS, DUSK, NOT_KNOWN), strict=True))


class Answer(NamedTuple):
    """One row: its component, how to read it, and its figure with its interval."""

    component: str
    note: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None


def compare_darkness(
    twilight: pl.DataFrame, submissions: pl.DataFrame, periods: pl.DataFrame, estimates: pl.DataFrame
) -> pl.DataFrame:
    """Compare who is searched in darkness and in daylight at the same time of the clock.

    log odds(the search is of the group and not of White people) =
        log(dark odds ratio) x dark + smooth curve of the time of the clock (+ what else is held)

    If seeing who is there adds searches of a group, the group is a smaller share of searches in darkness: a
    dark odds ratio below 1. It is not stated as bias. It was built for stops of vehicles, where darkness hides
    the driver. On foot, at the distance of a conversation and under street lights, it hides little, and who is
    outdoors after dark differs. The components:
    - `dark_odds_ratio` holds the time of the clock, `within_month_odds_ratio` the month as well (so that a season
      or a lockdown does not stand in for the light), `clock_change_odds_ratio` takes the thirty days on each
      side of a change of the clocks only, and holds which change it is. Neutral value 1; 95% interval from
      leaving out a month at a time.
    - `share_in_daylight`, `share_in_darkness`: the group's share of the searches compared, 0 to 1.
    - `searches_used`; `searches_left_out` and its parts: searches of the group and of White people.

    Args:
        twilight: the counts by light. submissions: force, month, is_time_reliable. periods: month → period.
        estimates: say of which groups and on which basis the labels are restricted: no test there.

    Returns:
        REASON_COLUMNS. Analysis `veil_of_darkness` is of all searches, `veil_of_darkness_with_vehicle` of those
        that involve a vehicle; officer-defined ethnicity, what the officer saw, has its own. A null value was
        not tested, and the note says why.

    Source: Grogger and Ridgeway (2006); Pierson et al. (2020).
    """
    reliable = submissions.select("force", "month", pl.col("is_time_reliable").fill_null(False))
    known = twilight.filter(pl.col("ethnic_group").is_in(ETHNIC_GROUPS))
    counts = known.join(periods, on="month").join(reliable, on=["force", "month"])
    keys = ["force", "period_from", "period_to", "ethnicity_basis", "ethnic_group"]
    restricted = set(estimates.filter(pl.col("status") == RESTRICTED_LABELS).select(keys).unique().rows())
    found = [
        (*place, group, REFERENCE_GROUP, f"{VEIL_OF_DARKNESS}{suffix}{BASIS_SUFFIX[basis]}", *answer)
        for (*place, basis), rows in sorted(counts.partition_by(keys[:-1], as_dict=True).items())
        for suffix, of_suffix in (("", rows), (WITH_VEHICLE, rows.filter("is_vehicle_involved")))
        for group in ETHNIC_GROUPS
        if group != REFERENCE_GROUP
        for answer in _compare_group(of_suffix, group, RESTRICTED if (*place, basis, group) in restricted else "")
    ]
    kinds = dict.fromkeys([*REASON_COLUMNS[:7], "note"], pl.String()) | dict.fromkeys(keys[1:3], pl.Date())
    rows = pl.DataFrame(found, kinds | dict.fromkeys(("value", "lower", "upper"), pl.Float64()), orient="row")
    return rows.select(REASON_COLUMNS)


def _compare_group(counts: pl.DataFrame, group: str, refusal: str) -> list[Answer]:
    pair = counts.filter(pl.col("ethnic_group").is_in([group, REFERENCE_GROUP]))
    reliable = pair.filter("is_time_reliable")
    used = reliable.filter(pl.col("light").is_in([DAYLIGHT, DARK])).with_columns(
        (pl.col("ethnic_group") == group).alias("is_group"), (pl.col("light") == DARK).alias("is_dark")
    )
    if refusal:
        return [Answer(component, refusal) for component in (*SHARES, *HELD)]
    if reliable.is_empty() and not pair.is_empty():
        refusal = NO_TIMES
    near_change = used.filter(pl.col("clock_change").is_not_null())
    return [
        *_count_used(pair, reliable, used, group),
        *(_share(name, used.filter(pl.col("light") == light), group) for name, light in SHARES.items()),
        *(_compare_odds(near_change if name == CLOCK_CHANGE_ODDS else used, name, refusal) for name in HELD),
    ]


def _count_used(pair: pl.DataFrame, reliable: pl.DataFrame, used: pl.DataFrame, group: str) -> list[Answer]:
    both = f"searches of {PEOPLE[group]} and of {PEOPLE[REFERENCE_GROUP]}"
    parts = {"searches_left_out_unreliable_months": _add_up(pair) - _add_up(reliable)} | {
        name: _add_up(reliable.filter(pl.col("light") == light)) for name, light in LIGHT_LEFT_OUT.items()
    }
    return [
        Answer("searches_used", f"{both}, in daylight or darkness", _add_up(used)),
        Answer("searches_left_out", f"{both}, not compared", _add_up(pair) - _add_up(used)),
        *(Answer(name, f"{both}, {why}", parts[name]) for name, why in LEFT_OUT.items()),
    ]


def _add_up(counts: pl.DataFrame) -> float:
    return float(counts["searches"].sum())


def _share(component: str, used: pl.DataFrame, group: str) -> Answer:
    value = _add_up(used.filter("is_group")) / _add_up(used) if used.height else None
    return Answer(component, f"share that {PEOPLE[group]} are of the searches compared", value)


def _compare_odds(used: pl.DataFrame, component: str, refusal: str) -> Answer:
    held, stratum = HELD[component]
    refusal = refusal or _refuse(used)
    odds = None if refusal else _fit(used, stratum)
    if odds is None:
        return Answer(component, refusal or NO_ANSWER)
    return Answer(component, f"{DIRECTION}. Held the same: {held}", *odds)


def _refuse(used: pl.DataFrame) -> str:
    sides = [used.filter(pl.col("is_group") == is_group) for is_group in (True, False)]
    in_a_light = [_add_up(side.filter(pl.col("light") == light)) for side in sides for light in (DAYLIGHT, DARK)]
    if min(map(_add_up, sides)) < FEWEST_SEARCHES or min(in_a_light) < FEWEST_IN_A_LIGHT:
        return TOO_FEW
    return TOO_FEW_MONTHS if used["month"].n_unique() < FEWEST_MONTHS else ""


def _fit(used: pl.DataFrame, stratum: str | None) -> tuple[float, float, float] | None:
    """The odds ratio and its limits: t with one degree of freedom less than there are months."""
    keys = ["month", "clock_band", "is_dark", *([stratum] if stratum and stratum != "month" else [])]
    searches = pl.col("searches")
    cells = used.group_by(keys).agg(searches.sum(), of_group=searches.filter("is_group").sum()).sort(keys)
    columns = [cells["is_dark"].cast(pl.Float64).to_numpy()[:, None], _curve(cells)]
    if stratum:
        columns.append(cells[stratum].to_physical().to_dummies(drop_first=True).cast(pl.Float64).to_numpy())
    found, trials, months = (cells[name].to_numpy() for name in ("of_group", "searches", "month"))
    fit = fit_logistic(found, trials, np.hstack(columns), months)
    if fit is None:
        return None
    reach = special.stdtrit(cells["month"].n_unique() - 1, (1 + CONFIDENCE) / 2) * fit.cluster_errors[0]
    value, lower, upper = np.exp(fit.coefficients[0] + np.array([0, -reach, reach]))
    return float(value), float(lower), float(upper)


def _curve(cells: pl.DataFrame) -> FloatArray:
    """A smooth curve of the time of the clock, its knots where the searches are."""
    minutes = cells["clock_band"].cast(pl.Float64).to_numpy()
    freedom = int(np.clip((np.ptp(minutes) + BAND_MINUTES) // MINUTES_A_DEGREE, 1, MOST_FREEDOM))
    places = np.linspace(0, 1, freedom + 1)
    knots = np.quantile(np.repeat(minutes, cells["searches"].to_numpy()), places, method="closest_observation")
    knots = np.unique(knots)
    return spline(minutes, knots) if len(knots) > 1 else np.ones((len(minutes), 1))
