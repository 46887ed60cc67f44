"""Dated events: `[[events]]` of the project file, and those on stop and search that come with the package.

They are drawn and listed beside the months. That something changed after one does not say that it changed because of
it.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import polars as pl
from pydantic import BaseModel, Field, field_validator, model_validator

from disparity.project.declarations import Day, OneLine, check_order, suggest
from disparity.vocabulary.calendar import next_month
from disparity.vocabulary.codes import area_codes, force_names, read_reference

# What a kind of event is, as the table of the source calls it; and of a project's own.
KINDS = {"stop_search_policy": "policy", "covid": "pandemic", "crime_policy": "funding"}
OWN, PANDEMIC = "own", "pandemic"
EVENT_COLUMNS = {
    **{"force": pl.String(), "event": pl.String(), "first_day": pl.Date(), "last_day": pl.Date()},
    **{"kind": pl.String(), "source": pl.String()},
}
WALES = "W"


class Event(BaseModel, extra="forbid", frozen=True):
    """One `[[events]]` of the project file: what happened, and when; it is drawn, and nothing is concluded from it."""

    what: OneLine = Field(description="What happened: a few words that the page prints.")
    first_day: Day = Field(alias="from", description="The day, or the first one.")
    last_day: Day | None = Field(None, alias="to", description="The last day; leave it out of what has none.")
    forces: list[str] = Field([], description="Ids of the forces that it concerns; leave it out for all.")
    source: OneLine = Field(description="Where it is said: an address, or a document and page.")

    @model_validator(mode="after")
    def _in_order(self) -> "Event":
        check_order(self.first_day, self.last_day)
        return self

    @field_validator("source")
    @classmethod
    def _lead_to_a_page(cls, value: str) -> str:
        """An address is printed as a link: what is none stays words."""
        if "://" in value and urlsplit(value).scheme not in {"http", "https"}:
            raise ValueError("write an address that begins with https://")
        return value


def check_events(events: Sequence[Event], known: Collection[str]) -> None:
    """Refuse forces that nobody knows.

    Raises:
        ValueError: all of them are named.
    """
    used = {force for event in events for force in event.forces} - set(known)
    if used:
        raise ValueError(f"no force is called {'; '.join(f'{each!r}{suggest(each, sorted(known))}' for each in used)}")


def list_events(own: Sequence[Event], forces: Sequence[str], months: Sequence[date]) -> pl.DataFrame:
    """List the events of each force that begin in these months, and restrictions of the pandemic that reach into them.

    Returns:
        EVENT_COLUMNS, in order of their days. `last_day` is null where an event has no end; `source` is an address or a
        document.
    """
    first, after = months[0], next_month(months[-1])
    declared = [(each.forces or forces, each.what, each.first_day, each.last_day, OWN, each.source) for each in own]
    rows = [
        (force, *event)
        for concerned, *event in (*declared, *_read_shipped(forces))
        for force in forces
        if force in concerned and _is_within(event, first, after)
    ]
    return pl.DataFrame(rows, EVENT_COLUMNS, orient="row").sort("force", "first_day", "event")


def _is_within(event: Sequence[Any], first: date, after: date) -> bool:
    _, start, end, kind, *_ = event
    return start < after and (start >= first or (kind == PANDEMIC and end is not None and end >= first))


def _read_shipped(forces: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The events that come with the package, with the forces that each concerns: none of an invented force."""
    real = {force: area_codes().get(force) or "" for force in forces if force in force_names()}
    in_wales = {force for force, code in real.items() if code.startswith(WALES)}
    scopes = {"national": set(real), "wales": in_wales, "england": set(real) - in_wales}
    for row in read_reference("events"):
        concerned = set(row["forces"].split(";")) if row["scope"] == "forces" else scopes[row["scope"]]
        end = date.fromisoformat(row["end"]) if row["end"] else None
        start, kind = date.fromisoformat(row["start"]), KINDS[row["kind"]]
        yield concerned, row["label"], start, end, kind, row["source_url"]
