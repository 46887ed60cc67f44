"""What a project file declares beside its records: similar forces, changes of recording, priorities, revisions.

What is wrong with a declaration is said here, before any file is opened.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from itertools import combinations
from typing import Annotated

import polars as pl
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    JsonValue,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from disparity.vocabulary.calendar import first_of_month, refuse_far_month
from disparity.vocabulary.codes import DRUG_TYPES, FORCES_WITHOUT_RESIDENTS, SEARCH_TYPES, force_name, read_reference
from disparity.vocabulary.errors import RequestError

# The measures that are followed month by month, and so may break where recording changes.
FOLLOWED_MEASURES = ("search_rate", "find_rate", "arrest_rate")
# Searches under one priority or another, and under none: beside the names of priorities in the published table.
ANY, NONE = "any", "none"
ALL_FORCES = "all"
PRIORITY_TYPES = tuple(kind for kind in SEARCH_TYPES if kind != "not_recorded")

Forces = Annotated[
    list[str],
    WithJsonSchema(
        {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string", "enum": [ALL_FORCES]}]}
    ),
]


def _read_month(value: object) -> object:
    """Accept "2019-04" or a TOML date; a bare number would be read as days since 1970."""
    if not isinstance(value, str | date):
        raise ValueError("write a month as 2019-04")
    return f"{value}-01" if isinstance(value, str) and len(value) == len("2019-04") else value


def _read_day(value: object) -> object:
    """Accept "2026-06-18" or a TOML date; a time of day is more than an edition has."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        day = None
    if not day or str(day) != value:
        raise ValueError("write a day as 2026-06-18")
    return day


def check_order(first: date | None, last: date | None) -> None:
    """Refuse a first month after the last one."""
    if first and last and first > last:
        raise ValueError("`from` is after `to`")


MONTH_PATTERN = r"^\d{4}-(0[1-9]|1[0-2])(-\d{2})?$"
Month = Annotated[
    date,
    BeforeValidator(_read_month),
    AfterValidator(first_of_month),
    AfterValidator(refuse_far_month),
    WithJsonSchema({"type": "string", "format": "month", "pattern": MONTH_PATTERN}),
]
Day = Annotated[date, BeforeValidator(_read_day), WithJsonSchema({"type": "string", "format": "date"})]


def one_of(words: Sequence[str]) -> dict[str, JsonValue]:
    """Say to the project file's schema that the texts of a list are of these words."""
    return {"items": {"type": "string", "enum": list(words)}}


class SimilarForces(BaseModel, extra="forbid", frozen=True):
    """One `[[similar_forces]]` of the project file: a force's most similar group, and when it holds.

    The force itself always counts in; the list may name it or leave it out.
    """

    force: str = Field(description="The id of the force whose group it is.")
    name: str = Field(min_length=1, description="The name of the list; no two lists share one.")
    first_month: Month = Field(alias="from", description="The first month that the list holds for.")
    last_month: Month | None = Field(None, alias="to", description="The last; leave it out while the list is in force.")
    forces: list[str] = Field(
        min_length=1, description="Ids of the forces in the group, with or without the force itself."
    )
    source: str = Field(min_length=1, description="Who publishes the list, and when.")

    @model_validator(mode="after")
    def _make_sense(self) -> "SimilarForces":
        check_order(self.first_month, self.last_month)
        for force in self.members():
            if force in FORCES_WITHOUT_RESIDENTS:
                raise ValueError(f"{force_name(force)} has no residents of its own, and so no most similar group")
        if self.members() == (self.force,):
            raise ValueError("name at least one other force")
        return self

    def members(self) -> tuple[str, ...]:
        """Give the forces of the group in order, the force itself included, each once."""
        return tuple(sorted({self.force, *self.forces}))

    def holds_in(self, month: date) -> bool:
        """Say whether the list holds in a month."""
        return self.first_month <= month and (self.last_month is None or month <= self.last_month)


class RecordingChange(BaseModel, extra="forbid", frozen=True):
    """One `[[recording_changes]]` of the project file: from this month on, a force records otherwise."""

    force: str = Field(description="The id of the force.")
    month: Month = Field(description="The first month that is recorded so.")
    measures: list[str] = Field(
        [],
        description="The measures that it concerns; leave it out for all.",
        json_schema_extra=one_of(FOLLOWED_MEASURES),
    )
    what: str = Field(min_length=1, description="What changed: a sentence that the page prints.")

    @field_validator("measures")
    @classmethod
    def _known_measures(cls, values: list[str]) -> list[str]:
        for value in values:
            if value not in FOLLOWED_MEASURES:
                raise ValueError(f"{value!r} is not followed month by month{suggest(value, FOLLOWED_MEASURES)}")
        return values


