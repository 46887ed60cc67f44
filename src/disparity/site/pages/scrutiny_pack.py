"""The pack for a community scrutiny panel: a force in two pages of plain language, questions to ask, a sample list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from disparity.analysis.actions.answers import NOT_EXPLAINED
from disparity.analysis.annual_statement import MOST_UNKNOWN_ETHNICITY
from disparity.site.findings.actions import name_disparity
from disparity.site.findings.evidence import Evidence
from disparity.site.page import Chart, Edition, Page
from disparity.site.pages import findings
from disparity.site.parts import register
from disparity.vocabulary.codes import ALL
from disparity.vocabulary.statuses import MEASURED, PARTIAL

TEMPLATE = "scrutiny_pack.html"
# Findings of the two pages, in this order, and how many of each kind at most.
TOLD = {
    "searches": 1,
    "search_rate_stated": 4,
    "search_rate_depends": 2,
    "search_rate_unclear": 2,
    "find_rate": 1,
    "find_rate_stated": 2,
    "find_rate_depends": 1,
    "find_rate_unclear": 1,
    "flag_warning": 1,
    "drugs": 1,
    "unknown_ethnicity": 1,
    "combined_verdict": 2,
}
# Name of a chart, as it begins → how to read it.
READING_AIDS = {
    "search-rates": "Each point is a rate: how many searches there were in a year for every 1,000 residents of the "
    "group. The bar through it is the range that chance alone could explain. Where two bars lie far apart, the rates "
    "differ by more than chance; where they overlap widely, the figures cannot tell. The chart counts searches, not "
    "people.",
    "find-rates": "Each point is the share of searches after which something was found that the search was for. "
    "Compare points within one type of search: some things are found more often than others. A lower share for one "
    "group can mean that its members are searched on weaker grounds; it can have other reasons too.",
}


@dataclass(frozen=True)
class Aid:
    """A chart and how to read it."""

    chart: Chart
    how: str


def build_page(edition: Edition, force: str, sample: Sequence[tuple[str, str]]) -> Page:
    """Build the pack of a force.

    Args:
        sample: id and month of the records that were drawn for the panel to ask for.
    """
    latest = edition.evidence[force][0]
    front = findings.build_page(edition, force)
    charts = [chart for chart in front.charts if any(chart.name.startswith(name) for name in READING_AIDS)]
    return Page(
        path=f"{force}.html",
        template=TEMPLATE,
        title=f"Scrutiny panel pack: {edition.name_of(force)}",
        force=force,
        context=register.describe_register(edition, force)
        | {
            "findings": [finding for kind, most in TOLD.items() for finding in edition.findings_of(force, kind)[:most]],
            "summary": front.context["summary"],
            "aids": [Aid(chart, _read(chart)) for chart in charts],
            "questions": list(_ask(edition, latest)),
            "sample": sample,
        },
    )


def _read(chart: Chart) -> str:
    return next(how for name, how in READING_AIDS.items() if chart.name.startswith(name))


def _ask(edition: Edition, evidence: Evidence) -> Iterator[str]:
    """Questions that the figures raise, then those that every panel can ask."""
    stated = [row.values for row in edition.rows_of("disparities", evidence.force)]
    unexplained = [name_disparity(row | {"search_type": ALL}) for row in stated if row["answer"] == NOT_EXPLAINED]
    for name in dict.fromkeys(unexplained):
        yield f"{name}: why is it not that of White people, and what is done about it?"
    for row in edition.rows_of("actions", evidence.force):
        if row.values["is_overdue"]:
            yield f"{name_disparity(row.values)}: the review was due and is not reported. What did it find?"
    unknown = evidence.estimate("unknown_ethnicity_share")
    if unknown and (unknown.values["value"] or 0) > MOST_UNKNOWN_ETHNICITY:
        yield "Why is ethnicity so often not recorded, by which teams, and what happens to records without it?"
    find_rate = evidence.estimate("find_rate")
    if find_rate is None or find_rate.values["status"] != MEASURED:
        part = "only in part" if find_rate and find_rate.values["status"] == PARTIAL else "too seldom"
        yield f"Why do the records tell {part} whether the item searched for was found?"
    possession = evidence.estimate("type_share", search_type="drugs_possession")
    if possession is None or possession.values["value"] is None:
        yield "How many drug searches are for possession only, and why is that not published?"
    else:
        yield "Which local priority do searches for possession of drugs serve?"
    yield "May the panel see the recorded grounds, and body-worn video, of the searches in the list below?"
    yield "Which searches led to a complaint, and what was learned from them?"
    yield "What has changed since the last meeting because of what the panel said?"
