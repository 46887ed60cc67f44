"""The pack for a community scrutiny panel: a force in two pages of plain language, questions to ask, a sample list."""

from collections.abc import Iterator, Sequence

from disparity.analysis.actions.answers import NOT_EXPLAINED
from disparity.analysis.annual_statement import MOST_UNKNOWN_ETHNICITY
from disparity.site.findings.actions import name_disparity
from disparity.site.findings.evidence import Evidence
from disparity.site.page import Edition, Page
from disparity.site.pages import findings
from disparity.site.parts import handling, register
from disparity.vocabulary.codes import ALL
from disparity.vocabulary.statuses import MEASURED, PARTIAL

TEMPLATE = "scrutiny_pack.html"
HOW_TO_READ = (
    "Each dot is a rate: searches in a year for every 1,000 residents. The dashed line is the rate of White "
    "people. The thin bar is what chance alone could do. The broad bar is how far the rate could be from that of White "
    "people, on every plausible count. Where the broad bar crosses the dashed line, the difference is not sure. The "
    "chart counts searches, not people."
)


def build_page(edition: Edition, force: str, sample: Sequence[tuple[str, str]]) -> Page:
    """Build the pack of a force.

    Args:
        sample: id and month of the records that were drawn for the panel to ask for.
    """
    latest = edition.evidence[force][0]
    front = findings.build_page(edition, force)
    return Page(
        path=f"{force}.html",
        template=TEMPLATE,
        title=f"Scrutiny panel pack: {edition.name_of(force)}",
        force=force,
        context=register.describe_register(edition, force)
        | {
            **{name: front.context[name] for name in ("front", "summary", "chart")},
            "how_to_read": HOW_TO_READ,
            "handling": handling.tabulate_handling(latest),
            "handling_said": edition.findings_of(force, "handling", "handling_stated"),
            "questions": list(_ask(edition, latest)),
            "sample": sample,
        },
    )


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
        yield f"Why do the records say {part} whether the item searched for was found?"
    possession = evidence.estimate("type_share", search_type="drugs_possession")
    if possession is None or possession.values["value"] is None:
        yield "How many drug searches are for possession only, and why is that not published?"
    else:
        yield "Which local priority do searches for possession of drugs serve?"
    yield "May the panel see the recorded grounds, and body-worn video, of the searches in the list below?"
    yield "Which searches led to a complaint, and what was learned from them?"
    yield "What has changed since the last meeting because of what the panel said?"
