"""Multiple imputation of unknown ethnicity, on counts."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from disparity.analysis.reasons.filling import COUNTED_BY, FILLED_COUNTS, OF_GROUP, SPANS, UNKNOWN
from disparity.statistics.intervals import FloatArray
from disparity.vocabulary.codes import ALL, DRUG_TYPES, ETHNIC_GROUPS, SELF_DEFINED

# About as many as the percentage of information that is missing (White, Royston and Wood, 2011): over the eight
# forces and two years at hand it is 17 in the middle, 30 for the ratio of a group of some size, 62 at most.
IMPUTATIONS = 50
# Each level splits the one before; its weight is how many searches the wider cell counts as in the narrower.
# With 2 for officer-defined groups and some 200 for types and quarters, the known ethnicity of each search of
# eight forces in 2019-21 is predicted best from all the others. The outcome's weight is held below its best: a
# heavy one would share those arrested out like those who were not, the very fault to be corrected. So is that of
# the clothing removed.
LEVELS = (
    (("informant_group",), 2),
    (("outcome_kind", "find_status"), 20),
    (("is_clothing_removed",), 20),
    (("search_type",), 200),
    (("quarter",), 200),
)
# Jeffreys' prior of the shares within the force and period.
JEFFREYS = 0.5
PLACE = [*SPANS, "is_informed", "search_type", "ethnic_group"]


class Draws(NamedTuple):
    """What was imputed. `places`: PLACE. `counted`: FILLED_COUNTS and OF_GROUP, each imputations x places."""

    places: pl.DataFrame
    counted: dict[str, FloatArray]

    def line_up(self, rows: pl.DataFrame, count: str) -> FloatArray:
        """Give a count by imputation and row, NaN where nothing was imputed.

        Args:
            rows: PLACE; its order is that of the array.
        """
        places = self.places.with_row_index("place")
        place = rows.select(PLACE).join(places, on=PLACE, how="left", maintain_order="left")["place"]
        counted = np.hstack([self.counted[count], np.full((IMPUTATIONS, 1), np.nan)])
        return np.asarray(counted[:, place.fill_null(places.height).to_numpy()])


def impute(cells: pl.DataFrame, doubts: pl.DataFrame, *, seed: int) -> Draws:
    """Fill in unknown self-defined ethnicity IMPUTATIONS times, each as it could have been.

    In each cell of officer-defined group, outcome, clothing removed, type of search and quarter the shares of the
    groups are drawn from a Dirichlet distribution, known + weight x shares of the wider cell (those drawn first, from
    the force and period down); then the unknown searches are drawn from a multinomial distribution with these shares.
    A blank officer-defined group tells nothing: such a search is filled in from all searches, whatever officers saw.
    Where officers are doubted for a group, all searches are filled in so, for that group (`is_informed` is false).
    Each force and period has random numbers of its own, so no other force changes its figures.

    Args:
        cells: as `lay_out` gives them; any other blank trait is a trait.
        doubts: as `doubt_informants` gives them.

    Source: Rubin (1987), 5.3; Little and Rubin (2019), 10.
    """
    asked = doubts.filter(ethnicity_basis=SELF_DEFINED)
    ways = asked.select(*SPANS, is_informed=pl.col("doubt").is_null()).unique().sort(*SPANS, "is_informed")
    parts = cells.filter(ethnicity_basis=SELF_DEFINED).partition_by(SPANS, as_dict=True)
    tables, drawn = [pl.DataFrame(schema=_place_schema(cells))], []
    for *span, is_informed in ways.iter_rows():
        part = parts.get(tuple(span))
        if part is None:
            continue
        types = [*sorted(part["search_type"].unique()), "drugs", ALL]
        random = _start(span, seed, is_informed=is_informed)
        drawn.append(_impute_period(part, types, random, is_informed=is_informed))
        place = {"search_type": np.repeat(types, len(ETHNIC_GROUPS)), "ethnic_group": list(ETHNIC_GROUPS) * len(types)}
        tables.append(
            pl.DataFrame(place).select(
                *(pl.lit(value).alias(name) for name, value in zip(SPANS, span, strict=True)),
                pl.lit(is_informed).alias("is_informed"),
                *place,
            )
        )
    nothing = np.zeros((len(FILLED_COUNTS) + 1, IMPUTATIONS, 0))
    counted = np.concatenate([nothing, *drawn], axis=-1)
    return Draws(pl.concat(tables), dict(zip((*FILLED_COUNTS, OF_GROUP), counted, strict=True)))


def _place_schema(cells: pl.DataFrame) -> dict[str, pl.DataType]:
    own = {"is_informed": pl.Boolean(), "ethnic_group": pl.String()}
    return {name: own.get(name) or cells.schema[name] for name in PLACE}


def _start(span: list[Any], seed: int, *, is_informed: bool) -> np.random.Generator:
    force, first, last = span
    return np.random.default_rng([seed, first.toordinal(), last.toordinal(), int(is_informed), *str(force).encode()])


def _impute_period(
    cells: pl.DataFrame, types: list[str], random: np.random.Generator, *, is_informed: bool
) -> FloatArray:
    """Give FILLED_COUNTS and OF_GROUP by imputation and place: each of `types`, each group."""
    known = _count_up(cells, types, cells.select(ETHNIC_GROUPS).to_numpy()[None])
    filled = np.repeat(known, IMPUTATIONS, axis=1)
    for leaves in _lay_out_leaves(cells, is_informed=is_informed):
        is_unknown = (leaves[UNKNOWN] > 0).to_numpy()
        shares = _draw_shares(leaves, is_unknown, cells.select(ETHNIC_GROUPS).to_numpy().sum(0), random)
        unknown = leaves.filter(is_unknown)
        filled += _count_up(unknown, types, random.multinomial(unknown[UNKNOWN].to_numpy(), shares))
    return filled.reshape(len(filled), IMPUTATIONS, -1)


def _lay_out_leaves(cells: pl.DataFrame, *, is_informed: bool) -> list[pl.DataFrame]:
    """Lay out the cells of the last level: of searches that the informant tells of, and of those that it does not."""
    traits = [trait for keys, _ in LEVELS for trait in keys]
    counted = pl.col(*ETHNIC_GROUPS, UNKNOWN).sum()
    is_told = pl.col("informant_group").is_not_null() & is_informed
    told = cells.filter(is_told).group_by(traits).agg(counted)
    untold = (
        cells.with_columns(
            pl.lit(None, pl.String).alias("informant_group"), pl.when(~is_told).then(UNKNOWN).alias(UNKNOWN)
        )
        .group_by(traits)
        .agg(counted)
    )
    return [leaves.sort(traits, nulls_last=True) for leaves in (told, untold) if leaves[UNKNOWN].sum()]


def _draw_shares(
    leaves: pl.DataFrame, is_wanted: npt.NDArray[np.bool_], total: npt.NDArray[np.int64], random: np.random.Generator
) -> FloatArray:
    """Draw the shares of the groups, imputation x wanted leaf x group, from the whole down to the leaves."""
    known = leaves.select(ETHNIC_GROUPS).to_numpy()
    shares = _draw_dirichlet(np.full((IMPUTATIONS, 1, len(ETHNIC_GROUPS)), JEFFREYS) + total, random)
    wider = np.zeros(int(is_wanted.sum()), np.int64)
    traits: list[str] = []
    for keys, weight in LEVELS:
        traits += keys
        cell = leaves.select(pl.struct(traits).rle_id()).to_series().to_numpy().astype(np.int64)
        sums = np.add.reduceat(known, np.flatnonzero(np.diff(cell, prepend=-1)))
        drawn, first, place = np.unique(cell[is_wanted], return_index=True, return_inverse=True)
        shares = _draw_dirichlet(sums[drawn] + weight * shares[:, wider[first]], random)
        wider = place
    return shares[:, wider]


def _draw_dirichlet(weights: FloatArray, random: np.random.Generator) -> FloatArray:
    drawn = random.standard_gamma(weights)
    return np.asarray(drawn / drawn.sum(axis=-1, keepdims=True))


def _count_up(cells: pl.DataFrame, types: list[str], searches: npt.NDArray[np.int64]) -> FloatArray:
    """Count searches (imputation x cell x group) up to FILLED_COUNTS and OF_GROUP by imputation, type and group."""
    alike = cells.select(sorted({trait for result in COUNTED_BY for trait in result})).with_row_index("cell")
    kinds = alike.group_by(pl.exclude("cell"), maintain_order=True).agg("cell")
    order = kinds["cell"].explode().to_numpy()
    starts = np.cumsum([0, *kinds["cell"].list.len()])[:-1]
    sums = np.add.reduceat(searches[:, order], starts, axis=1).astype(np.float64)
    met = [
        condition.fill_null(False).alias(name) for counted in COUNTED_BY.values() for name, condition in counted.items()
    ]
    is_counted = kinds.select(pl.lit(True).alias("all"), *met).drop("all").to_numpy()
    kind = kinds["search_type"].to_numpy()
    is_of = np.stack([_is_of_type(kind, name) for name in types])
    weights = (is_counted.T[:, None] & is_of[None]).astype(np.float64)
    counted = np.einsum("ctk,dkg->cdtg", weights, sums, optimize=True)
    of_group = np.broadcast_to(counted[:1, :, -1:], (1, *counted.shape[1:]))
    return np.concatenate([counted, of_group])


def _is_of_type(kind: npt.NDArray[np.object_], name: str) -> npt.NDArray[np.bool_]:
    if name == ALL:
        return np.ones(kind.shape, dtype=bool)
    return np.isin(kind, DRUG_TYPES if name == "drugs" else [name])
