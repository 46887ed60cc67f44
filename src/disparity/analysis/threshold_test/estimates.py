"""Thresholds by ethnic group with their credible intervals, and whether model, priors and sampler can be trusted."""

from typing import NamedTuple

import numpy as np
import polars as pl

from disparity.analysis.threshold_test.checks import Fit, check_fit
from disparity.analysis.threshold_test.model import (
    PUBLISHED,
    WIDER,
    FloatArray,
    Model,
    Stops,
    cells_of,
    lay_out,
    threshold_chances,
)
from disparity.analysis.threshold_test.sampling import Draws, Effort, draw_points
from disparity.analysis.threshold_test.table import list_groups, number_cells
from disparity.statistics.convergence import effective_draws, rank_r_hat
from disparity.vocabulary.codes import ALL, REFERENCE_GROUP
from disparity.vocabulary.errors import DataError

RESULT_COLUMNS = {
    **{"quantity": pl.String(), "area": pl.String(), "ethnic_group": pl.String()},
    **{"value": pl.Float64(), "lower": pl.Float64(), "upper": pl.Float64()},
    **{"wider_value": pl.Float64(), "wider_lower": pl.Float64(), "wider_upper": pl.Float64()},
    **{"observed": pl.Float64(), "predictive_p": pl.Float64()},
    **{"r_hat": pl.Float64(), "effective_draws": pl.Float64()},
    **{"verdict": pl.String(), "note": pl.String()},
}
THRESHOLD, DIFFERENCE = "threshold", "threshold_difference"
LOWER, HIGHER, INCONCLUSIVE = "lower threshold", "higher threshold", "inconclusive"
USUAL = Effort(chains=8, warm_up=700, draws=1_000)
# Vehtari et al. (2021): beyond these the draws do not yet answer. A draw that diverges says that part of the posterior
# was not reached.
MOST_R_HAT, FEWEST_EFFECTIVE, MOST_DIVERGENT = 1.01, 400, 0
TAILS = (0.025, 0.975)
# Beyond these the counts are not such as the model makes.
PREDICTED = (0.05, 0.95)


class State(NamedTuple):
    """How far the draws have settled."""

    r_hat: float
    effective_draws: float
    divergences: int


class Settled(NamedTuple):
    """Draws under one set of priors: points; by chain, draw and group, thresholds and their differences."""

    points: FloatArray
    groups: FloatArray
    differences: FloatArray
    state: State


def estimate_thresholds(table: pl.DataFrame, effort: Effort = USUAL, *, seed: int) -> pl.DataFrame:
    """Estimate at what chance of a find officers search people of each group.

    threshold of a group = mean over areas, weighted by all stops of the area, of
        phi n(t - delta) / (phi n(t - delta) + (1 - phi) n(t))

    A lower threshold for a group than for White people means that, under the model, its members are searched on
    less evidence. `model` says what is supposed. All is drawn twice: under the published priors, and with every
    standard deviation of them doubled (`wider_...`; null where the sampler does not settle on that).

    Args:
        table: area, ethnic_group, stops, searches, finds.

    Returns:
        RESULT_COLUMNS: `threshold` (0 to 1) and `threshold_difference` (neutral value 0) with 95% credible
        intervals, `r_hat` and `effective_draws`; `search_rate` and `find_rate` of each cell as the model predicts
        them, and as observed; of all cells `search_rate_error` and `find_rate_error`, the root mean square of
        predicted less observed, weighted by stops or searches, and how often counts drawn from the model are
        further from it than those observed (`predictive_p`). `verdict` of a difference: lower or higher threshold
        where both intervals leave out 0 on the same side and both `predictive_p` are within 0.05 and 0.95; else
        inconclusive, `note` says why. Null: no searches to have a find rate of.

    Raises:
        DataError: the sampler did not settle, so nothing is known.

    Source: Simoiu, Corbett-Davies and Goel (2017); Pierson, Corbett-Davies and Goel (2018).
    """
    stops, groups = number_cells(table), list_groups(table)
    reference = groups.index(REFERENCE_GROUP)
    usual = _settle(lay_out(stops, PUBLISHED), reference, effort, seed)
    refuse_unsettled(usual.state)
    wider = _settle(lay_out(stops, WIDER), reference, effort, seed)
    points = usual.points.reshape(-1, usual.points.shape[-1])
    fit = check_fit(table, stops, cells_of(points, lay_out(stops, PUBLISHED)), seed=seed)
    rows = [_row(THRESHOLD, group, usual.groups[..., place]) for place, group in enumerate(groups)]
    rows += [
        _row(DIFFERENCE, group, usual.differences[..., place])
        for place, group in enumerate(groups)
        if place != reference
    ]
    if is_settled(wider.state):
        drawn = [
            *np.moveaxis(wider.groups, -1, 0),
            *np.delete(np.moveaxis(wider.differences, -1, 0), reference, axis=0),
        ]
        rows = [row | _interval("wider_", draws) for row, draws in zip(rows, drawn, strict=True)]
    summaries = pl.DataFrame([_judge(row, fit) for row in rows], infer_schema_length=None)
    found = pl.concat([summaries, fit.rows], how="diagonal")
    return found.select(
        pl.col(name).cast(kind) if name in found.columns else pl.lit(None, kind).alias(name)
        for name, kind in RESULT_COLUMNS.items()
    )


