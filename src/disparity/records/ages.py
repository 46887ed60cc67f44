"""Ages in the counts: who is a child, and at what hours of the day people were searched."""

import polars as pl

from disparity.records.audit.items import LONDON
from disparity.vocabulary.codes import BAND_OF_AGE

# After school, and at night: local time, the hour of the end left out.
AFTER_SCHOOL, NIGHT, OTHER_HOURS = "15:00 to 18:00", "22:00 to 06:00", "other hours"


def name_band() -> pl.Expr:
    """Give the band of a recorded age group; null where none is recorded."""
    return pl.col("age_group").cast(pl.String).replace_strict(BAND_OF_AGE, default=None, return_dtype=pl.String)


def name_hours() -> pl.Expr:
    """Give the hours of a search by the UK clock; null without a time. The audit says which months record times."""
    hour = pl.col("searched_at").dt.convert_time_zone(LONDON).dt.hour()
    return (
        pl.when(hour.is_between(15, 17))
        .then(pl.lit(AFTER_SCHOOL))
        .when((hour >= 22) | (hour < 6))
        .then(pl.lit(NIGHT))
        .when(hour.is_not_null())
        .then(pl.lit(OTHER_HOURS))
    )
