"""The neighbourhoods carried with the package: sums, agreement with the tables by force, places everybody knows."""

from collections import Counter

import numpy as np
import polars as pl
import pytest
import shapely

from disparity.records.neighbourhoods import find_neighbourhoods, outline_parts
from disparity.vocabulary.codes import ETHNIC_GROUPS, force_names, read_reference
from disparity.vocabulary.neighbourhoods import list_placed_forces, read_authorities, read_neighbourhoods

HELD = read_neighbourhoods()


def test_there_is_every_neighbourhood_and_authority_of_england_and_wales():
    # Office for National Statistics: 33,755 and 1,917 LSOAs, 7,264 MSOAs, 318 authorities in May 2024.
    assert Counter(HELD["neighbourhood"].str.head(1)) == {"E": 33_755, "W": 1_917}
    assert HELD["neighbourhood"].is_sorted()
    assert HELD["msoa"].n_unique() == 7_264
    assert set(HELD["authority"]) == set(read_authorities()["authority"])
    assert read_authorities().height == read_authorities()["name"].n_unique() == 318
    assert len(list_placed_forces()) == 43
    assert set(list_placed_forces()) < set(force_names())


def test_a_neighbourhood_and_its_authority_are_of_one_force():
    both = HELD.join(read_authorities(), on="authority", suffix="_of_authority")
    assert both.filter(pl.col("force") != pl.col("force_of_authority")).is_empty()
    assert HELD.group_by("msoa").agg(pl.col("authority").n_unique())["authority"].max() == 1


def test_residents_agree_with_the_table_by_force():
    """Cells are perturbed each by itself: two tables of one census agree within a hundred people or so."""
    by_force = HELD.group_by("force").agg(pl.col(ETHNIC_GROUPS).sum())
    added = by_force.unpivot(ETHNIC_GROUPS, index="force", variable_name="ethnic_group", value_name="added")
    table = pl.DataFrame(read_reference("census2021_force_ethnicity5")).cast({"population": pl.Int64})
    both = added.join(table, on=["force", "ethnic_group"])
    assert both.height == 43 * 5
    assert both.select((pl.col("added") - pl.col("population")).abs().max()).item() <= 106
    # Census 2021, TS021 by LSOA: sum of all, Black, White.
    sums = {group: HELD[group].sum() for group in ETHNIC_GROUPS}
    assert (sum(sums.values()), sums["Black"], sums["White"]) == (59_597_576, 2_409_211, 48_699_467)


def test_fifths_are_of_each_country_by_itself():
    """Of England's 33,755 ranks and Wales's 1,909 a fifth each; 22 Welsh neighbourhoods were merged since."""
    for country, size, slack in (("E", 33_755 / 5, 1), ("W", 1_917 / 5, 12)):
        counted = Counter(HELD.filter(pl.col("neighbourhood").str.starts_with(country))["fifth"])
        assert sorted(counted) == [1, 2, 3, 4, 5]
        assert all(abs(number - size) <= slack for number in counted.values())


@pytest.mark.parametrize(
    ("neighbourhood", "fifth"),
    [
        ("E01021988", 1),  # Jaywick, the most deprived of England in 2019 and 2025
        ("E01000001", 4),  # City of London 001A: decile 8 in 2025
        ("W01000240", 1),  # Rhyl West 2, the most deprived but one of Wales in 2019
    ],
)
def test_what_is_known_of_some_places_is_so_here(neighbourhood, fifth):
    assert HELD.filter(neighbourhood=neighbourhood)["fifth"].item() == fifth


def test_every_neighbourhood_has_an_outline_around_the_point_inside():
    parts = outline_parts()
    assert np.array_equal(np.unique(parts.of), np.arange(HELD.height))
    found = find_neighbourhoods(HELD.select("longitude", "latitude").to_numpy())
    # Generalised by 200 metres: a narrow neighbourhood can lie beside its point.
    assert (found == pl.Series(np.arange(HELD.height))).mean() > 0.99
    areas = shapely.area(parts.shapes)
    assert np.isfinite(areas).all()
    # England and Wales are 151,000 square kilometres; a square degree is about 7,400 at 53 degrees north.
    assert areas.sum() * 111.195**2 * np.cos(np.radians(52.7)) == pytest.approx(151_000, rel=0.02)


@pytest.mark.parametrize(
    ("place", "longitude", "latitude", "authority"),
    [
        ("Guildhall, Preston", -2.6988, 53.7590, "Preston"),
        ("Cathedral, Canterbury", 1.0830, 51.2798, "Canterbury"),
        ("Millennium Centre", -3.1632, 51.4650, "Cardiff"),
        ("Grey's Monument", -1.6132, 54.9738, "Newcastle upon Tyne"),
        ("Old Market Square", -1.1500, 52.9533, "Nottingham"),
    ],
)
def test_known_places_lie_in_their_authority(place, longitude, latitude, authority):
    number = find_neighbourhoods(np.array([[longitude, latitude]])).item()
    named = HELD.join(read_authorities(), on="authority", maintain_order="left")
    assert named["name"][number] == authority, place


def test_what_lies_elsewhere_is_in_none():
    abroad = [(-3.19, 55.95), (-5.93, 54.60), (2.35, 48.86), (-4.5, 54.2), (-5.0, 53.0)]
    assert find_neighbourhoods(np.array(abroad)).null_count() == len(abroad)
