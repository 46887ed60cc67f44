"""Ages in whole years, as many records systems have them, read into the bands that a publisher uses; bands in words."""

import re
import unicodedata
from typing import NamedTuple

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
UNITS = re.compile(r"(?<![a-z])(?:years?|yrs?|yr|old|aged?|y/?o)\b\.?")
# A band in words, with the groups of its first and last year, and what to add to each.
IN_WORDS = (
    (r"(\d{1,3}) ?(?:-|to|until) ?(\d{1,3})", 0, 0),
    (r"(?:over|above|older than|more than|>) ?(\d{1,3})()", 1, 0),
    (r"(\d{1,3}) ?(?:\+|plus|(?:and|or|&) ?(?:over|above|older|more|up|upwards))()", 0, 0),
    (r"(?:>=|\u2265|from) ?(\d{1,3})()", 0, 0),
    (r"()(?:under|below|less than|younger than|u|<) ?(\d{1,3})", 0, -1),
    (r"()(\d{1,3}) ?(?:and|or|&) ?(?:under|below|younger|less)", 0, 0),
    (r"()(?:<=|\u2264|up to) ?(\d{1,3})", 0, 0),
)


class Band(NamedTuple):
    """A band of ours, and what is in doubt about it."""

    code: str
    doubt: str = ""


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


def guess_band(label: str) -> Band | None:
    """Give the band of ours that holds every age of a band written otherwise; none where none does.

    >>> guess_band("10 to 17 yrs"), guess_band("35+"), guess_band("30 and over").code
    (Band(code='10-17', doubt=''), Band(code='over 34', doubt=''), '30 or over')
    >>> guess_band("Under 35"), guess_band("35-44").doubt
    (None, "or of the Home Office's bands?")
    """
    years = _read_band(label)
    if years is None:
        return None
    for codes, firsts in BANDS.values():
        if years in (spans := _list_spans(firsts)):
            return Band(codes[spans.index(years)])
    codes, firsts = BANDS["data.police.uk"]
    for (first, last), code in zip(_list_spans(firsts), codes, strict=True):
        if first <= years[0] and years[1] <= last:
            # Under 25, both sets of bands are alike.
            return Band(code, "" if code in HOME_OFFICE_AGE_GROUPS else "or of the Home Office's bands?")
    return None


def _list_spans(firsts: tuple[int, ...]) -> list[tuple[int, int]]:
    return list(zip((0, *firsts), (*(first - 1 for first in firsts), LAST_AGE), strict=True))


def _read_band(label: str) -> tuple[int, int] | None:
    text = UNITS.sub(" ", unicodedata.normalize("NFKC", label).casefold().replace("\u2013", "-").replace("\u2014", "-"))
    text = re.sub(r" ?- ?", "-", " ".join(text.split()))
    for pattern, add_first, add_last in IN_WORDS:
        if match := re.fullmatch(pattern, text):
            first = int(match[1]) + add_first if match[1] else 0
            last = int(match[2]) + add_last if match[2] else LAST_AGE
            return (first, min(last, LAST_AGE)) if first <= last else None
    return None
