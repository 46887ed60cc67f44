"""The register of actions: one TOML file for each disparity, as the project keeps it."""

import tomllib
from collections.abc import Collection
from datetime import date, timedelta
from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from disparity.analysis.measures.entries import ESTIMATED
from disparity.project.declarations import Day, suggest
from disparity.project.settings import Settings
from disparity.vocabulary.calendar import next_month
from disparity.vocabulary.codes import ALL, DRUG_TYPES, ETHNIC_GROUPS, REFERENCE_GROUP, SEARCH_TYPES
from disparity.vocabulary.errors import RequestError
from disparity.vocabulary.user_text import UnreadableTextError, read_user_text

# What a disparity can be of, field by field.
KNOWN = {
    "measure": ("measure", [measure.name for measure in ESTIMATED if measure.is_compared]),
    "ethnic_group": ("ethnic group that is compared", [group for group in ETHNIC_GROUPS if group != REFERENCE_GROUP]),
    "search_type": ("type of search", [ALL, *SEARCH_TYPES]),
}
# The measures that the pages put into words where a difference is clear.
STATED_MEASURES = tuple(measure.name for measure in ESTIMATED if measure.is_compared and measure.is_stated)
# Stop and search as it is recorded today; an earlier year is a slip of the pen.
FIRST_YEAR, LAST_YEAR = 2000, 2100
ACTION_COLUMNS = [
    *("entry", "force", "measure", "ethnic_group", "reference_group", "search_type"),
    *("found", "explanation", "evidence", "action", "owner", "start", "review", "status", "is_overdue"),
]


class Action(BaseModel):
    """One file of the register: what was found, how the force explains it, and what it does about it.

    `search_type` "All" answers for every type of search. Texts are the force's own words, printed as they are.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    force: str
    measure: str
    ethnic_group: str
    search_type: str = ALL
    found: str = Field(min_length=1)
    explanation: str = ""  # empty: not explained yet
    evidence: list[str] = []
    action: str = ""
    owner: str = Field(min_length=1)  # a post, never a person's name
    start: Day | None = None
    review: Day | None = None
    status: Literal["planned", "under way", "done", "no action"]

    @field_validator(*KNOWN)
    @classmethod
    def _is_known(cls, value: str, info: ValidationInfo) -> str:
        what, words = KNOWN[str(info.field_name)]
        if value not in words:
            raise ValueError(f"{value!r} is no {what}{suggest(value, words) or '; there are ' + ', '.join(words)}")
        return value

    @field_validator("start", "review")
    @classmethod
    def _of_our_time(cls, value: date | None) -> date | None:
        if value and not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise ValueError(f"{value} lies outside {FIRST_YEAR} to {LAST_YEAR}")
        return value

    @model_validator(mode="after")
    def _make_sense(self) -> "Action":
        if self.start and self.review and self.review < self.start:
            raise ValueError("`review` is before `start`")
        if self.status in {"under way", "done"} and not (self.action and self.start):
            raise ValueError(f"an entry that is {self.status} needs `action` and `start`")
        if self.status == "planned" and not self.action:
            raise ValueError("an entry that is planned needs `action`")
        if self.status == "no action" and not self.explanation:
            raise ValueError("where no action is taken, `explanation` says why")
        return self

    def answers(self, measure: str, ethnic_group: str, search_type: str) -> bool:
        """Say whether the entry is about a disparity; one about drugs is about its parts too."""
        same = (self.measure, self.ethnic_group) == (measure, ethnic_group)
        own = self.search_type
        return same and (own in {ALL, search_type} or (own == "drugs" and search_type in DRUG_TYPES))


def read_register(settings: Settings, forces: Collection[str]) -> dict[str, Action]:
    """Read the entries of the publication's register, by the name of their file; none without a register.

    Entries of forces that this publication leaves out are left out too.

    Raises:
        RequestError: the folder or an entry cannot be read or understood; every wrong entry is named at once.
    """
    folder = settings.actions
    if folder is None:
        return {}
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except OSError as error:
        raise RequestError(
            "the register of actions cannot be read",
            where=str(folder),
            found=error.strerror or "",
            what_now="make the folder, or leave `actions` out of the project file",
        ) from None
    entries: dict[str, Action] = {}
    problems: list[str] = []
    for path in files:
        try:
            entry = Action.model_validate(tomllib.loads(read_user_text(path)))
        except ValidationError as error:
            problems += [
                f"{path.name}: {'.'.join(map(str, problem['loc'])) or 'the entry'}: "
                f"{problem['msg'].removeprefix('Value error, ')}"
                for problem in error.errors(include_url=False, include_input=False)
            ]
        except (tomllib.TOMLDecodeError, UnreadableTextError, OSError) as error:
            problems.append(f"{path.name}: {error}")
        else:
            if entry.force in forces:
                entries[path.stem] = entry
            elif entry.force not in settings.known_forces:
                problems.append(
                    f"{path.name}: force: {entry.force!r} is no force that is known"
                    f"{suggest(entry.force, sorted({*forces, *settings.known_forces}))}"
                )
    if problems:
        raise RequestError(
            "entries of the register of actions cannot be understood",
            where=str(folder),
            found="; ".join(problems),
            what_now="correct the lines named; docs/actions.md shows an entry",
        )
    return entries


def list_actions(register: dict[str, Action], settings: Settings) -> pl.DataFrame:
    """List the entries as they are published.

    Returns:
        ACTION_COLUMNS; `evidence` joined by "; "; `is_overdue`: the review is due before the day of publication, or
        where none is given, before the end of the last month.
    """
    today = settings.published or next_month(settings.last_month) - timedelta(days=1)
    rows = [
        (
            *(name, entry.force, entry.measure, entry.ethnic_group, REFERENCE_GROUP, entry.search_type),
            *(entry.found, entry.explanation or None, "; ".join(entry.evidence) or None, entry.action or None),
            *(entry.owner, *(str(day) if day else None for day in (entry.start, entry.review)), entry.status),
            entry.review is not None and entry.review < today,
        )
        for name, entry in register.items()
    ]
    schema = dict.fromkeys(ACTION_COLUMNS, pl.String()) | {"is_overdue": pl.Boolean()}
    return pl.DataFrame(rows, schema, orient="row").sort("force", "measure", "ethnic_group", "search_type", "entry")
