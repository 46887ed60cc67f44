"""What a page is made of: tables of figures, charts with their words, and the facts all pages share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from disparity.project.settings import Settings
from disparity.records.completeness import list_caveats
from disparity.site.findings.evidence import Evidence, Finding
from disparity.site.published_figures import Figure, Row, Sentence, Tables, count
from disparity.site.rendering.svg import Sketch
from disparity.tables.previous_edition import PastEdition
from disparity.vocabulary.calendar import months_from, name_period
from disparity.vocabulary.codes import ALL, SEARCH_TYPES
from disparity.vocabulary.statuses import (
    BOUNDS,
    CONFIDENTIAL,
    INCOMPLETE,
    MEASURED,
    NOT_AVAILABLE,
    PARTIAL,
    SMALL,
    SUPPRESSED,
    mark_of,
)

# Whole numbers that say how a restricted publication is protected.
PROTECTION = ("threshold", "base", "fewest_candidates", "cells", "suppressed", "targets", "certified")


def months_of(row: Row) -> list[date]:
    """Every month that a submission is of: one, or three where the source gives quarters."""
    return months_from(row.values["month"], row.values["months"])


@dataclass(frozen=True)
class Cell:
    """A table cell: what it says, smaller lines below it, and a mark that the legend explains."""

    main: Sentence
    detail: Sentence = ()
    mark: str = ""
    base: Sentence = ()


@dataclass(frozen=True)
class Table:
    """Every table has a caption, one header row, and a row header in its first column."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    name: str = ""

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks in use, for the legend."""
        return tuple(sorted({cell.mark for row in self.rows for cell in row if cell.mark}))


@dataclass(frozen=True)
class Chart:
    """A drawing with its message, its statistical subtitle and the table that holds the same figures."""

    name: str
    headline: Sentence
    subtitle: str
    sketch: Sketch
    table: Table

    @property
    def rows(self) -> dict[str, list[int]]:
        """The published rows that its figures come from, by table."""
        cells = [cell for row in self.table.rows for cell in row]
        parts = [part for cell in cells for part in (*cell.main, *cell.detail, *cell.base) if isinstance(part, Figure)]
        tables = sorted({part.table for part in parts})
        return {table: sorted({part.row for part in parts if part.table == table}) for table in tables}


@dataclass(frozen=True)
class Page:
    """`context` is what the template needs beside the shared facts; the listing of pages gives path and force."""

    template: str
    title: str
    context: dict[str, Any] = field(default_factory=dict)
    path: str = ""  # relative to the site's root
    force: str = ""

    @property
    def root(self) -> str:
        """From the page's folder up to the site's root."""
        return "../" * self.path.count("/")

    @property
    def charts(self) -> list[Chart]:
        """Every chart on the page."""
        listed = [value if isinstance(value, list | tuple) else [value] for value in self.context.values()]
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

    @property
    def protection(self) -> dict[str, Figure] | None:
        """What a restricted publication says of its protection on every page; nothing where it is open."""
        row = self.tables["disclosure"][0]
        if row.values["base"] is None:
            return None
        return {name: count(row, name) for name in PROTECTION}

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


def text_cell(text: str) -> Cell:
    """A cell of words."""
    return Cell((text,) if text else ())


def mark_cell(mark: str) -> Cell:
    """A cell that says why there is no figure."""
    return Cell((mark,), mark=mark)


def figure_cell(row: Row | None, column: str, style: Callable[[Row, str], Figure]) -> Cell:
    """A cell with one figure; [x] where there is none."""
    if row is None or row.values[column] is None:
        return _blank(row)
    return Cell((style(row, column),))


def _blank(row: Row | None) -> Cell:
    """Why there is no figure: too few to show without identifying people, or none to be had."""
    return mark_cell(CONFIDENTIAL if row is not None and row.values.get("status") == SUPPRESSED else NOT_AVAILABLE)


def rate_cell(row: Row | None, style: Callable[[Row, str], Figure], *, with_count: str = "") -> Cell:
    """A rate with its interval below it, or its bounds where the evidence allows no value.

    Args:
        with_count: words after the denominator, such as "searches"; empty for none.
    """
    if row is None:
        return mark_cell(NOT_AVAILABLE)
    values = row.values
    if values["status"] == SUPPRESSED:
        return _blank(row)
    # The denominator of a partial rate or of bounds is another: it would be read as theirs.
    is_out_of = with_count and values["denominator"] and values["status"] in {MEASURED, SMALL, INCOMPLETE}
    noun = with_count.removesuffix("es") if values["denominator"] == 1 else with_count
    base: Sentence = (count(row, "denominator"), f" {noun}") if is_out_of else ()
    if values["value"] is None:
        if values["lower_bound"] is None:
            return mark_cell(NOT_AVAILABLE)
        return Cell((style(row, "lower_bound"), " to ", style(row, "upper_bound")), (BOUNDS,), BOUNDS, base)
    mark = mark_of(values["status"])
    if values["status"] == PARTIAL:
        bounds = ("bounds ", style(row, "lower_bound"), " to ", style(row, "upper_bound"))
        return Cell((style(row, "value"),), bounds, mark, base)
    limits: Sentence = (style(row, "lower"), " to ", style(row, "upper")) if values["lower"] is not None else ()
    return Cell((style(row, "value"),), limits, mark, base)


def interval_cell(row: Row | None, name: str, style: Callable[[Row, str], Figure]) -> Cell:
    """A ratio or difference with its interval below it."""
    if row is None or row.values[name] is None:
        return _blank(row)
    lower, upper = row.values[f"{name}_lower"], row.values[f"{name}_upper"]
    limits: Sentence = ()
    if lower is not None and upper is not None:
        limits = (style(row, f"{name}_lower"), " to ", style(row, f"{name}_upper"))
    return Cell((style(row, name),), limits, mark_of(row.values["status"]))


def reason_cell(evidence: Evidence, key: tuple[str, str, str], style: Callable[[Row, str], Figure]) -> Cell:
    """A value of a reason (analysis, ethnic group, component) with its interval below it, where there is one."""
    row = evidence.row("reasons", *key)
    if row is None or row.values["value"] is None:
        return mark_cell(NOT_AVAILABLE)
    lower, upper = row.values["lower"], row.values["upper"]
    limits: Sentence = (style(row, "lower"), " to ", style(row, "upper")) if None not in (lower, upper) else ()
    return Cell((style(row, "value"),), limits)


def period_name(period: tuple[date, date]) -> str:
    """The period in words."""
    return name_period(*period)


def types_in_use(evidence: Evidence) -> list[str]:
    """Types with a search, the most frequent first; one undivided part of drugs is not shown beside their sum."""
    rows = [evidence.estimate("type_share", ALL, kind) for kind in SEARCH_TYPES]
    drugs = evidence.estimate("type_share", ALL, "drugs")
    used = [
        row
        for row in rows
        if row
        and row.values["numerator"] != 0
        and not (
            row.values["search_type"] == "drugs_unspecified"
            and drugs
            and drugs.values["numerator"] == row.values["numerator"]
        )
    ]
    last = ("other", "not_recorded")
    # By what is shown: a count that is suppressed comes after all that are not, in the order of the words.
    ordered = sorted(used, key=lambda row: (row.values["search_type"] in last, -(row.values["numerator"] or 0)))
    return [row.values["search_type"] for row in ordered]
