"""Neighbourhoods of about 8,000 people (middle layer super output areas, MSOA, of 2021), made up of smaller ones."""

from functools import cache
from importlib.resources import files

import polars as pl

from disparity.vocabulary.codes import ETHNIC_GROUPS
from disparity.vocabulary.neighbourhoods import read_neighbourhoods


@cache
def read_msoas() -> pl.DataFrame:
    """Give every MSOA of England and Wales, in the order of the codes.

    Returns:
        msoa (code), name, longitude and latitude (degrees): where its residents are on average, by the points inside
        its LSOAs.

    Source: Office for National Statistics, MSOA (December 2021) names; Census 2021, table TS021.
    """
    text = (files("disparity.vocabulary") / "reference" / "msoa_names.parquet").read_bytes()
    people = pl.sum_horizontal(ETHNIC_GROUPS)
    middles = (
        read_neighbourhoods().group_by("msoa").agg((pl.col("longitude", "latitude") * people).sum() / people.sum())
    )
    return pl.read_parquet(text).join(middles, on="msoa").sort("msoa")
