"""When each search of an extract was: dates read in the declared form, local clocks turned to UTC.

A date is never guessed between day-first and month-first. A row without a date that reads cannot be placed
in a month: it is set aside with its reason.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import polars as pl

from disparity.project.extract_mapping import ExtractSettings
from disparity.sources.extract.date_forms import (
    choose_forms,
    has_time,
    keep_likely,
    read_clock,
    read_in_turn,
    read_moments,
    tidy_clock,
)
from disparity.sources.extract.table import ROW, TYPED_ZONED, Table
from disparity.vocabulary.errors import DataError

LONDON = "Europe/London"  # data.police.uk files months by the UK clock, and so do we
NO_DATE = "no date"
UNREAD_DATE = "the date does not read in the declared form"
NO_SUCH_HOUR = "the clocks went forward: there was no such time, the hour after is taken"
TWICE = "the clocks went back: the hour came twice, the first is taken"
NO_TIME = "no time: midnight is taken"
TYPED = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?(\+0000)?$"
# One row in a thousand is a slip of the pen; more, in a form of their own, are another way of writing dates.
MOST_SLIPS = 0.001
# So many dates on one side of the twelfth are no chance.
MANY, MONTHS_OF_A_YEAR = 10, 12
MOST_RUNS = 5  # of rows, in a message


def read_times(table: Table, settings: ExtractSettings) -> pl.DataFrame:
    """Give, for each row, when the search was and what had to be decided.

    Returns:
        searched_at (UTC), month (UK clock), set_aside and note (reasons; null where there is none).

    Raises:
        DataError: most dates do not read, some are written in another form than was declared, or a spreadsheet
            turned some of them into dates and left others text.
    """
    dates = table.rows[settings.columns.get("searched_at") or settings.columns["search_date"]]
    if table.has_typed_dates and _is_typed(dates):
        naive, aware = read_typed(dates)
    else:
        naive, aware = _read_text(dates, table, settings)
    no_time = pl.repeat(False, dates.len(), eager=True)
    if "search_time" in settings.columns:
        naive, aware, no_time = _add_times(naive, aware, table, settings)
    elif not table.has_typed_dates:
        no_time = _has_no_time(dates, settings.date_forms)
    # An aware moment is already UTC; a naive one is on the declared clock.
    utc, later = (
        aware.zip_with(aware.is_not_null(), to_utc(naive, settings.time_zone, which))
        for which in ("earliest", "latest")
    )
    # Written on a clock that was not put forward, or by hand: the search was on that day, at about that time.
    is_skipped = naive.is_not_null() & utc.is_null()
    utc = to_utc(naive.dt.offset_by("1h"), settings.time_zone).zip_with(is_skipped, utc)
    set_aside = (
        pl.when(dates.is_null()).then(pl.lit(NO_DATE)).when(naive.is_null() & aware.is_null()).then(pl.lit(UNREAD_DATE))
    )
    note = (
        pl.when(is_skipped)
        .then(pl.lit(NO_SUCH_HOUR))
        .when(utc != later)
        .then(pl.lit(TWICE))
        .when(no_time)
        .then(pl.lit(NO_TIME))
    )
    return pl.DataFrame({"searched_at": utc}).select(
        "searched_at",
        pl.col("searched_at").dt.convert_time_zone(LONDON).dt.date().dt.month_start().alias("month"),
        set_aside.alias("set_aside"),
        pl.when(utc.is_not_null()).then(note).alias("note"),
    )


def count_reasons(times: pl.DataFrame, column: str) -> Counter[str]:
    """Count the rows of each reason."""
    return Counter(times[column].drop_nulls().to_list())


def name_rows(numbers: Sequence[int]) -> str:
    """Name rows by their numbers, runs of them by the first and the last.

    >>> name_rows([1, 2, 3, 7, 9, 10])
    'rows 1 to 3, 7 and 9 to 10'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    named = [str(first) if first == last else f"{first} to {last}" for first, last in runs]
    if len(named) > MOST_RUNS:
        return f"rows {', '.join(named[:MOST_RUNS])} and more"
    *most, last_run = named
    return f"{'rows' if len(numbers) > 1 else 'row'} {', '.join(most)}{' and ' if most else ''}{last_run}"


def to_utc(moments: pl.Series, time_zone: str, which: str = "earliest") -> pl.Series:
    """Turn moments of a clock to UTC: of an hour that came twice the one named, null in one that never came."""
    local = moments.dt.replace_time_zone(time_zone, ambiguous=which, non_existent="null")  # type: ignore[arg-type]
    return local.dt.convert_time_zone("UTC")


