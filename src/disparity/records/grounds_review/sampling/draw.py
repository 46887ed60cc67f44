"""Draw the records of a plan."""

import hashlib

import polars as pl

from disparity.project.personal_columns import RECORD_ID
from disparity.records.grounds_review.sampling.plan import STRATIFIED_BY
from disparity.vocabulary.codes import ALL


def draw_records(searches: pl.DataFrame, strata: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Draw the planned number of each stratum, every record of it alike.

    A record's place is the SHA-256 of seed and record number, and the first of each stratum are drawn: the order of
    rows and files has no part in it, and a larger sample of the same seed holds the smaller one.

    Returns:
        stratum, weight and the columns of `searches`, in the order of the draw, strata mixed: whoever stops half-way
        has read a sample too.
    """
    placed = searches.with_columns(pl.Series("place", [_place(seed, number) for number in searches[RECORD_ID]]))
    by = [name for name in STRATIFIED_BY if (strata[name] != ALL).any()]
    return (
        placed.join(strata.select("stratum", "drawn", "weight", *by), on=by or None, how="inner" if by else "cross")
        .sort("place")
        .filter(pl.int_range(pl.len()).over("stratum") < pl.col("drawn"))
        .select("stratum", "weight", *searches.columns)
    )


def _place(seed: int, record_id: str) -> bytes:
    return hashlib.sha256(f"{seed}\n{record_id}".encode()).digest()