def _one_line(value: str) -> str:
    if not value.isprintable():
        raise ValueError("write it on one line, without control characters")
    return value.strip()


OneLine = Annotated[str, Field(min_length=1), AfterValidator(_one_line)]


class Priority(BaseModel, extra="forbid", frozen=True):
    """One `[[priorities]]` of the project file: what a force says its searches should be about, where and when.

    There is no season in it: a priority of some months a year is stated once for each, as its plan would be.
    """

    force: str = Field(description="The id of the force.")
    name: str = Field(min_length=1, description="What the force calls the priority.")
    first_month: Month = Field(alias="from", description="The first month that it holds in.")
    last_month: Month | None = Field(None, alias="to", description="The last; leave it out while it holds.")
    search_types: list[str] = Field(
        min_length=1, description="The types of search that fall under it.", json_schema_extra=one_of(PRIORITY_TYPES)
    )
    areas: list[str] = Field([], description="Areas of the force’s own extract; leave it out for everywhere.")
    source: OneLine = Field(description="Where it is published: document and page.")

    @field_validator("name")
    @classmethod
    def _not_a_sum(cls, value: str) -> str:
        if value.strip().casefold() in (ANY, NONE):
            raise ValueError(f"{value!r} means all priorities together: give this one a name of its own")
        return _one_line(value)

    @field_validator("search_types")
    @classmethod
    def _known_types(cls, values: list[str]) -> list[str]:
        for value in values:
            if value not in PRIORITY_TYPES:
                raise ValueError(f"{value!r} is no type of search{suggest_or_list(value, PRIORITY_TYPES)}")
        return values

    @model_validator(mode="after")
    def _in_order(self) -> "Priority":
        check_order(self.first_month, self.last_month)
        return self

    def kinds(self) -> list[str]:
        """Give its types of search, drugs by their parts."""
        parts = DRUG_TYPES if "drugs" in self.search_types else ()
        return sorted({*self.search_types, *parts} - {"drugs"})

    def overlaps(self, first: date, last: date) -> bool:
        """Say whether it holds in a month from `first` to `last`."""
        return self.first_month <= last and (self.last_month is None or self.last_month >= first)

    def covers(self, first: date, last: date) -> bool:
        """Say whether it holds in every one of them."""
        return self.first_month <= first and (self.last_month is None or self.last_month >= last)

    def holds(self) -> pl.Expr:
        """Say whether it holds in a row's `month`."""
        return pl.col("month").is_between(self.first_month, self.last_month or date.max)


class Revision(BaseModel, extra="forbid", frozen=True):
    """One `[[revisions]]` of the project file: why figures differ from those of the edition before.

    It explains changes that meet all that it names; what it leaves out is any.
    """

    edition: str = Field("", description="The edition that it was made in; leave it out for this one.")
    published: Day | None = Field(None, description="When that was said.")
    what: str = Field(min_length=1, description="What changed: sentences that the page prints.")
    reason: str = Field(min_length=1, description="Why it changed.")
    tables: list[str] = Field([], description="Published tables, such as `estimates`; leave it out for any.")
    measures: list[str] = Field([], description="Measures; leave it out for any.")
    forces: list[str] = Field([], description="Ids of forces; leave it out for any.")
    first_month: Month | None = Field(None, alias="from", description="The first month that it concerns.")
    last_month: Month | None = Field(None, alias="to", description="The last month that it concerns.")

    @model_validator(mode="after")
    def _in_order(self) -> "Revision":
        check_order(self.first_month, self.last_month)
        return self

    def is_of(self, edition: str) -> bool:
        """Whether it was made in the edition of that name, or names none, which is any."""
        return self.edition in {"", edition}

    @property
    def text(self) -> str:
        """What changed and why, as it is printed."""
        return f"{self.what} {self.reason}"


def check_declarations(
    similar: Sequence[SimilarForces],
    changes: Sequence[RecordingChange],
    priorities: Sequence[Priority],
    revisions: Sequence[Revision],
    known: Collection[str],
) -> None:
    """Refuse forces that nobody knows, and two lists or priorities of one name or, of lists, for the same month.

    A slip of the pen would quietly leave a force out of its group, and a change without its reason.

    Raises:
        ValueError: with the names; forces that are none of `known` are all named at once.
    """
    grouped = {force for group in similar for force in group.members()}
    _refuse_unknown(grouped | {change.force for change in changes}, known)
    _check_lists(similar)
    _refuse_unknown({priority.force for priority in priorities}, known)
    for first, second in combinations(priorities, 2):
        if (first.force, first.name) == (second.force, second.name):
            raise ValueError(f"two priorities of {first.force} are called {first.name!r}: give each a name of its own")
    _refuse_unknown({force for revision in revisions for force in revision.forces}, known)


