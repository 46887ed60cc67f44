"""Explain or reform: what the force says of each stated difference, what it does, and what changed since."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from disparity.analysis.actions.answers import NOT_EXPLAINED
from disparity.analysis.measures.entries import BY_NAME
from disparity.site.cells import (
    Cell,
    Table,
    compared_cell,
    cross,
    mark_cell,
    rate_cell,
    tabulate,
    value_cell,
)
from disparity.site.findings.actions import ANSWER, EFFECT, VANISHED, name_disparity
from disparity.site.findings.evidence import Evidence
from disparity.site.page import Edition, Part
from disparity.site.published_figures import Row, Sentence, index_rows, ratio, signed_points, style_of
from disparity.vocabulary.calendar import name_day
from disparity.vocabulary.codes import PEOPLE, REFERENCE_GROUP
from disparity.vocabulary.statuses import MEASURED, NOT_APPLICABLE

NO_EFFECT = {
    "too_early": "Too early to say: a measure needs twelve months since the start, so that a season does not pass for "
    "a change.",
    "too_short_before": "Not measured: there are fewer than twelve months before the start.",
    "not_followed": "Not measured: only search, find and arrest rates over all types of search are followed by month.",
    "few_events": "Not measured: there are too few events a month.",
    "recording_changed": "Not measured: what is recorded changed in between.",
}


@dataclass(frozen=True)
class Entry:
    """One entry of the register with the figures it concerns. `effect` is None where no action has started."""

    name: str
    title: str
    figures: Sentence
    vanished: Sentence  # where the figures do not state what the entry is about
    values: dict[str, str | bool | None]
    start: str
    review: str
    evidence: tuple[str, ...]
    effect: Table | None
    effect_words: Sentence


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on what a force says of its disparities, and does."""
    return Part("parts/register.html", describe_register(edition, force))


def describe_register(edition: Edition, force: str) -> dict[str, Any]:
    """Give what a template needs of the register: entries, those overdue, and what no entry answers for."""
    disparities = edition.rows_of("disparities", force)
    entries = [_describe(edition, force, row) for row in edition.rows_of("actions", force)]
    return {
        "entries": entries,
        "overdue": [entry for entry in entries if entry.values["is_overdue"]],
        "has_stated": bool(disparities),
        "unexplained": _tabulate(
            edition.evidence[force][0], [row.values for row in disparities if row.values["answer"] == NOT_EXPLAINED]
        ),
    }


def _describe(edition: Edition, force: str, row: Row) -> Entry:
    values = row.values
    effects = [each for each in edition.rows_of("effects", force) if each.values["entry"] == values["entry"]]
    unmeasured = NO_EFFECT.get(effects[0].values["status"]) if effects else None
    return Entry(
        name=values["entry"],
        title=name_disparity(values),
        figures=_say(edition, force, f"{ANSWER}{values['entry']}"),
        vanished=_say(edition, force, f"{VANISHED}{values['entry']}"),
        values=values,
        start=_name(values["start"]),
        review=_name(values["review"]),
        evidence=tuple((values["evidence"] or "").split("; ")) if values["evidence"] else (),
        effect=_tabulate_effect(values, [each for each in effects if each.values["status"] == MEASURED]),
        effect_words=_say(edition, force, f"{EFFECT}{values['entry']}") or ((unmeasured,) if unmeasured else ()),
    )


def _say(edition: Edition, force: str, kind: str) -> Sentence:
    return next((finding.sentence for finding in edition.findings_of(force, kind)), ())


def _name(day: str | None) -> str:
    return name_day(date.fromisoformat(day)) if day else ""


def _tabulate(evidence: Evidence, stated: list[dict[str, str]]) -> Table:
    """Stated differences: both rates, then ratio or difference."""

    def compare(values: dict[str, str]) -> tuple[Cell | str, ...]:
        measure, group, kind = values["measure"], values["ethnic_group"], values["search_type"]
        rates = (evidence.estimate(measure, name, kind) for name in (group, REFERENCE_GROUP))
        column, style = ("ratio", ratio) if BY_NAME[measure].is_per_residents else ("difference", signed_points)
        compared = compared_cell(evidence.row("comparisons", measure, group, kind), column, style)
        return (name_disparity(values), *(rate_cell(row, style_of(measure)) for row in rates), compared)

    return tabulate(
        "unexplained",
        f"Stated differences without an entry, {evidence.period_name}",
        ("Difference", "Of the group", "Of White people", "Ratio of search rates; percentage points of others"),
        map(compare, stated),
    )


def _tabulate_effect(values: dict[str, str], rows: list[Row]) -> Table | None:
    if not rows:
        return None
    found = index_rows(rows, "series", "component")
    series = {
        "group": PEOPLE[values["ethnic_group"]],
        "reference": "White people",
        "group_against_reference": "The first against the second",
    }

    def fill(name: str, component: str) -> Cell:
        style = style_of(values["measure"]) if component.startswith("rate") else ratio
        row = found.get((name, component))
        return value_cell(row, style) if row else mark_cell(NOT_APPLICABLE)

    return tabulate(
        f"effect-{values['entry']}",
        f"Before and after {_name(values['start'])}: {BY_NAME[values['measure']].noun} by month",
        ("Searches of", "Before", "After", "Jump at the start, times", "Change of yearly growth, times"),
        cross(series, ("rate_before", "rate_after", "level", "trend"), fill),
    )
