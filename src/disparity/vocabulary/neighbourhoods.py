"""Neighbourhoods (lower layer super output areas, LSOA, of 2021) and local authorities, as the package carries them."""

from functools import cache
from importlib.resources import files

import polars as pl

from disparity.vocabulary.codes import ETHNIC_GROUPS, read_reference

# Coordinates and outlines of the tables are in steps of this many degrees.
STEP = 1e-4
# Fifths of deprivation, the most deprived first.
FIFTHS = (1, 2, 3, 4, 5)


@cache
def read_neighbourhoods() -> pl.DataFrame:
    """Give every neighbourhood of England and Wales, in the order of the codes.

    Returns:
        neighbourhood (code), msoa, authority (codes of what it lies in; the authority of May 2024), force, fifth (of
        deprivation within its own country, 1 the most deprived: England by its indices of 2025, Wales by those of 2019;
        no ranking holds for both), longitude and latitude (degrees, a point inside), is_at_border (within 110 m of a
        neighbourhood of another authority), and usual residents of 2021 in a column for each of the five ethnic groups.

    Source: Census 2021, table TS021; English indices of deprivation 2025; Welsh Index of Multiple Deprivation 2019.
    """
    degrees = [(pl.col(name) * STEP).round(4) for name in ("longitude", "latitude")]
    return _read("neighbourhoods").with_columns(*degrees, pl.col(ETHNIC_GROUPS).cast(pl.Int64))


@cache
def read_outline_steps() -> pl.DataFrame:
    """Give the corners of all neighbourhoods' outlines one after another, in the order of the codes.

    Returns:
        east and north (steps of STEP from the corner before; the first of a ring: from the point inside), starts
        (0: goes on, 1: another part, 2: the next neighbourhood, 3: a hole in the part before).

    Source: Office for National Statistics, LSOA (December 2021) boundaries, super generalised (200 m).
    """
    return _read("neighbourhood_outlines")


@cache
def read_authorities() -> pl.DataFrame:
    """Give every local authority of May 2024: authority (code), name, force."""
    return pl.DataFrame(read_reference("authorities"))


@cache
def list_placed_forces() -> tuple[str, ...]:
    """List the forces whose area is known by neighbourhood: the 43 territorial ones of England and Wales."""
    return tuple(read_neighbourhoods()["force"].unique().sort())


def _read(name: str) -> pl.DataFrame:
    return pl.read_parquet((files("disparity.vocabulary") / "reference" / f"{name}.parquet").read_bytes())
