"""The publication a project file describes: whose searches, which months, read from where."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import polars as pl
from pydantic import BaseModel, Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic.json_schema import SkipJsonSchema

from disparity.project.areas import AreaSettings
from disparity.project.benchmarks import Benchmark, check_benchmarks
from disparity.project.brand import Brand
from disparity.project.chart_kinds import CHARTS, ChartKinds
from disparity.project.declarations import (
    ALL_FORCES,
    Day,
    Forces,
    Month,
    OneLine,
    Priority,
    RecordingChange,
    Revision,
    SimilarForces,
    check_declarations,
    check_order,
    suggest_or_list,
)
from disparity.project.disclosure import Disclosure
from disparity.project.events import Event, check_events
from disparity.project.extract_mapping import ExtractSettings
from disparity.project.layers import lay, list_shipped
from disparity.project.merged_forces import MergedForce, check_merged, list_asked, name_mergers, read_merged
from disparity.project.paths import LEDGER, PRIVATE, lies_in, place_results, resolve_paths
from disparity.project.problems import advise, name_problems
from disparity.vocabulary.calendar import cut_periods, month_range
from disparity.vocabulary.codes import force_name, force_names
from disparity.vocabulary.errors import RequestError
from disparity.vocabulary.force_ids import check_ids, check_slips
from disparity.vocabulary.user_text import UnreadableTextError, read_user_text

REVIEW_FILE = "grounds.csv"
FINAL = "is_final"
NOT_OFFICIAL = "Not official statistics"
DRAFT, INTERNAL = "Draft: not published", "Internal: not for publication"


class Settings(BaseModel, extra="forbid", frozen=True):
    """What one build publishes. Paths are relative to the project file."""

    extracts: list[ExtractSettings] = Field(
        [], description="A force’s own extract and how to read it; `disparity map` writes the table (docs/extracts.md)."
    )
    counts: list[Path] = Field(
        [], description="Parts that `disparity count` made, instead of the records themselves (docs/counts.md)."
    )
    reuse: Path | None = Field(
        None,
        description="A folder that keeps counts and charts between builds. Its counts are exact: not for publication.",
    )
    records: list[Path] = Field(
        [],
        validate_default=True,
        description="Folders of monthly files, CSVs or zip archives of data.police.uk, as published or saved again, "
        "Home Office tables, in any mix (docs/records.md). Needed, unless there are extracts or counts.",
    )
    first_month: Month = Field(alias="from", description="The first month.")
    last_month: Month = Field(alias="to", description="The last month, included. Years are counted back from it.")
    forces: Forces = Field(
        [], description='Ids of forces, as in names of monthly files; one is that of files that say none. `"all"`: all.'
    )
    brand: Brand = Field(Brand(), description="Logo, colours, fonts and words of the publisher (docs/brand.md).")
    title: str = Field("Stop and search: ethnic disparities", description="The title of the site.")
    publisher: str = Field("", description="Who publishes, such as the office of a police and crime commissioner.")
    own: bool = Field(
        False,
        description="Whether the publisher is the force or its governing body. Only then is there a page Action, "
        "with an annual statement: nobody else can say what the force does.",
    )
    edition: str = Field("", description="A name of its own, such as “First edition, June 2026”.")
    published: Day | None = Field(
        None,
        description="The day on which this edition goes out, after its last month and never taken from the clock. "
        "Without it there is no feed of editions.",
    )
    next_edition: Day | str = Field(
        "", description="When the next edition is due: a day, or words such as “summer 2027”."
    )
    base_url: str = Field("", description="The address of the site: the feed needs whole addresses.")
    status: str = Field(NOT_OFFICIAL, min_length=1, description="Say otherwise only if the regulator does.")
    contact: str = Field("", description="Where a reader can write to.")
    responsible: str = Field("", description="Who answers for the figures, such as a head of statistics.")
    is_synthetic: bool = Field(False, description="Whether the records are invented: every page then says so.")
    home_office_overrides: bool | None = Field(
        None,
        description="Whether the Home Office’s tables win where other records hold the same force and month, or lose.",
    )
    veil_of_darkness: bool = Field(False, description="Whether to compare searches in daylight and in darkness.")
    disclosure: Disclosure = Field(Disclosure(), description="How far counts may be shown (docs/disclosure.md).")
    population: Path | None = Field(
        None, description="Residents by force and ethnic group (CSV), instead of the censuses (docs/population.md)."
    )
    population_source: OneLine | None = Field(
        None,
        description="What that file’s residents are, as pages and tables name them, such as “ONS mid-2025 estimates”.",
    )
    areas: AreaSettings | None = Field(
        None, description="Outlines of areas, to place searches in by their coordinates (docs/areas.md)."
    )
    names: dict[str, str] = Field(
        {}, description="Names of forces by their ids: those of no list, or that read otherwise."
    )
    merged_forces: list[MergedForce] = Field(
        [], description="A force that was made of others, or took another id, and when (docs/merged-forces.md)."
    )
    similar_forces: list[SimilarForces] = Field(
        [], description="A force’s most similar group, from a public list (docs/similar-forces.md)."
    )
    recording_changes: list[RecordingChange] = Field(
        [], description="From a month on a force records otherwise: its control charts start anew there."
    )
    events: list[Event] = Field(
        [], description="Dated events to draw and list beside the months, besides those that come with the toolkit."
    )
    benchmarks: list[Benchmark] = Field([], description="What else to set searches against (docs/compared-with.md).")
    priorities: list[Priority] = Field(
        [], description="What a force states that its searches are for, from its published plan (docs/priorities.md)."
    )
    revisions: list[Revision] = Field(
        [],
        description="Why figures differ from those of the edition before. It explains what meets all that it names "
        "(docs/editions.md).",
    )
    previous: Path | None = Field(None, description="The site of the edition before: a page then says what changed.")
    actions: Path | None = Field(
        None, description="The register of actions: a folder with a file for each disparity (docs/actions.md)."
    )
    grounds_review: Path | None = Field(
        None,
        description="The folder of a finished review of recorded grounds, as `disparity review` wrote it "
        "(docs/grounds-review.md).",
    )
    encoding: Literal["utf-8", "cp1252"] = Field(
        "utf-8", description="The encoding of monthly files that are not UTF-8."
    )
    allow_partial: bool = Field(
        False,
        description="Whether to leave out files that cannot be read, and go on where too many rows are lost; every "
        "page says so.",
    )
    expectations: Path | None = Field(
        None, description="A folder of your own expectation suites, laid over the toolkit’s one by one."
    )
    expectations_off: dict[str, OneLine] = Field(
        {}, description="Suites of expectations that do not hold here, by name, each with the reason."
    )
    charts: ChartKinds = CHARTS
    reports: Path | None = Field(
        None, description="A folder of your own page templates and styles, laid over the toolkit’s one by one."
    )
    out: Path = Field(Path("site"), description="The folder of the site.")
    # Asked for by `disparity publish`, never by the project file.
    is_final: SkipJsonSchema[bool] = Field(False, exclude=True)

    @field_validator("records")
    @classmethod
    def _something_to_read(cls, value: list[Path], info: ValidationInfo) -> list[Path]:
        if not value and info.data.get("extracts") == [] and info.data.get("counts") == []:
            raise ValueError("missing")
        return value

    @field_validator("forces", mode="before")
    @classmethod
    def _all_forces(cls, value: object) -> object:
        return [] if value == ALL_FORCES else value

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        """Of a site: what else an address can hold, such as a password, would be on every page."""
        parts = urlsplit(value)
        is_plain = not (parts.query or parts.fragment or "@" in parts.netloc or set(value) & set(" <>\"'\\"))
        if value and not (parts.scheme in {"http", "https"} and parts.hostname and is_plain and value.isprintable()):
            raise ValueError("write the address of the site, such as https://example.org/stop-and-search/")
        return f"{value.rstrip('/')}/" if value else ""

    @model_validator(mode="after")
    def _hide_nothing_that_is_published(self) -> "Settings":
        """What a project gives for a page, and says to have published, is on it."""
        for page, key in (("action", "actions"), ("action", "grounds_review"), ("why", "priorities")):
            if page in self.brand.hidden_pages and getattr(self, key):
                raise ValueError(f"the page {page!r} cannot be hidden: `{key}` is published there; take it out first")
        return self

    @field_validator("expectations_off")
    @classmethod
    def _known_suites(cls, value: dict[str, str]) -> dict[str, str]:
        suites = [Path(name).stem for name in list_shipped("expectations")]
        for name in value:
            if name not in suites:
                raise ValueError(f"{name!r} is no suite{suggest_or_list(name, suites)}")
        return value

    @model_validator(mode="after")
    def _make_sense(self) -> "Settings":
        if self.population_source and not self.population:
            raise ValueError("`population_source` names the source of a file, and `population` names no file")
        check_order(self.first_month, self.last_month)
        check_benchmarks(self.benchmarks)
        return self

    @model_validator(mode="after")
    def _know_every_force(self) -> "Settings":
        of_extracts = [extract.force for extract in self.extracts]
        check_ids([*self.forces, *self.names, *of_extracts])
        check_slips(of_extracts, self.forces, self.names)
        declared = self.similar_forces, self.recording_changes, self.priorities, self.revisions
        check_declarations(*declared, self.known_forces)
        check_events(self.events, self.known_forces)
        check_merged(self.merged_forces, self.forces, self.known_forces)
        return self

    @model_validator(mode="after")
    def _site_holds_nothing_of_the_project(self) -> "Settings":
        """What lies in the site folder goes out with it."""
        read = [*self.records, *self.counts, *(path for extract in self.extracts for path in extract.files)]
        read += [*([self.areas.file] if self.areas else []), *(each.file for each in self.benchmarks)]
        read += [path for key in PRIVATE if (path := getattr(self, key))]
        held = ", ".join(path.name for path in read if lies_in(self.out, path))
        if held:
            raise ValueError(f"the site folder {self.out.resolve().name!r} would hold {held}: name another `out`")
        return self

    @property
    def known_forces(self) -> set[str]:
        """Forces that a declaration may name: the portal's, and those of this project."""
        own = (extract.force for extract in self.extracts)
        return {*force_names(), *self.names, *self.forces, *own, *(merged.force for merged in self.merged_forces)}

    def name_of(self, force: str) -> str:
        """The force's name: the project's own, else the portal's."""
        return self.names.get(force, force_name(force))

    @property
    def mergers(self) -> tuple[MergedForce, ...]:
        """The forces that were made of others: the project's own, then those that come with the package."""
        return read_merged(self.merged_forces)

    @property
    def forces_read(self) -> list[str]:
        """Forces to read records of: those asked for, of merged ones as they were called then; none: all."""
        return list_asked(self.forces, self.mergers, self.first_month, self.last_month)

    @property
    def all_recording_changes(self) -> list[RecordingChange]:
        """Those declared, and the months in which forces were merged."""
        return [*self.recording_changes, *name_mergers(self.mergers, self.name_of)]

    @property
    def ledger(self) -> Path:
        """Where the protected counts of earlier editions are kept."""
        return self.disclosure.ledger or self.out.parent / LEDGER

    @property
    def is_internal(self) -> bool:
        """Whether the edition is for the force alone."""
        return self.disclosure.profile == "internal"

    @property
    def marking(self) -> str:
        """What every page says of an edition that is not, or not yet, for the public; nothing of one that is."""
        if self.is_internal:
            return INTERNAL
        return "" if self.is_final else DRAFT

    @property
    def review_table(self) -> Path | None:
        """The table of the review of recorded grounds, where there is one."""
        return self.grounds_review / REVIEW_FILE if self.grounds_review else None

    def months(self) -> list[date]:
        """Every month asked for, in order."""
        return month_range(self.first_month, self.last_month)

    def periods(self) -> pl.DataFrame:
        """Cut the months into years that end in the last month asked for.

        Returns:
            month, period_from, period_to; what is left over at the start is a shorter period of its own.
        """
        return cut_periods(self.first_month, self.last_month)

    def list_templates(self) -> dict[str, Path]:
        """Give the file of every template and style by its name: the project's own, else the package's."""
        return lay("reports", self.reports)

    def list_own_templates(self) -> dict[str, Path]:
        """Give the templates that are the project's own, by name."""
        shipped = list_shipped("reports")
        files = self.list_templates().items()
        return {name: path for name, path in files if name.endswith(".html") and path != shipped.get(name)}

    def list_suites(self) -> dict[str, Path]:
        """Give the file of every suite of expectations by its audit table, but for those that are switched off."""
        files = {Path(name).stem: path for name, path in lay("expectations", self.expectations).items()}
        return {table: path for table, path in files.items() if table not in self.expectations_off}