def _settle(model: Model, reference: int, effort: Effort, seed: int) -> Settled:
    draws = draw_points(model, effort, seed=seed)
    groups = weigh_groups(threshold_chances(cells_of(draws.points, model)), model.stops)
    differences = groups - groups[..., [reference]]
    summaries = np.concatenate([groups, np.delete(differences, reference, axis=-1)], axis=-1)
    return Settled(draws.points, groups, differences, measure_state(draws, summaries))


def weigh_groups(chances: FloatArray, stops: Stops) -> FloatArray:
    """Mean over areas, by chain, draw and group: every group with the same weights, those of all stops."""
    of_area = np.bincount(stops.area, stops.stops)[stops.area]
    of_group = (stops.group[:, None] == np.arange(stops.group.max() + 1)) * of_area[:, None]
    return np.asarray(chances @ (of_group / of_group.sum(axis=0)))


def measure_state(draws: Draws, summaries: FloatArray) -> State:
    """Give the largest R-hat of anything, the fewest effective draws of what is reported, and how many diverged."""
    every = np.concatenate([draws.points, summaries], axis=-1)
    return State(
        max(rank_r_hat(every[..., place]) for place in range(every.shape[-1])),
        min(effective_draws(summaries[..., place]) for place in range(summaries.shape[-1])),
        draws.divergences,
    )


def is_settled(state: State) -> bool:
    """Say whether chains agree, say enough of what is reported, and could follow the density."""
    return (
        state.r_hat <= MOST_R_HAT and state.effective_draws >= FEWEST_EFFECTIVE and state.divergences <= MOST_DIVERGENT
    )


def refuse_unsettled(state: State) -> None:
    """Refuse to report anything of draws that have not settled."""
    if is_settled(state):
        return
    raise DataError(
        "the sampler did not settle, so no threshold is reported",
        found=f"R-hat up to {state.r_hat:.3f}, {state.effective_draws:.0f} effective draws of a threshold, "
        f"{state.divergences} draws that diverged",
        what_now="join areas or groups with few searches; try another seed only to see if it was chance",
    )


def _row(quantity: str, group: str, draws: FloatArray) -> dict[str, object]:
    return {
        **{"quantity": quantity, "area": ALL, "ethnic_group": group},
        **_interval("", draws),
        **{"r_hat": rank_r_hat(draws), "effective_draws": effective_draws(draws)},
    }


def _interval(prefix: str, draws: FloatArray) -> dict[str, float]:
    lower, upper = np.quantile(draws, TAILS)
    return {f"{prefix}value": float(draws.mean()), f"{prefix}lower": float(lower), f"{prefix}upper": float(upper)}


def _judge(row: dict[str, object], fit: Fit) -> dict[str, object]:
    """Say lower or higher only where priors twice as wide say it too, and the counts are such as the model makes."""
    if row["quantity"] != DIFFERENCE:
        return row
    side = _side(row, "")
    if not side:
        note = "the interval holds 0"
    elif not all(PREDICTED[0] <= p <= PREDICTED[1] for p in fit.predictive):
        note = "the counts are not such as the model makes"
    elif "wider_lower" not in row:
        note = "with priors twice as wide the counts settle nothing"
    elif _side(row, "wider_") != side:
        note = "with priors twice as wide the interval holds 0, or lies on the other side"
    else:
        return row | {"verdict": LOWER if side < 0 else HIGHER}
    return row | {"verdict": INCONCLUSIVE, "note": note}


def _side(row: dict[str, object], prefix: str) -> int:
    """-1 and 1 for intervals below and above 0, else 0."""
    lower, upper = (float(str(row[f"{prefix}{end}"])) for end in ("lower", "upper"))
    return int(lower > 0) - int(upper < 0)
