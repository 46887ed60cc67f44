"""Which columns of an extract hold details of a person whatever their header says: by the shape of their values."""

from functools import cache

import polars as pl

from disparity.project.extract_mapping import GRID_COLUMNS, PLACE_COLUMNS, TIME_COLUMNS
from disparity.project.personal_columns import PERSON_KEY, RECORD_ID
from disparity.vocabulary.codes import read_reference
from disparity.vocabulary.errors import DataError

# One slip among labels is no such column: that many different values, or most rows, are.
SEVERAL, MOST_ROWS = 3, 0.5
LONGEST = 80  # characters; a longer value is free text
RANKS = (
    r"(?:(?:t|a|d|w|s|temp|acting)[/ ]?)?(?:pcso|pc|dc|ds|ps|dps|dpc|tdc|spc|dci|di|sgt|sergeant|insp|inspector|ch insp"
    r"|chief inspector|supt|superintendent|con|constable|det con|det sgt|detective constable|detective sergeant"
    r"|special constable|special sergeant)\.?"
)
# "PS North" is a police station, "DI Team" a team.
NO_NAME = r"\s(?:north|south|east|west|central|team|unit|office|station|area|hub|act)\b"
RANK_AND_NAME = (
    rf"^(?:{RANKS}\s+(?:\d{{1,6}}\s+)?[a-z][a-z'’.-]+(?:\s[a-z][a-z'’.-]*){{0,2}}(?:\s*\(?\d{{1,6}}\)?)?"
    rf"|{RANKS}\s*\d{{3,6}}|\d{{1,6}}\s+{RANKS}\s+[a-z][a-z'’-]+|[a-z][a-z'’-]+,?\s+\(?{RANKS}\s*\d{{2,6}}\)?)$"
)
DAY_OR_MONTH = r"(?:\d{1,2}|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
MIDNIGHT = r"(?:[ t]00:00(?::00)?(?:\.0+)?)?"
DATE = rf"^(?:\d{{1,2}}[-/. ]{DAY_OR_MONTH}[-/. ](?:19|20)?\d\d|(?:19|20)\d\d[-/.]\d\d[-/.]\d\d){MIDNIGHT}$"
PHONE = r"^(?:\+44\s?(?:\(0\)\s?)?|0044\s?|0)(?:\d[\s-]?){9,10}$"
# Whole, or at the end of an address; "PR1" alone is a district of many people.
POSTCODE = r"(?:(?:^|[\s,])[a-z]{1,2}\d[a-z\d]?\s+\d[a-z]{2}|^[a-z]{1,2}\d[a-z\d]?\d[a-z]{2})$"
EMAIL = r"^\S+@\S+\.\S+$"
# The form since 2001; older plates are never alone.
NUMBER_PLATE = r"^[a-z]{2}\d{2}\s?[a-z]{3}$"
# HM Revenue and Customs, National Insurance Manual NIM39110: letters that are never used are left out.
INSURANCE_NUMBER = r"^[a-ceghj-prstw-z][a-ceghj-nprstw-z]\s?\d\d\s?\d\d\s?\d\d\s?[a-d]$"
TITLE_AND_NAME = r"^(?:mr|mrs|ms|miss|mx|master|dr)\.?\s+[a-z][a-z'’.-]+(?:\s[a-z][a-z'’.-]*){0,3}$"
SHAPES = {
    "a rank and a name": RANK_AND_NAME,
    "dates of birth": DATE,
    "telephone numbers": PHONE,
    "postcodes": POSTCODE,
    "e-mail addresses": EMAIL,
    "vehicle registrations": NUMBER_PLATE,
    "National Insurance numbers": INSURANCE_NUMBER,
    "a title and a name": TITLE_AND_NAME,
}
A_NAME = r"^[^\W\d_][^\d_/&:;()]*$"
MOST_WORDS_OF_A_NAME = 4
# Of the different values: names of places and of things have a few of these words too.
ENOUGH_NAMES = 0.25
# Of a place's name, "St Martin" or "Taylor Street", or of an operation's.
NOT_OF_A_PERSON = (
    r"\b(?:st|saint|ss|street|road|lane|park|ward|hill|green|wood|house|estate|centre|town|north|south|east|west|op"
    r"|operation|team|area|and)\b"
)
YEAR = r"(?:^|\D)((?:19|20)\d\d)(?:\D|$)"
SHORT_YEAR = r"\D(\d\d)(?: 00:00.*)?$"
# Searches of one export are of a few years; those who were searched were born over many.
YEARS_OF_LIVES, ENOUGH_DATES = 20, 20
# A date of search is a date; coordinates are numbers; grounds are free text, and treated as what they are.
NOT_LOOKED_AT = (*TIME_COLUMNS, *PLACE_COLUMNS, *GRID_COLUMNS, "grounds")
# A number that only tells rows or persons apart may be as long as one of a telephone.
NO_FAULT_OF = {RECORD_ID: ("telephone numbers",), PERSON_KEY: ("telephone numbers",)}


