"""Search rates by age range and sex."""

from disparity.site.cells import KNOWN_GROUPS, Table, rate_cell, tabulate
from disparity.site.charts.by_group import FACET_GROUPS, FEWEST_DRAWN, chart_by_age
from disparity.site.charts.specification import sketch
from disparity.site.findings.ages import NAMES, find_highest, list_ages
from disparity.site.findings.evidence import Evidence
from disparity.site.findings.residents import name_residents
from disparity.site.page import Chart, Edition, Part
from disparity.site.published_figures import Row, Sentence, percentage, rate, say
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS
from disparity.vocabulary.text import start_sentence

# The others are in the table: a page has to be light on a telephone.
MOST_PANELS = 2


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on ages and sexes; where there are no rates, it says why."""
    latest = edition.evidence[force][0]
    return Part(
        "parts/ages.html",
        {
            "findings": edition.findings_of(force, "ages", "ages_by_group"),
            "chart": _draw(latest),
            "rates": _tabulate_rates(latest),
            "why_not": _say_why_not(edition, latest),
            "unknown": _say_unknown(latest),
        },
    )


def _say_why_not(edition: Edition, evidence: Evidence) -> Sentence:
    """Why there are no rates by age."""
    if edition.protection:
        return ("Not here, because counts by age and sex are not published: they could point to somebody.",)
    row = evidence.row("quality", "age_group_not_recorded")
    if row and row.values["share"] == 1:
        return ("Not here, because these records give no ages.",)
    if not evidence.rows("age_rates"):
        return ("Not here, because residents are not known by the ages that these records have.",)
    return ("Not here, because too few records give an age.",)


def _say_unknown(evidence: Evidence) -> Sentence:
    row = evidence.row("quality", "age_group_not_recorded")
    return say("Age is missing from {} of records.", percentage(row, "share")) if row and row.values["rows"] else ()


def _draw(evidence: Evidence) -> Chart | None:
    """The ages and sexes with the highest rates, each group in them; a rate of few searches is in the table only."""
    ranked = find_highest(evidence)[:MOST_PANELS]
    panels = {
        start_sentence(NAMES[each]): [row for group in FACET_GROUPS if (row := _find_drawn(evidence, each, group))]
        for each, _ in ranked
    }
    if not panels:
        return None
    (first, row), *_ = ranked
    return Chart(
        headline=say(f"{start_sentence(NAMES[first])}: {{}} searches per thousand", rate(row, "value")),
        subtitle="Searches per 1,000 residents of the same age and sex a year, by self-defined ethnicity, with 95% "
        f"confidence intervals, {evidence.name}, {evidence.period_name}. The two highest; groups with fewer than "
        f"{FEWEST_DRAWN} searches are in the table only",
        sketch=sketch(chart_by_age(panels), name="search-rates-by-age"),
        table=_tabulate_rates(evidence),
        residents=name_residents(evidence),
    )


def _find_drawn(evidence: Evidence, of: tuple[str, str], group: str) -> Row | None:
    row = evidence.row("age_rates", *of, group)
    is_drawn = row and row.values["value"] is not None and row.values["numerator"] >= FEWEST_DRAWN
    return row if is_drawn else None


def _tabulate_rates(evidence: Evidence) -> Table:
    return tabulate(
        "age-rates",
        "Searches for every 1,000 residents of the same age and sex a year, by self-defined ethnicity, "
        f"{evidence.period_name}",
        ("Age and sex", "All", *ETHNIC_GROUPS),
        (
            (
                _name(evidence, each),
                *(rate_cell(evidence.row("age_rates", *each, group), rate) for group in KNOWN_GROUPS),
            )
            for each in _list_shown(evidence)
        ),
    )


def _list_shown(evidence: Evidence) -> list[tuple[str, str]]:
    """The ages and sexes with a rate of any group."""
    return [
        each
        for each in list_ages(evidence)
        if any(
            (row := evidence.row("age_rates", *each, group)) and row.values["value"] is not None
            for group in KNOWN_GROUPS
        )
    ]


def _name(evidence: Evidence, each: tuple[str, str]) -> str:
    row = evidence.row("age_rates", *each, ALL)
    mark = " (residents estimated)" if row and row.values["residents_basis"] == "estimated" else ""
    return f"{start_sentence(NAMES[each])}{mark}"
