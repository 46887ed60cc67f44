"""Months, quarters, financial years and periods: how they are listed, cut and named.

A month is its first day. Names are in English, whatever the machine's locale.
"""

from datetime import date

import polars as pl

MONTHS_IN_YEAR = 12
MONTHS_IN_QUARTER = 3
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


# No record of a search under today's powers is older: the Police and Criminal Evidence Act 1984 came into force on
# 1 January 1986. A month after the last is a slip of the pen, and every month between would be made a row.
EARLIEST_MONTH, LATEST_MONTH = date(1986, 1, 1), date(2099, 12, 1)


def refuse_far_month(month: date) -> date:
    """Give a month that there can be records of.

    Raises:
        ValueError: it is another.

    >>> refuse_far_month(date(2019, 4, 1))
    datetime.date(2019, 4, 1)
    """
    if not EARLIEST_MONTH <= month <= LATEST_MONTH:
        raise ValueError(f"there are no records of {month.isoformat()[:7]}: write a month from 1986-01 to 2099-12")
    return month


def read_month(text: str) -> date:
    """Read a month as files and settings write it.

    Raises:
        ValueError: it is none.

    >>> read_month("2019-04")
    datetime.date(2019, 4, 1)
    """
    return date.fromisoformat(f"{text}-01")


def first_of_month(day: date) -> date:
    """Give the month of a day.

    >>> first_of_month(date(2019, 4, 18))
    datetime.date(2019, 4, 1)
    """
    return day.replace(day=1)


def number_month(month: date) -> int:
    """Number a month, so that months can be counted between two.

    >>> number_month(date(2020, 1, 1)) - number_month(date(2019, 12, 1))
    1
    """
    return month.year * MONTHS_IN_YEAR + month.month


def months_from(first: date, count: int) -> list[date]:
    """Give so many months, from that of `first`.

    >>> [f"{month:%Y-%m}" for month in months_from(date(2019, 11, 1), 3)]
    ['2019-11', '2019-12', '2020-01']
    """
    places = (first.month - 1 + step for step in range(count))
    return [date(first.year + place // MONTHS_IN_YEAR, place % MONTHS_IN_YEAR + 1, 1) for place in places]


def month_range(first: date, last: date) -> list[date]:
    """Give every month from `first` to `last`, both included.

    >>> month_range(date(2019, 12, 1), date(2020, 1, 1))
    [datetime.date(2019, 12, 1), datetime.date(2020, 1, 1)]
    """
    return months_from(first, number_month(last) - number_month(first) + 1)


def next_month(month: date) -> date:
    """Give the month after.

    >>> next_month(date(2019, 12, 1))
    datetime.date(2020, 1, 1)
    """
    return months_from(month, 2)[1]


def financial_year(year: int) -> list[date]:
    """Give the months of the financial year that begins in April of `year`.

    >>> name_period(financial_year(2019)[0], financial_year(2019)[-1])
    'year ending March 2020'
    """
    return months_from(date(year, 4, 1), MONTHS_IN_YEAR)


def first_of_quarter(year: int, quarter: int) -> date:
    """Give the first month of a quarter of the financial year that begins in April of `year`.

    >>> first_of_quarter(2024, 4)
    datetime.date(2025, 1, 1)
    """
    return financial_year(year)[MONTHS_IN_QUARTER * (quarter - 1)]


def cut_periods(first: date, last: date) -> pl.DataFrame:
    """Cut months into years that end in the last one; `Settings.periods` says what it gives."""
    months = month_range(first, last)
    end = len(months)
    years_back = [(end - 1 - place) // MONTHS_IN_YEAR for place in range(end)]
    return pl.DataFrame(
        {
            "month": months,
            "period_from": [months[max(end - MONTHS_IN_YEAR * (back + 1), 0)] for back in years_back],
            "period_to": [months[end - 1 - MONTHS_IN_YEAR * back] for back in years_back],
        }
    )


def name_period(first: date, last: date) -> str:
    """Name a period as official statistics do.

    >>> name_period(date(2019, 4, 1), date(2020, 3, 1))
    'year ending March 2020'
    >>> name_period(date(2019, 1, 1), date(2019, 3, 1))
    'January 2019 to March 2019'
    """
    if len(month_range(first, last)) == MONTHS_IN_YEAR:
        return f"year ending {name_month(last)}"
    return name_month(first) if first == last else f"{name_month(first)} to {name_month(last)}"


def within(first: date, last: date) -> str:
    """Say when, as it follows a verb.

    >>> within(date(2019, 4, 1), date(2020, 3, 1))
    'in the year ending March 2020'
    >>> within(date(2019, 1, 1), date(2019, 3, 1))
    'from January 2019 to March 2019'
    """
    period = name_period(first, last)
    if period.startswith("year"):
        return f"in the {period}"
    return f"in {period}" if first == last else f"from {period}"


def name_month(month: date) -> str:
    """Name a month in English, whatever the machine's locale.

    >>> name_month(date(2020, 3, 1))
    'March 2020'
    """
    return f"{MONTH_NAMES[month.month - 1]} {month.year}"


def name_day(day: date | str) -> str:
    """Name a day in English, whatever the machine's locale; words stay as they are.

    >>> name_day(date(2026, 6, 18))
    '18 June 2026'
    >>> name_day("summer 2027")
    'summer 2027'
    """
    return f"{day.day} {name_month(day)}" if isinstance(day, date) else day


def name_months(months: list[date]) -> str:
    """Name months in order, those that follow each other as a span.

    >>> name_months([date(2019, 12, 1), date(2020, 1, 1), date(2020, 2, 1), date(2020, 5, 1)])
    'December 2019 to February 2020, May 2020'
    """
    spans: list[list[date]] = []
    for month in sorted(set(months)):
        if spans and next_month(spans[-1][-1]) == month:
            spans[-1].append(month)
        else:
            spans.append([month])
    ends = [(name_month(span[0]), name_month(span[-1])) for span in spans]
    return ", ".join(first if first == last else f"{first} to {last}" for first, last in ends)
