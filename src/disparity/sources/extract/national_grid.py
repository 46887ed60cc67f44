"""Eastings and northings of the National Grid, as records systems hold them, to the degrees that maps are drawn in.

The formulas are those of Ordnance Survey, "A guide to coordinate systems in Great Britain": C.2 (grid to latitude and
longitude), B.1 and B.2 (to x, y and z and back) and 6.6 (the shift from OSGB36 to WGS84, its signs turned round). They
place a search to within about five metres; only the OSTN15 table of 1.7 million shifts does better.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
Degrees = tuple[Floats, Floats]


class Ellipsoid(NamedTuple):
    """Semi-axes in metres."""

    major: float
    minor: float

    @property
    def squared_eccentricity(self) -> float:
        """What the formulas call e squared."""
        return 1 - (self.minor / self.major) ** 2


# Guide, A.1 and A.2.
AIRY_1830, WGS84 = Ellipsoid(6_377_563.396, 6_356_256.909), Ellipsoid(6_378_137.0, 6_356_752.3141)
SCALE = 0.9996012717
TRUE_LATITUDE, TRUE_LONGITUDE = np.radians(49.0), np.radians(-2.0)
TRUE_EASTING, TRUE_NORTHING = 400_000.0, -100_000.0
# Guide, 6.6: metres, parts of a million and seconds of arc.
SHIFT = (446.448, -125.157, 542.060)
STRETCH = -20.4894e-6
TURN = np.radians(np.array([0.1502, 0.2470, 0.8421]) / 3600)
NEAR_ENOUGH = 1e-5  # metres
MOST_PASSES = 20
# The grid ends here; a number beyond is no easting or northing.
EASTINGS, NORTHINGS = (0, 700_000), (0, 1_300_000)
DECIMALS = 5  # of a degree: about a metre
# "344,630" and "344630.0" are what spreadsheets make of one.
NUMBER = r"^\d{1,7}(?:\.\d+)?$"


def place_on_map(easting: pl.Series, northing: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Give latitude and longitude (WGS84), as text; none where one of the two is no number of metres on the grid.

    >>> [degrees.to_list() for degrees in place_on_map(pl.Series(["530625"]), pl.Series(["178388"]))]
    [['51.48936'], ['-0.11995']]
    """
    metres = pl.DataFrame({"easting": read_metres(easting, EASTINGS), "northing": read_metres(northing, NORTHINGS)})
    is_placed = metres.select(pl.all_horizontal(pl.all().is_not_null())).to_series()
    # Nought and nought stand for "not known" in many systems, and are in the sea.
    is_placed &= (metres["easting"] > 0) & (metres["northing"] > 0)
    # A column without a place is computed at the true origin, and left out.
    east, north = (metres[name].fill_null(TRUE_EASTING).to_numpy() for name in metres.columns)
    found = find_degrees(east, north)
    nothing = pl.Series([None], dtype=pl.String)
    latitude, longitude = (
        pl.Series(degrees).round(DECIMALS).cast(pl.String).zip_with(is_placed.fill_null(False), nothing)
        for degrees in found
    )
    return latitude, longitude


def read_metres(texts: pl.Series, among: tuple[int, int]) -> pl.Series:
    """Read whole or broken metres; null where it is no number, or one that is not on the grid."""
    plain = texts.str.replace_all(",", "")
    metres = plain.set(~plain.str.contains(NUMBER).fill_null(False), None).cast(pl.Float64, strict=False)
    return metres.set(~metres.is_between(*among).fill_null(False), None)


def find_degrees(easting: Floats, northing: Floats) -> Degrees:
    """Give latitude and longitude on WGS84, of metres on the National Grid."""
    return _shift_to_wgs84(*unproject(easting, northing))


