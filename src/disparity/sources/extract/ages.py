"""Ages in whole years, as many records systems have them, read into the bands that a publisher uses."""

import polars as pl

from disparity.vocabulary.codes import HOME_OFFICE_AGE_GROUPS, PORTAL_AGE_GROUPS

# A spreadsheet or pandas writes 17.0 where a column has blanks. 0 and 999 stand for "not known" in many systems: they
# are no age, and the project file says what they are.
YEARS = r"^(\d{1,3})(?:\.0)?$"
FIRST_AGE, LAST_AGE = 1, 119
# `age_bands` of the project file → the bands, and the first year of each after the first.
BANDS = {
    "data.police.uk": (PORTAL_AGE_GROUPS, (10, 18, 25, 35)),
    "Home Office": (HOME_OFFICE_AGE_GROUPS, (10, 18, 25, 30)),
}


def band_ages(values: pl.Series, publisher: str) -> pl.Series:
    """Give the band of each value that is an age in whole years; others stay.

    >>> band_ages(pl.Series(["9", "17", "18", "34.0", "35", "25-34", "0"]), "data.police.uk").to_list()
    ['under 10', '10-17', '18-24', '25-34', 'over 34', '25-34', '0']
    """
    labels, firsts = BANDS[publisher]
    years, band = read_years(values), pl.lit(labels[0])
    for first, label in zip(firsts, labels[1:], strict=True):
        band = pl.when(years >= first).then(pl.lit(label)).otherwise(band)
    return values.to_frame("age").select(pl.when(years.is_not_null()).then(band).otherwise("age")).to_series()


def read_years(values: pl.Series) -> pl.Series:
    """Give each age in whole years; null where the value is none."""
    years = values.str.extract(YEARS).cast(pl.Int64, strict=False)
    return years.zip_with(years.is_between(FIRST_AGE, LAST_AGE).fill_null(False), pl.Series([None], dtype=pl.Int64))
