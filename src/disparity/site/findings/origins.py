"""Sentences on what led to searches: an officer's own observation, or what others reported."""

from disparity.site.findings.evidence import Evidence, Statements, compare_groups, compare_intervals, with_interval
from disparity.site.published_figures import Sentence, count, percentage, say
from disparity.vocabulary.codes import ALL
from disparity.vocabulary.statuses import MEASURED, PARTIAL

PAGE = "searches#origins"
OWN, TOLD = "self_generated", "intelligence"


def state_origins(evidence: Evidence) -> Statements:
    """How much searching officers start themselves, and how much intelligence leads to."""
    own, told = (evidence.part("origin_share", "search_origin", origin) for origin in (OWN, TOLD))
    if own is None or told is None or own.values["value"] is None:
        return
    shares = say(
        "Of {} searches that say what led to them, {} were self-generated and {} came of intelligence",
        count(own, "denominator"),
        percentage(own, "value"),
        percentage(told, "value"),
    )
    rest: Sentence = (".",)
    if own.values["status"] == PARTIAL:
        bounds = percentage(own, "lower_bound"), percentage(own, "upper_bound")
        rest = say(
            "; {} searches do not say, so of all searches {} to {} were self-generated.", count(own, "unknown"), *bounds
        )
    yield PAGE, "origins", (*shares, *rest)


def state_origins_by_group(evidence: Evidence) -> Statements:
    """Whether searches of a group are more often, or less often, started by the officer."""
    for sentence in compare_groups(
        lambda group: evidence.part("origin_share", "search_origin", OWN, group), "were self-generated"
    ):
        yield PAGE, "origins_group", sentence


def state_finds_by_origin(evidence: Evidence) -> Statements:
    """Find rates of self-generated searches and of those that intelligence led to."""
    own, told = (evidence.part("find_rate", "search_origin", origin, ALL) for origin in (OWN, TOLD))
    if own is None or told is None or {own.values["status"], told.values["status"]} != {MEASURED}:
        return
    sentence: Sentence = (
        *("The find rate was ", *with_interval(own), " in self-generated searches and ", *with_interval(told)),
        *(" in searches that intelligence led to", compare_intervals(own, told), "."),
    )
    yield PAGE, "origins_finds", sentence
