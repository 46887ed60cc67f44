"""Outlines of areas: `[areas]` of the project file."""

from pathlib import Path

from pydantic import BaseModel, Field


class AreaSettings(BaseModel, extra="forbid", frozen=True):
    """Outlines to place searches in by their coordinates: a GeoJSON file, and the property that names each area."""

    file: Path = Field(description="The outlines: GeoJSON in WGS84.")
    name: str = Field(min_length=1, description="The property that holds an area’s name.")
