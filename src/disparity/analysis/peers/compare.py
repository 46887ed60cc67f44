"""Each force's value beside those of its set: limits, position, rank and a pooled value."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from disparity.analysis.peers.pooled import COUNTED, SET_KEYS
from disparity.analysis.peers.rates import SEARCH_RATE_RATIO
from disparity.statistics.funnel import (
    RATIOS,
    SHARES,
    Z_95,
    Z_998,
    Scale,
    count_effective_events,
    funnel_limits,
    measure_dispersion,
    score_deviations,
)
from disparity.statistics.intervals import BoolArray, FloatArray
from disparity.statistics.pooling import FEWEST_POOLED, pool_rates, pool_shares
from disparity.statistics.ranks import draw_ratios, draw_shares, rank_values
from disparity.vocabulary.codes import EVERY_GROUP
from disparity.vocabulary.statuses import MEASURED, SMALL

# Of two values neither is the odd one out.
FEWEST_COMPARED = 3
SCALES = {SEARCH_RATE_RATIO: RATIOS, "find_rate": SHARES}
# Additive for both: forces truly differ, and by no less where there are more searches. Multiplied limits would
# still close in on the target with the number of searches, and put nearly every large force outside.
METHODS = {
    SEARCH_RATE_RATIO: "log scale, additive over-dispersion (DerSimonian-Laird, winsorised)",
    "find_rate": "arcsine square root scale, additive over-dispersion (DerSimonian-Laird, winsorised)",
}
LIMITS = ("lower_95", "upper_95", "lower_998", "upper_998")
COMPUTED = [
    *("precision", *LIMITS, *(f"chance_{name}" for name in LIMITS), "z", "chance_z", "phi", "tau"),
    *("rank", "rank_lower", "rank_upper", "pooled_value", "pooled_lower", "pooled_upper"),
]
PEER_COLUMNS = [
    *("measure", "force", "period_from", "period_to", "ethnic_group", "compared_with"),
    *("set_forces", "measured_forces", "value", "target", *COMPUTED[:-6], "limits_method", "position"),
    *(*COMPUTED[-6:], "status", "note"),
]
TOO_FEW = f"fewer than {FEWEST_COMPARED} forces with a measured value: no limits, no ranks"
NOT_IN = "not measured: no part in limits and ranks"
ONE_SIDE = "every measured value of the set lies on one side of the pooled value"
Cells = dict[str, FloatArray]


def compare_peers(rates: pl.DataFrame, pooled: pl.DataFrame, sets: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Set each force's ratio of search rates and find rate beside those of every set it is in.

    Target: the pooled value of the set. Limits: where 95% and 99.8% of forces would lie if true values
    differed no more than those of this set do (`lower_95` ...), and if there were nothing but chance
    (`chance_lower_95` ...). Position follows the former. Rank 1 is the highest value; its interval is what
    chance could have made of it. Pooled values are estimates for forces with few searches: their own value
    drawn towards that of their like (`statistics.pooling`).

    Args:
        rates, pooled, sets: as `gather_rates`, `pool_sets` and `list_sets` give them.
        seed: of the draws behind the intervals of ranks.

    Returns:
        PEER_COLUMNS. Only measured values take part in limits and ranks, measured and small ones in pooled
        values; the others are listed with nulls. No limits with fewer than 3 measured values, no pooled
        values with fewer than 4; `note` says so.

    Source: Spiegelhalter (2005a, 2005b); Goldstein and Spiegelhalter (1996); Morris (1983).
    """
    targets = pooled.select(*SET_KEYS, "set_forces", target="value")
    rows = (
        rates.filter(pl.col("measure").is_in(list(SCALES)))
        .join(sets, on=["force", "period_from", "period_to"])
        .join(targets, on=SET_KEYS)
        .sort(*SET_KEYS, "force")
        .with_columns(measured_forces=(pl.col("status") == MEASURED).sum().over(SET_KEYS).cast(pl.Int64))
    )
    computed = rows.with_columns(
        pl.Series(name, column).fill_nan(None) for name, column in _compute(rows, seed).items()
    )
    group = pl.col("ethnic_group").cast(pl.Enum(EVERY_GROUP))
    return _state(computed).select(PEER_COLUMNS).sort("measure", "period_from", group, "compared_with", "force")


def _compute(rows: pl.DataFrame, seed: int) -> Cells:
    columns = {name: np.full(rows.height, np.nan) for name in COMPUTED}
    draws, drawn_at = _draw(rows, seed)
    for place, measure, cells, status in _list_blocks(rows):
        is_measured, has_value = status == MEASURED, np.isfinite(cells["value"])
        if is_measured.sum() >= FEWEST_COMPARED:
            part = {name: column[is_measured] for name, column in cells.items()}
            own = draws[:, drawn_at[place][is_measured].astype(int)]
            ranks = rank_values(part["value"], own, np.random.default_rng(seed))
            ranked = dict(zip(("rank", "rank_lower", "rank_upper"), ranks, strict=True))
            for name, values in (_judge(part, SCALES[measure]) | ranked).items():
                columns[name][place][is_measured] = values
        is_pooled = np.isin(status, (MEASURED, SMALL)) & has_value
        if is_pooled.sum() >= FEWEST_POOLED:
            _pool(columns, place, {name: column[is_pooled] for name, column in cells.items()}, is_pooled)
    return columns


