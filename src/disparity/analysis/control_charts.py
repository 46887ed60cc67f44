"""Over time: which months of a force stand out from what its series does anyway.

A series is one measure of one force and group. It starts anew where the force declared a change of recording. Residents
are of the middle of each month and run on without a step, also at a census, so search rates need no break there.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from disparity.analysis.measures.entries import MEASURES
from disparity.project.declarations import FOLLOWED_MEASURES, RecordingChange
from disparity.statistics.control import Control, control_rates, control_shares, find_signals
from disparity.vocabulary.codes import ALL, REFERENCE_GROUP
from disparity.vocabulary.statuses import MEASURED, SMALL, TOO_FEW_MONTHS
from disparity.vocabulary.thresholds import FEWEST_MONTHS

FOLLOWED_GROUPS = (ALL, "Black", REFERENCE_GROUP)
SERIES = ["measure", "force", "ethnic_group"]
SHARES = {measure.name for measure in MEASURES if not measure.is_per_residents}
METHODS = {True: "p-chart, Laney's correction", False: "u-chart, Laney's correction"}
CONTROL_COLUMNS = [
    *("month", "force", "ethnic_group", "measure", "numerator", "denominator", "value"),
    *(
        "centre",
        "lower",
        "upper",
        "sigma_z",
        "z",
        "signals",
        "baseline",
        "baseline_reason",
        "method",
        "status",
        "in_doubt",
    ),
]
LIMITS = ("centre", "lower", "upper", "sigma_z", "z")
BREAKS = {"force": pl.String, "measure": pl.String, "month": pl.Date, "baseline_reason": pl.String}


def list_breaks(changes: Sequence[RecordingChange]) -> pl.DataFrame:
    """List the months in which series start anew, and why.

    Returns:
        force, measure, month, baseline_reason; several reasons for one month are joined.
    """
    declared = [
        (change.force, measure, change.month, change.what)
        for change in changes
        for measure in change.measures or FOLLOWED_MEASURES
    ]
    return (
        pl.DataFrame(declared, BREAKS, orient="row")
        .sort("force", "measure", "month", "baseline_reason")
        .group_by("force", "measure", "month", maintain_order=True)
        .agg(pl.col("baseline_reason").str.join(" "))
    )


def control_months(monthly: pl.DataFrame, breaks: pl.DataFrame) -> pl.DataFrame:
    """Draw up the control chart of every force: search, find and arrest rates, of All, Black and White.

    Find and arrest rates: p-charts, search rates: u-charts, both with Laney's correction, as the searches
    of a month come in operations and differ by more than chance (`statistics.control`). Months that are
    missing, partial, not measurable or in doubt carry no point: they set no limit and give no signal. Fewer than 12
    points since the series last started: no limits, and the points' status is `too_few_months`.

    A series that does not change still gives signals: in 24 months about one in seven gives one at least
    (simulated, see tests). A signal is a reason to look, no finding of itself.

    Args:
        monthly: as `estimate_monthly` gives it, and in_doubt (`flag_doubts`). breaks: as `list_breaks` does.

    Returns:
        CONTROL_COLUMNS: `value`, `centre`, `lower`, `upper` in the measure's unit; `sigma_z` by how much
        months differ beyond chance (1: not at all; under 1 is not used), `z` in standard deviations
        after it; `signals`: codes of `find_signals`; `baseline`: the month the series starts in, and why.

    Source: Montgomery (2013); Laney (2002); Nelson (1984).
    """
    followed = monthly.filter(pl.col("measure").is_in(FOLLOWED_MEASURES), pl.col("ethnic_group").is_in(FOLLOWED_GROUPS))
    rows = _start_anew(followed, breaks)
    is_point = pl.col("status").is_in([MEASURED, SMALL]) & pl.col("value").is_not_null() & (pl.col("denominator") > 0)
    is_point &= ~pl.col("in_doubt")
    rows = rows.with_columns(is_point=is_point, points=is_point.sum().over(*SERIES, "baseline"))
    columns, signals = _compute(rows)
    is_short = pl.col("is_point") & (pl.col("points") < FEWEST_MONTHS)
    method = pl.col("measure").is_in(SHARES).replace_strict(METHODS, return_dtype=pl.String)
    return rows.with_columns(
        *(pl.Series(name, column).fill_nan(None) for name, column in columns.items()),
        pl.Series("signals", signals, pl.String).replace("", None),
        status=pl.when(is_short).then(pl.lit(TOO_FEW_MONTHS)).otherwise("status"),
    ).with_columns(method=pl.when(pl.col("centre").is_not_null()).then(method))[CONTROL_COLUMNS]


def _start_anew(monthly: pl.DataFrame, breaks: pl.DataFrame) -> pl.DataFrame:
    """Give each month the month that its series last started in; the first is that of the publication."""
    measure, group = pl.col("measure").cast(pl.Enum(FOLLOWED_MEASURES)), pl.col("ethnic_group")
    order = ["force", measure, group.cast(pl.Enum(FOLLOWED_GROUPS)), "month"]
    marked = monthly.join(breaks, on=["force", "measure", "month"], how="left").sort(order)
    reason, is_first = pl.col("baseline_reason"), pl.int_range(pl.len()).over(SERIES) == 0
    starts = pl.when(reason.is_not_null() | is_first).then("month")
    return marked.with_columns(reason.forward_fill().over(SERIES), baseline=starts.forward_fill().over(SERIES))


def _compute(rows: pl.DataFrame) -> tuple[dict[str, np.ndarray], list[str]]:
    columns = {name: np.full(rows.height, np.nan) for name in LIMITS}
    signals = [""] * rows.height
    events, exposure, shown = (rows[name].to_numpy() for name in ("numerator", "denominator", "value"))
    for places, measure, months in _list_series(rows):
        chart = control_shares if measure in SHARES else control_rates
        control = chart(events[places], exposure[places])
        for name, values in control._asdict().items():
            columns[name][places] = values
        for place, codes in zip(places, _signal(control, shown[places], months), strict=True):
            signals[place] = codes
    return columns, signals


def _list_series(rows: pl.DataFrame) -> Iterator[tuple[np.ndarray, str, np.ndarray]]:
    """Give each series that is long enough: the places of its points, its measure and their months as numbers."""
    numbered = rows.select(
        *(*SERIES, "baseline", "is_point", "points"),
        place=pl.int_range(pl.len()),
        number=12 * pl.col("month").dt.year().cast(pl.Int64) + pl.col("month").dt.month(),
    ).filter("is_point", pl.col("points") >= FEWEST_MONTHS)
    series = numbered.group_by(*SERIES, "baseline", maintain_order=True).agg("place", "number")
    for measure, places, months in series.select("measure", "place", "number").iter_rows():
        yield np.asarray(places), measure, np.asarray(months)


def _signal(control: Control, values: np.ndarray, months: np.ndarray) -> list[str]:
    # A count that lies on an exact limit is within it, whatever the last bit of the quotient says.
    slack = 1e-9 * np.abs(values)
    is_beyond = (values < control.lower - slack) | (values > control.upper + slack)
    return find_signals(control.z, is_beyond, months)
