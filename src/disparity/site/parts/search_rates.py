"""Search rates: who is searched how often, against residents, and what unknown ethnicity could change."""

from dataclasses import replace

from disparity.analysis.reasons.bounds import MISSING_ETHNICITY, TIPPING_SHARE
from disparity.site.cells import (
    KNOWN_GROUPS,
    Cell,
    Table,
    compared_cell,
    cross,
    figure_cell,
    mark_cell,
    rate_cell,
    tabulate,
    text_cell,
)
from disparity.site.charts.by_group import FACET_GROUPS, chart_by_group
from disparity.site.charts.specification import sketch
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.site.findings.residents import find_residents, name_residents
from disparity.site.findings.search_rates import has_no_unknown
from disparity.site.page import Chart, Edition, Part, types_in_use
from disparity.site.published_figures import Figure, Row, Sentence, count, percentage, rate, ratio
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, OFFICER_DEFINED, SEARCH_TYPES, SELF_DEFINED
from disparity.vocabulary.statuses import NOT_APPLICABLE


def build_part(edition: Edition, force: str) -> Part:
    """Build the search-rates page of a force."""
    periods = edition.evidence[force]
    latest = periods[0]
    officer = replace(latest, basis=OFFICER_DEFINED)
    return Part(
        "parts/search_rates.html",
        {
            "answers": edition.answers_of(force, "search_rate"),
            "findings": edition.findings_of(force, "search_rate_stated", "search_rate_depends", "search_rate_unclear"),
            "warnings": edition.findings_of(force, "official_warning"),
            "chart": draw_rates(edition, force, latest),
            "missing": None if has_no_unknown(latest) else _tabulate_missing(latest),
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
    stated = edition.findings_of(force, "search_rate_stated", "search_rate_depends", "search_rate_unclear")
    headline: Sentence = stated[0].sentence if stated else ("Search rates by ethnic group",)
    return Chart(
        headline=_shorten(headline),
        subtitle=f"Searches per 1,000 residents a year, by self-defined ethnicity, with 95% confidence intervals, "
        f"{evidence.name}, {evidence.period_name}",
        sketch=sketch(chart_by_group(rows), name="search-rates"),
        table=_tabulate_rates(evidence, SELF_DEFINED),
        residents=name_residents(evidence),
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
    def share(group: str) -> Cell:
        row = evidence.estimate("search_share", group)
        return mark_cell(NOT_APPLICABLE) if group == ALL else figure_cell(row, "value", percentage)

    return tabulate(
        f"rates-{basis}-{evidence.period[1]:%Y-%m}",
        f"Searches and search rates by {basis} ethnicity, {evidence.period_name}",
        ("Ethnic group", "Searches", "Searches per 1,000 residents a year", "Ratio to White", "Share of searches"),
        (
            (
                title,
                figure_cell(evidence.estimate("search_rate", group), "numerator", count),
                rate_cell(evidence.estimate("search_rate", group), rate),
                compared_cell(evidence.row("comparisons", "search_rate", group, ALL), "ratio", ratio),
                share(group),
            )
            for group, title in KNOWN_GROUPS.items()
        ),
    )


def _tabulate_missing(evidence: Evidence) -> Table:
    bounds = {group: evidence.row("reasons", MISSING_ETHNICITY, group, ALL) for group in COMPARED_GROUPS}
    return tabulate(
        "missing-ethnicity",
        f"Ratio of search rates to White, by what the searches of unknown ethnicity could have been, "
        f"{evidence.period_name}",
        (
            "Ethnic group",
            "If all were of White people",
            "Left out (as in the rates above)",
            "If all were of this group",
            "Share that would have to be of this group, the rest of White people, for equal rates",
        ),
        (
            (
                group,
                *(figure_cell(row, column, ratio) for column in ("lower", "value", "upper")),
                _tip(evidence.row("reasons", TIPPING_SHARE, group, ALL)),
            )
            for group, row in bounds.items()
        ),
    )


def _tip(row: Row | None) -> Cell:
    if row is None or row.values["value"] is None:
        return mark_cell(NOT_APPLICABLE)
    if not 0 <= row.values["value"] <= 1:
        return text_cell("No share could make the rates equal")
    return Cell((percentage(row, "value"),))


def _tabulate_types(evidence: Evidence) -> Table:
    return tabulate(
        "rates-by-type",
        f"Searches per 1,000 residents a year by type of search and self-defined ethnicity, {evidence.period_name}",
        ("Type of search", "All", *ETHNIC_GROUPS),
        cross(
            {kind: SEARCH_TYPES[kind] for kind in types_in_use(evidence)},
            FACET_GROUPS,
            lambda kind, group: rate_cell(evidence.estimate("search_rate", group, kind), rate),
        ),
    )


def _name_bases(edition: Edition, force: str) -> list[tuple[str, str]]:
    """Which residents each period's rates are out of."""
    named = ((evidence.period_name, find_residents(evidence)) for evidence in edition.evidence[force])
    return [(period, row.values["population_base"]) for period, row in named if row]


def _is_officer_doubtful(edition: Edition, force: str, evidence: Evidence) -> bool:
    """Whether, in any month of the period, officer-defined ethnicity seems not to belong to its row."""
    first, last = (f"{month:%Y-%m}" for month in evidence.period)
    return any(
        row.values["column"] == "ethnicity_kappa"
        and not row.values["is_met"]
        # A restricted publication names no month.
        and first <= (row.values["month"] or last) <= last
        for row in edition.rows_of("checks", force)
    )
