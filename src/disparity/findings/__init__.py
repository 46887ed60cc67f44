"""The findings: plain sentences, each with the rows of evidence behind it.

A difference is put into words only where the comparison's verdict states one. Both rates come before a
ratio, and the weakness of a figure stands next to it. Nothing is called bias: a figure shows a
difference, not its cause.
"""

from disparity.figures import Sentence
from disparity.findings.action import ANSWER, EFFECT, PER_1000, TITLES, name_disparity, state_answered, state_effects
from disparity.findings.areas import can_show_areas, state_area_rates, state_area_ratios, state_unplaced
from disparity.findings.changes import group_of, list_moved_rates, print_value, state_changes
from disparity.findings.drugs import (
    choose_kind,
    state_drug_find_rates,
    state_drug_shares_by_group,
    state_drugs,
    state_drugs_by_area,
    state_items_found,
)
from disparity.findings.evidence import COMPARED_GROUPS, Evidence, Finding, gather_evidence
from disparity.findings.examples import give_examples
from disparity.findings.find_rates import (
    state_find_rate,
    state_find_rates_by_group,
    state_find_rates_by_type,
    state_results,
    warn_about_flag,
)
from disparity.findings.grounds import state_grounds
from disparity.findings.origins import state_finds_by_origin, state_origins, state_origins_by_group
from disparity.findings.peers import choose_set, name_set, state_positions
from disparity.findings.priorities import state_possession_aligned, state_priorities, state_priorities_by_group
from disparity.findings.reasons import (
    state_areas,
    state_clusters,
    state_combined_verdicts,
    state_find_rate_gaps,
    state_scenarios,
)
from disparity.findings.search_rates import (
    state_search_rates,
    state_searches,
    state_unknown_ethnicity,
    warn_about_official,
)

__all__ = [
    "ANSWER",
    "COMPARED_GROUPS",
    "EFFECT",
    "PER_1000",
    "TITLES",
    "Evidence",
    "Finding",
    "can_show_areas",
    "choose_kind",
    "choose_set",
    "find",
    "gather_evidence",
    "give_examples",
    "group_of",
    "list_moved_rates",
    "name_disparity",
    "name_set",
    "print_value",
    "state_changes",
]


def find(evidence: Evidence, previous: Evidence | None) -> list[Finding]:
    """State what one force's figures of the latest period show; `previous` is the period before, if any."""
    statements: list[tuple[str, str, Sentence]] = [
        *state_searches(evidence, previous),
        *state_search_rates(evidence),
        *warn_about_official(evidence),
        *state_find_rate(evidence),
        *state_find_rates_by_group(evidence),
        *state_find_rates_by_type(evidence),
        *warn_about_flag(evidence),
        *state_results(evidence),
        *state_drugs(evidence),
        *state_drug_shares_by_group(evidence),
        *state_drug_find_rates(evidence),
        *state_items_found(evidence),
        *state_drugs_by_area(evidence),
        *state_origins(evidence),
        *state_origins_by_group(evidence),
        *state_finds_by_origin(evidence),
        *state_priorities(evidence),
        *state_possession_aligned(evidence),
        *state_priorities_by_group(evidence),
        *state_unknown_ethnicity(evidence),
        *state_combined_verdicts(evidence),
        *state_find_rate_gaps(evidence),
        *state_area_rates(evidence),
        *state_area_ratios(evidence),
        *state_areas(evidence),
        *state_unplaced(evidence),
        *state_scenarios(evidence),
        *state_clusters(evidence),
        *state_positions(evidence),
        *state_answered(evidence),
        *state_effects(evidence),
        *state_grounds(evidence),
    ]
    return [Finding(evidence.force, topic, kind, sentence) for topic, kind, sentence in statements]
