"""Explain or reform: what the force says of each stated difference, what it does, and what changed since."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from disparity.analysis.actions.answers import NOT_EXPLAINED
from disparity.analysis.measures.entries import BY_NAME
from disparity.site.findings.actions import ANSWER, EFFECT, name_disparity
from disparity.site.findings.evidence import Evidence
from disparity.site.pages.page import (
    Cell,
    Edition,
    Page,
    Table,
    interval_cell,
    mark_cell,
    period_name,
    rate_cell,
    text_cell,
)
from disparity.site.published_figures import Row, Sentence, ratio, signed_points, style_of
from disparity.vocabulary.calendar import name_day
from disparity.vocabulary.codes import PEOPLE, REFERENCE_GROUP
from disparity.vocabulary.statuses import MEASURED, NOT_APPLICABLE

NO_EFFECT = {
    "too_early": "Too early to say: a measure needs twelve months since the start, so that a season does not pass for "
    "a change.",
    "too_short_before": "Not measured: there are fewer than twelve months before the start.",
    "not_followed": "Not measured: only search, find and arrest rates over all types of search are followed by month.",
    "few_events": "Not measured: there are too few events a month.",
    "recording_changed": "Not measured: what is recorded, or the census behind the rates, changed in between.",
}


@dataclass(frozen=True)
class Entry:
    """One entry of the register with the figures it concerns. `effect` is None where no action has started."""

    name: str
    title: str
    figures: Sentence
    values: dict[str, str | bool | None]
    start: str
    review: str
    evidence: tuple[str, ...]
    effect: Table | None
    effect_words: Sentence


def build_page(edition: Edition, force: str) -> Page:
    """Build the page of what a force says of its disparities, and does."""
    return Page(
        template="action.html",
        title="Explain or reform",
        context={"period": period_name(edition.evidence[force][0].period)} | describe_register(edition, force),
    )


def describe_register(edition: Edition, force: str) -> dict[str, Any]:
    """Give what a template needs of the register: entries, those overdue, and what no entry answers for."""
    latest = edition.evidence[force][0]
    disparities = edition.rows_of("disparities", force)
    open_ones = [row for row in disparities if row.values["answer"] == NOT_EXPLAINED]
    entries = [_describe(edition, latest, row) for row in edition.rows_of("actions", force)]
    return {
        "entries": entries,
        "overdue": [entry for entry in entries if entry.values["is_overdue"]],
        "has_stated": bool(disparities),
        "unexplained": _tabulate(latest, open_ones) if open_ones else None,
    }


def _describe(edition: Edition, evidence: Evidence, row: Row) -> Entry:
    values, force = row.values, evidence.force
    effects = [each for each in edition.rows_of("effects", force) if each.values["entry"] == values["entry"]]
    measured = [each for each in effects if each.values["status"] == MEASURED]
    return Entry(
        name=values["entry"],
        title=name_disparity(values),
        figures=_say(edition, force, f"{ANSWER}{values['entry']}"),
        values=values,
        start=_name(values["start"]),
        review=_name(values["review"]),
        evidence=tuple((values["evidence"] or "").split("; ")) if values["evidence"] else (),
        effect=_tabulate_effect(values, measured) if measured else None,
        effect_words=_say(edition, force, f"{EFFECT}{values['entry']}") or _say_none(effects),
    )


def _say(edition: Edition, force: str, kind: str) -> Sentence:
    return next((finding.sentence for finding in edition.findings_of(force, kind)), ())


def _name(day: str | None) -> str:
    return name_day(date.fromisoformat(day)) if day else ""


def _tabulate(evidence: Evidence, rows: list[Row]) -> Table:
    """Stated differences: both rates, then ratio or difference."""

    def cells(values: dict[str, str]) -> tuple[Cell, ...]:
        measure, group, kind = values["measure"], values["ethnic_group"], values["search_type"]
        style = style_of(measure)
        compared = evidence.row("comparisons", measure, group, kind)
        column, print_ = ("ratio", ratio) if BY_NAME[measure].is_per_residents else ("difference", signed_points)
        return (
            text_cell(name_disparity(values)),
            rate_cell(evidence.estimate(measure, group, kind), style),
            rate_cell(evidence.estimate(measure, REFERENCE_GROUP, kind), style),
            interval_cell(compared, column, print_),
        )

    return Table(
        caption=f"Stated differences without an entry, {period_name(evidence.period)}",
        head=("Difference", "Of the group", "Of White people", "Ratio of search rates; percentage points of others"),
        rows=tuple(cells(row.values) for row in rows),
        name="unexplained",
    )


def _say_none(effects: list[Row]) -> Sentence:
    return (NO_EFFECT[effects[0].values["status"]],) if effects else ()


def _tabulate_effect(values: dict[str, str], rows: list[Row]) -> Table:
    style = style_of(values["measure"])
    series = {
        "group": PEOPLE[values["ethnic_group"]],
        "reference": "White people",
        "group_against_reference": "The first against the second",
    }

    def cell(name: str, component: str) -> Cell:
        row = next((row for row in rows if (row.values["series"], row.values["component"]) == (name, component)), None)
        if row is None:
            return mark_cell(NOT_APPLICABLE)
        print_ = style if component.startswith("rate") else ratio
        return Cell((print_(row, "value"),), (print_(row, "lower"), " to ", print_(row, "upper")))

    return Table(
        caption=f"Before and after {_name(values['start'])}: {BY_NAME[values['measure']].noun} by month",
        head=("Searches of", "Before", "After", "Jump at the start, times", "Change of yearly growth, times"),
        rows=tuple(
            (text_cell(words), *(cell(name, part) for part in ("rate_before", "rate_after", "level", "trend")))
            for name, words in series.items()
        ),
        name=f"effect-{values['entry']}",
    )
