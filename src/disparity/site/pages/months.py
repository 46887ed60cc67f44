"""Month by month: the control charts, and every month's searches and results."""

from disparity.site.findings.residents import name_residents_of_months
from disparity.site.page import Edition, Page
from disparity.site.parts.control import draw_controls, has_signals, tabulate_controls
from disparity.site.parts.months import list_rows, name_spans, tabulate_months
from disparity.vocabulary.calendar import name_period


def build_page(edition: Edition, force: str) -> Page:
    """Build the page of a force's months."""
    rows = list_rows(edition, force)
    span = name_spans(rows)
    residents = name_residents_of_months(edition.evidence[force], edition.settings, span.replace(" and ", " or "))
    return Page(
        "months.html",
        "Month by month",
        {
            "period": name_period(edition.settings.first_month, edition.settings.last_month),
            "span": span,
            "has_signals": has_signals(edition, force),
            "controls": draw_controls(edition, force, residents),
            "signals": tabulate_controls(edition, force),
            "rest": tabulate_months(rows, span),
        },
    )
