"""Which residents a rate is out of, the rates of two groups, and the residents that would make them equal."""

from collections.abc import Sequence

from disparity.analysis.reasons.residents import NEEDED, RESIDENTS
from disparity.project.settings import Settings
from disparity.site.findings.evidence import Evidence
from disparity.site.published_figures import Row, Sentence, count, rate, say
from disparity.sources.population import (
    BOTH,
    CENSUS_2021,
    CENSUS_DAYS,
    CENSUS_NAMES,
    HEADLINE,
    OWN,
    OWN_SOURCE,
)
from disparity.vocabulary.codes import ALL, REFERENCE_GROUP

RESIDENTS_OF = {
    "Asian": "Asian residents",
    "Black": "Black residents",
    "Mixed": "residents from the Mixed ethnic group",
    "White": "White residents",
    "Other": "residents from the Other ethnic group",
}


def find_residents(evidence: Evidence, group: str = ALL) -> Row | None:
    """The residents of a group that its rates are out of."""
    rows = (row for (_, of), row in evidence.rows("population").items() if of == group)
    return next((row for row in rows if row.values["role"] == HEADLINE), None)


def name_residents(*evidences: Evidence) -> str:
    """What rates are out of, as a chart says it; nothing where there are no residents."""
    rows = [row for evidence in evidences if (row := find_residents(evidence))]
    named = dict.fromkeys(row.values["population_base"] for row in rows)
    return f"Residents: {'; '.join(named)}" if named else ""


def say_both_rates(evidence: Evidence, group: str) -> Sentence:
    """A group's search rate and that of White residents; nothing where one of them is not there."""
    own, other = (evidence.estimate("search_rate", name) for name in (group, REFERENCE_GROUP))
    if not (own and other) or None in (own.values["value"], other.values["value"]):
        return ()
    return say(
        f"In a year there were {{}} searches for every thousand {RESIDENTS_OF[group]}, and {{}} for every thousand "
        "White residents",
        rate(own, "value"),
        rate(other, "value"),
    )


def say_needed(evidence: Evidence, group: str) -> Sentence:
    """How many residents of the group would make the rates equal, and how many are counted."""
    compared = evidence.row("comparisons", "search_rate", group, ALL)
    needed, counted = evidence.row("reasons", RESIDENTS, group, NEEDED), find_residents(evidence, group)
    if not (compared and needed and counted) or compared.values["ratio"] is None:
        return ()
    return say(
        f"For equal rates there would have to be about {{}} {RESIDENTS_OF[group]}; {{}} are counted.",
        count(needed, "value"),
        count(counted, "population"),
    )


def name_residents_of_months(evidences: Sequence[Evidence], settings: Settings, span: str = "month") -> str:
    """What rates by month (or quarter) are out of: residents of the middle of each, where there is a line to be on."""
    rows = [row for evidence in evidences if (row := find_residents(evidence))]
    if not rows:
        return ""
    is_between = settings.first_month <= CENSUS_DAYS[CENSUS_2021]
    if rows[0].values["base"] == OWN:
        days = any(base.startswith(f"{OWN}_") for evidence in evidences for base, _ in evidence.rows("population"))
        source, is_between = settings.population_source or OWN_SOURCE, days
    else:
        source = BOTH if is_between else rows[0].values["population_base"]
    later = settings.last_month >= CENSUS_DAYS[CENSUS_2021] and source == BOTH
    after = f"; {CENSUS_NAMES[CENSUS_2021]} from April 2021" if later else ""
    return f"Residents: {source}{f', interpolated to the middle of each {span}' if is_between else ''}{after}"
