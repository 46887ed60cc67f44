"""What a page is made of: charts with their words and tables, and the facts all pages share."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from disparity.disclosure.plan import plan_named
from disparity.project.settings import Settings
from disparity.records.completeness import list_caveats
from disparity.site.cells import Table
from disparity.site.findings.evidence import Evidence, Finding
from disparity.site.published_figures import Figure, Row, Sentence, Tables, count
from disparity.site.rendering.svg import Sketch
from disparity.tables.previous_edition import PastEdition
from disparity.tables.provenance import name_records
from disparity.vocabulary.calendar import months_from
from disparity.vocabulary.codes import ALL, SEARCH_TYPES

# Whole numbers that say how a restricted publication is protected.
PROTECTION = ("threshold", "base", "fewest_candidates", "cells", "suppressed", "targets", "certified")


def months_of(row: Row) -> list[date]:
    """Every month that a submission is of: one, or three where the source gives quarters."""
    return months_from(row.values["month"], row.values["months"])


@dataclass(frozen=True)
class Chart:
    """A drawing with its message, its statistical subtitle and the table that holds the same figures.

    `residents` names those that its figures are out of; nothing where they are out of none.
    """

    headline: Sentence
    subtitle: str
    sketch: Sketch
    table: Table
    residents: str = ""

    @property
    def name(self) -> str:
        """Names its files, and its place on the page."""
        return self.sketch.name

    @property
    def rows(self) -> dict[str, list[int]]:
        """The published rows that its figures come from, by table."""
        cells = [cell for row in self.table.rows for cell in row]
        parts = [part for cell in cells for part in (*cell.main, *cell.detail, *cell.base) if isinstance(part, Figure)]
        tables = sorted({part.table for part in parts})
        return {table: sorted({part.row for part in parts if part.table == table}) for table in tables}


@dataclass(frozen=True)
class Part:
    """A part of a page, filled: its template, and what that needs beside the shared facts."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """`context` is what the template needs beside the shared facts; the listing of pages gives path and force.

    `parts` are by their anchor on the page; the template says in which order they come.
    """

    template: str
    title: str
    context: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    path: str = ""  # relative to the site's root
    force: str = ""

    @property
    def root(self) -> str:
        """From the page's folder up to the site's root."""
        return "../" * self.path.count("/")

    @property
    def charts(self) -> list[Chart]:
        """Every chart on the page."""
        contexts = [self.context, *(part.context for part in self.parts.values())]
        values = [value for context in contexts for value in context.values()]
        listed = [value if isinstance(value, list | tuple) else [value] for value in values]
        return [chart for values in listed for chart in values if isinstance(chart, Chart)]


@dataclass(frozen=True)
class Edition:
    """One build's published rows, by table, with what the pages of every force share."""

    settings: Settings
    tables: Tables
    forces: tuple[str, ...]
    findings: tuple[Finding, ...]
    evidence: dict[str, tuple[Evidence, ...]]  # by force: self-defined basis, the latest period first
    history: tuple[PastEdition, ...] = ()  # this edition and those before, the latest first

    @property
    def caveats(self) -> tuple[str, ...]:
        """What the records of this edition lack, for every page to say."""
        return list_caveats(row.values["action"] for row in self.tables["decisions"])

    @cached_property
    def records(self) -> list[str]:
        """Whose records they are; every page, picture and description says so."""
        given = [(row.values["force"], row.values["source"]) for row in self.tables["submissions"]]
        return name_records(self.settings, given)

    @property
    def protection(self) -> dict[str, Figure] | None:
        """What a restricted publication says of its protection on every page; nothing where it is open."""
        row = self.tables["disclosure"][0]
        if row.values["base"] is None:
            return None
        return {name: count(row, name) for name in PROTECTION}

    @property
    def own_counts(self) -> str | None:
        """What is protected beside counts that public rows give; nothing where there are no such rows."""
        plan = plan_named(self.tables["disclosure"][0].values["plan"] or "")
        return ", ".join(plan.own) if plan and plan.has_rows else None

    def folder(self, force: str) -> str:
        """A publication of one force has its pages at the root, one of several a folder each."""
        return "" if len(self.forces) == 1 else f"{force}/"

    def name_of(self, force: str) -> str:
        """The force's name."""
        return self.settings.name_of(force)

    def findings_of(self, force: str, *kinds: str) -> list[Finding]:
        """A force's findings of some kinds, or all, in order."""
        return [finding for finding in self.findings if finding.force == force and (not kinds or finding.kind in kinds)]

    def rows_of(self, table: str, force: str) -> list[Row]:
        """A force's rows of a table."""
        return self.tables.of_force(force, table)

    def answers_of(self, force: str, *measures: str) -> list[Row]:
        """A force's entries in the register of actions on some measures."""
        return [row for row in self.rows_of("actions", force) if row.values["measure"] in measures]


def types_in_use(evidence: Evidence) -> list[str]:
    """Types with a search, the most frequent first; one undivided part of drugs is not shown beside their sum."""
    rows = {kind: row for kind in SEARCH_TYPES if (row := evidence.estimate("type_share", ALL, kind))}
    counts = {kind: row.values["numerator"] for kind, row in rows.items() if row.values["numerator"] != 0}
    if "drugs" in rows and counts.get("drugs_unspecified", 0) == rows["drugs"].values["numerator"]:
        counts.pop("drugs_unspecified", None)
    # By what is shown: a count that is suppressed comes after all that are not, in the order of the words.
    return sorted(counts, key=lambda kind: (kind in ("other", "not_recorded"), -(counts[kind] or 0)))


def always(_edition: Edition, _force: str) -> bool:
    """Whether there is anything to show of a force: there is."""
    return True


@dataclass(frozen=True)
class Section:
    """A part that a page may have: its anchor, what fills it, and whether there is anything to show of a force."""

    anchor: str
    build: Callable[[Edition, str], Part]
    has_content: Callable[[Edition, str], bool] = always


def fill(sections: Iterable[Section], edition: Edition, force: str) -> dict[str, Part]:
    """Fill the parts that there is something to show in: what records cannot tell has none."""
    return {each.anchor: each.build(edition, force) for each in sections if each.has_content(edition, force)}
