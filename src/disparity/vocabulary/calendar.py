"""Months, periods and days: how they are cut, and how they are named in English, whatever the machine's locale."""

from datetime import date

import polars as pl

MONTHS_IN_YEAR = 12


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


def month_range(first: date, last: date) -> list[date]:
    """Give the first day of every month from `first` to `last`, both included."""
    count = (last.year - first.year) * MONTHS_IN_YEAR + last.month - first.month + 1
    places = (first.month - 1 + step for step in range(count))
    return [date(first.year + place // MONTHS_IN_YEAR, place % MONTHS_IN_YEAR + 1, 1) for place in places]


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
    names = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
    return f"{names[month.month - 1]} {month.year}"


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
        if spans and month_range(spans[-1][-1], month)[1:] == [month]:
            spans[-1].append(month)
        else:
            spans.append([month])
    ends = [(name_month(span[0]), name_month(span[-1])) for span in spans]
    return ", ".join(first if first == last else f"{first} to {last}" for first, last in ends)
