"""Search rates: who is searched how often, against residents, and what unknown ethnicity could change."""

from dataclasses import replace

from disparity.analysis.reasons.bounds import MISSING_ETHNICITY, TIPPING_SHARE
from disparity.site.charts.by_group import FACET_GROUPS, chart_by_group
from disparity.site.charts.specification import sketch
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.site.pages.page import (
    Cell,
    Chart,
    Edition,
    Page,
    Table,
    figure_cell,
    interval_cell,
    mark_cell,
    period_name,
    rate_cell,
    text_cell,
    types_in_use,
)
from disparity.site.published_figures import Figure, Row, Sentence, count, percentage, rate, ratio
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, OFFICER_DEFINED, SEARCH_TYPES, SELF_DEFINED
from disparity.vocabulary.statuses import NOT_APPLICABLE


def build_page(edition: Edition, force: str) -> Page:
    """Build the search-rates page of a force."""
    periods = edition.evidence[force]
    latest = periods[0]
    officer = replace(latest, basis=OFFICER_DEFINED)
    return Page(
        template="search_rates.html",
        title="Search rates by ethnicity",
        context={
            "answers": edition.answers_of(force, "search_rate"),
            "period": period_name(latest.period),
            "findings": edition.findings_of(force, "search_rate_stated", "search_rate_unclear"),
            "warnings": edition.findings_of(force, "official_warning"),
            "chart": draw_rates(edition, force, latest),
            "missing": _tabulate_missing(latest),
            "by_type": _tabulate_types(latest),
            "earlier": [_tabulate_rates(evidence, SELF_DEFINED) for evidence in periods[1:]],
            "officer": _tabulate_rates(officer, OFFICER_DEFINED),
            "is_officer_doubtful": _is_officer_doubtful(edition, force, latest),
            "bases": _name_bases(edition, force),
        },
    )


def draw_rates(edition: Edition, force: str, evidence: Evidence) -> Chart | None:
    """Draw each group's search rate; nothing where there are no residents to divide by."""
    rows = [row for group in FACET_GROUPS if (row := evidence.estimate("search_rate", group))]
    if not any(row.values["value"] is not None for row in rows):
        return None
    stated = edition.findings_of(force, "search_rate_stated", "search_rate_unclear")
    headline: Sentence = stated[0].sentence if stated else ("Search rates by ethnic group",)
    return Chart(
        name="search-rates",
        headline=_shorten(headline),
        subtitle=f"Searches per 1,000 residents a year, by self-defined ethnicity, with 95% confidence intervals, "
        f"{evidence.name}, {period_name(evidence.period)}",
        sketch=sketch(chart_by_group(rows), name="search-rates"),
        table=_tabulate_rates(evidence, SELF_DEFINED),
    )


def _shorten(sentence: Sentence) -> Sentence:
    """The rates alone: what follows the colon is in the findings above."""
    short: list[str | Figure] = []
    for part in sentence:
        if isinstance(part, str) and part.startswith(":"):
            break
        short.append(part)
    return (*short, ".")


def _tabulate_rates(evidence: Evidence, basis: str) -> Table:
    return Table(
        caption=f"Searches and search rates by {basis} ethnicity, {period_name(evidence.period)}",
        head=(
            "Ethnic group",
            "Searches",
            "Searches per 1,000 residents a year",
            "Ratio to White",
            "Share of searches",
        ),
        rows=tuple(
            (
                text_cell("All searches" if group == ALL else group),
                figure_cell(evidence.estimate("search_rate", group), "numerator", count),
                rate_cell(evidence.estimate("search_rate", group), rate),
                _ratio_cell(evidence, group),
                mark_cell(NOT_APPLICABLE)
                if group == ALL
                else figure_cell(evidence.estimate("search_share", group), "value", percentage),
            )
            for group in FACET_GROUPS
        ),
        name=f"rates-{basis}-{evidence.period[1]:%Y-%m}",
    )


def _ratio_cell(evidence: Evidence, group: str, search_type: str = ALL) -> Cell:
    row = evidence.row("comparisons", "search_rate", group, search_type)
    return interval_cell(row, "ratio", ratio) if row else mark_cell(NOT_APPLICABLE)


def _tabulate_missing(evidence: Evidence) -> Table:
    rows = []
    for group in COMPARED_GROUPS:
        bounds = evidence.row("reasons", MISSING_ETHNICITY, group, ALL)
        tipping = evidence.row("reasons", TIPPING_SHARE, group, ALL)
        rows.append(
            (
                text_cell(group),
                figure_cell(bounds, "lower", ratio),
                figure_cell(bounds, "value", ratio),
                figure_cell(bounds, "upper", ratio),
                _tip(tipping),
            )
        )
    return Table(
        caption=f"Ratio of search rates to White, by what the searches of unknown ethnicity could have been, "
        f"{period_name(evidence.period)}",
        head=(
            "Ethnic group",
            "If all were of White people",
            "Left out (as in the rates above)",
            "If all were of this group",
            "Share that would have to be of this group, the rest of White people, for equal rates",
        ),
        rows=tuple(rows),
        name="missing-ethnicity",
    )


def _tip(row: Row | None) -> Cell:
    if row is None or row.values["value"] is None:
        return mark_cell(NOT_APPLICABLE)
    if not 0 <= row.values["value"] <= 1:
        return text_cell("No share could make the rates equal")
    return Cell((percentage(row, "value"),))


def _tabulate_types(evidence: Evidence) -> Table:
    return Table(
        caption=f"Searches per 1,000 residents a year by type of search and self-defined ethnicity, "
        f"{period_name(evidence.period)}",
        head=("Type of search", "All", *ETHNIC_GROUPS),
        rows=tuple(
            (
                text_cell(SEARCH_TYPES[kind]),
                *(rate_cell(evidence.estimate("search_rate", group, kind), rate) for group in FACET_GROUPS),
            )
            for kind in types_in_use(evidence)
        ),
        name="rates-by-type",
    )


def _name_bases(edition: Edition, force: str) -> list[tuple[str, str]]:
    """Which population each period is divided by."""
    rows = [row for row in edition.rows_of("population", force) if row.values["ethnic_group"] == ALL]
    return [
        (period_name((row.values["period_from"], row.values["period_to"])), row.values["population_base"])
        for row in rows
    ]


def _is_officer_doubtful(edition: Edition, force: str, evidence: Evidence) -> bool:
    """Whether, in any month of the period, officer-defined ethnicity seems not to belong to its row."""
    first, last = (f"{month:%Y-%m}" for month in evidence.period)
    return any(
        row.values["column"] == "ethnicity_kappa" and first <= row.values["month"] <= last
        for row in edition.rows_of("checks", force)
    )
