"""Outlines of police force areas as paths, for the map that the script of a page draws."""

import itertools
import math
from collections.abc import Iterable, Iterator
from typing import Any

from disparity.site.charts.places import read_areas

# Size of the map, in units of its drawing; the narrower side follows.
HEIGHT = 500


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
    return {
        force: "".join(_draw_ring(ring, west, north, scale) for ring in _rings(geometry))
        for force, geometry in areas.items()
    }


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
