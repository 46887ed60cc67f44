"""Ages in the counts: who is a child, and at what hours of the day people were searched."""

import polars as pl

from disparity.vocabulary.codes import BAND_OF_AGE

# After school, and at night: local time, the hour of the end left out.
AFTER_SCHOOL, NIGHT, OTHER_HOURS = "15:00 to 18:00", "22:00 to 06:00", "other hours"


def name_band() -> pl.Expr:
    """Give the band of a recorded age group; null where none is recorded."""
    return pl.col("age_group").cast(pl.String).replace_strict(BAND_OF_AGE, default=None, return_dtype=pl.String)


def list_hours() -> pl.DataFrame:
    """Give the hours that each hour of the UK clock, 0 to 23, is one of; then a null, of searches without a time.

    The audit says which months record times.
    """
    hour = pl.col("hour")
    name = (
        pl.when(hour.is_between(15, 17))
        .then(pl.lit(AFTER_SCHOOL))
        .when((hour >= 22) | (hour < 6))
        .then(pl.lit(NIGHT))
        .when(hour.is_not_null())
        .then(pl.lit(OTHER_HOURS))
    )
    return pl.DataFrame({"hour": [*range(24), None]}).select(name.alias("hours"))