def unproject(easting: Floats, northing: Floats) -> Degrees:
    """Give latitude and longitude on OSGB36, as old maps have them. Guide, C.2."""
    e2 = AIRY_1830.squared_eccentricity
    scaled = AIRY_1830.major * SCALE
    latitude = TRUE_LATITUDE + (northing - TRUE_NORTHING) / scaled
    for _ in range(MOST_PASSES):
        missing = northing - TRUE_NORTHING - _measure_meridian(latitude)
        if not missing.size or np.abs(missing).max() < NEAR_ENOUGH:
            break
        latitude = latitude + missing / scaled
    sine, tangent, secant = np.sin(latitude), np.tan(latitude), 1 / np.cos(latitude)
    nu = scaled / np.sqrt(1 - e2 * sine**2)
    rho = scaled * (1 - e2) * (1 - e2 * sine**2) ** -1.5
    eta2 = nu / rho - 1
    t2, t4, t6 = tangent**2, tangent**4, tangent**6
    vii = tangent / (2 * rho * nu)
    viii = tangent / (24 * rho * nu**3) * (5 + 3 * t2 + eta2 - 9 * t2 * eta2)
    ix = tangent / (720 * rho * nu**5) * (61 + 90 * t2 + 45 * t4)
    x = secant / nu
    xi = secant / (6 * nu**3) * (nu / rho + 2 * t2)
    xii = secant / (120 * nu**5) * (5 + 28 * t2 + 24 * t4)
    xiia = secant / (5040 * nu**7) * (61 + 662 * t2 + 1320 * t4 + 720 * t6)
    east = easting - TRUE_EASTING
    latitude = latitude - vii * east**2 + viii * east**4 - ix * east**6
    longitude = TRUE_LONGITUDE + x * east - xi * east**3 + xii * east**5 - xiia * east**7
    return np.degrees(latitude), np.degrees(longitude)


def _measure_meridian(latitude: Floats) -> Floats:
    """Give the developed arc of the meridian from the true origin, in metres: M of the guide."""
    n = (AIRY_1830.major - AIRY_1830.minor) / (AIRY_1830.major + AIRY_1830.minor)
    less, more = latitude - TRUE_LATITUDE, latitude + TRUE_LATITUDE
    terms = (
        (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * less,
        -(3 * n + 3 * n**2 + 21 / 8 * n**3) * np.sin(less) * np.cos(more),
        (15 / 8 * n**2 + 15 / 8 * n**3) * np.sin(2 * less) * np.cos(2 * more),
        -(35 / 24 * n**3) * np.sin(3 * less) * np.cos(3 * more),
    )
    arc: Floats = AIRY_1830.minor * SCALE * (terms[0] + terms[1] + terms[2] + terms[3])
    return arc


def _shift_to_wgs84(latitude: Floats, longitude: Floats) -> Degrees:
    """Turn, stretch and move the points of the one ellipsoid to the other. Guide, B.1, 6.2 and B.2."""
    phi, lam = np.radians(latitude), np.radians(longitude)
    nu = AIRY_1830.major / np.sqrt(1 - AIRY_1830.squared_eccentricity * np.sin(phi) ** 2)
    x = nu * np.cos(phi) * np.cos(lam)
    y = nu * np.cos(phi) * np.sin(lam)
    z = nu * (1 - AIRY_1830.squared_eccentricity) * np.sin(phi)
    grow, (turn_x, turn_y, turn_z) = 1 + STRETCH, TURN
    x, y, z = (
        SHIFT[0] + grow * x - turn_z * y + turn_y * z,
        SHIFT[1] + turn_z * x + grow * y - turn_x * z,
        SHIFT[2] - turn_y * x + turn_x * y + grow * z,
    )
    e2, across = WGS84.squared_eccentricity, np.hypot(x, y)
    phi = np.arctan2(z, across * (1 - e2))
    for _ in range(5):  # each pass gains three digits
        nu = WGS84.major / np.sqrt(1 - e2 * np.sin(phi) ** 2)
        phi = np.arctan2(z + e2 * nu * np.sin(phi), across)
    return np.degrees(phi), np.degrees(np.arctan2(y, x))