def name_personal(values: pl.Series, ours: str) -> str:
    """Say what the values of a column look like, if it is details of persons: "postcodes"; nothing otherwise."""
    if ours in NOT_LOOKED_AT:
        return ""
    counted = values.drop_nulls().value_counts(name="rows")
    texts = counted.to_series().str.to_lowercase().str.strip_chars()
    short = texts.str.len_chars() <= LONGEST
    for shape, pattern in SHAPES.items():
        fits = texts.str.contains(pattern) & short
        if pattern is RANK_AND_NAME:
            fits &= ~texts.str.contains(NO_NAME)
        rows = counted["rows"].filter(fits)
        is_such = rows.len() >= SEVERAL or int(rows.sum()) > MOST_ROWS * int(counted["rows"].sum())
        if is_such and shape not in NO_FAULT_OF.get(ours, ()):
            return shape
    if ours == "area" and not short.all():
        return "free text"
    return "names of persons" if _hold_names(texts) else ""


def _hold_names(texts: pl.Series) -> bool:
    """Say whether many of the different values hold one of the commonest forenames or surnames."""
    words = texts.str.extract_all(r"[^\W\d_]+")
    is_name = texts.str.contains(A_NAME) & (words.list.len() <= MOST_WORDS_OF_A_NAME)
    is_name &= ~texts.str.contains(NOT_OF_A_PERSON) & words.list.eval(pl.element().is_in(list_names())).list.any()
    return int(is_name.sum()) >= max(SEVERAL, ENOUGH_NAMES * texts.len())


@cache
def list_names() -> list[str]:
    """Give the commonest forenames and surnames, in small letters."""
    return [name for row in read_reference("common_names") for name in row["names"].split()]


def look_like_births(values: pl.Series) -> bool:
    """Say whether dates are of births: they are spread over the years of lives, not of an export."""
    dates = values.drop_nulls().str.to_lowercase().str.strip_chars()
    dates = dates.filter(dates.str.contains(DATE))
    if len(dates) < ENOUGH_DATES or len(dates) < MOST_ROWS * values.count():
        return False
    short = dates.str.extract(SHORT_YEAR).cast(pl.Int32, strict=False)
    full = dates.str.extract(YEAR).cast(pl.Int32, strict=False)
    # As strptime reads two digits: 69 to 99 are of the last century.
    years = full.fill_null(short + pl.select(pl.when(short >= 69).then(1900).otherwise(2000)).to_series())
    first, last = years.quantile(0.05), years.quantile(0.95)
    return first is not None and last is not None and last - first > YEARS_OF_LIVES


def looks_personal_inside(values: pl.Series) -> bool:
    """Say whether a column that nobody has named yet holds details of persons; dates alone may be those of searches."""
    return name_personal(values, "") not in ("", "dates of birth")


def refuse_personal(values: pl.Series, ours: str) -> None:
    """Refuse a mapped column of such values.

    Raises:
        DataError: the column is named, and no value of it.
    """
    shape = name_personal(values, ours)
    if ours in TIME_COLUMNS and look_like_births(values):
        shape = "dates of birth"
    if shape:
        raise DataError(
            f"the column {values.name!r}, mapped as {ours}, looks like personal data",
            found=f"several of its values look like {shape}",
            what_now=f"delete the line `{ours} = ...`, or give it a column that tells of no person; "
            "leave this one out of the export",
            code="E127",
        )
