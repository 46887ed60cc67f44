"""Dates and times as text: the forms they are written in, how each is read, and which of them reads a column.

A form is proposed by reading the column with it, and the build reads by the same function: what is proposed as sure
reads every row.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import time

import polars as pl

from disparity.project.extract_mapping import DAY_NUMBER, find_clash

# The Police and Criminal Evidence Act is of 1984: an earlier year is a two-digit or mistyped one.
FIRST_YEAR, LAST_YEAR = 1984, 2100
DAYS_TO_1970, SECONDS_OF_A_DAY = 25_569, 86_400
NUMBER = r"^(\d{5}(?:[.,]\d+)?)$"
PART_OF_DAY = r"^(0?[.,]\d+|0)$"
# Day first before month first: where no date distinguishes them, the former is proposed, marked.
_DAYS = "%d/%m/%Y %m/%d/%Y %Y-%m-%d %d-%m-%Y %d.%m.%Y %d-%b-%Y %Y/%m/%d %Y%m%d %d/%m/%y %m/%d/%y %d-%b-%y"
_MORE = "%m-%d-%Y %d-%m-%y %d.%m.%y %Y.%m.%d %d/%b/%Y %d%b%Y %d%b%y %d-%B-%Y"
YEAR_FIRST = ("%y-%m-%d", "%y/%m/%d")
DAY_FORMS = (
    *_DAYS.split(),
    "%d %b %Y",
    "%d %B %Y",
    *_MORE.split(),
    "%d %b %y",
    "%b %d %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    *YEAR_FIRST,
)
CLOCK_FORMS = ("%H:%M", "%H:%M:%S", "%H%M", "%I:%M %p", "%I:%M:%S %p", "%H%M%S", "%H.%M", "%H.%M.%S")
COLONS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p")
GAPS = (" ", "T", ", ", ":")
# A time at the end of a text: what stands between it and the date, and whether it says its zone.
PARTS = (
    r"(?i)^(.*?[^\s,T:])(, | |T|:)"
    r"(\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[ap]\.? ?m\.?)?|\d{4}|\d{6}|\d\d?\.\d\d(?:\.\d\d)?)"
    r"(z| ?utc| ?gmt| ?bst| ?[+-]\d\d(?::?\d\d)?)?$"
)
# What a time cell becomes whose day is the first that the system can count.
FIRST_DAYS = r"^(?:(?:1899-12-3[01]|1900-01-0[01]|0001-01-01)[ T]|0 days )"
EXAMPLES_OF_A_SHAPE, MOST_SHAPES = 20, 60
MOST_FORMS = 4
MANY_TIMES = 3
SHORT_TEXT = 60  # characters; a longer one is no date


def read_moments(texts: pl.Series, form: str) -> pl.Series:
    """Read texts in one form; null where one does not read so, or gives a year that cannot be.

    Fractions of a second are left out; `a.m.` is AM; `%z` reads +00:00, +0000, +00, Z, UTC, GMT and BST.

    Returns:
        UTC where the form has a zone; else of the clock that the texts are of.

    >>> read_moments(pl.Series(["2024-04-01 3:05:00.250 p.m."]), "%Y-%m-%d %I:%M:%S %p").to_list()
    [datetime.datetime(2024, 4, 1, 15, 5)]
    """
    if form == DAY_NUMBER:
        return _read_day_numbers(texts)
    zone = "UTC" if "%z" in form else None
    tidied = _tidy(pl.first(), form)
    read = tidied.str.to_datetime(_tidy_form(form), time_unit="us", time_zone=zone, strict=False)
    return keep_likely(texts.to_frame().select(read).to_series())


def read_in_turn(texts: pl.Series, forms: Sequence[str]) -> tuple[pl.Series, pl.Series]:
    """Read each text in the first of the forms that reads it: the moments of no zone, and those in UTC."""
    naive = pl.repeat(None, texts.len(), dtype=pl.Datetime("us"), eager=True)
    aware = naive.dt.replace_time_zone("UTC")
    for form in forms:
        read = read_moments(texts, form)
        read = read.zip_with(naive.is_null() & aware.is_null(), pl.Series([None], dtype=read.dtype))
        if "%z" in form:
            aware = aware.zip_with(aware.is_not_null(), read)
        else:
            naive = naive.zip_with(naive.is_not_null(), read)
    return naive, aware


def read_clock(texts: pl.Series, form: str) -> pl.Series:
    """Read times of day; one with colons reads as what it is, whatever the form of the others.

    >>> read_clock(pl.Series(["915", "0915", "9:15", "1899-12-31 09:15:00", "9:15 am"]), "%H%M").unique().to_list()
    [datetime.time(9, 15)]
    """
    texts = tidy_clock(texts)
    read = _read_parts_of_day(texts) if form == DAY_NUMBER else _read_time(_pad(texts, form), form)
    for other in COLONS:
        if read.null_count() > texts.null_count():
            read = read.zip_with(read.is_not_null(), _read_time(texts, other))
    return read


def tidy_clock(texts: pl.Series) -> pl.Series:
    """Take off the day that a system puts before a time that has none."""
    return texts.str.replace(FIRST_DAYS, "")


def fit_forms(values: pl.Series) -> list[tuple[str, float]]:
    """Give the forms that read some of the dates, best first, with the share they read."""
    texts = values.drop_nulls()
    examples = _take_of_each_shape(texts.filter(texts.str.contains(r"\d[^\d]*\d")))
    if examples.is_empty():
        return []
    likely = [form for form in dict.fromkeys(_list_likely(examples)) if read_moments(examples, form).count()]
    shares = [(form, read_moments(texts, form).count() / texts.len()) for form in likely]
    return sorted(shares, key=lambda pair: -pair[1])


def fit_clock_form(values: pl.Series) -> tuple[str, float]:
    """Give the form that reads the most times of day, and the share it reads."""
    texts = values.drop_nulls()
    if texts.is_empty():
        return CLOCK_FORMS[0], 0.0
    forms = (*CLOCK_FORMS, DAY_NUMBER, *(f"{form}%z" for form in CLOCK_FORMS[:2]))
    counts = {form: count_times(texts, form) for form in forms}
    best = max(counts, key=lambda form: counts[form])
    return best, counts[best] / texts.len()


def count_times(texts: pl.Series, form: str) -> int:
    """Count the times of day that are written in a form: in no other, though one with colons would read."""
    texts = tidy_clock(texts)
    if "%z" in form:
        return read_moments("2024-01-01 " + texts, f"%Y-%m-%d {form}").count()
    read = _read_parts_of_day(texts) if form == DAY_NUMBER else _read_time(_pad(texts, form), form)
    return read.count()


def choose_forms(values: pl.Series) -> tuple[tuple[str, ...], list[str]]:
    """Choose the forms to propose, as few as read every date that reads; and others that read as many, otherwise.

    Of several forms none may read a date of another: 05/04 is not read day first in one row and month first in the
    next.
    """
    texts = values.drop_nulls()
    fits = fit_forms(texts)
    if not fits:
        return (), []
    share = fits[0][1]
    equals = {form: read_moments(texts, form) for form, of_form in fits if of_form == share}
    # Dates read year first that are written day first, 25-04-26, are of as many years as there are days.
    years = {form: moments.dt.year().n_unique() for form, moments in equals.items()}
    best = min(equals, key=lambda form: years[form])
    moments = equals[best]
    rivals = [
        form
        for form, read in equals.items()
        if years[form] <= MANY_TIMES * years[best] and not read.equals(moments, null_equal=True)
    ]
    chosen = [best]
    unread = texts.filter(moments.is_null())
    while unread.len() and len(chosen) < MOST_FORMS:
        more = [form for form, _ in fit_forms(unread) if not find_clash((*chosen, form))]
        if not more:
            break
        chosen.append(more[0])
        unread = unread.filter(read_moments(unread, more[0]).is_null())
    return tuple(chosen), rivals


def keep_likely(moments: pl.Series) -> pl.Series:
    """Leave out years that cannot be: a two-digit one, a slip of the pen."""
    if moments.null_count() == moments.len():  # as of most forms that are tried
        return moments
    is_likely = moments.dt.year().is_between(FIRST_YEAR, LAST_YEAR).fill_null(False)
    return moments.zip_with(is_likely, pl.Series([None], dtype=moments.dtype))


def has_time(form: str) -> bool:
    """Whether a form gives the time of day too."""
    return form == DAY_NUMBER or "%H" in form or "%I" in form


def is_midnight(moments: pl.Series) -> bool:
    """Whether every moment is a midnight: of a date without a time."""
    return bool((moments.dt.time() == time.min).all())


def _list_likely(examples: pl.Series) -> Iterator[str]:
    if examples.str.contains(NUMBER).any():
        yield DAY_NUMBER
    yield from (day for day in DAY_FORMS if read_moments(examples, day).count())
    # Days and times of day apart: every form of the one with every form of the other would be hundreds.
    parts = [examples.str.extract(PARTS, group) for group in (1, 2, 3, 4)]
    timed = parts[0].is_not_null()
    if not timed.any():
        return
    days, gaps, times, zones = (part.filter(timed) for part in parts)
    zoned = (["", "%z"] if zones.null_count() else ["%z"]) if zones.count() else [""]
    clocks = [form for form in CLOCK_FORMS if _read_time(times, form).count()]
    for day in (day for day in DAY_FORMS if read_moments(days, day).count()):
        for gap in GAPS:
            if (gaps == gap).any():
                yield from (f"{day}{gap}{clock}{zone}" for clock in clocks for zone in zoned)


def _take_of_each_shape(texts: pl.Series) -> pl.Series:
    """Some texts of every shape that there is: a form that begins in the last row is seen."""
    short = texts.filter(texts.str.len_chars() <= SHORT_TEXT)
    shape = short.str.replace_all(r"\d", "9").str.replace_all(r"[A-Za-z]+", "a")
    shapes = shape.unique(maintain_order=True).head(MOST_SHAPES)
    held = pl.DataFrame({"shape": shape, "text": short}).filter(pl.col("shape").is_in(shapes.to_list()))
    # The first and the last: files are in order of time, and a day past the twelfth may come late.
    ends = pl.concat([pl.col("text").head(EXAMPLES_OF_A_SHAPE), pl.col("text").tail(EXAMPLES_OF_A_SHAPE)])
    return held.group_by("shape", maintain_order=True).agg(ends).explode("text")["text"]


def _tidy(texts: pl.Expr, form: str) -> pl.Expr:
    """Write one way what a form allows several for: spaces, fractions of a second, a.m., zones, Sept."""
    tidied = texts.str.replace_all(r"[\s\u202f]+", " ").str.replace(r"(\d[:.]\d\d[:.]\d\d)[.,]\d+", "$1")
    if "%p" in form:
        tidied = tidied.str.replace(r"(?i) ?([ap])\.? ?m\b\.?", " ${1}M")
    if "%b" in form or "%B" in form:
        tidied = tidied.str.replace(r"(?i)\bsept\b", "Sep")
    if "%z" in form:
        tidied = (
            tidied.str.replace(r"\[[A-Za-z/_]+\]$", "")
            .str.replace(r"(?i) ?(z|utc|gmt)$", "+0000")
            .str.replace(r"(?i) ?bst$", "+0100")
            .str.replace(r" ?([+-]\d\d):?(\d\d)$", "$1$2")
            .str.replace(r"(:\d\d|M) ?([+-]\d\d)$", "${1}${2}00")
        )
    return tidied


def _tidy_form(form: str) -> str:
    """Write a form as tidied texts are: Python's %f is a fraction of a second, which they no longer have."""
    form = form.replace("%.f", "").replace(".%f", "").replace("%f", "")
    return re.sub(r" ?%p", " %p", re.sub(r" ?%z", "%z", form))


