"""Whether it was light when a search took place, for the veil of darkness.

Compared are searches at the same time of the clock, in daylight and in darkness: so only the hours count in
which it is light for a part of the year and dark for another. Made only where the project file asks for it.
"""

from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from disparity.records.uk_clock import LONDON
from disparity.vocabulary.codes import read_reference

FloatArray = npt.NDArray[np.float64]

DAYLIGHT, DARK = "daylight", "dark"
DUSK, OTHER_HOURS, NOT_KNOWN = "between sunset and dusk", "other hours", "time or place not known"
LIGHT_COLUMNS = ("light", "clock_band", "clock_change", "is_after_change", "is_vehicle_involved")

# Altitude of the sun's centre in degrees: at sunset (half its width and 34' of refraction), at the end of civil
# twilight. Explanatory Supplement to the Astronomical Almanac (2013).
SUNSET_ALTITUDE, DUSK_ALTITUDE = -0.8333, -6.0
# Coordinates are snap points already; a tenth of a degree is half a minute of sunset.
PLACE_DECIMALS = 1
# Further from the middle of the force's area (or, without one, from 55 N 3 W) is not the place of a search:
# the longest area, Devon and Cornwall, reaches 2.2 degrees from its middle.
MOST_DEGREES_AWAY, MOST_DEGREES_AWAY_UNPLACED, MIDDLE_OF_ALL = 2.5, 6.0, {"latitude": 55.0, "longitude": -3.0}
# Narrow enough that darkness within a band does not stand in for the time of the clock.
BAND_MINUTES = 5
# Stanford Open Policing Project: 30 days on each side.
CLOCK_CHANGE_DAYS = 30

SECONDS_A_DAY, MINUTES_A_DAY = 86_400, 1_440
TERRESTRIAL_MINUS_UNIVERSAL_SECONDS = 69.2  # 2019 to 2026; a second of it is nothing here
SIDEREAL_DEGREES_A_DAY = 360.985647  # how far the sky turns in a day of the clock
PASSES = 3  # the sun moves on while it sets: each pass takes its place from the time of the last


def tag_light(searches: pl.DataFrame) -> pl.DataFrame:
    """Say of every search whether it was light.

    Sunset and dusk (the sun 6 degrees below the horizon) are those of the date and of the snap point to a
    tenth of a degree, else of the middle of the force's area. The hours compared run from the earliest dusk of
    the year there to the latest, by the UK clock.

    Returns:
        `searches` with `light` (daylight, dark, between sunset and dusk, other hours, time or place not known;
        never null), `clock_band` (minutes after midnight by the UK clock at which its five minutes begin),
        `clock_change` (the change of the clocks within 30 days), `is_after_change` (these three null where it
        was neither daylight nor dark), `is_vehicle_involved`.
    """
    stood = searches.select(*_find_places(), *_read_clock())
    dates = stood["date"].drop_nulls().unique().sort()
    places = stood.select("latitude", "longitude").unique().drop_nulls()
    tags = (
        stood.lazy()
        .join(
            _find_evenings(places, dates).lazy(),
            on=["latitude", "longitude", "date"],
            how="left",
            maintain_order="left",
        )
        .join(_find_changes(dates), on="date", how="left", maintain_order="left")
        .with_columns(_say_light())
        .select(*_tag())
        .collect()
    )
    is_vehicle = pl.col("subject").cast(pl.String) == "person_and_vehicle"
    return searches.hstack(tags).with_columns(is_vehicle.alias("is_vehicle_involved"))


def _find_places() -> list[pl.Expr]:
    """The snap point, rounded; the middle of the force's area where there is none or it cannot be right."""
    middles = {row["force"]: row for row in read_reference("force_centroids")}
    middle = {
        name: pl.col("force").replace_strict(
            list(middles), [float(row[name]) for row in middles.values()], default=None, return_dtype=pl.Float64
        )
        for name in MIDDLE_OF_ALL
    }
    most = pl.when(middle["latitude"].is_null()).then(MOST_DEGREES_AWAY_UNPLACED).otherwise(MOST_DEGREES_AWAY)
    is_near = pl.all_horizontal(
        (pl.col(name) - middle[name].fill_null(degrees)).abs() <= most for name, degrees in MIDDLE_OF_ALL.items()
    )
    return [
        pl.when(is_near).then(pl.col(name).round(PLACE_DECIMALS)).otherwise(middle[name]).alias(name) for name in middle
    ]


def _read_clock() -> list[pl.Expr]:
    """A time outside the month of its file is no time to go by, and would call for the sun of another year."""
    at, local = pl.col("searched_at"), pl.col("searched_at").dt.convert_time_zone(LONDON)
    is_in_month = pl.any_horizontal(
        clock.dt.date().dt.month_start() == pl.col("submission_month") for clock in (at, local)
    )
    minute = local.dt.hour().cast(pl.Int32) * 60 + local.dt.minute()
    columns = {"searched_at": at, "date": local.dt.date(), "clock_minute": minute}
    return [pl.when(is_in_month).then(column).alias(name) for name, column in columns.items()]


def _find_evenings(places: pl.DataFrame, dates: pl.Series) -> pl.DataFrame:
    """Give sunset and dusk of the dates at every place, and the first and last minute of the hours compared."""
    latitudes, longitudes = (places[name].to_numpy() for name in MIDDLE_OF_ALL)
    clock = _follow_clock(_years_of(dates))
    minutes = set_sun(latitudes, longitudes, clock["date"], DUSK_ALTITUDE) // 60 + clock["utc_offset"].to_numpy()
    minutes = minutes % MINUTES_A_DAY
    first, last = minutes.min(axis=1, initial=np.inf), minutes.max(axis=1, initial=-np.inf)
    return places.join(dates.to_frame(), how="cross", maintain_order="left_right").with_columns(
        pl.Series("first_minute", np.repeat(first, len(dates))),
        pl.Series("last_minute", np.repeat(last, len(dates))),
        _as_times(set_sun(latitudes, longitudes, dates, SUNSET_ALTITUDE)).alias("sunset"),
        _as_times(set_sun(latitudes, longitudes, dates, DUSK_ALTITUDE)).alias("dusk"),
    )


