"""The findings: plain sentences, each with the rows of evidence behind it.

A difference is put into words only where the comparison's verdict states one. Both rates come before a
ratio, and the weakness of a figure is next to it. Nothing is called bias: a figure shows a
difference, not its cause.
"""

from disparity.site.findings.actions import state_answered, state_effects
from disparity.site.findings.areas import state_area_rates, state_area_ratios, state_unplaced
from disparity.site.findings.drugs import (
    state_drug_find_rates,
    state_drug_shares_by_group,
    state_drugs,
    state_drugs_by_area,
    state_items_found,
)
from disparity.site.findings.evidence import Evidence, Finding
from disparity.site.findings.find_rates import (
    state_find_rate,
    state_find_rates_by_group,
    state_find_rates_by_type,
    state_results,
    warn_about_flag,
)
from disparity.site.findings.grounds_review import state_grounds
from disparity.site.findings.origins import state_finds_by_origin, state_origins, state_origins_by_group
from disparity.site.findings.peers import state_positions
from disparity.site.findings.priorities import state_possession_aligned, state_priorities, state_priorities_by_group
from disparity.site.findings.reasons import (
    state_areas,
    state_clusters,
    state_combined_verdicts,
    state_find_rate_gaps,
    state_scenarios,
)
from disparity.site.findings.search_rates import (
    state_search_rates,
    state_searches,
    state_unknown_ethnicity,
    warn_about_official,
)
from disparity.site.published_figures import Sentence


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
