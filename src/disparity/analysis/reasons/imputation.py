"""Multiple imputation of unknown ethnicity, on counts."""

import numpy as np
import numpy.typing as npt
import polars as pl

from disparity.analysis.reasons.filling import FILLED_COUNTS, SPANS, UNKNOWN
from disparity.statistics.intervals import FloatArray
from disparity.vocabulary.codes import ETHNIC_GROUPS, REFERENCE_GROUP

# About as many as the percentage of information that is missing (White, Royston and Wood, 2011): over the eight
# forces and two years at hand it is 17 in the middle, 30 for the ratio of a group of some size, 62 at most.
IMPUTATIONS = 50
# Each level splits the one before; its weight is how many searches the wider cell counts as in the narrower.
# With 2 for officer-defined groups and some 200 for types and quarters, the known ethnicity of each search of
# eight forces in 2019-21 is predicted best from all the others. The outcome's weight is held below its best: a
# heavy one would share those arrested out like those who were not, the very fault to be corrected.
LEVELS = (
    (("officer_defined_group",), 2),
    (("outcome_kind", "find_status"), 20),
    (("search_type",), 200),
    (("quarter",), 200),
)
# Jeffreys' prior of the shares within the force and period.
JEFFREYS = 0.5


def impute(cells: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Fill in unknown ethnicity IMPUTATIONS times, each as it could have been.

    In each cell of officer-defined group, outcome, type of search and quarter the shares of the groups are
    drawn from a Dirichlet distribution, known + weight x shares of the wider cell (those drawn first, from the
    force and period down); then the unknown searches are drawn from a multinomial distribution with these shares.
    Each force and period has random numbers of its own, so no other force changes its figures.

    Args:
        cells: as `lay_out` gives them; a blank trait is a trait.

    Returns:
        SPANS, draw (0 and up), ethnic_group and FILLED_COUNTS, whole.

    Source: Rubin (1987), 5.3; Little and Rubin (2019), 10.
    """
    traits = [trait for keys, _ in LEVELS for trait in keys]
    keys = [*SPANS, *traits]
    merged = cells.group_by(keys).agg(pl.col(*ETHNIC_GROUPS, UNKNOWN).sum()).sort(keys, nulls_last=True)
    parts = [
        _tabulate_draws(part, _impute_period(part, _start(part, seed)))
        for part in merged.partition_by(SPANS, maintain_order=True)
    ]
    nothing = _tabulate_draws(merged.clear(), np.zeros((0, len(ETHNIC_GROUPS), len(FILLED_COUNTS)), np.int64))
    return pl.concat([nothing, *parts])


def line_up_draws(pairs: pl.DataFrame, draws: pl.DataFrame, column: str) -> npt.NDArray[np.int64]:
    """Give one of FILLED_COUNTS by imputation, pair (in their order) and side: the group, the reference group."""
    wide = draws.pivot("draw", index=[*SPANS, "ethnic_group"], values=column, sort_columns=False)
    keys = [*SPANS, "ethnic_group"]
    reference = pairs.with_columns(ethnic_group=pl.lit(REFERENCE_GROUP))
    sides = [
        side.select(keys).join(wide, on=keys, how="left", maintain_order="left").drop(keys).to_numpy()
        for side in (pairs, reference)
    ]
    return np.stack(sides, axis=-1).transpose(1, 0, 2)


def _start(cells: pl.DataFrame, seed: int) -> np.random.Generator:
    force, first, last = cells.select(SPANS).row(0)
    return np.random.default_rng([seed, first.toordinal(), last.toordinal(), *force.encode()])


def _impute_period(cells: pl.DataFrame, random: np.random.Generator) -> npt.NDArray[np.int64]:
    """Give FILLED_COUNTS of each imputation and group."""
    known = cells.select(ETHNIC_GROUPS).to_numpy()
    filled = known + random.multinomial(cells[UNKNOWN].to_numpy(), _draw_shares(cells, known, random))
    status = cells["find_status"]
    is_found, has_result = (status == "found").to_numpy(), status.is_in(["found", "not_found"]).to_numpy()
    return np.stack([filled.sum(1), filled[:, is_found].sum(1), filled[:, has_result].sum(1)], axis=-1)


def _draw_shares(cells: pl.DataFrame, known: npt.NDArray[np.int64], random: np.random.Generator) -> FloatArray:
    """Draw the shares of the groups, imputation x cell x group, from the whole down to the cells."""
    prior = np.full((IMPUTATIONS, 1, len(ETHNIC_GROUPS)), JEFFREYS)
    shares = _draw_dirichlet(known.sum(0) + prior, random)
    wider = np.zeros(cells.height, np.int64)
    traits: list[str] = []
    for keys, weight in LEVELS:
        traits += keys
        cell = cells.select(pl.struct(traits).rle_id()).to_series().to_numpy().astype(np.int64)
        starts = np.flatnonzero(np.diff(cell, prepend=-1))
        shares = _draw_dirichlet(np.add.reduceat(known, starts) + weight * shares[:, wider[starts]], random)
        wider = cell
    return shares


def _draw_dirichlet(weights: FloatArray, random: np.random.Generator) -> FloatArray:
    drawn = random.standard_gamma(weights)
    return np.asarray(drawn / drawn.sum(axis=-1, keepdims=True))


def _tabulate_draws(cells: pl.DataFrame, counted: npt.NDArray[np.int64]) -> pl.DataFrame:
    """Give the imputations of the one force and period of `cells` as rows."""
    draws, groups, _ = counted.shape
    rows = pl.DataFrame(
        {
            "draw": np.repeat(np.arange(draws), groups),
            "ethnic_group": pl.Series(list(ETHNIC_GROUPS) * draws, dtype=pl.String),
            **{name: counted[..., place].ravel() for place, name in enumerate(FILLED_COUNTS)},
        }
    )
    return cells.select(SPANS).unique().join(rows, how="cross", maintain_order="left_right")
