"""Dated events: listed, and drawn as thin lines with a letter. A number in a picture would be taken for a figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from string import ascii_lowercase

from disparity.site.page import Edition
from disparity.vocabulary.calendar import first_of_month, name_day

LETTERS = tuple(first + second for first in ("", *ascii_lowercase) for second in ascii_lowercase)


@dataclass(frozen=True)
class Dated:
    """An event as the page lists it: its letter, the month that it is drawn in, and its words."""

    letter: str
    month: date
    when: str
    what: str
    kind: str
    source: str

    @property
    def is_link(self) -> bool:
        """Whether its source is an address."""
        return self.source.startswith(("https://", "http://"))


def letter_events(edition: Edition, force: str) -> list[Dated]:
    """Give the events of a force in the order of their days, each with its letter.

    One that began before the months is drawn in the first of them.
    """
    first = edition.settings.first_month
    rows = [row.values for row in edition.rows_of("events", force)]
    return [
        Dated(
            letter,
            max(first_of_month(values["first_day"]), first),
            _name_days(values["first_day"], values["last_day"]),
            str(values["event"]),
            values["kind"],
            values["source"],
        )
        for letter, values in zip(LETTERS, rows, strict=False)
    ]


def _name_days(first: date, last: date | None) -> str:
    """Name one day, or two.

    >>> _name_days(date(2019, 4, 1), None), _name_days(date(2019, 4, 1), date(2019, 8, 10))
    ('1 April 2019', '1 April 2019 to 10 August 2019')
    """
    return name_day(first) if last is None or last == first else f"{name_day(first)} to {name_day(last)}"


def gather_letters(events: Sequence[Dated]) -> dict[date, str]:
    """Gather the letters of each month, in order."""
    months = sorted({event.month for event in events})
    return {month: " ".join(event.letter for event in events if event.month == month) for month in months}
