"""Names and middles of the larger neighbourhoods carried with the package."""

import polars as pl
import pytest

from disparity.vocabulary.msoas import read_msoas
from disparity.vocabulary.neighbourhoods import read_neighbourhoods


def test_every_neighbourhood_is_in_one_with_a_name_of_its_own():
    held = read_msoas()
    # Office for National Statistics: 6,856 in England and 408 in Wales.
    assert dict(held.group_by(pl.col("msoa").str.head(1)).len().iter_rows()) == {"E": 6_856, "W": 408}
    assert set(held["msoa"]) == set(read_neighbourhoods()["msoa"])
    assert held["name"].n_unique() == held.height
    assert held["name"].str.contains(r"^\D+ \d{3}$").all()


def test_its_middle_lies_among_the_neighbourhoods_it_is_made_of():
    ends = (
        read_neighbourhoods()
        .group_by("msoa")
        .agg(
            *(
                getattr(pl.col(name), end)().alias(f"{name}_{end}")
                for name in ("longitude", "latitude")
                for end in ("min", "max")
            )
        )
    )
    both = read_msoas().join(ends, on="msoa")
    for name in ("longitude", "latitude"):
        assert both.filter(
            ~pl.col(name).is_between(pl.col(f"{name}_min") - 1e-9, pl.col(f"{name}_max") + 1e-9)
        ).is_empty()


@pytest.mark.parametrize(
    ("msoa", "name", "longitude", "latitude"),
    [("E02000001", "City of London 001", -0.09, 51.515), ("W02000001", "Isle of Anglesey 001", -4.4, 53.4)],
)
def test_places_that_everybody_knows(msoa, name, longitude, latitude):
    (row,) = read_msoas().filter(msoa=msoa).to_dicts()
    assert row["name"] == name
    assert (row["longitude"], row["latitude"]) == pytest.approx((longitude, latitude), abs=0.06)
