"""Over time: whether searches and finds change, month by month and since the year before."""

from disparity.analysis.measures.entries import FIND_RATE, SEARCH_RATE
from disparity.project.events import OWN
from disparity.site.findings.over_time import has_year_before, say_finds, say_searches, say_year
from disparity.site.findings.residents import name_residents_of_months
from disparity.site.page import Edition, Page, Section, fill, months_of
from disparity.site.parts import history
from disparity.site.parts.control import has_controls, has_signals, list_declared
from disparity.site.parts.events import gather_letters, letter_events
from disparity.site.parts.months import SEARCHES, draw_coverage, draw_months, list_rows, list_spans, name_spans
from disparity.site.parts.unusual_shares import list_unusual
from disparity.site.parts.years import draw_years, tabulate_changes
from disparity.vocabulary.calendar import name_months, name_period

SECTIONS = (Section("before", history.build_part, history.has_content),)


def build_page(edition: Edition, force: str) -> Page:
    """Build the page of months and years of a force."""
    latest = edition.evidence[force][0]
    rows = list_rows(edition, force)
    spans = list_spans(rows)
    span = name_spans(rows)
    residents = name_residents_of_months(edition.evidence[force], edition.settings, span.replace(" and ", " or "))
    events = letter_events(edition, force)
    months = draw_months(rows, spans, edition.name_of(force), residents, gather_letters(events))
    submissions = edition.rows_of("submissions", force)
    return Page(
        template="over_time.html",
        title="Is it changing over time?",
        parts=fill(SECTIONS, edition, force),
        context={
            "period": name_period(edition.settings.first_month, edition.settings.last_month),
            "span": span,
            "quarters": name_months(
                [each for row in submissions if row.values["months"] > 1 for each in months_of(row)]
            ),
            "missing": name_months([row.values["month"] for row in submissions if row.values["status"] == "missing"]),
            "searches_told": say_searches(latest),
            "searches": months.get(SEARCHES),
            "finds_told": say_finds(latest),
            "finds": months.get(FIND_RATE.name),
            "groups": months.get(SEARCH_RATE.name),
            "events": events,
            "has_shipped": any(event.kind != OWN for event in events),
            "declared": list_declared(edition, force),
            "has_year_before": has_year_before(latest),
            "year_told": say_year(latest),
            "years": draw_years(latest),
            "changes": tabulate_changes(latest),
            "unusual": list_unusual(edition, force),
            "coverage": draw_coverage(edition, force),
            "has_signals": has_signals(edition, force),
            "has_controls": has_controls(edition, force),
        },
    )
