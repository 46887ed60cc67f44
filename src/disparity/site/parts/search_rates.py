"""Search rates by ethnicity: what unknown ethnicity could change, by type of search, and as officers saw it."""

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
from disparity.site.charts.by_group import FACET_GROUPS, FEWEST_DRAWN, chart_by_group, chart_by_type
from disparity.site.charts.specification import sketch
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.site.findings.ranges import TOLD
from disparity.site.findings.residents import name_residents
from disparity.site.findings.search_rates import has_no_unknown, list_told, say_search_rates
from disparity.site.page import Chart, Edition, Part, types_in_use
from disparity.site.published_figures import Row, Sentence, count, percentage, rate, ratio, say
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, OFFICER_DEFINED, REFERENCE_GROUP, SEARCH_TYPES, SELF_DEFINED
from disparity.vocabulary.statuses import NOT_APPLICABLE

KINDS = ("search_rate_stated", "search_rate_depends", "search_rate_unclear")
MOST_PANELS = 6


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on the search rates of a force."""
    periods = edition.evidence[force]
    latest = periods[0]
    officer = replace(latest, basis=OFFICER_DEFINED)
    return Part(
        "parts/search_rates.html",
        {
            "findings": edition.findings_of(force, *KINDS),
            "warnings": edition.findings_of(force, "official_warning", "officer_warning"),
            "chart": draw_rates(edition, force, latest),
            "unknown": edition.findings_of(force, "unknown_ethnicity"),
            "missing": None if has_no_unknown(latest) else _tabulate_missing(latest),
            "types": edition.findings_of(force, "types"),
            "by_type": _draw_types(latest),
            "earlier": [(_tabulate_rates(old, SELF_DEFINED), name_residents(old)) for old in periods[1:]],
            "as_officers_saw": _say_as_officers_saw(latest, officer),
            "officer": _tabulate_rates(officer, OFFICER_DEFINED),
            "is_officer_doubtful": _is_officer_doubtful(edition, force, latest),
        },
    )


def _say_as_officers_saw(evidence: Evidence, officer: Evidence) -> Sentence:
    """The comparison that is said first, on the ethnicity that officers put down."""
    told = list_told(evidence)
    row = officer.row("comparisons", "search_rate", told[0].values["ethnic_group"], ALL) if told else None
    return say_search_rates(officer, row) if row and row.values["verdict"] in TOLD else ()


def draw_rates(edition: Edition, force: str, evidence: Evidence) -> Chart | None:
    """Draw each group's search rate; nothing where there are no residents to divide by."""
    rows = [row for group in FACET_GROUPS if (row := evidence.estimate("search_rate", group))]
    if not any(row.values["value"] is not None for row in rows):
        return None
    return Chart(
        headline=_name_rates(evidence),
        subtitle=f"Searches per 1,000 residents a year, by self-defined ethnicity, with 95% confidence intervals, "
        f"{evidence.name}, {evidence.period_name}",
        sketch=sketch(chart_by_group(rows), name="search-rates"),
        table=_tabulate_rates(evidence, SELF_DEFINED),
        residents=name_residents(evidence),
    )


def _name_rates(evidence: Evidence) -> Sentence:
    """The rates that are told first, as a title."""
    told = list_told(evidence)
    group = told[0].values["ethnic_group"] if told else REFERENCE_GROUP
    own, other = (evidence.estimate("search_rate", name) for name in (group, REFERENCE_GROUP))
    if group == REFERENCE_GROUP or not own or not other:
        return ("Searches for every thousand residents, by ethnic group",)
    words = f"{group} group: {{}} searches per thousand; White group: {{}}"
    return say(words, rate(own, "value"), rate(other, "value"))


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
            "If all of them are White people",
            "Left out (as in the rates above)",
            "If all of them are of this group",
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


def _draw_types(evidence: Evidence) -> Chart | None:
    """Draw each group's search rate for the types with most searches; a rate of few searches is in the table only."""
    types = types_in_use(evidence)[:MOST_PANELS]
    rows = [row for kind in types for group in FACET_GROUPS if (row := evidence.estimate("search_rate", group, kind))]
    drawn = [row for row in rows if row.values["value"] is not None and (row.values["numerator"] or 0) >= FEWEST_DRAWN]
    if not drawn:
        return None
    return Chart(
        headline=("What people were searched for, by ethnic group",),
        subtitle=f"Searches per 1,000 residents a year, with 95% confidence intervals, {evidence.name}, "
        f"{evidence.period_name}. Groups with fewer than {FEWEST_DRAWN} searches are in the table only",
        sketch=sketch(chart_by_type(drawn), name="search-rates-by-type"),
        table=_tabulate_types(evidence),
        residents=name_residents(evidence),
    )


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
