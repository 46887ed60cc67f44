"""Sentences on a force beside others: what differs from them, and what would have shown."""

from disparity.analysis.peers.nearest import PREFIX
from disparity.analysis.peers.rates import SEARCH_RATE_RATIO
from disparity.analysis.peers.sets import EVERY_FORCE
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence, Statements
from disparity.site.published_figures import Row, Sentence, Style, join, percentage, ratio, say
from disparity.vocabulary.codes import ALL, PEOPLE

PAGE = "compare#similar-forces"
WITHIN = "within"
# Position → share of forces that the limits hold, and the columns of the limits.
LIMITS = {
    "above_95": ("95%", "lower_95", "upper_95"),
    "below_95": ("95%", "lower_95", "upper_95"),
    "above_998": ("99.8%", "lower_998", "upper_998"),
    "below_998": ("99.8%", "lower_998", "upper_998"),
}


def name_set(compared_with: str) -> str:
    """Name a set of forces as it follows "of"."""
    if compared_with.startswith(PREFIX):
        return "the forces nearest by residents"
    return "all forces in this publication" if compared_with == EVERY_FORCE else compared_with


def choose_set(evidence: Evidence) -> str | None:
    """Choose the set that a force is set beside: its most similar group, else every force there is."""
    every = {key[2] for key in evidence.rows("peers")}
    named = sorted(name for name in every - {EVERY_FORCE} if not name.startswith(PREFIX))
    return named[0] if named else EVERY_FORCE if EVERY_FORCE in every else None


def choose_nearest(evidence: Evidence) -> str | None:
    """Choose the computed set of a force and those nearest by residents, where there are enough of them here."""
    own = PREFIX + evidence.force
    return own if any(key[2] == own for key in evidence.rows("peers")) else None


def state_positions(evidence: Evidence) -> Statements:
    """Where the force lies among its like: ratios of search rates, then the find rate."""
    compared_with = choose_set(evidence)
    if compared_with is None:
        return
    ratios = {
        (SEARCH_RATE_RATIO, group): f"The search rate of {PEOPLE[group]} is {{}} times that of White people"
        for group in COMPARED_GROUPS
    }
    for (measure, group), words in (ratios | {("find_rate", ALL): "The item was found in {} of searches"}).items():
        row = evidence.row("peers", measure, group, compared_with)
        if row is None or not row.values["position"]:
            continue
        style = ratio if measure == SEARCH_RATE_RATIO else percentage
        both = say(
            f"{words} here, and {'{} times' if style is ratio else 'in {}'} in {name_set(compared_with)} together.",
            *(style(row, column) for column in ("value", "target")),
        )
        kind = "peers_within" if row.values["position"] == WITHIN else "peers_outside"
        yield PAGE, kind, join(both, _say_position(row, style))


def _say_position(row: Row, style: Style) -> Sentence:
    """What the force's place says, or what would have to be there for it to say anything."""
    position = row.values["position"]
    if position == WITHIN:
        what = "a figure" if style is percentage else "a ratio"
        return say(
            f"That does not set this force apart: only {what} under {{}} or over {{}} would have.",
            style(row, "lower_95"),
            style(row, "upper_95"),
        )
    share, *ends = LIMITS[position]
    side = "higher" if position.startswith("above") else "lower"
    return say(
        f"That is {side} than in forces like these: {share} of them would lie from {{}} to {{}}.",
        *(style(row, end) for end in ends),
    )
