"""A force's front page: one sentence, one chart, five answers, and how sure they are."""

from dataclasses import dataclass
from datetime import date

from disparity.site.cells import (
    GROUPS,
    Cell,
    Table,
    compared_cell,
    figure_cell,
    mark_cell,
    rate_cell,
    tabulate,
)
from disparity.site.charts.front import chart_front
from disparity.site.charts.month_strip import HELD, IN_DOUBT, MISSING
from disparity.site.charts.specification import sketch
from disparity.site.findings.evidence import Evidence, about_searches
from disparity.site.findings.front import Front, write_front
from disparity.site.findings.front_answers import list_quarters
from disparity.site.findings.residents import name_residents
from disparity.site.page import Chart, Edition, Page, months_of
from disparity.site.published_figures import Sentence, count, percentage, rate, ratio, say
from disparity.vocabulary.calendar import name_month
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, REFERENCE_GROUP, UNKNOWN_GROUPS
from disparity.vocabulary.statuses import NOT_APPLICABLE
from disparity.vocabulary.text import start_sentence


@dataclass(frozen=True)
class Month:
    """A month of the strip: its name, and whether its records are held, missing or in doubt."""

    name: str
    state: str


def build_page(edition: Edition, force: str) -> Page:
    """Build the front page of a force."""
    latest = edition.evidence[force][0]
    front = write_front(latest)
    summary = _summarise(latest)
    return Page(
        template="findings.html",
        title=f"Stop and search: {edition.name_of(force)}",
        context={
            "front": front,
            "searches": count_searches(latest),
            "chart": draw_front(latest, front, summary),
            "months": list_months(latest),
            "quarters": None if latest.previous else _tabulate_quarters(latest),
            "summary": summary,
            "doubts": [],  # the first sentence says them
        },
    )


def count_searches(evidence: Evidence) -> Sentence:
    """The searches of the period, as the first line begins; nothing where they are not known."""
    row = evidence.estimate("search_rate") or evidence.estimate("unknown_ethnicity_share")
    column = "numerator" if row and row.values["measure"] == "search_rate" else "denominator"
    if row is None or row.values[column] is None:
        return ()
    return say(f"{start_sentence(about_searches(evidence))}{{}} searches, ", count(row, column))


def draw_front(evidence: Evidence, front: Front, summary: Table) -> Chart | None:
    """Draw each group's search rate with its range; nothing where no group has one."""
    rates = {group: row for group in ETHNIC_GROUPS if (row := evidence.estimate("search_rate", group))}
    if not any(row.values["value"] is not None for row in rates.values()):
        return None
    compared = {group: row for group in rates if (row := evidence.row("comparisons", "search_rate", group, ALL))}
    headline: Sentence = ("Searches a year for every 1,000 residents",)
    named = [rates[group] for group in (front.group, REFERENCE_GROUP) if group in rates]
    if len(named) > 1 and all(row.values["value"] is not None for row in named):
        figures = (rate(row, "value") for row in named)
        headline = say(f"Searches for every 1,000 residents: {{}} {front.group}, {{}} White", *figures)
    return Chart(
        headline=headline,
        subtitle=f"{start_sentence(evidence.period_name)}. Thin bar: what chance could do. Broad bar: every "
        "plausible count",
        sketch=sketch(chart_front(rates, compared), name="front"),
        table=summary,
        residents=name_residents(evidence),
    )


def list_months(evidence: Evidence) -> list[Month]:
    """Every month of the period, in order."""
    first, last = evidence.period
    doubted = {row.values["month"] for row in evidence.rows("doubts").values() if row.values["month"]}
    states: dict[date, str] = {}
    for row in evidence.published("submissions"):
        held = MISSING if row.values["status"] == MISSING else HELD
        for month in months_of(row):
            if first <= month <= last and states.get(month) != HELD:
                states[month] = held
    return [
        Month(name_month(month), IN_DOUBT if month in doubted and state == HELD else state)
        for month, state in sorted(states.items())
    ]


def _tabulate_quarters(evidence: Evidence) -> Table:
    rows = [row for rows in list_quarters(evidence) for row in rows]
    return tabulate(
        "quarters",
        "Searches in the first three months and the last three",
        ("Month", "Searches"),
        ((name_month(row.values["month"]), figure_cell(row, "numerator", count)) for row in rows),
    )


def _summarise(evidence: Evidence) -> Table:
    return tabulate(
        "summary",
        f"Searches by self-defined ethnicity, {evidence.period_name}",
        (
            *("Ethnic group", "Searches", "Searches per 1,000 residents a year"),
            *("Ratio to White", "Find rate", "Arrest rate"),
        ),
        ((title, *_summarise_group(evidence, group)) for group, title in GROUPS.items()),
    )


def _summarise_group(evidence: Evidence, group: str) -> tuple[Cell, ...]:
    no_residents = group in UNKNOWN_GROUPS
    searches = evidence.estimate("unknown_ethnicity_share" if no_residents else "search_rate", group)
    return (
        figure_cell(searches, "numerator", count),
        mark_cell(NOT_APPLICABLE) if no_residents else rate_cell(searches, rate),
        compared_cell(evidence.row("comparisons", "search_rate", group, ALL), "ratio", ratio),
        *(rate_cell(evidence.estimate(measure, group), percentage) for measure in ("find_rate", "arrest_rate")),
    )
