"""Searches of children: how many, and how rates compare between ethnic groups. A page of data has the rest."""

from disparity.site.cells import KNOWN_GROUPS, Table, compared_cell, figure_cell, rate_cell, tabulate
from disparity.site.charts.by_group import FACET_GROUPS, name_limits
from disparity.site.findings.children import (
    AGE_SHARE,
    SEARCH_RATE,
    find_child,
    has_children,
    say_children_compared,
)
from disparity.site.findings.evidence import Evidence
from disparity.site.page import Chart, Edition, Part
from disparity.site.parts.by_group import draw_groups
from disparity.site.published_figures import Sentence, count, percentage, rate, ratio, say
from disparity.vocabulary.codes import ADULTS, ALL, CHILDREN
from disparity.vocabulary.statuses import PARTIAL

# A force that puts down no age says so; one that mostly does not cannot be told from its few.
NO_AGES: Sentence = ("These records give no ages, so nothing can be said of children.",)
PROTECTED: Sentence = ("This is not published here, because counts of children could point to one of them.",)


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on searches of children."""
    latest = edition.evidence[force][0]
    return Part(
        "parts/children.html",
        {
            "is_shown": has_children(latest),
            "why": say_why(edition, latest),
            "findings": edition.findings_of(force, "children"),
            "verdicts": say_children_compared(latest),
            "chart": draw_rates(latest),
            "has_estimates": has_estimates(latest),
        },
    )


def say_why(edition: Edition, evidence: Evidence) -> Sentence:
    """Why nothing is said of children."""
    if edition.protection:
        return PROTECTED
    row = evidence.row("quality", "age_group_not_recorded")
    if row is None or row.values["share"] is None or row.values["share"] == 1:
        return NO_AGES
    if row.values["share"] < 0.5:
        return ("There were too few searches of children to say anything of them.",)
    return say("This cannot be said, because {} of searches have no age on record.", percentage(row, "share"))


def has_estimates(evidence: Evidence) -> bool:
    """Whether the residents that rates of children are out of are estimated in part."""
    return any(row.values["is_estimated"] for row in evidence.rows("children").values())


def draw_rates(evidence: Evidence) -> Chart | None:
    """Draw the search rate of children of each group; nothing where none is shown."""
    found = [evidence.row("children", SEARCH_RATE, CHILDREN, group, ALL) for group in FACET_GROUPS]
    rows = [row for row in found if row]
    return draw_groups(
        "children",
        rows,
        _name_rates(evidence),
        "Searches of children aged 10 to 17, per 1,000 residents of that age a year, by self-defined "
        f"ethnicity, {name_limits(rows)}, {evidence.name}, {evidence.period_name}",
        tabulate_rates(evidence),
    )


def _name_rates(evidence: Evidence) -> Sentence:
    row = find_child(evidence, SEARCH_RATE)
    if row is None:
        return ("Searches for every thousand children",)
    about = "About " if row.values["status"] == PARTIAL else ""
    return say(f"{about}{{}} searches for every thousand children", rate(row, "value"))


def tabulate_rates(evidence: Evidence) -> Table:
    """Searches and search rates of children and of adults, by ethnic group."""
    return tabulate(
        "children-rates",
        f"Searches of children aged 10 to 17 and of adults, by self-defined ethnicity, {evidence.period_name}",
        (
            "Ethnic group",
            "Searches of children",
            "Share of searches",
            "For every 1,000 children a year",
            "Ratio to White children",
            "For every 1,000 adults a year",
        ),
        (
            (
                title,
                figure_cell(evidence.row("children", SEARCH_RATE, CHILDREN, group, ALL), "numerator", count),
                rate_cell(evidence.row("children", AGE_SHARE, CHILDREN, group, ALL), percentage),
                rate_cell(evidence.row("children", SEARCH_RATE, CHILDREN, group, ALL), rate),
                compared_cell(evidence.row("children_comparisons", SEARCH_RATE, group, ALL), "ratio", ratio),
                rate_cell(evidence.row("children", SEARCH_RATE, ADULTS, group, ALL), rate),
            )
            for group, title in KNOWN_GROUPS.items()
        ),
    )
