"""Outlines of police force areas as paths, for the map that the script of a page draws."""

import itertools
import math
from collections.abc import Iterable, Iterator
from typing import Any

from disparity.site.charts.places import read_areas
from disparity.vocabulary.codes import read_reference

# Size of the map, in units of its drawing; the narrower side follows.
HEIGHT = 500
SMALLEST = 40  # tenths of a unit: an area that is still seen


def draw_paths(forces: Iterable[str]) -> dict[str, str]:
    """Give the outline of each police force area as an SVG path, where two of the forces or more have one.

    Every area of England and Wales is there: a map of some shows where they are among the others.
    """
    areas = read_areas()
    if sum(force in areas for force in forces) < 2:
        return {}
    points = [point for geometry in areas.values() for ring in _rings(geometry) for point in ring]
    west, north = min(x for x, _ in points), min(y for _, y in points)
    scale = HEIGHT / (max(y for _, y in points) - north)
    paths = {
        force: "".join(_draw_ring(ring, west, north, scale) for ring in _rings(geometry))
        for force, geometry in areas.items()
    }
    return {force: path or _draw_mark(force, west, north, scale) for force, path in paths.items()}


def _draw_mark(force: str, west: float, north: float, scale: float) -> str:
    """A small square in the middle of an area too small to have an outline here: the City of London's."""
    (middle,) = [row for row in read_reference("force_centroids") if row["force"] == force]
    x, y = _project(float(middle["longitude"]), float(middle["latitude"]))
    left, top = (round(10 * distance * scale) - SMALLEST // 2 for distance in (x - west, y - north))
    return f"M{left},{top}h{SMALLEST}v{SMALLEST}h-{SMALLEST}z"


def _rings(geometry: dict[str, Any]) -> Iterator[list[tuple[float, float]]]:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for polygon in polygons:
        for ring in polygon:
            yield [_project(longitude, latitude) for longitude, latitude in ring]


def _project(longitude: float, latitude: float) -> tuple[float, float]:
    """Mercator, north at the top."""
    return math.radians(longitude), -math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def _draw_ring(ring: list[tuple[float, float]], west: float, north: float, scale: float) -> str:
    """To whole tenths of a unit, each point as a step from the one before; what falls together is left out."""
    placed = [(round(10 * (x - west) * scale), round(10 * (y - north) * scale)) for x, y in ring]
    steps = [(x - a, y - b) for (a, b), (x, y) in itertools.pairwise(placed) if (x, y) != (a, b)]
    x, y = placed[0]
    return f"M{x},{y}l{' '.join(f'{dx},{dy}' for dx, dy in steps)}z" if steps else ""