def _as_times(seconds: FloatArray) -> pl.Series:
    times = pl.Series(seconds.ravel(), dtype=pl.Float64).fill_nan(None) * 1_000_000
    return times.cast(pl.Int64).cast(pl.Datetime("us", "UTC"))


def _years_of(dates: pl.Series) -> tuple[int, ...]:
    return tuple(dates.dt.year().unique().sort().to_list())


def _find_changes(dates: pl.Series) -> pl.LazyFrame:
    """Give the date → the change of the clocks nearest to it, if it is near."""
    clock = _follow_clock(_years_of(dates)).lazy()
    changes = clock.filter("is_change").select("date", clock_change="date")
    return dates.to_frame().lazy().join_asof(changes, on="date", strategy="nearest", tolerance=f"{CLOCK_CHANGE_DAYS}d")


@cache
def _follow_clock(years: tuple[int, ...]) -> pl.DataFrame:
    """Give every day of the years: minutes that the evening's clock is ahead of UTC, and whether it was changed."""
    days = [pl.date_range(date(year, 1, 1), date(year, 12, 31), eager=True) for year in years]
    noon = pl.col("date").cast(pl.Datetime("us")).dt.offset_by("12h").dt.replace_time_zone(LONDON)
    offset = noon.dt.dst_offset().dt.total_minutes()
    return (
        pl.DataFrame({"date": pl.concat([pl.Series([], dtype=pl.Date), *days])})
        .with_columns(offset.alias("utc_offset"))
        .with_columns((offset != offset.shift(1)).fill_null(False).alias("is_change"))
    )


def set_sun(latitudes: FloatArray, longitudes: FloatArray, days: pl.Series, altitude: float) -> FloatArray:
    """Give when the sun's centre passes `altitude` (degrees) on its way down.

    cos(hour angle) = (sin(altitude) - sin(latitude) sin(declination)) / (cos(latitude) cos(declination))

    Returns:
        Seconds since 1970, UTC, one row per place and one column per day; NaN where the sun stays above or
        below all day.

    Source: Reda and Andreas (2004), solar position algorithm, as pvlib has it.

    >>> seconds = set_sun(np.array([51.5]), np.array([-0.1]), pl.Series([date(2019, 6, 21)]), DUSK_ALTITUDE)
    >>> _as_times(seconds).dt.to_string("%H:%M").to_list()
    ['21:09']
    """
    midnights = days.cast(pl.Int64).to_numpy() * SECONDS_A_DAY
    sidereal, ascension, declination, turn, tilt = _follow_sun(tuple(midnights.tolist()))
    latitude, longitude = np.radians(latitudes)[:, None], longitudes[:, None]
    share: FloatArray = np.full((len(latitudes), len(midnights)), 0.75)  # of the day: six in the evening
    for _ in range(PASSES):
        stands = np.radians(declination + share * tilt)
        cosine = (np.sin(np.radians(altitude)) - np.sin(latitude) * np.sin(stands)) / (
            np.cos(latitude) * np.cos(stands)
        )
        hour_angle = np.degrees(np.arccos(np.where(np.abs(cosine) <= 1, cosine, np.nan)))
        share = (ascension + share * turn - sidereal - longitude + hour_angle) % 360 / SIDEREAL_DEGREES_A_DAY
    return np.asarray(midnights + share * SECONDS_A_DAY)


@cache
def _follow_sun(midnights: tuple[int, ...]) -> tuple[FloatArray, ...]:
    """The sun at midnights, in degrees: sidereal time, right ascension, declination, and how far these two move on
    in a day. The same for every place and every file of a year.
    """
    from pvlib import spa  # noqa: PLC0415  heavy, and needed only where asked for

    today = np.array(midnights, dtype=np.float64)
    (sidereal, ascension, declination), (_, ascension_next, declination_next) = (
        spa.solar_position(day, 0, 0, 0, 0, 0, TERRESTRIAL_MINUS_UNIVERSAL_SECONDS, 0, 1, sst=True)
        for day in (today, today + SECONDS_A_DAY)
    )
    return sidereal, ascension, declination, (ascension_next - ascension) % 360, declination_next - declination


def _say_light() -> pl.Expr:
    at = pl.col("searched_at")
    return (
        pl.when(pl.any_horizontal(pl.col("searched_at", "sunset", "dusk").is_null()))
        .then(pl.lit(NOT_KNOWN))
        .when(~pl.col("clock_minute").is_between("first_minute", "last_minute"))
        .then(pl.lit(OTHER_HOURS))
        .when(at >= pl.col("dusk"))
        .then(pl.lit(DARK))
        .when(at >= pl.col("sunset"))
        .then(pl.lit(DUSK))
        .otherwise(pl.lit(DAYLIGHT))
        .alias("light")
    )


def _tag() -> list[pl.Expr]:
    """Say the clock of compared searches only: of others it would swell the counts for nothing."""
    tags = {
        "clock_band": pl.col("clock_minute") // BAND_MINUTES * BAND_MINUTES,
        "clock_change": pl.col("clock_change"),
        "is_after_change": pl.col("date") >= pl.col("clock_change"),
    }
    is_compared = pl.col("light").is_in([DAYLIGHT, DARK])
    return [pl.col("light"), *(pl.when(is_compared).then(tag).alias(name) for name, tag in tags.items())]
