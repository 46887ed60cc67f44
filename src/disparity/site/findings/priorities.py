"""Sentences on how far searches fall under the priorities that a force states."""

from disparity.project.declarations import ANY, NONE
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence, Statements, compare_intervals
from disparity.site.published_figures import Row, Sentence, join, percentage, say
from disparity.vocabulary.codes import ALL, NOT_RECORDED, PEOPLE, REFERENCE_GROUP
from disparity.vocabulary.statuses import MEASURED, PARTIAL

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
            "Of all searches, {} fell under a stated priority and {} under none.",
            *(percentage(row, "value") for row in (covered, rest)),
        )
    yield PAGE, "priorities", sentence


def state_possession_aligned(evidence: Evidence) -> Statements:
    """How many searches are for possession alone, and how many of those a stated priority asks for."""
    row = _part(evidence, ANY, search_type="drugs_possession")
    if not row or row.values["value"] is None or row.values["status"] == PARTIAL:
        return
    fits: Sentence = (percentage(row, "value"),) if row.values["numerator"] else ("none",)
    told: Sentence = ("Of searches for possession of drugs alone, ", *fits, " fell under a stated priority.")
    yield PAGE, "priorities_possession", join(_say_prevalence(evidence), told)


def _say_prevalence(evidence: Evidence) -> Sentence:
    row = evidence.estimate("type_share", ALL, "drugs_possession")
    if row is None or row.values["value"] is None:
        return ()
    return say("Of all searches, {} were for possession of drugs alone.", percentage(row, "value"))


def state_priorities_by_group(evidence: Evidence) -> Statements:
    """Whether searches of a group fall under a stated priority more often, or less often."""
    other = _part(evidence, ANY, REFERENCE_GROUP)
    for group in COMPARED_GROUPS:
        own = _part(evidence, ANY, group)
        if own and other and {own.values["status"], other.values["status"]} == {MEASURED}:
            told = say(
                f"Of searches of {PEOPLE[group]}, {{}} fell under a stated priority; of searches of White people, {{}}",
                *(percentage(row, "value") for row in (own, other)),
            )
            yield PAGE, "priorities_group", (*told, compare_intervals(own, other), ".")


def state_priorities_by_place(evidence: Evidence) -> Statements:
    """Whether searches in the most deprived places fall under a priority as often as in the least, and in which areas.

    Of areas the highest and the lowest are named, and only where their intervals do not overlap.
    """
    most, least = (evidence.part("aligned_share", "fifth", fifth) for fifth in ("1", "5"))
    if most and least and {most.values["status"], least.values["status"]} == {MEASURED}:
        told = say(
            "In the most deprived fifth of neighbourhoods, {} of searches fell under a stated priority; in the least "
            "deprived fifth, {}",
            *(percentage(row, "value") for row in (most, least)),
        )
        yield PAGE, "priorities_place", (*told, compare_intervals(most, least), ".")
    rows = [evidence.part("aligned_share", "area", area) for area in evidence.categories("aligned_share", "area")]
    known = [row for row in rows if row and row.values["status"] == MEASURED and row.values["category"] != NOT_RECORDED]
    if len(known) < 2:
        return
    low, *_, high = sorted(known, key=lambda row: (row.values["value"], row.number))
    if low.values["upper"] < high.values["lower"]:
        told = say(
            "Of its areas, the share was highest in {}, at {}, and lowest in {}, at {}.",
            *(part for row in (high, low) for part in (row.values["category"], percentage(row, "value"))),
        )
        yield PAGE, "priorities_place", told


def _part(evidence: Evidence, name: str, group: str = ALL, search_type: str = ALL) -> Row | None:
    return evidence.part("aligned_share", "priority", name, group, search_type)
