"""Time to place a million searches, each with a point of its own, in neighbourhoods; on one core.

    POLARS_MAX_THREADS=1 python benchmarks/placing.py

Prints processor seconds of the outlines, which are read once, and of the placing. Points lie as residents do.
"""

import time

import numpy as np
import polars as pl

from disparity.records.neighbourhoods import outline_parts, place_in_neighbourhoods
from disparity.vocabulary.neighbourhoods import read_neighbourhoods

POINTS = 1_000_000
SPREAD = 0.004  # degrees about the point inside: some fall next door, some in the sea


def main() -> None:
    """Place them."""
    start = time.process_time()
    outline_parts()
    print(f"reading the outlines   {time.process_time() - start:6.2f} s")
    held, draw = read_neighbourhoods(), np.random.default_rng(1)
    drawn = held.select("force", "longitude", "latitude").sample(POINTS, with_replacement=True, seed=1)
    shifts = {name: pl.col(name) + draw.normal(0, SPREAD, POINTS) for name in ("longitude", "latitude")}
    searches = drawn.with_columns(**shifts, disposition=pl.lit("kept"))
    start = time.process_time()
    placed = place_in_neighbourhoods(searches)
    print(f"placing {POINTS:,}      {time.process_time() - start:6.2f} s")
    print(f"in a neighbourhood     {placed['neighbourhood'].is_not_null().mean():6.1%}")


if __name__ == "__main__":
    main()
