"""Sentences on how far searches fall under the priorities that a force states."""

from disparity.project.declarations import ANY, NONE
from disparity.site.findings.evidence import (
    INTERVAL,
    Evidence,
    Statements,
    compare_groups,
    with_interval,
)
from disparity.site.published_figures import Row, Sentence, count, percentage, say
from disparity.vocabulary.codes import ALL
from disparity.vocabulary.statuses import PARTIAL

PAGE = "why#priorities"


def state_priorities(evidence: Evidence) -> Statements:
    """How much searching falls under a stated priority, and how much under none."""
    covered, rest = (_part(evidence, name) for name in (ANY, NONE))
    if covered is None or rest is None or covered.values["value"] is covered.values["lower_bound"] is None:
        return
    if covered.values["value"] is None:
        bounds = percentage(covered, "lower_bound"), percentage(covered, "upper_bound")
        sentence = say(
            "Between {} and {} of all searches fell under a stated priority: the others do not say their type or area.",
            *bounds,
        )
    else:
        sentence = say(
            f"Of {{}} searches, {{}} ({INTERVAL}: {{}} to {{}}) fell under a stated priority and {{}} under none.",
            count(covered, "denominator"),
            *(percentage(covered, column) for column in ("value", "lower", "upper")),
            percentage(rest, "value"),
        )
    yield PAGE, "priorities", sentence


def state_possession_aligned(evidence: Evidence) -> Statements:
    """How many of the searches for possession alone a stated priority asks for."""
    row = _part(evidence, ANY, search_type="drugs_possession")
    if row and row.values["value"] is not None and row.values["status"] != PARTIAL:
        searches = say("Of {} searches for possession of drugs, ", count(row, "denominator"))
        share: Sentence = with_interval(row) if row.values["numerator"] else ("none",)
        yield PAGE, "priorities_possession", (*searches, *share, " fell under a stated priority.")


def state_priorities_by_group(evidence: Evidence) -> Statements:
    """Whether searches of a group fall under a stated priority more often, or less often."""
    for sentence in compare_groups(lambda group: _part(evidence, ANY, group), "fell under a stated priority"):
        yield PAGE, "priorities_group", sentence


def _part(evidence: Evidence, name: str, group: str = ALL, search_type: str = ALL) -> Row | None:
    return evidence.part("aligned_share", "priority", name, group, search_type)
