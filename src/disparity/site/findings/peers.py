"""Sentences on a force beside others, and on months that stand out."""

from disparity.analysis.peers.rates import SEARCH_RATE_RATIO
from disparity.analysis.peers.sets import EVERY_FORCE
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence, Statements
from disparity.site.published_figures import count, percentage, ratio, say
from disparity.vocabulary.codes import ALL, PEOPLE

PAGE = "compare#similar-forces"
POSITIONS = {
    "within": "within the range where most forces would lie if they differ as these do",
    "above_95": "above the range where 95% of forces would lie if they differ as these do",
    "above_998": "far above the others: beyond where 99.8% of forces would lie if they differ as these do",
    "below_95": "below the range where 95% of forces would lie if they differ as these do",
    "below_998": "far below the others: beyond where 99.8% of forces would lie if they differ as these do",
}


def name_set(compared_with: str) -> str:
    """Name a set of forces as it follows "of"."""
    return "all forces in this publication" if compared_with == EVERY_FORCE else compared_with


def choose_set(evidence: Evidence) -> str | None:
    """Choose the set that a force is set beside: its most similar group, else every force there is."""
    named = sorted({key[2] for key in evidence.rows("peers")} - {EVERY_FORCE})
    every = EVERY_FORCE if any(key[2] == EVERY_FORCE for key in evidence.rows("peers")) else None
    return named[0] if named else every


def state_positions(evidence: Evidence) -> Statements:
    """Where the force lies among its like: ratios of search rates, then the find rate."""
    compared_with = choose_set(evidence)
    if compared_with is None:
        return
    named = {
        (SEARCH_RATE_RATIO, of): f"ratio of search rates of {PEOPLE[of]} to White people" for of in COMPARED_GROUPS
    }
    for (measure, group), name in (named | {("find_rate", ALL): "find rate"}).items():
        row = evidence.row("peers", measure, group, compared_with)
        if row is None or not row.values["position"]:
            continue
        style = ratio if measure == SEARCH_RATE_RATIO else percentage
        sentence = say(
            f"The {name} is {{}} here and {{}} for {name_set(compared_with)} together ({{}} forces): "
            f"{POSITIONS[row.values['position']]}.",
            *(style(row, column) for column in ("value", "target")),
            count(row, "measured_forces"),
        )
        yield PAGE, "peers_within" if row.values["position"] == "within" else "peers_outside", sentence