def read_typed(dates: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Read what the file holds as dates: the moments of no zone, and those in UTC."""
    naive, aware = _nothing(dates.len())
    if dates.str.ends_with("+0000").any():
        aware = dates.str.to_datetime(TYPED_ZONED, time_unit="us", time_zone="UTC", strict=False)
    else:
        # Spreadsheets keep times as parts of a day: 02:21 can come out as 02:20:59.999.
        naive = dates.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False).dt.round("1s")
    return keep_likely(naive), keep_likely(aware)


def _is_typed(dates: pl.Series) -> bool:
    """Say whether the file holds dates; all of them, or a spreadsheet has read some its own way round."""
    typed = int(dates.str.contains(TYPED).sum())
    if typed and typed < dates.count():
        raise _half_turned(dates, typed, "dates, the others are text")
    return bool(typed)


def _half_turned(dates: pl.Series, count: int, what: str) -> DataError:
    return DataError(
        f"the column {dates.name!r} holds dates and text mixed",
        found=f"{count} of {dates.count()} are {what}",
        what_now="export again without opening it in a spreadsheet: it may have swapped days and months",
        code="E120",
    )


def _nothing(rows: int) -> tuple[pl.Series, pl.Series]:
    naive = pl.repeat(None, rows, dtype=pl.Datetime("us"), eager=True)
    return naive, naive.dt.replace_time_zone("UTC")


def _read_text(dates: pl.Series, table: Table, settings: ExtractSettings) -> tuple[pl.Series, pl.Series]:
    if not settings.date_forms and dates.count():
        raise DataError(
            f"the dates of {dates.name!r} are text and the project file does not say how they are written",
            found=f"{dates.count():,} dates and no date_format",
            what_now='add date_format, such as "%d/%m/%Y %H:%M": `disparity map` proposes it',
            code="E135",
        )
    naive, aware = read_in_turn(dates, settings.date_forms)
    if len(settings.date_forms) > 1:
        _refuse_half_turned(dates, settings.date_forms)
    is_unread = naive.is_null() & aware.is_null() & dates.is_not_null()
    _refuse_wrong_format(dates, int(is_unread.sum()), settings.date_forms)
    if is_unread.sum() > MOST_SLIPS * dates.count():
        _refuse_other_form(dates.filter(is_unread), table.rows[ROW].filter(is_unread), settings.date_forms)
    return naive, aware


def _refuse_half_turned(dates: pl.Series, forms: Sequence[str]) -> None:
    """Refuse dates of which those up to the twelfth are in one form and the others in another: some are swapped."""
    left = dates
    days: list[pl.Series] = []
    for form in forms:
        moments = read_moments(left, form)
        left = left.filter(moments.is_null())
        days.append(moments.drop_nulls().dt.day())
    early, late = ([day.len() for day in days if day.len() and test(day)] for test in (_is_early, _is_late))
    if max(early, default=0) >= MANY and max(late, default=0) >= MANY:
        raise _half_turned(dates, sum(early), "in one form and up to the twelfth, the others in another and after it")


def _is_early(days: pl.Series) -> bool:
    return bool((days <= MONTHS_OF_A_YEAR).all())


def _is_late(days: pl.Series) -> bool:
    return bool((days > MONTHS_OF_A_YEAR).all())


def _refuse_wrong_format(dates: pl.Series, unread: int, forms: Sequence[str]) -> None:
    if unread * 2 > dates.count():
        raise DataError(
            f"most dates of {dates.name!r} do not read as {' or '.join(map(repr, forms))}",
            found=f"{unread} of {dates.count()} do not",
            what_now="check date_format: is it day first, are there seconds, how many digits has the year?",
            code="E135",
        )


def _refuse_other_form(unread: pl.Series, numbers: pl.Series, declared: Sequence[str]) -> None:
    """Name the rows that are written in another known form: which, how, and the line that reads them too."""
    others, _ = choose_forms(unread)
    if not others:
        return
    read = read_moments(unread, others[0]).is_not_null()
    written = ", ".join(f'"{form}"' for form in (*declared, others[0]))
    raise DataError(
        f"dates of {unread.name!r} are written in more than one form",
        found=f"{name_rows(numbers.filter(read).to_list())} as {others[0]} (row 1 is the first below the header)",
        what_now=f"if both are right, date_format = [{written}]; if a program has rewritten some, export again",
        code="E119",
    )


def _has_no_time(dates: pl.Series, forms: Sequence[str]) -> pl.Series:
    """Say which rows were read in a form without a time, where another has one: R writes a midnight so."""
    timed = [form for form in forms if has_time(form)]
    if not timed or len(timed) == len(forms):
        return pl.repeat(False, dates.len(), eager=True)
    naive, aware = read_in_turn(dates, timed)
    return naive.is_null() & aware.is_null() & dates.is_not_null()


def _add_times(
    naive: pl.Series, aware: pl.Series, table: Table, settings: ExtractSettings
) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Put date and time together; a time that is blank or does not read is midnight, and is noted."""
    days = naive.zip_with(naive.is_not_null(), aware.dt.replace_time_zone(None)).dt.date()
    times = table.rows[settings.columns["search_time"]]
    midnight = days.cast(pl.Datetime("us"))
    if "%z" in settings.time_format:
        moments = days.dt.strftime("%Y-%m-%d ") + tidy_clock(times)
        aware = read_moments(moments, f"%Y-%m-%d {settings.time_format}")
        no_time = aware.is_null()
        return midnight.zip_with(no_time, pl.Series([None], dtype=midnight.dtype)), aware, no_time
    clock = read_clock(times, settings.time_format)
    whole = pl.select(pl.lit(days).dt.combine(pl.lit(clock.fill_null(datetime.min.time())))).to_series()
    return whole.cast(pl.Datetime("us")), _nothing(days.len())[1], clock.is_null()
