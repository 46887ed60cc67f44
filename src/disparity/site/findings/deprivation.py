"""Sentences on deprivation: the ratio among residents of the same fifth, and of the same neighbourhood."""

from disparity.analysis.comparisons import HIGHER, LOWER
from disparity.analysis.measures.entries import SEARCH_RATE
from disparity.analysis.reasons.decomposition import RATIO_OVER_FIFTHS, RATIO_OVER_NEIGHBOURHOODS
from disparity.analysis.reasons.rate_strata import MOST_UNPLACED, NOT_RECORDED_SHARE
from disparity.site.findings.evidence import Evidence, Statements
from disparity.site.findings.residents import RESIDENTS_OF
from disparity.site.published_figures import Row, Sentence, percentage, ratio, say
from disparity.vocabulary.codes import PEOPLE

PAGE = "why#deprivation"
SAME_FIFTH, SAME_NEIGHBOURHOOD = RATIO_OVER_FIFTHS, RATIO_OVER_NEIGHBOURHOODS


def state_deprivation(evidence: Evidence) -> Statements:
    """A stated ratio of search rates as it is within the same fifths of deprivation, and in the same neighbourhoods."""
    for group, compared, verdict in evidence.tested(SEARCH_RATE.name):
        row = find_common(evidence, SAME_FIFTH, group)
        if verdict not in (HIGHER, LOWER) or row is None or compared.values["ratio"] is None:
            continue
        told = say(
            f"Within the same fifth of deprivation, the search rate of {RESIDENTS_OF[group]} is {{}} times that of "
            "White residents. Over the whole force it is {} times.",
            *(ratio(row, "value"), ratio(compared, "ratio")),
        )
        yield PAGE, "deprivation", told


def find_common(evidence: Evidence, analysis: str, group: str) -> Row | None:
    """The ratio common to all places of an analysis, where it is known."""
    row = evidence.row("reasons", analysis, group, "mantel_haenszel")
    return row if row and row.values["value"] is not None else None


def say_same_neighbourhood(evidence: Evidence, group: str) -> Sentence:
    """The ratio among residents of the same neighbourhood, and what it leaves out."""
    row = find_common(evidence, SAME_NEIGHBOURHOOD, group)
    if row is None:
        return ()
    return say(
        f"Within the same neighbourhoods, the search rate of {RESIDENTS_OF[group]} is {{}} times that of White "
        "residents.",
        ratio(row, "value"),
    )


def say_unplaced_group(evidence: Evidence, group: str) -> Sentence:
    """Why there is no ratio: too many searches of the group, or of White people, are in no place of the force."""
    row = evidence.row("reasons", SAME_FIFTH, group, NOT_RECORDED_SHARE)
    if row is None or row.values["value"] is None or row.values["value"] <= MOST_UNPLACED:
        return ()
    return say(
        f"Not known for {PEOPLE[group]}: {{}} of their searches, or of White people’s, have no place in the force.",
        percentage(row, "value"),
    )
