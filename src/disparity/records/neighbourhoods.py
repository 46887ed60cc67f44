"""The neighbourhood that the coordinates of a search lie in, and its local authority, without a file of the user's.

Coordinates of data.police.uk are those of map points nearby, not of the search. `docs/areas.md` says how far they tell.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

from disparity.records.area_outlines import Areas
from disparity.records.coding import KEPT
from disparity.vocabulary.neighbourhoods import (
    STEP,
    list_placed_forces,
    read_authorities,
    read_neighbourhoods,
    read_outline_steps,
)

# Metres. A map point this near to another authority says little of which of the two the search was in.
NEAR_BORDER = 50
METRES_A_DEGREE = 111_195
# Lines on which east is drawn true: a degree of longitude is narrower in the north.
MIDDLE = -2.0
PLACED = {"neighbourhood": pl.String(), "is_near_border": pl.Boolean(), "is_outside_force": pl.Boolean()}
# How a corner of the outlines' table goes on; what is neither is another part of the same neighbourhood.
NEXT, FIRST, HOLE = 0, 2, 3


@dataclass(frozen=True)
class Parts:
    """Outlines of the parts of neighbourhoods, each one piece: shape, and the neighbourhood's place in the table."""

    shapes: NDArray[Any]
    of: NDArray[np.int64]


def place_in_neighbourhoods(searches: pl.DataFrame) -> pl.DataFrame:
    """Say in which neighbourhood each kept search with coordinates lies.

    A point on a border lies in both, and gets the first by code. Searches of forces whose area is not known
    (`list_placed_forces`) are not asked.

    Args:
        searches: as `code_searches` gives them.

    Returns:
        `searches` in their order with neighbourhood (code; null: in none, or not asked), is_near_border (within 50 m of
        another local authority) and is_outside_force (in no neighbourhood of its own force), both null if not asked.

    >>> points = {"longitude": [-2.7036, 1.0, None], "latitude": [53.7575, 40.0, None]}
    >>> searches = pl.DataFrame(points).with_columns(disposition=pl.lit("kept"), force=pl.lit("lancashire"))
    >>> place_in_neighbourhoods(searches).select("neighbourhood", "is_outside_force").rows()
    [('E01025306', False), (None, True), (None, None)]
    """
    is_asked = pl.all_horizontal(
        pl.col("disposition").cast(pl.String) == KEPT,
        pl.col("force").is_in(list_placed_forces()),
        pl.col("latitude", "longitude").is_not_null(),
    )
    points = searches.lazy().filter(is_asked).select("longitude", "latitude").unique(maintain_order=True).collect()
    if points.is_empty():
        return searches.with_columns(pl.lit(None, kind).alias(name) for name, kind in PLACED.items())
    held = read_neighbourhoods()
    number = find_neighbourhoods(points.to_numpy())
    placed = points.with_columns(
        held["neighbourhood"].gather(number),
        held["force"].gather(number).alias("placed_force"),
        pl.Series("is_near_border", _are_near_border(points.to_numpy())),
    )
    joined = searches.join(placed, on=["longitude", "latitude"], how="left", maintain_order="left")
    is_outside = (pl.col("force") != pl.col("placed_force")).fill_null(True).alias("is_outside_force")
    return joined.with_columns(
        pl.when(is_asked).then(column) for column in ("neighbourhood", "is_near_border", is_outside)
    ).drop("placed_force")


def name_authorities(searches: pl.DataFrame, unless: Collection[str] = ()) -> pl.DataFrame:
    """Fill in the local authority of the neighbourhood as the area of searches whose file names no areas.

    A search outside the force is in none of its authorities: it may be a slip of the coordinates, and would be one line
    of a long list.

    Args:
        searches: as `place_in_neighbourhoods` gives them. unless: forces with areas of their own.

    Returns:
        `searches` with `area` filled; `areas_met` added, 1 where the search lies in an authority of the force, 0 where
        in none, null without coordinates; and `is_area_asked`: of forces whose area is known, but of files with areas.
    """
    forces = [force for force in list_placed_forces() if force not in unless]
    is_asked = pl.col("force").is_in(forces)
    if searches["area"].count():
        is_asked &= pl.col("area").is_null().all().over("file")
    held, names = read_neighbourhoods()["neighbourhood"], _name_authorities()["name"]
    # Of some hundred neighbourhoods that were met, each is looked up once.
    met = searches.select(pl.col("neighbourhood").unique().drop_nulls()).to_series()
    named = dict(zip(met, names.gather(held.search_sorted(met)), strict=True))
    authority = pl.col("neighbourhood").replace_strict(named, default=None, return_dtype=pl.String)
    is_inside = ~pl.col("is_outside_force")
    return searches.with_columns(
        area=pl.when(is_asked & is_inside).then(authority).otherwise("area"),
        areas_met=pl.when(is_asked).then(is_inside.cast(pl.Int64)),
        is_area_asked=is_asked,
    )