def _refuse_unknown(used: Collection[str], known: Collection[str]) -> None:
    unknown = [f"{force!r}{suggest(force, sorted(known))}" for force in sorted(set(used) - set(known))]
    if unknown:
        raise ValueError(f"no force is called {'; '.join(unknown)}")


def _check_lists(similar: Sequence[SimilarForces]) -> None:
    for first, second in combinations(similar, 2):
        if first.name == second.name:
            raise ValueError(f"two lists are called {first.name!r}: give each a name of its own")
        if first.force == second.force and (first.holds_in(second.first_month) or second.holds_in(first.first_month)):
            raise ValueError(
                f"{first.name!r} and {second.name!r} of {first.force} hold in the same month: give the older one a `to`"
            )


def choose_priorities(
    priorities: Sequence[Priority], forces: Collection[str], months: Sequence[date]
) -> tuple[Priority, ...]:
    """Give the priorities of these forces that hold in one of these months at least."""
    return tuple(
        priority for priority in priorities if priority.force in forces and priority.overlaps(min(months), max(months))
    )


def list_priorities(priorities: Sequence[Priority]) -> pl.DataFrame:
    """List priorities as they are published: force, priority, first_month, last_month, search_types, areas, source."""
    rows = [
        (
            *(each.force, each.name, each.first_month, each.last_month, "; ".join(each.search_types)),
            *("; ".join(each.areas) or None, each.source),
        )
        for each in priorities
    ]
    kinds = {"first_month": pl.Date(), "last_month": pl.Date()}
    names = ("force", "priority", "first_month", "last_month", "search_types", "areas", "source")
    schema = {name: kinds.get(name, pl.String()) for name in names}
    return pl.DataFrame(rows, schema, orient="row").sort("force", "priority", "first_month")


def refuse_unmatched(priorities: Sequence[Priority], cells: pl.DataFrame, areas: pl.DataFrame) -> None:
    """Refuse a priority that no search of the records falls under: a slip of the pen would read as neglect.

    Args:
        cells: force, month, search_type of what was searched for.
        areas: the same with area, of forces whose records name areas.

    Raises:
        RequestError: the priority by its name.
    """
    for priority in priorities:
        rows = (areas if priority.areas else cells).filter(pl.col("force") == priority.force)
        names = rows["area"].drop_nulls().unique().sort().to_list() if priority.areas else []
        unknown = [f"{area!r}{suggest(area, names)}" for area in priority.areas if area not in names]
        if unknown:
            _refuse_priority(priority, f"no search in an area called {'; '.join(unknown)}", names)
        here = pl.col("area").is_in(priority.areas) if priority.areas else pl.lit(True)
        if rows.filter(priority.holds(), pl.col("search_type").is_in(priority.kinds()), here).is_empty():
            _refuse_priority(priority, "no search of its types in its months", names)


def _refuse_priority(priority: Priority, found: str, areas: Sequence[str]) -> None:
    spelt = f"its areas are {', '.join(areas)}" if areas else "these records name no areas"
    raise RequestError(
        f"no search falls under the priority {priority.name!r} of {priority.force}",
        where="priorities in the project file",
        found=found,
        what_now="correct its search_types, months or areas"
        + (f" ({spelt})" if priority.areas else "")
        + ", or take it out",
    )


def suggest(word: str, words: Sequence[str]) -> str:
    """Name the nearest word that is allowed, if any is near."""
    near = get_close_matches(word, words, n=1, cutoff=0.6)
    return f": did you mean {near[0]!r}?" if near else ""


def suggest_or_list(word: str, words: Sequence[str]) -> str:
    """Name the nearest word that is allowed, or all of them."""
    return suggest(word, words) or f"; there are {', '.join(words)}"


def choose_lists(own: Sequence[SimilarForces], forces: Collection[str]) -> tuple[SimilarForces, ...]:
    """Give the lists of these forces: the project's own, else those that come with the package."""
    has_own = {group.force for group in own}
    shipped = [group for group in read_lists() if group.force not in has_own]
    return tuple(group for group in (*own, *shipped) if group.force in forces)


def read_lists() -> tuple[SimilarForces, ...]:
    """Read the lists that come with the package."""
    rows = read_reference("similar_forces")
    heads = {row["name"]: row for row in rows}
    return tuple(
        SimilarForces.model_validate(
            {
                **{key: head[key] for key in ("force", "name", "from", "source")},
                "to": head["to"] or None,
                "forces": [row["similar_force"] for row in rows if row["name"] == name],
            }
        )
        for name, head in heads.items()
    )
