"""Areas of a force, from the coordinates of its searches: which area's outline each search lies in.

Coordinates of data.police.uk are those of map points nearby, not of the search: near a border, a search can be placed
in the neighbouring area. `docs/areas.md` says what that does to the figures.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray
from shapely.errors import ShapelyError

from disparity.project.areas import AreaSettings
from disparity.project.declarations import suggest
from disparity.records.coding import KEPT, UK_LATITUDES, UK_LONGITUDES
from disparity.vocabulary.errors import RequestError
from disparity.vocabulary.json_text import read_json
from disparity.vocabulary.user_text import UnreadableTextError, read_user_text

SURFACES = ("Polygon", "MultiPolygon")
# Names of WGS84 in the "crs" member of older files; the standard of today (RFC 7946) has no other.
WGS84 = ("CRS84", "4326", "4979")
# Bytes; outlines of every authority in full detail, as the ONS publishes them, are half of it.
MOST_OUTLINES = 300_000_000
# Outlines that were simplified can touch themselves: they are repaired where that leaves them as they are.
MOST_REPAIRED = 0.001
# How many points of a picture an outline is drawn in, at its wider side.
PICTURE = 420
IN_DEGREES = "export it again in WGS84 (EPSG:4326), longitude before latitude: docs/areas.md"


@dataclass(frozen=True)
class Areas:
    """Outlines in the order of their names (WGS84 degrees, longitude first)."""

    names: tuple[str, ...]
    shapes: NDArray[Any]


@dataclass(frozen=True)
class Outline:
    """An area as a map draws it: a GeoJSON geometry, and where its name is drawn (longitude, latitude)."""

    geometry: dict[str, Any]
    label_at: tuple[float, float]


def read_areas(settings: AreaSettings) -> Areas:
    """Read the outlines of a project's areas; once for each version of the file.

    Raises:
        RequestError: there is no such file, it is no GeoJSON of outlines in degrees, a name is missing or is there
            twice, or an outline cannot be used.
    """
    try:
        facts = settings.file.stat()
    except OSError as error:
        raise RequestError(
            "the file of areas cannot be read",
            where=str(settings.file),
            found=error.strerror or "",
            what_now="check `file` under [areas] in the project file",
            code="E129",
        ) from None
    return _read_version(settings.file, settings.name, (facts.st_mtime_ns, facts.st_size))


# A build reads records in many batches, and the outlines of a country take seconds to read.
@lru_cache(maxsize=1)
def _read_version(path: Path, name: str, _version: tuple[int, int]) -> Areas:
    features = _read_features(path)
    names = _list_names(features, name, path)
    shapes = [_shape(feature, label, path) for feature, label in zip(features, names, strict=True)]
    order = sorted(range(len(names)), key=names.__getitem__)
    areas = Areas(tuple(names[place] for place in order), np.array([shapes[place] for place in order], dtype=object))
    _refuse_elsewhere(areas, path)
    return areas


def hash_areas(areas: Areas) -> str:
    """SHA-256 of names and outlines: where a search is placed depends on nothing else."""
    return hashlib.sha256("\n".join(areas.names).encode() + b"".join(shapely.to_wkb(areas.shapes))).hexdigest()


def place_searches(searches: pl.DataFrame, areas: Areas) -> pl.DataFrame:
    """Fill in the area of kept searches that name none, by their coordinates.

    A point on a border lies in both areas; one that lies in several gets the first of them by name.

    Args:
        searches: as `code_searches` gives them.

    Returns:
        `searches` in their order, with `area` filled and `areas_met` added: how many areas hold the coordinates, null
        for a search that was not placed by them (it names its own area, has no coordinates, or is not kept).

    >>> dale = Areas(("Dale",), np.array([shapely.box(-3, 53, -2, 54)]))
    >>> points = {"longitude": [-2.5, 1.0, None], "latitude": [53.5, 53.5, None]}
    >>> searches = pl.DataFrame(points).with_columns(disposition=pl.lit("kept"), area=pl.lit(None, pl.String))
    >>> place_searches(searches, dale).select("area", "areas_met").rows()
    [('Dale', 1), (None, 0), (None, None)]
    """
    is_asked = pl.all_horizontal(
        pl.col("disposition").cast(pl.String) == KEPT,
        pl.col("area").is_null(),
        pl.col("latitude", "longitude").is_not_null(),
    )
    points = searches.filter(is_asked).select("longitude", "latitude").unique(maintain_order=True)
    placed = searches.join(_place(points, areas), on=["longitude", "latitude"], how="left", maintain_order="left")
    return placed.with_columns(
        pl.when(is_asked).then("placed_area").otherwise("area").alias("area"),
        pl.when(is_asked).then("areas_met").alias("areas_met"),
    ).drop("placed_area")


def draw_outlines(areas: Areas, names: Collection[str]) -> dict[str, Outline]:
    """Simplify the outlines of some areas together to what a small map can show; neighbours keep one border.

    Returns:
        Outlines by name, in the order of names.
    """
    chosen = [place for place, name in enumerate(areas.names) if name in names]
    if not chosen:
        return {}
    shapes = areas.shapes[chosen]
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    finest = max(east - west, north - south) / PICTURE
    simple = shapely.set_precision(shapely.coverage_simplify(shapes, finest), finest / 10)
    # An area smaller than a point of the picture stays as it is.
    simple = np.where(shapely.is_empty(simple), shapes, simple)
    # On a sphere an outline that turns the other way encloses the rest of the world.
    drawn = shapely.orient_polygons(simple, exterior_cw=True)
    at = [shapely.point_on_surface(shape) for shape in drawn]
    return {
        areas.names[place]: Outline(json.loads(shapely.to_geojson(shape)), (point.x, point.y))
        for place, shape, point in zip(chosen, drawn, at, strict=True)
    }


def refuse_misspelt(areas: Areas, residents: pl.DataFrame, named: pl.DataFrame) -> None:
    """Refuse residents of areas that are neither outlined nor named by a record: their rate would read as nought.

    Args:
        residents: force, area. named: force, area of searches.

    Raises:
        RequestError: there are such areas.
    """
    of_forces = residents.join(named.select("force").unique(), on="force", how="semi").select("force", "area").unique()
    lived_in = named.select("force", "area").drop_nulls().unique()
    unknown = of_forces.join(lived_in, on=["force", "area"], how="anti").filter(~pl.col("area").is_in(areas.names))
    if unknown.height:
        listed = unknown.sort("force", "area").head(5)
        near = [f"{area!r} of {force}{suggest(area, list(areas.names))}" for force, area in listed.iter_rows()]
        raise RequestError(
            "the population file has residents of an area that no search can be placed in",
            where="[areas] of the project file",
            found=", ".join(near),
            what_now="spell the areas alike in both files: boundaries and census may be of different years",
            code="E151",
        )


def _place(points: pl.DataFrame, areas: Areas) -> pl.DataFrame:
    """Give each point its first area by name, and how many it lies in: longitude, latitude, placed_area, areas_met."""
    tree = shapely.STRtree(shapely.points(points.to_numpy()))
    # A tree of points, asked with outlines: an outline is prepared once, however many points lie near it.
    area, point = tree.query(areas.shapes, predicate="intersects")
    first = np.full(points.height, len(areas.names))
    np.minimum.at(first, point, area)
    met = np.bincount(point, minlength=points.height)
    names = pl.Series([*areas.names, None], dtype=pl.String)
    return points.with_columns(names.gather(first).alias("placed_area"), pl.Series("areas_met", met, dtype=pl.Int64))


def _read_features(path: Path) -> list[dict[str, Any]]:
    try:
        content = read_json(read_user_text(path), most=MOST_OUTLINES)
    except UnreadableTextError as error:
        _refuse("the file of areas is not GeoJSON", path, str(error), "export it as GeoJSON: docs/areas.md")
    except (ValueError, OSError):
        _refuse("the file of areas is not GeoJSON", path, "no well-formed JSON", "export it as GeoJSON: docs/areas.md")
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features) or not features:
        _refuse("the file of areas is not GeoJSON", path, "no FeatureCollection with a feature", "export it as GeoJSON")
    declared = content.get("crs")
    if declared is not None and not any(name in json.dumps(declared) for name in WGS84):
        _refuse("the areas are not in degrees", path, f"crs {json.dumps(declared)[:80]}", IN_DEGREES)
    return features


def _list_names(features: list[dict[str, Any]], name: str, path: Path) -> list[str]:
    held = [feature.get("properties") for feature in features]
    properties = [each if isinstance(each, dict) else {} for each in held]
    if not any(name in each for each in properties):
        found = ", ".join(sorted({key for each in properties for key in each})[:10]) or "no property"
        _refuse(f"no area has the property {name!r}", path, found, "name one of these as `name` under [areas]")
    names = [str(each.get(name) if each.get(name) is not None else "").strip() for each in properties]
    if nameless := names.count(""):
        _refuse("an area has no name", path, f"{nameless} without {name!r}", "name each of them, or leave it out")
    if any(not each.isprintable() for each in names):
        _refuse("the name of an area cannot be printed", path, "a control character", "name it in plain letters")
    if twice := sorted({each for each in names if names.count(each) > 1}):
        what_now = "join its parts to one MultiPolygon, or choose a property that distinguishes them"
        _refuse("two areas have one name", path, ", ".join(twice[:5]), what_now)
    return names


def _shape(feature: dict[str, Any], name: str, path: Path) -> Any:
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in SURFACES:
        _refuse(f"area {name!r} has no outline", path, f"a {kind}", "give each area a Polygon or a MultiPolygon")
    try:
        shape = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
    except (ShapelyError, ValueError):
        _refuse(f"the outline of area {name!r} cannot be read", path, f"a broken {kind}", "export the file again")
    if shape.is_empty or not np.isfinite(shape.bounds).all():
        _refuse(f"area {name!r} has no outline", path, f"an empty {kind}", "leave the area out, or give its outline")
    return shape if shape.is_valid else _repair(shape, name, path)


def _repair(shape: Any, name: str, path: Path) -> Any:
    """Repair an outline that touches itself, as simplified ones do; one that crosses itself encloses no one area."""
    repaired = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    left = repaired.symmetric_difference(shapely.make_valid(shape)).area
    if repaired.is_empty or max(left, abs(repaired.area - shape.area)) > MOST_REPAIRED * repaired.area:
        reason = shapely.is_valid_reason(shape)
        _refuse(f"the outline of area {name!r} crosses itself", path, reason, "repair it in your mapping program")
    return repaired


def _refuse_elsewhere(areas: Areas, path: Path) -> None:
    """Refuse metres, latitude before longitude, and another country: no search could be placed."""
    west, south, east, north = shapely.total_bounds(areas.shapes).tolist()
    found = f"from {west:.6g}, {south:.6g} to {east:.6g}, {north:.6g}"
    if west < -180 or east > 180 or south < -90 or north > 90:
        _refuse("the areas are not in degrees", path, f"{found}: metres, as of the National Grid?", IN_DEGREES)
    is_near = (
        west < UK_LONGITUDES[1] and east > UK_LONGITUDES[0] and south < UK_LATITUDES[1] and north > UK_LATITUDES[0]
    )
    if not is_near:
        _refuse("no area is in the United Kingdom", path, f"{found}: latitude first?", IN_DEGREES)


def _refuse(what: str, path: Path, found: str, what_now: str) -> NoReturn:
    raise RequestError(what, where=path.name, found=found, what_now=what_now, code="E151")
