"""Forces that were made of others, or took another id: from when, and of which.

The list that comes with the package has none yet; a White Paper of January 2026 foresees fewer forces.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from functools import cache

from pydantic import BaseModel, Field, model_validator

from disparity.project.declarations import Month, OneLine, RecordingChange, suggest
from disparity.vocabulary.codes import read_reference
from disparity.vocabulary.text import join_names


class MergedForce(BaseModel, extra="forbid", frozen=True):
    """One `[[merged_forces]]` of the project file: a force and those that it was made of.

    Earlier months are theirs, added up, and so are its residents. With one predecessor it is that force by another id.
    """

    force: str = Field(pattern=r"^[a-z0-9-]{1,64}$", description="The id of the new force, as in its files’ names.")
    predecessors: list[str] = Field(min_length=1, description="Ids of the forces that it was made of.")
    first_month: Month = Field(alias="from", description="Its first month.")
    source: OneLine = Field(description="What made it, such as an order, and when.")

    @model_validator(mode="after")
    def _make_sense(self) -> "MergedForce":
        if self.force in self.predecessors:
            raise ValueError(f"{self.force} cannot be made of itself: give the new force an id of its own")
        if len(set(self.predecessors)) < len(self.predecessors):
            raise ValueError("name each predecessor once")
        return self


def check_merged(merged: Sequence[MergedForce], asked: Collection[str], known: Collection[str]) -> None:
    """Refuse forces that nobody knows, that are made twice or go into two, and one asked for that is part of another.

    Raises:
        ValueError: with the names.
    """
    unknown = sorted({force for each in merged for force in each.predecessors} - set(known))
    if unknown:
        named = "; ".join(f"{force!r}{suggest(force, sorted(known))}" for force in unknown)
        raise ValueError(f"no force is called {named}")
    successors = [each.force for each in merged]
    parts = [force for each in merged for force in each.predecessors]
    twice = sorted({force for names in (successors, parts) for force in names if names.count(force) > 1})
    if twice:
        raise ValueError(f"{join_names(twice)} can be made once, and go into one force: correct `merged_forces`")
    for each in merged:
        for force in sorted({*each.predecessors} & {*asked}):
            raise ValueError(f"{force} is part of {each.force} here: ask for {each.force}, or take out the merger")


def read_merged(own: Sequence[MergedForce]) -> tuple[MergedForce, ...]:
    """Give the project's own mergers and those that come with the package, in order of months; the project's win."""
    declared = {each.force for each in own}
    every = [*own, *(each for each in _read_shipped() if each.force not in declared)]
    return tuple(sorted(every, key=lambda each: (each.first_month, each.force)))


@cache
def _read_shipped() -> tuple[MergedForce, ...]:
    rows = read_reference("merged_forces")
    heads = {row["force"]: row for row in rows}
    return tuple(
        MergedForce.model_validate(
            {key: head[key] for key in ("force", "from", "source")}
            | {"predecessors": [row["predecessor"] for row in rows if row["force"] == force]}
        )
        for force, head in heads.items()
    )


def list_asked(asked: Sequence[str], merged: Sequence[MergedForce], first: date, last: date) -> list[str]:
    """Give the forces to read: a merged force by its id from its first month on, and by its predecessors' before."""
    forces = list(asked)
    # The latest first: what it was made of may have been made itself.
    for each in reversed(merged):
        if each.force in forces and first < each.first_month:
            forces += each.predecessors
            if last < each.first_month:
                forces.remove(each.force)
    return forces


def name_mergers(merged: Sequence[MergedForce], name_of: Callable[[str], str]) -> list[RecordingChange]:
    """Say of each merged force that its series starts anew, in which month and why."""
    changes = []
    for each in merged:
        parts = join_names([name_of(part) for part in each.predecessors])
        what = f"{name_of(each.force)} was made of {parts}; earlier months are theirs, added up."
        changes.append(RecordingChange.model_validate({"force": each.force, "month": each.first_month, "what": what}))
    return changes
