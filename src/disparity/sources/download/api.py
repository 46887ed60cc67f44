"""Monthly files out of the portal's API, for months that are in no archive yet.

The API answers wrong questions as if they were right: an unknown force with an empty list, a month it does not
understand with the latest one. So forces are looked up first, months in the list of what was published, and every
row's month is read. A force that did not publish a month has no file: it is missing, not without searches.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from disparity.sources.download.archive import Arrival
from disparity.sources.download.order import Order, Terms, check_forces, name_file
from disparity.sources.download.store import Entry, Part, Store, is_kept, keep, keep_new
from disparity.sources.download.web import Web, ask, day_of
from disparity.vocabulary.errors import DataError, RequestError
from disparity.vocabulary.force_ids import is_known
from disparity.vocabulary.json_text import read_json

API = "https://data.police.uk/api"
# British Transport Police answers, and is in no list of forces.
UNLISTED = ("btp",)
LONDON = ZoneInfo("Europe/London")
# The portal's columns and what the API calls them; latitude and longitude are inside `location`.
COLUMNS = {
    "Type": "type",
    "Date": "datetime",
    "Part of a policing operation": "operation",
    "Policing operation": "operation_name",
    "Latitude": "latitude",
    "Longitude": "longitude",
    "Gender": "gender",
    "Age range": "age_range",
    "Self-defined ethnicity": "self_defined_ethnicity",
    "Officer-defined ethnicity": "officer_defined_ethnicity",
    "Legislation": "legislation",
    "Object of search": "object_of_search",
    "Outcome": "outcome",
    "Outcome linked to object of search": "outcome_linked_to_object_of_search",
    "Removal of more than just outer clothing": "removal_of_more_than_outer_clothing",
}
NEEDED = ("type", "datetime", "outcome")


class _Answer(NamedTuple):
    rows: Any
    part: Part
    on: str


def fetch_from_api(web: Web, store: Store, order: Order, terms: Terms, held: Mapping[str, Entry]) -> Iterator[Arrival]:
    """Ask for each force and month that was published, and write the answers as the portal's own CSVs.

    Args:
        held: what is there by name.

    Raises:
        RequestError: there is no such force, or a month the API has not.
        DataError: an answer is of another month, or not what the API gives.
    """
    listed = {str(force.get("id")) for force in _ask(web, store, "forces").rows}
    # Ids name files: one that is not in our own table is nobody's, whatever it holds.
    known = tuple(sorted(force for force in {*listed, *UNLISTED} if is_known(force)))
    if unknown := len(listed - set(known)):
        terms.say(f"the API lists {unknown} {'force' if unknown == 1 else 'forces'} that this version does not know")
    forces = check_forces(order.forces, known) or known
    published = _list_published(_ask(web, store, "crimes-street-dates"))
    for month in order.months:
        if f"{month:%Y-%m}" not in published:
            raise RequestError(
                f"the API does not have {month:%Y-%m}",
                where=f"{API}/crimes-street-dates",
                found=f"it has {min(published)} to {max(published)}" if published else "it has no month",
                what_now="use the archives for earlier months (--source archive); wait for later ones",
            )
    for month in order.months:
        for force in forces:
            name = name_file(force, month)
            if force not in published[f"{month:%Y-%m}"]:
                yield Arrival(name, None)
            elif name in held and not terms.refresh and is_kept(store, held[name].sha256):
                yield Arrival(name, held[name])
            else:
                yield Arrival(name, _fetch_month(web, store, force, month))


def _list_published(answer: _Answer) -> dict[str, list[str]]:
    """Give month → the forces that published it."""
    published = {str(row.get("date")): row.get("stop-and-search") or [] for row in answer.rows}
    if not all(isinstance(forces, list) for forces in published.values()):
        raise _unlike(answer.part.address, "no list of forces for a month")
    return published


def _ask(web: Web, store: Store, question: str) -> _Answer:
    answer = ask(web, f"{API}/{question}", "the API's answer")
    try:
        rows = read_json(answer.content)
    except ValueError:
        raise _unlike(answer.address, "no JSON") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _unlike(answer.address, "no list of rows")
    return _Answer(rows, Part(answer.address, keep(store, answer.content)), day_of(answer.headers))


def _unlike(address: str, found: str) -> DataError:
    return DataError(
        "the API's answer is not what it was",
        where=address,
        found=found,
        what_now="run again later, or use the archives: --source archive",
    )


def _fetch_month(web: Web, store: Store, force: str, month: date) -> Entry:
    answer = _ask(web, store, "stops-force?" + urlencode({"force": force, "date": f"{month:%Y-%m}"}))
    _check_rows(answer, month)
    return replace(
        keep_new(store, write_csv(answer.rows)),
        name=name_file(force, month),
        address=answer.part.address,
        on=answer.on,
        checked="month of every row",
        made_from=(answer.part,),
    )


def _check_rows(answer: _Answer, month: date) -> None:
    lacking = sorted({key for row in answer.rows for key in NEEDED if key not in row})
    if lacking:
        raise _unlike(answer.part.address, f"rows without {', '.join(lacking)}")
    others = [months for row in answer.rows if month.strftime("%Y-%m") not in (months := _months_of(row["datetime"]))]
    if others:
        raise DataError(
            f"the API gave rows of another month than {month:%Y-%m}",
            where=answer.part.address,
            found=f"{len(others)} of {len(answer.rows)} rows, the first of {min(others[0], default='no month')}",
            what_now="use the archives: --source archive",
        )


def _months_of(moment: str | None) -> set[str]:
    """The months a row may be of: forces' months are of local time, and dates without a time read as UTC."""
    try:
        at = datetime.fromisoformat(str(moment))
    except ValueError:
        return set()
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return {f"{at.astimezone(zone):%Y-%m}" for zone in (UTC, LONDON)}


def write_csv(rows: list[dict[str, Any]]) -> bytes:
    """Write rows of the API as the portal's CSV, in one order whatever theirs.

    >>> text = write_csv([{"type": "Person search", "datetime": "2026-07-01T12:00:00+00:00", "outcome": False}])
    >>> text.decode().splitlines()[1]
    'Person search,2026-07-01T12:00:00+00:00,,,,,,,,,,,,,'
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(sorted([_write_value(row, key) for key in COLUMNS.values()] for row in rows))
    return text.getvalue().encode(errors="replace")  # JSON can hold half a character


def _write_value(row: dict[str, Any], key: str) -> str:
    place = row.get("location")
    of_place = place.get(key) if isinstance(place, dict) else None
    value = of_place if key in ("latitude", "longitude") else row.get(key)
    # `false` has meant "nothing found" and for "not given": neither is a recorded outcome.
    if value is None or (key == "outcome" and value is False):
        return ""
    return str(value)