def outline_authorities(names: Collection[str]) -> Areas:
    """Give the outlines of some local authorities: those of their neighbourhoods, put together."""
    parts, number = outline_parts(), pl.Series(outline_parts().of)
    names_of_parts = _name_authorities()["name"].gather(number)
    known = sorted(set(names) & set(read_authorities()["name"]))
    shapes = [shapely.union_all(_repair(parts.shapes[(names_of_parts == name).to_numpy()])) for name in known]
    return Areas(tuple(known), np.array(shapes, dtype=object))


def _repair(shapes: NDArray[Any]) -> NDArray[Any]:
    """Repair the outlines that touch themselves, as generalised ones can."""
    return np.where(shapely.is_valid(shapes), shapes, shapely.buffer(shapes, 0))


def find_neighbourhoods(points: NDArray[np.float64]) -> pl.Series:
    """Give the place in the table of each point's neighbourhood, the first by code; null: in none.

    Args:
        points: longitude and latitude, degrees.
    """
    parts = outline_parts()
    tree = shapely.STRtree(shapely.points(points))
    # A tree of points, asked with outlines: an outline is prepared once, however many points lie near it.
    part, point = tree.query(parts.shapes, predicate="intersects")
    none = parts.of[-1] + 1
    first = np.full(len(points), none)
    np.minimum.at(first, point, parts.of[part])
    number = pl.Series(first)
    return number.set(number == none, None)


@cache
def outline_parts() -> Parts:
    """Give the outlines of every neighbourhood (WGS84 degrees, longitude first), in the order of the codes.

    Some touch themselves, as generalised outlines do: whether a point lies in one is clear all the same.
    """
    steps, inside = read_outline_steps(), read_neighbourhoods().select("longitude", "latitude").to_numpy()
    starts = steps["starts"].to_numpy()
    corners = steps.select("east", "north").to_numpy().astype(np.int64)
    is_first = starts != NEXT
    ring, kind = np.cumsum(is_first) - 1, starts[is_first]
    neighbourhood = np.cumsum(kind == FIRST) - 1
    total = corners.cumsum(axis=0)
    # A ring begins anew: what the corners before it add up to is taken off.
    origin = np.round(inside / STEP).astype(np.int64)[neighbourhood] - (total - corners)[is_first]
    degrees = np.round((total + origin[ring]) * STEP, 4)
    part = np.cumsum(kind != HOLE) - 1
    rings = shapely.linearrings(degrees, indices=ring)
    return Parts(shapely.polygons(rings, indices=part), neighbourhood[kind != HOLE])


def _are_near_border(points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say of each point whether parts of two authorities lie within NEAR_BORDER."""
    shapes, authority = _flatten_borders()
    tree = shapely.STRtree(shapely.points(_flatten(points)))
    part, point = tree.query(shapes, predicate="dwithin", distance=NEAR_BORDER)
    lowest, highest = np.full(len(points), authority.max() + 1), np.full(len(points), -1)
    np.minimum.at(lowest, point, authority[part])
    np.maximum.at(highest, point, authority[part])
    return np.asarray(lowest < highest)


@cache
def _flatten_borders() -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Give the parts of neighbourhoods at a border, in metres, with the number of their authority."""
    parts, held = outline_parts(), read_neighbourhoods()
    chosen = held["is_at_border"].to_numpy()[parts.of]
    authority = held["authority"].rank("dense").cast(pl.Int64).to_numpy()[parts.of]
    return np.asarray(shapely.transform(parts.shapes[chosen], _flatten)), authority[chosen]


def _flatten(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give metres north, and east of MIDDLE along the parallel: distances within some per cent."""
    longitude, latitude = degrees[:, 0], degrees[:, 1]
    east = (longitude - MIDDLE) * np.cos(np.radians(latitude))
    return np.column_stack([east, latitude]) * METRES_A_DEGREE


@cache
def _name_authorities() -> pl.DataFrame:
    """Give each neighbourhood with the name of its authority."""
    named = read_neighbourhoods().join(read_authorities(), on="authority", maintain_order="left")
    return named.select("neighbourhood", "name")
