"""What an analyst asks for: forces and months, checked before anything is downloaded."""

import re
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

from disparity.sources.police_uk import FIRST_MONTH
from disparity.vocabulary.calendar import LATEST_MONTH, month_range, read_month
from disparity.vocabulary.codes import force_aliases
from disparity.vocabulary.errors import RequestError
from disparity.vocabulary.force_ids import refuse_elsewhere, suggest_force

MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")


ARCHIVE, API = "archive", "api"


class Order(NamedTuple):
    """Forces (none: all there are) and months to fetch, and where from: archives or API."""

    forces: tuple[str, ...]
    months: tuple[date, ...]
    source: str


class Terms(NamedTuple):
    """How to fetch: the day to put down ("": the server's), whether to look for changes, whom to ask and inform.

    `base_url` stands in for every publisher's host ("": their own).
    """

    on: str
    refresh: bool
    base_url: str
    say: Callable[[str], None]


def make_terms(*, on: str, refresh: bool, base_url: str, say: Callable[[str], None]) -> Terms:
    """Give the terms of a fetch.

    Raises:
        RequestError: `on` is no day, or `base_url` no address of a host.
    """
    try:
        day = date.fromisoformat(on).isoformat() if on else ""
    except ValueError:
        raise RequestError(f"{on!r} is no day", what_now="write it as 2026-08-31") from None
    if base_url:
        check_address(base_url)
    return Terms(day, refresh, base_url, say)


def check_address(address: str) -> None:
    """Refuse what is no web address.

    Raises:
        RequestError: it is none.
    """
    if not re.fullmatch(r"https?://[A-Za-z0-9.:-]+(/[^\s\[\]]*)?", address):
        raise RequestError(f"{address!r} is no web address", what_now="write it as https://host.example/path")


def list_months(first: str, last: str) -> tuple[date, ...]:
    """Give the first day of each month from `first` to `last`.

    Raises:
        RequestError: one is no month, they are the wrong way round, or there were no records yet.

    >>> [f"{month:%Y-%m}" for month in list_months("2023-12", "2024-01")]
    ['2023-12', '2024-01']
    """
    start, end = _read_month(first), _read_month(last)
    if end < start:
        raise RequestError("the last month is before the first", found=f"{first} to {last}", what_now="swap them")
    if start < FIRST_MONTH:
        raise RequestError(
            f"the portal has no stop-and-search records of {first}",
            what_now=f"ask for months from {FIRST_MONTH:%Y-%m} on",
        )
    if end > LATEST_MONTH:
        raise RequestError(f"there will be no records of {last}", what_now="write it as 2023-04")
    return tuple(month_range(start, end))


def _read_month(text: str) -> date:
    # A misspelt month would give the latest one, without a word.
    if not MONTH.fullmatch(text) or text.startswith("0000"):
        raise RequestError(f"{text!r} is no month", what_now="write it as 2023-04")
    return read_month(text)


def name_file(force: str, month: date) -> str:
    """Name a force-month as the portal does.

    >>> name_file("kent", date(2023, 4, 1))
    '2023-04/2023-04-kent-stop-and-search.csv'
    """
    return f"{month:%Y-%m}/{month:%Y-%m}-{force}-stop-and-search.csv"


def check_forces(forces: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """Give the ids of the forces asked for, in order, each once.

    Raises:
        RequestError: there is no such force; the error names the nearest. The portal would answer with an empty list.
    """
    ids = tuple(sorted({force_aliases().get(force, force) for force in forces}))
    for force in ids:
        if force not in known:
            refuse_elsewhere([force])
            # The host has ids of its own; what forces are called for short, it does not know.
            alike = get_close_matches(force.casefold(), known, n=1, cutoff=0.8)
            near = alike[0] if alike else suggest_force(force)
            raise RequestError(
                f"there is no force {force!r}",
                found=f"the nearest id is {near!r}" if near else f"{len(known)} forces, none with a name like it",
                what_now="write ids as data.police.uk does, such as --force lancashire",
            )
    return ids