def _list_blocks(rows: pl.DataFrame) -> Iterator[tuple[slice, str, Cells, np.ndarray]]:
    """Give each set's values of one measure, period and group, with their place in the sorted rows."""
    names = ("value", "target", "events", "exposure", "reference_events", "reference_exposure")
    whole = {name: rows[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for name in names}
    status, start = rows["status"].to_numpy(), 0
    for measure, size in rows.group_by(SET_KEYS, maintain_order=True).len().select("measure", "len").iter_rows():
        place = slice(start, start + size)
        yield place, measure, {name: column[place] for name, column in whole.items()}, status[place]
        start += size


def _judge(cells: Cells, scale: Scale) -> Cells:
    target = float(cells["target"][0])
    precision = _precision(cells)
    chance_z = score_deviations(cells["value"], precision, target, scale)
    phi, tau = measure_dispersion(chance_z, scale.variance(precision))
    results = {"precision": precision, "chance_z": chance_z, "phi": np.float64(phi), "tau": np.float64(tau)}
    results["z"] = score_deviations(cells["value"], precision, target, scale, tau)
    for start, extra in (("chance_", 0.0), ("", tau)):
        for end, z in (("95", Z_95), ("998", Z_998)):
            interval = funnel_limits(precision, target, scale, z=z, tau=extra)
            results[f"{start}lower_{end}"], results[f"{start}upper_{end}"] = interval
    return {name: np.asarray(column) for name, column in results.items()}


def _precision(cells: Cells) -> FloatArray:
    if np.isnan(cells["reference_events"]).all():
        return cells["exposure"]
    events = cells["events"] + cells["reference_events"]
    return count_effective_events(events, cells["exposure"], cells["reference_exposure"], cells["target"])


def _draw(rows: pl.DataFrame, seed: int) -> tuple[FloatArray, FloatArray]:
    """Draw every measured value once, for all the sets that it is in.

    Returns:
        The draws, a column each, and for every row its column.
    """
    keys = ["measure", "period_from", "ethnic_group", "force"]
    measured = rows.filter(status=MEASURED).unique(keys).sort(keys)
    rng = np.random.default_rng(seed)
    parts = []
    for measure in sorted(SCALES):
        first, second, third, fourth = (measured.filter(measure=measure)[name].to_numpy() for name in COUNTED)
        is_ratio = measure == SEARCH_RATE_RATIO
        parts.append(draw_ratios(first, second, third, fourth, rng) if is_ratio else draw_shares(first, second, rng))
    places = rows.join(measured.select(*keys, place=pl.int_range(pl.len())), on=keys, how="left", maintain_order="left")
    return np.concatenate(parts, axis=1), places["place"].cast(pl.Float64).fill_null(np.nan).to_numpy()


def _pool(columns: Cells, place: slice, cells: Cells, is_pooled: BoolArray) -> None:
    """Write the pooled values; those of ratios are against the searches expected at the reference group's rate."""
    if np.isnan(cells["reference_events"]).all():
        pooled = pool_shares(cells["events"], cells["exposure"])
    else:
        at_reference = cells["exposure"] * cells["reference_events"] / cells["reference_exposure"]
        pooled = pool_rates(cells["events"], at_reference)
    for name in ("value", "lower", "upper"):
        columns[f"pooled_{name}"][place][is_pooled] = getattr(pooled, name)


def _state(rows: pl.DataFrame) -> pl.DataFrame:
    """Say where each value lies, how that was judged and what to know of the row."""
    value = pl.col("value")
    places = [
        pl.when(is_beyond).then(pl.lit(f"{side}_{end}"))
        for end in ("998", "95")
        for side, is_beyond in (("below", value < pl.col(f"lower_{end}")), ("above", value > pl.col(f"upper_{end}")))
    ]
    side = pl.when(pl.col("status") == MEASURED).then((value - pl.col("target")).sign())
    one_sided = (side.abs().min() == 1).over(SET_KEYS) & (side.min() == side.max()).over(SET_KEYS)
    has_limits = pl.col("lower_95").is_not_null()
    notes = [
        pl.when(pl.col("status") != MEASURED).then(pl.lit(NOT_IN)),
        pl.when(pl.col("measured_forces") < FEWEST_COMPARED).then(pl.lit(TOO_FEW)),
        pl.when(has_limits & one_sided).then(pl.lit(ONE_SIDE)),
    ]
    return rows.with_columns(
        pl.when(has_limits).then(pl.coalesce(*places, pl.lit("within"))).alias("position"),
        pl.when(has_limits).then(pl.col("measure").replace_strict(METHODS)).alias("limits_method"),
        pl.concat_str(notes, separator="; ", ignore_nulls=True).replace("", None).alias("note"),
        pl.col("rank", "rank_lower", "rank_upper").cast(pl.Int64),
    )
