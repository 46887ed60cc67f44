"""Sentences on what led to searches: an officer's own observation, or what others reported."""

from disparity.site.findings.evidence import Evidence, Statements, compare_groups, compare_intervals
from disparity.site.published_figures import count, join, percentage, say
from disparity.vocabulary.codes import ALL
from disparity.vocabulary.statuses import MEASURED, PARTIAL

PAGE = "searches#origin"
OWN, TOLD = "self_generated", "intelligence"


def state_origins(evidence: Evidence) -> Statements:
    """How much searching officers start themselves, and how much intelligence leads to."""
    own, told = (evidence.part("origin_share", "search_origin", origin) for origin in (OWN, TOLD))
    if own is None or told is None or own.values["value"] is None:
        return
    sentence = join(
        say("Of {} searches, the records say what led to them.", count(own, "denominator")),
        say(
            "What the officer saw led to {}, and intelligence to {}.",
            percentage(own, "value"),
            percentage(told, "value"),
        ),
    )
    if own.values["status"] == PARTIAL:
        bounds = percentage(own, "lower_bound"), percentage(own, "upper_bound")
        unsure = (
            say("Another {} searches do not say.", count(own, "unknown")),
            say("So what the officer saw led to between {} and {} of all searches.", *bounds),
        )
        sentence = join(sentence, *unsure)
    yield PAGE, "origins", sentence


def state_origins_by_group(evidence: Evidence) -> Statements:
    """Whether searches of a group are more often, or less often, started by the officer."""
    for sentence in compare_groups(
        lambda group: evidence.part("origin_share", "search_origin", OWN, group), "came from what the officer saw"
    ):
        yield PAGE, "origins_group", sentence


def state_finds_by_origin(evidence: Evidence) -> Statements:
    """Find rates of self-generated searches and of those that intelligence led to."""
    own, told = (evidence.part("find_rate", "search_origin", origin, ALL) for origin in (OWN, TOLD))
    if own is None or told is None or {own.values["status"], told.values["status"]} != {MEASURED}:
        return
    sentence = say(
        "The find rate was {} in searches that came from what the officer saw, and {} in those that came from "
        f"intelligence{compare_intervals(own, told)}.",
        percentage(own, "value"),
        percentage(told, "value"),
    )
    yield PAGE, "origins_finds", sentence
