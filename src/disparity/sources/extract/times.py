"""When each search of an extract was: dates read in the declared form, local clocks turned to UTC.

A date is never guessed between day-first and month-first. A row without a date that reads cannot be placed
in a month: it is set aside with its reason.
"""

from collections import Counter
from datetime import datetime

import polars as pl

from disparity.project.extract_mapping import ExtractSettings
from disparity.sources.extract.table import TYPED_ZONED, Table
from disparity.vocabulary.errors import DataError

LONDON = "Europe/London"  # data.police.uk files months by the UK clock, and so do we
NO_DATE = "no date"
UNREAD_DATE = "the date does not read in the declared form"
NO_SUCH_HOUR = "the clocks went forward: there was no such time"
TWICE = "the clocks went back: the hour came twice, the first is taken"
NO_TIME = "no time: midnight is taken"
# The Police and Criminal Evidence Act is of 1984: an earlier year is a two-digit or mistyped one.
FIRST_YEAR, LAST_YEAR = 1984, 2100
TYPED = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?(\+0000)?$"


def read_times(table: Table, settings: ExtractSettings) -> pl.DataFrame:
    """Give, for each row, when the search was and what had to be decided.

    Returns:
        searched_at (UTC), month (UK clock), set_aside and note (reasons; null where there is none).

    Raises:
        DataError: most dates do not read, or a spreadsheet turned some of them into dates and left others text.
    """
    dates = table.rows[settings.columns.get("searched_at") or settings.columns["search_date"]]
    if table.has_typed_dates and _is_typed(dates):
        moments, no_time = _read_typed(dates, table, settings)
    else:
        moments, no_time = _read_text(dates, table, settings)
    in_range = moments.dt.year().is_between(FIRST_YEAR, LAST_YEAR)
    moments = moments.zip_with(in_range.fill_null(False), pl.Series([None], dtype=moments.dtype))
    _refuse_wrong_format(dates, moments, settings.date_format)
    # An aware moment is already UTC; a naive one is on the declared clock.
    utc, later = (_to_utc(moments, settings.time_zone, which) for which in ("earliest", "latest"))
    set_aside = (
        pl.when(dates.is_null())
        .then(pl.lit(NO_DATE))
        .when(moments.is_null())
        .then(pl.lit(UNREAD_DATE))
        .when(utc.is_null())
        .then(pl.lit(NO_SUCH_HOUR))
    )
    note = pl.when(utc != later).then(pl.lit(TWICE)).when(no_time).then(pl.lit(NO_TIME))
    return pl.DataFrame({"searched_at": utc}).select(
        "searched_at",
        pl.col("searched_at").dt.convert_time_zone(LONDON).dt.date().dt.month_start().alias("month"),
        set_aside.alias("set_aside"),
        pl.when(utc.is_not_null()).then(note).alias("note"),
    )


def count_reasons(times: pl.DataFrame, column: str) -> Counter[str]:
    """Count the rows of each reason."""
    return Counter(times[column].drop_nulls().to_list())


def _is_typed(dates: pl.Series) -> bool:
    """Say whether the file holds dates; all of them, or a spreadsheet has read some its own way round."""
    typed = dates.str.contains(TYPED).sum()
    if typed and typed < dates.count():
        raise DataError(
            f"the column {dates.name!r} holds dates and text mixed",
            found=f"{typed} of {dates.count()} are dates, the others are text",
            what_now="export again without opening it in a spreadsheet: it may have swapped days and months",
            code="E120",
        )
    return bool(typed)


def _read_typed(dates: pl.Series, table: Table, settings: ExtractSettings) -> tuple[pl.Series, pl.Series]:
    # Spreadsheets keep times as parts of a day: 02:21 can come out as 02:20:59.999.
    if dates.str.ends_with("+0000").any():
        moments = dates.str.to_datetime(TYPED_ZONED, time_unit="us", time_zone="UTC", strict=False)
    else:
        moments = dates.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False).dt.round("1s")
    if "search_time" not in settings.columns:
        return moments, pl.repeat(False, dates.len(), eager=True)
    return _add_times(moments.dt.strftime("%Y-%m-%d"), "%Y-%m-%d", table, settings)


def _read_text(dates: pl.Series, table: Table, settings: ExtractSettings) -> tuple[pl.Series, pl.Series]:
    if not settings.date_format and dates.count():
        raise DataError(
            f"the dates of {dates.name!r} are text and the project file does not say how they are written",
            what_now='add date_format, such as "%d/%m/%Y %H:%M": `disparity map` proposes it',
            code="E135",
        )
    if "search_time" in settings.columns:
        return _add_times(dates, settings.date_format, table, settings)
    return _parse(dates, settings.date_format), pl.repeat(False, dates.len(), eager=True)


def _add_times(dates: pl.Series, form: str, table: Table, settings: ExtractSettings) -> tuple[pl.Series, pl.Series]:
    """Put date and time together; a time that is blank or does not read is midnight, and is noted."""
    times = table.rows[settings.columns["search_time"]].str.replace(r"^1899-12-31 ", "")
    clock = times.str.to_time(settings.time_format, strict=False)
    if table.has_typed_dates:
        clock = clock.zip_with(clock.is_not_null(), times.str.to_time("%H:%M:%S%.f", strict=False))
    text = clock.fill_null(datetime.min.time()).dt.strftime("%H:%M:%S")
    return _parse(dates + " " + text, f"{form} %H:%M:%S"), clock.is_null()


def _parse(dates: pl.Series, form: str) -> pl.Series:
    # Python's %f is chrono's %.f with its point.
    form = form.replace(".%f", "%.f")
    return dates.str.to_datetime(form, time_unit="us", strict=False)


def _refuse_wrong_format(dates: pl.Series, moments: pl.Series, form: str) -> None:
    unread = dates.count() - moments.count()
    if unread * 2 > dates.count():
        raise DataError(
            f"most dates of {dates.name!r} do not read as {form!r}",
            found=f"{unread} of {dates.count()} do not",
            what_now="check date_format: is it day first, are there seconds, how many digits has the year?",
            code="E135",
        )


def _to_utc(moments: pl.Series, time_zone: str, which: str) -> pl.Series:
    if moments.dtype == pl.Datetime("us", "UTC"):
        return moments
    local = moments.dt.replace_time_zone(time_zone, ambiguous=which, non_existent="null")  # type: ignore[arg-type]
    return local.dt.convert_time_zone("UTC")