def _read_time(texts: pl.Series, form: str) -> pl.Series:
    return texts.to_frame().select(_tidy(pl.first(), form).str.to_time(_tidy_form(form), strict=False)).to_series()


def _pad(texts: pl.Series, form: str) -> pl.Series:
    """Give back the zeros that a spreadsheet takes off: 915 is 09:15 where times are 0915."""
    if form not in ("%H%M", "%H%M%S"):
        return texts
    digits = len(form) // len("%H") * 2
    whole = texts.str.strip_suffix(".0")
    return whole.str.zfill(digits).zip_with(whole.str.contains(r"^\d+$").fill_null(False), whole)


def _read_day_numbers(texts: pl.Series) -> pl.Series:
    """Read day numbers to the second: a part of a day is seldom a whole number of them."""
    seconds = (_read_number(texts, NUMBER) * SECONDS_OF_A_DAY).round().cast(pl.Int64)
    return keep_likely(((seconds - DAYS_TO_1970 * SECONDS_OF_A_DAY) * 1_000_000).cast(pl.Datetime("us")))


def _read_parts_of_day(texts: pl.Series) -> pl.Series:
    nanoseconds = (_read_number(texts, PART_OF_DAY) * SECONDS_OF_A_DAY).round() % SECONDS_OF_A_DAY * 1_000_000_000
    return nanoseconds.cast(pl.Int64).cast(pl.Time)


def _read_number(texts: pl.Series, pattern: str) -> pl.Series:
    return texts.str.extract(pattern).str.replace(",", ".").cast(pl.Float64)
