"""The findings: plain sentences, each with the rows of evidence behind it.

A difference is put into words only where the comparison's verdict states one. Both rates come before a
ratio, and the weakness of a figure is next to it. Nothing is called bias: a figure shows a
difference, not its cause.
"""

from collections.abc import Callable

from disparity.site.findings.actions import state_answered, state_effects, state_vanished
from disparity.site.findings.ages import state_ages
from disparity.site.findings.areas import state_area_rates, state_area_ratios, state_unplaced
from disparity.site.findings.benchmarks import state_benchmarks
from disparity.site.findings.children import state_children, state_children_by_group, state_children_results
from disparity.site.findings.deprivation import state_deprivation
from disparity.site.findings.doubts import state_doubts
from disparity.site.findings.drugs import (
    state_drug_find_rates,
    state_drug_shares_by_group,
    state_drugs,
    state_drugs_by_area,
    state_items_found,
)
from disparity.site.findings.evidence import Evidence, Finding, Statements
from disparity.site.findings.find_rates import (
    state_after_find,
    state_find_rate,
    state_find_rates_by_group,
    state_find_rates_by_type,
    state_outcomes,
    state_results,
    warn_about_flag,
)
from disparity.site.findings.front import state_front
from disparity.site.findings.grounds_review import state_grounds
from disparity.site.findings.handling import state_handling, state_handling_by_group, state_repeats
from disparity.site.findings.neighbourhoods import state_neighbourhoods
from disparity.site.findings.origins import state_finds_by_origin, state_origins, state_origins_by_group
from disparity.site.findings.peers import state_positions
from disparity.site.findings.priorities import (
    state_possession_aligned,
    state_priorities,
    state_priorities_by_group,
    state_priorities_by_place,
)
from disparity.site.findings.reasons import (
    state_areas,
    state_combined_verdicts,
    state_find_rate_gaps,
    state_scenarios,
)
from disparity.site.findings.search_rates import (
    state_search_rates,
    state_searches,
    state_types,
    state_unknown_ethnicity,
    warn_about_officers,
    warn_about_official,
)

# In the order in which they are told.
FINDINGS: tuple[Callable[[Evidence], Statements], ...] = (
    state_doubts,
    state_searches,
    state_search_rates,
    state_types,
    warn_about_official,
    warn_about_officers,
    state_children,
    state_children_by_group,
    state_children_results,
    state_find_rate,
    state_find_rates_by_group,
    state_find_rates_by_type,
    warn_about_flag,
    state_outcomes,
    state_results,
    state_after_find,
    state_handling,
    state_handling_by_group,
    state_repeats,
    state_drugs,
    state_drug_shares_by_group,
    state_drug_find_rates,
    state_items_found,
    state_drugs_by_area,
    state_origins,
    state_origins_by_group,
    state_finds_by_origin,
    state_priorities,
    state_possession_aligned,
    state_priorities_by_group,
    state_priorities_by_place,
    state_unknown_ethnicity,
    state_combined_verdicts,
    state_find_rate_gaps,
    state_area_rates,
    state_area_ratios,
    state_areas,
    state_deprivation,
    state_unplaced,
    state_ages,
    state_neighbourhoods,
    state_scenarios,
    state_benchmarks,
    state_positions,
    state_answered,
    state_vanished,
    state_effects,
    state_grounds,
)


def find(evidence: Evidence) -> list[Finding]:
    """State what one force's figures of a period show."""
    return [Finding(evidence.force, *stated) for state in FINDINGS for stated in state(evidence)]


def find_all(evidence: Evidence) -> list[Finding]:
    """State the same, then what the front page says of it."""
    return [*find(evidence), *(Finding(evidence.force, *stated) for stated in state_front(evidence))]