def read_settings(path: Path, overrides: dict[str, Any] | None = None) -> Settings:
    """Read a project file as `read_text` and `understand` do; `overrides` are keys given elsewhere, paths whole."""
    return understand(read_text(path), path, overrides)


def read_text(path: Path) -> str:
    """Give the text of a project file, its ends of line as they are.

    Raises:
        RequestError: it is not there, or not UTF-8.
    """
    try:
        return read_user_text(path)
    except FileNotFoundError:
        raise RequestError(
            "there is no project file",
            where=str(path),
            what_now="run `disparity init`, or name the records to build from",
        ) from None
    except OSError as error:
        raise RequestError(
            "the project file cannot be read", where=str(path), found=error.strerror or "", what_now="name a file"
        ) from None
    except UnreadableTextError as error:
        raise _no_toml(path, error) from None


def understand(text: str, path: Path, overrides: dict[str, Any] | None = None) -> Settings:
    """Give the settings that the text of a project file states.

    Args:
        path: where it lies, or is to lie: paths in it are relative to that.

    Raises:
        RequestError: it is not TOML, or a key is unknown, missing or of the wrong kind.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _no_toml(path, error) from None
    if FINAL in given:
        raise RequestError(
            "the publication cannot be understood",
            where=path.name,
            found=f"{FINAL}: no such key",
            what_now="publish with `disparity publish`",
        )
    home = path.resolve().parent
    resolve_paths(given, home)
    place_results(given, home)
    settings = make_settings(_lay_over(given, overrides or {}), where=path.name, text=text)
    if lies_in(settings.out, path):
        raise RequestError(
            "the site folder would hold the project itself",
            where=path.name,
            found=f"{path.name}, and what lies beside it",
            what_now='name a folder of its own: out = "site"',
        )
    return settings


def _lay_over(given: dict[str, Any], overrides: dict[str, Any]) -> dict[str, Any]:
    """Take what is given elsewhere instead; of a table, key by key."""
    tables = {
        key: given[key] | value
        for key, value in overrides.items()
        if isinstance(value, dict) and isinstance(given.get(key), dict)
    }
    return given | overrides | tables


def _no_toml(path: Path, error: ValueError) -> RequestError:
    return RequestError(
        "the project file is not TOML", where=path.name, found=str(error), what_now="correct the line it names"
    )


def make_settings(given: dict[str, Any], *, where: str, text: str = "") -> Settings:
    """Check the settings of a publication; every wrong key is named at once."""
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        what_now, code = advise(error)
        raise RequestError(
            "the publication cannot be understood",
            where=where,
            found=name_problems(error, Settings.model_json_schema(), text),
            what_now=what_now,
            code=code,
        ) from None
